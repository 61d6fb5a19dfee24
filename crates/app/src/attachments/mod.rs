//! 附件: never shown inside the window. A file is opened by the system's viewer, after a question, from a private folder
//! that is emptied when the profile is locked; or it is saved where a person says.
//!
//! An opened file lies there in plain text until then: a viewer cannot read the encrypted profile.

mod kind;
mod name;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sunbench_store::audit;
use sunbench_store::durable::{OutputFault, private_dir};
use sunbench_store::local::attachment;

pub(crate) use name::file_name;

use crate::app::{App, blocking};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{unwritten, write_whole};
use crate::outbox::small;
use crate::wire::{AttachmentFileReq, AttachmentInfo, AttachmentSaved};

/// Shows a file with the system's viewer for it; run by the shell.
pub trait FileViewer: Send + Sync {
    /// Starts the viewer and returns.
    fn view(&self, file: &Path) -> io::Result<()>;
}

/// Files that are looked at, below the profile's folder.
fn viewing_folder(profile: &Path) -> PathBuf {
    profile.join("viewing")
}

/// Removes what was put there to be looked at. A file that a viewer still holds open stays until the next time.
pub(crate) fn clear_viewed(profile: &Path) {
    let folder = viewing_folder(profile);
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let gone = make_writable(&entry.path()).and_then(|()| fs::remove_dir_all(entry.path()));
        if gone.is_err() {
            tracing::warn!("a file that was looked at could not be removed yet");
        }
    }
    let _ = fs::remove_dir(&folder); // only when nothing is left
}

/// Windows removes no read-only files.
fn make_writable(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        for file in fs::read_dir(folder)?.flatten() {
            let mut permissions = file.metadata()?.permissions();
            #[expect(
                clippy::permissions_set_readonly_false,
                reason = "only on Windows, where it opens nothing to others"
            )]
            permissions.set_readonly(false);
            fs::set_permissions(file.path(), permissions)?;
        }
    }
    Ok(())
}

/// Writes a file that was not there, readable by this user only and changeable by nobody.
fn write_read_only(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o400);
    }
    let mut file = options.open(path)?;
    io::Write::write_all(&mut file, content)?;
    mark_as_foreign(path);
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(path, permissions)
}

/// Windows' own mark of a file from elsewhere: Office then opens it in its protected view.
fn mark_as_foreign(path: &Path) {
    if cfg!(windows) {
        let mut stream = path.as_os_str().to_owned();
        stream.push(":Zone.Identifier");
        let _ = fs::write(stream, "[ZoneTransfer]\r\nZoneId=3\r\n");
    }
}

fn disk(error: &io::Error) -> ApiError {
    match error.kind() {
        _ if OutputFault::of(error).is_some() => unwritten(error),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull.into(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorCode::ReadOnly.into(),
        _ => ApiError::internal(&error.kind()),
    }
}

impl Context<'_> {
    /// What to tell a person before a file is opened or saved.
    pub fn attachment_inspect(&self, req: &AttachmentFileReq) -> ApiResult<AttachmentInfo> {
        Ok(self.attachment(req)?.0)
    }

    fn attachment(&self, req: &AttachmentFileReq) -> ApiResult<(AttachmentInfo, Vec<u8>)> {
        let content = self
            .store
            .read(|conn| attachment::read(conn, &req.sha256, 0, usize::MAX))?
            .ok_or(ErrorCode::NotFound)?;
        let name = file_name(&req.name);
        let found = kind::judge(&name, &content);
        let info = AttachmentInfo {
            renamed: name != req.name,
            name,
            kind: found.kind,
            size: small(content.len() as u64),
            may_open: found.may_open,
            disguised: found.disguised,
        };
        Ok((info, content))
    }

    /// A copy of a file in a private folder of its own, for the system's viewer.
    ///
    /// # Errors
    /// [`ErrorCode::AttachmentRefused`] for what could run or is not what its name says.
    pub(crate) fn attachment_unpack(&self, req: &AttachmentFileReq) -> ApiResult<PathBuf> {
        let (info, content) = self.attachment(req)?;
        if !info.may_open {
            return Err(ApiError::field(ErrorCode::AttachmentRefused, &info.name));
        }
        let file = self.put_to_view(&info.name, &content)?;
        self.left_the_profile("attachment.opened", &req.sha256)?;
        Ok(file)
    }

    /// A file in a private folder of its own, for the system's viewer.
    pub(crate) fn put_to_view(&self, name: &str, content: &[u8]) -> ApiResult<PathBuf> {
        let folder = viewing_folder(self.store.root()).join(uuid::Uuid::new_v4().simple().to_string());
        private_dir(&folder)?;
        let file = folder.join(name);
        write_read_only(&file, content).map_err(|e| disk(&e))?;
        Ok(file)
    }

    /// Writes a file to where the person said.
    pub(crate) fn attachment_write(&self, req: &AttachmentFileReq, file: &Path) -> ApiResult<()> {
        let (_, content) = self.attachment(req)?;
        write_whole(file, |out| io::Write::write_all(out, &content)).map_err(|e| disk(&e))?;
        mark_as_foreign(file);
        self.left_the_profile("attachment.saved", &req.sha256)
    }

    /// Content that lies in plain text somewhere now.
    fn left_the_profile(&self, action: &str, sha256: &str) -> ApiResult<()> {
        let actor = self.actor()?;
        let subject = format!("attachment:{sha256}");
        let entry = self.entry(&actor, action, &subject, serde_json::json!({ "sha256": sha256 }));
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(())
    }
}

impl App {
    /// [`Context::attachment_inspect`].
    pub async fn attachment_inspect(self: &Arc<Self>, req: AttachmentFileReq) -> ApiResult<AttachmentInfo> {
        self.run(move |context, _| context.attachment_inspect(&req)).await
    }

    /// Opens a file with the system's viewer. The window has asked before.
    pub async fn attachment_open(self: &Arc<Self>, req: AttachmentFileReq) -> ApiResult<AttachmentInfo> {
        let viewer = self.config.viewer.clone().ok_or(ErrorCode::NotFound)?;
        self.run(move |context, _| {
            let info = context.attachment_inspect(&req)?;
            let file = context.attachment_unpack(&req)?;
            viewer.view(&file).map_err(|error| ApiError::internal(&error.kind()))?;
            Ok(info)
        })
        .await
    }

    /// Saves a file where the system's dialog says.
    pub async fn attachment_save(self: &Arc<Self>, req: AttachmentFileReq) -> ApiResult<AttachmentSaved> {
        let chooser = self.config.files.clone().ok_or(ErrorCode::NotFound)?;
        let file = chooser.choose_save(&file_name(&req.name), &[]).await.ok_or(ErrorCode::Cancelled)?;
        self.run(move |context, _| {
            context.attachment_write(&req, &file)?;
            Ok(AttachmentSaved { file: file.display().to_string() })
        })
        .await
    }

    /// Empties the folder of files that were looked at: at the start, at a lock and at the end.
    pub(crate) async fn forget_viewed(&self) {
        let profile = self.config.data_dir.clone();
        let _ = blocking(move || {
            clear_viewed(&profile);
            Ok(())
        })
        .await;
    }
}
