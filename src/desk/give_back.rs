//! Give back: an item comes home, or to another station, or turns up. A return is never refused and needs no sign-in.

use entity::{
    block::{self, Cause},
    ids::PhotoId,
    item, loan,
    loan::Condition,
    photo, station,
    task::{self, What},
};

use super::{
    About, Desk, Error, Problem, Result, Tell, bookings,
    borrow::new_task,
    tickets::report::{Told, join},
};
use crate::{
    db::{Done, WriteTx},
    picture,
    rules::{
        give_back::{self as rule, Consequences, Facts},
        waking::next_waking,
    },
    store,
    view::{ItemView, LoanView, ReturnedView},
};

/// What is said about the return.
#[derive(Clone, Debug, Default)]
pub struct GiveBack {
    /// The code of the item, or of a sticker on it.
    pub code: String,
    /// The plate of the station it is at now; where it was lent, if nobody says.
    pub station_code: Option<String>,
    /// In what state.
    pub condition: Condition,
    /// What the returner writes.
    pub note: Option<String>,
    /// A picture, in any format that can be read.
    pub photo: Option<Vec<u8>>,
}

/// Takes back. Twice in a row is fine: the second time there is no loan to close.
///
/// # Errors
/// [`Error::NotFound`] for an unknown code; [`Error::Invalid`] for a station or a picture that are not.
pub async fn give_back(desk: Desk, order: GiveBack) -> Result<Done<ReturnedView>> {
    // A picture is made small before the writers' turn, not during it.
    let jpeg = match &order.photo {
        None => None,
        Some(bytes) => Some(
            picture::normalise(bytes.clone()).await.ok_or(Error::Invalid { field: "photo", problem: Problem::NotAPicture })?,
        ),
    };
    let tx = desk.open().await?;
    let now = desk.now();
    let item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    let here = here(&tx, &order, &item).await?;
    let open_loan = match item.open_loan_id {
        Some(id) => store::loans::lock(&tx, id).await?,
        None => None,
    };
    let facts = Facts {
        item: &item,
        open_loan: open_loan.as_ref(),
        here: here.as_ref().map(|station| station.id),
        condition: order.condition,
    };
    let consequences = rule::give_back(&facts, now);
    let (item, loan) = record(&desk, &tx, &order, (item, open_loan), here.as_ref(), &consequences).await?;
    let photo: Option<PhotoId> = jpeg.is_some().then(|| desk.app.clock.id());
    if let Some(what) = rule::matter(order.condition) {
        let by_keeper = desk.actor.keeper_where(here.as_ref()).is_ok();
        join(&desk, &tx, &item, Told { what, note: order.note.clone(), photo, by_keeper }).await?;
    }
    if let Some((jpeg, id)) = jpeg.zip(photo) {
        store::photos::add(
            &tx,
            photo::Model { id, item_id: item.id, loan_id: loan.as_ref().map(|l| l.id), jpeg, created_at: now },
        )
        .await?;
    }
    let receipt = ReturnedView {
        loan: loan.as_ref().map(|loan| LoanView::new(loan, &item, now)),
        late_days: consequences.late_days,
        suspended_until: consequences.suspended_until,
        item: ItemView::from(&item),
    };
    desk.commit(tx, receipt).await
}

async fn here(tx: &WriteTx, order: &GiveBack, item: &item::Model) -> Result<Option<station::Model>> {
    match (&order.station_code, item.station_id) {
        (Some(code), _) => {
            let station = store::stations::find_by_code(tx.conn(), code).await?;
            Ok(Some(station.ok_or(Error::Invalid { field: "station_code", problem: Problem::Unknown })?))
        }
        (None, Some(id)) => Ok(store::stations::find(tx.conn(), id).await?),
        (None, None) => Ok(None),
    }
}

async fn record(
    desk: &Desk,
    tx: &WriteTx,
    order: &GiveBack,
    (mut item, open_loan): (item::Model, Option<loan::Model>),
    here: Option<&station::Model>,
    consequences: &Consequences,
) -> Result<(item::Model, Option<loan::Model>)> {
    let now = desk.now();
    let loan = match open_loan {
        None => None,
        Some(mut loan) => {
            // A clock that went backwards must not keep a thing from coming home.
            loan.returned_at = Some(now.max(loan.lent_at));
            loan.returned_station_id = here.map(|station| station.id);
            loan.returned_condition = Some(order.condition);
            loan.returned_note.clone_from(&order.note);
            store::claims::release(tx, loan.id).await?;
            if let Some(booking) = loan.booking_id {
                bookings::lapse::came_back(desk, tx, booking).await?;
            }
            Some(store::loans::close(tx, loan).await?)
        }
    };
    if item.lifecycle != consequences.lifecycle {
        item.lifecycle_reason = order.note.clone();
    }
    item.lifecycle = consequences.lifecycle;
    item.open_loan_id = None;
    item.last_seen_at = Some(now);
    if let Some(station) = here {
        if item.station_id != Some(station.id) {
            store::claims::ensure_pool(tx, desk.app.clock.id(), station.id, item.kind_id).await?;
            store::tickets::follow(tx, item.id, station.id).await?;
            store::tasks::follow(tx, item.id, What::Repair, station.id).await?;
        }
        item.station_id = Some(station.id);
    }
    let item = store::items::change(tx, item).await?;
    let action = if loan.is_some() { "returned" } else { "seen" };
    desk.record(tx, action, About { item: Some(&item), loan: loan.as_ref(), ..About::default() }).await?;
    store::tasks::settle(tx, item.id, &[What::LookFor, What::Chase], now).await?;
    open_tasks(desk, tx, order, &item, loan.as_ref(), &consequences.tasks).await?;
    if let Some(loan) = &loan {
        suspend(desk, tx, loan, consequences, here).await?;
    }
    whose_turn(desk, tx, &item, loan.as_ref()).await?;
    Ok((item, loan))
}

/// Something is free where it was lent, and where it is now: whoever waits for one has it offered, and whose booking was at risk is
/// told that all is well.
async fn whose_turn(desk: &Desk, tx: &WriteTx, item: &item::Model, loan: Option<&loan::Model>) -> Result<()> {
    let stations = loan.and_then(|loan| loan.station_id).into_iter().chain(item.station_id).collect();
    let pools = store::claims::list_concerned(tx.conn(), item.kind_id, stations).await?;
    if !pools.is_empty() {
        store::claims::lock_pools(tx, pools.clone()).await?;
        bookings::lapse::freed(desk, tx, &pools).await?;
    }
    Ok(())
}

async fn open_tasks(
    desk: &Desk,
    tx: &WriteTx,
    order: &GiveBack,
    item: &item::Model,
    loan: Option<&loan::Model>,
    tasks: &[What],
) -> Result<()> {
    for what in tasks {
        let row = task::Model {
            natural_key: format!("{what:?}:{}", item.id),
            station_id: item.station_id,
            item_id: Some(item.id),
            loan_id: loan.map(|loan| loan.id),
            note: order.note.clone(),
            ..new_task(desk, *what)
        };
        store::tasks::open(tx, row).await?;
    }
    Ok(())
}

/// Late: the borrower pauses for a while, and is told. A longer suspension that is there already stays as it is.
async fn suspend(
    desk: &Desk,
    tx: &WriteTx,
    loan: &loan::Model,
    consequences: &Consequences,
    here: Option<&station::Model>,
) -> Result<()> {
    let (Some(member), Some(until)) = (loan.member_id, consequences.suspended_until) else { return Ok(()) };
    let now = desk.now();
    let row = block::Model {
        id: desk.app.clock.id(),
        member_id: member,
        cause: Cause::Late,
        reason: format!("逾期 {0} 天归还 / returned {0} day(s) late", consequences.late_days),
        loan_id: Some(loan.id),
        author_id: None,
        starts_at: now,
        ends_at: Some(until),
        lifted_at: None,
        lifted_by: None,
    };
    store::blocks::add(tx, row).await?;
    let tell = Tell {
        natural_key: format!("suspended:{}", loan.id),
        template: "suspended",
        params: serde_json::json!({ "until": until, "late_days": consequences.late_days }),
        send_after: next_waking(now, here.map_or(chrono_tz::Asia::Shanghai, station::Model::zone)),
        fresh_for: chrono::TimeDelta::days(1),
    };
    desk.tell(tx, member, tell).await?;
    Ok(())
}
