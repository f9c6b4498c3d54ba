//! Which words of a page are in the wrong language: Latin ones on a Chinese page, Han characters on an English one.

use serde_json::json;

use super::super::Browser;

/// Latin words that Chinese people read as they are; `ys` shows how initials are typed. Codes and abbreviations in capitals are
/// read so, too.
const LATIN: [&str; 4] = ["Yizhan", "Excel", "mm", "ys"];

impl Browser {
    /// What is said in the other language: in texts, and in what is read aloud or shown in fields.
    pub(super) async fn foreign_words(&self, typed: &[String]) -> Vec<String> {
        let found = self.run(include_str!("words.js"), vec![json!(LATIN), json!(typed)]).await;
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }
}
