//! What was seen, where, and how certain it is; and what could not be read.

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// Whether a thing happens on some path or on every path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Certainty {
    May,
    Must,
}

/// One thing that was seen, as the reader should be told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub span: Span,
    pub certainty: Certainty,
    pub text: String,
}

/// "A", "A and B", "A, B and C".
pub fn enumerated<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        names => names.concat(),
    }
}

/// Something that could not be read or followed. Not a finding: the user's project may be right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path of the file it concerns, relative to the root.
    pub path: String,
    /// The place in it, where there is one.
    pub span: Option<Span>,
    /// What is the matter, as a sentence without a full stop.
    pub text: String,
    /// The way out, where one is known.
    pub help: Option<String>,
    /// A second place that belongs to it (the first of two duplicate keys).
    pub related: Option<(Span, String)>,
}

impl Problem {
    /// A problem with a whole file.
    pub fn of_file(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), span: None, text: text.into(), help: None, related: None }
    }

    pub fn at(path: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::of_file(path, text) }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related = Some((span, text.into()));
        self
    }
}
