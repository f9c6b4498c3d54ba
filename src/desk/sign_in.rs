//! Sign in with a password (staff), refresh, sign out.
//!
//! None of these stores its answer under a key: answers with tokens are never written down. A refresh whose answer got lost
//! is forgiven instead: the token before the newest is good once more, as long as the newest was never seen in use. If it
//! was, two devices hold the same family of tokens, and the whole session ends.

use chrono::TimeDelta;
use entity::{
    ids::{MemberId, SessionId},
    session::{self, Proof},
    values::Phone,
};

use super::{About, Desk, Error, Result};
use crate::{
    db::{Done, Trouble, WriteTx},
    password,
    rules::refusal::Refusal,
    store,
    tokens::ACCESS_LIFE,
    vault::sha256,
    view::SessionView,
};

/// How long staff stay signed in.
pub const STAFF_SESSION: TimeDelta = TimeDelta::days(7);
/// How long a resident's device stays signed in: one code per device, never a code per loan.
pub const RESIDENT_SESSION: TimeDelta = TimeDelta::days(180);

/// Signs staff in.
///
/// # Errors
/// [`Error::Refused`] with one reason for everything that may be wrong.
pub async fn with_password(desk: Desk, (phone, secret): (Phone, String)) -> Result<Done<SessionView>> {
    let index = desk.app.vault.index(&phone);
    let member = store::members::find_by_phone(desk.app.db.read(), &index).await?.filter(|m| m.erased_at.is_none());
    let hash = member.as_ref().and_then(|m| m.password_hash.clone());
    // A number without a password is checked against a password all the same: the time tells nothing.
    let fits = password::fits(secret, hash).await;
    let (Some(member), true) = (member, fits) else { return super::refused(Refusal::WrongCredentials) };
    let tx = desk.open().await?;
    let receipt = open_session(&desk, &tx, member.id, Proof::Password).await?;
    desk.commit(tx, receipt).await
}

/// Opens a session for a member who has just proved who they are.
pub(crate) async fn open_session(desk: &Desk, tx: &WriteTx, member: MemberId, proof: Proof) -> Result<SessionView> {
    let now = desk.now();
    let secret = desk.app.vault.new_secret();
    let life = if proof == Proof::Password { STAFF_SESSION } else { RESIDENT_SESSION };
    let row = session::Model {
        id: desk.app.clock.id(),
        member_id: member,
        proof,
        secret_hash: sha256(secret.as_bytes()),
        previous_hash: None,
        generation: 1,
        generation_used: 0,
        created_at: now,
        expires_at: now + life,
        revoked_at: None,
    };
    store::sessions::add(tx, row.clone()).await?;
    desk.record(tx, "signed_in", About { member: Some(member), ..About::default() }).await?;
    tokens_of(desk, &row, secret)
}

fn tokens_of(desk: &Desk, session: &session::Model, secret: String) -> Result<SessionView> {
    let access_token = desk
        .app
        .tokens
        .sign(session.member_id, session.id, session.generation, desk.now())
        .map_err(|e| Trouble::Fault(e.to_string()))?;
    Ok(SessionView {
        access_token,
        refresh_token: secret,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_LIFE.num_seconds(),
        member_id: session.member_id.0,
    })
}

/// Exchanges a refresh token for the next pair.
///
/// # Errors
/// [`Error::NotSignedIn`] for a token that is not good (any more).
pub async fn refresh(desk: Desk, token: String) -> Result<Done<SessionView>> {
    let hash = sha256(token.as_bytes());
    let tx = desk.open().await?;
    let now = desk.now();
    let found = store::sessions::lock_by_any_secret(&tx, &hash).await?;
    let Some(mut session) = found.filter(|session| session.is_live(now)) else { return Err(Error::NotSignedIn) };
    let is_newest = session.secret_hash == hash;
    if !is_newest && session.generation_used >= session.generation {
        store::sessions::revoke(&tx, session.id, now).await?;
        desk.record(&tx, "session_ended_reuse", About { member: Some(session.member_id), ..About::default() }).await?;
        tx.commit(()).await?;
        return Err(Error::NotSignedIn);
    }
    let secret = desk.app.vault.new_secret();
    let read_at = session.generation;
    // The token that was shown stays the forgivable one: a lost answer may get lost again.
    session.previous_hash = Some(hash);
    session.secret_hash = sha256(secret.as_bytes());
    session.generation += 1;
    if is_newest {
        session.generation_used = read_at;
    }
    store::sessions::change(&tx, session.clone(), read_at).await?;
    let receipt = tokens_of(&desk, &session, secret)?;
    desk.commit(tx, receipt).await
}

/// An access token of this generation was seen: the refresh token before it is no longer forgiven.
///
/// # Errors
/// [`Trouble`] of the database.
pub async fn mark_used(desk: Desk, (session, generation): (SessionId, i32)) -> Result<Done<()>> {
    let tx = desk.open().await?;
    store::sessions::mark_used(&tx, session, generation).await?;
    desk.commit(tx, ()).await
}

/// Ends the session of whoever asks.
///
/// # Errors
/// [`Error::NotSignedIn`].
pub async fn sign_out(desk: Desk, _: ()) -> Result<Done<()>> {
    let resident = desk.actor.resident()?;
    let session = desk.actor.session().ok_or(Error::NotSignedIn)?;
    let tx = desk.open().await?;
    store::sessions::revoke(&tx, session, desk.now()).await?;
    desk.record(&tx, "signed_out", About { member: Some(resident.id()), ..About::default() }).await?;
    desk.commit(tx, ()).await
}
