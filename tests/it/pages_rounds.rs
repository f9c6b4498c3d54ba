//! What a keeper does at a station, and what residents report, as a browser without a script sees it.

use chrono::TimeDelta;
use entity::{ids::DisposalId, item::Lifecycle, kind::Identity, task::What, ticket::Matter};
use reqwest::Response;
use sea_orm::EntityTrait;
use yizhan::{desk, jobs, store};

use crate::{
    both,
    support::{
        medicine::{STATION, photo},
        server::Server,
        town::{Town, borrow},
    },
};

both!(
    a_fault_is_told_in_three_taps_and_brought_to_an_end,
    a_wish_about_the_station_is_told_and_answered,
    the_day_begins_with_one_list_and_ends_with_none,
    whoever_keeps_a_thing_for_too_long_is_reminded_once_a_day,
    a_round_goes_on_where_it_was_left,
    a_code_on_the_round_is_right_or_wrong,
    medicine_is_read_counted_and_put_into_the_red_box,
    the_nightly_check_is_a_sheet_to_sign,
    nobody_else_sees_the_pages_of_a_station,
    every_page_of_the_rounds_is_there_in_both_languages,
);

/// A browser: nobody's, or the admin's.
struct Browser<'a> {
    server: &'a Server,
    cookie: String,
}

impl<'a> Browser<'a> {
    fn nobody(server: &'a Server) -> Self {
        Self { server, cookie: String::new() }
    }

    async fn admin(town: &Town, server: &'a Server) -> Self {
        desk::set_up::offer(&town.app).await.unwrap();
        server.set_up().await;
        Self::signed_in(server).await
    }

    /// A session of staff does not last for days.
    async fn signed_in(server: &'a Server) -> Self {
        let nobody = Self::nobody(server);
        let form = [("phone", "13800138000"), ("password", "correct horse"), ("next", "/staff")];
        let signed = nobody.submit("/sign-in", &form).await;
        let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { server, cookie }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        self.get_in(path, "zh-CN").await
    }

    async fn get_in(&self, path: &str, language: &str) -> (u16, String) {
        let request = self.server.client.get(format!("{}{path}", self.server.base)).header("Cookie", &self.cookie);
        let response = request.header("Accept-Language", language).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn page(&self, path: &str) -> String {
        let (status, html) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {html}");
        html
    }

    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.server.base);
        self.server.client.post(url).header("Cookie", &self.cookie).form(fields).send().await.unwrap()
    }

    async fn with_photo(&self, path: &str, fields: &[(&str, &str)], picture: Vec<u8>) -> Response {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head =
            "--cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\n";
        body.extend(head.as_bytes());
        body.extend(picture);
        body.extend(b"\r\n--cut--\r\n");
        let request = self.server.client.post(format!("{}{path}", self.server.base)).header("Cookie", &self.cookie);
        request.header("Content-Type", "multipart/form-data; boundary=cut").body(body).send().await.unwrap()
    }

    /// Sends a form that must be done, and follows to where it leads.
    async fn done(&self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let answer = self.submit(path, fields).await;
        let status = answer.status();
        if status != 303 {
            panic!("{path}: {status} {}", answer.text().await.unwrap());
        }
        let to = location(&answer);
        (to.clone(), self.page(&to).await)
    }
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// What stands between two texts.
fn between<'a>(html: &'a str, before: &str, after: &str) -> &'a str {
    html.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {html}")).split(after).next().unwrap()
}

async fn lifecycle(town: &Town, code: &str) -> Lifecycle {
    store::items::find_by_code(town.app.db.read(), code).await.unwrap().unwrap().lifecycle
}

async fn a_fault_is_told_in_three_taps_and_brought_to_an_end(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let (nobody, admin) = (Browser::nobody(&server), Browser::admin(&town, &server).await);
    let (thing, path) = (format!("/q/{}", codes[0]), format!("/q/{}/fault", codes[0]));
    assert!(nobody.page(&thing).await.contains(&path));
    let html = nobody.page(&path).await;
    assert!(html.contains("哪里不好") && html.contains("不用登录"), "{html}");
    let nothing = nobody.submit(&path, &[("key", "k0"), ("note", "撑不开")]).await;
    assert_eq!(nothing.status(), 422);
    let html = nothing.text().await.unwrap();
    assert!(html.contains("请先选一项") && html.contains("撑不开"), "{html}");
    let told = nobody.with_photo(&path, &[("key", "k1"), ("what", "broken"), ("note", "撑不开")], photo()).await;
    let again = nobody.with_photo(&path, &[("key", "k1"), ("what", "broken"), ("note", "撑不开")], photo()).await;
    assert_eq!(location(&told), location(&again));
    let html = nobody.page(&location(&told)).await;
    assert!(html.contains("谢谢您") && html.contains("归还不受影响"), "{html}");
    assert!(nobody.page(&thing).await.contains("有人报过问题"));
    let today = admin.page("/staff/LT01/today").await;
    assert!(today.contains("有人报了问题") && today.contains("撑不开"), "{today}");
    let ticket = format!("/staff/LT01/faults/{}", between(&today, "href=\"/staff/LT01/faults/", "\""));
    assert!(admin.page("/staff/LT01/faults").await.contains("1 次报告"));
    let html = admin.page(&ticket).await;
    let picture = format!("/staff/LT01/photos/{}", between(&html, "src=\"/staff/LT01/photos/", "\""));
    let image = server.client.get(format!("{}{picture}", server.base)).header("Cookie", &admin.cookie).send().await.unwrap();
    assert_eq!(image.headers()["content-type"], "image/jpeg");
    let (status, _) = nobody.get(&picture).await;
    assert_eq!(status, 303);
    let (_, html) = admin.done(&format!("{ticket}/seen"), &[("key", "k2")]).await;
    assert!(!html.contains("我看到了"), "{html}");
    let undecided = admin.submit(&format!("{ticket}/close"), &[("key", "k3"), ("note", "换了伞骨")]).await;
    assert_eq!(undecided.status(), 422);
    let (_, html) = admin.done(&format!("{ticket}/close"), &[("key", "k4"), ("outcome", "repaired"), ("note", "换了伞骨")]).await;
    assert!(html.contains("已处理：修好了") && html.contains("换了伞骨"), "{html}");
    assert!(admin.page("/staff/LT01/today").await.contains("今天没有要做的"));
    assert!(admin.page("/staff/LT01/faults?state=closed").await.contains("修好了"));
    assert!(!nobody.page(&thing).await.contains("有人报过问题"));
    town.verified().await;
}

async fn a_wish_about_the_station_is_told_and_answered(town: Town) {
    town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let (nobody, admin) = (Browser::nobody(&server), Browser::admin(&town, &server).await);
    assert!(nobody.page("/s/LT01").await.contains("/s/LT01/report"));
    assert!(nobody.page("/s/LT01/report").await.contains("希望添置或改进"));
    let told = nobody.with_photo("/s/LT01/report", &[("key", "k"), ("what", "wish"), ("note", "想要打气筒")], photo()).await;
    assert!(nobody.page(&location(&told)).await.contains("站长会看到"));
    assert!(admin.page("/staff/LT01/today").await.contains("有人给驿站提了意见"));
    let list = admin.page("/staff/LT01/faults").await;
    let ticket = format!("/staff/LT01/faults/{}", between(&list, "href=\"/staff/LT01/faults/", "\""));
    let html = admin.page(&ticket).await;
    assert!(html.contains("想要打气筒") && !html.contains("报废"), "{html}");
    admin.done(&format!("{ticket}/close"), &[("key", "k2"), ("outcome", "answered"), ("note", "下周到")]).await;
    assert!(admin.page("/staff/LT01/today").await.contains("今天没有要做的"));
}

async fn the_day_begins_with_one_list_and_ends_with_none(town: Town) {
    let (_, codes) = town.tools(2).await;
    let server = Server::before(&town.app).await;
    let admin = Browser::admin(&town, &server).await;
    borrow(town.visitor(), &codes[0], Some("13800138011")).await.unwrap();
    let lost = desk::report::Order {
        code: codes[0].clone(),
        what: desk::report::Report::ClaimedReturned,
        note: Some("放在柜顶".to_owned()),
    };
    desk::answer(town.process(), lost, desk::report::report).await.unwrap();
    let html = admin.page("/staff/LT02/today").await;
    assert!(html.contains("请找一找") && html.contains("放在柜顶") && html.contains("螺丝刀"), "{html}");
    assert!(html.contains("138****8011") && !html.contains("13800138011"), "{html}");
    let task = format!("/staff/LT02/tasks/{}", between(&html, "href=\"/staff/LT02/tasks/", "\""));
    let (_, html) = admin.done(&format!("{task}/seen"), &[("key", "k")]).await;
    assert!(html.contains("还没做完") && html.contains("已看到") && html.contains("请找一找"), "{html}");
    assert!(admin.page(&task).await.contains("找到了"));
    let (_, html) = admin.done(&format!("{task}/found"), &[("key", "k2"), ("item", &codes[0])]).await;
    assert!(html.contains("今天没有要做的") && html.contains("做好了"), "{html}");
    let twice = admin.submit(&format!("{task}/found"), &[("key", "k2"), ("item", &codes[0])]).await;
    assert_eq!(twice.status(), 303);
    assert!(!store::items::find_by_code(town.app.db.read(), &codes[0]).await.unwrap().unwrap().is_out());
    assert_eq!(admin.get(&task).await.0, 404);
}

async fn whoever_keeps_a_thing_for_too_long_is_reminded_once_a_day(town: Town) {
    let (_, codes) = town.tools(1).await;
    let server = Server::before(&town.app).await;
    Browser::admin(&town, &server).await;
    borrow(town.visitor(), &codes[0], Some("13800138011")).await.unwrap();
    town.advance(TimeDelta::days(16));
    jobs::run(&town.app, "overdue").await.unwrap();
    let admin = Browser::signed_in(&server).await;
    let html = admin.page("/staff/LT02/today").await;
    let task = format!("/staff/LT02/tasks/{}", between(&html, "href=\"/staff/LT02/tasks/", "\""));
    // The digest of the house went out on one of these days; today nobody was told.
    let told = async || {
        let notices = entity::notice::Entity::find().all(town.app.db.read()).await.unwrap();
        notices.into_iter().filter(|notice| notice.template == "keeper_asks").count()
    };
    town.advance(TimeDelta::days(1));
    let admin_today = Browser::signed_in(&server).await;
    assert!(admin_today.page(&task).await.contains("发短信再提醒一次"));
    for key in ["k1", "k2"] {
        let (_, html) = admin_today.done(&format!("{task}/remind"), &[("key", key), ("item", &codes[0])]).await;
        assert!(html.contains("今天已经提醒过了") && !html.contains("发短信再提醒一次") && html.contains("问过了"), "{html}");
        assert_eq!(told().await, 1);
    }
    town.advance(TimeDelta::days(1));
    let tomorrow = Browser::signed_in(&server).await;
    tomorrow.done(&format!("{task}/remind"), &[("key", "k3"), ("item", &codes[0])]).await;
    assert_eq!(told().await, 2);
    let elsewhere = town.station("LT07").await;
    let keeper = town.staff(entity::grant::Role::Keeper, None, Some(elsewhere)).await;
    let no = desk::answer(keeper, codes[0].clone(), desk::remind::remind).await;
    assert!(matches!(no, Err(desk::Error::NotFound("loan"))), "{no:?}");
}

async fn a_round_goes_on_where_it_was_left(town: Town) {
    let codes = town.umbrellas(4).await;
    let server = Server::before(&town.app).await;
    Browser::admin(&town, &server).await;
    town.advance(TimeDelta::days(8));
    let admin = Browser::signed_in(&server).await;
    let html = admin.page("/staff/LT01/round").await;
    assert!(html.contains("本周已看 0/4") && html.contains("随时可以停"), "{html}");
    let first = between(&html, "name=\"item\" value=\"", "\"").to_owned();
    let skipped = admin.page("/staff/LT01/round?skip=1").await;
    assert_ne!(between(&skipped, "name=\"item\" value=\"", "\""), first);
    let (_, html) = admin.done("/staff/LT01/round/good", &[("key", "k1"), ("item", &first)]).await;
    assert!(html.contains("本周已看 1/4") && html.contains("记下了"), "{html}");
    let second = between(&html, "name=\"item\" value=\"", "\"").to_owned();
    let fields = [("key", "k2"), ("item", second.as_str()), ("what", "broken"), ("take_out", "true"), ("note", "骨断")];
    let told = admin.with_photo("/staff/LT01/round/fault", &fields, photo()).await;
    let html = admin.page(&location(&told)).await;
    assert!(html.contains("本周已看 2/4"), "{html}");
    assert_eq!(lifecycle(&town, &second).await, Lifecycle::Maintenance);
    let third = between(&html, "name=\"item\" value=\"", "\"").to_owned();
    let (_, html) = admin.done("/staff/LT01/round/missing", &[("key", "k3"), ("item", &third)]).await;
    assert_eq!(lifecycle(&town, &third).await, Lifecycle::Missing);
    assert!(html.contains("本周已看 2/3"), "{html}");
    // Another day, another device: it goes on.
    town.advance(TimeDelta::days(1));
    let admin = Browser::signed_in(&server).await;
    let fourth = codes.iter().find(|code| ![&first, &second, &third].contains(code)).unwrap();
    let (_, html) = admin.done("/staff/LT01/round/good", &[("key", "k4"), ("item", fourth)]).await;
    assert!(html.contains("本周都看过了"), "{html}");
    let tickets = store::tickets::list(town.app.db.read(), None, None, None, 9).await.unwrap();
    assert!(tickets.len() == 1 && tickets[0].what == Matter::Broken);
    town.verified().await;
}

async fn a_code_on_the_round_is_right_or_wrong(town: Town) {
    let codes = town.umbrellas(2).await;
    let elsewhere = town.station("LT05").await;
    let glasses = town.kind("老花镜", Identity::Anonymous).await;
    let far = town.items(glasses, elsewhere, 1).await;
    let server = Server::before(&town.app).await;
    Browser::admin(&town, &server).await;
    town.advance(TimeDelta::days(8));
    let admin = Browser::signed_in(&server).await;
    let scan = async |code: &str| admin.page(&format!("/staff/LT01/round?code={code}")).await;
    assert!(scan(&codes[0]).await.contains("✔ 码是对的"));
    let ours = format!("{}/q/{}", town.app.config.base_url, codes[0]);
    assert!(scan(&ours).await.contains("✔ 码是对的"));
    let false_one = scan(&format!("https://evil.example/q/{}", codes[0])).await;
    assert!(false_one.contains("✘ 这不是我们的码"), "{false_one}");
    assert!(scan("NOSUCHCODE").await.contains("✘ 这不是我们的码"));
    assert!(scan(&far[0]).await.contains("登记在别的驿站"));
    let expected = store::items::find_by_code(town.app.db.read(), &codes[1]).await.unwrap().unwrap();
    let exchanged = scan(&format!("{}&expect={}", codes[0], expected.id)).await;
    assert!(exchanged.contains("✘ 码对不上") && exchanged.contains("报告贴错了"), "{exchanged}");
    let fields = [("key", "k"), ("item", codes[1].as_str()), ("what", "wrong_sticker")];
    admin.done("/staff/LT01/round/fault", &fields).await;
    let tickets = store::tickets::list(town.app.db.read(), None, None, None, 9).await.unwrap();
    assert_eq!(tickets[0].what, Matter::WrongSticker);
    borrow(town.visitor(), &codes[0], None).await.unwrap();
    let out = scan(&codes[0]).await;
    assert!(out.contains("记着借出") && out.contains(&format!("href=\"/q/{}\"", codes[0])), "{out}");
    let refused = admin.submit("/staff/LT01/round/good", &[("key", "k5"), ("item", &codes[0])]).await;
    assert_eq!(refused.status(), 409);
    // The code in a photo is read by the server.
    let qr = qr_of(&format!("{}/q/{}", town.app.config.base_url, codes[1]));
    let read = admin.with_photo("/staff/LT01/round/photo", &[("key", "k6")], qr).await;
    assert!(location(&read).contains(&codes[1]), "{}", location(&read));
    let blind = admin.with_photo("/staff/LT01/round/photo", &[("key", "k7")], photo()).await;
    assert!(blind.status() == 422 && blind.text().await.unwrap().contains("没有看到二维码"));
    // What stands here is here, whatever the register says.
    admin.done("/staff/LT01/round/good", &[("key", "k8"), ("item", &far[0])]).await;
    let moved = store::items::find_by_code(town.app.db.read(), &far[0]).await.unwrap().unwrap();
    assert_eq!(moved.station_id, expected.station_id);
    town.verified().await;
}

/// A picture of a QR code, as a camera would see it.
fn qr_of(text: &str) -> Vec<u8> {
    let svg = yizhan::qr::picture(text).unwrap();
    let number = |text: &str| -> usize { text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap() };
    let side = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap());
    let mut picture =
        image::GrayImage::from_pixel(u32::try_from(side).unwrap(), u32::try_from(side).unwrap(), image::Luma([255]));
    for module in svg.split(" d=\"").nth(1).unwrap().split('M').skip(1) {
        let (x, rest) = (number(module), module.split_once(' ').unwrap().1);
        let (y, width) = (number(rest), number(rest.split_once('h').unwrap().1));
        let height = number(rest.split_once('v').unwrap().1);
        for (px, py) in (x..x + width).flat_map(|px| (y..y + height).map(move |py| (px, py))) {
            picture.put_pixel(u32::try_from(px).unwrap(), u32::try_from(py).unwrap(), image::Luma([0]));
        }
    }
    let scale = (600 / picture.width()).max(1);
    let large = image::imageops::resize(
        &picture,
        picture.width() * scale,
        picture.height() * scale,
        image::imageops::FilterType::Nearest,
    );
    let mut bytes = std::io::Cursor::new(Vec::new());
    large.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn medicine_is_read_counted_and_put_into_the_red_box(town: Town) {
    let medicine = town.medicine_box().await;
    let server = Server::before(&town.app).await;
    let admin = Browser::admin(&town, &server).await;
    // A second person types what is printed.
    let delivery = medicine.delivery(medicine.fever, "A12", "有效期至2027年03月", 4);
    let lot = medicine.receive(delivery).await.unwrap().into_receipt().id;
    let html = admin.page("/staff/MED1/today").await;
    assert!(html.contains("请第二个人看标签") && html.contains("批号 A12"), "{html}");
    let task = format!("/staff/MED1/tasks/{}", between(&html, "href=\"/staff/MED1/tasks/", "\""));
    let lot_text = lot.to_string();
    let label = async |key: &str, text: &str| {
        admin.submit(&format!("{task}/label"), &[("key", key), ("lot", &lot_text), ("label", text)]).await
    };
    let wrong = label("k1", "有效期至2028年03月").await;
    assert_eq!(wrong.status(), 409);
    assert!(wrong.text().await.unwrap().contains("value=\"有效期至2028年03月\""));
    assert_eq!(label("k2", "有效期至2027年03月").await.status(), 303);
    assert_eq!(label("k2", "有效期至2027年03月").await.status(), 303);
    // Counted blind.
    let html = admin.page("/staff/MED1/count").await;
    assert!(html.contains("A12"), "{html}");
    let form = admin.page(&format!("/staff/MED1/count/{lot}")).await;
    assert!(form.contains("不要看账") && !form.contains("value=\"4\""), "{form}");
    let (to, _) = admin.done(&format!("/staff/MED1/count/{lot}"), &[("key", "k3"), ("counted", "4"), ("reason", "")]).await;
    assert!(to.ends_with("done=counted"));
    assert!(admin.page("/staff/MED1/count").await.contains("最近都数过了"));
    // Past its date: into the red box.
    town.advance(TimeDelta::days(365));
    let admin = Browser::signed_in(&server).await;
    jobs::run(&town.app, "expiry-check").await.unwrap();
    let html = admin.page("/staff/MED1/today").await;
    assert!(html.contains("放进红盒"), "{html}");
    let task = format!("/staff/MED1/tasks/{}", between(&html, "href=\"/staff/MED1/tasks/", "\""));
    let html = admin.page(&task).await;
    assert!(html.contains("value=\"4\"") && html.contains("放进红盒了"), "{html}");
    let put = async |key: &str, units: &str| {
        let fields = [("key", key), ("lot", lot_text.as_str()), ("way", "set_aside"), ("units", units)];
        admin.with_photo(&format!("{task}/taken-out"), &fields, photo()).await
    };
    let bare = [("key", "k3b"), ("lot", lot_text.as_str()), ("way", "set_aside"), ("units", "4")];
    let bare = admin.submit(&format!("{task}/taken-out"), &bare).await;
    assert_eq!(bare.status(), 409, "medicine goes into the red box with a photo");
    assert_eq!(put("k4", "9").await.status(), 409);
    assert_eq!(put("k5", "4").await.status(), 303);
    assert_eq!(put("k5", "4").await.status(), 303);
    let open = store::tasks::list(town.app.db.read(), None, false, None, 50).await.unwrap();
    assert!(open.iter().all(|task| task.what != What::PutInRedBox), "{open:?}");
    // Handed over by one, and confirmed by another one.
    let html = admin.page("/staff/MED1/red-box").await;
    assert!(html.contains("批号 A12"), "{html}");
    let box_form = [("key", "k6"), ("handed_to", "街道卫生服务中心"), ("receipt_no", "R-1")];
    let bare = admin.submit("/staff/MED1/red-box", &box_form).await;
    assert!(bare.status() == 409 && bare.text().await.unwrap().contains("街道卫生服务中心"));
    let box_form = [("key", "k7"), ("handed_to", "街道卫生服务中心"), ("receipt_no", "R-1")];
    let told = admin.with_photo("/staff/MED1/red-box", &box_form, photo()).await;
    assert_eq!(told.status(), 303);
    let html = admin.page("/staff/MED1/red-box").await;
    assert!(html.contains("等另一位站长核对"), "{html}");
    let disposal = between(&html, "name=\"disposal\" value=\"", "\"");
    let own = admin.submit("/staff/MED1/red-box/confirm", &[("key", "k8"), ("disposal", disposal)]).await;
    assert_eq!(own.status(), 409);
    let id: DisposalId = uuid::Uuid::parse_str(disposal).unwrap().into();
    desk::answer(medicine.second.clone(), id, desk::stock::hand_over::confirm).await.unwrap();
    assert!(admin.page("/staff/MED1/red-box").await.contains("红盒是空的"));
    town.verified().await;
}

async fn the_nightly_check_is_a_sheet_to_sign(town: Town) {
    let medicine = town.medicine_box().await;
    medicine.plasters("B7", "有效期至2026年12月31日", 6).await;
    let server = Server::before(&town.app).await;
    let admin = Browser::admin(&town, &server).await;
    assert!(admin.page("/staff/MED1/today").await.contains("还没有做过效期检查"));
    town.advance(TimeDelta::days(34));
    let admin = Browser::signed_in(&server).await;
    jobs::run(&town.app, "expiry-check").await.unwrap();
    let today = admin.page("/staff/MED1/today").await;
    assert!(today.contains("上次效期检查") && today.contains("正常"), "{today}");
    let list = admin.page("/staff/MED1/checks").await;
    assert!(list.contains("2026-12-27") && list.contains("完成"), "{list}");
    let sheet = format!("/staff/MED1/checks/{}", between(&list, "href=\"/staff/MED1/checks/", "\""));
    let html = admin.page(&sheet).await;
    for said in ["创可贴", "B7", "7天内到期", "待处理", "检查人签名", "校验值"] {
        assert!(html.contains(said), "{said}: {html}");
    }
    town.advance(TimeDelta::hours(30));
    let admin = Browser::signed_in(&server).await;
    assert!(admin.page("/staff/MED1/today").await.contains("晚了或不完整"));
    town.advance(TimeDelta::hours(30));
    let admin = Browser::signed_in(&server).await;
    assert!(admin.page("/staff/MED1/checks").await.contains("超过两天没有检查"));
}

async fn nobody_else_sees_the_pages_of_a_station(town: Town) {
    town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let nobody = Browser::nobody(&server);
    for page in ["today", "faults", "round", "checks", "count", "red-box", "restock"] {
        let (status, _) = nobody.get(&format!("/staff/LT01/{page}")).await;
        assert_eq!(status, 303, "{page}");
    }
    let good = nobody.submit("/staff/LT01/round/good", &[("key", "k"), ("item", "x")]).await;
    assert!(location(&good).starts_with("/sign-in"));
}

async fn every_page_of_the_rounds_is_there_in_both_languages(town: Town) {
    let medicine = town.medicine_box().await;
    let plasters = medicine.plasters("B7", "EXP 2026-12-31", 6).await;
    let level =
        desk::stock::level::Level { station_code: STATION.to_owned(), kind: medicine.plasters, min_units: 10, max_units: 40 };
    desk::answer(town.process(), level, desk::stock::level::set).await.unwrap();
    let umbrella = town.kind("雨伞", Identity::Anonymous).await;
    let codes = town.items(umbrella, medicine.station, 1).await;
    let server = Server::before(&town.app).await;
    let nobody = Browser::nobody(&server);
    Browser::admin(&town, &server).await;
    town.advance(TimeDelta::days(34));
    let admin = Browser::signed_in(&server).await;
    jobs::run(&town.app, "expiry-check").await.unwrap();
    let names = ["中文", "雨伞", "创可贴", "布洛芬片", "管理员"];
    let whole = |path: &str, html: &str| {
        let rest = names.iter().fold(html.to_owned(), |html, name| html.replace(name, ""));
        let han: String = rest.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
        assert!(han.is_empty(), "{path} says {han} in English: {rest}");
        assert!(!html.contains("style=\"") && html.matches("<h1").count() == 1, "{path}");
    };
    let list = admin.page("/staff/MED1/checks").await;
    let sheet = format!("checks/{}", between(&list, "href=\"/staff/MED1/checks/", "\""));
    let count = format!("count/{plasters}");
    for page in ["today", "faults", "faults?state=closed", "round", "checks", &sheet, "count", &count, "red-box", "restock"] {
        let path = format!("/staff/MED1/{page}");
        let (status, html) = admin.get_in(&path, "en").await;
        assert_eq!(status, 200, "{path}");
        whole(&path, &html);
        assert_eq!(admin.get(&path).await.0, 200);
    }
    assert!(admin.page("/staff/MED1/restock").await.contains("34 片"));
    for path in [format!("/q/{}/fault", codes[0]), "/s/MED1/report".to_owned(), format!("/q/{}/fault?done=joined", codes[0])] {
        let (status, html) = nobody.get_in(&path, "en").await;
        assert_eq!(status, 200, "{path}");
        whole(&path, &html);
    }
    // Every task that is open has its page.
    for task in store::tasks::list(town.app.db.read(), None, false, None, 50).await.unwrap() {
        let path = format!("/staff/MED1/tasks/{}", task.id);
        let (status, html) = admin.get_in(&path, "en").await;
        assert_eq!(status, 200, "{path}");
        whole(&path, &html);
    }
}
