//! Functions and methods of texts, lists, dictionaries and other plain data.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Kind, Loc, Value};
use super::engine::Engine;
use super::shape::{self, SORTED, computed};
use crate::aws::libraries::{self, Does, Known};
use crate::source::Span;
use crate::summary::Shape;

impl<'p> Engine<'p> {
    /// A method of a list or dictionary in the heap.
    pub(super) fn collection_method(
        &mut self,
        loc: Loc,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let receiver = Value::Object(loc);
        if let Kind::Instance(class) = self.run.heap.get(loc).kind
            && let Some(value) = self.model_method(loc, class, name)
        {
            return Ok(value);
        }
        // Some of its items: those of which nothing else is known.
        let list = self.run.heap.get(loc);
        if name == "slice" && matches!(list.kind, Kind::List) && list.items.is_empty() {
            let copy = self.run.heap.get(loc).clone();
            return Ok(Value::Object(self.new_object(copy)));
        }
        let Some(Known { does, with }) = libraries::method(name) else {
            return self.unknown_method(loc, name, &arguments, span);
        };
        let is_list = matches!(self.run.heap.get(loc).kind, Kind::List);
        Ok(match does {
            Does::Append => {
                for value in arguments.positional {
                    self.push(loc, value, span);
                }
                // `list.push(...others)`
                if let Some(more) = arguments.rest {
                    self.extend(loc, &more, span);
                }
                Value::null()
            }
            Does::Insert => {
                if let Some(value) = arguments.positional.into_iter().next_back() {
                    self.push(loc, value, span);
                }
                Value::null()
            }
            Does::Extend => {
                let Some(more) = arguments.first() else { return Ok(receiver) };
                if name == "extend" {
                    self.extend(loc, &more, span);
                    return Ok(Value::null());
                }
                self.joined_lists(&receiver, &more, span)
            }
            Does::Get | Does::SetDefault if !is_list => {
                self.get_entry(loc, does == Does::SetDefault, &arguments, span)?
            }
            Does::SetEntry => {
                let key = arguments.first().and_then(|key| self.key_of(&key));
                let value = arguments.positional.get(1).cloned().unwrap_or_else(Value::unknown);
                self.set_member(&receiver, key.as_deref(), value, span)?;
                receiver
            }
            Does::Update => {
                if let Some(from) = arguments.first() {
                    self.copy_into(loc, &from);
                }
                for (name, value) in arguments.named {
                    self.run.heap.change(loc).set(&name, value);
                }
                Value::null()
            }
            Does::Pop => self.pop(loc, name, &arguments, span)?,
            Does::Remove | Does::DeleteEntry => {
                if let Some(key) = arguments.first().and_then(|key| self.key_of(&key)) {
                    self.run.heap.change(loc).entries.retain(|(name, _)| **name != *key);
                }
                Value::null()
            }
            Does::Includes => match arguments.first() {
                Some(key) => self.includes(loc, &key, span),
                None => Value::unknown(),
            },
            Does::KeysOf if !is_list => self.keys(&receiver, span),
            Does::ValuesOf if !is_list => self.values(&receiver, span),
            Does::EntriesOf if !is_list => self.entries(&receiver, span),
            Does::EntriesOf => self.enumerated_items(&receiver, span),
            Does::JoinText => {
                let separator =
                    arguments.first().map_or_else(|| shape::text(","), |separator| self.shape_of(&separator));
                self.joined_text(&receiver, &separator, span)
            }
            Does::EachItem if !is_list => {
                // `map.forEach((value, key) => ...)`
                let values = self.values(&receiver, span);
                self.item_method(does, &values, arguments, span)?
            }
            Does::MapItems
            | Does::EachItem
            | Does::FilterItems
            | Does::FindItem
            | Does::TestsItems
            | Does::Reduce => self.item_method(does, &receiver, arguments, span)?,
            Does::Itself if name == "copy" || name == "clone" => {
                let copy = self.run.heap.get(loc).clone();
                Value::Object(self.new_object(copy))
            }
            // `response.send(...)` of an object that has no such method gives anything but the object.
            Does::Itself if !arguments.positional.is_empty() => {
                self.callbacks(&arguments, span)?;
                match self.run.heap.get(loc).kind {
                    Kind::Dictionary => self.unknown(span, format!("method `{name}` is not there"), true),
                    _ => receiver,
                }
            }
            Does::Itself => receiver,
            Does::JsonOf => Value::shape(shape::json(self.shape_of(&receiver))),
            Does::Coded if with == SORTED => {
                self.run.heap.change(loc).sorted = true;
                receiver
            }
            Does::Coded if with == "string" => Value::shape(shape::coded(with, self.shape_of(&receiver))),
            Does::Then => match arguments.first() {
                Some(function) => self.call(&function, Arguments::of(vec![receiver]), None, span)?,
                None => receiver,
            },
            _ => {
                let whole = Rc::new(self.shape_of(&receiver));
                self.data_method(&whole, name, arguments, span)?
            }
        })
    }

    fn unknown_method(&mut self, loc: Loc, name: &str, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        self.callbacks(arguments, span)?;
        let object = self.run.heap.get(loc);
        let is_data = matches!(object.kind, Kind::List | Kind::Dictionary);
        if !is_data || (object.open && object.copied.is_none()) {
            return Ok(self.unknown(span, format!("method `{name}` is not there"), true));
        }
        Ok(self.computed_with(name, &self.shape_of(&Value::Object(loc)), arguments, span))
    }

    /// The entry of a key, or a default, which may become the entry.
    fn get_entry(&mut self, loc: Loc, sets: bool, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let receiver = Value::Object(loc);
        let Some(key) = arguments.first() else { return Ok(Value::unknown()) };
        let default = arguments.get(1, "default");
        let Some(key) = self.key_of(&key) else {
            return self.index(&receiver, &key, span, crate::ir::Language::JavaScript);
        };
        let value = self.member(&receiver, &key, span, false)?;
        if value.is_null() || (value.as_shape() == Some(&Shape::Unknown) && default.is_some()) {
            let value = default.unwrap_or(value);
            if sets {
                self.run.heap.change(loc).set(&key, value.clone());
            }
            return Ok(value);
        }
        if self.run.heap.get(loc).entry(&key).is_some() {
            return Ok(value);
        }
        Ok(self.or_value(value, default))
    }

    fn pop(&mut self, loc: Loc, name: &str, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let is_list = matches!(self.run.heap.get(loc).kind, Kind::List);
        let key = arguments.first().and_then(|key| self.key_of(&key)).filter(|_| !is_list);
        if let Some(key) = key {
            let value = self.member(&Value::Object(loc), &key, span, false)?;
            self.run.heap.change(loc).entries.retain(|(name, _)| **name != *key);
            return Ok(if value.is_null() { arguments.get(1, "default").unwrap_or(value) } else { value });
        }
        let object = self.run.heap.change(loc);
        let item = match name {
            "pop" => object.items.pop(),
            _ => (!object.items.is_empty()).then(|| object.items.remove(0)),
        };
        let any = || object.each.as_ref().map(|(_, item)| item.clone());
        Ok(item.or_else(any).unwrap_or_else(Value::unknown))
    }

    fn includes(&self, loc: Loc, key: &Value<'p>, span: Span) -> Value<'p> {
        match self.key_of(key).and_then(|key| self.contains(loc, &key)) {
            Some(within) => Value::bool(within),
            None => {
                let from = vec![self.shape_of(key), self.shape_of(&Value::Object(loc))];
                Value::shape(computed("in", from, span))
            }
        }
    }

    /// A list with the items of another in an order of its own.
    pub(super) fn sorted(&mut self, value: Value<'p>) -> Value<'p> {
        let Value::Object(loc) = value else { return value };
        let list = self.run.heap.get(loc);
        if !matches!(list.kind, Kind::List) {
            return Value::Object(loc);
        }
        let mut list = list.clone();
        list.sorted = true;
        Value::Object(self.new_object(list))
    }

    /// Puts the items of one list at the end of another.
    fn extend(&mut self, list: Loc, more: &Value<'p>, span: Span) {
        let joined = self.joined_lists(&Value::Object(list), more, span);
        if let Value::Object(joined) = joined {
            let joined = self.run.heap.get(joined).clone();
            let object = self.run.heap.change(list);
            object.items = joined.items;
            object.each = joined.each;
        }
    }

    /// Models of pydantic and data classes as data.
    fn model_method(&mut self, loc: Loc, class: Loc, name: &str) -> Option<Value<'p>> {
        self.external_base(class)?;
        match name {
            "dict" | "model_dump" | "as_dict" | "copy" | "model_copy" | "toObject" | "toJSON" => {
                let mut copy = self.run.heap.get(loc).clone();
                copy.kind = Kind::Dictionary;
                Some(Value::Object(self.new_object(copy)))
            }
            "json" | "model_dump_json" => Some(Value::shape(shape::json(self.shape_of(&Value::Object(loc))))),
            _ => None,
        }
    }

    /// Keeps objects whose functions run around the handler.
    pub(super) fn runs_around(&mut self, given: &Arguments<'p>) {
        for middleware in &given.positional {
            if let Value::Object(loc) = middleware
                && !matches!(self.run.heap.get(*loc).kind, Kind::Library(_))
            {
                self.run.middleware.push(Value::Object(*loc));
            }
        }
    }

    /// A method of a function: `call`, `apply`, `bind`, and `use` of wrapped handlers.
    pub(super) fn function_method(
        &mut self,
        function: &Value<'p>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        Ok(match name {
            "call" => {
                let mut rest = arguments;
                let this = if rest.positional.is_empty() { None } else { Some(rest.positional.remove(0)) };
                self.call(function, rest, this, span)?
            }
            "apply" => {
                let this = arguments.first();
                let items = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                let items = self.all_items(&items, span).known;
                self.call(function, Arguments::of(items), this, span)?
            }
            "bind" => match (function, arguments.first()) {
                (Value::Function(closure), Some(this)) if closure.function.own_this => {
                    let mut rest = arguments;
                    rest.positional.remove(0);
                    let bound = self.bound(function.clone(), this);
                    if rest.positional.is_empty() { bound } else { Value::Partial(Rc::new((bound, rest))) }
                }
                (_, Some(_)) if arguments.positional.len() > 1 => {
                    let mut rest = arguments;
                    rest.positional.remove(0);
                    Value::Partial(Rc::new((function.clone(), rest)))
                }
                _ => function.clone(),
            },
            // What runs around a wrapped handler runs as well.
            "use" | "before" | "after" | "onError" => {
                self.runs_around(&arguments);
                function.clone()
            }
            "handler" => arguments.first().unwrap_or_else(|| function.clone()),
            "then" => self.call(function, Arguments::default(), None, span)?,
            // `f.delay()` and the like run the function elsewhere.
            _ => {
                self.callbacks(&arguments, span)?;
                Value::unknown()
            }
        })
    }
}
