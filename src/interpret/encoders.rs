//! How values that JSON does not know are written, and which numbers are read: what `default=`, `cls=`
//! and `parse_float=` say.
//!
//! Tables answer numbers as decimals, which `json.dumps` refuses. Whoever replaces a handler has to know
//! what becomes of them, so the shape inside [`Shape::Json`] carries it as a coding.

use std::sync::Arc;

use super::domain::{Arguments, Extern, Kind, Loc, Value};
use super::engine::Engine;
use super::shape::{self, is_constant};
use crate::ir::{self, BinaryOperator, Expression, ExpressionKind, PatternKind, Statement, StatementKind};
use crate::summary::{Shape, coding};

impl<'p> Engine<'p> {
    /// The JSON text that a call writes of its first argument.
    pub(super) fn json_written(&mut self, external: &Extern<'p>, arguments: &Arguments<'p>) -> Shape {
        let value = self.first_shape(arguments);
        match self.encoder(&external.path, arguments) {
            Some(coding) if !is_constant(&value) => {
                shape::json(Shape::Coded { coding: coding.to_owned(), value: Arc::new(value) })
            }
            _ => shape::json(value),
        }
    }

    /// The value that a call reads from its first argument.
    pub(super) fn json_read(&mut self, external: &Extern<'p>, arguments: &Arguments<'p>) -> Shape {
        let text = self.first_shape(arguments);
        let decimals = matches!(
            arguments.named("parse_float"),
            Some(Value::Extern(to)) if to.path.ends_with("Decimal")
        );
        let event = matches!(&text, Shape::Symbol(_));
        match decimals && event && external.path.ends_with("loads") {
            true => {
                shape::parsed(Shape::Coded { coding: coding::DECIMALS.to_owned(), value: Arc::new(text) })
            }
            false => shape::parsed(text),
        }
    }

    fn encoder(&self, path: &str, arguments: &Arguments<'p>) -> Option<&'static str> {
        if path.ends_with("stringify") {
            let replacer = arguments.positional.get(1)?;
            return (!replacer.is_null()).then_some(coding::OWN_JSON);
        }
        if path != "json.dumps" {
            return Some(coding::OWN_JSON);
        }
        let given = |name: &str| arguments.named(name).filter(|value| !value.is_null());
        match (given("default"), given("cls")) {
            (None, None) if arguments.rest_named.is_some() => Some(coding::OWN_JSON),
            (None, None) => None,
            (Some(function), None) => Some(self.converted(&function)),
            (None, Some(Value::Object(class))) => {
                let method = self.class_method(class, "default");
                Some(method.map_or(coding::OWN_JSON, |method| self.converted(&method)))
            }
            _ => Some(coding::OWN_JSON),
        }
    }

    fn converted(&self, function: &Value<'p>) -> &'static str {
        match function {
            Value::Extern(external) => match &*external.path {
                "str" => coding::DECIMAL_STRING,
                "float" => coding::DECIMAL_DOUBLE,
                "int" => coding::DECIMAL_WHOLE,
                _ => coding::OWN_JSON,
            },
            Value::Function(closure) => of_function(closure.function),
            Value::Method(method) => self.converted(&method.function),
            _ => coding::OWN_JSON,
        }
    }

    fn class_method(&self, class: Loc, name: &str) -> Option<Value<'p>> {
        let Kind::Class(of) = &self.run.heap.get(class).kind else { return None };
        // What a parent does is only asked where there is none of its own.
        let own = self.run.heap.get(class).entry(name).cloned();
        own.or_else(|| {
            of.bases.iter().find_map(|base| match base {
                Value::Object(base) if *base != class => self.class_method(*base, name),
                _ => None,
            })
        })
    }
}

/// What a function makes of a decimal.
fn of_function(function: &ir::Function) -> &'static str {
    let named = |parameter: &&ir::Parameter| match &parameter.pattern.kind {
        PatternKind::Name(name) => name != "self",
        _ => false,
    };
    let Some(PatternKind::Name(name)) =
        function.parameters.iter().find(named).map(|parameter| &parameter.pattern.kind)
    else {
        return coding::OWN_JSON;
    };
    let mut found = Conversions { of: name, made: Vec::new() };
    found.block(&function.body);
    match found.made.as_slice() {
        [Made::String] => coding::DECIMAL_STRING,
        [Made::Double] => coding::DECIMAL_DOUBLE,
        [Made::Whole] => coding::DECIMAL_WHOLE,
        [Made::Number] => coding::DECIMAL_NUMBER,
        [Made::PositiveNumber] => coding::DECIMAL_POSITIVE,
        _ => coding::OWN_JSON,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    String,
    Double,
    /// Cut off behind the point.
    Whole,
    /// Whole numbers as such, others as doubles.
    Number,
    /// The same, but negative ones are cut off.
    PositiveNumber,
    Other,
}

/// The conversions that a decimal can meet in a function, each once.
struct Conversions<'f> {
    of: &'f str,
    made: Vec<Made>,
}

/// What a test says of a decimal.
enum Asks {
    /// It is one.
    Decimal,
    /// It is something else.
    OtherType,
    /// It has no fraction; or, where `false`, it has one.
    Whole(bool),
    /// It has a fraction and is positive.
    PositiveFraction,
    Unknown,
}

impl Conversions<'_> {
    /// Follows statements; whether a decimal never gets past them.
    fn block(&mut self, statements: &[Statement]) -> bool {
        let Some((first, rest)) = statements.split_first() else { return false };
        match &first.kind {
            StatementKind::Return(value) => {
                let made = value.as_ref().map_or(Some(Made::Other), |value| self.value(value));
                self.add(made);
                true
            }
            StatementKind::Raise(_) => true,
            StatementKind::If { test, then, otherwise } => match self.asks(test) {
                Asks::Decimal => self.block(then) || self.block(rest),
                Asks::OtherType => self.block(otherwise) || self.block(rest),
                asks => {
                    let before = std::mem::take(&mut self.made);
                    let first = self.block(then) || self.block(rest);
                    let yes = std::mem::take(&mut self.made);
                    let second = self.block(otherwise) || self.block(rest);
                    let no = std::mem::replace(&mut self.made, before);
                    self.add(both(&asks, &yes, &no));
                    first && second
                }
            },
            _ => self.block(rest),
        }
    }

    fn value(&self, value: &Expression) -> Option<Made> {
        match &value.kind {
            ExpressionKind::Call { callee, arguments, .. } => match &callee.kind {
                ExpressionKind::Name(function) if arguments.len() == 1 && self.is_it(&arguments[0].value) => {
                    Some(match function.as_str() {
                        "str" => Made::String,
                        "float" => Made::Double,
                        "int" => Made::Whole,
                        _ => Made::Other,
                    })
                }
                // `super().default(o)`, `json.JSONEncoder.default(self, o)`: an error.
                ExpressionKind::Member { name, .. } if name == "default" => None,
                _ => Some(Made::Other),
            },
            ExpressionKind::Conditional { test, then, otherwise } => {
                let (yes, no) = (self.value(then), self.value(otherwise));
                match self.asks(test) {
                    Asks::Decimal => yes,
                    Asks::OtherType => no,
                    asks => both(&asks, yes.as_slice(), no.as_slice()),
                }
            }
            _ => Some(Made::Other),
        }
    }

    fn asks(&self, test: &Expression) -> Asks {
        match &test.kind {
            ExpressionKind::Call { callee, arguments, .. } => {
                let isinstance = matches!(&callee.kind, ExpressionKind::Name(name) if name == "isinstance");
                match arguments.as_slice() {
                    [value, kind] if isinstance && self.is_it(&value.value) => {
                        if says_decimal(&kind.value) {
                            Asks::Decimal
                        } else {
                            Asks::OtherType
                        }
                    }
                    _ => Asks::Unknown,
                }
            }
            ExpressionKind::Binary { operator, left, right } => self.compares(*operator, left, right),
            _ => Asks::Unknown,
        }
    }

    fn compares(&self, operator: BinaryOperator, left: &Expression, right: &Expression) -> Asks {
        let zero = |value: &Expression| matches!(&value.kind, ExpressionKind::Number(text) if text == "0");
        let remainder = |value: &Expression| match &value.kind {
            ExpressionKind::Binary { operator: BinaryOperator::Modulo, left, right } => {
                self.is_it(left) && matches!(&right.kind, ExpressionKind::Number(text) if text == "1")
            }
            _ => false,
        };
        // `int(x)`, `x.to_integral_value()`
        let whole = |value: &Expression| match &value.kind {
            ExpressionKind::Call { callee, arguments, .. } => match &callee.kind {
                ExpressionKind::Name(name) => {
                    name == "int" && arguments.len() == 1 && self.is_it(&arguments[0].value)
                }
                ExpressionKind::Member { object, name, .. } => {
                    name.starts_with("to_integral") && self.is_it(object)
                }
                _ => false,
            },
            _ => false,
        };
        let to_zero = remainder(left) && zero(right);
        let to_itself = self.is_it(left) && whole(right) || whole(left) && self.is_it(right);
        match operator {
            BinaryOperator::Equal if to_zero || to_itself => Asks::Whole(true),
            BinaryOperator::NotEqual if to_zero || to_itself => Asks::Whole(false),
            BinaryOperator::Greater if to_zero => Asks::PositiveFraction,
            _ => Asks::Unknown,
        }
    }

    fn is_it(&self, value: &Expression) -> bool {
        matches!(&value.kind, ExpressionKind::Name(name) if name == self.of)
    }

    fn add(&mut self, made: Option<Made>) {
        if let Some(made) = made
            && !self.made.contains(&made)
        {
            self.made.push(made);
        }
    }
}

/// What two sides of a question make together.
fn both(asks: &Asks, yes: &[Made], no: &[Made]) -> Option<Made> {
    Some(match (asks, yes, no) {
        (_, [], []) => return None,
        (Asks::Whole(true), [Made::Whole], [Made::Double])
        | (Asks::Whole(false), [Made::Double], [Made::Whole]) => Made::Number,
        (Asks::PositiveFraction, [Made::Double], [Made::Whole]) => Made::PositiveNumber,
        (_, [one], [other]) if one == other => *one,
        _ => Made::Other,
    })
}

fn says_decimal(kind: &Expression) -> bool {
    match &kind.kind {
        ExpressionKind::Name(name) => name == "Decimal",
        ExpressionKind::Member { name, .. } => name == "Decimal",
        ExpressionKind::List(items) => {
            items.iter().any(|item| matches!(item, ir::Element::One(value) if says_decimal(value)))
        }
        _ => false,
    }
}
