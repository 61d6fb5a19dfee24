//! 政策包: which one is in use, what its rules say today, and what the platform adjusted.

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use sunbench_domain::policy::{
    Adjustment, Formula, LimitUnit, PACK_BYTES, Pack, PackError, PackFault, Packs, Percent, RuleBook, Rules,
    Window, pack_text,
};
use sunbench_store::{audit, setting};

use super::shown;
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{
    Act, AdjustmentState, PolicyAdjustment, PolicyDeadline, PolicyExemption, PolicyIndicator, PolicyPack,
    PolicyPackReq, PolicyPacks, PolicyRules, PolicySource, UnreadablePack,
};

/// The pack that a person chose instead of the institution's own.
const PACK: &str = "policy.pack";

/// So many files of packs are read from a profile.
const MOST_PACKS: usize = 64;

/// The packs of the program and of the profile.
pub(crate) struct KnownPacks {
    pub(crate) packs: Packs,
    /// Files that nothing is taken from, with the reason.
    unreadable: Vec<UnreadablePack>,
    /// Ids of those that were read from the profile.
    added: Vec<String>,
}

impl Context<'_> {
    /// The packs of this program and those in the profile's folder `policies`. One that cannot be read is left out and told.
    pub(crate) fn packs(&self) -> KnownPacks {
        read_packs(&self.store.root().join("policies"))
    }

    /// The pack that is asked for, or chosen, or the institution's own.
    pub(super) fn pack_id(&self, packs: &Packs, asked: Option<&str>) -> ApiResult<String> {
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
        self.own_pack(packs)
    }

    fn own_pack(&self, packs: &Packs) -> ApiResult<String> {
        Ok(packs.for_institution(&self.account()?.institution).id.clone())
    }

    /// The packs to choose from.
    pub fn policy_packs(&self) -> ApiResult<PolicyPacks> {
        let known = self.packs();
        Ok(PolicyPacks {
            pack: self.pack_id(&known.packs, None)?,
            own: self.own_pack(&known.packs)?,
            packs: known.packs.iter().map(|pack| shown_pack(pack, &known.added)).collect(),
            unreadable: known.unreadable,
        })
    }

    /// Chooses a pack, or the institution's own again.
    pub fn policy_pack_set(&self, req: &PolicyPackReq) -> ApiResult<PolicyPacks> {
        self.may(Act::Manage)?;
        if let Some(id) = &req.pack {
            self.pack_id(&self.packs().packs, Some(id))?;
        }
        let actor = self.actor()?;
        let chosen = req.pack.as_deref().unwrap_or("own");
        let entry = self.entry(&actor, "policy.chosen", chosen, serde_json::json!({}));
        self.store.write_local(|tx| {
            match &req.pack {
                Some(id) => setting::set(tx, PACK, id)?,
                None => setting::remove(tx, PACK)?,
            }
            audit::append(tx, &entry)
        })?;
        self.policy_packs()
    }

    /// A pack's rules as they stand today, with the platform's adjustments; without a name those in use.
    pub fn policy_rules(&self, req: &PolicyPackReq) -> ApiResult<PolicyRules> {
        let known = self.packs();
        let id = self.pack_id(&known.packs, req.pack.as_deref())?;
        let pack = known.packs.get(&id).ok_or(ErrorCode::NotFound)?;
        let book = self.book(Some(&id))?;
        let at = self.now.at();
        let rules = book.as_of(at);
        let plain = known.packs.get(&rules.pack.id).unwrap_or(pack);
        Ok(PolicyRules {
            pack: shown_pack(pack, &known.added),
            in_force: rules.pack.id.clone(),
            rule_version: rules.version.clone(),
            sources: sources(&rules.pack),
            deadlines: deadlines(&rules.pack),
            indicators: indicators(&rules.pack, plain),
            exemptions: exemptions(&rules.pack),
            adjustments: adjustments(&book, &rules, at),
        })
    }
}

/// Reads a folder's files beside the built-in ones. They come in any order: one may extend another.
fn read_packs(folder: &Path) -> KnownPacks {
    let mut waiting = Vec::new();
    let mut unreadable = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let file = entry.file_name().to_string_lossy().into_owned();
        if path.extension().is_none_or(|kind| kind != "toml") {
            continue;
        }
        match read_pack(&path, &file) {
            Ok(text) => waiting.push((file, text)),
            Err(error) => unreadable.push(told(&file, &error)),
        }
    }
    waiting.sort();
    for (file, _) in waiting.split_off(waiting.len().min(MOST_PACKS)) {
        unreadable.push(told(&file, &PackError::of_file(&file, PackFault::TooMany)));
    }
    let mut packs = Packs::built_in();
    let mut taken: Vec<(String, String)> = Vec::new();
    loop {
        let before = waiting.len();
        let mut refused = Vec::new();
        let mut reasons = Vec::new();
        for (file, text) in waiting {
            let all = taken.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            match Packs::built_in_and(all.chain([(file.as_str(), text.as_str())])) {
                Ok(more) => {
                    packs = more;
                    taken.push((file, text));
                }
                Err(error) => {
                    reasons.push(told(&file, &error));
                    refused.push((file, text));
                }
            }
        }
        if refused.is_empty() || refused.len() == before {
            unreadable.extend(reasons);
            unreadable.sort_by(|a, b| a.file.cmp(&b.file));
            let id = |(file, _): (String, String)| file.trim_end_matches(".toml").to_owned();
            return KnownPacks { packs, unreadable, added: taken.into_iter().map(id).collect() };
        }
        waiting = refused;
    }
}

/// The text of a regular file of a pack's size; a link may lead anywhere, a device never ends.
fn read_pack(path: &Path, file: &str) -> Result<String, PackError> {
    let refused = |fault| PackError::of_file(file, fault);
    let found = std::fs::symlink_metadata(path).map_err(|_| refused(PackFault::NotReadable))?;
    if !found.is_file() {
        return Err(refused(PackFault::NotAFile));
    }
    if found.len() > PACK_BYTES {
        return Err(refused(PackFault::TooLarge));
    }
    pack_text(file, std::fs::read(path).map_err(|_| refused(PackFault::NotReadable))?)
}

fn told(file: &str, error: &PackError) -> UnreadablePack {
    tracing::warn!("{error}");
    UnreadablePack { file: file.to_owned(), text: error.text_zh(), text_en: error.to_string() }
}

fn shown_pack(pack: &Pack, added: &[String]) -> PolicyPack {
    PolicyPack {
        id: pack.id.clone(),
        name: pack.name.clone(),
        version: pack.version,
        extends: pack.extends.clone(),
        valid_from: pack.valid_from.to_string(),
        valid_to: pack.valid_to.map(|day| day.to_string()),
        is_built_in: !added.contains(&pack.id),
    }
}

fn sources(pack: &Pack) -> Vec<PolicySource> {
    let shown = pack.sources.iter().map(|source| PolicySource {
        title: source.title.clone(),
        number: source.number.clone(),
        date: source.date.to_string(),
    });
    shown.collect()
}

fn deadlines(pack: &Pack) -> Vec<PolicyDeadline> {
    let shown = pack.deadlines.iter().map(|rule| PolicyDeadline {
        id: rule.id.clone(),
        name: rule.name.clone(),
        amount: rule.amount,
        unit: rule.unit.name().to_owned(),
        trigger: rule.trigger.clone(),
        source: shown::source(pack, &rule.source),
        clause: rule.clause.clone(),
    });
    shown.collect()
}

/// `plain` is the pack without adjustments.
fn indicators(pack: &Pack, plain: &Pack) -> Vec<PolicyIndicator> {
    let shown = pack.indicators.iter().map(|rule| {
        let limit = |limit: Option<Percent>| limit.map(|limit| limit.to_string());
        PolicyIndicator {
            id: rule.id.clone(),
            name: rule.name.clone(),
            window: window(rule.window),
            direction: rule.direction.name().to_owned(),
            unit: match rule.formula.limit_unit() {
                LimitUnit::Hundredths => "percent",
                LimitUnit::Wholes if rule.formula == Formula::Savings => "yuan",
                LimitUnit::Wholes => "hours",
            }
            .to_owned(),
            notice: limit(rule.thresholds.notice),
            warning: limit(rule.thresholds.warning),
            serious: limit(rule.thresholds.serious),
            is_adjusted: plain.indicators.iter().any(|one| one.id == rule.id && one != rule),
            source: shown::source(pack, &rule.source),
            clause: rule.clause.clone(),
        }
    });
    shown.collect()
}

/// As packs write it.
fn window(window: Window) -> String {
    match window {
        Window::Cycle => "cycle".to_owned(),
        Window::Month => "month".to_owned(),
        Window::Quarter => "quarter".to_owned(),
        Window::Year => "year".to_owned(),
        Window::Days(count) => format!("{count} days"),
        Window::Months(count) => format!("{count} months"),
    }
}

fn exemptions(pack: &Pack) -> Vec<PolicyExemption> {
    let shown = pack.exemptions.iter().map(|rule| PolicyExemption {
        kind: rule.kind.name().to_owned(),
        is_granted: rule.is_for_consumables,
        source: shown::source(pack, &rule.source),
        clause: rule.clause.clone(),
    });
    shown.collect()
}

/// The latest first.
fn adjustments(book: &RuleBook, rules: &Rules, at: DateTime<FixedOffset>) -> Vec<PolicyAdjustment> {
    let all = book.adjustments();
    let state = |place: usize, one: &Adjustment| {
        let same =
            |other: &Adjustment| other.indicator_id == one.indicator_id && other.parameter == one.parameter;
        let holds = |other: &Adjustment| other.effective_time <= at && !rules.not_applied.contains(other);
        if one.effective_time > at {
            AdjustmentState::Announced
        } else if rules.not_applied.contains(one) {
            AdjustmentState::NotUnderstood
        } else if all[place + 1..].iter().any(|other| same(other) && holds(other)) {
            AdjustmentState::Superseded
        } else {
            AdjustmentState::InForce
        }
    };
    let shown = all.iter().enumerate().map(|(place, one)| {
        let indicator = rules.pack.indicators.iter().find(|indicator| indicator.id == one.indicator_id);
        PolicyAdjustment {
            id: one.rule_id.clone(),
            version: one.version,
            indicator: one.indicator_id.clone(),
            name: indicator.map_or(&one.indicator_id, |indicator| &indicator.name).clone(),
            parameter: one.parameter.clone(),
            value: one.value.clone(),
            effective_at: text(one.effective_time.timestamp()),
            source: one.source.clone(),
            clause: one.clause.clone(),
            state: state(place, one),
        }
    });
    let mut shown: Vec<_> = shown.collect();
    shown.reverse();
    shown
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use sunbench_domain::policy::{Adjustment, Packs, RuleBook};

    use super::{adjustments, indicators, read_packs};
    use crate::wire::AdjustmentState;

    const HEAD: &str = "schema = 1\nversion = 2\nvalid_from = \"2026-01-01\"\n";

    #[test]
    fn a_folder_s_packs_extend_each_other_in_any_order_and_bad_ones_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, String); 4] = [
            ("a-city.toml", format!("{HEAD}id = \"a-city\"\nname = \"甲市\"\nextends = \"b-province\"\n")),
            (
                "b-province.toml",
                format!("{HEAD}id = \"b-province\"\nname = \"乙省\"\nextends = \"national-base\"\n"),
            ),
            ("c-broken.toml", "schema = 1\nid = ".to_owned()),
            ("notes.txt", "不是政策包".to_owned()),
        ];
        for (name, text) in &files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("d-gbk.toml"), [0xd5, 0xfe, 0xb2, 0xdf]).unwrap();
        let known = read_packs(folder.path());
        assert_eq!(known.packs.get("a-city").map(|pack| pack.name.as_str()), Some("甲市"));
        assert_eq!(known.added, ["b-province", "a-city"]);
        let told: Vec<_> = known.unreadable.iter().map(|one| one.file.as_str()).collect();
        assert_eq!(told, ["c-broken.toml", "d-gbk.toml"]);
        assert!(known.unreadable[0].text.contains("第 2 行"), "{}", known.unreadable[0].text);
        assert!(known.unreadable[1].text.contains("UTF-8"), "{}", known.unreadable[1].text);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_of_a_pack_s_size_is_told_and_nothing_else_suffers() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let good = format!("{HEAD}id = \"a-city\"\nname = \"甲市\"\nextends = \"national-base\"\n");
        std::fs::write(at("a-city.toml"), &good).unwrap();
        std::os::unix::fs::symlink(at("a-city.toml"), at("b-link.toml")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("c-endless.toml")).unwrap();
        std::fs::create_dir(at("d-folder.toml")).unwrap();
        std::fs::write(at("e-large.toml"), " ".repeat(300 * 1024)).unwrap();
        std::fs::write(at("f-mark.toml"), format!("\u{feff}{good}")).unwrap();
        let known = read_packs(folder.path());
        assert_eq!(known.added, ["a-city"]);
        let told: Vec<_> =
            known.unreadable.iter().map(|one| (one.file.as_str(), one.text_en.as_str())).collect();
        let no_file = |name: &str| format!("{name}: file: not a regular file");
        let expected = [
            ("b-link.toml", no_file("b-link.toml")),
            ("c-endless.toml", no_file("c-endless.toml")),
            ("d-folder.toml", no_file("d-folder.toml")),
            ("e-large.toml", "e-large.toml: file: larger than 256 KiB".to_owned()),
            (
                "f-mark.toml",
                "f-mark.toml: line 1: begins with a byte order mark; save it as UTF-8 without one".to_owned(),
            ),
        ];
        assert_eq!(told, expected.each_ref().map(|(file, text)| (*file, text.as_str())));
        assert!(known.unreadable.iter().all(|one| one.text.starts_with(&format!("政策包 {}，", one.file))));
    }

    #[test]
    fn each_adjustment_is_told_with_what_became_of_it() {
        let adjustment = |rule: &str,
                          indicator: &str,
                          parameter: &str,
                          value: &str,
                          day: &str|
         -> Adjustment {
            serde_json::from_value(serde_json::json!({
                "ruleId": rule, "version": 1, "indicatorId": indicator, "parameter": parameter, "value": value,
                "effectiveTime": format!("{day}T00:00:00+08:00"),
            }))
            .unwrap()
        };
        let settled = "online-settlement-rate";
        let all = vec![
            adjustment("1", settled, "threshold.warning", "88", "2026-07-01"),
            adjustment("2", settled, "threshold.warning", "92", "2026-10-01"),
            // Not understood, so it supersedes nothing.
            adjustment("3", settled, "threshold.warning", "九成", "2026-10-15"),
            adjustment("4", "weather", "threshold.warning", "1", "2026-10-15"),
            adjustment("5", settled, "threshold.warning", "93", "2026-12-01"),
            adjustment("6", settled, "threshold.notice", "97", "2026-08-01"),
        ];
        let book = RuleBook::new(Packs::built_in(), "national-base", all).unwrap();
        let at = DateTime::parse_from_rfc3339("2026-11-20T09:00:00+08:00").unwrap();
        let rules = book.as_of(at);
        let shown = adjustments(&book, &rules, at);
        let states: Vec<_> = shown.iter().map(|one| (one.id.as_str(), one.state)).collect();
        assert_eq!(
            states,
            [
                ("5", AdjustmentState::Announced),
                ("4", AdjustmentState::NotUnderstood),
                ("3", AdjustmentState::NotUnderstood),
                ("2", AdjustmentState::InForce),
                ("6", AdjustmentState::InForce),
                ("1", AdjustmentState::Superseded),
            ]
        );
        assert_eq!(shown[1].name, "weather", "what the pack does not have goes by its id");
        let plain = Packs::built_in();
        let rows = indicators(&rules.pack, plain.get("national-base").unwrap());
        let adjusted: Vec<_> = rows.iter().filter(|row| row.is_adjusted).map(|row| row.id.as_str()).collect();
        assert_eq!(adjusted, [settled]);
        let row = rows.iter().find(|row| row.id == settled).unwrap();
        assert_eq!(
            (row.warning.as_deref(), row.window.as_str(), row.unit.as_str()),
            (Some("92"), "7 months", "percent")
        );
    }

    #[test]
    fn a_profile_without_a_folder_has_the_program_s_packs() {
        let folder = tempfile::tempdir().unwrap();
        let known = read_packs(&folder.path().join("policies"));
        assert!(
            known.packs.get("national-base").is_some()
                && known.added.is_empty()
                && known.unreadable.is_empty()
        );
    }
}
