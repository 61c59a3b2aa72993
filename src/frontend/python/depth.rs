//! How deep code is nested, told from its words before it is parsed.
//!
//! The parser and whoever drops its tree recurse as deep as the code is nested. Each level has a word
//! of its own (a bracket, an operator, a keyword), so counting words is enough. A chain of `or`, of
//! `and` or of comparisons is one level, however long: the parser keeps its operands side by side.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

/// Code nested deeper is not parsed. Deeper than [`DEEPEST`](super::DEEPEST): what lies between is
/// parsed, and cut off at its place.
const MOST_LEVELS: u32 = 1_000;

pub(super) fn is_deep(text: &str) -> bool {
    if has_few_words(text) {
        return false;
    }
    let mut lexer = lex(text, Mode::Module);
    let words = std::iter::from_fn(|| Some(lexer.next_token()));
    are_deep(words.take_while(|word| *word != TokenKind::EndOfFile))
}

/// Whether a text has fewer words than levels are allowed, as nearly all have; told without taking
/// it apart. Each sign counts as a word.
fn has_few_words(text: &str) -> bool {
    let mut before = 0;
    let mut words = 0;
    for byte in text.bytes() {
        let of = PARTS[usize::from(byte)];
        words += u32::from(of & !before & LETTER) + u32::from(of >> 1);
        before = of;
    }
    words < MOST_LEVELS
}

const LETTER: u8 = 1;
const SIGN: u8 = 2;

/// What a byte is part of.
const PARTS: [u8; 256] = {
    let mut parts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        parts[byte] = match byte as u8 {
            b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => LETTER,
            b'!'..=b'~' => SIGN,
            _ => 0,
        };
        byte += 1;
    }
    parts
};

pub(super) fn are_deep(words: impl IntoIterator<Item = TokenKind>) -> bool {
    let mut blocks = 0_u32;
    let mut level = 0_u32;
    let mut open = vec![Open::at(0)];
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
                open.push(Open::at(level));
            }
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                level += 1;
                open.push(Open::at(level));
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                // As a part of what may go on: `a[0][0]`.
                let closed = if open.len() > 1 { open.pop() } else { None };
                level = closed.map_or(level + 1, |closed| closed.level);
            }
            word => level = open.last_mut().map_or(level + 1, |inner| inner.after(word, level)),
        }
        if level > MOST_LEVELS {
            return true;
        }
    }
    false
}

/// The level at which a bracket stands (or a line), and those at which the chains at hand in it stand.
struct Open {
    level: u32,
    /// Of `or`, of `and`, of comparisons: each stands in an operand of the one before.
    chains: [u32; 3],
}

impl Open {
    fn at(level: u32) -> Self {
        Self { level, chains: [level; 3] }
    }

    /// The level after a word.
    fn after(&mut self, word: TokenKind, level: u32) -> u32 {
        let chain = match word {
            TokenKind::Comma => {
                self.chains = [self.level; 3];
                return self.level;
            }
            TokenKind::Or => 0,
            TokenKind::And => 1,
            TokenKind::Less
            | TokenKind::Greater
            | TokenKind::EqEqual
            | TokenKind::NotEqual
            | TokenKind::LessEqual
            | TokenKind::GreaterEqual
            | TokenKind::Is
            | TokenKind::In => 2,
            // Before a comparison, and as a part of `not in` and `is not`.
            TokenKind::Not => {
                self.chains[2] = level + 1;
                return level + 1;
            }
            word if is_in_operand(word) => return level + 1,
            // Its commas do not end it.
            TokenKind::Lambda => {
                *self = Self::at(level + 1);
                return self.level;
            }
            _ => {
                self.chains = [level + 1; 3];
                return level + 1;
            }
        };
        let level = self.chains[chain] + 1;
        self.chains[chain + 1..].fill(level);
        level
    }
}

/// Words that bind their operands tighter than comparisons do.
fn is_in_operand(word: TokenKind) -> bool {
    matches!(
        word,
        TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::Percent
            | TokenKind::At
            | TokenKind::DoubleStar
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift
            | TokenKind::Tilde
            | TokenKind::Dot
            | TokenKind::Await
    )
}
