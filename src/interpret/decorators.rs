//! Decorators: what becomes of a function or class that stands under one.

use std::rc::Rc;

use super::domain::{Arguments, Closure, Eval, Kind, Object, Stop, Value};
use super::engine::Engine;
use crate::aws::languages::method_decorator;
use crate::ir::Language;
use crate::source::Span;
use crate::summary::Shape;

impl<'p> Engine<'p> {
    pub(super) fn decorated(
        &mut self,
        function: &Rc<Closure<'p>>,
        cached: bool,
        context_manager: bool,
    ) -> Value<'p> {
        Value::Function(Rc::new(Closure {
            function: function.function,
            frame: function.frame,
            home: function.home,
            cached: cached || function.cached,
            context_manager: context_manager || function.context_manager,
        }))
    }

    pub(super) fn decorate(&mut self, decorator: &Value<'p>, decorated: Value<'p>, span: Span) -> Eval<'p> {
        match decorator {
            Value::Function(closure)
                if closure.function.parameters.len() == method_decorator().takes.len()
                    && self.language(closure.frame) == Language::JavaScript =>
            {
                let about = method_decorator();
                let mut descriptor = Object::new(Kind::Dictionary);
                descriptor.set(&about.function, decorated.clone());
                let descriptor = self.new_object(descriptor);
                let mut given = vec![Value::unknown(); about.takes.len().saturating_sub(1)];
                given.push(Value::Object(descriptor));
                let made = match self.call(decorator, Arguments::of(given), None, span) {
                    Ok(made @ Value::Object(_)) => made,
                    Ok(_) => Value::Object(descriptor),
                    Err(Stop::Raise(_)) => return Ok(decorated),
                    Err(stop) => return Err(stop),
                };
                let value = self.member(&made, &about.function, span, false)?;
                Ok(if value.is_callable() { value } else { decorated })
            }
            Value::Function(_) | Value::Method(_) | Value::Partial(_) => {
                let result = self.call(decorator, Arguments::of(vec![decorated.clone()]), None, span);
                match result {
                    Ok(value) if value.is_null() || value.as_shape() == Some(&Shape::Unknown) => {
                        Ok(decorated)
                    }
                    Ok(value) => Ok(value),
                    Err(Stop::Raise(_)) => Ok(decorated),
                    Err(stop) => Err(stop),
                }
            }
            Value::Extern(external) => self.external_decorator(external, decorated, span),
            Value::Object(loc) if self.call_method_of(*loc).is_some() => {
                self.call(decorator, Arguments::of(vec![decorated]), None, span)
            }
            _ => Ok(decorated),
        }
    }
}
