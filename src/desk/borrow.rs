//! Borrow: an item leaves for somebody's hands.

use entity::{
    block,
    ids::MemberId,
    item, loan, member,
    task::{self, What},
    values::Phone,
};

use super::{About, Desk, Error, Problem, Result, bookings::promises::Promises, members::new_member, surroundings::Surroundings};
use crate::{
    db::{Done, WriteTx},
    rules::{
        borrow::{self as rule, Borrower, Facts, Terms},
        calendar::LoanLength,
        policy::Policy,
        refusal::Refusal,
        walk_up::Until,
    },
    speech, store,
    view::{LentView, LoanView},
};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Borrow {
    /// The code of the item, or of a sticker on it.
    pub code: String,
    /// The phone number of the borrower, where the kind asks for one, or of the resident a keeper lends to.
    pub phone: Option<Phone>,
    /// What the borrower is called; kept only with a phone number that is new.
    pub name: Option<String>,
    /// The borrower, by id; keepers only.
    pub member: Option<MemberId>,
    /// The borrower, by the sticker on their paper card; keepers only.
    pub card: Option<String>,
    /// A keeper takes it on themselves, for this reason.
    pub override_reason: Option<String>,
}

/// The borrower, read and locked.
struct Locked {
    member: member::Model,
    /// Not in the table yet.
    is_new: bool,
    /// Was said to be the borrower, rather than merely signed in.
    named: bool,
}

/// Lends.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::NotFound`] for an unknown code; [`Error::Forbidden`] when somebody who is no
/// keeper lends for another or overrides.
pub async fn borrow(desk: Desk, order: Borrow) -> Result<Done<LentView>> {
    let tx = desk.open().await?;
    let now = desk.now();
    // Lock order: member, then item.
    let person = lock_person(&desk, &tx, &order).await?;
    let item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    let around = Surroundings::of(tx.conn(), &item).await?;
    let is_keeper = desk.actor.keeper_where(around.station.as_ref());
    if order.member.is_some() || order.card.is_some() || order.override_reason.is_some() {
        is_keeper.as_ref().map_err(|_| if desk.actor.member().is_some() { Error::Forbidden } else { Error::NotSignedIn })?;
    }
    let group = person.as_ref().map(|person| person.member.member_group.as_str());
    let policy = around.policy(tx.conn(), group).await?;
    let person =
        person.filter(|p| p.named || super::surroundings::names_whoever_is_signed_in(policy.identity, is_keeper.is_ok()));
    let open_loan = if item.is_out() { store::loans::find_open_of_item(tx.conn(), item.id).await? } else { None };
    let (blocks, open, open_of_kind) = standing(&tx, person.as_ref(), &around, now).await?;
    let facts = Facts {
        item: &item,
        kind: &around.kind,
        station: around.station.as_ref(),
        calendar: &around.calendar,
        policy: &policy,
        open_loan: open_loan.as_ref(),
        borrower: person.as_ref().map_or(Borrower::Anonymous, |person| Borrower::Known {
            member: &person.member,
            proven: desk.actor.member() == Some(person.member.id) || is_keeper.is_ok(),
            blocks: &blocks,
            open,
            open_of_kind,
        }),
    };
    let overridden = order.override_reason.is_some();
    let decided = rule::borrow(&facts, overridden, now);
    // What others were promised is asked even where the answer is no already: all reasons are told at once.
    let promises = Promises::lock(&desk, &tx, &item, &around.kind, &around.calendar).await?;
    let collects = promises.as_ref().and_then(|promises| promises.to_collect(person_id(person.as_ref()), now));
    let wished = decided.as_ref().map_or_else(|_| around.calendar.due(now, policy.length).at, |terms| terms.due.at);
    let until = promises.as_ref().map_or(Ok(Until { due_at: wished, booked_from: None }), |promises| {
        promises.until((wished, collects.as_ref()), &around.calendar, overridden, now)
    });
    let (terms, until) = match (decided, until) {
        (Ok(terms), Ok(until)) => (terms, until),
        (decided, until) => {
            let mut reasons = decided.err().unwrap_or_default();
            reasons.extend(until.err().unwrap_or_default());
            return desk.refuse(tx, reasons).await;
        }
    };
    let found = Found { around: &around, person: person.as_ref(), policy: &policy, terms: &terms, until };
    let (item, mut loan) = record(&desk, &tx, &order, item, &found).await?;
    loan.booking_id = collects.as_ref().map(|booking| booking.id);
    store::loans::add(&tx, loan.clone()).await?;
    if let Some(promises) = &promises {
        promises.occupy(&desk, &tx, &loan, collects).await?;
    }
    conclude(&desk, &tx, &order, (&item, &loan), &found).await?;
    let receipt = LentView {
        loan: LoanView::new(&loan, &item, now),
        due_moved_from: terms.due.moved_from.filter(|_| loan.due_at == terms.due.at),
        booked_from: until.booked_from,
        overridden: terms.overridden.iter().map(speech::reason).collect(),
    };
    desk.commit(tx, receipt).await
}

/// What was found and decided.
struct Found<'a> {
    around: &'a Surroundings,
    person: Option<&'a Locked>,
    policy: &'a Policy,
    terms: &'a Terms,
    until: Until,
}

fn person_id(person: Option<&Locked>) -> Option<MemberId> {
    person.map(|person| person.member.id)
}

/// Whoever is said to be the borrower, or is signed in.
async fn lock_person(desk: &Desk, tx: &WriteTx, order: &Borrow) -> Result<Option<Locked>> {
    let by_id = async |id: MemberId, named: bool| {
        let member = store::members::lock(tx, id).await?.ok_or(Error::NotFound("member"))?;
        Ok(Some(Locked { member, is_new: false, named }))
    };
    if let Some(phone) = &order.phone {
        let known = store::members::lock_by_phone(tx, &desk.app.vault.index(phone)).await?;
        let is_new = known.is_none();
        let member = known.unwrap_or_else(|| new_member(&desk.app, Some(phone), order.name.as_deref()));
        return Ok(Some(Locked { member, is_new, named: true }));
    }
    if let Some(id) = order.member {
        return by_id(id, true).await;
    }
    if let Some(card) = &order.card {
        let sticker = store::stickers::find(tx.conn(), card).await?.filter(|sticker| sticker.retired_at.is_none());
        let holder = sticker.and_then(|s| s.member_id).ok_or(Error::Invalid { field: "card", problem: Problem::Unknown })?;
        return by_id(holder, true).await;
    }
    match desk.actor.member() {
        Some(id) => by_id(id, false).await,
        None => Ok(None),
    }
}

/// What counts for or against a borrower.
async fn standing(
    tx: &WriteTx,
    person: Option<&Locked>,
    around: &Surroundings,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Vec<block::Model>, u32, u32)> {
    let Some(person) = person.filter(|person| !person.is_new) else { return Ok((Vec::new(), 0, 0)) };
    let blocks = store::blocks::list_of(tx.conn(), person.member.id, now).await?;
    let (open, open_of_kind) = store::loans::count_open_of(tx.conn(), person.member.id, around.kind.id).await?;
    Ok((blocks, open, open_of_kind))
}

/// The thing as it is now, and the loan; that one is added by the caller, who knows what it was collected for.
async fn record(
    desk: &Desk,
    tx: &WriteTx,
    order: &Borrow,
    mut item: item::Model,
    found: &Found<'_>,
) -> Result<(item::Model, loan::Model)> {
    let now = desk.now();
    if let Some(person) = found.person.filter(|person| person.is_new) {
        store::members::add(tx, person.member.clone()).await?;
    }
    let borrower = person_id(found.person);
    let on_behalf = desk.actor.member().filter(|actor| Some(*actor) != borrower && desk.actor.staff().is_ok());
    let mut loan = new_loan(desk.app.clock.id(), &item, found.policy);
    loan.member_id = borrower;
    loan.member_group = found.person.map(|person| person.member.member_group.clone());
    loan.lent_by = on_behalf;
    loan.override_reason.clone_from(&order.override_reason);
    (loan.lent_at, loan.due_at) = (now, found.until.due_at);
    item.open_loan_id = Some(loan.id);
    item.last_seen_at = Some(now);
    Ok((store::items::change(tx, item).await?, loan))
}

/// What a loan leaves beside its facts: a task where nobody knows when it can come back, a line of the trail.
async fn conclude(
    desk: &Desk,
    tx: &WriteTx,
    order: &Borrow,
    (item, loan): (&item::Model, &loan::Model),
    found: &Found<'_>,
) -> Result<()> {
    if found.terms.due.no_open_day
        && let Some(station) = &found.around.station
    {
        let row = task::Model {
            natural_key: format!("enter_opening_hours:{}", station.id),
            station_id: Some(station.id),
            ..new_task(desk, What::EnterOpeningHours)
        };
        store::tasks::open(tx, row).await?;
    }
    let detail = order.override_reason.as_ref().map(|reason| {
        let codes: Vec<_> = found.terms.overridden.iter().map(Refusal::code).collect();
        serde_json::json!({ "override": reason, "overridden": codes })
    });
    desk.record(tx, "lent", About { item: Some(item), loan: Some(loan), detail, ..About::default() }).await
}

/// A loan with the rule values that apply copied into it; who, when and until when are left to the caller.
#[must_use]
pub fn new_loan(id: entity::ids::LoanId, item: &item::Model, policy: &Policy) -> loan::Model {
    let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let (minutes, days, day_end) = match policy.length {
        LoanLength::Minutes(minutes) => (Some(whole(minutes)), None, entity::policy::DayEnd::ClosingTime),
        LoanLength::Days { days, until } => (None, Some(i32::from(days)), until),
    };
    loan::Model {
        id,
        external_no: None,
        item_id: item.id,
        kind_id: item.kind_id,
        station_id: item.station_id,
        member_id: None,
        member_group: None,
        lent_by: None,
        override_reason: None,
        booking_id: None,
        lent_at: item.created_at,
        due_at: item.created_at,
        returned_at: None,
        returned_station_id: None,
        returned_condition: None,
        returned_note: None,
        lost_at: None,
        claimed_returned_at: None,
        renewals: 0,
        rule_minutes: minutes,
        rule_days: days,
        rule_day_end: day_end,
        rule_grace_minutes: whole(policy.grace_minutes),
        rule_renewals: whole(policy.renewals),
        rule_return_to: policy.return_to,
        rule_suspension_days_per_late_day: whole(policy.suspension_days_per_late_day),
        rule_suspension_cap_days: whole(policy.suspension_cap_days),
        rule_lost_after_days: whole(policy.lost_after_days),
        rev: 1,
    }
}

/// A task that is open; about what is left to the caller.
#[must_use]
pub(crate) fn new_task(desk: &Desk, what: What) -> task::Model {
    task::Model {
        id: desk.app.clock.id(),
        what,
        natural_key: String::new(),
        station_id: None,
        item_id: None,
        loan_id: None,
        kind_id: None,
        lot_id: None,
        facts: None,
        seen_at: None,
        seen_by: None,
        escalated: 0,
        note: None,
        created_at: desk.now(),
        done_at: None,
        done_by: None,
    }
}
