//! The tools of these tests, each on pages made for it: a tool that never found anything is no tool.

use thirtyfour::Key;

use super::{
    Look, Visit,
    measures::{ELDER, RESIDENT},
    print::{self, Mm},
    sheet::{self, Cell},
};
use crate::journeys;

journeys!(
    a_page_sees_how_it_is_looked_at: [phone, phone_without_script, phone_dark, phone_english, desktop, desktop_without_script, desktop_dark],
    one_looks_in_another_way_in_the_middle: [phone],
    what_is_wrong_with_a_page_is_found: [phone, phone_without_script],
    what_is_right_is_not_complained_of: [phone],
    paper_is_measured_to_half_a_millimetre: [desktop],
    fields_are_found_by_their_labels: [phone, phone_without_script],
    keys_alone_lead_to_a_button: [desktop],
    everybody_who_is_asked_is_seen: [desktop],
    a_network_goes_and_comes_back: [phone],
    nobody_finds_what_the_last_one_left: [phone],
);

const ABOUT: &str = "<!doctype html><html lang=en><title>t</title><meta name=viewport content='width=device-width'>
    <style>p{display:none} @media (prefers-color-scheme:dark){.dark{display:block}}
    @media (width:390px) and (hover:none){.phone{display:block}} @media (prefers-reduced-motion:reduce){.still{display:block}}
    @media (resolution:2dppx){.sharp{display:block}}</style>
    <p class=dark>dark<p class=phone>phone<p class=still>still<p class=sharp>sharp</p><b id=b></b><noscript>no script</noscript>
    <script>b.textContent = 'script ' + navigator.language + (navigator.maxTouchPoints ? ' touch' : '')</script>";

async fn a_page_sees_how_it_is_looked_at(visit: Visit) {
    let Visit { browser, .. } = visit;
    browser.show(ABOUT).await;
    let (look, text) = (browser.look, browser.text().await);
    for (word, expected) in [
        ("dark", look.dark),
        ("phone", look.mobile),
        ("still", look.still),
        ("sharp", look.mobile),
        ("touch", look.mobile && look.script),
        ("no script", !look.script),
        ("script zh-CN", look.script && look.language != "en"),
        ("script en", look.script && look.language == "en"),
    ] {
        assert_eq!(text.contains(word), expected, "{word} in {text}");
    }
    browser.open_path("/sign-in").await;
    browser.shall_say(if look.language == "en" { "phone" } else { "手机号" }).await;
}

async fn one_looks_in_another_way_in_the_middle(visit: Visit) {
    let Visit { mut browser, .. } = visit;
    browser.look_as(Look::desktop_without_script().dark().english().still()).await;
    browser.show(ABOUT).await;
    assert_eq!(browser.text().await.split_whitespace().collect::<Vec<_>>().join(" "), "dark still no script");
    assert_eq!(browser.look.name(), "desktop-without-script-dark-en-still");
}

async fn what_is_wrong_with_a_page_is_found(visit: Visit) {
    let Visit { browser, .. } = visit;
    let html = "<!doctype html><html><title>t</title><meta name=viewport content='width=device-width'><body>
        <p id=small style='font-size:12px'>small</p> <img src='data:,'> <button style='width:30px;height:30px'>x</button>
        <p class=date style='color:#777'>2026-12-01</p> <div style='width:500px'>wide</div>
        <input style='font-size:20px'> <p style='font-size:10px;opacity:0'>unseen</p>";
    browser.show(html).await;
    let below = browser.below(RESIDENT).await.join("\n");
    for wrong in [
        "<p#small> “small”: letters of 12.0 px",
        "30.0 × 30.0 px to tap on",
        "contrast of 4.48",
        "scrolls sideways",
        "sticks out",
    ] {
        assert!(below.contains(wrong), "{wrong} is not in\n{below}");
    }
    assert!(!below.contains("unseen"), "{below}");
    let violations = browser.violations().await.join("\n");
    if violations.is_empty() {
        return; // axe-core is not to be had, which was said.
    }
    for wrong in ["html-has-lang [serious]", "image-alt [critical]", "label [critical]", "color-contrast [serious]"] {
        assert!(violations.contains(wrong), "{wrong} is not in\n{violations}");
    }
}

async fn what_is_right_is_not_complained_of(visit: Visit) {
    let Visit { browser, .. } = visit;
    let html = "<!doctype html><html lang=en><title>t</title><meta name=viewport content='width=device-width'>
        <style>body{font-size:24px} button,input{font-size:24px;min-height:60px} input[type=radio]{min-height:20px}</style>
        <main><h1>Heading</h1><p>Running text with <a href='/x'>a link</a> in it.</p> <button>A button</button>
        <label style='display:block;padding:20px'><input type=radio>One choice</label>
        <div style='background:#000'><p class=date style='color:rgb(255 255 255 / 80%)'>2026-12-01</p></div></main>";
    browser.show(html).await;
    browser.assert_keeps(ELDER).await;
    browser.assert_accessible().await;
    assert!(browser.complaints().await.is_empty());
}

/// A QR code as the product makes them, a box of ink and a word, on two sheets of 60 × 40 mm.
async fn paper_is_measured_to_half_a_millimetre(visit: Visit) {
    let Visit { browser, .. } = visit;
    let codes = ["http://127.0.0.1:9/q/LT01-0001", "https://驿站.example/q/二"].map(|text| {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).unwrap();
        let svg = code.render::<qrcode::render::svg::Color>().quiet_zone(false).min_dimensions(100, 100).build();
        format!("<section>{}<i></i><b>编号 LT01</b></section>", svg.split_once("?>").unwrap().1)
    });
    let html = format!(
        "<!doctype html><html lang=zh><title>t</title><style>@page{{size:60mm 40mm;margin:0}} body{{margin:0}}
        section{{position:relative;width:60mm;height:40mm;break-after:page;overflow:hidden}} section *{{position:absolute}}
        svg{{left:5mm;top:8mm;width:20mm;height:20mm}} i{{left:30mm;top:10mm;width:25mm;height:10mm;background:#000}}
        b{{left:30mm;top:30mm;font:4mm sans-serif}} path,rect{{position:static}}</style>{}",
        codes.concat()
    );
    browser.show(&html).await;
    let pdf = browser.print().await;
    let Some(pages) = print::pages(&pdf) else { return };
    assert_eq!(pages.len(), 2);
    for (width, height) in print::page_sizes(&pdf).unwrap() {
        assert!((width - 60.0).abs() < 0.5 && (height - 40.0).abs() < 0.5, "{width} × {height}");
    }
    let square = Mm { x: 5.0, y: 8.0, width: 20.0, height: 20.0 };
    for (page, text) in pages.iter().zip(["http://127.0.0.1:9/q/LT01-0001", "https://驿站.example/q/二"]) {
        let found = print::qr_codes(page);
        assert!(found.len() == 1 && found[0].0 == text && found[0].1.is_about(square), "{found:?}");
        let black = print::ink(page, Mm { x: 28.0, y: 0.0, width: 30.0, height: 25.0 }).unwrap();
        assert!(black.is_about(Mm { x: 30.0, y: 10.0, width: 25.0, height: 10.0 }), "{black:?}");
        assert_eq!(print::ink(page, Mm { x: 0.0, y: 0.0, width: 60.0, height: 7.0 }), None);
        if let Some(second) = print::qr_codes_by_zbar(page) {
            assert_eq!(second, [text]);
        }
    }
    let words = print::words(&pdf).unwrap();
    let last = words.iter().find(|word| word.page == 1 && word.text == "LT01").unwrap();
    assert!(Mm { x: 30.0, y: 26.0, width: 25.0, height: 13.0 }.holds(last.place), "{last:?}");
}

async fn fields_are_found_by_their_labels(visit: Visit) {
    let Visit { browser, .. } = visit;
    let html = "<!doctype html><html lang=zh><title>t</title><form action='/sign-in' onsubmit='return false'>
        <label>手机号<input name=a value=old></label><label for=b>备注</label><textarea id=b></textarea>
        <input aria-label=编号 name=c><label>在哪<select><option>甲站<option>乙站</select></label>
        <details><summary>更多</summary><p>里面</p></details></form>";
    browser.show(html).await;
    browser.fill("手机号", "13800138000").await;
    browser.fill("备注", "好的").await;
    browser.fill("编号", "LT01").await;
    browser.fill("在哪", "乙站").await;
    let script = "return [...document.querySelectorAll('input, textarea, select')].map(e => e.value).join()";
    assert_eq!(browser.run(script, Vec::new()).await, "13800138000,好的,LT01,乙站");
    assert!(!browser.says("里面").await);
    browser.tap("更多").await;
    browser.shall_say("里面").await;
    browser.tap_on("summary").await;
    assert_eq!((browser.scans(), browser.taps()), (0, 2));
    browser.count_anew();
    assert_eq!(browser.taps(), 0);
    assert!(browser.screenshot("harness").await.is_file());
}

async fn keys_alone_lead_to_a_button(visit: Visit) {
    let Visit { browser, .. } = visit;
    browser
        .show("<!doctype html><title>t</title><a href='#a'>One</a> <button onclick='this.textContent=`pressed`'>Two</button>")
        .await;
    browser.tab_to("Two").await;
    browser.press(Key::Enter + "").await;
    browser.shall_say("pressed").await;
}

async fn everybody_who_is_asked_is_seen(visit: Visit) {
    let Visit { browser, .. } = visit;
    let first = browser.visit("/sign-in").await;
    assert!(first.bytes > 1_000 && first.urls.contains(&format!("{}/sign-in", browser.base())), "{first:?}");
    assert_eq!(first.origins.iter().collect::<Vec<_>>(), [browser.base()]);
    browser.show("<!doctype html><title>t</title><img alt=x src='http://127.0.0.1:9/x.png'>").await;
    let elsewhere = browser.loaded().await;
    assert!(elsewhere.origins.contains("http://127.0.0.1:9"), "{elsewhere:?}");
}

async fn a_network_goes_and_comes_back(visit: Visit) {
    let Visit { browser, .. } = visit;
    let reached = "const done = arguments[arguments.length - 1];
        fetch('/sign-in', { cache: 'no-store' }).then(() => done(true), () => done(false));";
    let reaches = async || browser.driver.execute_async(reached, Vec::new()).await.unwrap().json().clone();
    browser.open_path("/sign-in").await;
    assert_eq!(reaches().await, true);
    assert!(browser.reached("/sign-in").await);
    browser.go_offline().await;
    assert_eq!(reaches().await, false);
    assert_eq!(browser.run("return navigator.onLine", Vec::new()).await, false);
    // Not even by the service worker, which has been installed by now.
    assert!(!browser.reached("/sign-in").await);
    browser.network_back().await;
    browser.slow_network(std::time::Duration::from_millis(300), 20_000);
    let before = std::time::Instant::now();
    browser.reload().await;
    assert!(before.elapsed().as_millis() >= 300, "{:?}", before.elapsed());
    browser.network_back().await;
    assert_eq!(reaches().await, true);
}

async fn nobody_finds_what_the_last_one_left(visit: Visit) {
    let leave = "document.cookie = 'left=1; path=/'; localStorage.left = 1; return document.cookie + localStorage.left";
    let first = visit.somebody_else().await;
    first.open_path("/sign-in").await;
    assert!(first.run(leave, Vec::new()).await.as_str().unwrap().contains("left=1"));
    drop(first);
    let second = visit.somebody_else().await;
    second.open_path("/sign-in").await;
    second.shall_be_at("/sign-in").await;
    assert_eq!(second.run("return document.cookie + (localStorage.left ?? '')", Vec::new()).await, "");
    visit.server.end().await;
}

#[test]
fn sheets_come_back_with_their_names_and_types() {
    let cell = |kind: &str, text: &str| format!("<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>");
    let rows = [
        cell("office:value-type='string'", "编号 \"一\", 二"),
        cell("office:value-type='string'", "000123"),
        cell("office:value-type='string'", "=1+1"),
        cell("office:value-type='float' office:value='12.5'", "12.5"),
        cell("table:formula='of:=1+1' office:value-type='float' office:value='2'", "2"),
    ];
    let fods = format!(
        "<?xml version='1.0' encoding='UTF-8'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
         xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' xmlns:of='urn:oasis:names:tc:opendocument:xmlns:of:1.2' \
         office:version='1.2' office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"><office:body><office:spreadsheet>\
         <table:table table:name='借用'><table:table-row>{}</table:table-row></table:table>\
         <table:table table:name='概况'><table:table-row>{}</table:table-row></table:table>\
         </office:spreadsheet></office:body></office:document>",
        rows.concat(),
        rows[0]
    );
    let Some(sheets) = sheet::sheets("报表.fods", fods.as_bytes()) else { return };
    assert_eq!(sheets.keys().collect::<Vec<_>>(), ["借用", "概况"]);
    let text = |text: &str| Cell::Text(text.to_owned());
    let expected =
        [text("编号 \"一\", 二"), text("000123"), text("=1+1"), Cell::Value("12.5".to_owned()), Cell::Formula("=1+1".to_owned())];
    assert_eq!(sheets["借用"][0], expected);
    assert_eq!(sheets["概况"], [[text("编号 \"一\", 二")]]);
    assert!(!sheets["借用"][0].contains(&Cell::Empty));
}
