//! 人员: several people work with one profile. Each signs in at the platform for himself, unlocks with his own passphrase,
//! and what he does stands in his name.

use std::sync::Arc;
use std::time::Duration;

use sunbench_store::local::{account, outbox};
use sunbench_store::vault::{OsKeyRing, PassphraseCost, Person as Slot};
use sunbench_store::{Passphrase, UnlockedBy, audit};
use uuid::Uuid;

use crate::app::App;
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{AppState, Nothing, People, PersonPassphraseRemoveReq, PersonPassphraseReq, PersonRow};

/// Somebody waits to leave.
const AT_THE_WINDOW: Duration = Duration::from_secs(5);
/// Until the platform is told of a sign-out once more.
const TELL_AGAIN: Duration = Duration::from_mins(1);
/// Shorter ones are guessed.
pub(crate) const SHORTEST: usize = 8;

impl Context<'_> {
    /// Everybody who ever signed in here; the one at work first.
    pub fn people(&self) -> ApiResult<People> {
        let (people, connected, waiting) = self.store.read(|conn| {
            Ok((account::people(conn)?, account::get(conn)?, outbox::waiting_by_actor(conn)?))
        })?;
        let at_work = connected.map(|account| account.user);
        let opens: Vec<String> = self.store.people().iter().map(|person| person.id.to_string()).collect();
        let mut rows: Vec<PersonRow> = people
            .into_iter()
            .map(|person| PersonRow {
                at_work: Some(&person.user) == at_work.as_ref(),
                signed_in: person.is_signed_in(),
                // One that lapsed with a new data key is none.
                has_passphrase: person.slot.is_some_and(|slot| opens.contains(&slot)),
                signed_in_at: text(person.signed_in_at),
                waiting: small(waiting.get(&person.user).copied().unwrap_or(0)),
                user: person.user,
                name: person.name,
                roles: person.roles,
            })
            .collect();
        rows.sort_by_key(|row| !row.at_work);
        Ok(People { people: rows })
    }

    /// Sets or changes the passphrase of the person at work. From then on the system's keyring no longer opens the
    /// profile.
    pub fn person_passphrase_set(&self, req: PersonPassphraseReq) -> ApiResult<People> {
        let me = self.me()?;
        if req.passphrase.chars().count() < SHORTEST {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "passphrase"));
        }
        let slot = me.slot.as_deref().and_then(|slot| Uuid::parse_str(slot).ok());
        let by_recovery = matches!(self.store.unlocked_by(), UnlockedBy::Recovery { .. });
        if let Some(slot) = slot.filter(|_| !by_recovery) {
            self.check(slot, req.current)?;
        }
        let id = slot.unwrap_or_else(Uuid::new_v4);
        let passphrase = Passphrase::new(req.passphrase, PassphraseCost::Interactive);
        // The row first: a slot that nobody is known by would open the profile for nobody in particular.
        let action = if slot.is_some() { "person.passphraseChanged" } else { "person.passphraseSet" };
        let entry = self.entry(&me.user, action, "profile", serde_json::json!({}));
        self.store.write_local(|tx| {
            account::set_slot(tx, &me.user, Some(&id.to_string()))?;
            audit::append(tx, &entry)
        })?;
        self.store.set_person(Slot { id, name: me.name }, &passphrase, &OsKeyRing)?;
        self.people()
    }

    /// Takes the passphrase of the person at work away.
    pub fn person_passphrase_remove(&self, req: PersonPassphraseRemoveReq) -> ApiResult<People> {
        let me = self.me()?;
        let slot =
            me.slot.as_deref().and_then(|slot| Uuid::parse_str(slot).ok()).ok_or(ErrorCode::NotFound)?;
        self.check(slot, Some(req.current))?;
        self.store.remove_person(slot, &OsKeyRing)?;
        let entry = self.entry(&me.user, "person.passphraseRemoved", "profile", serde_json::json!({}));
        self.store.write_local(|tx| {
            account::set_slot(tx, &me.user, None)?;
            audit::append(tx, &entry)
        })?;
        self.people()
    }

    fn check(&self, slot: Uuid, current: Option<String>) -> ApiResult<()> {
        // One that lapsed with a new data key holds nothing to be proven.
        if !self.store.people().iter().any(|person| person.id == slot) {
            return Ok(());
        }
        let current = current.filter(|text| !text.is_empty());
        let current = current.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "current"))?;
        let current = Passphrase::new(current, PassphraseCost::Interactive);
        if !self.store.is_passphrase_of(slot, &current)? {
            return Err(ApiError::field(ErrorCode::WrongKey, "current"));
        }
        Ok(())
    }

    /// The person at work, as he is kept.
    fn me(&self) -> ApiResult<account::Person> {
        let user = self.account()?.user;
        let people = self.store.read(account::people)?;
        Ok(people.into_iter().find(|person| person.user == user).ok_or(ErrorCode::NotConnected)?)
    }

    /// Who unlocked is at work now: from here on everything stands in his name.
    pub(crate) fn put_to_work(&self) -> ApiResult<()> {
        let UnlockedBy::Person(id) = self.store.unlocked_by() else { return Ok(()) };
        let (people, at_work) = self.store.read(|conn| Ok((account::people(conn)?, account::get(conn)?)))?;
        let id = id.to_string();
        let person = people.into_iter().find(|person| person.slot.as_deref() == Some(&id));
        // A passphrase that is nobody's any more opens nothing.
        let person = person.ok_or(ErrorCode::WrongKey)?;
        if at_work.is_none_or(|account| account.user != person.user) {
            self.store.write_local(|tx| {
                account::switch(tx, &person)?;
                sunbench_sync::forget_token(tx)
            })?;
        }
        Ok(())
    }

    /// Notes who unlocked, and how.
    pub(crate) fn note_unlock(&self) -> ApiResult<()> {
        let by = match self.store.unlocked_by() {
            UnlockedBy::Keyring => "keyring",
            UnlockedBy::Passphrase => "passphrase",
            UnlockedBy::Recovery { .. } => "recoveryCode",
            UnlockedBy::Person(_) => "person",
        };
        let actor = self.actor()?;
        let entry = self.entry(&actor, "profile.unlocked", "profile", serde_json::json!({ "by": by }));
        Ok(self.store.write_local(|tx| audit::append(tx, &entry)).map(drop)?)
    }

    /// Forgets the credentials of the person at work: the token, the signing secret, what renews them. Drafts and
    /// submissions stay, in his name.
    fn forget_sign_in(&self) -> ApiResult<()> {
        let account = self.account()?;
        let entry = self.entry(&account.user, "signedOut", "account", serde_json::json!({}));
        self.store.write_local(|tx| {
            sunbench_sync::seat::leave(tx, self.now.unix())?;
            audit::append(tx, &entry)
        })?;
        Ok(())
    }
}

impl App {
    /// Signs the person at work out. Nothing signs in his name here from then on, and the platform closes the seat: now,
    /// or when it can be reached.
    pub async fn sign_out(self: &Arc<Self>, _: Nothing) -> ApiResult<AppState> {
        self.unlink().await;
        self.run(|context, _| context.forget_sign_in()).await?;
        if !matches!(tokio::time::timeout(AT_THE_WINDOW, self.close_left_seats()).await, Ok(true)) {
            self.close_left_seats_later();
        }
        self.tell_status();
        self.app_state(Nothing {}).await
    }

    /// Whether the platform knows of every sign-out now.
    async fn close_left_seats(&self) -> bool {
        let Ok(store) = self.store() else { return true };
        let open = sunbench_sync::seat::close_left(&store, Arc::clone(&self.config.clock)).await;
        open.inspect_err(|error| tracing::warn!(code = ?error.code(), "a sign-out was not told")).unwrap_or(1)
            == 0
    }

    /// Tells the platform of sign-outs for as long as the profile is open and one has not arrived.
    pub(crate) fn close_left_seats_later(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        let task = tokio::spawn(async move {
            while let Some(app) = app.upgrade() {
                if app.close_left_seats().await {
                    return;
                }
                drop(app);
                tokio::time::sleep(TELL_AGAIN).await;
            }
        });
        if let Some(earlier) = self.with_state(|state| state.leaving.replace(task)) {
            earlier.abort();
        }
    }
}
