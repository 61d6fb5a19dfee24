//! 订单: open lists by page, the life of a line, search.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use sunbench_contract::time::Instant;
use sunbench_domain::Amount;
use sunbench_domain::state::{OrderLineState, State as _};
use sunbench_store::mirror::line::{self, Event, Filter, Line, Place};
use sunbench_store::mirror::search::{self as names, HitKind as Dimension};
use sunbench_store::mirror::{notice, purchase, tally};
use sunbench_store::{Connection, StoreResult};

use crate::clocked::{day_number, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    HitKind, LifeEvent, LifeKind, OrderLineDetail, OrderLineReq, OrderPage, OrderRow, OrdersPageReq,
    OrdersReq, OrdersView, SearchHit, SearchHits, SearchReq, StateCount,
};

/// Rows of a page.
pub const PAGE: u32 = 50;
/// A search with more lines shows no counts by state.
const LOOKED_UP: usize = 20_000;
/// Lists that stay open at once; the oldest closes.
const OPEN_VIEWS: usize = 6;

/// The open lists. A list is a filter and, from its second page on, the places of its lines, so that any page
/// of a million lines is at hand without counting from the start.
#[derive(Default)]
pub struct Views(Mutex<ViewsInner>);

#[derive(Default)]
struct ViewsInner {
    next: u32,
    open: BTreeMap<u32, View>,
}

#[derive(Clone)]
struct View {
    filter: Filter,
    places: Option<Arc<Vec<Place>>>,
}

impl Views {
    /// Forgets every list: the profile was locked.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).open.clear();
    }

    fn open(&self, view: View) -> u32 {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let number = inner.next;
        inner.open.insert(number, view);
        while inner.open.len() > OPEN_VIEWS {
            inner.open.pop_first();
        }
        number
    }

    fn get(&self, number: u32) -> ApiResult<View> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(inner.open.get(&number).cloned().ok_or(ErrorCode::ViewGone)?)
    }

    fn keep(&self, number: u32, places: Arc<Vec<Place>>) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = inner.open.get_mut(&number) {
            view.places = Some(places);
        }
    }
}

fn day(value: Option<&String>, field: &str) -> ApiResult<Option<i64>> {
    let Some(value) = value.filter(|v| !v.is_empty()) else { return Ok(None) };
    let date: NaiveDate = value.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field))?;
    Ok(Some(day_number(date)))
}

fn filter(req: &OrdersReq) -> ApiResult<Filter> {
    for state in &req.states {
        if !state.is_empty() && OrderLineState::from_code(state).is_none() {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "states"));
        }
    }
    Ok(Filter {
        text: req.text.clone(),
        states: req.states.clone(),
        from_day: day(req.from.as_ref(), "from")?,
        to_day: day(req.to.as_ref(), "to")?,
        departments: None,
    })
}

/// What a list shows when it opens.
struct Opened {
    /// The first page, or all places where `whole`.
    places: Vec<Place>,
    whole: bool,
    total: u64,
    amount: Option<Amount>,
    states: Vec<(String, u64)>,
}

/// As a line lives through them; a state that this version does not know comes last.
fn in_order_of_life(mut states: Vec<(String, u64)>) -> impl Iterator<Item = (String, u64)> {
    let place = |code: &str| OrderLineState::ALL.iter().position(|s| s.code() == code).unwrap_or(usize::MAX);
    states.sort_by_key(|(state, _)| place(state));
    states.into_iter()
}

/// Without a text the tallies have the totals.
fn tallied(conn: &Connection, filter: &Filter, (total, amount): (u64, Amount)) -> StoreResult<Opened> {
    let days = (filter.from_day.unwrap_or(-1_000_000), filter.to_day.unwrap_or(1_000_000));
    let states = tally::lines_by_state(conn, days.0, days.1)?;
    Ok(Opened {
        places: filter.places(conn, None, PAGE)?,
        whole: false,
        total,
        amount: Some(amount),
        states: states.into_iter().map(|(state, n, _)| (state, n)).collect(),
    })
}

/// A text's lines are gathered anyway; their states and amounts are looked up while they are not too many.
fn searched(conn: &Connection, filter: &Filter) -> StoreResult<Opened> {
    let all = Filter { states: Vec::new(), ..filter.clone() }.places(conn, None, u32::MAX)?;
    if all.len() > LOOKED_UP {
        let places = if filter.states.is_empty() { all } else { filter.places(conn, None, u32::MAX)? };
        let total = places.len() as u64;
        return Ok(Opened { places, whole: true, total, amount: None, states: Vec::new() });
    }
    let mut states = BTreeMap::new();
    let mut amount = Amount::ZERO;
    let mut places = Vec::new();
    for (place, (state, of_line)) in all.iter().zip(line::summaries(conn, &all)?) {
        if filter.states.is_empty() || filter.states.contains(&state) {
            places.push(*place);
            amount += of_line;
        }
        *states.entry(state).or_default() += 1;
    }
    let total = places.len() as u64;
    Ok(Opened { places, whole: true, total, amount: Some(amount), states: states.into_iter().collect() })
}

impl Context<'_> {
    /// Opens a list of order lines, the newest first.
    pub fn orders_open(&self, views: &Views, req: &OrdersReq) -> ApiResult<OrdersView> {
        let departments = self.departments_at(req.campus.as_deref())?;
        let filter = Filter { departments, ..filter(req)? };
        let (list, first) = self.store.read(|conn| {
            let list = match filter.count(conn)? {
                Some(counted) => tallied(conn, &filter, counted)?,
                None => searched(conn, &filter)?,
            };
            let first = line::at(conn, list.places.iter().take(PAGE as usize).map(|place| place.1))?;
            Ok((list, first))
        })?;
        let places = list.whole.then(|| Arc::new(list.places));
        Ok(OrdersView {
            view: views.open(View { filter, places }),
            total: small(list.total),
            amount: list.amount.map(|amount| amount.to_string()),
            page_size: PAGE,
            first: first.iter().map(|l| self.order_row(l)).collect(),
            states: in_order_of_life(list.states)
                .map(|(state, n)| StateCount {
                    text: OrderLineState::from_code(&state).map_or("", OrderLineState::text_zh).to_owned(),
                    state,
                    count: small(n),
                })
                .collect(),
        })
    }

    /// One page of an open list.
    pub fn orders_page(&self, views: &Views, req: &OrdersPageReq) -> ApiResult<OrderPage> {
        let view = views.get(req.view)?;
        let start = req.page as usize * PAGE as usize;
        let places = if let Some(places) = view.places {
            places
        } else {
            let places = Arc::new(self.store.read(|conn| view.filter.places(conn, None, u32::MAX))?);
            views.keep(req.view, Arc::clone(&places));
            places
        };
        let keys = places.iter().skip(start).take(PAGE as usize).map(|place| place.1);
        let rows = self.store.read(|conn| line::at(conn, keys))?;
        Ok(OrderPage { rows: rows.iter().map(|l| self.order_row(l)).collect() })
    }

    /// Lines after a place, for scripts: `next` is the place of the last one while there are more.
    pub fn orders_after(
        &self,
        req: &OrdersReq,
        after: Option<&str>,
        limit: u32,
    ) -> ApiResult<(Vec<OrderRow>, Option<String>)> {
        let departments = self.departments_at(req.campus.as_deref())?;
        let filter = Filter { departments, ..filter(req)? };
        let after = match after {
            Some(key) => {
                let place =
                    key.split_once('-').and_then(|(at, key)| Some((at.parse().ok()?, key.parse().ok()?)));
                Some(place.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "after"))?)
            }
            None => None,
        };
        let (places, lines) = self.store.read(|conn| {
            let places = filter.places(conn, after, limit)?;
            let lines = line::at(conn, places.iter().map(|place| place.1))?;
            Ok((places, lines))
        })?;
        let next = (places.len() == limit as usize)
            .then(|| places.last().map(|(at, key)| format!("{at}-{key}")))
            .flatten();
        Ok((lines.iter().map(|l| self.order_row(l)).collect(), next))
    }

    pub(crate) fn order_row(&self, line: &Line) -> OrderRow {
        let ran_out = line.delivery_due_at.is_some_and(|due| due < self.now.unix())
            && matches!(
                OrderLineState::from_code(&line.state),
                Some(OrderLineState::Submitted | OrderLineState::Accepted)
            );
        OrderRow {
            id: line.id.clone(),
            order_code: line.order_code.clone(),
            line_no: line.line_no,
            product_id: line.product_id.clone(),
            product: line.product.clone(),
            spec: line.spec.clone(),
            model: line.model.clone(),
            mcs_code: line.mcs_code.clone(),
            maker: line.maker.clone(),
            supplier_id: line.supplier_id.clone(),
            supplier: line.supplier.clone(),
            unit: line.unit.clone(),
            quantity: line.quantity.to_string(),
            price: line.price.to_string(),
            amount: line.amount.to_string(),
            kind: line.kind.clone(),
            state: line.state.clone(),
            state_text: line.state_text.clone(),
            late: line.late || ran_out,
            urgent: line.urgent,
            submitted_at: text(line.submit_at),
            delivery_due_at: line.delivery_due_at.map(text),
            delivered: line.delivered.to_string(),
            received: line.received.to_string(),
            returned: line.returned.to_string(),
            dept: line.dept.clone(),
        }
    }

    /// One line's life, from order to payment.
    pub fn order_line(&self, req: &OrderLineReq) -> ApiResult<OrderLineDetail> {
        let (found, events, siblings) = self.store.read(|conn| {
            let found = line::get(conn, &req.id)?;
            let siblings = match &found {
                Some(line) => line::of_order(conn, &line.order_id)?,
                None => Vec::new(),
            };
            Ok((found, line::life(conn, &req.id)?, siblings))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        let mut life = vec![ordered(&found)];
        life.extend(found.response_at.map(|at| responded(&found, at)));
        for event in events {
            tell(event, &mut life);
        }
        life.sort_by_key(|(at, _)| *at);
        let own_key = self.store.read(|conn| purchase::own_key(conn, &req.id))?;
        let requested_by = own_key.map_or_else(|| Ok(String::new()), |key| self.requested_by(&key))?;
        Ok(OrderLineDetail {
            requested_by,
            order_id: found.order_id.clone(),
            row: self.order_row(&found),
            life: life.into_iter().map(|(_, event)| event).collect(),
            siblings: siblings.iter().filter(|l| l.id != found.id).map(|l| self.order_row(l)).collect(),
        })
    }

    /// A few hits of each kind, for the palette.
    pub fn search(&self, req: &SearchReq) -> ApiResult<SearchHits> {
        const EACH: usize = 6;
        let words = names::words(&req.text);
        let Some(first) = words.first() else { return Ok(SearchHits { hits: Vec::new() }) };
        let (notices, found, orders) = self.store.read(|conn| {
            let found = names::hits(conn, first, 400)?;
            let named = names::names(conn, &found)?;
            Ok((notice::latest(conn, 500)?, named, line::orders_by_code(conn, first, EACH as u32)?))
        })?;
        let fits = |text: &str| {
            let text = sunbench_domain::text::half_width(text).to_lowercase();
            words.iter().all(|word| text.contains(&word.to_lowercase()))
        };
        let mut hits: Vec<SearchHit> = notices
            .iter()
            .filter(|n| fits(&format!("{} {}", n.title, n.code)))
            .take(EACH)
            .map(|n| SearchHit {
                kind: HitKind::Notice,
                id: n.id.clone(),
                title: n.title.clone(),
                detail: n.state_text.clone(),
            })
            .collect();
        hits.extend(orders.into_iter().map(|code| SearchHit {
            kind: HitKind::Order,
            id: code.clone(),
            title: code,
            detail: String::new(),
        }));
        for (kind, dimension) in [(HitKind::Product, Dimension::Product), (HitKind::Org, Dimension::Org)] {
            let of_kind = found.iter().filter(|hit| hit.kind == dimension);
            // The first word was found by the index, by its pinyin perhaps; the others narrow by text.
            let narrowed = of_kind.filter(|hit| {
                let text = format!("{} {}", hit.name, hit.detail).to_lowercase();
                words[1..].iter().all(|word| text.contains(&word.to_lowercase()))
            });
            hits.extend(narrowed.take(EACH).map(|hit| SearchHit {
                kind,
                id: hit.id.clone(),
                title: hit.name.clone(),
                detail: hit.detail.clone(),
            }));
        }
        Ok(SearchHits { hits })
    }
}

type Dated = (i64, LifeEvent);

fn event(kind: LifeKind, at: i64, title: &str, state: &str, state_text: &str) -> LifeEvent {
    LifeEvent {
        kind,
        at: text(at),
        date_only: false,
        title: title.to_owned(),
        detail: String::new(),
        state: state.to_owned(),
        state_text: state_text.to_owned(),
        quantity: None,
        amount: None,
        lot: None,
        expires: None,
    }
}

fn ordered(line: &Line) -> Dated {
    let mut told = event(LifeKind::Ordered, line.submit_at, &line.order_code, "", "");
    told.detail.clone_from(&line.dept);
    told.quantity = Some(line.quantity.to_string());
    told.amount = Some(line.amount.to_string());
    (line.submit_at, told)
}

fn responded(line: &Line, at: i64) -> Dated {
    (at, event(LifeKind::Responded, at, &line.supplier, "", ""))
}

/// A date of the database at noon, so that it sorts among the day's instants.
fn noon(date: &str) -> i64 {
    Instant::parse(&format!("{date} 12:00:00")).map_or(0, Instant::unix)
}

fn tell(source: Event, life: &mut Vec<Dated>) {
    match source {
        Event::Delivery {
            code,
            state,
            state_text,
            shipped_at,
            carrier,
            express_no,
            quantity,
            lot,
            expires_on,
            ..
        } => {
            let mut told = event(LifeKind::Delivered, shipped_at, &code, &state, &state_text);
            told.detail = [carrier, express_no].join(" ");
            told.quantity = Some(quantity.to_string());
            told.lot = Some(lot).filter(|lot| !lot.is_empty());
            told.expires = expires_on;
            life.push((shipped_at, told));
        }
        Event::Receipt {
            code,
            state,
            state_text,
            received_at,
            operator,
            received,
            reject_reason,
            lot,
            expires_on,
            ..
        } => {
            let mut told = event(LifeKind::Received, received_at, &code, &state, &state_text);
            told.detail = [operator, reject_reason].join(" ");
            told.quantity = Some(received.to_string());
            told.lot = Some(lot).filter(|lot| !lot.is_empty());
            told.expires = expires_on;
            life.push((received_at, told));
        }
        Event::Return { code, state, state_text, returned_at, quantity, amount, reason, .. } => {
            let mut told = event(LifeKind::Returned, returned_at, &code, &state, &state_text);
            told.detail = reason;
            told.quantity = Some(quantity.to_string());
            told.amount = Some(amount.to_string());
            life.push((returned_at, told));
        }
        Event::Invoice { number, state, state_text, invoiced_on, quantity, amount, .. } => {
            let at = noon(&invoiced_on);
            let mut told = event(LifeKind::Invoiced, at, &number, &state, &state_text);
            told.date_only = true;
            told.quantity = Some(quantity.to_string());
            told.amount = Some(amount.to_string());
            life.push((at, told));
        }
        Event::Settlement { code, state, state_text, created_at, due_on, paid_at, amount, .. } => {
            let mut told = event(LifeKind::Settled, created_at, &code, &state, &state_text);
            told.detail = due_on;
            told.amount = Some(amount.to_string());
            life.push((created_at, told));
            if let Some(at) = paid_at {
                life.push((at, event(LifeKind::Paid, at, &code, &state, &state_text)));
            }
        }
    }
}
