//! Time is promised and kept: bookings at the desk, on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::State,
    grant::Role,
    ids::{KindId, MemberId, StationId},
    kind::Identity,
    pool::Terms,
    values::Phone,
};
use yizhan::{
    db::Done,
    desk::{
        self, Desk, Error,
        bookings::{
            availability::{Asked, availability},
            book::{Book, Whom, book},
            bookable::Target,
            cancel::{Cancel, cancel},
            change::{Change, change},
            decide::{Decide, decide},
            prepare::{Prepare, prepare},
            terms::{SetTerms, set},
        },
    },
    rules::terms::{Sort, preset},
    view::{BookingView, TermsView},
};

use crate::{
    both,
    support::town::{Town, borrow, give_back, reasons},
};

both!(
    a_wheelchair_is_booked_collected_by_scanning_and_brought_back,
    three_that_do_not_overlap_fit_on_one_and_the_fourth_is_told_what_is_free,
    back_to_back_is_free_and_the_turnaround_keeps_them_apart,
    nobody_books_for_another_but_a_keeper,
    a_walk_up_is_due_before_the_next_booking_and_told_why,
    what_stands_on_the_shelf_is_kept_for_who_comes_soon,
    what_stands_ready_is_lent_to_nobody_else,
    a_loan_is_prolonged_only_as_far_as_nobody_else_was_promised_it,
    what_nobody_collects_is_free_again_without_any_job,
    who_does_not_come_three_times_pauses_until_a_keeper_pardons,
    what_waits_for_a_yes_counts_from_the_first_second,
    what_is_held_counts_until_it_lapses_and_not_longer,
    a_change_that_is_refused_loses_nothing,
    cancelling_undoes_booking,
    an_overdue_loan_goes_on_occupying_its_unit,
    the_quota_of_a_person_is_counted_over_all_stations,
    the_terms_of_a_booking_stay_when_they_change,
);

const ANNA: &str = "13800138011";
const BERTA: &str = "13800138012";
const CARLA: &str = "13800138013";

/// A station with wheelchairs.
pub(crate) struct Chairs {
    pub(crate) station: StationId,
    pub(crate) kind: KindId,
    pub(crate) codes: Vec<String>,
}

pub(crate) async fn chairs(town: &Town, count: u32) -> Chairs {
    let station = town.station("WH01").await;
    let kind = town.kind("轮椅", Identity::Phone).await;
    let codes = town.items(kind, station, count).await;
    Chairs { station, kind, codes }
}

async fn terms(town: &Town, kind: KindId, change: impl FnOnce(&mut Terms)) {
    terms_at(town, "WH01", kind, change).await;
}

pub(crate) async fn terms_at(town: &Town, plate: &str, kind: KindId, change: impl FnOnce(&mut Terms)) {
    let mut terms = preset(Sort::Things("test"));
    change(&mut terms);
    let order = SetTerms { target: Target::Things(plate.to_owned(), kind), terms: Some(TermsView::from(&terms)) };
    desk::answer(town.process(), order, set).await.unwrap();
}

/// An order for one chair, from so many minutes after Monday ten o'clock, for so many.
pub(crate) fn order(kind: KindId, after: i64, minutes: i64) -> Book {
    let monday: DateTime<Utc> = crate::support::town::MONDAY.parse().unwrap();
    Book {
        target: Target::Things("WH01".to_owned(), kind),
        starts_at: Some(monday + TimeDelta::minutes(after)),
        ends_at: Some(monday + TimeDelta::minutes(after + minutes)),
        quantity: 1,
        whom: Whom::Myself,
        purpose: None,
        priority: None,
        override_reason: None,
        only_hold: false,
    }
}

pub(crate) async fn ask(desk: Desk, order: Book) -> desk::Result<Done<BookingView>> {
    desk::answer(desk, order, book).await
}

async fn booked(desk: Desk, order: Book) -> BookingView {
    ask(desk, order).await.unwrap().into_receipt()
}

async fn state_of(town: &Town, booking: &BookingView) -> State {
    let row = yizhan::store::bookings::find(town.app.db.read(), booking.id.into()).await.unwrap().unwrap();
    desk::bookings::shown(&row, town.now()).state
}

async fn free(town: &Town, kind: KindId, after: i64, minutes: i64) -> i64 {
    let monday: DateTime<Utc> = crate::support::town::MONDAY.parse().unwrap();
    let asked = Asked {
        station: "WH01".to_owned(),
        kind: Some(kind),
        space: None,
        occasion: None,
        from: monday + TimeDelta::minutes(after),
        to: monday + TimeDelta::minutes(after + minutes),
    };
    availability(&town.visitor(), &asked).await.unwrap()[0].free
}

async fn a_wheelchair_is_booked_collected_by_scanning_and_brought_back(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 2).await;
    let anna = town.member(ANNA).await;
    let booking = booked(town.resident(anna), order(kind, 120, 240)).await;
    assert_eq!(booking.state, State::Confirmed);
    assert_eq!((free(&town, kind, 0, 120).await, free(&town, kind, 0, 121).await), (2, 1));
    town.advance(TimeDelta::minutes(115));
    let lent = borrow(town.resident(anna), &codes[0], None).await.unwrap().into_receipt();
    assert_eq!(lent.loan.due_at, booking.ends_at);
    assert_eq!(state_of(&town, &booking).await, State::Collected);
    assert_eq!(free(&town, kind, 120, 60).await, 1);
    town.advance(TimeDelta::minutes(60));
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert_eq!(state_of(&town, &booking).await, State::Ended);
    assert_eq!(free(&town, kind, 180, 60).await, 2);
    town.verified().await;
}

async fn three_that_do_not_overlap_fit_on_one_and_the_fourth_is_told_what_is_free(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.resident(town.member(ANNA).await);
    for after in [600, 60, 300] {
        booked(anna.clone(), order(kind, after, 60)).await;
    }
    let Err(Error::Refused(no)) = ask(anna, order(kind, 330, 120)).await else { panic!("booked twice") };
    let [yizhan::rules::refusal::Refusal::NoneFree { free }] = no.as_slice() else { panic!("{no:?}") };
    let monday: DateTime<Utc> = crate::support::town::MONDAY.parse().unwrap();
    let minutes: Vec<_> = free.iter().map(|f| ((f.from - monday).num_minutes(), (f.to - monday).num_minutes())).collect();
    assert_eq!(minutes[..3], [(120, 300), (360, 600), (660, 10_530)]);
}

async fn back_to_back_is_free_and_the_turnaround_keeps_them_apart(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.resident(town.member(ANNA).await);
    booked(anna.clone(), order(kind, 60, 60)).await;
    booked(anna.clone(), order(kind, 120, 60)).await;
    terms(&town, kind, |terms| terms.turnaround = 30).await;
    assert_eq!(reasons(ask(anna.clone(), order(kind, 20, 30)).await), ["none-free"]);
    booked(anna.clone(), order(kind, 0, 30)).await;
    // What was promised before keeps its own turnaround: none.
    booked(anna, order(kind, 180, 60)).await;
}

async fn nobody_books_for_another_but_a_keeper(town: Town) {
    let Chairs { station, kind, .. } = chairs(&town, 1).await;
    let wish = || Book { whom: Whom::Phone(Phone::parse(BERTA).unwrap(), None), ..order(kind, 60, 60) };
    assert!(matches!(ask(town.visitor(), order(kind, 60, 60)).await, Err(Error::NotSignedIn)));
    assert!(matches!(ask(town.visitor(), wish()).await, Err(Error::NotSignedIn)));
    let anna = town.member(ANNA).await;
    assert!(matches!(ask(town.resident(anna), wish()).await, Err(Error::Forbidden)));
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    let booking = booked(keeper.clone(), wish()).await;
    let berta = town.member_with(BERTA).await;
    assert_eq!(booking.member_id, berta.0);
    // It is hers now, and nobody else's.
    let give_up = |desk| desk::answer(desk, Cancel { booking: booking.id.into(), reason: None }, cancel);
    assert!(matches!(give_up(town.resident(anna)).await, Err(Error::NotFound(_))));
    give_up(town.resident(berta)).await.unwrap();
}

async fn a_walk_up_is_due_before_the_next_booking_and_told_why(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    terms(&town, kind, |terms| (terms.turnaround, terms.least_loan) = (30, 30)).await;
    let anna = town.resident(town.member(ANNA).await);
    let booking = booked(anna, order(kind, 300, 60)).await;
    let lent = borrow(town.visitor(), &codes[0], Some(BERTA)).await.unwrap().into_receipt();
    assert_eq!(lent.loan.due_at, booking.starts_at - TimeDelta::minutes(30));
    assert_eq!(lent.booked_from, Some(booking.starts_at));
    give_back(town.visitor(), &codes[0]).await.unwrap();
    town.advance(TimeDelta::minutes(245));
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], Some(BERTA)).await), ["booked-soon"]);
}

async fn what_stands_on_the_shelf_is_kept_for_who_comes_soon(town: Town) {
    let Chairs { station, kind, codes } = chairs(&town, 2).await;
    terms(&town, kind, |terms| (terms.turnaround, terms.protect) = (30, 240)).await;
    // One is out until 18:00; the other is on the shelf; somebody comes at 15:00.
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    town.policy(Some(kind), yizhan::view::PolicyValues { loan_minutes: Some(480), ..Default::default() }).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let booking = booked(town.resident(town.member(ANNA).await), order(kind, 300, 60)).await;
    let lent = borrow(town.visitor(), &codes[1], Some(BERTA)).await.unwrap().into_receipt();
    assert_eq!(lent.loan.due_at, booking.starts_at - TimeDelta::minutes(30));
    give_back(town.visitor(), &codes[1]).await.unwrap();
    town.advance(TimeDelta::minutes(90));
    assert_eq!(reasons(borrow(town.visitor(), &codes[1], Some(BERTA)).await), ["kept-for-booking"]);
    let forced = desk::borrow::Borrow {
        code: codes[1].clone(),
        phone: Some(Phone::parse(BERTA).unwrap()),
        override_reason: Some("只借十分钟".to_owned()),
        ..Default::default()
    };
    let lent = desk::answer(keeper, forced, desk::borrow::borrow).await.unwrap().into_receipt();
    assert!(lent.loan.due_at <= booking.starts_at);
    town.verified().await;
}

async fn what_stands_ready_is_lent_to_nobody_else(town: Town) {
    let Chairs { station, kind, codes } = chairs(&town, 2).await;
    let anna = town.member(ANNA).await;
    let booking = booked(town.resident(anna), order(kind, 30, 60)).await;
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    let put = |code: &str| Prepare { booking: booking.id.into(), items: vec![code.to_owned()] };
    assert!(matches!(desk::answer(town.resident(anna), put(&codes[0]), prepare).await, Err(Error::Forbidden)));
    let ready = desk::answer(keeper.clone(), put(&codes[0]), prepare).await.unwrap().into_receipt();
    assert_eq!(ready.state, State::Ready);
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], Some(BERTA)).await), ["set-aside"]);
    borrow(town.visitor(), &codes[1], Some(BERTA)).await.unwrap();
    borrow(town.resident(anna), &codes[0], None).await.unwrap();
    assert_eq!(state_of(&town, &booking).await, State::Collected);
}

async fn a_loan_is_prolonged_only_as_far_as_nobody_else_was_promised_it(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    town.policy(Some(kind), yizhan::view::PolicyValues { loan_minutes: Some(120), renewals: Some(9), ..Default::default() })
        .await;
    let anna = town.member(ANNA).await;
    let lent = borrow(town.resident(anna), &codes[0], None).await.unwrap().into_receipt();
    let booking = booked(town.resident(town.member(BERTA).await), order(kind, 180, 60)).await;
    town.advance(TimeDelta::minutes(90));
    let again = desk::renew::Renew { loan: lent.loan.id.into(), override_reason: None };
    let longer = desk::answer(town.resident(anna), again.clone(), desk::renew::renew).await.unwrap().into_receipt();
    assert_eq!((longer.loan.due_at, longer.booked_from), (booking.starts_at, Some(booking.starts_at)));
    town.advance(TimeDelta::minutes(30));
    assert_eq!(reasons(desk::answer(town.resident(anna), again, desk::renew::renew).await), ["booked-soon"]);
    town.verified().await;
}

async fn what_nobody_collects_is_free_again_without_any_job(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    let booking = booked(town.resident(town.member(ANNA).await), order(kind, 60, 600)).await;
    town.advance(TimeDelta::minutes(60 + 119));
    assert_eq!(free(&town, kind, 180, 60).await, 0);
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], Some(BERTA)).await), ["booked-soon", "kept-for-booking"]);
    town.advance(TimeDelta::minutes(1));
    assert_eq!(free(&town, kind, 180, 60).await, 1);
    borrow(town.visitor(), &codes[0], Some(BERTA)).await.unwrap();
    assert_eq!(state_of(&town, &booking).await, State::NoShow);
}

async fn who_does_not_come_three_times_pauses_until_a_keeper_pardons(town: Town) {
    let Chairs { station, kind, .. } = chairs(&town, 1).await;
    let anna = town.member(ANNA).await;
    let mut missed = Vec::new();
    for day in 0..3 {
        missed.push(booked(town.resident(anna), order(kind, day * 1_440 + 60, 60)).await);
        town.advance(TimeDelta::days(1));
    }
    assert_eq!(reasons(ask(town.resident(anna), order(kind, 3 * 1_440 + 60, 60)).await), ["booking-paused"]);
    // The pause is for booking: what is on the shelf may be borrowed.
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    desk::answer(keeper.clone(), missed[1].id.into(), desk::bookings::pardon::pardon).await.unwrap();
    booked(town.resident(anna), order(kind, 3 * 1_440 + 60, 60)).await;
    assert_eq!(reasons(desk::answer(keeper, missed[1].id.into(), desk::bookings::pardon::pardon).await), ["nothing-to-pardon"]);
}

async fn what_waits_for_a_yes_counts_from_the_first_second(town: Town) {
    let Chairs { station, kind, .. } = chairs(&town, 1).await;
    terms(&town, kind, |terms| terms.approval = true).await;
    let (anna, berta) = (town.resident(town.member(ANNA).await), town.resident(town.member(BERTA).await));
    let pending = booked(anna.clone(), order(kind, 60, 60)).await;
    assert_eq!(pending.state, State::Pending);
    assert_eq!(reasons(ask(berta.clone(), order(kind, 60, 60)).await), ["none-free"]);
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    let say = |approved, id: uuid::Uuid| Decide { booking: id.into(), approved, reason: Some("已有安排".to_owned()) };
    assert!(matches!(desk::answer(anna, say(true, pending.id), decide).await, Err(Error::Forbidden)));
    desk::answer(keeper.clone(), say(false, pending.id), decide).await.unwrap();
    let next = booked(berta, order(kind, 60, 60)).await;
    let firm = desk::answer(keeper.clone(), say(true, next.id), decide).await.unwrap().into_receipt();
    assert_eq!(firm.state, State::Confirmed);
    assert_eq!(reasons(desk::answer(keeper, say(true, next.id), decide).await), ["not-pending"]);
}

async fn what_is_held_counts_until_it_lapses_and_not_longer(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = (town.resident(town.member(ANNA).await), town.resident(town.member(BERTA).await));
    let hold = || Book { only_hold: true, ..order(kind, 60, 60) };
    let held = booked(anna.clone(), hold()).await;
    assert_eq!(held.state, State::Held);
    town.advance(TimeDelta::minutes(9));
    assert_eq!(reasons(ask(berta.clone(), hold()).await), ["none-free"]);
    town.advance(TimeDelta::minutes(1));
    let theirs = booked(berta.clone(), hold()).await;
    assert_eq!(reasons(desk::answer(anna, held.id.into(), desk::bookings::confirm::confirm).await), ["booking-over"]);
    let firm = desk::answer(berta, theirs.id.into(), desk::bookings::confirm::confirm).await.unwrap().into_receipt();
    assert_eq!(firm.state, State::Confirmed);
}

async fn a_change_that_is_refused_loses_nothing(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = (town.resident(town.member(ANNA).await), town.resident(town.member(BERTA).await));
    let mine = booked(anna.clone(), order(kind, 60, 60)).await;
    let theirs = booked(berta, order(kind, 180, 60)).await;
    let to = |starts_at, ends_at| Change {
        booking: mine.id.into(),
        starts_at: Some(starts_at),
        ends_at: Some(ends_at),
        quantity: None,
        override_reason: None,
    };
    let over_theirs = to(theirs.starts_at - TimeDelta::minutes(30), theirs.ends_at);
    assert_eq!(reasons(desk::answer(anna.clone(), over_theirs, change).await), ["none-free"]);
    assert_eq!(free(&town, kind, 60, 60).await, 0);
    // Over its own old time it may move.
    let moved = to(mine.starts_at + TimeDelta::minutes(30), theirs.starts_at);
    let moved = desk::answer(anna, moved, change).await.unwrap().into_receipt();
    assert_eq!((moved.id, moved.state), (mine.id, State::Confirmed));
    assert_eq!((free(&town, kind, 60, 30).await, free(&town, kind, 90, 150).await), (1, 0));
    town.verified().await;
}

async fn cancelling_undoes_booking(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 3).await;
    let anna = town.resident(town.member(ANNA).await);
    let before = free(&town, kind, 0, 2_000).await;
    let booking = booked(anna.clone(), Book { quantity: 2, ..order(kind, 60, 60) }).await;
    assert_eq!(free(&town, kind, 0, 2_000).await, before - 2);
    let give_up = || desk::answer(anna.clone(), Cancel { booking: booking.id.into(), reason: None }, cancel);
    assert_eq!(give_up().await.unwrap().into_receipt(), give_up().await.unwrap().into_receipt());
    assert_eq!(free(&town, kind, 0, 2_000).await, before);
}

async fn an_overdue_loan_goes_on_occupying_its_unit(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    town.policy(Some(kind), yizhan::view::PolicyValues { loan_minutes: Some(60), ..Default::default() }).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let anna = town.resident(town.member(ANNA).await);
    let at = |minutes| order(kind, minutes, 30);
    assert!(ask(anna.clone(), at(60)).await.is_ok());
    town.advance(TimeDelta::minutes(90));
    assert_eq!(reasons(ask(anna.clone(), at(100)).await), ["none-free"], "late, and expected within the hour");
    town.advance(TimeDelta::days(8));
    assert_eq!(reasons(ask(anna.clone(), at(40 * 1_440)).await), ["none-free"], "a week late, and nobody counts on it");
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert!(ask(anna, at(40 * 1_440)).await.is_ok());
}

async fn the_quota_of_a_person_is_counted_over_all_stations(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 5).await;
    let elsewhere = town.station("WH02").await;
    town.items(kind, elsewhere, 5).await;
    terms(&town, kind, |terms| (terms.quota.per_week, terms.quota.time_per_day) = (Some(3), Some(180))).await;
    let anna = town.resident(town.member(ANNA).await);
    let there = Book { target: Target::Things("WH02".to_owned(), kind), ..order(kind, 60, 120) };
    booked(anna.clone(), there).await;
    assert_eq!(reasons(ask(anna.clone(), order(kind, 300, 90)).await), ["quota-reached"], "minutes of a day");
    let second = booked(anna.clone(), order(kind, 300, 60)).await;
    booked(anna.clone(), order(kind, 1_440, 60)).await;
    assert_eq!(reasons(ask(anna.clone(), order(kind, 2_880, 60)).await), ["quota-reached"], "bookings of a week");
    booked(anna.clone(), order(kind, 7 * 1_440, 60)).await;
    desk::answer(anna.clone(), Cancel { booking: second.id.into(), reason: None }, cancel).await.unwrap();
    booked(anna, order(kind, 2_880, 60)).await;
}

async fn the_terms_of_a_booking_stay_when_they_change(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.resident(town.member(ANNA).await);
    let booking = booked(anna.clone(), order(kind, 600, 60)).await;
    terms(&town, kind, |terms| terms.cancel_until = 1_440).await;
    desk::answer(anna.clone(), Cancel { booking: booking.id.into(), reason: None }, cancel).await.unwrap();
    let booking = booked(anna.clone(), order(kind, 600, 60)).await;
    assert_eq!(
        reasons(desk::answer(anna, Cancel { booking: booking.id.into(), reason: None }, cancel).await),
        ["cancel-too-late"]
    );
}

impl Town {
    async fn member_with(&self, phone: &str) -> MemberId {
        let index = self.app.vault.index(&Phone::parse(phone).unwrap());
        yizhan::store::members::find_by_phone(self.app.db.read(), &index).await.unwrap().unwrap().id
    }
}
