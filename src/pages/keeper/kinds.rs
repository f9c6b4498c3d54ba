//! Kinds 种类: what there is, how long it is lent here, and new things of one.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    ids::{KindId, PolicyId},
    kind::{self, Identity, Tracked},
    policy, station,
};
use serde::Deserialize;

use super::{Notes, given, named, picture, seen_at, station_of};
use crate::{
    desk::{
        self, Desk,
        items::Register,
        policies::{Scope, scope_text},
    },
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    rules::{
        calendar::LoanLength,
        policy::{Policy, resolve},
    },
    speech::{self, texts::Kinds as T},
    store,
    view::{PolicyValues, PolicyView},
};

#[derive(Template)]
#[template(path = "keeper/kinds.html")]
struct KindsPage {
    frame: Frame,
    station: String,
    /// Categories, each with its kinds.
    groups: Vec<(String, Vec<Row>)>,
    may_edit: bool,
}

struct Row {
    id: KindId,
    name: String,
    picture: String,
    said: String,
}

#[derive(Template)]
#[template(path = "keeper/kind.html")]
struct KindPage {
    frame: Frame,
    station: String,
    kind: kind::Model,
    name: String,
    picture: String,
    category: String,
    identity: &'static str,
    policy: Policy,
    terms: Terms,
    may_edit: bool,
    notes: Notes,
}

/// What a station says about lending a kind, as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Terms {
    #[serde(default)]
    length: String,
    /// `days` or `hours`.
    #[serde(default)]
    unit: String,
    #[serde(default)]
    limit: String,
    #[serde(default)]
    renewals: String,
    #[serde(default)]
    rev: i64,
}

/// Lists them.
pub(super) async fn list(mut visitor: Visitor, Path(code): Path<String>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match read_all(&visitor.desk, &visitor.frame, &station).await {
        Ok(page) => visitor.frame.page(StatusCode::OK, &page),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read_all(desk: &Desk, frame: &Frame, station: &station::Model) -> desk::Result<KindsPage> {
    let conn = desk.app.db.read();
    let counts = store::items::count_at(conn, vec![station.id]).await?;
    let counts: BTreeMap<KindId, (i64, i64)> = counts.into_iter().map(|c| (c.kind_id, (c.on_shelf, c.out))).collect();
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    for kind in store::kinds::list_in_use(conn, station.community_id).await? {
        let said = match (kind.tracked, counts.get(&kind.id)) {
            (Tracked::Lot, _) => frame.say(T::Taken).to_owned(),
            (Tracked::Item, Some((here, out))) => frame.say2(T::HereAndOut, here, out),
            (Tracked::Item, None) => frame.say(T::NoneHere).to_owned(),
        };
        let row = Row { id: kind.id, name: named(frame, &kind), picture: picture(&kind), said };
        let category = frame.words(&speech::category(&kind.category).0);
        match groups.iter_mut().find(|(known, _)| *known == category) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((category, vec![row])),
        }
    }
    let may_edit = desk.actor.manager_of(station.community_id).is_ok();
    Ok(KindsPage { frame: frame.clone(), station: station.code.clone(), groups, may_edit })
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows one.
pub(super) async fn show(
    mut visitor: Visitor,
    Path((station, id)): Path<(String, KindId)>,
    Query(asked): Query<Asked>,
) -> Response {
    let station = match station_of(&mut visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| visitor.frame.say(T::Saved)));
    render(&visitor, &station, id, None, StatusCode::OK, notes).await
}

async fn render(
    visitor: &Visitor,
    station: &station::Model,
    id: KindId,
    typed: Option<Terms>,
    status: StatusCode,
    notes: Notes,
) -> Response {
    match read(&visitor.desk, &visitor.frame, station, id).await {
        Ok(page) => {
            let terms = typed.unwrap_or_else(|| page.terms.clone());
            visitor.frame.page(status, &KindPage { notes, terms, ..page })
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// A kind that may be used at this station.
pub(super) async fn usable(desk: &Desk, station: &station::Model, id: KindId) -> desk::Result<kind::Model> {
    let kind = store::kinds::find(desk.app.db.read(), id).await?;
    let usable = |kind: &kind::Model| kind.community_id.is_none_or(|community| community == station.community_id);
    kind.filter(usable).ok_or(desk::Error::NotFound("kind"))
}

async fn read(desk: &Desk, frame: &Frame, station: &station::Model, id: KindId) -> desk::Result<KindPage> {
    let conn = desk.app.db.read();
    let kind = usable(desk, station, id).await?;
    let rows = store::policies::list_for(conn, Some(station.id), kind.id).await?;
    let scope = crate::rules::policy::Scope { station: Some(station.id), group: None, kind: kind.id };
    let policy = resolve(&rows, scope, kind.identity);
    let own = own_row(desk, station, kind.id).await?;
    let (length, unit) = match policy.length {
        LoanLength::Minutes(minutes) => (minutes.div_ceil(60), "hours"),
        LoanLength::Days { days, .. } => (u32::from(days), "days"),
    };
    let terms = Terms {
        length: length.to_string(),
        unit: unit.to_owned(),
        limit: policy.max_open_of_kind.to_string(),
        renewals: policy.renewals.to_string(),
        rev: own.map_or(0, |row| row.rev),
    };
    Ok(KindPage {
        frame: frame.clone(),
        station: station.code.clone(),
        name: named(frame, &kind),
        picture: picture(&kind),
        category: frame.words(&speech::category(&kind.category).0),
        identity: frame.say(identity_words(policy.identity)),
        may_edit: desk::kinds::may_be_edited(desk, kind.community_id),
        kind,
        policy,
        terms,
        notes: Notes::default(),
    })
}

/// How well we must know who borrows, in plain words.
pub(super) fn identity_words(identity: Identity) -> T {
    match identity {
        Identity::Anonymous => T::AskNothing,
        Identity::Phone => T::AskPhone,
        Identity::Verified => T::AskCode,
        Identity::Approved => T::AskApproval,
    }
}

async fn own_row(desk: &Desk, station: &station::Model, kind: KindId) -> desk::Result<Option<policy::Model>> {
    let scope = scope_text(Some(station.id), None, Some(kind));
    Ok(store::policies::find_by_scope(desk.app.db.read(), &scope).await?)
}

/// How long a kind is lent here, and how many anybody may have.
pub(super) async fn set_terms(Path((station, id)): Path<(String, KindId)>, mut sent: Sent<Terms>) -> Response {
    let station = match station_of(&mut sent.visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match write_terms(sent.desk, &station, id, &sent.form).await {
        Ok(()) => super::to(&station, &format!("kinds/{id}?done=terms")),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &station, id, Some(sent.form), status, Notes::no(reasons)).await
        }
    }
}

async fn write_terms(desk: Desk, station: &station::Model, kind: KindId, terms: &Terms) -> desk::Result<()> {
    let number = |field: &'static str, text: &str| {
        text.trim().parse::<i32>().map_err(|_| desk::Error::Invalid { field, problem: desk::Problem::OutOfRange })
    };
    let length = number("length", &terms.length)?;
    let own = own_row(&desk, station, kind).await?;
    let before = own.as_ref().map(|row| PolicyView::from(row).values).unwrap_or_default();
    let hours = terms.unit == "hours";
    let values = PolicyValues {
        loan_minutes: hours.then(|| length.saturating_mul(60)),
        loan_days: (!hours).then_some(length),
        max_open_of_kind: Some(number("limit", &terms.limit)?),
        renewals: Some(number("renewals", &terms.renewals)?),
        ..before
    };
    match own {
        Some(row) => {
            let id: PolicyId = row.id;
            desk::answer(seen_at(desk, terms.rev), (id, values), desk::policies::edit).await?;
        }
        None => {
            let scope = Scope { station: Some(station.id), kind: Some(kind), group: None };
            desk::answer(desk, (scope, values), desk::policies::create).await?;
        }
    }
    Ok(())
}

/// New things of a kind.
#[derive(Debug, Deserialize)]
pub(super) struct RegisterForm {
    count: u32,
    #[serde(default)]
    label: String,
}

/// Enters them, and goes straight on to printing their stickers.
pub(super) async fn register(Path((station, id)): Path<(String, KindId)>, mut sent: Sent<RegisterForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &station, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let form = sent.form;
    let order = Register { kind: id, station: station.id, count: form.count, code: None, label: given(&form.label) };
    match desk::answer(sent.desk, order, desk::items::register).await {
        Ok(done) => {
            let items = done.into_receipt().items;
            let (first, last) = (items.first().map(|i| i.id).unwrap_or_default(), items.last().map(|i| i.id).unwrap_or_default());
            super::to(&station, &format!("stickers/print?kind={id}&from={first}&to={last}"))
        }
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &station, id, None, status, Notes::no(reasons)).await
        }
    }
}
