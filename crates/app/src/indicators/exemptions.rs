//! 豁免记录: what a person records to be left out of the assessment, each with reason and evidence.

use chrono::NaiveDate;
use sunbench_domain::Quantity;
use sunbench_domain::policy::ExemptionKind;
use sunbench_store::local::exemption;
use sunbench_store::mirror::{indicator, purchase, volume};
use sunbench_store::{Connection, StoreResult, audit};

use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{Act, ExemptionRemoveReq, ExemptionReq, ExemptionRow, Exemptions};

const LONGEST: usize = 1_000;

impl Context<'_> {
    /// The exemptions that stand, and whether the pack in use grants them for consumables.
    pub fn exemptions(&self) -> ApiResult<Exemptions> {
        let rules = self.rules(self.today())?;
        let found = self.store.read(|conn| {
            let agreements = volume::agreements(conn)?;
            let named = exemption::standing(conn)?.into_iter().map(|one| {
                let subject = subject(conn, &agreements, &one)?;
                Ok((one, subject))
            });
            named.collect::<StoreResult<Vec<_>>>()
        })?;
        let rows = found.into_iter().map(|(one, (subject, unit))| ExemptionRow {
            subject,
            unit,
            exemption: crate::outbox::small(u64::try_from(one.exemption).unwrap_or_default()),
            is_granted: ExemptionKind::from_name(&one.kind).is_some_and(|kind| rules.pack.grants(kind)),
            kind: one.kind,
            agreement: one.agreement_id,
            product: one.product_id,
            maker: one.maker_id,
            relief: one.relief.to_string(),
            from: one.from_on,
            through: one.through_on,
            reason: one.reason,
            evidence: one.evidence,
            recorded_at: text(one.recorded_at),
            recorded_by: one.recorded_by,
        });
        Ok(Exemptions { rows: rows.collect() })
    }

    /// Records an exemption.
    pub fn exemption_add(&self, req: &ExemptionReq) -> ApiResult<Exemptions> {
        let account = self.acting(Act::Purchase)?;
        let invalid = |field: &str| ApiError::field(ErrorCode::FieldInvalid, field);
        let required = |field: &str| ApiError::field(ErrorCode::FieldRequired, field);
        let kind = ExemptionKind::from_name(&req.kind)
            .filter(|kind| *kind != ExemptionKind::VerifiedSupplyProblem)
            .ok_or_else(|| invalid("kind"))?;
        let date = |value: &str, field: &str| value.parse::<NaiveDate>().map_err(|_| invalid(field));
        let (from, through) = (date(&req.from, "from")?, date(&req.through, "through")?);
        if from > through {
            return Err(invalid("through"));
        }
        for (field, value) in [("reason", &req.reason), ("evidence", &req.evidence)] {
            if value.trim().is_empty() {
                return Err(required(field));
            }
            if value.chars().count() > LONGEST {
                return Err(invalid(field));
            }
        }
        let relief = match req.relief.trim() {
            "" => Quantity::ZERO,
            given => given.parse().map_err(|_| invalid("relief"))?,
        };
        match kind {
            ExemptionKind::ClinicalNeed if req.agreement.is_none() => return Err(required("agreement")),
            ExemptionKind::ClinicalNeed if relief <= Quantity::ZERO => return Err(invalid("relief")),
            ExemptionKind::ReserveSupplier | ExemptionKind::CheaperEqualProduct if req.product.is_none() => {
                return Err(required("product"));
            }
            _ => {}
        }
        // Whoever makes the reserve supplier's product is the reserve supplier.
        let maker_id = match (kind, &req.maker, &req.product) {
            (ExemptionKind::ReserveSupplier, None, Some(product)) => {
                self.store.read(|conn| purchase::product(conn, product))?.map(|product| product.maker)
            }
            _ => req.maker.clone(),
        };
        self.store
            .read(|conn| {
                let product = req.product.as_deref().map(|id| indicator::product(conn, id)).transpose()?;
                let maker = maker_id.as_deref().map(|id| indicator::org(conn, id)).transpose()?;
                let agreements = indicator::agreements(conn)?;
                let agreement = req.agreement.as_ref().map(|id| agreements.iter().any(|one| one.id == *id));
                Ok([
                    ("product", product.map(|found| found.is_some())),
                    ("maker", maker.map(|found| found.is_some())),
                    ("agreement", agreement),
                ])
            })?
            .into_iter()
            .find(|(_, found)| *found == Some(false))
            .map_or(Ok(()), |(field, _)| Err(ApiError::field(ErrorCode::NotFound, field)))?;
        let new = exemption::Exemption {
            exemption: 0,
            kind: kind.name().to_owned(),
            agreement_id: req.agreement.clone(),
            product_id: req.product.clone(),
            maker_id,
            variety: None,
            relief,
            from_on: from.to_string(),
            through_on: through.to_string(),
            reason: req.reason.trim().to_owned(),
            evidence: req.evidence.trim().to_owned(),
            recorded_at: self.now.unix(),
            recorded_by: account.user.clone(),
        };
        self.store.write_local(|tx| {
            let number = exemption::add(tx, &new)?;
            let subject = format!("exemption:{number}");
            let detail =
                serde_json::json!({ "kind": new.kind, "from": new.from_on, "through": new.through_on });
            audit::append(tx, &self.entry(&account.user, "exemption.recorded", &subject, detail))
        })?;
        self.exemptions()
    }

    /// Takes an exemption back; it stays on record.
    pub fn exemption_remove(&self, req: &ExemptionRemoveReq) -> ApiResult<Exemptions> {
        let account = self.acting(Act::Purchase)?;
        let subject = format!("exemption:{}", req.exemption);
        let entry = self.entry(&account.user, "exemption.taken-back", &subject, serde_json::json!({}));
        let was_there = self.store.write_local(|tx| {
            let number = i64::from(req.exemption);
            let marked = exemption::undo(tx, number, &account.user, self.now.unix())?;
            if marked {
                audit::append(tx, &entry)?;
            }
            Ok(marked)
        })?;
        if was_there { self.exemptions() } else { Err(ErrorCode::NotFound.into()) }
    }
}

/// What an exemption concerns, by name, and the unit of what it relieves.
fn subject(
    conn: &Connection,
    agreements: &[volume::Agreement],
    one: &exemption::Exemption,
) -> StoreResult<(String, String)> {
    let of = |id: &String| agreements.iter().find(|agreement| agreement.id == *id);
    let agreement = one.agreement_id.as_ref().and_then(of);
    let product = one.product_id.as_deref().map(|id| purchase::product(conn, id)).transpose()?.flatten();
    let maker = one.maker_id.as_deref().map(|id| purchase::org_name(conn, id)).transpose()?.flatten();
    let parts = [
        agreement.map(|agreement| format!("{} {}", agreement.variety, agreement.supplier)),
        product.map(|product| format!("{} {}", product.name, product.spec)),
        maker,
    ];
    let named: Vec<String> = parts.into_iter().flatten().map(|part| part.trim().to_owned()).collect();
    Ok((named.join(" · "), agreement.map(|agreement| agreement.unit.clone()).unwrap_or_default()))
}
