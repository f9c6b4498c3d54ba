//! Read a label again, and write down what it says: earlier counts at once, later after a second person has read the same.

use chrono::Datelike;
use entity::{ids::LotId, lot, lot_label, stock_block::Cause, task::What};

use super::{hold, lock_kept, merge, new_block, open_task, profile_of, put_down, recompute, today};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result, invalid},
    picture,
    rules::{
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

/// Writes it down as the next version of the label; packs that were opened out of the lot follow it, wherever they are. If a
/// lot with that label is there already, the units move into it.
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
    let key = label_key(Some(&label));
    let mut reasons = Vec::new();
    let mut corrections = Vec::new();
    for member in namesakes.iter().filter(|other| rule::one_family(other, &lot)) {
        match rule::correct(member, &label, &profile, (photo.is_some(), order.sure), day) {
            Ok(correction) => corrections.push((member.clone(), correction)),
            Err(no) => {
                reasons.extend(no.into_iter().filter(|no| member.id == lot.id && !reasons.contains(no)).collect::<Vec<_>>());
            }
        }
    }
    let stranger = |other: &&lot::Model| !rule::one_family(other, &lot);
    let root = lot.parent_id.unwrap_or(lot.id);
    let home = namesakes.iter().find(|other| other.id == root).map_or(lot.station_id, |root| root.station_id);
    // There is a lot with that label already: what was mistyped belongs to it.
    let twin = namesakes
        .iter()
        .filter(stranger)
        .find(|other| other.station_id == home && other.parent_id.is_none() && other.label_key == key);
    if twin.is_some() && home != lot.station_id {
        // It lies at a station that somebody else keeps.
        reasons.push(Refusal::Taken { field: "label".to_owned() });
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let against: Vec<lot::Model> = namesakes
        .iter()
        .filter(stranger)
        .filter(|other| !lot.number_key.is_empty() && other.on_hand() > 0 && other.label_key != key)
        .cloned()
        .collect();
    let mut answer = None;
    for (member, correction) in corrections {
        let member = match twin {
            Some(twin) => lot::Model { parent_id: Some(twin.id), ..member },
            None => member,
        };
        let after = rewrite(&desk, &tx, member, &order.label, &label, correction, day).await?;
        write_history(&desk, &tx, &after, &reason, photo.clone().filter(|_| after.id == lot.id)).await?;
        let mut after = lay_blocks(&desk, &tx, after, correction, !against.is_empty()).await?;
        if let Some(twin) = twin.filter(|_| after.id == root) {
            after = merge::pour(&desk, &tx, &after, twin, correction.later).await?;
        }
        if after.id == lot.id {
            answer = Some(after);
        }
    }
    put_down::contradicted(&desk, &tx, against).await?;
    let lot = answer.ok_or(Error::NotFound("lot"))?;
    let detail = Some(serde_json::json!({ "lot": lot.id, "label": lot.label_text, "reason": reason }));
    desk.record(&tx, "label_corrected", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    let causes = store::stock_blocks::causes_on(tx.conn(), vec![lot.id]).await?.remove(&lot.id).unwrap_or_default();
    let blocks = usability::blocks(&lot, &causes, &profile, day);
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
    recompute::ask_anew(desk, tx, &after, &[What::ReadLabelAgain], day).await?;
    // Somebody has it at home who was told a later date: that a keeper must know.
    if let Some(last) = after.last_day
        && store::expiry_checks::was_taken_after(tx.conn(), after.id, last).await?
    {
        let note = Some("更正前已有人取走过期的 / some was taken after this date before it was corrected".to_owned());
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
        let block = new_block(desk, Some(&lot), Cause::Unverified, merge::LATER);
        lot = store::stock_blocks::lay(tx, block, &lot).await?;
        open_task(desk, tx, &lot, What::VerifyLabel, None).await?;
    }
    if contradicts {
        lot = put_down::contradicted(desk, tx, vec![lot.clone()]).await?.pop().unwrap_or(lot);
    }
    Ok(lot)
}

async fn write_history(desk: &Desk, tx: &WriteTx, lot: &lot::Model, reason: &str, photo: Option<Vec<u8>>) -> Result<()> {
    let before = store::lot_labels::list_of(tx.conn(), lot.id).await?;
    let photo_id = put_down::keep_photo(desk, tx, lot, photo).await?;
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
