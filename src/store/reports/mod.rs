//! Figures over many stations: one statement for each figure, however many stations there are. They are written as text, since
//! they group by spells of a station's own days: the boundaries are bound as instants, and the database is never asked what
//! day it is.

pub mod lending;
pub mod medicine;
pub mod stations;

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::ids::StationId;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use super::Read;

/// Spells that follow each other, at stations that share a zone: the first is `[bounds[0], bounds[1])`, and so on.
#[derive(Clone, Debug)]
pub struct Spells {
    /// Which stations.
    pub stations: Vec<StationId>,
    /// Where one ends and the next begins.
    pub bounds: Vec<DateTime<Utc>>,
}

/// How many seconds are counted together: every zone is a whole number of them away from UTC.
pub const QUARTER: i64 = 900;

/// A statement in the making, in the words of its engine.
struct Asking {
    backend: DbBackend,
    values: Vec<Value>,
}

impl Asking {
    fn of(conn: &impl ConnectionTrait) -> Self {
        Self { backend: conn.get_database_backend(), values: Vec::new() }
    }

    /// Binds a value; what stands for it can be written more than once.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        let sign = if self.backend == DbBackend::Sqlite { '?' } else { '$' };
        format!("{sign}{}", self.values.len())
    }

    /// `(…, …)`, for IN; of nothing, what is in nothing.
    fn list<V: Into<Value> + Copy>(&mut self, values: &[V]) -> String {
        let bound: Vec<String> = values.iter().map(|value| self.bind(*value)).collect();
        if bound.is_empty() { "(NULL)".to_owned() } else { format!("({})", bound.join(", ")) }
    }

    /// Which spell an instant at a station lies in, from 0; and the condition that it lies in any.
    fn spells(&mut self, at: &str, station: &str, spells: &[Spells]) -> (String, String) {
        let (mut which, mut within) = ("CAST(CASE".to_owned(), String::new());
        for zone in spells.iter().filter(|zone| zone.bounds.len() > 1) {
            let stations = self.list(&zone.stations);
            let bounds: Vec<String> = zone.bounds.iter().map(|bound| self.bind(*bound)).collect();
            for (n, bound) in bounds[1..].iter().enumerate() {
                // A String takes whatever is written to it.
                let _ = write!(which, " WHEN {station} IN {stations} AND {at} < {bound} THEN {n}");
            }
            let or = if within.is_empty() { "" } else { " OR " };
            let (first, last) = (&bounds[0], &bounds[bounds.len() - 1]);
            let _ = write!(within, "{or}({station} IN {stations} AND {at} >= {first} AND {at} < {last})");
        }
        if within.is_empty() {
            return ("CAST(0 AS BIGINT)".to_owned(), "1 = 0".to_owned());
        }
        (which + " END AS BIGINT)", format!("({within})"))
    }

    /// An instant as whole seconds since 1970.
    fn seconds(&self, at: &str) -> String {
        match self.backend {
            DbBackend::Sqlite => format!("CAST(strftime('%s', {at}) AS BIGINT)"),
            _ => format!("CAST(floor(extract(epoch FROM {at})) AS BIGINT)"),
        }
    }

    /// In which quarter of an hour since 1970 an instant lies.
    fn quarter(&self, at: &str) -> String {
        format!("({} / {QUARTER})", self.seconds(at))
    }

    async fn rows(self, conn: &impl ConnectionTrait, sql: &str) -> Read<Vec<QueryResult>> {
        conn.query_all_raw(Statement::from_sql_and_values(self.backend, sql, self.values)).await
    }
}
