//! The third step, the first station; and the fourth, what it has.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::station::Hours;
use serde::Deserialize;

use super::field;
use crate::{
    desk::{
        self, Desk,
        starters::{self, STARTERS, Starter},
        stations::Particulars,
    },
    pages::{frame::Frame, sent::Sent, trouble, visitor::Visitor},
    speech::texts::FirstStart as T,
    store,
    view::StationView,
};

#[derive(Template)]
#[template(path = "first_start/place.html")]
struct PlacePage {
    frame: Frame,
    typed: PlaceForm,
    reasons: Vec<String>,
}

/// The form of the third step.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct PlaceForm {
    #[serde(default)]
    community: String,
    #[serde(default)]
    station: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    hours: String,
}

/// Asks for the first station.
pub(super) async fn show_place(visitor: Visitor) -> Response {
    if let Err(error) = visitor.desk.actor.admin() {
        return trouble::page(&visitor.frame, &error);
    }
    let typed = PlaceForm { code: "S01".to_owned(), ..PlaceForm::default() };
    visitor.frame.page(StatusCode::OK, &PlacePage { frame: visitor.frame.clone(), typed, reasons: Vec::new() })
}

/// Opens the first station in its community.
pub(super) async fn submit_place(sent: Sent<PlaceForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    match open(&desk, &form).await {
        Ok(station) => Redirect::to(&format!("/setup/things?station={}", station.code)).into_response(),
        Err(error) => {
            let frame = &visitor.frame;
            let (status, mut reasons) = frame.said(&error);
            reasons.extend(field(frame, &error));
            frame.page(status, &PlacePage { frame: frame.clone(), typed: form, reasons })
        }
    }
}

/// Two verbs, each done once: a community is not made twice because the code of the station was mistyped.
async fn open(desk: &Desk, form: &PlaceForm) -> desk::Result<StationView> {
    let known = store::communities::find_by_name(desk.app.db.read(), form.community.trim()).await?;
    let community = match known {
        Some(community) => community.id,
        None => {
            let keyless = Desk { key: None, ..desk.clone() };
            desk::answer(keyless, form.community.clone(), desk::communities::create).await?.into_receipt().id.into()
        }
    };
    let optional = |text: &str| Some(Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| (day, [["08:00", "20:00"]]));
    let daily = serde_json::json!({ "weekly": BTreeMap::from(days) });
    let what = Particulars {
        name: Some(form.station.clone()),
        place: optional(&form.place),
        contact: optional(&form.contact),
        hours: (form.hours == "daily").then(|| serde_json::from_value::<Hours>(daily).unwrap_or(Hours::Always)),
        ..Particulars::default()
    };
    let station = desk::answer(desk.clone(), (community, form.code.clone(), what), desk::stations::create).await?;
    Ok(station.into_receipt())
}

#[derive(Template)]
#[template(path = "first_start/things.html")]
struct ThingsPage {
    frame: Frame,
    station: String,
    reasons: Vec<String>,
}

impl ThingsPage {
    fn starters(&self) -> Vec<(usize, &'static Starter)> {
        STARTERS.iter().enumerate().collect()
    }

    fn name(&self, starter: &Starter) -> &'static str {
        if self.frame.language == entity::values::Language::Chinese { starter.name } else { starter.name_en }
    }
}

/// At which station; the first one if it is not said.
#[derive(Debug, Default, Deserialize)]
pub(super) struct At {
    /// The plate of the station.
    pub(super) station: Option<String>,
}

/// Asks what the station has.
pub(super) async fn show_things(visitor: Visitor, Query(at): Query<At>) -> Response {
    let station = match at.station {
        Some(code) => Ok(Some(code)),
        None => {
            store::stations::list(visitor.desk.app.db.read(), None, None, 1).await.map(|all| all.first().map(|s| s.code.clone()))
        }
    };
    match (visitor.desk.actor.admin(), station) {
        (Err(error), _) => trouble::page(&visitor.frame, &error),
        (_, Ok(Some(station))) => {
            let frame = visitor.frame;
            frame.page(StatusCode::OK, &ThingsPage { frame: frame.clone(), station, reasons: Vec::new() })
        }
        (_, Ok(None)) => Redirect::to("/setup/place").into_response(),
        (_, Err(error)) => trouble::page(&visitor.frame, &error.into()),
    }
}

/// The form of the fourth step: which starters by their number in the list, and how many of each, in the order of the list.
#[derive(Debug, Deserialize)]
pub(super) struct ThingsForm {
    station: String,
    #[serde(default)]
    pick: Vec<usize>,
    #[serde(default)]
    count: Vec<String>,
}

/// Takes up what was chosen.
pub(super) async fn submit_things(sent: Sent<ThingsForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    match take_up(&desk, &form).await {
        Ok(()) => Redirect::to(&format!("/setup/stickers?station={}", form.station)).into_response(),
        Err(error) => {
            let frame = &visitor.frame;
            let (status, reasons) = frame.said(&error);
            frame.page(status, &ThingsPage { frame: frame.clone(), station: form.station, reasons })
        }
    }
}

async fn take_up(desk: &Desk, form: &ThingsForm) -> desk::Result<()> {
    let station = store::stations::find_by_code(desk.app.db.read(), &form.station).await?;
    let station = station.ok_or(desk::Error::NotFound("station"))?;
    for (number, starter) in STARTERS.iter().enumerate().filter(|(number, _)| form.pick.contains(number)) {
        let count = form.count.get(number).and_then(|text| text.trim().parse().ok()).unwrap_or(starter.count);
        let step = Desk { key: desk.key.clone().map(|(key, print)| (format!("{key}-{number}"), print)), ..desk.clone() };
        starters::take_up(&step, station.id, starter, count).await?;
    }
    Ok(())
}
