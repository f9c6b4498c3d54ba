//! Tickets and the reports in them.

use chrono::{DateTime, Utc};
use entity::{
    ids::{ItemId, PhotoId, StationId, TicketId},
    station_photo,
    ticket::{Column, Entity, Model},
    ticket_note,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{Read, insert, overwrite};
use crate::db::{Trouble, WriteTx};

/// Which tickets a list asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not closed.
    Open,
    /// Not closed, and nobody has seen all of it.
    Unseen,
    /// Closed.
    Closed,
}

/// One ticket.
pub async fn find(conn: &impl ConnectionTrait, id: TicketId) -> Read<Option<Model>> {
    Entity::find_by_id(id).one(conn).await
}

/// As [`find`], held until the end of the write.
pub async fn lock(tx: &WriteTx, id: TicketId) -> Read<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(tx.conn()).await
}

/// The open ticket of a thing.
pub async fn find_open_of_item(conn: &impl ConnectionTrait, item: ItemId) -> Read<Option<Model>> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::ClosedAt.is_null()).one(conn).await
}

/// A page of tickets at these stations (all for none), newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    stations: Option<Vec<StationId>>,
    state: Option<State>,
    before: Option<TicketId>,
    limit: u64,
) -> Read<Vec<Model>> {
    let wanted = Condition::all()
        .add_option(stations.map(|ids| Column::StationId.is_in(ids)))
        .add_option(before.map(|id| Column::Id.lt(id)));
    let wanted = match state {
        None => wanted,
        Some(State::Open) => wanted.add(Column::ClosedAt.is_null()),
        Some(State::Unseen) => wanted.add(Column::ClosedAt.is_null()).add(Column::SeenAt.is_null()),
        Some(State::Closed) => wanted.add(Column::ClosedAt.is_not_null()),
    };
    Entity::find().filter(wanted).order_by_desc(Column::Id).limit(limit).all(conn).await
}

/// Are there open tickets about a station itself?
pub async fn has_open_about_station(conn: &impl ConnectionTrait, station: StationId) -> Read<bool> {
    let open = Entity::find().filter(Column::StationId.eq(station)).filter(Column::ItemId.is_null());
    Ok(open.filter(Column::ClosedAt.is_null()).count(conn).await? > 0)
}

/// The reports of a ticket, oldest first, at most two hundred.
pub async fn list_notes(conn: &impl ConnectionTrait, ticket: TicketId) -> Read<Vec<ticket_note::Model>> {
    ticket_note::Entity::find()
        .filter(ticket_note::Column::TicketId.eq(ticket))
        .order_by_asc(ticket_note::Column::Id)
        .limit(200)
        .all(conn)
        .await
}

/// A new one.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes an open ticket anew.
pub async fn change(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::ClosedAt.is_null());
    overwrite::<Entity>(tx, row, guard, "ticket.closed_at").await
}

/// A new report.
pub async fn add_note(tx: &WriteTx, row: ticket_note::Model) -> Result<(), Trouble> {
    insert::<ticket_note::Entity>(tx, row).await
}

/// The open ticket of a thing follows it to another station.
pub async fn follow(tx: &WriteTx, item: ItemId, station: StationId) -> Result<(), Trouble> {
    Entity::update_many()
        .col_expr(Column::StationId, Expr::value(station))
        .filter(Column::ItemId.eq(item))
        .filter(Column::ClosedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A new photo of a station.
pub async fn add_station_photo(
    tx: &WriteTx,
    id: PhotoId,
    station: StationId,
    jpeg: Vec<u8>,
    at: DateTime<Utc>,
) -> Result<(), Trouble> {
    insert::<station_photo::Entity>(tx, station_photo::Model { id, station_id: station, jpeg, created_at: at }).await
}

/// A photo of a station.
pub async fn find_station_photo(conn: &impl ConnectionTrait, id: PhotoId) -> Read<Option<station_photo::Model>> {
    station_photo::Entity::find_by_id(id).one(conn).await
}
