//! Inspect: somebody has looked at a thing. What must be inspected or calibrated is not lent past its day.

use chrono::{Days, NaiveDate};
use entity::{inspection, item, station, task::What};

use super::{About, Desk, Error, Problem, Result};
use crate::{db::Done, rules::refusal::Refusal, store, view::InspectionView};

/// What was found.
#[derive(Clone, Debug)]
pub struct Inspect {
    /// The code of the thing, or of a sticker on it.
    pub code: String,
    /// Is it as it should be?
    pub passed: bool,
    /// Until when that holds; by the interval of its kind, if nobody says.
    pub good_until: Option<NaiveDate>,
    /// The number of the certificate of calibration.
    pub certificate: Option<String>,
    /// What was seen.
    pub note: Option<String>,
}

/// Writes an inspection down. A thing that did not pass is not lent until one passes.
///
/// # Errors
/// [`Error::Refused`] for a retired thing; [`Error::Invalid`] for a day that is past; [`Error::NotFound`], [`Error::Forbidden`].
pub async fn inspect(desk: Desk, order: Inspect) -> Result<Done<InspectionView>> {
    let tx = desk.open().await?;
    let mut item = store::items::lock_by_code(&tx, &order.code).await?.ok_or(Error::NotFound("item"))?;
    let station = match item.station_id {
        Some(id) => store::stations::find(tx.conn(), id).await?,
        None => None,
    };
    desk.actor.keeper_where(station.as_ref())?;
    if item.lifecycle == entity::item::Lifecycle::Retired {
        return desk.refuse(tx, vec![Refusal::ItemRetired]).await;
    }
    let kind = store::kinds::find(tx.conn(), item.kind_id).await?.ok_or(Error::NotFound("kind"))?;
    let zone = station.as_ref().map_or(chrono_tz::Asia::Shanghai, entity::station::Model::zone);
    let today = desk.now().with_timezone(&zone).date_naive();
    if order.good_until.is_some_and(|until| until < today) {
        return Err(Error::Invalid { field: "good_until", problem: Problem::OutOfRange });
    }
    let interval = kind.inspect_every_days.map(|days| today + Days::new(u64::try_from(days).unwrap_or_default()));
    let good_until = order.good_until.or(interval).filter(|_| order.passed);
    item.inspect_by = if order.passed { good_until } else { today.pred_opt() };
    let row = inspection::Model {
        id: desk.app.clock.id(),
        item_id: item.id,
        inspected_on: today,
        passed: order.passed,
        good_until,
        certificate: order.certificate,
        note: order.note,
        inspected_by: desk.actor.member(),
        created_at: desk.now(),
    };
    store::inspections::add(&tx, row.clone()).await?;
    let item = store::items::change(&tx, item).await?;
    if order.passed {
        store::tasks::settle(&tx, item.id, &[What::Inspect], desk.now()).await?;
    }
    let detail = Some(serde_json::json!({ "inspection": row.id, "passed": row.passed }));
    desk.record(&tx, "inspected", About { item: Some(&item), detail, ..About::default() }).await?;
    desk.commit(tx, InspectionView::from(&row)).await
}

/// The inspection of a thing that a keeper has had in hand and found good, good for as many days; the thing knows until when.
pub(super) fn passed(
    desk: &Desk,
    item: &mut item::Model,
    here: &station::Model,
    days: i32,
    note: Option<String>,
) -> inspection::Model {
    let today = desk.now().with_timezone(&here.zone()).date_naive();
    item.inspect_by = Some(today + Days::new(u64::try_from(days).unwrap_or_default()));
    inspection::Model {
        id: desk.app.clock.id(),
        item_id: item.id,
        inspected_on: today,
        passed: true,
        good_until: item.inspect_by,
        certificate: None,
        note,
        inspected_by: desk.actor.member(),
        created_at: desk.now(),
    }
}
