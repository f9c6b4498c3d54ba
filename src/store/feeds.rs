//! Calendars that people subscribe to.

use chrono::{DateTime, Utc};
use entity::{
    booking,
    feed::{Column, Entity, Model},
    ids::{FeedId, MemberId, SpaceId, StationId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{Read, insert};
use crate::db::{Trouble, WriteTx};

/// The calendar with this address, unless it was revoked.
pub async fn find_by_token(conn: &impl ConnectionTrait, hash: &[u8]) -> Read<Option<Model>> {
    Entity::find().filter(Column::TokenHash.eq(hash)).filter(Column::RevokedAt.is_null()).one(conn).await
}

/// One calendar.
pub async fn find(conn: &impl ConnectionTrait, id: FeedId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// Those that a member has made, newest first.
pub async fn list_of(conn: &impl ConnectionTrait, member: MemberId) -> Read<Vec<Model>> {
    let made = Entity::find().filter(Column::MadeBy.eq(member)).filter(Column::RevokedAt.is_null());
    made.order_by_desc(Column::Id).limit(100).all(conn).await
}

/// Those of a station and of these spaces, newest first, whoever has made them.
pub async fn list_at(conn: &impl ConnectionTrait, station: StationId, spaces: Vec<SpaceId>) -> Read<Vec<Model>> {
    let there = Condition::any().add(Column::StationId.eq(station)).add(Column::SpaceId.is_in(spaces));
    let made = Entity::find().filter(there).filter(Column::RevokedAt.is_null());
    made.order_by_desc(Column::Id).limit(100).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Nobody reads it any more.
pub async fn revoke(tx: &WriteTx, id: FeedId, now: DateTime<Utc>) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The bookings that a calendar shows: those that stand or have ended lately, of a member, a station's spaces, or a space.
pub async fn list_bookings(
    conn: &impl ConnectionTrait,
    (member, station, space): (Option<MemberId>, Option<StationId>, Option<SpaceId>),
    since: DateTime<Utc>,
) -> Read<Vec<booking::Model>> {
    let of_station = station.map(|id| {
        let spaces = Condition::any().add(booking::Column::SpaceId.is_not_null());
        Condition::all().add(booking::Column::StationId.eq(id)).add(spaces)
    });
    let wanted = Condition::all()
        .add_option(member.map(|id| booking::Column::MemberId.eq(id)))
        .add_option(of_station)
        .add_option(space.map(|id| booking::Column::SpaceId.eq(id)))
        .add(booking::Column::EndsAt.gt(since));
    booking::Entity::find().filter(wanted).order_by_asc(booking::Column::StartsAt).limit(1_000).all(conn).await
}
