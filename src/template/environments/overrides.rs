//! Values that a deployment gives to parameters, in all the forms that tools take them.

use super::said::{Said, Scope, find_within, is_open, within};
use crate::source::{SourceId, Sources, Span, join};
use crate::template::convert;
use crate::template::value::{Name, Value};

/// What a deployment gives to the parameters of its template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Where they are given, if any are.
    pub span: Option<Span>,
    pub entries: Vec<(Name, Said)>,
    /// More may be given than can be read.
    pub is_open: bool,
}

impl Overrides {
    pub fn get(&self, parameter: &str) -> Option<&Said> {
        self.entries.iter().find(|(name, _)| name.text == parameter).map(|(_, said)| said)
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && !self.is_open
    }

    fn put(&mut self, name: Name, said: Said) {
        match self.entries.iter_mut().find(|(known, _)| known.text == name.text) {
            Some(entry) => *entry = (name, said),
            None => self.entries.push((name, said)),
        }
    }
}

/// Where words are written, and relative to which folder they name files.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub sources: &'a Sources,
    pub folder: &'a str,
    pub span: Span,
}

/// Overrides of a configuration file: one text, a list of texts, or a mapping.
pub(super) fn of_value(value: &Value, sources: &Sources, scope: &Scope) -> Overrides {
    let folder = sources.folder(value.span.source);
    let mut overrides = Overrides { span: Some(value.span), ..Overrides::default() };
    let mut add = |item: &Value| {
        let place = Place { sources, folder, span: item.span };
        if let Some(map) = item.as_map() {
            for (name, value) in map.iter() {
                match scope.said(value) {
                    Some(said) => overrides.put(name.clone(), said),
                    None => overrides.is_open = true,
                }
            }
        } else if let Some(text) = item.scalar() {
            match shlex::split(&scope.resolve(&text)) {
                Some(words) => add_words(&mut overrides, &words, place),
                None => overrides.is_open = true,
            }
        }
    };
    match value.as_list() {
        Some(items) => items.iter().for_each(add),
        None => add(value),
    }
    overrides
}

/// Overrides of a command line.
pub(super) fn of_words(words: &[String], place: Place<'_>) -> Overrides {
    let mut overrides = Overrides { span: Some(place.span), ..Overrides::default() };
    // A quoted list of several is one word to the shell.
    let words: Vec<String> = words.iter().flat_map(|word| several(word)).collect();
    add_words(&mut overrides, &words, place);
    overrides
}

/// The pairs that one word holds: `A=1 B=2`, but not `A=some text`.
fn several(word: &str) -> Vec<String> {
    let split = shlex::split(word).unwrap_or_default();
    let pairs = split.len() > 1 && split.iter().all(|part| pair(part).is_some());
    if pairs { split } else { vec![word.trim_matches(['"', '\'']).to_owned()] }
}

fn add_words(overrides: &mut Overrides, words: &[String], place: Place<'_>) {
    for word in words {
        if let Some(path) = word.strip_prefix("file://") {
            overrides.is_open |= !add_file(overrides, path, place);
            continue;
        }
        match pair(word) {
            Some((name, text)) => {
                let span = find_within(place.sources, place.span, &format!("{name}="))
                    .or_else(|| find_within(place.sources, place.span, name));
                let key = span.map_or(place.span, |span| Span {
                    end: span.start + u32::try_from(name.len()).unwrap_or(0),
                    ..span
                });
                let said = match span {
                    Some(span) => {
                        let rest = Span { start: span.start, ..place.span };
                        within(place.sources, rest, text)
                    }
                    None => place.span,
                };
                let value = text.trim_matches('"');
                overrides.put(Name { text: name.to_owned(), span: key }, Said::new(value, said));
            }
            None => overrides.is_open |= !word.is_empty(),
        }
    }
}

/// `Name=value`, or `ParameterKey=Name,ParameterValue=value`.
fn pair(word: &str) -> Option<(&str, &str)> {
    let (name, value) = match word.strip_prefix("ParameterKey=") {
        Some(rest) => {
            let (name, rest) = rest.split_once(',')?;
            (name, rest.strip_prefix("ParameterValue=")?)
        }
        None => word.split_once('=')?,
    };
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then_some((name, value))
}

/// Adds the parameters of a file; `false` where there is none to read.
fn add_file(overrides: &mut Overrides, path: &str, place: Place<'_>) -> bool {
    let found = place.sources.find(&join(place.folder, path)).filter(|_| !is_open(path));
    let Some(read) = found.and_then(|file| parameter_file(place.sources, file)) else { return false };
    for (name, said) in read {
        overrides.put(name, said);
    }
    true
}

/// The parameters of a file in one of the forms of the AWS tools: a list of `ParameterKey` and
/// `ParameterValue`, `{Parameters: {...}}`, or a plain mapping.
pub(super) fn parameter_file(sources: &Sources, file: SourceId) -> Option<Vec<(Name, Said)>> {
    let (value, _) = convert::read(sources, file);
    let value = value?;
    if let Some(items) = value.as_list() {
        let mut found = Vec::new();
        for item in items {
            match item.get("ParameterKey") {
                Some(key) => {
                    let name = Name { text: key.as_str()?.to_owned(), span: key.span };
                    let said = item.get("ParameterValue").and_then(Said::of);
                    found.push((name, said.unwrap_or_else(|| Said::new("$?", item.span))));
                }
                None => {
                    let text = item.as_str()?;
                    let (name, value) = pair(text)?;
                    let name = Name { text: name.to_owned(), span: item.span };
                    found.push((name, Said::new(value, item.span)));
                }
            }
        }
        return Some(found);
    }
    let map = value.get("Parameters").and_then(Value::as_map).or_else(|| value.as_map())?;
    map.iter().map(|(name, value)| Some((name.clone(), Said::of(value)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let file = "{\"Parameters\": {\"A\": \"1\"}}".to_owned();
        let texts = [("a.toml".to_owned(), text.to_owned()), ("p.json".to_owned(), file)];
        let sources = Sources::in_memory(texts.into());
        let root = crate::template::toml::parse(SourceId(0), sources.text(SourceId(0)));
        let overrides = of_value(root.get("x").expect("it is there"), &sources, &Scope::default());
        let mut all: Vec<_> =
            overrides.entries.into_iter().map(|(name, said)| (name.text, said.text)).collect();
        if overrides.is_open {
            all.push(("...".to_owned(), String::new()));
        }
        all
    }

    #[test]
    fn all_forms_are_read() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        assert_eq!(read(r#"x = "A=1 B=\"x y\" C=''""#), pairs(&[("A", "1"), ("B", "x y"), ("C", "")]));
        assert_eq!(read(r#"x = ["A=1", "B=\"2\""]"#), pairs(&[("A", "1"), ("B", "2")]));
        assert_eq!(read(r#"x = "ParameterKey=A,ParameterValue=a,b""#), pairs(&[("A", "a,b")]));
        assert_eq!(read(r#"x = "file://p.json""#), pairs(&[("A", "1")]));
        assert_eq!(read(r#"x = "file://q.json A=2""#), pairs(&[("A", "2"), ("...", "")]));
        assert_eq!(read("x = {A = 1}"), pairs(&[("A", "1")]));
    }
}
