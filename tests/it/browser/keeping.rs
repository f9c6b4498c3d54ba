//! A keeper's day, from the morning's list to the sheet of stickers: at the demo's station, signed in as its keeper.

use std::path::PathBuf;

use chrono::TimeDelta;
use entity::item::Lifecycle;
use sea_orm::EntityTrait;
use yizhan::{demo, store};

use super::{
    Browser, Visit, print,
    tour::{STATION, toured},
};
use crate::{journeys, support::medicine::photo};

journeys!(
    in crate::browser::tour::tell;
    the_morning_list_is_done_line_by_line,
    at_the_counter_things_go_out_and_come_back_one_after_another,
    a_delivery_is_put_on_the_shelf,
    on_a_round_each_thing_is_good_faulty_or_missing,
    a_fault_is_reported_seen_and_closed,
    a_sheet_of_stickers_is_made_and_printed,
);

pub(super) async fn sign_in(browser: &Browser, phone: &str) {
    browser.open_path("/staff").await;
    browser.shall_be_at("/sign-in").await;
    browser.fill("手机号", phone).await;
    browser.fill("密码", demo::PASSWORD).await;
    browser.tap_on("main button.big").await;
}

pub(super) async fn at_work(browser: &Browser) {
    sign_in(browser, demo::KEEPER_PHONE).await;
    browser.shall_be_at(&format!("/staff/{STATION}/today")).await;
}

/// A picture as a file, for a field that takes one.
fn picture() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("photo.png");
    std::fs::write(&file, photo()).unwrap();
    (folder, file)
}

async fn the_morning_list_is_done_line_by_line(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    at_work(&browser).await;
    browser.shall_say("今天要做的事").await;
    browser.screenshot("keeper-today").await;
    let buttons = "return [...document.querySelectorAll('.todo')].map(line => line.querySelectorAll('.actions .medium:not(.quiet)').length)";
    let buttons = browser.run(buttons, Vec::new()).await;
    let buttons = buttons.as_array().unwrap();
    assert!(buttons.len() > 5 && buttons.iter().all(|n| *n == 1), "{buttons:?}");
    // What is past its date goes into the red box; of medicine there is a photo.
    let (_folder, file) = picture();
    let expired = browser.text().await.matches("过期了，现在放进红盒").count();
    assert!(expired > 0);
    browser.tap_in("过期了，现在放进红盒", "已取出").await;
    browser.shall_say("取出了多少").await;
    browser.fill("照片", file.to_str().unwrap()).await;
    browser.tap("放进红盒了").await;
    browser.shall_be_at(&format!("/staff/{STATION}/today")).await;
    browser.shall_say("好的，做好了").await;
    assert_eq!(browser.text().await.matches("过期了，现在放进红盒").count(), expired - 1);
    // Seen is not done: the line stays.
    browser.tap_in("不多了，该补货", "我看到了").await;
    browser.shall_say("事情还没做完").await;
    browser.tap_in("不多了，该补货", "补货单").await;
    browser.shall_say("一次性雨衣").await;
    browser.shall_say("51 件").await;
    town.verified().await;
}

async fn at_the_counter_things_go_out_and_come_back_one_after_another(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let codes = ["{tool}", "{other-tool}"].map(|place| toured().address(place));
    at_work(&browser).await;
    browser.tap("柜台").await;
    browser.fill("扫码，或输入编号", &codes[0]).await;
    browser.tap("查看").await;
    browser.shall_say("现在借出，归还时间").await;
    browser.screenshot("counter-lend").await;
    browser.fill("手机号", "13800138199").await;
    browser.tap("借出").await;
    browser.shall_say("借给 138****8199").await;
    browser.fill("扫码，或输入编号", &codes[1].to_lowercase()).await;
    browser.tap("查看").await;
    browser.fill("没有手机的人的姓名", "王奶奶").await;
    browser.tap("借出").await;
    browser.shall_say("借给 王*").await;
    browser.tap("归还一摞").await;
    for (code, so_far) in codes.iter().zip(["已归还", "共 2 件"]) {
        browser.fill("扫一件，收一件", code).await;
        browser.tap("收回").await;
        browser.shall_say(so_far).await;
    }
    browser.screenshot("counter-pile").await;
    for code in &codes {
        assert!(!store::items::find_by_code(town.app.db.read(), code).await.unwrap().unwrap().is_out());
    }
    // What is unknown is said, and the next can be scanned at once.
    browser.fill("扫一件，收一件", "NICHTDA").await;
    browser.tap("收回").await;
    browser.shall_say("请再扫一次").await;
    town.verified().await;
}

async fn a_delivery_is_put_on_the_shelf(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    at_work(&browser).await;
    browser.tap("更多").await;
    browser.tap("登记到货").await;
    browser.fill("或者直接选种类", "退烧药").await;
    browser.tap("下一步").await;
    browser.fill("批号", "BL2601").await;
    // A date that can be read in two ways is asked back.
    browser.fill("有效期，照盒上印的写", "有效期至2028年06月").await;
    browser.tap("下一步").await;
    browser.shall_say("几盒").await;
    if browser.look.script {
        browser.tap_on("button[data-step='1']").await;
        browser.tap_on("button[data-step='1']").await;
    } else {
        browser.find("input[name=packs]").await.send_keys("2").await.unwrap();
    }
    browser.tap("下一步").await;
    browser.shall_say("药品必须有标签照片").await;
    let (_folder, file) = picture();
    browser.fill("拍有效期那一面", file.to_str().unwrap()).await;
    browser.fill("发票或送货单号", "FP-0077").await;
    browser.tap("下一步").await;
    browser.shall_say("再看一遍").await;
    browser.shall_say("FP-0077").await;
    browser.screenshot("delivery").await;
    browser.tap("登记入库").await;
    browser.shall_be_at(&format!("/staff/{STATION}/lots/")).await;
    browser.shall_say("BL2601").await;
    browser.shall_say("20 片").await;
    town.verified().await;
}

async fn on_a_round_each_thing_is_good_faulty_or_missing(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let item = async |browser: &Browser| {
        let code = "return document.querySelector(\"form[action$='/good'] input[name=item]\").value";
        browser.run(code, Vec::new()).await.as_str().unwrap().to_owned()
    };
    // Whatever was lent in the last week has been seen by somebody.
    town.advance(TimeDelta::days(8));
    at_work(&browser).await;
    browser.tap("开始巡检").await;
    browser.shall_say("本周已看").await;
    browser.screenshot("round").await;
    browser.assert_accessible().await;
    let all = browser.find("progress").await.attr("max").await.unwrap().unwrap();
    let seen: u32 = browser.find("progress").await.attr("value").await.unwrap().unwrap().parse().unwrap();
    browser.tap("完好").await;
    browser.shall_say(&format!("本周已看 {}/{all}", seen + 1)).await;
    let faulty = item(&browser).await;
    let (_folder, file) = picture();
    browser.tap("有问题").await;
    browser.tap("坏了，不能用").await;
    browser.tap("先停用，修好再借").await;
    browser.fill("照片", file.to_str().unwrap()).await;
    browser.tap("记下问题").await;
    browser.shall_say(&format!("本周已看 {}/{all}", seen + 2)).await;
    let missing = item(&browser).await;
    browser.tap("没找到").await;
    browser.tap("确认没找到").await;
    browser.shall_say("记下了").await;
    let lifecycle = async |code: &str| store::items::find_by_code(town.app.db.read(), code).await.unwrap().unwrap().lifecycle;
    assert_eq!(lifecycle(&faulty).await, Lifecycle::Maintenance);
    assert_eq!(lifecycle(&missing).await, Lifecycle::Missing);
    let photos = entity::photo::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(photos.len() >= 2, "{}", photos.len());
    town.verified().await;
}

async fn a_fault_is_reported_seen_and_closed(visit: Visit) {
    let umbrella = toured().address("/q/{umbrella}");
    let resident = visit.somebody_else().await;
    resident.open_path(&format!("{umbrella}/fault")).await;
    resident.tap("脏了，湿了，有味道").await;
    resident.fill("想补充的话", "发霉了").await;
    resident.tap("告诉站长").await;
    resident.shall_say("谢谢您").await;
    let Visit { town, browser, .. } = visit;
    at_work(&browser).await;
    browser.tap("问题单").await;
    browser.tap("脏了，湿了，有味道").await;
    browser.shall_say("发霉了").await;
    browser.tap("我看到了").await;
    browser.shall_not_say("我看到了").await;
    browser.tap_on("input[name=outcome][value=repaired]").await;
    browser.fill("写一句说明", "洗净晾干了").await;
    browser.screenshot("fault").await;
    browser.tap("处理完了").await;
    browser.shall_say("已处理：修好了").await;
    browser.shall_say("洗净晾干了").await;
    resident.open_path(&umbrella).await;
    assert!(!resident.says("有人报过问题").await);
    town.verified().await;
}

async fn a_sheet_of_stickers_is_made_and_printed(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    at_work(&browser).await;
    browser.tap("更多").await;
    browser.tap("二维码贴").await;
    browser.tap("做好并打印").await;
    browser.shall_say("准备好 24 张").await;
    browser.screenshot("which-paper").await;
    browser.tap("看一看，打印").await;
    browser.shall_say("扫码借还").await;
    let blank = store::stickers::list_blank(town.app.db.read(), None, 99).await.unwrap();
    let Some(words) = print::words(&browser.print().await) else { return };
    let printed = words.iter().filter(|word| word.page == 0 && blank.iter().any(|sticker| sticker.code == word.text));
    assert_eq!(printed.count(), 24, "{words:?}");
}
