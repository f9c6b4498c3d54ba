//! Consumables from a paper list: each line a lot, with what its kind is by law. By the rules of a delivery.

use std::collections::HashMap;

use entity::{
    consumable::{self, Cautions, Class, Under14},
    ids::LotId,
    kind::{self, Tracked},
    lot::Source,
    partner, station,
};

use super::{
    CannotImport, Fate, LineByLine, No, Row,
    fields::{dated_by, quantity, station_of, text, written},
    line_by_line,
    moment::instant_or_day,
    stations_named,
};
use crate::{
    db::WriteTx,
    desk::{
        Desk,
        kinds::new_kind,
        stock::{
            listed::{Goods, Line, Outcome, enter},
            profile::{Profile, row_of},
            receive::Receive,
        },
    },
    rules::{
        legal::{self, Declared},
        receive::Goes,
        refusal::Refusal,
    },
    speech::Reject,
    store,
};

/// What is known while a file is read.
#[derive(Clone, Default)]
pub(super) struct Stock {
    stations: HashMap<String, Option<station::Model>>,
    /// The lots of the lines above.
    seen: HashMap<LotId, u64>,
}

impl Stock {
    pub(super) async fn take(&mut self, desk: &Desk, tx: &WriteTx, rows: &[Row]) -> Result<Vec<Fate>, CannotImport> {
        let names = rows.iter().filter_map(|row| row.plain("station"));
        stations_named(tx, &mut self.stations, names).await?;
        line_by_line(self, desk, tx, rows).await
    }
}

impl LineByLine for Stock {
    async fn line(&mut self, desk: &Desk, tx: &WriteTx, row: &Row) -> Result<Fate, No> {
        let station = station_of(&self.stations, row)?.clone();
        let goods = goods(desk, tx, station, row).await?;
        let zone = goods.station.zone();
        let as_of = row.plain("as_of").map(|text| instant_or_day(&text, zone).ok_or(Reject::BadTime("as_of"))).transpose()?;
        if as_of.is_some_and(|at| at > desk.now()) {
            return Err(Reject::InTheFuture.into());
        }
        let (away, here) = (["红盒", "报废", "待报废", "待处理", "to_dispose", "red box"], ["在架", "架上", "正常", "shelf"]);
        let must_go = choice(row, "state", &away, &here)?;
        let order = Receive {
            station_code: goods.station.code.clone(),
            kind: goods.kind.id,
            number: written(row, "lot_no").unwrap_or_default().to_owned(),
            label: dated_by(row),
            code: row.plain("code"),
            units: quantity(row, &goods.profile)?,
            source: Source::Import,
            proof: text(row, "proof", 200)?,
            photo: None,
            shelf: text(row, "place", 60)?,
            sure: choice(row, "checked", &["是", "已核对", "yes", "y", "√", "✓"], &["否", "no", "n"])?,
            goes: if must_go { Goes::RedBox } else { Goes::Shelf },
        };
        let line = Line { order, as_of, note: text(row, "note", 200)? };
        let (fate, lot) = match enter(desk, tx, &goods, line).await? {
            Outcome::Refused(reasons) => return Err(Reject::Refused(reasons).into()),
            Outcome::Entered(lot) => (Fate::Imported, lot),
            Outcome::Agrees(lot) => (Fate::Unchanged, lot),
            Outcome::Differs(lot) => (Fate::Rejected(Reject::CountInstead(lot.on_shelf())), lot),
        };
        match self.seen.insert(lot.id, row.line) {
            Some(above) => {
                self.seen.insert(lot.id, above);
                Err(Reject::LotTwice(above).into())
            }
            None => Ok(fate),
        }
    }
}

/// A yes or a no; nothing is a no.
fn choice(row: &Row, field: &'static str, yes: &[&str], no: &[&str]) -> Result<bool, Reject> {
    let word = row.plain(field).unwrap_or_default().to_lowercase();
    match word.as_str() {
        "" => Ok(false),
        word if yes.contains(&word) => Ok(true),
        word if no.contains(&word) => Ok(false),
        _ => Err(Reject::BadChoice(field)),
    }
}

/// The kind of a line and its profile, as they are stored; or as the line says they are.
async fn goods(desk: &Desk, tx: &WriteTx, station: station::Model, row: &Row) -> Result<Goods, No> {
    let name = entity::values::text(row.need("kind")?, 60).map_err(|_| Reject::BadText("kind"))?;
    let class = row.some("class").map(legal::read).transpose().map_err(Reject::BadClass)?;
    let partner = partner(tx, &station, row).await?;
    let ours = store::kinds::find_by_name(tx.conn(), Some(station.community_id), &name).await?;
    let known = match ours {
        Some(kind) => Some(kind),
        None => store::kinds::find_by_name(tx.conn(), None, &name).await?,
    };
    let kind_is_new = known.is_none();
    let kind = match known {
        Some(kind) => kind,
        None => kind::Model {
            name,
            category: category(row)?.unwrap_or(if class == Some(Declared::Supply) { "other" } else { "medicine" }.to_owned()),
            tracked: Tracked::Lot,
            sensitive: class != Some(Declared::Supply),
            ..new_kind(desk.app.clock.id(), None, desk.now())
        },
    };
    if kind.tracked != Tracked::Lot {
        return Err(Reject::Refused(vec![Refusal::KindNotTaken]).into());
    }
    if category(row)?.is_some_and(|category| category != kind.category) {
        return Err(Reject::KindDiffers("category", kind.category).into());
    }
    let stored = if kind_is_new { None } else { store::consumables::find(tx.conn(), kind.id).await? };
    let profile_is_new = stored.is_none();
    let profile = match stored {
        Some(profile) => {
            agree(tx, &profile, class, partner.as_ref(), row).await?;
            profile
        }
        None => {
            let class = class.ok_or(Reject::Missing("class"))?;
            let admitted = legal::admit(class, partner.as_ref()).map_err(|no| Reject::Refused(vec![no]))?;
            row_of(kind.id, &profile(class, row)?, admitted)?
        }
    };
    Ok(Goods { station, kind, kind_is_new, profile, profile_is_new })
}

/// Does the line say of the kind what is stored?
async fn agree(
    tx: &WriteTx,
    stored: &consumable::Model,
    class: Option<Declared>,
    partner: Option<&partner::Model>,
    row: &Row,
) -> Result<(), No> {
    let differs = |field, there: String| Err(No::Row(Reject::KindDiffers(field, there)));
    if let Some(class) = class {
        let same = match legal::admit(class, partner) {
            Ok(admitted) => admitted.class() == stored.class,
            Err(no @ Refusal::ClassNotAllowed { .. }) => return Err(Reject::Refused(vec![no]).into()),
            // Who stands behind it is stored, and need not be said again.
            Err(_) => stored.class == Class::OtcB,
        };
        if !same {
            return differs("class", format!("{:?}", stored.class));
        }
    }
    if partner.is_some_and(|partner| Some(partner.id) != stored.partner_id) {
        let there = match stored.partner_id {
            Some(id) => store::consumables::find_partner(tx.conn(), id).await?,
            None => None,
        };
        return differs("partner", there.map_or_else(|| "—".to_owned(), |partner| partner.name));
    }
    if row.plain("base_unit").is_some_and(|unit| unit != stored.base_unit) {
        return differs("base_unit", stored.base_unit.clone());
    }
    if pack_size(row)?.is_some_and(|size| size != stored.pack_size) {
        return differs("pack_size", stored.pack_size.to_string());
    }
    Ok(())
}

/// The profile of a kind of which nothing is stored. What its leaflet says is said later; until then medicine is for adults and,
/// with a guardian, for children, one pack at a time.
fn profile(class: Declared, row: &Row) -> Result<Profile, Reject> {
    let drug = class == Declared::OtcB;
    let pack_size = pack_size(row)?.ok_or(Reject::Missing("pack_size"))?;
    Ok(Profile {
        class,
        // It is named where the class is admitted.
        partner: None,
        base_unit: row.plain("base_unit").ok_or(Reject::Missing("base_unit"))?,
        pack_size,
        smallest_unit: None,
        reading: None,
        dated: Some(class != Declared::Supply),
        course_days: 0,
        open_days: None,
        shareable: false,
        most_per_take: drug.then_some(pack_size),
        most_per_day: None,
        under_14: if drug { Under14::WithGuardian } else { Under14::Yes },
        under_18: true,
        cautions: Cautions::default(),
        leaflet: None,
        reviewed_by: None,
        contents: Vec::new(),
    })
}

fn pack_size(row: &Row) -> Result<Option<i32>, Reject> {
    let Some(text) = row.plain("pack_size") else { return Ok(None) };
    let size = text.parse().ok().filter(|size| (1..=10_000).contains(size));
    size.map(Some).ok_or(Reject::BadNumber("pack_size"))
}

/// A slug of the catalogue, or one of the words that people write for it.
fn category(row: &Row) -> Result<Option<String>, Reject> {
    let Some(word) = text(row, "category", 40)? else { return Ok(None) };
    Ok(Some(match word.as_str() {
        "药品" | "药箱" | "医药" | "急救" => "medicine".to_owned(),
        "雨具" => "rain".to_owned(),
        "其他" | "其它" => "other".to_owned(),
        _ => word,
    }))
}

/// Whom the line names by licence or by name.
async fn partner(tx: &WriteTx, station: &station::Model, row: &Row) -> Result<Option<partner::Model>, No> {
    let Some(named) = written(row, "partner") else { return Ok(None) };
    let mut called = store::consumables::list_partners_called(tx.conn(), station.community_id, named).await?;
    match called.len() {
        1 => Ok(called.pop()),
        _ => Err(Reject::UnknownPartner.into()),
    }
}
