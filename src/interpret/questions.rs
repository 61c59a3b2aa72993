//! Questions: when a value counts as true, and what a branch asks.

use super::domain::{Eval, FrameId, Kind, Value};
use super::engine::Engine;
use super::shape;
use super::trail::truth;
use crate::ir::{Expression, ExpressionKind, Language, LogicalOperator, UnaryOperator};
use crate::source::Span;
use crate::summary::{Shape, Test};

impl<'p> Engine<'p> {
    /// Evaluates a condition to the side that this path takes.
    pub(super) fn test(&mut self, frame: FrameId, test: &'p Expression) -> Eval<'p, bool> {
        match &test.kind {
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => {
                Ok(!self.test(frame, operand)?)
            }
            ExpressionKind::Logical { operator: LogicalOperator::And, left, right } => {
                Ok(self.test(frame, left)? && self.test(frame, right)?)
            }
            ExpressionKind::Logical { operator: LogicalOperator::Or, left, right } => {
                Ok(self.test(frame, left)? || self.test(frame, right)?)
            }
            _ => {
                let value = self.eval(frame, test)?;
                self.holds(&value, test.span, self.language(frame))
            }
        }
    }

    /// Whether a value counts as true, where the path need not choose.
    pub(super) fn truth_of(&self, value: &Value<'p>, language: Language) -> Option<bool> {
        match value {
            Value::Shape(shape) => truth(shape),
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc);
                match object.kind {
                    Kind::List | Kind::Dictionary if empty_is_false(language) => {
                        if !object.items.is_empty() || !object.entries.is_empty() {
                            Some(true)
                        } else if object.is_closed() {
                            Some(false)
                        } else {
                            None
                        }
                    }
                    _ => Some(true),
                }
            }
            Value::Extern(external) if external.path.contains("()") || external.path.contains('.') => {
                super::library::is_surely_true(&external.path).then_some(true)
            }
            _ => Some(true),
        }
    }

    /// Asks whether a value counts as true.
    pub(super) fn holds(&mut self, value: &Value<'p>, span: Span, language: Language) -> Eval<'p, bool> {
        if let Some(known) = self.truth_of(value, language) {
            return Ok(known);
        }
        let shape = self.seen(value);
        Ok(self.asks(&shape, span))
    }

    /// Whether a value counts as true, as far as it or the path so far tells.
    pub(super) fn known_truth(&mut self, value: &Value<'p>, span: Span, language: Language) -> Option<bool> {
        self.truth_of(value, language).or_else(|| {
            let shape = self.seen(value);
            self.run.trail.unsettled = Some(false);
            let answer = self.asks(&shape, span);
            let unsettled = self.run.trail.unsettled.take();
            (unsettled == Some(false)).then_some(answer)
        })
    }

    fn asks(&mut self, shape: &Shape, span: Span) -> bool {
        if let Some(known) = truth(shape) {
            return known;
        }
        match shape {
            Shape::Computed { operation, from, .. } => match (operation.as_str(), &**from) {
                ("not", [inner]) => !self.asks(inner, span),
                ("present", [inner]) => {
                    self.has_default(inner);
                    self.decide(Test::Present(inner.clone()), span)
                }
                ("all", parts) => parts.to_vec().iter().all(|part| self.asks(part, span)),
                ("equal", [left, right]) => self.asks_equal(left, right, span),
                ("in", [left, right]) => self.asks_in(left, right, span),
                ("starts with", [value, prefix]) => match shape::as_text(prefix) {
                    Some(prefix) => self.decide(Test::StartsWith(value.clone(), prefix.to_owned()), span),
                    None => self.decide(Test::Other(from.clone()), span),
                },
                (comparison, [left, Shape::Number(number)]) if length_of(left).is_some() => {
                    let of = length_of(left).cloned().unwrap_or(Shape::Unknown);
                    match (comparison, number.as_str()) {
                        ("greater", "0") | ("greater or equal", "1") => self.decide(Test::Truthy(of), span),
                        ("less", "1") | ("less or equal", "0") => !self.decide(Test::Truthy(of), span),
                        _ => self.decide(Test::Other([shape.clone()].into()), span),
                    }
                }
                ("length", [inner]) => self.decide(Test::Truthy(inner.clone()), span),
                (operation, _) if is_comparison(operation) => {
                    self.decide(Test::Other([shape.clone()].into()), span)
                }
                _ => self.decide(Test::Truthy(shape.clone()), span),
            },
            Shape::Default { value, default } => match truth(default) {
                Some(true) => true,
                Some(false) => self.asks(value, span),
                None if matches!(&**default, Shape::Object { entries, open: false } if entries.is_empty()) => {
                    self.asks(value, span)
                }
                None if matches!(&**default, Shape::List(items) if items.is_empty()) => {
                    self.asks(value, span)
                }
                None => self.decide(Test::Truthy(shape.clone()), span),
            },
            Shape::Coded { coding, value }
                if matches!(coding.as_str(), "string" | "lower" | "upper" | "trim" | "bool") =>
            {
                self.asks(value, span)
            }
            Shape::Coded { coding, value } if matches!(coding.as_str(), "marshall" | "unmarshall") => {
                self.asks(value, span)
            }
            shape => {
                self.has_default(shape);
                self.decide(Test::Truthy(shape.clone()), span)
            }
        }
    }

    fn asks_equal(&mut self, left: &Shape, right: &Shape, span: Span) -> bool {
        let (value, constant) = if shape::is_constant(left) { (right, left) } else { (left, right) };
        match (value, constant) {
            (value, Shape::Null) => {
                self.has_default(value);
                !self.decide(Test::Present(value.clone()), span)
            }
            (Shape::Computed { operation, from, .. }, constant) => {
                match (operation.as_str(), &**from, constant) {
                    ("typeof", [inner], constant) if shape::as_text(constant) == Some("undefined") => {
                        !self.decide(Test::Present(inner.clone()), span)
                    }
                    ("length", [inner], Shape::Number(number)) if number == "0" => {
                        !self.decide(Test::Truthy(inner.clone()), span)
                    }
                    (_, _, Shape::Bool(true)) => self.asks(value, span),
                    (_, _, Shape::Bool(false)) => !self.asks(value, span),
                    _ => self.decide(Test::Equal(value.clone(), constant.clone()), span),
                }
            }
            (Shape::Default { value: inner, default }, constant) if shape::is_constant(default) => {
                // Where the default is another constant, only the value itself can be this one.
                if **default == *constant {
                    self.decide(Test::Equal(value.clone(), constant.clone()), span)
                } else {
                    self.decide(Test::Equal((**inner).clone(), constant.clone()), span)
                }
            }
            _ => self.decide(Test::Equal(value.clone(), constant.clone()), span),
        }
    }

    fn asks_in(&mut self, left: &Shape, right: &Shape, span: Span) -> bool {
        match (left, right) {
            (value, Shape::List(items)) if items.iter().all(shape::is_constant) => {
                self.decide(Test::OneOf(value.clone(), items.clone()), span)
            }
            (value, Shape::Object { entries, open: false }) if shape::as_text(value).is_none() => {
                let keys = entries.iter().map(|(key, _)| shape::text(key.clone())).collect();
                self.decide(Test::OneOf(value.clone(), keys), span)
            }
            (key, whole) => match shape::as_text(key) {
                Some(key) => {
                    let part = shape::part(whole, key);
                    self.event_read(&part, false, span);
                    self.has_default(&part);
                    self.decide(Test::Has(whole.clone(), key.to_owned()), span)
                }
                None => self.decide(Test::Other([left.clone(), right.clone()].into()), span),
            },
        }
    }

    /// A question of which both answers lead somewhere, about things that have no test of their own.
    pub(super) fn either(&mut self, about: Vec<Shape>, span: Span) -> bool {
        self.decide(Test::Other(about.into()), span)
    }
}

fn length_of(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::Computed { operation, from, .. } if operation == "length" => from.first(),
        _ => None,
    }
}

/// Whether a computation gives true or false.
pub(super) fn is_comparison(operation: &str) -> bool {
    matches!(
        operation,
        "not"
            | "equal"
            | "in"
            | "present"
            | "all"
            | "less"
            | "less or equal"
            | "greater"
            | "greater or equal"
            | "instance of"
            | "starts with"
            | "ends with"
            | "matches"
    )
}

/// Where an empty list counts as false.
fn empty_is_false(language: Language) -> bool {
    match language {
        Language::Python => true,
        Language::JavaScript => false,
    }
}
