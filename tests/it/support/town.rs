//! A town: one process over a database of its own, under a clock that stands still, with everybody who is needed.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    grant::{self, Role},
    ids::{CommunityId, GrantId, KindId, MemberId, SessionId, StationId},
    kind::Identity,
    session::Proof,
    values::Phone,
};
use yizhan::{
    app::App,
    clock::Clock,
    config::Config,
    db::{Db, Done},
    desk::{self, Actor, Desk, Door, borrow::Borrow, give_back::GiveBack, items::Register},
    view::{LentView, PolicyValues, ReturnedView},
};

use super::engines::{Engine, Fresh, block_on};

/// Monday, 10 o'clock in Shanghai.
pub(crate) const MONDAY: &str = "2026-11-23T02:00:00Z";

pub(crate) struct Town {
    pub(crate) app: App,
    pub(crate) url: String,
    /// Keeps the database.
    _fresh: Option<Fresh>,
}

/// Tells a story in a town of its own on an engine; does nothing where that engine is not to be had.
pub(crate) fn on<F: Future<Output = ()>>(engine: Engine, story: fn(Town) -> F) {
    let Some(fresh) = Fresh::on(engine) else { return };
    block_on(async { story(Town::on(fresh).await).await });
}

/// The settings of a town.
pub(crate) fn config(url: &str) -> Config {
    let mut config = Config::load(None).unwrap();
    url.clone_into(&mut config.database_url);
    config.setup_code = Some("open-sesame".to_owned());
    config.rate_limit = yizhan::config::Switch::Off;
    config
}

impl Town {
    /// `yizhan verify` finds nothing; but for jobs that a test did not let run.
    pub(crate) async fn verified(&self) {
        let findings = yizhan::verify::run(&self.app, |_, _| {}).await.unwrap();
        let wrong: Vec<_> = findings
            .iter()
            .filter(|finding| finding.is_fault() && !["missing-check", "notice-stuck"].contains(&finding.check))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    async fn on(fresh: Fresh) -> Self {
        let clock = Clock::frozen_at(MONDAY.parse().unwrap());
        let town = Self::at(&fresh.url, clock).await;
        Self { _fresh: Some(fresh), ..town }
    }

    /// Over a migrated database that somebody else keeps.
    pub(crate) async fn at(url: &str, clock: Clock) -> Self {
        let db = Db::connect(url).await.unwrap();
        let app = App::open(config(url), clock, db).await.unwrap();
        Self { app, url: url.to_owned(), _fresh: None }
    }

    /// Another process on the same database, started now.
    pub(crate) async fn restarted(&self) -> App {
        let db = Db::connect(&self.url).await.unwrap();
        App::open(config(&self.url), self.app.clock.clone(), db).await.unwrap()
    }

    /// A town with settings of its own.
    pub(crate) async fn with(fresh: Fresh, config: Config) -> Self {
        let db = Db::connect(&fresh.url).await.unwrap();
        let app = App::open(config, Clock::frozen_at(MONDAY.parse().unwrap()), db).await.unwrap();
        Self { app, url: fresh.url.clone(), _fresh: Some(fresh) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.app.clock.advance(by);
    }

    /// The process itself: may do everything.
    pub(crate) fn process(&self) -> Desk {
        Desk::internal(&self.app, Door::Cli)
    }

    /// Somebody who is not signed in.
    pub(crate) fn visitor(&self) -> Desk {
        Desk { actor: Actor::visitor(), ..Desk::internal(&self.app, Door::Page) }
    }

    /// A member who is signed in with a code.
    pub(crate) fn resident(&self, member: MemberId) -> Desk {
        let session: SessionId = self.app.clock.id();
        Desk { actor: Actor::signed_in(member, session, Proof::Code, Vec::new()), ..self.visitor() }
    }

    /// A new member with a role, signed in with a password.
    pub(crate) async fn staff(&self, role: Role, community: Option<CommunityId>, station: Option<StationId>) -> Desk {
        let member = self.member(&format!("139{:08}", self.app.clock.id::<MemberId>().0.as_u128() % 100_000_000)).await;
        let row = grant::Model {
            id: self.app.clock.id::<GrantId>(),
            member_id: member,
            role,
            community_id: community,
            station_id: station,
            granted_by: None,
            granted_at: self.now(),
            revoked_at: None,
        };
        let session: SessionId = self.app.clock.id();
        Desk { actor: Actor::signed_in(member, session, Proof::Password, vec![row]), ..self.visitor() }
    }

    pub(crate) async fn community(&self) -> CommunityId {
        let name = format!("社区 {}", self.app.clock.id::<CommunityId>());
        desk::communities::create(self.process(), name).await.unwrap().into_receipt().id.into()
    }

    /// A station that is always open, in a community of its own.
    pub(crate) async fn station(&self, code: &str) -> StationId {
        let community = self.community().await;
        let what = desk::stations::Particulars { name: Some(code.to_owned()), ..Default::default() };
        desk::stations::create(self.process(), (community, code.to_owned(), what)).await.unwrap().into_receipt().id.into()
    }

    pub(crate) async fn kind(&self, name: &str, identity: Identity) -> KindId {
        let what = desk::kinds::Particulars {
            name: Some(name.to_owned()),
            category: Some("test".to_owned()),
            identity: Some(identity),
            ..Default::default()
        };
        desk::kinds::create(self.process(), (None, what)).await.unwrap().into_receipt().id.into()
    }

    pub(crate) async fn items(&self, kind: KindId, station: StationId, count: u32) -> Vec<String> {
        let order = Register { kind, station, count, code: None, label: None };
        let made = desk::items::register(self.process(), order).await.unwrap().into_receipt();
        made.items.into_iter().map(|item| item.code).collect()
    }

    /// A station with umbrellas that anybody may borrow.
    pub(crate) async fn umbrellas(&self, count: u32) -> Vec<String> {
        let station = self.station("LT01").await;
        let kind = self.kind("折叠雨伞", Identity::Anonymous).await;
        self.items(kind, station, count).await
    }

    /// A station with tools that need a phone number.
    pub(crate) async fn tools(&self, count: u32) -> (KindId, Vec<String>) {
        let station = self.station("LT02").await;
        let kind = self.kind("螺丝刀", Identity::Phone).await;
        (kind, self.items(kind, station, count).await)
    }

    pub(crate) async fn member(&self, phone: &str) -> MemberId {
        let enter = desk::members::Enter { name: None, phone: Some(Phone::parse(phone).unwrap()), group: None };
        desk::members::enter(self.process(), enter).await.unwrap().into_receipt().id.into()
    }

    pub(crate) async fn policy(&self, kind: Option<KindId>, values: PolicyValues) {
        let scope = desk::policies::Scope { kind, ..Default::default() };
        desk::policies::create(self.process(), (scope, values)).await.unwrap();
    }
}

/// Borrows as a door does: in a task of its own, with retries.
pub(crate) async fn borrow(desk: Desk, code: &str, phone: Option<&str>) -> desk::Result<Done<LentView>> {
    let phone = phone.map(|text| Phone::parse(text).unwrap());
    desk::answer(desk, Borrow { code: code.to_owned(), phone, ..Borrow::default() }, desk::borrow::borrow).await
}

/// Gives back as a door does.
pub(crate) async fn give_back(desk: Desk, code: &str) -> desk::Result<Done<ReturnedView>> {
    desk::answer(desk, GiveBack { code: code.to_owned(), ..GiveBack::default() }, desk::give_back::give_back).await
}

/// The codes of the reasons of a refusal.
pub(crate) fn reasons<T: std::fmt::Debug>(answer: desk::Result<T>) -> Vec<&'static str> {
    match answer {
        Err(desk::Error::Refused(reasons)) => reasons.iter().map(yizhan::rules::refusal::Refusal::code).collect(),
        other => panic!("not a refusal: {other:?}"),
    }
}
