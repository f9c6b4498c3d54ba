//! Kinds: create, edit, retire.

use entity::{
    grant::Role,
    ids::{CommunityId, KindId},
    kind::{self, Identity, Tracked},
};

use super::{About, Desk, Error, Problem, Result, invalid};
use crate::{db::Done, rules::refusal::Refusal, store, view::KindView};

/// What a kind is. What is `None` has its default when it is created, and stays when it is edited.
#[derive(Clone, Debug, Default)]
pub struct Particulars {
    /// What people call it, in Chinese.
    pub name: Option<String>,
    /// What people call it, in English; `Some(None)` takes it away.
    pub name_en: Option<Option<String>>,
    /// A slug of the catalogue.
    pub category: Option<String>,
    /// The picture that always loads; `Some(None)` takes it away.
    pub emoji: Option<Option<String>>,
    /// Numbered things, or lots. Default: things.
    pub tracked: Option<Tracked>,
    /// How well we must know who borrows. Default: not at all.
    pub identity: Option<Identity>,
    /// Tells about somebody's health. Default: no.
    pub sensitive: Option<bool>,
    /// How often things of it must be inspected or calibrated; `Some(None)`: never.
    pub inspect_every_days: Option<Option<i32>>,
    /// Given up, or taken up again.
    pub retired: Option<bool>,
}

/// Enters a kind: for a community (by its managers), or for all (by admins). A manager of one community who does not say
/// which means that one.
///
/// # Errors
/// [`Error::Refused`] when the name is taken; [`Error::Invalid`].
pub async fn create(desk: Desk, (community, what): (Option<CommunityId>, Particulars)) -> Result<Done<KindView>> {
    let community = match community {
        None if desk.actor.admin().is_err() => only_community(&desk),
        given => given,
    };
    may_edit(&desk, community)?;
    for (field, missing) in [("name", what.name.is_none()), ("category", what.category.is_none())] {
        if missing {
            return Err(Error::Invalid { field, problem: Problem::Missing });
        }
    }
    let tx = desk.open().await?;
    if let Some(id) = community
        && store::communities::find(tx.conn(), id).await?.is_none()
    {
        return Err(Error::Invalid { field: "community_id", problem: Problem::Unknown });
    }
    let row = apply(new_kind(desk.app.clock.id(), community, desk.now()), what, desk.now())?;
    if store::kinds::find_by_name(tx.conn(), community, &row.name).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "name".to_owned() }]).await;
    }
    store::kinds::add(&tx, row.clone()).await?;
    desk.record(&tx, "kind_created", About { detail: Some(serde_json::json!({ "id": row.id })), ..About::default() }).await?;
    desk.commit(tx, KindView::from(&row)).await
}

/// A kind without a name yet.
#[must_use]
pub fn new_kind(id: KindId, community: Option<CommunityId>, now: chrono::DateTime<chrono::Utc>) -> kind::Model {
    kind::Model {
        id,
        community_id: community,
        name: String::new(),
        name_en: None,
        category: String::new(),
        emoji: None,
        tracked: Tracked::Item,
        identity: Identity::Anonymous,
        sensitive: false,
        inspect_every_days: None,
        retired_at: None,
        created_at: now,
        rev: 1,
    }
}

fn only_community(desk: &Desk) -> Option<CommunityId> {
    let mut managed = desk.actor.roles().iter().filter(|role| role.role == Role::Manager).filter_map(|role| role.community_id);
    match (managed.next(), managed.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Managers edit what their community keeps; admins what all share.
pub(crate) fn may_edit(desk: &Desk, community: Option<CommunityId>) -> Result<()> {
    match community {
        Some(id) => desk.actor.manager_of(id).map(|_| ()),
        None => desk.actor.admin().map(|_| ()),
    }
}

/// As `may_edit`, asked before anybody tries.
#[must_use]
pub fn may_be_edited(desk: &Desk, community: Option<CommunityId>) -> bool {
    may_edit(desk, community).is_ok()
}

/// Edits a kind.
///
/// # Errors
/// [`Error::Refused`] when the name is taken, or when things of it exist and it would be counted otherwise;
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`], [`Error::Forbidden`].
pub async fn edit(desk: Desk, (id, what): (KindId, Particulars)) -> Result<Done<KindView>> {
    let tx = desk.open().await?;
    let old = store::kinds::find(tx.conn(), id).await?.ok_or(Error::NotFound("kind"))?;
    may_edit(&desk, old.community_id)?;
    desk.expect_version(old.rev)?;
    let row = apply(old.clone(), what, desk.now())?;
    let mut reasons = Vec::new();
    if row.tracked != old.tracked && store::kinds::is_in_use(tx.conn(), id).await? {
        reasons.push(Refusal::KindInUse);
    }
    let namesake = store::kinds::find_by_name(tx.conn(), row.community_id, &row.name).await?;
    if row.retired_at.is_none() && namesake.is_some_and(|other| other.id != id) {
        reasons.push(Refusal::Taken { field: "name".to_owned() });
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let row = store::kinds::change(&tx, row).await?;
    desk.record(&tx, "kind_edited", About { detail: Some(serde_json::json!({ "id": row.id })), ..About::default() }).await?;
    desk.commit(tx, KindView::from(&row)).await
}

fn apply(mut row: kind::Model, what: Particulars, now: chrono::DateTime<chrono::Utc>) -> Result<kind::Model> {
    if let Some(name) = what.name {
        row.name = entity::values::text(&name, 60).map_err(invalid("name"))?;
    }
    if let Some(name) = what.name_en {
        row.name_en = name.map(|text| entity::values::text(&text, 60)).transpose().map_err(invalid("name_en"))?;
    }
    if let Some(category) = what.category {
        row.category = entity::values::text(&category, 40).map_err(invalid("category"))?;
    }
    if let Some(emoji) = what.emoji {
        row.emoji = emoji.map(|text| entity::values::text(&text, 8)).transpose().map_err(invalid("emoji"))?;
    }
    row.tracked = what.tracked.unwrap_or(row.tracked);
    row.identity = what.identity.unwrap_or(row.identity);
    row.sensitive = what.sensitive.unwrap_or(row.sensitive);
    if let Some(days) = what.inspect_every_days {
        if days.is_some_and(|days| !(1..=3_650).contains(&days)) {
            return Err(Error::Invalid { field: "inspect_every_days", problem: Problem::OutOfRange });
        }
        row.inspect_every_days = days;
    }
    if let Some(retired) = what.retired {
        row.retired_at = retired.then_some(row.retired_at.unwrap_or(now));
    }
    Ok(row)
}
