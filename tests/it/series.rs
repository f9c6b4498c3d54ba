//! The same thing every week: series with one report; and calendars that other programs read.

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use entity::{
    grant::Role,
    ids::SpaceId,
    series::{Every, Rule},
    values::Language,
};
use icalendar::{Calendar, Component, EventStatus, parser};
use reqwest::Method;
use serde_json::json;
use yizhan::{
    desk::{
        self, Desk, Error,
        bookings::{
            book::{Book, Whom},
            bookable::Target,
            cancel::{Cancel, cancel},
        },
        feeds::{self, Of},
        series::{self, Create, What},
    },
    view::SeriesView,
};

use crate::{
    bookings::{Chairs, ask, chairs, order},
    both,
    support::{
        server::Server,
        town::{Town, reasons},
    },
};

both!(
    a_weekly_class_is_booked_in_one_piece_and_says_what_it_skipped,
    a_day_that_was_skipped_can_be_made_later,
    a_monthly_clinic_is_announced_and_takes_its_room,
    cancelling_a_series_leaves_what_has_begun,
    a_calendar_shows_each_booking_once_and_what_is_cancelled_as_cancelled,
    a_public_calendar_names_nobody,
    a_calendar_is_read_by_its_address_until_it_is_revoked,
);

async fn space(town: &Town, name: &str) -> SpaceId {
    let station = town.station("WH01").await;
    let what = desk::spaces::Particulars { name: Some(name.to_owned()), ..Default::default() };
    SpaceId(desk::answer(town.process(), (station, None, what), desk::spaces::create).await.unwrap().into_receipt().id)
}

fn tuesdays(what: What) -> Create {
    Create {
        what,
        rule: Rule {
            every: Every::Weeks { every: 1, on: vec![Weekday::Tue] },
            first_day: "2026-11-23".parse().unwrap(),
            last_day: "2026-12-31".parse().unwrap(),
            except: vec!["2026-12-08".parse().unwrap()],
        },
        from: "09:00:00".parse().unwrap(),
        minutes: 90,
        quantity: 1,
        whom: Whom::Myself,
        purpose: Some("太极班".to_owned()),
        override_reason: None,
    }
}

async fn make(desk: Desk, order: Create) -> SeriesView {
    desk::answer(desk, order, series::create).await.unwrap().into_receipt()
}

fn days(some: &[yizhan::view::SeriesDayView]) -> Vec<String> {
    some.iter().map(|day| day.day.to_string()).collect()
}

/// Somebody has the room on the first of December at nine.
async fn taken_on_the_first(town: &Town, room: SpaceId) -> yizhan::view::BookingView {
    let berta = town.resident(town.member("13800138012").await);
    let starts_at: DateTime<Utc> = "2026-12-01T01:30:00Z".parse().unwrap();
    let wish = Book {
        target: Target::Space(room),
        starts_at: Some(starts_at),
        ends_at: Some(starts_at + TimeDelta::hours(1)),
        ..order(uuid::Uuid::nil().into(), 0, 60)
    };
    ask(berta, wish).await.unwrap().into_receipt()
}

async fn a_weekly_class_is_booked_in_one_piece_and_says_what_it_skipped(town: Town) {
    let room = space(&town, "活动室").await;
    taken_on_the_first(&town, room).await;
    let anna = town.resident(town.member("13800138011").await);
    let report = make(anna, tuesdays(What::Space(room))).await;
    assert_eq!(days(&report.created), ["2026-11-24", "2026-12-15", "2026-12-22", "2026-12-29"]);
    assert_eq!(days(&report.skipped), ["2026-12-01"]);
    assert_eq!(report.skipped[0].reasons[0].code, "none-free");
    town.verified().await;
}

async fn a_day_that_was_skipped_can_be_made_later(town: Town) {
    let room = space(&town, "活动室").await;
    let other = taken_on_the_first(&town, room).await;
    let anna = town.resident(town.member("13800138011").await);
    let report = make(anna.clone(), tuesdays(What::Space(room))).await;
    let again = || desk::answer(anna.clone(), (report.id.into(), "2026-12-01".parse().unwrap()), series::try_again);
    assert_eq!(reasons(again().await), ["none-free"]);
    desk::answer(town.process(), Cancel { booking: other.id.into(), reason: None }, cancel).await.unwrap();
    assert!(again().await.unwrap().into_receipt().booking_id.is_some());
    assert!(matches!(again().await, Err(Error::NotFound(_))), "it is made, and not skipped any more");
}

async fn a_monthly_clinic_is_announced_and_takes_its_room(town: Town) {
    let room = space(&town, "义诊室").await;
    let station = yizhan::store::stations::find_by_code(town.app.db.read(), "WH01").await.unwrap().unwrap().id;
    let clinic = || Create {
        rule: Rule {
            every: Every::Month { nth: 1, weekday: Weekday::Sat },
            first_day: "2026-11-23".parse().unwrap(),
            last_day: "2027-03-01".parse().unwrap(),
            except: Vec::new(),
        },
        quantity: 12,
        ..tuesdays(What::Occasions { station, space: Some(room), name: "义诊".to_owned() })
    };
    let anna = town.resident(town.member("13800138011").await);
    assert!(matches!(desk::answer(anna, clinic(), series::create).await, Err(Error::Forbidden)));
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    let report = make(keeper.clone(), clinic()).await;
    assert_eq!(days(&report.created), ["2026-12-05", "2027-01-02", "2027-02-06"]);
    let again = make(keeper, clinic()).await;
    assert_eq!((again.created.len(), again.skipped.len()), (0, 3), "the room is taken, by the first series");
}

async fn cancelling_a_series_leaves_what_has_begun(town: Town) {
    let room = space(&town, "活动室").await;
    let anna = town.resident(town.member("13800138011").await);
    let report = make(anna.clone(), tuesdays(What::Space(room))).await;
    town.app.clock.set("2026-11-24T01:10:00Z".parse().unwrap());
    let first = report.created[0].booking_id.unwrap();
    desk::answer(anna.clone(), first.into(), desk::bookings::check_in::check_in).await.unwrap();
    let stranger = town.resident(town.member("13800138013").await);
    assert!(matches!(desk::answer(stranger, (report.id.into(), None), series::cancel).await, Err(Error::NotFound(_))));
    desk::answer(anna, (report.id.into(), None), series::cancel).await.unwrap();
    let rows = yizhan::store::bookings::list_by_ids(
        town.app.db.read(),
        report.created.iter().filter_map(|day| day.booking_id.map(Into::into)).collect(),
    )
    .await
    .unwrap();
    let open: Vec<_> = rows.iter().filter(|row| row.state.is_open()).map(|row| row.id.0).collect();
    assert_eq!(open, [first]);
}

fn read(text: &str) -> Calendar {
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    parser::unfold(text).parse().unwrap()
}

async fn token_of(desk: Desk, of: Of) -> (yizhan::view::FeedView, String) {
    let made = desk::answer(desk, (of, Language::Chinese), feeds::make).await.unwrap().into_receipt();
    let token = made.address.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    (made.feed, token)
}

async fn a_calendar_shows_each_booking_once_and_what_is_cancelled_as_cancelled(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 3).await;
    let anna = town.resident(town.member("13800138011").await);
    let mut made = Vec::new();
    for after in [60, 300, 600] {
        made.push(ask(anna.clone(), order(kind, after, 60)).await.unwrap().into_receipt());
    }
    let (_, token) = token_of(anna.clone(), Of::Mine).await;
    let events = |text: &str| -> Vec<(String, u32, Option<EventStatus>)> {
        let calendar = read(text);
        let of = |event: &icalendar::Event| {
            (event.get_uid().unwrap().to_owned(), event.get_sequence().unwrap_or_default(), event.get_status())
        };
        calendar.components.iter().filter_map(|component| component.as_event().map(of)).collect()
    };
    let before = events(&feeds::read(&town.app, &token).await.unwrap());
    assert_eq!(before.len(), 3);
    desk::answer(anna.clone(), Cancel { booking: made[1].id.into(), reason: None }, cancel).await.unwrap();
    let after = events(&feeds::read(&town.app, &token).await.unwrap());
    assert_eq!(before.iter().map(|e| &e.0).collect::<Vec<_>>(), after.iter().map(|e| &e.0).collect::<Vec<_>>());
    assert_eq!(after[1].2, Some(EventStatus::Cancelled));
    assert!(after[1].1 > before[1].1);
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
    let one = feeds::of_booking(&anna, made[0].id.into(), Language::English).await.unwrap();
    assert_eq!(events(&one).len(), 1);
}

async fn a_public_calendar_names_nobody(town: Town) {
    let room = space(&town, "活动室").await;
    let enter = desk::members::Enter {
        name: Some("王秀英".to_owned()),
        phone: Some(entity::values::Phone::parse("13800138011").unwrap()),
        group: None,
    };
    let anna = desk::answer(town.process(), enter, desk::members::enter).await.unwrap().into_receipt().id;
    make(town.resident(anna.into()), tuesdays(What::Space(room))).await;
    let station = yizhan::store::stations::find_by_code(town.app.db.read(), "WH01").await.unwrap().unwrap().id;
    let resident = town.resident(anna.into());
    assert!(matches!(desk::answer(resident, (Of::Space(room), Language::Chinese), feeds::make).await, Err(Error::Forbidden)));
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    for of in [Of::Space(room), Of::Station(station)] {
        let (_, token) = token_of(keeper.clone(), of).await;
        let text = parser::unfold(&feeds::read(&town.app, &token).await.unwrap());
        assert!(text.contains("已预约: 活动室"), "{text}");
        assert!(!text.contains("王秀英") && !text.contains("138") && !text.contains("太极"), "{text}");
    }
}

async fn a_calendar_is_read_by_its_address_until_it_is_revoked(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let token = server.set_up().await;
    let body = json!({ "station_code": "WH01", "kind_id": kind, "starts_at": "2026-11-24T00:00:00Z", "ends_at": "2026-11-24T04:00:00Z" });
    assert_eq!(server.post("/api/v1/bookings", Some(&token), body).await.0, 201);
    let (status, made) = server.post("/api/v1/calendars", Some(&token), json!({})).await;
    assert_eq!(status, 201, "{made}");
    let address = made["address"].as_str().unwrap();
    let path = &address[address.find("/calendars/").unwrap()..];
    let got = server.call(Method::GET, path, None, None).await;
    assert_eq!(got.headers()["content-type"], "text/calendar; charset=utf-8");
    let etag = got.headers()["etag"].clone();
    assert_eq!(read(&got.text().await.unwrap()).components.len(), 1);
    let again = server.client.get(format!("{}{path}", server.base)).header("If-None-Match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(server.call(Method::GET, "/calendars/nosuch.ics", None, None).await.status(), 404);
    let id = made["feed"]["id"].as_str().unwrap();
    assert_eq!(server.call(Method::DELETE, &format!("/api/v1/calendars/{id}"), Some(&token), None).await.status(), 200);
    assert_eq!(server.call(Method::GET, path, None, None).await.status(), 404);
    server.end().await;
}
