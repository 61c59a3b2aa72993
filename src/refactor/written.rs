//! New values as YAML, with the intrinsic functions that templates use.

use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value as Yaml};

use crate::source::{SourceId, Span};
use crate::template::Value;
use crate::yaml;

/// A mapping of these entries, in order.
pub fn map<K: Into<String>, V: Into<Yaml>>(entries: impl IntoIterator<Item = (K, V)>) -> Yaml {
    let entries = entries.into_iter().map(|(key, value)| (Yaml::from(key.into()), value.into()));
    Yaml::Mapping(entries.collect::<Mapping>())
}

pub fn list<V: Into<Yaml>>(items: impl IntoIterator<Item = V>) -> Yaml {
    Yaml::Sequence(items.into_iter().map(Into::into).collect())
}

/// `!Ref id`
pub fn reference(id: &str) -> Yaml {
    tagged("Ref", Yaml::from(id))
}

/// `!GetAtt id.attribute`
pub fn get_att(id: &str, attribute: &str) -> Yaml {
    tagged("GetAtt", Yaml::from(format!("{id}.{attribute}")))
}

/// `!Sub text`
pub fn sub(text: &str) -> Yaml {
    tagged("Sub", Yaml::from(text))
}

/// `!Sub [text, {name: value}]`
pub fn sub_with(text: &str, variables: Vec<(String, Yaml)>) -> Yaml {
    tagged("Sub", list([Yaml::from(text), map(variables)]))
}

/// `!If [condition, then, otherwise]`
pub fn choice(condition: &str, then: Yaml, otherwise: Yaml) -> Yaml {
    tagged("If", list([Yaml::from(condition), then, otherwise]))
}

/// A value of the template, with short tags.
pub fn of_value(value: &Value) -> Yaml {
    short(serde_yaml::to_value(value.to_json()).unwrap_or_default())
}

fn short(value: Yaml) -> Yaml {
    match value {
        Yaml::Sequence(items) => list(items.into_iter().map(short)),
        Yaml::Mapping(entries) => {
            let lone = entries.len() == 1;
            let mut entries: Vec<(Yaml, Yaml)> =
                entries.into_iter().map(|(key, value)| (key, short(value))).collect();
            let function = entries.first().and_then(|(key, _)| key.as_str()).filter(|_| lone);
            let name =
                function.and_then(|key| if key == "Ref" { Some(key) } else { key.strip_prefix("Fn::") });
            match (name.map(str::to_owned), entries.pop()) {
                (Some(name), Some((_, value))) => match (name.as_str(), &value) {
                    ("GetAtt", Yaml::Sequence(parts)) => match parts.as_slice() {
                        [Yaml::String(id), Yaml::String(attribute)] => get_att(id, attribute),
                        _ => tagged(&name, value),
                    },
                    _ => tagged(&name, value),
                },
                (_, last) => {
                    entries.extend(last);
                    Yaml::Mapping(entries.into_iter().collect())
                }
            }
        }
        other => other,
    }
}

fn tagged(name: &str, value: Yaml) -> Yaml {
    Yaml::Tagged(Box::new(TaggedValue { tag: Tag::new(name), value }))
}

/// The value in block style; with `json`, tags in their long form. Lists below a key are `indented` or
/// begin where the key does.
pub(super) fn text_of(value: &Yaml, json: bool, indented: bool) -> String {
    let mut out = String::new();
    let value = if json { long(value) } else { value.clone() };
    let writer = Writer { step: if indented { 2 } else { 0 } };
    match value {
        Yaml::Mapping(_) | Yaml::Sequence(_) if !is_empty(&value) => writer.block(&value, 0, &mut out),
        Yaml::Tagged(_) => {
            writer.behind(&value, 0, &mut out);
            out = out.trim_start_matches(' ').to_owned();
        }
        _ => out = format!("{}\n", scalar(&value, 0)),
    }
    out
}

/// The text of a value as it would stand at the first column.
pub(super) fn undented(text: &str, span: Span) -> String {
    let start = span.start as usize;
    let column = start - text[..start].rfind('\n').map_or(0, |at| at + 1);
    let slice = text.get(span.range()).unwrap_or_default();
    let cut = |line: &str| {
        line.get(column.min(line.len() - line.trim_start().len())..).unwrap_or_default().to_owned()
    };
    let mut lines = slice.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(lines.map(cut)).collect::<Vec<_>>().join("\n")
}

struct Writer {
    /// How far lists are indented below their key.
    step: usize,
}

impl Writer {
    /// A mapping or list whose lines begin at a column.
    fn block(&self, value: &Yaml, column: usize, out: &mut String) {
        let indent = " ".repeat(column);
        match value {
            Yaml::Mapping(entries) => {
                for (key, value) in entries {
                    out.push_str(&format!("{indent}{}:", scalar(key, column)));
                    self.behind(value, column, out);
                }
            }
            Yaml::Sequence(items) => {
                for item in items {
                    let mut inner = String::new();
                    match item {
                        Yaml::Mapping(_) | Yaml::Sequence(_) if !is_empty(item) => {
                            self.block(item, column + 2, &mut inner);
                        }
                        _ => self.behind(item, column, &mut inner),
                    }
                    out.push_str(&format!("{indent}- {}", inner.trim_start_matches(' ')));
                }
            }
            _ => {}
        }
    }

    /// What stands behind a key or dash at a column, and on the lines below.
    fn behind(&self, value: &Yaml, column: usize, out: &mut String) {
        let (tag, inner) = match value {
            Yaml::Tagged(tagged) => (format!(" {}", tagged.tag), &tagged.value),
            other => (String::new(), other),
        };
        out.push_str(&tag);
        let below = match inner {
            _ if is_empty(inner) => None,
            Yaml::Mapping(_) => Some(column + 2),
            Yaml::Sequence(_) if tag.is_empty() => Some(column + self.step),
            Yaml::Sequence(_) => Some(column + 2),
            _ => None,
        };
        match below {
            Some(below) => {
                out.push('\n');
                self.block(inner, below, out);
            }
            None => out.push_str(&format!(" {}\n", scalar(inner, column))),
        }
    }
}

fn is_empty(value: &Yaml) -> bool {
    match value {
        Yaml::Mapping(entries) => entries.is_empty(),
        Yaml::Sequence(items) => items.is_empty(),
        _ => false,
    }
}

/// A scalar, or an empty collection, as it stands behind a key at a column.
fn scalar(value: &Yaml, column: usize) -> String {
    match value {
        Yaml::Mapping(_) => "{}".to_owned(),
        Yaml::Sequence(_) => "[]".to_owned(),
        Yaml::String(text) if text.contains('\n') && is_block(text) => {
            let indent = " ".repeat(column + 2);
            let head = if text.ends_with('\n') { "|" } else { "|-" };
            let line =
                |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("\n{indent}{line}") };
            let lines: String = text.lines().map(line).collect();
            format!("{head}{lines}")
        }
        Yaml::String(text) if is_plain(text) => text.clone(),
        Yaml::String(text) => serde_json::Value::from(text.as_str()).to_string(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim_end().to_owned(),
    }
}

/// Whether a text of several lines reads the same as a literal block.
fn is_block(text: &str) -> bool {
    let odd = |c: char| c.is_control() && c != '\n';
    !text.starts_with([' ', '\n']) && !text.ends_with("\n\n") && !text.contains(odd)
}

/// Whether a text reads as itself without quotes. A date is a text to no reader but ours.
fn is_plain(text: &str) -> bool {
    let is_date = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let (document, problems) = yaml::parse(SourceId(0), "", &format!("x: {text}\n"));
    let read = document.root().and_then(|root| root.get("x"));
    !is_date
        && problems.is_empty()
        && read.is_some_and(|read| read.as_str() == Some(text) && read.tag().is_none())
}

/// The value with intrinsic functions in their long form.
pub fn long(value: &Yaml) -> Yaml {
    match value {
        Yaml::Sequence(items) => list(items.iter().map(long)),
        Yaml::Mapping(entries) => {
            Yaml::Mapping(entries.iter().map(|(key, value)| (key.clone(), long(value))).collect())
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let name = name.trim_start_matches('!');
            let key = if name == "Ref" { name.to_owned() } else { format!("Fn::{name}") };
            // In its long form it takes a list only.
            let parts =
                tagged.value.as_str().filter(|_| name == "GetAtt").and_then(|text| text.split_once('.'));
            match parts {
                Some((id, attribute)) => map([(key, list([id, attribute]))]),
                None => map([(key, long(&tagged.value))]),
            }
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intrinsics_are_short_in_yaml_and_long_in_json() {
        let value = map([("A", reference("T")), ("B", list([get_att("T", "Arn")])), ("C", sub("${T}-x"))]);
        assert_eq!(text_of(&value, false, true), "A: !Ref T\nB:\n  - !GetAtt T.Arn\nC: !Sub ${T}-x\n");
        let long = text_of(&value, true, true);
        assert!(
            long.contains("Fn::GetAtt:\n") && long.contains("- T\n") && long.contains("Fn::Sub: ${T}-x"),
            "{long}"
        );
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        let texts = [
            "plain",
            "2012-10-17",
            "no",
            "12",
            "",
            "a: b",
            "# c",
            "a\nb\n",
            "a\n\n  b",
            " x\ny",
            "{%x%}",
            "*",
        ];
        let value = map([
            ("Texts", list(texts)),
            (
                "Nested",
                list([list([Yaml::from("x")]), map([("a", list([map([("b", "c"), ("d", "e\nf\n")])]))])]),
            ),
            ("Empty", list::<Yaml>([])),
            ("None", Yaml::Null),
            ("Number", Yaml::from(1)),
            ("Long", sub("a\nb\n")),
            ("Two", sub_with("${A}", vec![("A".to_owned(), reference("B"))])),
        ]);
        for indented in [true, false] {
            let text = text_of(&value, false, indented);
            let read: Yaml = serde_yaml::from_str(&text).expect("it reads");
            assert_eq!(read, value, "{text}");
        }
        assert!(text_of(&value, false, true).contains("- \"2012-10-17\"\n"));
    }
}
