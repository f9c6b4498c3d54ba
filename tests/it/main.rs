//! The one integration binary: every verb on the real SQLite and the real PostgreSQL, the doors over a real socket, races with
//! many hands on one umbrella, and the architecture itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod authority;
mod booking_races;
mod booking_refusals;
mod booking_world;
mod bookings;
mod borrowing;
mod browser;
mod check_faults;
mod check_replicas;
mod commands;
mod gate;
mod in_memory_town;
mod jobs;
mod labels;
mod medicine;
mod medicine_interleavings;
mod medicine_races;
mod midnight;
mod nightly_check;
mod nightly_clock;
mod nightly_tasks;
mod openapi;
mod outages;
mod pages;
mod pages_bookings;
mod pages_keeper;
mod pages_lots;
mod pages_manager;
mod pages_queue;
mod pages_rounds;
mod pages_series;
mod queue;
mod queue_at_risk;
mod queue_property;
mod races;
mod recorded_takes;
mod refusals;
mod registers;
mod series;
mod sessions;
mod shelving;
mod stock_guards;
mod stock_registers;
mod takes;
mod texts;
mod tickets;
mod tidy;
