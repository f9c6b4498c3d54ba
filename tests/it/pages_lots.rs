//! What a keeper mends about a lot, as a browser without a script sees it: a take from paper, a date, a line of the ledger.

use chrono::TimeDelta;
use entity::{ids::LotId, lot, movement::Reason};
use yizhan::store;

use crate::{
    both,
    pages_keeper::Keeper,
    support::{
        medicine::{MedicineBox, STATION},
        town::Town,
    },
};

both!(
    a_take_from_paper_is_written_down_and_what_is_refused_explains_itself,
    a_date_is_shown_as_it_is_read_before_it_is_saved,
    a_line_of_the_ledger_is_taken_back_and_the_pair_is_shown,
    packs_that_were_looked_over_are_remembered_as_closed,
);

const LABEL: &str = "有效期至2028年06月30日";

async fn row(town: &Town, lot: LotId) -> lot::Model {
    store::lots::find(town.app.db.read(), lot).await.unwrap().unwrap()
}

async fn keeper(town: &Town) -> (MedicineBox, Keeper) {
    let shelf = town.medicine_box().await;
    let keeper = Keeper::at(town, shelf.station, STATION).await;
    (shelf, keeper)
}

async fn a_take_from_paper_is_written_down_and_what_is_refused_explains_itself(town: Town) {
    let (shelf, keeper) = keeper(&town).await;
    let lot = shelf.plasters("A1", LABEL, 30).await;
    town.advance(TimeDelta::hours(6));
    let (_, html) = keeper.get(&format!("lots/{lot}")).await;
    let path = format!("lots/{lot}/written");
    assert!(html.contains(&path), "the lot shows the way: {html}");
    let time = |hours: i64| {
        let at = town.now() - TimeDelta::hours(hours);
        at.with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%dT%H:%M").to_string()
    };
    let (then, ahead, long_ago) = (time(2), time(-2), time(9));
    let fields = |units: &'static str, at: &str, no: &'static str, phone: &'static str| {
        [("units", units.to_owned()), ("taken_at", at.to_owned()), ("no", no.to_owned()), ("phone", phone.to_owned())]
    };
    for (typed, said) in [
        (fields("2", &ahead, "", ""), "时间在将来"),
        (fields("2", &long_ago, "", ""), "之前取走的不在账上数量里"),
        (fields("0", &then, "", ""), "请填拿走了几个"),
        (fields("2", "昨天", "", ""), "请填拿走的日期和时间"),
        (fields("2", &then, "第一号", ""), "编号只能用字母"),
        (fields("2", &then, "", "1380"), "手机号好像不对"),
        (fields("31", &then, "", ""), "账上只有 30"),
    ] {
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let html = keeper.refused(&path, &typed).await;
        assert!(html.contains(said), "{said}: {html}");
        for (name, value) in typed {
            assert!(value.is_empty() || html.contains(&format!("value=\"{value}\"")), "{name} stays typed: {html}");
        }
    }
    assert_eq!(row(&town, lot).await.available, 30);
    let good = [("units", "2"), ("taken_at", then.as_str()), ("no", "15"), ("phone", "13800138044"), ("note", "擦伤")];
    let (_, html) = keeper.done(&path, &good).await;
    assert!(html.contains("补记好了") && html.contains("擦伤") && html.contains("架上 -2"), "{html}");
    let html = keeper.refused(&path, &good).await;
    assert!(html.contains("这个登记编号已经补记过") && html.contains("取走 2"), "{html}");
    assert_eq!(row(&town, lot).await.available, 28);
}

async fn a_date_is_shown_as_it_is_read_before_it_is_saved(town: Town) {
    let (shelf, keeper) = keeper(&town).await;
    let lot = shelf.fever("F1", LABEL, 10).await;
    let path = format!("lots/{lot}/relabel");
    let (_, html) = keeper.get(&format!("lots/{lot}")).await;
    assert!(html.contains(&path), "the lot shows the way: {html}");
    let typed = |label: &'static str| [("step", "read"), ("label", label), ("reason", "看错了一位")];
    let html = keeper.refused(&path, &typed("11/27")).await;
    assert!(html.contains("哪一年") && html.contains("value=\"11/27\"") && html.contains("看错了一位"), "{html}");
    let html = keeper.refused(&path, &typed("2028.09.30")).await;
    assert!(html.contains("照片") && html.contains("value=\"2028.09.30\""), "a later date needs a photo: {html}");
    let html = keeper.refused(&path, &typed("2039.01")).await;
    assert!(html.contains("name=\"sure\""), "look twice: {html}");
    let answer = keeper.post(&path, &typed("2028.05")).await;
    assert_eq!(answer.status(), 200);
    let html = answer.text().await.unwrap();
    assert!(html.contains("2028-05-31") && html.contains("2028-04-30"), "both readings: {html}");
    assert!(!html.contains("第二个人"), "an earlier date counts at once: {html}");
    assert_eq!(row(&town, lot).await.label_text.as_deref(), Some(LABEL), "nothing is written before somebody says so");
    let changed = [("step", "change"), ("label", "2028.05"), ("reason", "看错了一位")];
    let html = keeper.post(&path, &changed).await.text().await.unwrap();
    assert!(html.contains("name=\"label\" required") && html.contains("value=\"2028.05\""), "{html}");
    let (_, html) = keeper.done(&path, &[("step", "save"), ("label", "2028.05"), ("reason", "看错了一位")]).await;
    assert!(html.contains("有效期更正好了") && html.contains("看错了一位"), "{html}");
    assert_eq!(row(&town, lot).await.label_text.as_deref(), Some("2028.05"));
    // A later one waits for a second person, and says so before.
    use base64::Engine as _;
    let photo = base64::prelude::BASE64_STANDARD.encode(crate::support::medicine::photo());
    let later = |step: &'static str| [("step", step), ("label", "2028.06"), ("reason", "再看一遍"), ("picture", photo.as_str())];
    let html = keeper.post(&path, &later("read")).await.text().await.unwrap();
    assert!(html.contains("第二个人"), "{html}");
    let (_, html) = keeper.done(&path, &later("save")).await;
    assert!(html.contains("等第二个人核对标签"), "{html}");
    assert!(row(&town, lot).await.blocks > 0);
    // A number that is there with that date: its units go there.
    let mistyped = shelf.plasters("P1", "2028.06.29", 4).await;
    shelf.plasters("P1", LABEL, 10).await;
    let merge = |step: &'static str| [("step", step), ("label", LABEL), ("reason", "同一批"), ("picture", photo.as_str())];
    let path = format!("lots/{mistyped}/relabel");
    let html = keeper.post(&path, &merge("read")).await.text().await.unwrap();
    assert!(html.contains("并到那一批"), "{html}");
    keeper.done(&path, &merge("save")).await;
    assert_eq!(row(&town, mistyped).await.on_hand(), 0);
    town.verified().await;
}

async fn a_line_of_the_ledger_is_taken_back_and_the_pair_is_shown(town: Town) {
    let (shelf, keeper) = keeper(&town).await;
    let lot = shelf.plasters("A1", LABEL, 30).await;
    keeper.done(&format!("lots/{lot}/apart"), &[("way", "quarantine"), ("units", "7")]).await;
    let lines = store::movements::list_of_lot(town.app.db.read(), lot, None, 10).await.unwrap();
    let line = lines.iter().find(|line| line.reason == Reason::Quarantined).unwrap();
    let path = format!("lots/{lot}/ledger/{}/back", line.id);
    let (_, html) = keeper.get(&format!("lots/{lot}")).await;
    assert!(html.contains(&path), "{html}");
    let (_, html) = keeper.get(&path).await;
    assert!(html.contains("架上 +7 · 隔离 -7"), "what is written beside it: {html}");
    assert!(html.contains("23 → <b>30 片</b>") && html.contains("7 → <b>0 片</b>"), "what it changes: {html}");
    let html = keeper.refused(&path, &[("reason", " ")]).await;
    assert!(html.contains("请写明原因"), "{html}");
    let (_, html) = keeper.done(&path, &[("reason", "数错了")]).await;
    assert!(html.contains("冲销好了") && html.contains("数错了"), "{html}");
    assert!(html.contains("冲销的是") && html.contains("已于"), "both halves name each other: {html}");
    assert!(!html.contains(&path), "once");
    assert_eq!((row(&town, lot).await.available, row(&town, lot).await.quarantined), (30, 0));
    let (status, html) = keeper.get(&path).await;
    assert!(status == 200 && html.contains("已经更正过了") && !html.contains("<button class=\"big warn\""), "{html}");
    // What a take took has its own way back, and what is gone cannot go back.
    let taken = crate::support::medicine::take(town.visitor(), shelf.wanted(shelf.plasters, 5)).await.unwrap().into_receipt();
    let line = store::movements::list_of_take(town.app.db.read(), taken.id.into()).await.unwrap().remove(0);
    let (_, html) = keeper.get(&format!("lots/{lot}/ledger/{}/back", line.id)).await;
    assert!(html.contains("有自己的撤销方法"), "{html}");
    let (_, html) = keeper.get(&format!("lots/{lot}/ledger/{}/back", lines[0].id)).await;
    assert!(html.contains("那里只有 25"), "the delivery of 30 is no longer there whole: {html}");
    let other = shelf.plasters("B1", LABEL, 3).await;
    let (status, _) = keeper.get(&format!("lots/{other}/ledger/{}/back", line.id)).await;
    assert_eq!(status, 404, "a line of another lot");
    town.verified().await;
}

async fn packs_that_were_looked_over_are_remembered_as_closed(town: Town) {
    let (shelf, keeper) = keeper(&town).await;
    let lot = shelf.plasters("A1", LABEL, 30).await;
    assert!(!keeper.get(&format!("lots/{lot}")).await.1.contains("没有开封的"), "opening changes nothing here");
    let particulars = yizhan::desk::stock::profile::Profile {
        open_days: Some(7),
        shareable: true,
        ..crate::support::medicine::profile(yizhan::rules::legal::Declared::Dressing)
    };
    let desk = yizhan::desk::Desk { if_match: Some(1), ..town.process() };
    yizhan::desk::stock::profile::set(desk, (shelf.plasters, particulars)).await.unwrap();
    assert!(keeper.get(&format!("lots/{lot}")).await.1.contains("没有开封的"));
    let (_, html) = keeper.done(&format!("lots/{lot}/closed"), &[]).await;
    assert!(html.contains("已登记") && html.contains("上次看过"), "{html}");
    assert_eq!(row(&town, lot).await.seen_closed_at, Some(town.now()));
}
