//! Binding: names, places and destructuring.

use std::rc::Rc;

use super::domain::{Eval, FrameId, Kind, Object, Value};
use super::engine::Engine;
use super::identity::is_configured;
use super::ledger::{EnvMet, EventMet};
use super::shape;
use crate::ir::{Expression, ExpressionKind, Pattern, PatternKind};
use crate::source::Span;
use crate::summary::{Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn bind(&mut self, frame: FrameId, pattern: &'p Pattern, value: Value<'p>) -> Eval<'p, ()> {
        match &pattern.kind {
            PatternKind::Name(name) => {
                self.assign(frame, name, value);
                Ok(())
            }
            PatternKind::Place(place) => self.store(frame, place, value),
            PatternKind::List { items, rest } => {
                for (index, item) in items.iter().enumerate() {
                    if let Some(item) = item {
                        let part = self.nth(&value, index, pattern.span);
                        self.bind(frame, item, part)?;
                    }
                }
                let Some(rest) = rest else { return Ok(()) };
                let remaining = self.after(&value, items.len(), pattern.span);
                self.bind(frame, rest, remaining)
            }
            PatternKind::Object { entries, rest } => {
                let mut taken = Vec::new();
                for (key, inner) in entries {
                    let key_value = self.eval(frame, key)?;
                    let part = match self.key_of(&key_value) {
                        Some(name) => {
                            let part = self.member(&value, &name, inner.span, false)?;
                            taken.push(name);
                            part
                        }
                        None => Value::unknown(),
                    };
                    self.bind(frame, inner, part)?;
                }
                let Some(rest) = rest else { return Ok(()) };
                let remaining = self.without(&value, &taken);
                self.bind(frame, rest, remaining)
            }
            PatternKind::Default { pattern, default } => {
                let value = self.with_default(frame, value, default)?;
                self.bind(frame, pattern, value)
            }
        }
    }

    /// `value`, or the default where it is absent.
    pub(super) fn with_default(
        &mut self,
        frame: FrameId,
        value: Value<'p>,
        default: &'p Expression,
    ) -> Eval<'p> {
        let Value::Shape(shape) = &value else { return Ok(value) };
        if **shape == Shape::Null {
            return self.eval(frame, default);
        }
        if super::trail::truth(shape).is_some() {
            return Ok(value);
        }
        self.has_default(shape);
        let default = self.eval(frame, default)?;
        match default {
            Value::Shape(default) => {
                self.has_default(&default);
                Ok(Value::shape(shape::or_default((**shape).clone(), (*default).clone())))
            }
            Value::Object(_) => {
                let default = self.shape_of(&default);
                Ok(Value::shape(shape::or_default((**shape).clone(), default)))
            }
            _ => Ok(value),
        }
    }

    /// Notes that absence of a variable of the environment, or of a part of the event, is thought of.
    pub(super) fn has_default(&mut self, shape: &Shape) {
        match shape {
            Shape::Symbol(Symbol::Env(name)) => {
                let reads = &mut self.ledger.env_reads;
                let met = &mut self.run.met;
                let mut met = met.may_env_reads.iter_mut().chain(&mut met.env_reads).rev();
                if let Some(read) = met.find(|read| reads.get(**read).name == *name) {
                    *read = reads.number(EnvMet { has_default: true, ..reads.get(*read).clone() });
                }
            }
            Shape::Default { value, .. } | Shape::Coded { value, .. } => self.has_default(value),
            Shape::Symbol(Symbol::Event(_)) | Shape::Item { .. } | Shape::Part { .. } => {
                let Some(path) = shape::event_path(shape) else { return };
                let reads = &mut self.ledger.event_reads;
                let met = &mut self.run.met;
                let mut met = met.may_event_reads.iter_mut().chain(&mut met.event_reads).rev();
                if let Some(read) = met.find(|read| reads.get(**read).path == path) {
                    *read = reads.number(EventMet { has_default: true, ..reads.get(*read).clone() });
                }
            }
            _ => {}
        }
    }

    pub(super) fn assign(&mut self, frame: FrameId, name: &'p str, value: Value<'p>) {
        if name == "*" {
            return self.assign_star(frame, value);
        }
        let mut at = frame;
        loop {
            let here = self.run.heap.frame(at);
            if here.variables.has(name) {
                break;
            }
            match here.parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        if self.run.heap.frame(at).at_init && !self.run.at_init {
            self.keep(&value);
        }
        self.run.heap.change_frame(at).variables.bind(name, value);
    }

    /// `from x import *`: all such modules, the last one last.
    fn assign_star(&mut self, frame: FrameId, value: Value<'p>) {
        let list = match self.run.heap.frame(frame).stars {
            Some(list) => list,
            None => self.new_object(Object::new(Kind::List)),
        };
        self.run.heap.change(list).items.push(value);
        self.run.heap.change_frame(frame).stars = Some(list);
    }

    fn store(&mut self, frame: FrameId, place: &'p Expression, value: Value<'p>) -> Eval<'p, ()> {
        let (object_place, name) = match &place.kind {
            ExpressionKind::Member { object, name, .. } => (object, Some(name.clone())),
            ExpressionKind::Index { object, key, .. } => {
                let key = self.eval(frame, key)?;
                (object, self.key_of(&key))
            }
            ExpressionKind::Exports => {
                self.export_whole(frame, value);
                return Ok(());
            }
            ExpressionKind::Name(name) => {
                self.assign(frame, name, value);
                return Ok(());
            }
            _ => return Ok(()),
        };
        let object = self.eval(frame, object_place)?;
        if let Value::Shape(whole) = &object {
            return self.store_into_data(frame, object_place, whole, name, value);
        }
        self.set_member(&object, name.as_deref(), value, place.span)
    }

    /// Data that is changed becomes an object with the old data copied in.
    fn store_into_data(
        &mut self,
        frame: FrameId,
        place: &'p Expression,
        whole: &Rc<Shape>,
        name: Option<String>,
        value: Value<'p>,
    ) -> Eval<'p, ()> {
        // The list it is an item of keeps its place in other variables.
        if matches!(**whole, Shape::Item { .. }) {
            self.run.changed.push(((**whole).clone(), place.span));
        }
        let mut object = Object::new(Kind::Dictionary);
        object.copied = Some(Rc::clone(whole));
        match name {
            Some(name) => object.set(&name, value),
            None => object.open = true,
        }
        let object = Value::Object(self.new_object(object));
        match &place.kind {
            ExpressionKind::Name(name) => {
                self.assign(frame, name, object);
                Ok(())
            }
            ExpressionKind::Member { .. } | ExpressionKind::Index { .. } => self.store(frame, place, object),
            _ => Ok(()),
        }
    }

    pub(super) fn set_member(
        &mut self,
        object: &Value<'p>,
        name: Option<&str>,
        value: Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        match object {
            Value::Extern(external)
                if name.is_some_and(|name| is_configured(&external.path, name))
                    && self.may_give_credentials(&value) =>
            {
                self.gives_all_credentials(span);
            }
            Value::Extern(_) if super::library::is_whole_environment(object) => {
                // A variable that the code itself sets.
                if let Some(name) = name {
                    self.env_read(name, true, span);
                }
            }
            Value::Object(loc) => {
                if self.run.heap.get(*loc).at_init && !self.run.at_init {
                    self.keep(&value);
                }
                if let Some(setter) = name.and_then(|name| self.setter(*loc, name)) {
                    let arguments = super::domain::Arguments::of(vec![value]);
                    self.call_on(&setter, object.clone(), arguments, span)?;
                    return Ok(());
                }
                let target = self.run.heap.change(*loc);
                match (name, &target.kind) {
                    (Some(name), Kind::List) => match name.parse::<usize>() {
                        Ok(index) if index < target.items.len() => target.items[index] = value,
                        Ok(index) if index == target.items.len() => target.items.push(value),
                        _ => target.open = true,
                    },
                    (Some(name), _) => target.set(name, value),
                    (None, _) => target.set_unnamed(value),
                }
            }
            Value::Module(source) => {
                if let (Some(state), Some(name)) = (self.run.modules.get(source).copied(), name)
                    && self.run.heap.frame(state.frame).variables.has(name)
                {
                    self.run.heap.change_frame(state.frame).variables.rebind(name, value);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The item at a place of a list.
    pub(super) fn nth(&mut self, value: &Value<'p>, index: usize, span: Span) -> Value<'p> {
        match value {
            Value::Shape(whole) => {
                let part = shape::part(whole, &index.to_string());
                self.event_read(&part, false, span);
                Value::shape(part)
            }
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc);
                if let Some(item) = object.items.get(index) {
                    return item.clone();
                }
                if let Some((_, item)) = &object.each {
                    // The first item stands for all; another one is another value.
                    if index == 0 || item.as_shape().is_none() {
                        return item.clone();
                    }
                    let place = Shape::Number(index.to_string());
                    let from = vec![self.shape_of(value), place];
                    return Value::shape(shape::computed("index", from, span));
                }
                if let Some(copied) = &object.copied {
                    return Value::shape(shape::part(copied, &index.to_string()));
                }
                if object.open { Value::unknown() } else { Value::null() }
            }
            Value::Extern(external) => self.external_member(external, &index.to_string(), span),
            _ => Value::unknown(),
        }
    }

    /// The items from a place on.
    fn after(&mut self, value: &Value<'p>, from: usize, span: Span) -> Value<'p> {
        match value {
            Value::Object(loc) => {
                let mut rest = self.run.heap.get(*loc).clone();
                rest.items = rest.items.into_iter().skip(from).collect();
                Value::Object(self.new_object(rest))
            }
            Value::Shape(whole) => Value::shape(shape::computed("rest", vec![(**whole).clone()], span)),
            _ => Value::unknown(),
        }
    }

    /// A copy of an object without some keys.
    fn without(&mut self, value: &Value<'p>, keys: &[String]) -> Value<'p> {
        match value {
            Value::Object(loc) => {
                let mut rest = self.run.heap.get(*loc).clone();
                rest.entries.retain(|(name, _)| !keys.iter().any(|key| **key == **name));
                Value::Object(self.new_object(rest))
            }
            Value::Shape(whole) => {
                let mut rest = Object::new(Kind::Dictionary);
                rest.copied = Some(Rc::clone(whole));
                Value::Object(self.new_object(rest))
            }
            other => other.clone(),
        }
    }
}
