//! What a station will need: more of a kind, less of a kind, an empty red box, an inspection. Tasks open while it is so, and
//! close by themselves when it is so no longer.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use entity::{
    ids::{KindId, TaskId},
    item, station, task,
    task::What,
};

use super::{
    super::{JobError, Report, runs::Held},
    Night,
    sight::Something,
};
use crate::{
    app::App,
    db::WriteTx,
    desk::{
        Desk, Door,
        stock::{
            self,
            level::{self, Breadth},
        },
    },
    store,
};

/// What is asked about kinds.
pub(super) const NEEDS: [What; 2] = [What::Restock, What::UseUpElsewhere];
/// The red box is handed over within ninety days.
const RED_BOX: TimeDelta = TimeDelta::days(90);
/// An inspection is asked for a week before it is due.
const BEFORE_INSPECTION: Days = Days::new(7);

/// By which day a thing must be inspected to be asked for on a date.
pub(super) fn inspected_by(today: NaiveDate) -> NaiveDate {
    today + BEFORE_INSPECTION
}

/// What lies ahead of a station.
pub(super) struct Ahead {
    /// What is to be asked about kinds, and was not when the night was begun.
    wanted: Vec<task::Model>,
    /// What was asked then, and is so no longer.
    over: Vec<TaskId>,
    /// The red box has been standing for too long.
    red_box_is_due: bool,
}

/// Looks at the stock of a station.
pub(super) async fn look_ahead(night: &Night<'_>) -> Result<Ahead, JobError> {
    let (app, station) = (night.app, night.station);
    let desk = Desk::internal(app, Door::Job);
    let red_box = if night.sight.has(Something::RedBox, station.id) {
        store::movements::red_box_since(app.db.read(), station.id).await?
    } else {
        None
    };
    let mut wanted = BTreeMap::new();
    let mut ask = |kind: KindId, what: What, note: String| {
        let natural_key = format!("{what:?}:{}:{kind}", station.id);
        let row = task::Model {
            natural_key: natural_key.clone(),
            station_id: Some(station.id),
            kind_id: Some(kind),
            note: Some(note),
            ..crate::desk::borrow::new_task(&desk, what)
        };
        wanted.insert(natural_key, row);
    };
    let known = night.sight.known(app, station.id, night.today).await?;
    let ahead = level::look_ahead(app.db.read(), station.id, night.today, Breadth::WhatNeedsSomething, known).await?;
    for (kind, (_, outlook)) in ahead {
        if outlook.propose > 0 {
            ask(
                kind,
                What::Restock,
                format!("还能发 {0}，建议补 {1} / {0} can be handed out, order {1}", outlook.usable, outlook.propose),
            );
        }
        if outlook.unused > 0 {
            ask(kind, What::UseUpElsewhere, format!("到期前用不完 {0} / {0} will not be used in time", outlook.unused));
        }
    }
    let asked = night.sight.asked(station.id).iter().filter(|(_, _, what, _)| NEEDS.contains(what));
    let over = asked.filter(|(_, _, _, natural_key)| wanted.remove(natural_key).is_none()).map(|(_, id, ..)| *id).collect();
    let red_box_is_due = red_box.is_some_and(|since| night.now() - since > RED_BOX);
    Ok(Ahead { wanted: wanted.into_values().collect(), over, red_box_is_due })
}

/// Asks for what lies ahead. A task about a kind is open exactly while there is something to say; what is as it was costs no
/// write.
pub(super) async fn ask_for(night: &Night<'_>, tx: &WriteTx, ahead: Ahead) -> Result<(), JobError> {
    store::tasks::settle_these(tx, ahead.over, night.app.clock.now()).await?;
    store::tasks::open_all(tx, ahead.wanted).await?;
    if ahead.red_box_is_due {
        stock::open_station_task(night.app, tx, night.station.id, What::HandOver, None).await?;
    }
    Ok(())
}

/// Opens a task for every thing at a station whose inspection is near or over.
pub(super) async fn inspections(
    app: &App,
    held: &Held<'_>,
    station: &station::Model,
    today: NaiveDate,
) -> Result<Report, JobError> {
    let desk = Desk::internal(app, Door::Job);
    let (mut report, mut after) = (Report::default(), None);
    loop {
        let due = store::inspections::list_due(app.db.read(), station.id, inspected_by(today), after, 100).await?;
        let Some(last) = due.last() else { return Ok(report) };
        after = Some(last.id);
        let row = |item: &item::Model| task::Model {
            natural_key: format!("{:?}:{}", What::Inspect, item.id),
            station_id: Some(station.id),
            item_id: Some(item.id),
            kind_id: Some(item.kind_id),
            ..crate::desk::borrow::new_task(&desk, What::Inspect)
        };
        let tx = held.write().await?;
        store::tasks::open_all(&tx, due.iter().map(row).collect()).await?;
        tx.commit(()).await?;
        report.add("inspections asked for", due.len() as u64);
    }
}
