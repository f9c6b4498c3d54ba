//! Remind: a keeper asks whoever has a thing to bring it back, at most once a day.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{item, loan, station};
use sea_orm::ConnectionTrait;

use super::{About, Desk, Error, Result, Tell, authority::hide};
use crate::{
    db::Done,
    rules::{refusal::Refusal, waking::next_waking},
    store,
    view::LoanView,
};

/// Has whoever has this loan been reminded today, by a keeper or by the house?
///
/// # Errors
/// The database.
pub async fn was_told_today(
    desk: &Desk,
    conn: &impl ConnectionTrait,
    loan: &loan::Model,
    station: &station::Model,
) -> Result<bool> {
    let today = desk.now().with_timezone(&station.zone()).date_naive();
    let mut keys = vec![key(loan, station, desk.now())];
    keys.extend(loan.member_id.map(|member| format!("overdue:{member}:{today}")));
    Ok(!store::notices::list_written(conn, keys).await?.is_empty())
}

fn key(loan: &loan::Model, station: &station::Model, now: DateTime<Utc>) -> String {
    format!("asked:{}:{}", loan.id, now.with_timezone(&station.zone()).date_naive())
}

/// Sends the reminder, unless one was sent today.
///
/// # Errors
/// [`Error::Refused`] when the thing is not out; [`Error::NotFound`], also for a thing that another station has lent, and when
/// nobody knows who has it.
pub async fn remind(desk: Desk, code: String) -> Result<Done<LoanView>> {
    desk.actor.resident()?;
    let tx = desk.open().await?;
    let item = store::items::lock_by_code(&tx, &code).await?.ok_or(Error::NotFound("item"))?;
    let loan = match item.open_loan_id {
        Some(id) => store::loans::lock(&tx, id).await?,
        None => None,
    };
    let station = match loan.as_ref().and_then(|loan| loan.station_id) {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    hide(desk.actor.keeper_where(station.as_ref()), "loan")?;
    let Some(loan) = loan else { return desk.refuse(tx, vec![Refusal::ItemNotOut]).await };
    let (Some(member), Some(station)) = (loan.member_id, station) else { return Err(Error::NotFound("member")) };
    if !was_told_today(&desk, tx.conn(), &loan, &station).await? {
        let tell = Tell {
            natural_key: key(&loan, &station, desk.now()),
            template: "keeper_asks",
            params: params(tx.conn(), &item, &loan, &station).await?,
            send_after: next_waking(desk.now(), station.zone()),
            fresh_for: TimeDelta::days(1),
        };
        desk.tell(&tx, member, tell).await?;
        // Not of the item: nothing about it has changed.
        let about = About { station: Some(station.id), loan: Some(&loan), ..About::default() };
        desk.record(&tx, "borrower_reminded", about).await?;
    }
    let receipt = LoanView::new(&loan, &item, desk.now());
    desk.commit(tx, receipt).await
}

/// What the reminder says: of a thing that tells about somebody's health, not which.
async fn params(
    conn: &impl ConnectionTrait,
    item: &item::Model,
    loan: &loan::Model,
    station: &station::Model,
) -> Result<serde_json::Value> {
    let kind = store::kinds::find(conn, item.kind_id).await?.filter(|kind| !kind.sensitive);
    Ok(serde_json::json!({
        "loan": loan.id,
        "kind": kind.as_ref().map(|kind| &kind.name),
        "kind_en": kind.as_ref().and_then(|kind| kind.name_en.as_ref()),
        "station": station.name,
        "contact": station.contact,
    }))
}
