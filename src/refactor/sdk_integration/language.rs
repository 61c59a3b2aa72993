//! The two languages of states: how their expressions read, and how values are written in them.

use serde_json::Value as Json;
use serde_yaml::{Mapping, Value as Yaml};

use super::value::Expr;
use crate::template::{Value, ValueKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    JsonPath,
    Jsonata,
}

/// Writes a value of the template where a state has it.
pub(super) type Leaf<'l> = &'l mut dyn FnMut(&Value) -> Result<Yaml, String>;

impl Language {
    /// The language of a state.
    pub(super) fn of(definition: &Value, state: &Value) -> Self {
        let named = |value: &Value| value.get("QueryLanguage").and_then(Value::as_str).map(str::to_owned);
        match named(state).or_else(|| named(definition)).as_deref() {
            Some("JSONata") => Self::Jsonata,
            _ => Self::JsonPath,
        }
    }

    /// The key of a state's input to its call.
    pub(super) fn arguments(self) -> &'static str {
        match self {
            Self::JsonPath => "Parameters",
            Self::Jsonata => "Arguments",
        }
    }

    /// What a state's arguments or result selector say. `root` is what `$` stands for.
    pub(super) fn read(self, value: &Value, root: &Expr) -> Result<Expr, String> {
        match &value.kind {
            ValueKind::Map(map) => {
                let mut entries = Vec::new();
                for (name, value) in map.iter() {
                    let dynamic = name.text.strip_suffix(".$").filter(|_| self == Self::JsonPath);
                    match dynamic {
                        Some(name) => {
                            let text = value.as_str().ok_or("a path that is no text")?;
                            entries.push((name.to_owned(), json_path(text, root)?));
                        }
                        None => entries.push((name.text.clone(), self.read(value, root)?)),
                    }
                }
                Ok(Expr::Object(entries))
            }
            ValueKind::List(items) => {
                let items: Result<Vec<Expr>, String> =
                    items.iter().map(|item| self.read(item, root)).collect();
                Ok(Expr::List(items?))
            }
            ValueKind::String(text) if self == Self::Jsonata && text.trim_start().starts_with("{%") => {
                Ok(jsonata(text, root))
            }
            ValueKind::Intrinsic(_) => Ok(Expr::Template(value.clone())),
            _ => Ok(Expr::Constant(value.to_json())),
        }
    }

    /// A value as a state has it in its arguments, or an entry of them: the key may change.
    pub(super) fn entry(self, key: &str, value: &Expr, leaf: Leaf<'_>) -> Result<(String, Yaml), String> {
        match value {
            Expr::Constant(value) => Ok((key.to_owned(), self.constant(value)?)),
            Expr::Template(value) => Ok((key.to_owned(), leaf(value)?)),
            Expr::Object(entries) => {
                let mut written = Mapping::new();
                for (name, value) in entries {
                    let (name, value) = self.entry(name, value, leaf)?;
                    written.insert(Yaml::from(name), value);
                }
                Ok((key.to_owned(), Yaml::Mapping(written)))
            }
            Expr::List(items) => {
                let mut written = Vec::new();
                for item in items {
                    let (name, value) = self.entry("", item, leaf)?;
                    if !name.is_empty() {
                        return Err("puts a part of the input into a list".to_owned());
                    }
                    written.push(value);
                }
                Ok((key.to_owned(), Yaml::Sequence(written)))
            }
            other => {
                let text = self.expression(other)?;
                Ok(match self {
                    Self::JsonPath => (format!("{key}.$"), Yaml::from(text)),
                    Self::Jsonata => (key.to_owned(), Yaml::from(format!("{{% {text} %}}"))),
                })
            }
        }
    }

    /// A value as an expression.
    pub(super) fn expression(self, value: &Expr) -> Result<String, String> {
        match (self, value) {
            (_, Expr::Written(text)) => Ok(text.clone()),
            (Self::JsonPath, Expr::Input(path) | Expr::Answer(path)) => json_path_of("$", path),
            (Self::JsonPath, Expr::Context(path)) => json_path_of("$$", path),
            (Self::JsonPath, Expr::RandomId) => Ok("States.UUID()".to_owned()),
            (Self::JsonPath, Expr::JsonText(value)) => {
                Ok(format!("States.JsonToString({})", self.expression(value)?))
            }
            (Self::JsonPath, Expr::Digits(value)) => {
                Ok(format!("States.Format('{{}}', {})", self.expression(value)?))
            }
            (Self::JsonPath, _) => Err("puts a value together that JSONPath cannot".to_owned()),
            (Self::Jsonata, value) => jsonata_of(value),
        }
    }

    fn constant(self, value: &Json) -> Result<Yaml, String> {
        let odd = match self {
            Self::JsonPath => any_key(value, &|key| key.ends_with(".$")),
            Self::Jsonata => any_text(value, &|text| text.trim_start().starts_with("{%")),
        };
        if odd {
            return Err("holds a constant that would be read as an expression".to_owned());
        }
        serde_yaml::to_value(value).map_err(|error| error.to_string())
    }
}

fn any_key(value: &Json, asked: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Json::Object(map) => map.iter().any(|(key, value)| asked(key) || any_key(value, asked)),
        Json::Array(items) => items.iter().any(|item| any_key(item, asked)),
        _ => false,
    }
}

fn any_text(value: &Json, asked: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Json::String(text) => asked(text),
        Json::Object(map) => map.values().any(|value| any_text(value, asked)),
        Json::Array(items) => items.iter().any(|item| any_text(item, asked)),
        _ => false,
    }
}

/// `$.a.b`, `$$.Execution.Name`; anything else stays as it is written.
fn json_path(text: &str, root: &Expr) -> Result<Expr, String> {
    let text = text.trim();
    let (of, rest) = match text.strip_prefix("$$") {
        Some(rest) => (Expr::Context(Vec::new()), rest),
        None => match text.strip_prefix('$') {
            Some(rest) => (root.clone(), rest),
            None => return written(text, root),
        },
    };
    match steps(rest) {
        Some(path) => of.part(&path).ok_or_else(|| format!("reads `{text}`, which the answer does not have")),
        None => written(text, root),
    }
}

/// An expression that is kept, which only means the same where `$` is the state's input.
fn written(text: &str, root: &Expr) -> Result<Expr, String> {
    match root {
        Expr::Input(path) if path.is_empty() => Ok(Expr::Written(text.to_owned())),
        _ => Err(format!("computes `{text}` from the answer")),
    }
}

/// The parts of `.a['b'][0]`; `None` where it is no plain path.
fn steps(mut text: &str) -> Option<Vec<String>> {
    let mut path = Vec::new();
    while !text.is_empty() {
        if let Some(rest) = text.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let name = &rest[..end];
            if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
                return None;
            }
            path.push(name.to_owned());
            text = &rest[end..];
        } else {
            let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
            let quoted = inside.strip_prefix('\'').and_then(|name| name.strip_suffix('\''));
            let name = match quoted {
                Some(name) if !name.contains(['\'', '\\']) => name,
                None if inside.chars().all(|c| c.is_ascii_digit()) && !inside.is_empty() => inside,
                _ => return None,
            };
            path.push(name.to_owned());
            text = rest;
        }
    }
    Some(path)
}

fn json_path_of(root: &str, path: &[String]) -> Result<String, String> {
    let mut text = root.to_owned();
    for part in path {
        if part.chars().all(|c| c.is_ascii_digit()) && !part.is_empty() {
            text.push_str(&format!("[{part}]"));
        } else if is_name(part) {
            text.push_str(&format!(".{part}"));
        } else if part.contains(['\'', '\\']) || part == "*" {
            return Err(format!("reads `{part}`, which a path cannot name"));
        } else {
            text.push_str(&format!("['{part}']"));
        }
    }
    Ok(text)
}

fn is_name(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `{% $states.input.a %}`; anything else stays as it is written.
fn jsonata(text: &str, root: &Expr) -> Expr {
    let inside = text.trim().trim_start_matches("{%").trim_end_matches("%}").trim();
    // In an expression a hyphen is a minus.
    let path = |start: &str| inside.strip_prefix(start).filter(|rest| !rest.contains('-')).and_then(steps);
    let found = match (path("$states.input"), path("$states.context")) {
        (Some(path), _) => root.part(&path),
        (_, Some(path)) => Some(Expr::Context(path)),
        _ => None,
    };
    found.unwrap_or_else(|| Expr::Written(inside.to_owned()))
}

fn jsonata_of(value: &Expr) -> Result<String, String> {
    let path = |root: &str, path: &[String]| {
        path.iter().try_fold(root.to_owned(), |text, part| {
            if part.chars().all(|c| c.is_ascii_digit()) && !part.is_empty() {
                Ok(format!("{text}[{part}]"))
            } else if is_name(part) {
                Ok(format!("{text}.{part}"))
            } else if part.contains('`') || part == "*" {
                Err(format!("reads `{part}`, which a path cannot name"))
            } else {
                Ok(format!("{text}.`{part}`"))
            }
        })
    };
    match value {
        Expr::Constant(value) => Ok(value.to_string()),
        Expr::Input(steps) => path("$states.input", steps),
        Expr::Context(steps) => path("$states.context", steps),
        Expr::Answer(steps) => path("$states.result", steps),
        Expr::Written(text) => Ok(format!("({text})")),
        Expr::RandomId => Ok("$uuid()".to_owned()),
        Expr::JsonText(value) | Expr::Digits(value) => Ok(format!("$string({})", jsonata_of(value)?)),
        Expr::Object(entries) => {
            let entries: Result<Vec<String>, String> = entries
                .iter()
                .map(|(name, value)| Ok(format!("{}: {}", Json::from(name.as_str()), jsonata_of(value)?)))
                .collect();
            Ok(format!("{{{}}}", entries?.join(", ")))
        }
        Expr::List(items) => {
            let items: Result<Vec<String>, String> = items.iter().map(jsonata_of).collect();
            Ok(format!("[{}]", items?.join(", ")))
        }
        Expr::Template(_) => Err("uses a value of the template within an expression".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> Expr {
        Expr::Input(Vec::new())
    }

    #[test]
    fn paths_read_and_are_written_the_same() {
        for text in ["$", "$.a", "$.a.b[0]['x-y']", "$$.Execution.Name"] {
            let read = json_path(text, &input()).expect("a path");
            assert_eq!(Language::JsonPath.expression(&read).as_deref(), Ok(text));
        }
        assert_eq!(json_path("$.a[*].b", &input()), Ok(Expr::Written("$.a[*].b".into())));
        assert!(json_path("States.Format('{}', $.a)", &Expr::Answer(Vec::new())).is_err());
        let read = jsonata("{% $states.input.a.b %}", &input());
        assert_eq!(Language::Jsonata.expression(&read).as_deref(), Ok("$states.input.a.b"));
        let other = jsonata("{% $sum($states.input.a) %}", &input());
        assert_eq!(Language::Jsonata.expression(&other).as_deref(), Ok("$sum($states.input.a)"));
    }
}
