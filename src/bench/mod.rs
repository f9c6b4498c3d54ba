//! `yizhan bench`: how fast the house is, as ratios in one run on one machine. Absolute figures drift with the machine.

use crate::{app::CannotStart, db::Trouble, desk, jobs};

pub mod expiry_check;
pub mod lending;
pub mod scan_page;

/// Why there is no figure.
#[derive(Debug, thiserror::Error)]
pub enum NoFigure {
    /// The database could not be made.
    #[error(transparent)]
    CannotStart(#[from] CannotStart),
    /// The database.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// A verb failed.
    #[error(transparent)]
    Desk(#[from] desk::Error),
    /// A job failed.
    #[error(transparent)]
    Job(#[from] jobs::JobError),
    /// A file.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// What was to be measured is not what was measured.
    #[error("{0}")]
    NotTheSame(String),
}

impl From<sea_orm::DbErr> for NoFigure {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Trouble(error.into())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
