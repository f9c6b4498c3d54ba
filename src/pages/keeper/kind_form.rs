//! What a kind is: entered and edited by those who manage the community.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{
    ids::KindId,
    kind::{self, Identity, Tracked},
    station,
};
use serde::Deserialize;

use super::{
    given,
    kinds::{identity_words, usable},
    seen_at, station_of,
};
use crate::{
    desk::{self, kinds::Particulars},
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::{self, texts::Kinds as T},
};

/// What the catalogue knows.
const CATEGORIES: [&str; 13] = [
    "umbrella", "rain", "mobility", "health", "medicine", "tool", "light", "power", "reading", "kitchen", "sport", "child",
    "book",
];

#[derive(Template)]
#[template(path = "keeper/kind_form.html")]
struct FormPage {
    frame: Frame,
    station: String,
    /// The kind that is edited; none for a new one.
    id: Option<KindId>,
    typed: KindForm,
    categories: Vec<(&'static str, String)>,
    identities: Vec<(Identity, &'static str, &'static str)>,
    reasons: Vec<String>,
}

/// A kind, as it is typed.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct KindForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    emoji: String,
    #[serde(default)]
    tracked: Option<Tracked>,
    #[serde(default)]
    identity: Option<Identity>,
    #[serde(default)]
    sensitive: Option<String>,
    #[serde(default)]
    inspect: String,
    #[serde(default)]
    retired: Option<String>,
    #[serde(default)]
    rev: i64,
}

impl KindForm {
    fn of(kind: &kind::Model) -> Self {
        let ticked = |yes: bool| yes.then(|| "1".to_owned());
        Self {
            name: kind.name.clone(),
            name_en: kind.name_en.clone().unwrap_or_default(),
            category: kind.category.clone(),
            emoji: kind.emoji.clone().unwrap_or_default(),
            tracked: Some(kind.tracked),
            identity: Some(kind.identity),
            sensitive: ticked(kind.sensitive),
            inspect: kind.inspect_every_days.map(|days| days.to_string()).unwrap_or_default(),
            retired: ticked(kind.retired_at.is_some()),
            rev: kind.rev,
        }
    }

    fn blank() -> Self {
        Self {
            name: String::new(),
            name_en: String::new(),
            category: String::new(),
            emoji: String::new(),
            tracked: Some(Tracked::Item),
            identity: Some(Identity::Phone),
            sensitive: None,
            inspect: String::new(),
            retired: None,
            rev: 0,
        }
    }

    fn particulars(&self) -> desk::Result<Particulars> {
        let days = given(&self.inspect).map(|days| days.parse::<i32>()).transpose();
        let days = days.map_err(|_| desk::Error::Invalid { field: "inspect_every_days", problem: desk::Problem::OutOfRange })?;
        Ok(Particulars {
            name: Some(self.name.clone()),
            name_en: Some(given(&self.name_en)),
            category: Some(self.category.clone()),
            emoji: Some(given(&self.emoji)),
            tracked: self.tracked,
            identity: self.identity,
            sensitive: Some(self.sensitive.is_some()),
            inspect_every_days: Some(days),
            retired: Some(self.retired.is_some()),
        })
    }
}

fn page(visitor: &Visitor, station: &station::Model, id: Option<KindId>, typed: KindForm, no: Option<&desk::Error>) -> Response {
    let frame = &visitor.frame;
    let (status, reasons) = no.map_or((StatusCode::OK, Vec::new()), |error| frame.said(error));
    let mut categories: Vec<_> = CATEGORIES.iter().map(|slug| (*slug, frame.words(&speech::category(slug).0))).collect();
    categories.dedup_by(|a, b| a.1 == b.1);
    categories.push(("other", frame.words(&speech::category("other").0)));
    let tiers = [
        (Identity::Anonymous, "anonymous"),
        (Identity::Phone, "phone"),
        (Identity::Verified, "verified"),
        (Identity::Approved, "approved"),
    ];
    let identities = tiers.map(|(tier, word)| (tier, word, frame.say(identity_words(tier)))).to_vec();
    let page = FormPage { frame: frame.clone(), station: station.code.clone(), id, typed, categories, identities, reasons };
    frame.page(status, &page)
}

/// A blank form.
pub(super) async fn blank(mut visitor: Visitor, Path(code): Path<String>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match visitor.desk.actor.manager_of(station.community_id) {
        Ok(_) => page(&visitor, &station, None, KindForm::blank(), None),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// The form of a kind that is there.
pub(super) async fn show(mut visitor: Visitor, Path((code, id)): Path<(String, KindId)>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    match usable(&visitor.desk, &station, id).await {
        Ok(kind) if desk::kinds::may_be_edited(&visitor.desk, kind.community_id) => {
            page(&visitor, &station, Some(id), KindForm::of(&kind), None)
        }
        Ok(_) => trouble::page(&visitor.frame, &desk::Error::Forbidden),
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

/// Enters one, for the community.
pub(super) async fn create(Path(code): Path<String>, mut sent: Sent<KindForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = match sent.form.particulars() {
        Ok(what) => desk::answer(sent.desk, (Some(station.community_id), what), desk::kinds::create).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(done) => super::to(&station, &format!("kinds/{}?done=new", done.into_receipt().id)),
        Err(error) => page(&sent.visitor, &station, None, sent.form, Some(&error)),
    }
}

/// Edits one.
pub(super) async fn edit(Path((code, id)): Path<(String, KindId)>, mut sent: Sent<KindForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Things).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = match sent.form.particulars() {
        Ok(what) => desk::answer(seen_at(sent.desk, sent.form.rev), (id, what), desk::kinds::edit).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => super::to(&station, &format!("kinds/{id}?done=edited")),
        Err(error) => page(&sent.visitor, &station, Some(id), sent.form, Some(&error)),
    }
}
