//! What may be taken at a station now: the same rule that decides a take, only asked.

use entity::task::What;
use sea_orm::ConnectionTrait;

use super::{today, with_causes};
use crate::{
    desk::{Desk, Error, Result},
    rules::take::{self as rule, Counted, Facts},
    store,
    view::ShelfView,
};

/// All kinds with a profile that the station holds anything of.
///
/// # Errors
/// [`Error::NotFound`], the database.
pub async fn shelf(desk: &Desk, conn: &impl ConnectionTrait, station_code: &str) -> Result<Vec<ShelfView>> {
    let station = store::stations::find_by_code(conn, station_code).await?.ok_or(Error::NotFound("station"))?;
    let day = today(desk, conn, &station).await?;
    let lots = store::lots::list_on_shelf(conn, station.id, None).await?;
    let mut kinds: Vec<_> = lots.iter().map(|lot| lot.kind_id).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let profiles = store::consumables::list(conn, kinds).await?;
    let mut shelves = Vec::with_capacity(profiles.len());
    for profile in profiles {
        let Some(kind) = store::kinds::find(conn, profile.kind_id).await? else { continue };
        let mine = lots.iter().filter(|lot| lot.kind_id == profile.kind_id).cloned().collect();
        let lots = with_causes(conn, station.id, &profile, mine).await?;
        let facts = Facts {
            kind: &kind,
            profile: &profile,
            station: &station,
            lots: &lots,
            taken_today: 0,
            contents: &[],
            counted: Counted::NOBODY,
            attended: false,
            stray: store::tasks::find_open_at(conn, station.id, kind.id, What::FindStray).await?.is_some(),
            today: day,
        };
        shelves.push(ShelfView::new(&kind, &profile, &rule::outlook(&facts), &lots));
    }
    Ok(shelves)
}
