//! Every "no" to a booking, as it comes about at the desk.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{grant::Role, ids::SpaceId};
use yizhan::desk::{
    self, Desk,
    bookings::{book::Book, bookable::Target, prepare::Prepare},
    occasions::Announce,
};

use crate::{
    bookings::{Chairs, ask, chairs, order, terms_at},
    both,
    support::town::{Town, borrow, reasons},
};

both!(
    what_the_terms_do_not_allow_is_refused_by_its_name,
    what_is_no_thing_is_not_collected_and_what_is_one_is_not_checked_in,
    nothing_is_booked_of_what_is_given_up_and_nothing_given_up_that_is_booked,
    what_is_not_on_the_shelf_cannot_stand_ready,
);

async fn what_the_terms_do_not_allow_is_refused_by_its_name(town: Town) {
    let Chairs { station, kind, .. } = chairs(&town, 3).await;
    let anna = town.resident(town.member("13800138011").await);
    terms_at(&town, "WH01", kind, |terms| {
        (terms.least, terms.most, terms.grid, terms.horizon_days, terms.most_units) = (30, 120, 30, 10, 2);
        terms.pause_between = 60;
    })
    .await;
    let said = async |book: Book| reasons(ask(anna.clone(), book).await);
    assert_eq!(said(Book { quantity: 3, ..order(kind, 60, 60) }).await, ["too-many-units"]);
    assert_eq!(said(order(kind, -60, 60)).await, ["too-soon"]);
    assert_eq!(said(order(kind, 11 * 1_440, 60)).await, ["too-far-ahead"]);
    assert_eq!(said(order(kind, 60, 10)).await, ["too-short", "off-grid"]);
    assert_eq!(said(order(kind, 60, 180)).await, ["too-long"]);
    ask(anna.clone(), order(kind, 60, 60)).await.unwrap();
    assert_eq!(said(order(kind, 150, 60)).await, ["chained-booking"]);
    let day: chrono::NaiveDate = "2026-11-25".parse().unwrap();
    let closed = (station, day, day, "盘点".to_owned());
    desk::answer(town.process(), closed, desk::stations::close_for).await.unwrap();
    assert_eq!(said(order(kind, 2 * 1_440, 60)).await, ["closed-then"]);
    terms_at(&town, "WH01", kind, |terms| terms.bookable = false).await;
    assert_eq!(said(order(kind, 600, 60)).await, ["not-bookable"]);
}

async fn space(town: &Town, name: &str) -> SpaceId {
    let station = town.station("WH01").await;
    let what = desk::spaces::Particulars { name: Some(name.to_owned()), ..Default::default() };
    SpaceId(desk::answer(town.process(), (station, None, what), desk::spaces::create).await.unwrap().into_receipt().id)
}

fn in_space(space: SpaceId, after: i64) -> Book {
    Book { target: Target::Space(space), ..order(uuid::Uuid::nil().into(), after, 60) }
}

async fn what_is_no_thing_is_not_collected_and_what_is_one_is_not_checked_in(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.resident(town.member("13800138011").await);
    let chair = ask(anna.clone(), order(kind, 10, 60)).await.unwrap().into_receipt();
    let check_in = |id: uuid::Uuid| desk::answer(anna.clone(), id.into(), desk::bookings::check_in::check_in);
    assert_eq!(reasons(check_in(chair.id).await), ["collect-by-scan"]);
    let station = yizhan::store::stations::find_by_code(town.app.db.read(), "WH01").await.unwrap().unwrap().id;
    let what = desk::spaces::Particulars { name: Some("书吧".to_owned()), ..Default::default() };
    let room = desk::answer(town.process(), (station, None, what), desk::spaces::create).await.unwrap().into_receipt().id;
    let reading = ask(anna.clone(), in_space(SpaceId(room), 60)).await.unwrap().into_receipt();
    assert_eq!(reasons(check_in(reading.id).await), ["not-yet-open"]);
    let leave = || desk::answer(anna.clone(), reading.id.into(), desk::bookings::end_early::end_early);
    assert_eq!(reasons(leave().await), ["not-collected"]);
    town.advance(TimeDelta::minutes(60));
    check_in(reading.id).await.unwrap();
    leave().await.unwrap();
    assert_eq!(reasons(check_in(reading.id).await), ["booking-over"]);
}

async fn nothing_is_booked_of_what_is_given_up_and_nothing_given_up_that_is_booked(town: Town) {
    let room = space(&town, "活动室").await;
    let anna = town.resident(town.member("13800138011").await);
    let booking = ask(anna.clone(), in_space(room, 60)).await.unwrap().into_receipt();
    assert_eq!(reasons(desk::answer(town.process(), room, desk::spaces::retire).await), ["has-bookings"]);
    let cancel = desk::bookings::cancel::Cancel { booking: booking.id.into(), reason: None };
    desk::answer(anna.clone(), cancel, desk::bookings::cancel::cancel).await.unwrap();
    desk::answer(town.process(), room, desk::spaces::retire).await.unwrap();
    assert_eq!(reasons(ask(anna.clone(), in_space(room, 60)).await), ["space-retired"]);

    let station = yizhan::store::stations::find_by_code(town.app.db.read(), "WH01").await.unwrap().unwrap().id;
    let starts_at: DateTime<Utc> = town.now() + TimeDelta::hours(5);
    let clinic = Announce {
        station,
        space: None,
        name: "义诊".to_owned(),
        name_en: None,
        emoji: None,
        note: None,
        seats: 2,
        starts_at,
        ends_at: starts_at + TimeDelta::hours(1),
    };
    let clinic = desk::answer(town.process(), clinic, desk::occasions::announce).await.unwrap().into_receipt().id;
    let seat = || Book { target: Target::Occasion(clinic.into()), ..order(uuid::Uuid::nil().into(), 0, 60) };
    ask(anna.clone(), seat()).await.unwrap();
    assert_eq!(reasons(ask(anna.clone(), seat()).await), ["already-booked"]);
    let off = desk::answer(town.process(), (clinic.into(), "医生有事".to_owned()), desk::occasions::call_off);
    off.await.unwrap();
    assert_eq!(reasons(ask(anna, seat()).await), ["occasion-over"]);
}

async fn what_is_not_on_the_shelf_cannot_stand_ready(town: Town) {
    let Chairs { station, kind, codes } = chairs(&town, 2).await;
    let anna = town.resident(town.member("13800138011").await);
    borrow(town.visitor(), &codes[0], Some("13800138012")).await.unwrap();
    let booking = ask(anna, order(kind, 5 * 1_440, 60)).await.unwrap().into_receipt();
    let keeper: Desk = town.staff(Role::Keeper, None, Some(station)).await;
    let put = |code: &str| Prepare { booking: booking.id.into(), items: vec![code.to_owned()] };
    assert_eq!(reasons(desk::answer(keeper.clone(), put(&codes[0]), desk::bookings::prepare::prepare).await), ["not-on-shelf"]);
    desk::answer(keeper, put(&codes[1]), desk::bookings::prepare::prepare).await.unwrap();
}
