//! A take is refused, and somebody holds a pack in hand that nobody should: a keeper must hear of it all the same.

use std::collections::BTreeSet;

use entity::{ids::LotId, stock_block::Cause, task::What};

use super::{Place, lay_block, open_task};
use crate::{
    db::{Intent, WriteTx},
    desk::{Desk, Error, Result, borrow::new_task},
    rules::{
        refusal::Refusal,
        shelf::{self, Heard},
        take::{Facts, Wanted},
    },
    store,
};

/// Refuses, and tells keepers what there is to tell. Nobody is named.
pub(super) async fn refuse<T>(
    desk: &Desk,
    tx: WriteTx,
    (place, facts, wanted): (&Place, &Facts<'_>, &Wanted),
    reasons: Vec<Refusal>,
) -> Result<T> {
    let heard = if desk.rehearsal { BTreeSet::new() } else { shelf::heard(facts, wanted, &reasons) };
    let refused = desk.refuse_unstored(tx, reasons).await;
    if !heard.is_empty() && matches!(refused, Err(Error::Refused(_))) {
        let desk = desk.unnamed();
        let tx = desk.app.db.write(Intent::default()).await?;
        tell(&desk, &tx, place, &heard).await?;
        tx.commit(()).await?;
    }
    refused
}

async fn tell(desk: &Desk, tx: &WriteTx, place: &Place, heard: &BTreeSet<Heard>) -> Result<()> {
    let ids: BTreeSet<LotId> = heard.iter().filter_map(|heard| about(*heard)).collect();
    let lots = store::lots::lock_all(tx, ids.into_iter().collect()).await?;
    for heard in heard {
        let lot = about(*heard).and_then(|id| lots.iter().find(|lot| lot.id == id));
        match (heard, lot) {
            (Heard::MustGo(_), Some(lot)) => {
                open_task(desk, tx, lot, What::PutInRedBox, Some("有人拿到了不能再用的".to_owned())).await?;
            }
            (Heard::Unverified(_), Some(lot)) => open_task(desk, tx, lot, What::VerifyLabel, None).await?,
            (Heard::InConflict(_), Some(lot)) => open_task(desk, tx, lot, What::SettleConflict, None).await?,
            (Heard::Contradicted(_), Some(lot)) => {
                let why = "有人扫到的码与登记的批号或有效期不一致";
                let lot = lay_block(desk, tx, lot, Cause::Conflict, why).await?;
                open_task(desk, tx, &lot, What::SettleConflict, Some(why.to_owned())).await?;
            }
            (Heard::MoreThanWritten(_), Some(lot)) => {
                open_task(desk, tx, lot, What::CountAgain, Some("有人手里的比账上的多".to_owned())).await?;
            }
            (Heard::Stray, _) => {
                let row = entity::task::Model {
                    natural_key: format!("{:?}:{}:{}", What::FindStray, place.station.id, place.kind.id),
                    station_id: Some(place.station.id),
                    kind_id: Some(place.kind.id),
                    note: Some("有人拿到了过期或对不上的，不属于任何登记的批次：请翻查这一格".to_owned()),
                    ..new_task(desk, What::FindStray)
                };
                store::tasks::open(tx, row).await?;
            }
            (_, None) => {}
        }
    }
    Ok(())
}

fn about(heard: Heard) -> Option<LotId> {
    match heard {
        Heard::MustGo(lot)
        | Heard::Unverified(lot)
        | Heard::InConflict(lot)
        | Heard::Contradicted(lot)
        | Heard::MoreThanWritten(lot) => Some(lot),
        Heard::Stray => None,
    }
}
