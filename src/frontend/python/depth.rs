//! How deep code is nested, told from its words before it is parsed.
//!
//! The parser and whoever drops its tree recurse as deep as the code is nested. Each level has a word
//! of its own (a bracket, an operator, a keyword), so counting words is enough.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

/// Code nested deeper is not parsed. Deeper than [`DEEPEST`](super::DEEPEST): what lies between is
/// parsed, and cut off at its place.
const MOST_LEVELS: u32 = 1_000;

pub(super) fn is_deep(text: &str) -> bool {
    let mut lexer = lex(text, Mode::Module);
    let words = std::iter::from_fn(|| Some(lexer.next_token()));
    are_deep(words.take_while(|word| *word != TokenKind::EndOfFile))
}

pub(super) fn are_deep(words: impl IntoIterator<Item = TokenKind>) -> bool {
    let mut blocks = 0_u32;
    // The level at hand, and that at which each open bracket stands.
    let mut level = 0_u32;
    let mut open = vec![0];
    for word in words {
        match word {
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline => {}
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Newline => {
                level = blocks;
                open.clear();
                open.push(level);
            }
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                level += 1;
                open.push(level);
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                // As a part of what may go on: `a[0][0]`.
                level = if open.len() > 1 { open.pop().unwrap_or(level) } else { level + 1 };
            }
            TokenKind::Comma => level = open.last().copied().unwrap_or(level),
            TokenKind::Lambda => {
                // Its commas do not end it.
                level += 1;
                if let Some(last) = open.last_mut() {
                    *last = level;
                }
            }
            _ => level += 1,
        }
        if level > MOST_LEVELS {
            return true;
        }
    }
    false
}
