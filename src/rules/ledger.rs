//! The arithmetic of stock: what a movement does to a lot. A quantity is never clamped and never below zero.

use entity::lot;

use super::refusal::Refusal;

/// What each quantity of a lot gains or loses, in base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// On the shelf and free.
    pub available: i32,
    /// Set aside for somebody.
    pub held: i32,
    /// Put apart.
    pub quarantined: i32,
    /// In the red box.
    pub to_dispose: i32,
}

/// Where units of a lot can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the shelf and free.
    Available,
    /// On the shelf and set aside for somebody.
    Held,
    /// Put apart.
    Quarantined,
    /// In the red box.
    ToDispose,
    /// Not here: not yet, or no longer.
    Elsewhere,
}

impl Change {
    /// Units go from one place to another.
    #[must_use]
    pub fn moving(units: i32, from: Place, to: Place) -> Self {
        let mut change = Self::default();
        change.add(from, -units);
        change.add(to, units);
        change
    }

    fn add(&mut self, place: Place, units: i32) {
        match place {
            Place::Available => self.available += units,
            Place::Held => self.held += units,
            Place::Quarantined => self.quarantined += units,
            Place::ToDispose => self.to_dispose += units,
            Place::Elsewhere => {}
        }
    }

    /// The way back.
    #[must_use]
    pub fn undone(self) -> Self {
        Self { available: -self.available, held: -self.held, quarantined: -self.quarantined, to_dispose: -self.to_dispose }
    }
}

/// The lot after a change, at its next version.
///
/// # Errors
/// [`Refusal::NotSoMany`]: there are not so many in a place that loses some.
pub fn apply(lot: &lot::Model, change: Change) -> Result<lot::Model, Refusal> {
    let sum = |there: i32, change: i32| there.checked_add(change).filter(|after| *after >= 0).ok_or(Refusal::NotSoMany { there });
    Ok(lot::Model {
        available: sum(lot.available, change.available)?,
        held: sum(lot.held, change.held)?,
        quarantined: sum(lot.quarantined, change.quarantined)?,
        to_dispose: sum(lot.to_dispose, change.to_dispose)?,
        rev: lot.rev + 1,
        ..lot.clone()
    })
}
