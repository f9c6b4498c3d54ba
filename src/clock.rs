//! Time and chance: the only place where either enters. Everything else gets them as arguments.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::{ContextV7, Timestamp, Uuid};

/// Tells the time and mints ids and random bytes. Clones share the same clock.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    /// `None`: the machine's clock.
    frozen: Option<Mutex<DateTime<Utc>>>,
    /// Keeps ids that are minted in one millisecond in order.
    ids: Mutex<ContextV7>,
    random: SystemRandom,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(None)
    }

    /// A clock that stands still until it is told to move.
    #[must_use]
    pub fn frozen_at(instant: DateTime<Utc>) -> Self {
        Self::new(Some(Mutex::new(instant)))
    }

    fn new(frozen: Option<Mutex<DateTime<Utc>>>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one home of chance")]
        let random = SystemRandom::new();
        Self(Arc::new(Inner { frozen, ids: Mutex::new(ContextV7::new()), random }))
    }

    /// Now, in UTC, to the microsecond: what both databases keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0.frozen {
            Some(frozen) => *lock(frozen),
            #[expect(clippy::disallowed_methods, reason = "this is the one home of the machine's clock")]
            None => Utc::now(),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Does it follow the machine's clock? Only then may another clock be held against it.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.0.frozen.is_none()
    }

    /// Moves a frozen clock. The machine's clock is left alone.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(frozen) = &self.0.frozen {
            *lock(frozen) += by;
        }
    }

    /// Sets a frozen clock, also backwards. The machine's clock is left alone.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Some(frozen) = &self.0.frozen {
            *lock(frozen) = to;
        }
    }

    /// A new id. Ids of one clock sort in the order in which they were minted.
    #[must_use]
    pub fn id<Id: From<Uuid>>(&self) -> Id {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let ids = lock(&self.0.ids);
        #[expect(clippy::disallowed_methods, reason = "this is the one home of new ids")]
        Uuid::new_v7(Timestamp::from_unix(&*ids, seconds, now.timestamp_subsec_nanos())).into()
    }

    /// Unpredictable bytes from the operating system.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.random.fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

/// A poisoned lock means that a thread panicked while it held a plain value: the value is still good.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", if self.0.frozen.is_some() { "frozen" } else { "system" })
    }
}
