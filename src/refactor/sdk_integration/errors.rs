//! What `Retry` and `Catch` of the state become: errors of Lambda cannot happen any more.

use super::language::Language;
use super::value::Expr;
use crate::template::Value;

/// What is left of the handlers.
pub(super) struct Handlers {
    /// Retriers that only know errors of Lambda, by their index.
    pub dead: Vec<usize>,
    /// Names among others: index of the retrier, index of the name.
    pub names: Vec<(usize, usize)>,
    pub differs: Vec<String>,
}

/// # Errors
/// What cannot be kept, as the end of "it ...".
pub(super) fn handlers(
    state: &Value,
    language: Language,
    event: &Expr,
    handles_itself: bool,
) -> Result<Handlers, String> {
    let mut found = Handlers { dead: Vec::new(), names: Vec::new(), differs: Vec::new() };
    let of_lambda = |name: &Value| name.as_str().is_some_and(|name| name.starts_with("Lambda."));
    let list = |key: &str| state.get(key).and_then(Value::as_list).unwrap_or_default();
    let names = |handler: &Value| -> Vec<Value> {
        handler.get("ErrorEquals").and_then(Value::as_list).unwrap_or_default().to_vec()
    };
    for (index, retrier) in list("Retry").iter().enumerate() {
        let names = names(retrier);
        if !names.is_empty() && names.iter().all(of_lambda) {
            found.dead.push(index);
            continue;
        }
        let dead = names.iter().enumerate().filter(|(_, name)| of_lambda(name));
        found.names.extend(dead.map(|(name, _)| (index, name)));
    }
    for catcher in list("Catch") {
        if let Some(name) = names(catcher).iter().find(|name| of_lambda(name)) {
            return Err(format!("can fail with `{}`, which the state catches", name.text()));
        }
        let hands_on = match language {
            Language::JsonPath => !catcher.get("ResultPath").is_some_and(Value::is_null),
            Language::Jsonata => catcher.to_json().to_string().contains("$states.errorOutput"),
        };
        if hands_on {
            found.differs.push("the error that `Catch` hands on has another name and cause".to_owned());
        }
    }
    // Where the state spells the event out, a part that is missing failed before the function ran.
    if !list("Catch").is_empty() && !matches!(event, Expr::Object(_)) {
        found
            .differs
            .push("an input that lacks a part ends the execution instead of being caught".to_owned());
    }
    if handles_itself {
        return Err("answers where the call fails".to_owned());
    }
    found.differs.dedup();
    Ok(found)
}
