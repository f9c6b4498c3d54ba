//! What every test stands on: an engine of its own, a town on it, a server before it.

pub(crate) mod engines;
pub(crate) mod medicine;
pub(crate) mod oracle;
pub(crate) mod planted;
pub(crate) mod server;
pub(crate) mod town;

pub(crate) use engines::Engine;

/// Makes of `async fn story(town: Town)` two tests: `story::sqlite` and `story::postgres`.
#[macro_export]
macro_rules! both {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[test]
            fn sqlite() {
                $crate::support::town::on($crate::support::Engine::Sqlite, super::$story);
            }

            #[test]
            fn postgres() {
                $crate::support::town::on($crate::support::Engine::Postgres, super::$story);
            }
        }
    )+};
}
