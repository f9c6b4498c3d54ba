//! What is to be counted next at a station: a few lots, without their numbers. Whoever counts, counts blind.

use sea_orm::ConnectionTrait;

use super::today;
use crate::{
    desk::{Desk, Error, Result},
    rules::count as rule,
    store,
    view::ToCountView,
};

/// At most eight lots, those counted least recently first, and among them what ends soonest. Its keepers.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], the database.
pub async fn to_count(desk: &Desk, conn: &impl ConnectionTrait, station_code: &str) -> Result<Vec<ToCountView>> {
    let station = store::stations::find_by_code(conn, station_code).await?.ok_or(Error::NotFound("station"))?;
    desk.actor.keeper_of(&station)?;
    let day = today(desk, conn, &station).await?;
    let waiting = store::stock_counts::list_open_at(conn, station.id).await?;
    let lots = store::lots::list_on_shelf(conn, station.id, None).await?;
    let mut all = Vec::new();
    for lot in rule::worklist(lots, &waiting, station.zone(), day) {
        let Some(kind) = store::kinds::find(conn, lot.kind_id).await? else { continue };
        all.push(ToCountView::new(&kind, &lot, waiting.contains(&lot.id)));
    }
    Ok(all)
}
