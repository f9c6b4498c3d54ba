//! One nightly check as a sheet of paper to sign: what was checked, what was abnormal, what was done about it.

use askama::Template;
use axum::{extract::Path, response::Response};
use chrono::{DateTime, Utc};
use entity::{
    expiry_check::{self, Mode, Status},
    ids::{ExpiryCheckId, LotId, MemberId},
    member,
    stock_block::Cause,
    task::What,
    values::Language,
};
use serde_json::Value;

use super::{Kept, keep};
use crate::{
    desk::{self, Error},
    pages::{frame::Frame, visitor::Visitor},
    rules::usability::Block,
    speech::{self, texts::Checks as T},
    store::{self, todo::NamedLot},
    view::ExpiryCheckView,
};

#[derive(Template)]
#[template(path = "rounds/record.html")]
struct RecordPage {
    frame: Frame,
    code: String,
    station: String,
    day: String,
    covers_from: Option<String>,
    finished: String,
    checked: i64,
    changes: i64,
    trusted: bool,
    complete: bool,
    rows: Vec<Row>,
    sections: Vec<(&'static str, Vec<String>)>,
    tiers: Vec<(&'static str, i64)>,
    hash: String,
}

struct Row {
    what: String,
    lot: String,
    last_day: String,
    shelf: String,
    units: String,
    finding: String,
    handling: String,
}

/// What else a report may hold, and what it is called.
const SECTIONS: [(&str, T); 8] = [
    ("taken_after_their_date", T::Incidents),
    ("incidents", T::Incidents),
    ("late_takes_written_down_since", T::RecordedLate),
    ("blocked", T::Blocked),
    ("lifted", T::Lifted),
    ("calibration_overdue", T::Calibration),
    ("errors", T::Errors),
    ("missed", T::Missed),
];

/// Shows a check.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, ExpiryCheckId)>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => kept.show(read(&kept, id).await),
        Err(page) => page,
    }
}

async fn read(kept: &Kept, id: ExpiryCheckId) -> desk::Result<RecordPage> {
    let conn = kept.desk.app.db.read();
    let check = store::check_records::find(conn, id).await?.filter(|check| check.station_id == kept.station.id);
    let check = check.ok_or(Error::NotFound("check"))?;
    let report: Value = serde_json::from_str(&check.report).unwrap_or_default();
    let mut ids = Vec::new();
    lots_in(&report, &mut ids);
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(500);
    let lots = store::todo::name_lots(conn, ids.clone()).await?;
    let handled = store::todo::list_handled(conn, ids, check.finished_at).await?;
    let people = people(kept, &report).await?;
    Ok(page(kept, &check, &report, &Known { lots, handled, people }))
}

/// Whoever has laid or lifted a block, as staff may see them.
async fn people(kept: &Kept, report: &Value) -> desk::Result<Vec<(MemberId, String)>> {
    let entries = ["blocked", "lifted"].into_iter().filter_map(|field| report[field].as_array()).flatten();
    let ids = entries.filter_map(|entry| entry["by"].as_str()?.parse().ok()).collect();
    let rows = store::members::list_by_ids(kept.desk.app.db.read(), ids).await?;
    let name = |row: &member::Model| desk::members::masked(&kept.desk.app, row).name.unwrap_or_default();
    Ok(rows.iter().map(|row| (row.id, name(row))).collect())
}

/// What is known today of what is in a report.
struct Known {
    people: Vec<(MemberId, String)>,
    lots: Vec<NamedLot>,
    handled: Vec<(Option<LotId>, What, Option<DateTime<Utc>>)>,
}

impl Known {
    fn lot(&self, value: &Value) -> Option<&NamedLot> {
        let id: LotId = value.as_str()?.parse().ok()?;
        self.lots.iter().find(|lot| lot.id == id)
    }
}

/// The lots that are named anywhere in a report.
fn lots_in(value: &Value, into: &mut Vec<LotId>) {
    match value {
        Value::String(text) => into.extend(text.parse::<LotId>().ok()),
        Value::Array(values) => values.iter().for_each(|value| lots_in(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| lots_in(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn page(kept: &Kept, check: &expiry_check::Model, report: &Value, known: &Known) -> RecordPage {
    let frame = &kept.frame;
    let lines = [&report["lines"], &report["transitions"]].into_iter().find_map(Value::as_array);
    let section = |(field, head): (&str, T)| {
        let values = report[field].as_array().filter(|values| !values.is_empty())?;
        Some((frame.say(head), values.iter().map(|value| said(frame, value, known)).collect()))
    };
    let tiers = report["tiers"].as_array().into_iter().flatten();
    RecordPage {
        code: kept.station.code.clone(),
        station: kept.station.name.clone(),
        day: check.business_date.to_string(),
        covers_from: Some(check.covers_from).filter(|from| *from != check.business_date).map(|from| from.to_string()),
        finished: kept.at(check.finished_at),
        checked: check.checked,
        changes: check.transitions,
        trusted: check.mode == Mode::Normal,
        complete: check.status == Status::Done,
        rows: lines.into_iter().flatten().map(|line| row(kept, line, known)).collect(),
        sections: SECTIONS.into_iter().filter_map(section).collect(),
        tiers: tiers.map(|tier| (frame.say(tier_words(&tier[0])), tier[1].as_i64().unwrap_or_default())).collect(),
        hash: ExpiryCheckView::from(check).hash,
        frame: frame.clone(),
    }
}

/// A value of a report in words: what it is about by name, and the rest as it stands.
fn said(frame: &Frame, value: &Value, known: &Known) -> String {
    match value {
        Value::String(text) => match known.lot(value) {
            Some(lot) => format!("{} {}", frame.name(&lot.kind_name, lot.kind_name_en.as_deref()), lot.number),
            None => frame.words(&speech::own_note(text)),
        },
        Value::Object(fields) => {
            let parts =
                fields.iter().filter(|(_, value)| !value.is_null()).map(|(field, value)| part(frame, field, value, known));
            let mut parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
            // A cause often is its own reason.
            parts.dedup();
            parts.join(" · ")
        }
        Value::Array(values) => values.iter().map(|value| said(frame, value, known)).collect::<Vec<_>>().join(" · "),
        other => other.to_string(),
    }
}

/// One field of an entry: who did it by name, why in words; what is said in both languages, in one.
fn part(frame: &Frame, field: &str, value: &Value, known: &Known) -> String {
    let text = value.as_str().unwrap_or_default();
    match field {
        "by" => known.people.iter().find(|(id, _)| id.to_string() == text).map(|(_, name)| name.clone()).unwrap_or_default(),
        "cause" => cause(value).map_or_else(|| text.to_owned(), |block| frame.words(&speech::block(block))),
        "code" => String::new(),
        "zh" | "en" if (field == "en") != (frame.language == Language::English) => String::new(),
        _ => said(frame, value, known),
    }
}

/// Why a lot was blocked.
fn cause(value: &Value) -> Option<Block> {
    Some(match serde_json::from_value(value.clone()).ok()? {
        Cause::Unverified => Block::Unverified,
        Cause::Conflict => Block::Conflict,
        Cause::Recalled => Block::Recalled,
        Cause::DataError => Block::DataError,
        Cause::Manual => Block::Manual,
        Cause::Suspended => Block::Suspended,
        Cause::PartnerEnded => Block::PartnerEnded,
    })
}

fn row(kept: &Kept, line: &Value, known: &Known) -> Row {
    let frame = &kept.frame;
    let lot = known.lot(&line["lot"]);
    let text = |field: &str| line[field].as_str().map(ToOwned::to_owned);
    let name = lot.map(|lot| frame.name(&lot.kind_name, lot.kind_name_en.as_deref()).to_owned());
    Row {
        what: name.or_else(|| text("kind")).unwrap_or_default(),
        lot: lot.map(|lot| lot.number.clone()).or_else(|| text("number")).unwrap_or_default(),
        last_day: text("last_day").or_else(|| lot?.last_day.map(|day| day.to_string())).unwrap_or_default(),
        shelf: text("shelf").or_else(|| lot?.shelf.clone()).unwrap_or_default(),
        units: line["units"].as_i64().map(|units| units.to_string()).unwrap_or_default(),
        finding: finding(&line["what"]).map_or_else(|| text("what").unwrap_or_default(), |words| frame.say(words).to_owned()),
        handling: handling(kept, lot, known),
    }
}

/// What was done about a lot since: when its last task was done, or that one waits.
fn handling(kept: &Kept, lot: Option<&NamedLot>, known: &Known) -> String {
    let Some(lot) = lot else { return String::new() };
    let mine: Vec<_> = known.handled.iter().filter(|(id, ..)| *id == Some(lot.id)).collect();
    match mine.last() {
        None => String::new(),
        Some(_) if mine.iter().any(|(.., done)| done.is_none()) => kept.frame.say(T::NotYet).to_owned(),
        Some((.., done)) => done.map(|at| kept.frame.say1(T::DoneOn, kept.at(at))).unwrap_or_default(),
    }
}

fn finding(what: &Value) -> Option<T> {
    Some(match what.as_str()? {
        "t90" => T::T90,
        "t30" => T::T30,
        "t7" => T::T7,
        "stop_issue" => T::StopIssue,
        "expired" => T::Expired,
        "opened_expired" => T::OpenedExpired,
        _ => return None,
    })
}

fn tier_words(tier: &Value) -> T {
    finding(tier).unwrap_or(T::Fresh)
}
