//! What is late or broken is told before it breaks a booking, and nobody is cancelled silently; and people are reminded. On both
//! engines.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::State,
    grant::Role,
    hold,
    ids::{ClaimId, KindId, MemberId},
    task::{self, What},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use yizhan::{
    desk::{
        self, Desk,
        bookings::{
            bookable::Target,
            cancel::{Cancel, cancel},
            prepare::{Prepare, prepare},
        },
        outages::{TakeOut, end, take_out},
    },
    jobs,
    view::{BookingView, PolicyValues},
};

use crate::{
    bookings::{Chairs, ask, chairs, order},
    both,
    queue::{run, seen, soon, told, wait},
    support::town::{MONDAY, Town, borrow, give_back},
};

both!(
    an_overdue_loan_puts_a_booking_at_risk_and_a_return_makes_it_safe,
    whose_need_is_greater_is_kept_and_who_was_promised_last_gives_way,
    what_stands_ready_is_not_at_risk,
    what_was_never_told_needs_no_all_clear,
    what_is_not_there_at_its_time_is_told_once_and_is_first_in_line,
    people_are_reminded_in_the_evening_and_two_hours_before,
    nobody_is_reminded_at_night_nor_of_what_they_have_just_booked,
    what_was_cancelled_is_not_reminded_of,
    two_replicas_tell_everything_once,
);

const ANNA: &str = "13800138011";
const BERTA: &str = "13800138012";
const CARLA: &str = "13800138013";

async fn booked(desk: Desk, kind: KindId, after: i64) -> BookingView {
    ask(desk, order(kind, after, 60)).await.unwrap().into_receipt()
}

async fn state(town: &Town, booking: &BookingView) -> State {
    yizhan::store::bookings::find(town.app.db.read(), booking.id.into()).await.unwrap().unwrap().state
}

async fn minded(town: &Town) -> (usize, usize) {
    let all = task::Entity::find().filter(task::Column::What.eq(What::MindBooking)).all(town.app.db.read()).await.unwrap();
    let open = all.iter().filter(|task| task.done_at.is_none()).count();
    (open, all.len() - open)
}

async fn broken(town: &Town, kind: KindId, (from, to): (i64, i64)) -> ClaimId {
    let monday: DateTime<Utc> = MONDAY.parse().unwrap();
    let order = TakeOut {
        target: Target::Things("WH01".to_owned(), kind),
        quantity: 1,
        starts_at: monday + TimeDelta::minutes(from),
        ends_at: monday + TimeDelta::minutes(to),
        note: "轮胎坏了".to_owned(),
    };
    desk::answer(town.process(), order, take_out).await.unwrap().into_receipt().id.into()
}

/// One chair that Carla has for an hour, and Anna has booked after her.
async fn late(town: &Town) -> (Chairs, MemberId, MemberId, BookingView) {
    let chairs = chairs(town, 1).await;
    town.policy(Some(chairs.kind), PolicyValues { loan_minutes: Some(60), ..Default::default() }).await;
    let (anna, carla) = (town.member(ANNA).await, town.member(CARLA).await);
    borrow(town.resident(carla), &chairs.codes[0], None).await.unwrap();
    let booking = booked(town.resident(anna), chairs.kind, 120).await;
    (chairs, anna, carla, booking)
}

async fn an_overdue_loan_puts_a_booking_at_risk_and_a_return_makes_it_safe(town: Town) {
    let (chairs, anna, carla, booking) = late(&town).await;
    town.advance(TimeDelta::minutes(59));
    run(&town).await;
    assert_eq!(state(&town, &booking).await, State::Confirmed, "it is not late yet");
    town.advance(TimeDelta::minutes(11));
    for _ in 0..3 {
        run(&town).await;
        town.advance(TimeDelta::minutes(1));
    }
    assert_eq!((state(&town, &booking).await, minded(&town).await), (State::AtRisk, (1, 0)));
    assert_eq!(
        (told(&town, anna).await, told(&town, carla).await),
        (vec!["booking_at_risk".to_owned()], vec!["somebody_waits".to_owned()])
    );
    give_back(town.visitor(), &chairs.codes[0]).await.unwrap();
    assert_eq!((state(&town, &booking).await, minded(&town).await), (State::Confirmed, (0, 1)), "no job is waited for");
    run(&town).await;
    assert_eq!(told(&town, anna).await, ["booking_at_risk", "booking_safe"]);
    town.advance(TimeDelta::minutes(40));
    borrow(town.resident(anna), &chairs.codes[0], None).await.unwrap();
    town.verified().await;
}

async fn whose_need_is_greater_is_kept_and_who_was_promised_last_gives_way(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 3).await;
    let (anna, berta, carla) = (town.member(ANNA).await, town.member(BERTA).await, town.member(CARLA).await);
    let first = booked(town.resident(anna), kind, 60).await;
    town.advance(TimeDelta::seconds(1));
    let second = booked(town.resident(berta), kind, 60).await;
    town.advance(TimeDelta::seconds(1));
    let wish = desk::bookings::book::Book {
        whom: desk::bookings::book::Whom::Member(carla),
        priority: Some(entity::booking::Priority::Medical),
        ..order(kind, 60, 60)
    };
    let last = ask(town.process(), wish).await.unwrap().into_receipt();
    let now = async || (state(&town, &first).await, state(&town, &second).await, state(&town, &last).await);
    let one = broken(&town, kind, (0, 600)).await;
    assert_eq!(now().await, (State::Confirmed, State::AtRisk, State::Confirmed));
    let another = broken(&town, kind, (90, 600)).await;
    assert_eq!(now().await, (State::AtRisk, State::AtRisk, State::Confirmed));
    assert_eq!(minded(&town).await, (2, 0));
    desk::answer(town.process(), one, end).await.unwrap();
    assert_eq!(now().await, (State::Confirmed, State::AtRisk, State::Confirmed));
    desk::answer(town.process(), another, end).await.unwrap();
    assert_eq!(now().await, (State::Confirmed, State::Confirmed, State::Confirmed));
    assert_eq!((told(&town, anna).await.len(), told(&town, berta).await.len(), told(&town, carla).await.len()), (2, 2, 0));
    town.verified().await;
}

async fn what_stands_ready_is_not_at_risk(town: Town) {
    let Chairs { station, kind, codes } = chairs(&town, 2).await;
    let (anna, berta) = (town.member(ANNA).await, town.member(BERTA).await);
    let first = booked(town.resident(anna), kind, 60).await;
    town.advance(TimeDelta::seconds(1));
    let second = booked(town.resident(berta), kind, 60).await;
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    broken(&town, kind, (0, 600)).await;
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::Confirmed, State::AtRisk));
    // One was found for her all the same: it stands in the keeper's room.
    let put = Prepare { booking: second.id.into(), items: vec![codes[0].clone()] };
    desk::answer(keeper, put, prepare).await.unwrap();
    run(&town).await;
    assert_eq!((state(&town, &first).await, state(&town, &second).await), (State::AtRisk, State::Ready));
    assert_eq!(minded(&town).await, (1, 1));
}

async fn what_was_never_told_needs_no_all_clear(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.member(ANNA).await;
    let booking = booked(town.resident(anna), kind, 600).await;
    let outage = broken(&town, kind, (300, 900)).await;
    assert_eq!(state(&town, &booking).await, State::AtRisk);
    desk::answer(town.process(), outage, end).await.unwrap();
    assert_eq!((state(&town, &booking).await, told(&town, anna).await.len()), (State::Confirmed, 0));
    // Two hours before, it is told, whenever it became so.
    broken(&town, kind, (300, 900)).await;
    town.advance(TimeDelta::minutes(479));
    run(&town).await;
    assert_eq!(told(&town, anna).await, Vec::<String>::new());
    town.advance(TimeDelta::minutes(1));
    run(&town).await;
    assert!(told(&town, anna).await.contains(&"booking_at_risk".to_owned()));
}

async fn what_is_not_there_at_its_time_is_told_once_and_is_first_in_line(town: Town) {
    let (chairs, anna, carla, booking) = late(&town).await;
    let berta = town.member(BERTA).await;
    let other = wait(town.resident(berta), soon(chairs.kind)).await.unwrap().into_receipt();
    town.advance(TimeDelta::minutes(70));
    run(&town).await;
    town.advance(TimeDelta::minutes(109));
    run(&town).await;
    assert_eq!(state(&town, &booking).await, State::AtRisk, "it waits for as long as anybody would have waited for her");
    town.advance(TimeDelta::minutes(1));
    for _ in 0..3 {
        run(&town).await;
    }
    assert_eq!((state(&town, &booking).await, minded(&town).await), (State::Displaced, (0, 1)));
    let about_it = |all: Vec<String>| all.into_iter().filter(|told| told == "booking_displaced").count();
    assert_eq!(about_it(told(&town, anna).await), 1);
    let places = hold::Entity::find().filter(hold::Column::MemberId.eq(anna)).all(town.app.db.read()).await.unwrap();
    assert_eq!((places.len(), places[0].displaced_id), (1, Some(booking.id.into())));
    assert_eq!(seen(&town, &other).await.position, Some(2), "she waited before, and comes after");
    town.verified().await;
    give_back(town.resident(carla), &chairs.codes[0]).await.unwrap();
    let place = yizhan::store::holds::find(town.app.db.read(), places[0].id).await.unwrap().unwrap();
    assert_eq!((place.state, seen(&town, &other).await.state), (hold::State::Offered, hold::State::Waiting));
    // Nobody holds it against her.
    let missed = entity::booking::Entity::find().filter(entity::booking::Column::State.eq(State::NoShow));
    assert_eq!(missed.all(town.app.db.read()).await.unwrap().len(), 0);
    borrow(town.resident(anna), &chairs.codes[0], None).await.unwrap();
    town.verified().await;
}

async fn people_are_reminded_in_the_evening_and_two_hours_before(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.member(ANNA).await;
    // Tuesday at three in the afternoon.
    booked(town.resident(anna), kind, 29 * 60).await;
    let mut counted = Vec::new();
    for minutes in [7 * 60 + 59, 2, 60, 18 * 60 - 2, 2, 60, 90] {
        town.advance(TimeDelta::minutes(minutes));
        run(&town).await;
        run(&town).await;
        counted.push(told(&town, anna).await.len());
    }
    // Just before six, just after; an hour later; just before one the next day, just after; an hour later; when it has begun.
    assert_eq!(counted, [0, 1, 1, 1, 2, 2, 2]);
}

async fn nobody_is_reminded_at_night_nor_of_what_they_have_just_booked(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 3).await;
    let (anna, berta) = (town.member(ANNA).await, town.member(BERTA).await);
    // Tuesday at seven in the morning: two hours before is night, and half past eight is too late.
    booked(town.resident(anna), kind, 21 * 60).await;
    // Half past nine: at half past eight there is still an hour.
    booked(town.resident(anna), kind, 23 * 60 + 30).await;
    // In two and a half hours.
    booked(town.resident(berta), kind, 150).await;
    let mut sent = Vec::new();
    for _ in 0..24 * 4 {
        town.advance(TimeDelta::minutes(15));
        run(&town).await;
    }
    let notices = entity::notice::Entity::find().filter(entity::notice::Column::Template.eq("booking_reminder"));
    for notice in notices.all(town.app.db.read()).await.unwrap() {
        sent.push((notice.member_id == Some(anna), (notice.send_after - MONDAY.parse::<DateTime<Utc>>().unwrap()).num_minutes()));
    }
    sent.sort_unstable();
    assert_eq!(sent, [(true, 480), (true, 480), (true, 22 * 60 + 30)]);
}

async fn what_was_cancelled_is_not_reminded_of(town: Town) {
    let Chairs { kind, .. } = chairs(&town, 1).await;
    let anna = town.member(ANNA).await;
    let booking = booked(town.resident(anna), kind, 29 * 60).await;
    town.advance(TimeDelta::minutes(481));
    run(&town).await;
    desk::answer(town.resident(anna), Cancel { booking: booking.id.into(), reason: None }, cancel).await.unwrap();
    let report = jobs::run(&town.app, "send-notices").await.unwrap();
    assert_eq!((report.count("dropped"), report.count("sent")), (1, 0));
}

async fn two_replicas_tell_everything_once(town: Town) {
    let (_, anna, carla, _) = late(&town).await;
    town.advance(TimeDelta::minutes(70));
    let other = town.restarted().await;
    crate::support::server::all_at_once(6, |n| {
        let app = if n % 2 == 0 { town.app.clone() } else { other.clone() };
        async move { jobs::run(&app, "bookings").await.map(drop) }
    })
    .await;
    // Whoever met another may have given up: the next ring goes on.
    run(&town).await;
    assert_eq!((told(&town, anna).await.len(), told(&town, carla).await.len(), minded(&town).await), (1, 1, (1, 0)));
}
