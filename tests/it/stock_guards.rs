//! What the medicine box must not be talked into: profiles that change under the stock, recalls that block nothing, blocks
//! that miss a pack, papers that are blank. On both engines.

use chrono::TimeDelta;
use entity::{
    consumable::{Reading, Under14},
    ids::LotId,
    lot_hold, lot_photo,
    stock_block::Cause,
    task,
    task::What,
};
use sea_orm::{ColumnTrait, ConnectionTrait, Database, EntityTrait, QueryFilter};
use yizhan::{
    desk::{
        self, Desk,
        stock::{
            correct_label::CorrectLabel,
            count::Count,
            hold::Hold,
            open_pack::OpenPack,
            profile::{NewPartner, Profile},
            put_apart::{PutApart, Way},
            recall::NewRecall,
            receive::{Receive, receive_apart},
            transfer::Transfer,
        },
    },
    rules::{legal::Declared, receive::Goes},
    store, verify,
    view::{LotView, RecallView},
};

use crate::{
    both,
    support::{
        medicine::{MedicineBox, STATION, fever_profile, photo, profile, take},
        server::all_at_once,
        town::{Town, reasons},
    },
};

both!(
    a_changed_profile_changes_the_lots_that_are_there,
    a_class_does_not_change_under_the_stock,
    a_recall_understands_how_people_write_lists_and_codes,
    what_was_empty_when_it_was_recalled_comes_back_blocked,
    a_code_that_is_learnt_later_reaches_older_lots,
    a_recall_and_a_delivery_do_not_pass_each_other,
    verify_finds_a_recall_that_blocks_nothing,
    medicine_needs_its_leaflet_and_is_not_for_children_by_default,
    a_conflict_reaches_the_opened_packs,
    an_earlier_date_reaches_the_opened_pack_at_another_station,
    a_keepers_block_reaches_the_opened_packs,
    what_the_check_has_laid_is_lifted_by_two,
    blank_papers_are_none,
    medicine_comes_from_its_own_partner_and_is_never_given,
    when_the_partner_ends_nothing_goes_out,
    the_photo_of_a_second_delivery_is_kept,
    a_mistyped_date_is_corrected_into_the_lot_it_belongs_to,
    one_of_two_recalls_lifted_leaves_the_task_of_the_other,
    needs_close_when_nothing_is_there_and_nothing_is_wanted,
    a_count_does_not_go_back_before_a_later_one,
    a_large_difference_is_not_counted_away_by_the_same_person,
    what_does_not_go_on_the_shelf_enters_the_books_all_the_same,
    a_few_lots_are_to_be_counted_and_nobody_is_told_how_many_there_should_be,
    a_code_that_was_learnt_wrongly_is_unlearnt,
    a_delivery_older_than_the_stock_is_told,
    the_registry_is_applied_by_whoever_asks,
);

async fn row(town: &Town, lot: LotId) -> entity::lot::Model {
    store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap()
}

async fn causes(town: &Town, lot: LotId) -> Vec<Cause> {
    store::stock_blocks::list_on(town.app.db.read(), lot).await.unwrap().iter().map(|block| block.cause).collect()
}

async fn open_tasks(town: &Town, what: What) -> Vec<task::Model> {
    let open = task::Entity::find().filter(task::Column::What.eq(what)).filter(task::Column::DoneAt.is_null());
    open.all(town.app.db.read()).await.unwrap()
}

async fn recall(desk: &Desk, what: NewRecall) -> desk::Result<RecallView> {
    desk::answer(desk.clone(), what, desk::stock::recall::enter).await.map(yizhan::db::Done::into_receipt)
}

fn of_product(product: &str, lots: &str) -> NewRecall {
    NewRecall { kind: None, product: Some(product.to_owned()), lots: lots.to_owned(), source: "通告".to_owned() }
}

fn of_kind(kind: entity::ids::KindId, lots: &str) -> NewRecall {
    NewRecall { kind: Some(kind), product: None, lots: lots.to_owned(), source: "通告".to_owned() }
}

async fn set(town: &Town, kind: entity::ids::KindId, rev: i64, what: Profile) -> desk::Result<()> {
    let desk = Desk { if_match: Some(rev), ..town.process() };
    desk::answer(desk, (kind, what), desk::stock::profile::set).await.map(|_| ())
}

async fn lift(desk: &Desk, id: entity::ids::StockBlockId) -> desk::Result<()> {
    desk::answer(desk.clone(), (id, "看过了".to_owned()), desk::stock::block::lift).await.map(|_| ())
}

async fn a_changed_profile_changes_the_lots_that_are_there(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2026年12月01日", 10).await;
    let order = Hold { lot, units: 2, member: None, until: None, note: None };
    let kept = desk::answer(shelf.keeper.clone(), order, desk::stock::hold::hold).await.unwrap().into_receipt();
    let dressing = profile(Declared::Dressing);
    set(&town, shelf.plasters, 1, Profile { reading: Some(Reading::Lenient), ..dressing.clone() }).await.unwrap();
    assert_eq!(row(&town, lot).await.last_day, "2026-12-01".parse().ok(), "by the lenient reading");
    set(&town, shelf.plasters, 2, Profile { course_days: 30, ..dressing }).await.unwrap();
    let after = row(&town, lot).await;
    assert_eq!((after.last_day, after.last_issue_day), ("2026-11-30".parse().ok(), "2026-10-31".parse().ok()));
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    let hold = store::lot_holds::find(town.app.db.read(), kept.id.into()).await.unwrap().unwrap();
    assert_eq!(hold.ended_how, Some(lot_hold::Ended::CutOff), "what was set aside ends with it");
    assert_eq!(open_tasks(&town, What::TakeOutToday).await.len(), 1, "at once, not tomorrow");
    town.verified().await;
}

async fn a_class_does_not_change_under_the_stock(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.fever("A", "有效期至2028年06月", 4).await;
    let supply = profile(Declared::Supply);
    assert_eq!(reasons(set(&town, shelf.fever, 1, supply.clone()).await), ["class-has-stock"]);
    let order = PutApart { lot, way: Way::SetAside, units: 4, note: None, photo: Some(photo()) };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
    assert_eq!(reasons(set(&town, shelf.fever, 1, supply).await), ["class-has-stock"], "the red box is stock too");
}

async fn a_recall_understands_how_people_write_lists_and_codes(town: Town) {
    let shelf = town.medicine_box().await;
    for number in ["A12", "A13", "A14", "A15", "A16", "A17"] {
        shelf.plasters(number, "有效期至2028年06月30日", 5).await;
    }
    let entered = recall(&shelf.keeper, of_kind(shelf.plasters, "A12，a13、A14 Ａ１５;A16\nA17；")).await.unwrap();
    assert_eq!(entered.lots_touched, 6);
    for nonsense in ["，", "A1*2", "A12至A20", "A12~A20"] {
        let no = recall(&shelf.keeper, of_kind(shelf.plasters, nonsense)).await;
        assert!(matches!(no, Err(desk::Error::Invalid { field: "lots", .. })), "{nonsense}");
    }
    let coded = |number: &str, code: &str| Receive {
        code: Some(code.to_owned()),
        ..shelf.delivery(shelf.fever, number, "有效期至2028年06月30日", 4)
    };
    shelf.receive(coded("B1", "6901234567892")).await.unwrap();
    shelf.receive(coded("B2", "81234560000000000017")).await.unwrap();
    for (product, lots) in [("6901234567892", "B1"), ("0 6901234567892", "B2"), ("81234560000000000999", "B1"), ("8123456", "B2")]
    {
        assert_eq!(recall(&shelf.keeper, of_product(product, lots)).await.unwrap().lots_touched, 1, "{product}");
    }
    for nonsense in ["6901234567829", "布洛芬", "ABC", "812345"] {
        let no = recall(&shelf.keeper, of_product(nonsense, "*")).await;
        assert!(matches!(no, Err(desk::Error::Invalid { field: "product", .. })), "{nonsense}");
    }
    town.verified().await;
}

async fn what_was_empty_when_it_was_recalled_comes_back_blocked(town: Town) {
    let shelf = town.medicine_box().await;
    let (undone, counted) =
        (shelf.plasters("A1", "有效期至2028年06月30日", 5).await, shelf.plasters("A2", "有效期至2028年07月31日", 5).await);
    let taken = take(town.visitor(), shelf.wanted(shelf.plasters, 10)).await.unwrap().into_receipt();
    recall(&shelf.keeper, of_kind(shelf.plasters, "*")).await.unwrap();
    assert!(open_tasks(&town, What::PullRecalled).await.is_empty(), "nothing is there to be pulled");
    desk::answer(town.visitor(), taken.id.into(), desk::stock::undo_take::undo).await.unwrap();
    assert_eq!((row(&town, undone).await.available, causes(&town, undone).await), (5, vec![Cause::Recalled]));
    assert_eq!(open_tasks(&town, What::PullRecalled).await.len(), 2, "now it is");
    let order = PutApart { lot: counted, way: Way::SetAside, units: 5, note: None, photo: None };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
    assert_eq!(open_tasks(&town, What::PullRecalled).await.len(), 1);
    let order = Count { lot: counted, counted: 3, counted_at: None, reason: Some("架上还有".to_owned()) };
    desk::answer(shelf.keeper.clone(), order, desk::stock::count::count).await.unwrap();
    assert_eq!(open_tasks(&town, What::PullRecalled).await.len(), 2, "found by counting");
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await), ["none-usable"]);
    town.verified().await;
}

async fn a_code_that_is_learnt_later_reaches_older_lots(town: Town) {
    let shelf = town.medicine_box().await;
    let old = shelf.plasters("A1", "有效期至2028年06月30日", 5).await;
    assert_eq!(recall(&shelf.keeper, of_product("6901234567892", "A*")).await.unwrap().lots_touched, 0);
    let coded = Receive {
        code: Some("6901234567892".to_owned()),
        ..shelf.delivery(shelf.plasters, "B1", "有效期至2028年06月30日", 5)
    };
    shelf.receive(coded).await.unwrap();
    assert_eq!(causes(&town, old).await, [Cause::Recalled]);
    town.verified().await;
}

async fn a_recall_and_a_delivery_do_not_pass_each_other(town: Town) {
    let shelf = town.medicine_box().await;
    town.station("MED2").await;
    for n in 0..12 {
        let number = format!("L{n}");
        let there = shelf.plasters(&number, "有效期至2028年06月30日", 5).await;
        let label = format!("有效期至2028年06月{:02}日", 1 + n);
        let answers = all_at_once(3, |i| {
            let (keeper, boss) = (shelf.keeper.clone(), town.process());
            let delivery = shelf.delivery(shelf.plasters, &format!("N{n}"), &label, 5);
            let (a, b) = (of_kind(shelf.plasters, &number), of_kind(shelf.plasters, &format!("N{n}")));
            let carried = Transfer { lot: there, units: 1, to_station: "MED2".to_owned(), shelf: None };
            async move {
                match i {
                    0 => {
                        recall(&keeper, a).await.unwrap();
                        recall(&keeper, b).await.is_ok()
                    }
                    1 => desk::answer(keeper, delivery, desk::stock::receive::receive).await.is_ok(),
                    // Before the recall it is carried, after it is refused.
                    _ => {
                        drop(desk::answer(boss, carried, desk::stock::transfer::transfer).await);
                        true
                    }
                }
            }
        });
        assert_eq!(answers.await, [true, true, true]);
    }
    for lot in store::lots::list(town.app.db.read(), None, Some(shelf.plasters), true, None, 100).await.unwrap() {
        assert_eq!(causes(&town, lot.id).await, [Cause::Recalled], "{}", lot.number);
    }
    town.verified().await;
}

async fn verify_finds_a_recall_that_blocks_nothing(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A1", "有效期至2028年06月30日", 5).await;
    recall(&shelf.keeper, of_kind(shelf.plasters, "B*")).await.unwrap();
    let hand = Database::connect(&town.url).await.unwrap();
    hand.execute_unprepared("UPDATE recall SET lots = 'A*'").await.unwrap();
    hand.close().await.unwrap();
    let findings = verify::run(&town.app, |_, _| {}).await.unwrap();
    assert_eq!(findings.iter().map(|finding| finding.check).collect::<Vec<_>>(), ["recall-without-block"]);
}

async fn medicine_needs_its_leaflet_and_is_not_for_children_by_default(town: Town) {
    let shelf = town.medicine_box().await;
    let kind = town.lot_kind("某药").await;
    let partner = store::consumables::find(town.app.db.read(), shelf.fever).await.unwrap().unwrap().partner_id;
    let good = Profile { partner, ..fever_profile() };
    let no = async |what: Profile| reasons(desk::stock::profile::set(town.process(), (kind, what)).await);
    let bare = Profile { partner, ..profile(Declared::OtcB) };
    assert_eq!(no(bare).await, ["leaflet-incomplete"; 5], "leaflet, reviewer, contents, most at once, children");
    assert_eq!(no(Profile { leaflet: Some(" ".to_owned()), ..good.clone() }).await, ["leaflet-incomplete"]);
    assert_eq!(no(Profile { under_14: Under14::Yes, ..good.clone() }).await, ["leaflet-incomplete"]);
    let silent = Profile { under_14: Under14::WithGuardian, leaflet: Some("口服。".to_owned()), ..good.clone() };
    assert_eq!(no(silent).await, ["leaflet-incomplete"], "the leaflet says nothing about children");
    let paediatric = Profile { under_14: Under14::WithGuardian, leaflet: Some("儿童用量见说明书。".to_owned()), ..good };
    desk::stock::profile::set(town.process(), (kind, paediatric)).await.unwrap();
}

async fn ointment(town: &Town, shelf: &MedicineBox) -> (entity::ids::KindId, LotId, LotId) {
    let kind = town.lot_kind("碘伏").await;
    let open = Profile { open_days: Some(30), shareable: true, ..profile(Declared::Dressing) };
    desk::stock::profile::set(town.process(), (kind, open)).await.unwrap();
    let delivery = shelf.delivery(kind, "I1", "有效期至2028年06月30日", 30);
    let lot: LotId = shelf.receive(delivery).await.unwrap().into_receipt().id.into();
    let order = OpenPack { lot, units: None, opened_on: None, unknown: false };
    let opened = desk::answer(shelf.keeper.clone(), order, desk::stock::open_pack::open_pack).await.unwrap().into_receipt();
    (kind, lot, opened.id.into())
}

async fn a_conflict_reaches_the_opened_packs(town: Town) {
    let shelf = town.medicine_box().await;
    let (kind, lot, opened) = ointment(&town, &shelf).await;
    shelf.receive(shelf.delivery(kind, "i1", "有效期至2028年09月30日", 10)).await.unwrap();
    assert_eq!((causes(&town, lot).await, causes(&town, opened).await), (vec![Cause::Conflict], vec![Cause::Conflict]));
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(kind, 1)).await), ["none-usable"]);
    town.verified().await;
}

async fn correct(desk: &Desk, lot: LotId, label: &str, with_photo: bool) -> desk::Result<LotView> {
    let photo = with_photo.then(photo);
    let order = CorrectLabel { lot, label: label.to_owned(), reason: "看错了".to_owned(), photo, sure: false };
    desk::answer(desk.clone(), order, desk::stock::correct_label::correct_label).await.map(yizhan::db::Done::into_receipt)
}

async fn an_earlier_date_reaches_the_opened_pack_at_another_station(town: Town) {
    let shelf = town.medicine_box().await;
    town.station("MED2").await;
    let (_, lot, opened) = ointment(&town, &shelf).await;
    let order = Transfer { lot: opened, units: 10, to_station: "MED2".to_owned(), shelf: None };
    let gone = desk::answer(town.process(), order, desk::stock::transfer::transfer).await.unwrap().into_receipt();
    correct(&shelf.keeper, lot, "有效期至2026年11月25日", false).await.unwrap();
    assert_eq!(row(&town, gone.to.id.into()).await.last_day, "2026-11-24".parse().ok());
    town.verified().await;
}

async fn a_keepers_block_reaches_the_opened_packs(town: Town) {
    let shelf = town.medicine_box().await;
    let (kind, lot, opened) = ointment(&town, &shelf).await;
    desk::answer(shelf.keeper.clone(), (lot, "受潮".to_owned()), desk::stock::block::block).await.unwrap();
    assert_eq!(causes(&town, opened).await, [Cause::Manual]);
    assert_eq!(reasons(take(town.visitor(), shelf.wanted(kind, 1)).await), ["none-usable"]);
    town.verified().await;
}

async fn what_the_check_has_laid_is_lifted_by_two(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 5).await;
    let old = shelf.plasters("O", "有效期至2028年07月31日", 5).await;
    let station = store::stations::find(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    let suspension = entity::stock_block::Model {
        lot_id: None,
        cause: Cause::Suspended,
        ..crate::medicine_races::suspension(&town, &row(&town, lot).await)
    };
    let overdue = task::Model {
        natural_key: "old".to_owned(),
        station_id: Some(shelf.station),
        lot_id: Some(old),
        escalated: 2,
        ..crate::medicine_races::task_about(&town, What::PutInRedBox)
    };
    let tx = town.app.db.write(yizhan::db::Intent::default()).await.unwrap();
    store::stock_blocks::suspend(&tx, suspension.clone()).await.unwrap();
    store::tasks::open(&tx, overdue).await.unwrap();
    tx.commit(()).await.unwrap();
    let manager = async || town.staff(entity::grant::Role::Manager, Some(station.community_id), None).await;
    let (one, two) = (manager().await, manager().await);
    assert_eq!(reasons(lift(&one, suspension.id).await), ["lot-still-there"]);
    let order = PutApart { lot: old, way: Way::SetAside, units: 5, note: None, photo: None };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
    let suspended = async || store::stock_blocks::find_suspension(town.app.db.read(), shelf.station).await.unwrap().is_some();
    lift(&one, suspension.id).await.unwrap();
    assert!(suspended().await, "one has proposed it");
    assert_eq!(reasons(lift(&one, suspension.id).await), ["second-person-needed"]);
    lift(&two, suspension.id).await.unwrap();
    assert!(!suspended().await);
    town.verified().await;
}

async fn blank_papers_are_none(town: Town) {
    let shelf = town.medicine_box().await;
    let blank = Receive { proof: Some("  ".to_owned()), ..shelf.delivery(shelf.fever, "A", "有效期至2028年06月30日", 4) };
    assert_eq!(reasons(shelf.receive(blank).await), ["proof-needed"]);
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 20).await;
    let order = Count { lot, counted: 19, counted_at: None, reason: Some(" ".to_owned()) };
    assert_eq!(reasons(desk::answer(shelf.keeper.clone(), order, desk::stock::count::count).await), ["count-needs-reason"]);
    let endless = PutApart { lot, way: Way::Quarantine, units: 1, note: Some("长".repeat(1_000)), photo: None };
    let no = desk::answer(shelf.keeper.clone(), endless, desk::stock::put_apart::put_apart).await;
    assert!(matches!(no, Err(desk::Error::Invalid { field: "note", .. })));
}

async fn medicine_comes_from_its_own_partner_and_is_never_given(town: Town) {
    let shelf = town.medicine_box().await;
    let given =
        Receive { source: entity::lot::Source::Donation, ..shelf.delivery(shelf.fever, "A", "有效期至2028年06月30日", 4) };
    assert_eq!(reasons(shelf.receive(given).await), ["donation-not-allowed"]);
    town.station("MED2").await;
    let elsewhere =
        Receive { station_code: "MED2".to_owned(), ..shelf.delivery(shelf.fever, "A", "有效期至2028年06月30日", 4) };
    let answer = desk::answer(town.process(), elsewhere, desk::stock::receive::receive).await;
    assert_eq!(reasons(answer), ["partner-elsewhere"]);
    let lot = shelf.fever("A", "有效期至2028年06月30日", 4).await;
    let order = Transfer { lot, units: 2, to_station: "MED2".to_owned(), shelf: None };
    let answer = desk::answer(town.process(), order, desk::stock::transfer::transfer).await;
    assert_eq!(reasons(answer), ["partner-elsewhere"]);
}

async fn when_the_partner_ends_nothing_goes_out(town: Town) {
    let shelf = town.medicine_box().await;
    let label = "有效期至2028年06月30日";
    let lot = shelf.fever("A", label, 4).await;
    let partner = store::consumables::find(town.app.db.read(), shelf.fever).await.unwrap().unwrap().partner_id;
    desk::answer(town.process(), partner.unwrap(), desk::stock::profile::end_partner).await.unwrap();
    assert_eq!(reasons(take(town.visitor(), shelf.fever_wanted(&[label])).await), ["pack-blocked", "none-usable"]);
    let rows = [row(&town, lot).await];
    let blocks = desk::stock::blocks_of(&town.app, town.app.db.read(), &rows).await.unwrap();
    assert_eq!(blocks[&lot].len(), 1);
    let station = store::stations::find(town.app.db.read(), shelf.station).await.unwrap().unwrap();
    let (community, sort) = (station.community_id, entity::partner::Sort::HealthCentre);
    let next = NewPartner { community, name: "卫生站".to_owned(), sort, licence_no: "2".to_owned() };
    let next = desk::stock::profile::add_partner(town.process(), next).await.unwrap().into_receipt();
    set(&town, shelf.fever, 1, Profile { partner: Some(next.id.into()), ..fever_profile() }).await.unwrap();
    let again = desk::stock::take::Take { accepted: Some(2), ..shelf.fever_wanted(&[label]) };
    take(town.visitor(), again).await.unwrap();
}

async fn the_photo_of_a_second_delivery_is_kept(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.fever("A", "有效期至2028年06月30日", 4).await;
    shelf.receive(shelf.delivery(shelf.fever, "A", "有效期至2028年06月30日", 4)).await.unwrap();
    let photos = lot_photo::Entity::find().filter(lot_photo::Column::LotId.eq(lot)).all(town.app.db.read()).await.unwrap();
    assert_eq!(photos.len(), 2);
}

async fn a_mistyped_date_is_corrected_into_the_lot_it_belongs_to(town: Town) {
    let shelf = town.medicine_box().await;
    let right = shelf.plasters("A", "有效期至2028年06月30日", 10).await;
    let wrong = shelf.plasters("A", "有效期至2028年08月31日", 7).await;
    correct(&shelf.keeper, wrong, "有效期至2028年06月30日", false).await.unwrap();
    assert_eq!((row(&town, right).await.available, row(&town, wrong).await.available), (17, 0));
    let lines = store::movements::list_of_lot(town.app.db.read(), right, None, 10).await.unwrap();
    assert_eq!(lines.last().and_then(|line| line.other_lot_id), Some(wrong), "the lines name each other");
    for block in store::stock_blocks::list_on(town.app.db.read(), right).await.unwrap() {
        lift(&shelf.second, block.id).await.unwrap();
    }
    take(town.visitor(), shelf.wanted(shelf.plasters, 17)).await.unwrap();
    shelf.plasters("A", "有效期至2028年06月30日", 5).await;
    assert!(causes(&town, right).await.is_empty(), "the next delivery contradicts nothing");
    // Towards a later date it is not so easy.
    let early = shelf.plasters("B", "有效期至2027年06月30日", 3).await;
    let late = shelf.plasters("B", "有效期至2028年06月30日", 3).await;
    assert_eq!(reasons(correct(&shelf.keeper, early, "有效期至2028年06月30日", false).await), ["photo-needed"]);
    correct(&shelf.keeper, early, "有效期至2028年06月30日", true).await.unwrap();
    assert!(causes(&town, late).await.contains(&Cause::Unverified));
    town.verified().await;
}

async fn one_of_two_recalls_lifted_leaves_the_task_of_the_other(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A1", "有效期至2028年06月30日", 5).await;
    let first = recall(&shelf.keeper, of_kind(shelf.plasters, "A1")).await.unwrap();
    recall(&shelf.keeper, of_kind(shelf.plasters, "A*")).await.unwrap();
    for _ in 0..2 {
        let admin = town.staff(entity::grant::Role::Admin, None, None).await;
        let order = (first.id.into(), Some("撤销".to_owned()));
        desk::answer(admin, order, desk::stock::recall::lift).await.unwrap();
    }
    assert_eq!(open_tasks(&town, What::PullRecalled).await.len(), 1);
}

/// Everything in the red box is handed over, and a second person confirms it: how many lines that were.
async fn handed_over(shelf: &MedicineBox) -> usize {
    let order = desk::stock::hand_over::HandOver {
        station_code: STATION.to_owned(),
        handed_to: "回收点".to_owned(),
        receipt_no: "1".to_owned(),
        photo: Some(photo()),
    };
    let proposed = desk::answer(shelf.keeper.clone(), order, desk::stock::hand_over::hand_over).await.unwrap().into_receipt();
    let confirm = desk::answer(shelf.second.clone(), proposed.id.into(), desk::stock::hand_over::confirm);
    confirm.await.unwrap().into_receipt().lines.len()
}

async fn needs_close_when_nothing_is_there_and_nothing_is_wanted(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2026年12月24日", 20).await;
    yizhan::jobs::run(&town.app, "expiry-check").await.unwrap();
    assert_eq!(open_tasks(&town, What::UseUpElsewhere).await.len(), 1);
    let order = PutApart { lot, way: Way::SetAside, units: 20, note: None, photo: None };
    desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
    handed_over(&shelf).await;
    town.advance(TimeDelta::days(1));
    yizhan::jobs::run(&town.app, "expiry-check").await.unwrap();
    assert!(open_tasks(&town, What::UseUpElsewhere).await.is_empty());
}

async fn count(desk: &Desk, lot: LotId, counted: i32, at: Option<chrono::DateTime<chrono::Utc>>) -> desk::Result<bool> {
    let order = Count { lot, counted, counted_at: at, reason: Some("数过".to_owned()) };
    desk::answer(desk.clone(), order, desk::stock::count::count).await.map(|done| done.into_receipt().is_final)
}

async fn a_count_does_not_go_back_before_a_later_one(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 20).await;
    town.advance(TimeDelta::hours(2));
    let earlier = town.now() - TimeDelta::hours(1);
    assert!(count(&shelf.keeper, lot, 18, None).await.unwrap());
    assert_eq!(reasons(count(&shelf.keeper, lot, 19, Some(earlier)).await), ["counted-since"]);
    assert_eq!(row(&town, lot).await.counted_at, Some(town.now()));
}

async fn a_large_difference_is_not_counted_away_by_the_same_person(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A", "有效期至2028年06月30日", 60).await;
    assert!(!count(&shelf.keeper, lot, 20, None).await.unwrap());
    assert_eq!(reasons(count(&shelf.keeper, lot, 60, None).await), ["second-person-needed"]);
    assert!(count(&shelf.second, lot, 60, None).await.unwrap());
    assert_eq!(row(&town, lot).await.available, 60);
}

async fn what_does_not_go_on_the_shelf_enters_the_books_all_the_same(town: Town) {
    let shelf = town.medicine_box().await;
    let old = shelf.delivery(shelf.fever, "OLD", "有效期至2025年06月30日", 6);
    assert_eq!(reasons(shelf.receive(old.clone()).await), ["cut-off-already"]);
    let apart = async |order: Receive, goes| desk::answer(shelf.keeper.clone(), (order, goes), receive_apart).await;
    let bare = Receive { proof: None, photo: None, ..old };
    let thrown = apart(bare.clone(), Goes::RedBox).await.unwrap().into_receipt();
    assert_eq!((thrown.quantities.to_dispose, thrown.quantities.available), (6, 0));
    let nameless = Receive { label: None, number: String::new(), ..bare };
    apart(nameless.clone(), Goes::RedBox).await.unwrap();
    assert_eq!(reasons(apart(nameless, Goes::Apart).await), ["photo-needed", "date-needed"], "found needs its label");
    let found = Receive { proof: None, ..shelf.delivery(shelf.fever, "F", "有效期至2028年06月30日", 2) };
    let found = apart(found, Goes::Apart).await.unwrap().into_receipt();
    assert_eq!((found.quantities.quarantined, found.quantities.available), (2, 0));
    let lot: LotId = found.id.into();
    assert_eq!(causes(&town, lot).await, [Cause::Unverified, Cause::DataError], "nobody knows where it comes from");
    assert_eq!(handed_over(&shelf).await, 2);
    // What was thrown away contradicts nothing that is delivered.
    let good = shelf.delivery(shelf.fever, "OLD", "有效期至2028年06月30日", 2);
    let good: LotId = shelf.receive(good).await.unwrap().into_receipt().id.into();
    assert_eq!(causes(&town, good).await, [Cause::Unverified]);
    town.verified().await;
}

async fn a_few_lots_are_to_be_counted_and_nobody_is_told_how_many_there_should_be(town: Town) {
    let shelf = town.medicine_box().await;
    let mut lots = Vec::new();
    for n in 0..10 {
        lots.push(shelf.plasters(&format!("L{n}"), &format!("有效期至2028年{:02}月30日", 12 - n), 30).await);
    }
    let listed = async || {
        let all = desk::stock::to_count::to_count(&shelf.keeper, town.app.db.read(), STATION).await.unwrap();
        all.into_iter().map(|one| (LotId(one.lot_id), one.second_count)).collect::<Vec<_>>()
    };
    let first = listed().await;
    assert_eq!(first.len(), 8);
    assert_eq!(first[0], (lots[9], false), "what ends soonest");
    assert!(count(&shelf.keeper, lots[9], 30, None).await.unwrap());
    assert_eq!(listed().await[0], (lots[8], false), "counted today is counted");
    let large = Count { lot: lots[8], counted: 3, counted_at: None, reason: Some("少很多".to_owned()) };
    let large = desk::answer(shelf.keeper.clone(), large, desk::stock::count::count).await.unwrap().into_receipt();
    assert!(!large.is_final && large.expected.is_none() && large.quantities.is_none(), "the next one counts blind");
    assert_eq!(listed().await[0], (lots[8], true));
    town.advance(TimeDelta::days(1));
    assert_eq!(listed().await.len(), 8);
}

async fn a_code_that_was_learnt_wrongly_is_unlearnt(town: Town) {
    let shelf = town.medicine_box().await;
    let coded = |kind, number: &str| Receive {
        code: Some("6901234567892".to_owned()),
        ..shelf.delivery(kind, number, "有效期至2028年06月30日", 2)
    };
    shelf.receive(coded(shelf.plasters, "A")).await.unwrap();
    assert_eq!(reasons(shelf.receive(coded(shelf.fever, "B")).await), ["code-of-other-kind"]);
    let unlearn = async || {
        let order = (shelf.plasters, "06901234567892".to_owned());
        desk::answer(shelf.keeper.clone(), order, desk::stock::unlearn_code::unlearn_code).await
    };
    let entered = recall(&shelf.keeper, of_product("6901234567892", "Z")).await.unwrap();
    assert_eq!(reasons(unlearn().await), ["code-recalled"]);
    for _ in 0..2 {
        let admin = town.staff(entity::grant::Role::Admin, None, None).await;
        let order = (entered.id.into(), Some("撤销".to_owned()));
        desk::answer(admin, order, desk::stock::recall::lift).await.unwrap();
    }
    unlearn().await.unwrap();
    assert!(matches!(unlearn().await, Err(desk::Error::NotFound("code"))));
    shelf.receive(coded(shelf.fever, "B")).await.unwrap();
}

async fn a_delivery_older_than_the_stock_is_told(town: Town) {
    let shelf = town.medicine_box().await;
    let receive = async |number: &str, label: &str| {
        shelf.receive(shelf.delivery(shelf.plasters, number, label, 5)).await.unwrap().into_receipt().ends_before_stock
    };
    assert!(!receive("A", "有效期至2028年06月30日").await);
    assert!(!receive("B", "有效期至2028年07月31日").await);
    assert!(receive("C", "有效期至2028年05月31日").await);
}

async fn the_registry_is_applied_by_whoever_asks(town: Town) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A1", "有效期至2028年06月30日", 5).await;
    recall(&shelf.keeper, of_kind(shelf.plasters, "B*")).await.unwrap();
    let hand = Database::connect(&town.url).await.unwrap();
    hand.execute_unprepared("UPDATE recall SET lots = 'A*'").await.unwrap();
    hand.close().await.unwrap();
    for laid in [1, 0] {
        let tx = town.app.db.write(yizhan::db::Intent::default()).await.unwrap();
        assert_eq!(desk::stock::recall::apply_registry(&town.process(), &tx, shelf.station).await.unwrap(), laid);
        tx.commit(()).await.unwrap();
    }
    assert_eq!(causes(&town, lot).await, [Cause::Recalled]);
    town.verified().await;
}
