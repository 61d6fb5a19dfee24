//! 指标: the hospital measured by the rules of a day, ahead of the platform; forecasts; what is behind a number.

mod analysis;
pub mod back_test;
mod board;
mod exemptions;
mod lines;
mod records;
mod self_check;
mod shown;

use chrono::NaiveDate;
use sunbench_contract::Resource;
use sunbench_domain::policy::{
    Adjustment, Measure, Packs, Reading, RuleBook, Rules, Scope, Tallies as _, foresee,
};
use sunbench_store::mirror::{document, indicator};
use sunbench_store::setting;

use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{IndicatorList, IndicatorsReq, PolicyPack, PolicyPackReq, PolicyPacks};

/// The pack that a person chose instead of the institution's own.
const PACK: &str = "policy.pack";
const RULES: u32 = 5_000;
/// Adjustments are announced; what they will do is foreseen so many days before.
const ANNOUNCED_DAYS: u64 = 60;

/// A hospital measured.
pub(crate) struct Measured {
    pub(crate) as_of: NaiveDate,
    pub(crate) rules: Rules,
    pub(crate) readings: Vec<Reading>,
    pub(crate) unknown_units: i128,
}

impl Context<'_> {
    /// The packs of this program and those in the profile's folder `policies`. One that cannot be read is left out, with its
    /// reason in the log; it holds no business values.
    pub(crate) fn packs(&self) -> Packs {
        let mut files = Vec::new();
        let folder = std::fs::read_dir(self.store.root().join("policies"));
        for entry in folder.into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.extension().is_some_and(|kind| kind == "toml")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                files.push((name, text));
            }
        }
        files.sort();
        let mut packs = Packs::built_in();
        let mut taken: Vec<(&str, &str)> = Vec::new();
        for (name, text) in &files {
            taken.push((name, text));
            match Packs::built_in_and(taken.iter().copied()) {
                Ok(all) => packs = all,
                Err(error) => {
                    tracing::warn!("{error}");
                    taken.pop();
                }
            }
        }
        packs
    }

    /// The pack that is asked for, or chosen, or the institution's own.
    fn pack_id(&self, packs: &Packs, asked: Option<&str>) -> ApiResult<String> {
        if let Some(id) = asked {
            return match packs.get(id) {
                Some(pack) => Ok(pack.id.clone()),
                None => Err(ApiError::field(ErrorCode::FieldInvalid, "pack")),
            };
        }
        let chosen = self.store.read(|conn| setting::get(conn, PACK))?;
        if let Some(pack) = chosen.and_then(|id| packs.get(&id)) {
            return Ok(pack.id.clone());
        }
        Ok(packs.for_institution(&self.account()?.institution).id.clone())
    }

    fn book(&self, pack: Option<&str>) -> ApiResult<RuleBook> {
        let packs = self.packs();
        let id = self.pack_id(&packs, pack)?;
        let found = self.store.read(|conn| document::list(conn, Resource::Rule.name(), RULES))?;
        let adjustments =
            found.iter().filter_map(|rule| serde_json::from_str::<Adjustment>(&rule.data).ok()).collect();
        Ok(RuleBook::new(packs, &id, adjustments).ok_or(ErrorCode::FieldInvalid)?)
    }

    fn rules(&self, as_of: NaiveDate) -> ApiResult<Rules> {
        Ok(self.book(None)?.at_end_of(as_of))
    }

    fn as_of(&self, text: Option<&str>) -> ApiResult<NaiveDate> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(self.today()) };
        let date = text.parse().ok().filter(|date| *date <= self.today());
        date.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "asOf"))
    }

    /// Everything measured. The first time after an update that counts otherwise, the tallies are made anew.
    pub(crate) fn measured(&self, as_of: Option<&str>, pack: Option<&str>) -> ApiResult<Measured> {
        let as_of = self.as_of(as_of)?;
        let book = self.book(pack)?;
        if !self.store.read(indicator::is_current)? {
            self.store.write_mirror(indicator::recount)?;
        }
        let (rules, readings, unknown) = self.store.read(|conn| {
            let records = records::read(conn, self.calendar, as_of)?;
            let tallies = indicator::StoredTallies::new(conn);
            let days = (as_of, self.today());
            let (rules, readings) = foresee(&book, &records, &tallies, self.calendar, days, ANNOUNCED_DAYS)?;
            let unknown =
                tallies.sum(Measure::UnknownUnit, Scope::Hospital, self.calendar.first_day(), as_of)?;
            Ok((rules, readings, unknown.n))
        })?;
        Ok(Measured { as_of, rules, readings, unknown_units: unknown })
    }

    /// Every indicator of the pack.
    pub fn indicators(&self, req: &IndicatorsReq) -> ApiResult<IndicatorList> {
        let measured = self.measured(req.as_of.as_deref(), req.pack.as_deref())?;
        Ok(measured.list())
    }

    /// The packs to choose from.
    pub fn policy_packs(&self) -> ApiResult<PolicyPacks> {
        let packs = self.packs();
        let shown = packs.iter().map(|pack| PolicyPack {
            id: pack.id.clone(),
            name: pack.name.clone(),
            valid_from: pack.valid_from.to_string(),
            valid_to: pack.valid_to.map(|day| day.to_string()),
        });
        Ok(PolicyPacks { pack: self.pack_id(&packs, None)?, packs: shown.collect() })
    }

    /// Chooses a pack, or the institution's own again.
    pub fn policy_pack_set(&self, req: &PolicyPackReq) -> ApiResult<PolicyPacks> {
        self.may(crate::wire::Act::Manage)?;
        if let Some(id) = &req.pack {
            self.pack_id(&self.packs(), Some(id))?;
        }
        let actor = self.actor()?;
        let chosen = req.pack.as_deref().unwrap_or("own");
        let entry = self.entry(&actor, "policy.chosen", chosen, serde_json::json!({}));
        self.store.write_local(|tx| {
            match &req.pack {
                Some(id) => setting::set(tx, PACK, id)?,
                None => setting::remove(tx, PACK)?,
            }
            sunbench_store::audit::append(tx, &entry)
        })?;
        self.policy_packs()
    }
}

impl Measured {
    pub(crate) fn list(&self) -> IndicatorList {
        IndicatorList {
            as_of: self.as_of.to_string(),
            pack: self.rules.pack.id.clone(),
            pack_name: self.rules.pack.name.clone(),
            rule_version: self.rules.version.clone(),
            rows: self.readings.iter().map(|reading| shown::row(&self.rules, reading)).collect(),
            not_applied: small(self.rules.not_applied.len() as u64),
            unknown_units: small(u64::try_from(self.unknown_units).unwrap_or_default()),
        }
    }
}
