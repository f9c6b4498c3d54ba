//! The OpenAPI document: what outside programs rely on.

use std::collections::BTreeMap;

use serde_json::Value;
use yizhan::{api, rules::refusal::Refusal, speech::Problem};

fn document() -> Value {
    serde_json::to_value(api::document()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let methods = ["get", "post", "put", "patch", "delete"];
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &'_ Value)| -> Vec<String> {
        methods.iter().filter(|m| item.get(**m).is_some()).map(|m| format!("{m} {path}")).collect()
    };
    let names: Vec<String> = paths.iter().flat_map(of_path).collect();
    names
        .into_iter()
        .map(|name| {
            let (method, path) = name.split_once(' ').unwrap();
            let operation = &document["paths"][path][method];
            (name.clone(), operation)
        })
        .collect()
}

#[test]
fn no_two_operations_share_an_id() {
    let document = document();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        if let Some(other) = seen.insert(id.clone(), name.clone()) {
            panic!("{id} is both {other} and {name}");
        }
    }
    assert!(seen.len() > 50, "{}", seen.len());
}

#[test]
fn every_schema_that_is_named_is_there() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name: String = text[at + 21..].chars().take_while(|c| *c != '"').collect();
        assert!(schemas.contains_key(&name), "{name} is dropped");
    }
}

/// Two types of one name would end in one schema, silently.
#[test]
fn no_two_types_of_the_wire_share_a_name() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for file in crate::tidy::sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.split([' ', '<', '(']).next()) else {
                continue;
            };
            let derives = lines[n.saturating_sub(4)..n].iter().any(|above| above.contains("ToSchema"));
            if derives && let Some(other) = seen.insert(name.to_owned(), file.display().to_string()) {
                panic!("{name} is both in {other} and {}", file.display());
            }
        }
    }
    assert!(seen.len() > 30);
}

#[test]
fn every_problem_and_every_refusal_has_its_code_in_the_document() {
    let text = document().to_string();
    for problem in Problem::ALL {
        assert!(text.contains(problem.code_and_status().0), "{problem:?}");
    }
    for refusal in Refusal::samples() {
        assert!(text.contains(refusal.code()), "{refusal:?}");
    }
}

#[test]
fn every_operation_says_what_may_go_wrong_and_which_group_it_is_in() {
    let document = document();
    for (name, operation) in operations(&document) {
        assert!(operation["responses"]["default"].is_object(), "{name}");
        assert!(operation["tags"][0].is_string(), "{name}");
        assert!(operation["summary"].is_string(), "{name}");
    }
}

#[test]
fn the_committed_document_and_settings_are_fresh() {
    let root = env!("CARGO_MANIFEST_DIR");
    let read = |name: &str| std::fs::read_to_string(format!("{root}/docs/{name}")).unwrap();
    assert_eq!(
        read("openapi.json").trim(),
        api::document().to_pretty_json().unwrap().trim(),
        "run: cargo run -- openapi > docs/openapi.json"
    );
    assert_eq!(
        read("CONFIGURATION.md"),
        yizhan::config::Config::reference(),
        "run: cargo run -- config-reference > docs/CONFIGURATION.md"
    );
}
