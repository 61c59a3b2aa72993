//! Instances that loops walk over: `__iter__` and `__next__`, `[Symbol.iterator]` and `next`.

use super::domain::{Arguments, Eval, Kind, Object, Stop, Value};
use super::engine::Engine;
use crate::source::Span;
use crate::summary::Shape;

/// Methods that begin a walk.
const BEGINS: &[&str] = &["__iter__", "__aiter__", "[Symbol.iterator]", "[Symbol.asyncIterator]"];
/// Methods that give the next item: in Python itself, in JavaScript as `{value, done}`.
const GIVES: &[&str] = &["__next__", "__anext__"];
const GIVES_WRAPPED: &str = "next";

impl<'p> Engine<'p> {
    /// What a loop over a value walks over.
    pub(super) fn walked(&mut self, value: Value<'p>, span: Span) -> Eval<'p> {
        let Some(iterator) = self.of_instance(&value, BEGINS, span)? else { return Ok(value) };
        self.enter_loop(None);
        let next = self.next_of(&iterator, span);
        self.leave_loop();
        let mut list = Object::new(Kind::List);
        match next {
            Ok(None) => return Ok(iterator),
            Ok(Some(item)) => list.each = Some((Shape::Unknown.into(), item)),
            // It has ended before the first item.
            Err(Stop::Raise(raised))
                if raised.class.as_deref().is_some_and(|class| class.starts_with("Stop")) => {}
            Err(stop) => return Err(stop),
        }
        Ok(Value::Object(self.new_object(list)))
    }

    fn next_of(&mut self, iterator: &Value<'p>, span: Span) -> Eval<'p, Option<Value<'p>>> {
        if let Some(item) = self.of_instance(iterator, GIVES, span)? {
            return Ok(Some(item));
        }
        let given = match iterator {
            Value::Object(loc) if matches!(self.run.heap.get(*loc).kind, Kind::Dictionary) => {
                self.run.heap.get(*loc).entry(GIVES_WRAPPED).cloned()
            }
            _ => None,
        };
        let wrapped = match given {
            Some(next) => {
                let wrapped = self.call(&next, Arguments::default(), Some(iterator.clone()), span)?;
                Some(self.settle(wrapped)?)
            }
            None => self.of_instance(iterator, &[GIVES_WRAPPED], span)?,
        };
        wrapped.map(|wrapped| self.member(&wrapped, "value", span, false)).transpose()
    }

    /// What the first of some methods gives that an instance has.
    fn of_instance(&mut self, value: &Value<'p>, names: &[&str], span: Span) -> Eval<'p, Option<Value<'p>>> {
        let Value::Object(loc) = value else { return Ok(None) };
        let Kind::Instance(class) = self.run.heap.get(*loc).kind else { return Ok(None) };
        for name in names {
            if let Some(method) = self.inherited(class, name, *loc, span)? {
                let given = self.call(&method, Arguments::default(), None, span)?;
                return self.settle(given).map(Some);
            }
        }
        Ok(None)
    }
}
