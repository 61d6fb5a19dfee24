//! What opens a profile: the recovery code as typed, the key file as found.

use std::cell::LazyCell;
use std::fs;

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_store::testing::MemoryKeyRing;
use sunbench_store::vault::PassphraseCost;
use sunbench_store::{KeySource, Passphrase, RecoveryCode, Store, StoreError};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A code is refused with the place that is wrong, or shown again as it was meant.
pub(crate) fn recovery_code(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match RecoveryCode::parse(&text) {
        Ok(code) => {
            let shown = code.reveal();
            let again = RecoveryCode::parse(&shown).unwrap_or_else(|e| panic!("{}: {e}", *shown));
            assert_eq!(again.reveal().as_str(), shown.as_str());
            assert_eq!(shown.len(), 47);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A key file of foreign content, its own checksum right: the profile says that it stays locked, quickly and without
/// taking all the memory, and its files stay as they are.
pub(crate) fn key_file(input: &[u8]) {
    thread_local! {
        static DIR: LazyCell<TempDir> = LazyCell::new(|| {
            let dir = TempDir::new().expect("a temporary folder");
            fs::create_dir(dir.path().join("db")).expect("a folder");
            fs::write(dir.path().join("db/sunbench.db"), b"not a database").expect("a file");
            dir
        });
    }
    let bytes = match std::str::from_utf8(input)
        .ok()
        .and_then(|text| serde_json::from_str::<&RawValue>(text).ok())
    {
        // A body: put into an envelope whose sum is right, else nothing behind the sum is ever reached.
        Some(body) if body.get().contains("\"profile\"") && !body.get().contains("\"sha256\"") => format!(
            r#"{{"format":1,"body":{},"sha256":"{}","mac":"00"}}"#,
            body.get(),
            hex(&Sha256::digest(body.get().as_bytes()))
        )
        .into_bytes(),
        _ => input.to_vec(),
    };
    DIR.with(|dir| {
        let path = dir.path();
        fs::write(path.join("db/keys.json"), &bytes).expect("a file");
        if let Err(error) = Store::inspect(path) {
            assert!(matches!(error, StoreError::Locked(_) | StoreError::TooNew { .. }), "{error}");
        }
        let ring = MemoryKeyRing::default();
        let code = "000G4-0R40M-30E20-9185G-R38E1-W8124-GK2GA-WF9Y0";
        for source in [
            KeySource::Keyring,
            KeySource::Recovery(Zeroizing::new(code.to_owned())),
            KeySource::Passphrase(Passphrase::new("口令", PassphraseCost::Scripted)),
        ] {
            let error = Store::open_with(path, &source, &ring).expect_err("there is no key for this");
            assert!(
                matches!(error, StoreError::Locked(_) | StoreError::TooNew { .. } | StoreError::KeyMissing),
                "{source:?}: {error:?}"
            );
        }
        assert_eq!(fs::read(path.join("db/keys.json")).ok().as_deref(), Some(bytes.as_slice()));
        assert_eq!(fs::read(path.join("db/sunbench.db")).ok().as_deref(), Some(b"not a database".as_slice()));
    });
}
