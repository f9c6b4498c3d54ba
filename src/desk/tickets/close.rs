//! Close a ticket: how it ended, and what becomes of the thing, in one write.

use entity::{
    ids::TicketId,
    item::{self, Lifecycle},
    task::What,
    ticket::{self, Outcome},
};

use super::lock_kept;
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid},
    rules::{refusal::Refusal, tickets as rule},
    store,
    view::TicketView,
};

/// How it ended.
#[derive(Clone, Debug)]
pub struct Close {
    /// Which ticket.
    pub ticket: TicketId,
    /// How.
    pub outcome: Outcome,
    /// A word about it.
    pub answer: Option<String>,
}

/// Closes it: a repaired thing is lent again, a retired one is not, and the keeper's task is done.
///
/// # Errors
/// [`Error::Refused`] when it is closed already, or a retired thing is said to be repaired; [`Error::Invalid`] for an end that
/// a station's ticket cannot have; [`Error::NotFound`], also for another station's.
pub async fn close(desk: Desk, order: Close) -> Result<Done<TicketView>> {
    let answer = order.answer.as_deref().map(|text| entity::values::text(text, 500)).transpose().map_err(invalid("note"))?;
    let tx = desk.open().await?;
    let (row, item) = lock_kept(&desk, &tx, order.ticket).await?;
    if !row.is_open() {
        return desk.refuse(tx, vec![Refusal::TicketClosed]).await;
    }
    let row = match item {
        Some(item) => {
            let ending = match rule::close(order.outcome, item.lifecycle) {
                Ok(ending) => ending,
                Err(no) => return desk.refuse(tx, vec![no]).await,
            };
            let row = end(&desk, &tx, row, order.outcome, answer).await?;
            change_thing(&desk, &tx, item, &row, &ending).await?;
            row
        }
        None if rule::fits_a_station(order.outcome) => {
            let row = end(&desk, &tx, row, order.outcome, answer).await?;
            answered(&desk, &tx, &row).await?;
            row
        }
        None => return Err(Error::Invalid { field: "outcome", problem: Problem::Unknown }),
    };
    desk.commit(tx, TicketView::from(&row)).await
}

async fn change_thing(
    desk: &Desk,
    tx: &WriteTx,
    mut item: item::Model,
    row: &ticket::Model,
    ending: &rule::Ending,
) -> Result<()> {
    if item.lifecycle != ending.lifecycle {
        item.lifecycle_reason.clone_from(&row.answer);
    }
    item.lifecycle = ending.lifecycle;
    let item = store::items::change(tx, item).await?;
    store::tasks::settle(tx, item.id, ending.settled, desk.now()).await?;
    let detail = Some(serde_json::json!({ "ticket": row.id, "outcome": row.outcome }));
    desk.record(tx, "ticket_closed", About { item: Some(&item), detail, ..About::default() }).await
}

/// A ticket about a station; its task is done when it was the last one.
async fn answered(desk: &Desk, tx: &WriteTx, row: &ticket::Model) -> Result<()> {
    if let Some(station) = row.station_id
        && !store::tickets::has_open_about_station(tx.conn(), station).await?
    {
        store::tasks::settle_key(tx, &format!("{:?}:{station}", What::Answer), desk.now()).await?;
    }
    let detail = Some(serde_json::json!({ "ticket": row.id, "outcome": row.outcome }));
    desk.record(tx, "ticket_closed", About { station: row.station_id, detail, ..About::default() }).await
}

async fn end(
    desk: &Desk,
    tx: &WriteTx,
    mut row: ticket::Model,
    outcome: Outcome,
    answer: Option<String>,
) -> Result<ticket::Model> {
    (row.closed_at, row.closed_by) = (Some(desk.now()), desk.actor.member());
    (row.outcome, row.answer) = (Some(outcome), answer);
    store::tickets::change(tx, row.clone()).await?;
    Ok(row)
}

/// A keeper has decided about a thing elsewhere: back in service or given up. Its open ticket ends with that.
pub(in crate::desk) async fn with_thing(desk: &Desk, tx: &WriteTx, item: &item::Model) -> Result<()> {
    let outcome = match item.lifecycle {
        Lifecycle::Active => Outcome::Repaired,
        Lifecycle::Retired => Outcome::Retired,
        Lifecycle::Pending => Outcome::Answered,
        Lifecycle::Maintenance | Lifecycle::Missing => return Ok(()),
    };
    let Some(row) = store::tickets::find_open_of_item(tx.conn(), item.id).await? else { return Ok(()) };
    end(desk, tx, row, outcome, item.lifecycle_reason.clone()).await?;
    Ok(())
}
