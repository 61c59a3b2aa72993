//! Functions and methods of texts, lists, dictionaries and other plain data.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Value};
use super::engine::Engine;
use super::shape::{self, computed};
use super::statements::Items;
use crate::aws::libraries::{self, Does, Known};
use crate::source::Span;
use crate::summary::{Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn container_function(
        &mut self,
        does: Does,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let first = arguments.first();
        Ok(match (does, first) {
            (Does::Dictionary | Does::OpenDictionary, first) => {
                let mut object = Object::new(Kind::Dictionary);
                object.open = does == Does::OpenDictionary;
                let loc = self.new_object(object);
                match first {
                    // `new Map(Object.entries(x))`, `dict(pairs)`
                    Some(Value::Object(from)) if matches!(self.run.heap.get(from).kind, Kind::List) => {
                        self.pairs_into(loc, from, span);
                    }
                    Some(value) if !value.is_callable() && !matches!(value, Value::Extern(_)) => self.copy_into(loc, &value),
                    _ => {}
                }
                for (name, value) in arguments.named {
                    self.run.heap.change(loc).set(&name, value);
                }
                if let Some(rest) = arguments.rest_named {
                    self.copy_into(loc, &rest);
                }
                Value::Object(loc)
            }
            (Does::List | Does::NewList, None) => Value::Object(self.new_object(Object::new(Kind::List))),
            (Does::List, Some(value @ Value::Shape(_))) if arguments.positional.len() == 1 => {
                // `Array.from({length: 3}, f)` aside, a list of data is that data.
                if matches!(value.as_shape(), Some(Shape::Number(_))) {
                    return Ok(Value::Object(self.new_object(Object::new(Kind::List))));
                }
                value
            }
            (Does::List, Some(value)) => {
                let Items { known, more } = self.all_items(&value, span);
                let mut list = Object::new(Kind::List);
                list.items = known;
                if let Some((of, item)) = more {
                    list.each = Some((Rc::new(of.unwrap_or(Shape::Unknown)), item));
                }
                let list = Value::Object(self.new_object(list));
                match arguments.positional.get(1) {
                    Some(function) if function.is_callable() => {
                        let function = function.clone();
                        self.map_items(&list, &function, Collects::Results, span)?
                    }
                    _ => list,
                }
            }
            (Does::Keys, Some(value)) => self.keys(&value, span),
            (Does::Values, Some(value)) => self.values(&value, span),
            (Does::Entries, Some(value)) => self.entries(&value, span),
            (Does::Assign, Some(target)) => {
                let loc = match &target {
                    Value::Object(loc) => *loc,
                    other => {
                        let loc = self.new_object(Object::new(Kind::Dictionary));
                        self.copy_into(loc, other);
                        loc
                    }
                };
                for source in &arguments.positional[1..] {
                    self.copy_into(loc, source);
                }
                Value::Object(loc)
            }
            (Does::FromEntries, Some(value)) => {
                let loc = self.new_object(Object::new(Kind::Dictionary));
                match value {
                    Value::Object(from) => self.pairs_into(loc, from, span),
                    _ => self.run.heap.change(loc).open = true,
                }
                Value::Object(loc)
            }
            (Does::Map, Some(function)) => {
                let over = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                self.map_items(&over, &function, Collects::Results, span)?
            }
            (Does::Filter, Some(function)) => {
                let over = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                self.map_items(&over, &function, Collects::Kept, span)?
            }
            (Does::EachOfSecond, Some(over)) => {
                let function = arguments.positional.iter().rev().find(|value| value.is_callable()).cloned();
                match function {
                    Some(function) => self.map_items(&over, &function, Collects::Results, span)?,
                    None => over,
                }
            }
            (Does::Enumerate, Some(value)) => {
                let Items { known, more } = self.all_items(&value, span);
                let mut list = Object::new(Kind::List);
                for (index, item) in known.into_iter().enumerate() {
                    let pair = self.pair(Value::shape(Shape::Number(index.to_string())), item);
                    list.items.push(pair);
                }
                if let Some((of, item)) = more {
                    let index = Value::shape(computed("position", Vec::new(), span));
                    let pair = self.pair(index, item);
                    list.each = Some((Rc::new(of.unwrap_or(Shape::Unknown)), pair));
                }
                Value::Object(self.new_object(list))
            }
            (Does::Zip, Some(_)) => {
                let mut pair = Object::new(Kind::List);
                let mut of = Shape::Unknown;
                for side in &arguments.positional {
                    let Items { known, more } = self.all_items(side, span);
                    of = self.shape_of(side);
                    let item = more.map(|(_, item)| item).or_else(|| known.into_iter().next());
                    pair.items.push(item.unwrap_or_else(Value::unknown));
                }
                let pair = Value::Object(self.new_object(pair));
                let mut list = Object::new(Kind::List);
                list.each = Some((Rc::new(of), pair));
                Value::Object(self.new_object(list))
            }
            (Does::AllItems | Does::AllSettled, Some(value)) => {
                let settled = does == Does::AllSettled || arguments.named("return_exceptions").is_some();
                // `gather(a, b)` takes the items one by one, `Promise.all([a, b])` as a list.
                let is_list = matches!(&value, Value::Object(loc) if matches!(self.run.heap.get(*loc).kind, Kind::List));
                if is_list && arguments.positional.len() == 1 {
                    return self.all_of(&value, settled, span);
                }
                if matches!(value, Value::Shape(_)) && arguments.positional.len() == 1 {
                    return Ok(value);
                }
                let mut list = Object::new(Kind::List);
                list.items = arguments.positional;
                if let Some(rest) = arguments.rest {
                    let of = self.shape_of(&rest);
                    list.each = Some((Rc::new(of.clone()), Value::shape(shape::item(&of))));
                }
                let list = Value::Object(self.new_object(list));
                self.all_of(&list, settled, span)?
            }
            (Does::Chunks, Some(value)) => {
                let of = self.shape_of(&value);
                let mut list = Object::new(Kind::List);
                list.each = Some((Rc::new(of), value));
                Value::Object(self.new_object(list))
            }
            _ => self.not_followed(external, arguments, span)?,
        })
    }

    fn pair(&mut self, first: Value<'p>, second: Value<'p>) -> Value<'p> {
        let mut pair = Object::new(Kind::List);
        pair.items = vec![first, second];
        Value::Object(self.new_object(pair))
    }

    fn pairs_into(&mut self, into: Loc, from: Loc, span: Span) {
        let list = self.run.heap.get(from).clone();
        for pair in list.items.iter().chain(list.each.as_ref().map(|(_, item)| item)) {
            let (key, value) = (self.nth(pair, 0, span), self.nth(pair, 1, span));
            let key = self.key_of(&key);
            let object = self.run.heap.change(into);
            match key {
                Some(key) => object.set(&key, value),
                None => {
                    object.open = true;
                    object.set("*", value);
                }
            }
        }
    }

    fn keys(&mut self, value: &Value<'p>, span: Span) -> Value<'p> {
        match value {
            Value::Object(loc) if self.run.heap.get(*loc).is_closed() => {
                let mut list = Object::new(Kind::List);
                list.items = self.run.heap.get(*loc).entries.iter().map(|(name, _)| Value::text(name)).collect();
                Value::Object(self.new_object(list))
            }
            other => Value::shape(computed("keys", vec![self.shape_of(other)], span)),
        }
    }

    fn values(&mut self, value: &Value<'p>, span: Span) -> Value<'p> {
        match value {
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc).clone();
                let mut list = Object::new(Kind::List);
                list.items = object.entries.iter().map(|(_, value)| value.clone()).collect();
                if let Some(copied) = &object.copied {
                    list.each = Some((Rc::clone(copied), Value::shape(shape::item(copied))));
                }
                list.open = object.open;
                Value::Object(self.new_object(list))
            }
            other => Value::shape(computed("values", vec![self.shape_of(other)], span)),
        }
    }

    fn entries(&mut self, value: &Value<'p>, span: Span) -> Value<'p> {
        let mut list = Object::new(Kind::List);
        match value {
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc).clone();
                for (name, value) in object.entries {
                    let name = if &*name == "*" { Value::unknown() } else { Value::text(&name) };
                    let pair = self.pair(name, value);
                    list.items.push(pair);
                }
                if let Some(copied) = object.copied {
                    let pair = self.entry_of(&copied, span);
                    list.each = Some((copied, pair));
                }
            }
            other => {
                let of = self.shape_of(other);
                let pair = self.entry_of(&of, span);
                list.each = Some((Rc::new(of), pair));
            }
        }
        Value::Object(self.new_object(list))
    }

    fn entry_of(&mut self, of: &Shape, span: Span) -> Value<'p> {
        let key = Value::shape(computed("key", vec![of.clone()], span));
        self.pair(key, Value::shape(shape::item(of)))
    }

    /// Runs a function for each item.
    fn map_items(&mut self, over: &Value<'p>, function: &Value<'p>, collects: Collects, span: Span) -> Eval<'p> {
        let Items { known, more } = self.items(over, span);
        let loc = self.new_object(Object::new(Kind::List));
        for (index, item) in known.into_iter().enumerate() {
            let index = Value::shape(Shape::Number(index.to_string()));
            let result = self.call(function, Arguments::of(vec![item.clone(), index, over.clone()]), None, span)?;
            match collects {
                Collects::Results => self.run.heap.change(loc).items.push(result),
                Collects::Kept => {
                    if self.truth_of(&result, crate::ir::Language::JavaScript) != Some(false) {
                        self.run.heap.change(loc).items.push(item);
                    }
                }
                Collects::Nothing => {}
            }
        }
        if let Some((of, item)) = more {
            self.enter_loop(of.clone());
            let index = Value::shape(computed("position", Vec::new(), span));
            let result = self.call(function, Arguments::of(vec![item.clone(), index, over.clone()]), None, span);
            self.leave_loop();
            let result = result?;
            let of = Rc::new(of.unwrap_or(Shape::Unknown));
            match collects {
                Collects::Results => self.run.heap.change(loc).each = Some((of, result)),
                Collects::Kept => {
                    let kept = computed("filter", vec![(*of).clone()], span);
                    self.run.heap.change(loc).each = Some((Rc::new(kept), item));
                }
                Collects::Nothing => {}
            }
        }
        Ok(if collects == Collects::Nothing { Value::null() } else { Value::Object(loc) })
    }

    /// A method of data of which only the origin is known.
    pub(super) fn data_method(&mut self, whole: &Rc<Shape>, name: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let receiver = Value::Shape(Rc::clone(whole));
        if let Shape::Symbol(Symbol::Context(path)) = &**whole
            && path.is_empty()
        {
            return self.context_method(name, &arguments, span);
        }
        if let Shape::Now(_) = &**whole
            && let Some(form) = time_form(name)
        {
            return Ok(Value::shape(Shape::Now(form.to_owned())));
        }
        let Some(Known { does, with }) = libraries::method(name) else {
            self.callbacks(&arguments, span)?;
            let from = std::iter::once((**whole).clone()).chain(self.shapes(&arguments)).collect();
            return Ok(Value::shape(computed(name, from, span)));
        };
        Ok(match does {
            Does::Coded => Value::shape(shape::coded(with, (**whole).clone())),
            Does::Itself | Does::Append | Does::Extend | Does::Remove | Does::Insert | Does::SetEntry | Does::DeleteEntry => {
                if name == "send" || name == "on" || name == "exec" {
                    self.answered(&receiver, &arguments, span)?;
                }
                if does == Does::Extend && !arguments.positional.is_empty() {
                    if matches!(**whole, Shape::Symbol(Symbol::Name(_)) | Shape::Text(_)) {
                        let parts = std::iter::once((**whole).clone()).chain(self.shapes(&arguments));
                        return Ok(Value::shape(shape::concat(parts, span)));
                    }
                    return Ok(self.joined_lists(&receiver, &arguments.positional[0].clone(), span));
                }
                receiver
            }
            Does::JsonOf => Value::shape(shape::parsed(match &**whole {
                Shape::Symbol(Symbol::Result(id, path)) => {
                    let mut path = path.clone();
                    path.push("body".to_owned());
                    Shape::Symbol(Symbol::Result(*id, path))
                }
                other => other.clone(),
            })),
            Does::Get | Does::Pop | Does::SetDefault => match arguments.first().map(|key| self.key_of(&key)) {
                Some(Some(key)) => {
                    let part = shape::part(whole, &key);
                    self.event_read(&part, false, span);
                    self.or_value(Value::shape(part), arguments.get(1, "default"))
                }
                Some(None) => {
                    let key = self.first_shape(&arguments);
                    Value::shape(computed("index", vec![(**whole).clone(), key], span))
                }
                None => Value::shape(shape::item(whole)),
            },
            Does::StartsWith => {
                let prefix = self.first_shape(&arguments);
                match (shape::as_text(whole), shape::as_text(&prefix)) {
                    (Some(text), Some(prefix)) => Value::bool(text.starts_with(prefix)),
                    _ => Value::shape(computed("starts with", vec![(**whole).clone(), prefix], span)),
                }
            }
            Does::Includes => {
                let item = self.first_shape(&arguments);
                Value::shape(computed("in", vec![item, (**whole).clone()], span))
            }
            Does::Compares => {
                let from = std::iter::once((**whole).clone()).chain(self.shapes(&arguments)).collect();
                Value::shape(computed(with, from, span))
            }
            Does::JoinText => match arguments.first() {
                // `", ".join(list)` or `list.join(", ")`.
                Some(list @ Value::Object(_)) => self.joined_text(&list, whole, span),
                _ => {
                    let from = std::iter::once((**whole).clone()).chain(self.shapes(&arguments)).collect();
                    Value::shape(computed("join", from, span))
                }
            },
            Does::Format => Value::shape(self.formatted(whole, &arguments, span)),
            Does::KeysOf => self.keys(&receiver, span),
            Does::ValuesOf => self.values(&receiver, span),
            Does::EntriesOf => self.entries(&receiver, span),
            Does::MapItems | Does::EachItem | Does::FilterItems | Does::FindItem | Does::TestsItems | Does::Reduce => {
                self.item_method(does, &receiver, arguments, span)?
            }
            Does::Update => Value::null(),
            Does::Then => match arguments.first() {
                Some(function) => self.call(&function, Arguments::of(vec![receiver]), None, span)?,
                None => receiver,
            },
            _ => Value::null(),
        })
    }

    /// Methods that settle an invocation: `context.succeed(x)`.
    fn context_method(&mut self, name: &str, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        match name {
            "succeed" => self.run.answer = Some(arguments.first().unwrap_or_else(Value::null)),
            "done" => {
                let callback = Value::external("lambda.callback");
                return self.call(&callback, arguments.clone(), None, span);
            }
            "fail" => {
                let error = arguments.first().unwrap_or_else(Value::null);
                let raised = self.raised(error, span)?;
                return Err(super::domain::Stop::Raise(Box::new(raised)));
            }
            _ => {}
        }
        Ok(Value::shape(Shape::Symbol(Symbol::Context(vec![name.to_owned()]))))
    }

    /// Gives an answer to a callback that takes an error first.
    pub(super) fn answered(&mut self, answer: &Value<'p>, arguments: &Arguments<'p>, span: Span) -> Eval<'p, ()> {
        for callback in arguments.positional.iter().filter(|value| value.is_callable()).cloned().collect::<Vec<_>>() {
            self.call(&callback, Arguments::of(vec![Value::null(), answer.clone()]), None, span)?;
        }
        Ok(())
    }

    fn joined_text(&mut self, list: &Value<'p>, separator: &Shape, span: Span) -> Value<'p> {
        let Items { known, more } = self.all_items(list, span);
        if more.is_some() {
            let shape = self.shape_of(list);
            return Value::shape(computed("join", vec![shape, separator.clone()], span));
        }
        let mut parts = Vec::new();
        for (index, item) in known.iter().enumerate() {
            if index > 0 {
                parts.push(separator.clone());
            }
            parts.push(self.shape_of(item));
        }
        Value::shape(shape::concat(parts, span))
    }

    /// `"{}/{name}".format(...)`.
    fn formatted(&mut self, format: &Shape, arguments: &Arguments<'p>, span: Span) -> Shape {
        let Some(format) = shape::as_text(format) else {
            let from = std::iter::once(format.clone()).chain(self.shapes(arguments)).collect();
            return computed("format", from, span);
        };
        let mut parts = Vec::new();
        let mut rest = format;
        let mut next = 0;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            parts.push(shape::text(&rest[..open]));
            let field = rest[open + 1..open + close].split([':', '!']).next().unwrap_or_default();
            let value = if field.is_empty() {
                next += 1;
                arguments.positional.get(next - 1).cloned()
            } else {
                field.parse::<usize>().ok().and_then(|at| arguments.positional.get(at).cloned()).or_else(|| arguments.named(field))
            };
            parts.push(value.map_or(Shape::Unknown, |value| self.shape_of(&value)));
            rest = &rest[open + close + 1..];
        }
        parts.push(shape::text(rest));
        shape::concat(parts, span)
    }

    fn item_method(&mut self, does: Does, receiver: &Value<'p>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let Some(function) = arguments.first().filter(|value| !matches!(value, Value::Shape(_))) else {
            let from = std::iter::once(self.shape_of(receiver)).chain(self.shapes(&arguments)).collect();
            return Ok(Value::shape(computed("items", from, span)));
        };
        Ok(match does {
            Does::EachItem => self.map_items(receiver, &function, Collects::Nothing, span)?,
            Does::FilterItems => self.map_items(receiver, &function, Collects::Kept, span)?,
            Does::FindItem => {
                self.map_items(receiver, &function, Collects::Nothing, span)?;
                let of = self.shape_of(receiver);
                let Items { known, more } = self.items(receiver, span);
                match (known.len(), more) {
                    (0, Some((_, item))) => match item {
                        Value::Shape(_) => Value::shape(computed("find", vec![of], span)),
                        code => code,
                    },
                    _ => Value::shape(computed("find", vec![of], span)),
                }
            }
            Does::TestsItems => {
                self.map_items(receiver, &function, Collects::Nothing, span)?;
                Value::shape(computed("matches", vec![self.shape_of(receiver)], span))
            }
            Does::Reduce => self.reduce(receiver, &function, arguments.positional.get(1).cloned(), span)?,
            _ => self.map_items(receiver, &function, Collects::Results, span)?,
        })
    }

    fn reduce(&mut self, over: &Value<'p>, function: &Value<'p>, start: Option<Value<'p>>, span: Span) -> Eval<'p> {
        let Items { known, more } = self.items(over, span);
        let mut so_far = start.unwrap_or_else(|| known.first().cloned().unwrap_or_else(Value::unknown));
        for item in known {
            so_far = self.call(function, Arguments::of(vec![so_far, item]), None, span)?;
            so_far = self.settle(so_far)?;
        }
        if let Some((of, item)) = more {
            self.enter_loop(of);
            let result = self.call(function, Arguments::of(vec![so_far, item]), None, span);
            self.leave_loop();
            so_far = result?;
        }
        Ok(so_far)
    }

    /// A method of a list or dictionary in the heap.
    pub(super) fn collection_method(&mut self, loc: Loc, name: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let receiver = Value::Object(loc);
        if let super::domain::Kind::Instance(class) = self.run.heap.get(loc).kind
            && let Some(value) = self.model_method(loc, class, name, &arguments, span)
        {
            return Ok(value);
        }
        let Some(Known { does, with }) = libraries::method(name) else {
            self.callbacks(&arguments, span)?;
            let object = self.run.heap.get(loc);
            if !matches!(object.kind, Kind::List | Kind::Dictionary) || (object.open && object.copied.is_none()) {
                return Ok(self.unknown(span, format!("method `{name}` is not there"), true));
            }
            let from = std::iter::once(self.shape_of(&receiver)).chain(self.shapes(&arguments)).collect();
            return Ok(Value::shape(computed(name, from, span)));
        };
        let is_list = matches!(self.run.heap.get(loc).kind, Kind::List);
        Ok(match does {
            Does::Append => {
                for value in arguments.positional {
                    self.push(loc, value);
                }
                Value::null()
            }
            Does::Insert => {
                if let Some(value) = arguments.positional.into_iter().next_back() {
                    self.push(loc, value);
                }
                Value::null()
            }
            Does::Extend => {
                let Some(more) = arguments.first() else { return Ok(receiver) };
                let joined = self.joined_lists(&receiver, &more, span);
                if name == "extend"
                    && let Value::Object(joined) = joined
                {
                    let joined = self.run.heap.get(joined).clone();
                    let object = self.run.heap.change(loc);
                    object.items = joined.items;
                    object.each = joined.each;
                    return Ok(Value::null());
                }
                joined
            }
            Does::Get | Does::SetDefault if !is_list => {
                let Some(key) = arguments.first() else { return Ok(Value::unknown()) };
                let default = arguments.get(1, "default");
                match self.key_of(&key) {
                    Some(key) => {
                        let value = self.member(&receiver, &key, span, false)?;
                        if value.is_null() || (value.as_shape() == Some(&Shape::Unknown) && default.is_some()) {
                            let value = default.unwrap_or(value);
                            if does == Does::SetDefault {
                                self.run.heap.change(loc).set(&key, value.clone());
                            }
                            value
                        } else if self.run.heap.get(loc).entry(&key).is_some() {
                            value
                        } else {
                            self.or_value(value, default)
                        }
                    }
                    None => self.index(&receiver, &key, span, crate::ir::Language::JavaScript)?,
                }
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
            Does::Pop => match arguments.first().and_then(|key| self.key_of(&key)) {
                Some(key) if !is_list => {
                    let value = self.member(&receiver, &key, span, false)?;
                    self.run.heap.change(loc).entries.retain(|(name, _)| **name != *key);
                    if value.is_null() { arguments.get(1, "default").unwrap_or(value) } else { value }
                }
                _ => {
                    let object = self.run.heap.change(loc);
                    let item = if name == "pop" { object.items.pop() } else { (!object.items.is_empty()).then(|| object.items.remove(0)) };
                    item.or_else(|| object.each.as_ref().map(|(_, item)| item.clone())).unwrap_or_else(Value::unknown)
                }
            },
            Does::Remove | Does::DeleteEntry => {
                if let Some(key) = arguments.first().and_then(|key| self.key_of(&key)) {
                    self.run.heap.change(loc).entries.retain(|(name, _)| **name != *key);
                }
                Value::null()
            }
            Does::Includes => match arguments.first().map(|key| (self.key_of(&key).and_then(|key| self.contains(loc, &key)), key)) {
                Some((Some(within), _)) => Value::bool(within),
                Some((None, key)) => {
                    let from = vec![self.shape_of(&key), self.shape_of(&receiver)];
                    Value::shape(computed("in", from, span))
                }
                None => Value::unknown(),
            },
            Does::KeysOf if !is_list => self.keys(&receiver, span),
            Does::ValuesOf if !is_list => self.values(&receiver, span),
            Does::EntriesOf if !is_list => self.entries(&receiver, span),
            Does::EntriesOf => {
                let arguments = Arguments::of(vec![receiver]);
                let external = Rc::new(Extern { path: "enumerate".into(), arguments: Arguments::default(), span: None });
                self.container_function(Does::Enumerate, &external, arguments, span)?
            }
            Does::JoinText => {
                let separator = arguments.first().map_or_else(|| shape::text(","), |separator| self.shape_of(&separator));
                self.joined_text(&receiver, &separator, span)
            }
            Does::EachItem if !is_list => {
                // `map.forEach((value, key) => ...)`
                let values = self.values(&receiver, span);
                self.item_method(does, &values, arguments, span)?
            }
            Does::MapItems | Does::EachItem | Does::FilterItems | Does::FindItem | Does::TestsItems | Does::Reduce => {
                self.item_method(does, &receiver, arguments, span)?
            }
            Does::Itself if name == "copy" || name == "clone" => {
                let copy = self.run.heap.get(loc).clone();
                Value::Object(self.new_object(copy))
            }
            Does::Itself => {
                self.callbacks(&arguments, span)?;
                receiver
            }
            Does::JsonOf => Value::shape(shape::json(self.shape_of(&receiver))),
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

    /// Models of pydantic and data classes as data.
    fn model_method(&mut self, loc: Loc, class: Loc, name: &str, arguments: &Arguments<'p>, span: Span) -> Option<Value<'p>> {
        self.external_base(class)?;
        let _ = arguments;
        match name {
            "dict" | "model_dump" | "as_dict" | "copy" | "model_copy" | "toObject" | "toJSON" => {
                let mut copy = self.run.heap.get(loc).clone();
                copy.kind = Kind::Dictionary;
                Some(Value::Object(self.new_object(copy)))
            }
            "json" | "model_dump_json" => Some(Value::shape(shape::json(self.shape_of(&Value::Object(loc))))),
            _ => {
                let _ = span;
                None
            }
        }
    }

    /// A method of a function: `call`, `apply`, `bind`, and `use` of wrapped handlers.
    pub(super) fn function_method(&mut self, function: &Value<'p>, name: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
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
                for middleware in arguments.positional.clone() {
                    if let Value::Object(loc) = middleware
                        && !matches!(self.run.heap.get(loc).kind, Kind::Library(_))
                    {
                        self.run.middleware.push(Value::Object(loc));
                    }
                }
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

/// What running a function for each item gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Collects {
    Results,
    /// The items themselves, where the function says yes.
    Kept,
    Nothing,
}

fn time_form(method: &str) -> Option<&'static str> {
    match method {
        "isoformat" | "toISOString" | "toJSON" => Some("iso"),
        "timestamp" | "unix" => Some("epoch"),
        "getTime" | "valueOf" => Some("epoch-ms"),
        "strftime" | "format" | "toLocaleString" | "toString" | "toUTCString" | "toDateString" | "toLocaleDateString" | "date" => {
            Some("formatted")
        }
        "replace" | "astimezone" | "utc" | "local" => Some("time"),
        _ => None,
    }
}
