//! Read a label again, and write down what it says: earlier counts at once, later after a second person has read the same.

use chrono::Datelike;
use entity::{ids::LotId, lot, lot_label, lot_photo, stock_block::Cause, task::What};

use super::{hold, lock_kept, new_block, open_task, profile_of, today};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid},
    picture,
    rules::{
        expiry::{self, LOT_TASKS},
        handling::{self as rule, Correction},
        label_date::{self, LabelDate},
        receive::label_key,
        refusal::Refusal,
        usability,
    },
    store,
    view::LotView,
};

/// What somebody reads now.
#[derive(Clone, Debug)]
pub struct CorrectLabel {
    /// Of which lot.
    pub lot: LotId,
    /// As printed.
    pub label: String,
    /// Why it was read again.
    pub reason: String,
    /// A picture of it; needed for a later date.
    pub photo: Option<Vec<u8>>,
    /// Somebody has looked twice at an unusual date.
    pub sure: bool,
}

/// Writes it down as the next version of the label; packs that were opened out of the lot follow it.
///
/// # Errors
/// [`Error::Refused`] with all reasons, [`Error::Invalid`], [`Error::NotFound`].
pub async fn correct_label(desk: Desk, order: CorrectLabel) -> Result<Done<LotView>> {
    let reason = entity::values::text(&order.reason, 200).map_err(invalid("reason"))?;
    let photo = match order.photo.clone() {
        Some(bytes) => {
            let jpeg = picture::normalise(bytes).await;
            Some(jpeg.ok_or(Error::Invalid { field: "photo", problem: Problem::NotAPicture })?)
        }
        None => None,
    };
    let tx = desk.open().await?;
    let known = store::lots::find(tx.conn(), order.lot).await?;
    let namesakes = match &known {
        Some(lot) => store::lots::lock_namesakes(&tx, lot.kind_id, &lot.number_key).await?,
        None => Vec::new(),
    };
    let (lot, station) = lock_kept(&desk, &tx, order.lot).await?;
    let profile = profile_of(tx.conn(), lot.kind_id).await?;
    let day = today(&desk, tx.conn(), &station).await?;
    let label = match label_date::read(&order.label, desk.now().with_timezone(&station.zone()).year()) {
        Ok(label) => label,
        Err(ask) => return desk.refuse(tx, vec![Refusal::LabelUnclear { ask }]).await,
    };
    let root = lot.parent_id.unwrap_or(lot.id);
    let in_family =
        |other: &lot::Model| other.station_id == lot.station_id && (other.id == root || other.parent_id == Some(root));
    let key = label_key(Some(&label));
    let mut reasons = Vec::new();
    let mut corrections = Vec::new();
    for member in namesakes.iter().filter(|other| in_family(other)) {
        match rule::correct(member, &label, &profile, (photo.is_some(), order.sure), day) {
            Ok(correction) => corrections.push((member.clone(), correction)),
            Err(no) => {
                reasons.extend(no.into_iter().filter(|no| member.id == lot.id && !reasons.contains(no)).collect::<Vec<_>>());
            }
        }
    }
    let stranger = |other: &&lot::Model| !in_family(other) && other.parent_id.is_none();
    if namesakes.iter().filter(stranger).any(|other| other.station_id == lot.station_id && other.label_key == key) {
        reasons.push(Refusal::Taken { field: "label".to_owned() });
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let contradicts = !lot.number_key.is_empty()
        && namesakes.iter().filter(stranger).any(|other| other.on_hand() > 0 && other.label_key != key);
    let mut answer = None;
    for (member, correction) in corrections {
        let after = rewrite(&desk, &tx, member, &order.label, &label, correction, day).await?;
        write_history(&desk, &tx, &after, &reason, photo.clone().filter(|_| after.id == lot.id)).await?;
        let after = lay_blocks(&desk, &tx, after, correction, contradicts).await?;
        if after.id == lot.id {
            answer = Some(after);
        }
    }
    if contradicts {
        for other in namesakes.iter().filter(stranger).filter(|other| other.on_hand() > 0 && other.label_key != key) {
            super::lay_block(&desk, &tx, other, Cause::Conflict, "同批号有不同的有效期").await?;
            open_task(&desk, &tx, other, What::SettleConflict, None).await?;
        }
    }
    let lot = answer.ok_or(Error::NotFound("lot"))?;
    let detail = Some(serde_json::json!({ "lot": lot.id, "label": lot.label_text, "reason": reason }));
    desk.record(&tx, "label_corrected", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![lot.id]).await?.remove(&lot.id).unwrap_or_default();
    let blocks = usability::blocks(&lot, &causes, profile.dated, day);
    if !blocks.is_empty() {
        hold::cut_off(&desk, &tx, &lot).await?;
    }
    desk.commit(tx, LotView::new(&lot, &blocks)).await
}

/// Writes the new label over the old one, with the tier and the task that go with it today.
async fn rewrite(
    desk: &Desk,
    tx: &WriteTx,
    lot: lot::Model,
    text: &str,
    label: &LabelDate,
    correction: Correction,
    day: chrono::NaiveDate,
) -> Result<lot::Model> {
    let after = lot::Model {
        label_text: Some(text.to_owned()),
        label_kind: Some(label.kind()),
        label_precision: Some(label.precision()),
        label_key: label_key(Some(label)),
        made_on: label.made_on(),
        lenient_last_day: Some(label.lenient_last_day()),
        strict_last_day: Some(label.strict_last_day()),
        last_day: correction.ends.last_day,
        last_issue_day: correction.ends.last_issue_day,
        verified_by: lot.verified_by.filter(|_| !correction.later),
        // What the next check finds anew, it says anew.
        tier: lot::Tier::Fresh,
        ..lot
    };
    store::lots::relabel(tx, &after).await?;
    let over = [LOT_TASKS.as_slice(), &[What::ReadLabelAgain]].concat();
    let now = expiry::seen(&after, usability::tier(correction.ends, day));
    super::must_go::replace(desk, tx, &after, &over, now.task.filter(|_| after.on_shelf() > 0)).await?;
    // Somebody has it at home who was told a later date: that a keeper must know.
    if let Some(last) = after.last_day
        && store::expiry_checks::was_taken_after(tx.conn(), after.id, last).await?
    {
        let note = Some("更正前已有人取走过期的 / some was taken after the date that is known now".to_owned());
        open_task(desk, tx, &after, What::Incident, note).await?;
    }
    Ok(after)
}

async fn lay_blocks(
    desk: &Desk,
    tx: &WriteTx,
    mut lot: lot::Model,
    correction: Correction,
    contradicts: bool,
) -> Result<lot::Model> {
    if correction.later {
        // A block of its own, even beside another: whoever has corrected is not the one who confirms.
        let block = new_block(desk, Some(&lot), Cause::Unverified, "有效期改晚，等第二个人核对标签");
        lot = store::stock_blocks::lay(tx, block, &lot).await?;
        open_task(desk, tx, &lot, What::VerifyLabel, None).await?;
    }
    if contradicts {
        lot = super::lay_block(desk, tx, &lot, Cause::Conflict, "同批号有不同的有效期").await?;
        open_task(desk, tx, &lot, What::SettleConflict, None).await?;
    }
    Ok(lot)
}

async fn write_history(desk: &Desk, tx: &WriteTx, lot: &lot::Model, reason: &str, photo: Option<Vec<u8>>) -> Result<()> {
    let before = store::lot_labels::list_of(tx.conn(), lot.id).await?;
    let photo_id = match photo {
        Some(jpeg) => {
            let (id, about) = (desk.app.clock.id(), "label".to_owned());
            store::lot_labels::add_photo(tx, lot_photo::Model { id, lot_id: lot.id, about, jpeg, created_at: desk.now() })
                .await?;
            Some(id)
        }
        None => None,
    };
    let row = lot_label::Model {
        lot_id: lot.id,
        n: before.last().map_or(1, |last| last.n + 1),
        label_text: lot.label_text.clone(),
        last_day: lot.last_day,
        reason: reason.to_owned(),
        photo_id,
        written_by: desk.actor.member(),
        written_at: desk.now(),
    };
    Ok(store::lot_labels::add(tx, row).await?)
}
