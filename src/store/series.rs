//! Series and their days.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::{BookingId, MemberId, OccasionId, SeriesId, StationId},
    series, series_day,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// One series.
pub async fn find(conn: &impl ConnectionTrait, id: SeriesId) -> Read<Option<series::Model>> {
    series::Entity::find_by_id(id).one(conn).await
}

/// A page of series, newest first: of a member, or at a station.
pub async fn list(
    conn: &impl ConnectionTrait,
    (member, station): (Option<MemberId>, Option<StationId>),
    after: Option<SeriesId>,
    limit: u64,
) -> Read<Vec<series::Model>> {
    let wanted = Condition::all()
        .add_option(member.map(|id| series::Column::MemberId.eq(id)))
        .add_option(station.map(|id| series::Column::StationId.eq(id)))
        .add_option(after.map(|id| series::Column::Id.lt(id)));
    series::Entity::find().filter(wanted).order_by_desc(series::Column::Id).limit(limit).all(conn).await
}

/// The days of a series, in order.
pub async fn list_days(conn: &impl ConnectionTrait, id: SeriesId) -> Read<Vec<series_day::Model>> {
    let days = series_day::Entity::find().filter(series_day::Column::SeriesId.eq(id));
    days.order_by_asc(series_day::Column::Day).all(conn).await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: series::Model) -> Result<(), Trouble> {
    insert::<series::Entity>(tx, row).await
}

/// A new day of one.
pub async fn add_day(tx: &WriteTx, row: series_day::Model) -> Result<(), Trouble> {
    insert::<series_day::Entity>(tx, row).await
}

/// A day that was skipped is made after all.
pub async fn make_day(
    tx: &WriteTx,
    (series, day): (SeriesId, NaiveDate),
    (booking, occasion): (Option<BookingId>, Option<OccasionId>),
) -> Result<(), Trouble> {
    let made = series_day::Entity::update_many()
        .col_expr(series_day::Column::BookingId, Expr::value(booking))
        .col_expr(series_day::Column::OccasionId, Expr::value(occasion))
        .col_expr(series_day::Column::Reasons, Expr::value(series_day::Reasons(serde_json::json!([]))))
        .filter(series_day::Column::SeriesId.eq(series))
        .filter(series_day::Column::Day.eq(day))
        .filter(series_day::Column::BookingId.is_null())
        .filter(series_day::Column::OccasionId.is_null())
        .exec(tx.conn())
        .await?;
    exactly_one(made.rows_affected, "series_day")
}

/// What is left of a series was cancelled.
pub async fn end(tx: &WriteTx, id: SeriesId, now: DateTime<Utc>) -> Result<(), Trouble> {
    series::Entity::update_many()
        .col_expr(series::Column::EndedAt, Expr::value(now))
        .filter(series::Column::Id.eq(id))
        .filter(series::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}
