//! Whether the keys alone suffice: everything that can be tapped is reached with the Tab key, and is seen when it has the focus.
//! What is reached are links, buttons and fields of HTML; what Enter and Space do with them is the browser's own work.

use serde_json::json;

use super::super::Browser;

impl Browser {
    /// What the keys do not reach, or reach unseen.
    pub(super) async fn beyond_the_keys(&self) -> Vec<String> {
        let look = include_str!("keyboard.js");
        let count = self.run(look, vec![json!("begin")]).await.as_u64().unwrap();
        // A field of a date has a stop for each of its parts; what scrolls has one of its own.
        let parts = "return 5 * document.querySelectorAll('[type^=date], [type=time], [type=month]').length \
                     + document.querySelectorAll('[tabindex=\"0\"], .scroll').length";
        let parts = self.run(parts, Vec::new()).await.as_u64().unwrap();
        for _ in 0..count + parts + 2 {
            for kind in ["rawKeyDown", "keyUp"] {
                let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
                self.cdp("Input.dispatchKeyEvent", key).await;
            }
        }
        let found = self.run(look, vec![json!("end")]).await;
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }
}
