//! What `verify` asks of the database: statements that list what is wrong.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use uuid::Uuid;

use super::Read;

/// The rows that a check lists. `{true}` and `{yesterday}` stand for the engine's words.
pub async fn rows_that_are_wrong(conn: &impl ConnectionTrait, sql: &str, yesterday: DateTime<Utc>) -> Read<Vec<String>> {
    let backend = conn.get_database_backend();
    let sqlite = backend == DbBackend::Sqlite;
    let sql = sql.replace("{true}", if sqlite { "1" } else { "true" }).replace("{yesterday}", if sqlite { "?1" } else { "$1" });
    let values = if sql.contains(['?', '$']) { vec![yesterday.into()] } else { Vec::new() };
    let rows = conn.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(rows.iter().map(|row| shown(row, "what")).collect())
}

/// Ids as they are written elsewhere; anything else as it is.
fn shown(row: &QueryResult, column: &str) -> String {
    row.try_get::<Uuid>("", column)
        .map(|id| id.to_string())
        .or_else(|_| row.try_get::<String>("", column))
        .unwrap_or_else(|_| "?".to_owned())
}

/// What SQLite finds wrong with its file and its references. PostgreSQL checks references always, and its files by checksums.
pub async fn damage(conn: &impl ConnectionTrait) -> Read<Vec<String>> {
    if conn.get_database_backend() != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let ask = |sql: &str| Statement::from_string(DbBackend::Sqlite, sql);
    let mut wrong: Vec<String> =
        conn.query_all_raw(ask("PRAGMA integrity_check")).await?.iter().map(|row| shown(row, "integrity_check")).collect();
    wrong.retain(|line| line != "ok");
    wrong.extend(conn.query_all_raw(ask("PRAGMA foreign_key_check")).await?.iter().map(|row| shown(row, "table")));
    Ok(wrong)
}
