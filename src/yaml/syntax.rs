//! The parser's errors in words for people who write templates.

use granit_parser::{ErrorKind, ScanError};

use crate::evidence::Problem;
use crate::source::Span;

pub(super) const TOO_DEEP: &str = "more than 200 collections inside each other; the rest was not read";

/// A syntax error at `place`.
pub(super) fn problem(path: &str, text: &str, place: Span, error: &ScanError) -> Problem {
    let words = words(error.kind());
    let problem = Problem::at(path, place, format!("line {} cannot be read: {words}", error.marker().line()));
    let line = line_at(text, place.start as usize);
    if ["{{", "{%", "<%"].iter().any(|mark| line.contains(mark)) {
        return problem
            .help("this looks like a template engine's source (Jinja, ERB, Mustache); render it first");
    }
    match help(error.kind()) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

fn line_at(text: &str, offset: usize) -> &str {
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
}

fn words(kind: &ErrorKind) -> String {
    use ErrorKind as E;
    let words = match kind {
        E::RecursionLimitExceeded => TOO_DEEP,
        E::UnclosedQuotedScalar => "a quoted text has no closing quote",
        E::UnclosedFlowCollection { open } => return format!("this `{open}` has no closing bracket"),
        E::UnexpectedEofFlowSequence => "a `[` has no closing `]`",
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping => "a `{` has no closing `}`",
        E::MismatchedFlowCollectionEnd { open, close } => return format!("`{close}` closes a `{open}`"),
        E::MisplacedFlowCollectionEnd => "this bracket closes nothing",
        E::ExpectedFlowMappingSeparator => "a `,` or a `}` is missing before this",
        E::ExpectedFlowSequenceSeparator => "a `,` or a `]` is missing before this",
        E::ExpectedBlockMappingKey => {
            "a `key:` was expected here; the line is indented unlike its neighbours"
        }
        E::ExpectedBlockSequenceEntry => {
            "a `- ` was expected here; the line is indented unlike its neighbours"
        }
        E::InvalidIndentation => "the line is indented unlike its neighbours",
        E::SimpleKeyExpected | E::InvalidSimpleKey => "this text is no `key: value`, its `:` is missing",
        E::MappingValueNotAllowed | E::InvalidColonPlacement => "a `:` cannot stand here",
        E::MappingKeyNotAllowed => "a key cannot stand here",
        E::BlockSequenceEntryNotAllowed | E::BlockEntryInFlowCollection => "a `- ` cannot stand here",
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabInPlainScalar => {
            "a tab is used to indent"
        }
        E::UnexpectedCharacter { character } => return format!("no text can start with `{character}`"),
        E::UnknownQuotedScalarEscape => "in double quotes a `\\` must begin a known escape",
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            "text follows a closing quote"
        }
        E::CommentNotSeparated => "a `#` needs a space before it to begin a comment",
        E::InvalidBlockScalarHeader => "text follows the `|` or `>` of a block of text",
        E::UndeclaredTagHandle => "the tag's handle (`!name!`) is not declared",
        E::ExpectedNodeContent => "a value was expected here",
        other => return other.to_string(),
    };
    words.to_owned()
}

fn help(kind: &ErrorKind) -> Option<&'static str> {
    use ErrorKind as E;
    match kind {
        E::MappingValueNotAllowed | E::InvalidColonPlacement | E::UnexpectedCharacter { .. } => {
            Some("put the text in quotes")
        }
        E::UnknownQuotedScalarEscape => Some("use single quotes, or write `\\\\`"),
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabInPlainScalar => {
            Some("indent with spaces")
        }
        _ => None,
    }
}
