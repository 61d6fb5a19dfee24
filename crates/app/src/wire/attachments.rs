//! 附件: files of other people are looked at outside the window, by the system's viewer.

use super::wire;

wire! {
    /// What an attachment is, by its name and its content.
    enum AttachmentKind {
        Picture,
        Document,
        Sheet,
        Text,
        /// Holds other files.
        Archive,
        /// Could run: a program, a script, a web page.
        Program,
        /// Neither.
        Other,
    }
}

wire! {
    /// A file that is kept here, under the name that its notice gives it.
    struct AttachmentFileReq {
        sha256: String,
        name: String,
    }
    /// What to tell a person before a file is opened or saved.
    struct AttachmentInfo {
        /// The name that the file gets: no folders, nothing that a system reads as a command.
        name: String,
        /// The given name differs from it, or hides something.
        renamed: bool,
        kind: AttachmentKind,
        /// Bytes.
        size: u32,
        /// May be opened by the system's viewer; otherwise it can only be saved.
        may_open: bool,
        /// The content is not what the name says.
        disguised: bool,
    }
    /// A file that was saved where the system's dialog said.
    struct AttachmentSaved {
        file: String,
    }
}
