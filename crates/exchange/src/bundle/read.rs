//! Reading a bundle, frame by frame, in bounded memory.

use std::io::{self, BufReader, Read};
use std::iter::once;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use age::stream::StreamReader;
use age::{DecryptError, Decryptor};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zstd::stream::read::Decoder;

use super::frame::{Answer, Export, Frame, Reached, Relay, SEAL};
use super::key::ExchangeKey;
use super::write::start;
use super::{BundleError, MAGIC, MAX_FRAME, VERSION};

/// The window of the decompression, as a power of two: more than the writer uses.
const WINDOW_LOG: u32 = 23;
/// What one byte of a file may become, and what any file may become: however well JSON compresses, it is less.
const RATIO: u64 = 1_000;
const ALWAYS: u64 = 64 << 20;

/// Reads a bundle. A frame that is given out has passed the encryption's own check; that the bundle is whole and
/// sealed is known when [`Reader::read`] has given `None`. So: read once with [`check`], and act in a second reading.
pub struct Reader<R: Read> {
    input: Decoder<'static, BufReader<StreamReader<BufReader<Counted<R>>>>>,
    /// Gone at the end.
    seal: Option<Hmac<Sha256>>,
    read: Arc<AtomicU64>,
    /// Bytes after decompression.
    taken: u64,
}

/// Counts what was read of the file.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl<R: Read> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("taken", &self.taken).finish_non_exhaustive()
    }
}

/// Begins to read a bundle.
///
/// # Errors
/// [`BundleError::NotABundle`], [`BundleError::Foreign`], [`BundleError::TooNew`], [`BundleError::Damaged`].
pub fn read<R: Read>(input: R, key: &ExchangeKey) -> Result<Reader<R>, BundleError> {
    let read = Arc::new(AtomicU64::new(0));
    let counted = BufReader::new(Counted { inner: input, read: Arc::clone(&read) });
    let decryptor = Decryptor::new_buffered(counted).map_err(|error| match error {
        DecryptError::Io(error) if error.raw_os_error().is_some() => BundleError::Io(error),
        _ => BundleError::NotABundle,
    })?;
    let identity = key.identity();
    let mut opened =
        decryptor.decrypt(once(&identity as &dyn age::Identity)).map_err(|error| match error {
            DecryptError::NoMatchingKeys => BundleError::Foreign,
            DecryptError::Io(error) => BundleError::of(error),
            _ => BundleError::Damaged("its head"),
        })?;
    let expected = start();
    let mut found = vec![0; expected.len()];
    opened.read_exact(&mut found).map_err(BundleError::of)?;
    let (magic, version) = found.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(BundleError::NotABundle);
    }
    let version = version.iter().fold(0, |all, byte| all << 8 | u32::from(*byte));
    if version != VERSION {
        return Err(BundleError::TooNew(version));
    }
    let mut seal = key.seal();
    seal.update(&expected);
    let mut input = Decoder::new(opened).map_err(BundleError::of)?.single_frame();
    input.window_log_max(WINDOW_LOG).map_err(BundleError::of)?;
    Ok(Reader { input, seal: Some(seal), read, taken: 0 })
}

impl<R: Read> Reader<R> {
    /// The next frame; `None` after the last one, when the bundle has been found whole and sealed.
    pub fn read(&mut self) -> Result<Option<Frame>, BundleError> {
        let Some(mut seal) = self.seal.take() else { return Ok(None) };
        let mut head = [0; 5];
        self.input.read_exact(&mut head).map_err(BundleError::of)?;
        let [number, length @ ..] = head;
        let length = u32::from_be_bytes(length) as usize;
        self.taken += (head.len() + length) as u64;
        let may_be = ALWAYS.saturating_add(self.read.load(Ordering::Relaxed).saturating_mul(RATIO));
        if length > MAX_FRAME || self.taken > may_be {
            return Err(BundleError::TooLarge);
        }
        let mut content = Vec::new();
        (&mut self.input).take(length as u64).read_to_end(&mut content).map_err(BundleError::of)?;
        if content.len() != length {
            return Err(BundleError::Damaged("cut off"));
        }
        if number == SEAL {
            seal.verify_slice(&content).map_err(|_| BundleError::Damaged("the seal does not fit"))?;
            return self.end().map(|()| None);
        }
        seal.update(&head);
        seal.update(&content);
        self.seal = Some(seal);
        Frame::decode(number, &content).map(Some)
    }

    /// Nothing comes after the seal, neither inside nor outside of the compression.
    fn end(&mut self) -> Result<(), BundleError> {
        let mut rest = [0];
        let inside = self.input.read(&mut rest).map_err(BundleError::of)?;
        let outside = self.input.get_mut().read(&mut rest).map_err(BundleError::of)?;
        if inside + outside > 0 { Err(BundleError::Damaged("something after the end")) } else { Ok(()) }
    }
}

/// What a bundle holds.
#[derive(Debug, Clone)]
pub struct Contents {
    /// What it asks for.
    pub export: Export,
    /// The exchanges with the platform so far, oldest first.
    pub relays: Vec<Relay>,
    /// Where the last one ended.
    pub reached: Option<Reached>,
    /// What the platform said to submissions.
    pub answers: Vec<Answer>,
    /// Items of the platform.
    pub items: u64,
}

/// Reads a bundle to its end and says what it holds; what it returns is whole, sealed and in order.
pub fn check<R: Read>(input: R, key: &ExchangeKey) -> Result<Contents, BundleError> {
    const ORDER: BundleError = BundleError::Damaged("frames out of order");
    let mut reader = read(input, key)?;
    let Some(Frame::Export(export)) = reader.read()? else { return Err(ORDER) };
    let mut contents = Contents { export, relays: Vec::new(), reached: None, answers: Vec::new(), items: 0 };
    let mut submissions = 0;
    while let Some(frame) = reader.read()? {
        let relayed = !contents.relays.is_empty();
        match frame {
            Frame::Submission(_) if !relayed => submissions += 1,
            Frame::Attachment(_) if !relayed && submissions > 0 => {}
            Frame::Export(_) | Frame::Submission(_) | Frame::Attachment(_) => return Err(ORDER),
            Frame::Relay(relay) => contents.relays.push(relay),
            Frame::Unknown => {}
            _ if !relayed => return Err(ORDER),
            Frame::Answer(answer) => contents.answers.push(answer),
            Frame::Items(items) => contents.items += (items.changes.len() + items.bad.len()) as u64,
            Frame::Reached(reached) => contents.reached = Some(reached),
            _ => {}
        }
    }
    if submissions != contents.export.submissions {
        return Err(ORDER);
    }
    Ok(contents)
}
