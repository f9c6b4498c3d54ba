//! The round: one thing on the screen, that seen least recently first; or whatever is scanned.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    ids::ItemId,
    item::{self, Lifecycle},
    kind,
    sticker::StuckOn,
};
use serde::Deserialize;

use super::{Kept, faults::named, keep};
use crate::{
    desk::{self, Error, stickers::as_printed},
    pages::{
        frame::Frame,
        matter::{OF_A_THING, matter},
        trouble,
        visitor::Visitor,
    },
    rules::today::{Behind, Scanned, code_in, round_began, scanned},
    speech::texts::{Around, Round as T},
    store,
};

#[derive(Template)]
#[template(path = "rounds/round.html")]
struct RoundPage {
    frame: Frame,
    code: String,
    seen: u64,
    all: u64,
    said: bool,
    verdict: Option<Verdict>,
    thing: Option<Thing>,
    /// How many are skipped next.
    next: usize,
    matters: Vec<(&'static str, &'static str, &'static str)>,
    faulty: bool,
    reasons: Vec<String>,
}

struct Thing {
    id: String,
    code: String,
    picture: String,
    name: String,
    number: String,
    last_seen: String,
    maintenance: bool,
    reported: bool,
}

/// What a code tells.
struct Verdict {
    good: bool,
    words: String,
    /// It must be given back first, there.
    give_back: Option<String>,
    /// The thing on which a wrong sticker was found.
    wrong_sticker: Option<String>,
}

/// Which thing: one that was scanned, or the next but so many.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    pub(super) code: Option<String>,
    /// On which thing it was scanned.
    pub(super) expect: Option<ItemId>,
    pub(super) skip: Option<usize>,
    pub(super) done: Option<String>,
}

/// Shows the next thing, or what was scanned.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    render(visitor, &code, StatusCode::OK, asked, Vec::new()).await
}

/// The page, after something was tried.
pub(super) async fn render(visitor: Visitor, code: &str, status: StatusCode, asked: Asked, reasons: Vec<String>) -> Response {
    let kept = match keep(visitor, code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    match read(&kept, &asked, reasons).await {
        Ok(page) => kept.frame.page(status, &page),
        Err(error) => trouble::page(&kept.frame, &error),
    }
}

async fn read(kept: &Kept, asked: &Asked, reasons: Vec<String>) -> desk::Result<RoundPage> {
    let conn = kept.desk.app.db.read();
    let since = round_began(kept.desk.now(), kept.station.zone());
    let (seen, all) = store::todo::count_round(conn, kept.station.id, since).await?;
    let skip = asked.skip.unwrap_or_default().min(500);
    let (verdict, item) = match &asked.code {
        Some(read) => weigh(kept, read, asked.expect).await?,
        None => {
            let waiting = store::todo::list_round(conn, kept.station.id, since, skip as u64 + 1).await?;
            (None, waiting.get(skip).or(waiting.first()).cloned())
        }
    };
    let thing = match item {
        Some(item) => Some(thing(kept, item).await?),
        None => None,
    };
    let words = |what| {
        let (icon, value, words) = matter(what);
        (icon, value, kept.frame.say(words))
    };
    Ok(RoundPage {
        code: kept.station.code.clone(),
        seen,
        all,
        said: asked.done.is_some(),
        faulty: !reasons.is_empty(),
        verdict,
        thing,
        next: skip + 1,
        matters: OF_A_THING.map(words).to_vec(),
        reasons,
        frame: kept.frame.clone(),
    })
}

async fn thing(kept: &Kept, item: item::Model) -> desk::Result<Thing> {
    let conn = kept.desk.app.db.read();
    let kind = store::kinds::find(conn, item.kind_id).await?.ok_or(Error::NotFound("kind"))?;
    let reported = store::tickets::find_open_of_item(conn, item.id).await?.is_some();
    let last_seen = item.last_seen_at.map(|at| kept.frame.say1(T::LastSeen, kept.at(at)));
    let known: (item::Model, kind::Model) = (item, kind);
    let (picture, name, number) = named(kept, Some(&known));
    let item = known.0;
    Ok(Thing {
        id: item.id.to_string(),
        picture,
        name,
        number: number.unwrap_or_default(),
        last_seen: last_seen.unwrap_or_else(|| kept.frame.say(T::NeverSeen).to_owned()),
        maintenance: item.lifecycle == Lifecycle::Maintenance,
        reported,
        code: item.code,
    })
}

/// What a code tells, and the thing that is before the keeper now.
async fn weigh(kept: &Kept, read: &str, expect: Option<ItemId>) -> desk::Result<(Option<Verdict>, Option<item::Model>)> {
    let conn = kept.desk.app.db.read();
    let code = code_in(read, &kept.desk.app.config.base_url).map(as_printed);
    let sticker = match &code {
        Some(code) => store::stickers::find(conn, code).await?,
        None => None,
    };
    let item = match (&sticker, &code) {
        (Some(sticker), _) => match sticker.item_id.filter(|_| sticker.stuck_on == Some(StuckOn::Item)) {
            Some(id) => store::items::find(conn, id).await?,
            None => None,
        },
        (None, Some(code)) => store::items::find_by_code(conn, code).await?,
        (None, None) => None,
    };
    let behind = match (&sticker, &item) {
        (Some(sticker), _) if sticker.retired_at.is_some() => Behind::GivenUp,
        (_, Some(item)) => Behind::Thing(item),
        (Some(_), None) => Behind::NoThing,
        (None, None) => Behind::Nothing,
    };
    let told = scanned(behind, kept.station.id, expect);
    let looked_at = match expect {
        Some(id) => store::items::find(conn, id).await?.filter(|item| item.station_id == Some(kept.station.id)),
        None => None,
    };
    let known = store::todo::name_things(conn, item.iter().map(|item| item.id).collect()).await?;
    let name = known.first().map(|known| named(kept, Some(known)));
    let name = name.map(|(_, name, number)| format!("{name} {}", number.unwrap_or_default())).unwrap_or_default();
    let verdict = Verdict {
        good: told.is_good(),
        words: words(kept, told, &name),
        give_back: code.filter(|_| told == Scanned::WrittenAsOut).map(|code| format!("/q/{code}")),
        wrong_sticker: looked_at.as_ref().filter(|_| !told.is_good()).map(|item| item.code.clone()),
    };
    let before = if matches!(told, Scanned::Fits | Scanned::FromElsewhere) { item } else { looked_at };
    Ok((Some(verdict), before))
}

fn words(kept: &Kept, told: Scanned, name: &str) -> String {
    let text = match told {
        Scanned::Fits => return kept.frame.say1(T::Fits, name),
        Scanned::OfAnother => return kept.frame.say1(T::OfAnother, name),
        Scanned::NotOurs => T::NotOurs,
        Scanned::GivenUp => T::StickerGivenUp,
        Scanned::NoThing => T::NoThing,
        Scanned::FromElsewhere => T::FromElsewhere,
        Scanned::WrittenAsOut => T::WrittenAsOut,
        Scanned::OfRetired => T::OfRetired,
    };
    kept.frame.say(text).to_owned()
}
