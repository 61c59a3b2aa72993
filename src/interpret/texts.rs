//! Methods of data of which only the origin is known.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Value};
use super::engine::Engine;
use super::shape::{self, computed};
use super::statements::Items;
use crate::aws::libraries::{self, Does, Known};
use crate::source::Span;
use crate::summary::{Shape, Symbol};

impl<'p> Engine<'p> {
    /// A method of data of which only the origin is known.
    pub(super) fn data_method(
        &mut self,
        whole: &Rc<Shape>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let receiver = Value::Shape(Rc::clone(whole));
        if let Shape::Symbol(Symbol::Context(path)) = &**whole
            && path.is_empty()
        {
            return self.context_method(name, &arguments, span);
        }
        if let Some(value) = self.request_value(whole, name, &arguments, span) {
            return Ok(value);
        }
        if let Shape::Now(_) = &**whole
            && let Some(form) = time_form(name)
        {
            return Ok(Value::shape(Shape::Now(form.to_owned())));
        }
        let Some(Known { does, with }) = libraries::method(name) else {
            self.callbacks(&arguments, span)?;
            return Ok(self.computed_with(name, whole, &arguments, span));
        };
        if is_change(does) && !arguments.positional.is_empty() {
            self.run.changed.push(((**whole).clone(), span));
        }
        Ok(match does {
            Does::Coded => Value::shape(shape::coded(with, (**whole).clone())),
            Does::Itself
            | Does::Append
            | Does::Extend
            | Does::Remove
            | Does::Insert
            | Does::SetEntry
            | Does::DeleteEntry => {
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
            Does::JsonOf => Value::shape(shape::parsed(body_of(whole))),
            Does::Get | Does::Pop | Does::SetDefault => self.got(whole, &arguments, span),
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
            Does::Compares => self.computed_with(with, whole, &arguments, span),
            Does::JoinText => match arguments.first() {
                // `", ".join(list)` or `list.join(", ")`.
                Some(list @ Value::Object(_)) => self.joined_text(&list, whole, span),
                _ => self.computed_with("join", whole, &arguments, span),
            },
            Does::Format => Value::shape(self.formatted(whole, &arguments, span)),
            Does::KeysOf => self.keys(&receiver, span),
            Does::ValuesOf => self.values(&receiver, span),
            Does::EntriesOf => self.entries(&receiver, span),
            Does::MapItems
            | Does::EachItem
            | Does::FilterItems
            | Does::FindItem
            | Does::TestsItems
            | Does::Reduce => self.item_method(does, &receiver, arguments, span)?,
            Does::Update => Value::null(),
            Does::Then => match arguments.first() {
                Some(function) => self.call(&function, Arguments::of(vec![receiver]), None, span)?,
                None => receiver,
            },
            _ => Value::null(),
        })
    }

    /// What a method makes of what it is called on and what it is given.
    pub(super) fn computed_with(
        &self,
        operation: &str,
        whole: &Shape,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        let from = std::iter::once(whole.clone()).chain(self.shapes(arguments)).collect();
        Value::shape(computed(operation, from, span))
    }

    /// Methods of events as Powertools gives them: `event.get_header_value("x-id")`.
    fn request_value(
        &mut self,
        whole: &Shape,
        name: &str,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Option<Value<'p>> {
        let values = match name {
            "get_header_value" => "headers",
            "get_query_string_value" => "queryStringParameters",
            _ => return None,
        };
        let key = arguments.get(0, "name").and_then(|key| self.key_of(&key))?;
        shape::event_path(whole)?;
        let part = shape::part(&shape::part(whole, values), &key);
        self.event_read(&part, false, span);
        Some(self.or_value(Value::shape(part), arguments.get(1, "default_value")))
    }

    /// `data.get("key", default)`
    fn got(&mut self, whole: &Shape, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        let Some(key) = arguments.first() else { return Value::shape(shape::item(whole)) };
        let Some(key) = self.key_of(&key) else {
            let key = self.first_shape(arguments);
            return Value::shape(computed("index", vec![whole.clone(), key], span));
        };
        let part = shape::part(whole, &key);
        self.event_read(&part, false, span);
        self.has_default(&part);
        let default = arguments.get(1, "default");
        let part = if default.is_none() { shape::optional(part) } else { part };
        self.or_value(Value::shape(part), default)
    }

    /// Methods that settle an invocation: `context.succeed(x)`.
    pub(super) fn context_method(&mut self, name: &str, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
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
            // Durable executions run steps through the context.
            _ => self.callbacks(arguments, span)?,
        }
        Ok(Value::shape(Shape::Symbol(Symbol::Context([name.to_owned()].into()))))
    }

    /// Gives an answer to a callback that takes an error first.
    pub(super) fn answered(
        &mut self,
        answer: &Value<'p>,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        for callback in
            arguments.positional.iter().filter(|value| value.is_callable()).cloned().collect::<Vec<_>>()
        {
            self.call(&callback, Arguments::of(vec![Value::null(), answer.clone()]), None, span)?;
        }
        Ok(())
    }

    pub(super) fn joined_text(&mut self, list: &Value<'p>, separator: &Shape, span: Span) -> Value<'p> {
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
    pub(super) fn formatted(&mut self, format: &Shape, arguments: &Arguments<'p>, span: Span) -> Shape {
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
                field
                    .parse::<usize>()
                    .ok()
                    .and_then(|at| arguments.positional.get(at).cloned())
                    .or_else(|| arguments.named(field))
            };
            parts.push(value.map_or(Shape::Unknown, |value| self.shape_of(&value)));
            rest = &rest[open + close + 1..];
        }
        parts.push(shape::text(rest));
        shape::concat(parts, span)
    }
}

/// What `.json()` reads: of a response its body.
fn body_of(whole: &Shape) -> Shape {
    match whole {
        Shape::Symbol(Symbol::Result(id, path)) => {
            let body = path.iter().cloned().chain(["body".to_owned()]).collect();
            Shape::Symbol(Symbol::Result(*id, body))
        }
        other => other.clone(),
    }
}

fn time_form(method: &str) -> Option<&'static str> {
    match method {
        "isoformat" | "toISOString" | "toJSON" => Some("iso"),
        "timestamp" | "unix" => Some("epoch"),
        "getTime" | "valueOf" => Some("epoch-ms"),
        "strftime" | "format" | "toLocaleString" | "toString" | "toUTCString" | "toDateString"
        | "toLocaleDateString" | "date" => Some("formatted"),
        "replace" | "astimezone" | "utc" | "local" => Some("time"),
        _ => None,
    }
}

/// Whether a method changes what it is called on.
fn is_change(does: Does) -> bool {
    matches!(
        does,
        Does::Pop
            | Does::SetDefault
            | Does::Remove
            | Does::DeleteEntry
            | Does::SetEntry
            | Does::Append
            | Does::Insert
            | Does::Update
    )
}
