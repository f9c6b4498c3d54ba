//! What axe-core, the checker of accessibility, finds on a page. It comes from npm, is used here only, and is never shipped.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::{Value, json};

use super::{Browser, programs};

const VERSION: &str = "4.14.1";
/// Of `axe.min.js`, SHA-256: a package that was exchanged is not run.
const DIGEST: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";
/// WCAG 2.2 AA and all that came before it, and what is good practice.
const RULES: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// Those that read computed styles and boxes.
const STYLE_RULES: [&str; 5] =
    ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "css-orientation-lock"];

/// The checker; `None` where it is not to be had.
fn checker() -> Option<&'static str> {
    static CHECKER: OnceLock<Option<String>> = OnceLock::new();
    CHECKER
        .get_or_init(|| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe");
            let file = folder.join(format!("axe-{VERSION}.min.js"));
            if std::fs::read(&file).is_ok_and(|bytes| is_genuine(&bytes)) || fetch(&folder, &file).is_some() {
                return Some(std::fs::read_to_string(file).unwrap());
            }
            None
        })
        .as_deref()
}

fn is_genuine(bytes: &[u8]) -> bool {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>() == DIGEST
}

fn fetch(folder: &Path, file: &Path) -> Option<PathBuf> {
    let what = "axe-core's checks of accessibility";
    let npm = programs::need(&["npm"], "npm", what)?;
    std::fs::create_dir_all(folder).unwrap();
    // Beside its place, and then moved: another process may want it at the same time.
    let own = tempfile::tempdir_in(folder).unwrap();
    let package = format!("axe-core@{VERSION}");
    let packed = Command::new(npm).args(["pack", "--silent", &package]).current_dir(own.path()).output().unwrap();
    let archive = format!("axe-core-{VERSION}.tgz");
    let unpacked = packed.status.success()
        && Command::new("tar").args(["-xzf", &archive, "package/axe.min.js"]).current_dir(own.path()).status().unwrap().success();
    if !unpacked {
        programs::left_out(what, &format!("let `npm pack {package}` reach the npm registry"));
        return None;
    }
    let found = own.path().join("package/axe.min.js");
    assert!(is_genuine(&std::fs::read(&found).unwrap()), "{package} is not what it was");
    std::fs::rename(found, file).unwrap();
    Some(file.to_owned())
}

impl Browser {
    /// What axe-core finds wrong with the page as it stands, readable; nothing where axe-core is not to be had.
    pub(crate) async fn violations(&self) -> Vec<String> {
        self.found_by(json!({ "type": "tag", "values": RULES })).await
    }

    /// As [`Browser::violations`], by the rules that look at the style of a page: where only colours and sizes have changed, no
    /// other can find anything new.
    pub(crate) async fn violations_of_style(&self) -> Vec<String> {
        self.found_by(json!({ "type": "rule", "values": STYLE_RULES })).await
    }

    async fn found_by(&self, rules: Value) -> Vec<String> {
        let Some(checker) = checker() else { return Vec::new() };
        if !self.look.script {
            // The checker needs a script; the page, which is loaded, does not get one any more.
            self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
        }
        if self.run("return !window.axe", Vec::new()).await == true {
            self.run(&format!("{checker}\n"), Vec::new()).await;
        }
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] })
                .then(found => done(found.violations), error => done([{ id: String(error), nodes: [] }]));";
        let found = self.driver.execute_async(script, vec![rules]).await.unwrap().json().clone();
        if !self.look.script {
            self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
        }
        found.as_array().unwrap().iter().map(told).collect()
    }

    /// No violation of WCAG 2.2 AA and of good practice.
    pub(crate) async fn assert_accessible(&self) {
        let wrong = self.violations().await;
        assert!(wrong.is_empty(), "{} ({}):\n{}", self.path().await, self.look.name(), wrong.join("\n"));
    }
}

fn told(violation: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().replace('\n', "\n      ");
    let mut lines = vec![format!("{} [{}]: {}", text(&violation["id"]), text(&violation["impact"]), text(&violation["help"]))];
    for node in violation["nodes"].as_array().into_iter().flatten() {
        lines.push(format!("    {} — {}", node["target"], text(&node["html"])));
        lines.push(format!("      {}", text(&node["failureSummary"])));
    }
    lines.join("\n")
}
