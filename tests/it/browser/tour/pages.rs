//! Every page there is: its route, an address of it, and who goes there. Held against the routers in `routes`.

use std::path::Path;

use super::super::measures::{Bar, RESIDENT, STAFF};

/// Who goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody is signed in.
    Visitor,
    /// Signed in with a code.
    Resident,
    /// Keeps the station.
    Keeper,
    /// Runs everything.
    Admin,
}

/// The pages of one of them, route and address; `{…}` is filled in from the town.
pub(super) struct Walk {
    pub(super) name: &'static str,
    pub(super) who: Who,
    pub(super) bar: Bar,
    pub(super) pages: &'static [(&'static str, &'static str)],
}

/// Of which the addresses are the tasks that are open.
pub(super) const TASK: &str = "/staff/{station}/tasks/{task}";

pub(super) const WALKS: [Walk; 8] = [
    Walk {
        name: "visitor",
        who: Who::Visitor,
        bar: RESIDENT,
        pages: &[
            ("/", "/"),
            ("/", "/?lat=31.01&lon=121.05"),
            ("/find", "/find?code=00000000"),
            ("/offline", "/offline"),
            ("/s/{station}", "/s/{station}"),
            ("/s/{station}", "/s/LIANDONG"),
            ("/s/{station}/report", "/s/{station}/report"),
            ("/s/{station}/take", "/s/{station}/take"),
            ("/stations/{station}/book", "/stations/{station}/book"),
            ("/stations/{station}/book", "/stations/LIANDONG/book"),
            ("/stations/{station}/book/{sort}/{id}", "/stations/{station}/book/thing/{wheelchairs}"),
            ("/stations/{station}/book/{sort}/{id}", "/stations/{station}/book/space/{reading}?day=2026-11-24"),
            ("/stations/{station}/book/{sort}/{id}", "/stations/{station}/book/session/{clinic}"),
            ("/display/{space}", "/display/{reading}"),
            ("/display/{space}", "/display/{reading}?still=1"),
            ("/stations/{station}/wait/{sort}/{id}", "/stations/{station}/wait/thing/{wheelchairs}"),
            ("/s/{station}/take/{kind}", "/s/{station}/take/{tablets}"),
            ("/s/{station}/take/{kind}", "/s/{station}/take/{raincoats}"),
            ("/s/{station}/taken/{take}", "/s/{station}/taken/{take}"),
            ("/q/{code}", "/q/{umbrella}"),
            ("/q/{code}", "/q/{umbrella}?done=returned"),
            ("/q/{code}", "/q/{out}"),
            ("/q/{code}", "/q/{out}?done=lent"),
            ("/q/{code}", "/q/{wheelchair}"),
            ("/q/{code}", "/q/{blank}"),
            ("/q/{code}", "/q/{retired}"),
            ("/q/{code}", "/q/{card}"),
            ("/q/{code}/fault", "/q/{umbrella}/fault"),
            ("/q/{code}/fault", "/q/{umbrella}/fault?done=joined"),
            ("/sign-in", "/sign-in"),
            ("/sign-in", "/sign-in?staff=1"),
            (NOT_FOUND, "/nowhere"),
        ],
    },
    Walk {
        name: "resident",
        who: Who::Resident,
        bar: RESIDENT,
        pages: &[
            ("/mine", "/mine"),
            ("/mine/bookings", "/mine/bookings"),
            ("/mine/bookings/{id}", "/mine/bookings/{booking}"),
            ("/stations/{station}/book/{sort}/{id}", "/stations/{station}/book/thing/{wheelchairs}?day=2026-11-24"),
            (
                "/stations/{station}/book/{sort}/{id}",
                "/stations/{station}/book/thing/{wheelchairs}?from=2026-11-25T08:00&to=2026-11-25T12:00",
            ),
            ("/stations/{station}/wait/{sort}/{id}", "/stations/{station}/wait/thing/{wheelchairs}?place=near"),
            (
                "/stations/{station}/wait/{sort}/{id}",
                "/stations/{station}/wait/space/{reading}?from=2026-11-24T15:00&to=2026-11-24T17:00",
            ),
            ("/mine/queue/{id}", "/mine/queue/{place}"),
            ("/mine/queue/{id}", "/mine/queue/{offered}"),
            ("/mine/calendars", "/mine/calendars"),
            ("/mine/card", "/mine/card"),
            ("/mine/data", "/mine/data"),
            ("/q/{code}", "/q/{wheelchair}"),
        ],
    },
    Walk {
        name: "rounds",
        who: Who::Keeper,
        bar: STAFF,
        pages: &[
            ("/staff", "/staff"),
            ("/staff/{station}/today", "/staff/{station}/today"),
            ("/staff/{station}/count", "/staff/{station}/count"),
            ("/staff/{station}/count/{lot}", "/staff/{station}/count/{good}"),
            ("/staff/{station}/red-box", "/staff/{station}/red-box"),
            ("/staff/{station}/restock", "/staff/{station}/restock"),
            ("/staff/{station}/faults", "/staff/{station}/faults"),
            ("/staff/{station}/faults", "/staff/{station}/faults?state=closed"),
            ("/staff/{station}/faults/{ticket}", "/staff/{station}/faults/{fault}"),
            ("/staff/{station}/faults/{ticket}", "/staff/{station}/faults/{wish}"),
            ("/staff/{station}/round", "/staff/{station}/round"),
            ("/staff/{station}/checks", "/staff/{station}/checks"),
            ("/staff/{station}/checks/{check}", "/staff/{station}/checks/{check}"),
        ],
    },
    Walk { name: "tasks", who: Who::Keeper, bar: STAFF, pages: &[(TASK, "")] },
    Walk {
        name: "counter",
        who: Who::Keeper,
        bar: STAFF,
        pages: &[
            ("/staff/{station}/counter", "/staff/{station}/counter"),
            ("/staff/{station}/counter", "/staff/{station}/counter?mode=pile"),
            ("/staff/{station}/counter", "/staff/{station}/counter?code={umbrella}"),
            ("/staff/{station}/counter", "/staff/{station}/counter?code={wheelchair}"),
            ("/staff/{station}/counter", "/staff/{station}/counter?code={out}"),
            ("/staff/{station}/counter", "/staff/{station}/counter?code={blank}"),
            ("/staff/{station}/counter", "/staff/{station}/counter?code={plate}"),
            ("/staff/{station}/counter", "/staff/{station}/counter?for={member}"),
            ("/staff/{station}/people", "/staff/{station}/people"),
            ("/staff/{station}/people/{member}", "/staff/{station}/people/{member}"),
            ("/staff/{station}/stickers", "/staff/{station}/stickers"),
            ("/staff/{station}/stickers/print", "/staff/{station}/stickers/print?code={umbrella}&code={blank}"),
            ("/staff/{station}/stickers/print", "/staff/{station}/stickers/print?code={plate}"),
            ("/staff/{station}/stickers/print", "/staff/{station}/stickers/print"),
            ("/staff/{station}/more", "/staff/{station}/more"),
        ],
    },
    Walk {
        name: "things",
        who: Who::Keeper,
        bar: STAFF,
        pages: &[
            ("/staff/{station}/things", "/staff/{station}/things"),
            ("/staff/{station}/things", "/staff/{station}/things?q=zdys"),
            ("/staff/{station}/things", "/staff/{station}/things?state=out"),
            ("/staff/{station}/things/{code}", "/staff/{station}/things/{out}"),
            ("/staff/{station}/things/{code}", "/staff/{station}/things/{wheelchair}"),
            ("/staff/{station}/kinds", "/staff/{station}/kinds"),
            ("/staff/{station}/kinds/{kind}", "/staff/{station}/kinds/{umbrellas}"),
            ("/staff/{station}/kinds/{kind}", "/staff/{station}/kinds/{tablets}"),
            ("/staff/{station}/lots", "/staff/{station}/lots"),
            ("/staff/{station}/lots", "/staff/{station}/lots?kind={plasters}"),
            ("/staff/{station}/lots/{lot}", "/staff/{station}/lots/{good}"),
            ("/staff/{station}/lots/{lot}/written", "/staff/{station}/lots/{good}/written"),
            ("/staff/{station}/lots/{lot}/relabel", "/staff/{station}/lots/{good}/relabel"),
            ("/staff/{station}/lots/{lot}/ledger/{line}/back", "/staff/{station}/lots/{good}/ledger/{good_line}/back"),
            ("/staff/{station}/lots/{lot}", "/staff/{station}/lots/{unread}"),
            ("/staff/{station}/lots/{lot}", "/staff/{station}/lots/{recalled}"),
            ("/staff/{station}/lots/{lot}", "/staff/{station}/lots/{open}"),
            ("/staff/{station}/receive", "/staff/{station}/receive"),
        ],
    },
    Walk {
        name: "bookings",
        who: Who::Keeper,
        bar: STAFF,
        pages: &[
            ("/staff/{station}/bookings", "/staff/{station}/bookings"),
            ("/staff/{station}/bookings/day", "/staff/{station}/bookings/day?day=2026-11-24"),
            ("/staff/{station}/bookings/missed", "/staff/{station}/bookings/missed"),
            ("/staff/{station}/bookings/{booking}", "/staff/{station}/bookings/{booking}"),
            ("/staff/{station}/queue", "/staff/{station}/queue"),
            ("/staff/{station}/spaces", "/staff/{station}/spaces"),
            ("/staff/{station}/spaces/{space}", "/staff/{station}/spaces/{reading}"),
            ("/staff/{station}/sessions", "/staff/{station}/sessions"),
            ("/staff/{station}/sessions/{session}", "/staff/{station}/sessions/{clinic}"),
            ("/staff/{station}/series", "/staff/{station}/series"),
            ("/staff/{station}/series/new/{sort}", "/staff/{station}/series/new/session"),
            ("/staff/{station}/series/new/{sort}", "/staff/{station}/series/new/space"),
            ("/staff/{station}/series/{series}", "/staff/{station}/series/{series}"),
            ("/staff/{station}/calendars", "/staff/{station}/calendars"),
            ("/staff/{station}/outages", "/staff/{station}/outages"),
            ("/staff/{station}/booking-terms", "/staff/{station}/booking-terms"),
            ("/staff/{station}/booking-terms/{sort}/{id}", "/staff/{station}/booking-terms/thing/{wheelchairs}"),
        ],
    },
    Walk {
        name: "manager",
        who: Who::Admin,
        bar: STAFF,
        pages: &[
            ("/manage/{community}", "/manage/{community}"),
            ("/manage/{community}/stations/{code}", "/manage/{community}/stations/{station}"),
            ("/manage/{community}/use", "/manage/{community}/use"),
            ("/manage/{community}/out", "/manage/{community}/out"),
            ("/manage/{community}/expiry", "/manage/{community}/expiry"),
            ("/manage/{community}/activity", "/manage/{community}/activity"),
            ("/manage/{community}/report", "/manage/{community}/report"),
            ("/staff/{code}/report", "/staff/{station}/report"),
            ("/staff/{station}/kinds/new", "/staff/{station}/kinds/new"),
            ("/staff/{station}/kinds/{kind}/edit", "/staff/{station}/kinds/{umbrellas}/edit"),
            ("/staff/{station}/settings", "/staff/{station}/settings"),
            ("/staff/{station}/keepers", "/staff/{station}/keepers"),
            ("/staff/{station}/levels", "/staff/{station}/levels"),
        ],
    },
];

/// What is none of our addresses, and has a page all the same.
pub(super) const NOT_FOUND: &str = "(none)";

/// Pages that are walked through elsewhere: in the journey through the first start, each is examined as these are; and on
/// paper.
pub(super) const ELSEWHERE: [&str; 5] =
    ["/setup", "/setup/place", "/setup/things", "/setup/stickers", "/staff/{station}/stickers/sheet"];

/// What is fetched and is no page.
pub(super) const NO_PAGES: [&str; 9] = [
    "/assets/{version}/{name}",
    "/favicon.ico",
    "/worker.js",
    "/calendars/{file}",
    "/mine/bookings/{id}/calendar.ics",
    "/mine/data.json",
    "/staff/{station}/photos/{photo}",
    "/staff/{station}/things/{code}/photo/{photo}",
    "/staff/{station}/lots/{lot}/photo/{photo}",
];

/// The routes that answer a GET, as the routers declare them.
pub(super) fn routes() -> Vec<String> {
    let mut routes = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages"), &mut routes);
    routes.sort();
    routes
}

fn read(folder: &Path, routes: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, routes);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for other in [".nest(", ".route_service(", ".fallback("] {
                assert!(!text.contains(other), "{}: {other} hides routes from the tour", path.display());
            }
            routes.extend(text.split(".route(").skip(1).filter_map(route));
        }
    }
}

/// The path of one declaration, if a GET is answered there.
fn route(declared: &str) -> Option<String> {
    let (path, rest) = declared.trim_start().strip_prefix('"').expect("a path stands where it is declared").split_once('"')?;
    let mut depth = 1;
    let end = rest.find(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    })?;
    rest[..end].contains("get(").then(|| path.to_owned())
}
