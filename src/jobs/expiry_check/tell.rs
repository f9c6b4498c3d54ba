//! One digest for each keeper, in the morning of the station; where nobody keeps it, for the admins. When there is nothing to
//! do, a quiet word once a week or once a month: silence must not look like health.

use chrono::{Datelike, NaiveTime, TimeDelta, TimeZone, Utc};
use entity::{ids::MemberId, lot::Tier, notice, station};
use serde_json::{Value, json};

use super::Night;
use crate::{
    app::App,
    db::WriteTx,
    jobs::{JobError, runs::Scope},
    store,
};

/// Half past eight, never at night.
const MORNING: (u32, u32) = (8, 30);
/// Whoever has seen a task is left in peace for so long.
const SEEN: TimeDelta = TimeDelta::hours(24);

/// What is said, and what makes it one of a kind.
struct Message {
    template: &'static str,
    params: Value,
    /// Written once for each of these.
    once: String,
}

/// Writes the message of the day into the outbox. `tiers` are how many lots are on the shelf, by tier.
pub(super) async fn digest(night: &Night<'_>, tx: &WriteTx, scope: &Scope, tiers: &[(Tier, i64)]) -> Result<u64, JobError> {
    let (station, today) = (night.station, night.today);
    let now = night.app.clock.now();
    let unseen = store::tasks::count_unseen_about_lots(tx.conn(), station.id, now - SEEN).await?;
    let urgent = Message {
        template: "expiry_digest",
        params: json!({ "count": unseen, "station": station.name }),
        once: format!("expiry:{}:{today}", station.id),
    };
    if unseen > 0 {
        return to_keepers(night, tx, scope, &urgent).await;
    }
    let open = store::tasks::is_open_about_lots(tx.conn(), station.id).await?;
    let in_tier = |wanted: Tier| tiers.iter().find(|(tier, _)| *tier == wanted).map_or(0, |(_, lots)| *lots);
    let (t30, t90) = (in_tier(Tier::T30), in_tier(Tier::T90));
    // Not on a certain weekday: the first check of a week says it, however many nights were missed.
    let week = today.iso_week();
    let weekly = Message {
        template: "expiry_weekly",
        params: json!({ "station": station.name, "t30": t30, "t90": t90 }),
        once: format!("expiry-weekly:{}:{}-{}", station.id, week.year(), week.week()),
    };
    if t30 + t90 > 0 {
        return to_keepers(night, tx, scope, &weekly).await;
    }
    let monthly = Message {
        template: "expiry_all_well",
        params: json!({ "station": station.name }),
        once: format!("expiry-monthly:{}:{}-{}", station.id, today.year(), today.month()),
    };
    if open { Ok(0) } else { to_keepers(night, tx, scope, &monthly).await }
}

async fn to_keepers(night: &Night<'_>, tx: &WriteTx, scope: &Scope, message: &Message) -> Result<u64, JobError> {
    let members = store::roles::list_to_tell(tx.conn(), night.station.id).await?;
    tell(night.app, tx, scope, members, message).await
}

/// What nobody has done is told further up: after a day to the managers of the community, after three to the admins.
pub(super) async fn further(
    app: &App,
    tx: &WriteTx,
    scope: &Scope,
    station: &station::Model,
    (level, count): (i32, usize),
) -> Result<u64, JobError> {
    let mut members = store::roles::list_managers(tx.conn(), station.community_id).await?;
    if level >= 2 || members.is_empty() {
        members = store::roles::list_admins(tx.conn()).await?;
    }
    let message = Message {
        template: "expiry_escalated",
        params: json!({ "station": station.name, "count": count }),
        once: format!("expiry-escalated:{}:{level}:{}", station.id, scope.today),
    };
    tell(app, tx, scope, members, &message).await
}

async fn tell(app: &App, tx: &WriteTx, scope: &Scope, members: Vec<MemberId>, message: &Message) -> Result<u64, JobError> {
    let now = app.clock.now();
    let morning = NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0).unwrap_or_default();
    let local = scope.zone.from_local_datetime(&scope.today.and_time(morning)).earliest();
    let send_after = local.map_or(now, |local| local.with_timezone(&Utc).max(now));
    let mut told = 0;
    for member in members {
        let row = notice::Model {
            id: app.clock.id(),
            natural_key: format!("{}:{member}", message.once),
            member_id: Some(member),
            phone_sealed: None,
            template: message.template.to_owned(),
            params: message.params.clone(),
            send_after,
            expires_at: send_after + TimeDelta::hours(14),
            attempts: 0,
            leased_until: None,
            sent_at: None,
            dropped_at: None,
            trouble: None,
            created_at: now,
        };
        told += u64::from(store::notices::tell(tx, row).await?);
    }
    Ok(told)
}
