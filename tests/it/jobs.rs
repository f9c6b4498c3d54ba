//! What happens by itself, driven by the clock of the test.

use chrono::TimeDelta;
use entity::{ids::MemberId, item::Lifecycle, notice, task::What};
use sea_orm::EntityTrait;
use serde_json::Value;
use tokio::sync::mpsc;
use yizhan::{
    app::App,
    clock::Clock,
    db::{Db, Trouble},
    desk, jobs, store,
    view::PolicyValues,
};

use crate::{
    both,
    support::town::{Town, borrow, config, give_back},
};

both!(
    a_borrower_is_reminded_once_before_and_once_at_the_due_time,
    a_renewal_calls_for_reminders_of_its_own,
    three_overdue_things_make_one_digest_a_day_and_not_every_day,
    ten_days_of_silence_are_made_up_for_with_one_digest,
    what_came_back_in_between_is_not_told_any_more,
    what_is_out_for_too_long_is_chased_then_counts_as_lost_and_may_still_come_back,
    two_replicas_do_the_days_work_once,
    whoever_lost_the_run_cannot_write_for_it,
    a_gateway_that_fails_is_tried_again_and_a_code_is_sent_in_time_or_not_at_all,
    old_traces_are_swept_and_signing_keys_renewed,
);

const ANNA: &str = "13800138011";

async fn run(town: &Town, job: &str) -> jobs::Report {
    jobs::run(&town.app, job).await.unwrap()
}

async fn notices(town: &Town) -> Vec<notice::Model> {
    let mut all = notice::Entity::find().all(town.app.db.read()).await.unwrap();
    all.sort_by_key(|notice| notice.created_at);
    all
}

async fn templates(town: &Town) -> Vec<String> {
    notices(town).await.into_iter().map(|notice| notice.template).collect()
}

/// A member with so many tools in hand, for three days.
async fn borrower(town: &Town, count: usize) -> (MemberId, Vec<String>) {
    let (_, codes) = town.tools(u32::try_from(count).unwrap()).await;
    town.policy(None, PolicyValues { max_open_of_kind: Some(9), ..PolicyValues::default() }).await;
    let member = town.member(ANNA).await;
    for code in &codes {
        borrow(town.resident(member), code, None).await.unwrap();
    }
    (member, codes)
}

async fn a_borrower_is_reminded_once_before_and_once_at_the_due_time(town: Town) {
    // Lent on Monday at 10:00, due on Thursday at midnight.
    borrower(&town, 1).await;
    for _ in 0..3 {
        run(&town, "overdue").await;
    }
    assert_eq!(templates(&town).await, Vec::<String>::new());
    town.advance(TimeDelta::hours(85) + TimeDelta::minutes(1));
    for _ in 0..3 {
        run(&town, "overdue").await;
    }
    assert_eq!(templates(&town).await, ["due_soon"]);
    town.advance(TimeDelta::hours(1));
    for _ in 0..3 {
        run(&town, "overdue").await;
    }
    assert_eq!(templates(&town).await, ["due_soon", "due_now"]);
}

async fn a_renewal_calls_for_reminders_of_its_own(town: Town) {
    let (member, _) = borrower(&town, 1).await;
    town.advance(TimeDelta::minutes(85 * 60 + 1));
    run(&town, "overdue").await;
    let loan = store::loans::list_open_of(town.app.db.read(), member).await.unwrap().remove(0);
    let order = desk::renew::Renew { loan: loan.id, override_reason: None };
    desk::answer(town.resident(member), order, desk::renew::renew).await.unwrap();
    town.advance(TimeDelta::days(3));
    run(&town, "overdue").await;
    assert_eq!(templates(&town).await, ["due_soon", "due_soon"]);
}

async fn three_overdue_things_make_one_digest_a_day_and_not_every_day(town: Town) {
    borrower(&town, 3).await;
    // Past Thursday midnight, and its grace: Friday is the first day.
    town.advance(TimeDelta::hours(92));
    let mut digests = Vec::new();
    for day in 1..=8 {
        for _ in 0..3 {
            run(&town, "overdue").await;
        }
        if notices(&town).await.iter().filter(|n| n.template == "overdue_digest").count() > digests.len() {
            digests.push(day);
        }
        town.advance(TimeDelta::days(1));
    }
    assert_eq!(digests, [1, 3, 7]);
    let all = notices(&town).await;
    assert!(all.iter().filter(|n| n.template == "overdue_digest").all(|n| n.params["count"] == 3));
}

async fn ten_days_of_silence_are_made_up_for_with_one_digest(town: Town) {
    borrower(&town, 2).await;
    town.advance(TimeDelta::hours(92) + TimeDelta::days(6));
    run(&town, "overdue").await;
    run(&town, "overdue").await;
    assert_eq!(templates(&town).await, ["overdue_digest"]);
    let runs = entity::job_run::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(runs.iter().all(|run| run.finished_at.is_some()));
}

async fn what_came_back_in_between_is_not_told_any_more(town: Town) {
    let (_, codes) = borrower(&town, 1).await;
    town.advance(TimeDelta::minutes(85 * 60 + 1));
    run(&town, "overdue").await;
    give_back(town.visitor(), &codes[0]).await.unwrap();
    assert_eq!(run(&town, "send-notices").await.count("dropped"), 0, "an hour before midnight nobody is told");
    town.advance(TimeDelta::hours(10));
    assert_eq!(run(&town, "send-notices").await.count("dropped"), 1);
    assert_eq!(notices(&town).await[0].trouble.as_deref(), Some("no longer the case"));
}

async fn what_is_out_for_too_long_is_chased_then_counts_as_lost_and_may_still_come_back(town: Town) {
    let (_, codes) = borrower(&town, 1).await;
    town.advance(TimeDelta::hours(92) + TimeDelta::days(4));
    run(&town, "overdue").await;
    let tasks = store::tasks::list(town.app.db.read(), None, false, None, 9).await.unwrap();
    assert_eq!(tasks.iter().map(|task| task.what).collect::<Vec<_>>(), [What::Chase]);
    town.advance(TimeDelta::days(30));
    assert_eq!(run(&town, "overdue").await.count("counted as lost"), 1);
    town.advance(TimeDelta::days(1));
    assert_eq!(run(&town, "overdue").await.count("counted as lost"), 0);
    let item = store::items::find_by_code(town.app.db.read(), &codes[0]).await.unwrap().unwrap();
    assert_eq!((item.lifecycle, item.is_out()), (Lifecycle::Missing, true));
    let back = give_back(town.visitor(), &codes[0]).await.unwrap().into_receipt();
    assert_eq!(back.item.lifecycle, Lifecycle::Active);
}

/// Another process on the same database, under a clock of its own that shows the same.
async fn replica(town: &Town) -> App {
    let db = Db::connect(&town.url).await.unwrap();
    App::open(config(&town.url), Clock::frozen_at(town.now()), db).await.unwrap()
}

async fn two_replicas_do_the_days_work_once(town: Town) {
    borrower(&town, 3).await;
    town.advance(TimeDelta::hours(92));
    let other = replica(&town).await;
    let (a, b) = tokio::join!(jobs::run(&town.app, "overdue"), jobs::run(&other, "overdue"));
    assert_eq!(a.unwrap().count("digests") + b.unwrap().count("digests"), 1);
    assert_eq!(templates(&town).await, ["overdue_digest"]);
}

async fn whoever_lost_the_run_cannot_write_for_it(town: Town) {
    let date = town.now().date_naive();
    let key = ("overdue", "somewhere", date);
    let take = async |now: chrono::DateTime<chrono::Utc>| {
        let tx = town.app.db.write(yizhan::db::Intent::default()).await.unwrap();
        let run = store::job_runs::take(&tx, key, town.app.clock.id(), now, now + TimeDelta::minutes(2)).await.unwrap();
        tx.commit(()).await.unwrap();
        run
    };
    let first = take(town.now()).await.unwrap();
    assert_eq!(take(town.now()).await, None, "it is held");
    town.advance(TimeDelta::minutes(3));
    let second = take(town.now()).await.unwrap();
    assert_eq!((first.fence, second.fence), (1, 2));
    let tx = town.app.db.write(yizhan::db::Intent::default()).await.unwrap();
    let stale = store::job_runs::hold(&tx, &first, town.now()).await;
    assert!(matches!(stale, Err(Trouble::GuardFailed(_))));
    store::job_runs::hold(&tx, &second, town.now() + TimeDelta::minutes(2)).await.unwrap();
    store::job_runs::finish(&tx, &second, town.now(), 1).await.unwrap();
    tx.commit(()).await.unwrap();
    town.advance(TimeDelta::days(1));
    assert_eq!(take(town.now()).await, None, "what is done is done");
}

/// A gateway that answers what it is told to, and keeps what it got.
async fn gateway(answers: Vec<u16>) -> (String, mpsc::UnboundedReceiver<Value>) {
    use axum::{Json, Router, http::StatusCode, routing::post};
    let (got, inbox) = mpsc::unbounded_channel();
    let answers = std::sync::Arc::new(std::sync::Mutex::new(answers.into_iter()));
    let route = post(move |Json(message): Json<Value>| {
        got.send(message).unwrap();
        let status = answers.lock().unwrap().next().unwrap_or(200);
        async move { StatusCode::from_u16(status).unwrap() }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/sms", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "a test's own gateway faces nobody")]
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/sms", route)).await.unwrap() });
    (url, inbox)
}

async fn a_gateway_that_fails_is_tried_again_and_a_code_is_sent_in_time_or_not_at_all(town: Town) {
    let (url, mut inbox) = gateway(vec![500, 200]).await;
    let settings = yizhan::config::Config { notice_gateway: Some(url), ..config(&town.url) };
    let app = App::open(settings, town.app.clock.clone(), Db::connect(&town.url).await.unwrap()).await.unwrap();
    let phone = entity::values::Phone::parse(ANNA).unwrap();
    desk::verify_phone::send_code(town.visitor(), phone.clone()).await.unwrap();
    let code = crate::sessions::code_sent_to(&town.app, ANNA).await;
    assert_eq!(jobs::run(&app, "send-notices").await.unwrap().count("failed"), 1);
    assert_eq!(jobs::run(&app, "send-notices").await.unwrap().count("sent"), 0, "not before its time");
    town.advance(TimeDelta::seconds(61));
    assert_eq!(jobs::run(&app, "send-notices").await.unwrap().count("sent"), 1);
    let (first, second) = (inbox.recv().await.unwrap(), inbox.recv().await.unwrap());
    assert_eq!(first, second, "the same notice has the same id");
    assert_eq!(first["phone"], "+8613800138011");
    assert!(first["text"].as_str().unwrap().contains(&code));
    desk::verify_phone::send_code(town.visitor(), phone).await.unwrap();
    town.advance(desk::verify_phone::CODE_LIFE);
    assert_eq!(jobs::run(&app, "send-notices").await.unwrap().count("dropped"), 1);
    // Nothing of a code is readable in the outbox.
    assert!(notices(&town).await.iter().all(|notice| !notice.params.to_string().contains(&code)));
}

async fn old_traces_are_swept_and_signing_keys_renewed(town: Town) {
    let codes = town.umbrellas(1).await;
    let keyed = desk::Desk { key: Some(("k".to_owned(), vec![1])), ..town.visitor() };
    borrow(keyed, &codes[0], None).await.unwrap();
    assert_eq!(run(&town, "sweep").await.count("answers forgotten"), 0);
    town.advance(TimeDelta::days(91));
    let swept = run(&town, "sweep").await;
    assert_eq!((swept.count("answers forgotten"), swept.count("signing keys made")), (1, 1));
    town.advance(TimeDelta::days(2));
    assert_eq!(run(&town, "sweep").await.count("signing keys forgotten"), 1);
}

#[test]
fn an_unknown_job_is_named() {
    let error = jobs::JobError::Unknown("x".to_owned()).to_string();
    assert!(error.contains("\"x\"") && error.contains("overdue"));
}
