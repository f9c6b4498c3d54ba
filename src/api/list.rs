//! Lists: keyset paging. `after` is what the page before said in `next`.

use serde::Deserialize;
use utoipa::IntoParams;

use super::problem::Problem;
use crate::{speech::Problem as Sort, view::Page};

/// What every list takes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// What the page before said in `next`.
    pub after: Option<String>,
    /// How many; at most 100, 50 if nobody says.
    pub limit: Option<u64>,
}

impl Paging {
    /// How many rows.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit.unwrap_or(50).clamp(1, 100)
    }

    /// Where to go on.
    ///
    /// # Errors
    /// A problem when it is not what a page said.
    pub fn after<Id: std::str::FromStr>(&self) -> Result<Option<Id>, Problem> {
        let parse = |text: &String| text.parse().map_err(|_| Problem::new(Sort::Malformed).about("after"));
        self.after.as_ref().map(parse).transpose()
    }

    /// A page of rows that were read with one row more than the limit.
    pub fn page<M, V: for<'a> From<&'a M>>(&self, rows: Vec<M>, key: impl Fn(&M) -> String) -> Page<V> {
        self.page_of(rows, key, |row| V::from(row))
    }

    /// As [`Paging::page`], for views that need more than the row.
    pub fn page_of<M, V>(&self, mut rows: Vec<M>, key: impl Fn(&M) -> String, view: impl Fn(&M) -> V) -> Page<V> {
        let limit = usize::try_from(self.limit()).unwrap_or(100);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Page { next: rows.last().filter(|_| more).map(key), items: rows.iter().map(view).collect() }
    }
}
