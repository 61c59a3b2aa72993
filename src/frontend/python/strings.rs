//! Strings: literals, bytes, f-strings, literals side by side; numbers.

use ruff_python_ast::{
    ConversionFlag, ExprBytesLiteral, ExprFString, ExprNumberLiteral, ExprStringLiteral, ExprTString,
    FStringPart, InterpolatedElement, InterpolatedStringElement, InterpolatedStringFormatSpec, StringFlags,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::statements::positional;
use super::{Lowering, call, member};
use crate::ir::{Expression, ExpressionKind};
use crate::source::Span;

impl Lowering<'_> {
    /// `"a" "b"` is `"ab"`.
    pub(super) fn string(&mut self, string: &ExprStringLiteral) -> ExpressionKind {
        let mut value = String::with_capacity(string.value.len());
        for literal in &string.value {
            value.push_str(&self.with_plain_lines(&literal.value, literal.range));
        }
        ExpressionKind::String(value)
    }

    /// Bytes are strings too.
    pub(super) fn bytes(&mut self, bytes: &ExprBytesLiteral) -> ExpressionKind {
        let mut value = String::new();
        for literal in &bytes.value {
            let text: String = literal.value.iter().map(|byte| char::from(*byte)).collect();
            value.push_str(&self.with_plain_lines(&text, literal.range));
        }
        ExpressionKind::String(value)
    }

    /// Python reads every end of a line as `\n`; the parser leaves them as they are written.
    fn with_plain_lines<'v>(&self, value: &'v str, range: TextRange) -> std::borrow::Cow<'v, str> {
        let is_written = value.contains('\r') && !self.text(range).contains(r"\r");
        if is_written { value.replace("\r\n", "\n").replace('\r', "\n").into() } else { value.into() }
    }

    pub(super) fn formatted_string(&mut self, string: &ExprFString) -> ExpressionKind {
        let mut parts = Vec::new();
        for part in &string.value {
            match part {
                FStringPart::Literal(literal) => {
                    let text = self.with_plain_lines(&literal.value, literal.range);
                    push_text(&mut parts, self.exact_span(literal), &text);
                }
                FStringPart::FString(formatted) => {
                    self.elements(&formatted.elements, &mut parts);
                    self.mark_template(formatted.range, formatted.flags.opener_len(), &mut parts);
                }
            }
        }
        joined(parts)
    }

    pub(super) fn template_string(&mut self, string: &ExprTString) -> ExpressionKind {
        let mut parts = Vec::new();
        for template in &string.value {
            self.elements(&template.elements, &mut parts);
            self.mark_template(template.range, template.flags.opener_len(), &mut parts);
        }
        joined(parts)
    }

    /// Text in front keeps an f-string a template when it has no text of its own.
    fn mark_template(&self, range: TextRange, opener: TextSize, parts: &mut Vec<Expression>) {
        if !parts.iter().any(|part| matches!(part.kind, ExpressionKind::String(_))) {
            push_text(parts, self.span(TextRange::at(range.start(), opener)), "");
        }
    }

    fn elements(&mut self, elements: &[InterpolatedStringElement], parts: &mut Vec<Expression>) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let text = self.with_plain_lines(&literal.value, literal.range);
                    push_text(parts, self.exact_span(literal), &text);
                }
                InterpolatedStringElement::Interpolation(value) => self.interpolation(value, parts),
            }
        }
    }

    /// `{value!r:spec}` is `value.__repr__().__format__(spec)`, `{value=}` has its text in front.
    fn interpolation(&mut self, part: &InterpolatedElement, parts: &mut Vec<Expression>) {
        let span = self.span(part);
        self.inside(span, |this| this.interpolated(part, span, parts));
    }

    fn interpolated(&mut self, part: &InterpolatedElement, span: Span, parts: &mut Vec<Expression>) {
        let mut value = self.expression(&part.expression);
        let end = part.format_spec.as_ref().map_or(part.end(), |specifier| specifier.start());
        let after = TextRange::new(self.past_parentheses(part.expression.end()).min(end), end);
        // The place of a mark behind the value, and of its letters.
        let mark = |mark: char, length: usize| {
            let start = after.start().to_usize() + self.text(after).find(mark)?;
            let written = self.text.get(start..start + length).unwrap_or_default().trim_end();
            Some(Span::new(self.source, start, start + written.len()))
        };
        let equals = part.debug_text.as_ref().and_then(|_| mark('=', 1));
        if let Some(equals) = equals {
            let inside = span.start as usize + 1;
            let shown = self.text.get(inside..equals.end as usize).unwrap_or_default();
            let start = inside + shown.len() - shown.trim_start().len();
            push_text(parts, Span::new(self.source, start, equals.end as usize), shown.trim_start());
        }
        let method = match part.conversion {
            ConversionFlag::Str => mark('!', 2).map(|place| (place, "__str__")),
            ConversionFlag::Ascii => mark('!', 2).map(|place| (place, "__ascii__")),
            ConversionFlag::Repr => mark('!', 2).map(|place| (place, "__repr__")),
            ConversionFlag::None => {
                equals.filter(|_| part.format_spec.is_none()).map(|equals| (equals, "__repr__"))
            }
        };
        if let Some((place, method)) = method {
            value = call(span, member(span, value, method, place), Vec::new());
        }
        if let Some(specifier) = &part.format_spec {
            let colon = TextRange::new(
                specifier.start().checked_sub(TextSize::from(1)).unwrap_or_default(),
                specifier.end(),
            );
            let format = self.format_specifier(specifier, self.exact_span(colon));
            let callee = member(span, value, "__format__", self.span(colon));
            value = call(span, callee, vec![positional(format)]);
        }
        parts.push(value);
    }

    fn format_specifier(&mut self, specifier: &InterpolatedStringFormatSpec, span: Span) -> Expression {
        let mut parts = Vec::new();
        self.nested(|this| this.elements(&specifier.elements, &mut parts));
        Expression { span, kind: joined(parts) }
    }

    /// As it is written, without separators.
    pub(super) fn number(&mut self, number: &ExprNumberLiteral) -> ExpressionKind {
        let text: String = self.text(number).chars().filter(|letter| *letter != '_').collect();
        let digits = text.to_ascii_lowercase();
        let radix = |prefix: &str, radix: u32| {
            u128::from_str_radix(digits.strip_prefix(prefix)?, radix).ok().map(|value| value.to_string())
        };
        if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)) {
            return ExpressionKind::Number(value);
        }
        if digits.starts_with("0x") {
            return ExpressionKind::Number(digits);
        }
        if digits.ends_with('j') {
            return ExpressionKind::Unknown("complex number");
        }
        let mut number = digits;
        if number.starts_with('.') {
            number.insert(0, '0');
        }
        if number.ends_with('.') {
            number.push('0');
        }
        ExpressionKind::Number(number)
    }
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
