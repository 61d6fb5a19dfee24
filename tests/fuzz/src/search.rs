//! What a person types into a search field or a script gives to `orders`.

use std::cell::LazyCell;

use sunbench_app::wire::{OrdersReq, SearchReq};
use sunbench_app::{ErrorCode, Views};
use sunbench_sync::adapters::reference::testing;

use crate::inputs;
use crate::office::{Office, items};

/// Lines: text, states, from, to, the place to go on after. Any of them is taken or refused by its name.
pub(crate) fn search(input: &[u8]) {
    thread_local! {
        static OFFICE: LazyCell<Office> = LazyCell::new(|| {
            let office = Office::new();
            for (_, bytes) in inputs::corpus("office") {
                if let Some(items) = items(&bytes) {
                    testing::write(&office.store, items, None, office.now).expect("the samples can be applied");
                }
            }
            office
        });
    }
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let words = line();
    let states = line().split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    let some = |text: String| (!text.is_empty()).then_some(text);
    let req = OrdersReq { text: words.clone(), states, from: some(line()), to: some(line()), campus: None };
    let after = some(line());
    OFFICE.with(|office| {
        let context = office.context();
        context.search(&SearchReq { text: words.clone() }).unwrap_or_else(|e| panic!("{words:?}: {e:?}"));
        let refused = |error: sunbench_app::ApiError| {
            assert_eq!(error.code, ErrorCode::FieldInvalid, "{req:?} {after:?}: {error:?}");
            assert!(error.field.is_some());
        };
        let opened = match context.orders_open(&Views::default(), &req) {
            Ok(opened) => opened,
            Err(error) => return refused(error),
        };
        let rows = match context.orders_after(&req, after.as_deref(), 100_000) {
            Ok((rows, _)) => rows,
            Err(error) => return refused(error),
        };
        let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "no line twice");
        assert!(rows.len() <= opened.total as usize);
        if after.is_none() {
            assert_eq!(rows.len(), opened.total as usize, "{req:?}");
        }
        assert!(rows.iter().all(|row| req.states.is_empty() || req.states.contains(&row.state)));
    });
}
