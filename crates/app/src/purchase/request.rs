//! 科室申请: what departments ask for, gathered into orders by distributor.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use sunbench_domain::Quantity;
use sunbench_store::local::draft;
use sunbench_store::local::outbox::{self, OutboxState};
use sunbench_store::local::request::{self, Request};
use sunbench_store::mirror::purchase;
use sunbench_store::{Connection, StoreError, StoreResult, audit};

use super::{decimal, mentions, required};
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{
    Act, DepartmentRequest, DepartmentRequests, DepartmentRequestsReq, OrderDraft, OrderDraftLine,
    ProductDetail, ProductReq, RequestEntry, RequestLeft, RequestRemoveReq, RequestState, RequestsGatherReq,
    RequestsGathered, RequestsSaveReq,
};

/// Characters of a written text.
const WRITTEN: usize = 200;
/// Rows of one paste.
const ROWS: usize = 2_000;
const ORDINARY: &str = "普通";
const UNDER_AGREEMENT: &str = "带量";

/// Where requests stand: which are in a draft, and what became of the orders that were sent for others.
struct Standing {
    /// By request: the draft's name.
    drafted: HashMap<String, String>,
    /// By an order's name: the state of its last submission.
    sent: HashMap<String, OutboxState>,
}

impl Standing {
    fn read(conn: &Connection, requests: &[Request]) -> StoreResult<Self> {
        let mut drafted = HashMap::new();
        for (_, kept) in draft::of_everybody(conn, "order:")? {
            let Ok(order) = serde_json::from_str::<OrderDraft>(&kept.body) else { continue };
            for line in order.lines {
                drafted.extend(line.requests.into_iter().map(|id| (id, order.id.clone())));
            }
        }
        let orders: BTreeSet<&String> =
            requests.iter().filter_map(|request| request.order.as_ref()).collect();
        let mut sent = HashMap::new();
        for order in orders {
            if let Some(last) = outbox::of_document(conn, &format!("order:{order}"))?.last() {
                sent.insert(order.clone(), last.state);
            }
        }
        Ok(Self { drafted, sent })
    }

    /// A request's state, and the draft or the order that it is in.
    fn of(&self, request: &Request) -> (RequestState, Option<String>) {
        if let Some(draft) = self.drafted.get(&request.id) {
            return (RequestState::Drafted, Some(draft.clone()));
        }
        let sent = request.order.as_ref().and_then(|order| Some((order, self.sent.get(order)?)));
        match sent {
            // Taken back before it was sent: it is asked for as before.
            None | Some((_, OutboxState::Withdrawn)) => (RequestState::Open, None),
            Some((order, state)) if state.came_back() => (RequestState::CameBack, Some(order.clone())),
            Some((order, _)) => (RequestState::Ordered, Some(order.clone())),
        }
    }
}

/// What a department asks for, judged. The field names its row.
fn judge(entry: &RequestEntry, index: usize, at: i64, by: &str) -> ApiResult<Request> {
    let field = |name: &str| format!("rows[{index}].{name}");
    let dept = required(&entry.dept, &field("dept"))?;
    let item = required(&entry.item, &field("item"))?;
    for (name, written) in [("dept", &dept), ("item", &item), ("note", &entry.note)] {
        if written.chars().count() > WRITTEN {
            return Err(ApiError::field(ErrorCode::FieldInvalid, &field(name)));
        }
    }
    let quantity: Quantity = decimal(&entry.quantity, &field("quantity"))?;
    if quantity <= Quantity::ZERO {
        return Err(ApiError::field(ErrorCode::FieldInvalid, &field("quantity")));
    }
    let needed_by = entry.needed_by.as_deref().map(str::trim).filter(|day| !day.is_empty());
    if needed_by.is_some_and(|day| day.parse::<NaiveDate>().is_err()) {
        return Err(ApiError::field(ErrorCode::FieldInvalid, &field("neededBy")));
    }
    Ok(Request {
        id: entry.id.clone().unwrap_or_else(|| uuid::Uuid::now_v7().to_string()),
        dept,
        item,
        product: entry.product.clone(),
        quantity,
        unit: entry.unit.trim().to_owned(),
        needed_by_on: needed_by.map(str::to_owned),
        note: entry.note.trim().to_owned(),
        entered_at: at,
        entered_by: by.to_owned(),
        order: None,
        own_key: None,
    })
}

/// A line for a product: from whom it was bought last, else of the only one who may deliver it, at the listed price, under
/// the agreement in force.
fn line_for(
    product: &ProductDetail,
    quantity: Quantity,
    today: &str,
    requests: Vec<String>,
) -> OrderDraftLine {
    let last = product.orders.first().map(|order| &order.supplier);
    let of_last = product.suppliers.iter().find(|supplier| Some(&supplier.name) == last);
    let only = product.suppliers.first().filter(|_| product.suppliers.len() == 1);
    let supplier = of_last.or(only);
    let agreement = supplier.and_then(|supplier| {
        product.agreements.iter().find(|one| {
            one.supplier == supplier.name && (one.starts_on.as_str()..=one.ends_on.as_str()).contains(&today)
        })
    });
    OrderDraftLine {
        product: product.row.id.clone(),
        supplier: supplier.map(|supplier| supplier.id.clone()).unwrap_or_default(),
        quantity: quantity.to_string(),
        price: product.row.price.clone(),
        agreement: agreement.map(|agreement| agreement.id.clone()),
        filing: None,
        own_key: None,
        requests,
    }
}

impl Context<'_> {
    /// What departments ask for: what is open first, by the day on which it is needed.
    pub fn department_requests(&self, req: &DepartmentRequestsReq) -> ApiResult<DepartmentRequests> {
        let (found, standing) = self.store.read(|conn| {
            let found = request::list(conn)?;
            let standing = Standing::read(conn, &found)?;
            Ok((found, standing))
        })?;
        let departments: BTreeSet<String> = found.iter().map(|request| request.dept.clone()).collect();
        let mut open = 0_u32;
        let mut rows = Vec::new();
        for request in found {
            let (state, order) = standing.of(&request);
            open += u32::from(state == RequestState::Open);
            if req.open && state == RequestState::Ordered {
                continue;
            }
            let product = match &request.product {
                Some(id) => self.store.read(|conn| purchase::product(conn, id))?,
                None => None,
            };
            let (name, spec) = product.map(|found| (found.name, found.spec)).unwrap_or_default();
            if !mentions(&req.text, &[&request.dept, &request.item, &request.note, &name, &spec]) {
                continue;
            }
            rows.push(DepartmentRequest {
                id: request.id,
                dept: request.dept,
                item: request.item,
                product: request.product,
                product_name: name,
                spec,
                quantity: request.quantity.to_string(),
                unit: request.unit,
                needed_by: request.needed_by_on,
                note: request.note,
                state,
                order,
                entered_at: text(request.entered_at),
                entered_by: request.entered_by,
            });
        }
        rows.sort_by(|a, b| {
            let key = |row: &DepartmentRequest| {
                let open = matches!(row.state, RequestState::Open | RequestState::CameBack);
                (!open, row.needed_by.is_none(), row.needed_by.clone())
            };
            key(a).cmp(&key(b)).then_with(|| b.entered_at.cmp(&a.entered_at)).then_with(|| a.id.cmp(&b.id))
        });
        Ok(DepartmentRequests { rows, open, departments: departments.into_iter().collect() })
    }

    fn requests_again(&self) -> ApiResult<DepartmentRequests> {
        self.department_requests(&DepartmentRequestsReq { text: String::new(), open: false })
    }

    /// Saves requests as they were typed or pasted: all of them, or none where one is wrong. What is in an order already
    /// cannot be changed.
    pub fn requests_save(&self, req: &RequestsSaveReq) -> ApiResult<DepartmentRequests> {
        let account = self.acting(Act::Draft)?;
        if req.rows.is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "rows"));
        }
        if req.rows.len() > ROWS {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "rows"));
        }
        let mut judged = Vec::with_capacity(req.rows.len());
        for (index, entry) in req.rows.iter().enumerate() {
            let request = judge(entry, index, self.now.unix(), &account.user)?;
            if let Some(product) = &entry.product
                && self.store.read(|conn| purchase::product(conn, product))?.is_none()
            {
                return Err(ApiError::field(ErrorCode::NotFound, &format!("rows[{index}].product")));
            }
            if entry.id.is_some() {
                self.changeable(&request.id)?;
            }
            judged.push(request);
        }
        self.store.write_local(|tx| {
            for request in &judged {
                request::put(tx, request)?;
            }
            let ids: Vec<&str> = judged.iter().map(|request| request.id.as_str()).collect();
            let detail = serde_json::json!({ "requests": ids });
            audit::append(tx, &self.entry(&account.user, "request.saved", "request", detail))?;
            Ok::<_, StoreError>(())
        })?;
        self.requests_again()
    }

    /// Whether a request is in no order.
    fn changeable(&self, id: &str) -> ApiResult<()> {
        let (found, standing) = self.store.read(|conn| {
            let found = request::get(conn, id)?;
            let standing = Standing::read(conn, found.as_slice())?;
            Ok((found, standing))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        match standing.of(&found).0 {
            RequestState::Open => Ok(()),
            _ => Err(ErrorCode::WrongState.into()),
        }
    }

    /// Takes a request back that is in no order.
    pub fn request_remove(&self, req: &RequestRemoveReq) -> ApiResult<DepartmentRequests> {
        let account = self.acting(Act::Draft)?;
        self.changeable(&req.id)?;
        self.store.write_local(|tx| {
            request::remove(tx, &req.id)?;
            let detail = serde_json::json!({ "requests": [req.id] });
            audit::append(tx, &self.entry(&account.user, "request.removed", "request", detail))?;
            Ok::<_, StoreError>(())
        })?;
        self.requests_again()
    }

    /// Gathers open requests into drafts, one for each distributor: one line a product, with the requests behind it.
    pub fn requests_gather(&self, req: &RequestsGatherReq) -> ApiResult<RequestsGathered> {
        let account = self.acting(Act::Purchase)?;
        let (found, standing) = self.store.read(|conn| {
            let found = request::list(conn)?;
            let standing = Standing::read(conn, &found)?;
            Ok((found, standing))
        })?;
        let mut left = Vec::new();
        let mut by_product: BTreeMap<String, Vec<Request>> = BTreeMap::new();
        let wanted = |request: &Request| req.ids.is_empty() || req.ids.contains(&request.id);
        for request in found.into_iter().filter(wanted) {
            if standing.of(&request).0 != RequestState::Open {
                continue;
            }
            match request.product.clone() {
                Some(product) => by_product.entry(product).or_default().push(request),
                None => left.push(not_gathered(request, "未对应挂网产品")),
            }
        }
        let today = self.today().to_string();
        let mut drafts: BTreeMap<String, OrderDraft> = BTreeMap::new();
        let mut departments: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, requests) in by_product {
            let product = self.product(&ProductReq { product: id })?;
            let unit = &product.row.unit;
            let (same, other): (Vec<Request>, Vec<Request>) =
                requests.into_iter().partition(|request| request.unit.is_empty() || request.unit == *unit);
            left.extend(other.into_iter().map(|request| {
                let reason = format!("申请单位“{}”与平台单位“{unit}”不同，请换算后修改", request.unit);
                not_gathered(request, &reason)
            }));
            let sum = same.iter().try_fold(Quantity::ZERO, |sum, request| sum.checked_add(request.quantity));
            let Some(sum) = sum.filter(|sum| *sum > Quantity::ZERO) else { continue };
            let ids = same.iter().map(|request| request.id.clone()).collect();
            let line = line_for(&product, sum, &today, ids);
            if line.supplier.is_empty() {
                let reason = if product.suppliers.is_empty() {
                    "没有可配送的企业"
                } else {
                    "有多家配送企业，请在新订单中选择"
                };
                left.extend(same.into_iter().map(|request| not_gathered(request, reason)));
                continue;
            }
            departments
                .entry(line.supplier.clone())
                .or_default()
                .extend(same.into_iter().map(|request| request.dept));
            let draft = drafts.entry(line.supplier.clone()).or_insert_with(|| OrderDraft {
                id: uuid::Uuid::now_v7().to_string(),
                kind: UNDER_AGREEMENT.to_owned(),
                dept: String::new(),
                remarks: String::new(),
                lines: Vec::new(),
            });
            draft.lines.push(line);
        }
        for (supplier, draft) in &mut drafts {
            // Each line of an order of kind 带量 is under an agreement.
            if draft.lines.iter().any(|line| line.agreement.is_none()) {
                ORDINARY.clone_into(&mut draft.kind);
            }
            let asked: Vec<&str> =
                departments.get(supplier).into_iter().flatten().map(String::as_str).collect();
            match asked.as_slice() {
                [one] => (*one).clone_into(&mut draft.dept),
                several => draft.remarks = format!("科室申请汇总：{}", several.join("、")),
            }
        }
        let drafts: Vec<OrderDraft> = drafts.into_values().collect();
        let mut kept = Vec::with_capacity(drafts.len());
        for order in &drafts {
            let body = serde_json::to_string(order).map_err(|error| ApiError::internal(&error))?;
            let draft = draft::Draft { body, edited_at: self.now.unix(), edited_by: account.user.clone() };
            kept.push((super::order::group(&order.id), draft));
        }
        self.store.write_local(|tx| {
            for (document, draft) in &kept {
                draft::put(tx, document, draft)?;
            }
            let orders: Vec<&str> = drafts.iter().map(|order| order.id.as_str()).collect();
            let detail = serde_json::json!({ "orders": orders, "left": left.len() });
            audit::append(tx, &self.entry(&account.user, "request.gathered", "request", detail))?;
            Ok::<_, StoreError>(())
        })?;
        Ok(RequestsGathered { drafts, left })
    }

    /// Notes, before an order is queued, which of its lines the requests are in. Where the order is never queued they are
    /// in its draft still.
    pub(super) fn note_ordered(&self, order: &OrderDraft, own_keys: &[Option<String>]) -> ApiResult<()> {
        if order.lines.iter().all(|line| line.requests.is_empty()) {
            return Ok(());
        }
        self.store.write_local(|tx| {
            for (line, own_key) in order.lines.iter().zip(own_keys) {
                for id in &line.requests {
                    request::ordered(tx, id, own_key.as_deref().map(|key| (order.id.as_str(), key)))?;
                }
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(())
    }

    /// The requests that an order line was sent for, for people: 骨科 3、ICU 2.
    pub(crate) fn requested_by(&self, own_key: &str) -> ApiResult<String> {
        let found = self.store.read(|conn| request::of_key(conn, own_key))?;
        let mut by_dept: BTreeMap<String, Quantity> = BTreeMap::new();
        for request in found {
            let sum = by_dept.entry(request.dept).or_default();
            *sum = sum.checked_add(request.quantity).unwrap_or(*sum);
        }
        let said: Vec<String> = by_dept.into_iter().map(|(dept, count)| format!("{dept} {count}")).collect();
        Ok(said.join("、"))
    }
}

fn not_gathered(request: Request, reason: &str) -> RequestLeft {
    RequestLeft {
        id: request.id,
        item: format!("{} {}", request.dept, request.item),
        reason: reason.to_owned(),
    }
}
