//! Set up: the first admin, once, with the code that was printed at the first start.

use entity::{app_secret, grant, grant::Role, member, session::Proof, values::Phone};

use super::{About, Desk, Error, Problem, Result, invalid, members::new_member, refused, sign_in::open_session};
use crate::{
    app::App,
    db::{Done, Intent, Trouble},
    password,
    rules::refusal::Refusal,
    store,
    vault::{equal, sha256},
    view::SessionView,
};

const SETUP: &str = "setup";

/// Makes a setup code, unless there is an admin already. Gives back the code to print, or `None` when nothing is to be set up
/// or the code comes from the settings (which are not repeated).
///
/// # Errors
/// [`Trouble`] of the database.
pub async fn offer(app: &App) -> std::result::Result<Option<String>, Trouble> {
    if store::roles::count_admins(app.db.read()).await? > 0 {
        return Ok(None);
    }
    let (code, printed) = match &app.config.setup_code {
        Some(code) => (code.clone(), None),
        None => {
            let code = super::stickers::new_code(app).to_string();
            (code.clone(), Some(code))
        }
    };
    let tx = app.db.write(Intent::default()).await?;
    let row = app_secret::Model { name: SETUP.to_owned(), value: sha256(code.as_bytes()), created_at: app.clock.now() };
    store::app_secrets::keep_last(&tx, row).await?;
    tx.commit(()).await?;
    Ok(printed)
}

/// What is told.
#[derive(Clone)]
pub struct SetUp {
    /// The setup code.
    pub code: String,
    /// What the admin is called.
    pub name: String,
    /// Their phone number.
    pub phone: Phone,
    /// Their password.
    pub password: String,
}

/// Is this the code that was printed? And is there still anything to set up?
///
/// # Errors
/// [`Error::Refused`]: there is an admin, or the code is wrong.
pub async fn check_code(desk: &Desk, code: &str) -> Result<()> {
    let expected = store::app_secrets::find(desk.app.db.read(), SETUP).await?;
    if expected.is_none_or(|row| !equal(&row.value, &sha256(code.trim().as_bytes()))) {
        let set_up = store::roles::count_admins(desk.app.db.read()).await? > 0;
        return refused(if set_up { Refusal::AlreadySetUp } else { Refusal::WrongCode });
    }
    Ok(())
}

/// Makes the first admin and signs them in.
///
/// # Errors
/// [`Error::Refused`]: there is an admin, or the code is wrong. [`Error::Invalid`]: name or password.
pub async fn set_up(desk: Desk, order: SetUp) -> Result<Done<SessionView>> {
    let name = entity::values::text(&order.name, 60).map_err(invalid("name"))?;
    if order.password.chars().count() < password::SHORTEST {
        return Err(Error::Invalid { field: "password", problem: Problem::TooShort });
    }
    check_code(&desk, &order.code).await?;
    let hash = password::hash(order.password.clone()).await?;
    let tx = desk.open().await?;
    let now = desk.now();
    // The row of the code is the lock: whoever deletes it first is the admin.
    if store::roles::count_admins(tx.conn()).await? > 0 || !store::app_secrets::forget(&tx, SETUP).await? {
        return refused(Refusal::AlreadySetUp);
    }
    let known = store::members::lock_by_phone(&tx, &desk.app.vault.index(&order.phone)).await?;
    let is_new = known.is_none();
    let base = known.unwrap_or_else(|| new_member(&desk.app, Some(&order.phone), Some(&name)));
    let admin = member::Model { password_hash: Some(hash), approved_at: Some(now), verified_at: Some(now), ..base };
    if is_new {
        store::members::add(&tx, admin.clone()).await?;
    } else {
        store::members::change(&tx, admin.clone()).await?;
    }
    let role = grant::Model {
        id: desk.app.clock.id(),
        member_id: admin.id,
        role: Role::Admin,
        community_id: None,
        station_id: None,
        granted_by: None,
        granted_at: now,
        revoked_at: None,
    };
    store::roles::add(&tx, role).await?;
    desk.record(&tx, "set_up", About { member: Some(admin.id), ..About::default() }).await?;
    let receipt = open_session(&desk, &tx, admin.id, Proof::Password).await?;
    desk.commit(tx, receipt).await
}
