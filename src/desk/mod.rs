//! DO IT: one verb = one file = one transaction = one receipt, always in the order facts → rule → record → tell → commit.
//!
//! Whoever stands at the desk (the API, a page, a job, the command line, a test) brings a [`Desk`]: who they are and how they
//! came. They call a verb through [`answer`], which runs it to its end in a task of its own, also when the phone that asked
//! has hung up, and runs it again when two writers met.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::{
    event,
    ids::MemberId,
    notice,
    values::{Language, Malformed},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    db::{Done, Intent, Request, Trouble, WriteTx},
    rules::refusal::Refusal,
    speech::Problem as Sort,
    store,
};

pub mod age_to_lost;
pub mod authority;
pub mod block_member;
pub mod bookings;
pub mod borrow;
pub mod communities;
pub mod feeds;
pub mod give_back;
pub mod inspect;
pub mod items;
pub mod kinds;
pub mod look_over;
pub mod me;
pub mod members;
pub mod occasions;
pub mod offers;
pub mod outages;
pub mod photos;
pub mod policies;
pub mod queue;
pub mod read_member;
pub mod remind;
pub mod renew;
pub mod report;
pub mod reports;
pub mod roles;
pub mod scan;
pub mod series;
pub mod set_up;
pub mod sign_in;
pub mod spaces;
pub mod starters;
pub mod stations;
pub mod stickers;
pub mod stock;
pub mod surroundings;
pub mod tasks;
pub mod tickets;
mod trail;
pub mod verify_phone;

pub use authority::Actor;
pub(crate) use trail::{About, Tell};

/// Who stands at the desk, and how they came.
#[derive(Clone)]
pub struct Desk {
    /// The process.
    pub app: App,
    /// Who asks.
    pub actor: Actor,
    /// Through which door.
    pub door: Door,
    /// From which network address.
    pub address: Option<String>,
    /// With which device, where a page knows it again by a cookie of its own; else the address stands for it.
    pub device: Option<String>,
    /// The version the asker has seen, for edits.
    pub if_match: Option<i64>,
    /// The key of the request and its fingerprint, if it has one.
    pub key: Option<(String, Vec<u8>)>,
    /// A dry run.
    pub rehearsal: bool,
}

/// Through which door somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// JSON.
    Api,
    /// HTML.
    Page,
    /// The clock.
    Job,
    /// The command line.
    Cli,
}

impl Door {
    fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Page => "page",
            Self::Job => "job",
            Self::Cli => "cli",
        }
    }
}

/// Why a verb was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules say no, for these reasons.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// There is no such thing, or none that this actor may know of.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Nobody is signed in, and somebody must be.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// This is for somebody else.
    #[error("not yours")]
    Forbidden,
    /// A value is not what it was meant to be.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        problem: Problem,
    },
    /// Somebody else has changed it since the asker looked.
    #[error("changed in between")]
    Stale,
    /// An edit must say which version it was made on.
    #[error("If-Match is missing")]
    VersionNeeded,
    /// The database.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl Error {
    /// Which sort of problem this is: the one mapping of what the desk says to a code and a status, for both doors.
    #[must_use]
    pub fn sort(&self) -> Sort {
        match self {
            Self::Refused(_) => Sort::Refused,
            Self::NotFound(_) => Sort::NotFound,
            Self::NotSignedIn => Sort::NotSignedIn,
            Self::Forbidden => Sort::Forbidden,
            Self::Invalid { .. } => Sort::Invalid,
            Self::Stale => Sort::Stale,
            Self::VersionNeeded => Sort::VersionNeeded,
            Self::Trouble(Trouble::KeyReused) => Sort::KeyReused,
            Self::Trouble(Trouble::Busy | Trouble::Contention(_)) => Sort::Busy,
            Self::Trouble(Trouble::Unknown(_)) => Sort::Unknown,
            Self::Trouble(Trouble::Duplicate(_) | Trouble::Answered { .. } | Trouble::GuardFailed(_) | Trouble::Fault(_)) => {
                Sort::Fault
            }
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Of the wrong form.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Missing.
    #[error("missing")]
    Missing,
    /// Too small, too large, too many.
    #[error("out of range")]
    OutOfRange,
    /// Not one of those known here.
    #[error("unknown")]
    Unknown,
    /// A password that is too short.
    #[error("too short")]
    TooShort,
    /// Not a picture that can be read.
    #[error("not a picture")]
    NotAPicture,
}

/// What a verb answers.
pub type Result<T> = std::result::Result<T, Error>;

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Trouble(error.into())
    }
}

/// A field that is of the wrong form.
pub(crate) fn invalid(field: &'static str) -> impl Fn(Malformed) -> Error {
    move |malformed| Error::Invalid { field, problem: malformed.into() }
}

/// One reason to refuse.
pub(crate) fn refused<T>(reason: Refusal) -> Result<T> {
    Err(Error::Refused(vec![reason]))
}

/// How often a verb is run again when two writers met.
const MOST_RETRIES: u32 = 3;
/// How long whoever asked waits. The work goes on after that.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a verb to its end, in a task of its own, and answers with what it answered, now or before under the same key.
///
/// # Errors
/// [`Error`]; [`Trouble::Unknown`] when it takes longer than anybody waits.
pub async fn answer<O, R, V, F>(desk: Desk, order: O, verb: V) -> Result<Done<R>>
where
    O: Clone + Send + 'static,
    R: DeserializeOwned + Send + 'static,
    V: Fn(Desk, O) -> F + Send + 'static,
    F: Future<Output = Result<Done<R>>> + Send,
{
    let work = desk.app.verbs.spawn({
        let desk = desk.clone();
        async move {
            let mut tries = 0;
            loop {
                match verb(desk.clone(), order.clone()).await {
                    Err(Error::Trouble(Trouble::Contention(_) | Trouble::Duplicate(_) | Trouble::GuardFailed(_)))
                        if tries < MOST_RETRIES =>
                    {
                        tries += 1;
                        let jitter = u64::from(desk.app.clock.random::<1>()[0]);
                        tokio::time::sleep(Duration::from_millis(jitter * u64::from(tries) / 8)).await;
                    }
                    ended => return ended,
                }
            }
        }
    });
    match tokio::time::timeout(PATIENCE, work).await {
        Err(_) => Err(Trouble::Unknown("it takes longer than anybody waits".to_owned()).into()),
        Ok(Err(panic)) => Err(Trouble::Fault(panic.to_string()).into()),
        Ok(Ok(Err(Error::Trouble(Trouble::Answered { status: 200, body })))) => Ok(Done::replay(&body)?),
        Ok(Ok(Err(Error::Trouble(Trouble::Answered { body, .. })))) => {
            Err(Error::Refused(serde_json::from_str(&body).map_err(|e| Trouble::Fault(e.to_string()))?))
        }
        Ok(Ok(ended)) => ended,
    }
}

impl Desk {
    /// A desk at which the process itself stands: a job, the command line.
    #[must_use]
    pub fn internal(app: &App, door: Door) -> Self {
        Self {
            app: app.clone(),
            actor: Actor::process(),
            door,
            address: None,
            device: None,
            if_match: None,
            key: None,
            rehearsal: false,
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Opens the write of a verb.
    ///
    /// # Errors
    /// [`Trouble`]; also the stored answer, if this request was answered before.
    pub async fn open(&self) -> Result<WriteTx> {
        let request = self.key.clone().map(|(key, fingerprint)| Request {
            principal: self.actor.member().map_or_else(|| "visitor".to_owned(), |id| id.to_string()),
            key,
            fingerprint,
            at: self.now(),
        });
        Ok(self.app.db.write(Intent { request, rehearsal: self.rehearsal }).await?)
    }

    /// As [`Self::open`], for what tells about somebody's health: the answer is found again by whoever asks with the same key,
    /// and nothing that is stored with it leads to them or to what they have asked.
    pub(crate) async fn open_veiled(&self) -> Result<WriteTx> {
        let veil = |text: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(self.app.vault.veil(text));
        let request = self.key.as_ref().map(|(key, fingerprint)| {
            let who = self.actor.member().map_or_else(|| "visitor".to_owned(), |id| id.to_string());
            Request {
                principal: "veiled".to_owned(),
                key: veil(format!("{who} {key}").as_bytes()),
                fingerprint: self.app.vault.veil(&[key.as_bytes(), b" ", fingerprint.as_slice()].concat()),
                at: self.now(),
            }
        });
        Ok(self.app.db.write(Intent { request, rehearsal: self.rehearsal }).await?)
    }

    /// The same desk, and nobody in front of it: what is written here names no one, and tells of no address.
    pub(crate) fn unnamed(&self) -> Self {
        Self { actor: Actor::visitor(), address: None, device: None, ..self.clone() }
    }

    /// Ends a verb that the rules refuse, and stores nothing: the reasons would tell what was answered. The same request is
    /// weighed anew; done it is once.
    pub(crate) async fn refuse_unstored<T>(&self, tx: WriteTx, reasons: Vec<Refusal>) -> Result<T> {
        tx.roll_back().await?;
        Err(Error::Refused(reasons))
    }

    /// Ends a verb that the rules refuse: the refusal is the final answer to its request.
    pub(crate) async fn refuse<T>(&self, tx: WriteTx, reasons: Vec<Refusal>) -> Result<T> {
        let body = serde_json::to_string(&reasons).map_err(|e| Trouble::Fault(e.to_string()))?;
        tx.refuse(409, body).await?;
        Err(Error::Refused(reasons))
    }

    /// The version an edit was made on must be the one that is there.
    pub(crate) fn expect_version(&self, rev: i64) -> Result<()> {
        match self.if_match {
            None => Err(Error::VersionNeeded),
            Some(seen) if seen == rev => Ok(()),
            Some(_) => Err(Error::Stale),
        }
    }

    /// Writes a line of the audit trail.
    pub(crate) async fn record(&self, tx: &WriteTx, action: &str, about: About<'_>) -> Result<()> {
        let row = event::Model {
            id: self.app.clock.id(),
            at: self.now(),
            actor_id: self.actor.member(),
            door: self.door.as_str().to_owned(),
            address: self.address.clone(),
            action: action.to_owned(),
            station_id: about.station.or_else(|| about.item.and_then(|item| item.station_id)),
            item_id: about.item.map(|item| item.id),
            item_rev: about.item.map(|item| item.rev),
            loan_id: about.loan.map(|loan| loan.id),
            member_id: about.member.or_else(|| about.loan.and_then(|loan| loan.member_id)),
            detail: about.detail,
        };
        Ok(store::events::add(tx, row).await?)
    }

    /// Writes a notice to a member into the outbox.
    pub(crate) async fn tell(&self, tx: &WriteTx, to: MemberId, what: Tell<'_>) -> Result<bool> {
        let row = notice::Model {
            id: self.app.clock.id(),
            natural_key: what.natural_key,
            member_id: Some(to),
            phone_sealed: None,
            template: what.template.to_owned(),
            params: what.params,
            send_after: what.send_after,
            expires_at: what.send_after + what.fresh_for,
            attempts: 0,
            leased_until: None,
            sent_at: None,
            dropped_at: None,
            trouble: None,
            created_at: self.now(),
        };
        Ok(store::notices::tell(tx, row).await?)
    }

    /// Ends a verb that has done its work.
    pub(crate) async fn commit<R: Serialize>(&self, tx: WriteTx, receipt: R) -> Result<Done<R>> {
        Ok(tx.commit(receipt).await?)
    }
}

/// One line of the audit trail for a register that was taken in.
///
/// # Errors
/// The database.
pub async fn record_import(desk: &Desk, tx: &WriteTx, what: &str, count: u64) -> Result<()> {
    let detail = Some(serde_json::json!({ "what": what, "count": count }));
    desk.record(tx, "imported", About { detail, ..About::default() }).await
}

/// The language of a stored tag.
#[must_use]
pub fn language_of(tag: &str) -> Language {
    if tag == Language::English.tag() { Language::English } else { Language::Chinese }
}
