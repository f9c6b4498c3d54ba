//! What pages say: nothing is said that no page says. (What a page says and nobody has written does not compile.)

use std::path::Path;

/// The code and the templates of all pages, in one text.
fn pages() -> String {
    fn read(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
                into.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut all = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages"), &mut all);
    all
}

#[test]
fn no_text_is_left_that_no_page_says() {
    let pages = pages();
    let said = |name: &str| {
        let word = format!("::{}", name.rsplit("::").next().unwrap());
        pages.match_indices(&word).any(|(at, _)| {
            let after = pages[at + word.len()..].chars().next();
            after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    };
    let unused: Vec<_> = yizhan::speech::texts::all().into_iter().map(|(name, _)| name).filter(|name| !said(name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
