//! Members and items of values.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::choices::MOST_CASES;
use super::domain::{Arguments, Eval, Kind, Loc, Method, Object, Value};
use super::engine::{Engine, Takes};
use super::shape::{self, SORTED, computed};
use super::statements::Items;
use crate::ir::Language;
use crate::source::{SourceId, Span};
use crate::summary::{Shape, Symbol, Test};

/// Parts of one value, beyond which they are not looked at.
const LARGEST_SHAPE: u32 = 4_000;

impl<'p> Engine<'p> {
    /// `object.name`.
    pub(super) fn member(&mut self, object: &Value<'p>, name: &str, span: Span, required: bool) -> Eval<'p> {
        Ok(match object {
            Value::Shape(whole) => {
                if let Some(property) = super::library::property(name)
                    && !matches!(&**whole, Shape::Object { .. })
                {
                    return Ok(Value::shape(match (property, &**whole) {
                        ("length", Shape::List(items)) => Shape::Number(items.len().to_string()),
                        _ => computed(property, vec![(**whole).clone()], span),
                    }));
                }
                let part = event_view(whole, name).unwrap_or_else(|| shape::part(whole, name));
                self.event_read(&part, required, span);
                Value::shape(part)
            }
            Value::Object(loc) => self.object_member(*loc, name, span)?,
            Value::Module(source) => {
                let source = *source;
                match self.module_member(source, name) {
                    Some(value) => value,
                    None => self.unknown(span, format!("`{name}` is not in the module"), true),
                }
            }
            Value::Extern(external) => self.external_member(external, name, span),
            Value::Aws(aws) => self.aws_member(aws, object, name),
            Value::Rejected(_) => {
                let value = self.settle(object.clone())?;
                return self.member(&value, name, span, required);
            }
            Value::Function(closure) if name == "name" || name == "__name__" => {
                closure.function.name.as_ref().map_or_else(Value::unknown, |(name, _)| Value::text(name))
            }
            Value::Method(method) => part_of_method(method, name),
            Value::Function(_) | Value::Settle { .. } | Value::Partial(_) => Value::null(),
        })
    }

    fn object_member(&mut self, loc: Loc, name: &str, span: Span) -> Eval<'p> {
        let object = self.run.heap.get(loc);
        if let Some(value) = object.entry(name).cloned() {
            return if object.routes.is_empty() {
                self.class_entry(loc, name, value, span)
            } else {
                Ok(value)
            };
        }
        match object.kind.clone() {
            Kind::List => {
                if let Ok(index) = name.parse::<usize>() {
                    return Ok(self.nth(&Value::Object(loc), index, span));
                }
                if super::library::property(name) == Some("length") {
                    return Ok(self.length(loc, span));
                }
            }
            Kind::Instance(class) => {
                if let Some(value) = self.inherited(class, name, loc, span)? {
                    return Ok(value);
                }
                if let Some(base) = self.external_base(class) {
                    return Ok(self.base_member(loc, &base, name, span));
                }
            }
            Kind::Class(_) => {
                if let Some(value) = self.static_member(loc, name, span)? {
                    return Ok(value);
                }
                if name == "__name__" || name == "name" {
                    return Ok(self.class_name(loc).map_or_else(Value::unknown, |name| Value::text(&name)));
                }
                // What a framework makes of a class of views stands for the class.
                if name == "as_view" {
                    let given = Arguments::of(vec![Value::Object(loc)]);
                    return Ok(Value::Partial(Rc::new((Value::external("slslint.decorator"), given))));
                }
                if let Some(base) = self.external_base(loc) {
                    return Ok(Value::external(format!("{base}.{name}")));
                }
            }
            Kind::Library(path) if &*path == "super" => return self.super_member(loc, name, span),
            Kind::Library(path) => return Ok(self.library_member(loc, &path, name, span)),
            Kind::Dictionary => {}
        }
        let object = self.run.heap.get(loc);
        Ok(match (&object.copied, object.open) {
            (Some(copied), _) => {
                let part = shape::part(copied, name);
                self.event_read(&part, false, span);
                Value::shape(part)
            }
            (None, true) => object.entry("*").cloned().unwrap_or_else(Value::unknown),
            (None, false) => Value::null(),
        })
    }

    fn length(&mut self, loc: Loc, span: Span) -> Value<'p> {
        let object = self.run.heap.get(loc);
        if object.is_closed() {
            return Value::shape(Shape::Number(object.items.len().to_string()));
        }
        Value::shape(computed("length", vec![self.shape_of(&Value::Object(loc))], span))
    }

    /// A name of a local module; also a module below a package.
    pub(super) fn module_member(&mut self, source: SourceId, name: &str) -> Option<Value<'p>> {
        let state = *self.run.modules.get(&source)?;
        if let Some(value) = self.run.heap.get(state.exports).entry(name) {
            return Some(value.clone());
        }
        let frame = self.run.heap.frame(state.frame);
        match frame.variables.get(name) {
            Some(Some(value)) => return Some(value.clone()),
            // A package may take its modules from itself.
            Some(None) if !self.program.links.contains_key(&(source, format!(".{name}"))) => {
                return Some(Value::unknown());
            }
            _ => {}
        }
        if let Some(stars) = frame.stars {
            for star in self.run.heap.get(stars).items.clone().iter().rev() {
                match star {
                    Value::Module(other) if *other != source => {
                        if let Some(value) = self.module_member(*other, name) {
                            return Some(value);
                        }
                    }
                    Value::Extern(external) => {
                        return Some(Value::external(format!("{}.{name}", external.path)));
                    }
                    _ => {}
                }
            }
        }
        let Some(below) = self.program.links.get(&(source, format!(".{name}"))) else {
            // A module may make its members when they are asked for.
            let frame = self.run.heap.frame(state.frame);
            let maker = frame.variables.get("__getattr__").cloned().flatten()?;
            return self
                .call(&maker, Arguments::of(vec![Value::text(name)]), None, Span::new(source, 0, 0))
                .ok();
        };
        match below {
            crate::ir::Target::Local(target) => {
                let target = *target;
                self.load(target).ok().flatten().map(|_| Value::Module(target))
            }
            crate::ir::Target::Package(package) => Some(Value::external(package)),
            crate::ir::Target::Missing => None,
        }
    }

    /// Whether a module has nothing of this name but a function that makes what it is asked for.
    pub(super) fn makes_members(&self, source: SourceId, name: &str) -> bool {
        let Some(state) = self.run.modules.get(&source) else { return false };
        let variables = &self.run.heap.frame(state.frame).variables;
        variables.get("__getattr__").is_some() && variables.get(name).is_none()
    }

    /// `object[key]`.
    pub(super) fn index(
        &mut self,
        object: &Value<'p>,
        key: &Value<'p>,
        span: Span,
        language: Language,
    ) -> Eval<'p> {
        if let Some(name) = self.key_of(key) {
            if let (Value::Object(loc), Some(back)) =
                (object, name.strip_prefix('-').and_then(|back| back.parse::<usize>().ok()))
            {
                let items = &self.run.heap.get(*loc).items;
                if let Some(item) = items.len().checked_sub(back).and_then(|index| items.get(index)) {
                    return Ok(item.clone());
                }
            }
            let required = missing_key_raises(language);
            if required
                && let Value::Shape(whole) = object
                && let Some((depth, clause)) = self.guard_for_missing_key()
            {
                let whole = (**whole).clone();
                let part = shape::part(&whole, &name);
                self.event_read(&part, false, span);
                self.has_default(&part);
                self.run.guards[depth].offered[clause] = true;
                if !self.decide(Test::Has(whole.clone(), name.clone()), span) {
                    let raised = super::domain::Raised {
                        class: Some("KeyError".into()),
                        value: Value::text(&name),
                        message: Some(shape::text(name)),
                        span,
                        clause: Some((depth, clause)),
                    };
                    return Err(super::domain::Stop::Raise(Box::new(raised)));
                }
                return Ok(Value::shape(shape::part(&whole, &name)));
            }
            if required && super::library::is_whole_environment(object) {
                let thought_of = self.takes_missing_key();
                return Ok(self.env_read(&name, thought_of, span));
            }
            return self.member(object, &name, span, required);
        }
        let key_shape = self.shape_of(key);
        match object {
            Value::Object(loc) => self.case(*loc, &key_shape, span),
            Value::Extern(external) if super::library::is_environment(&external.path) => {
                self.reads_whole_environment(span);
                self.ledger.unknown(span, "an environment variable with a computed name", false);
                Ok(Value::unknown())
            }
            _ => Ok(Value::shape(computed("index", vec![self.shape_of(object), key_shape], span))),
        }
    }

    /// The clause that waits for a missing key, where no call reaches it before.
    fn guard_for_missing_key(&self) -> Option<(usize, usize)> {
        let depth = self.run.guards.len().checked_sub(1)?;
        let clause = self.run.guards[depth].clauses.iter().position(
            |takes| matches!(takes, Takes::Values(classes) if classes.iter().any(|class| class == "KeyError" || class == "LookupError")),
        )?;
        Some((depth, clause))
    }

    /// Whether a missing variable is thought of: by a clause for just that, or, while modules load, by
    /// one for everything.
    fn takes_missing_key(&self) -> bool {
        let at_init = self.run.at_init;
        let mut clauses = self.run.guards.iter().flat_map(|guard| &guard.clauses);
        clauses.any(|takes| match takes {
            Takes::Values(classes) => {
                classes.iter().any(|class| class == "KeyError" || class == "LookupError")
            }
            Takes::All => at_init,
            Takes::Calls(_) | Takes::Thrown => false,
        })
    }

    /// An entry under a key that is not known: a case for each, where entries are code.
    pub(super) fn case(&mut self, loc: Loc, key: &Shape, span: Span) -> Eval<'p> {
        let object = self.run.heap.get(loc).clone();
        if object.lost_code {
            return Ok(self.unknown(span, "one of several functions under keys that are not known", true));
        }
        let all = self.cases(loc, key, span)?;
        let is_code = |value: &Value<'p>| !matches!(value, Value::Shape(_));
        if self.skimming.is_some() && all.iter().any(|(_, value)| is_code(value)) {
            return Ok(self.any_of(all.into_iter().map(|(_, value)| value).collect()));
        }
        if all.iter().any(|(_, value)| is_code(value)) && all.len() <= MOST_CASES {
            for (name, value) in &all {
                let is_it = match name {
                    Some(name) if name == "*" => true,
                    Some(name) => self.decide(Test::Equal(key.clone(), shape::text(name.clone())), span),
                    None => self.either(vec![key.clone()], span),
                };
                if is_it {
                    return Ok(value.clone());
                }
            }
            if let Some((_, item)) = object.each {
                return Ok(item);
            }
            return Ok(if object.is_closed() { Value::null() } else { Value::unknown() });
        }
        if all.len() > MOST_CASES && all.iter().any(|(_, value)| self.has_code(value)) {
            return Ok(self.unknown(span, "one of many functions under a key that is not known", true));
        }
        if let Some((_, item)) = &object.each {
            return Ok(item.clone());
        }
        let whole = self.shape_of(&Value::Object(loc));
        Ok(Value::shape(computed("index", vec![whole, key.clone()], span)))
    }

    pub(super) fn key_of(&self, value: &Value<'p>) -> Option<String> {
        match value {
            Value::Shape(shape) => shape::key_text(shape).map(str::to_owned),
            // `routes["GET", "/orders"]`
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc);
                let is_tuple = matches!(object.kind, Kind::List) && object.is_closed();
                let parts: Option<Vec<String>> =
                    object.items.iter().filter(|_| is_tuple).map(|item| self.key_of(item)).collect();
                parts.filter(|parts| !parts.is_empty()).map(|parts| format!("({})", parts.join(", ")))
            }
            _ => None,
        }
    }

    /// Whether a key or item is in an object, where that is known.
    pub(super) fn contains(&self, loc: Loc, key: &str) -> Option<bool> {
        let object = self.run.heap.get(loc);
        let within = match object.kind {
            Kind::List => {
                if !object.items.iter().all(|item| self.key_of(item).is_some()) {
                    return None;
                }
                object.items.iter().any(|item| self.key_of(item).as_deref() == Some(key))
            }
            _ => object.entry(key).is_some(),
        };
        (within || object.is_closed()).then_some(within)
    }

    pub(super) fn slice(&mut self, object: &Value<'p>, span: Span) -> Value<'p> {
        match object {
            Value::Object(loc) if matches!(self.run.heap.get(*loc).kind, Kind::List) => {
                let copy = self.run.heap.get(*loc).clone();
                Value::Object(self.new_object(copy))
            }
            other => Value::shape(computed("slice", vec![self.shape_of(other)], span)),
        }
    }

    /// All items of a value, without summary.
    pub(super) fn all_items(&mut self, value: &Value<'p>, span: Span) -> Items<'p> {
        match value {
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc).clone();
                let mut items = Items { known: object.items, more: None };
                if !matches!(object.kind, Kind::List) {
                    items.known = object.entries.iter().map(|(name, _)| Value::text(name)).collect();
                }
                if let Some((of, item)) = object.each {
                    items.more = Some((Some((*of).clone()), item));
                } else if let Some(copied) = object.copied {
                    items.more = Some((Some((*copied).clone()), Value::shape(shape::item(&copied))));
                } else if object.open {
                    items.more = Some((None, Value::unknown()));
                }
                items
            }
            Value::Shape(whole) => match &**whole {
                Shape::Null => Items { known: Vec::new(), more: None },
                Shape::List(items) => {
                    Items { known: items.iter().cloned().map(Value::shape).collect(), more: None }
                }
                Shape::Each { of, item } => Items {
                    known: Vec::new(),
                    more: Some((Some((**of).clone()), Value::shape((**item).clone()))),
                },
                shape => {
                    let item = shape::item(shape);
                    self.event_read(&item, false, span);
                    Items { known: Vec::new(), more: Some((Some(shape.clone()), Value::shape(item))) }
                }
            },
            Value::Aws(aws) => self.aws_items(aws, span),
            other => {
                let of = self.shape_of(other);
                let item = match other {
                    Value::Extern(external) => self.external_member(external, "[]", span),
                    _ => Value::shape(shape::item(&of)),
                };
                Items { known: Vec::new(), more: Some((Some(of), item)) }
            }
        }
    }

    pub(super) fn joined_lists(&mut self, left: &Value<'p>, right: &Value<'p>, span: Span) -> Value<'p> {
        let mut object = Object::new(Kind::List);
        for side in [left, right] {
            let Items { known, more } = self.all_items(side, span);
            object.items.extend(known);
            if let Some((of, item)) = more {
                object.each = Some((Rc::new(of.unwrap_or(Shape::Unknown)), item));
            }
        }
        Value::Object(self.new_object(object))
    }

    /// The value as data.
    pub(super) fn shape_of(&self, value: &Value<'p>) -> Shape {
        let span = Span::new(self.program.entry.source, 0, 0);
        let left = Cell::new(LARGEST_SHAPE);
        let shape = self.shape_within(value, 0, &left);
        self.work.set(self.work.get() + u64::from(LARGEST_SHAPE - left.get()));
        shape::widen(shape, span)
    }

    /// The same, without a copy of what is data already.
    pub(super) fn seen<'v>(&self, value: &'v Value<'p>) -> Cow<'v, Shape> {
        match value {
            Value::Shape(shape) if shape::is_small(shape) => {
                self.work.set(self.work.get() + 1);
                Cow::Borrowed(shape)
            }
            other => Cow::Owned(self.shape_of(other)),
        }
    }

    /// Objects that hold each other many times over would give a shape without end: `left` counts down
    /// what it may still have.
    fn shape_within(&self, value: &Value<'p>, depth: u32, left: &Cell<u32>) -> Shape {
        if depth > 8 || left.get() == 0 {
            return Shape::Unknown;
        }
        left.set(left.get() - 1);
        match value {
            Value::Shape(shape) => (**shape).clone(),
            Value::Object(loc) => self.shape_of_object(self.run.heap.get(*loc), depth, left),
            Value::Extern(external) => {
                let from = external
                    .arguments
                    .all()
                    .take(6)
                    .map(|value| self.shape_within(value, depth + 2, left))
                    .collect();
                let span = external.span.unwrap_or(Span::new(self.program.entry.source, 0, 0));
                Shape::Computed { operation: external.path.to_string(), from, span }
            }
            _ => Shape::Unknown,
        }
    }

    fn shape_of_object(&self, object: &Object<'p>, depth: u32, left: &Cell<u32>) -> Shape {
        match &object.kind {
            Kind::List => {
                let items: Vec<Shape> = object
                    .items
                    .iter()
                    .take(64)
                    .map(|item| self.shape_within(item, depth + 1, left))
                    .collect();
                match &object.each {
                    None if object.open => Shape::Unknown,
                    None => Shape::List(items.into()),
                    Some((of, item)) => {
                        let item = self.shape_within(item, depth + 1, left);
                        let each = Shape::Each { of: Arc::new((**of).clone()), item: Arc::new(item) };
                        let each = if object.sorted { shape::coded(SORTED, each) } else { each };
                        if items.is_empty() {
                            each
                        } else {
                            Shape::Choice([each, Shape::List(items.into())].into())
                        }
                    }
                }
            }
            Kind::Library(path) if &**path == "Promise()" => object
                .entry("settled")
                .map_or(Shape::Unknown, |value| self.shape_within(value, depth + 1, left)),
            Kind::Library(_) | Kind::Class(_) => Shape::Unknown,
            Kind::Dictionary | Kind::Instance(_) => {
                let copied = object.copied.as_ref().map(|copied| ("...".to_owned(), (**copied).clone()));
                let entries = object
                    .entries
                    .iter()
                    .take(128)
                    .filter(|(_, value)| !value.is_callable())
                    .map(|(name, value)| (name.to_string(), self.shape_within(value, depth + 1, left)));
                Shape::Object { entries: copied.into_iter().chain(entries).collect(), open: object.open }
            }
        }
    }

    pub(super) fn bound(&self, function: Value<'p>, receiver: Value<'p>) -> Value<'p> {
        Value::Method(Rc::new(Method { receiver, function }))
    }

    /// A variable of the environment.
    pub(super) fn env_read(&mut self, name: &str, has_default: bool, span: Span) -> Value<'p> {
        let at_init = self.run.at_init;
        let read = super::ledger::EnvMet { name: name.to_owned(), has_default, at_init, span };
        self.run.met.env_reads.push(self.ledger.env_reads.number(read));
        Value::shape(Shape::Symbol(Symbol::Env(name.to_owned())))
    }

    pub(super) fn base_member(&mut self, loc: Loc, base: &str, name: &str, span: Span) -> Value<'p> {
        let external = super::domain::Extern {
            path: Rc::from(format!("{base}().{name}")),
            arguments: Arguments::of(vec![Value::Object(loc)]),
            span: Some(span),
        };
        Value::Extern(Rc::new(external))
    }
}

/// What Python gives of a bound method: `client.list_accounts.__self__`.
fn part_of_method<'p>(method: &Method<'p>, name: &str) -> Value<'p> {
    match (name, &method.function) {
        ("__self__", _) => method.receiver.clone(),
        ("__func__", function) => function.clone(),
        ("__name__" | "name", Value::Extern(external)) => Value::text(&external.path),
        ("__name__" | "name", Value::Function(closure)) => {
            closure.function.name.as_ref().map_or_else(Value::unknown, |(name, _)| Value::text(name))
        }
        _ => Value::null(),
    }
}

/// Where reading a key that is not there is an error.
fn missing_key_raises(language: Language) -> bool {
    match language {
        Language::Python => true,
        Language::JavaScript => false,
    }
}

/// Members of the event classes of Powertools, which have names of their own.
fn event_view(whole: &Shape, name: &str) -> Option<Shape> {
    shape::event_path(whole)?;
    let of = |name: &str| shape::part(whole, name);
    Some(match name {
        "json_body" => shape::parsed(of("body")),
        "path_parameters" => of("pathParameters"),
        "query_string_parameters" => of("queryStringParameters"),
        "multi_value_query_string_parameters" => of("multiValueQueryStringParameters"),
        "http_method" => of("httpMethod"),
        "request_context" => of("requestContext"),
        "stage_variables" => of("stageVariables"),
        "raw_path" => of("rawPath"),
        "records" => of("Records"),
        "raw_event" => whole.clone(),
        "detail_type" => of("detail-type"),
        _ => return None,
    })
}
