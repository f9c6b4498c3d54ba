//! Sweep: what nobody needs any more is forgotten, and signing keys are renewed.

use chrono::TimeDelta;

use super::{JobError, Report};
use crate::{app::App, db::Intent, store};

/// How long an answered request is remembered: longer than any phone keeps asking.
const ANSWERS: TimeDelta = TimeDelta::days(7);
/// How long one-time codes are remembered: as long as they count against the day's budget, and a day.
const CODES: TimeDelta = TimeDelta::days(2);
/// How long ended sessions and settled notices are remembered.
const TRACES: TimeDelta = TimeDelta::days(30);
/// How long it is known by a key who took something, and for whom it was set aside: the longest limit is of 72 hours.
const TAKERS: TimeDelta = TimeDelta::hours(96);
/// How long a signing key is used.
const KEY_LIFE: TimeDelta = TimeDelta::days(90);
/// How long a key that was replaced still verifies; far longer than any token lives.
const KEY_AFTERLIFE: TimeDelta = TimeDelta::days(1);

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let now = app.clock.now();
    let mut report = Report::default();
    let tx = app.db.write(Intent::default()).await?;
    let answers = store::app_secrets::forget_answers_before(&tx, now - ANSWERS).await?;
    let codes = store::verifications::forget_before(&tx, now - CODES).await?;
    let sessions = store::sessions::forget_ended_before(&tx, now - TRACES).await?;
    let notices = store::notices::forget_settled_before(&tx, now - TRACES).await?;
    let persons = store::takes::forget_persons_before(&tx, now - TAKERS).await?;
    let holders = store::lot_holds::forget_members_before(&tx, now - TAKERS).await?;
    tx.commit(()).await?;
    report.add("takers forgotten", persons + holders);
    report.add("answers forgotten", answers);
    report.add("codes forgotten", codes);
    report.add("sessions forgotten", sessions);
    report.add("notices forgotten", notices);
    let keys = app.signing_keys_by_age().await?;
    if keys.first().is_none_or(|newest| newest.created_at < now - KEY_LIFE) {
        app.rotate_signing_key().await?;
        report.add("signing keys made", 1);
    } else if keys.first().is_some_and(|newest| newest.created_at < now - KEY_AFTERLIFE) && keys.len() > 1 {
        let tx = app.db.write(Intent::default()).await?;
        for old in &keys[1..] {
            store::app_secrets::forget(&tx, &old.name).await?;
        }
        tx.commit(()).await?;
        app.reload_signing_keys().await?;
        report.add("signing keys forgotten", u64::try_from(keys.len() - 1).unwrap_or_default());
    }
    Ok(report)
}
