//! What a scan finds: what it is, what I may do with it now, and why not. Reads only; the decision is the one that counts
//! when the button is pressed.

use entity::{item, sticker, sticker::StuckOn};

use super::{Desk, Error, Result, bookings::promises::Promises, surroundings::Surroundings};
use crate::{
    rules::{
        borrow::{self as rule, Borrower, Facts},
        walk_up::Until,
    },
    speech, store,
    view::{ItemView, KindView, MayView, ScanView, StationView},
};

/// Looks a code up: that of a sticker, or one written on an item.
///
/// # Errors
/// [`Error::NotFound`] for a code that was never ours.
pub async fn scan(desk: &Desk, code: &str) -> Result<ScanView> {
    let conn = desk.app.db.read();
    let sticker = store::stickers::find(conn, code).await?;
    let mut view = ScanView {
        code: code.to_owned(),
        what: String::new(),
        item: None,
        kind: None,
        station: None,
        borrow: None,
        fault_reported_at: None,
        give_back: None,
        note: None,
    };
    match sticker {
        None => {
            let item = store::items::find_by_code(conn, code).await?.ok_or(Error::NotFound("sticker"))?;
            about_item(desk, &mut view, item).await?;
        }
        Some(sticker) if sticker.retired_at.is_some() => {
            "retired".clone_into(&mut view.what);
            view.note = sticker.retired_reason;
        }
        Some(sticker) => about_sticker(desk, &mut view, &sticker).await?,
    }
    Ok(view)
}

async fn about_sticker(desk: &Desk, view: &mut ScanView, sticker: &sticker::Model) -> Result<()> {
    let conn = desk.app.db.read();
    if let (Some(StuckOn::Item), Some(id)) = (sticker.stuck_on, sticker.item_id) {
        let item = store::items::find(conn, id).await?.ok_or(Error::NotFound("sticker"))?;
        return about_item(desk, view, item).await;
    }
    match sticker.stuck_on {
        None => "blank",
        Some(StuckOn::Card) => "card",
        Some(StuckOn::Shelf) => "shelf",
        Some(StuckOn::Station | StuckOn::Item) => "station",
    }
    .clone_into(&mut view.what);
    if let Some(id) = sticker.station_id {
        view.station = store::stations::find(conn, id).await?.as_ref().map(StationView::from);
    }
    if let Some(id) = sticker.kind_id {
        view.kind = store::kinds::find(conn, id).await?.as_ref().map(KindView::from);
    }
    Ok(())
}

async fn about_item(desk: &Desk, view: &mut ScanView, item: item::Model) -> Result<()> {
    let around = Surroundings::of(desk.app.db.read(), &item).await?;
    "item".clone_into(&mut view.what);
    view.borrow = Some(may_borrow(desk, &item, &around).await?);
    view.give_back = Some(MayView { allowed: true, due_at: None, booked_from: None, reasons: Vec::new() });
    let ticket = store::tickets::find_open_of_item(desk.app.db.read(), item.id).await?;
    view.fault_reported_at = ticket.map(|ticket| ticket.reported_at);
    view.item = Some(ItemView::from(&item));
    view.kind = Some(KindView::from(&around.kind));
    view.station = around.station.as_ref().map(StationView::from);
    Ok(())
}

/// The same rule as the verb's, over facts that are not locked. Whoever is not signed in is asked as far as a phone number
/// would get them: what the page can ask for is not yet a refusal.
async fn may_borrow(desk: &Desk, item: &item::Model, around: &Surroundings) -> Result<MayView> {
    let (conn, now) = (desk.app.db.read(), desk.now());
    let member = match desk.actor.member() {
        Some(id) => store::members::find(conn, id).await?,
        None => None,
    };
    let policy = around.policy(conn, member.as_ref().map(|m| m.member_group.as_str())).await?;
    let is_keeper = desk.actor.keeper_where(around.station.as_ref()).is_ok();
    let member = member.filter(|_| super::surroundings::names_whoever_is_signed_in(policy.identity, is_keeper));
    let open_loan = if item.is_out() { store::loans::find_open_of_item(conn, item.id).await? } else { None };
    let (mut blocks, mut open, mut open_of_kind) = (Vec::new(), 0, 0);
    if let Some(member) = &member {
        blocks = store::blocks::list_of(conn, member.id, now).await?;
        (open, open_of_kind) = store::loans::count_open_of(conn, member.id, around.kind.id).await?;
    }
    let facts = Facts {
        item,
        kind: &around.kind,
        station: around.station.as_ref(),
        calendar: &around.calendar,
        policy: &policy,
        open_loan: open_loan.as_ref(),
        borrower: member.as_ref().map_or(Borrower::Anonymous, |member| Borrower::Known {
            member,
            proven: true,
            blocks: &blocks,
            open,
            open_of_kind,
        }),
    };
    let decided = rule::borrow(&facts, false, now);
    let wished = decided.as_ref().map_or_else(|_| around.calendar.due(now, policy.length).at, |terms| terms.due.at);
    let until = match Promises::look(conn, item, &around.kind, &around.calendar, now).await? {
        None => Ok(Until { due_at: wished, booked_from: None }),
        Some(promises) => {
            let collects = promises.to_collect(member.as_ref().map(|member| member.id), now);
            promises.until((wished, collects.as_ref()), &around.calendar, false, now)
        }
    };
    Ok(match (decided, until) {
        (Ok(_), Ok(until)) => {
            MayView { allowed: true, due_at: Some(until.due_at), booked_from: until.booked_from, reasons: Vec::new() }
        }
        (decided, until) => {
            let mut reasons = decided.err().unwrap_or_default();
            reasons.extend(until.err().unwrap_or_default());
            let reasons = reasons.iter().map(speech::reason).collect();
            MayView { allowed: false, due_at: Some(wished), booked_from: None, reasons }
        }
    })
}
