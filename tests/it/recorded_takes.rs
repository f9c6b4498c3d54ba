//! Takes that stand in a paper register, written down by a keeper through the API. On both engines.

use chrono::TimeDelta;
use entity::{answered_request, ids::LotId, take, task, task::What};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use yizhan::{
    desk::{self, Desk, stock::count::Count, stock::record_take::RecordTake},
    store,
    view::RecordedTakeView,
};

use crate::{
    both,
    support::{
        medicine::MedicineBox,
        server::{Server, answer},
        town::{Town, reasons},
    },
};

both!(
    a_take_on_paper_goes_in_once_and_is_remembered_as_it_was,
    what_should_not_have_left_is_written_down_and_told,
    what_the_ledger_cannot_hold_is_refused_and_somebody_counts,
    a_take_that_was_written_down_by_mistake_is_taken_back_and_counts_no_more,
    many_hands_write_down_one_line_once,
);

const LABEL: &str = "有效期至2028年06月30日";

async fn row(town: &Town, lot: LotId) -> entity::lot::Model {
    store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap()
}

async fn tasks(town: &Town, what: What) -> Vec<task::Model> {
    let open = store::tasks::list(town.app.db.read(), None, false, None, 100).await.unwrap();
    open.into_iter().filter(|task| task.what == what).collect()
}

async fn takes(town: &Town) -> Vec<take::Model> {
    take::Entity::find().all(town.app.db.read()).await.unwrap()
}

/// Plasters that came a week ago.
async fn plasters(town: &Town, label: &str) -> (MedicineBox, LotId) {
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A1", label, 30).await;
    town.advance(TimeDelta::days(7));
    (shelf, lot)
}

fn ago(town: &Town, hours: i64) -> chrono::DateTime<chrono::Utc> {
    town.now() - TimeDelta::hours(hours)
}

fn line(town: &Town, lot: LotId, units: i32, hours: i64, no: Option<&str>) -> RecordTake {
    RecordTake { lot, units, taken_at: ago(town, hours), no: no.map(str::to_owned), phone: None, note: None }
}

async fn write(desk: &Desk, order: RecordTake) -> desk::Result<RecordedTakeView> {
    desk::answer(desk.clone(), order, desk::stock::record_take::record_take).await.map(yizhan::db::Done::into_receipt)
}

async fn a_take_on_paper_goes_in_once_and_is_remembered_as_it_was(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let admin = server.set_up().await;
    let shelf = town.medicine_box().await;
    let lot = shelf.plasters("A2", LABEL, 20).await;
    town.advance(TimeDelta::minutes(9));
    let body = json!({ "lot_id": lot, "units": 3, "taken_at": town.now() - TimeDelta::minutes(5), "no": "12", "phone": "13800138044", "note": "擦伤" });
    let post = async |key: &str, dry: &str, body: &Value| {
        let request = server.client.post(format!("{}/api/v1/takes/recorded{dry}", server.base)).bearer_auth(&admin);
        answer(request.header("idempotency-key", key).json(body).send().await.unwrap()).await
    };
    let (status, would) = post("k-0", "?dry_run=true", &body).await;
    assert_eq!((status, row(&town, lot).await.available), (200, 20), "{would}");
    let (status, first) = post("k-1", "", &body).await;
    assert_eq!((status, &first["units"], &first["against"]), (201, &json!(3), &json!([])), "{first}");
    let (status, again) = post("k-1", "", &body).await;
    assert_eq!((status, &again["id"]), (201, &first["id"]), "the same request is done once");
    let (status, twice) = post("k-2", "", &body).await;
    assert_eq!((status, &twice["reasons"][0]["code"]), (409, &json!("number-in-books")), "{twice}");
    assert!(twice["reasons"][0]["zh"].as_str().unwrap().contains('3') && twice["reasons"][0]["en"].is_string(), "{twice}");
    assert_eq!(row(&town, lot).await.available, 17);
    let stored = takes(&town).await.pop().unwrap();
    assert_eq!((stored.taken_at, stored.external_no.as_deref()), (town.now() - TimeDelta::minutes(5), Some("12")));
    assert!(stored.person_key.is_some(), "limits look back for three days");
    let written = store::movements::list_of_take(town.app.db.read(), stored.id).await.unwrap().remove(0);
    assert_eq!((written.occurred_at, written.recorded_at), (stored.taken_at, town.now()));
    assert_eq!(written.note.as_deref(), Some("擦伤"));
    // What is stored of the request leads to nobody.
    let answers = answered_request::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(answers.iter().filter(|row| row.body.contains(&stored.id.to_string())).all(|row| row.principal == "veiled"));
    for (field, wrong) in [("units", json!(0)), ("no", json!("a b")), ("phone", json!("1380"))] {
        let mut body = body.clone();
        body[field] = wrong;
        let (status, problem) = post(&format!("k-{field}"), "", &body).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{problem}");
    }
    server.end().await;
    town.verified().await;
}

async fn what_should_not_have_left_is_written_down_and_told(town: Town) {
    // The strict reading ends on the 30th, seven days after Monday.
    let (shelf, lot) = plasters(&town, "有效期至2026年11月28日").await;
    let good = write(&shelf.keeper, line(&town, lot, 2, 24 * 3, Some("1"))).await.unwrap();
    assert!(good.against.is_empty() && tasks(&town, What::Incident).await.is_empty(), "in time, though written down later");
    let late = write(&shelf.keeper, line(&town, lot, 2, 24, Some("2"))).await.unwrap();
    assert!(!late.against.is_empty(), "{late:?}");
    assert_eq!(tasks(&town, What::Incident).await[0].lot_id, Some(lot));
    assert_eq!(row(&town, lot).await.available, 26, "it has happened");
}

async fn what_the_ledger_cannot_hold_is_refused_and_somebody_counts(town: Town) {
    let (shelf, lot) = plasters(&town, LABEL).await;
    let refused = async |order| reasons(write(&shelf.keeper, order).await);
    assert_eq!(refused(line(&town, lot, 1, -1, None)).await, ["in-the-future"]);
    assert_eq!(refused(line(&town, lot, 1, 24 * 8, None)).await, ["before-the-list"]);
    let dry = Desk { rehearsal: true, ..shelf.keeper.clone() };
    assert_eq!(reasons(write(&dry, line(&town, lot, 31, 1, None)).await), ["more-than-booked"]);
    assert!(tasks(&town, What::CountAgain).await.is_empty(), "a dry run asks nobody");
    assert_eq!(refused(line(&town, lot, 31, 1, None)).await, ["more-than-booked"]);
    assert_eq!(tasks(&town, What::CountAgain).await.len(), 1);
    let count = Count { lot, counted: 30, counted_at: None, reason: None };
    desk::answer(shelf.keeper.clone(), count, desk::stock::count::count).await.unwrap();
    assert_eq!(refused(line(&town, lot, 1, 1, None)).await, ["counted-since"], "the count stands");
    assert_eq!((row(&town, lot).await.available, takes(&town).await.len()), (30, 0));
    // Who keeps another station does not know of it.
    let other = town.station("MED2").await;
    let stranger = town.staff(entity::grant::Role::Keeper, None, Some(other)).await;
    assert!(matches!(write(&stranger, line(&town, lot, 1, 1, None)).await, Err(desk::Error::NotFound("lot"))));
    town.verified().await;
}

async fn a_take_that_was_written_down_by_mistake_is_taken_back_and_counts_no_more(town: Town) {
    let (shelf, lot) = plasters(&town, LABEL).await;
    let written = write(&shelf.keeper, line(&town, lot, 3, 5, Some("7"))).await.unwrap();
    let guarded = crate::support::medicine::take(town.visitor(), shelf.wanted(shelf.plasters, 1)).await.unwrap().into_receipt();
    let reverse = async |take: uuid::Uuid| {
        let line = store::movements::list_of_take(town.app.db.read(), take.into()).await.unwrap().remove(0);
        desk::answer(shelf.keeper.clone(), (line.id, "抄错了一行".to_owned()), desk::stock::reverse::reverse).await
    };
    assert_eq!(reasons(reverse(guarded.id).await), ["not-reversible"], "what was handed out is undone by who took it");
    reverse(written.id).await.unwrap();
    assert_eq!(row(&town, lot).await.available, 29);
    assert!(takes(&town).await.iter().find(|take| take.id.0 == written.id).unwrap().undone_at.is_some());
    assert_eq!(reasons(reverse(written.id).await), ["already-reversed"]);
    town.verified().await;
}

async fn many_hands_write_down_one_line_once(town: Town) {
    let (shelf, lot) = plasters(&town, LABEL).await;
    let order = line(&town, lot, 2, 3, None);
    let keeper = shelf.keeper.clone();
    let tried = crate::support::server::all_at_once(8, move |_| {
        let (desk, order) = (keeper.clone(), order.clone());
        async move { desk::answer(desk, order, desk::stock::record_take::record_take).await.is_ok() }
    })
    .await;
    assert_eq!(tried.iter().filter(|done| **done).count(), 1, "without a number, lot, units and time stand for it");
    assert_eq!(row(&town, lot).await.available, 28);
    town.verified().await;
}
