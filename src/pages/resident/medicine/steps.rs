//! The screens of a take, one decision each: for whom, is any of this so, how many, which date is printed, read and take.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    consumable::{self, About, Caution, Then},
    ids::KindId,
    kind,
    values::Phone,
};
use serde::Deserialize;

use crate::{
    desk::{
        self, Desk,
        stock::take::{PackInHand, Take},
    },
    pages::{frame::Frame, sent::Sent, trouble, visitor::Visitor},
    picture,
    rules::{
        refusal::Refusal,
        take::{self as rule, Age},
    },
    speech::{self, texts::Take as T},
    store,
    view::ShelfView,
};

/// How many times the smallest unit that may leave is offered at most.
const MOST: i32 = 3;

/// What was decided so far. It goes from screen to screen, and nowhere else.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct TakeForm {
    age: Option<Age>,
    #[serde(default)]
    guardian: Option<String>,
    /// The questions were answered.
    #[serde(default)]
    answered: Option<String>,
    #[serde(default)]
    yes: BTreeSet<About>,
    /// How many of the smallest unit that may leave.
    times: Option<i32>,
    #[serde(default)]
    label: String,
    /// A date that was typed, as it is printed.
    #[serde(default)]
    typed: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    anonymous: Option<String>,
    /// The version of the warnings that was read: the last button was pressed.
    accepted: Option<i64>,
}

/// The screens, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    ForWhom,
    Guardian,
    Questions,
    HowMany,
    WhichDate,
    Confirm,
}

#[derive(Template)]
#[template(path = "resident/medicine/steps.html")]
struct StepsPage {
    frame: Frame,
    station: String,
    kind: uuid::Uuid,
    name: String,
    picture: String,
    shelf: ShelfView,
    leaflet: Option<String>,
    smallest_unit: i32,
    step: Step,
    form: TakeForm,
    reasons: Vec<String>,
    /// The pack in hand must not be used.
    put_away: bool,
}

/// What a take is about.
struct Matter {
    station: String,
    kind: kind::Model,
    profile: consumable::Model,
    shelf: ShelfView,
}

/// The first screen.
pub(super) async fn begin(visitor: Visitor, Path((station, kind)): Path<(String, KindId)>) -> Response {
    match matter(&visitor, station, kind).await {
        Ok(matter) => {
            let mut page = show(&visitor.frame, &matter, StatusCode::OK, TakeForm::default(), (Vec::new(), false));
            visitor.name_device(&mut page);
            page
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// The next screen; after the last one the take itself.
pub(super) async fn go_on(Path((station, kind)): Path<(String, KindId)>, mut sent: Sent<TakeForm>) -> Response {
    let photo = sent.photo("photo");
    let Sent { visitor, desk, mut form, .. } = sent;
    let matter = match matter(&visitor, station, kind).await {
        Ok(matter) => matter,
        Err(error) => return trouble::page(&visitor.frame, &error),
    };
    let mut reasons = Vec::new();
    if let Some(photo) = photo {
        form.code = picture::codes_in(photo).await.unwrap_or_default().into_iter().next().unwrap_or_default();
        reasons.extend(form.code.is_empty().then(|| visitor.frame.say(T::NoCodeSeen).to_owned()));
    }
    if form.label.is_empty() {
        form.label = std::mem::take(&mut form.typed);
    }
    if next(&matter, &form) != Step::Confirm || form.accepted.is_none() {
        return show(&visitor.frame, &matter, StatusCode::OK, form, (reasons, false));
    }
    match take(desk, &matter, &form).await {
        Ok(id) => Redirect::to(&format!("/s/{}/taken/{id}", matter.station)).into_response(),
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            let form = asked_again(form, &error);
            show(&visitor.frame, &matter, status, form, (reasons, must_go(&error)))
        }
    }
}

async fn matter(visitor: &Visitor, station: String, kind: KindId) -> desk::Result<Matter> {
    let conn = visitor.desk.app.db.read();
    let nothing = || desk::Error::NotFound("kind");
    let shelves = desk::stock::shelf::shelf(&visitor.desk, conn, &station).await?;
    let shelf = shelves.into_iter().find(|shelf| shelf.kind_id == kind.0).ok_or_else(nothing)?;
    let profile = store::consumables::find(conn, kind).await?.ok_or_else(nothing)?;
    let kind = store::kinds::find(conn, kind).await?.ok_or_else(nothing)?;
    Ok(Matter { station, kind, profile, shelf })
}

/// Which decision is still missing.
fn next(matter: &Matter, form: &TakeForm) -> Step {
    let asks = rule::asks(&matter.profile);
    match form.age {
        None if asks => return Step::ForWhom,
        Some(Age::Under14) if asks && form.guardian.is_none() && form.answered.is_none() => return Step::Guardian,
        _ => {}
    }
    if asks && !matter.profile.cautions.0.is_empty() && form.answered.is_none() {
        return Step::Questions;
    }
    if form.times.is_none() {
        return Step::HowMany;
    }
    if matter.shelf.needs_confirmation && form.label.trim().is_empty() && form.code.trim().is_empty() {
        return Step::WhichDate;
    }
    Step::Confirm
}

/// What must be asked again after a refusal: the pack, if it was the wrong one; how many, if it was too much.
fn asked_again(form: TakeForm, error: &desk::Error) -> TakeForm {
    let desk::Error::Refused(reasons) = error else {
        return TakeForm { label: String::new(), code: String::new(), accepted: None, ..form };
    };
    let too_many = reasons.iter().any(|no| matches!(no, Refusal::NotEnough { .. }));
    let times = form.times.filter(|_| !too_many);
    TakeForm { label: String::new(), code: String::new(), accepted: None, times, ..form }
}

fn must_go(error: &desk::Error) -> bool {
    let desk::Error::Refused(reasons) = error else { return false };
    reasons.iter().any(|no| matches!(no, Refusal::PackPastDate { .. }))
}

async fn take(desk: Desk, matter: &Matter, form: &TakeForm) -> desk::Result<uuid::Uuid> {
    let phone = match form.phone.trim() {
        "" => None,
        typed => {
            Some(Phone::parse(typed).map_err(|malformed| desk::Error::Invalid { field: "phone", problem: malformed.into() })?)
        }
    };
    let units = form.times.unwrap_or(1).clamp(1, MOST) * matter.profile.smallest_unit.max(1);
    let pack = matter.profile.pack_size.max(1);
    let packs = (units + pack - 1) / pack;
    let pack = match (form.code.trim(), form.label.trim()) {
        ("", "") => None,
        ("", label) => Some(PackInHand::Label(label.to_owned())),
        (code, _) => Some(PackInHand::Code(code.to_owned())),
    };
    // Several packs of one date are said once for all of them.
    let in_hand = match pack {
        Some(PackInHand::Label(label)) => (0..packs).map(|_| PackInHand::Label(label.clone())).collect(),
        other => other.into_iter().collect(),
    };
    let order = Take {
        station_code: matter.station.clone(),
        kind: matter.kind.id,
        units,
        in_hand,
        hold: None,
        phone,
        anonymous: form.anonymous.is_some(),
        age: form.age,
        guardian: form.guardian.is_some(),
        yes: form.answered.is_some().then(|| form.yes.clone()),
        accepted: form.accepted,
    };
    Ok(desk::answer(desk, order, desk::stock::take::take).await?.into_receipt().id)
}

fn show(
    frame: &Frame,
    matter: &Matter,
    status: StatusCode,
    form: TakeForm,
    (reasons, put_away): (Vec<String>, bool),
) -> Response {
    let kind = &matter.kind;
    let page = StepsPage {
        frame: frame.clone(),
        station: matter.station.clone(),
        kind: kind.id.0,
        name: frame.name(&kind.name, kind.name_en.as_deref()).to_owned(),
        picture: kind.emoji.clone().unwrap_or_else(|| speech::category(&kind.category).1.to_owned()),
        shelf: matter.shelf.clone(),
        leaflet: matter.profile.leaflet.clone(),
        smallest_unit: matter.profile.smallest_unit.max(1),
        step: next(matter, &form),
        form,
        reasons,
        put_away,
    };
    frame.page(status, &page)
}

impl StepsPage {
    /// How many can be chosen, and how that is said: 1 盒（10 片）.
    fn amounts(&self) -> Vec<(i32, String)> {
        let (unit, pack) = (&self.shelf.base_unit, self.shelf.pack_size.max(1));
        let said = |times: i32| {
            let units = times * self.smallest_unit;
            let whole = pack > 1 && units % pack == 0;
            let amount = self.frame.amount(units, unit);
            if whole { self.frame.say2(T::Packs, units / pack, amount) } else { amount }
        };
        (1..=MOST).map(|times| (times, said(times))).collect()
    }

    fn about(&self, caution: &Caution) -> String {
        let text = match caution.about {
            About::Pregnancy => T::Pregnancy,
            About::Allergy => match &caution.to {
                Some(to) => return self.frame.say1(T::AllergyTo, to),
                None => T::Allergy,
            },
            About::OtherColdMedicine => T::OtherColdMedicine,
            About::Anticoagulant => T::Anticoagulant,
            About::KidneyOrLiver => T::KidneyOrLiver,
            About::Alcohol => T::Alcohol,
        };
        self.frame.say(text).to_owned()
    }

    /// The value of a question in the form.
    fn value(&self, about: &About) -> String {
        tag(about)
    }

    fn yes(&self) -> Vec<String> {
        self.form.yes.iter().map(tag).collect()
    }

    /// What was ticked and needs care.
    fn warnings(&self) -> Vec<String> {
        let ticked = |caution: &&Caution| caution.then == Then::Warn && self.form.yes.contains(&caution.about);
        self.shelf.cautions.iter().filter(ticked).map(|caution| self.about(caution)).collect()
    }

    fn age(&self) -> String {
        self.form.age.as_ref().map(tag).unwrap_or_default()
    }
}

/// A value as it stands in a form.
fn tag(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
