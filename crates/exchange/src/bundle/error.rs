//! Why a bundle cannot be read.

/// 摆渡包错误. Whatever it is, nothing has been changed because of the file.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The disk, or the stick, failed.
    #[error("the file cannot be read or written: {0}")]
    Io(std::io::Error),
    /// Something else altogether.
    #[error("not a bundle")]
    NotABundle,
    /// Sealed for another institution or another platform, or its first bytes are damaged.
    #[error("sealed with another key")]
    Foreign,
    /// Written by a later program.
    #[error("version {0} of the format")]
    TooNew(u32),
    /// Changed, cut off, or never whole.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// It holds more than its size allows for: a trap.
    #[error("more content than such a file can have")]
    TooLarge,
}

impl BundleError {
    /// The decryption and the decompression report damage as input errors; those of the disk have a number.
    pub(super) fn of(error: std::io::Error) -> Self {
        if error.raw_os_error().is_some() { Self::Io(error) } else { Self::Damaged("not what was written") }
    }
}
