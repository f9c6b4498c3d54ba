//! A demo station like the one in the news: seventeen kinds, keepers, residents, and a fortnight of loans that ends now.
//!
//! Everything is made by the real verbs, under a clock that is moved through the fortnight, so that a demo database holds
//! every invariant a real one holds.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{app_secret, ids::StationId, values::Phone};

use crate::{
    app::App,
    db::{Intent, Trouble},
    desk::{self, Desk, Door, roles::Office, set_up::SetUp, stations::Particulars},
    store,
};

mod bookings;
mod fortnight;
mod medicine;
mod stock;

/// The mark of a database that may be thrown away.
const MARK: &str = "demo";
/// The phone number of the demo's admin.
pub const ADMIN_PHONE: &str = "13800138000";
/// The phone number of the demo's keeper.
pub const KEEPER_PHONE: &str = "13800138001";
/// The password of both.
pub const PASSWORD: &str = "yizhan-demo";
/// How long before now the demo begins.
const FORTNIGHT: TimeDelta = TimeDelta::days(14);

/// What a newcomer wants to look at.
#[derive(Debug)]
pub struct Sights {
    /// The code of an umbrella on the shelf.
    pub umbrella: String,
    /// The code of one that is out.
    pub umbrella_out: String,
    /// The code of a wheelchair.
    pub wheelchair: String,
    /// How many things there are.
    pub items: usize,
    /// How many loans there were.
    pub loans: usize,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum NoDemo {
    /// A verb said no.
    #[error(transparent)]
    Desk(#[from] desk::Error),
    /// The database.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The clock of the app cannot be moved.
    #[error("the demo needs a clock that can be moved")]
    NeedsMovableClock,
}

impl From<sea_orm::DbErr> for NoDemo {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Trouble(error.into())
    }
}

/// Is this a demo's database?
///
/// # Errors
/// [`Trouble`]: also when the tables are not there.
pub async fn is_demo(db: &crate::db::Db) -> Result<bool, Trouble> {
    Ok(store::app_secrets::find(db.read(), MARK).await?.is_some())
}

/// Fills an empty database. The app's clock must be frozen; it ends at `now`.
///
/// # Errors
/// [`NoDemo`].
pub async fn fill(app: &App, now: DateTime<Utc>, mut progress: impl FnMut(u64, u64)) -> Result<Sights, NoDemo> {
    let begin = now - FORTNIGHT;
    app.clock.set(begin);
    if app.clock.now() != begin {
        return Err(NoDemo::NeedsMovableClock);
    }
    mark(app).await?;
    let station = open_station(app).await?;
    let items = stock::stock(app, station).await?;
    let last_day = now.with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    medicine::fill(app, station, last_day).await?;
    medicine::calibrate(app, &items, last_day).await?;
    let loans = fortnight::live(app, &items, now, &mut progress).await?;
    app.clock.set(now);
    medicine::recall(app).await?;
    bookings::fill(app, station, now).await?;
    let on_shelf = |category: &str, out: bool| {
        let found = items.iter().find(|item| item.category == category && item.out.get() == out);
        found.map(|item| item.code.clone()).unwrap_or_default()
    };
    Ok(Sights {
        umbrella: on_shelf("umbrella", false),
        umbrella_out: on_shelf("umbrella", true),
        wheelchair: on_shelf("mobility", false),
        items: items.len(),
        loans,
    })
}

async fn mark(app: &App) -> Result<(), Trouble> {
    let tx = app.db.write(Intent::default()).await?;
    let row = app_secret::Model { name: MARK.to_owned(), value: Vec::new(), created_at: app.clock.now() };
    store::app_secrets::keep_first(&tx, row).await?;
    tx.commit(()).await?;
    Ok(())
}

fn phone(text: &str) -> Phone {
    Phone::parse(text).expect("the demo's numbers are well formed")
}

async fn open_station(app: &App) -> Result<StationId, NoDemo> {
    let desk = Desk::internal(app, Door::Cli);
    desk::set_up::offer(app).await?;
    let code = app.config.setup_code.clone().unwrap_or_default();
    let admin = SetUp { code, name: "管理员".to_owned(), phone: phone(ADMIN_PHONE), password: PASSWORD.to_owned() };
    desk::set_up::set_up(desk.clone(), admin).await?;
    let community = desk::communities::create(desk.clone(), "湾塘社区".to_owned()).await?.into_receipt();
    let what = Particulars {
        name: Some("练塘镇湾塘社区练北驿站".to_owned()),
        place: Some(Some("上海市青浦区练塘镇".to_owned())),
        position: Some(Some((31.014, 121.052))),
        contact: Some(Some("021-12345".to_owned())),
        ..Particulars::default()
    };
    let station = desk::stations::create(desk.clone(), (community.id.into(), "LIANBEI".to_owned(), what)).await?.into_receipt();
    let east = Particulars { name: Some("练东驿站".to_owned()), ..Particulars::default() };
    desk::stations::create(desk.clone(), (community.id.into(), "LIANDONG".to_owned(), east)).await?;
    let enter = desk::members::Enter { name: Some("值班站长".to_owned()), phone: Some(phone(KEEPER_PHONE)), group: None };
    let keeper = desk::members::enter(desk.clone(), enter).await?.into_receipt();
    desk::roles::grant(desk.clone(), (keeper.id.into(), Office::Keeper(station.id.into()))).await?;
    let edit = desk::members::Edit { password: Some(PASSWORD.to_owned()), ..desk::members::Edit::default() };
    let editing = Desk { if_match: Some(keeper.rev), ..desk };
    desk::members::edit(editing, (keeper.id.into(), edit)).await?;
    Ok(station.id.into())
}
