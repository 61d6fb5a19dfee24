//! The file of the air gap: what was written is read, and nothing else is.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;

use sunbench_contract::time::Instant;
use sunbench_exchange::bundle::{
    self, AttachmentPiece, BundleError, ExchangeKey, Export, Frame, Items, MAX_FRAME, Mark, Submission,
    Writer,
};

const KEY: ExchangeKey = ExchangeKey::new([7; 32]);
const OTHER: ExchangeKey = ExchangeKey::new([8; 32]);

fn env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

fn export(submissions: u32) -> Frame {
    Frame::Export(Export {
        id: "01932f00-0000-7000-8000-000000000001".to_owned(),
        profile: "01932f00-0000-7000-8000-000000000002".to_owned(),
        seq: 3,
        predecessor: None,
        institution: "H44030400999".to_owned(),
        user: "buyer".to_owned(),
        epoch: "e1".to_owned(),
        made_at: Instant::parse("2026-11-22 09:00:00").unwrap(),
        program: "0.1.0".to_owned(),
        submissions,
        position: serde_json::value::RawValue::from_string("{}".to_owned()).unwrap(),
    })
}

fn submission(body: &str) -> Frame {
    Frame::Submission(Submission {
        key: "01932f00-0000-7000-8000-000000000003".to_owned(),
        kind: "notice.reply".to_owned(),
        document: "notice:1".to_owned(),
        actor: "buyer".to_owned(),
        also_by: None,
        body: body.to_owned(),
        base_ver: Some(4),
        firm: false,
        attachments: vec!["ab".repeat(32)],
    })
}

fn piece(length: usize) -> Frame {
    let bytes = vec![0x5a; length];
    Frame::Attachment(AttachmentPiece { sha256: "ab".repeat(32), total: length as u64, bytes })
}

fn written(frames: &[Frame]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &KEY).unwrap();
    for frame in frames {
        writer.write(frame).unwrap();
    }
    writer.finish().unwrap()
}

fn refused(bytes: &[u8], key: &ExchangeKey) -> BundleError {
    bundle::check(bytes, key).map(|contents| contents.export.id).unwrap_err()
}

#[test]
fn what_was_written_is_read() {
    const BODY: &str = "{\"cause\":\"人手不足\\n\",  \"measures\": \"\"}";
    let file = written(&[export(1), submission(BODY), piece(100_000), piece(0)]);
    let contents = bundle::check(file.as_slice(), &KEY).unwrap();
    assert_eq!((contents.export.seq, contents.export.submissions, contents.relays.len()), (3, 1, 0));
    let mut reader = bundle::read(file.as_slice(), &KEY).unwrap();
    let mut seen = Vec::new();
    while let Some(frame) = reader.read().unwrap() {
        match frame {
            Frame::Export(_) => seen.push("export".to_owned()),
            Frame::Submission(submission) => seen.push(submission.body),
            Frame::Attachment(piece) => {
                assert!(piece.bytes.iter().all(|byte| *byte == 0x5a));
                seen.push(piece.bytes.len().to_string());
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, ["export", BODY, "100000", "0"]);
    assert!(reader.read().unwrap().is_none(), "the end stays the end");
}

#[test]
fn what_is_no_whole_bundle_is_named() {
    let good = written(&[export(0)]);
    let kind = |error: &BundleError| match error {
        BundleError::Io(_) => "io",
        BundleError::NotABundle => "not a bundle",
        BundleError::Foreign => "foreign",
        BundleError::TooNew(_) => "too new",
        BundleError::Damaged(_) => "damaged",
        BundleError::TooLarge => "too large",
    };
    for (name, bytes, key, expected) in [
        ("nothing", Vec::new(), &KEY, "not a bundle"),
        ("a text", b"age-encryption.org".to_vec(), &KEY, "not a bundle"),
        ("zeros", vec![0; 5_000], &KEY, "not a bundle"),
        ("another key", good.clone(), &OTHER, "foreign"),
        ("one byte short", good[..good.len() - 1].to_vec(), &KEY, "damaged"),
        ("one byte long", [good.as_slice(), b"x"].concat(), &KEY, "damaged"),
        ("twice the same", [good.as_slice(), &good].concat(), &KEY, "damaged"),
        ("no export", written(&[]), &KEY, "damaged"),
        ("two exports", written(&[export(0), export(0)]), &KEY, "damaged"),
        ("a submission too few", written(&[export(1)]), &KEY, "damaged"),
        ("a submission too many", written(&[export(0), submission("{}")]), &KEY, "damaged"),
        ("items without a relay", written(&[export(0), Frame::Items(Items::default())]), &KEY, "damaged"),
        ("a mark first", written(&[Frame::Mark(Mark { mark: "m".to_owned() })]), &KEY, "damaged"),
    ] {
        assert_eq!(kind(&refused(&bytes, key)), expected, "{name}");
    }
}

/// What the encryption alone would let pass: somebody who knows the public half writes a file of his own.
#[test]
fn an_encrypted_file_without_the_seal_is_refused() {
    use age::x25519::Identity;
    let identity = Identity::generate();
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&identity.to_public() as &dyn age::Recipient))
            .unwrap();
    let mut out = encryptor.wrap_output(Vec::new()).unwrap();
    out.write_all(b"sunbench bundle\0\0\0\x01").unwrap();
    let file = out.finish().unwrap();
    assert!(matches!(refused(&file, &KEY), BundleError::Foreign));
}

#[test]
fn a_trap_is_refused_in_bounded_memory() {
    // More than a frame may hold is neither written nor believed.
    let mut writer = Writer::new(Vec::new(), &KEY).unwrap();
    let huge = Frame::Mark(Mark { mark: "m".repeat(MAX_FRAME + 1) });
    assert!(matches!(writer.write(&huge), Err(BundleError::TooLarge)));
    // A few kilobytes that become a hundred megabytes.
    let blank = Frame::Submission(Submission {
        body: " ".repeat(16 << 20),
        ..match submission("") {
            Frame::Submission(submission) => submission,
            _ => unreachable!(),
        }
    });
    let mut writer = Writer::new(Vec::new(), &KEY).unwrap();
    writer.write(&export(7)).unwrap();
    for _ in 0..7 {
        writer.write(&blank).unwrap();
    }
    let file = writer.finish().unwrap();
    assert!(file.len() < 50_000, "{}", file.len());
    assert!(matches!(refused(&file, &KEY), BundleError::TooLarge));
}

/// G6: without the key a bundle shows nothing of what is in it; with the key, one that was changed anywhere is refused.
#[test]
fn bundles_are_unreadable_without_the_key_and_useless_when_changed() {
    const SECRETS: [&str; 4] = ["人手不足", "notice.reply", "H44030400999", "01932f00-0000-7000"];
    let (seed, rounds) = (env("SUNBENCH_SEED", 20_261_122), env("TORTURE", 1) * 150);
    let mut random = fastrand::Rng::with_seed(seed);
    let file = written(&[export(1), submission("{\"cause\":\"人手不足\"}"), piece(3_000)]);
    for secret in SECRETS {
        assert!(!file.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} can be read");
    }
    assert!(!file.windows(40).any(|w| w == [0x5a; 40]), "the attachment can be read");
    let again = written(&[export(1), submission("{\"cause\":\"人手不足\"}"), piece(3_000)]);
    assert_ne!(file[file.len() - 64..], again[again.len() - 64..], "the same content looks the same");
    for round in 0..rounds {
        let mut bytes = file.clone();
        let at = random.usize(..bytes.len());
        match random.usize(..4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, random.u8(..)),
            2 => drop(bytes.remove(at)),
            _ => bytes[at] ^= 1 << random.usize(..8),
        }
        if bytes == file {
            continue;
        }
        let found = bundle::check(bytes.as_slice(), &KEY);
        assert!(found.is_err(), "seed {seed}, round {round}: changed at {at}, and taken for good");
    }
    println!(
        "promise G6: bundles unreadable without the key: {} secrets searched for, {rounds} changed ones refused, seed {seed}",
        SECRETS.len() + 1
    );
}
