//! The last moment of a last day and the first of the next, in station time, whatever zone the server stands in: the story is told
//! by processes of its own under other zones.

use std::process::{Command, Stdio};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use yizhan::{
    clock::Clock,
    desk::{
        self,
        stock::put_apart::{PutApart, Way},
    },
    jobs, store,
};

use crate::support::{
    Engine,
    engines::{Fresh, block_on, from_environment},
    medicine::take,
    town::{MONDAY, Town, reasons},
};

/// The database of the story, where it is told by a process of its own.
const DATABASE: &str = "MIDNIGHT_DATABASE_URL";

fn midnight_before(day: NaiveDate) -> DateTime<Utc> {
    Shanghai.from_local_datetime(&day.and_hms_opt(0, 0, 0).unwrap()).unwrap().with_timezone(&Utc)
}

async fn story(town: Town) {
    let shelf = town.medicine_box().await;
    // The last days, by the strict reading of a day and of a month: the end of a year, the day before a leap day, a leap day, the
    // end of February in a year without one.
    let ends = [
        ("2026-12-31", "有效期至2027年01月01日"),
        ("2027-02-28", "有效期至2027年03月"),
        ("2027-04-30", "失效期2027年05月"),
        ("2028-02-28", "有效期至2028年02月29日"),
        ("2028-02-29", "有效期至2028年03月01日"),
    ];
    let wanted = shelf.wanted(shelf.plasters, 1);
    for (n, (last, label)) in ends.into_iter().enumerate() {
        let last: NaiveDate = last.parse().unwrap();
        let midnight = midnight_before(last + Days::new(1));
        town.app.clock.set(midnight - TimeDelta::days(1));
        let lot = shelf.plasters(&format!("N{n}"), label, 5).await;
        for before in [TimeDelta::days(1), TimeDelta::milliseconds(100), TimeDelta::microseconds(1)] {
            town.app.clock.set(midnight - before);
            let taken = take(town.visitor(), wanted.clone()).await.unwrap().into_receipt();
            assert_eq!(taken.lines[0].lot_id, lot.0);
            let row = store::takes::find(town.app.db.read(), taken.id.into()).await.unwrap().unwrap();
            assert_eq!(row.taken_on, last, "{label}");
        }
        town.app.clock.set(midnight);
        let no = async || reasons(take(town.visitor(), wanted.clone()).await);
        assert_eq!(no().await, ["none-usable"], "{label}: without any job");
        jobs::run(&town.restarted().await, "expiry-check").await.unwrap();
        assert_eq!(store::stock_days::find(town.app.db.read(), shelf.station).await.unwrap(), last.succ_opt(), "{label}");
        for back in [TimeDelta::milliseconds(100), TimeDelta::hours(5), TimeDelta::days(1)] {
            town.app.clock.set(midnight - back);
            assert_eq!(no().await, ["none-usable"], "{label}: a clock that goes backwards releases nothing");
        }
        town.app.clock.set(midnight);
        let order = PutApart { lot, way: Way::SetAside, units: 2, note: None, photo: None };
        desk::answer(shelf.keeper.clone(), order, desk::stock::put_apart::put_apart).await.unwrap();
    }
    town.verified().await;
}

#[test]
#[ignore = "told by a process under another zone, on a database that is kept by whoever starts it"]
fn told_under_another_zone() {
    let url = from_environment(DATABASE).unwrap();
    block_on(async { story(Town::at(&url, Clock::frozen_at(MONDAY.parse().unwrap())).await).await });
}

fn wherever_the_server_stands(engine: Engine) {
    let mut tellings = Vec::new();
    for zone in ["UTC", "America/New_York", "Pacific/Kiritimati"] {
        let Some(fresh) = Fresh::on(engine) else { return };
        let telling = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "midnight::told_under_another_zone", "--ignored", "--nocapture"])
            .env("TZ", zone)
            .env("PGTZ", zone)
            .env(DATABASE, &fresh.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        tellings.push((zone, telling, fresh));
    }
    for (zone, telling, _fresh) in tellings {
        let told = telling.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&told.stdout).into_owned() + String::from_utf8_lossy(&told.stderr).as_ref();
        assert!(told.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}

#[test]
fn a_last_day_ends_at_midnight_in_shanghai_wherever_the_server_stands_on_sqlite() {
    wherever_the_server_stands(Engine::Sqlite);
}

#[test]
fn a_last_day_ends_at_midnight_in_shanghai_wherever_the_server_stands_on_postgres() {
    wherever_the_server_stands(Engine::Postgres);
}
