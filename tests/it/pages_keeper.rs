//! The keeper's room, as a browser without a script sees it.

use entity::{
    ids::{KindId, MemberId, StationId},
    kind::Identity,
    loan, sticker,
    values::Phone,
};
use reqwest::Response;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use yizhan::desk::{self, Desk, members::Edit, roles::Office, stickers::To};

use crate::{
    both,
    support::{server::Server, town::Town},
};

both!(
    a_keeper_lends_by_phone_and_by_card_and_the_next_thing_goes_to_the_same_person,
    somebody_without_a_phone_borrows_by_name_and_a_refusal_keeps_what_was_typed,
    a_pile_is_taken_back_scan_by_scan,
    a_blank_sticker_is_bound_at_the_counter,
    things_are_found_by_the_initials_of_how_they_are_read_aloud,
    new_things_get_numbers_that_go_on_and_a_sheet_with_their_codes,
    a_delivery_is_asked_back_when_its_date_can_be_read_in_two_ways,
    people_are_found_by_their_whole_number_and_shown_masked,
    a_station_is_kept_by_its_own_keepers_only,
    the_station_keeps_its_hours_and_its_terms,
    a_photo_of_a_code_is_read_for_phones_that_cannot,
);

/// A keeper with a browser.
pub(crate) struct Keeper {
    pub(crate) server: Server,
    cookie: String,
    station: StationId,
    code: &'static str,
}

const PHONE: &str = "13900000001";

impl Keeper {
    pub(crate) async fn at(town: &Town, station: StationId, code: &'static str) -> Self {
        let member = town.member(PHONE).await;
        Self::become_keeper(town, member, station).await;
        let server = Server::before(&town.app).await;
        let fields = [("phone", PHONE), ("password", "long enough"), ("next", "/staff")];
        let signed = server.client.post(format!("{}/sign-in", server.base)).form(&fields).send().await.unwrap();
        let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { server, cookie, station, code }
    }

    async fn become_keeper(town: &Town, member: MemberId, station: StationId) {
        desk::roles::grant(town.process(), (member, Office::Keeper(station))).await.unwrap();
        let rev = yizhan::store::members::find(town.app.db.read(), member).await.unwrap().unwrap().rev;
        let edit = Edit { password: Some("long enough".to_owned()), ..Edit::default() };
        desk::members::edit(Desk { if_match: Some(rev), ..town.process() }, (member, edit)).await.unwrap();
    }

    fn url(&self, path: &str) -> String {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/staff/{}/{path}", self.code) };
        format!("{}{path}", self.server.base)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let request = self.server.client.get(self.url(path)).header("Cookie", &self.cookie).header("Accept-Language", "zh-CN");
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let key = self.server.client.get(self.url("counter")).header("Cookie", &self.cookie).send().await.unwrap();
        let key = key.text().await.unwrap().split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mut all = vec![("key", key.as_str())];
        all.extend_from_slice(fields);
        let request = self.server.client.post(self.url(path)).header("Cookie", &self.cookie).header("Accept-Language", "zh-CN");
        request.form(&all).send().await.unwrap()
    }

    /// What is shown after a form that was done.
    pub(crate) async fn done(&self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let answer = self.post(path, fields).await;
        let status = answer.status();
        if status != 303 {
            panic!("{path}: {status}: {}", answer.text().await.unwrap());
        }
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        let (status, html) = self.get(&to).await;
        assert_eq!(status, 200, "{to}: {html}");
        (to, html)
    }

    /// What is shown after a form that was not done.
    pub(crate) async fn refused(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert!(answer.status().is_client_error(), "{path}: {}", answer.status());
        let html = answer.text().await.unwrap();
        assert!(html.contains("role=\"alert\""), "{html}");
        html
    }
}

async fn open_loans(town: &Town) -> Vec<loan::Model> {
    let all = loan::Entity::find().all(town.app.db.read()).await.unwrap();
    all.into_iter().filter(loan::Model::is_open).collect()
}

async fn a_keeper_lends_by_phone_and_by_card_and_the_next_thing_goes_to_the_same_person(town: Town) {
    let station = town.station("LT01").await;
    let kind = town.kind("螺丝刀", Identity::Phone).await;
    let codes = town.items(kind, station, 2).await;
    let (member, keeper) = (town.member("13800138011").await, Keeper::at(&town, station, "LT01").await);
    let (_, html) = keeper.get(&format!("counter?code={}", codes[0].to_lowercase())).await;
    assert!(html.contains("螺丝刀") && html.contains("借给谁"), "{html}");
    let html = keeper.refused("counter/lend", &[("code", &codes[0]), ("phone", "1380013")]).await;
    assert!(html.contains("11 位数字") && html.contains("value=\"1380013\""), "{html}");
    let (_, html) = keeper.done("counter/lend", &[("code", &codes[0]), ("phone", "138 0013 8011")]).await;
    assert!(html.contains("借给 138****8011") && !html.contains("13800138011"), "{html}");
    assert_eq!(open_loans(&town).await[0].member_id, Some(member));
    // A card: further things go to whoever it belongs to.
    let card = desk::stickers::make(town.process(), 1).await.unwrap().into_receipt().items.remove(0).code;
    desk::stickers::bind(town.process(), (card.clone(), To::Card(member))).await.unwrap();
    let shown = keeper.server.client.get(keeper.url(&format!("counter?code={card}"))).header("Cookie", &keeper.cookie);
    let to = shown.send().await.unwrap().headers()["location"].to_str().unwrap().to_owned();
    assert!(to.contains(&format!("for={member}")), "{to}");
    let (_, html) = keeper.get(&to).await;
    assert!(html.contains("正在借给 138****8011"), "{html}");
    let (to, html) = keeper.done("counter/lend", &[("code", &codes[1]), ("for", &member.to_string())]).await;
    assert!(
        to.contains(&format!("for={member}")) && html.contains("正在借给") && html.contains(&codes[1]) | html.contains("✓"),
        "{html}"
    );
    assert_eq!(open_loans(&town).await.len(), 2);
}

async fn somebody_without_a_phone_borrows_by_name_and_a_refusal_keeps_what_was_typed(town: Town) {
    let station = town.station("LT01").await;
    let kind = town.kind("轮椅", Identity::Approved).await;
    let codes = town.items(kind, station, 1).await;
    let keeper = Keeper::at(&town, station, "LT01").await;
    // The person is entered, the thing not lent: the rule wants to be overridden with a reason.
    let html = keeper.refused("counter/lend", &[("code", &codes[0]), ("name", "王奶奶")]).await;
    assert!(html.contains("站长同意") && html.contains("正在借给 王*") && !html.contains("王奶奶"), "{html}");
    let member = html.split("name=\"for\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (_, html) = keeper.done("counter/lend", &[("code", &codes[0]), ("for", &member), ("reason", "邻居，认识")]).await;
    assert!(html.contains("借给 王*"), "{html}");
    let loans = open_loans(&town).await;
    assert_eq!((loans.len(), loans[0].override_reason.as_deref()), (1, Some("邻居，认识")));
    // It is back, and not as it was.
    let (_, html) = keeper.get(&format!("counter?code={}", codes[0])).await;
    assert!(html.contains("收回") && html.contains("王*"), "{html}");
    let (_, html) = keeper.done("counter/return", &[("code", &codes[0]), ("condition", "damaged"), ("note", "刹车坏了")]).await;
    assert!(html.contains("已归还"), "{html}");
    let (_, html) = keeper.get(&format!("things/{}", codes[0])).await;
    assert!(html.contains("维修中") && html.contains("刹车坏了") && html.contains("王*") && !html.contains("王奶奶"), "{html}");
}

async fn a_pile_is_taken_back_scan_by_scan(town: Town) {
    let codes = town.umbrellas(3).await;
    let station = yizhan::store::stations::find_by_code(town.app.db.read(), "LT01").await.unwrap().unwrap().id;
    for code in &codes[..2] {
        crate::support::town::borrow(town.visitor(), code, None).await.unwrap();
    }
    let keeper = Keeper::at(&town, station, "LT01").await;
    let mut log = String::new();
    for code in &codes {
        let scanned = format!("https://somewhere.example/q/{code}");
        let (to, html) = keeper.done("counter/pile", &[("code", &scanned), ("log", &log)]).await;
        log = to.split("log=").nth(1).unwrap().to_owned();
        assert!(html.contains("归还一摞") && html.contains("autofocus"), "{html}");
    }
    let (_, html) = keeper.get(&format!("counter?mode=pile&log={log}")).await;
    assert_eq!((html.matches("已归还").count(), html.matches("没有借出记录").count()), (2, 1), "{html}");
    assert!(html.contains("共 3 件"), "{html}");
    // What is not known stands there with the list of what was returned.
    let html = keeper.refused("counter/pile", &[("code", "NOSUCH"), ("log", &log)]).await;
    assert!(html.contains("NOSUCH") && html.contains("共 3 件"), "{html}");
    assert_eq!(open_loans(&town).await.len(), 0);
}

async fn a_blank_sticker_is_bound_at_the_counter(town: Town) {
    let station = town.station("LT01").await;
    let kind = town.kind("折叠雨伞", Identity::Anonymous).await;
    let keeper = Keeper::at(&town, station, "LT01").await;
    let order = desk::items::Register { kind, station, count: 1, code: None, label: Some("伞 07".to_owned()) };
    desk::items::register(town.process(), order).await.unwrap();
    let (to, _) = keeper.done("stickers/make", &[("count", "3")]).await;
    let blank = to.split("codes=").nth(1).unwrap().split('.').next().unwrap().to_owned();
    let (_, html) = keeper.get(&format!("counter?code={blank}")).await;
    assert!(html.contains("空白二维码贴") && html.contains("贴在什么上面"), "{html}");
    let html = keeper.refused("counter/bind", &[("sticker", &blank), ("what", "item"), ("item", "伞 99")]).await;
    assert!(html.contains("请写明贴在哪件物品上") && html.contains(&blank), "{html}");
    let (_, html) = keeper.done("counter/bind", &[("sticker", &blank), ("what", "item"), ("item", "伞07")]).await;
    assert!(html.contains("已启用"), "{html}");
    let row = sticker::Entity::find_by_id(blank).one(town.app.db.read()).await.unwrap().unwrap();
    assert!(row.item_id.is_some());
    // A new plate for the door, straight to printing.
    let (to, html) = keeper.done("stickers/label", &[]).await;
    assert!(to.contains("stickers/print?code=") && html.contains("148 × 105"), "{html}");
}

async fn things_are_found_by_the_initials_of_how_they_are_read_aloud(town: Town) {
    let station = town.station("LT01").await;
    for name in ["折叠雨伞", "长柄伞", "血压仪"] {
        let kind = town.kind(name, Identity::Anonymous).await;
        town.items(kind, station, 1).await;
    }
    let keeper = Keeper::at(&town, station, "LT01").await;
    for (typed, found) in [("zdys", "折叠雨伞"), ("cbs", "长柄伞"), ("zbs", "长柄伞"), ("xueya", "血压仪"), ("雨伞", "折叠雨伞")]
    {
        let (_, html) = keeper.get(&format!("things?q={typed}")).await;
        let names = ["折叠雨伞", "长柄伞", "血压仪"].into_iter().filter(|name| html.contains(&format!("<strong>{name}")));
        assert_eq!(names.collect::<Vec<_>>(), [found], "{typed}");
    }
    let (_, html) = keeper.get("things?q=&state=out").await;
    assert!(html.contains("没有找到"), "{html}");
}

async fn new_things_get_numbers_that_go_on_and_a_sheet_with_their_codes(town: Town) {
    let station = town.station("LT01").await;
    let kind = town.kind("折叠雨伞", Identity::Anonymous).await;
    let keeper = Keeper::at(&town, station, "LT01").await;
    let register = format!("kinds/{kind}/items");
    keeper.done(&register, &[("count", "2"), ("label", "伞")]).await;
    let (to, html) = keeper.done(&register, &[("count", "3"), ("label", "伞")]).await;
    assert!(html.contains("准备好 3 张"), "{html}");
    let query = to.split('?').nth(1).unwrap();
    let (_, html) = keeper.get(&format!("stickers/sheet?{query}&paper=70x36&start=24")).await;
    for label in ["伞 03", "伞 04", "伞 05", "扫码借还", "折叠雨伞"] {
        assert!(html.contains(label), "{label}: {html}");
    }
    assert!(!html.contains("伞 02") && !html.contains("style=\""));
    // The 24th place of the first sheet, and two of the next.
    assert_eq!((html.matches("<section").count(), html.matches("class=\"label\"").count()), (2, 26));
    let items = yizhan::store::items::list(town.app.db.read(), &Default::default(), None, 50).await.unwrap();
    let printed: Vec<String> = html.split("<svg").skip(1).map(decoded).collect();
    let wanted: Vec<String> = items[2..].iter().map(|item| town.app.config.sticker_url(&item.code)).collect();
    assert_eq!(printed, wanted);
    let css = html.split('"').find(|part| part.ends_with("sheet-70x36.css")).unwrap();
    let css = keeper.server.client.get(keeper.url(css)).send().await.unwrap();
    assert!(css.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let css = css.text().await.unwrap();
    assert!(css.contains("@page{size:210.0mm 297.0mm;margin:0}") && css.contains("repeat(3,70.0mm)"), "{css}");
}

/// The text of a QR code that is drawn as one path of a `svg`.
fn decoded(svg: &str) -> String {
    let number = |text: &str| -> usize { text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap() };
    let side = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap());
    let mut dark = vec![false; side * side];
    for run in svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap().split('M').skip(1) {
        let (x, rest) = (number(run), run.split_once(' ').unwrap().1);
        let (y, width) = (number(rest), number(rest.split_once('h').unwrap().1));
        dark[y * side + x..y * side + x + width].fill(true);
    }
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, |x, y| if dark[y / 4 * side + x / 4] { 0 } else { 255 });
    picture.detect_grids()[0].decode().unwrap().1
}

async fn a_delivery_is_asked_back_when_its_date_can_be_read_in_two_ways(town: Town) {
    let medicine = town.medicine_box().await;
    let keeper = Keeper::at(&town, medicine.station, crate::support::medicine::STATION).await;
    let (kind, station): (String, KindId) = (medicine.plasters.to_string(), medicine.plasters);
    let html = keeper.refused("receive", &[("step", "what"), ("code", "6901234567893")]).await;
    assert!(html.contains("校验位") && html.contains("value=\"6901234567893\""), "{html}");
    let known = [("kind", kind.as_str()), ("number", "A1")];
    let html = keeper.refused("receive", &[&known[..], &[("step", "label"), ("label", "02/03/2029")]].concat()).await;
    assert!(
        html.contains("哪个是月，哪个是日") && html.contains("value=\"02/03/2029\"") && html.contains("value=\"A1\""),
        "{html}"
    );
    let label = [&known[..], &[("label", "有效期至2028年11月")]].concat();
    let html = keeper.post("receive", &[&label[..], &[("step", "label")]].concat()).await.text().await.unwrap();
    assert!(html.contains("2028-11-30") && html.contains("2028-10-31") && html.contains("几盒（一盒 10 片）"), "{html}");
    let html = keeper.refused("receive", &[&label[..], &[("step", "units")]].concat()).await;
    assert!(html.contains("请写数量"), "{html}");
    let all = [&label[..], &[("packs", "2"), ("units", "5"), ("source", "donation"), ("shelf", "3号格")]].concat();
    let html = keeper.post("receive", &[&all[..], &[("step", "papers")]].concat()).await.text().await.unwrap();
    assert!(html.contains("再看一遍") && html.contains("25 片") && html.contains("捐赠"), "{html}");
    let (to, html) = keeper.done("receive", &[&all[..], &[("step", "confirm")]].concat()).await;
    assert!(to.contains("/lots/") && html.contains("到货登记好了") && html.contains("25 片"), "{html}");
    let lots = yizhan::store::lots::list_on_shelf(town.app.db.read(), medicine.station, Some(station)).await.unwrap();
    assert_eq!((lots.len(), lots[0].available), (1, 25));
    // And counted at once, with a small difference that has a reason.
    let path = format!("lots/{}/count", lots[0].id);
    let html = keeper.refused(&path, &[("counted", "24")]).await;
    assert!(html.contains("盘点"), "{html}");
    let (_, html) = keeper.done(&path, &[("counted", "24"), ("reason", "掉了一片")]).await;
    assert!(html.contains("盘点好了") && html.contains("掉了一片"), "{html}");
}

async fn people_are_found_by_their_whole_number_and_shown_masked(town: Town) {
    let station = town.station("LT01").await;
    let member = town.member("13800138011").await;
    let keeper = Keeper::at(&town, station, "LT01").await;
    let html = keeper.refused("people/find", &[("phone", "13800138012")]).await;
    assert!(html.contains("没有登记过这个手机号") && html.contains("value=\"13800138012\""), "{html}");
    let (to, html) = keeper.done("people/find", &[("phone", "138-0013-8011")]).await;
    assert!(to.ends_with(&format!("people/{member}")), "{to}");
    assert!(html.contains("138****8011") && !html.contains("13800138011") && !html.contains("+86"), "{html}");
    let rev = html.split("name=\"rev\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (_, html) = keeper.done(&format!("people/{member}/approve"), &[("approved", "1"), ("rev", &rev)]).await;
    assert!(html.contains("站长同意过"), "{html}");
    let (_, html) = keeper.done(&format!("people/{member}/suspend"), &[("reason", "总是晚还"), ("days", "7")]).await;
    assert!(html.contains("总是晚还") && html.contains("恢复借用"), "{html}");
    // A card for an elder without a phone.
    let (to, html) = keeper.done("people/enter", &[("name", "李爷爷"), ("phone", "")]).await;
    assert!(html.contains("李*") && !html.contains("李爷爷"), "{html}");
    let path = to.split('?').next().unwrap().to_owned();
    let (to, html) = keeper.done(&format!("{path}/card"), &[]).await;
    assert!(html.contains("85.6 × 54"), "{html}");
    let (_, html) = keeper.get(&format!("stickers/sheet?{}&paper=card", to.split('?').nth(1).unwrap())).await;
    assert!(html.contains("李*") && html.contains("借物卡"), "{html}");
    // Whoever looks at somebody is written down, with where and whom.
    let reads = entity::event::Entity::find().filter(entity::event::Column::Action.eq("member_read"));
    let reads = reads.all(town.app.db.read()).await.unwrap();
    let of_them: Vec<_> = reads.iter().filter(|read| read.member_id == Some(member)).collect();
    assert!(of_them.len() == 3 && of_them.iter().all(|read| read.station_id == Some(station)), "{reads:?}");
    assert!(of_them.iter().all(|read| read.actor_id.is_some() && read.actor_id != read.member_id), "{reads:?}");
    let (_, html) = keeper.get("people").await;
    assert!(html.contains("138****8011") && !html.contains("13800138011"), "{html}");
}

async fn a_station_is_kept_by_its_own_keepers_only(town: Town) {
    let (mine, other) = (town.station("LT01").await, town.station("LT02").await);
    let kind = town.kind("折叠雨伞", Identity::Anonymous).await;
    let theirs = town.items(kind, other, 1).await;
    let keeper = Keeper::at(&town, mine, "LT01").await;
    for path in ["counter", "things", "kinds", "lots", "receive", "stickers", "people", "settings", "keepers", "levels", "more"] {
        assert_eq!(keeper.get(path).await.0, 200, "{path}");
        let (status, html) = keeper.get(&format!("/staff/LT02/{path}")).await;
        assert!(status == 403 && html.contains("这个页面不是给您的"), "{path}: {status}");
        assert_eq!(keeper.get(&format!("/staff/NOWHERE/{path}")).await.0, 404, "{path}");
        let visitor = keeper.server.client.get(keeper.url(path)).send().await.unwrap();
        assert!(visitor.headers()["location"].to_str().unwrap().starts_with("/sign-in?next="), "{path}");
    }
    assert_eq!(keeper.get(&format!("things/{}", theirs[0])).await.0, 404);
    // Lending and the rest are refused by the desk, whatever the address says.
    let answer = keeper.post("counter/lend", &[("code", &theirs[0]), ("name", "张三")]).await;
    assert_ne!(answer.status(), 303);
    assert_eq!(keeper.post(&format!("things/{}/service", theirs[0]), &[("lifecycle", "retired")]).await.status(), 404);
    assert_eq!(keeper.get("kinds/new").await.0, 403);
    let answer = keeper.post("keepers", &[("phone", "13800138099")]).await;
    assert_eq!(answer.status(), 403);
    let known = town.app.vault.index(&Phone::parse("13800138099").unwrap());
    assert!(yizhan::store::members::find_by_phone(town.app.db.read(), &known).await.unwrap().is_none());
}

async fn the_station_keeps_its_hours_and_its_terms(town: Town) {
    let station = town.station("LT01").await;
    let kind = town.kind("折叠雨伞", Identity::Anonymous).await;
    let keeper = Keeper::at(&town, station, "LT01").await;
    let rev = async || {
        let (_, html) = keeper.get("settings").await;
        html.split("name=\"rev\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let name = [("name", "练北驿站"), ("place", "练塘镇"), ("contact", "021-1"), ("always", "0")];
    let first = rev().await;
    let bad = [&name[..], &[("rev", first.as_str()), ("mon1", "12:00"), ("mon2", "08:00")]].concat();
    let html = keeper.refused("settings", &bad).await;
    assert!(html.contains("开放时间有一行不对") && html.contains("value=\"12:00\""), "{html}");
    let good = [("rev", first.as_str()), ("mon1", "08:00"), ("mon2", "12:00"), ("mon3", "13:00"), ("mon4", "00:00")];
    let (_, html) = keeper.done("settings", &[&name[..], &good].concat()).await;
    assert!(html.contains("保存好了") && html.contains("练北驿站") && html.contains("value=\"13:00\""), "{html}");
    let row = yizhan::store::stations::find(town.app.db.read(), station).await.unwrap().unwrap();
    let hours = serde_json::to_value(&row.hours).unwrap();
    assert_eq!(hours["weekly"]["mon"], serde_json::json!([["08:00", "12:00"], ["13:00", "24:00"]]));
    let (_, html) =
        keeper.done("settings/closures", &[("first", "2026-12-24"), ("last", "2026-12-26"), ("reason", "装修")]).await;
    assert!(html.contains("装修"), "{html}");
    // Umbrellas for six hours here.
    let terms = [("length", "6"), ("unit", "hours"), ("limit", "3"), ("renewals", "0"), ("rev", "0")];
    let (_, html) = keeper.done(&format!("kinds/{kind}/terms"), &terms).await;
    assert!(html.contains("value=\"6\""), "{html}");
    let codes = town.items(kind, keeper.station, 1).await;
    let lent = crate::support::town::borrow(town.visitor(), &codes[0], None).await.unwrap().into_receipt();
    assert!(lent.loan.due_at - lent.loan.lent_at <= chrono::TimeDelta::hours(6));
}

async fn a_photo_of_a_code_is_read_for_phones_that_cannot(town: Town) {
    let codes = town.umbrellas(1).await;
    let station = yizhan::store::stations::find_by_code(town.app.db.read(), "LT01").await.unwrap().unwrap().id;
    let keeper = Keeper::at(&town, station, "LT01").await;
    let text = town.app.config.sticker_url(&codes[0]);
    let code = qrcode::QrCode::new(text).unwrap();
    let (side, colours) = (u32::try_from(code.width()).unwrap(), code.to_colors());
    let picture = image::GrayImage::from_fn((side + 8) * 6, (side + 8) * 6, |x, y| {
        let at = |n: u32| (n / 6).checked_sub(4).filter(|n| *n < side);
        let dark = at(x).zip(at(y)).is_some_and(|(x, y)| colours[(y * side + x) as usize] == qrcode::Color::Dark);
        image::Luma([if dark { 0 } else { 255 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let body = |mode: &str, bytes: &[u8]| {
        let mut body = Vec::new();
        for (name, value) in [("key", "k"), ("mode", mode), ("log", ""), ("for", "")] {
            body.extend(
                format!(
                    "--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}{}\r\n",
                    if name == "key" { mode } else { "" }
                )
                .bytes(),
            );
        }
        body.extend(
            b"--X\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\n",
        );
        body.extend(bytes);
        body.extend(b"\r\n--X--\r\n");
        body
    };
    let send = async |mode: &str, bytes: &[u8]| {
        let request = keeper.server.client.post(keeper.url("counter/photo")).header("Cookie", &keeper.cookie);
        let request = request.header("Content-Type", "multipart/form-data; boundary=X").body(body(mode, bytes));
        request.send().await.unwrap()
    };
    let found = send("", png.get_ref()).await;
    let to = found.headers()["location"].to_str().unwrap().to_owned();
    assert!(to.contains(&format!("code={}", codes[0])), "{to}");
    let back = send("pile", png.get_ref()).await;
    assert!(back.headers()["location"].to_str().unwrap().contains(&format!("s.{}", codes[0])));
    let nothing = send("", b"no picture").await;
    assert_eq!(nothing.status(), 422);
    assert!(nothing.text().await.unwrap().contains("role=\"alert\""));
}
