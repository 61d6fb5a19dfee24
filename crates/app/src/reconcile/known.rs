//! What is confirmed for all months: aliases, factors, tolerances.

use sunbench_domain::matching::{AliasOf as Of, Tolerances};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::decision::{self, KnownAlias, KnownFactor};
use sunbench_store::{StoreError, audit, setting};

use super::{Reconciled, input};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{
    Act, AliasOf, LearnedAlias, LearnedFactor, NameAlias, PeriodReq, ReconcileKnownReq, ReconcileLearned,
    ReconcileTolerances, UnitFactor,
};

const LONGEST_NAME: usize = 200;
/// More of one unit than any package holds.
const MOST_PER_UNIT: u32 = 100_000;
const MOST_DAYS: u32 = 366;

impl Context<'_> {
    pub(super) fn reconcile_learned(
        &self,
        reconciled: &Reconciled,
        req: &PeriodReq,
    ) -> ApiResult<ReconcileLearned> {
        let period = super::Period::parse(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let (aliases, factors) =
            self.store.read(|conn| Ok((decision::aliases(conn)?, decision::factors(conn)?)))?;
        let learned = &computed.model.found.learned;
        let known_aliases: Vec<NameAlias> = aliases.into_iter().map(shown_alias).collect();
        let known_factors: Vec<UnitFactor> = factors.into_iter().map(shown_factor).collect();
        let seen_aliases = learned.aliases.iter().map(|learned| LearnedAlias {
            alias: NameAlias {
                of: match learned.alias.of {
                    Of::Supplier => AliasOf::Supplier,
                    Of::Product => AliasOf::Product,
                },
                platform: learned.alias.left.clone(),
                ledger: learned.alias.right.clone(),
            },
            seen: learned.seen,
        });
        let seen_factors = learned.factors.iter().map(|learned| LearnedFactor {
            factor: UnitFactor {
                code: learned.factor.code.clone(),
                unit: learned.factor.unit.clone(),
                of: learned.factor.of.clone(),
                per: learned.factor.per,
            },
            seen: learned.seen,
        });
        Ok(ReconcileLearned {
            factors: seen_factors.filter(|learned| !known_factors.contains(&learned.factor)).collect(),
            aliases: seen_aliases.filter(|learned| !known_aliases.contains(&learned.alias)).collect(),
            known_factors,
            known_aliases,
        })
    }

    pub(super) fn reconcile_known(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileKnownReq,
    ) -> ApiResult<ReconcileLearned> {
        self.may(Act::Reconcile)?;
        for factor in &req.add_factors {
            let is_named = [&factor.unit, &factor.of].into_iter().all(|unit| is_name(unit));
            if !is_named
                || factor.unit.trim() == factor.of.trim()
                || !(2..=MOST_PER_UNIT).contains(&factor.per)
            {
                return Err(ApiError::field(ErrorCode::FieldInvalid, "addFactors"));
            }
        }
        if !req.add_aliases.iter().all(|alias| is_name(&alias.platform) && is_name(&alias.ledger)) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "addAliases"));
        }
        let (actor, at) = (self.actor()?, self.now.unix());
        self.store.write_local(|tx| {
            for alias in &req.remove_aliases {
                decision::remove_alias(tx, &kept_alias(alias))?;
            }
            for factor in &req.remove_factors {
                decision::remove_factor(tx, &kept_factor(factor))?;
            }
            for alias in &req.add_aliases {
                decision::add_alias(tx, &kept_alias(alias), &actor, at)?;
            }
            for factor in &req.add_factors {
                decision::put_factor(tx, &kept_factor(factor), &actor, at)?;
            }
            let detail = serde_json::json!({
                "added": req.add_aliases.len() + req.add_factors.len(),
                "removed": req.remove_aliases.len() + req.remove_factors.len(),
            });
            audit::append(tx, &self.entry(&actor, "reconcile.confirmed", "reconcile:known", detail))?;
            Ok::<_, StoreError>(())
        })?;
        self.reconcile_learned(reconciled, &PeriodReq { period: req.period.clone() })
    }

    pub(super) fn reconcile_tolerances(&self) -> ApiResult<ReconcileTolerances> {
        let set = self.store.read(input::tolerances)?;
        Ok(ReconcileTolerances {
            quantity: set.quantity.to_string(),
            price: set.price.to_string(),
            amount: set.amount.to_string(),
            days: set.days.map(u32::from),
        })
    }

    pub(super) fn reconcile_tolerances_set(
        &self,
        req: &ReconcileTolerances,
    ) -> ApiResult<ReconcileTolerances> {
        self.may(Act::Reconcile)?;
        let invalid = |field| ApiError::field(ErrorCode::FieldInvalid, field);
        let tolerances = Tolerances {
            quantity: req.quantity.trim().parse::<Quantity>().map_err(|_| invalid("quantity"))?,
            price: req.price.trim().parse::<Price>().map_err(|_| invalid("price"))?,
            amount: req.amount.trim().parse::<Amount>().map_err(|_| invalid("amount"))?,
            days: req
                .days
                .map(|days| {
                    u16::try_from(days).ok().filter(|_| days <= MOST_DAYS).ok_or_else(|| invalid("days"))
                })
                .transpose()?,
        };
        for (field, is_negative) in [
            ("quantity", tolerances.quantity.is_negative()),
            ("price", tolerances.price.is_negative()),
            ("amount", tolerances.amount.is_negative()),
        ] {
            if is_negative {
                return Err(invalid(field));
            }
        }
        let actor = self.actor()?;
        let value = serde_json::to_string(&tolerances).map_err(|error| ApiError::internal(&error))?;
        let detail = serde_json::to_value(tolerances).map_err(|error| ApiError::internal(&error))?;
        self.store.write_local(|tx| {
            setting::set(tx, input::TOLERANCES, &value)?;
            let entry = self.entry(&actor, "reconcile.tolerancesSet", "reconcile:tolerances", detail.clone());
            audit::append(tx, &entry).map(drop)
        })?;
        self.reconcile_tolerances()
    }
}

fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control)
}

fn kept_alias(alias: &NameAlias) -> KnownAlias {
    KnownAlias {
        is_supplier: alias.of == AliasOf::Supplier,
        platform: alias.platform.trim().to_owned(),
        ledger: alias.ledger.trim().to_owned(),
    }
}

fn shown_alias(alias: KnownAlias) -> NameAlias {
    NameAlias {
        of: if alias.is_supplier { AliasOf::Supplier } else { AliasOf::Product },
        platform: alias.platform,
        ledger: alias.ledger,
    }
}

fn kept_factor(factor: &UnitFactor) -> KnownFactor {
    KnownFactor {
        code: factor.code.trim().to_owned(),
        unit: factor.unit.trim().to_owned(),
        of: factor.of.trim().to_owned(),
        per: factor.per,
    }
}

fn shown_factor(factor: KnownFactor) -> UnitFactor {
    UnitFactor { code: factor.code, unit: factor.unit, of: factor.of, per: factor.per }
}
