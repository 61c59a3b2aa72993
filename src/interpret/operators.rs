//! Operators.

use super::domain::{Eval, FrameId, Value};
use super::engine::Engine;
use super::expressions::is_plain;
use super::shape::{self, as_text, computed};
use crate::aws::libraries;
use crate::ir::{BinaryOperator, Expression, Language, LogicalOperator, UnaryOperator};
use crate::source::Span;
use crate::summary::{Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn unary(
        &mut self,
        operator: UnaryOperator,
        operand: &Value<'p>,
        span: Span,
        language: Language,
    ) -> Value<'p> {
        match operator {
            UnaryOperator::Not => match self.truth_of(operand, language) {
                Some(truth) => Value::bool(!truth),
                None => Value::shape(computed("not", vec![self.shape_of(operand)], span)),
            },
            UnaryOperator::Minus => match operand.as_shape() {
                Some(Shape::Number(number)) => Value::shape(Shape::Number(match number.strip_prefix('-') {
                    Some(positive) => positive.to_owned(),
                    None => format!("-{number}"),
                })),
                _ => Value::shape(computed("negate", vec![self.shape_of(operand)], span)),
            },
            UnaryOperator::Plus => Value::shape(shape::coded("number", self.shape_of(operand))),
            UnaryOperator::BitNot => Value::shape(computed("bits", vec![self.shape_of(operand)], span)),
            UnaryOperator::TypeOf => match operand {
                Value::Function(_) | Value::Method(_) => Value::text("function"),
                _ => Value::shape(computed("typeof", vec![self.shape_of(operand)], span)),
            },
            UnaryOperator::Void => Value::null(),
        }
    }

    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Value<'p>,
        right: &Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        use BinaryOperator as B;
        if matches!(operator, B::Equal | B::NotEqual)
            && let Some(equal) = self.same_known(left, right)
        {
            return Ok(Value::bool(equal == (operator == B::Equal)));
        }
        if operator == B::Add
            && let (Value::Object(_), Value::Object(_)) = (left, right)
        {
            return Ok(self.joined_lists(left, right, span));
        }
        if let (B::In | B::NotIn, Value::Object(loc)) = (operator, right)
            && let Some(key) = self.key_of(left)
            && let Some(within) = self.contains(*loc, &key)
        {
            return Ok(Value::bool(within == (operator == B::In)));
        }
        if operator == B::InstanceOf
            && let (Value::Object(_), Value::Object(class)) = (left, right)
        {
            return Ok(Value::bool(self.instance_is(left, *class)));
        }
        if matches!(operator, B::In | B::NotIn)
            && let (Some(key), Value::Extern(external)) = (self.key_of(left), right)
            && super::library::is_environment(&external.path)
        {
            let read = self.env_read(&key, true, span);
            let there = computed("present", vec![self.shape_of(&read)], span);
            return Ok(Value::shape(if operator == B::In {
                there
            } else {
                computed("not", vec![there], span)
            }));
        }
        let (left, right) = (self.shape_of(left), self.shape_of(right));
        let operation = match operator {
            B::Add => return Ok(Value::shape(add(left, right, span))),
            B::Modulo if is_text(&left) => return Ok(Value::shape(shape::concat(vec![left, right], span))),
            B::Equal => "equal",
            B::NotEqual => {
                return Ok(Value::shape(computed(
                    "not",
                    vec![computed("equal", vec![left, right], span)],
                    span,
                )));
            }
            B::In => "in",
            B::NotIn => {
                return Ok(Value::shape(computed(
                    "not",
                    vec![computed("in", vec![left, right], span)],
                    span,
                )));
            }
            B::Less => "less",
            B::LessEqual => "less or equal",
            B::Greater => "greater",
            B::GreaterEqual => "greater or equal",
            B::InstanceOf => "instance of",
            B::Subtract => "subtract",
            B::Multiply => "multiply",
            B::Divide | B::FloorDivide => "divide",
            B::Modulo => "modulo",
            B::Power => "power",
            B::BitAnd | B::BitOr | B::BitXor | B::ShiftLeft | B::ShiftRight => "bits",
        };
        if let Some(folded) = fold(operation, &left, &right) {
            return Ok(Value::shape(folded));
        }
        Ok(Value::shape(computed(operation, vec![left, right], span)))
    }

    pub(super) fn same_known(&self, left: &Value<'p>, right: &Value<'p>) -> Option<bool> {
        match (left, right) {
            (Value::Shape(left), Value::Shape(right))
                if shape::is_constant(left) && shape::is_constant(right) =>
            {
                Some(
                    left == right
                        || shape::key_text(left) == shape::key_text(right) && shape::key_text(left).is_some(),
                )
            }
            (Value::Shape(shape), other) | (other, Value::Shape(shape)) if **shape == Shape::Null => {
                match other {
                    Value::Shape(_) => None,
                    Value::Extern(external)
                        if external.path.ends_with("()") || external.path.contains('.') =>
                    {
                        None
                    }
                    _ => Some(false),
                }
            }
            (Value::Object(left), Value::Object(right)) if left == right => Some(true),
            (Value::Extern(external), _) | (_, Value::Extern(external)) => {
                super::library::is_main_module(&external.path).then_some(false)
            }
            _ => None,
        }
    }

    pub(super) fn logical(
        &mut self,
        frame: FrameId,
        operator: LogicalOperator,
        left: &'p Expression,
        right: &'p Expression,
        span: Span,
    ) -> Eval<'p> {
        let value = self.eval(frame, left)?;
        if operator != LogicalOperator::And && is_kept_across_loads(&value) {
            return self.eval(frame, right);
        }
        let language = self.language(frame);
        if self.skimming.is_some() && self.truth_of(&value, language).is_none() {
            return self.skim_either(frame, value, right);
        }
        match operator {
            LogicalOperator::NullOr => {
                if value.as_shape().is_none() {
                    return Ok(value);
                }
                self.or_else(frame, value, right, span)
            }
            LogicalOperator::Or => match self.truth_of(&value, language) {
                Some(true) => Ok(value),
                Some(false) => self.eval(frame, right),
                None => self.or_else(frame, value, right, span),
            },
            LogicalOperator::And => match self.truth_of(&value, language) {
                Some(true) => self.eval(frame, right),
                Some(false) => Ok(value),
                None if is_plain(right) && value.as_shape().is_some() => {
                    // `item && item.id`: the part is absent where the whole is.
                    let then = self.eval(frame, right)?;
                    match (&value, &then) {
                        (Value::Shape(whole), Value::Shape(part)) if is_part(part, whole) => Ok(then),
                        _ => Ok(if self.holds(&value, left.span, language)? { then } else { value }),
                    }
                }
                None => {
                    if self.holds(&value, left.span, language)? {
                        self.eval(frame, right)
                    } else {
                        Ok(value)
                    }
                }
            },
        }
    }

    /// `value`, or the right side where it is absent. A plain right side needs no two paths.
    pub(super) fn or_else(
        &mut self,
        frame: FrameId,
        value: Value<'p>,
        right: &'p Expression,
        span: Span,
    ) -> Eval<'p> {
        let language = self.language(frame);
        let Value::Shape(shape) = &value else {
            return if self.holds(&value, span, language)? { Ok(value) } else { self.eval(frame, right) };
        };
        self.has_default(shape);
        let is_comparison = matches!(&**shape, Shape::Computed { operation, .. } if super::questions::is_comparison(operation));
        if is_plain(right) && !is_comparison {
            return self.with_default(frame, value, right);
        }
        // Names stay apart: what a call acts on is one or the other.
        if !is_comparison
            && let Some(Value::Shape(default)) = self.value_alone(frame, right)
            && !matches!(shape::symbol(&default), Symbol::Name(_) | Symbol::Env(_) | Symbol::Text(_))
        {
            return Ok(Value::shape(shape::or_default((**shape).clone(), (*default).clone())));
        }
        if self.holds(&value, span, language)? { Ok(value) } else { self.eval(frame, right) }
    }
}

fn is_text(shape: &Shape) -> bool {
    as_text(shape).is_some() || matches!(shape, Shape::Text(_))
}

fn add(left: Shape, right: Shape, span: Span) -> Shape {
    if let (Shape::Number(a), Shape::Number(b)) = (&left, &right)
        && let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>())
        && let Some(sum) = a.checked_add(b)
    {
        return Shape::Number(sum.to_string());
    }
    let textual =
        |shape: &Shape| is_text(shape) || matches!(shape, Shape::Coded { coding, .. } if coding == "string");
    if textual(&left) || textual(&right) {
        return shape::concat(vec![left, right], span);
    }
    computed("add", vec![left, right], span)
}

fn fold(operation: &str, left: &Shape, right: &Shape) -> Option<Shape> {
    let (Shape::Number(a), Shape::Number(b)) = (left, right) else { return None };
    let (a, b) = (a.parse::<f64>().ok()?, b.parse::<f64>().ok()?);
    let number = |value: f64| value.is_finite().then(|| Shape::Number(value.to_string()));
    match operation {
        "less" => Some(Shape::Bool(a < b)),
        "less or equal" => Some(Shape::Bool(a <= b)),
        "greater" => Some(Shape::Bool(a > b)),
        "greater or equal" => Some(Shape::Bool(a >= b)),
        "subtract" => number(a - b),
        "multiply" => number(a * b),
        _ => None,
    }
}

/// `global.client`, of which a development server may have one from before; a function has none yet.
fn is_kept_across_loads(value: &Value<'_>) -> bool {
    let Value::Extern(external) = value else { return false };
    let own = ["global.", "globalThis."].iter().find_map(|globals| external.path.strip_prefix(globals));
    own.is_some_and(|own| !own.contains('.') && libraries::known(own).is_none())
}

fn is_part(part: &Shape, whole: &Shape) -> bool {
    match (part, whole) {
        (Shape::Symbol(Symbol::Event(part)), Shape::Symbol(Symbol::Event(whole))) => part.starts_with(whole),
        (Shape::Symbol(Symbol::Result(of, part)), Shape::Symbol(Symbol::Result(same, whole))) => {
            of == same && part.starts_with(whole)
        }
        (Shape::Item { of, path }, Shape::Item { of: same, path: whole }) => {
            of == same && path.starts_with(whole)
        }
        (Shape::Part { of, path }, Shape::Part { of: same, path: whole }) => {
            of == same && path.starts_with(whole)
        }
        (Shape::Part { of, .. } | Shape::Parsed(of), whole) => **of == *whole || is_part(of, whole),
        _ => false,
    }
}
