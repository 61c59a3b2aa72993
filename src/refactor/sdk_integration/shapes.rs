//! From what the handler does with its event to values of the state.

use serde_json::Value as Json;

use super::value::Expr;
use crate::graph::FunctionRef;
use crate::summary::{EffectId, Shape, Symbol};

/// What the shapes of a handler mean in one state.
#[derive(Clone, Copy)]
pub(super) struct Shapes<'s> {
    pub function: FunctionRef<'s>,
    /// What the state gives the function as its event.
    pub event: &'s Expr,
    pub call: EffectId,
}

impl Shapes<'_> {
    /// # Errors
    /// What cannot be said in a state, as the end of "it ...".
    pub(super) fn value(&self, shape: &Shape) -> Result<Expr, String> {
        match shape {
            Shape::Null => Ok(Expr::Constant(Json::Null)),
            Shape::Bool(value) => Ok(Expr::Constant(Json::Bool(*value))),
            Shape::Number(text) => {
                let number = serde_json::from_str(text).map_err(|_| format!("uses the number `{text}`"))?;
                Ok(Expr::Constant(Json::Number(number)))
            }
            Shape::Symbol(symbol) => self.symbol(symbol),
            Shape::Text(parts) if parts.len() == 1 => self.value(&parts[0]),
            Shape::List(items) => {
                Ok(Expr::List(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?))
            }
            Shape::Object { entries, open: false } if entries.iter().all(|(name, _)| name != "...") => {
                let entry = |(name, value): &(String, Shape)| Ok((name.clone(), self.value(value)?));
                Ok(Expr::Object(entries.iter().map(entry).collect::<Result<_, String>>()?))
            }
            Shape::Json(value) => Ok(Expr::JsonText(Box::new(self.value(value)?))),
            Shape::Default { value, .. } if matches!(&**value, Shape::Symbol(Symbol::Env(_))) => {
                self.value(value)
            }
            Shape::Default { .. } => Err("lets a part of the event be missing".to_owned()),
            Shape::Coded { coding, value } if coding == "string" => {
                let value = self.value(value)?;
                if value.is_text() { Ok(value) } else { Err("turns a value into text".to_owned()) }
            }
            Shape::Coded { coding, .. } => Err(format!("changes a value (`{coding}`)")),
            Shape::Part { of, path } => {
                let whole = self.value(of)?;
                whole.part(path).ok_or_else(|| format!("uses `{}` of a value", path.join(".")))
            }
            Shape::RandomId => Ok(Expr::RandomId),
            Shape::Now(_) => Err("uses the time in a form of its own".to_owned()),
            _ => Err("uses a value that a state cannot make".to_owned()),
        }
    }

    fn symbol(&self, symbol: &Symbol) -> Result<Expr, String> {
        match symbol {
            Symbol::Name(text) => Ok(Expr::Constant(Json::from(text.as_str()))),
            Symbol::Env(name) => {
                let variable = self.function.get().environment.iter().find(|(set, _)| set.text == *name);
                let (_, value) =
                    variable.ok_or_else(|| format!("reads the variable `{name}`, which is not set"))?;
                Ok(Expr::Template(value.clone()))
            }
            Symbol::Event(path) => self.event.part(path).ok_or_else(|| {
                format!("reads `event.{}`, which the state does not give by that name", path.join("."))
            }),
            Symbol::Result(id, path) if *id == self.call => Ok(Expr::Answer(path.to_vec())),
            Symbol::Text(parts) if parts.len() == 1 => self.symbol(&parts[0]),
            Symbol::Text(_) => Err("puts a text together".to_owned()),
            Symbol::Context(_) => Err("uses the context of the function".to_owned()),
            Symbol::Result(..) | Symbol::Unknown => Err("uses a value that could not be followed".to_owned()),
        }
    }
}
