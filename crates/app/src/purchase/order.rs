//! 订单: written, checked, sent, cancelled.

use chrono::NaiveDate;
use sunbench_contract::{
    CodeChange, DistributionRelation, OrderCancelPayload, OrderSubmitLine, OrderSubmitPayload, PriceList,
    Resource, SubmissionKind,
};
use sunbench_domain::purchase::order::{
    CodeFate, Earlier, Listing, Obstacle, PriceStep, Terms, Wanted, Weight, obstacles, price_in_force,
};
use sunbench_domain::state::{AgreementState, State as _};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::{draft, outbox, request};
use sunbench_store::mirror::{document, line, purchase};
use sunbench_store::{Connection, StoreResult};

use super::{decimal, is_waiting, required};
use crate::clocked::date;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{
    Act, DraftSaved, OrderCancelReq, OrderCheck, OrderDraft, OrderDraftLine, OrderDraftReq, OrderDrafts,
    OrderLineCheck, OrderObstacle, OutboxItem,
};

/// Records of one of the small public kinds that are looked through.
const RECORDS: u32 = 10_000;
/// Days of history that a quantity is compared with.
const HISTORY_DAYS: i64 = 365;
const DAY: i64 = 86_400;

pub(super) fn group(id: &str) -> String {
    format!("order:{id}")
}

/// The public records that lines are judged by, read once for an order.
pub(super) struct Rules {
    pub(super) relations: Vec<DistributionRelation>,
    pub(super) prices: Vec<PriceList>,
    pub(super) changes: Vec<CodeChange>,
}

impl Rules {
    pub(super) fn read(conn: &Connection) -> StoreResult<Self> {
        fn of<T: serde::de::DeserializeOwned>(conn: &Connection, resource: Resource) -> StoreResult<Vec<T>> {
            let found = document::list(conn, resource.name(), RECORDS)?;
            // What a later platform writes differently is left to its own judgement.
            Ok(found.iter().filter_map(|record| serde_json::from_str(&record.data).ok()).collect())
        }
        Ok(Self {
            relations: of(conn, Resource::DistributionRelation)?,
            prices: of(conn, Resource::PriceList)?,
            changes: of(conn, Resource::CodeChange)?,
        })
    }

    fn steps(&self, product: &str) -> Vec<PriceStep> {
        let of = |list: &PriceList| {
            let item = list.items.iter().find(|item| item.procurecatalog_id == product)?;
            let effective_at = list.effective_time.unix();
            Some(PriceStep { effective_at, old_price: item.old_price, price: item.price })
        };
        self.prices.iter().filter_map(of).collect()
    }

    /// The listed price of a product that is in force at an instant.
    pub(super) fn price(&self, product: &purchase::Product, at: i64) -> Price {
        self.price_of(&product.id, product.price, at)
    }

    /// The same by its id and its price in the catalogue.
    pub(super) fn price_of(&self, product: &str, listed: Price, at: i64) -> Price {
        price_in_force(listed, &self.steps(product), at)
    }

    fn authorises(&self, maker: &str, supplier: &str, day: NaiveDate) -> bool {
        self.relations.iter().any(|relation| {
            relation.company_id_tb == maker
                && relation.company_id_ps == supplier
                && relation.state == "1"
                && (relation.start_date..=relation.end_date).contains(&day)
        })
    }
}

/// What the profile knows of one line.
struct Known {
    product: Option<purchase::Product>,
    agreement: Option<(purchase::Agreement, Quantity)>,
    earlier: Vec<Earlier>,
}

impl Known {
    fn read(conn: &Connection, line: &OrderDraftLine, now: i64) -> StoreResult<Self> {
        let agreement = match &line.agreement {
            Some(id) => purchase::agreement(conn, id)?,
            None => None,
        };
        let agreement = match agreement {
            Some(agreement) => {
                let left = agreement.agreed - purchase::ordered_under(conn, &agreement.id)?;
                Some((agreement, left))
            }
            None => None,
        };
        let since = now - DAY * HISTORY_DAYS;
        let earlier = purchase::ordered_of(conn, &line.product, since, now)?;
        let earlier = earlier.into_iter().filter_map(|line| Some((date(line.submit_at)?, line.quantity)));
        Ok(Self { product: purchase::product(conn, &line.product)?, agreement, earlier: earlier.collect() })
    }
}

impl Context<'_> {
    /// Saves the order that is being written. Nothing is sent.
    pub fn order_draft_save(&self, req: &OrderDraft) -> ApiResult<DraftSaved> {
        let account = self.acting(Act::Purchase)?;
        uuid::Uuid::try_parse(&req.id).map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "id"))?;
        let body = serde_json::to_string(req).map_err(|error| ApiError::internal(&error))?;
        let kept = draft::Draft { body, edited_at: self.now.unix(), edited_by: account.user };
        self.store.write_local(|tx| draft::put(tx, &group(&req.id), &kept))?;
        Ok(DraftSaved { edited_at: self.now.to_string() })
    }

    /// The person's unsent orders, and those that came back refused, to be corrected.
    pub fn order_drafts(&self) -> ApiResult<OrderDrafts> {
        let me = self.actor()?;
        let (kept, mut refused, returned) = self.store.read(|conn| {
            let kept = draft::list(conn, "order:", &me)?;
            Ok((kept, outbox::attention(conn, RECORDS)?, outbox::in_review(conn, RECORDS)?))
        })?;
        refused.extend(returned);
        let mut drafts: Vec<OrderDraft> =
            kept.iter().filter_map(|(_, draft)| serde_json::from_str(&draft.body).ok()).collect();
        let name = SubmissionKind::OrderSubmit.name();
        for item in refused.into_iter().filter(|item| item.kind == name && item.actor == me) {
            let id = item.document.trim_start_matches("order:").to_owned();
            if drafts.iter().all(|draft| draft.id != id)
                && item.state.came_back()
                && let Ok(payload) = serde_json::from_str::<OrderSubmitPayload>(&item.body)
            {
                drafts.push(self.store.read(|conn| given_back(conn, id, payload))?);
            }
        }
        Ok(OrderDrafts { drafts })
    }

    /// Throws a draft away.
    pub fn order_draft_remove(&self, req: &OrderDraftReq) -> ApiResult<OrderDrafts> {
        let account = self.acting(Act::Purchase)?;
        self.store.write_local(|tx| draft::remove(tx, &group(&req.id), &account.user))?;
        self.order_drafts()
    }

    /// 下单前检查: everything that stands against an order, line by line.
    pub fn order_check(&self, req: &OrderDraft) -> ApiResult<OrderCheck> {
        let now = self.now.unix();
        let (rules, known) = self.store.read(|conn| {
            let known = req.lines.iter().map(|line| Known::read(conn, line, now));
            Ok((Rules::read(conn)?, known.collect::<StoreResult<Vec<_>>>()?))
        })?;
        let lines: Vec<OrderLineCheck> =
            req.lines.iter().zip(&known).map(|(line, known)| self.check_line(&rules, line, known)).collect();
        let mut amounts = lines.iter().filter_map(|line| line.amount.parse::<Amount>().ok());
        let amount = amounts.try_fold(Amount::ZERO, Amount::checked_add);
        Ok(OrderCheck {
            sendable: !lines.is_empty()
                && lines.iter().all(|line| line.obstacles.iter().all(|obstacle| !obstacle.refusal)),
            amount: amount.map(|amount| amount.to_string()).unwrap_or_default(),
            lines,
        })
    }

    fn check_line(&self, rules: &Rules, line: &OrderDraftLine, known: &Known) -> OrderLineCheck {
        let quantity = decimal::<Quantity>(&line.quantity, "quantity").ok().filter(|q| *q > Quantity::ZERO);
        let price = decimal::<Price>(&line.price, "price").ok().filter(|price| !price.is_negative());
        let listed = known.product.as_ref().map(|product| rules.price(product, self.now.unix()));
        let mut found = Vec::new();
        for (field, missing) in [("quantity", quantity.is_none()), ("price", price.is_none())] {
            if missing {
                let text = if field == "price" { "单价无法读取" } else { "数量须大于零" };
                let clause = String::new();
                found.push(OrderObstacle {
                    code: field.to_owned(),
                    refusal: true,
                    text: text.to_owned(),
                    clause,
                });
            }
        }
        let codes: Vec<CodeFate<'_>> = rules
            .changes
            .iter()
            .map(|change| CodeFate {
                old_code: &change.old_code,
                replaced: change.kind == "recode",
                effective: change.effective_date,
            })
            .collect();
        let product = known.product.as_ref();
        let wanted = Wanted {
            quantity: quantity.unwrap_or_default(),
            price: price.unwrap_or_default(),
            day: self.today(),
            listing: product.zip(listed).map(|(product, price)| Listing {
                listed: product.raw_state == "1",
                mcs_code: product.mcs_code.as_deref(),
                price,
                selected: product.selected,
                assembled: !product.assembled_from.is_empty()
                    || product.name.contains("组套")
                    || product.spec.contains("组套"),
                cap: product.price_cap,
                maker: &product.maker,
            }),
            codes: &codes,
            authorised: product
                .is_some_and(|product| rules.authorises(&product.maker, &line.supplier, self.today())),
            terms: line.agreement.as_ref().map(|_| known.agreement.as_ref().and_then(terms)),
            earlier: &known.earlier,
        };
        found.extend(obstacles(&wanted).into_iter().map(wire_obstacle));
        let amount = price.zip(quantity).and_then(|(price, quantity)| Amount::of(price, quantity));
        OrderLineCheck {
            amount: amount.map(|amount| amount.to_string()).unwrap_or_default(),
            listed_price: listed.map(|price| price.to_string()),
            obstacles: found,
        }
    }

    /// Queues the draft of an order. What the platform would refuse is not sent; doing it twice queues once.
    pub fn order_submit(&self, req: &OrderDraftReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = group(&req.id);
        let (kept, items) = self.store.read(|conn| {
            Ok((draft::get(conn, &document, &account.user)?, outbox::of_document(conn, &document)?))
        })?;
        let Some(kept) = kept else {
            let sent = items.iter().rfind(|item| item.state != outbox::OutboxState::Withdrawn);
            return self.outbox_item(sent.ok_or(ErrorCode::NotFound)?);
        };
        if is_waiting(&items) || items.iter().any(|item| item.state == outbox::OutboxState::Accepted) {
            return Err(ErrorCode::WrongState.into());
        }
        let order: OrderDraft =
            serde_json::from_str(&kept.body).map_err(|error| ApiError::internal(&error))?;
        if order.lines.is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "lines"));
        }
        let check = self.order_check(&order)?;
        let refused = check.lines.iter().enumerate().find_map(|(index, line)| {
            line.obstacles.iter().find(|obstacle| obstacle.refusal).map(|obstacle| (index, obstacle))
        });
        if let Some((index, obstacle)) = refused {
            let field = format!("lines[{index}].{}", obstacle.code);
            return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
        }
        let line = |(index, line): (usize, &OrderDraftLine)| {
            let field = |name: &str| format!("lines[{index}].{name}");
            Ok(OrderSubmitLine {
                procurecatalog_id: line.product.clone(),
                company_id_ps: line.supplier.clone(),
                purchase_count: decimal(&line.quantity, &field("quantity"))?,
                purchase_price: decimal(&line.price, &field("price"))?,
                agreement_id: line.agreement.clone(),
                filing_id: line.filing.clone(),
                // A line of this draft is ordered once, whatever happens to it on the way.
                order_custom_info: Some(
                    line.own_key.clone().unwrap_or_else(|| format!("{}-{}", req.id, index + 1)),
                ),
            })
        };
        let payload = OrderSubmitPayload {
            order_type: order.kind.clone(),
            hospital_dept: order.dept.trim().to_owned(),
            remarks: order.remarks.trim().to_owned(),
            lines: order.lines.iter().enumerate().map(line).collect::<ApiResult<_>>()?,
        };
        let own_keys: Vec<Option<String>> =
            payload.lines.iter().map(|line| line.order_custom_info.clone()).collect();
        self.note_ordered(&order, &own_keys)?;
        let sending = Sending {
            kind: SubmissionKind::OrderSubmit,
            document: &document,
            base_ver: None,
            action: "order.submit.queued",
            attachments: &[],
            draft: Some(&document),
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// 撤单: queues the cancellation of an order, or of some of its lines.
    pub fn order_cancel(&self, req: &OrderCancelReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let reason = required(&req.reason, "reason")?;
        let mut of: Option<String> = None;
        for (index, id) in req.lines.iter().enumerate() {
            let field = format!("lines[{index}]");
            let line = self.store.read(|conn| line::get(conn, id))?;
            let line = line.ok_or_else(|| ApiError::field(ErrorCode::NotFound, &field))?;
            if of.get_or_insert_with(|| line.order_id.clone()) != &line.order_id {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
            }
        }
        let of = of.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "lines"))?;
        let document = format!("purchaseOrder:{of}");
        let (order, items) = self
            .store
            .read(|conn| Ok((purchase::order(conn, &of)?, outbox::of_document(conn, &document)?)))?;
        let order = order.ok_or(ErrorCode::NotFound)?;
        let payload = OrderCancelPayload {
            order_id: order.id.clone(),
            order_detail_ids: if req.whole { Vec::new() } else { req.lines.clone() },
            reason,
        };
        // The same cancellation, asked for twice, goes once.
        let same = |item: &&outbox::OutboxItem| {
            item.state.is_on_its_way()
                && serde_json::from_str::<OrderCancelPayload>(&item.body).is_ok_and(|sent| sent == payload)
        };
        if let Some(item) = items.iter().find(same) {
            return self.outbox_item(item);
        }
        let sending = Sending {
            kind: SubmissionKind::OrderCancel,
            document: &document,
            base_ver: Some(order.ver),
            action: "order.cancel.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }
}

/// `None` where a day of the agreement cannot be read.
fn terms((agreement, left): &(purchase::Agreement, Quantity)) -> Option<Terms<'_>> {
    Some(Terms {
        state: AgreementState::from_raw(&agreement.raw_state),
        maker: &agreement.maker,
        from: agreement.starts_on.parse().ok()?,
        to: agreement.ends_on.parse().ok()?,
        left: *left,
    })
}

fn wire_obstacle(obstacle: Obstacle) -> OrderObstacle {
    OrderObstacle {
        code: obstacle.code().to_owned(),
        refusal: obstacle.weight() == Weight::Refusal,
        text: obstacle.text_zh(),
        clause: obstacle.clause().to_owned(),
    }
}

/// An order that was sent, as a draft again, with the departments' requests behind its lines.
pub(super) fn given_back(
    conn: &Connection,
    id: String,
    payload: OrderSubmitPayload,
) -> StoreResult<OrderDraft> {
    let mut lines = Vec::with_capacity(payload.lines.len());
    for line in payload.lines {
        let sent_as = line.order_custom_info.as_deref();
        let requests = sent_as.map_or(Ok(Vec::new()), |key| request::of_key(conn, key))?;
        lines.push(OrderDraftLine {
            product: line.procurecatalog_id,
            supplier: line.company_id_ps,
            quantity: line.purchase_count.to_string(),
            price: line.purchase_price.to_string(),
            agreement: line.agreement_id,
            filing: line.filing_id,
            own_key: line.order_custom_info.filter(|key| !key.starts_with(&id)),
            requests: requests.into_iter().map(|request| request.id).collect(),
        });
    }
    Ok(OrderDraft {
        kind: payload.order_type,
        dept: payload.hospital_dept,
        remarks: payload.remarks,
        lines,
        id,
    })
}
