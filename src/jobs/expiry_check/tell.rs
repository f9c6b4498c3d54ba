//! One digest for each keeper, in the morning of the station; where nobody keeps it, for the admins.

use chrono::{NaiveTime, TimeDelta, TimeZone, Utc};
use entity::notice;

use super::Night;
use crate::{
    db::WriteTx,
    jobs::{JobError, runs::Scope},
    store,
};

/// Half past eight, never at night.
const MORNING: (u32, u32) = (8, 30);

/// Writes the digests into the outbox: nothing to do means no message.
pub(super) async fn digest(night: &Night<'_>, tx: &WriteTx, scope: &Scope) -> Result<u64, JobError> {
    let now = night.app.clock.now();
    let tasks = store::tasks::count_open_about_lots(tx.conn(), night.station.id).await?;
    if tasks == 0 {
        return Ok(0);
    }
    let morning = NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0).unwrap_or_default();
    let local = scope.zone.from_local_datetime(&scope.today.and_time(morning)).earliest();
    let send_after = local.map_or(now, |local| local.with_timezone(&Utc).max(now));
    let mut told = 0;
    for member in store::roles::list_to_tell(tx.conn(), night.station.id).await? {
        let row = notice::Model {
            id: night.app.clock.id(),
            natural_key: format!("expiry:{}:{member}:{}", night.station.id, night.today),
            member_id: Some(member),
            phone_sealed: None,
            template: "expiry_digest".to_owned(),
            params: serde_json::json!({ "count": tasks, "station": night.station.name }),
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
