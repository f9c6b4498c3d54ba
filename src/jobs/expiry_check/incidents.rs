//! What must never be so: the books do not add up, something was taken after its day, something blocked is set aside, nobody
//! can be told. Each is a task of its own, and goes to the admins at once.

use entity::{ids::LotId, task, task::What};

use super::{Night, sight::Something};
use crate::{
    db::WriteTx,
    desk::{Desk, Door, borrow::new_task},
    jobs::JobError,
    store,
};

/// How many lots are named; one is too many.
pub(super) const NAMED: usize = 50;

/// What is so, and how it is called.
pub(super) struct Incident {
    pub(super) code: &'static str,
    zh: &'static str,
    en: &'static str,
    /// The lots it is about.
    pub(super) lots: Vec<LotId>,
    is_so: bool,
    /// It is over as soon as it is not found any more; the others are settled by people.
    passes: bool,
}

/// Looks for all of them. Which lots are not the sum of their ledger was found out for all stations at once.
pub(super) async fn find(night: &Night<'_>, unbalanced: Vec<LotId>) -> Result<Vec<Incident>, JobError> {
    let (conn, station) = (night.app.db.read(), night.station.id);
    let about = |code, zh, en, lots: Vec<LotId>| Incident { code, zh, en, is_so: !lots.is_empty(), lots, passes: false };
    let late = if night.sight.has(Something::LateTakes, station) {
        store::expiry_checks::list_late_takes(conn, station, night.last_look()).await?
    } else {
        Vec::new()
    };
    let held = if night.sight.has(Something::Holds, station) {
        store::invariants::list_held_though_blocked(conn, station, NAMED as u64).await?
    } else {
        Vec::new()
    };
    let keeper = night.sight.has(Something::Keeper, station);
    Ok(vec![
        about("taken_after_its_day", "过期后仍被取用的批次", "taken after their date", late),
        about("ledger", "账面与流水不符的批次", "lots that are not the sum of their ledger", unbalanced),
        about("held_though_blocked", "已停用却仍留存的批次", "lots that are blocked and still set aside", held),
        Incident {
            code: "nobody_to_tell",
            zh: "没有联系得上的站长",
            en: "no keeper who can be told",
            lots: Vec::new(),
            is_so: !keeper,
            passes: true,
        },
    ])
}

/// Opens a task for each that is so, and closes what has passed by itself.
pub(super) async fn report(night: &Night<'_>, tx: &WriteTx, incidents: &[Incident]) -> Result<(), JobError> {
    let desk = Desk::internal(night.app, Door::Job);
    for incident in incidents {
        let natural_key = format!("{:?}:{}:{}", What::Incident, night.station.id, incident.code);
        if incident.is_so {
            let count = if incident.lots.is_empty() { String::new() } else { format!(": {}", incident.lots.len()) };
            let row = task::Model {
                natural_key,
                station_id: Some(night.station.id),
                note: Some(format!("{}{count} / {}{count}", incident.zh, incident.en)),
                ..new_task(&desk, What::Incident)
            };
            store::tasks::open(tx, row).await?;
        } else if incident.passes && night.sight.asked(night.station.id).iter().any(|(_, _, _, key)| *key == natural_key) {
            store::tasks::settle_key(tx, &natural_key, desk.now()).await?;
        }
    }
    Ok(())
}

impl Incident {
    /// As it stands in the evidence.
    pub(super) fn shown(&self) -> Option<serde_json::Value> {
        self.is_so.then(|| serde_json::json!({ "code": self.code, "zh": self.zh, "en": self.en, "lots": self.lots }))
    }
}
