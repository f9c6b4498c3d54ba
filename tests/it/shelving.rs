//! What keepers do with lots besides receiving them: set aside, open, carry, read again, and look ahead. On both engines.

use chrono::TimeDelta;
use entity::{
    ids::{LotHoldId, LotId},
    lot_hold::Ended,
    notice, task,
    task::What,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use yizhan::{
    desk::{
        self, Desk,
        stock::{
            correct_label::CorrectLabel,
            count::Count,
            hold::Hold,
            level::Level,
            open_pack::OpenPack,
            profile::Profile,
            receive::Receive,
            take::{PackInHand, Take},
            transfer::Transfer,
        },
    },
    jobs,
    rules::{legal::Declared, usability::Block},
    store,
    view::{HoldView, LotView, ShelfView, TransferView},
};

use crate::{
    both,
    support::{
        medicine::{MedicineBox, STATION, profile, take},
        server::all_at_once,
        town::{Town, reasons},
    },
};

both!(
    what_is_set_aside_is_fetched_by_whom_it_was_set_aside_for,
    what_is_set_aside_lapses_and_is_free_again,
    what_is_set_aside_ends_with_its_lot_and_whoever_waits_is_told,
    an_opened_pack_is_a_lot_of_its_own_and_ends_sooner,
    a_pack_that_was_found_open_counts_as_opened_when_it_was_last_seen_closed,
    a_round_that_found_every_pack_closed_is_evidence_too,
    a_mistyped_date_that_was_carried_on_stays_blocked_until_both_stations_have_read_it_again,
    what_is_carried_to_another_station_takes_its_blocks_and_dates_with_it,
    carried_back_and_forth_by_many_hands_nothing_is_lost,
    an_earlier_date_counts_at_once_and_a_later_one_after_a_second_reader,
    levels_are_of_usable_units_and_tasks_open_and_close_with_them,
    the_red_box_and_inspections_are_asked_for_in_time,
    one_of_three_printed_dates_is_on_no_pack,
);

async fn row(town: &Town, lot: LotId) -> entity::lot::Model {
    store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap()
}

async fn hold(desk: &Desk, lot: LotId, units: i32, member: Option<entity::ids::MemberId>) -> desk::Result<HoldView> {
    let order = Hold { lot, units, member, until: None, note: None };
    desk::answer(desk.clone(), order, desk::stock::hold::hold).await.map(yizhan::db::Done::into_receipt)
}

async fn fetch(shelf: &MedicineBox, desk: Desk, units: i32, id: LotHoldId) -> desk::Result<yizhan::view::TakenView> {
    let order = Take { hold: Some(id), ..shelf.wanted(shelf.plasters, units) };
    take(desk, order).await.map(yizhan::db::Done::into_receipt)
}

async fn open_tasks(town: &Town, what: What) -> usize {
    let open = task::Entity::find().filter(task::Column::What.eq(what)).filter(task::Column::DoneAt.is_null());
    open.all(town.app.db.read()).await.unwrap().len()
}

async fn ended(town: &Town, id: LotHoldId) -> Option<Ended> {
    store::lot_holds::find(town.app.db.read(), id).await.unwrap().unwrap().ended_how
}

async fn what_is_set_aside_is_fetched_by_whom_it_was_set_aside_for(town: Town) {
    let shelf = town.medicine_box().await;
    let member = town.member("13800138041").await;
    let lot = shelf.plasters("A", "有效期至2028年06月", 10).await;
    let kept: LotHoldId = hold(&shelf.keeper, lot, 4, Some(member)).await.unwrap().id.into();
    assert_eq!((row(&town, lot).await.available, row(&town, lot).await.held), (6, 4));
    assert_eq!(
        reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 7)).await),
        ["not-enough"],
        "what is set aside is not free"
    );
    assert!(matches!(fetch(&shelf, town.visitor(), 4, kept).await, Err(desk::Error::NotSignedIn | desk::Error::NotFound(_))));
    let stranger = town.member("13800138042").await;
    assert!(matches!(fetch(&shelf, town.resident(stranger), 4, kept).await, Err(desk::Error::NotFound(_))));
    let rehearsal = Desk { rehearsal: true, ..town.resident(member) };
    fetch(&shelf, rehearsal, 4, kept).await.unwrap();
    assert_eq!(ended(&town, kept).await, None, "a dry run ends nothing");
    let taken = fetch(&shelf, town.resident(member), 4, kept).await.unwrap();
    assert_eq!(taken.lines[0].lot_id, lot.0);
    assert_eq!((row(&town, lot).await.available, row(&town, lot).await.held), (6, 0));
    assert_eq!(ended(&town, kept).await, Some(Ended::Collected));
    assert_eq!(reasons(fetch(&shelf, town.resident(member), 1, kept).await), ["hold-over"]);
    let other: LotHoldId = hold(&shelf.keeper, lot, 1, Some(member)).await.unwrap().id.into();
    let release = async |desk: Desk| desk::answer(desk, other, desk::stock::hold::release).await;
    release(town.resident(member)).await.unwrap();
    assert_eq!(reasons(release(shelf.keeper.clone()).await), ["hold-over"]);
    assert_eq!(reasons(hold(&shelf.keeper, lot, 99, None).await), ["not-so-many"]);
    let late = Hold { lot, units: 1, member: None, until: Some(town.now() + TimeDelta::days(2)), note: None };
    assert!(matches!(desk::answer(shelf.keeper.clone(), late, desk::stock::hold::hold).await, Err(desk::Error::Invalid { .. })));
    town.verified().await;
}

async fn what_is_set_aside_lapses_and_is_free_again(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月", 10).await;
    let first: LotHoldId = hold(&shelf.keeper, lot, 4, None).await.unwrap().id.into();
    town.advance(TimeDelta::hours(3));
    take(town.visitor(), shelf.wanted(shelf.plasters, 9)).await.unwrap();
    assert_eq!(ended(&town, first).await, Some(Ended::Lapsed), "by whoever needed it, without any job");
    let second: LotHoldId = hold(&shelf.keeper, lot, 1, None).await.unwrap().id.into();
    town.advance(TimeDelta::hours(3));
    jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!(ended(&town, second).await, Some(Ended::Lapsed));
    assert_eq!(row(&town, lot).await.available, 1);
    town.verified().await;
}

async fn what_is_set_aside_ends_with_its_lot_and_whoever_waits_is_told(town: Town) {
    let shelf = town.medicine_box().await;
    let member = town.member("13800138041").await;
    // Frozen Monday noon: this one ends today.
    let lot = shelf.plasters("A", "有效期至2026年11月24日", 10).await;
    let until = Some(town.now() + TimeDelta::hours(23));
    let order = Hold { lot, units: 4, member: Some(member), until, note: None };
    let kept: LotHoldId =
        desk::answer(shelf.keeper.clone(), order, desk::stock::hold::hold).await.unwrap().into_receipt().id.into();
    town.advance(TimeDelta::hours(15));
    assert_eq!(reasons(fetch(&shelf, town.resident(member), 4, kept).await), ["none-usable"], "before any job has run");
    assert_eq!(ended(&town, kept).await, None, "what is refused changes nothing");
    jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!(ended(&town, kept).await, Some(Ended::CutOff));
    let told = notice::Entity::find().filter(notice::Column::Template.eq("hold_cut_off")).all(town.app.db.read()).await.unwrap();
    assert_eq!(told.iter().map(|notice| notice.member_id).collect::<Vec<_>>(), [Some(member)]);
    assert_eq!(reasons(hold(&shelf.keeper, lot, 1, None).await), ["cut-off-already"]);
    town.verified().await;
}

async fn ointment(town: &Town, shelf: &MedicineBox) -> LotId {
    let kind = town.lot_kind("碘伏").await;
    let open = Profile { open_days: Some(7), shareable: true, pack_size: 10, ..profile(Declared::Dressing) };
    desk::stock::profile::set(town.process(), (kind, open)).await.unwrap();
    let delivery = shelf.delivery(kind, "I1", "有效期至2028年06月", 30);
    shelf.receive(delivery).await.unwrap().into_receipt().id.into()
}

async fn open(shelf: &MedicineBox, lot: LotId, opened_on: Option<chrono::NaiveDate>) -> desk::Result<LotView> {
    let order = OpenPack { lot, units: None, opened_on, unknown: false };
    desk::answer(shelf.keeper.clone(), order, desk::stock::open_pack::open_pack).await.map(yizhan::db::Done::into_receipt)
}

async fn an_opened_pack_is_a_lot_of_its_own_and_ends_sooner(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = ointment(&town, &shelf).await;
    let kind = row(&town, lot).await.kind_id;
    let today = town.now().date_naive();
    assert_eq!(reasons(open(&shelf, lot, today.succ_opt()).await), ["opened-in-future"]);
    assert_eq!(reasons(open(&shelf, lot, today.pred_opt()).await), ["opened-in-future"], "before it was here");
    let opened = open(&shelf, lot, None).await.unwrap();
    assert_eq!((opened.quantities.available, opened.last_day), (10, Some(today + chrono::Days::new(7))));
    assert_eq!(row(&town, lot).await.available, 20);
    assert_eq!(reasons(open(&shelf, opened.id.into(), None).await), ["opening-changes-nothing"]);
    let plasters = shelf.plasters("P", "有效期至2028年06月", 10).await;
    assert_eq!(reasons(open(&shelf, plasters, None).await), ["opening-changes-nothing"]);
    let taken = take(town.visitor(), shelf.wanted(kind, 3)).await.unwrap().into_receipt();
    assert_eq!(taken.lines[0].lot_id, opened.id, "what is open leaves first");
    town.advance(TimeDelta::days(8));
    jobs::run(&town.app, "expiry-check").await.unwrap();
    let lots = store::lots::list(town.app.db.read(), None, Some(kind), false, None, 10).await.unwrap();
    let blocks = desk::stock::blocks_of(&town.app, town.app.db.read(), &lots).await.unwrap();
    assert_eq!(blocks[&opened.id.into()], [Block::OpenedExpired].into());
    assert!(blocks[&lot].is_empty(), "what is closed is still good");
    assert_eq!(open_tasks(&town, What::PutInRedBox).await, 1);
    town.verified().await;
}

async fn a_pack_that_was_found_open_counts_as_opened_when_it_was_last_seen_closed(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = ointment(&town, &shelf).await;
    let arrived = town.now().date_naive();
    let found_open = async |opened_on| {
        let order = OpenPack { lot, units: None, opened_on, unknown: true };
        desk::answer(shelf.keeper.clone(), order, desk::stock::open_pack::open_pack).await.map(yizhan::db::Done::into_receipt)
    };
    town.advance(TimeDelta::days(5));
    assert!(
        matches!(found_open(Some(arrived)).await, Err(desk::Error::Invalid { field: "opened_on", .. })),
        "it is known or not"
    );
    let first = found_open(None).await.unwrap();
    assert_eq!(first.last_day, Some(arrived + chrono::Days::new(7)), "nobody has seen it closed since it came");
    let counted = Count { lot, counted: 20, counted_at: None, reason: None };
    desk::answer(shelf.keeper.clone(), counted, desk::stock::count::count).await.unwrap();
    town.advance(TimeDelta::days(2));
    let second = found_open(None).await.unwrap();
    assert_eq!(second.last_day, Some(arrived + chrono::Days::new(5 + 7)), "whoever counted it saw it closed");
    town.advance(TimeDelta::days(6));
    let third = found_open(None).await.unwrap();
    assert_eq!(third.last_day, Some(arrived + chrono::Days::new(5 + 7)));
    let blocks = desk::stock::blocks_of(&town.app, town.app.db.read(), &[row(&town, third.id.into()).await]).await.unwrap();
    assert_eq!(blocks[&third.id.into()], [Block::OpenedExpired].into(), "it may have been open for too long: nobody gets it");
    town.verified().await;
}

async fn a_round_that_found_every_pack_closed_is_evidence_too(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = ointment(&town, &shelf).await;
    let arrived = town.now().date_naive();
    let see_closed = async |lot| desk::answer(shelf.keeper.clone(), lot, desk::stock::see_closed::see_closed).await;
    town.advance(TimeDelta::days(5));
    let before = row(&town, lot).await;
    see_closed(lot).await.unwrap();
    let after = row(&town, lot).await;
    assert_eq!((after.rev, after.on_hand()), (before.rev, before.on_hand()), "nothing has moved");
    town.advance(TimeDelta::days(1));
    let order = OpenPack { lot, units: None, opened_on: None, unknown: true };
    let open = desk::answer(shelf.keeper.clone(), order, desk::stock::open_pack::open_pack).await.unwrap().into_receipt();
    assert_eq!(open.last_day, Some(arrived + chrono::Days::new(5 + 7)), "whoever looked it over saw it closed");
    assert_eq!(reasons(see_closed(open.id.into()).await), ["opened-already"]);
    let all = row(&town, lot).await.on_shelf();
    let away = desk::stock::put_apart::PutApart {
        lot,
        way: desk::stock::put_apart::Way::SetAside,
        units: all,
        note: None,
        photo: Some(crate::support::medicine::photo()),
    };
    desk::answer(shelf.keeper.clone(), away, desk::stock::put_apart::put_apart).await.unwrap();
    assert_eq!(reasons(see_closed(lot).await), ["not-so-many"], "nothing is there to be seen");
    town.verified().await;
}

async fn a_mistyped_date_that_was_carried_on_stays_blocked_until_both_stations_have_read_it_again(town: Town) {
    let shelf = town.medicine_box().await;
    town.station("MED2").await;
    let boss = town.process();
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 10).await;
    let there: LotId = carry(&boss, lot, 4, "MED2").await.unwrap().to.id.into();
    let read_again = async |lot| {
        let order = CorrectLabel {
            lot,
            label: "有效期至2028年05月31日".to_owned(),
            reason: "看错了一位".to_owned(),
            photo: None,
            sure: false,
        };
        desk::answer(boss.clone(), order, desk::stock::correct_label::correct_label).await.unwrap();
    };
    let blocked = async |lot| row(&town, lot).await.blocks > 0;
    read_again(lot).await;
    assert!(blocked(lot).await && blocked(there).await, "one number with two dates: nobody knows which, and nothing leaves");
    let elsewhere = Take { station_code: "MED2".to_owned(), ..shelf.wanted(shelf.plasters, 1) };
    assert_eq!(reasons(take(town.visitor(), elsewhere).await), ["none-usable"]);
    read_again(there).await;
    let (here, there) = (row(&town, lot).await, row(&town, there).await);
    assert_eq!(here.label_key, there.label_key);
    assert_eq!((here.available, there.available), (6, 4), "what lies where stays where it is");
    town.verified().await;
}

async fn carry(desk: &Desk, lot: LotId, units: i32, to: &str) -> desk::Result<TransferView> {
    let order = Transfer { lot, units, to_station: to.to_owned(), shelf: None };
    desk::answer(desk.clone(), order, desk::stock::transfer::transfer).await.map(yizhan::db::Done::into_receipt)
}

async fn what_is_carried_to_another_station_takes_its_blocks_and_dates_with_it(town: Town) {
    let shelf = town.medicine_box().await;
    town.station("MED2").await;
    let lot = shelf.plasters("A", "有效期至2026年11月30日", 10).await;
    assert!(matches!(carry(&shelf.keeper, lot, 1, "MED2").await, Err(desk::Error::Forbidden)), "who keeps only one of both");
    let boss = town.process();
    assert_eq!(reasons(carry(&boss, lot, 1, STATION).await), ["same-station"]);
    assert_eq!(reasons(carry(&boss, lot, 99, "MED2").await), ["not-so-many"]);
    let gone = carry(&boss, lot, 4, "MED2").await.unwrap();
    let again = carry(&boss, lot, 1, "MED2").await.unwrap();
    assert_eq!(gone.to.id, again.to.id, "into the lot that is there");
    let there: LotId = again.to.id.into();
    assert_eq!((row(&town, lot).await.available, row(&town, there).await.available), (5, 5));
    assert_eq!(row(&town, there).await.last_day, row(&town, lot).await.last_day);
    let elsewhere = Take { station_code: "MED2".to_owned(), ..shelf.wanted(shelf.plasters, 1) };
    take(town.visitor(), elsewhere.clone()).await.unwrap();
    town.advance(TimeDelta::days(8));
    assert_eq!(reasons(take(town.visitor(), elsewhere).await), ["none-usable"]);
    assert_eq!(reasons(carry(&boss, lot, 1, "MED2").await), ["cut-off-already"], "nobody carries it to where it looks fresh");
    let blocked = shelf.plasters("B", "有效期至2028年06月", 10).await;
    let why = (blocked, "受潮".to_owned());
    desk::answer(shelf.keeper.clone(), why, desk::stock::block::block).await.unwrap();
    assert_eq!(reasons(carry(&boss, blocked, 1, "MED2").await), ["pack-blocked"]);
    town.verified().await;
}

async fn carried_back_and_forth_by_many_hands_nothing_is_lost(town: Town) {
    let shelf = town.medicine_box().await;
    town.station("MED2").await;
    let lot = shelf.plasters("A", "有效期至2028年06月", 20).await;
    let boss = town.process();
    let there: LotId = carry(&boss, lot, 10, "MED2").await.unwrap().to.id.into();
    let answers = all_at_once(16, |i| {
        let (from, to) = if i % 2 == 0 { (lot, "MED2") } else { (there, STATION) };
        let boss = boss.clone();
        async move { carry(&boss, from, 1, to).await }
    })
    .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(row(&town, lot).await.available + row(&town, there).await.available, 20);
    town.verified().await;
}

async fn correct(desk: &Desk, lot: LotId, label: &str, photo: bool) -> desk::Result<LotView> {
    let photo = photo.then(crate::support::medicine::photo);
    let order = CorrectLabel { lot, label: label.to_owned(), reason: "看错了".to_owned(), photo, sure: false };
    desk::answer(desk.clone(), order, desk::stock::correct_label::correct_label).await.map(yizhan::db::Done::into_receipt)
}

async fn an_earlier_date_counts_at_once_and_a_later_one_after_a_second_reader(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月", 10).await;
    let earlier = correct(&shelf.keeper, lot, "有效期至2026年11月25日", false).await.unwrap();
    assert!(earlier.blocks.is_empty());
    assert_eq!(open_tasks(&town, What::TakeOutThisWeek).await, 1, "at once, not tomorrow");
    town.advance(TimeDelta::days(3));
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!(reasons(correct(&shelf.keeper, lot, "有效期至2029年01月", false).await), ["photo-needed"]);
    let later = correct(&shelf.keeper, lot, "有效期至2029年01月", true).await.unwrap();
    assert_eq!(later.blocks, [Block::Unverified].into());
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    assert_eq!(open_tasks(&town, What::PutInRedBox).await, 0);
    let again =
        |desk: &Desk, text: &str| desk::answer(desk.clone(), (lot, text.to_owned()), desk::stock::verify_label::verify_label);
    assert_eq!(reasons(again(&shelf.keeper, "有效期至2029年01月").await), ["second-person-needed"]);
    assert_eq!(reasons(again(&shelf.second, "有效期至2029年02月").await), ["labels-differ"]);
    again(&shelf.second, "有效期至2029年01月").await.unwrap();
    take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap();
    let history = store::lot_labels::list_of(town.app.db.read(), lot).await.unwrap();
    let texts: Vec<_> = history.iter().map(|line| (line.n, line.label_text.clone().unwrap())).collect();
    let said = ["有效期至2028年06月", "有效期至2026年11月25日", "有效期至2029年01月"];
    assert_eq!(texts, (1..).zip(said.map(str::to_owned)).collect::<Vec<_>>());
    shelf.plasters("B", "有效期至2028年06月", 10).await;
    let b2 = shelf.plasters("C", "有效期至2028年07月", 10).await;
    let collision = shelf.delivery(shelf.plasters, "C", "有效期至2028年08月", 5);
    let there = shelf.receive(Receive { ..collision }).await.unwrap().into_receipt();
    correct(&shelf.keeper, b2, "有效期至2028年08月", true).await.unwrap();
    assert_eq!(row(&town, there.id.into()).await.available, 15, "there is such a lot already: what was mistyped goes into it");
    town.verified().await;
}

async fn levels_are_of_usable_units_and_tasks_open_and_close_with_them(town: Town) {
    let shelf = town.medicine_box().await;
    let level = |min_units, max_units| Level { station_code: STATION.to_owned(), kind: shelf.plasters, min_units, max_units };
    let set = async |order: Level| desk::answer(shelf.keeper.clone(), order, desk::stock::level::set).await;
    set(level(10, 40)).await.unwrap();
    assert!(matches!(set(level(9, 3)).await, Err(desk::Error::Invalid { .. })));
    shelf.plasters("A", "有效期至2026年11月24日", 20).await;
    jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!(open_tasks(&town, What::Restock).await, 0);
    assert_eq!(open_tasks(&town, What::UseUpElsewhere).await, 1, "nobody takes twenty in two days");
    town.advance(TimeDelta::days(3));
    jobs::run(&town.restarted().await, "expiry-check").await.unwrap();
    assert_eq!(open_tasks(&town, What::Restock).await, 1, "twenty are there, and none of them may be handed out");
    assert_eq!(open_tasks(&town, What::UseUpElsewhere).await, 0, "too late for that");
    let ahead = desk::stock::level::outlooks(&shelf.keeper, town.app.db.read(), STATION).await.unwrap();
    let plasters = ahead.iter().find(|kind| kind.kind_id == shelf.plasters.0).unwrap();
    assert_eq!((plasters.usable, plasters.propose), (0, 40));
    shelf.plasters("B", "有效期至2028年06月", 40).await;
    town.advance(TimeDelta::days(1));
    jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!(open_tasks(&town, What::Restock).await, 0);
    set(level(0, 0)).await.unwrap();
    assert!(store::stock_levels::list_of(town.app.db.read(), shelf.station).await.unwrap().is_empty());
}

async fn the_red_box_and_inspections_are_asked_for_in_time(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月", 20).await;
    let way = desk::stock::put_apart::Way::SetAside;
    let aside = desk::stock::put_apart::PutApart { lot, way, units: 1, note: None, photo: None };
    desk::answer(shelf.keeper.clone(), aside, desk::stock::put_apart::put_apart).await.unwrap();
    let kind = town.kind("血压仪", entity::kind::Identity::Anonymous).await;
    let code = town.items(kind, shelf.station, 1).await.remove(0);
    let every = desk::kinds::Particulars { inspect_every_days: Some(Some(365)), ..Default::default() };
    let editor = Desk { if_match: Some(1), ..town.process() };
    desk::answer(editor, (kind, every), desk::kinds::edit).await.unwrap();
    jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!((open_tasks(&town, What::HandOver).await, open_tasks(&town, What::Inspect).await), (0, 1));
    let looked = desk::inspect::Inspect { code, passed: true, good_until: None, certificate: None, note: None };
    desk::answer(town.process(), looked, desk::inspect::inspect).await.unwrap();
    assert_eq!(open_tasks(&town, What::Inspect).await, 0);
    town.advance(TimeDelta::days(91));
    jobs::run(&town.restarted().await, "expiry-check").await.unwrap();
    assert_eq!((open_tasks(&town, What::HandOver).await, open_tasks(&town, What::Inspect).await), (1, 0));
    let order = desk::stock::hand_over::HandOver {
        station_code: STATION.to_owned(),
        handed_to: "药品回收点".to_owned(),
        receipt_no: "1".to_owned(),
        photo: None,
    };
    let proposed = desk::answer(shelf.keeper.clone(), order, desk::stock::hand_over::hand_over).await.unwrap().into_receipt();
    assert_eq!(open_tasks(&town, What::HandOver).await, 1);
    desk::answer(shelf.second.clone(), proposed.id.into(), desk::stock::hand_over::confirm).await.unwrap();
    assert_eq!(open_tasks(&town, What::HandOver).await, 0);
    town.verified().await;
}

async fn one_of_three_printed_dates_is_on_no_pack(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.fever("A", "有效期至2028年06月30日", 10).await;
    let shown = async || {
        let all = desk::stock::shelf::shelf(&town.visitor(), town.app.db.read(), STATION).await.unwrap();
        all.into_iter().find(|kind: &ShelfView| kind.kind_id == shelf.fever.0).unwrap().choices
    };
    let choices = shown().await;
    assert_eq!(choices.len(), 3);
    assert_eq!(choices, shown().await, "asking again tells nothing");
    let mut taken = 0;
    for choice in &choices {
        let order = Take { in_hand: vec![PackInHand::Label(choice.clone())], ..shelf.fever_wanted(&["x"]) };
        match take(town.visitor(), order).await {
            Ok(_) => taken += 1,
            no => assert_eq!(reasons(no), ["pack-not-ours"], "{choice}"),
        }
    }
    assert_eq!(taken, 1);
}
