//! MAY IT? Decisions as pure functions of values: no database, no web, no clock, no chance, nothing that waits.
//!
//! A rule takes the facts (rows that the store has read and locked) and `now`, and answers with terms or with *all* reasons
//! why not, so that a person learns at once everything that stands in the way.

pub mod availability;
pub mod booking;
pub mod booking_life;
pub mod borrow;
pub mod calendar;
pub mod choices;
pub mod count;
pub mod deficit;
pub mod distance;
pub mod expiry;
pub mod figures;
pub mod give_back;
pub mod handling;
pub mod history;
pub mod holidays;
pub mod in_hand;
pub mod label_date;
pub mod ledger;
pub mod legal;
pub mod offered_times;
pub mod opening;
pub mod overdue;
pub mod pack_code;
pub mod policy;
pub mod quantity;
pub mod queue;
pub mod recall;
pub mod receive;
pub mod recorded_take;
pub mod refusal;
pub mod reminders;
pub mod renew;
pub mod reversal;
pub mod search;
pub mod series;
pub mod shelf;
pub mod strikes;
pub mod take;
pub mod terms;
pub mod tickets;
pub mod today;
pub mod usability;
pub mod waking;
pub mod walk_up;
