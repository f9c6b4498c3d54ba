//! Verify a phone: a one-time code goes out through the outbox, comes back, and signs its owner in.
//!
//! Five tries a code, five minutes, three codes in ten minutes and ten a day for one number. The answer is the same for
//! every number: whether it is known here is nobody's business. Wrong codes never lock anybody out; they only use up a code.

use chrono::TimeDelta;
use entity::{member, notice, session::Proof, values::Phone, verification};

use super::{About, Desk, Error, Result, members::new_member, sign_in::open_session};
use crate::{
    db::Done,
    rules::refusal::Refusal,
    store,
    vault::equal,
    view::{SessionView, VerificationView},
};

/// How long a code works.
pub const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);
/// How often one code may be tried.
pub const MOST_TRIES: i32 = 5;
/// How many codes a number gets in how long.
const BUDGETS: [(usize, TimeDelta); 3] = [(1, TimeDelta::seconds(60)), (3, TimeDelta::minutes(10)), (10, TimeDelta::days(1))];

/// Sends a code.
///
/// # Errors
/// [`Error::Refused`] with when to ask again, after too many.
pub async fn send_code(desk: Desk, phone: Phone) -> Result<Done<VerificationView>> {
    let index = desk.app.vault.index(&phone);
    let tx = desk.open().await?;
    let now = desk.now();
    let sent = store::verifications::list_since(tx.conn(), &index, now - TimeDelta::days(1)).await?;
    for (most, within) in BUDGETS {
        let recent: Vec<_> = sent.iter().filter(|code| code.created_at > now - within).collect();
        if let (true, Some(oldest)) = (recent.len() >= most, recent.last()) {
            return desk.refuse(tx, vec![Refusal::TooManyCodes { retry_at: oldest.created_at + within }]).await;
        }
    }
    let code = desk.app.vault.new_code();
    let id: entity::ids::VerificationId = desk.app.clock.id();
    let row = verification::Model {
        id,
        phone_index: index,
        code_hash: desk.app.vault.code_hash(&phone, &code),
        attempts: 0,
        created_at: now,
        expires_at: now + CODE_LIFE,
        used_at: None,
    };
    store::verifications::add(&tx, row).await?;
    let sealed = desk.app.vault.seal(&format!("notice.code:{id}"), &code);
    let notice = notice::Model {
        id: desk.app.clock.id(),
        natural_key: format!("verification:{id}"),
        member_id: None,
        phone_sealed: Some(desk.app.vault.seal(&format!("notice.phone:verification:{id}"), phone.e164())),
        template: "verification_code".to_owned(),
        params: serde_json::json!({ "verification": id, "code_sealed": sealed }),
        send_after: now,
        expires_at: now + CODE_LIFE,
        attempts: 0,
        leased_until: None,
        sent_at: None,
        dropped_at: None,
        trouble: None,
        created_at: now,
    };
    store::notices::tell(&tx, notice).await?;
    desk.commit(tx, VerificationView { expires_in: CODE_LIFE.num_seconds() }).await
}

/// Signs in whoever has the code. A number that was nobody's becomes a resident.
///
/// # Errors
/// [`Error::Refused`] with one reason for everything that may be wrong with the code.
pub async fn sign_in(desk: Desk, (phone, code): (Phone, String)) -> Result<Done<SessionView>> {
    let index = desk.app.vault.index(&phone);
    let tx = desk.open().await?;
    let now = desk.now();
    let newest = store::verifications::lock_newest(&tx, &index).await?;
    let Some(sent) = newest.filter(|v| v.used_at.is_none() && now < v.expires_at && v.attempts < MOST_TRIES) else {
        return super::refused(Refusal::WrongCode);
    };
    if !equal(&sent.code_hash, &desk.app.vault.code_hash(&phone, &code)) {
        // The try counts, whatever becomes of the answer.
        store::verifications::count_attempt(&tx, &sent).await?;
        tx.commit(()).await?;
        return super::refused(Refusal::WrongCode);
    }
    store::verifications::use_up(&tx, &sent, now).await?;
    let member = match store::members::lock_by_phone(&tx, &index).await? {
        Some(known) => {
            let verified = member::Model { verified_at: Some(now), ..known };
            store::members::change(&tx, verified).await?
        }
        None => {
            let fresh = member::Model { verified_at: Some(now), ..new_member(&desk.app, Some(&phone), None) };
            store::members::add(&tx, fresh.clone()).await?;
            desk.record(&tx, "joined", About { member: Some(fresh.id), ..About::default() }).await?;
            fresh
        }
    };
    if member.erased_at.is_some() {
        return Err(Error::NotSignedIn);
    }
    let receipt = open_session(&desk, &tx, member.id, Proof::Code).await?;
    desk.commit(tx, receipt).await
}
