//! The architecture as a test: who may know whom, how long a file may be, which words name nothing.

use std::path::{Path, PathBuf};

/// Who (the first segment under `src/`) may say `crate::<whom>`. Review it like a schema.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("rules", &["rules"]),
    ("db", &["db"]),
    ("store", &["store", "db"]),
    ("view", &["view", "rules"]),
    ("speech", &["speech", "rules", "view"]),
    ("clock", &[]),
    ("config", &["config", "vault"]),
    ("telemetry", &["config"]),
    ("vault", &["clock"]),
    ("tokens", &[]),
    ("password", &["db"]),
    ("picture", &[]),
    ("qr", &[]),
    ("ical", &[]),
    ("app", &["app", "clock", "config", "db", "store", "tokens", "vault"]),
    ("desk", &["desk", "app", "db", "ical", "password", "picture", "rules", "speech", "store", "tokens", "vault", "view"]),
    ("jobs", &["jobs", "app", "config", "db", "desk", "rules", "speech", "store", "vault"]),
    ("import", &["import", "app", "db", "desk", "rules", "speech", "store"]),
    ("verify", &["verify", "app", "db", "rules", "speech", "store", "vault"]),
    ("demo", &["demo", "app", "db", "desk", "rules", "store", "vault", "view"]),
    ("bench", &["bench", "app", "clock", "config", "db", "demo", "desk", "front", "jobs", "rules"]),
    ("front", &["front", "api", "app", "config", "jobs", "pages", "speech", "vault", "wire"]),
    ("wire", &["vault"]),
    ("api", &["api", "app", "db", "desk", "picture", "qr", "rules", "speech", "store", "tokens", "view", "wire"]),
    ("pages", &["pages", "app", "desk", "picture", "qr", "rules", "speech", "store", "vault", "view", "wire"]),
    (
        "cli",
        &[
            "cli",
            "api",
            "app",
            "bench",
            "clock",
            "config",
            "db",
            "demo",
            "front",
            "desk",
            "import",
            "jobs",
            "speech",
            "store",
            "telemetry",
            "verify",
        ],
    ),
];

/// Words that name nothing.
const EMPTY_WORDS: [&str; 5] = ["utils", "common", "helpers", "manager", "service"];
/// The most lines of code in a file, its tests not counted.
const LONGEST: usize = 300;

pub(crate) fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                into.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["src", "entity/src", "migration/src"] {
        walk(&root.join(folder), &mut all);
    }
    all.sort();
    all
}

fn name_of(file: &Path) -> String {
    file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

/// The code of a file: what comes before its tests, without comments.
fn code_of(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first segment under `src/`; none for the entrance itself and for the other crates.
fn room_of(file: &Path) -> Option<String> {
    let inside = name_of(file);
    let room = inside.strip_prefix("src/")?.split('/').next()?.trim_end_matches(".rs").to_owned();
    (!["lib", "main"].contains(&room.as_str())).then_some(room)
}

/// Which rooms a file knows: `crate::x`, also inside `use crate::{x, y::z}`.
fn known_by(code: &str) -> Vec<String> {
    let mut known = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + 7..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    _ if depth > 0 => {}
                    ',' => known.push(std::mem::take(&mut word)),
                    c => word.push(c),
                }
            }
            known.push(word);
        } else {
            known.push(rest.to_owned());
        }
    }
    let first =
        |path: &String| path.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    known.iter().map(first).filter(|word| !word.is_empty()).collect()
}

#[test]
fn every_room_knows_only_whom_it_may_know() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(room) = room_of(&file) else { continue };
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{}: the room `{room}` is not in the table of tests/it/tidy.rs", name_of(&file)));
            continue;
        };
        for known in known_by(&code_of(&file)) {
            if !allowed.contains(&known.as_str()) {
                wrong.push(format!("{}: `{room}` may not know `{known}` (see the map in src/lib.rs)", name_of(&file)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rules_wait_for_nothing_and_ask_nobody() {
    for file in sources().iter().filter(|file| room_of(file).as_deref() == Some("rules")) {
        let code = code_of(file);
        for word in ["async ", "sea_orm", "axum", "Utc::now", "tokio", "rand", "std::env", "std::fs"] {
            assert!(!code.contains(word), "{}: a rule is a function of values; it says `{word}`", name_of(file));
        }
    }
}

/// The zone of the server is nobody's business, and a last day is compared with a day in two places only: the rule and its
/// twin in SQL, which a test holds against each other (the check lists what is behind by ranges, and decides by the rule).
#[test]
fn a_last_day_is_compared_in_the_rule_and_in_its_twin_only() {
    for file in sources() {
        let (code, name) = (code_of(&file), name_of(&file));
        assert!(!code.contains("chrono::Local") && !code.contains("Local::now"), "{name}: the zone of the server");
        let homes = [
            "usability.rs",
            "rules/expiry.rs",
            "rules/receive.rs",
            "label_date/mod.rs",
            "store/lots.rs",
            "store/expiry_checks.rs",
            // The last day of a closure.
            "store/stations.rs",
        ];
        if homes.iter().any(|home| name.ends_with(home)) {
            continue;
        }
        for day in ["last_day", "last_issue_day"] {
            for sign in ["<", ">"] {
                assert!(!code.contains(&format!(" {day} {sign} ")), "{name}: {day} {sign}");
            }
        }
        for compared in ["LastDay.lt", "LastDay.gt", "LastIssueDay.lt", "LastIssueDay.gt"] {
            assert!(!code.contains(compared), "{name}: {compared}");
        }
    }
}

#[test]
fn only_the_desk_and_the_jobs_open_a_write() {
    for file in sources() {
        let Some(room) = room_of(&file) else { continue };
        if ["api", "pages", "front", "cli", "verify", "view", "speech", "rules"].contains(&room.as_str()) {
            let code = code_of(&file);
            assert!(!code.contains("WriteTx") && !code.contains(".write("), "{}: writes are the desk's", name_of(&file));
        }
    }
}

/// What is free is said by `rules/availability` alone, from claims that `store/claims` alone reads; `verify` looks at it with other
/// eyes on purpose, in SQL of its own.
#[test]
fn there_is_no_second_formula_of_what_is_free() {
    const MAY: [&str; 6] = [
        "src/rules/availability.rs",
        "src/store/claims.rs",
        "src/store/bookings.rs",
        "src/view/spaces.rs",
        "src/verify/",
        "migration/",
    ];
    for file in sources() {
        let (name, code) = (name_of(&file), code_of(&file));
        if MAY.iter().any(|may| name.starts_with(may)) {
            continue;
        }
        for formula in ["claim::Column", "claim::Entity", ".qty", "from_spans", "FROM claim"] {
            assert!(!code.contains(formula), "{name}: {formula} belongs to the one availability");
        }
    }
}

#[test]
fn no_file_is_too_long_to_be_read_in_one_sitting() {
    let long: Vec<_> = sources()
        .iter()
        .filter(|file| !name_of(file).contains("speech/texts/"))
        .map(|file| (code_of(file).lines().filter(|line| !line.trim().is_empty()).count(), name_of(file)))
        .filter(|(lines, _)| *lines > LONGEST)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn no_module_has_a_name_that_names_nothing() {
    for file in sources() {
        for segment in name_of(&file).trim_end_matches(".rs").split('/') {
            assert!(!EMPTY_WORDS.contains(&segment), "{}: `{segment}` names nothing", name_of(&file));
        }
    }
}

#[test]
fn nothing_is_left_open() {
    for file in sources() {
        let code = code_of(&file);
        for word in ["todo!(", "unimplemented!(", "dbg!(", "FIXME"] {
            assert!(!code.contains(word), "{}: {word}", name_of(&file));
        }
    }
}

#[test]
fn every_file_says_at_its_head_what_is_in_it() {
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} begins without a word", name_of(&file));
    }
}
