//! Bounds of a length or a number, and how a text begins, as parts of a JSON schema.

use serde_json::{Map, Number, Value as Json, json};

use crate::graph::forwarding;
use crate::summary::{Shape, Test};

/// The value that a question bounds, and what a schema says of it where the question has this answer.
pub(super) fn of(test: &Test, passes: bool) -> Option<(&Shape, Json)> {
    match test {
        Test::StartsWith(value, prefix) if passes && is_literal(prefix) => {
            Some((value, json!({"type": "string", "pattern": format!("^{prefix}")})))
        }
        Test::Equal(value, Shape::Number(number)) if passes => {
            let length: u64 = number.parse().ok()?;
            Some((measured(value)?, json!({"type": "string", "minLength": length, "maxLength": length})))
        }
        Test::Other(values) => {
            let (operation, value, Shape::Number(number)) = forwarding::bounded(values)? else { return None };
            let bound = Bound::of(operation, passes)?;
            match measured(value) {
                Some(text) => Some((text, bound.of_length(number.parse().ok()?)?)),
                None => Some((value, bound.of_number(serde_json::from_str(number).ok()?))),
            }
        }
        _ => None,
    }
}

/// Says what type a field must have. Other types, the code fails at or compares in ways of its own.
pub(super) fn assume(name: &str, says: &Json, python: bool, assumed: &mut Vec<String>) {
    let is_length = says.get("minLength").or(says.get("maxLength")).is_some();
    assumed.push(match says.get("type").and_then(Json::as_str) {
        Some("string") if is_length && !python => {
            format!("`{name}` of the body is a text without characters that JavaScript counts twice (emoji)")
        }
        Some("string") => format!("`{name}` of the body is a text"),
        _ => format!("`{name}` of the body is a number"),
    });
}

/// What is left after the comparison.
#[derive(Clone, Copy)]
struct Bound {
    upper: bool,
    inclusive: bool,
}

impl Bound {
    fn of(operation: &str, passes: bool) -> Option<Self> {
        let (upper, inclusive) = match operation {
            "less" => (true, false),
            "less or equal" => (true, true),
            "greater" => (false, false),
            "greater or equal" => (false, true),
            _ => return None,
        };
        // What is not less is greater or equal.
        Some(if passes { Self { upper, inclusive } } else { Self { upper: !upper, inclusive: !inclusive } })
    }

    fn of_length(self, number: u64) -> Option<Json> {
        let length = match (self.upper, self.inclusive) {
            (_, true) => number,
            (true, false) => number.checked_sub(1)?,
            (false, false) => number.checked_add(1)?,
        };
        Some(match self.upper {
            true => json!({"type": "string", "maxLength": length}),
            false => json!({"type": "string", "minLength": length}),
        })
    }

    fn of_number(self, number: Number) -> Json {
        let (bound, exclusive) =
            if self.upper { ("maximum", "exclusiveMaximum") } else { ("minimum", "exclusiveMinimum") };
        let mut says = Map::new();
        says.insert("type".to_owned(), json!("number"));
        says.insert(bound.to_owned(), Json::Number(number));
        if !self.inclusive {
            says.insert(exclusive.to_owned(), json!(true));
        }
        Json::Object(says)
    }
}

/// The text of which a value is the length.
fn measured(value: &Shape) -> Option<&Shape> {
    match value {
        Shape::Computed { operation, from, .. } if operation == "length" => match &**from {
            [text] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text stands for itself in a pattern, in every dialect.
fn is_literal(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':' | '/' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};
    use crate::summary::Symbol;

    fn computed(operation: &str, from: Vec<Shape>) -> Shape {
        Shape::Computed {
            operation: operation.to_owned(),
            from: from.into(),
            span: Span::new(SourceId(0), 0, 0),
        }
    }

    #[test]
    fn what_is_turned_down_leaves_the_rest() {
        let number = || Shape::Number("10".to_owned());
        let value = Shape::Symbol(Symbol::Event(["x".to_owned()].into()));
        let asked = |operation: &str, value: Shape, passes: bool| {
            let test = Test::Other([computed(operation, vec![value, number()])].into());
            of(&test, passes).map(|(_, says)| says)
        };
        let length = || computed("length", vec![value.clone()]);
        assert_eq!(asked("greater", length(), false), Some(json!({"type": "string", "maxLength": 10})));
        assert_eq!(asked("greater", length(), true), Some(json!({"type": "string", "minLength": 11})));
        assert_eq!(asked("less", length(), false), Some(json!({"type": "string", "minLength": 10})));
        assert_eq!(asked("less", value.clone(), false), Some(json!({"type": "number", "minimum": 10})));
        assert_eq!(
            asked("greater or equal", value.clone(), false),
            Some(json!({"type": "number", "maximum": 10, "exclusiveMaximum": true}))
        );
        assert_eq!(asked("instance of", value.clone(), true), None);
        let turned = Test::Other([computed("less", vec![number(), length()])].into());
        assert_eq!(
            of(&turned, false).map(|(_, says)| says),
            Some(json!({"type": "string", "maxLength": 10}))
        );
    }
}
