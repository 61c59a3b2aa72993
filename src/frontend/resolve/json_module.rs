//! JSON files that JavaScript imports: modules that export one value.

use serde_json::Value;

use crate::ir::{
    Element, Exports, Expression, ExpressionKind, Language, Module, Pattern, PatternKind, Property,
    Statement, StatementKind,
};
use crate::source::{SourceId, Span};

/// Larger files are data to look things up in, and no constant of a handler.
const BYTES_AT_MOST: usize = 256 * 1024;

/// The module of a JSON text; all its spans are the whole file.
pub(super) fn lower(source: SourceId, text: &str) -> Option<Module> {
    if text.len() > BYTES_AT_MOST {
        return None;
    }
    let value = serde_json::from_str(text).ok()?;
    let span = Span::new(source, 0, text.len());
    let exports = Expression { span, kind: ExpressionKind::Exports };
    let target = Pattern { span, kind: PatternKind::Place(exports) };
    let kind = StatementKind::Assign { target, value: expression(span, &value) };
    Some(Module {
        source,
        language: Language::JavaScript,
        locals: Vec::new(),
        body: vec![Statement { span, kind }],
        exports: Exports::Object,
        broken: Vec::new(),
    })
}

/// Recursion ends where the reader of JSON refuses deeper texts.
fn expression(span: Span, value: &Value) -> Expression {
    let string = |text: &str| Expression { span, kind: ExpressionKind::String(text.to_owned()) };
    let kind = match value {
        Value::Null => ExpressionKind::Null,
        Value::Bool(value) => ExpressionKind::Bool(*value),
        Value::Number(number) => ExpressionKind::Number(number.to_string()),
        Value::String(text) => ExpressionKind::String(text.clone()),
        Value::Array(items) => {
            ExpressionKind::List(items.iter().map(|item| Element::One(expression(span, item))).collect())
        }
        Value::Object(entries) => ExpressionKind::Object(
            entries.iter().map(|(key, value)| Property::Pair(string(key), expression(span, value))).collect(),
        ),
    };
    Expression { span, kind }
}
