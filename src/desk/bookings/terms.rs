//! On which terms something is booked: a keeper says it for the things of a kind at her station, a space, an occasion.

use entity::pool::Terms;

use super::bookable::{Bookable, Target};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result},
    store,
    view::TermsView,
};

/// What is said.
#[derive(Clone, Debug)]
pub struct SetTerms {
    /// Of what.
    pub target: Target,
    /// The terms; `None`: those that are usual for its sort.
    pub terms: Option<TermsView>,
}

/// Says it, for bookings that are made from now on. Keepers of the station.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] for terms that nothing could fulfil.
pub async fn set(desk: Desk, order: SetTerms) -> Result<Done<TermsView>> {
    let terms: Option<Terms> = order.terms.map(Terms::from);
    if let Some(field) = terms.as_ref().and_then(unfulfillable) {
        return Err(Error::Invalid { field, problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    let subject = Bookable::find(tx.conn(), &order.target).await?;
    desk.actor.keeper_of(&subject.station)?;
    let subject = subject.lock(&tx).await?;
    store::claims::set_terms(&tx, subject.pool_ids(), terms).await?;
    let subject = subject.lock(&tx).await?;
    let detail = serde_json::to_value(&subject.terms).ok();
    desk.record(&tx, "booking_terms", About { station: Some(subject.station.id), detail, ..About::default() }).await?;
    desk.commit(tx, TermsView::from(&subject.terms)).await
}

/// The first field that no booking could fulfil, or that is out of all reason.
fn unfulfillable(terms: &Terms) -> Option<&'static str> {
    const YEAR: u32 = 366 * 24 * 60;
    if terms.least > terms.most || terms.most == 0 || terms.most > YEAR {
        return Some("most_minutes");
    }
    if terms.grid == 0 || terms.grid > 24 * 60 {
        return Some("grid_minutes");
    }
    if !(1..=1_000).contains(&terms.most_units) {
        return Some("most_units");
    }
    if !(1..=731).contains(&terms.horizon_days) {
        return Some("horizon_days");
    }
    let times = [
        (terms.notice, "notice_minutes"),
        (terms.turnaround, "turnaround_minutes"),
        (terms.protect, "protect_minutes"),
        (terms.least_loan, "least_loan_minutes"),
        (terms.pause_between, "pause_between_minutes"),
        (terms.cancel_until, "cancel_until_minutes"),
        (terms.early, "early_minutes"),
        (terms.no_show_after.unwrap_or(1), "no_show_after_minutes"),
        (terms.hold, "hold_minutes"),
    ];
    let days = [(terms.strike_days, "strike_days"), (terms.pause_days, "pause_days")];
    let too_long = times.iter().find(|(minutes, _)| *minutes > YEAR).or_else(|| days.iter().find(|(days, _)| *days > 731));
    too_long.map(|(_, field)| *field)
}
