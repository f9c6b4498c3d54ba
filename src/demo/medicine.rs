//! The demo's medicine box: a lot in every tier, one that was opened for too long, one that waits for a second reader, one that
//! was recalled; and a meter whose calibration is overdue.

use chrono::{Days, NaiveDate};
use entity::{
    consumable::{About, Caution, Cautions, Then, Under14},
    ids::{CommunityId, KindId, StationId},
    lot::Source,
    partner::Sort,
};

use super::{
    NoDemo,
    stock::{CALIBRATED, Thing},
};
use crate::{
    app::App,
    desk::{
        self, Desk, Door,
        inspect::Inspect,
        stock::{
            open_pack::OpenPack,
            profile::{NewIngredient, NewPartner, Profile},
            recall::NewRecall,
            receive::Receive,
        },
    },
    rules::legal::Declared,
    store,
};

/// A kind of the box, by its name in the catalogue of the demo.
struct Shelf {
    name: &'static str,
    class: Declared,
    unit: &'static str,
    pack_size: i32,
    /// For how many days an opened pack is good, where several people take from one.
    open_days: Option<i32>,
}

const SHELVES: [Shelf; 4] = [
    Shelf { name: "创可贴", class: Declared::Dressing, unit: "片", pack_size: 20, open_days: None },
    Shelf { name: "退烧药", class: Declared::OtcB, unit: "片", pack_size: 10, open_days: None },
    Shelf { name: "一次性雨衣", class: Declared::Supply, unit: "件", pack_size: 1, open_days: None },
    Shelf { name: "医用棉签", class: Declared::Dressing, unit: "支", pack_size: 50, open_days: Some(3) },
];

/// Lots: which shelf, number, days until the printed day (from the end of the fortnight), units.
const LOTS: [(usize, &str, u64, i32); 11] = [
    (0, "CK2401", 900, 60),
    (0, "CK2311", 75, 40),
    (0, "CK2310", 25, 20),
    (0, "CK2307", 6, 15),
    (1, "BL2406", 500, 40),
    (1, "BL2405", 60, 20),
    (1, "BL2312", 3, 10),
    (1, "BL2305", 0, 10),
    (1, "BL2399", 420, 10),
    (2, "", 0, 30),
    (3, "MQ2410", 600, 100),
];

/// Enters partner, profiles and lots, on the first day of the fortnight that ends on `last_day`.
pub(super) async fn fill(app: &App, station: StationId, last_day: NaiveDate) -> Result<(), NoDemo> {
    let desk = Desk::internal(app, Door::Cli);
    let place = store::stations::find(app.db.read(), station).await?.ok_or(desk::Error::NotFound("station"))?;
    let kinds = profiles(app, &desk, place.community_id).await?;
    for (shelf, number, days, units) in LOTS {
        let dated = SHELVES[shelf].class != Declared::Supply;
        let printed = (last_day + Days::new(days)).format("有效期至%Y年%m月%d日").to_string();
        let order = Receive {
            station_code: place.code.clone(),
            kind: kinds[shelf],
            number: number.to_owned(),
            label: dated.then(|| printed.clone()),
            code: None,
            units,
            source: Source::Import,
            proof: Some("演示".to_owned()),
            photo: None,
            shelf: Some(format!("{}号格", shelf + 1)),
            sure: true,
            goes: crate::rules::receive::Goes::Shelf,
        };
        let lot = desk::stock::receive::receive(desk.clone(), order).await?.into_receipt();
        // Somebody else has read all medicine but the newest.
        if shelf == 1 && number != "BL2405" {
            let second = second_reader(app).await?;
            desk::stock::verify_label::verify_label(second, (lot.id.into(), printed)).await?;
        }
        // Opened on the first day, and forgotten.
        if SHELVES[shelf].open_days.is_some() {
            let order = OpenPack { lot: lot.id.into(), units: None, opened_on: None, unknown: false };
            desk::stock::open_pack::open_pack(desk.clone(), order).await?;
        }
    }
    Ok(())
}

/// One meter was calibrated not long ago; the calibration of the other ends within the fortnight.
pub(super) async fn calibrate(app: &App, things: &[Thing], last_day: NaiveDate) -> Result<(), NoDemo> {
    let meters: Vec<_> = things.iter().filter(|thing| thing.kind == CALIBRATED).collect();
    for (n, meter) in meters.iter().enumerate() {
        let good_until = if n == 0 { last_day + Days::new(200) } else { last_day - Days::new(3) };
        let order = Inspect {
            code: meter.code.clone(),
            passed: true,
            good_until: Some(good_until),
            certificate: Some(format!("演示-{}", n + 1)),
            note: None,
        };
        desk::inspect::inspect(Desk::internal(app, Door::Cli), order).await?;
    }
    Ok(())
}

/// On the last day of the fortnight, a recall.
pub(super) async fn recall(app: &App) -> Result<(), NoDemo> {
    let desk = Desk::internal(app, Door::Cli);
    let fever = store::kinds::find_by_name(app.db.read(), None, SHELVES[1].name).await?.ok_or(desk::Error::NotFound("kind"))?;
    let what =
        NewRecall { kind: Some(fever.id), product: None, lots: "BL2399".to_owned(), source: "演示用召回通告".to_owned() };
    desk::stock::recall::enter(desk, what).await?;
    Ok(())
}

async fn profiles(app: &App, desk: &Desk, community: CommunityId) -> Result<Vec<KindId>, NoDemo> {
    let partner = NewPartner {
        community,
        name: "练塘镇社区卫生服务中心".to_owned(),
        sort: Sort::HealthCentre,
        licence_no: "DEMO-0001".to_owned(),
    };
    let partner = desk::stock::profile::add_partner(desk.clone(), partner).await?.into_receipt();
    let ingredient = NewIngredient {
        name: "对乙酰氨基酚".to_owned(),
        most_in_24_hours: 5_000_000,
        most_in_72_hours: 5_000_000,
        source: "演示数据，不是用药建议".to_owned(),
        reviewed_by: "演示".to_owned(),
    };
    desk::stock::profile::add_ingredient(desk.clone(), ingredient).await?;
    let mut kinds = Vec::with_capacity(SHELVES.len());
    for shelf in SHELVES {
        let kind = store::kinds::find_by_name(app.db.read(), None, shelf.name).await?.ok_or(desk::Error::NotFound("kind"))?;
        let drug = shelf.class == Declared::OtcB;
        let caution = |about, then| Caution { about, to: None, then };
        let what = Profile {
            class: shelf.class,
            partner: drug.then(|| partner.id.into()),
            base_unit: shelf.unit.to_owned(),
            pack_size: shelf.pack_size,
            smallest_unit: None,
            reading: None,
            dated: Some(shelf.class != Declared::Supply),
            course_days: if drug { 3 } else { 0 },
            open_days: shelf.open_days,
            shareable: shelf.open_days.is_some(),
            most_per_take: Some(shelf.pack_size),
            most_per_day: None,
            under_14: if drug { Under14::WithGuardian } else { Under14::Yes },
            under_18: true,
            cautions: Cautions(if drug {
                vec![
                    caution(About::Allergy, Then::Refuse),
                    caution(About::OtherColdMedicine, Then::Refuse),
                    caution(About::Pregnancy, Then::Warn),
                ]
            } else {
                Vec::new()
            }),
            leaflet: drug.then(|| "儿童用量见说明书，不清楚就问药师，急症拨打 120。".to_owned()),
            reviewed_by: drug.then(|| "演示".to_owned()),
            contents: if drug { vec![("对乙酰氨基酚".to_owned(), 500_000)] } else { Vec::new() },
        };
        desk::stock::profile::set(desk.clone(), (kind.id, what)).await?;
        kinds.push(kind.id);
    }
    Ok(kinds)
}

/// The keeper on duty reads the labels again.
async fn second_reader(app: &App) -> Result<Desk, NoDemo> {
    let index = app.vault.index(&super::phone(super::KEEPER_PHONE));
    let keeper = store::members::find_by_phone(app.db.read(), &index).await?.ok_or(desk::Error::NotFound("member"))?;
    let roles = store::roles::list_of(app.db.read(), keeper.id).await?;
    let actor = desk::Actor::signed_in(keeper.id, app.clock.id(), entity::session::Proof::Password, roles);
    Ok(Desk { actor, ..Desk::internal(app, Door::Cli) })
}
