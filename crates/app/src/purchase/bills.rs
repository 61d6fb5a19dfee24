//! Pages of returns, invoices and settlements.

use sunbench_domain::state::State;
use sunbench_store::mirror::billing::Page;

use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{BillsReq, StateCount};

/// Rows of a page.
pub(super) const PAGE: u32 = 100;

/// What is asked of the store; the state is one of `S`.
pub(super) fn page<S: State>(req: &BillsReq) -> ApiResult<Page> {
    if req.state.as_deref().is_some_and(|state| !state.is_empty() && S::from_code(state).is_none()) {
        return Err(ApiError::field(ErrorCode::FieldInvalid, "state"));
    }
    let after = match &req.after {
        Some(place) => {
            let parts = place.rsplit_once('/').and_then(|(at, key)| Some((at.to_owned(), key.parse().ok()?)));
            Some(parts.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "after"))?)
        }
        None => None,
    };
    Ok(Page { text: req.text.clone(), state: req.state.clone(), after, limit: PAGE })
}

/// The place of a page's last row, where more may follow.
pub(super) fn next<T>(rows: &[T], place: impl Fn(&T) -> (String, i64)) -> Option<String> {
    let last = rows.last().filter(|_| rows.len() == PAGE as usize)?;
    let (at, key) = place(last);
    Some(format!("{at}/{key}"))
}

/// States in the order of a document's life; one that this version does not know comes last.
pub(super) fn counts<S: State>(mut found: Vec<(String, u64)>) -> Vec<StateCount> {
    let place = |code: &str| S::ALL.iter().position(|state| state.code() == code).unwrap_or(usize::MAX);
    found.sort_by_key(|(code, _)| place(code));
    let count = |(state, n): (String, u64)| StateCount {
        text: S::from_code(&state).map_or("", State::text_zh).to_owned(),
        state,
        count: small(n),
    };
    found.into_iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use sunbench_domain::state::InvoiceState;

    use super::*;

    #[test]
    fn a_place_goes_out_and_comes_back() {
        let req = |state: Option<&str>, after: Option<String>| BillsReq {
            text: String::new(),
            state: state.map(str::to_owned),
            after,
        };
        let rows: Vec<i64> = (0..i64::from(PAGE)).collect();
        let place = next(&rows, |row| ("2026-11-20".to_owned(), *row));
        let read = page::<InvoiceState>(&req(Some("WAITING"), place)).unwrap();
        assert_eq!(read.after, Some(("2026-11-20".to_owned(), 99)));
        assert_eq!(next(&rows[1..], |row| (String::new(), *row)), None, "a short page is the last one");
        for (state, after, field) in [
            (Some("SOLD"), None, "state"),
            (None, Some("2026-11-20".to_owned()), "after"),
            (None, Some("2026-11-20/x".to_owned()), "after"),
        ] {
            let error = page::<InvoiceState>(&req(state, after)).unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (ErrorCode::FieldInvalid, Some(field)));
        }
    }
}
