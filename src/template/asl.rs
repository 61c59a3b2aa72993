//! Definitions of state machines: files and texts in the Amazon States Language.
//!
//! A definition need not be JSON before its substitutions are made: `"Items": ${Items}` is usual.

use std::collections::BTreeSet;

use super::Intrinsic;
use super::convert::{Reader, placeholders};
use super::value::{Map, Name, SubPart, Value, ValueKind};
use crate::evidence::Problem;
use crate::source::{SourceId, Sources, Span};
use crate::yaml;

/// Reads a definition from a file, JSON or YAML.
///
/// `None` for an empty or unreadable file. Problems: as for any file that is read.
pub fn read_definition(sources: &Sources, id: SourceId) -> (Option<Value>, Vec<Problem>) {
    let path = sources.path(id);
    if let Some(error) = sources.error(id) {
        return (None, vec![Problem::of_file(path, format!("the file cannot be read: {error}"))]);
    }
    parse(id, path, sources.text(id))
}

/// Reads a definition from a text in the template, where every value gets the place of the text.
pub fn parse_definition(text: &str, span: Span) -> Option<Value> {
    let mut value = parse(span.source, "", text).0?;
    place(&mut value, &|_| span);
    Some(value)
}

/// The same where each part of the text has a place in the file.
pub(super) fn parse_spelled(text: &yaml::Spelled, source: SourceId) -> Option<Value> {
    let mut value = parse(source, "", text.text()).0?;
    place(&mut value, &|span| text.span(span.range()));
    Some(value)
}

/// The text with placeholders that stand where JSON wants a value put in quotes; every byte stays in
/// its place, so an edit of the one is an edit of the other.
pub fn readable(text: &str) -> String {
    quote_placeholders(text).0
}

/// Fills in `${Name}` of the substitutions. Where the text went through `Fn::Sub` or `Fn::Join` (`open`),
/// all other placeholders are references.
pub fn substitute(value: &Value, substitutions: &Map, open: bool) -> Value {
    let inner = |value: &Value| substitute(value, substitutions, open);
    let kind = match &value.kind {
        ValueKind::String(text) => {
            return filled(text, value.span, substitutions, open).unwrap_or_else(|| value.clone());
        }
        ValueKind::List(items) => ValueKind::List(items.iter().map(inner).collect()),
        ValueKind::Map(map) => {
            ValueKind::Map(map.iter().map(|(name, value)| (name.clone(), inner(value))).collect())
        }
        _ => return value.clone(),
    };
    Value { span: value.span, kind }
}

fn filled(text: &str, span: Span, substitutions: &Map, open: bool) -> Option<Value> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut found = false;
    for place in placeholders(text) {
        let inside = text[place.start + 2..place.end - 1].trim();
        // What `Fn::Sub` was told to leave alone is left for the substitutions.
        let (inside, kept) = inside.strip_prefix('!').map_or((inside, false), |kept| (kept, true));
        let name = |text: &str| Name { text: text.to_owned(), span };
        let part = match substitutions.get(inside) {
            Some(value) => SubPart::Variable(name(inside), value.clone()),
            None if open && !kept => match inside.split_once('.') {
                Some((resource, attribute)) => SubPart::GetAtt(name(resource), attribute.to_owned()),
                None => SubPart::Ref(name(inside)),
            },
            None => continue,
        };
        found = true;
        if at < place.start {
            parts.push(SubPart::Text(text[at..place.start].to_owned()));
        }
        parts.push(part);
        at = place.end;
    }
    if at < text.len() {
        parts.push(SubPart::Text(text[at..].to_owned()));
    }
    found.then(|| Value { span, kind: ValueKind::Intrinsic(Box::new(Intrinsic::Sub(parts))) })
}

fn parse(id: SourceId, path: &str, text: &str) -> (Option<Value>, Vec<Problem>) {
    let (readable, bare) = quote_placeholders(text);
    let (document, problems) = yaml::parse(id, path, &readable);
    let mut value = document.root().map(|root| Reader::new(&readable).value(root));
    if let Some(value) = &mut value {
        restore(value, &bare);
    }
    (value, problems)
}

/// Puts quotes around placeholders that stand where JSON wants a value, without moving any byte:
/// `${Items}` becomes `"$Items"`. The offsets tell which.
fn quote_placeholders(text: &str) -> (String, BTreeSet<usize>) {
    let mut bare = BTreeSet::new();
    if !text.trim_start().starts_with('{') {
        return (text.to_owned(), bare);
    }
    let mut readable = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(next) = rest.chars().next() {
        let end = rest.find('}').filter(|_| !quoted && rest.starts_with("${"));
        if let Some(end) = end {
            bare.insert(readable.len());
            readable.push_str("\"$");
            readable.push_str(&rest[2..end]);
            readable.push('"');
            rest = &rest[end + 1..];
            continue;
        }
        // An escape takes the next character with it.
        let taken = if quoted && next == '\\' {
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else {
            next.len_utf8()
        };
        quoted ^= next == '"';
        readable.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    (readable, bare)
}

fn restore(value: &mut Value, bare: &BTreeSet<usize>) {
    match &mut value.kind {
        ValueKind::String(text) if bare.contains(&(value.span.start as usize)) => {
            *text = format!("${{{}}}", text.trim_start_matches('$'));
        }
        ValueKind::List(items) => items.iter_mut().for_each(|item| restore(item, bare)),
        ValueKind::Map(map) => map.entries.iter_mut().for_each(|(_, value)| restore(value, bare)),
        _ => {}
    }
}

fn place(value: &mut Value, to: &dyn Fn(Span) -> Span) {
    value.span = to(value.span);
    match &mut value.kind {
        ValueKind::List(items) => items.iter_mut().for_each(|item| place(item, to)),
        ValueKind::Map(map) => map.entries.iter_mut().for_each(|(name, value)| {
            name.span = to(name.span);
            place(value, to);
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span() -> Span {
        Span::new(SourceId(0), 3, 9)
    }

    #[test]
    fn bare_placeholders_are_values() {
        let text = r#"{"Items": ${Items}, "Text": "a \"${b}\" c", "List": [${One}, 2]}"#;
        let value = parse_definition(text, span()).expect("it reads");
        assert_eq!(value.get("Items").and_then(Value::as_str), Some("${Items}"));
        assert_eq!(value.get("Text").and_then(Value::as_str), Some("a \"${b}\" c"));
        let list = value.get("List").and_then(Value::as_list).expect("it is a list");
        assert_eq!(list[0].as_str(), Some("${One}"));
        assert_eq!(list[0].span, span());
    }

    #[test]
    fn substitutions_and_open_placeholders_become_references() {
        let value = parse_definition(r#"{"A": "${Name}", "B": "x-${Other.Arn}", "C": "${!Name}"}"#, span())
            .expect("it reads");
        let name = Name { text: "Name".into(), span: span() };
        let substitutions = Map { entries: vec![(name, Value::string("filled", span()))] };
        let text = |open: bool, key: &str| substitute(&value, &substitutions, open).get(key).map(Value::text);
        assert_eq!(text(false, "A").as_deref(), Some("filled"));
        assert_eq!(text(false, "C").as_deref(), Some("filled"));
        assert_eq!(text(true, "B").as_deref(), Some("x-${Other.Arn}"));
        let other = substitute(&value, &substitutions, true);
        assert!(other.get("B").and_then(Value::as_intrinsic).is_some());
        let closed = substitute(&value, &substitutions, false);
        assert!(closed.get("B").and_then(Value::as_intrinsic).is_none());
    }
}
