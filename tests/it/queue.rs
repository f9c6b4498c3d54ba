//! Whoever waits has a place in the queue, and what is offered to them is theirs until they have answered; on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking,
    grant::Role,
    hold::{self, State},
    ids::{HoldId, KindId, MemberId},
    notice,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use yizhan::{
    db::Done,
    desk::{
        self, Desk, Error,
        bookings::{
            bookable::Target,
            cancel::{Cancel, cancel},
            confirm::confirm,
        },
        queue::{
            join::{Join, join},
            leave::leave,
            look,
        },
    },
    jobs,
    view::{PolicyValues, QueueView},
};

use crate::{
    bookings::{Chairs, ask, chairs, order, terms_at},
    both,
    support::{
        planted::Hand,
        server::all_at_once,
        town::{MONDAY, Town, borrow, give_back, reasons},
    },
};

both!(
    what_is_free_at_once_is_offered_at_once_and_held,
    what_comes_back_is_offered_to_the_first_and_to_nobody_else,
    whoever_comes_for_what_is_offered_has_said_yes,
    an_offer_that_passes_goes_to_the_next_and_its_place_to_the_end_once,
    a_lapsed_offer_counts_no_longer_though_no_job_has_run,
    who_says_no_is_not_asked_again,
    who_is_not_suited_keeps_their_place_and_the_next_is_served,
    a_newcomer_does_not_get_what_somebody_waits_for,
    an_hour_earlier_or_later_will_do_for_whoever_says_so,
    whichever_of_several_stations_has_one_first,
    in_the_last_half_hour_all_are_told_and_who_comes_first_has_it,
    nothing_is_offered_after_its_beginning,
    nobody_is_offered_anything_at_night_that_lapses_before_the_morning,
    limits_are_asked_when_it_is_their_turn_and_the_reason_is_shown,
    a_limit_that_was_reached_in_between_stops_a_yes,
    one_place_for_each_thing_and_five_in_all,
    a_place_is_the_business_of_whoever_has_it_and_of_keepers,
    a_seat_more_is_offered_and_a_session_that_is_called_off_ends_the_queue,
    a_whole_hall_is_offered_when_its_last_part_is_free,
    thirty_wait_for_one_and_exactly_one_is_offered_it,
    what_is_wrong_in_the_queue_is_seen,
);

const ANNA: &str = "13800138011";
const BERTA: &str = "13800138012";
const CARLA: &str = "13800138013";

fn at(minutes: i64) -> DateTime<Utc> {
    MONDAY.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

/// As soon as possible.
pub(crate) fn soon(kind: KindId) -> Join {
    Join {
        targets: vec![Target::Things("WH01".to_owned(), kind)],
        starts_at: None,
        ends_at: None,
        flexible_minutes: 0,
        quantity: 1,
    }
}

/// From so many minutes after Monday ten o'clock, for so many.
pub(crate) fn then(kind: KindId, after: i64, minutes: i64) -> Join {
    Join { starts_at: Some(at(after)), ends_at: Some(at(after + minutes)), ..soon(kind) }
}

pub(crate) async fn wait(desk: Desk, order: Join) -> desk::Result<Done<QueueView>> {
    desk::answer(desk, order, join).await
}

async fn waiting(desk: Desk, order: Join) -> QueueView {
    wait(desk, order).await.unwrap().into_receipt()
}

pub(crate) async fn seen(town: &Town, view: &QueueView) -> QueueView {
    look::one(&town.resident(view.member_id.into()), view.id.into()).await.unwrap()
}

async fn state(town: &Town, view: &QueueView) -> State {
    seen(town, view).await.state
}

pub(crate) async fn run(town: &Town) -> jobs::Report {
    jobs::run(&town.app, "bookings").await.unwrap()
}

/// What a member was told, in order.
pub(crate) async fn told(town: &Town, member: MemberId) -> Vec<String> {
    let mut all = notice::Entity::find().filter(notice::Column::MemberId.eq(member)).all(town.app.db.read()).await.unwrap();
    all.sort_by_key(|notice| (notice.created_at, notice.id));
    all.into_iter().map(|notice| notice.template).collect()
}

async fn offers(town: &Town) -> Vec<booking::Model> {
    let held = booking::Entity::find().filter(booking::Column::State.eq(booking::State::Held));
    held.filter(booking::Column::HoldId.is_not_null()).all(town.app.db.read()).await.unwrap()
}

async fn two(town: &Town) -> (MemberId, MemberId) {
    (town.member(ANNA).await, town.member(BERTA).await)
}

async fn what_is_free_at_once_is_offered_at_once_and_held(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    let (anna, _) = two(&town).await;
    let place = waiting(town.resident(anna), soon(kind)).await;
    assert_eq!((place.state, place.why.code.as_str(), place.position), (State::Offered, "your-turn", None));
    assert_eq!(place.lapses_at, Some(at(120)), "two hours to fetch it");
    assert_eq!(told(&town, anna).await, ["booking_offer"]);
    assert_eq!(reasons(borrow(town.visitor(), &codes[0], Some(BERTA)).await), ["booked-soon"]);
    let booking = place.booking_id.unwrap();
    let firm = desk::answer(town.resident(anna), booking.into(), confirm).await.unwrap().into_receipt();
    assert_eq!(firm.state, booking::State::Confirmed);
    assert_eq!(state(&town, &place).await, State::Met);
    borrow(town.resident(anna), &codes[0], None).await.unwrap();
    town.verified().await;
}

async fn what_comes_back_is_offered_to_the_first_and_to_nobody_else(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    let lent = borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap().into_receipt();
    let (anna, berta) = two(&town).await;
    let first = waiting(town.resident(anna), soon(kind)).await;
    town.advance(TimeDelta::minutes(1));
    let second = waiting(town.resident(berta), soon(kind)).await;
    assert_eq!((first.position, first.why.code.as_str(), first.why.next_return), (Some(1), "none-free", Some(lent.loan.due_at)));
    assert_eq!((second.position, second.why.code.as_str()), (Some(2), "behind-others"));
    assert!(second.why.zh.starts_with("前面还有 1 位。") && second.why.en.starts_with("1 before you."), "{:?}", second.why);
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Offered, State::Waiting));
    assert_eq!(seen(&town, &second).await.position, Some(1));
    run(&town).await;
    assert_eq!((offers(&town).await.len(), told(&town, anna).await.len(), told(&town, berta).await.len()), (1, 1, 0));
    town.verified().await;
}

async fn whoever_comes_for_what_is_offered_has_said_yes(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    let (anna, _) = two(&town).await;
    let place = waiting(town.resident(anna), soon(kind)).await;
    let lent = borrow(town.resident(anna), &codes[0], None).await.unwrap().into_receipt();
    assert_eq!(state(&town, &place).await, State::Met);
    let row = offers(&town).await;
    assert!(row.is_empty(), "{row:?}");
    let booking = booking::Entity::find().one(town.app.db.read()).await.unwrap().unwrap();
    assert_eq!((booking.state, booking.ends_at), (booking::State::Collected, lent.loan.due_at));
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert_eq!(offers(&town).await.len(), 0, "who has had it is not offered it again");
    town.verified().await;
}

async fn an_offer_that_passes_goes_to_the_next_and_its_place_to_the_end_once(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = two(&town).await;
    let first = waiting(town.resident(anna), soon(kind)).await;
    town.advance(TimeDelta::minutes(1));
    let second = waiting(town.resident(berta), soon(kind)).await;
    let mut history = Vec::new();
    for _ in 0..4 {
        history.push((state(&town, &first).await, state(&town, &second).await));
        town.advance(TimeDelta::minutes(121));
        run(&town).await;
        assert!(offers(&town).await.len() <= 1);
    }
    history.push((state(&town, &first).await, state(&town, &second).await));
    use State::{Missed, Offered, Waiting};
    let expected = [(Offered, Waiting), (Waiting, Offered), (Offered, Waiting), (Missed, Offered), (Missed, Missed)];
    assert_eq!(history, expected);
    assert_eq!(told(&town, anna).await, ["booking_offer", "queue_missed", "booking_offer", "queue_missed"]);
    town.verified().await;
}

async fn a_lapsed_offer_counts_no_longer_though_no_job_has_run(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = two(&town).await;
    let place = waiting(town.resident(anna), then(kind, 1_440, 60)).await;
    let booking = place.booking_id.unwrap();
    assert_eq!(place.lapses_at, Some(at(120)));
    assert_eq!(reasons(ask(town.resident(berta), order(kind, 1_440, 60)).await), ["none-free"]);
    town.advance(TimeDelta::minutes(120));
    assert_eq!(reasons(desk::answer(town.resident(anna), booking.into(), confirm).await), ["booking-over"]);
    // It would be offered to her a second time, because nobody else waits: whoever waits comes before whoever asks.
    assert_eq!(reasons(ask(town.resident(berta), order(kind, 1_440, 60)).await), ["none-free"]);
    run(&town).await;
    assert_eq!(state(&town, &place).await, State::Offered);
    town.advance(TimeDelta::minutes(120));
    // Nobody has written down that this one passed as well.
    ask(town.resident(berta), order(kind, 1_440, 60)).await.unwrap();
    assert_eq!(state(&town, &place).await, State::Missed);
    town.verified().await;
}

async fn who_says_no_is_not_asked_again(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = two(&town).await;
    let first = waiting(town.resident(anna), then(kind, 600, 60)).await;
    let second = waiting(town.resident(berta), then(kind, 600, 60)).await;
    assert_eq!((first.state, second.state), (State::Offered, State::Waiting));
    let no = Cancel { booking: first.booking_id.unwrap().into(), reason: None };
    desk::answer(town.resident(anna), no, cancel).await.unwrap();
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Left, State::Offered));
    // Leaving says no as well; a second time it answers the same.
    let left = async || desk::answer(town.resident(berta), HoldId(second.id), leave).await.unwrap().into_receipt().state;
    assert_eq!((left().await, left().await), (State::Left, State::Left));
    run(&town).await;
    assert_eq!(offers(&town).await.len(), 0);
    ask(town.resident(anna), order(kind, 600, 60)).await.unwrap();
    town.verified().await;
}

async fn who_is_not_suited_keeps_their_place_and_the_next_is_served(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 2).await;
    let (anna, berta) = two(&town).await;
    let carla = town.member(CARLA).await;
    let mut booked = Vec::new();
    for _ in 0..2 {
        booked.push(ask(town.resident(carla), order(kind, 600, 60)).await.unwrap().into_receipt().id);
    }
    let both = waiting(town.resident(anna), Join { quantity: 2, ..then(kind, 600, 60) }).await;
    let one = waiting(town.resident(berta), then(kind, 630, 60)).await;
    let give_up = async |id: uuid::Uuid| {
        desk::answer(town.resident(carla), Cancel { booking: id.into(), reason: None }, cancel).await.unwrap();
    };
    give_up(booked[0]).await;
    assert_eq!((state(&town, &both).await, state(&town, &one).await), (State::Waiting, State::Offered));
    assert_eq!(seen(&town, &both).await.position, Some(1), "nothing of her place is lost");
    give_up(booked[1]).await;
    assert_eq!(state(&town, &both).await, State::Waiting, "one of the two is held for Berta");
    desk::answer(town.resident(berta), HoldId(one.id), leave).await.unwrap();
    assert_eq!(state(&town, &both).await, State::Offered);
    town.verified().await;
}

async fn a_newcomer_does_not_get_what_somebody_waits_for(town: Town) {
    let Chairs { station, kind, codes } = chairs(&town, 1).await;
    let (anna, berta) = two(&town).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let place = waiting(town.resident(anna), then(kind, 60, 60)).await;
    assert_eq!(place.state, State::Waiting);
    // A new chair is on the shelf, and nobody has looked at the queue yet.
    town.items(kind, station, 1).await;
    assert_eq!(reasons(ask(town.resident(berta), order(kind, 60, 60)).await), ["none-free"]);
    run(&town).await;
    assert_eq!(state(&town, &place).await, State::Offered);
    town.verified().await;
}

async fn an_hour_earlier_or_later_will_do_for_whoever_says_so(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = two(&town).await;
    let carla = town.member(CARLA).await;
    ask(town.resident(carla), order(kind, 600, 60)).await.unwrap();
    let rigid = waiting(town.resident(anna), then(kind, 600, 60)).await;
    assert_eq!(rigid.state, State::Waiting);
    let flexible = waiting(town.resident(berta), Join { flexible_minutes: 60, ..then(kind, 600, 60) }).await;
    assert_eq!(flexible.state, State::Offered);
    let offer = offers(&town).await.remove(0);
    assert_eq!((offer.starts_at, offer.ends_at), (at(540), at(600)), "the nearest time that is free");
    town.verified().await;
}

async fn whichever_of_several_stations_has_one_first(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    let other = town.station("WH02").await;
    let there = town.items(kind, other, 1).await;
    for code in [&codes[0], &there[0]] {
        borrow(town.visitor(), code, Some(CARLA)).await.unwrap();
    }
    let anna = town.member(ANNA).await;
    let targets = ["WH01", "WH02"].map(|plate| Target::Things(plate.to_owned(), kind)).to_vec();
    let place = waiting(town.resident(anna), Join { targets, ..soon(kind) }).await;
    assert_eq!((place.state, place.station_codes.len()), (State::Waiting, 2));
    let back = |code: &String, plate: &str| desk::give_back::GiveBack {
        code: code.clone(),
        station_code: Some(plate.to_owned()),
        ..Default::default()
    };
    // Lent at the first, and given back at the second: there it is.
    desk::answer(town.visitor(), back(&codes[0], "WH02"), desk::give_back::give_back).await.unwrap();
    desk::answer(town.visitor(), back(&there[0], "WH01"), desk::give_back::give_back).await.unwrap();
    run(&town).await;
    let offers = offers(&town).await;
    assert_eq!((offers.len(), offers[0].station_id), (1, other));
    town.verified().await;
}

async fn in_the_last_half_hour_all_are_told_and_who_comes_first_has_it(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let (anna, berta) = two(&town).await;
    let carla = town.member(CARLA).await;
    let booking = ask(town.resident(carla), order(kind, 20, 60)).await.unwrap().into_receipt();
    let first = waiting(town.resident(anna), then(kind, 20, 60)).await;
    let second = waiting(town.resident(berta), then(kind, 20, 60)).await;
    desk::answer(town.resident(carla), Cancel { booking: booking.id.into(), reason: None }, cancel).await.unwrap();
    for _ in 0..3 {
        run(&town).await;
    }
    assert_eq!(offers(&town).await.len(), 0);
    assert_eq!(
        (told(&town, anna).await, told(&town, berta).await),
        (vec!["queue_spare".to_owned()], vec!["queue_spare".to_owned()])
    );
    assert_eq!(seen(&town, &first).await.why.code, "first-come");
    ask(town.resident(berta), order(kind, 20, 60)).await.unwrap();
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Waiting, State::Met));
}

async fn nothing_is_offered_after_its_beginning(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.member(ANNA).await;
    let carla = town.member(CARLA).await;
    let booking = ask(town.resident(carla), order(kind, 60, 60)).await.unwrap().into_receipt();
    let place = waiting(town.resident(anna), then(kind, 60, 60)).await;
    town.advance(TimeDelta::minutes(60));
    desk::answer(town.resident(carla), Cancel { booking: booking.id.into(), reason: None }, cancel).await.unwrap();
    assert_eq!((offers(&town).await.len(), state(&town, &place).await), (0, State::Over));
    assert_eq!(told(&town, anna).await, ["queue_over"]);
    assert_eq!(reasons(wait(town.resident(anna), then(kind, 60, 60)).await)[0], "too-soon");
}

async fn nobody_is_offered_anything_at_night_that_lapses_before_the_morning(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let anna = town.member(ANNA).await;
    let place = waiting(town.resident(anna), then(kind, 3 * 1_440, 60)).await;
    // A quarter past eleven at night.
    town.advance(TimeDelta::minutes(13 * 60 + 15));
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let place = seen(&town, &place).await;
    let morning = at(22 * 60 + 30);
    assert_eq!((place.state, place.lapses_at), (State::Offered, Some(morning + TimeDelta::hours(2))));
    let told = notice::Entity::find().filter(notice::Column::Template.eq("booking_offer")).one(town.app.db.read()).await.unwrap();
    assert_eq!(told.unwrap().send_after, morning);
}

async fn limits_are_asked_when_it_is_their_turn_and_the_reason_is_shown(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let (anna, berta) = two(&town).await;
    let first = waiting(town.resident(anna), soon(kind)).await;
    let second = waiting(town.resident(berta), soon(kind)).await;
    let block = (anna, "借了没还".to_owned(), None);
    let block = desk::answer(town.process(), block, desk::block_member::block).await.unwrap().into_receipt();
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Waiting, State::Offered));
    let why = seen(&town, &first).await.why;
    assert_eq!((why.code.as_str(), why.reasons[0].code.as_str()), ("passed-over", "member-suspended"));
    assert!(why.zh.contains("借了没还"), "{}", why.zh);
    // When it is over, it is her turn again.
    desk::answer(town.process(), block.id.into(), desk::block_member::lift).await.unwrap();
    desk::answer(town.resident(berta), HoldId(second.id), leave).await.unwrap();
    assert_eq!(state(&town, &first).await, State::Offered);
    town.verified().await;
}

async fn a_limit_that_was_reached_in_between_stops_a_yes(town: Town) {
    let Chairs { station, kind, .. } = chairs(&town, 2).await;
    terms_at(&town, "WH01", kind, |terms| terms.quota.ahead = Some(1)).await;
    let anna = town.member(ANNA).await;
    let place = waiting(town.resident(anna), then(kind, 600, 60)).await;
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    let wish = desk::bookings::book::Book {
        whom: desk::bookings::book::Whom::Member(anna),
        override_reason: Some("急用".to_owned()),
        ..order(kind, 900, 60)
    };
    let firm = ask(keeper, wish).await.unwrap().into_receipt();
    let yes = async || desk::answer(town.resident(anna), place.booking_id.unwrap().into(), confirm).await;
    assert_eq!(reasons(yes().await), ["quota-reached"]);
    desk::answer(town.resident(anna), Cancel { booking: firm.id.into(), reason: None }, cancel).await.unwrap();
    yes().await.unwrap();
    town.verified().await;
}

async fn one_place_for_each_thing_and_five_in_all(town: Town) {
    let Chairs { kind, codes, station } = chairs(&town, 1).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let anna = town.member(ANNA).await;
    waiting(town.resident(anna), soon(kind)).await;
    assert_eq!(reasons(wait(town.resident(anna), then(kind, 600, 60)).await), ["already-waiting"]);
    for name in ["拐杖", "助行器", "工具箱", "梯子"] {
        let kind = town.kind(name, entity::kind::Identity::Phone).await;
        // There is none yet: somebody may wait for the first.
        assert_eq!(waiting(town.resident(anna), soon(kind)).await.state, State::Waiting);
    }
    let sixth = town.kind("手推车", entity::kind::Identity::Phone).await;
    assert_eq!(reasons(wait(town.resident(anna), soon(sixth)).await), ["too-many-waits"]);
    // Two tabs at once are one place.
    let berta = town.member(BERTA).await;
    let outcomes = all_at_once(8, |_| {
        let desk = town.resident(berta);
        async move { wait(desk, soon(kind)).await.is_ok() }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
    let many = Join { quantity: 2, ..soon(sixth) };
    assert!(matches!(wait(town.resident(berta), many).await, Err(Error::Invalid { field: "quantity", .. })));
    assert!(matches!(wait(town.visitor(), soon(sixth)).await, Err(Error::NotSignedIn)));
    let _ = station;
}

async fn a_place_is_the_business_of_whoever_has_it_and_of_keepers(town: Town) {
    let Chairs { station, kind, codes } = chairs(&town, 1).await;
    let elsewhere = town.station("WH02").await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let (anna, berta) = two(&town).await;
    let place = waiting(town.resident(anna), soon(kind)).await;
    let id = HoldId(place.id);
    assert!(matches!(look::one(&town.resident(berta), id).await, Err(Error::NotFound(_))));
    let other = town.staff(Role::Keeper, None, Some(elsewhere)).await;
    assert!(matches!(desk::answer(other, id, leave).await, Err(Error::NotFound(_))));
    assert!(matches!(desk::answer(town.visitor(), id, leave).await, Err(Error::NotSignedIn)));
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    assert_eq!(look::one(&keeper, id).await.unwrap().state, State::Waiting);
    assert_eq!(desk::answer(keeper, id, leave).await.unwrap().into_receipt().state, State::Left);
}

async fn a_seat_more_is_offered_and_a_session_that_is_called_off_ends_the_queue(town: Town) {
    let station = town.station("WH01").await;
    let announce = desk::occasions::Announce {
        station,
        space: None,
        name: "义诊".to_owned(),
        name_en: None,
        emoji: None,
        note: None,
        seats: 1,
        starts_at: at(1_440),
        ends_at: at(1_500),
    };
    let session = desk::answer(town.process(), announce, desk::occasions::announce).await.unwrap().into_receipt();
    let target = Target::Occasion(session.id.into());
    let (anna, berta) = two(&town).await;
    let carla = town.member(CARLA).await;
    let book = |target: &Target| desk::bookings::book::Book {
        target: target.clone(),
        starts_at: None,
        ends_at: None,
        ..order(KindId(uuid::Uuid::nil()), 0, 60)
    };
    ask(town.resident(carla), book(&target)).await.unwrap();
    let seat = || Join { targets: vec![target.clone()], ..soon(KindId(uuid::Uuid::nil())) };
    let first = waiting(town.resident(anna), seat()).await;
    let second = waiting(town.resident(berta), seat()).await;
    assert_eq!((first.starts_at, first.position, second.position), (Some(at(1_440)), Some(1), Some(2)));
    let edit = desk::occasions::Edit { seats: Some(2), ..Default::default() };
    let keeper = Desk { if_match: Some(session.rev), ..town.process() };
    desk::answer(keeper, (session.id.into(), edit), desk::occasions::edit).await.unwrap();
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Offered, State::Waiting));
    let call_off = (session.id.into(), "医生有事".to_owned());
    desk::answer(town.process(), call_off, desk::occasions::call_off).await.unwrap();
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Over, State::Over));
    assert_eq!(told(&town, berta).await, ["queue_over"]);
    town.verified().await;
}

async fn a_whole_hall_is_offered_when_its_last_part_is_free(town: Town) {
    let station = town.station("WH01").await;
    let space = async |name: &str, part_of| {
        let what = desk::spaces::Particulars { name: Some(name.to_owned()), ..Default::default() };
        let made = desk::answer(town.process(), (station, part_of, what), desk::spaces::create).await.unwrap();
        entity::ids::SpaceId(made.into_receipt().id)
    };
    let hall = space("大厅", None).await;
    let (east, west) = (space("东厅", Some(hall)).await, space("西厅", Some(hall)).await);
    let (anna, berta) = two(&town).await;
    let carla = town.member(CARLA).await;
    let mut booked = Vec::new();
    for part in [east, west] {
        let wish = desk::bookings::book::Book { target: Target::Space(part), ..order(KindId(uuid::Uuid::nil()), 600, 60) };
        booked.push(ask(town.resident(carla), wish).await.unwrap().into_receipt().id);
    }
    let wish = |space| Join { targets: vec![Target::Space(space)], ..then(KindId(uuid::Uuid::nil()), 600, 60) };
    let whole = waiting(town.resident(anna), wish(hall)).await;
    let part = waiting(town.resident(berta), wish(west)).await;
    assert_eq!((whole.state, part.state), (State::Waiting, State::Waiting));
    for id in booked {
        desk::answer(town.resident(carla), Cancel { booking: id.into(), reason: None }, cancel).await.unwrap();
    }
    assert_eq!((state(&town, &whole).await, state(&town, &part).await), (State::Offered, State::Waiting), "she came first");
    desk::answer(town.resident(anna), HoldId(whole.id), leave).await.unwrap();
    assert_eq!(state(&town, &part).await, State::Offered);
    town.verified().await;
}

async fn thirty_wait_for_one_and_exactly_one_is_offered_it(town: Town) {
    let Chairs { kind, codes, .. } = chairs(&town, 1).await;
    town.policy(Some(kind), PolicyValues { loan_minutes: Some(600), ..Default::default() }).await;
    borrow(town.visitor(), &codes[0], Some(CARLA)).await.unwrap();
    let mut places = Vec::new();
    for n in 0..30 {
        let member = town.member(&format!("138001390{n:02}")).await;
        places.push(waiting(town.resident(member), soon(kind)).await);
        town.advance(TimeDelta::seconds(1));
    }
    let other = town.restarted().await;
    for (round, place) in places.iter().enumerate().take(3) {
        // Several hands bring it back, and the clocks of two processes ring.
        all_at_once(12, |n| {
            let (visitor, code) = (town.visitor(), codes[0].clone());
            let app = if n % 2 == 0 { town.app.clone() } else { other.clone() };
            async move {
                if n < 4 {
                    give_back(visitor, &code).await.map(drop).unwrap();
                } else {
                    jobs::run(&app, "bookings").await.map(drop).unwrap();
                }
            }
        })
        .await;
        let offers = offers(&town).await;
        assert_eq!((offers.len(), offers[0].hold_id), (1, Some(HoldId(place.id))), "round {round}");
        borrow(town.resident(offers[0].member_id), &codes[0], None).await.unwrap();
        town.advance(TimeDelta::minutes(1));
    }
    let rows = hold::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.state == State::Met).count(), 3);
    town.verified().await;
}

async fn what_is_wrong_in_the_queue_is_seen(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 2).await;
    let (anna, berta) = two(&town).await;
    waiting(town.resident(anna), then(kind, 600, 60)).await;
    ask(town.resident(berta), order(kind, 600, 60)).await.unwrap();
    town.verified().await;
    let hand = Hand::on(&town.url).await;
    let found = async || -> Vec<&'static str> {
        let findings = yizhan::verify::run(&town.app, |_, _| {}).await.unwrap();
        findings.iter().map(|finding| finding.check).filter(|check| !["missing-check", "notice-stuck"].contains(check)).collect()
    };
    let faults = [
        ("claim SET live = (1 = 0)", "claim SET live = (1 = 1)", &["booking-without-claim"][..]),
        (
            "booking SET state = 'cancelled', ended_at = created_at WHERE state = 'confirmed'",
            "booking SET state = 'confirmed', ended_at = NULL WHERE state = 'cancelled'",
            &["claim-without-booking"],
        ),
        (
            "hold SET state = 'left', ended_at = created_at",
            "hold SET state = 'offered', ended_at = NULL",
            &["offer-without-hold"],
        ),
        (
            "booking SET state = 'confirmed' WHERE state = 'held'",
            "booking SET state = 'held' WHERE hold_id IS NOT NULL",
            &["hold-without-offer"],
        ),
        (
            "booking SET state = 'at_risk' WHERE state = 'confirmed'",
            "booking SET state = 'confirmed' WHERE state = 'at_risk'",
            &["risk-nobody-minds"],
        ),
        (
            "booking SET state = 'displaced', ended_at = created_at WHERE state = 'confirmed'",
            "booking SET state = 'confirmed', ended_at = NULL WHERE state = 'displaced'",
            &["claim-without-booking", "displaced-untold"],
        ),
    ];
    for (plant, mend, expected) in faults {
        hand.run(&format!("UPDATE {plant}")).await;
        assert_eq!(found().await, expected, "{plant}");
        hand.run(&format!("UPDATE {mend}")).await;
        assert_eq!(found().await, Vec::<&str>::new(), "{mend}");
    }
    hand.leave().await;
}
