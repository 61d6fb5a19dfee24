//! The system's file dialogs. The window's web page has no permission to open them; only a use case does.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use sunbench_app::{FileChooser, FileKind};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

use crate::window::LABEL;

/// Dialogs over the window, once there is a program to show them.
#[derive(Clone, Default)]
pub(crate) struct SystemDialogs {
    program: Arc<OnceLock<AppHandle>>,
}

impl SystemDialogs {
    /// The program runs; called once.
    pub(crate) fn attach(&self, program: &AppHandle) {
        let _ = self.program.set(program.clone()); // only ever called once
    }

    /// A dialog in front of the window that `show` opens; what was chosen.
    async fn ask(
        &self,
        kinds: &[FileKind],
        show: impl FnOnce(FileDialogBuilder<tauri::Wry>, Answer) + Send,
    ) -> Option<PathBuf> {
        let (answer, chosen) = oneshot::channel();
        let program = self.program.get()?;
        let mut dialog = program.dialog().file();
        if let Some(window) = program.get_webview_window(LABEL) {
            dialog = dialog.set_parent(&window);
        }
        for kind in kinds {
            dialog = dialog.add_filter(kind.name, kind.extensions);
        }
        show(dialog, Answer(answer));
        // Nobody answers when the program ends under the dialog.
        chosen.await.ok().flatten()?.into_path().ok()
    }
}

/// Where the dialog's answer goes.
struct Answer(oneshot::Sender<Option<FilePath>>);

impl Answer {
    fn give(self, chosen: Option<FilePath>) {
        let _ = self.0.send(chosen); // whoever asked may have gone
    }
}

#[async_trait]
impl FileChooser for SystemDialogs {
    async fn choose_save(&self, name: &str, kinds: &[FileKind]) -> Option<PathBuf> {
        self.ask(kinds, |dialog, answer| {
            dialog.set_file_name(name).save_file(|chosen| answer.give(chosen));
        })
        .await
    }

    async fn choose_open(&self, kinds: &[FileKind]) -> Option<PathBuf> {
        self.ask(kinds, |dialog, answer| dialog.pick_file(|chosen| answer.give(chosen))).await
    }

    async fn choose_folder(&self) -> Option<PathBuf> {
        self.ask(&[], |dialog, answer| dialog.pick_folder(|chosen| answer.give(chosen))).await
    }
}
