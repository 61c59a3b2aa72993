//! The parser's errors in words for people who write templates.

use granit_parser::{ErrorKind, ScanError};

use crate::evidence::Problem;
use crate::source::Span;

pub(super) const TOO_DEEP: &str = "more than 200 collections inside each other; the rest was not read";

/// A syntax error at `place`.
pub(super) fn problem(path: &str, place: Span, error: &ScanError) -> Problem {
    let (text, help) = words(error.kind());
    let text = match text {
        Some(text) => text.to_owned(),
        None => error.kind().to_string(),
    };
    let problem = Problem::at(path, place, format!("line {} cannot be read: {text}", error.marker().line()));
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

fn words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    use ErrorKind as E;
    match kind {
        E::RecursionLimitExceeded => (Some(TOO_DEEP), None),
        E::UnclosedQuotedScalar => (Some("a quoted text has no closing quote"), None),
        _ => (None, None),
    }
}
