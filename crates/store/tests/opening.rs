//! Opening a profile: what is written is there again, what does not fit is refused.

use sunbench_store::{Store, setting};

#[test]
fn a_profile_is_made_written_and_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    store.write_local(|tx| setting::set(tx, "a", "1")).unwrap();
    store.write_mirror(|tx| setting::set(tx, "b", "2")).unwrap();
    drop(store);
    let store = Store::open_for_tests(dir.path());
    let both = store.read(|conn| Ok((setting::get(conn, "a")?, setting::get(conn, "b")?))).unwrap();
    assert_eq!(both, (Some("1".to_owned()), Some("2".to_owned())));
}
