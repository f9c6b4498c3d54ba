//! What is out of use is in use again as a whole, also where it is divided.

use chrono::TimeDelta;
use entity::ids::{SpaceId, StationId};
use yizhan::{
    desk::{
        self, Error,
        bookings::{
            availability::{Asked, availability},
            bookable::Target,
        },
        outages::{TakeOut, end, take_out},
        spaces::{Particulars, create},
    },
    view::OutageView,
};

use crate::{
    both,
    pages_bookings::{keeper, link},
    support::{server::Server, town::Town},
};

both!(an_outage_of_a_divided_hall_is_ended_in_all_its_parts, a_divided_hall_that_is_out_of_use_is_one_line);

/// A hall with two halves: the hall, and the halves.
async fn hall(town: &Town) -> (StationId, SpaceId, [SpaceId; 2]) {
    let station = town.station("WH01").await;
    let room = async |name: &str, part_of: Option<SpaceId>| -> SpaceId {
        let what = Particulars { name: Some(name.to_owned()), ..Particulars::default() };
        desk::answer(town.process(), (station, part_of, what), create).await.unwrap().into_receipt().id.into()
    };
    let whole = room("活动室", None).await;
    (station, whole, [room("东半", Some(whole)).await, room("西半", Some(whole)).await])
}

async fn out(town: &Town, space: SpaceId, note: &str) -> OutageView {
    let order = TakeOut {
        target: Target::Space(space),
        quantity: 1,
        starts_at: town.now() + TimeDelta::hours(1),
        ends_at: town.now() + TimeDelta::hours(3),
        note: note.to_owned(),
    };
    desk::answer(town.process(), order, take_out).await.unwrap().into_receipt()
}

/// How many of it are free in the hour after the next.
async fn free(town: &Town, space: SpaceId) -> i64 {
    let asked = Asked {
        station: "WH01".to_owned(),
        kind: None,
        space: Some(space),
        occasion: None,
        from: town.now() + TimeDelta::hours(1),
        to: town.now() + TimeDelta::hours(2),
    };
    availability(&town.process(), &asked).await.unwrap()[0].free
}

async fn an_outage_of_a_divided_hall_is_ended_in_all_its_parts(town: Town) {
    let (_, whole, [east, west]) = hall(&town).await;
    let painting = out(&town, whole, "刷墙").await;
    assert_eq!((free(&town, whole).await, free(&town, east).await, free(&town, west).await), (0, 0, 0));
    desk::answer(town.process(), painting.id.into(), end).await.unwrap();
    assert_eq!((free(&town, whole).await, free(&town, east).await, free(&town, west).await), (1, 1, 1));
    assert!(matches!(desk::answer(town.process(), painting.id.into(), end).await, Err(Error::NotFound(_))), "it is over");
    // Two at a time are two: whichever ends, the other goes on.
    let (lamp, _) = (out(&town, whole, "换灯").await, out(&town, east, "漏水").await);
    desk::answer(town.process(), lamp.id.into(), end).await.unwrap();
    assert_eq!((free(&town, whole).await, free(&town, east).await, free(&town, west).await), (0, 0, 1));
    town.verified().await;
}

async fn a_divided_hall_that_is_out_of_use_is_one_line(town: Town) {
    let (station, whole, [east, _]) = hall(&town).await;
    out(&town, whole, "刷墙").await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    let page = keeper.page("/staff/WH01/outages").await;
    assert_eq!(page.matches("刷墙").count(), 1, "{page}");
    let line = page.split("刷墙").next().unwrap();
    assert!(line.contains("活动室") && !link(&page, "/staff/WH01/bookings", "").is_empty(), "{page}");
    let over = keeper.done(&page, "/staff/WH01/outages/", &[]).await;
    assert!(!over.contains("刷墙"), "{over}");
    assert_eq!((free(&town, whole).await, free(&town, east).await), (1, 1));
}
