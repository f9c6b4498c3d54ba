//! Many hands on one umbrella, through HTTP with a real server; several processes on one database; a process that is killed.

use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tokio::sync::watch;
use yizhan::db::Db;

use crate::{
    both,
    support::{
        Engine,
        engines::{Fresh, block_on},
        server::{Server, all_at_once, answer, client},
        town::Town,
    },
};

both!(
    a_thousand_hands_reach_for_one_umbrella,
    one_resident_in_fifty_tabs_never_has_more_than_the_limit,
    one_key_a_hundred_times_over_the_wire_is_one_loan,
    borrowers_and_returners_of_one_thing_leave_a_history_without_a_gap,
);

async fn a_thousand_hands_reach_for_one_umbrella(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let answers = all_at_once(1_000, |_| {
        let request = server.client.post(format!("{}/api/v1/items/{}/borrow", server.base, codes[0]));
        async move { answer(request.send().await.unwrap()).await }
    })
    .await;
    let with = |status: u16| answers.iter().filter(move |(got, _)| *got == status);
    assert_eq!((with(201).count(), with(409).count()), (1, 999));
    assert!(with(409).all(|(_, problem)| problem["reasons"][0]["code"] == "item-out"));
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 1);
    server.end().await;
}

async fn one_resident_in_fifty_tabs_never_has_more_than_the_limit(town: Town) {
    let (_, codes) = town.tools(50).await;
    let server = Server::before(&town.app).await;
    let statuses = all_at_once(50, |n| {
        let request = server.client.post(format!("{}/api/v1/items/{}/borrow", server.base, codes[n]));
        let request = request.json(&json!({ "phone": "13800138011" }));
        async move { request.send().await.unwrap().status().as_u16() }
    })
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 2, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 48, "{statuses:?}");
    server.end().await;
}

async fn one_key_a_hundred_times_over_the_wire_is_one_loan(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let answers = all_at_once(100, |_| {
        let request = server.client.post(format!("{}/api/v1/items/{}/borrow", server.base, codes[0]));
        let request = request.header("Idempotency-Key", "6f1c0f3e-0000-4000-8000-000000000001");
        async move { answer(request.send().await.unwrap()).await }
    })
    .await;
    assert!(answers.iter().all(|(status, body)| *status == 201 && *body == answers[0].1), "{answers:?}");
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 1);
    server.end().await;
}

async fn borrowers_and_returners_of_one_thing_leave_a_history_without_a_gap(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let answers = all_at_once(60, |n| {
        let verb = if n % 2 == 0 { "borrow" } else { "return" };
        let url = format!("{}/api/v1/items/{}/{verb}", server.base, codes[0]);
        let client = server.client.clone();
        async move {
            let mut got = Vec::new();
            for _ in 0..5 {
                got.push(answer(client.post(&url).send().await.unwrap()).await);
            }
            got
        }
    })
    .await;
    let all: Vec<_> = answers.into_iter().flatten().collect();
    assert!(all.iter().all(|(status, _)| [200, 201, 409].contains(status)));
    // Every answer that changed the thing carries a version of its own; together they have no gap.
    let rev = |(status, body): &(u16, Value)| match status {
        201 => body["loan"]["item_rev"].as_i64(),
        200 => body["item"]["rev"].as_i64(),
        _ => None,
    };
    let mut revs: Vec<_> = all.iter().filter_map(rev).collect();
    revs.sort_unstable();
    let last = i64::try_from(revs.len()).unwrap() + 1;
    assert_eq!(revs, (2..=last).collect::<Vec<_>>());
    server.end().await;
}

/// A process of its own.
struct Process {
    child: Child,
    base: String,
}

impl Process {
    fn start(url: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yizhan"))
            .arg("serve")
            .env("YIZHAN_DATABASE_URL", url)
            .env("YIZHAN_LISTEN", "127.0.0.1:0")
            .env("YIZHAN_SETUP_CODE", "open-sesame")
            .env("YIZHAN_RATE_LIMIT", "off")
            .env("YIZHAN_LOG_FORMAT", "json")
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
        let listening = "listening on ";
        let mut before = Vec::new();
        let line = loop {
            match lines.next() {
                Some(Ok(line)) if line.contains(listening) => break line,
                Some(Ok(line)) => before.push(line),
                _ => panic!("the server did not start: {before:?}"),
            }
        };
        let address = line.split(listening).nth(1).unwrap().split(',').next().unwrap().to_owned();
        // Whatever else it says must be read, or it would wait for us.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, base: format!("http://{address}") }
    }

    /// SIGKILL.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Many hands reach through several processes for one umbrella; everything starts at once, migrations included.
fn processes_agree(engine: Engine, count: usize) {
    let Some(fresh) = Fresh::empty(engine) else { return };
    let starting: Vec<_> = (0..count)
        .map(|_| {
            let url = fresh.url.clone();
            std::thread::spawn(move || Process::start(&url))
        })
        .collect();
    let processes: Vec<Process> = starting.into_iter().map(|thread| thread.join().unwrap()).collect();
    let bases: Vec<String> = processes.iter().map(|process| process.base.clone()).collect();
    block_on(async {
        let client = client();
        let post = async |n: usize, path: &str, token: Option<&str>, body: Value| {
            let mut request = client.post(format!("{}{path}", bases[n % bases.len()])).json(&body);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let (status, body) = answer(request.send().await.unwrap()).await;
            assert!(status < 300, "{path}: {status} {body}");
            body
        };
        let body = json!({ "code": "open-sesame", "name": "管理员", "phone": "13800138000", "password": "correct horse" });
        let session = post(0, "/api/v1/setup", None, body).await;
        let token = session["access_token"].as_str();
        let community = post(1, "/api/v1/communities", token, json!({ "name": "x" })).await;
        let station = json!({ "community_id": community["id"], "code": "S1", "name": "S1" });
        let station = post(2, "/api/v1/stations", token, station).await;
        let kind =
            post(3, "/api/v1/kinds", token, json!({ "name": "伞", "category": "umbrella", "identity": "anonymous" })).await;
        let items = json!({ "kind_id": kind["id"], "station_id": station["id"], "count": 5 });
        let items = post(0, "/api/v1/items", token, items).await;
        for item in items["items"].as_array().unwrap() {
            let code = item["code"].as_str().unwrap();
            let statuses = all_at_once(60, |n| {
                let request = client.post(format!("{}/api/v1/items/{code}/borrow", bases[n % bases.len()]));
                async move { request.send().await.unwrap().status().as_u16() }
            })
            .await;
            assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
            assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 59, "{statuses:?}");
        }
    });
}

#[test]
fn two_processes_agree_on_one_sqlite_file() {
    processes_agree(Engine::Sqlite, 2);
}

#[test]
fn four_replicas_agree_on_one_postgres() {
    processes_agree(Engine::Postgres, 4);
}

/// How often the process is killed.
const KILLS: u32 = 50;
/// How many hands are at work meanwhile.
const HANDS: usize = 8;

/// What a hand knows for certain: the loans it was told of, in order.
type Told = Arc<Mutex<HashMap<String, Vec<String>>>>;

fn told_of(told: &Told) -> usize {
    told.lock().unwrap().values().map(Vec::len).sum()
}

/// Killed again and again under load, the process loses no loan it acknowledged, and does none twice that it was asked for
/// again with the same key.
#[test]
fn a_process_that_is_killed_fifty_times_loses_nothing_and_does_nothing_twice() {
    let fresh = Fresh::on(Engine::Sqlite).unwrap();
    let told: Told = Arc::default();
    block_on(async {
        let codes = {
            let town_db = Db::connect(&fresh.url).await.unwrap();
            let config = crate::support::town::config(&fresh.url);
            let app = yizhan::app::App::open(config, yizhan::clock::Clock::system(), town_db).await.unwrap();
            codes_of_a_new_station(&app).await
        };
        let (announce, base) = watch::channel(String::new());
        let (stop, stopped) = watch::channel(false);
        let hands: Vec<_> =
            codes.into_iter().map(|code| tokio::spawn(hand(code, base.clone(), stopped.clone(), Arc::clone(&told)))).collect();
        let mut dice: u64 = 7;
        for _ in 0..KILLS {
            let url = fresh.url.clone();
            let mut process = tokio::task::spawn_blocking(move || Process::start(&url)).await.unwrap();
            announce.send(process.base.clone()).unwrap();
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Under load, however slow the machine is: some are told of a loan, and then it dies at any moment of the next.
            let enough = told_of(&told) + 2 + usize::try_from((dice >> 33) % 5).unwrap();
            while told_of(&told) < enough {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::time::sleep(Duration::from_millis((dice >> 40) % 20)).await;
            tokio::task::spawn_blocking(move || process.kill()).await.unwrap();
        }
        let url = fresh.url.clone();
        let process = tokio::task::spawn_blocking(move || Process::start(&url)).await.unwrap();
        announce.send(process.base.clone()).unwrap();
        stop.send(true).unwrap();
        for hand in hands {
            hand.await.unwrap();
        }
        drop(process);
        let db = Db::connect(&fresh.url).await.unwrap();
        let items: HashMap<_, _> =
            entity::item::Entity::find().all(db.read()).await.unwrap().into_iter().map(|item| (item.id, item.code)).collect();
        let mut there: HashMap<String, HashSet<String>> = HashMap::new();
        for loan in entity::loan::Entity::find().all(db.read()).await.unwrap() {
            there.entry(items[&loan.item_id].clone()).or_default().insert(loan.id.to_string());
        }
        let all = told_of(&told);
        let told = told.lock().unwrap();
        assert!(all > HANDS * 10, "only {all} loans: the load was no load");
        for (code, loans) in told.iter() {
            let known: HashSet<String> = loans.iter().cloned().collect();
            assert_eq!(known.len(), loans.len(), "{code}: two requests were told of the same loan");
            assert_eq!(known, there[code], "{code}: what was acknowledged is not what is there");
        }
    });
}

async fn codes_of_a_new_station(app: &yizhan::app::App) -> Vec<String> {
    use yizhan::desk::{self, Desk, Door};
    let desk = Desk::internal(app, Door::Cli);
    let community = desk::communities::create(desk.clone(), "x".to_owned()).await.unwrap().into_receipt();
    let what = desk::stations::Particulars { name: Some("x".to_owned()), ..Default::default() };
    let station =
        desk::stations::create(desk.clone(), (community.id.into(), "S1".to_owned(), what)).await.unwrap().into_receipt();
    let what = desk::kinds::Particulars { name: Some("伞".to_owned()), category: Some("x".to_owned()), ..Default::default() };
    let kind = desk::kinds::create(desk.clone(), (None, what)).await.unwrap().into_receipt();
    let count = u32::try_from(HANDS).unwrap();
    let order = desk::items::Register { kind: kind.id.into(), station: station.id.into(), count, code: None, label: None };
    let items = desk::items::register(desk, order).await.unwrap().into_receipt().items;
    items.into_iter().map(|item| item.code).collect()
}

/// Borrows and gives back one thing of its own; asks again with the same key until it is told.
async fn hand(code: String, mut base: watch::Receiver<String>, stopped: watch::Receiver<bool>, told: Told) {
    let client = client();
    for n in 0_u32.. {
        for verb in ["borrow", "return"] {
            let body = loop {
                let now = base.borrow_and_update().clone();
                let request = client
                    .post(format!("{now}/api/v1/items/{code}/{verb}"))
                    .header("Idempotency-Key", format!("{code}-{n}-{verb}"));
                match request.timeout(Duration::from_secs(10)).send().await {
                    Ok(response) if response.status().as_u16() < 300 => match response.json::<Value>().await {
                        Ok(body) => break body,
                        Err(_) => continue,
                    },
                    Ok(response) => panic!("{verb}: {} {}", response.status(), response.text().await.unwrap()),
                    // Killed, or not up yet: wait for the next one.
                    Err(_) => {
                        let _ = tokio::time::timeout(Duration::from_millis(20), base.changed()).await;
                    }
                }
            };
            if verb == "borrow" {
                let id = body["loan"]["id"].as_str().unwrap().to_owned();
                told.lock().unwrap().entry(code.clone()).or_default().push(id);
            }
        }
        if *stopped.borrow() {
            return;
        }
    }
}
