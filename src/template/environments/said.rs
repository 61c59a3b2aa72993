//! Texts of files that deploy, each with its place.

use std::collections::BTreeMap;

use crate::source::{SourceId, Sources, Span};
use crate::template::value::Value;

/// A text that a file says. What only the run knows stays in it as written: `${{ secrets.ROLE }}`, `$STAGE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub text: String,
    pub span: Span,
}

impl Said {
    pub fn new(text: impl Into<String>, span: Span) -> Self {
        Self { text: text.into(), span }
    }

    /// The text of a scalar; a list of scalars is joined with spaces, as SAM does.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let text = match value.as_list() {
            None => value.scalar()?.into_owned(),
            Some(items) => items.iter().filter_map(Value::scalar).collect::<Vec<_>>().join(" "),
        };
        Some(Self { text, span: value.span })
    }

    /// Whether a part of it is known to the run only.
    pub fn is_open(&self) -> bool {
        is_open(&self.text)
    }

    /// The text, where all of it is known.
    pub fn literal(&self) -> Option<&str> {
        (!self.is_open() && !self.text.is_empty()).then_some(self.text.as_str())
    }
}

/// Whether a text holds a variable, a substitution, or a placeholder of a generator.
pub(super) fn is_open(text: &str) -> bool {
    let after = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || "{(_@*".contains(c));
    let dynamic = text.match_indices('$').any(|(at, _)| after(&text[at + 1..]));
    dynamic || text.contains('`') || text.contains("{{")
}

/// What `${{ }}` and `$NAME` stand for at one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// `env.X`, `inputs.X`, `matrix.X`, `secrets.X`.
    pub known: BTreeMap<String, String>,
}

/// Texts made of texts must not grow without end.
const ROUNDS: usize = 4;

impl Scope {
    /// The scope with more that is known.
    pub fn with(&self, prefix: &str, entries: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut known = self.known.clone();
        for (name, text) in entries {
            known.insert(format!("{prefix}.{name}"), self.resolve(&text));
        }
        Self { known }
    }

    /// The entries of a map of scalars.
    pub fn with_map(&self, prefix: &str, map: Option<&Value>) -> Self {
        let entries = map.and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
        self.with(
            prefix,
            entries.filter_map(|(name, value)| Some((name.text.clone(), value.scalar()?.into_owned()))),
        )
    }

    /// A text with every known expression replaced. An unknown one loses its spaces, so that equal ones
    /// are equal texts.
    pub fn resolve(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            let next = self.once(&text);
            if next == text {
                break;
            }
            text = next;
        }
        text
    }

    fn once(&self, text: &str) -> String {
        let mut resolved = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${{") {
            let Some(length) = rest[start..].find("}}") else { break };
            resolved.push_str(&rest[..start]);
            let inside: String =
                rest[start + 3..start + length].chars().filter(|c| !c.is_whitespace()).collect();
            match self.known.get(&inside) {
                Some(known) => resolved.push_str(known),
                None => resolved.push_str(&format!("${{{{{inside}}}}}")),
            }
            rest = &rest[start + length + 2..];
        }
        resolved.push_str(rest);
        resolved
    }

    /// A word of a command with its variables replaced.
    pub fn expand(&self, word: &str) -> String {
        let mut expanded = String::new();
        let mut rest = word;
        while let Some(at) = rest.find('$') {
            expanded.push_str(&rest[..at]);
            let (name, length) = variable(&rest[at..]);
            match self.known.get(&format!("env.{name}")).filter(|_| length > 0) {
                Some(known) => expanded.push_str(known),
                None => expanded.push_str(&rest[at..at + length.max(1)]),
            }
            rest = &rest[at + length.max(1)..];
        }
        expanded.push_str(rest);
        expanded
    }

    pub fn said(&self, value: &Value) -> Option<Said> {
        let said = Said::of(value)?;
        Some(Said { text: self.resolve(&said.text), span: said.span })
    }
}

/// The name of `$NAME` or `${NAME}` at the start of a text, and how long it is there.
fn variable(text: &str) -> (&str, usize) {
    let inside = &text[1..];
    let name_of =
        |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    match inside.strip_prefix('{') {
        Some(braced) => {
            let end = name_of(braced);
            if braced[end..].starts_with('}') { (&braced[..end], end + 3) } else { ("", 0) }
        }
        None => {
            let end = name_of(inside);
            (&inside[..end], if end == 0 { 0 } else { end + 1 })
        }
    }
}

/// The first place of a text inside a span; the whole span where it is not written so.
pub(super) fn within(sources: &Sources, span: Span, text: &str) -> Span {
    find_within(sources, span, text).unwrap_or(span)
}

pub(super) fn find_within(sources: &Sources, span: Span, text: &str) -> Option<Span> {
    let at = sources.slice(span).find(text).filter(|_| !text.is_empty())?;
    let start = span.start as usize + at;
    Some(Span::new(span.source, start, start + text.len()))
}

/// The whole of a file.
pub(super) fn whole(sources: &Sources, source: SourceId) -> Span {
    Span::new(source, 0, sources.text(source).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_resolve_and_the_rest_is_open() {
        let scope = Scope::default()
            .with("env", [("STAGE".to_owned(), "prod".to_owned())])
            .with("inputs", [("name".to_owned(), "shop-${{ env.STAGE }}".to_owned())]);
        assert_eq!(scope.resolve("${{inputs.name}}-${{ secrets.A }}"), "shop-prod-${{secrets.A}}");
        assert_eq!(
            scope.expand("a-$STAGE-${STAGE}-${OTHER}-${STAGE##*/}$"),
            "a-prod-prod-${OTHER}-${STAGE##*/}$"
        );
        assert!(is_open("a-${OTHER}") && is_open("$(git rev)") && !is_open("US$") && !is_open("a$ b"));
    }
}
