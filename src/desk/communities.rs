//! Communities: create, edit.

use entity::{community, ids::CommunityId};

use super::{About, Desk, Error, Result, invalid};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::CommunityView,
};

/// Enters a community. Admins only.
///
/// # Errors
/// [`Error::Refused`] when the name is taken.
pub async fn create(desk: Desk, name: String) -> Result<Done<CommunityView>> {
    desk.actor.admin()?;
    let name = entity::values::text(&name, 80).map_err(invalid("name"))?;
    let tx = desk.open().await?;
    if store::communities::find_by_name(tx.conn(), &name).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "name".to_owned() }]).await;
    }
    let row = community::Model { id: desk.app.clock.id(), name, created_at: desk.now(), rev: 1 };
    store::communities::add(&tx, row.clone()).await?;
    desk.record(&tx, "community_created", About { detail: Some(serde_json::json!({ "id": row.id })), ..About::default() })
        .await?;
    desk.commit(tx, CommunityView::from(&row)).await
}

/// The community of that name; entered if there is none. For registers.
///
/// # Errors
/// [`Error::Invalid`]; the database.
pub async fn find_or_make(desk: &Desk, tx: &WriteTx, name: &str) -> Result<CommunityId> {
    let name = entity::values::text(name, 80).map_err(invalid("name"))?;
    if let Some(there) = store::communities::find_by_name(tx.conn(), &name).await? {
        return Ok(there.id);
    }
    let row = community::Model { id: desk.app.clock.id(), name, created_at: desk.now(), rev: 1 };
    store::communities::add(tx, row.clone()).await?;
    Ok(row.id)
}

/// Gives a community another name. Its managers only.
///
/// # Errors
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`], [`Error::Forbidden`]; refused when the name is taken.
pub async fn edit(desk: Desk, (id, name): (CommunityId, Option<String>)) -> Result<Done<CommunityView>> {
    desk.actor.manager_of(id)?;
    let name = name.map(|name| entity::values::text(&name, 80)).transpose().map_err(invalid("name"))?;
    let tx = desk.open().await?;
    let mut row = store::communities::find(tx.conn(), id).await?.ok_or(Error::NotFound("community"))?;
    desk.expect_version(row.rev)?;
    if let Some(name) = name {
        let taken = store::communities::find_by_name(tx.conn(), &name).await?.is_some_and(|other| other.id != id);
        if taken {
            return desk.refuse(tx, vec![Refusal::Taken { field: "name".to_owned() }]).await;
        }
        row.name = name;
    }
    let row = store::communities::change(&tx, row).await?;
    desk.record(&tx, "community_edited", About { detail: Some(serde_json::json!({ "id": row.id })), ..About::default() }).await?;
    desk.commit(tx, CommunityView::from(&row)).await
}
