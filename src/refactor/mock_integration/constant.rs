//! A response that is known before the request, byte for byte.

use serde_json::Value as Json;

use crate::summary::{Shape, Symbol};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::refactor) struct Response {
    pub status: u16,
    /// Its media type.
    pub kind: String,
    /// All other headers.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    /// # Errors
    /// What cannot be said in a mapping template, as the end of "it ...".
    pub(in crate::refactor) fn of(shape: &Shape, is_python: bool) -> Result<Self, String> {
        let Shape::Object { entries, open: false } = shape else {
            return Err("answers in a form that could not be followed".to_owned());
        };
        let mut response = Self {
            status: 200,
            kind: "application/json".to_owned(),
            headers: Vec::new(),
            body: String::new(),
        };
        for (name, value) in entries.iter() {
            match name.as_str() {
                "statusCode" => {
                    let status = scalar(value).and_then(|text| text.parse().ok());
                    response.status = status.ok_or("answers with a status that is not known")?;
                }
                "body" => response.body = body(value, is_python)?,
                "headers" => response.headers = headers(value)?,
                "isBase64Encoded" if matches!(value, Shape::Bool(false)) => {}
                other => return Err(format!("sets `{other}`, which a mapping template cannot")),
            }
        }
        let kind = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
        if let Some(at) = response.headers.iter().position(kind) {
            response.kind = response.headers.remove(at).1;
        }
        if response.body.contains(['$', '#']) {
            return Err("has `$` or `#` in its body, which a mapping template reads".to_owned());
        }
        Ok(response)
    }
}

fn headers(value: &Shape) -> Result<Vec<(String, String)>, String> {
    let Shape::Object { entries, open: false } = value else {
        return Err("sets headers that could not be followed".to_owned());
    };
    let mut found = Vec::new();
    for (name, value) in entries.iter() {
        let text = scalar(value).filter(|text| !text.contains(['\'', '\n', '\r']));
        let text = text.ok_or_else(|| format!("sets the header `{name}` to what a mapping cannot say"))?;
        found.push((name.clone(), text));
    }
    Ok(found)
}

fn body(value: &Shape, is_python: bool) -> Result<String, String> {
    let unknown = || "has a body that is not known byte for byte".to_owned();
    match value {
        Shape::Null => Ok(String::new()),
        Shape::Symbol(Symbol::Name(text)) => Ok(text.clone()),
        Shape::Text(parts) if parts.len() == 1 => body(&parts[0], is_python),
        Shape::Json(inner) => {
            let value = json(inner).ok_or_else(unknown)?;
            let mut text = String::new();
            write(&value, is_python, &mut text);
            Ok(text)
        }
        _ => Err(unknown()),
    }
}

fn scalar(value: &Shape) -> Option<String> {
    match value {
        Shape::Number(text) | Shape::Symbol(Symbol::Name(text)) => Some(text.clone()),
        Shape::Bool(value) => Some(value.to_string()),
        Shape::Part { of, path } if path.is_empty() => scalar(of),
        Shape::Coded { coding, value } if coding == "number" || coding == "string" => scalar(value),
        _ => None,
    }
}

/// Whole numbers only: languages write others differently.
fn json(shape: &Shape) -> Option<Json> {
    Some(match shape {
        Shape::Null => Json::Null,
        Shape::Bool(value) => Json::Bool(*value),
        Shape::Number(text) => Json::from(text.parse::<i64>().ok()?),
        Shape::Symbol(Symbol::Name(text)) => Json::from(text.as_str()),
        Shape::List(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Shape::Object { entries, open: false } if entries.iter().all(|(name, _)| name != "...") => {
            let entry = |(name, value): &(String, Shape)| Some((name.clone(), json(value)?));
            Json::Object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// JSON as `json.dumps` of Python writes it, or `JSON.stringify` of JavaScript.
fn write(value: &Json, is_python: bool, out: &mut String) {
    let separators = if is_python { (", ", ": ") } else { (",", ":") };
    match value {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { separators.0 });
                write(item, is_python, out);
            }
            out.push(']');
        }
        Json::Object(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { separators.0 });
                write(&Json::from(key.as_str()), is_python, out);
                out.push_str(separators.1);
                write(value, is_python, out);
            }
            out.push('}');
        }
        Json::String(_) if is_python => {
            for c in value.to_string().chars() {
                match c.is_ascii() {
                    true => out.push(c),
                    false => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }),
                }
            }
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Shape {
        Shape::Symbol(Symbol::Name(text.to_owned()))
    }

    #[test]
    fn bodies_are_written_as_the_language_writes_them() {
        let object = Shape::Object {
            entries: [
                ("a".into(), Shape::List([Shape::Number("1".into()), Shape::Null].into())),
                ("é".into(), name("ü\"")),
            ]
            .into(),
            open: false,
        };
        let json = Shape::Json(std::sync::Arc::new(object));
        assert_eq!(body(&json, true).as_deref(), Ok(r#"{"a": [1, null], "\u00e9": "\u00fc\""}"#));
        assert_eq!(body(&json, false).as_deref(), Ok(r#"{"a":[1,null],"é":"ü\""}"#));
        assert!(body(&Shape::Unknown, true).is_err());
    }
}
