//! Lots 批次: what the station holds of each kind, until when, and what stands against it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    ids::{KindId, LotId},
    kind, lot, station,
};
use serde::Deserialize;

use super::{named, picture, station_of};
use crate::{
    desk::{self, Desk},
    pages::{frame::Frame, staff::Tab, trouble, visitor::Visitor},
    speech::{self, texts::Lots as T},
    store,
};

/// Lots on one page.
const PAGE: u64 = 50;

#[derive(Template)]
#[template(path = "keeper/lots.html")]
struct LotsPage {
    frame: Frame,
    station: String,
    kinds: Vec<KindRow>,
    kind: Option<(KindId, String)>,
    rows: Vec<Row>,
    more: Option<String>,
    empty_too: bool,
}

struct KindRow {
    id: KindId,
    name: String,
    picture: String,
    units: i32,
    unit: String,
    first: Option<NaiveDate>,
}

struct Row {
    id: LotId,
    number: String,
    last_day: Option<NaiveDate>,
    units: i32,
    unit: String,
    shelf: String,
    blocks: Vec<String>,
    in_red_box: i32,
}

/// Of which kind, and from where on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: Option<KindId>,
    #[serde(default)]
    all: Option<String>,
    #[serde(default)]
    after: Option<LotId>,
}

/// Shows the kinds, or the lots of one.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match read(&visitor.desk, &visitor.frame, &station, asked).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, asked: Asked) -> desk::Result<LotsPage> {
    let mut page = LotsPage {
        frame: frame.clone(),
        station: station.code.clone(),
        kinds: Vec::new(),
        kind: None,
        rows: Vec::new(),
        more: None,
        empty_too: asked.all.is_some(),
    };
    match asked.kind {
        None => page.kinds = kinds(desk, frame, station).await?,
        Some(id) => {
            let kind = super::kinds::usable(desk, station, id).await?;
            page.kind = Some((id, named(frame, &kind)));
            (page.rows, page.more) = lots(desk, frame, station, id, &asked).await?;
        }
    }
    Ok(page)
}

async fn kinds(desk: &Desk, frame: &Frame, station: &station::Model) -> desk::Result<Vec<KindRow>> {
    let conn = desk.app.db.read();
    let mut held: BTreeMap<KindId, (i32, Option<NaiveDate>)> = BTreeMap::new();
    for lot in store::lots::list_on_shelf(conn, station.id, None).await? {
        let entry = held.entry(lot.kind_id).or_default();
        entry.0 += lot.on_shelf();
        entry.1 = match (entry.1, lot.last_day.filter(|_| lot.on_shelf() > 0)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let all = store::kinds::list_in_use(conn, station.community_id).await?;
    let lots: Vec<&kind::Model> = all.iter().filter(|kind| kind.tracked == kind::Tracked::Lot).collect();
    let units = units(desk, lots.iter().map(|kind| kind.id).collect()).await?;
    let row = |kind: &&kind::Model| {
        let (held, first) = held.get(&kind.id).copied().unwrap_or_default();
        KindRow {
            id: kind.id,
            name: named(frame, kind),
            picture: picture(kind),
            units: held,
            unit: units.get(&kind.id).cloned().unwrap_or_default(),
            first,
        }
    };
    Ok(lots.iter().map(row).collect())
}

/// What is counted of each kind: 片, 贴.
async fn units(desk: &Desk, kinds: Vec<KindId>) -> desk::Result<BTreeMap<KindId, String>> {
    let profiles = store::consumables::list(desk.app.db.read(), kinds).await?;
    Ok(profiles.into_iter().map(|profile| (profile.kind_id, profile.base_unit)).collect())
}

async fn lots(
    desk: &Desk,
    frame: &Frame,
    station: &station::Model,
    kind: KindId,
    asked: &Asked,
) -> desk::Result<(Vec<Row>, Option<String>)> {
    let conn = desk.app.db.read();
    let all = asked.all.is_some();
    let mut found = store::lots::list(conn, Some(station.id), Some(kind), all, asked.after, PAGE + 1).await?;
    let full = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = found.last().map(|lot| lot.id).filter(|_| full);
    let blocks = desk::stock::blocks_of(&desk.app, conn, &found).await?;
    let unit = units(desk, vec![kind]).await?.remove(&kind).unwrap_or_default();
    let row = |lot: &lot::Model| Row {
        id: lot.id,
        number: lot.number.clone(),
        last_day: lot.last_day,
        units: lot.on_shelf(),
        unit: unit.clone(),
        shelf: lot.shelf.clone().unwrap_or_default(),
        blocks: blocks.get(&lot.id).into_iter().flatten().map(|block| frame.words(&speech::block(*block))).collect(),
        in_red_box: lot.to_dispose,
    };
    let more = last.map(|id| {
        let all = if all { "&all=1" } else { "" };
        format!("/staff/{}/lots?kind={kind}{all}&after={id}", station.code)
    });
    Ok((found.iter().map(row).collect(), more))
}
