//! The station itself: what it is called, where it is, when it is open.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    closure,
    opening_hours::OpeningHours,
    station::{self, Hours},
};
use serde::Deserialize;

use super::{Notes, given, seen_at, station_of};
use crate::{
    desk::{self, stations::Particulars},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::{Around, Station as T},
    store,
};

/// The days of a week, as the hours are kept.
const DAYS: [(&str, T); 7] = [
    ("mon", T::Monday),
    ("tue", T::Tuesday),
    ("wed", T::Wednesday),
    ("thu", T::Thursday),
    ("fri", T::Friday),
    ("sat", T::Saturday),
    ("sun", T::Sunday),
];

#[derive(Template)]
#[template(path = "keeper/settings.html")]
struct SettingsPage {
    frame: Frame,
    station: String,
    typed: SettingsForm,
    days: Vec<Day>,
    closures: Vec<closure::Model>,
    notes: Notes,
}

/// A day of the week, with up to two spells in which it is open.
struct Day {
    word: &'static str,
    name: &'static str,
    times: [String; 4],
}

/// The form. The times of a day are `mon1` to `mon4`: from, to, from, to.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct SettingsForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    always: String,
    #[serde(default)]
    holidays: Option<String>,
    #[serde(default)]
    rev: i64,
    #[serde(flatten)]
    times: BTreeMap<String, String>,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows it.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| visitor.frame.say(T::Saved)));
    render(&visitor, &station, None, StatusCode::OK, notes).await
}

/// The page, after something was tried.
pub(super) async fn render(
    visitor: &Visitor,
    station: &station::Model,
    typed: Option<SettingsForm>,
    status: StatusCode,
    notes: Notes,
) -> Response {
    let frame = visitor.frame.clone();
    let typed = typed.unwrap_or_else(|| SettingsForm::of(station));
    match store::stations::list_closures(visitor.desk.app.db.read(), station.id).await {
        Ok(closures) => {
            let days = DAYS.map(|(word, name)| Day { word, name: frame.say(name), times: typed.times_of(word) }).into();
            let page = SettingsPage { frame, station: station.code.clone(), typed, days, closures, notes };
            visitor.frame.page(status, &page)
        }
        Err(error) => trouble::page(&visitor.frame, &error.into()),
    }
}

impl SettingsForm {
    fn of(station: &station::Model) -> Self {
        let mut times = BTreeMap::new();
        if let Hours::Weekly(hours) = &station.hours {
            let week: BTreeMap<String, Vec<(String, String)>> = hours.clone().into();
            for (day, spells) in week {
                for (n, (from, to)) in spells.iter().take(2).enumerate() {
                    times.insert(format!("{day}{}", 2 * n + 1), from.clone());
                    times.insert(format!("{day}{}", 2 * n + 2), if to == "24:00" { "00:00".to_owned() } else { to.clone() });
                }
            }
        }
        Self {
            name: station.name.clone(),
            place: station.place.clone().unwrap_or_default(),
            contact: station.contact.clone().unwrap_or_default(),
            always: if station.hours == Hours::Always { "1" } else { "0" }.to_owned(),
            holidays: station.follows_holidays.then(|| "1".to_owned()),
            rev: station.rev,
            times,
        }
    }

    fn times_of(&self, day: &str) -> [String; 4] {
        [1, 2, 3, 4].map(|n| self.times.get(&format!("{day}{n}")).cloned().unwrap_or_default())
    }

    fn hours(&self) -> desk::Result<Hours> {
        if self.always == "1" {
            return Ok(Hours::Always);
        }
        let mut week: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (day, _) in DAYS {
            let [a, b, c, d] = self.times_of(day);
            let spells = [(a, b), (c, d)].into_iter().filter(|(from, to)| !from.is_empty() || !to.is_empty());
            // Until midnight is written as 24:00; a clock on a page says 00:00.
            let spells = spells.map(|(from, to)| (from, if to == "00:00" { "24:00".to_owned() } else { to }));
            week.insert(day.to_owned(), spells.collect());
        }
        let bad = |_| desk::Error::Invalid { field: "hours", problem: desk::Problem::OutOfRange };
        Ok(Hours::Weekly(OpeningHours::try_from(week).map_err(bad)?))
    }

    fn particulars(&self) -> desk::Result<Particulars> {
        Ok(Particulars {
            name: Some(self.name.clone()),
            place: Some(given(&self.place)),
            contact: Some(given(&self.contact)),
            hours: Some(self.hours()?),
            follows_holidays: Some(self.holidays.is_some()),
            ..Particulars::default()
        })
    }
}

/// Keeps what was typed.
pub(super) async fn save(Path(code): Path<String>, mut sent: Sent<SettingsForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = match sent.form.particulars() {
        Ok(what) => desk::answer(seen_at(sent.desk, sent.form.rev), (station.id, what), desk::stations::edit).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => super::to(&station, "settings?done=saved"),
        Err(error) => {
            let (status, reasons) = match &error {
                desk::Error::Invalid { field: "hours", .. } => {
                    (StatusCode::UNPROCESSABLE_ENTITY, vec![sent.visitor.frame.say(T::BadHours).to_owned()])
                }
                error => sent.visitor.frame.said(error),
            };
            render(&sent.visitor, &station, Some(sent.form), status, Notes::no(reasons)).await
        }
    }
}
