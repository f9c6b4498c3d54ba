//! What the demo has promised: rooms, sessions that come, and people who have booked.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::{
    ids::{KindId, SpaceId, StationId},
    pool::Terms,
    session::Proof,
};

use super::{NoDemo, phone};
use crate::{
    app::App,
    desk::{
        self, Actor, Desk, Door,
        bookings::{
            book::{Book, Whom, book},
            bookable::Target,
            terms::{SetTerms, set},
        },
        occasions::{Announce, announce},
        spaces::{Particulars, create},
    },
    rules::{
        calendar::{Calendar, Hours},
        terms::{Sort, preset},
    },
    store,
    view::TermsView,
};

/// The plate of the demo's station.
const PLATE: &str = "LIANBEI";

/// Where and when.
struct Here<'a> {
    app: &'a App,
    station: StationId,
    calendar: Calendar,
    today: NaiveDate,
}

/// Fills it, at the end of the fortnight.
pub(super) async fn fill(app: &App, station: StationId, now: DateTime<Utc>) -> Result<(), NoDemo> {
    let zone = chrono_tz::Asia::Shanghai;
    let calendar = Calendar { zone, hours: Hours::AlwaysOpen, follows_public_holidays: false, closures: Vec::new() };
    let here = Here { app, station, calendar, today: now.with_timezone(&zone).date_naive() };
    let room = space(&here, None, ("活动室", "community room", "🏠", 40)).await?;
    let east = space(&here, Some(room), ("活动室东半", "community room, east half", "🧘", 20)).await?;
    let west = space(&here, Some(room), ("活动室西半", "community room, west half", "🎤", 20)).await?;
    let reading = space(&here, None, ("阅览室", "reading room", "📖", 12)).await?;
    needs_a_yes(&here, west).await?;
    let clinic = session(
        &here,
        Some(room),
        ("社区义诊", "community clinic", "🩺", 12),
        (2, 9, 11),
        "请带医保卡和常吃的药。测血压、血糖。",
    )
    .await?;
    let haircut =
        session(&here, None, ("志愿理发", "haircuts by volunteers", "💇", 8), (3, 14, 16), "先到先剪，自带毛巾。").await?;
    let chairs = store::kinds::find_by_name(app.db.read(), None, "轮椅").await?.map(|kind| kind.id);
    let sticks = store::kinds::find_by_name(app.db.read(), None, "拐杖").await?.map(|kind| kind.id);
    for (kind, day, from, to, who) in
        [(chairs, 1, 8, 12, 3), (chairs, 1, 13, 17, 4), (sticks, 1, 9, 18, 5), (chairs, 3, 8, 12, 6)]
    {
        if let Some(kind) = kind {
            promise(&here, Target::Things(PLATE.to_owned(), kind), Some((day, from, to)), who, Some("去医院")).await?;
        }
    }
    later_today(&here, chairs, now).await?;
    promise(&here, Target::Space(east), Some((1, 9, 10)), 7, Some("太极队")).await?;
    promise(&here, Target::Space(west), Some((1, 14, 16)), 8, Some("老年合唱团")).await?;
    promise(&here, Target::Space(reading), Some((0, 20, 21)), 9, None).await?;
    promise(&here, Target::Space(reading), Some((1, 15, 17)), 9, None).await?;
    for who in 10..17 {
        promise(&here, Target::Occasion(clinic), None, who, None).await?;
    }
    for who in 16..19 {
        promise(&here, Target::Occasion(haircut), None, who, None).await?;
    }
    Ok(())
}

impl Here<'_> {
    fn desk(&self) -> Desk {
        Desk::internal(self.app, Door::Cli)
    }

    fn at(&self, day: u64, hour: u32) -> DateTime<Utc> {
        let date = self.today.checked_add_days(Days::new(day)).unwrap_or(self.today);
        self.calendar.instant(date, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default())
    }
}

async fn space(here: &Here<'_>, whole: Option<SpaceId>, what: (&str, &str, &str, i32)) -> Result<SpaceId, NoDemo> {
    let (name, name_en, emoji, seats) = what;
    let what = Particulars {
        name: Some(name.to_owned()),
        name_en: Some(Some(name_en.to_owned())),
        emoji: Some(Some(emoji.to_owned())),
        seats: Some(Some(seats)),
    };
    Ok(create(here.desk(), (here.station, whole, what)).await?.into_receipt().id.into())
}

/// Singing is heard next door: the keeper looks at who comes.
async fn needs_a_yes(here: &Here<'_>, space: SpaceId) -> Result<(), NoDemo> {
    let terms = TermsView::from(&Terms { approval: true, ..preset(Sort::Space) });
    set(here.desk(), SetTerms { target: Target::Space(space), terms: Some(terms) }).await?;
    Ok(())
}

async fn session(
    here: &Here<'_>,
    space: Option<SpaceId>,
    (name, name_en, emoji, seats): (&str, &str, &str, i32),
    (day, from, to): (u64, u32, u32),
    note: &str,
) -> Result<entity::ids::OccasionId, NoDemo> {
    let order = Announce {
        station: here.station,
        space,
        name: name.to_owned(),
        name_en: Some(name_en.to_owned()),
        emoji: Some(emoji.to_owned()),
        note: Some(note.to_owned()),
        seats,
        starts_at: here.at(day, from),
        ends_at: here.at(day, to),
    };
    Ok(announce(here.desk(), order).await?.into_receipt().id.into())
}

/// Whatever the hour, somebody comes for a wheelchair soon.
async fn later_today(here: &Here<'_>, chairs: Option<KindId>, now: DateTime<Utc>) -> Result<(), NoDemo> {
    let hour = DateTime::from_timestamp(now.timestamp() - now.timestamp().rem_euclid(3_600) + 7_200, 0).unwrap_or(now);
    let Some(kind) = chairs else { return Ok(()) };
    ask(here, Target::Things(PLATE.to_owned(), kind), Some((hour, hour + TimeDelta::hours(2))), 2, Some("带母亲散步")).await
}

async fn promise(
    here: &Here<'_>,
    target: Target,
    when: Option<(u64, u32, u32)>,
    who: u64,
    purpose: Option<&str>,
) -> Result<(), NoDemo> {
    let span = when.map(|(day, from, to)| (here.at(day, from), here.at(day, to)));
    ask(here, target, span, who, purpose).await
}

/// The residents of the fortnight book for themselves where they can, the keeper books for the others.
async fn ask(
    here: &Here<'_>,
    target: Target,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    who: u64,
    purpose: Option<&str>,
) -> Result<(), NoDemo> {
    let number = phone(&format!("138001381{who:02}"));
    let known = store::members::find_by_phone(here.app.db.read(), &here.app.vault.index(&number)).await?;
    // A room that needs a yes is asked for by whoever wants it.
    let asks_alone = matches!(target, Target::Space(_));
    let (desk, whom) = match known.filter(|_| asks_alone) {
        Some(member) => (
            Desk { actor: Actor::signed_in(member.id, here.app.clock.id(), Proof::Code, Vec::new()), ..here.desk() },
            Whom::Myself,
        ),
        None => (here.desk(), Whom::Phone(number, Some(format!("居民{who:02}")))),
    };
    let order = Book {
        target,
        starts_at: span.map(|(from, _)| from),
        ends_at: span.map(|(_, to)| to),
        quantity: 1,
        whom,
        purpose: purpose.map(str::to_owned),
        priority: None,
        override_reason: None,
        only_hold: false,
    };
    match book(desk, order).await {
        // What is out for longer, or an hour that has passed: that happens too.
        Ok(_) | Err(desk::Error::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
