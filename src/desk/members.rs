//! Members: enter an elder without a phone, approve, edit, erase.

use entity::{ids::MemberId, member, values::Phone};

use super::{About, Desk, Error, Problem, Result, authority::hide, invalid};
use crate::{
    app::App,
    db::Done,
    password,
    rules::refusal::Refusal,
    store,
    vault::{name_place, phone_place},
    view::MemberView,
};

/// The group of everybody of whom nothing else is said.
pub const RESIDENTS: &str = "resident";

/// A member who is not in the table yet.
#[must_use]
pub fn new_member(app: &App, phone: Option<&Phone>, name: Option<&str>) -> member::Model {
    let id: MemberId = app.clock.id();
    member::Model {
        id,
        name_sealed: name.map(|name| app.vault.seal(&name_place(id), name)),
        phone_sealed: phone.map(|phone| app.vault.seal(&phone_place(id), phone.e164())),
        phone_index: phone.map(|phone| app.vault.index(phone)),
        member_group: RESIDENTS.to_owned(),
        verified_at: None,
        approved_at: None,
        approved_by: None,
        password_hash: None,
        language: entity::values::Language::Chinese.tag().to_owned(),
        erased_at: None,
        created_at: app.clock.now(),
        rev: 1,
    }
}

/// A member as staff see them.
#[must_use]
pub fn masked(app: &App, row: &member::Model) -> MemberView {
    MemberView::masked(row, app.vault.name_of(row).as_deref(), app.vault.phone_of(row).as_ref())
}

/// Who is entered.
#[derive(Clone, Debug, Default)]
pub struct Enter {
    /// What they are called.
    pub name: Option<String>,
    /// Their phone number, if they have one.
    pub phone: Option<Phone>,
    /// The group that policies speak of.
    pub group: Option<String>,
}

/// Enters a member. Any staff may: the keeper does it for those who cannot.
///
/// # Errors
/// [`Error::Refused`] when the number is known; [`Error::Invalid`] without name and number.
pub async fn enter(desk: Desk, order: Enter) -> Result<Done<MemberView>> {
    desk.actor.staff()?;
    let name = order.name.map(|name| entity::values::text(&name, 60)).transpose().map_err(invalid("name"))?;
    let group = order.group.map(|group| entity::values::code(&group)).transpose().map_err(invalid("member_group"))?;
    if name.is_none() && order.phone.is_none() {
        return Err(Error::Invalid { field: "name", problem: Problem::Missing });
    }
    let tx = desk.open().await?;
    if let Some(phone) = &order.phone
        && store::members::find_by_phone(tx.conn(), &desk.app.vault.index(phone)).await?.is_some()
    {
        return desk.refuse(tx, vec![Refusal::Taken { field: "phone".to_owned() }]).await;
    }
    let mut row = new_member(&desk.app, order.phone.as_ref(), name.as_deref());
    row.member_group = group.unwrap_or(row.member_group);
    store::members::add(&tx, row.clone()).await?;
    desk.record(&tx, "member_entered", About { member: Some(row.id), ..About::default() }).await?;
    let receipt = masked(&desk.app, &row);
    desk.commit(tx, receipt).await
}

/// What is changed; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// What they are called; their own doing or a keeper's.
    pub name: Option<String>,
    /// The language they read; their own doing or a keeper's.
    pub language: Option<entity::values::Language>,
    /// The group that policies speak of; keepers only.
    pub group: Option<String>,
    /// Approved for things worth more; keepers only.
    pub approved: Option<bool>,
    /// A new password; their own doing, with a role, or an admin's.
    pub password: Option<String>,
}

/// Edits a member.
///
/// # Errors
/// [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`] (also for somebody else's record), [`Error::Invalid`].
pub async fn edit(desk: Desk, (id, what): (MemberId, Edit)) -> Result<Done<MemberView>> {
    let own = desk.actor.member() == Some(id);
    if !own || what.group.is_some() || what.approved.is_some() {
        hide(desk.actor.staff(), "member")?;
    }
    if what.password.is_some() && !(own && desk.actor.staff().is_ok()) {
        hide(desk.actor.admin(), "member")?;
    }
    let name = what.name.map(|name| entity::values::text(&name, 60)).transpose().map_err(invalid("name"))?;
    let group = what.group.map(|group| entity::values::code(&group)).transpose().map_err(invalid("member_group"))?;
    let new_password = match what.password {
        Some(text) if text.chars().count() < password::SHORTEST => {
            return Err(Error::Invalid { field: "password", problem: Problem::TooShort });
        }
        Some(text) => Some(password::hash(text).await?),
        None => None,
    };
    let tx = desk.open().await?;
    let mut row = store::members::lock(&tx, id).await?.filter(|m| m.erased_at.is_none()).ok_or(Error::NotFound("member"))?;
    desk.expect_version(row.rev)?;
    if let Some(name) = name {
        row.name_sealed = Some(desk.app.vault.seal(&name_place(id), &name));
    }
    if let Some(language) = what.language {
        language.tag().clone_into(&mut row.language);
    }
    if let Some(approved) = what.approved {
        (row.approved_at, row.approved_by) = if approved { (Some(desk.now()), desk.actor.member()) } else { (None, None) };
    }
    row.member_group = group.unwrap_or(row.member_group);
    let password_changed = new_password.is_some();
    row.password_hash = new_password.or(row.password_hash);
    let row = store::members::change(&tx, row).await?;
    if password_changed {
        // Whoever knew the old password is signed out everywhere.
        store::sessions::revoke_all(&tx, id, desk.now()).await?;
    }
    let detail = serde_json::json!({ "approved": what.approved, "password": password_changed });
    desk.record(&tx, "member_edited", About { member: Some(id), detail: Some(detail), ..About::default() }).await?;
    let receipt = masked(&desk.app, &row);
    desk.commit(tx, receipt).await
}

/// Erases a member: name, number and past loans are forgotten, the counts stay true. Their own doing, or an admin's.
///
/// # Errors
/// [`Error::Refused`] while something is out, or for the last admin; [`Error::NotFound`].
pub async fn erase(desk: Desk, id: MemberId) -> Result<Done<MemberView>> {
    if desk.actor.member() != Some(id) {
        hide(desk.actor.admin(), "member")?;
    }
    let tx = desk.open().await?;
    let now = desk.now();
    let row = store::members::lock(&tx, id).await?.filter(|m| m.erased_at.is_none()).ok_or(Error::NotFound("member"))?;
    let mut reasons = Vec::new();
    if store::loans::has_open(tx.conn(), id).await? {
        reasons.push(Refusal::ItemStillOut);
    }
    let roles = store::roles::list_of(tx.conn(), id).await?;
    if roles.iter().any(|role| role.role == entity::grant::Role::Admin) && store::roles::count_admins(tx.conn()).await? <= 1 {
        reasons.push(Refusal::LastAdmin);
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    for role in roles {
        store::roles::revoke(&tx, entity::grant::Model { revoked_at: Some(now), ..role }).await?;
    }
    store::sessions::revoke_all(&tx, id, now).await?;
    store::loans::forget_borrower(&tx, id).await?;
    store::lot_holds::forget_member(&tx, id).await?;
    // The key of what they took is made of their number: as long as it stands there, whoever has the number finds it.
    if let Some(phone) = desk.app.vault.phone_of(&row) {
        store::takes::forget_person(&tx, &desk.app.vault.person_key(&phone)).await?;
    }
    let erased = member::Model {
        name_sealed: None,
        phone_sealed: None,
        phone_index: None,
        password_hash: None,
        verified_at: None,
        approved_at: None,
        erased_at: Some(now),
        ..row
    };
    let erased = store::members::change(&tx, erased).await?;
    desk.record(&tx, "member_erased", About { member: Some(id), ..About::default() }).await?;
    let receipt = masked(&desk.app, &erased);
    desk.commit(tx, receipt).await
}
