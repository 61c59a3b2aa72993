//! Where values come from, and whether a mapping can take them from there.

use super::Reason;
use super::parts::{is_constant, parts_of_event};
use crate::aws::direct::{self, Language};
use crate::source::Span;
use crate::summary::{EffectId, Shape, Symbol, Test, coding};

/// Origins that a mapping has in a form of its own.
pub(super) const WHOLE: &str = "the whole event";
pub(super) const TIME: &str = "the time of the request";
pub(super) const ID: &str = "an id of the request";
pub(super) const BODY: &str = "body";

/// What surrounds a value.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub language: &'a Language,
    /// `rest`, `http`, `websocket`, `task`, or the kind of an event source.
    pub trigger: &'a str,
    /// The only call.
    pub call: Option<EffectId>,
    /// Whether the template sets a variable of the environment.
    pub is_set: &'a dyn Fn(&str) -> bool,
    /// Whether the mapping of the answer can ask this of how the call ended.
    pub tells: &'a dyn Fn(&Test) -> bool,
}

impl Surroundings<'_> {
    /// There is no call, so all there is to do is to answer.
    fn is_idle(&self) -> bool {
        self.call.is_none()
    }

    /// Whether the texts of the source's records are coded so.
    fn decodes(&self, coding: &str) -> bool {
        let record = direct::record(self.trigger).filter(|_| !self.is_idle());
        record.is_some_and(|record| record.coding.as_deref() == Some(coding))
    }
}

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Of the call.
    Input,
    /// After the call.
    Answer,
    /// Where the call failed, or never happened.
    Refusal,
}

/// Takes a value apart.
pub(super) struct Origins<'a> {
    around: Surroundings<'a>,
    role: Role,
    span: Span,
    /// Where the parts come from, in order, without repetition.
    pub origins: Vec<String>,
    pub reasons: Vec<Reason>,
}

impl<'a> Origins<'a> {
    pub(super) fn new(around: Surroundings<'a>, role: Role, span: Span) -> Self {
        Self { around, role, span, origins: Vec::new(), reasons: Vec::new() }
    }

    /// Whether the mapping of the answer sees this part of the request; nothing but the body is kept for it.
    fn echoes(&self, part: &str) -> bool {
        self.around.language.echoes(part) || self.around.is_idle() && part == BODY
    }

    fn origin(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.origins.contains(&text) {
            self.origins.push(text);
        }
    }

    fn not(&mut self, text: impl Into<String>) {
        self.not_at(self.span, text);
    }

    fn not_at(&mut self, span: Span, text: impl Into<String>) {
        let reason = Reason::new(span, text);
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    pub(super) fn value(&mut self, shape: &Shape) {
        if self.part_of_body(shape) {
            return;
        }
        match shape {
            Shape::Unknown => self.not("uses a value that could not be followed"),
            Shape::Null | Shape::Bool(_) | Shape::Number(_) => self.origin("a constant"),
            Shape::Symbol(symbol) => self.symbol(symbol),
            Shape::Text(parts) => self.text(parts),
            Shape::List(items) => items.iter().for_each(|item| self.value(item)),
            Shape::Object { entries, open } => self.object(entries, *open),
            Shape::Json(value) | Shape::Parsed(value) => self.value(value),
            Shape::Coded { coding, value } => self.coded(coding, value),
            Shape::Choice(parts) => self.choice(parts),
            Shape::Default { value, default } => self.default(value, default),
            Shape::Each { of, item } => self.each(of, item),
            Shape::Item { of, .. } | Shape::Part { of, .. } => self.value(of),
            Shape::RandomId if self.around.language.random || self.around.is_idle() => self.origin(ID),
            Shape::RandomId => self.not("makes an id, which the mapping cannot"),
            Shape::Now(form) => self.now(form),
            Shape::Computed { operation, from, span } => self.computed(operation, from, *span),
        }
    }

    fn symbol(&mut self, symbol: &Symbol) {
        match symbol {
            Symbol::Name(_) => self.origin("a constant"),
            Symbol::Env(name) if (self.around.is_set)(name) => self.origin(format!("the variable `{name}`")),
            Symbol::Env(name) => {
                self.not(format!("reads the variable `{name}`, which the template does not set"))
            }
            Symbol::Text(parts) => {
                let parts: Vec<Shape> = parts.iter().map(|part| Shape::Symbol(part.clone())).collect();
                self.text(&parts);
            }
            Symbol::Event(path) => self.event(path),
            Symbol::Context(path) => match path.first().map(String::as_str) {
                Some("aws_request_id" | "awsRequestId") => self.origin(ID),
                _ => self.not("uses the context of the function"),
            },
            Symbol::Result(id, path) => self.result(*id, path),
            Symbol::Unknown => self.not("uses a value that could not be followed"),
        }
    }

    fn event(&mut self, path: &[String]) {
        let trigger = self.around.trigger;
        let Some(first) = path.first() else {
            return match direct::reads(trigger, "") {
                None => self.origin(WHOLE),
                Some(_) if self.around.is_idle() => self.origin(WHOLE),
                Some(_) => self.not("uses the whole event, which only a function is given"),
            };
        };
        if direct::reads(trigger, first) == Some(false) {
            return self.not(format!("uses `event.{}`, which only a function is given", path.join(".")));
        }
        if self.role != Role::Input && !self.echoes(first) {
            return self
                .not(format!("answers with {}, which the mapping of the answer cannot see", told(path)));
        }
        let is_api = direct::reads(trigger, first).is_some();
        if is_api
            && path.len() == 1
            && matches!(
                first.as_str(),
                "pathParameters" | "queryStringParameters" | "headers" | "requestContext"
            )
        {
            return self.not(format!("uses all of `event.{first}`"));
        }
        self.origin(told(path));
    }

    fn result(&mut self, id: EffectId, path: &[String]) {
        if self.around.call != Some(id) {
            return self.not("uses the answer of another call");
        }
        match (self.role, path.first().map(String::as_str)) {
            (Role::Input, _) => self.not("uses the answer of the call for the call itself"),
            (Role::Refusal, Some("error")) => self.origin("the error of the call"),
            (Role::Answer, Some("error")) => self.not("uses the error of the call where it goes well"),
            (_, None) => self.origin("the whole answer of the call"),
            _ => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                self.origin(format!("`{}` of the call's answer", path.join(".")));
            }
        }
    }

    /// A text of several parts needs a mapping that puts them together; in refusals that is a message.
    fn text(&mut self, parts: &[Shape]) {
        parts.iter().for_each(|part| self.value(part));
        let of_event = |part: &Shape| {
            let mut found = Vec::new();
            parts_of_event(part, &mut found);
            !found.is_empty()
        };
        let plain = self.around.is_idle() && !parts.iter().any(of_event);
        if parts.len() > 1 && self.role != Role::Refusal && !plain {
            self.not("puts a text together");
        }
    }

    fn object(&mut self, entries: &[(String, Shape)], open: bool) {
        for (name, value) in entries {
            if name == "..." && self.role != Role::Refusal {
                self.not("merges objects");
            }
            self.value(value);
        }
        if open {
            self.not("uses an object whose entries could not be followed");
        }
    }

    fn coded(&mut self, coding: &str, value: &Shape) {
        match coding {
            "string" | "number" | "unmarshall" | "document" => {}
            coding if coding::is_of_json(coding) => {}
            // A pipe decodes the text of a record itself; whether it is that, is seen where it is sent.
            coding if self.around.decodes(coding) => {}
            "marshall" if is_untyped(value) => {
                self.not("stores an object whose attributes are not known before the request");
            }
            "marshall" => {}
            _ if self.role == Role::Refusal => {}
            other => self.not(format!("changes a value (`{other}`)")),
        }
        self.value(value);
    }

    fn choice(&mut self, parts: &[Shape]) {
        if self.role == Role::Input {
            return self.not("chooses between values");
        }
        parts.iter().for_each(|part| self.value(part));
    }

    fn default(&mut self, value: &Shape, default: &Shape) {
        if let Shape::Symbol(Symbol::Env(name)) = value {
            return if (self.around.is_set)(name) { self.value(value) } else { self.value(default) };
        }
        self.value(value);
        match self.role {
            Role::Input if *default == Shape::Null => {}
            Role::Input => self.not("gives a default to what the request leaves out"),
            _ => self.value(default),
        }
    }

    fn each(&mut self, of: &Shape, item: &Shape) {
        if self.role == Role::Input && !is_records(of) {
            return self.not("builds a list from a list");
        }
        self.value(of);
        self.value(item);
    }

    fn now(&mut self, form: &str) {
        if self.around.language.has_time(form) || self.around.is_idle() {
            return self.origin(TIME);
        }
        self.not("formats the time");
    }

    fn computed(&mut self, operation: &str, from: &[Shape], span: Span) {
        match operation {
            // What went wrong, where nothing more is known.
            "error" if self.role == Role::Refusal => self.origin("the error"),
            // However much of an id is left, it is one.
            _ if self.around.is_idle() && is_cut_id(operation, from) => self.origin(ID),
            // Conditions of the table's own language, written as functions.
            "Key" | "Attr" | "bits" | "eq" | "begins_with" | "between" | "lt" | "lte" | "gt" | "gte"
            | "exists" | "not_exists"
                if is_condition(operation, from) =>
            {
                from.iter().for_each(|part| self.value(part));
            }
            other => self.not_at(span, format!("computes a value (`{other}`)")),
        }
    }

    /// A part of the parsed body is told by its name.
    fn part_of_body(&mut self, shape: &Shape) -> bool {
        let Some(name) = body_part(shape) else { return false };
        if self.role != Role::Input && !self.echoes("body") {
            self.not(format!("answers with {name}, which the mapping of the answer cannot see"));
        } else if direct::reads(self.around.trigger, "body") != Some(false) {
            self.origin(name);
        }
        true
    }
}

/// "`name` of the body", where the shape is a part of the parsed body.
fn body_part(shape: &Shape) -> Option<String> {
    let Shape::Part { of, path } = shape else { return None };
    let parsed = match &**of {
        Shape::Parsed(inner) => inner,
        Shape::Default { value, .. } => match &**value {
            Shape::Parsed(inner) => inner,
            _ => return None,
        },
        _ => return None,
    };
    match read(parsed) {
        Shape::Symbol(Symbol::Event(body)) if **body == ["body"] => {
            Some(format!("`{}` of the body", path.join(".")))
        }
        _ => None,
    }
}

/// The text that is read, however its numbers are.
pub(super) fn read(text: &Shape) -> &Shape {
    match text {
        Shape::Coded { coding, value } if coding == coding::DECIMALS => value,
        text => text,
    }
}

/// A random id of which parts were taken.
fn is_cut_id(operation: &str, from: &[Shape]) -> bool {
    let [of, rest @ ..] = from else { return false };
    let is_id = match of {
        Shape::RandomId => true,
        Shape::Computed { operation, from, .. } => is_cut_id(operation, from),
        _ => false,
    };
    is_id && direct::takes_a_part(operation) && rest.iter().all(is_constant)
}

/// A part of the event, in the reader's words.
pub(super) fn told(path: &[String]) -> String {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match &*path {
        ["pathParameters", name] => format!("the path parameter `{name}`"),
        ["queryStringParameters", name] => format!("the query parameter `{name}`"),
        ["headers", name] => format!("the header `{name}`"),
        ["body"] => "the body".to_owned(),
        ["requestContext", "authorizer", rest @ ..] => format!("the caller's `{}`", rest.join(".")),
        path => format!("`event.{}`", path.join(".")),
    }
}

/// An object of which no attribute is named.
fn is_untyped(value: &Shape) -> bool {
    match value {
        Shape::Parsed(_) | Shape::Symbol(Symbol::Event(_)) => true,
        Shape::Default { value, .. } => is_untyped(value),
        Shape::Item { path, .. } => path.is_empty(),
        Shape::Object { entries, .. } => {
            entries.iter().any(|(name, value)| name == "..." && is_untyped(value))
        }
        _ => false,
    }
}

/// The records of a batch.
pub(super) fn is_records(shape: &Shape) -> bool {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => **path == ["Records"],
        Shape::Default { value, .. } => is_records(value),
        _ => false,
    }
}

/// `Key("id").eq(value)`: in it, only such conditions and the values they compare with.
fn is_condition(operation: &str, from: &[Shape]) -> bool {
    if matches!(operation, "Key" | "Attr") {
        return true;
    }
    from.first().is_some_and(|first| match first {
        Shape::Computed { operation, from, .. } => is_condition(operation, from),
        // The name of the attribute, of a condition that was put together in one go.
        Shape::Symbol(Symbol::Name(_)) => true,
        _ => false,
    })
}
