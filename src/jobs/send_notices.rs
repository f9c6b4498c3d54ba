//! Sends what is in the outbox. At least once: a process that dies between the gateway's "yes" and ours sends again, and the
//! gateway knows the notice by its id.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    booking::State,
    ids::{BookingId, LoanId},
    loan, notice,
    values::Phone,
};

use super::{
    JobError, Report,
    channel::{Message, deliver},
};
use crate::{
    app::App,
    db::{Intent, Trouble},
    desk::language_of,
    rules::{booking_life, overdue, waking::next_waking},
    speech, store,
};

/// How many notices are looked at in one run.
const BATCH: u64 = 200;
/// How long a delivery may take before somebody else tries.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// Minutes to wait after the first, second … failed try; after the last it is given up.
const BACKOFF_MINUTES: [i64; 9] = [1, 2, 5, 15, 60, 60, 120, 240, 480];

pub(super) async fn run(app: &App) -> Result<Report, JobError> {
    let mut report = Report::default();
    for notice in store::notices::list_waiting(app.db.read(), app.clock.now(), BATCH).await? {
        let now = app.clock.now();
        let tx = app.db.write(Intent::default()).await?;
        let ours = store::notices::lease(&tx, notice.id, now, now + LEASE).await?;
        tx.commit(()).await?;
        if ours {
            report.add(send(app, &notice, now).await?, 1);
        }
    }
    Ok(report)
}

/// What becomes of one notice; outside of any transaction.
async fn send(app: &App, notice: &notice::Model, now: DateTime<Utc>) -> Result<&'static str, JobError> {
    let (phone, language, text) = match compose(app, notice, now).await? {
        Ok(message) => message,
        Err(why) => {
            settle(app, notice, Outcome::Dropped(why)).await?;
            metrics::counter!("yizhan_notices_dropped_total").increment(1);
            return Ok("dropped");
        }
    };
    let message = Message { id: notice.id, phone: phone.e164(), language: &language, text: &text };
    match deliver(&app.config, &message).await {
        Ok(()) => {
            settle(app, notice, Outcome::Sent).await?;
            metrics::counter!("yizhan_notices_sent_total").increment(1);
            Ok("sent")
        }
        Err(why) => {
            let tries = usize::try_from(notice.attempts).unwrap_or_default();
            match BACKOFF_MINUTES.get(tries) {
                Some(minutes) => {
                    let soon = now + TimeDelta::minutes(*minutes);
                    // Whoever waits for a code is awake.
                    let is_code = notice.template == "verification_code";
                    let again = if is_code { soon } else { next_waking(soon, chrono_tz::Asia::Shanghai) };
                    settle(app, notice, Outcome::Failed(again, &why)).await?;
                }
                None => settle(app, notice, Outcome::Dropped("tried too often")).await?,
            }
            Ok("failed")
        }
    }
}

enum Outcome<'a> {
    Sent,
    Dropped(&'a str),
    Failed(DateTime<Utc>, &'a str),
}

async fn settle(app: &App, notice: &notice::Model, outcome: Outcome<'_>) -> Result<(), Trouble> {
    let tx = app.db.write(Intent::default()).await?;
    match outcome {
        Outcome::Sent => store::notices::mark_sent(&tx, notice.id, app.clock.now()).await?,
        Outcome::Dropped(why) => store::notices::mark_dropped(&tx, notice.id, app.clock.now(), why).await?,
        Outcome::Failed(retry_at, why) => store::notices::mark_failed(&tx, notice.id, retry_at, why).await?,
    }
    tx.commit(()).await?;
    Ok(())
}

/// Is what is said about a booking still so? A reminder of one that was cancelled or moved, an offer that was answered, a warning
/// after all is well again: nobody needs them.
async fn booking_is_so(app: &App, notice: &notice::Model, now: DateTime<Utc>) -> Result<bool, JobError> {
    let Some(id) = notice.params["booking"].as_str().and_then(|id| id.parse::<BookingId>().ok()) else { return Ok(true) };
    let Some(row) = store::bookings::find(app.db.read(), id).await? else { return Ok(false) };
    let stands = booking_life::stands(&row, now);
    Ok(match notice.template.as_str() {
        "booking_reminder" => {
            let told: Option<DateTime<Utc>> = notice.params["starts_at"].as_str().and_then(|text| text.parse().ok());
            stands && row.state.awaits_collection() && told == Some(row.starts_at)
        }
        "booking_offer" => stands && row.is_offer(),
        "booking_at_risk" => stands && row.state == State::AtRisk,
        _ => true,
    })
}

type Composed = Result<(Phone, String, String), &'static str>;

/// To whom, in which language, what: by what is the case now, not when the notice was written. Or why it is not sent.
async fn compose(app: &App, notice: &notice::Model, now: DateTime<Utc>) -> Result<Composed, JobError> {
    let mut params = notice.params.clone();
    if let Some(loan) = params["loan"].as_str().and_then(|id| id.parse::<LoanId>().ok()) {
        let loan = store::loans::find(app.db.read(), loan).await?;
        if !loan.is_some_and(|loan| loan.is_open() && !overdue::is_disputed(&loan)) {
            return Ok(Err("no longer the case"));
        }
    }
    if notice.expires_at <= now {
        return Ok(Err("stale"));
    }
    if !booking_is_so(app, notice, now).await? {
        return Ok(Err("no longer the case"));
    }
    let (phone, language) = match notice.member_id {
        Some(id) => {
            let Some(member) = store::members::find(app.db.read(), id).await? else { return Ok(Err("no such member")) };
            let Some(phone) = app.vault.phone_of(&member) else { return Ok(Err("no phone number")) };
            (phone, language_of(&member.language))
        }
        None => {
            let place = format!("notice.phone:{}", notice.natural_key);
            let number = notice.phone_sealed.as_deref().and_then(|sealed| app.vault.open(&place, sealed).ok());
            let Some(phone) = number.and_then(|text| Phone::parse(&text).ok()) else { return Ok(Err("no phone number")) };
            (phone, entity::values::Language::Chinese)
        }
    };
    if notice.template == "overdue_digest"
        && let Some(member) = notice.member_id
    {
        let open = store::loans::list_open_of(app.db.read(), member).await?;
        let overdue = |loan: &&loan::Model| overdue::days_overdue(loan, now) > 0 && !overdue::is_disputed(loan);
        let count = open.iter().filter(overdue).count();
        if count == 0 {
            return Ok(Err("no longer the case"));
        }
        params["count"] = count.into();
    }
    if let Some(verification) = params["verification"].as_str() {
        let place = format!("notice.code:{verification}");
        let sealed: Option<Vec<u8>> = serde_json::from_value(params["code_sealed"].clone()).ok();
        let Some(code) = sealed.and_then(|sealed| app.vault.open(&place, &sealed).ok()) else { return Ok(Err("no code")) };
        params["code"] = code.into();
    }
    let Some(words) = speech::notice(&notice.template, &params) else { return Ok(Err("no such text")) };
    Ok(Ok((phone, language.tag().to_owned(), words.in_language(language).to_owned())))
}
