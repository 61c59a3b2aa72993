//! Runs the rules of one Guard file on one JSON document.
//!
//! cfn-guard is used in its payload mode, which takes texts and gives JSON. Its positions are not
//! used: a failed check comes with the path of the value, which the caller maps to a span.

use std::io::Cursor;

use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ValidateBuilder};
use serde_json::{Value, json};

/// A check that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where in the document, as parts of the path.
    pub path: Vec<String>,
    /// The message of the check, without its brackets.
    pub message: String,
}

/// All failed checks, in the order the engine names them.
///
/// # Errors
/// The engine's own words where the file does not parse or the evaluation ends early.
pub fn run(rules: &str, document: &Value) -> Result<Vec<Failure>, String> {
    let payload = json!({ "rules": [rules], "data": [document.to_string()] }).to_string();
    let command = ValidateBuilder::default()
        .payload(true)
        .structured(true)
        .output_format(OutputFormatType::JSON)
        .show_summary(vec![ShowSummaryType::None])
        .try_build()
        .map_err(|error| error.to_string())?;
    let buffers = (WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()));
    let mut writer = Writer::new_with_err(buffers.0, buffers.1).map_err(|error| error.to_string())?;
    let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(payload.into_bytes())));
    let status = command.execute(&mut writer, &mut reader).map_err(|error| error.to_string())?;
    if status == PARSE_ERROR {
        return Err(writer.err_to_stripped().unwrap_or_else(|error| error.to_string()));
    }
    let text = writer.into_string().map_err(|error| error.to_string())?;
    let results: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut failures = Vec::new();
    collect(&results, &mut failures);
    Ok(failures)
}

/// The status of a run whose rules could not be read.
const PARSE_ERROR: i32 = 5;

/// Finds the failed clauses wherever they are nested: rule, block, disjunction, clause.
fn collect(value: &Value, failures: &mut Vec<Failure>) {
    match value {
        Value::Object(map) => {
            if let (Some(check), Some(message)) = (map.get("check"), map.get("messages").and_then(message)) {
                if let Some(path) = path(check) {
                    failures.push(Failure { path, message });
                }
                return;
            }
            map.values().for_each(|value| collect(value, failures));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, failures)),
        _ => {}
    }
}

fn message(messages: &Value) -> Option<String> {
    messages.get("custom_message")?.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The place a check speaks of: the value it compared, or how far the way to a missing one led.
fn path(check: &Value) -> Option<Vec<String>> {
    let resolved =
        check.pointer("/Resolved/from/path").or_else(|| check.pointer("/UnResolved/value/traversed_to/path"));
    let found = resolved.or_else(|| first_path(check))?;
    Some(found.as_str()?.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

fn first_path(value: &Value) -> Option<&Value> {
    match value {
        Value::Object(map) => map.get("path").or_else(|| map.values().find_map(first_path)),
        Value::Array(items) => items.iter().find_map(first_path),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "rule few when functions !empty {
        functions.*[ layer_count exists ] { layer_count <= 5 <<has {layer_count} layers>> }
    }";

    #[test]
    fn a_failed_check_has_its_path_and_its_message() {
        let document =
            json!({ "functions": { "A": { "layer_count": 6 }, "B": { "layer_count": 2 }, "C": {} } });
        let failures = run(RULES, &document).expect("it runs");
        let expected = Failure {
            path: vec!["functions".into(), "A".into(), "layer_count".into()],
            message: "has {layer_count} layers".into(),
        };
        assert_eq!(failures, [expected]);
    }

    #[test]
    fn many_failures_are_complete() {
        let functions: serde_json::Map<String, Value> =
            (0..300).map(|index| (format!("F{index}"), json!({ "layer_count": 9 }))).collect();
        assert_eq!(run(RULES, &json!({ "functions": functions })).map(|failures| failures.len()), Ok(300));
    }

    #[test]
    fn a_missing_value_is_named_as_far_as_the_way_led() {
        let rules = "rule q when queues !empty { queues.* { redrive exists <<has none>> } }";
        let failures = run(rules, &json!({ "queues": { "Q": { "arn": "x" } } })).expect("it runs");
        assert_eq!(failures[0].path, ["queues", "Q"]);
    }

    #[test]
    fn rules_that_do_not_parse_are_an_error() {
        assert!(run("rule {", &json!({ "a": 1 })).is_err());
    }
}
