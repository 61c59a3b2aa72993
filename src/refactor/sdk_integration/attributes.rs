//! Attributes of DynamoDB with their types: in a state, a text and a number are told apart when it is
//! written.

use serde_json::{Value as Json, json};

use super::shapes::Shapes;
use super::value::Expr;
use crate::graph::Table;
use crate::summary::{Shape, Symbol};

/// Writes items, keys and values of expressions, and keeps what it took for granted.
pub(super) struct Attributes<'s> {
    pub shapes: Shapes<'s>,
    pub table: Option<&'s Table>,
    /// The text of the expression that uses the values, where the call has one.
    pub expression: Option<String>,
    /// What may behave differently.
    pub differs: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    Number,
}

impl Attributes<'_> {
    /// `Item`, `Key` or `ExpressionAttributeValues`: each entry with its type.
    ///
    /// # Errors
    /// What cannot be said in a state, as the end of "it ...".
    pub(super) fn map(&mut self, shape: &Shape) -> Result<Expr, String> {
        let Shape::Object { entries, open: false } = shape else {
            return Err("stores an object whose attributes are not known".to_owned());
        };
        let mut typed = Vec::new();
        for (name, value) in entries.iter() {
            if name == "..." {
                return Err("stores an object whose attributes are not known".to_owned());
            }
            typed.push((name.clone(), self.attribute(Some(name), value)?));
        }
        Ok(Expr::Object(typed))
    }

    /// A value with its type. `name` is that of an attribute at the top, or of a value of an expression.
    fn attribute(&mut self, name: Option<&str>, shape: &Shape) -> Result<Expr, String> {
        match shape {
            Shape::Object { entries, open: false } if entries.iter().all(|(name, _)| name != "...") => {
                let mut typed = Vec::new();
                for (name, value) in entries.iter() {
                    typed.push((name.clone(), self.attribute(None, value)?));
                }
                return Ok(tagged("M", Expr::Object(typed)));
            }
            Shape::List(items) => {
                let items: Result<Vec<Expr>, String> =
                    items.iter().map(|item| self.attribute(None, item)).collect();
                return Ok(tagged("L", Expr::List(items?)));
            }
            _ => {}
        }
        let value = self.shapes.value(shape)?;
        if let Expr::Constant(constant) = &value {
            return constant_attribute(constant);
        }
        if value.is_text() {
            return Ok(tagged("S", value));
        }
        let said = told(shape);
        match name.and_then(|name| self.type_of(name)) {
            Some(Type::Text) => Ok(tagged("S", value)),
            Some(Type::Number) => {
                self.differs.push(format!(
                    "{said} is taken as a number; as a text, or in Python with decimals, it was an error"
                ));
                Ok(tagged("N", Expr::Digits(Box::new(value))))
            }
            None => {
                self.differs.push(format!(
                    "{said} is taken as a text, which nothing in the application proves; anything else fails the state"
                ));
                Ok(tagged("S", value))
            }
        }
    }

    /// What the table or the expression says of a value's type.
    fn type_of(&self, name: &str) -> Option<Type> {
        if name.starts_with(':') {
            let expression = self.expression.as_deref()?;
            if is_operand(expression, name) {
                return Some(Type::Number);
            }
            return self.key_type(compared(expression, name)?);
        }
        self.key_type(name)
    }

    fn key_type(&self, name: &str) -> Option<Type> {
        let key = self.table?.keys.iter().find(|key| key.name == name)?;
        match key.kind.as_str() {
            "S" => Some(Type::Text),
            "N" => Some(Type::Number),
            _ => None,
        }
    }
}

fn constant_attribute(value: &Json) -> Result<Expr, String> {
    let constant = |value: Json| Expr::Constant(value);
    match value {
        Json::Null => Ok(tagged("NULL", constant(json!(true)))),
        Json::Bool(value) => Ok(tagged("BOOL", constant(json!(value)))),
        Json::Number(number) => Ok(tagged("N", constant(json!(number.to_string())))),
        Json::String(text) => Ok(tagged("S", constant(json!(text)))),
        Json::Array(_) | Json::Object(_) => Err("stores a constant that is no single value".to_owned()),
    }
}

fn tagged(kind: &str, value: Expr) -> Expr {
    Expr::Object(vec![(kind.to_owned(), value)])
}

/// Where a value comes from, in the reader's words.
fn told(shape: &Shape) -> String {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => format!("`event.{}`", path.join(".")),
        _ => "a part of the event".to_owned(),
    }
}

/// Whether a value is added or subtracted.
fn is_operand(expression: &str, name: &str) -> bool {
    let tokens = tokens(expression);
    tokens.iter().enumerate().filter(|(_, token)| **token == name).any(|(at, _)| {
        let next_to = |at: Option<usize>| at.and_then(|at| tokens.get(at)).copied().unwrap_or_default();
        let signs = ["+", "-"];
        let before = at.checked_sub(1);
        signs.contains(&next_to(before))
            || signs.contains(&next_to(Some(at + 1)))
            || at.checked_sub(2).is_some_and(|verb| tokens[verb].eq_ignore_ascii_case("ADD"))
    })
}

/// The attribute that a value is compared with, or set to.
fn compared<'e>(expression: &'e str, name: &str) -> Option<&'e str> {
    let tokens = tokens(expression);
    let at = tokens.iter().position(|token| *token == name)?;
    let sign = tokens.get(at.checked_sub(1)?)?;
    matches!(*sign, "=" | "<" | ">" | "<=" | ">=" | "<>").then(|| tokens.get(at.checked_sub(2)?).copied())?
}

fn tokens(expression: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#' | '.');
    while let Some(first) = rest.chars().next() {
        let end = if is_word(first) {
            rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())
        } else if matches!(first, '<' | '>') && rest[1..].starts_with(['=', '>']) {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_tell_types() {
        assert!(is_operand("SET stock = stock - :quantity", ":quantity"));
        assert!(is_operand("ADD visits :one", ":one") && is_operand("SET a = :x+b", ":x"));
        assert!(!is_operand("SET a = :x", ":x"));
        assert_eq!(compared("stock >= :quantity", ":quantity"), Some("stock"));
        assert_eq!(compared("SET #a = :x", ":x"), Some("#a"));
    }
}
