//! Strings: escapes, raw and bytes, f-strings, literals side by side; numbers.

use tree_sitter::Node;

use super::Lowering;
use super::grammar::{Child, Field, Kind, field, named};
use super::imports::member;
use super::statements::call;
use crate::ir::{Argument, ArgumentKind, Expression, ExpressionKind};
use crate::source::Span;

/// What the letters before the quote say.
#[derive(Clone, Copy)]
struct Prefix {
    raw: bool,
    bytes: bool,
    formatted: bool,
}

impl Prefix {
    fn read(start: &str) -> Self {
        let has = |letter: u8| start.bytes().any(|byte| byte.eq_ignore_ascii_case(&letter));
        Self { raw: has(b'r'), bytes: has(b'b'), formatted: has(b'f') || has(b't') }
    }
}

impl<'t> Lowering<'t> {
    /// A literal; bytes are strings too.
    pub(super) fn string(&mut self, node: Node<'t>) -> ExpressionKind {
        let mut parts = Vec::new();
        self.string_parts(node, &mut parts);
        joined(parts)
    }

    /// `"a" "b"` is `"ab"`.
    pub(super) fn concatenated_string(&mut self, node: Node<'t>) -> ExpressionKind {
        let mut parts = Vec::new();
        for child in named(&self.children(node)) {
            self.string_parts(child.node, &mut parts);
        }
        joined(parts)
    }

    fn string_parts(&mut self, node: Node<'t>, parts: &mut Vec<Expression>) {
        if let Some((prefix, content)) = plain_literal(self.text(node))
            && !node.has_error()
        {
            return push_text(parts, self.exact_span(node), &unescape(content, prefix));
        }
        let children = self.children(node);
        let Some(start) = children.first().filter(|child| child.kind == Kind::StringStart) else { return };
        let prefix = Prefix::read(self.text(start.node));
        for child in &children {
            match child.kind {
                Kind::StringContent => {
                    let text = unescape(self.text(child.node), prefix);
                    push_text(parts, self.exact_span(child.node), &text);
                }
                Kind::Interpolation => self.interpolation(child.node, parts),
                _ => {}
            }
        }
        if prefix.formatted && !parts.iter().any(|part| matches!(part.kind, ExpressionKind::String(_))) {
            // Text in front keeps an f-string a template when it has no text of its own.
            push_text(parts, self.span(start.node), "");
        }
    }

    /// `{value!r:spec}` is `value.__repr__().__format__(spec)`, `{value=}` has its text in front.
    fn interpolation(&mut self, node: Node<'t>, parts: &mut Vec<Expression>) {
        let span = self.span(node);
        let children = self.children(node);
        let Some(expression) = field(&children, Field::Expression) else { return };
        let mut value = self.expression(expression.node);
        let conversion = children.iter().find(|child| child.kind == Kind::TypeConversion);
        let specifier = children.iter().find(|child| child.kind == Kind::FormatSpecifier);
        let shows_text = children.iter().find(|child| child.kind == Kind::Equals);
        if let Some(equals) = shows_text {
            let shown = Span::new(self.source, expression.node.start_byte(), equals.node.end_byte());
            push_text(parts, shown, self.text.get(shown.range()).unwrap_or_default());
        }
        let method = match conversion.map(|child| (child.node, self.text(child.node))) {
            Some((node, "!s")) => Some((node, "__str__")),
            Some((node, "!a")) => Some((node, "__ascii__")),
            Some((node, _)) => Some((node, "__repr__")),
            None => shows_text.filter(|_| specifier.is_none()).map(|equals| (equals.node, "__repr__")),
        };
        if let Some((node, method)) = method {
            value = call(span, member(span, value, method, self.span(node)), Vec::new());
        }
        if let Some(specifier) = specifier {
            let format = self.format_specifier(*specifier);
            let argument = Argument { kind: ArgumentKind::Positional, value: format };
            let callee = member(span, value, "__format__", self.span(specifier.node));
            value = call(span, callee, vec![argument]);
        }
        parts.push(value);
    }

    fn format_specifier(&mut self, specifier: Child<'t>) -> Expression {
        let span = self.exact_span(specifier.node);
        let children = self.children(specifier.node);
        let mut parts = Vec::new();
        let mut end = specifier.node.start_byte() + 1;
        for child in named(&children) {
            self.plain_text(end, child.node.start_byte(), &mut parts);
            self.nested(|this| this.interpolation(child.node, &mut parts));
            end = child.node.end_byte();
        }
        self.plain_text(end, specifier.node.end_byte(), &mut parts);
        Expression { span, kind: joined(parts) }
    }

    fn plain_text(&self, start: usize, end: usize, parts: &mut Vec<Expression>) {
        if let Some(text) = self.text.get(start..end).filter(|text| !text.is_empty()) {
            push_text(parts, Span::new(self.source, start, end), text);
        }
    }

    pub(super) fn number(&mut self, node: Node<'t>) -> ExpressionKind {
        let text: String = self.text(node).chars().filter(|letter| *letter != '_').collect();
        let lower = text.to_ascii_lowercase();
        let digits = lower.trim_end_matches('l');
        let radix = |prefix: &str, radix: u32| {
            u128::from_str_radix(digits.strip_prefix(prefix)?, radix).ok().map(|value| value.to_string())
        };
        if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)) {
            return ExpressionKind::Number(value);
        }
        if digits.starts_with("0x") {
            return ExpressionKind::Number(digits.to_owned());
        }
        if digits.ends_with('j') {
            return ExpressionKind::Unknown("complex number");
        }
        let mut number = digits.to_owned();
        if number.starts_with('.') {
            number.insert(0, '0');
        }
        if number.ends_with('.') {
            number.push('0');
        }
        ExpressionKind::Number(number)
    }
}

/// The text between the quotes of a literal that holds nothing else.
fn plain_literal(literal: &str) -> Option<(Prefix, &str)> {
    let (prefix, rest) = literal.split_at(literal.find(['"', '\''])?);
    let prefix = Prefix::read(prefix);
    let quote = [r#"""""#, "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote))?;
    let content = rest.strip_prefix(quote)?.strip_suffix(quote)?;
    (!prefix.formatted).then_some((prefix, content))
}

/// Text next to text is one text.
fn push_text(parts: &mut Vec<Expression>, span: Span, text: &str) {
    if let Some(Expression { span: before, kind: ExpressionKind::String(string) }) = parts.last_mut() {
        string.push_str(text);
        *before = before.to(span);
    } else {
        parts.push(Expression { span, kind: ExpressionKind::String(text.to_owned()) });
    }
}

fn joined(mut parts: Vec<Expression>) -> ExpressionKind {
    match parts.pop() {
        None => ExpressionKind::String(String::new()),
        Some(Expression { kind: ExpressionKind::String(text), .. }) if parts.is_empty() => {
            ExpressionKind::String(text)
        }
        Some(last) => {
            parts.push(last);
            parts.retain(|part| !matches!(&part.kind, ExpressionKind::String(text) if text.is_empty()));
            ExpressionKind::Template(parts)
        }
    }
}

/// The value of the text between the quotes.
fn unescape(text: &str, prefix: Prefix) -> String {
    let plain = |byte: u8| match byte {
        b'\\' => prefix.raw,
        b'{' | b'}' => !prefix.formatted,
        b'\r' => false,
        _ => true,
    };
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        match letter {
            '\\' if !prefix.raw => rest = escape(rest, prefix, &mut value),
            '{' | '}' if prefix.formatted => {
                value.push(letter);
                rest = rest.strip_prefix(letter).unwrap_or(rest);
            }
            '\r' if rest.starts_with('\n') => {}
            '\r' => value.push('\n'),
            _ => value.push(letter),
        }
    }
    value
}

/// Reads what stands after a backslash; gives the text after the escape.
fn escape<'a>(rest: &'a str, prefix: Prefix, value: &mut String) -> &'a str {
    let Some(letter) = rest.chars().next() else {
        value.push('\\');
        return rest;
    };
    let after = &rest[letter.len_utf8()..];
    let simple = match letter {
        '\n' => return after,
        '\r' => return after.strip_prefix('\n').unwrap_or(after),
        '\\' | '\'' | '"' => letter,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '0'..='7' => return code(rest, rest, 1..=3, 8, value),
        'x' => return code(rest, after, 2..=2, 16, value),
        'u' if !prefix.bytes => return code(rest, after, 4..=4, 16, value),
        'U' if !prefix.bytes => return code(rest, after, 8..=8, 16, value),
        _ => {
            value.push('\\');
            return rest;
        }
    };
    value.push(simple);
    after
}

/// A character by its number; what is no such escape stays as it is written.
fn code<'a>(
    escape: &'a str,
    digits: &'a str,
    length: std::ops::RangeInclusive<usize>,
    radix: u32,
    value: &mut String,
) -> &'a str {
    let count = digits.chars().take(*length.end()).take_while(|digit| digit.is_digit(radix)).count();
    if count < *length.start() {
        value.push('\\');
        return escape;
    }
    let number = u32::from_str_radix(&digits[..count], radix).unwrap_or(u32::MAX);
    value.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
    &digits[count..]
}
