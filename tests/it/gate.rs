//! The write gate: keys, savepoints, cancelled callers, migrations.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::Poll,
    time::Duration,
};

use sea_orm::{ConnectionTrait, EntityTrait};
use yizhan::{
    db::{Db, How, Intent, Trouble},
    desk::{Desk, Error},
    store,
};

use crate::{
    both,
    support::{
        Engine,
        engines::{self, Fresh},
        server::all_at_once,
        town::{Town, borrow, give_back},
    },
};

both!(
    the_same_key_is_answered_the_same_and_done_once,
    a_key_on_another_request_is_refused,
    a_refusal_is_final_under_its_key,
    a_hundred_calls_with_one_key_make_one_loan,
    a_verb_that_fails_harms_nobody_who_shares_its_commit,
    a_caller_that_gives_up_waiting_leaves_the_gate_open,
    a_caller_that_gives_up_at_any_moment_takes_nothing_of_others_along,
    a_write_that_is_dropped_is_undone,
    nothing_can_be_written_through_the_readers,
    borrowing_and_returning_take_so_many_statements,
    what_was_stored_by_a_verb_survives_reopening,
);

fn keyed(desk: Desk, key: &str, request: &str) -> Desk {
    Desk { key: Some((key.to_owned(), request.as_bytes().to_vec())), ..desk }
}

async fn the_same_key_is_answered_the_same_and_done_once(town: Town) {
    let codes = town.umbrellas(1).await;
    let (first, how) = borrow(keyed(town.visitor(), "k", "a"), &codes[0], None).await.unwrap().into_parts();
    assert_eq!(how, How::Fresh);
    let (second, how) = borrow(keyed(town.visitor(), "k", "a"), &codes[0], None).await.unwrap().into_parts();
    assert_eq!((how, first.loan.id, first.loan.due_at), (How::Replayed, second.loan.id, second.loan.due_at));
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 1);
}

async fn a_key_on_another_request_is_refused(town: Town) {
    let codes = town.umbrellas(2).await;
    borrow(keyed(town.visitor(), "k", "a"), &codes[0], None).await.unwrap();
    let other = borrow(keyed(town.visitor(), "k", "b"), &codes[1], None).await;
    assert!(matches!(other, Err(Error::Trouble(Trouble::KeyReused))), "{other:?}");
    // The same key of somebody else is another key.
    let member = town.member("13800138011").await;
    borrow(keyed(town.resident(member), "k", "b"), &codes[1], None).await.unwrap();
}

async fn a_refusal_is_final_under_its_key(town: Town) {
    let codes = town.umbrellas(1).await;
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let refused = borrow(keyed(town.visitor(), "k", "a"), &codes[0], None).await;
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let again = borrow(keyed(town.visitor(), "k", "a"), &codes[0], None).await;
    assert_eq!(format!("{refused:?}"), format!("{again:?}"));
    borrow(keyed(town.visitor(), "l", "a"), &codes[0], None).await.unwrap();
}

async fn a_hundred_calls_with_one_key_make_one_loan(town: Town) {
    let codes = town.umbrellas(1).await;
    let answers = all_at_once(100, |_| {
        let (desk, code) = (keyed(town.visitor(), "k", "a"), codes[0].clone());
        async move { borrow(desk, &code, None).await.map(|done| done.into_receipt().loan.id) }
    })
    .await;
    let first = *answers[0].as_ref().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|id| *id == first)), "{answers:?}");
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 1);
}

async fn a_verb_that_fails_harms_nobody_who_shares_its_commit(town: Town) {
    // Every other one writes and then fails; all run at once, so that on SQLite they share commits.
    let outcomes = all_at_once(40, |n| {
        let app = town.app.clone();
        async move {
            let tx = app.db.write(Intent::default()).await?;
            let row = entity::app_secret::Model { name: format!("row {n:02}"), value: vec![], created_at: app.clock.now() };
            store::app_secrets::keep_first(&tx, row).await?;
            if n % 2 == 1 {
                tx.conn_for_tests().execute_unprepared("INSERT INTO no_such_table VALUES (1)").await?;
            }
            tx.commit(()).await.map(|_| ())
        }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome: &&Result<(), Trouble>| outcome.is_ok()).count(), 20);
    let kept = store::app_secrets::list(town.app.db.read(), "row ").await.unwrap();
    let mut names: Vec<_> = kept.into_iter().map(|row| row.name).collect();
    names.sort();
    assert_eq!(names, (0..20).map(|n| format!("row {:02}", n * 2)).collect::<Vec<_>>());
}

async fn a_caller_that_gives_up_waiting_leaves_the_gate_open(town: Town) {
    let held = town.app.db.write(Intent::default()).await.unwrap();
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let db = town.app.db.clone();
            tokio::spawn(async move { db.write(Intent::default()).await.map(|_| ()) })
        })
        .collect();
    tokio::task::yield_now().await;
    for task in waiting.iter().step_by(2) {
        task.abort();
    }
    held.commit(()).await.unwrap();
    for task in waiting {
        let _ = task.await;
    }
    // Whoever comes next is served, and what is kept is durable.
    let codes = town.umbrellas(1).await;
    let lent = tokio::time::timeout(Duration::from_secs(10), borrow(town.visitor(), &codes[0], None)).await;
    lent.expect("the gate is open").unwrap();
}

/// Polls a future so many times and then gives it up: a cancellation at every place where it waits.
async fn given_up_after<F: Future>(polls: usize, future: F, started: Arc<AtomicBool>) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(move |context| {
        let polled = future.as_mut().poll(context);
        started.store(true, SeqCst);
        left -= 1;
        match polled {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn a_caller_that_gives_up_at_any_moment_takes_nothing_of_others_along(town: Town) {
    for round in 0..24 {
        let polls = 1 + round % 4;
        let name = |who: &str| format!("{who} {round}");
        let row = |name: String| entity::app_secret::Model { name, value: vec![], created_at: town.now() };
        // The first writes and leaves, while the second waits for its turn: on SQLite their commit is shared.
        let first = town.app.db.write(Intent::default()).await.unwrap();
        store::app_secrets::keep_first(&first, row(name("first"))).await.unwrap();
        let (db, started) = (town.app.db.clone(), Arc::new(AtomicBool::new(false)));
        let second = tokio::spawn({
            let started = Arc::clone(&started);
            async move { given_up_after(polls, db.write(Intent::default()), started).await.map(|_| ()) }
        });
        while !started.load(SeqCst) {
            tokio::task::yield_now().await;
        }
        let first = tokio::spawn(first.commit(()));
        second.await.unwrap();
        let third = town.app.db.write(Intent::default()).await.unwrap();
        store::app_secrets::keep_first(&third, row(name("third"))).await.unwrap();
        third.commit(()).await.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(10), first).await.expect("everybody is told").unwrap();
        let kept = store::app_secrets::find(town.app.db.read(), &name("first")).await.unwrap().is_some();
        assert!(told.is_ok() && kept, "given up after {polls} polls: the first was told {told:?}, kept: {kept}");
        assert!(store::app_secrets::find(town.app.db.read(), &name("third")).await.unwrap().is_some());
    }
}

async fn a_write_that_is_dropped_is_undone(town: Town) {
    let tx = town.app.db.write(Intent::default()).await.unwrap();
    let row = entity::app_secret::Model { name: "dropped".to_owned(), value: vec![], created_at: town.now() };
    store::app_secrets::keep_first(&tx, row).await.unwrap();
    drop(tx);
    town.umbrellas(1).await;
    assert_eq!(store::app_secrets::find(town.app.db.read(), "dropped").await.unwrap(), None);
}

async fn nothing_can_be_written_through_the_readers(town: Town) {
    let written = town.app.db.read().execute_unprepared("DELETE FROM app_secret").await;
    assert!(written.is_err());
}

async fn borrowing_and_returning_take_so_many_statements(town: Town) {
    let codes = town.umbrellas(1).await;
    let member = town.member("13800138011").await;
    let mut taken = Vec::new();
    for (desk, key) in [(town.visitor(), "a"), (town.resident(member), "b")] {
        let before = town.app.db.statements();
        borrow(keyed(desk.clone(), key, "borrow"), &codes[0], None).await.unwrap();
        let between = town.app.db.statements();
        give_back(keyed(desk, &format!("{key}2"), "return"), &codes[0]).await.unwrap();
        taken.push((between - before, town.app.db.statements() - between));
    }
    // Anonymous, then a member. More than this is a step back; less is progress: write it down here.
    // One of them asks whether anybody has booked.
    assert_eq!(taken, [(13, 11), (16, 11)]);
}

async fn what_was_stored_by_a_verb_survives_reopening(town: Town) {
    let codes = town.umbrellas(1).await;
    let lent = borrow(town.visitor(), &codes[0], None).await.unwrap().into_receipt().loan;
    let again = Db::connect(&town.url).await.unwrap();
    assert!(store::loans::find(again.read(), lent.id.into()).await.unwrap().is_some());
    again.close().await.unwrap();
}

#[test]
fn a_closed_sqlite_leaves_one_file_with_everything_in_it() {
    let fresh = Fresh::on(Engine::Sqlite).unwrap();
    engines::block_on(async {
        let file = fresh.url.trim_start_matches("sqlite://").trim_end_matches("?mode=rwc").to_owned();
        let db = Db::connect(&fresh.url).await.unwrap();
        let tx = db.write(Intent::default()).await.unwrap();
        let at = "2026-11-23T00:00:00Z".parse().unwrap();
        let row = entity::app_secret::Model { name: "kept".to_owned(), value: vec![], created_at: at };
        store::app_secrets::keep_first(&tx, row).await.unwrap();
        tx.commit(()).await.unwrap();
        assert!(std::fs::exists(format!("{file}-wal")).unwrap());
        db.close().await.unwrap();
        // A log that is closed late would be removed by name, whoever's file has that name by then.
        assert!(!std::fs::exists(format!("{file}-wal")).unwrap());
        let again = Db::connect(&fresh.url).await.unwrap();
        assert!(store::app_secrets::find(again.read(), "kept").await.unwrap().is_some());
    });
}

#[test]
fn four_migrations_at_once_make_one_schema() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(fresh) = Fresh::empty(engine) else { continue };
        engines::block_on(async {
            let outcomes = all_at_once(4, |_| {
                let url = fresh.url.clone();
                async move { Db::migrate(&url).await }
            })
            .await;
            assert!(outcomes.iter().all(Result::is_ok), "{engine:?}: {outcomes:?}");
            Db::migrate(&fresh.url).await.unwrap();
        });
    }
}

#[test]
fn a_full_disk_loses_the_batch_says_so_and_the_gate_recovers() {
    engines::block_on(async {
        let fresh = Fresh::empty(Engine::Sqlite).unwrap();
        Db::migrate(&fresh.url).await.unwrap();
        let db = Db::connect(&fresh.url).await.unwrap();
        let at = "2026-11-23T00:00:00Z".parse().unwrap();
        let big = |name: &str| entity::app_secret::Model { name: name.to_owned(), value: vec![7; 4_000_000], created_at: at };
        let tx = db.write(Intent::default()).await.unwrap();
        // The file may grow by a few pages only.
        tx.conn_for_tests().execute_unprepared("PRAGMA max_page_count = 200").await.unwrap();
        tx.commit(()).await.unwrap();
        let tx = db.write(Intent::default()).await.unwrap();
        assert!(store::app_secrets::keep_first(&tx, big("too big")).await.is_err());
        drop(tx);
        let tx = db.write(Intent::default()).await.unwrap();
        let small = entity::app_secret::Model { value: vec![1], ..big("small") };
        store::app_secrets::keep_first(&tx, small).await.unwrap();
        tx.commit(()).await.unwrap();
        assert!(store::app_secrets::find(db.read(), "small").await.unwrap().is_some());
        assert!(store::app_secrets::find(db.read(), "too big").await.unwrap().is_none());
    });
}

/// While others still ride in the batch, nothing of it is on the disk; whoever is told "done" finds it there.
#[test]
fn a_verb_is_answered_only_after_the_shared_commit() {
    engines::block_on(async {
        let fresh = engines::Fresh::on(Engine::Sqlite).unwrap();
        let db = Db::connect(&fresh.url).await.unwrap();
        let row = |n: usize| entity::app_secret::Model {
            name: format!("row {n}"),
            value: vec![],
            created_at: "2026-11-23T00:00:00Z".parse().unwrap(),
        };
        let told_too_early = all_at_once(64, |n| {
            let (db, row) = (db.clone(), row(n));
            async move {
                let tx = db.write(Intent::default()).await.unwrap();
                let name = row.name.clone();
                store::app_secrets::keep_first(&tx, row).await.unwrap();
                tx.commit(()).await.unwrap();
                // Another connection sees only what is committed.
                store::app_secrets::find(db.read(), &name).await.unwrap().is_none()
            }
        })
        .await;
        assert_eq!(told_too_early.iter().filter(|early| **early).count(), 0);
    });
}
