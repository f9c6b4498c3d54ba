//! What residents do on other days: take something from the box, look at what is theirs, be erased; and the first start of a
//! station, from an empty database to its first sticker.

use sea_orm::EntityTrait;

use super::{
    Visit,
    measures::{ELDER, RESIDENT},
};
use crate::{journeys, support::medicine::STATION};

journeys!(
    medicine_is_taken_by_the_date_in_hand_and_undone: [phone, phone_without_script, desktop],
    what_is_mine_is_shown_copied_and_erased: [phone, phone_without_script],
    a_new_station_is_set_up_in_five_steps: [phone, phone_without_script, desktop],
    without_a_network_a_page_says_so_and_nothing_is_lost: [phone],
);

async fn medicine_is_taken_by_the_date_in_hand_and_undone(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let shelf = town.medicine_box().await;
    shelf.fever("F", "有效期至2028年06月", 8).await;
    browser.open_path(&format!("/s/{STATION}/take")).await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.tap_on("main a.row").await;
    browser.tap("60 岁").await;
    browser.shall_say("拿多少").await;
    browser.tap_on("button[name=times]").await;
    browser.shall_say("印的有效期是哪个").await;
    browser.screenshot("which-date").await;
    browser.assert_accessible().await;
    browser.tap("有效期至2028年06月").await;
    browser.shall_say("请看一遍").await;
    browser.screenshot("read-and-take").await;
    browser.large_type().await;
    browser.tap("我知道了").await;
    browser.shall_say("领好了").await;
    browser.assert_keeps(ELDER).await;
    browser.tap("没拿").await;
    browser.shall_say("已经撤销").await;
    town.verified().await;
}

async fn what_is_mine_is_shown_copied_and_erased(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let (_, codes) = town.tools(1).await;
    browser.open_path("/mine").await;
    browser.shall_be_at("/sign-in").await;
    browser.fill("手机号", "13800138012").await;
    browser.tap_on("main button.big").await;
    browser.shall_say("验证码已发送").await;
    browser.fill("验证码", &crate::sessions::code_sent_to(&town.app, "13800138012").await).await;
    browser.tap_on("main button.big").await;
    browser.shall_be_at("/mine").await;
    browser.shall_say("您现在没有借东西").await;
    browser.scan(&codes[0]).await;
    browser.tap("借走").await;
    browser.shall_say("借好了").await;
    browser.open_path("/mine").await;
    browser.shall_say("螺丝刀").await;
    browser.screenshot("mine").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.open_path("/mine/card").await;
    browser.tap("生成借物卡").await;
    browser.shall_say("请告诉站长作废").await;
    browser.screenshot("card").await;
    browser.assert_accessible().await;
    browser.open_path("/mine/data").await;
    browser.fill("称呼", "王阿姨").await;
    browser.tap("保存").await;
    browser.shall_say("保存好了").await;
    browser.assert_accessible().await;
    // Not while something is out.
    browser.tap_on("summary").await;
    browser.tap_on("input[name=sure]").await;
    browser.tap_on("button.warn").await;
    browser.shall_say("归还").await;
    browser.scan(&codes[0]).await;
    browser.tap("归还").await;
    browser.shall_say("还好了").await;
    browser.open_path("/mine/data").await;
    browser.tap_on("summary").await;
    browser.tap_on("input[name=sure]").await;
    browser.tap_on("button.warn").await;
    browser.shall_say("已经删除").await;
    town.verified().await;
}

async fn a_new_station_is_set_up_in_five_steps(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    yizhan::desk::set_up::offer(&town.app).await.unwrap();
    browser.open_path("/").await;
    browser.shall_be_at("/setup").await;
    browser.fill("启动码", "wrong").await;
    browser.tap("下一步").await;
    browser.shall_say("第 1 步").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.fill("启动码", "open-sesame").await;
    browser.tap("下一步").await;
    browser.shall_say("第 2 步").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.fill("称呼", "李站长").await;
    browser.fill("手机号", "13800138000").await;
    browser.fill("密码", "正确 马 电池 订书钉").await;
    browser.tap("下一步").await;
    browser.shall_say("第 3 步").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.fill("社区名称", "湾塘社区").await;
    browser.fill("驿站名称", "北门驿站").await;
    browser.screenshot("first-station").await;
    browser.tap("下一步").await;
    browser.shall_say("第 4 步").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.screenshot("first-things").await;
    browser.tap("下一步").await;
    browser.shall_say("第 5 步").await;
    browser.shall_say("伞 01").await;
    browser.screenshot("first-stickers").await;
    browser.assert_accessible().await;
    town.verified().await;
}

async fn without_a_network_a_page_says_so_and_nothing_is_lost(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let codes = town.umbrellas(1).await;
    browser.scan(&codes[0]).await;
    browser.shall_say("借走").await;
    browser.go_offline().await;
    browser.tap("借走").await;
    browser.shall_say("网络不稳").await;
    browser.network_back().await;
    browser.shall_say("借好了").await;
    let loans = entity::loan::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!(loans.len(), 1, "sent again, done once");
    town.verified().await;
}
