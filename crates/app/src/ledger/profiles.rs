//! 导入方案: remembered by name, and carried to colleagues as a file.

use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sunbench_contract::sign::hex;
use sunbench_exchange::ledger::{LedgerError, Profile};
use sunbench_store::local::{decision, import_profile};
use sunbench_store::{StoreError, audit};

use super::read::{headings, refused};
use super::words::{field, reader_field};
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{unwritten, write_whole};
use crate::wire::{
    Act, FileWritten, ImportProfile, ImportProfileReq, ImportProfileSaveReq, ImportProfiles, LedgerHeading,
};

const LONGEST_NAME: usize = 60;
const MOST_HEADINGS: usize = 200;
const LONGEST_FILE: u64 = 4 << 20;

/// A profile as a file, with what was confirmed about names and units. The two-file `reconcile` reads it too.
#[derive(Serialize, Deserialize)]
struct Carried {
    #[serde(default)]
    name: String,
    #[serde(flatten)]
    profile: Profile,
    #[serde(default)]
    aliases: Vec<CarriedAlias>,
    #[serde(default)]
    factors: Vec<CarriedFactor>,
}

#[derive(Serialize, Deserialize)]
struct CarriedAlias {
    supplier: bool,
    platform: String,
    ledger: String,
}

#[derive(Serialize, Deserialize)]
struct CarriedFactor {
    code: String,
    unit: String,
    of: String,
    per: u32,
}

pub(super) fn to_reader(sheet: &str, headings: &[LedgerHeading]) -> Profile {
    Profile {
        sheet: sheet.to_owned(),
        headings: headings.iter().map(|h| (h.heading.clone(), h.field.map(reader_field))).collect(),
    }
}

fn body(profile: &Profile) -> String {
    serde_json::to_string(profile).expect("a plain value has a JSON form")
}

fn parsed(stored: &import_profile::ImportProfile) -> Profile {
    serde_json::from_str(&stored.body).unwrap_or_default()
}

impl Context<'_> {
    /// The remembered profiles.
    pub fn import_profiles(&self) -> ApiResult<ImportProfiles> {
        let stored = self.store.read(import_profile::all)?;
        let shown = stored.iter().map(|stored| {
            let profile = parsed(stored);
            let headings = profile.headings.into_iter();
            ImportProfile {
                name: stored.name.clone(),
                sheet: profile.sheet,
                headings: headings
                    .map(|(heading, of)| LedgerHeading { heading, field: of.map(field) })
                    .collect(),
                edited_at: text(stored.edited_at),
                edited_by: stored.edited_by.clone(),
            }
        });
        Ok(ImportProfiles { profiles: shown.collect() })
    }

    /// Remembers a profile; one of the same name is replaced.
    pub fn import_profile_save(&self, req: &ImportProfileSaveReq) -> ApiResult<ImportProfiles> {
        self.may(Act::Reconcile)?;
        self.remember(&req.name, &to_reader(&req.sheet, &req.headings))?;
        self.import_profiles()
    }

    pub(super) fn remember(&self, name: &str, profile: &Profile) -> ApiResult<()> {
        let name = name.trim();
        if name.is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "name"));
        }
        if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "name"));
        }
        if profile.headings.len() > MOST_HEADINGS {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "headings"));
        }
        let actor = self.actor()?;
        let stored = import_profile::ImportProfile {
            name: name.to_owned(),
            body: body(profile),
            edited_at: self.now.unix(),
            edited_by: actor,
        };
        Ok(self.store.write_local(|tx| import_profile::put(tx, &stored))?)
    }

    /// Forgets a profile.
    pub fn import_profile_remove(&self, req: &ImportProfileReq) -> ApiResult<ImportProfiles> {
        self.may(Act::Reconcile)?;
        if !self.store.write_local(|tx| import_profile::remove(tx, &req.name))? {
            return Err(ErrorCode::NotFound.into());
        }
        self.import_profiles()
    }

    /// Writes a profile to a file, with the confirmed aliases and factors.
    pub(super) fn import_profile_write(&self, name: &str, file: &Path) -> ApiResult<FileWritten> {
        let (stored, aliases, factors) = self.store.read(|conn| {
            Ok((import_profile::get(conn, name)?, decision::aliases(conn)?, decision::factors(conn)?))
        })?;
        let stored = stored.ok_or(ErrorCode::NotFound)?;
        let aliases = aliases.into_iter().map(|alias| CarriedAlias {
            supplier: alias.is_supplier,
            platform: alias.platform,
            ledger: alias.ledger,
        });
        let factors = factors.into_iter().map(|factor| CarriedFactor {
            code: factor.code,
            unit: factor.unit,
            of: factor.of,
            per: factor.per,
        });
        let carried = Carried {
            name: stored.name.clone(),
            profile: parsed(&stored),
            aliases: aliases.collect(),
            factors: factors.collect(),
        };
        let content = serde_json::to_vec_pretty(&carried).map_err(|error| ApiError::internal(&error))?;
        write_whole(file, |out| out.write_all(&content)).map_err(|error| unwritten(&error))?;
        let sha256 = hex(&<sha2::Sha256 as sha2::Digest>::digest(&content));
        let actor = self.actor()?;
        let detail = serde_json::json!({ "profile": stored.name, "sha256": sha256 });
        let entry = self.entry(&actor, "importProfile.exported", "ledger", detail);
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(FileWritten { path: file.display().to_string(), sha256 })
    }

    /// Takes a colleague's profile in, with the aliases and factors that he confirmed.
    pub(super) fn import_profile_take(&self, file: &Path) -> ApiResult<ImportProfiles> {
        self.may(Act::Reconcile)?;
        let carried = carried(file)?;
        let name = if carried.name.trim().is_empty() {
            file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
        } else {
            carried.name
        };
        self.remember(&name, &carried.profile)?;
        let (actor, at) = (self.actor()?, self.now.unix());
        self.store.write_local(|tx| {
            for alias in &carried.aliases {
                let alias = decision::KnownAlias {
                    is_supplier: alias.supplier,
                    platform: alias.platform.clone(),
                    ledger: alias.ledger.clone(),
                };
                decision::add_alias(tx, &alias, &actor, at)?;
            }
            for factor in carried.factors.iter().filter(|factor| factor.per > 0) {
                let factor = decision::KnownFactor {
                    code: factor.code.clone(),
                    unit: factor.unit.clone(),
                    of: factor.of.clone(),
                    per: factor.per,
                };
                decision::put_factor(tx, &factor, &actor, at)?;
            }
            let detail = serde_json::json!({
                "profile": name, "aliases": carried.aliases.len(), "factors": carried.factors.len(),
            });
            audit::append(tx, &self.entry(&actor, "importProfile.read", "ledger", detail))?;
            Ok::<_, StoreError>(())
        })?;
        self.import_profiles()
    }

    /// The profile that a file is read with, and its name: the one that is named; else the remembered one of whose
    /// headings the file has the most, and none of which it lacks.
    pub(super) fn profile_for(
        &self,
        path: &Path,
        name: Option<&str>,
        said: &Profile,
    ) -> ApiResult<(Option<String>, Profile)> {
        let stored = self.store.read(import_profile::all)?;
        let chosen = match name {
            Some(name) => {
                let named = stored.iter().find(|stored| stored.name == name);
                Some(named.ok_or_else(|| ApiError::field(ErrorCode::NotFound, "profile"))?)
            }
            None => best(path, &stored, said)?,
        };
        let mut profile = chosen.map(parsed).unwrap_or_default();
        // What the person says now goes before what was remembered.
        profile.headings.retain(|(heading, _)| !said.headings.iter().any(|(known, _)| known == heading));
        profile.headings.extend(said.headings.iter().cloned());
        if !said.sheet.is_empty() {
            profile.sheet.clone_from(&said.sheet);
        }
        Ok((chosen.map(|stored| stored.name.clone()), profile))
    }
}

fn carried(file: &Path) -> ApiResult<Carried> {
    let mut text = String::new();
    let length = sunbench_exchange::open_regular(file)
        .and_then(|file| file.take(LONGEST_FILE + 1).read_to_string(&mut text))
        .map_err(|_| ErrorCode::FileUnreadable)?;
    if length as u64 > LONGEST_FILE {
        return Err(ErrorCode::FileUnreadable.into());
    }
    serde_json::from_str(&text).map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "profile"))
}

fn best<'s>(
    path: &Path,
    stored: &'s [import_profile::ImportProfile],
    said: &Profile,
) -> ApiResult<Option<&'s import_profile::ImportProfile>> {
    if stored.is_empty() {
        return Ok(None);
    }
    let mut found: Option<(usize, &import_profile::ImportProfile)> = None;
    for candidate in stored {
        let mut profile = parsed(candidate);
        if !said.sheet.is_empty() {
            profile.sheet.clone_from(&said.sheet);
        }
        let present = match headings(path, &profile) {
            Ok(present) => present,
            Err(LedgerError::Sheet(error)) => return Err(refused(&LedgerError::Sheet(error))),
            Err(_) => continue,
        };
        let mut used = profile.headings.iter().filter(|(_, field)| field.is_some());
        let fits = used.clone().count();
        let fits_all = fits > 0 && used.all(|(heading, _)| present.contains(heading));
        if fits_all && found.is_none_or(|(most, _)| fits > most) {
            found = Some((fits, candidate));
        }
    }
    Ok(found.map(|(_, candidate)| candidate))
}
