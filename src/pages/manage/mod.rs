//! What whoever runs a community sees: stations side by side, and what is behind the figures. The monthly report is a keeper's
//! too, about her own station.

mod export;
mod overview;
mod report;
mod room;

use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use entity::community;
use serde::Deserialize;

use super::{
    frame::Frame,
    reports::{self, Section},
    staff::in_community,
    trouble,
    visitor::Visitor,
};
use crate::{
    app::App,
    desk::{
        self, Desk,
        reports::{EVERYTHING, Scope},
    },
    rules::figures::{Period, month_of, report_month},
    speech::texts::Reports as T,
};

/// The table of contents.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/manage/{community}", get(overview::show))
        .route("/manage/{community}/stations/{code}", get(overview::show_station))
        .route("/manage/{community}/use", get(room::usage))
        .route("/manage/{community}/out", get(room::out))
        .route("/manage/{community}/expiry", get(room::expiry))
        .route("/manage/{community}/activity", get(room::activity))
        .route("/manage/{community}/report", get(report::of_community))
        .route("/manage/{community}/export", post(export::of_community))
        .route("/staff/{code}/report", get(report::of_station))
        .route("/staff/{code}/report/export", post(export::of_station))
}

/// The rooms, in the order of their doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Overview,
    Use,
    Out,
    Expiry,
    Activity,
    Report,
}

impl Room {
    const ALL: [Self; 6] = [Self::Overview, Self::Use, Self::Out, Self::Expiry, Self::Activity, Self::Report];

    /// Its name in addresses.
    fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Use => "use",
            Self::Out => "out",
            Self::Expiry => "expiry",
            Self::Activity => "activity",
            Self::Report => "report",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|room| room.as_str() == name)
    }

    /// What is on its door.
    fn door(self) -> T {
        match self {
            Self::Overview => T::Overview,
            Self::Use => T::Use,
            Self::Out => T::Out,
            Self::Expiry => T::Expiry,
            Self::Activity => T::Activity,
            Self::Report => T::MonthlyReport,
        }
    }

    /// Its title.
    fn title(self) -> T {
        match self {
            Self::Overview => T::OverviewTitle,
            Self::Use => T::UseTitle,
            Self::Out => T::OutTitle,
            Self::Expiry => T::ExpiryTitle,
            Self::Activity => T::ActivityTitle,
            Self::Report => T::MonthlyReport,
        }
    }
}

/// What was asked for, by address or form.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    station: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn period(&self) -> Period {
        Period::named(&self.period)
    }

    /// The plate of the one station, if one was asked for.
    fn station(&self) -> Option<&str> {
        Some(self.station.as_str()).filter(|code| !code.is_empty())
    }

    /// The days a room is about, in words.
    fn days(&self, frame: &Frame, scope: &Scope, room: Room) -> String {
        let today = scope.today();
        match room {
            Room::Use => {
                let (first, until) = self.period().days(today);
                frame.say2(T::FromTo, first, until.pred_opt().unwrap_or(first))
            }
            Room::Report => reports::month_name(frame, report_month(&self.month, today)),
            Room::Activity => frame.say(T::ActivityTitle).to_owned(),
            Room::Overview | Room::Out | Room::Expiry => frame.say1(T::AsOf, today),
        }
    }
}

/// Somebody who runs a community, in it.
struct Inside {
    frame: Frame,
    desk: Desk,
    community: community::Model,
    scope: Scope,
}

/// Lets in whoever runs the community; others are told why not.
async fn enter(mut visitor: Visitor, id: &str, asked: &Asked) -> Result<Inside, Response> {
    let community = in_community(&mut visitor, id).await?;
    let Visitor { desk, frame } = visitor;
    let scope = Scope::of_community(&desk, &community, asked.station()).await;
    let scope = scope.map_err(|error| trouble::page(&frame, &error))?;
    Ok(Inside { frame, desk, community, scope })
}

/// Everything a room shows, without pages: for a file.
async fn sections(desk: &Desk, frame: &Frame, scope: &Scope, room: Room, asked: &Asked) -> desk::Result<Vec<Section>> {
    let today = scope.today();
    Ok(match room {
        Room::Overview => vec![reports::standing(frame, &desk::reports::standing(desk, scope).await?)],
        Room::Use => reports::usage(frame, &desk::reports::usage(desk, scope, asked.period().days(today)).await?),
        Room::Out => reports::out(frame, &desk::reports::out(desk, scope, None, EVERYTHING).await?),
        Room::Expiry => reports::horizon(frame, &desk::reports::horizon(desk, scope).await?),
        Room::Activity => {
            let view = desk::reports::activity(desk, scope, month_of(today)).await?;
            vec![reports::by_month(frame, &view), reports::by_station(frame, &view)]
        }
        Room::Report => report::Figures::of(desk, scope, &asked.month).await?.sections(frame),
    })
}
