//! Which pack is in hand, asked with a few large buttons: the dates printed on the packs of the shelf among dates that are on
//! none. Whoever looks at the pack finds theirs; whoever does not look is found out.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::{consumable, lot::Precision};

use super::{
    label_date::{self, LabelDate, Point},
    take::OnShelf,
};

/// At least so many buttons.
const FEWEST: usize = 3;
/// A date that is made up is good for so many days longer than it must be to be handed out: nobody looks at a page for a month.
const LEAST_AHEAD: u64 = 31;

/// The dates to choose from, the earliest first. Those of the packs on the shelf are among them, also of packs that must go; at
/// least one is of no pack. No date that is past is made up: whoever finds one has a pack that is past. The same shelf is asked
/// the same way each time, so that asking again tells nothing.
#[must_use]
pub fn choices(profile: &consumable::Model, shelf: &[OnShelf], today: NaiveDate) -> Vec<LabelDate> {
    let mut all: Vec<LabelDate> = Vec::new();
    let fresh =
        |all: &[LabelDate], label: &LabelDate| all.iter().all(|other| other.lenient_last_day() != label.lenient_last_day());
    for shelf in shelf.iter().filter(|shelf| shelf.lot.on_shelf() > 0) {
        let label = shelf.lot.label_text.as_deref().map(|text| label_date::read(text, shelf.lot.received_at.year()));
        if let Some(Ok(label)) = label
            && fresh(&all, &label)
        {
            all.push(label);
        }
    }
    let Some(model) = all.first().copied() else { return Vec::new() };
    let real = all.len();
    // Plausible months around the true ones; which of them, the kind decides.
    let seed = usize::from(profile.kind_id.0.as_bytes()[15]);
    let not_before = today + Days::new(LEAST_AHEAD + u64::try_from(profile.course_days).unwrap_or_default());
    let steps = [5_u32, 8, 4, 11, 7, 10, 13, 2, 3, 17];
    let mut turn = 0;
    while (all.len() < FEWEST || all.len() == real) && turn < steps.len() * 2 {
        let months = Months::new(steps[(seed + turn) % steps.len()]);
        let near = model.lenient_last_day().max(not_before);
        let other = if (seed + turn).is_multiple_of(2) { near + months } else { near - months };
        turn += 1;
        let decoy = LabelDate::until(same_precision(&model, other));
        if decoy.strict_last_day() >= not_before && fresh(&all, &decoy) {
            all.push(decoy);
        }
    }
    all.sort_by_key(|label| (label.lenient_last_day(), label.strict_last_day()));
    all
}

fn same_precision(model: &LabelDate, day: NaiveDate) -> Point {
    match model.precision() {
        Precision::Month => Point::Month(day.with_day(1).unwrap_or(day)),
        Precision::Day => Point::Day(day),
    }
}
