//! What is known of a recall: a notice to print, who took some of it, and a word to the keepers on the same day.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    ids::{LotId, RecallId, StationId},
    recall,
};
use sea_orm::ConnectionTrait;

use crate::{
    db::WriteTx,
    desk::{Desk, Error, Result, Tell},
    rules::waking::next_waking,
    store,
    view::{RecallNoticeView, RecallView, RecalledLotView, RecalledTakeView},
};

/// How many takes are named.
const TAKES: u64 = 500;

/// Tells whoever keeps these stations, by day; where nobody does, the admins.
pub(super) async fn tell_keepers(desk: &Desk, tx: &WriteTx, recall: &recall::Model, at: BTreeSet<StationId>) -> Result<()> {
    let mut of: BTreeMap<_, Vec<StationId>> = BTreeMap::new();
    for (member, station) in store::roles::list_keepers(tx.conn(), at.iter().copied().collect()).await? {
        of.entry(member).or_default().push(station);
    }
    let kept: BTreeSet<StationId> = of.values().flatten().copied().collect();
    let orphans: Vec<StationId> = at.difference(&kept).copied().collect();
    if !orphans.is_empty() {
        for admin in store::roles::list_admins(tx.conn()).await? {
            of.entry(admin).or_default().extend(&orphans);
        }
    }
    let stations = store::stations::list_some(tx.conn(), at.into_iter().collect()).await?;
    for (member, mine) in of {
        let mine: Vec<_> = stations.iter().filter(|station| mine.contains(&station.id)).collect();
        let Some(first) = mine.first() else { continue };
        let names: Vec<&str> = mine.iter().map(|station| station.name.as_str()).collect();
        let what = Tell {
            // Whoever was told of one station is told of another one that it reaches later.
            natural_key: format!("recalled:{}:{member}:{}", recall.id, first.id),
            template: "recalled",
            params: serde_json::json!({ "stations": names }),
            send_after: next_waking(desk.now(), first.zone()),
            fresh_for: chrono::TimeDelta::hours(48),
        };
        desk.tell(tx, member, what).await?;
    }
    Ok(())
}

/// What is printed of a recall: which lots are where, and who took some. Staff.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], the database.
pub async fn notice(desk: &Desk, conn: &impl ConnectionTrait, id: RecallId) -> Result<RecallNoticeView> {
    desk.actor.staff()?;
    let recall = store::stock_blocks::find_recall(conn, id).await?.ok_or(Error::NotFound("recall"))?;
    let ids: Vec<LotId> = store::stock_blocks::list_lots_of_recall(conn, id).await?;
    let rows = store::lots::list_some(conn, ids.clone()).await?;
    let kinds: BTreeMap<_, _> =
        store::kinds::list_by_ids(conn, rows.iter().map(|lot| lot.kind_id).collect::<BTreeSet<_>>().into_iter().collect())
            .await?
            .into_iter()
            .map(|kind| (kind.id, kind))
            .collect();
    let stations: BTreeMap<_, _> =
        store::stations::list_some(conn, rows.iter().map(|lot| lot.station_id).collect::<BTreeSet<_>>().into_iter().collect())
            .await?
            .into_iter()
            .map(|station| (station.id, station))
            .collect();
    let lots = rows.iter().map(|lot| RecalledLotView::new(lot, kinds.get(&lot.kind_id), stations.get(&lot.station_id))).collect();
    let takes = store::takes::list_of_lots(conn, ids, TAKES).await?;
    let takes = takes.iter().map(|(take, lot, units)| RecalledTakeView::new(take, *lot, -units)).collect();
    Ok(RecallNoticeView { recall: RecallView::new(&recall, rows.len() as u64), lots, takes })
}
