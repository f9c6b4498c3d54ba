//! A medicine box in a town: plasters that anybody may take, and a fever medicine with a partner behind it.

use entity::{
    consumable::{Cautions, Under14},
    grant::Role,
    ids::{KindId, LotId, StationId},
    kind::{Identity, Tracked},
    lot::Source,
};
use yizhan::{
    db::Done,
    desk::{
        self, Desk,
        stock::{
            profile::{NewIngredient, NewPartner, Profile},
            receive::Receive,
            take::{PackInHand, Take},
        },
    },
    rules::{legal::Declared, take::Age},
    view::{LotView, TakenView},
};

use super::town::Town;

pub(crate) const STATION: &str = "MED1";

pub(crate) struct MedicineBox {
    pub(crate) station: StationId,
    pub(crate) plasters: KindId,
    pub(crate) fever: KindId,
    pub(crate) keeper: Desk,
    pub(crate) second: Desk,
}

pub(crate) fn profile(class: Declared) -> Profile {
    Profile {
        class,
        partner: None,
        base_unit: "片".to_owned(),
        pack_size: 10,
        smallest_unit: None,
        reading: None,
        dated: None,
        course_days: 0,
        open_days: None,
        shareable: false,
        most_per_take: None,
        most_per_day: None,
        under_14: Under14::Yes,
        under_18: true,
        cautions: Cautions::default(),
        leaflet: None,
        reviewed_by: None,
        contents: Vec::new(),
    }
}

/// As the leaflet of the fever medicine says; without its partner.
pub(crate) fn fever_profile() -> Profile {
    Profile {
        pack_size: 2,
        smallest_unit: Some(2),
        most_per_take: Some(12),
        under_14: Under14::No,
        leaflet: Some("口服，每次一片。看说明书，不清楚就问药师。".to_owned()),
        reviewed_by: Some("药师".to_owned()),
        contents: vec![("布洛芬".to_owned(), 200_000)],
        ..profile(Declared::OtcB)
    }
}

impl Town {
    pub(crate) async fn lot_kind(&self, name: &str) -> KindId {
        let what = desk::kinds::Particulars {
            name: Some(name.to_owned()),
            category: Some("medicine".to_owned()),
            tracked: Some(Tracked::Lot),
            identity: Some(Identity::Anonymous),
            ..Default::default()
        };
        desk::kinds::create(self.process(), (None, what)).await.unwrap().into_receipt().id.into()
    }

    pub(crate) async fn medicine_box(&self) -> MedicineBox {
        let station = self.station(STATION).await;
        let community = yizhan::store::stations::find(self.app.db.read(), station).await.unwrap().unwrap().community_id;
        let (plasters, fever) = (self.lot_kind("创可贴").await, self.lot_kind("布洛芬片").await);
        desk::stock::profile::set(self.process(), (plasters, profile(Declared::Dressing))).await.unwrap();
        let licence_no = "PHARM-0001".to_owned();
        let sort = entity::partner::Sort::Pharmacy;
        let partner = NewPartner { community, name: "街角药房".to_owned(), sort, licence_no };
        let partner = desk::stock::profile::add_partner(self.process(), partner).await.unwrap().into_receipt();
        let ingredient = NewIngredient {
            name: "布洛芬".to_owned(),
            most_in_24_hours: 1_200_000,
            most_in_72_hours: 3_600_000,
            source: "说明书".to_owned(),
            reviewed_by: "药师".to_owned(),
        };
        desk::stock::profile::add_ingredient(self.process(), ingredient).await.unwrap();
        let otc = Profile { partner: Some(partner.id.into()), ..fever_profile() };
        desk::stock::profile::set(self.process(), (fever, otc)).await.unwrap();
        let keeper = self.staff(Role::Keeper, None, Some(station)).await;
        let second = self.staff(Role::Keeper, None, Some(station)).await;
        let tx = self.app.db.write(yizhan::db::Intent::default()).await.unwrap();
        for desk in [&keeper, &second] {
            yizhan::store::roles::add(&tx, desk.actor.roles()[0].clone()).await.unwrap();
        }
        tx.commit(()).await.unwrap();
        MedicineBox { station, plasters, fever, keeper, second }
    }
}

impl MedicineBox {
    pub(crate) fn delivery(&self, kind: KindId, number: &str, label: &str, units: i32) -> Receive {
        Receive {
            station_code: STATION.to_owned(),
            kind,
            number: number.to_owned(),
            label: Some(label.to_owned()),
            code: None,
            units,
            source: Source::Purchase,
            proof: Some("发票 1".to_owned()),
            photo: Some(photo()),
            shelf: None,
            sure: false,
            goes: yizhan::rules::receive::Goes::Shelf,
        }
    }

    pub(crate) async fn receive(&self, order: Receive) -> desk::Result<Done<LotView>> {
        desk::answer(self.keeper.clone(), order, desk::stock::receive::receive).await
    }

    /// Plasters, ready to be taken.
    pub(crate) async fn plasters(&self, number: &str, label: &str, units: i32) -> LotId {
        self.receive(self.delivery(self.plasters, number, label, units)).await.unwrap().into_receipt().id.into()
    }

    /// Fever medicine, read by two people.
    pub(crate) async fn fever(&self, number: &str, label: &str, units: i32) -> LotId {
        let lot: LotId = self.receive(self.delivery(self.fever, number, label, units)).await.unwrap().into_receipt().id.into();
        let again = (lot, label.to_owned());
        desk::answer(self.second.clone(), again, desk::stock::verify_label::verify_label).await.unwrap();
        lot
    }

    pub(crate) fn wanted(&self, kind: KindId, units: i32) -> Take {
        Take {
            station_code: STATION.to_owned(),
            kind,
            units,
            in_hand: Vec::new(),
            hold: None,
            phone: None,
            anonymous: false,
            age: None,
            guardian: false,
            yes: None,
            accepted: None,
        }
    }

    pub(crate) fn fever_wanted(&self, labels: &[&str]) -> Take {
        Take {
            in_hand: labels.iter().map(|label| PackInHand::Label((*label).to_owned())).collect(),
            age: Some(Age::From18),
            accepted: Some(1),
            ..self.wanted(self.fever, 2 * i32::try_from(labels.len()).unwrap())
        }
    }
}

pub(crate) async fn take(desk: Desk, order: Take) -> desk::Result<Done<TakenView>> {
    desk::answer(desk, order, desk::stock::take::take).await
}

/// The smallest picture.
pub(crate) fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(8, 8).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
