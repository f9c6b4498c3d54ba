//! The medicine box: what is received, taken, counted, recalled and thrown away, on both engines.

use chrono::TimeDelta;
use entity::{
    consumable::{About, Caution, Cautions, Then, Under14},
    ids::LotId,
    movement,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use yizhan::{
    desk::{
        self,
        stock::{
            count::Count,
            hand_over::HandOver,
            profile::Profile,
            put_apart::{PutApart, Way},
            recall::NewRecall,
            receive::Receive,
            take::PackInHand,
        },
    },
    rules::{label_date::Ask, legal::Declared, refusal::Refusal, take::Age},
    store,
};

use crate::{
    both,
    support::{
        medicine::{profile, take},
        server::all_at_once,
        town::{Town, reasons},
    },
};

both!(
    what_ends_first_leaves_first_and_over_several_lots,
    the_last_day_ends_at_midnight_of_the_station,
    a_day_that_was_seen_is_not_taken_back_by_a_clock_that_goes_backwards,
    only_what_may_be_stocked_gets_a_profile,
    medicine_waits_for_a_second_reader_and_is_taken_by_the_date_in_hand,
    the_same_number_with_another_date_blocks_both,
    a_pack_past_its_date_in_hand_is_refused_and_told,
    nobody_takes_more_of_an_ingredient_than_the_leaflet_allows,
    a_take_is_undone_within_minutes_and_once,
    a_count_is_weighed_as_of_its_moment_and_a_large_difference_by_two,
    a_recall_blocks_all_stations_and_what_comes_later_and_two_lift_it,
    what_is_blocked_can_always_be_thrown_away_with_a_witness,
    a_mistake_is_reversed_once_and_not_across_a_count,
    limits_questions_and_codes_are_asked_for,
    a_delivery_that_contradicts_itself_is_asked_back,
);

async fn units(town: &Town, lot: LotId) -> (i32, i32) {
    let row = store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap();
    let lines = movement::Entity::find().filter(movement::Column::LotId.eq(lot)).all(town.app.db.read()).await.unwrap();
    let sum = lines.iter().map(|line| line.available + line.held + line.quarantined + line.to_dispose).sum();
    (row.on_hand(), sum)
}

async fn what_ends_first_leaves_first_and_over_several_lots(town: Town) {
    let shelf = town.medicine_box().await;
    let later = shelf.plasters("B", "有效期至2028年06月30日", 20).await;
    let sooner = shelf.plasters("A", "有效期至2027年06月30日", 15).await;
    let taken = take(town.visitor(), shelf.wanted(shelf.plasters, 18)).await.unwrap().into_receipt();
    let lines: Vec<(LotId, i32)> = taken.lines.iter().map(|line| (line.lot_id.into(), line.units)).collect();
    assert_eq!(lines, [(sooner, 15), (later, 3)]);
    assert_eq!((units(&town, sooner).await, units(&town, later).await), ((0, 0), (17, 17)));
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 18)).await), ["not-enough"]);
    let rehearsal = desk::Desk { rehearsal: true, ..town.visitor() };
    take(rehearsal, shelf.wanted(shelf.plasters, 17)).await.unwrap();
    assert_eq!(units(&town, later).await, (17, 17), "a dry run takes nothing");
}

async fn the_last_day_ends_at_midnight_of_the_station(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月25日", 10).await;
    // Strict: good until the 24th, in Shanghai. It is the 23rd, 10:00 there.
    town.advance(TimeDelta::hours(38) - TimeDelta::microseconds(1));
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    town.advance(TimeDelta::microseconds(1));
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    let late = shelf.delivery(shelf.plasters, "B", "有效期至2026年11月25日", 5);
    assert_eq!(reasons(shelf.receive(late).await), ["cut-off-already"]);
}

async fn a_day_that_was_seen_is_not_taken_back_by_a_clock_that_goes_backwards(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A", "有效期至2026年11月30日", 10).await;
    let tx = town.app.db.write(yizhan::db::Intent::default()).await.unwrap();
    store::stock_days::advance(&tx, shelf.station, "2026-11-30".parse().unwrap()).await.unwrap();
    store::stock_days::advance(&tx, shelf.station, "2026-11-20".parse().unwrap()).await.unwrap();
    tx.commit(()).await.unwrap();
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
}

async fn only_what_may_be_stocked_gets_a_profile(town: Town) {
    let kind = town.lot_kind("某药").await;
    let set = async |what: Profile| desk::stock::profile::set(town.process(), (kind, what)).await;
    for class in [
        Declared::OtcA,
        Declared::Prescription,
        Declared::Antibiotic,
        Declared::Ephedrine,
        Declared::Injection,
        Declared::ColdChain,
        Declared::Leftover,
    ] {
        assert_eq!(reasons(set(profile(class)).await), ["class-not-allowed"], "{class:?}");
    }
    assert_eq!(reasons(set(profile(Declared::OtcB)).await), ["partner-needed"]);
    let shelf = town.medicine_box().await;
    let unprofiled = shelf.delivery(kind, "A", "有效期至2027年06月30日", 5);
    assert_eq!(reasons(shelf.receive(unprofiled).await), ["no-profile"]);
    let bare = Receive { label: None, photo: None, proof: None, ..shelf.delivery(shelf.fever, "A", "", 4) };
    assert_eq!(reasons(shelf.receive(bare).await), ["proof-needed", "photo-needed", "date-needed"]);
}

async fn medicine_waits_for_a_second_reader_and_is_taken_by_the_date_in_hand(town: Town) {
    let shelf = town.medicine_box().await;
    let label = "有效期至2028年06月";
    let lot: LotId = shelf.receive(shelf.delivery(shelf.fever, "A", label, 4)).await.unwrap().into_receipt().id.into();
    let one = shelf.fever_wanted(&[label]);
    assert_eq!(reasons(take(town.visitor(), one.clone()).await), ["pack-blocked", "none-usable"]);
    let verify =
        async |desk, text: &str| desk::answer(desk, (lot, text.to_owned()), desk::stock::verify_label::verify_label).await;
    assert_eq!(reasons(verify(shelf.keeper.clone(), label).await), ["second-person-needed"]);
    assert_eq!(reasons(verify(shelf.second.clone(), "有效期至2028年07月").await), ["labels-differ"]);
    verify(shelf.second.clone(), "EXP 06/2028").await.unwrap();
    let unconfirmed = desk::stock::take::Take { in_hand: Vec::new(), ..one.clone() };
    assert_eq!(reasons(take(town.visitor(), unconfirmed).await), ["pack-unconfirmed"]);
    let unanswered = desk::stock::take::Take { age: None, accepted: None, ..one.clone() };
    assert_eq!(reasons(take(town.visitor(), unanswered).await), ["answers-needed", "warnings-not-accepted"]);
    let taken = take(town.visitor(), one.clone()).await.unwrap().into_receipt();
    assert_eq!(taken.lines[0].lot_id, lot.0);
    let by_code = desk::stock::take::Take { in_hand: vec![PackInHand::Code("(10)A(17)280630".to_owned())], ..one };
    take(town.visitor(), by_code).await.unwrap();
    assert_eq!(units(&town, lot).await, (0, 0));
}

async fn the_same_number_with_another_date_blocks_both(town: Town) {
    let shelf = town.medicine_box().await;
    let first = shelf.plasters("LOT-1", "有效期至2028年06月30日", 5).await;
    let second = shelf.plasters("lot-1", "有效期至2028年09月30日", 5).await;
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    for lot in [first, second] {
        let block = store::stock_blocks::list_on(town.app.db.read(), lot).await.unwrap().remove(0);
        let why = (block.id, "看过了".to_owned());
        assert_eq!(
            reasons(desk::answer(shelf.keeper.clone(), why.clone(), desk::stock::block::lift).await),
            ["second-person-needed"]
        );
        desk::answer(shelf.second.clone(), why.clone(), desk::stock::block::lift).await.unwrap();
        assert_eq!(reasons(desk::answer(shelf.second.clone(), why, desk::stock::block::lift).await), ["not-blocked"]);
    }
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
}

async fn a_pack_past_its_date_in_hand_is_refused_and_told(town: Town) {
    let shelf = town.medicine_box().await;
    let old = shelf.fever("A", "有效期至2026年12月31日", 4).await;
    shelf.fever("B", "有效期至2028年06月", 4).await;
    town.advance(TimeDelta::days(60));
    let late = take(town.visitor(), shelf.fever_wanted(&["有效期至2026年12月31日"])).await;
    assert_eq!(reasons(late), ["pack-past-date"]);
    assert_eq!(reasons(take(town.visitor(), shelf.fever_wanted(&["有效期至2028年07月"])).await), ["pack-not-ours"]);
    // The shelf is frozen while it is there: a printed date alone does not prove enough.
    assert_eq!(reasons(take(town.visitor(), shelf.fever_wanted(&["有效期至2028年06月"])).await), ["shelf-frozen"]);
    let tasks = store::tasks::list(town.app.db.read(), Some(vec![shelf.station]), false, None, 100).await.unwrap();
    assert!(tasks.iter().any(|task| task.lot_id == Some(old)), "a keeper hears of it");
    let order = PutApart { lot: old, way: Way::SetAside, units: 4, note: None, photo: Some(crate::support::medicine::photo()) };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
    let tasks = store::tasks::list(town.app.db.read(), Some(vec![shelf.station]), false, None, 100).await.unwrap();
    assert!(tasks.iter().all(|task| task.lot_id != Some(old)), "books follow hands, and so does the list");
    take(town.visitor(), shelf.fever_wanted(&["有效期至2028年06月"])).await.unwrap();
}

async fn nobody_takes_more_of_an_ingredient_than_the_leaflet_allows(town: Town) {
    let shelf = town.medicine_box().await;
    let label = "有效期至2028年06月";
    shelf.fever("A", label, 40).await;
    let member = town.member("13800138044").await;
    let three = shelf.fever_wanted(&[label, label, label]);
    take(town.resident(member), three.clone()).await.unwrap();
    let one = shelf.fever_wanted(&[label]);
    assert_eq!(reasons(take(town.resident(member), one.clone()).await), ["dose-limit"]);
    let by_phone = desk::stock::take::Take { phone: entity::values::Phone::parse("13800138044").ok(), ..one.clone() };
    assert_eq!(reasons(take(town.visitor(), by_phone).await), ["dose-limit"], "the same person by another door");
    let nobody = take(town.visitor(), one.clone()).await.unwrap().into_receipt();
    assert!(!nobody.limits_known);
    town.advance(TimeDelta::hours(24));
    take(town.resident(member), one).await.unwrap();
    let two_at_once = all_at_once(2, |_| {
        let (desk, order) = (town.resident(member), three.clone());
        async move { take(desk, order).await.is_ok() }
    });
    assert!(two_at_once.await.iter().filter(|ok| **ok).count() <= 1, "two phones do not take the limit twice");
}

async fn a_take_is_undone_within_minutes_and_once(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 10).await;
    let taken = take(town.visitor(), shelf.wanted(shelf.plasters, 4)).await.unwrap().into_receipt();
    let undo = async |id: uuid::Uuid| desk::answer(town.visitor(), id.into(), desk::stock::undo_take::undo).await;
    undo(taken.id).await.unwrap();
    assert_eq!(units(&town, lot).await, (10, 10));
    assert_eq!(reasons(undo(taken.id).await), ["already-undone"]);
    let taken = take(town.visitor(), shelf.wanted(shelf.plasters, 4)).await.unwrap().into_receipt();
    town.advance(TimeDelta::minutes(11));
    assert_eq!(reasons(undo(taken.id).await), ["undo-too-late"]);
}

async fn a_count_is_weighed_as_of_its_moment_and_a_large_difference_by_two(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 60).await;
    let count = async |desk: &desk::Desk, counted, at, reason: Option<&str>| {
        let order = Count { lot, counted, counted_at: at, reason: reason.map(str::to_owned) };
        desk::answer(desk.clone(), order, desk::stock::count::count).await
    };
    town.advance(TimeDelta::minutes(10));
    let counted_at = town.now();
    town.advance(TimeDelta::minutes(10));
    take(town.visitor(), shelf.wanted(shelf.plasters, 5)).await.unwrap();
    assert_eq!(reasons(count(&shelf.keeper, 58, Some(counted_at), None).await), ["count-needs-reason"]);
    let small = count(&shelf.keeper, 58, Some(counted_at), Some("少两片")).await.unwrap().into_receipt();
    assert!(small.is_final && small.expected == Some(60));
    assert_eq!(units(&town, lot).await, (53, 53), "what moved after the count stands");
    let large = count(&shelf.keeper, 20, None, Some("少很多")).await.unwrap().into_receipt();
    assert!(!large.is_final);
    assert_eq!(reasons(count(&shelf.keeper, 20, None, Some("真的")).await), ["second-person-needed"]);
    assert!(count(&shelf.second, 20, None, Some("我也数了")).await.unwrap().into_receipt().is_final);
    assert_eq!(units(&town, lot).await, (20, 20));
}

async fn a_recall_blocks_all_stations_and_what_comes_later_and_two_lift_it(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A12", "有效期至2028年06月30日", 5).await;
    let kind = Some(shelf.plasters);
    let what = NewRecall { kind, product: None, lots: "A1*".to_owned(), source: "药监局通告".to_owned() };
    let recall = desk::answer(shelf.keeper.clone(), what, desk::stock::recall::enter).await.unwrap().into_receipt();
    assert_eq!(recall.lots_touched, 1);
    let late = shelf.receive(shelf.delivery(shelf.plasters, "A13", "有效期至2028年07月31日", 5)).await.unwrap().into_receipt();
    assert_eq!(late.blocks.len(), 1, "born blocked");
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    shelf.plasters("B1", "有效期至2028年08月31日", 5).await;
    // What was recalled and is still there freezes the shelf.
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["shelf-frozen"]);
    let lift = async |desk: desk::Desk| {
        let order = (recall.id.into(), Some("通告撤销".to_owned()));
        desk::answer(desk, order, desk::stock::recall::lift).await
    };
    let (one, two) =
        (town.staff(entity::grant::Role::Admin, None, None).await, town.staff(entity::grant::Role::Admin, None, None).await);
    assert!(lift(one.clone()).await.unwrap().into_receipt().lifted_at.is_none());
    assert_eq!(reasons(lift(one.clone()).await), ["second-person-needed"]);
    assert_eq!(lift(two).await.unwrap().into_receipt().lots_touched, 2);
    assert_eq!(reasons(lift(one).await), ["recall-over"]);
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
}

async fn what_is_blocked_can_always_be_thrown_away_with_a_witness(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2026年12月31日", 5).await;
    desk::answer(shelf.keeper.clone(), (lot, "受潮".to_owned()), desk::stock::block::block).await.unwrap();
    town.advance(TimeDelta::days(100));
    let move_to = async |way, units| {
        let order = PutApart { lot, way, units, note: None, photo: None };
        desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await
    };
    move_to(Way::Quarantine, 3).await.unwrap();
    move_to(Way::SetAside, 2).await.unwrap();
    move_to(Way::SetAsideQuarantined, 3).await.unwrap();
    assert_eq!(reasons(move_to(Way::SetAside, 1).await), ["not-so-many"]);
    let order = HandOver {
        station_code: crate::support::medicine::STATION.to_owned(),
        handed_to: "垃圾分类点".to_owned(),
        receipt_no: "R-1".to_owned(),
        photo: None,
    };
    let hand = async || desk::answer(shelf.keeper.clone(), order.clone(), desk::stock::hand_over::hand_over).await;
    let proposed = hand().await.unwrap().into_receipt();
    assert_eq!((proposed.lines.len(), proposed.confirmed_at), (1, None));
    assert_eq!(red_box(&town, lot).await, 5, "the books wait for the second person");
    // Said anew: it takes the place of what was said before.
    let id: entity::ids::DisposalId = hand().await.unwrap().into_receipt().id.into();
    let confirm = async |by: &desk::Desk| desk::answer(by.clone(), id, desk::stock::hand_over::confirm).await;
    assert_eq!(reasons(confirm(&shelf.keeper).await), ["second-person-needed"]);
    let stranger = town.resident(town.member("13800138043").await);
    assert!(matches!(confirm(&stranger).await, Err(desk::Error::NotFound(_))));
    let handed = confirm(&shelf.second).await.unwrap().into_receipt();
    assert!(handed.confirmed_at.is_some());
    assert_eq!((units(&town, lot).await, red_box(&town, lot).await), ((0, 0), 0));
    assert_eq!(reasons(confirm(&shelf.second).await), ["nothing-to-hand-over"]);
    assert_eq!(reasons(hand().await), ["nothing-to-hand-over"]);
    // Medicine leaves with a photo only, but may always be put apart.
    let fever = shelf.fever("F", "有效期至2028年12月", 4).await;
    let apart = async |way, photo| {
        let order = PutApart { lot: fever, way, units: 2, note: None, photo };
        desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await
    };
    let photo = crate::support::medicine::photo;
    apart(Way::Quarantine, None).await.unwrap();
    assert_eq!(reasons(apart(Way::SetAside, None).await), ["photo-needed"]);
    apart(Way::SetAside, Some(photo())).await.unwrap();
    assert_eq!(reasons(hand().await), ["photo-needed"]);
    let with_photo = HandOver { receipt_no: "R-2".to_owned(), photo: Some(photo()), ..order.clone() };
    let proposed = desk::answer(shelf.keeper.clone(), with_photo, desk::stock::hand_over::hand_over).await.unwrap();
    assert!(proposed.into_receipt().photo_id.is_some());
    town.verified().await;
}

async fn red_box(town: &Town, lot: LotId) -> i32 {
    store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap().to_dispose
}

async fn a_mistake_is_reversed_once_and_not_across_a_count(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 5).await;
    let same = shelf.delivery(shelf.plasters, "A", "有效期至2028年06月30日", 50);
    shelf.receive(same).await.unwrap();
    let lines = store::movements::list_of_lot(town.app.db.read(), lot, None, 10).await.unwrap();
    let reverse = async |n: usize| {
        desk::answer(shelf.keeper.clone(), (lines[n].id, "多打了一个零".to_owned()), desk::stock::reverse::reverse).await
    };
    reverse(1).await.unwrap();
    assert_eq!(units(&town, lot).await, (5, 5));
    assert_eq!(reasons(reverse(1).await), ["already-reversed"]);
    town.advance(TimeDelta::minutes(10));
    let order = Count { lot, counted: 5, counted_at: None, reason: None };
    desk::answer(shelf.keeper.clone(), order, desk::stock::count::count).await.unwrap();
    assert_eq!(reasons(reverse(0).await), ["counted-since"]);
    town.advance(TimeDelta::minutes(1));
    let taken = take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap().into_receipt();
    let line = store::movements::list_of_take(town.app.db.read(), taken.id.into()).await.unwrap().remove(0);
    let order = (line.id, "误".to_owned());
    assert_eq!(reasons(desk::answer(shelf.keeper.clone(), order, desk::stock::reverse::reverse).await), ["not-reversible"]);
}

async fn limits_questions_and_codes_are_asked_for(town: Town) {
    let shelf = town.medicine_box().await;
    let edit = async |kind, rev, what: Profile| {
        let desk = desk::Desk { if_match: Some(rev), ..town.process() };
        desk::stock::profile::set(desk, (kind, what)).await.unwrap();
    };
    let (umbrella, _) = town.tools(1).await;
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(umbrella, 1)).await), ["kind-not-taken"]);
    let plasters = Profile {
        smallest_unit: Some(2),
        most_per_take: Some(4),
        most_per_day: Some(6),
        under_14: Under14::No,
        cautions: Cautions(vec![Caution { about: About::Allergy, to: None, then: Then::Refuse }]),
        ..profile(Declared::Dressing)
    };
    edit(shelf.plasters, 1, plasters.clone()).await;
    shelf.plasters("A", "有效期至2028年06月30日", 40).await;
    let answered = desk::stock::take::Take {
        age: Some(Age::From60),
        yes: Some(std::collections::BTreeSet::new()),
        accepted: Some(2),
        ..shelf.wanted(shelf.plasters, 4)
    };
    let no = async |order| reasons(take(town.visitor(), order).await);
    let with = |units| desk::stock::take::Take { units, ..answered.clone() };
    assert_eq!(no(with(3)).await, ["not-a-whole-unit"]);
    assert_eq!(no(with(6)).await, ["take-limit"]);
    take(town.visitor(), with(4)).await.unwrap();
    assert_eq!(no(with(4)).await, ["day-limit"]);
    let child = desk::stock::take::Take { age: Some(Age::Under14), ..with(2) };
    assert_eq!(no(child.clone()).await, ["age-not-allowed"]);
    let allergic = desk::stock::take::Take { yes: Some([About::Allergy].into()), ..with(2) };
    assert_eq!(no(allergic).await, ["caution-stops"]);
    edit(shelf.plasters, 2, Profile { under_14: Under14::WithGuardian, ..plasters }).await;
    let child = desk::stock::take::Take { accepted: Some(3), ..child };
    assert_eq!(no(child.clone()).await, ["guardian-needed"]);
    take(town.visitor(), desk::stock::take::Take { guardian: true, ..child }).await.unwrap();
}

async fn a_delivery_that_contradicts_itself_is_asked_back(town: Town) {
    let shelf = town.medicine_box().await;
    let good = shelf.delivery(shelf.fever, "A1", "有效期至2028年06月30日", 4);
    let no = async |order| reasons(shelf.receive(order).await);
    let label = |text: &str| Receive { label: Some(text.to_owned()), ..good.clone() };
    assert_eq!(no(label("06/07/2028")).await, ["label-unclear"]);
    assert_eq!(no(label("有效期至2034年06月30日")).await, ["date-unusual"]);
    let code = |text: &str| Receive { code: Some(text.to_owned()), ..good.clone() };
    assert_eq!(no(code("(01)06901234567892(17)280731(10)A1")).await, ["code-contradicts-label"]);
    // A bar code alone that says the last day of a month: which of the two is printed on the pack?
    let scanned = |text: &str| Receive { label: None, ..code(text) };
    let unclear = shelf.receive(scanned("(01)06901234567892(17)280630(10)A1")).await;
    assert!(matches!(
        unclear,
        Err(desk::Error::Refused(ref no)) if *no == [Refusal::LabelUnclear { ask: Ask::DayOrMonthPrinted }]
    ));
    for (text, strict) in [("(17)280615", "2028-06-14"), ("(17)280600", "2028-05-31")] {
        let rehearsal = desk::Desk { rehearsal: true, ..shelf.keeper.clone() };
        let order = scanned(&format!("(01)06901234567892{text}(10)A1"));
        let lot = desk::answer(rehearsal, order, desk::stock::receive::receive).await.unwrap().into_receipt();
        assert_eq!(lot.last_day, strict.parse().ok(), "{text}");
    }
    let known = Receive { code: Some("(01)06901234567892(17)280630(10)A1(21)S1".to_owned()), ..good.clone() };
    let lot: LotId = shelf.receive(known.clone()).await.unwrap().into_receipt().id.into();
    assert_eq!(no(Receive { kind: shelf.plasters, ..known.clone() }).await, ["code-of-other-kind"]);
    let again = (lot, "有效期至2028年06月30日".to_owned());
    desk::answer(shelf.second.clone(), again, desk::stock::verify_label::verify_label).await.unwrap();
    // This very pack, once.
    let by_code =
        desk::stock::take::Take { in_hand: vec![PackInHand::Code(known.code.clone().unwrap())], ..shelf.fever_wanted(&["x"]) };
    take(town.visitor(), by_code.clone()).await.unwrap();
    assert_eq!(reasons(take(town.visitor(), by_code).await), ["pack-taken"]);
    let profile = store::consumables::find(town.app.db.read(), shelf.fever).await.unwrap().unwrap();
    desk::answer(town.process(), profile.partner_id.unwrap(), desk::stock::profile::end_partner).await.unwrap();
    assert_eq!(no(Receive { label: Some("有效期至2028年06月30日".to_owned()), ..good.clone() }).await, ["partner-ended"]);
}
