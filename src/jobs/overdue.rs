//! Overdue: reminders an hour before and at the due time; then one digest a day (never one message per item); a task for the
//! keeper; and what has been out for too long counts as lost.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use entity::{ids::MemberId, loan, notice, task, task::What};

use super::{
    JobError, Report,
    runs::{Held, Scope, begin, scopes},
};
use crate::{
    app::App,
    db::{Intent, WriteTx},
    desk::{Desk, Door, age_to_lost},
    rules::{
        overdue::{self as rule, Reminder},
        waking::next_waking,
    },
    store,
};

/// The name of the daily part in the rows.
pub(super) const DAILY: &str = "overdue";
/// How many loans are looked at in one write.
const BATCH: usize = 200;
/// When digests go out, in station time.
const DIGEST_HOUR: u32 = 9;

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let mut report = remind(app).await?;
    let mut failed = None;
    for scope in scopes(app).await? {
        let Some(held) = begin(app, DAILY, &scope).await? else { continue };
        let outcome = a_day(app, &held, &scope).await;
        held.end(&outcome).await?;
        match outcome {
            Ok(day) => day.done.into_iter().for_each(|(what, count)| report.add(what, count)),
            // What one station cannot do stops no other.
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(report), Err)
}

/// To the minute, for everybody.
async fn remind(app: &App) -> Result<Report, JobError> {
    let now = app.clock.now();
    let mut report = Report::default();
    let soon = store::loans::list_open_due_between(app.db.read(), now - rule::DUE_NEWS, now + rule::REMIND_BEFORE).await?;
    for batch in soon.chunks(BATCH) {
        let mut notices = Vec::new();
        for loan in batch {
            if let Some(notice) = reminder_of(app, loan, now).await? {
                notices.push(notice);
            }
        }
        if !notices.is_empty() {
            let tx = app.db.write(Intent::default()).await?;
            let told = tell_all(&tx, notices).await?;
            tx.commit(()).await?;
            report.add("reminders", told);
        }
    }
    Ok(report)
}

async fn tell_all(tx: &WriteTx, notices: Vec<notice::Model>) -> Result<u64, JobError> {
    let mut told = 0;
    for notice in notices {
        told += u64::from(store::notices::tell(tx, notice).await?);
    }
    Ok(told)
}

async fn reminder_of(app: &App, loan: &loan::Model, now: DateTime<Utc>) -> Result<Option<notice::Model>, JobError> {
    let (Some(reminder), Some(member)) = (rule::reminder(loan, now), loan.member_id) else { return Ok(None) };
    let station = match loan.station_id {
        Some(id) => store::stations::find(app.db.read(), id).await?,
        None => None,
    };
    let by_day = next_waking(now, station.map_or(chrono_tz::Asia::Shanghai, |station| station.zone()));
    let (template, expires_at) = match reminder {
        Reminder::DueSoon => ("due_soon", loan.due_at),
        Reminder::DueNow => ("due_now", by_day.max(loan.due_at) + rule::DUE_NEWS),
    };
    // A renewal moves the due time, and so calls for reminders of its own.
    let natural_key = format!("{template}:{}:{}", loan.id, loan.due_at.timestamp());
    if store::notices::is_written(app.db.read(), &natural_key).await? {
        return Ok(None);
    }
    let kind = store::kinds::find(app.db.read(), loan.kind_id).await?.filter(|kind| !kind.sensitive);
    let params = serde_json::json!({
        "loan": loan.id,
        "due_at": loan.due_at,
        "kind": kind.as_ref().map(|kind| &kind.name),
        "kind_en": kind.as_ref().and_then(|kind| kind.name_en.as_ref()),
    });
    Ok(Some(notice_to(app, member, template, natural_key, params, (by_day, expires_at))))
}

fn notice_to(
    app: &App,
    member: MemberId,
    template: &str,
    natural_key: String,
    params: serde_json::Value,
    (send_after, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> notice::Model {
    notice::Model {
        id: app.clock.id(),
        natural_key,
        member_id: Some(member),
        phone_sealed: None,
        template: template.to_owned(),
        params,
        send_after,
        expires_at,
        attempts: 0,
        leased_until: None,
        sent_at: None,
        dropped_at: None,
        trouble: None,
        created_at: app.clock.now(),
    }
}

/// Once per station and business date, over all that was lent there and is overdue.
async fn a_day(app: &App, held: &Held<'_>, scope: &Scope) -> Result<Report, JobError> {
    let now = app.clock.now();
    let mut report = Report::default();
    let overdue = store::loans::list_overdue_at(app.db.read(), scope.station, now).await?;
    let mut longest: BTreeMap<MemberId, (i64, u64)> = BTreeMap::new();
    for loan in overdue.iter().filter(|loan| !rule::is_disputed(loan)) {
        let days = rule::days_overdue(loan, now);
        if days == 0 {
            continue;
        }
        if let Some(member) = loan.member_id {
            let entry = longest.entry(member).or_default();
            *entry = (entry.0.max(days), entry.1 + 1);
        }
        if rule::counts_as_lost(loan, now) {
            let desk = Desk::internal(app, Door::Job);
            let lost = age_to_lost::age_to_lost(&desk, held.write().await?, loan.id).await?.into_receipt();
            report.add("counted as lost", u64::from(lost));
        } else if days >= rule::CHASE_AFTER_DAYS {
            let tx = held.write().await?;
            store::tasks::open(&tx, chase(app, loan)).await?;
            tx.commit(()).await?;
            report.add("to be chased", 1);
        }
    }
    let morning = morning(scope, now);
    let members: Vec<_> = longest.into_iter().filter(|(_, (days, _))| rule::digest_today(*days)).collect();
    for batch in members.chunks(BATCH) {
        let tx = held.write().await?;
        let mut digests = Vec::with_capacity(batch.len());
        for (member, (_, count)) in batch {
            // One a day, also for somebody who has things of several stations.
            let natural_key = format!("overdue:{member}:{}", scope.today);
            let params = serde_json::json!({ "count": count });
            let span = (morning, morning + TimeDelta::hours(10));
            digests.push(notice_to(app, *member, "overdue_digest", natural_key, params, span));
        }
        report.add("digests", tell_all(&tx, digests).await?);
        tx.commit(()).await?;
    }
    Ok(report)
}

fn chase(app: &App, loan: &loan::Model) -> task::Model {
    task::Model {
        id: app.clock.id(),
        what: What::Chase,
        natural_key: format!("{:?}:{}", What::Chase, loan.item_id),
        station_id: loan.station_id,
        item_id: Some(loan.item_id),
        loan_id: Some(loan.id),
        kind_id: None,
        lot_id: None,
        facts: None,
        seen_at: None,
        seen_by: None,
        escalated: 0,
        note: None,
        created_at: app.clock.now(),
        done_at: None,
        done_by: None,
    }
}

/// Nine o'clock of the date in the station's zone; if that is past now, or in the morning.
fn morning(scope: &Scope, now: DateTime<Utc>) -> DateTime<Utc> {
    let nine = NaiveTime::from_hms_opt(DIGEST_HOUR, 0, 0).unwrap_or_default();
    let local = scope.zone.from_local_datetime(&scope.today.and_time(nine)).earliest();
    next_waking(local.map_or(now, |local| local.with_timezone(&Utc).max(now)), scope.zone)
}
