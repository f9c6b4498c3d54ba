//! Roles: grant one, take one back.

use entity::{
    grant::{self, Role},
    ids::{CommunityId, GrantId, MemberId, StationId},
};

use super::{About, Desk, Error, Problem, Result};
use crate::{db::Done, rules::refusal::Refusal, store, view::RoleView};

/// What is granted.
#[derive(Clone, Copy, Debug)]
pub enum Office {
    /// Runs this station; granted by a manager of its community.
    Keeper(StationId),
    /// Runs this community; granted by an admin.
    Manager(CommunityId),
    /// Runs the installation; granted by an admin.
    Admin,
}

/// Grants a role. It counts in sessions that begin with a password; an admin sets the first one.
///
/// # Errors
/// [`Error::Refused`] when the member has it; [`Error::NotFound`], [`Error::Forbidden`].
pub async fn grant(desk: Desk, (id, office): (MemberId, Office)) -> Result<Done<RoleView>> {
    let tx = desk.open().await?;
    let (role, community, station) = match office {
        Office::Keeper(id) => {
            desk.actor.staff()?;
            let station = store::stations::find(tx.conn(), id).await?;
            let station = station.ok_or(Error::Invalid { field: "station_id", problem: Problem::Unknown })?;
            desk.actor.manager_of(station.community_id)?;
            (Role::Keeper, None, Some(id))
        }
        Office::Manager(id) => {
            desk.actor.admin()?;
            let community = store::communities::find(tx.conn(), id).await?;
            community.ok_or(Error::Invalid { field: "community_id", problem: Problem::Unknown })?;
            (Role::Manager, Some(id), None)
        }
        Office::Admin => {
            desk.actor.admin()?;
            (Role::Admin, None, None)
        }
    };
    store::members::lock(&tx, id).await?.filter(|m| m.erased_at.is_none()).ok_or(Error::NotFound("member"))?;
    let held = store::roles::list_of(tx.conn(), id).await?;
    if held.iter().any(|g| g.role == role && g.community_id == community && g.station_id == station) {
        return desk.refuse(tx, vec![Refusal::RoleHeld]).await;
    }
    let row = grant::Model {
        id: desk.app.clock.id(),
        member_id: id,
        role,
        community_id: community,
        station_id: station,
        granted_by: desk.actor.member(),
        granted_at: desk.now(),
        revoked_at: None,
    };
    store::roles::add(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "role": role }));
    desk.record(&tx, "role_granted", About { member: Some(id), station, detail, ..About::default() }).await?;
    desk.commit(tx, RoleView::from(&row)).await
}

/// Takes a role back. It stops counting at once, also in open sessions.
///
/// # Errors
/// [`Error::Refused`] for the last admin; [`Error::NotFound`], [`Error::Forbidden`].
pub async fn take_back(desk: Desk, id: GrantId) -> Result<Done<RoleView>> {
    desk.actor.staff()?;
    let tx = desk.open().await?;
    let mut row = store::roles::find(tx.conn(), id).await?.ok_or(Error::NotFound("role"))?;
    let community = match (row.community_id, row.station_id) {
        (None, Some(station)) => store::stations::find(tx.conn(), station).await?.map(|station| station.community_id),
        _ => None,
    };
    match (row.role, community) {
        (Role::Keeper, Some(community)) => desk.actor.manager_of(community).map(|_| ())?,
        _ => desk.actor.admin().map(|_| ())?,
    }
    if row.role == Role::Admin && store::roles::count_admins(tx.conn()).await? <= 1 {
        return desk.refuse(tx, vec![Refusal::LastAdmin]).await;
    }
    row.revoked_at = Some(desk.now());
    store::roles::revoke(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "role": row.role }));
    let about = About { member: Some(row.member_id), station: row.station_id, detail, ..About::default() };
    desk.record(&tx, "role_taken_back", about).await?;
    desk.commit(tx, RoleView::from(&row)).await
}
