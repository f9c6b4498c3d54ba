//! Book: time is promised to somebody.

use chrono::{DateTime, Utc};
use entity::{
    booking::{self, Priority},
    ids::MemberId,
    member,
    values::Phone,
};

use super::{
    bookable::{Bookable, Subject, Target},
    lapse,
    place::{self, Asked, decide, new_booking},
};
use crate::{
    db::{Done, WriteTx},
    desk::{Desk, Error, Problem, Result, invalid, members::new_member, queue},
    rules::{booking::Wish, refusal::Refusal},
    store,
    view::BookingView,
};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Book {
    /// What.
    pub target: Target,
    /// From; of an occasion that is known.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until; of an occasion that is known.
    pub ends_at: Option<DateTime<Utc>>,
    /// How many units.
    pub quantity: u32,
    /// For whom, where a keeper books for somebody.
    pub whom: Whom,
    /// What it is for.
    pub purpose: Option<String>,
    /// Who comes first; keepers only. Else it follows from the member's group.
    pub priority: Option<Priority>,
    /// A keeper takes it on themselves, for this reason.
    pub override_reason: Option<String>,
    /// Only hold it for some minutes, until it is confirmed.
    pub only_hold: bool,
}

/// For whom something is booked.
#[derive(Clone, Debug, Default)]
pub enum Whom {
    /// For whoever asks.
    #[default]
    Myself,
    /// For the member with this number, who may be new; keepers only.
    Phone(Phone, Option<String>),
    /// For this member; keepers only.
    Member(MemberId),
}

/// Books.
///
/// # Errors
/// [`Error::Refused`] with all reasons, and the nearest free intervals among them; [`Error::NotSignedIn`];
/// [`Error::Forbidden`] when somebody who keeps nothing there books for another; [`Error::Invalid`].
pub async fn book(desk: Desk, order: Book) -> Result<Done<BookingView>> {
    let seen = look(&desk, &order).await;
    if desk.key.is_none()
        && let Ok((_, Some(reasons))) = seen
    {
        return Err(Error::Refused(reasons));
    }
    // With a key: what was answered before is answered so again, whatever was seen now.
    let tx = desk.open().await?;
    let (subject, refused) = seen?;
    if let Some(reasons) = refused {
        return desk.refuse(tx, reasons).await;
    }
    match book_found(&desk, &tx, &order, subject).await? {
        Ok(row) => {
            let receipt = super::shown(&row, desk.now());
            desk.commit(tx, receipt).await
        }
        Err(reasons) => desk.refuse(tx, reasons).await,
    }
}

/// Books inside a write that is open: one of a series, an offer to somebody who waits. Refused, nothing is written but what had
/// lapsed.
pub(crate) async fn book_in(
    desk: &Desk,
    tx: &WriteTx,
    order: &Book,
) -> Result<std::result::Result<booking::Model, Vec<Refusal>>> {
    // Lock order: member, then pools.
    let subject = Bookable::find(tx.conn(), &order.target).await?;
    book_found(desk, tx, order, subject).await
}

async fn book_found(
    desk: &Desk,
    tx: &WriteTx,
    order: &Book,
    subject: Bookable,
) -> Result<std::result::Result<booking::Model, Vec<Refusal>>> {
    let now = desk.now();
    let purpose = order.purpose.as_deref().map(|text| entity::values::text(text, 200)).transpose().map_err(invalid("purpose"))?;
    let by_keeper = desk.actor.keeper_of(&subject.station).is_ok();
    let (member, is_new) = lock_member(desk, tx, order, by_keeper).await?;
    let wish = wish_of(order, &subject)?;
    let subject = subject.lock(tx).await?;
    lapse::tidy(desk, tx, &subject.family).await?;
    let decided = decide(desk, tx.conn(), (&subject, &member), asked(order, by_keeper), wish).await?;
    let booked = match decided {
        Ok(booked) => booked,
        Err(reasons) => return Ok(Err(reasons)),
    };
    if is_new {
        store::members::add(tx, member.clone()).await?;
    }
    let row = booking::Model {
        made_by: desk.actor.member().filter(|actor| by_keeper && *actor != member.id),
        purpose,
        override_reason: order.override_reason.clone(),
        priority: order.priority.unwrap_or_else(|| priority_of(&member.member_group)),
        ..new_booking(desk.app.clock.id(), &subject, &member, &wish, booked, now)
    };
    place::put(desk, tx, &subject, &row).await?;
    if !order.only_hold {
        queue::got_it(desk, tx, &row).await?;
    }
    Ok(Ok(row))
}

/// What is asked for; and why it is refused, as things stand, if nothing of it is free. Read beside all writes, so that five hundred
/// who come at once for twenty wait for those twenty and not for each other. Whoever is not refused here is decided about under the
/// locks.
async fn look(desk: &Desk, order: &Book) -> Result<(Bookable, Option<Vec<Refusal>>)> {
    let conn = desk.app.db.read();
    let subject = Bookable::find(conn, &order.target).await?;
    let by_keeper = desk.actor.keeper_of(&subject.station).is_ok();
    check_authority(desk, order, by_keeper)?;
    let member = match &order.whom {
        Whom::Myself => store::members::find(conn, desk.actor.resident()?.id()).await?,
        Whom::Member(id) => store::members::find(conn, *id).await?,
        Whom::Phone(phone, _) => store::members::find_by_phone(conn, &desk.app.vault.index(phone)).await?,
    };
    let Some(member) = member else { return Ok((subject, None)) };
    let wish = wish_of(order, &subject)?;
    let decided = decide(desk, conn, (&subject, &member), asked(order, by_keeper), wish).await?;
    let full = |reasons: &Vec<Refusal>| reasons.iter().any(|reason| matches!(reason, Refusal::NoneFree { .. }));
    Ok((subject, decided.err().filter(full)))
}

fn asked(order: &Book, by_keeper: bool) -> Asked {
    let overridden = by_keeper && order.override_reason.is_some();
    Asked { by_keeper, overridden, only_held: order.only_hold, ..Asked::default() }
}

/// Only a keeper books for others, against the terms, or out of turn.
fn check_authority(desk: &Desk, order: &Book, by_keeper: bool) -> Result<()> {
    let for_others = !matches!(order.whom, Whom::Myself);
    if (for_others || order.override_reason.is_some() || order.priority.is_some()) && !by_keeper {
        return Err(if desk.actor.member().is_some() { Error::Forbidden } else { Error::NotSignedIn });
    }
    Ok(())
}

fn wish_of(order: &Book, subject: &Bookable) -> Result<Wish> {
    let missing = |field| Error::Invalid { field, problem: Problem::Missing };
    let (starts_at, ends_at) = match &subject.subject {
        Subject::Occasion(occasion) => (occasion.starts_at, occasion.ends_at),
        _ => (order.starts_at.ok_or_else(|| missing("starts_at"))?, order.ends_at.ok_or_else(|| missing("ends_at"))?),
    };
    let whole = |at: DateTime<Utc>| DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
    let wish = Wish { starts_at: whole(starts_at), ends_at: whole(ends_at), quantity: order.quantity };
    if wish.ends_at <= wish.starts_at {
        return Err(Error::Invalid { field: "ends_at", problem: Problem::OutOfRange });
    }
    if !(1..=1_000).contains(&order.quantity) {
        return Err(Error::Invalid { field: "quantity", problem: Problem::OutOfRange });
    }
    Ok(wish)
}

async fn lock_member(desk: &Desk, tx: &WriteTx, order: &Book, by_keeper: bool) -> Result<(member::Model, bool)> {
    check_authority(desk, order, by_keeper)?;
    let id = match &order.whom {
        Whom::Myself => desk.actor.resident()?.id(),
        Whom::Member(id) => *id,
        Whom::Phone(phone, name) => {
            let known = store::members::lock_by_phone(tx, &desk.app.vault.index(phone)).await?;
            let is_new = known.is_none();
            return Ok((known.unwrap_or_else(|| new_member(&desk.app, Some(phone), name.as_deref())), is_new));
        }
    };
    let member = store::members::lock(tx, id).await?;
    Ok((member.ok_or(Error::Invalid { field: "member_id", problem: Problem::Unknown })?, false))
}

/// Who comes first, by the group that a keeper has put a member in.
pub(crate) fn priority_of(group: &str) -> Priority {
    match group {
        "disabled" => Priority::Disabled,
        "elder" | "elderly" | "senior" => Priority::Elderly,
        _ => Priority::Ordinary,
    }
}
