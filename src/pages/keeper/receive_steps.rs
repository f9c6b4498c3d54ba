//! The screens of a delivery: what each of them shows.

use askama::Template;
use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::{
    consumable::{self, Class},
    ids::KindId,
    kind::{self, Tracked},
    station,
};

use super::{
    given, named, picture,
    receive::{Typed, kind, this_year},
};
use crate::{
    desk::{self, Desk},
    pages::frame::Frame,
    rules::{label_date, label_date::LabelDate, pack_code},
    speech::texts::Receive as T,
    store,
};

/// One screen after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    What,
    Label,
    HowMany,
    Papers,
    Confirm,
}

impl Step {
    pub(super) const ALL: [(Self, &str); 5] = [
        (Self::What, "what"),
        (Self::Label, "label"),
        (Self::HowMany, "units"),
        (Self::Papers, "papers"),
        (Self::Confirm, "confirm"),
    ];

    pub(super) fn called(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == word).map(|(step, _)| *step)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(step, _)| *step == self).map_or("what", |(_, name)| name)
    }

    fn number(self) -> usize {
        Self::ALL.iter().position(|(step, _)| *step == self).map_or(1, |at| at + 1)
    }
}

/// A screen to be shown.
pub(super) struct Screen {
    pub(super) step: Step,
    pub(super) typed: Typed,
    pub(super) status: StatusCode,
    pub(super) reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "keeper/receive.html")]
pub(super) struct ReceivePage {
    frame: Frame,
    station: String,
    step: Step,
    typed: Typed,
    reasons: Vec<String>,
    /// What may be chosen.
    kinds: Vec<(KindId, String, String)>,
    kind: Option<KindShown>,
    /// What was understood of the label.
    read: Option<Understood>,
    /// What the code on the pack says about the end.
    scanned: Option<String>,
    units: i32,
}

struct KindShown {
    name: String,
    picture: String,
    unit: String,
    pack_size: i32,
    /// Medicine needs papers and a photo.
    drug: bool,
    dated: bool,
}

/// Both readings of a label.
struct Understood {
    written: String,
    lenient: NaiveDate,
    strict: NaiveDate,
}

impl Screen {
    /// Reads what the screen shows.
    pub(super) async fn page(self, desk: &Desk, frame: &Frame, station: &station::Model) -> desk::Result<ReceivePage> {
        let conn = desk.app.db.read();
        let Self { step, typed, reasons, .. } = self;
        let kinds = if step == Step::What { choices(desk, frame, station).await? } else { Vec::new() };
        let (mut shown, mut pack_size) = (None, 1);
        if step != Step::What {
            let kind = kind(desk, station, &typed).await?;
            let profile = store::consumables::find(conn, kind.id).await?;
            pack_size = profile.as_ref().map_or(1, |profile| profile.pack_size);
            shown = Some(kind_shown(frame, &kind, profile.as_ref()));
        }
        let year = this_year(desk);
        let read = given(&typed.label).and_then(|text| label_date::read(&text, year).ok());
        let scanned = given(&typed.code).and_then(|code| pack_code::read(&code, year).ok()).and_then(|code| code.expiry);
        Ok(ReceivePage {
            frame: frame.clone(),
            station: station.code.clone(),
            step,
            units: typed.base_units(pack_size).unwrap_or_default(),
            read: read.map(|label| understood(frame, &label)),
            scanned: scanned.map(|point| LabelDate::until(point).written(frame.language)),
            typed,
            reasons,
            kinds,
            kind: shown,
        })
    }
}

fn kind_shown(frame: &Frame, kind: &kind::Model, profile: Option<&consumable::Model>) -> KindShown {
    KindShown {
        name: named(frame, kind),
        picture: picture(kind),
        unit: profile.map(|profile| profile.base_unit.clone()).unwrap_or_default(),
        pack_size: profile.map_or(1, |profile| profile.pack_size),
        drug: profile.is_some_and(|profile| profile.class == Class::OtcB),
        dated: profile.is_some_and(|profile| profile.dated),
    }
}

fn understood(frame: &Frame, label: &LabelDate) -> Understood {
    Understood { written: label.written(frame.language), lenient: label.lenient_last_day(), strict: label.strict_last_day() }
}

async fn choices(desk: &Desk, frame: &Frame, station: &station::Model) -> desk::Result<Vec<(KindId, String, String)>> {
    let all = store::kinds::list_in_use(desk.app.db.read(), station.community_id).await?;
    let lots = all.iter().filter(|kind| kind.tracked == Tracked::Lot);
    Ok(lots.map(|kind| (kind.id, named(frame, kind), picture(kind))).collect())
}

impl ReceivePage {
    fn is_drug(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.drug)
    }

    /// The date must be typed: its kind needs one, and no code has said it.
    fn date_needed(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.dated) && self.scanned.is_none()
    }

    fn title_of(&self, step: &Step) -> &'static str {
        self.frame.say(match step {
            Step::What => T::WhatTitle,
            Step::Label => T::LabelTitle,
            Step::HowMany => T::HowManyTitle,
            Step::Papers => T::PapersTitle,
            Step::Confirm => T::ConfirmTitle,
        })
    }
}
