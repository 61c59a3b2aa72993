//! Functions that make lists and dictionaries, and what runs for each of their items.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Value};
use super::engine::Engine;
use super::shape::{self, computed};
use super::statements::Items;
use crate::aws::libraries::Does;
use crate::source::Span;
use crate::summary::Shape;

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
                self.made_dictionary(does == Does::OpenDictionary, first, arguments, span)
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
                let items = self.all_items(&value, span);
                let list = self.list_of(items);
                match arguments.positional.get(1).filter(|function| function.is_callable()) {
                    Some(function) => self.map_items(&list, function, Collects::Results, span)?,
                    None => list,
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
            (Does::Enumerate, Some(value)) => self.enumerated_items(&value, span),
            (Does::Zip, Some(_)) => self.zipped(&arguments.positional, span),
            (Does::AllItems | Does::AllSettled, Some(value)) => {
                self.all_given(does == Does::AllSettled, value, arguments, span)?
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

    fn made_dictionary(
        &mut self,
        open: bool,
        from: Option<Value<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        let mut object = Object::new(Kind::Dictionary);
        object.open = open;
        let loc = self.new_object(object);
        match from {
            // `new Map(Object.entries(x))`, `dict(pairs)`
            Some(Value::Object(from)) if matches!(self.run.heap.get(from).kind, Kind::List) => {
                self.pairs_into(loc, from, span);
            }
            Some(value) if !value.is_callable() && !matches!(value, Value::Extern(_)) => {
                self.copy_into(loc, &value)
            }
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

    fn list_of(&mut self, items: Items<'p>) -> Value<'p> {
        let mut list = Object::new(Kind::List);
        list.items = items.known;
        list.each = items.more.map(|(of, item)| (Rc::new(of.unwrap_or(Shape::Unknown)), item));
        Value::Object(self.new_object(list))
    }

    /// Pairs of a position and an item.
    pub(super) fn enumerated_items(&mut self, of: &Value<'p>, span: Span) -> Value<'p> {
        let Items { known, more } = self.all_items(of, span);
        let position = |index: usize| Value::shape(Shape::Number(index.to_string()));
        let known = known.into_iter().enumerate().map(|(index, item)| self.pair(position(index), item));
        let known = known.collect();
        let more = more.map(|(of, item)| {
            let position = Value::shape(computed("position", Vec::new(), span));
            (of, self.pair(position, item))
        });
        self.list_of(Items { known, more })
    }

    /// Any number of lists with an item of each.
    fn zipped(&mut self, sides: &[Value<'p>], span: Span) -> Value<'p> {
        let mut pair = Object::new(Kind::List);
        let mut of = Shape::Unknown;
        for side in sides {
            let Items { known, more } = self.all_items(side, span);
            of = self.shape_of(side);
            let item = more.map(|(_, item)| item).or_else(|| known.into_iter().next());
            pair.items.push(item.unwrap_or_else(Value::unknown));
        }
        let pair = Value::Object(self.new_object(pair));
        self.list_of(Items { known: Vec::new(), more: Some((Some(of), pair)) })
    }

    /// `gather(a, b)` takes the items one by one, `Promise.all([a, b])` as a list.
    fn all_given(
        &mut self,
        settled: bool,
        first: Value<'p>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let settled = settled || arguments.named("return_exceptions").is_some();
        if arguments.positional.len() == 1 {
            match &first {
                Value::Object(loc) if matches!(self.run.heap.get(*loc).kind, Kind::List) => {
                    return self.all_of(&first, settled, span);
                }
                Value::Shape(_) => return Ok(first),
                _ => {}
            }
        }
        let more = arguments.rest.map(|rest| {
            let of = self.shape_of(&rest);
            let item = Value::shape(shape::item(&of));
            (Some(of), item)
        });
        let list = self.list_of(Items { known: arguments.positional, more });
        self.all_of(&list, settled, span)
    }

    pub(super) fn pair(&mut self, first: Value<'p>, second: Value<'p>) -> Value<'p> {
        let mut pair = Object::new(Kind::List);
        pair.items = vec![first, second];
        Value::Object(self.new_object(pair))
    }

    pub(super) fn pairs_into(&mut self, into: Loc, from: Loc, span: Span) {
        let list = self.run.heap.get(from).clone();
        for pair in list.items.iter().chain(list.each.as_ref().map(|(_, item)| item)) {
            let (key, value) = (self.nth(pair, 0, span), self.nth(pair, 1, span));
            match self.key_of(&key) {
                Some(key) => self.run.heap.change(into).set(&key, value),
                None => self.run.heap.change(into).set_unnamed(value),
            }
        }
    }

    pub(super) fn keys(&mut self, value: &Value<'p>, span: Span) -> Value<'p> {
        match value {
            Value::Object(loc) if self.run.heap.get(*loc).is_closed() => {
                let mut list = Object::new(Kind::List);
                list.items =
                    self.run.heap.get(*loc).entries.iter().map(|(name, _)| Value::text(name)).collect();
                Value::Object(self.new_object(list))
            }
            other => Value::shape(computed("keys", vec![self.shape_of(other)], span)),
        }
    }

    pub(super) fn values(&mut self, value: &Value<'p>, span: Span) -> Value<'p> {
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

    pub(super) fn entries(&mut self, value: &Value<'p>, span: Span) -> Value<'p> {
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

    pub(super) fn entry_of(&mut self, of: &Shape, span: Span) -> Value<'p> {
        let key = Value::shape(computed("key", vec![of.clone()], span));
        self.pair(key, Value::shape(shape::item(of)))
    }

    /// Runs a function for each item.
    pub(super) fn map_items(
        &mut self,
        over: &Value<'p>,
        function: &Value<'p>,
        collects: Collects,
        span: Span,
    ) -> Eval<'p> {
        let Items { known, more } = self.items(over, span);
        let loc = self.new_object(Object::new(Kind::List));
        for (index, item) in known.into_iter().enumerate() {
            let index = Value::shape(Shape::Number(index.to_string()));
            let result =
                self.call(function, Arguments::of(vec![item.clone(), index, over.clone()]), None, span)?;
            match collects {
                Collects::Results => self.run.heap.change(loc).items.push(result),
                Collects::Kept => self.keep_item(loc, item, &result, over, span)?,
                Collects::Nothing => {}
            }
        }
        if let Some((of, item)) = more {
            self.enter_loop(of.clone());
            let index = Value::shape(computed("position", Vec::new(), span));
            let result =
                self.call(function, Arguments::of(vec![item.clone(), index, over.clone()]), None, span);
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

    pub(super) fn item_method(
        &mut self,
        does: Does,
        receiver: &Value<'p>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let Some(function) = arguments.first().filter(|value| !matches!(value, Value::Shape(_))) else {
            let from = std::iter::once(self.shape_of(receiver)).chain(self.shapes(&arguments)).collect();
            return Ok(Value::shape(computed("items", from, span)));
        };
        Ok(match does {
            Does::EachItem => self.map_items(receiver, &function, Collects::Nothing, span)?,
            Does::FilterItems => self.map_items(receiver, &function, Collects::Kept, span)?,
            Does::FindItem => {
                if let Some(item) = self.found_case(receiver, &function, span)? {
                    return Ok(item);
                }
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

    pub(super) fn reduce(
        &mut self,
        over: &Value<'p>,
        function: &Value<'p>,
        start: Option<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
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
}

/// What running a function for each item gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Collects {
    Results,
    /// The items themselves, where the function says yes.
    Kept,
    Nothing,
}
