//! The medicine box: what the verbs about lots share.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    consumable::{self, Class},
    ids::{DisposalId, KindId, LotId, MovementId, StationId, TakeId},
    kind, lot, movement, station, stock_block,
    stock_block::Cause,
    task::What,
};
use sea_orm::ConnectionTrait;

use super::{Desk, Error, Result, authority::hide, borrow::new_task};
use crate::{
    db::WriteTx,
    rules::{
        expiry,
        ledger::{self, Change},
        refusal::Refusal,
        take::OnShelf,
        usability,
    },
    store,
};

pub mod block;
pub mod check_sheet;
pub(crate) mod clocks;
pub mod correct_label;
pub mod count;
pub(crate) mod evidence_photo;
pub mod hand_over;
pub mod hold;
pub mod in_hand;
pub mod level;
pub mod listed;
mod merge;
pub(crate) mod must_go;
pub mod open_pack;
pub mod profile;
pub mod put_apart;
mod put_down;
pub mod recall;
pub mod recall_notice;
pub mod receive;
mod recompute;
pub mod record_take;
pub mod register_packs;
pub mod reverse;
pub mod see_closed;
pub mod shelf;
pub mod take;
mod tell_keepers;
pub mod to_count;
pub mod transfer;
pub mod undo_take;
pub mod unlearn_code;
pub mod verify_label;

/// A kind that is taken, at a station.
pub(crate) struct Place {
    pub(crate) station: station::Model,
    pub(crate) kind: kind::Model,
    /// What the law and the leaflet say; none if nobody has said yet.
    pub(crate) profile: Option<consumable::Model>,
}

/// Reads a place by the plate of its station.
pub(crate) async fn place(conn: &impl ConnectionTrait, station_code: &str, kind: KindId) -> Result<Place> {
    let station = store::stations::find_by_code(conn, station_code).await?.ok_or(Error::NotFound("station"))?;
    let kind = store::kinds::find(conn, kind).await?.ok_or(Error::NotFound("kind"))?;
    let profile = store::consumables::find(conn, kind.id).await?;
    Ok(Place { station, kind, profile })
}

/// The business date of a station.
pub(crate) async fn today(desk: &Desk, conn: &impl ConnectionTrait, station: &station::Model) -> Result<NaiveDate> {
    let seen = store::stock_days::find(conn, station.id).await?;
    Ok(usability::business_day(desk.now(), station.zone(), seen))
}

/// The lots with the causes of the blocks that lie on them and on the medicine of their station.
pub(crate) async fn with_causes(
    conn: &impl ConnectionTrait,
    station: StationId,
    profile: &consumable::Model,
    lots: Vec<lot::Model>,
) -> Result<Vec<OnShelf>> {
    let mut causes = store::stock_blocks::causes_on(conn, lots.iter().map(|lot| lot.id).collect()).await?;
    let suspended = profile.dated && store::stock_blocks::find_suspension(conn, station).await?.is_some();
    let partner = partner_of(conn, profile).await?;
    let unbacked = partner.is_some_and(|partner| partner.ended_at.is_some());
    let with = |lot: lot::Model| {
        let mut on_it: BTreeSet<Cause> = causes.remove(&lot.id).unwrap_or_default();
        if suspended {
            on_it.insert(Cause::Suspended);
        }
        if unbacked {
            on_it.insert(Cause::PartnerEnded);
        }
        OnShelf { lot, causes: on_it }
    };
    Ok(lots.into_iter().map(with).collect())
}

/// A lot of a station that the actor keeps, held until the end of the write.
pub(crate) async fn lock_kept(desk: &Desk, tx: &WriteTx, id: LotId) -> Result<(lot::Model, station::Model)> {
    desk.actor.staff().map_err(|error| if desk.actor.member().is_some() { Error::NotFound("lot") } else { error })?;
    let lot = store::lots::lock(tx, id).await?.ok_or(Error::NotFound("lot"))?;
    let station = store::stations::find(tx.conn(), lot.station_id).await?.ok_or(Error::NotFound("station"))?;
    hide(desk.actor.keeper_of(&station), "lot")?;
    Ok((lot, station))
}

/// Who stands behind a kind.
pub(crate) async fn partner_of(
    conn: &impl ConnectionTrait,
    profile: &consumable::Model,
) -> Result<Option<entity::partner::Model>> {
    match profile.partner_id {
        Some(id) => Ok(store::consumables::find_partner(conn, id).await?),
        None => Ok(None),
    }
}

/// What whoever writes down a new lot of a kind holds first, before any lot: the registry of recalls, and the profile. So
/// neither a recall nor a change of the profile overlooks the lot.
pub(crate) async fn before_a_new_lot(tx: &WriteTx, kind: KindId) -> Result<Option<consumable::Model>> {
    store::stock_blocks::hold_registry(tx).await?;
    Ok(store::consumables::hold(tx, kind).await?)
}

/// A text that may be left out. Blank is left out too.
pub(crate) fn optional(field: &'static str, text: Option<&str>, longest: usize) -> Result<Option<String>> {
    let given = text.filter(|text| !text.trim().is_empty());
    given.map(|text| entity::values::text(text, longest)).transpose().map_err(super::invalid(field))
}

/// The profile that every stocked kind has.
pub(crate) async fn profile_of(conn: &impl ConnectionTrait, kind: KindId) -> Result<consumable::Model> {
    store::consumables::find(conn, kind).await?.ok_or(Error::NotFound("consumable"))
}

/// Why units move.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) reason: movement::Reason,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) take: Option<TakeId>,
    pub(crate) disposal: Option<DisposalId>,
    pub(crate) reversal_of: Option<MovementId>,
    pub(crate) other_lot: Option<LotId>,
    pub(crate) note: Option<String>,
}

impl Entry {
    pub(crate) fn new(desk: &Desk, reason: movement::Reason) -> Self {
        Self { reason, occurred_at: desk.now(), take: None, disposal: None, reversal_of: None, other_lot: None, note: None }
    }
}

/// Writes the line of the ledger for a lot that is stored at its new version already.
pub(crate) async fn write_line(desk: &Desk, tx: &WriteTx, lot: &lot::Model, change: Change, entry: Entry) -> Result<MovementId> {
    let row = movement::Model {
        id: desk.app.clock.id(),
        station_id: lot.station_id,
        lot_id: lot.id,
        lot_rev: lot.rev,
        reason: entry.reason,
        available: change.available,
        held: change.held,
        quarantined: change.quarantined,
        to_dispose: change.to_dispose,
        take_id: entry.take,
        disposal_id: entry.disposal,
        reversal_of: entry.reversal_of,
        other_lot_id: entry.other_lot,
        last_issue_day: lot.last_issue_day,
        note: entry.note,
        actor_id: desk.actor.member(),
        occurred_at: entry.occurred_at,
        recorded_at: desk.now(),
    };
    let id = row.id;
    store::movements::add(tx, row).await?;
    Ok(id)
}

/// Moves units of a lot that is held, and writes the line of the ledger. What its tasks asked for may have happened by that.
pub(crate) async fn move_units(
    desk: &Desk,
    tx: &WriteTx,
    lot: &lot::Model,
    change: Change,
    entry: Entry,
) -> Result<std::result::Result<lot::Model, Refusal>> {
    let after = match ledger::apply(lot, change) {
        Ok(after) => after,
        Err(no) => return Ok(Err(no)),
    };
    store::lots::change(tx, after.clone()).await?;
    write_line(desk, tx, &after, change, entry).await?;
    if after.on_shelf() == 0 {
        store::tasks::settle_lot(tx, after.id, &OFF_THE_SHELF, desk.now()).await?;
    } else if lot.on_shelf() == 0 {
        must_go::ask_again(desk, tx, &after).await?;
    }
    if after.on_shelf() > lot.on_shelf() {
        return Ok(Ok(recall::came_back(desk, tx, after).await?));
    }
    Ok(Ok(after))
}

/// Tasks that are done once nothing of the lot is on the shelf.
pub(crate) const OFF_THE_SHELF: [What; 7] = [
    What::TakeOutThisWeek,
    What::TakeOutToday,
    What::PutInRedBox,
    What::PullRecalled,
    What::ReadLabelAgain,
    What::SettleConflict,
    What::VerifyLabel,
];

/// Lays a block on a lot that is held; twice the same cause lies once.
pub(crate) async fn lay_block(desk: &Desk, tx: &WriteTx, lot: &lot::Model, cause: Cause, reason: &str) -> Result<lot::Model> {
    if cause != Cause::Manual && store::stock_blocks::list_on(tx.conn(), lot.id).await?.iter().any(|b| b.cause == cause) {
        return Ok(lot.clone());
    }
    Ok(store::stock_blocks::lay(tx, new_block(desk, Some(lot), cause, reason), lot).await?)
}

/// A block that is not lifted.
pub(crate) fn new_block(desk: &Desk, lot: Option<&lot::Model>, cause: Cause, reason: &str) -> stock_block::Model {
    stock_block::Model {
        id: desk.app.clock.id(),
        cause,
        lot_id: lot.map(|lot| lot.id),
        station_id: lot.map(|lot| lot.station_id),
        recall_id: None,
        reason: reason.to_owned(),
        made_by: desk.actor.member(),
        made_at: desk.now(),
        lift_proposed_by: None,
        lift_proposed_at: None,
        lifted_by: None,
        lifted_at: None,
        lift_reason: None,
    }
}

/// Opens a task about a lot, unless one is open.
pub(crate) async fn open_task(desk: &Desk, tx: &WriteTx, lot: &lot::Model, what: What, note: Option<String>) -> Result<()> {
    Ok(store::tasks::open(tx, task_about(desk, lot, what, note)).await?)
}

/// A task about a lot.
pub(crate) fn task_about(desk: &Desk, lot: &lot::Model, what: What, note: Option<String>) -> entity::task::Model {
    entity::task::Model {
        natural_key: format!("{what:?}:{}", lot.id),
        station_id: Some(lot.station_id),
        kind_id: Some(lot.kind_id),
        lot_id: Some(lot.id),
        facts: Some(expiry::facts_of(lot)),
        note,
        ..new_task(desk, what)
    }
}

/// Opens a task about the stock of a whole station, unless one is open.
pub(crate) async fn open_station_task(
    app: &crate::app::App,
    tx: &WriteTx,
    station: StationId,
    what: What,
    note: Option<String>,
) -> Result<()> {
    let desk = Desk::internal(app, super::Door::Job);
    let row = entity::task::Model {
        natural_key: format!("{what:?}:{station}"),
        station_id: Some(station),
        note,
        ..new_task(&desk, what)
    };
    Ok(store::tasks::open(tx, row).await?)
}

/// Is it medicine?
pub(crate) fn is_drug(profile: &consumable::Model) -> bool {
    profile.class == Class::OtcB
}

/// What stands against each of these lots now.
///
/// # Errors
/// The database.
pub async fn blocks_of(
    app: &crate::app::App,
    conn: &impl ConnectionTrait,
    lots: &[lot::Model],
) -> Result<std::collections::BTreeMap<LotId, BTreeSet<usability::Block>>> {
    let desk = Desk::internal(app, super::Door::Api);
    let mut kinds: Vec<KindId> = lots.iter().map(|lot| lot.kind_id).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let profiles = store::consumables::list(conn, kinds).await?;
    let mut stations: Vec<StationId> = lots.iter().map(|lot| lot.station_id).collect();
    stations.sort_unstable();
    stations.dedup();
    let mut all = std::collections::BTreeMap::new();
    for id in stations {
        let station = store::stations::find(conn, id).await?.ok_or(Error::NotFound("station"))?;
        let day = today(&desk, conn, &station).await?;
        for profile in &profiles {
            let mine = lots.iter().filter(|lot| lot.station_id == id && lot.kind_id == profile.kind_id).cloned().collect();
            for shelf in with_causes(conn, id, profile, mine).await? {
                all.insert(shelf.lot.id, usability::blocks(&shelf.lot, &shelf.causes, profile, day));
            }
        }
    }
    Ok(all)
}
