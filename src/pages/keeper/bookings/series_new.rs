//! A new series: a weekly class, a monthly clinic, a space that a group has every Tuesday. What would become of each day is shown
//! before anything is made.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use entity::{
    ids::SpaceId,
    series::{Every, Rule},
    space,
    values::Phone,
};
use serde::Deserialize;

use super::{Kept, given, keep, keep_sent, series::Report, to};
use crate::{
    desk::{
        self, Desk,
        bookings::book::Whom,
        series::{Create, What, create},
    },
    pages::{frame::Frame, sent::Sent, visitor::Visitor},
    speech::{
        self,
        texts::{Series as T, Spaces},
    },
    store,
    view::SeriesView,
};

/// For how long a series is made, if nobody says otherwise: a quarter of a year.
const USUAL: Days = Days::new(91);

#[derive(Template)]
#[template(path = "keeper/bookings/series_new.html")]
struct NewPage {
    frame: Frame,
    station: String,
    reasons: Vec<String>,
    /// Sessions, rather than a space that is booked.
    session: bool,
    spaces: Vec<(SpaceId, String)>,
    rhythms: Vec<(&'static str, String)>,
    weekdays: Vec<(&'static str, String)>,
    typed: SeriesForm,
}

#[derive(Template)]
#[template(path = "keeper/bookings/series_sure.html")]
struct SurePage {
    frame: Frame,
    station: String,
    session: bool,
    name: String,
    report: Report,
    typed: SeriesForm,
}

/// What is made again and again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeriesForm {
    name: String,
    space: String,
    phone: String,
    purpose: String,
    seats: String,
    rhythm: String,
    weekday: String,
    first_day: String,
    last_day: String,
    from: String,
    until: String,
    except: Vec<String>,
    /// `make` does it, `change` shows the form again, anything else only looks.
    step: String,
}

const RHYTHMS: [(&str, Beat); 7] = [
    ("w1", Beat::Weeks(1)),
    ("w2", Beat::Weeks(2)),
    ("m1", Beat::Month(1)),
    ("m2", Beat::Month(2)),
    ("m3", Beat::Month(3)),
    ("m4", Beat::Month(4)),
    ("m-1", Beat::Month(-1)),
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Mon),
    ("Tue", Weekday::Tue),
    ("Wed", Weekday::Wed),
    ("Thu", Weekday::Thu),
    ("Fri", Weekday::Fri),
    ("Sat", Weekday::Sat),
    ("Sun", Weekday::Sun),
];

/// How often.
#[derive(Clone, Copy)]
enum Beat {
    Weeks(u32),
    Month(i8),
}

impl Beat {
    fn on(self, weekday: Weekday) -> Every {
        match self {
            Self::Weeks(every) => Every::Weeks { every, on: vec![weekday] },
            Self::Month(nth) => Every::Month { nth, weekday },
        }
    }
}

fn bad(field: &'static str) -> desk::Error {
    desk::Error::Invalid { field, problem: desk::Problem::OutOfRange }
}

impl SeriesForm {
    /// What stands there before anybody has typed.
    fn fresh(kept: &Kept) -> Self {
        let today = kept.desk.now().with_timezone(&kept.station.zone()).date_naive();
        Self {
            seats: "12".to_owned(),
            rhythm: "w1".to_owned(),
            weekday: chrono::Datelike::weekday(&today).to_string(),
            first_day: today.to_string(),
            last_day: today.checked_add_days(USUAL).unwrap_or(today).to_string(),
            from: "09:00".to_owned(),
            until: "10:30".to_owned(),
            ..Self::default()
        }
    }

    fn rule(&self) -> desk::Result<Rule> {
        let day = |text: &str, field| text.trim().parse::<NaiveDate>().map_err(|_| bad(field));
        let beat = RHYTHMS.iter().find(|(name, _)| *name == self.rhythm).map(|(_, beat)| *beat).ok_or_else(|| bad("every"))?;
        let weekday = WEEKDAYS.iter().find(|(name, _)| *name == self.weekday).map(|(_, day)| *day).ok_or_else(|| bad("every"))?;
        let except = self.except.iter().filter(|text| !text.trim().is_empty());
        Ok(Rule {
            every: beat.on(weekday),
            first_day: day(&self.first_day, "first_day")?,
            last_day: day(&self.last_day, "last_day")?,
            except: except.map(|text| day(text, "except")).collect::<desk::Result<_>>()?,
        })
    }

    fn order(&self, kept: &Kept, session: bool) -> desk::Result<Create> {
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| bad("time"));
        let (from, until) = (time(&self.from)?, time(&self.until)?);
        let space = given(&self.space).map(|id| id.parse::<SpaceId>().map_err(|_| bad("space"))).transpose()?;
        let (what, whom, quantity) = if session {
            let seats = self.seats.trim().parse().map_err(|_| bad("seats"))?;
            (What::Occasions { station: kept.station.id, space, name: self.name.clone() }, Whom::Myself, seats)
        } else {
            let phone = Phone::parse(&self.phone).map_err(|no| desk::Error::Invalid { field: "phone", problem: no.into() })?;
            (What::Space(space.ok_or_else(|| bad("space"))?), Whom::Phone(phone, given(&self.name)), 1)
        };
        Ok(Create {
            what,
            rule: self.rule()?,
            from,
            minutes: u32::try_from((until - from).num_minutes()).map_err(|_| bad("minutes"))?,
            quantity,
            whom,
            purpose: given(&self.purpose),
            override_reason: None,
        })
    }
}

fn is_session(sort: &str) -> desk::Result<bool> {
    match sort {
        "session" => Ok(true),
        "space" => Ok(false),
        _ => Err(desk::Error::NotFound("page")),
    }
}

/// Shows the form.
pub(super) async fn show(visitor: Visitor, Path((code, sort)): Path<(String, String)>) -> Response {
    let kept = match keep(visitor, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let typed = SeriesForm::fresh(&kept);
    match is_session(&sort) {
        Ok(session) => render(&kept, session, StatusCode::OK, Vec::new(), typed).await,
        Err(error) => kept.trouble(&error),
    }
}

async fn render(kept: &Kept, session: bool, status: StatusCode, reasons: Vec<String>, typed: SeriesForm) -> Response {
    let frame = &kept.frame;
    let spaces = match store::spaces::list_at(kept.desk.app.db.read(), kept.station.id).await {
        Ok(spaces) => spaces,
        Err(error) => return kept.trouble(&error.into()),
    };
    let name = |row: &space::Model| (row.id, frame.name(&row.name, row.name_en.as_deref()).to_owned());
    let beat = |beat: Beat| match beat {
        Beat::Weeks(every) => frame.words(&speech::weekly(every)),
        Beat::Month(nth) => frame.words(&speech::monthly(nth)),
    };
    let page = NewPage {
        station: kept.station.code.clone(),
        spaces: spaces.iter().map(name).collect(),
        rhythms: RHYTHMS.map(|(name, how)| (name, beat(how))).into(),
        weekdays: WEEKDAYS.map(|(name, day)| (name, frame.words(&speech::weekday(day)))).into(),
        frame: frame.clone(),
        session,
        reasons,
        typed,
    };
    frame.page(status, &page)
}

/// Shows what would become of each day; or makes it.
pub(super) async fn send(Path((code, sort)): Path<(String, String)>, sent: Sent<SeriesForm>) -> Response {
    let (kept, desk, form) = match keep_sent(sent, &code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let session = match is_session(&sort) {
        Ok(session) => session,
        Err(error) => return kept.trouble(&error),
    };
    if form.step == "change" {
        return render(&kept, session, StatusCode::OK, Vec::new(), form).await;
    }
    let looks = form.step != "make";
    let desk = if looks { Desk { key: None, rehearsal: true, ..desk } } else { desk };
    match ask(&kept, desk, &form, session).await {
        Ok(report) if looks => sure(&kept, session, &report, form),
        Ok(report) => to(&kept.station, &format!("series/{}?done=made", report.id)),
        Err(error) => {
            let (status, reasons) = said(&kept, &error);
            render(&kept, session, status, reasons, form).await
        }
    }
}

async fn ask(kept: &Kept, desk: Desk, form: &SeriesForm, session: bool) -> desk::Result<SeriesView> {
    Ok(desk::answer(desk, form.order(kept, session)?, create).await?.into_receipt())
}

fn sure(kept: &Kept, session: bool, report: &SeriesView, typed: SeriesForm) -> Response {
    let mut days: Vec<_> = report.created.iter().chain(&report.skipped).cloned().collect();
    days.sort_by_key(|day| day.day);
    let page = SurePage {
        frame: kept.frame.clone(),
        station: kept.station.code.clone(),
        session,
        name: given(&typed.name).or_else(|| given(&typed.purpose)).unwrap_or_default(),
        report: Report::tried(&kept.frame, &kept.station.code, &days),
        typed,
    };
    kept.frame.page(StatusCode::OK, &page)
}

/// What is said about a form that cannot be read.
fn said(kept: &Kept, error: &desk::Error) -> (StatusCode, Vec<String>) {
    let text = match error {
        desk::Error::Invalid { field: "first_day" | "last_day" | "except" | "every", .. } => T::BadDays,
        desk::Error::Invalid { field: "time" | "minutes", .. } => T::BadHours,
        desk::Error::Invalid { field: "phone", .. } => T::BadPhone,
        desk::Error::Invalid { field: "space", .. } => T::BadSpace,
        error => return kept.frame.said(error),
    };
    (StatusCode::UNPROCESSABLE_ENTITY, vec![kept.frame.say(text).to_owned()])
}
