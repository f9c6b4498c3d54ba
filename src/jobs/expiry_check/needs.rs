//! What a station will need: more of a kind, less of a kind, an empty red box, an inspection. Tasks open while it is so, and
//! close by themselves when it is so no longer.

use chrono::{Days, NaiveDate, TimeDelta};
use entity::{ids::KindId, station, task, task::What};

use super::{
    super::{JobError, Report, runs::Held},
    Night,
};
use crate::{
    app::App,
    db::WriteTx,
    desk::{
        Desk, Door,
        stock::{self, level},
    },
    store,
};

/// The red box is handed over within ninety days.
const RED_BOX: TimeDelta = TimeDelta::days(90);
/// An inspection is asked for a week before it is due.
const BEFORE_INSPECTION: Days = Days::new(7);

/// Looks at the stock of a station.
pub(super) async fn look_ahead(night: &Night<'_>, report: &mut Report) -> Result<(), JobError> {
    let (app, station) = (night.app, night.station);
    let desk = Desk::internal(app, Door::Job);
    let ahead = level::look_ahead(app.db.read(), station, night.today).await?;
    let red_box = store::movements::red_box_since(app.db.read(), station.id).await?;
    let now = app.clock.now();
    let tx = night.held.write().await?;
    for (kind, _, outlook) in ahead {
        let short = (outlook.propose > 0)
            .then(|| format!("还能发 {0}，建议补 {1} / {0} can be handed out, order {1}", outlook.usable, outlook.propose));
        ask(&desk, &tx, station, kind.id, What::Restock, short).await?;
        let unused = (outlook.unused > 0).then(|| format!("到期前用不完 {0} / {0} will not be used in time", outlook.unused));
        ask(&desk, &tx, station, kind.id, What::UseUpElsewhere, unused).await?;
    }
    if red_box.is_some_and(|since| now - since > RED_BOX) {
        stock::open_station_task(app, &tx, station.id, What::HandOver, None).await?;
    }
    tx.commit(()).await?;
    report.add("stations looked ahead for", 1);
    Ok(())
}

/// A task about a kind is open exactly while there is something to say.
async fn ask(
    desk: &Desk,
    tx: &WriteTx,
    station: &station::Model,
    kind: KindId,
    what: What,
    note: Option<String>,
) -> Result<(), JobError> {
    if note.is_none() {
        store::tasks::settle_at(tx, station.id, Some(kind), what, desk.now()).await?;
        return Ok(());
    }
    let row = task::Model {
        natural_key: format!("{what:?}:{}:{kind}", station.id),
        station_id: Some(station.id),
        kind_id: Some(kind),
        note,
        ..crate::desk::borrow::new_task(desk, what)
    };
    Ok(store::tasks::open(tx, row).await?)
}

/// Opens a task for every thing at a station whose inspection is near or over.
pub(super) async fn inspections(
    app: &App,
    held: &Held<'_>,
    station: &station::Model,
    today: NaiveDate,
    report: &mut Report,
) -> Result<(), JobError> {
    let desk = Desk::internal(app, Door::Job);
    let mut after = None;
    loop {
        let due = store::inspections::list_due(app.db.read(), station.id, today + BEFORE_INSPECTION, after, 100).await?;
        let Some(last) = due.last() else { return Ok(()) };
        after = Some(last.id);
        let tx = held.write().await?;
        for item in &due {
            let row = task::Model {
                natural_key: format!("{:?}:{}", What::Inspect, item.id),
                station_id: Some(station.id),
                item_id: Some(item.id),
                kind_id: Some(item.kind_id),
                ..crate::desk::borrow::new_task(&desk, What::Inspect)
            };
            store::tasks::open(&tx, row).await?;
        }
        tx.commit(()).await?;
        report.add("inspections asked for", due.len() as u64);
    }
}
