//! 订单模板: orders that are written again and again.

use sunbench_store::local::template::{self, Template};
use sunbench_store::mirror::purchase;
use sunbench_store::{StoreError, audit};

use super::required;
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{Act, OrderDraft, OrderTemplate, OrderTemplateReq, OrderTemplateSaveReq, OrderTemplates};

/// Characters of a name.
const NAME: usize = 60;
/// Goods that a template is told by.
const TOLD: usize = 3;

/// An order as a template keeps it: goods, distributors, quantities and prices, without what belongs to one order only.
fn template_of(order: &OrderDraft) -> OrderDraft {
    let mut kept = order.clone();
    kept.id = String::new();
    for line in &mut kept.lines {
        line.own_key = None;
        line.filing = None;
        line.requests = Vec::new();
    }
    kept
}

impl Context<'_> {
    /// The templates by name.
    pub fn order_templates(&self) -> ApiResult<OrderTemplates> {
        let mut rows = Vec::new();
        for kept in self.store.read(template::list)? {
            // What a later version wrote differently is left to that version.
            let Ok(order) = serde_json::from_str::<OrderDraft>(&kept.body) else { continue };
            let mut goods = Vec::new();
            for line in order.lines.iter().take(TOLD) {
                let product = self.store.read(|conn| purchase::product(conn, &line.product))?;
                goods.extend(product.map(|product| product.name));
            }
            goods.dedup();
            rows.push(OrderTemplate {
                id: kept.id,
                name: kept.name,
                order,
                goods: goods.join("、"),
                saved_at: text(kept.saved_at),
                saved_by: kept.saved_by,
            });
        }
        rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(OrderTemplates { rows })
    }

    /// Saves a template, changes its order or only its name.
    pub fn order_template_save(&self, req: &OrderTemplateSaveReq) -> ApiResult<OrderTemplates> {
        let account = self.acting(Act::Purchase)?;
        let name = required(&req.name, "name")?;
        if name.chars().count() > NAME {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "name"));
        }
        let (before, of_name) = self.store.read(|conn| {
            let before = match &req.id {
                Some(id) => Some(template::get(conn, id)?),
                None => None,
            };
            Ok((before, template::of_name(conn, &name)?))
        })?;
        let before = match before {
            Some(found) => Some(found.ok_or(ErrorCode::NotFound)?),
            None => None,
        };
        if of_name.is_some() && of_name != req.id {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "name"));
        }
        let body = match (&req.order, &before) {
            (Some(order), _) if order.lines.is_empty() => {
                return Err(ApiError::field(ErrorCode::FieldRequired, "lines"));
            }
            (Some(order), _) => {
                serde_json::to_string(&template_of(order)).map_err(|error| ApiError::internal(&error))?
            }
            (None, Some(before)) => before.body.clone(),
            (None, None) => return Err(ApiError::field(ErrorCode::FieldRequired, "lines")),
        };
        let kept = Template {
            id: before.map_or_else(|| uuid::Uuid::now_v7().to_string(), |before| before.id),
            name,
            body,
            saved_at: self.now.unix(),
            saved_by: account.user.clone(),
        };
        self.store.write_local(|tx| {
            template::put(tx, &kept)?;
            let subject = format!("orderTemplate:{}", kept.id);
            let detail = serde_json::json!({ "order": req.order.is_some() });
            audit::append(tx, &self.entry(&account.user, "orderTemplate.saved", &subject, detail))?;
            Ok::<_, StoreError>(())
        })?;
        self.order_templates()
    }

    /// Takes a template away.
    pub fn order_template_remove(&self, req: &OrderTemplateReq) -> ApiResult<OrderTemplates> {
        let account = self.acting(Act::Purchase)?;
        let removed = self.store.write_local(|tx| {
            let removed = template::remove(tx, &req.id)?;
            if removed {
                let subject = format!("orderTemplate:{}", req.id);
                let detail = serde_json::json!({});
                audit::append(tx, &self.entry(&account.user, "orderTemplate.removed", &subject, detail))?;
            }
            Ok::<_, StoreError>(removed)
        })?;
        if removed { self.order_templates() } else { Err(ErrorCode::NotFound.into()) }
    }
}
