//! Everybody at once over three midnights: nothing leaves a medicine box past its last day, and no unit is lost or invented. The
//! same story with a taker that does not look at the date shows that the oracle would notice.

use std::sync::{Arc, Mutex};

use chrono::{NaiveDate, TimeDelta};
use entity::{
    ids::{KindId, LotHoldId, LotId},
    movement,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use yizhan::{
    db::Trouble,
    desk::{
        self, Desk,
        stock::{
            correct_label::CorrectLabel,
            count::Count,
            hold::Hold,
            open_pack::OpenPack,
            profile::Profile,
            put_apart::{PutApart, Way},
            recall::NewRecall,
            receive::Receive,
            take::{PackInHand, Take},
            transfer::Transfer,
        },
    },
    jobs::{self, JobError},
    rules::legal::Declared,
    store,
};

use crate::{
    both,
    support::{
        medicine::{MedicineBox, photo, profile, take},
        oracle::{broken_laws, careless_take},
        server::all_at_once,
        town::{MONDAY, Town, reasons},
    },
};

both!(
    no_interleaving_lets_anything_out_past_its_last_day,
    the_oracle_notices_a_taker_who_does_not_look_at_the_date,
    the_oracle_notices_each_law_that_is_broken,
);

/// Good until the 25th, by the strict reading.
const LABEL: &str = "有效期至2026年11月26日";
const TAKES: usize = 16;
const TAKERS: usize = 8;

/// What everybody reaches for.
struct Stage {
    town: Town,
    shelf: MedicineBox,
    iodine: KindId,
    /// Six that end in one night.
    lots: Vec<LotId>,
    /// Its label will be corrected to an earlier date.
    sooner: LotId,
    /// Its label will be corrected to a later date.
    later: LotId,
    bottles: LotId,
    /// From which version on nothing more may have been taken from a lot, or only until another day.
    cuts: Mutex<Vec<(LotId, i64, Option<NaiveDate>)>>,
    faults: Mutex<Vec<String>>,
}

impl Stage {
    async fn set(town: Town) -> Arc<Self> {
        let shelf = town.medicine_box().await;
        town.station("MED2").await;
        let iodine = town.lot_kind("碘伏").await;
        let opened = Profile { open_days: Some(1), shareable: true, ..profile(Declared::Dressing) };
        desk::stock::profile::set(town.process(), (iodine, opened)).await.unwrap();
        let mut lots = Vec::new();
        for n in 0..6 {
            lots.push(shelf.plasters(&format!("L{n}"), LABEL, 40).await);
        }
        let sooner = shelf.plasters("S", "有效期至2026年12月20日", 40).await;
        let later = shelf.plasters("T", "有效期至2026年11月25日", 40).await;
        let bottles = shelf.delivery(iodine, "I", "有效期至2027年06月30日", 80);
        let bottles = shelf.receive(bottles).await.unwrap().into_receipt().id.into();
        let (cuts, faults) = (Mutex::default(), Mutex::default());
        Arc::new(Self { town, shelf, iodine, lots, sooner, later, bottles, cuts, faults })
    }

    /// A refusal is an answer, and so is "busy"; a fault is not.
    fn heard<T>(&self, answer: desk::Result<T>) -> Option<T> {
        match answer {
            Ok(done) => Some(done),
            Err(desk::Error::Refused(_) | desk::Error::Trouble(Trouble::Contention(_) | Trouble::Busy)) => None,
            Err(other) => {
                self.faults.lock().unwrap().push(format!("{other:?}"));
                None
            }
        }
    }

    /// Nothing is taken from this lot from here on, or only until a day.
    async fn cut(&self, lot: LotId, until: Option<NaiveDate>) {
        let rev = store::lots::find(self.town.app.db.read(), lot).await.unwrap().unwrap().rev;
        self.cuts.lock().unwrap().push((lot, rev, until));
    }

    async fn takes(&self, n: usize) {
        for round in 0..TAKES {
            let order = match (n + round) % 4 {
                // The bar code of this very lot, though others may end sooner.
                0 => Take {
                    in_hand: vec![PackInHand::Code(format!("(10)L{}(17)261126", round % 6))],
                    ..self.shelf.wanted(self.shelf.plasters, 1)
                },
                1 => self.shelf.wanted(self.iodine, 1),
                2 => Take { in_hand: vec![PackInHand::Code("(10)S".to_owned())], ..self.shelf.wanted(self.shelf.plasters, 1) },
                _ => self.shelf.wanted(self.shelf.plasters, 2),
            };
            self.heard(take(self.town.visitor(), order).await);
        }
    }

    /// Over three midnights, not without steps back; the check rings now and then.
    async fn time_passes(&self) {
        let app = &self.town.app;
        for hours in [7, 6, 4, -5, 9, 8, -3, 8, 8, 7, -6, 8, 9, 8, 5, 6] {
            for _ in 0..3 {
                self.heard(take(self.town.visitor(), self.shelf.wanted(self.shelf.plasters, 1)).await);
            }
            app.clock.advance(TimeDelta::hours(hours));
            self.check().await;
        }
    }

    async fn check(&self) {
        match jobs::run(&self.town.app, "expiry-check").await {
            Ok(_) | Err(JobError::Trouble(Trouble::Contention(_) | Trouble::Busy | Trouble::GuardFailed("job_run.fence"))) => {}
            Err(other) => self.faults.lock().unwrap().push(format!("{other:?}")),
        }
    }

    async fn keeps(&self, n: usize) {
        let (shelf, lot) = (&self.shelf, self.lots[n % 6]);
        let keeper = || shelf.keeper.clone();
        for way in [Way::Quarantine, Way::Clear, Way::SetAside] {
            let order = PutApart { lot, way, units: 2, note: None, photo: None };
            self.heard(desk::answer(keeper(), order, desk::stock::put_apart::put_apart).await);
            let order = Count { lot, counted: 30, counted_at: None, reason: Some("数过".to_owned()) };
            self.heard(desk::answer(keeper(), order, desk::stock::count::count).await);
            let order = Hold { lot, units: 2, member: None, until: None, note: None };
            if let Some(held) = self.heard(desk::answer(keeper(), order, desk::stock::hold::hold).await) {
                let id: LotHoldId = held.into_receipt().id.into();
                self.heard(desk::answer(keeper(), id, desk::stock::hold::release).await);
            }
            let order = Transfer { lot, units: 2, to_station: "MED2".to_owned(), shelf: None };
            self.heard(desk::answer(self.town.process(), order, desk::stock::transfer::transfer).await);
            let there = Take { station_code: "MED2".to_owned(), ..shelf.wanted(shelf.plasters, 1) };
            self.heard(take(self.town.visitor(), there).await);
            let order = OpenPack { lot: self.bottles, units: Some(3), opened_on: None, unknown: false };
            self.heard(desk::answer(keeper(), order, desk::stock::open_pack::open_pack).await);
            let delivery =
                Receive { units: 5, ..shelf.delivery(shelf.plasters, &format!("N{n}"), "有效期至2026年11月27日", 5) };
            self.heard(shelf.receive(delivery).await);
        }
    }

    async fn correct(&self, lot: LotId, label: &str) -> bool {
        let (label, reason, photo) = (label.to_owned(), "看错了".to_owned(), Some(photo()));
        let order = CorrectLabel { lot, label, reason, photo, sure: false };
        self.heard(desk::answer(self.shelf.keeper.clone(), order, desk::stock::correct_label::correct_label).await).is_some()
    }

    async fn reads_again(&self) {
        self.takes(2).await;
        if self.correct(self.sooner, "有效期至2026年11月25日").await {
            self.cut(self.sooner, "2026-11-24".parse().ok()).await;
        }
        let printed = "有效期至2026年11月28日".to_owned();
        if self.correct(self.later, &printed).await {
            let second: Desk = self.shelf.second.clone();
            self.heard(desk::answer(second, (self.later, printed), desk::stock::verify_label::verify_label).await);
        }
    }

    async fn recalls(&self) {
        self.takes(3).await;
        let (kind, lots) = (Some(self.shelf.plasters), "L5".to_owned());
        let what = NewRecall { kind, product: None, lots, source: "通告".to_owned() };
        if self.heard(desk::answer(self.shelf.keeper.clone(), what, desk::stock::recall::enter).await).is_some() {
            self.cut(self.lots[5], None).await;
        }
    }

    /// What is taken in spite of everything that was said before it.
    async fn taken_in_spite(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let cuts = self.cuts.lock().unwrap().clone();
        for (lot, rev, until) in cuts {
            let lines = movement::Entity::find().filter(movement::Column::LotId.eq(lot)).filter(movement::Column::LotRev.gt(rev));
            let after = lines.filter(movement::Column::Reason.eq(movement::Reason::Taken)).all(self.town.app.db.read()).await;
            let late = after.unwrap().into_iter().filter(|line| until.is_none() || line.last_issue_day != until);
            wrong.extend(late.map(|line| format!("{line:?}")));
        }
        wrong
    }
}

/// The story. With the careless one among them, somebody takes without the guard.
async fn told(town: Town, careless: bool) -> Arc<Stage> {
    let stage = Stage::set(town).await;
    let takers = if careless { 1 } else { TAKERS };
    let hands = all_at_once(7 + takers, |n| {
        let stage = Arc::clone(&stage);
        async move {
            match n {
                0 => stage.time_passes().await,
                1 => stage.reads_again().await,
                2 => stage.recalls().await,
                3..=5 => stage.keeps(n).await,
                6 => {
                    for _ in 0..8 {
                        stage.check().await;
                    }
                }
                7 if careless => {
                    for n in 0..30 {
                        careless_take(&stage.town.app, stage.lots[n % 6]).await;
                    }
                }
                _ => stage.takes(n).await,
            }
        }
    });
    hands.await;
    for n in 0..if careless { 6 } else { 0 } {
        careless_take(&stage.town.app, stage.lots[n % 6]).await;
    }
    stage
}

async fn no_interleaving_lets_anything_out_past_its_last_day(town: Town) {
    let stage = told(town, false).await;
    assert_eq!(*stage.faults.lock().unwrap(), Vec::<String>::new());
    assert_eq!(broken_laws(&stage.town).await, []);
    assert_eq!(stage.taken_in_spite().await, Vec::<String>::new());
    let lines = movement::Entity::find().filter(movement::Column::Reason.eq(movement::Reason::Taken));
    let taken = lines.all(stage.town.app.db.read()).await.unwrap().len();
    assert!(taken > 20, "only {taken} takes: the load was no load");
    stage.town.verified().await;
    // A day that was seen is not unseen: back on Monday nothing of what has ended may leave.
    let app = stage.town.restarted().await;
    jobs::run(&app, "expiry-check").await.unwrap();
    app.clock.set(MONDAY.parse().unwrap());
    for n in 0..6 {
        let in_hand = vec![PackInHand::Code(format!("(10)L{n}(17)261126"))];
        let order = Take { in_hand, ..stage.shelf.wanted(stage.shelf.plasters, 1) };
        assert!(!reasons(take(stage.town.visitor(), order).await).is_empty());
    }
    assert_eq!(broken_laws(&stage.town).await, []);
    stage.town.verified().await;
}

async fn the_oracle_notices_a_taker_who_does_not_look_at_the_date(town: Town) {
    let stage = told(town, true).await;
    let broken: Vec<_> = broken_laws(&stage.town).await.into_iter().map(|(law, _)| law).collect();
    assert_eq!(broken, ["past its printed date", "past the day that was known"]);
}

async fn the_oracle_notices_each_law_that_is_broken(town: Town) {
    let stage = Stage::set(town).await;
    let opened = OpenPack { lot: stage.bottles, units: Some(5), opened_on: None, unknown: false };
    desk::answer(stage.shelf.keeper.clone(), opened, desk::stock::open_pack::open_pack).await.unwrap();
    take(stage.town.visitor(), stage.shelf.wanted(stage.iodine, 1)).await.unwrap();
    take(stage.town.visitor(), stage.shelf.wanted(stage.shelf.plasters, 1)).await.unwrap();
    assert_eq!(broken_laws(&stage.town).await, []);
    let hand = crate::support::planted::Hand::on(&stage.town.url).await;
    for (law, plant) in [
        ("opened for too long", "UPDATE take SET taken_on = '2026-11-25'"),
        ("past the day that was known", "UPDATE movement SET last_issue_day = NULL"),
        ("past its printed date", "UPDATE take SET taken_on = '2027-06-30'"),
        ("a ledger that does not add up", "UPDATE lot SET available = available + 1"),
        ("units that came from nowhere", "DELETE FROM movement WHERE reason = 'opened' AND available < 0"),
        ("less than nothing at some time", "UPDATE movement SET available = 0, to_dispose = 1 WHERE reason = 'received'"),
    ] {
        hand.run(plant).await;
        let broken = broken_laws(&stage.town).await;
        assert!(broken.iter().any(|(name, _)| *name == law), "{law}: {broken:?}");
    }
    hand.leave().await;
}
