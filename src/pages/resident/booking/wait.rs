//! Joining the queue: where, how exactly, and a last look at how it goes; one decision a screen.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::TimeDelta;
use entity::station;
use serde::Deserialize;

use super::{
    chosen::{Choice, Chosen, open},
    times::bad_time,
};
use crate::{
    desk::{
        self, Desk,
        bookings::bookable::{Subject, Target},
        queue::join::{Join, join as take_a_place},
    },
    pages::{
        booked::{address_of, name_of, picture_of, target_of},
        frame::Frame,
        sent::Sent,
        trouble::{self, encoded},
        visitor::Visitor,
    },
    rules::offered_times::Time,
    speech::{
        self,
        texts::{Booking, Queue as T},
    },
    store,
    view::QueueView,
};

#[derive(Template)]
#[template(path = "resident/booking/wait_where.html")]
struct WherePage {
    frame: Frame,
    picture: String,
    name: String,
    when: String,
    back: String,
    station: String,
    /// The names of the others.
    nearby: Vec<String>,
    here: String,
    near: String,
}

#[derive(Template)]
#[template(path = "resident/booking/wait.html")]
struct WaitPage {
    frame: Frame,
    picture: String,
    name: String,
    when: String,
    places: String,
    back: String,
    path: String,
    reasons: Vec<String>,
    /// How many wait already.
    waiting: usize,
    /// When it ends by itself, for a time that passes.
    ends: Option<String>,
    /// From and until, as they are sent.
    time: Option<(String, String)>,
    /// It can be earlier or later: the minutes, what is said of them, whether they are chosen.
    flexible: Vec<(i32, &'static str, bool)>,
    units: u32,
    near: bool,
    sign_in: Option<String>,
}

/// What is said beyond the time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `here` or `near`; nothing: not asked yet.
    place: String,
}

/// Somebody's wish: what was chosen, and where else it would do.
struct Wished {
    chosen: Chosen,
    time: Option<Time>,
    nearby: Vec<station::Model>,
}

/// Shows what is to be decided next.
pub(super) async fn show(
    mut visitor: Visitor,
    Path((code, sort, id)): Path<(String, String, String)>,
    Query(choice): Query<Choice>,
    Query(asked): Query<Asked>,
) -> Response {
    let wished = match wished(&mut visitor, (&code, &sort, &id), &choice).await {
        Ok(wished) => wished,
        Err(no) => return no,
    };
    if !wished.nearby.is_empty() && asked.place.is_empty() {
        return visitor.frame.page(StatusCode::OK, &where_page(&visitor.frame, &wished));
    }
    render(&visitor, &wished, StatusCode::OK, (asked.place == "near", 0), Vec::new()).await
}

/// What is wished; or the page that is shown instead.
async fn wished(visitor: &mut Visitor, what: (&str, &str, &str), choice: &Choice) -> Result<Wished, Response> {
    let chosen = open(visitor, what, choice).await.map_err(|error| trouble::page(&visitor.frame, &error))?;
    let time = chosen.time(&choice.from, &choice.to).map_err(|()| bad_time(&visitor.frame, &chosen))?;
    let nearby = match &chosen.subject.subject {
        Subject::Things(kind) => desk::queue::nearby::nearby(&visitor.desk, &chosen.subject.station, kind.id).await,
        // A space is waited for at a time: that is chosen first.
        Subject::Space(_) if time.is_none() => return Err(Redirect::to(&chosen.way("")).into_response()),
        Subject::Space(_) | Subject::Occasion(_) => Ok(Vec::new()),
    };
    let nearby = nearby.map_err(|error| trouble::page(&visitor.frame, &error))?;
    Ok(Wished { chosen, time, nearby })
}

impl Wished {
    fn occasion(&self) -> bool {
        matches!(self.chosen.subject.subject, Subject::Occasion(_))
    }

    fn path(&self) -> String {
        format!("/stations/{}/wait/{}", self.chosen.subject.station.code, address_of(&self.chosen.subject))
    }

    /// From and until as they stand in an address; none for an occasion, which has its own.
    fn stamps(&self) -> Option<(String, String)> {
        let time = self.time.filter(|_| !self.occasion())?;
        Some((self.chosen.stamp(time.from), self.chosen.stamp(time.to)))
    }

    /// The way to here, with what is chosen next.
    fn way(&self, place: &str) -> String {
        let mut query = format!("place={place}");
        if let Some((from, to)) = self.stamps() {
            query += &format!("&from={from}&to={to}");
        }
        if self.chosen.units > 1 {
            query += &format!("&units={}", self.chosen.units);
        }
        format!("{}?{query}", self.path())
    }

    fn back(&self) -> String {
        match self.time.filter(|_| !self.occasion()) {
            Some(time) => self.chosen.way_to(time),
            None => self.chosen.way(""),
        }
    }

    fn when(&self, frame: &Frame) -> String {
        match self.time {
            Some(time) => frame.words(&speech::span(time.from, time.to, self.chosen.zone)),
            None => frame.say(T::Soonest).to_owned(),
        }
    }
}

fn where_page(frame: &Frame, wished: &Wished) -> WherePage {
    let subject = &wished.chosen.subject;
    WherePage {
        frame: frame.clone(),
        picture: picture_of(subject),
        name: name_of(frame, subject),
        when: wished.when(frame),
        back: wished.back(),
        station: subject.station.name.clone(),
        nearby: wished.nearby.iter().map(|station| station.name.clone()).collect(),
        here: wished.way("here"),
        near: wished.way("near"),
    }
}

async fn render(
    visitor: &Visitor,
    wished: &Wished,
    status: StatusCode,
    (near, minutes): (bool, i32),
    reasons: Vec<String>,
) -> Response {
    let waiting = match store::holds::list_waiting_on(visitor.desk.app.db.read(), wished.chosen.subject.pool_ids()).await {
        Ok(waiting) => waiting.len(),
        Err(error) => return trouble::page(&visitor.frame, &error.into()),
    };
    let (frame, subject) = (&visitor.frame, &wished.chosen.subject);
    let others = wished.nearby.iter().filter(|_| near).map(|station| station.name.clone());
    let rigid = wished.time.is_none() || wished.occasion();
    let choice = |(choice, text)| (choice, frame.say(text), choice == minutes);
    let choices = [(0, T::Exactly), (60, T::AnHour), (180, T::ThreeHours)].map(choice);
    let page = WaitPage {
        picture: picture_of(subject),
        name: name_of(frame, subject),
        when: wished.when(frame),
        places: std::iter::once(subject.station.name.clone()).chain(others).collect::<Vec<_>>().join("、"),
        back: wished.back(),
        path: wished.path(),
        waiting,
        ends: wished.time.map(|time| frame.day_and_time(time.from + TimeDelta::minutes(minutes.into()), wished.chosen.zone)),
        time: wished.stamps(),
        flexible: choices.into_iter().filter(|_| !rigid).collect(),
        units: wished.chosen.units,
        near,
        sign_in: (!frame.signed_in).then(|| way_to_sign_in(wished, near)),
        frame: frame.clone(),
        reasons,
    };
    frame.page(status, &page)
}

fn way_to_sign_in(wished: &Wished, near: bool) -> String {
    format!("/sign-in?next={}", encoded(&wished.way(if near { "near" } else { "here" })))
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WaitForm {
    from: String,
    to: String,
    units: String,
    place: String,
    flexible: String,
}

impl WaitForm {
    fn minutes(&self) -> i32 {
        self.flexible.trim().parse().unwrap_or(0)
    }
}

/// Takes a place.
pub(super) async fn join(Path((code, sort, id)): Path<(String, String, String)>, mut sent: Sent<WaitForm>) -> Response {
    let form = &sent.form;
    let units = form.units.trim().parse().ok();
    let choice = Choice { from: form.from.clone(), to: form.to.clone(), units, ..Choice::default() };
    let (near, minutes) = (form.place == "near", form.minutes());
    let wished = match wished(&mut sent.visitor, (&code, &sort, &id), &choice).await {
        Ok(wished) => wished,
        Err(no) => return no,
    };
    match ask(sent.desk, &wished, (&sort, &id), near, minutes).await {
        Ok(place) => Redirect::to(&format!("/mine/queue/{}?done=joined", place.id)).into_response(),
        Err(desk::Error::NotSignedIn) => Redirect::to(&way_to_sign_in(&wished, near)).into_response(),
        Err(error) => {
            let (status, reasons) = sent.visitor.frame.said(&error);
            render(&sent.visitor, &wished, status, (near, minutes), reasons).await
        }
    }
}

async fn ask(desk: Desk, wished: &Wished, (sort, id): (&str, &str), near: bool, minutes: i32) -> desk::Result<QueueView> {
    let others = wished.nearby.iter().filter(|_| near).map(|station| station.code.as_str());
    let stations = std::iter::once(wished.chosen.subject.station.code.as_str()).chain(others);
    let targets: Vec<Target> = stations.map(|code| target_of(code, sort, id)).collect::<desk::Result<_>>()?;
    let time = wished.time.filter(|_| !wished.occasion());
    let order = Join {
        targets,
        starts_at: time.map(|time| time.from),
        ends_at: time.map(|time| time.to),
        flexible_minutes: minutes,
        quantity: wished.chosen.units,
    };
    Ok(desk::answer(desk, order, take_a_place).await?.into_receipt())
}
