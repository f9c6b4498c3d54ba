//! The programs these tests need beside the compiler. Where one is missing, what needs it is left out, and that is said once;
//! in CI nothing may be left out.

use std::{collections::BTreeSet, io::Write, path::PathBuf, sync::Mutex};

use crate::support::engines::from_environment;

/// Where a program is, which may have several names; without it, says once what is left out and what to install.
pub(crate) fn need(names: &[&str], package: &str, what: &str) -> Option<PathBuf> {
    let path = from_environment("PATH").unwrap_or_default();
    let places = names.iter().flat_map(|name| path.split(':').map(move |folder| PathBuf::from(folder).join(name)));
    let found = places.into_iter().find(|file| file.is_file());
    if found.is_none() {
        left_out(what, &format!("apt-get install --no-install-recommends {package}"));
    }
    found
}

/// Says what is left out and what would help, past the capture of the test runner: whoever runs the tests shall read it.
pub(crate) fn left_out(what: &str, remedy: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    assert!(from_environment("CI").is_none(), "in CI nothing may be left out, but {what} would be: {remedy}");
    let first = SAID.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(what.to_owned());
    if first {
        let _ = writeln!(std::io::stderr(), "\nLEFT OUT: {what}. To run them too: {remedy}\n");
    }
}
