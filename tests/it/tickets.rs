//! Tickets: what anybody reports, and how a keeper brings it to an end.

use entity::{
    grant::Role,
    ids::StationId,
    item::{self, Lifecycle},
    loan::Condition,
    task::What,
    ticket::{Matter, Outcome},
};
use yizhan::{
    db::Done,
    desk::{
        self, Desk, Error,
        give_back::GiveBack,
        tickets::{
            close::{Close, close},
            report::{InHand, Report, Subject, report},
            see::see,
        },
    },
    store::{self, tickets::State},
    view::{ReportedView, TicketView},
};

use crate::{
    both,
    support::{
        medicine::photo,
        planted::Hand,
        server::all_at_once,
        town::{Town, borrow, give_back, reasons},
    },
};

both!(
    a_report_takes_nothing_out_of_service_and_is_seen_by_the_next_who_scans,
    later_reports_join_the_open_ticket_and_wake_the_keeper_again,
    many_reports_at_once_make_one_ticket,
    a_damaged_return_is_never_refused_and_joins_the_ticket,
    a_repaired_thing_is_lent_again_and_its_task_is_done,
    a_retired_thing_stays_away,
    a_decision_elsewhere_ends_the_ticket_too,
    a_wish_about_a_station_is_answered,
    only_the_keepers_of_the_place_see_a_ticket,
    a_ticket_follows_its_thing_to_another_station,
    verify_finds_a_ticket_that_is_not_as_it_should_be,
);

fn fault(code: &str, what: Matter, note: &str) -> Report {
    let note = Some(note.to_owned()).filter(|note| !note.is_empty());
    Report { subject: Subject::Item(code.to_owned()), what, note, photo: None, round: None }
}

async fn tell(desk: Desk, order: Report) -> desk::Result<Done<ReportedView>> {
    desk::answer(desk, order, report).await
}

async fn end(desk: Desk, ticket: uuid::Uuid, outcome: Outcome) -> desk::Result<Done<TicketView>> {
    desk::answer(desk, Close { ticket: ticket.into(), outcome, answer: Some("换了伞骨".to_owned()) }, close).await
}

async fn thing(town: &Town, code: &str) -> item::Model {
    store::items::find_by_code(town.app.db.read(), code).await.unwrap().unwrap()
}

async fn keeper_of(town: &Town, code: &str) -> (Desk, StationId) {
    let station = thing(town, code).await.station_id.unwrap();
    (town.staff(Role::Keeper, None, Some(station)).await, station)
}

async fn tasks(town: &Town, station: StationId) -> Vec<What> {
    let open = store::tasks::list(town.app.db.read(), Some(vec![station]), false, None, 50).await.unwrap();
    open.into_iter().map(|task| task.what).collect()
}

async fn a_report_takes_nothing_out_of_service_and_is_seen_by_the_next_who_scans(town: Town) {
    let codes = town.umbrellas(1).await;
    let (_, station) = keeper_of(&town, &codes[0]).await;
    let scanned = async || desk::scan::scan(&town.visitor(), &codes[0]).await.unwrap();
    assert!(scanned().await.fault_reported_at.is_none());
    let told = tell(town.visitor(), Report { photo: Some(photo()), ..fault(&codes[0], Matter::Broken, "撑不开") }).await;
    assert!(!told.unwrap().into_receipt().joined);
    let after = scanned().await;
    assert!(after.fault_reported_at == Some(town.now()) && after.borrow.unwrap().allowed);
    assert_eq!(tasks(&town, station).await, [What::Repair]);
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    tell(town.visitor(), fault(&codes[0], Matter::Dirty, "")).await.unwrap();
    give_back(town.visitor(), &codes[0]).await.unwrap();
    town.verified().await;
}

async fn later_reports_join_the_open_ticket_and_wake_the_keeper_again(town: Town) {
    let codes = town.umbrellas(1).await;
    let (keeper, _) = keeper_of(&town, &codes[0]).await;
    let first = tell(town.visitor(), fault(&codes[0], Matter::Broken, "撑不开")).await.unwrap().into_receipt();
    let seen = desk::answer(keeper.clone(), first.ticket_id.into(), see).await.unwrap().into_receipt();
    assert_eq!(seen.seen_at, Some(town.now()));
    let second = tell(town.visitor(), fault(&codes[0], Matter::PartMissing, "伞套没了")).await.unwrap().into_receipt();
    assert!(second.joined && second.ticket_id == first.ticket_id);
    let (row, ..) = desk::tickets::kept(&keeper, town.app.db.read(), first.ticket_id.into()).await.unwrap();
    assert!(row.reports == 2 && row.seen_at.is_none() && row.what == Matter::Broken);
    let notes = store::tickets::list_notes(town.app.db.read(), row.id).await.unwrap();
    let said: Vec<_> = notes.iter().filter_map(|note| note.note.as_deref()).collect();
    assert_eq!(said, ["撑不开", "伞套没了"]);
    end(keeper, first.ticket_id, Outcome::Repaired).await.unwrap();
    let third = tell(town.visitor(), fault(&codes[0], Matter::Dirty, "")).await.unwrap().into_receipt();
    assert!(!third.joined && third.ticket_id != first.ticket_id);
    town.verified().await;
}

async fn many_reports_at_once_make_one_ticket(town: Town) {
    let codes = town.umbrellas(1).await;
    let (desk, code) = (town.visitor(), codes[0].clone());
    let got = all_at_once(12, move |_| {
        let (desk, order) = (desk.clone(), fault(&code, Matter::Broken, "坏了"));
        async move { tell(desk, order).await.unwrap().into_receipt() }
    })
    .await;
    assert_eq!(got.iter().filter(|told| !told.joined).count(), 1);
    let open = store::tickets::list(town.app.db.read(), None, Some(State::Open), None, 50).await.unwrap();
    assert!(open.len() == 1 && open[0].reports == 12, "{open:?}");
    town.verified().await;
}

async fn a_damaged_return_is_never_refused_and_joins_the_ticket(town: Town) {
    let codes = town.umbrellas(1).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let first = tell(town.visitor(), fault(&codes[0], Matter::Dirty, "有泥")).await.unwrap().into_receipt();
    let order = GiveBack {
        code: codes[0].clone(),
        condition: Condition::Damaged,
        note: Some("骨断了".to_owned()),
        photo: Some(photo()),
        ..GiveBack::default()
    };
    desk::answer(town.visitor(), order, desk::give_back::give_back).await.unwrap();
    assert_eq!(thing(&town, &codes[0]).await.lifecycle, Lifecycle::Maintenance);
    let notes = store::tickets::list_notes(town.app.db.read(), first.ticket_id.into()).await.unwrap();
    assert!(notes.len() == 2 && notes[1].what == Matter::Broken && notes[1].photo_id.is_some(), "{notes:?}");
    let (keeper, _) = keeper_of(&town, &codes[0]).await;
    assert!(desk::photos::of_kept(&town.app, &keeper.actor, notes[1].photo_id.unwrap()).await.is_ok());
    town.verified().await;
}

async fn a_repaired_thing_is_lent_again_and_its_task_is_done(town: Town) {
    let codes = town.umbrellas(1).await;
    let (keeper, station) = keeper_of(&town, &codes[0]).await;
    let order = Report { round: Some(InHand::TakenOut), ..fault(&codes[0], Matter::Broken, "撑不开") };
    assert!(matches!(tell(town.visitor(), order.clone()).await, Err(Error::NotSignedIn)));
    town.advance(chrono::TimeDelta::hours(1));
    let told = tell(keeper.clone(), order).await.unwrap().into_receipt();
    let out = thing(&town, &codes[0]).await;
    assert!(out.lifecycle == Lifecycle::Maintenance && out.last_seen_at == Some(town.now()));
    let closed = end(keeper.clone(), told.ticket_id, Outcome::Repaired).await.unwrap().into_receipt();
    assert_eq!((closed.outcome, closed.answer.as_deref()), (Some(Outcome::Repaired), Some("换了伞骨")));
    assert_eq!(thing(&town, &codes[0]).await.lifecycle, Lifecycle::Active);
    assert!(tasks(&town, station).await.is_empty());
    assert_eq!(reasons(end(keeper.clone(), told.ticket_id, Outcome::Repaired).await), ["ticket-closed"]);
    assert_eq!(reasons(desk::answer(keeper, told.ticket_id.into(), see).await), ["ticket-closed"]);
    town.verified().await;
}

async fn a_retired_thing_stays_away(town: Town) {
    let codes = town.umbrellas(1).await;
    let (keeper, station) = keeper_of(&town, &codes[0]).await;
    let told = tell(town.visitor(), fault(&codes[0], Matter::Broken, "")).await.unwrap().into_receipt();
    end(keeper.clone(), told.ticket_id, Outcome::Retired).await.unwrap();
    assert_eq!(thing(&town, &codes[0]).await.lifecycle, Lifecycle::Retired);
    assert!(tasks(&town, station).await.is_empty());
    let again = tell(town.visitor(), fault(&codes[0], Matter::Broken, "")).await.unwrap().into_receipt();
    assert_eq!(reasons(end(keeper.clone(), again.ticket_id, Outcome::Repaired).await), ["item-retired"]);
    end(keeper, again.ticket_id, Outcome::Answered).await.unwrap();
    town.verified().await;
}

async fn a_decision_elsewhere_ends_the_ticket_too(town: Town) {
    let codes = town.umbrellas(1).await;
    let (keeper, station) = keeper_of(&town, &codes[0]).await;
    tell(town.visitor(), fault(&codes[0], Matter::Broken, "")).await.unwrap();
    let service = |lifecycle| desk::items::Service { code: codes[0].clone(), lifecycle, reason: Some("修好了".to_owned()) };
    desk::answer(keeper.clone(), service(Lifecycle::Maintenance), desk::items::set_service).await.unwrap();
    assert_eq!(store::tickets::list(town.app.db.read(), None, Some(State::Open), None, 9).await.unwrap().len(), 1);
    desk::answer(keeper, service(Lifecycle::Active), desk::items::set_service).await.unwrap();
    let closed = store::tickets::list(town.app.db.read(), None, Some(State::Closed), None, 9).await.unwrap();
    assert_eq!(closed[0].outcome, Some(Outcome::Repaired));
    assert!(tasks(&town, station).await.is_empty());
    town.verified().await;
}

async fn a_wish_about_a_station_is_answered(town: Town) {
    let station = town.station("LT09").await;
    let keeper = town.staff(Role::Keeper, None, Some(station)).await;
    let wish = |what| Report {
        subject: Subject::Station("LT09".to_owned()),
        what,
        note: Some("想要一个打气筒".to_owned()),
        photo: Some(photo()),
        round: None,
    };
    assert!(matches!(tell(town.visitor(), wish(Matter::Broken)).await, Err(Error::Invalid { field: "what", .. })));
    let first = tell(town.visitor(), wish(Matter::Wish)).await.unwrap().into_receipt();
    let second = tell(town.visitor(), wish(Matter::Place)).await.unwrap().into_receipt();
    assert_ne!(first.ticket_id, second.ticket_id);
    assert_eq!(tasks(&town, station).await, [What::Answer]);
    let task = store::tasks::list(town.app.db.read(), None, false, None, 9).await.unwrap()[0].id;
    assert_eq!(reasons(desk::answer(keeper.clone(), task, desk::tasks::finish).await), ["ticket-still-open"]);
    assert!(matches!(end(keeper.clone(), first.ticket_id, Outcome::Retired).await, Err(Error::Invalid { .. })));
    end(keeper.clone(), first.ticket_id, Outcome::Answered).await.unwrap();
    assert_eq!(tasks(&town, station).await, [What::Answer]);
    end(keeper, second.ticket_id, Outcome::Answered).await.unwrap();
    assert!(tasks(&town, station).await.is_empty());
    town.verified().await;
}

async fn only_the_keepers_of_the_place_see_a_ticket(town: Town) {
    let codes = town.umbrellas(1).await;
    let elsewhere = town.station("LT08").await;
    let stranger = town.staff(Role::Keeper, None, Some(elsewhere)).await;
    let told = tell(town.visitor(), fault(&codes[0], Matter::Broken, "")).await.unwrap().into_receipt();
    assert!(matches!(end(stranger.clone(), told.ticket_id, Outcome::Repaired).await, Err(Error::NotFound("ticket"))));
    assert!(matches!(desk::answer(stranger, told.ticket_id.into(), see).await, Err(Error::NotFound("ticket"))));
    assert!(matches!(end(town.visitor(), told.ticket_id, Outcome::Repaired).await, Err(Error::NotSignedIn)));
    let nothing = tell(town.visitor(), fault("NOSUCH", Matter::Broken, "")).await;
    assert!(matches!(nothing, Err(Error::NotFound("item"))));
    let no_picture = Report { photo: Some(vec![1, 2, 3]), ..fault(&codes[0], Matter::Broken, "") };
    assert!(matches!(tell(town.visitor(), no_picture).await, Err(Error::Invalid { field: "photo", .. })));
}

async fn a_ticket_follows_its_thing_to_another_station(town: Town) {
    let codes = town.umbrellas(1).await;
    let elsewhere = town.station("LT07").await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let told = tell(town.visitor(), fault(&codes[0], Matter::Broken, "")).await.unwrap().into_receipt();
    let there = GiveBack { code: codes[0].clone(), station_code: Some("LT07".to_owned()), ..GiveBack::default() };
    desk::answer(town.visitor(), there, desk::give_back::give_back).await.unwrap();
    let keeper = town.staff(Role::Keeper, None, Some(elsewhere)).await;
    assert!(tasks(&town, elsewhere).await.contains(&What::Repair));
    let here = store::tickets::list(town.app.db.read(), Some(vec![elsewhere]), None, None, 9).await.unwrap();
    assert_eq!(here.len(), 1);
    end(keeper, told.ticket_id, Outcome::NoFault).await.unwrap();
    town.verified().await;
}

async fn verify_finds_a_ticket_that_is_not_as_it_should_be(town: Town) {
    let codes = town.umbrellas(1).await;
    tell(town.visitor(), fault(&codes[0], Matter::Broken, "")).await.unwrap();
    let hand = Hand::on(&town.url).await;
    let findings = async || {
        let found = yizhan::verify::run(&town.app, |_, _| {}).await.unwrap();
        found.into_iter().map(|finding| finding.check).collect::<Vec<_>>()
    };
    assert_eq!(findings().await, Vec::<&str>::new());
    for (check, plant, repair) in [
        ("ticket-reports", "UPDATE ticket SET reports = 7", "UPDATE ticket SET reports = 1"),
        ("fault-nobody-looks-at", "UPDATE task SET done_at = created_at", "UPDATE task SET done_at = NULL"),
    ] {
        hand.run(plant).await;
        assert_eq!(findings().await, [check], "{plant}");
        hand.run(repair).await;
        assert_eq!(findings().await, Vec::<&str>::new(), "{repair}");
    }
}
