//! The monthly report 月报: one or two sheets of paper to sign and hand in, of a community or of one station.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::{Months, NaiveDate};

use super::{Asked, Inside, Room, enter};
use crate::{
    desk::{self, Desk, reports::Scope},
    pages::{
        frame::Frame,
        reports::{self, Section, month_name},
        staff::{Tab, at_station},
        trouble,
        visitor::Visitor,
    },
    rules::figures::{month_of, report_month},
    speech::texts::Reports as T,
    view::{ActivityView, MonthFigures, StandingView, UseView},
};

/// How many months there are to choose from.
const CHOICES: u32 = 24;

/// What a report says.
pub(super) struct Figures {
    month: NaiveDate,
    activity: ActivityView,
    usage: UseView,
    standing: Vec<StandingView>,
}

impl Figures {
    /// Reads them.
    pub(super) async fn of(desk: &Desk, scope: &Scope, asked: &str) -> desk::Result<Self> {
        let month = report_month(asked, scope.today());
        Ok(Self {
            month,
            activity: desk::reports::activity(desk, scope, month).await?,
            usage: desk::reports::usage(desk, scope, (month, month + Months::new(1))).await?,
            standing: desk::reports::standing(desk, scope).await?,
        })
    }

    /// As sections, for a file.
    pub(super) fn sections(&self, frame: &Frame) -> Vec<Section> {
        let mut all = vec![reports::by_station(frame, &self.activity), reports::by_month(frame, &self.activity)];
        all.extend(reports::usage(frame, &self.usage));
        all.push(reports::standing(frame, &self.standing));
        all
    }

    fn of_month(&self) -> MonthFigures {
        self.activity.months.last().map(|(_, one)| *one).unwrap_or_default()
    }

    /// What is said in large type.
    fn headlines(&self, frame: &Frame) -> Vec<(&'static str, String)> {
        let one = self.of_month();
        let share = one.late_share().map_or_else(|| "–".to_owned(), |share| format!("{:.0}%", share * 100.0));
        let checks =
            if one.checks + one.missed == 0 { "–".to_owned() } else { format!("{}/{}", one.checks, one.checks + one.missed) };
        let all = [
            (T::Loans, one.loans.to_string()),
            (T::Borrowers, one.borrowers.to_string()),
            (T::Returns, one.returns.to_string()),
            (T::LateShare, share),
            (T::Takes, one.takes.to_string()),
            (T::Repairs, one.repairs.to_string()),
            (T::Losses, one.losses.to_string()),
            (T::ChecksDone, checks),
        ];
        all.into_iter().map(|(text, value)| (frame.say(text), value)).collect()
    }
}

#[derive(Template)]
#[template(path = "manage/report.html")]
struct ReportPage {
    frame: Frame,
    /// Where its pages begin; a keeper has no others.
    base: String,
    /// Of a community, with its other rooms.
    has_rooms: bool,
    asked: Asked,
    room: Room,
    place: String,
    title: String,
    headlines: Vec<(&'static str, String)>,
    standing: String,
    as_of: String,
    plots: Vec<Section>,
    tables: Vec<Section>,
    /// The months to choose from: value, name, chosen.
    months: Vec<(String, String, bool)>,
}

/// Of a community, or of one of its stations.
pub(super) async fn of_community(visitor: Visitor, Path(community): Path<String>, Query(asked): Query<Asked>) -> Response {
    let Inside { frame, desk, community, scope } = match enter(visitor, &community, &asked).await {
        Ok(inside) => inside,
        Err(response) => return response,
    };
    let place = match scope.stations().first().filter(|_| scope.is_single()) {
        Some(station) => station.name.clone(),
        None => community.name.clone(),
    };
    render(&desk, frame, &scope, asked, (format!("/manage/{}", community.id), place, true)).await
}

/// Of a station, for its keeper.
pub(super) async fn of_station(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match at_station(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(response) => return response,
    };
    let Visitor { desk, frame } = visitor;
    match Scope::of_station(&desk, &station) {
        Ok(scope) => render(&desk, frame, &scope, asked, (format!("/staff/{code}/report"), station.name, false)).await,
        Err(error) => trouble::page(&frame, &error),
    }
}

async fn render(desk: &Desk, frame: Frame, scope: &Scope, asked: Asked, of: (String, String, bool)) -> Response {
    let figures = match Figures::of(desk, scope, &asked.month).await {
        Ok(figures) => figures,
        Err(error) => return trouble::page(&frame, &error),
    };
    let (base, place, has_rooms) = of;
    let sum = |of: fn(&StandingView) -> i64| figures.standing.iter().map(of).sum::<i64>();
    let page = ReportPage {
        base,
        has_rooms,
        room: Room::Report,
        place,
        title: frame.say1(T::MonthlyOf, month_name(&frame, figures.month)),
        headlines: figures.headlines(&frame),
        standing: frame.say2(T::OutAndOverdue, sum(|one| one.out), sum(|one| one.overdue)),
        as_of: frame.say1(T::AsOf, frame.day_and_time(scope.now(), scope.zone())),
        plots: vec![
            reports::by_day(&frame, &figures.usage),
            reports::by_hour(&frame, &figures.usage),
            reports::by_month(&frame, &figures.activity),
        ],
        tables: vec![reports::by_station(&frame, &figures.activity), reports::by_kind(&frame, &figures.usage)],
        months: choices(&frame, scope.today(), figures.month),
        asked: Asked { month: figures.month.format("%Y-%m").to_string(), ..asked },
        frame: frame.clone(),
    };
    frame.page(StatusCode::OK, &page)
}

fn choices(frame: &Frame, today: NaiveDate, chosen: NaiveDate) -> Vec<(String, String, bool)> {
    let month = |back: u32| month_of(today) - Months::new(back);
    let choice = |month: NaiveDate| (month.format("%Y-%m").to_string(), month_name(frame, month), month == chosen);
    (0..CHOICES).map(|back| choice(month(back))).collect()
}
