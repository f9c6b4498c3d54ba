//! How the schema came to be: one file per change, named `m<date>_<number>_<sentence>`, never edited after a release.
//!
//! Run [`Migrator::up`] only inside the lock of `db::connect`: several processes may start at once.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod ddl;
mod m20261123_000001_a_station_lends_by_qr;
mod m20261123_000002_a_medicine_box;
mod m20261123_000003_a_paper_register_of_takes;
mod m20261124_000004_a_fault_is_told;
mod m20261125_000005_time_is_promised;
mod m20261125_000006_a_night_reads_the_whole_ledger;
mod m20261125_000007_a_place_in_the_queue;
mod m20261125_000008_series_and_calendars;
mod m20261125_000009_a_pack_is_seen_closed;
mod m20261125_000010_one_outage_of_many_parts;

/// All changes, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_a_station_lends_by_qr::Migration),
            Box::new(m20261123_000002_a_medicine_box::Migration),
            Box::new(m20261123_000003_a_paper_register_of_takes::Migration),
            Box::new(m20261124_000004_a_fault_is_told::Migration),
            Box::new(m20261125_000005_time_is_promised::Migration),
            Box::new(m20261125_000006_a_night_reads_the_whole_ledger::Migration),
            Box::new(m20261125_000007_a_place_in_the_queue::Migration),
            Box::new(m20261125_000008_series_and_calendars::Migration),
            Box::new(m20261125_000009_a_pack_is_seen_closed::Migration),
            Box::new(m20261125_000010_one_outage_of_many_parts::Migration),
        ]
    }
}
