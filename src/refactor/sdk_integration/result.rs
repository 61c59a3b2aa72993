//! What the state hands on: the same for all that later states read.

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

use super::language::{Language, Leaf};
use super::value::Expr;
use crate::template::{Map, Value};

/// How the state is written anew, key by key; `None` takes the key away.
pub(super) type Keys = Vec<(&'static str, Option<Yaml>)>;

/// How the function gave its answer to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `arn:aws:states:::lambda:invoke`: within an object with other parts.
    Invoke,
    /// The function's ARN as the resource: as it is.
    Direct,
}

/// The state and what surrounds it.
pub(super) struct Around<'a> {
    pub definition: &'a Value,
    pub state: &'a Value,
    /// Its key.
    pub name: &'a str,
    pub language: Language,
    pub form: Form,
}

/// What the keys of the state become, and what may behave differently.
pub(super) struct Handed {
    pub keys: Keys,
    pub differs: Vec<String>,
}

impl Around<'_> {
    /// # Errors
    /// What cannot be said in a state, as the end of "it ...".
    pub(super) fn handed(&self, answer: &Result<Expr, String>, leaf: Leaf<'_>) -> Result<Handed, String> {
        match self.language {
            Language::JsonPath => self.by_path(answer, leaf),
            Language::Jsonata => self.by_expression(answer),
        }
    }

    fn by_path(&self, answer: &Result<Expr, String>, leaf: Leaf<'_>) -> Result<Handed, String> {
        let path = self.state.get("ResultPath");
        if path.is_some_and(Value::is_null) || self.is_unread() {
            let keys = vec![("ResultSelector", None)];
            return Ok(Handed { keys, differs: Vec::new() });
        }
        let answer = answer.clone()?;
        let is_all = path.is_none() || path.and_then(Value::as_str) == Some("$");
        let whole = match self.form {
            Form::Invoke => Expr::Object(vec![("Payload".to_owned(), answer.clone())]),
            Form::Direct => answer.clone(),
        };
        if let Some(selector) = self.state.get("ResultSelector") {
            let selected = Language::JsonPath.read(selector, &self.with_status(&whole))?;
            let keys = vec![("ResultSelector", Some(self.selector(&selected, leaf)?))];
            return Ok(Handed { keys, differs: Vec::new() });
        }
        let output = self.state.get("OutputPath").and_then(Value::as_str);
        let (handed, output_goes) = match (output, is_all) {
            (Some(output), true) if output != "$" => {
                let Expr::Object(picked) = Language::JsonPath.read(&picking(output), &whole)? else {
                    return Err("hands on a part that cannot be told".to_owned());
                };
                let (_, picked) = picked.into_iter().next().ok_or("hands on nothing")?;
                (picked, true)
            }
            _ => (whole, false),
        };
        let mut keys = Vec::new();
        if output_goes {
            keys.push(("OutputPath", None));
        }
        if is_all && handed == Expr::Input(Vec::new()) {
            keys.push(("ResultPath", Some(Yaml::Null)));
            return Ok(Handed { keys, differs: Vec::new() });
        }
        keys.push(("ResultSelector", Some(self.selector(&handed, leaf)?)));
        Ok(Handed { keys, differs: self.without_metadata(output_goes)? })
    }

    /// `ResultSelector` for what is handed on.
    fn selector(&self, value: &Expr, leaf: Leaf<'_>) -> Result<Yaml, String> {
        let value = self.seen(value)?;
        if !matches!(value, Expr::Object(_)) {
            return Err("answers with something that is no object, which `ResultSelector` cannot".to_owned());
        }
        Ok(Language::JsonPath.entry("", &value, leaf)?.1)
    }

    /// The value as far as `ResultSelector` sees it: the state's input only where that is the machine's.
    fn seen(&self, value: &Expr) -> Result<Expr, String> {
        match value {
            Expr::Input(path) if self.is_first() => {
                let start = ["Execution", "Input"].map(str::to_owned);
                Ok(Expr::Context(start.into_iter().chain(path.iter().cloned()).collect()))
            }
            Expr::Input(_) | Expr::Written(_) => {
                Err("answers with a part of the state's input, which `ResultSelector` does not see"
                    .to_owned())
            }
            Expr::RandomId => Err("answers with an id that it made for the call".to_owned()),
            Expr::JsonText(_) | Expr::Digits(_) => Err("answers with a text it makes".to_owned()),
            Expr::Object(entries) => {
                let entry = |(name, value): &(String, Expr)| Ok((name.clone(), self.seen(value)?));
                Ok(Expr::Object(entries.iter().map(entry).collect::<Result<_, String>>()?))
            }
            Expr::List(items) => {
                Ok(Expr::List(items.iter().map(|item| self.seen(item)).collect::<Result<_, _>>()?))
            }
            other => Ok(other.clone()),
        }
    }

    fn by_expression(&self, answer: &Result<Expr, String>) -> Result<Handed, String> {
        let read = |key: &str| self.state.get(key).map(|value| value.to_json().to_string());
        let marks = "$states.result";
        let written = [read("Output"), read("Assign")];
        if written[0].is_some() && !written.iter().flatten().any(|text| text.contains(marks)) {
            return Ok(Handed { keys: Vec::new(), differs: Vec::new() });
        }
        if self.is_unread() && written.iter().flatten().all(|text| !text.contains(marks)) {
            return Ok(Handed { keys: Vec::new(), differs: Vec::new() });
        }
        let answer = answer.clone()?;
        if answer.any(&|part| *part == Expr::RandomId) {
            return Err("answers with an id that it made for the call".to_owned());
        }
        let of = match self.form {
            Form::Invoke => "$states.result.Payload",
            Form::Direct => marks,
        };
        let mut keys: Keys = Vec::new();
        for key in ["Output", "Assign"] {
            let Some(value) = self.state.get(key) else { continue };
            let filled = replaced(value.to_json(), &|text| with_answer(text, of, &answer))?;
            let filled = serde_yaml::to_value(&filled).map_err(|error| error.to_string())?;
            keys.push((key, Some(filled)));
        }
        let answer = Language::Jsonata.expression(&answer)?;
        let mut differs = Vec::new();
        if self.state.get("Output").is_none() {
            let handed = match self.form {
                Form::Invoke => format!("{{% {{\"Payload\": {answer}}} %}}"),
                Form::Direct => format!("{{% {answer} %}}"),
            };
            keys.push(("Output", Some(Yaml::from(handed))));
            differs = self.without_metadata(false)?;
        }
        Ok(Handed { keys, differs })
    }

    /// Nobody reads what the state hands on: the machine fails next.
    fn is_unread(&self) -> bool {
        let next = self.state.get("Next").and_then(Value::as_str);
        let next = next.and_then(|next| sibling(self.definition, self.name, next));
        next.is_some_and(|next| {
            let paths = ["ErrorPath", "CausePath"].iter().any(|key| next.get(key).is_some());
            let computes = next.to_json().to_string().contains("{%");
            next.get("Type").and_then(Value::as_str) == Some("Fail") && !paths && !computes
        })
    }

    /// Whether the state's input is the machine's.
    fn is_first(&self) -> bool {
        let plain = |key: &str| self.state.get(key).is_none_or(|path| path.as_str() == Some("$"));
        self.definition.get("StartAt").and_then(Value::as_str) == Some(self.name)
            && self.definition.at(&["States", self.name]).is_some_and(|state| state.span == self.state.span)
            && plain("InputPath")
            && !is_reached_again(self.definition, self.name)
    }

    /// What `lambda:invoke` tells besides the answer is no longer there.
    fn without_metadata(&self, is_picked: bool) -> Result<Vec<String>, String> {
        if self.form == Form::Direct || is_picked {
            return Ok(Vec::new());
        }
        let parts = ["StatusCode", "ExecutedVersion", "SdkHttpMetadata", "SdkResponseMetadata"];
        let text = self.definition.to_json().to_string();
        if let Some(part) = parts.iter().find(|part| text.contains(*part)) {
            return Err(format!("has its `{part}` read in the machine"));
        }
        Ok(vec![
            "the state hands on the answer without `StatusCode` and the metadata of the invocation"
                .to_owned(),
        ])
    }

    /// The answer of `lambda:invoke` with the status it always has.
    fn with_status(&self, whole: &Expr) -> Expr {
        match (self.form, whole) {
            (Form::Invoke, Expr::Object(entries)) => {
                let status = ("StatusCode".to_owned(), Expr::Constant(200.into()));
                Expr::Object(entries.iter().cloned().chain([status]).collect())
            }
            _ => whole.clone(),
        }
    }
}

/// `{"x.$": path}`, to read a path as a template does.
fn picking(path: &str) -> Value {
    let span = crate::source::Span::new(crate::source::SourceId(0), 0, 0);
    let name = crate::template::Name { text: "x.$".to_owned(), span };
    let entries = vec![(name, Value::string(path, span))];
    Value { span, kind: crate::template::ValueKind::Map(Map { entries }) }
}

/// Every expression of a value changed.
fn replaced(value: Json, change: &dyn Fn(&str) -> Result<String, String>) -> Result<Json, String> {
    Ok(match value {
        Json::String(text) if text.trim_start().starts_with("{%") => Json::from(change(&text)?),
        Json::Array(items) => {
            items.into_iter().map(|item| replaced(item, change)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Json::Object(map) => {
            let entry = |(key, value)| Ok((key, replaced(value, change)?));
            Json::Object(map.into_iter().map(entry).collect::<Result<_, String>>()?)
        }
        other => other,
    })
}

/// An expression that reads the answer where it comes from: of `$states.result.Payload.id`, `id`.
fn with_answer(text: &str, of: &str, answer: &Expr) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("$states.result") {
        let (before, found) = rest.split_at(at);
        let Some(mut behind) = found.strip_prefix(of) else {
            return Err("has its `StatusCode` or metadata read by the state".to_owned());
        };
        let mut path = Vec::new();
        let mut value = Some(answer.clone());
        // As many steps as lead to a part that is known.
        while let Some(step) = behind.strip_prefix('.') {
            let end = step.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(step.len());
            path.push(step[..end].to_owned());
            let Some(part) = answer.part(&path).filter(|_| end > 0) else { break };
            value = Some(part);
            behind = &step[end..];
        }
        let written = Language::Jsonata.expression(&value.take().unwrap_or_else(|| answer.clone()))?;
        let plain = written.chars().all(|c| c.is_alphanumeric() || matches!(c, '$' | '.' | '_'));
        out.push_str(before);
        out.push_str(&if plain { written } else { format!("({written})") });
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// Another state of the same `States`.
fn sibling<'v>(value: &'v Value, name: &str, wanted: &str) -> Option<&'v Value> {
    if let Some(states) = value.get("States").and_then(Value::as_map)
        && states.get(name).is_some()
    {
        return states.get(wanted);
    }
    match value.as_map() {
        Some(map) => map.iter().find_map(|(_, inner)| sibling(inner, name, wanted)),
        None => value.as_list()?.iter().find_map(|inner| sibling(inner, name, wanted)),
    }
}

/// Whether any state leads back to this one.
fn is_reached_again(value: &Value, name: &str) -> bool {
    let mut found = false;
    value.walk(&mut |value| {
        for key in ["Next", "Default"] {
            found |= value.get(key).and_then(Value::as_str) == Some(name);
        }
    });
    found
}
