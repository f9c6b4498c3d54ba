//! Print stickers: choose the paper and where to begin, then the sheet itself.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
};
use entity::{
    ids::{ItemId, KindId},
    kind, station, sticker,
    sticker::StuckOn,
    values::masked_name,
};
use serde::Deserialize;

use super::{
    named,
    paper::{PAPERS, Paper, Use},
    station_of,
};
use crate::{
    desk::{self, Desk},
    pages::{
        frame::Frame,
        staff::Tab,
        trouble::{self, encoded},
        visitor::Visitor,
    },
    qr,
    speech::texts::Sheets as T,
    store,
};

/// The most stickers in one go.
const MOST: u64 = 500;

#[derive(Template)]
#[template(path = "keeper/print.html")]
struct ChoosePage {
    frame: Frame,
    station: String,
    count: usize,
    asked: Asked,
    papers: Vec<&'static Paper>,
    chosen: &'static Paper,
}

#[derive(Template)]
#[template(path = "keeper/sheet.html")]
struct SheetPage {
    frame: Frame,
    host: String,
    paper: &'static Paper,
    /// Pages of places; an empty place was used before, or is not needed.
    pages: Vec<Vec<Option<Label>>>,
    back: String,
}

/// What one label says.
#[derive(Clone)]
struct Label {
    code: String,
    side: usize,
    path: String,
    name: String,
    lines: Vec<String>,
}

/// What is printed, and on what.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Things or stickers, by their codes.
    #[serde(default)]
    code: Vec<String>,
    /// The same, in one word with dots between.
    #[serde(default)]
    codes: String,
    /// Things of this kind that were entered together, from one to another.
    #[serde(default)]
    kind: Option<KindId>,
    #[serde(default)]
    from: Option<ItemId>,
    #[serde(default)]
    to: Option<ItemId>,
    #[serde(default)]
    paper: String,
    /// The first free place on a sheet that was used before; 1 on a new one.
    #[serde(default)]
    start: String,
}

impl Asked {
    /// What is printed, as a query.
    fn query(&self) -> String {
        let mut parts: Vec<String> = self.code.iter().map(|code| format!("code={}", encoded(code))).collect();
        parts.extend((!self.codes.is_empty()).then(|| format!("codes={}", encoded(&self.codes))));
        parts.extend(self.kind.map(|id| format!("kind={id}")));
        parts.extend(self.from.map(|id| format!("from={id}")));
        parts.extend(self.to.map(|id| format!("to={id}")));
        parts.join("&")
    }

    /// The same, as fields of a form.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields: Vec<(&str, String)> = self.code.iter().map(|code| ("code", code.clone())).collect();
        fields.extend((!self.codes.is_empty()).then(|| ("codes", self.codes.clone())));
        fields.extend(self.kind.map(|id| ("kind", id.to_string())));
        fields.extend(self.from.map(|id| ("from", id.to_string())));
        fields.extend(self.to.map(|id| ("to", id.to_string())));
        fields
    }
}

fn read_query(query: Option<String>) -> Asked {
    serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default()
}

/// Which paper, and from where on?
pub(super) async fn choose(mut visitor: Visitor, Path(code): Path<String>, RawQuery(query): RawQuery) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let asked = read_query(query);
    match stickers(&visitor.desk, &station, &asked).await {
        Ok(found) => {
            let usage = usage_of(&found);
            let papers: Vec<&Paper> = PAPERS.iter().filter(|paper| paper.usage == usage).collect();
            let chosen = papers.iter().copied().find(|paper| paper.name == asked.paper).unwrap_or(papers[0]);
            let (frame, station, count) = (visitor.frame.clone(), station.code, found.len());
            visitor.frame.page(StatusCode::OK, &ChoosePage { frame, station, count, asked, papers, chosen })
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// The sheet, ready to print.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, RawQuery(query): RawQuery) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match read(&visitor.desk, &visitor.frame, &station, &read_query(query)).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, asked: &Asked) -> desk::Result<SheetPage> {
    let found = stickers(desk, station, asked).await?;
    let usage = usage_of(&found);
    let proposed = PAPERS.iter().find(|paper| paper.usage == usage).unwrap_or(&PAPERS[0]);
    let paper = Paper::called(&asked.paper).unwrap_or(proposed);
    let used = if paper.is_sheet() { asked.start.trim().parse::<usize>().unwrap_or(1).clamp(1, paper.places()) - 1 } else { 0 };
    let mut places: Vec<Option<Label>> = vec![None; used];
    places.extend(labels(desk, frame, station, &found).await?.into_iter().map(Some));
    let base = desk.app.config.base_url.trim_end_matches('/');
    Ok(SheetPage {
        frame: frame.clone(),
        host: base.split_once("://").map_or(base, |(_, host)| host).to_owned(),
        pages: places.chunks(paper.places()).map(<[_]>::to_vec).collect(),
        back: format!("/staff/{}/stickers/print?{}&paper={}", station.code, asked.query(), paper.name),
        paper,
    })
}

fn usage_of(found: &[sticker::Model]) -> Use {
    match found.first().and_then(|sticker| sticker.stuck_on) {
        Some(StuckOn::Station) => Use::Plate,
        Some(StuckOn::Card) => Use::Card,
        _ => Use::Sticker,
    }
}

/// The stickers that are meant: those of things are found by the code of the thing too.
async fn stickers(desk: &Desk, station: &station::Model, asked: &Asked) -> desk::Result<Vec<sticker::Model>> {
    let conn = desk.app.db.read();
    if let Some(kind) = asked.kind {
        let range = asked.from.zip(asked.to).ok_or(desk::Error::NotFound("items"))?;
        let items = store::items::list_between(conn, station.id, kind, range, MOST).await?;
        let on = store::stickers::list_on_items(conn, items.iter().map(|item| item.id).collect()).await?;
        let mut first: BTreeMap<ItemId, sticker::Model> = BTreeMap::new();
        for sticker in on {
            if let Some(item) = sticker.item_id {
                first.entry(item).or_insert(sticker);
            }
        }
        return Ok(first.into_values().collect());
    }
    let mut codes: Vec<String> = asked.code.clone();
    codes.extend(asked.codes.split('.').filter(|code| !code.is_empty()).map(str::to_owned));
    codes.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let items = store::items::list_by_codes(conn, codes.clone()).await?;
    let on = store::stickers::list_on_items(conn, items.iter().map(|item| item.id).collect()).await?;
    let direct = store::stickers::list_by_codes(conn, codes.clone()).await?;
    let sticker_of = |code: &String| {
        let item = items.iter().find(|item| item.code == *code);
        let thing = item.and_then(|item| on.iter().find(|sticker| sticker.item_id == Some(item.id)));
        direct.iter().find(|sticker| sticker.code == *code).or(thing).cloned()
    };
    Ok(codes.iter().filter_map(sticker_of).filter(|sticker| sticker.station_id.is_none_or(|id| id == station.id)).collect())
}

async fn labels(desk: &Desk, frame: &Frame, station: &station::Model, found: &[sticker::Model]) -> desk::Result<Vec<Label>> {
    let conn = desk.app.db.read();
    let items = store::items::list_by_ids(conn, found.iter().filter_map(|sticker| sticker.item_id).collect()).await?;
    let kinds = items.iter().map(|item| item.kind_id).chain(found.iter().filter_map(|sticker| sticker.kind_id)).collect();
    let kinds: BTreeMap<KindId, kind::Model> =
        store::kinds::list_by_ids(conn, kinds).await?.into_iter().map(|kind| (kind.id, kind)).collect();
    let members = store::members::list_by_ids(conn, found.iter().filter_map(|sticker| sticker.member_id).collect()).await?;
    let kind_name = |id: &KindId| kinds.get(id).map(|kind| named(frame, kind)).unwrap_or_default();
    let label = |sticker: &sticker::Model| {
        let (side, path) = qr::path(&desk.app.config.sticker_url(&sticker.code))?;
        let item = sticker.item_id.and_then(|id| items.iter().find(|item| item.id == id));
        let holder = sticker.member_id.and_then(|id| members.iter().find(|member| member.id == id));
        let (name, mut lines) = match (item, &sticker.kind_id, holder, sticker.stuck_on) {
            (Some(item), ..) => {
                let kind = kind_name(&item.kind_id);
                match &item.label {
                    Some(label) => (label.clone(), vec![kind]),
                    None => (kind, Vec::new()),
                }
            }
            (None, Some(kind), ..) => (kind_name(kind), Vec::new()),
            (None, None, Some(member), _) => {
                let name = desk.app.vault.name_of(member).map(|name| masked_name(&name)).unwrap_or_default();
                (frame.say(T::CardName).to_owned(), vec![name, frame.say(T::CardHelp).to_owned()])
            }
            (.., Some(StuckOn::Station)) => (station.name.clone(), station.place.iter().cloned().collect()),
            _ => (String::new(), Vec::new()),
        };
        if !matches!(sticker.stuck_on, Some(StuckOn::Station | StuckOn::Card)) {
            lines.push(station.name.clone());
        }
        Some(Label { code: sticker.code.clone(), side, path, name, lines })
    };
    Ok(found.iter().filter_map(label).collect())
}

impl ChoosePage {
    /// Some of the papers may have been used in part.
    fn has_sheets(&self) -> bool {
        self.papers.iter().any(|paper| paper.is_sheet())
    }
}

impl SheetPage {
    fn stylesheet(&self) -> String {
        self.frame.asset(&format!("sheet-{}.css", self.paper.name))
    }

    fn code_below(&self) -> bool {
        self.paper.code_below
    }
}
