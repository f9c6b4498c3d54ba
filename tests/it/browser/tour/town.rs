//! The town that is toured: the demo, and whatever else a page needs to have something to show. It is made once, and every
//! tour gets a copy.

use std::{collections::BTreeMap, sync::OnceLock};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use entity::{
    hold::State,
    series::{Every, Rule},
    session::Proof,
    task,
    ticket::Matter,
    values::Phone,
};
use sea_orm::EntityTrait;
use yizhan::{
    app::App,
    clock::Clock,
    db::Db,
    demo,
    desk::{
        self, Actor, Desk, Door,
        bookings::{
            book::{Book, Whom},
            bookable::Target,
        },
        feeds::Of,
        queue::join::{Join, join},
        series::{Create, What},
        stickers::To,
        stock::{level::Level, take::Take},
        tickets::report::{Report, Subject},
    },
    jobs, store,
};

use crate::support::{
    engines::{Engine, Fresh, block_on},
    medicine::photo,
    town,
};

/// The station of the demo.
pub(in crate::browser) const STATION: &str = "LIANBEI";
/// Somebody who has given her number at the demo's station.
pub(super) const RESIDENT: &str = "13800138105";

/// What is written about a wheelchair, about the station, about a sticker and about a day on which it is closed.
const FAULT: &str = "刹车松了";
const WISH: &str = "想要一台打气筒";
const TORN: &str = "破了";
const CLOSED: &str = "盘点";
/// What is on every Tuesday.
const CLASS: &str = "书法班";

/// The town, as it lies in its file.
pub(in crate::browser) struct Toured {
    bytes: Vec<u8>,
    /// What stands for `{…}` in addresses.
    places: BTreeMap<&'static str, String>,
    /// Where the open tasks are: one of each sort.
    pub(super) tasks: Vec<String>,
    /// What people have typed in Chinese and has no English form, and what is printed on packs.
    pub(super) typed: Vec<String>,
}

/// Made when it is first asked for.
pub(in crate::browser) fn toured() -> &'static Toured {
    static TOURED: OnceLock<Toured> = OnceLock::new();
    TOURED.get_or_init(|| {
        let fresh = Fresh::on(Engine::Sqlite).unwrap();
        let (places, tasks, typed) = block_on(fill(&fresh.url));
        Toured { bytes: fresh.bytes(), places, tasks, typed }
    })
}

impl Toured {
    /// A copy of its database.
    pub(in crate::browser) fn copy(&self) -> Fresh {
        Fresh::holding(&self.bytes)
    }

    /// An address with its `{…}` filled in.
    pub(in crate::browser) fn address(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        for (place, value) in &self.places {
            filled = filled.replace(&format!("{{{place}}}"), value);
        }
        assert!(!filled.contains('{'), "{filled}");
        filled
    }
}

async fn fill(url: &str) -> (BTreeMap<&'static str, String>, Vec<String>, Vec<String>) {
    // A minute before anybody looks: what happens then is the newest.
    let now = town::MONDAY.parse::<DateTime<Utc>>().unwrap() - TimeDelta::minutes(1);
    let db = Db::connect(url).await.unwrap();
    let app = App::open(town::config(url), Clock::frozen_at(now - TimeDelta::days(14)), db).await.unwrap();
    let sights = demo::fill(&app, now, |_, _| {}).await.unwrap();
    let mut places = BTreeMap::from([
        ("umbrella", sights.umbrella.clone()),
        ("out", sights.umbrella_out.clone()),
        ("wheelchair", sights.wheelchair.clone()),
        ("station", STATION.to_owned()),
    ]);
    add_stickers_and_faults(&app, &mut places).await;
    add_stock(&app, &mut places).await;
    for job in ["expiry-check", "overdue"] {
        jobs::run(&app, job).await.unwrap();
    }
    let tasks = name_what_is_there(&app, &mut places).await;
    let typed = typed_in_chinese(&app).await;
    app.db.clone().close().await.unwrap();
    (places, tasks, typed)
}

fn process(app: &App) -> Desk {
    Desk::internal(app, Door::Cli)
}

fn visitor(app: &App) -> Desk {
    Desk { actor: Actor::visitor(), ..Desk::internal(app, Door::Page) }
}

async fn add_stickers_and_faults(app: &App, places: &mut BTreeMap<&'static str, String>) {
    let station = store::stations::find_by_code(app.db.read(), STATION).await.unwrap().unwrap();
    let made = desk::stickers::make(process(app), 6).await.unwrap().into_receipt().items;
    let codes: Vec<String> = made.into_iter().map(|sticker| sticker.code).collect();
    let index = app.vault.index(&Phone::parse(RESIDENT).unwrap());
    let resident = store::members::find_by_phone(app.db.read(), &index).await.unwrap().unwrap();
    let tablets = store::kinds::find_by_name(app.db.read(), None, "退烧药").await.unwrap().unwrap();
    for (code, to) in [
        (1, To::Item(places["umbrella"].clone())),
        (2, To::Station(station.id)),
        (3, To::Shelf(station.id, tablets.id)),
        (4, To::Card(resident.id)),
        (5, To::Item(places["wheelchair"].clone())),
    ] {
        desk::stickers::bind(process(app), (codes[code].clone(), to)).await.unwrap();
    }
    desk::stickers::give_up(process(app), (codes[1].clone(), TORN.to_owned())).await.unwrap();
    let names = ["blank", "retired", "plate", "shelf", "card", "second"];
    places.extend(names.into_iter().zip(codes));
    places.insert("member", resident.id.to_string());
    let (first, last) = ("2026-12-24", "2026-12-26");
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    desk::stations::close_for(process(app), (station.id, day(first), day(last), CLOSED.to_owned())).await.unwrap();
    let thing = Report {
        subject: Subject::Item(places["wheelchair"].clone()),
        what: Matter::Broken,
        note: Some(FAULT.to_owned()),
        photo: Some(photo()),
        round: None,
    };
    desk::answer(visitor(app), thing, desk::tickets::report::report).await.unwrap();
    let wish = Report {
        subject: Subject::Station(STATION.to_owned()),
        what: Matter::Wish,
        note: Some(WISH.to_owned()),
        photo: None,
        round: None,
    };
    desk::answer(visitor(app), wish, desk::tickets::report::report).await.unwrap();
}

async fn add_stock(app: &App, places: &mut BTreeMap<&'static str, String>) {
    let conn = app.db.read();
    let mut kinds = BTreeMap::new();
    for (place, name) in [
        ("umbrellas", "折叠雨伞"),
        ("wheelchairs", "轮椅"),
        ("plasters", "创可贴"),
        ("tablets", "退烧药"),
        ("raincoats", "一次性雨衣"),
    ] {
        let kind = store::kinds::find_by_name(conn, None, name).await.unwrap().unwrap();
        places.insert(place, kind.id.to_string());
        kinds.insert(place, kind.id);
    }
    let kind = kinds["raincoats"];
    let level = Level { station_code: STATION.to_owned(), kind, min_units: 40, max_units: 80 };
    desk::answer(process(app), level, desk::stock::level::set).await.unwrap();
    let take = Take {
        station_code: STATION.to_owned(),
        kind,
        units: 1,
        in_hand: Vec::new(),
        hold: None,
        phone: None,
        anonymous: true,
        age: None,
        guardian: false,
        yes: None,
        accepted: None,
    };
    let taken = desk::answer(visitor(app), take, desk::stock::take::take).await.unwrap().into_receipt();
    places.insert("take", taken.id.to_string());
    let items = entity::item::Entity::find().all(conn).await.unwrap();
    let tools = items.iter().filter(|item| item.label.as_deref().is_some_and(|label| label.starts_with("螺丝刀")));
    let mut free = tools.filter(|item| !item.is_out()).map(|item| item.code.clone());
    places.extend([("tool", free.next().unwrap()), ("other-tool", free.next().unwrap())]);
}

/// Where the lots, the tickets, the photos and what the night has made are to be seen. Gives back the tasks, one of each sort.
async fn name_what_is_there(app: &App, places: &mut BTreeMap<&'static str, String>) -> Vec<String> {
    let conn = app.db.read();
    let station = store::stations::find_by_code(conn, STATION).await.unwrap().unwrap();
    places.insert("community", station.community_id.to_string());
    let checks = store::todo::list_checks(conn, station.id, None, 1).await.unwrap();
    places.insert("check", checks[0].id.to_string());
    let tickets = store::tickets::list(conn, Some(vec![station.id]), None, None, 9).await.unwrap();
    let wish = tickets.iter().find(|ticket| ticket.item_id.is_none()).unwrap();
    let fault = tickets.iter().find(|ticket| ticket.item_id.is_some()).unwrap();
    places.extend([("wish", wish.id.to_string()), ("fault", fault.id.to_string())]);
    let photos = store::photos::list_of_item(conn, fault.item_id.unwrap()).await.unwrap();
    places.insert("photo", photos[0].0.to_string());
    let lots = store::lots::list_on_shelf(conn, station.id, None).await.unwrap();
    let numbered = |number: &str| lots.iter().find(|lot| lot.number == number).unwrap_or_else(|| panic!("{number}")).id;
    for (place, number) in [("good", "CK2401"), ("unread", "BL2405"), ("recalled", "BL2399"), ("open", "MQ2410")] {
        places.insert(place, numbered(number).to_string());
    }
    let line = store::movements::find_first(conn, numbered("CK2401")).await.unwrap().unwrap();
    places.insert("good_line", line.id.to_string());
    let spaces = store::spaces::list_at(conn, station.id).await.unwrap();
    places.insert("reading", spaces.iter().find(|space| space.name == "阅览室").unwrap().id.to_string());
    let occasions = entity::occasion::Entity::find().all(conn).await.unwrap();
    places.insert("clinic", occasions.iter().find(|occasion| occasion.name == "社区义诊").unwrap().id.to_string());
    let booked = desk::answer(process(app), wheelchair_for(app, places), desk::bookings::book::book).await.unwrap();
    places.insert("booking", booked.into_receipt().id.to_string());
    subscribe_and_repeat(app, places).await;
    wait_in_line(app, places).await;
    let mut tasks: Vec<(task::What, String)> = Vec::new();
    for todo in store::todo::list(conn, station.id, 99).await.unwrap() {
        if tasks.iter().all(|(what, _)| *what != todo.what) {
            tasks.push((todo.what, format!("/staff/{STATION}/tasks/{}", todo.id)));
        }
    }
    tasks.into_iter().map(|(_, path)| path).collect()
}

/// A class every week, of which one day cannot be; and a calendar of the station and one of the resident's own.
async fn subscribe_and_repeat(app: &App, places: &mut BTreeMap<&'static str, String>) {
    let resident = resident(app).await;
    let station = store::stations::find_by_code(app.db.read(), STATION).await.unwrap().unwrap();
    let rule = Rule {
        every: Every::Weeks { every: 1, on: vec![Weekday::Tue] },
        first_day: "2026-11-24".parse().unwrap(),
        last_day: "2026-12-15".parse().unwrap(),
        except: Vec::new(),
    };
    let reading = places["reading"].parse().unwrap();
    let order = Create {
        what: What::Occasions { station: station.id, space: Some(reading), name: CLASS.to_owned() },
        rule,
        from: "15:00:00".parse().unwrap(),
        minutes: 60,
        quantity: 12,
        whom: Whom::Myself,
        purpose: None,
        override_reason: None,
    };
    let made = desk::answer(process(app), order, desk::series::create).await.unwrap().into_receipt();
    assert!(made.skipped.len() == 1 && made.created.len() == 3, "{made:?}");
    places.insert("series", made.id.to_string());
    let actor = Actor::signed_in(resident.id, app.clock.id(), Proof::Code, Vec::new());
    let mine = (Of::Mine, entity::values::Language::Chinese);
    desk::answer(Desk { actor, ..process(app) }, mine, desk::feeds::make).await.unwrap();
}

async fn resident(app: &App) -> entity::member::Model {
    let index = app.vault.index(&Phone::parse(RESIDENT).unwrap());
    store::members::find_by_phone(app.db.read(), &index).await.unwrap().unwrap()
}

/// The resident of the tour waits for a room that is taken, and has one offered that is free.
async fn wait_in_line(app: &App, places: &mut BTreeMap<&'static str, String>) {
    let resident = resident(app).await;
    let actor = Actor::signed_in(resident.id, app.clock.id(), Proof::Code, Vec::new());
    // She was late with an umbrella, which would stand in the way of an offer.
    let blocks = store::blocks::list_of(app.db.read(), resident.id, app.clock.now()).await.unwrap();
    for block in &blocks {
        desk::answer(process(app), block.id, desk::block_member::lift).await.unwrap();
    }
    let space = Target::Space(places["reading"].parse().unwrap());
    let clinic = Target::Occasion(places["clinic"].parse().unwrap());
    let tomorrow = |hours| Some(app.clock.now() + TimeDelta::hours(hours) + TimeDelta::minutes(1));
    for (place, target, starts_at, ends_at) in [("place", space, tomorrow(29), tomorrow(31)), ("offered", clinic, None, None)] {
        let order = Join { targets: vec![target], starts_at, ends_at, flexible_minutes: 0, quantity: 1 };
        let waits = desk::answer(Desk { actor: actor.clone(), ..process(app) }, order, join).await.unwrap().into_receipt();
        assert_eq!(waits.state == State::Offered, place == "offered", "{waits:?}");
        places.insert(place, waits.id.to_string());
    }
    for block in blocks {
        let again = (resident.id, block.reason, block.ends_at);
        desk::answer(process(app), again, desk::block_member::block).await.unwrap();
    }
}

/// A wheelchair in a week for the resident of the tour, whatever the fortnight was like for her.
fn wheelchair_for(app: &App, places: &BTreeMap<&'static str, String>) -> Book {
    let starts_at = app.clock.now() + TimeDelta::days(7) + TimeDelta::minutes(1);
    Book {
        target: Target::Things(STATION.to_owned(), places["wheelchairs"].parse().unwrap()),
        starts_at: Some(starts_at),
        ends_at: Some(starts_at + TimeDelta::hours(2)),
        quantity: 1,
        whom: Whom::Phone(Phone::parse(RESIDENT).unwrap(), None),
        purpose: None,
        priority: None,
        override_reason: Some("站长当面核实".to_owned()),
        only_hold: false,
    }
}

/// Names, notes, labels and shelves: data, in the language in which it was typed. The longest first.
async fn typed_in_chinese(app: &App) -> Vec<String> {
    let conn = app.db.read();
    let mut typed: Vec<String> = [
        FAULT,
        WISH,
        TORN,
        CLOSED,
        CLASS,
        "上海市青浦区练塘镇",
        "演示用召回通告",
        "演示",
        "用的时候坏了，不好意思",
        "站长当面核实",
    ]
    .map(str::to_owned)
    .to_vec();
    typed.extend(store::communities::list(conn, None, 9).await.unwrap().into_iter().map(|community| community.name));
    for station in store::stations::list(conn, None, None, 9).await.unwrap() {
        for lot in store::lots::list_on_shelf(conn, station.id, None).await.unwrap() {
            typed.extend(lot.label_text.into_iter().chain(lot.shelf));
        }
        typed.push(station.name);
    }
    let items = entity::item::Entity::find().all(conn).await.unwrap();
    typed.extend(items.into_iter().filter_map(|item| item.label));
    typed.extend(entity::booking::Entity::find().all(conn).await.unwrap().into_iter().filter_map(|booking| booking.purpose));
    typed.extend(entity::occasion::Entity::find().all(conn).await.unwrap().into_iter().filter_map(|occasion| occasion.note));
    typed.sort_by_key(|text| std::cmp::Reverse(text.len()));
    typed.dedup();
    typed
}
