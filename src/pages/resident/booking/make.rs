//! Books, or changes what was booked; refused, it comes back with the reasons, and with what is free instead.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{booking::State, values::Phone};
use serde::Deserialize;

use super::{
    chosen::{Choice, Chosen, open},
    sure::{self, No, Typed},
    times::bad_time,
};
use crate::{
    desk::{
        self, Desk,
        bookings::{
            book::{Book, Whom, book},
            bookable::Subject,
            change::{Change, change},
        },
    },
    pages::{booked::target_of, sent::Sent, trouble, visitor::Visitor},
    rules::offered_times::Time,
    speech::texts::Booking as T,
    view::BookingView,
};

/// The form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct BookForm {
    #[serde(flatten)]
    choice: Sending,
    #[serde(flatten)]
    typed: Typed,
}

/// What was chosen, as a form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Sending {
    from: String,
    to: String,
    units: String,
    change: String,
    whom: String,
}

impl Sending {
    fn choice(&self) -> Choice {
        Choice {
            from: self.from.clone(),
            to: self.to.clone(),
            units: self.units.trim().parse().ok(),
            change: self.change.parse().ok(),
            whom: self.whom.clone(),
            ..Choice::default()
        }
    }
}

/// Does it.
pub(super) async fn make(Path((code, sort, id)): Path<(String, String, String)>, mut sent: Sent<BookForm>) -> Response {
    let choice = sent.form.choice.choice();
    let chosen = match open(&mut sent.visitor, (&code, &sort, &id), &choice).await {
        Ok(chosen) => chosen,
        Err(error) => return trouble::page(&sent.visitor.frame, &error),
    };
    let Ok(Some(time)) = chosen.time(&choice.from, &choice.to) else { return bad_time(&sent.visitor.frame, &chosen) };
    let typed = sent.form.typed;
    match ask(sent.desk, &chosen, (&sort, &id), time, &typed).await {
        Ok(booking) => Redirect::to(&next(&chosen, &booking)).into_response(),
        Err(error) => not_done(&sent.visitor, &chosen, time, typed, &error),
    }
}

async fn ask(desk: Desk, chosen: &Chosen, (sort, id): (&str, &str), time: Time, typed: &Typed) -> desk::Result<BookingView> {
    let occasion = matches!(chosen.subject.subject, Subject::Occasion(_));
    let (starts_at, ends_at) = if occasion { (None, None) } else { (Some(time.from), Some(time.to)) };
    let override_reason = given(&typed.reason).filter(|_| chosen.for_other);
    if let Some(row) = &chosen.changes {
        let order = Change { booking: row.id, starts_at, ends_at, quantity: Some(chosen.units), override_reason };
        return Ok(desk::answer(desk, order, change).await?.into_receipt());
    }
    let order = Book {
        target: target_of(&chosen.subject.station.code, sort, id)?,
        starts_at,
        ends_at,
        quantity: chosen.units,
        whom: whom(chosen, typed)?,
        purpose: given(&typed.purpose),
        priority: None,
        override_reason,
        only_hold: false,
    };
    Ok(desk::answer(desk, order, book).await?.into_receipt())
}

fn whom(chosen: &Chosen, typed: &Typed) -> desk::Result<Whom> {
    if !chosen.for_other {
        return Ok(Whom::Myself);
    }
    let phone = Phone::parse(&typed.phone).map_err(|bad| desk::Error::Invalid { field: "phone", problem: bad.into() })?;
    Ok(Whom::Phone(phone, given(&typed.name)))
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn next(chosen: &Chosen, booking: &BookingView) -> String {
    let done = match (&chosen.changes, booking.state) {
        (Some(_), _) => "changed",
        (None, State::Pending) => "asked",
        (None, _) => "booked",
    };
    if chosen.for_other {
        return format!("/staff/{}/bookings?done={done}", chosen.subject.station.code);
    }
    format!("/mine/bookings/{}?done={done}", booking.id)
}

fn not_done(visitor: &Visitor, chosen: &Chosen, time: Time, typed: Typed, error: &desk::Error) -> Response {
    let frame = &visitor.frame;
    let (status, no) = match error {
        desk::Error::NotSignedIn => return Redirect::to(&chosen.way_to_sign_in(Some(time))).into_response(),
        desk::Error::Refused(reasons) => (StatusCode::CONFLICT, No::of(frame, reasons)),
        desk::Error::Invalid { field: "phone", .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, No { reasons: vec![frame.say(T::NotAPhone).to_owned()], free: None })
        }
        error => {
            let (status, reasons) = frame.said(error);
            (status, No { reasons, free: None })
        }
    };
    sure::render(visitor, chosen, time, status, typed, no)
}
