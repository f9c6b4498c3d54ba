//! Import of a station's paper list of consumables, and of its register of takes, on both engines.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use entity::{consumable::Class, lot, lot::Tier, movement::Reason, stock_block::Cause, take, task::What as ToDo};
use sea_orm::EntityTrait;
use tempfile::TempDir;
use yizhan::{
    import::{self, Options, Report, What},
    jobs, store,
};

use crate::{
    both,
    support::{medicine::MedicineBox, town::Town},
};

both!(
    a_list_goes_in_whole_and_a_second_time_changes_nothing,
    a_dry_run_of_a_list_finds_the_same_and_writes_nothing,
    the_sample_list_gives_exactly_its_rejects_and_mended_they_go_in,
    a_list_is_read_in_gb18030_in_any_order_and_in_wide_digits,
    a_list_never_changes_what_is_in_the_books,
    a_list_goes_by_the_rules_of_a_delivery,
    takes_go_in_once_and_stay_what_they_were,
    a_take_that_should_not_have_been_is_told_and_one_too_large_is_counted,
    what_takes_cannot_be_is_refused,
    two_imports_at_once_take_every_line_in_once,
    the_demo_has_a_lot_of_every_tier,
);

const HEAD: &str = "station,kind,class,partner,proof,base_unit,pack_size,lot_no,label,quantity,state,checked,as_of,note";

fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

async fn run(town: &Town, what: What, path: &Path, dry_run: bool, rejects: Option<PathBuf>) -> Report {
    let options = Options { what, file: path.to_owned(), dry_run, rejects, community: None };
    import::run(&town.app, &options, |_, _| {}).await.unwrap()
}

async fn list(town: &Town, rows: &[&str]) -> Report {
    let (_keep, path) = file(format!("{HEAD}\n{}\n", rows.join("\n")).as_bytes());
    run(town, What::Stock, &path, false, None).await
}

async fn register(town: &Town, rows: &[&str]) -> Report {
    let text = format!("take_no,station,kind,lot_no,label,quantity,taken_at,phone,note\n{}\n", rows.join("\n"));
    let (_keep, path) = file(text.as_bytes());
    run(town, What::Takes, &path, false, None).await
}

fn counts(report: &Report) -> (u64, u64, usize) {
    (report.imported, report.unchanged, report.rejected.len())
}

fn why(report: &Report) -> Vec<(u64, &'static str)> {
    report.rejected.iter().map(|row| (row.line, row.why.code())).collect()
}

async fn lots(town: &Town) -> Vec<lot::Model> {
    lot::Entity::find().all(town.app.db.read()).await.unwrap()
}

async fn lot(town: &Town, number: &str) -> lot::Model {
    lots(town).await.into_iter().find(|lot| lot.number == number).unwrap()
}

async fn tasks(town: &Town, what: ToDo) -> Vec<entity::task::Model> {
    let open = store::tasks::list(town.app.db.read(), None, false, None, 1000).await.unwrap();
    open.into_iter().filter(|task| task.what == what).collect()
}

async fn causes(town: &Town, number: &str) -> Vec<Cause> {
    let id = lot(town, number).await.id;
    store::stock_blocks::list_on(town.app.db.read(), id).await.unwrap().into_iter().map(|block| block.cause).collect()
}

const GOOD: [&str; 6] = [
    "MED1,创可贴,dressing,,,片,10,A1,有效期至2028年06月30日,3盒,,,,",
    "MED1,创可贴,,,,,,A2,2028.09,1盒+4片,,,,",
    "MED1,布洛芬片,乙类,PHARM-0001,发票 7,片,2,B1,2028年3月,2盒,,,,",
    "MED1,医用纱布,敷料,,,片,5,S1,EXP 11/2028,20,,,,居委会送",
    "MED1,医用纱布,,,,,,S2,2028.12.31,7,,,,",
    "MED1,雨衣,用品,,,件,1,,,12,,,,",
];

async fn a_list_goes_in_whole_and_a_second_time_changes_nothing(town: Town) {
    let shelf = town.medicine_box().await;
    let first = list(&town, &GOOD).await;
    assert_eq!((counts(&first), why(&first)), ((6, 0, 0), vec![]));
    let before = lots(&town).await;
    assert_eq!(before.iter().map(|lot| lot.available).collect::<Vec<_>>(), [30, 14, 4, 20, 7, 12]);
    let gauze = lot(&town, "S1").await;
    let profile = store::consumables::find(town.app.db.read(), gauze.kind_id).await.unwrap().unwrap();
    assert_eq!((profile.class, profile.pack_size, profile.base_unit.as_str()), (Class::Dressing, 5, "片"));
    assert_eq!(gauze.label_text.as_deref(), Some("EXP 11/2028"), "as it stands in the list");
    // Medicine waits for somebody who reads its label.
    assert_eq!((causes(&town, "B1").await, causes(&town, "A1").await), (vec![Cause::Unverified], vec![]));
    let read = (lot(&town, "B1").await.id, "2028.03".to_owned());
    yizhan::desk::stock::verify_label::verify_label(shelf.second.clone(), read).await.unwrap();
    assert_eq!(counts(&list(&town, &GOOD).await), (0, 6, 0));
    // Also after some of it was taken, and its label was mended.
    let wanted = shelf.wanted(shelf.plasters, 5);
    crate::support::medicine::take(town.visitor(), wanted).await.unwrap();
    assert_eq!(counts(&list(&town, &GOOD).await), (0, 6, 0));
    assert_eq!(lots(&town).await.len(), 6);
    town.verified().await;
}

async fn a_dry_run_of_a_list_finds_the_same_and_writes_nothing(town: Town) {
    town.medicine_box().await;
    let (_keep, path) = file(format!("{HEAD}\n{}\n{}\n", GOOD.join("\n"), GOOD[3]).as_bytes());
    let dry = run(&town, What::Stock, &path, true, None).await;
    let events = entity::event::Entity::find().all(town.app.db.read()).await.unwrap().len();
    assert_eq!((counts(&dry), why(&dry)), ((6, 0, 1), vec![(8, "lot-twice-in-file")]), "later lines see earlier ones");
    assert!(lots(&town).await.is_empty() && store::kinds::list(town.app.db.read(), None, 9).await.unwrap().len() == 2);
    let wet = run(&town, What::Stock, &path, false, None).await;
    assert_eq!((counts(&wet), why(&wet)), (counts(&dry), why(&dry)));
    assert!(entity::event::Entity::find().all(town.app.db.read()).await.unwrap().len() > events);
    town.verified().await;
}

async fn the_sample_list_gives_exactly_its_rejects_and_mended_they_go_in(town: Town) {
    yizhan::demo::fill(&town.app, town.now(), |_, _| {}).await.unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/paper-list.csv");
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("rejects.csv");
    let dry = run(&town, What::Stock, &path, true, None).await;
    let report = run(&town, What::Stock, &path, false, Some(out.clone())).await;
    let expected = [
        (12, "count-instead"),
        (16, "label-unclear"),
        (17, "class-unclear"),
        (18, "class-not-allowed"),
        (19, "proof-needed"),
        (20, "kind-differs"),
        (21, "cut-off-already"),
        (23, "quantity-unclear"),
        (24, "lot-twice-in-file"),
        (25, "unknown-station"),
        (26, "date-unusual"),
    ];
    assert_eq!((report.imported, why(&report)), (14, expected.to_vec()));
    assert_eq!((counts(&dry), why(&dry)), (counts(&report), why(&report)));
    let gone = lot(&town, "SB0902").await;
    assert_eq!((gone.available, gone.to_dispose), (0, 10), "what must go goes into the red box");
    // No kind without a lot: what was refused has left nothing behind.
    for name in ["止泻药", "感冒灵", "阿莫西林", "碘伏"] {
        assert!(store::kinds::find_by_name(town.app.db.read(), None, name).await.unwrap().is_none(), "{name}");
    }
    let written = std::fs::read_to_string(&out).unwrap();
    assert!(written.contains("是哪一年？") && written.contains("Which year is it?"), "the question goes back: {written}");
    assert!(written.lines().nth(2).unwrap().starts_with("LIANBEI,止泻药,药品,乙类,DEMO-0001,发票0232,袋,10,ZX0117,,11/27,1盒"));
    // Mended with a pencil, and in again: the columns behind do not matter.
    let mended = written
        .replace(",11/27,", ",2027.11,")
        .replace("药品,OTC,DEMO", "药品,乙类,DEMO")
        .replace("DEMO-0001,,片", "DEMO-0001,发票0230,片")
        .replace("片,100,CK2503", "片,20,CK2503")
        .replace("2026.09,2盒,3号格,,", "2026.09,2盒,3号格,红盒,")
        .replace("半瓶", "1瓶")
        .replace("LIANNAN", "LIANDONG")
        .replace("2039.01,1盒,3号格,,,", "2039.01,1盒,3号格,,是,");
    let (_keep, path) = file(mended.as_bytes());
    let again = folder.path().join("again.csv");
    let second = run(&town, What::Stock, &path, false, Some(again.clone())).await;
    assert_eq!(why(&second), [(2, "count-instead"), (5, "class-not-allowed"), (10, "count-instead")]);
    assert_eq!(second.imported, 8);
    let head = std::fs::read_to_string(&again).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(head.matches("reason").count(), 1, "{head}");
    town.verified().await;
}

async fn a_list_is_read_in_gb18030_in_any_order_and_in_wide_digits(town: Town) {
    town.medicine_box().await;
    let text = "数量,失效期,品名,驿站,批号,备注,生产日期,管理类别,单位,每盒数量\n\
                ３盒＋２片  ,2028年06月,创可贴 ,ＭＥＤ１,Ａ－１,,,,,\n\
                2瓶,,碘伏,MED1,无,好,2026年3月16日,用品,瓶,１\n";
    let (encoded, _, _) = encoding_rs::GB18030.encode(text);
    let (_keep, path) = file(&encoded);
    let report = run(&town, What::Stock, &path, false, None).await;
    // Since when it keeps is no end: what is missing is asked back.
    assert_eq!((report.imported, why(&report)), (1, vec![(3, "label-unclear")]));
    let lot = lot(&town, "Ａ－１").await;
    assert_eq!((lot.available, lot.number_key.as_str()), (32, "A-1"));
    assert_eq!(lot.lenient_last_day, "2028-05-31".parse().ok(), "what lapses in June is good until May");
    let (_keep, path) = file("\u{feff}驿站,品名,数量\nMED1,创可贴,3\n".as_bytes());
    assert_eq!(why(&run(&town, What::Stock, &path, false, None).await), [(2, "date-needed")]);
    let (_keep, path) = file("驿站,数量\nMED1,3\n".as_bytes());
    let options = Options { what: What::Stock, file: path, dry_run: false, rejects: None, community: None };
    let error = import::run(&town.app, &options, |_, _| {}).await.unwrap_err().to_string();
    assert!(error.contains("品名") && !error.contains('|'), "{error}");
    town.verified().await;
}

async fn a_list_never_changes_what_is_in_the_books(town: Town) {
    let shelf = town.medicine_box().await;
    shelf.plasters("A1", "有效期至2028年06月30日", 30).await;
    let row = |units: &str| format!("MED1,创可贴,,,,,,a1,2028/06/30,{units},,,,");
    assert_eq!(why(&list(&town, &[&row("31")]).await), [(2, "count-instead")]);
    assert_eq!(counts(&list(&town, &[&row("3盒")]).await), (0, 1, 0), "it agrees with the books");
    assert_eq!(lot(&town, "A1").await.available, 30);
    // The label of an imported lot was mended since: the old list still means that lot.
    let old = "MED1,创可贴,,,,,,A7,2028.06,20,,,,";
    assert_eq!(counts(&list(&town, &[old]).await), (1, 0, 0));
    let mended = lot(&town, "A7").await;
    let correction = yizhan::desk::stock::correct_label::CorrectLabel {
        lot: mended.id,
        label: "2028.05".to_owned(),
        reason: "看错了".to_owned(),
        photo: Some(crate::support::medicine::photo()),
        sure: false,
    };
    let desk = yizhan::desk::Desk { if_match: Some(mended.rev), ..shelf.keeper.clone() };
    yizhan::desk::stock::correct_label::correct_label(desk, correction).await.unwrap();
    assert_eq!(counts(&list(&town, &[old]).await), (0, 1, 0));
    assert_eq!(lots(&town).await.len(), 2);
    // Another date under a number that is there is a conflict, as at a delivery.
    assert_eq!(counts(&list(&town, &["MED1,创可贴,,,,,,A1,2028.09.30,5,,,,"]).await), (1, 0, 0));
    assert!(lots(&town).await.iter().filter(|lot| lot.number_key == "A1").all(|lot| lot.blocks == 1));
    assert_eq!(tasks(&town, ToDo::SettleConflict).await.len(), 2);
    town.verified().await;
}

async fn a_list_goes_by_the_rules_of_a_delivery(town: Town) {
    let shelf = town.medicine_box().await;
    let recall = yizhan::desk::stock::recall::NewRecall {
        kind: Some(shelf.plasters),
        product: None,
        lots: "R*".to_owned(),
        source: "通告".to_owned(),
    };
    yizhan::desk::stock::recall::enter(town.process(), recall).await.unwrap();
    town.kind("雨伞", entity::kind::Identity::Anonymous).await;
    let report = list(
        &town,
        &[
            "MED1,创可贴,,,,,,R1,2028.06.30,5,,,,",                        // 2: recalled, born blocked
            "MED1,雨伞,用品,,,把,1,,,3,,,,",                               // 3: is lent
            "MED1,创可贴,乙类,PHARM-0001,,,,R2,2028.06.30,5,,,,",          // 4: another class
            "MED1,创可贴,甲类,,,,,R2,2028.06.30,5,,,,",                    // 5: never
            "MED1,布洛芬片,乙类,PHARM-9,发票,,,B2,2028.06,1盒,,,,",        // 6: no such partner
            "MED1,新药,乙类,,发票,片,10,N1,2028.06,1盒,,,,",               // 7: no partner
            "MED1,新药,乙类,PHARM-0001,发票,片,,N1,2028.06,1盒,,,,",       // 8: how many in a pack?
            "MED1,新药,乙类,PHARM-0001,发票,片,十,N1,2028.06,1盒,,,,",     // 9: no number
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,2033.06,1盒,,,,",     // 10: keeps for too long
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,2028.06,0,,,,",       // 11: nothing
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,2028.06,2箱,,,,",     // 12: another unit
            "MED1,新药,药,PHARM-0001,发票,片,10,N1,2028.06,1盒,,,,",       // 13: which?
            "MED1,新药,好药,PHARM-0001,发票,片,10,N1,2028.06,1盒,,,,",     // 14: what?
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,2028.06,1盒,扔了,,,", // 15: where?
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,2028.06,1盒,,,2027-01-01,", // 16: not yet
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,01/02/2028,1盒,,,,",  // 17: January or February?
            "MED1,新药,乙类,PHARM-0001,发票,片,10,N1,2028.06,1盒,,,2026年11月20日,", // 18: good
        ],
    )
    .await;
    assert_eq!(
        why(&report),
        [
            (3, "kind-not-taken"),
            (4, "kind-differs"),
            (5, "class-not-allowed"),
            (6, "unknown-partner"),
            (7, "partner-needed"),
            (8, "missing"),
            (9, "bad-number"),
            (10, "date-unusual"),
            (11, "quantity-nothing"),
            (12, "quantity-unit"),
            (13, "class-unclear"),
            (14, "unknown-class"),
            (15, "bad-choice"),
            (16, "in-the-future"),
            (17, "label-unclear"),
        ]
    );
    assert_eq!(report.imported, 2);
    // What is past its date comes in by one way only, at a delivery too; there it needs nothing but a place.
    let old = shelf.delivery(shelf.fever, "OLD", "有效期至2026年06月", 4);
    assert_eq!(crate::support::town::reasons(shelf.receive(old.clone()).await), ["cut-off-already"]);
    let order =
        yizhan::desk::stock::receive::Receive { goes: yizhan::rules::receive::Goes::RedBox, proof: None, photo: None, ..old };
    shelf.receive(order).await.unwrap();
    assert_eq!((lot(&town, "OLD").await.on_shelf(), lot(&town, "OLD").await.to_dispose), (0, 4));
    assert_eq!(causes(&town, "R1").await, [Cause::Recalled]);
    let fresh = lot(&town, "N1").await;
    assert_eq!(fresh.received_at, "2026-11-19T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    let line = store::movements::find_first(town.app.db.read(), fresh.id).await.unwrap().unwrap();
    assert_eq!((line.occurred_at, line.recorded_at), (fresh.received_at, town.now()));
    for row in &report.rejected {
        let words = yizhan::speech::reject(&row.why);
        assert!(!words.zh.is_empty() && !words.en.is_empty() && words.zh != words.en, "{words:?}");
    }
    town.verified().await;
}

/// Plasters A1 (30) and, of an earlier end, A0 (10), in the books since the 1st of November.
async fn plasters_since_november(town: &Town) -> MedicineBox {
    let shelf = town.medicine_box().await;
    let rows = ["MED1,创可贴,,,,,,A1,2028.06.30,3盒,,,2026-11-01,", "MED1,创可贴,,,,,,A0,2026.11.26,1盒,,,2026-11-01,"];
    assert_eq!(counts(&list(town, &rows).await), (2, 0, 0));
    shelf
}

async fn takes_go_in_once_and_stay_what_they_were(town: Town) {
    plasters_since_november(&town).await;
    let rows = [
        "1,MED1,创可贴,A1,,2片,2026-11-05 09:30,,",
        "2,MED1,创可贴,,2026.11.26,1,2026/11/06,匿名,孩子擦伤",
        ",MED1,创可贴,ａ１,,3,2026年11月7日 10:00,,",
        "4,MED1,创可贴,A1,,1,2026-11-23 08:00,13800138044,",
    ];
    assert_eq!(counts(&register(&town, &rows).await), (4, 0, 0));
    assert_eq!((lot(&town, "A1").await.available, lot(&town, "A0").await.available), (24, 9));
    assert_eq!(counts(&register(&town, &rows).await), (0, 4, 0));
    assert_eq!(counts(&register(&town, &[rows[2], rows[0]]).await), (0, 2, 0), "in any order");
    assert_eq!(lot(&town, "A1").await.available, 24);
    let takes = take::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!(takes.iter().filter(|take| take.person_key.is_some()).count(), 1);
    let numbered = takes.iter().find(|take| take.external_no.as_deref() == Some("2")).unwrap();
    assert_eq!(numbered.taken_on, "2026-11-06".parse().unwrap());
    let line = store::movements::list_of_take(town.app.db.read(), numbered.id).await.unwrap().remove(0);
    assert_eq!((line.reason, line.note.as_deref()), (Reason::Taken, Some("孩子擦伤")));
    assert_eq!((line.occurred_at, line.recorded_at), (numbered.taken_at, town.now()));
    assert!(tasks(&town, ToDo::Incident).await.is_empty());
    town.verified().await;
    // A dry run leaves no trace, not even of whom it would ask to count.
    let (_keep, path) = file("驿站,品名,批号,数量,时间\nMED1,创可贴,A1,99,2026-11-08\nMED1,创可贴,A1,2,2026-11-09\n".as_bytes());
    let dry = run(&town, What::Takes, &path, true, None).await;
    assert_eq!((dry.imported, why(&dry)), (1, vec![(2, "more-than-booked")]));
    assert_eq!(lot(&town, "A1").await.available, 24);
    assert!(tasks(&town, ToDo::CountAgain).await.is_empty());
}

async fn a_take_that_should_not_have_been_is_told_and_one_too_large_is_counted(town: Town) {
    let shelf = plasters_since_november(&town).await;
    let findings = async || {
        let findings = yizhan::verify::run(&town.app, |_, _| {}).await.unwrap();
        findings.into_iter().filter(|f| f.check != "missing-check").map(|f| (f.check, f.is_fault())).collect::<Vec<_>>()
    };
    town.advance(TimeDelta::days(7));
    // The label says the 26th, by the strict reading the 25th.
    let rows = ["1,MED1,创可贴,A0,,2,2026-11-25 20:00,,", "2,MED1,创可贴,A0,,2,2026-11-26 20:00,,"];
    assert_eq!(counts(&register(&town, &[rows[0]]).await), (1, 0, 0));
    assert!(tasks(&town, ToDo::Incident).await.is_empty(), "in time, though it is written down after the end");
    assert_eq!(counts(&register(&town, &rows).await), (1, 1, 0), "it has happened");
    let incident = tasks(&town, ToDo::Incident).await.remove(0);
    let late = lot(&town, "A0").await;
    assert_eq!((incident.lot_id, late.available), (Some(late.id), 6));
    assert_eq!(findings().await, [("recorded-late-take", false)], "shown, and no fault of the books");
    jobs::run(&town.app, "expiry-check").await.unwrap();
    let night = store::check_records::find_last(town.app.db.read(), late.station_id).await.unwrap().unwrap();
    assert!(night.report.contains(&format!("\"late_takes_written_down_since\":[\"{}\"]", late.id)), "{}", night.report);
    assert_eq!(tasks(&town, ToDo::Incident).await.len(), 1);
    yizhan::desk::tasks::finish(shelf.keeper.clone(), incident.id).await.unwrap();
    assert_eq!(findings().await, []);
    // A recall that came later: whoever took it must hear of it.
    let recall = yizhan::desk::stock::recall::NewRecall {
        kind: Some(late.kind_id),
        product: None,
        lots: "A1".to_owned(),
        source: "通告".to_owned(),
    };
    yizhan::desk::stock::recall::enter(town.process(), recall).await.unwrap();
    assert_eq!(counts(&register(&town, &["3,MED1,创可贴,A1,,1,2026-11-10,,"]).await), (1, 0, 0));
    assert_eq!(tasks(&town, ToDo::Incident).await[0].lot_id, Some(lot(&town, "A1").await.id));
    // More than the books say: nothing is forced, somebody counts.
    let large = "4,MED1,创可贴,A0,,7,2026-11-24,,";
    assert_eq!(why(&register(&town, &[large]).await), [(2, "more-than-booked")]);
    assert_eq!((lot(&town, "A0").await.available, tasks(&town, ToDo::CountAgain).await.len()), (6, 1));
    let count = yizhan::desk::stock::count::Count { lot: late.id, counted: 6, counted_at: None, reason: None };
    yizhan::desk::stock::count::count(town.process(), count).await.unwrap();
    assert!(tasks(&town, ToDo::CountAgain).await.is_empty());
    assert_eq!(why(&register(&town, &[large]).await), [(2, "counted-since")], "the count stands");
    town.verified().await;
}

async fn what_takes_cannot_be_is_refused(town: Town) {
    plasters_since_november(&town).await;
    town.kind("雨伞", entity::kind::Identity::Anonymous).await;
    let report = register(
        &town,
        &[
            "1,MED1,创可贴,A1,,1,2026-11-05,,",           // 2: good
            "1,MED1,创可贴,A1,,1,2026-11-05,,",           // 3: the same
            ",MED1,创可贴,A1,,1,2026-11-06,,",            // 4: good
            ",MED1,创可贴,A1,,1,2026-11-06,,",            // 5: twice, or two?
            "2,MED1,创可贴,,,1,2026-11-06,,",             // 6: which?
            "3,MED1,创可贴,A9,,1,2026-11-06,,",           // 7: none
            "4,MED1,创可贴,A1,2028.07.30,1,2026-11-06,,", // 8: another date
            "5,MED1,创可贴,A1,11/28,1,2026-11-06,,",      // 9: which year?
            "6,MED1,纱布,A1,,1,2026-11-06,,",             // 10: no such kind
            "7,MED1,雨伞,A1,,1,2026-11-06,,",             // 11: is lent
            "8,MED9,创可贴,A1,,1,2026-11-06,,",           // 12: nowhere
            "9,MED1,创可贴,A1,,几片,2026-11-06,,",        // 13: how many?
            "10,MED1,创可贴,A1,,1,昨天,,",                // 14: when?
            "11,MED1,创可贴,A1,,1,2026-11-24,,",          // 15: not yet
            "12,MED1,创可贴,A1,,1,2026-10-31,,",          // 16: before the list
            "13,MED1,创可贴,A1,,1,2026-11-06,1380,",      // 17: whose?
            "a b,MED1,创可贴,A1,,1,2026-11-06,,",         // 18: no number
        ],
    )
    .await;
    assert_eq!(
        why(&report),
        [
            (3, "take-twice-in-file"),
            (5, "take-twice-in-file"),
            (6, "which-lot"),
            (7, "unknown-lot"),
            (8, "unknown-lot"),
            (9, "label-unclear"),
            (10, "unknown-kind"),
            (11, "kind-not-taken"),
            (12, "unknown-station"),
            (13, "quantity-unclear"),
            (14, "bad-time"),
            (15, "in-the-future"),
            (16, "before-the-list"),
            (17, "bad-phone"),
            (18, "bad-code"),
        ]
    );
    for row in &report.rejected {
        let words = yizhan::speech::reject(&row.why);
        assert!(!words.zh.is_empty() && !words.en.is_empty(), "{words:?}");
    }
    assert_eq!(why(&register(&town, &["1,MED1,创可贴,A1,,2,2026-11-05,,"]).await), [(2, "differs-from-stored")]);
    assert_eq!(lot(&town, "A1").await.available, 28);
    town.verified().await;
}

async fn two_imports_at_once_take_every_line_in_once(town: Town) {
    town.medicine_box().await;
    let lines: Vec<String> = (0..60).map(|n| format!("MED1,创可贴,,,,,,C{n},2028.06.30,1盒,,,2026-11-01,")).collect();
    let (_keep, path) = file(format!("{HEAD}\n{}\n", lines.join("\n")).as_bytes());
    let (one, other) = tokio::join!(run(&town, What::Stock, &path, false, None), run(&town, What::Stock, &path, false, None));
    assert_eq!((one.imported + other.imported, one.rejected.len() + other.rejected.len()), (60, 0), "{one} / {other}");
    let lines: Vec<String> = (0..60).map(|n| format!("T{n},MED1,创可贴,C{n},,3,2026-11-02 09:00,,")).collect();
    let text = format!("take_no,station,kind,lot_no,label,quantity,taken_at,phone,note\n{}\n", lines.join("\n"));
    let (_keep, path) = file(text.as_bytes());
    let (one, other) = tokio::join!(run(&town, What::Takes, &path, false, None), run(&town, What::Takes, &path, false, None));
    assert_eq!((one.imported + other.imported, one.rejected.len() + other.rejected.len()), (60, 0), "{one} / {other}");
    assert!(lots(&town).await.iter().all(|lot| lot.available == 7));
    town.verified().await;
}

async fn the_demo_has_a_lot_of_every_tier(town: Town) {
    yizhan::demo::fill(&town.app, town.now(), |_, _| {}).await.unwrap();
    jobs::run(&town.app, "expiry-check").await.unwrap();
    let lots = lots(&town).await;
    for tier in [Tier::Fresh, Tier::T90, Tier::T30, Tier::T7, Tier::StopIssue, Tier::Expired] {
        assert!(lots.iter().any(|lot| lot.tier == tier && lot.on_shelf() > 0), "{tier:?}");
    }
    assert!(lots.iter().any(|lot| lot.opened_on.is_some() && lot.tier == Tier::Expired), "opened for too long");
    assert_eq!(causes(&town, "BL2399").await, [Cause::Recalled]);
    assert_eq!(causes(&town, "BL2405").await, [Cause::Unverified]);
    let due = tasks(&town, ToDo::Inspect).await;
    assert_eq!(due.len(), 1, "one meter is overdue for its calibration");
    for what in [ToDo::PutInRedBox, ToDo::TakeOutToday, ToDo::TakeOutThisWeek, ToDo::PullRecalled, ToDo::VerifyLabel] {
        assert!(!tasks(&town, what).await.is_empty(), "{what:?}");
    }
    town.verified().await;
}
