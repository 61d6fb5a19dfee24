//! Writing a bundle, frame by frame.

use std::io::{self, Write};
use std::iter::once;

use age::Encryptor;
use age::stream::StreamWriter;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zstd::stream::write::Encoder;

use super::frame::{Frame, SEAL};
use super::key::ExchangeKey;
use super::{BundleError, MAGIC, MAX_FRAME, VERSION};

/// Writes a bundle to `W`. What was written is worth nothing before [`Writer::finish`].
pub struct Writer<W: Write> {
    out: Encoder<'static, StreamWriter<W>>,
    seal: Hmac<Sha256>,
}

impl<W: Write> Writer<W> {
    /// Begins a bundle that `key` opens.
    pub fn new(output: W, key: &ExchangeKey) -> Result<Self, BundleError> {
        let recipient = key.identity().to_public();
        let encryptor = Encryptor::with_recipients(once(&recipient as &dyn age::Recipient))
            .map_err(|_| BundleError::Io(io::Error::other("no recipient")))?;
        let mut encrypted = encryptor.wrap_output(output).map_err(BundleError::Io)?;
        let start = start();
        encrypted.write_all(&start).map_err(BundleError::Io)?;
        let mut seal = key.seal();
        seal.update(&start);
        // The decompression checks nothing by itself: the encryption and the seal do.
        let out = Encoder::new(encrypted, zstd::DEFAULT_COMPRESSION_LEVEL).map_err(BundleError::Io)?;
        Ok(Self { out, seal })
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// [`BundleError::TooLarge`] for one that no reader would take.
    pub fn write(&mut self, frame: &Frame) -> Result<(), BundleError> {
        let encoded = frame.encode().map_err(|_| BundleError::Damaged("a frame that cannot be written"))?;
        let Some((number, content)) = encoded else { return Ok(()) };
        self.put(number, &content)
    }

    /// Adds whatever bytes as a frame, as only a holder of the key could: for the tests of other crates.
    #[cfg(feature = "testing")]
    pub fn write_bytes(&mut self, number: u8, content: &[u8]) -> Result<(), BundleError> {
        self.put(number, content)
    }

    fn put(&mut self, number: u8, content: &[u8]) -> Result<(), BundleError> {
        if content.len() > MAX_FRAME {
            return Err(BundleError::TooLarge);
        }
        let head = head(number, content.len());
        self.seal.update(&head);
        self.seal.update(content);
        self.out.write_all(&head).and_then(|()| self.out.write_all(content)).map_err(BundleError::Io)
    }

    /// Seals the bundle and gives the output back, whole.
    pub fn finish(mut self) -> Result<W, BundleError> {
        let seal = self.seal.finalize().into_bytes();
        let last = self.out.write_all(&head(SEAL, seal.len())).and_then(|()| self.out.write_all(&seal));
        last.and_then(|()| self.out.finish()).and_then(StreamWriter::finish).map_err(BundleError::Io)
    }
}

/// What stands before the compressed frames.
pub(super) fn start() -> Vec<u8> {
    [MAGIC.as_slice(), &VERSION.to_be_bytes()].concat()
}

/// A frame's number and length.
fn head(number: u8, length: usize) -> [u8; 5] {
    let [a, b, c, d] = (length as u32).to_be_bytes();
    [number, a, b, c, d]
}
