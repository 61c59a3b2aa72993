//! The same application said in another way has the same findings.

mod support;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use slslint::source::{SourceId, Sources};
use slslint::yaml::{self, Kind, Node};
use support::{Case, cases};

/// What is said, without places: they differ on purpose.
fn said(case: &Case) -> Vec<String> {
    let sources = Sources::in_memory(case.texts.clone());
    let report = slslint::lint(&sources, &case.config, None).expect("the configuration is valid");
    let mut said: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| !finding.rule.ends_with("-suppression"))
        .map(|finding| {
            format!("{} {:?} {:?} {}", finding.rule, finding.functions, finding.resource, finding.message)
        })
        .collect();
    said.sort();
    said
}

/// The case with every template said anew by `restate`.
fn restated(case: &Case, restate: impl Fn(Node<'_>) -> Value) -> Case {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in &case.texts {
        let is_template = path.ends_with(".yaml") && text.contains("Resources:");
        let (document, _) = yaml::parse(SourceId(0), path, text);
        let text = match document.root() {
            Some(root) if is_template => serde_json::to_string_pretty(&restate(root)).expect("it is JSON"),
            _ => text.clone(),
        };
        texts.insert(path.clone(), text);
    }
    Case { texts, ..case.clone() }
}

/// Long forms in place of short tags.
fn long_form(node: Node<'_>) -> Value {
    let plain = match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        Kind::String(text) => json!(text),
        Kind::Sequence => node.items().map(long_form).collect(),
        Kind::Mapping => {
            let entries =
                node.entries().map(|(key, value)| (key.scalar().unwrap_or("").to_owned(), long_form(value)));
            Value::Object(entries.collect())
        }
    };
    let Some(tag) = node.tag().and_then(|tag| tag.strip_prefix('!')).filter(|tag| !tag.starts_with('!'))
    else {
        return plain;
    };
    let key = if matches!(tag, "Ref" | "Condition") { tag.to_owned() } else { format!("Fn::{tag}") };
    let argument = match (tag, &plain) {
        ("GetAtt", Value::String(text)) => json!(text.splitn(2, '.').collect::<Vec<_>>()),
        _ => plain,
    };
    json!({ key: argument })
}

/// The same with resources in the opposite order.
fn reversed(node: Node<'_>) -> Value {
    let mut root = long_form(node);
    if let Some(Value::Object(resources)) = root.get_mut("Resources") {
        let turned: Map<String, Value> = std::mem::take(resources).into_iter().rev().collect();
        *resources = turned;
    }
    root
}

fn suppresses(case: &Case) -> bool {
    case.texts.values().any(|text| text.contains("slslint: allow"))
}

/// A mapping that has a key twice; our JSON has each once.
fn repeats_a_key(node: Node<'_>) -> bool {
    let keys: Vec<_> = node.entries_as_written().filter_map(|(key, _)| key.scalar()).collect();
    keys.iter().enumerate().any(|(index, key)| keys[..index].contains(key))
        || node.entries().any(|(_, value)| repeats_a_key(value))
        || node.items().any(repeats_a_key)
}

fn has_each_key_once(case: &Case) -> bool {
    case.texts.iter().filter(|(path, _)| path.ends_with(".yaml")).all(|(path, text)| {
        let (document, _) = yaml::parse(SourceId(0), path, text);
        !document.root().is_some_and(repeats_a_key)
    })
}

#[test]
fn json_with_long_forms_has_the_findings_of_yaml_with_tags() {
    for case in cases().iter().filter(|case| !suppresses(case) && has_each_key_once(case)) {
        assert_eq!(said(case), said(&restated(case, long_form)), "{}", case.name);
    }
}

#[test]
fn a_comment_before_everything_changes_nothing() {
    for case in cases() {
        let texts = case.texts.iter().map(|(path, text)| {
            let yaml = path.ends_with(".yaml") || path.ends_with(".py");
            (path.clone(), if yaml { format!("# a comment\n\n{text}") } else { text.clone() })
        });
        let moved = Case { texts: texts.collect(), ..case.clone() };
        assert_eq!(said(&case), said(&moved), "{}", case.name);
    }
}

#[test]
fn the_order_of_resources_does_not_decide_whether_something_is_found() {
    // Which of two equals is named may depend on the order; how many findings of each rule may not.
    let rules = |case: &Case| {
        let mut rules: Vec<String> =
            said(case).iter().map(|text| text.split(' ').next().unwrap_or_default().to_owned()).collect();
        rules.sort();
        rules
    };
    for case in cases().iter().filter(|case| !suppresses(case)) {
        assert_eq!(rules(case), rules(&restated(case, reversed)), "{}", case.name);
    }
}
