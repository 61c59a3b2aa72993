//! Functions that the table of libraries describes.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Raised, Stop, Value};
use super::engine::Engine;
use super::shape::{self, computed};
use super::statements::Items;
use crate::aws::libraries::{Does, Known};
use crate::source::Span;
use crate::summary::{Action, Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn builtin(&mut self, known: Known, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let first = arguments.first();
        Ok(match known.does {
            Does::Json => Value::shape(shape::json(self.first_shape(&arguments))),
            Does::Parse => Value::shape(shape::parsed(self.first_shape(&arguments))),
            Does::JsonFile | Does::FileWrite => self.file(Action::FileWrite, &arguments, span)?,
            Does::FileRead => self.file(Action::FileRead, &arguments, span)?,
            Does::ParseFile => {
                let content = self.first_shape(&arguments);
                Value::shape(shape::parsed(content))
            }
            Does::OpenFile => self.open_file(external, arguments, span)?,
            Does::Coded => Value::shape(shape::coded(known.with, self.first_shape(&arguments))),
            Does::Identity | Does::EventView | Does::SameItems | Does::AnyItem | Does::Validate => match first {
                Some(value) if known.does == Does::AnyItem => self.nth(&value, 0, span),
                Some(value) => self.settle(value)?,
                None => Value::unknown(),
            },
            Does::Concat => {
                let shapes = self.shapes(&arguments);
                let mut parts = Vec::new();
                for (index, part) in shapes.into_iter().enumerate() {
                    if index > 0 {
                        parts.push(shape::text("/"));
                    }
                    parts.push(part);
                }
                Value::shape(shape::concat(parts, span))
            }
            Does::Now => {
                let shapes = self.shapes(&arguments);
                if shapes.iter().any(shape::varies) {
                    Value::shape(computed("time", shapes, span))
                } else {
                    Value::shape(Shape::Now(known.with.to_owned()))
                }
            }
            Does::Random => Value::shape(Shape::RandomId),
            Does::EnvGet | Does::EnvRequired => match first.as_ref().and_then(|key| self.key_of(key)) {
                Some(key) => {
                    let value = self.env_read(&key, known.does == Does::EnvGet, span);
                    self.or_value(value, arguments.get(1, "default"))
                }
                None => self.unknown(span, "an environment variable with a computed name", false),
            },
            Does::Environment | Does::Nothing | Does::CallNothing => Value::null(),
            Does::Telemetry => {
                // Loggers and tracers wrap what they are given.
                let function = arguments.all().find(|value| value.is_callable()).cloned();
                function.unwrap_or_else(|| self.result_of(external, arguments, span))
            }
            Does::Error => {
                let value = Extern { path: format!("{}()", external.path).into(), arguments, span: Some(span) };
                Value::Extern(Rc::new(value))
            }
            Does::Wrapper | Does::Memoized | Does::Cached | Does::Idempotent | Does::ContextManager => {
                self.wrapped(known.does, external, arguments, span)
            }
            Does::Partial => match first {
                Some(function) => {
                    let mut rest = arguments;
                    rest.positional.remove(0);
                    Value::Partial(Rc::new((function, rest)))
                }
                None => Value::unknown(),
            },
            Does::Call => {
                let at = known.with.parse().unwrap_or(0);
                let mut rest = arguments;
                if rest.positional.len() <= at {
                    return Ok(self.result_of(external, rest, span));
                }
                let function = rest.positional.remove(at);
                rest.positional.drain(..at);
                let rest = if function.is_callable() { rest } else { Arguments::default() };
                self.call(&function, rest, None, span)?
            }
            Does::CallTarget => {
                if let Some(target) = arguments.named("target") {
                    let given = arguments.named("args").unwrap_or_else(Value::null);
                    let items = self.all_items(&given, span).known;
                    self.call(&target, Arguments::of(items), None, span)?;
                }
                Value::unknown()
            }
            Does::Sleep => self.sleep(known.with, &arguments, span)?,
            Does::Http => self.http(known.with, external, arguments, span)?,
            Does::Connect => {
                let value = self.result_of(external, arguments, span);
                self.built(&value, known.with, span);
                value
            }
            Does::Database => self.database(known.with, external, arguments, span)?,
            Does::Email => {
                let input = self.first_shape(&arguments);
                self.effect(Action::Email, Symbol::Unknown, input, span)?;
                Value::unknown()
            }
            Does::Process => {
                let input = self.first_shape(&arguments);
                let on = match &input {
                    Shape::List(items) => items.first().map_or(Symbol::Unknown, shape::symbol),
                    other => shape::symbol(other),
                };
                let id = self.effect(Action::Process, on, input, span)?;
                Value::shape(Shape::Symbol(Symbol::Result(id, Vec::new())))
            }
            Does::Exit => {
                let class = Some("SystemExit".into());
                return Err(Stop::Raise(Box::new(Raised { class, value: Value::unknown(), message: None, span, clause: None, cause: None })));
            }
            Does::Answer => {
                let failed = first.clone().filter(|error| !error.is_null());
                match failed {
                    Some(error) if arguments.positional.len() < 2 || arguments.positional[1].is_null() => {
                        if self.truth_of(&error, crate::ir::Language::JavaScript) != Some(false) {
                            let raised = self.raised(error, span)?;
                            return Err(Stop::Raise(Box::new(raised)));
                        }
                    }
                    _ => {}
                }
                self.run.answer = Some(arguments.positional.get(1).cloned().unwrap_or_else(Value::null));
                Value::null()
            }
            Does::Promise => self.promise(&arguments, span)?,
            Does::Reject => {
                let value = first.unwrap_or_else(Value::null);
                let raised = self.raised(value, span)?;
                Value::Rejected(Rc::new(raised))
            }
            Does::Length => match &first {
                Some(Value::Object(loc)) if self.run.heap.get(*loc).is_closed() => {
                    let object = self.run.heap.get(*loc);
                    Value::shape(Shape::Number((object.items.len() + object.entries.len()).to_string()))
                }
                _ => Value::shape(computed("length", vec![self.first_shape(&arguments)], span)),
            },
            Does::IsArray | Does::IsInstance => self.is_instance(&arguments, span),
            Does::Getattr => {
                let key = arguments.positional.get(1).and_then(|key| self.key_of(key));
                match (first, key) {
                    (Some(object), Some(key)) => {
                        let value = self.member(&object, &key, span, false)?;
                        if value.is_null() { arguments.positional.get(2).cloned().unwrap_or(value) } else { value }
                    }
                    (Some(Value::Object(_)), None) => self.unknown(span, "a member with a computed name", true),
                    _ => Value::unknown(),
                }
            }
            Does::Setattr => {
                if let (Some(object), Some(value)) = (first, arguments.positional.get(2).cloned()) {
                    let key = arguments.positional.get(1).and_then(|key| self.key_of(key));
                    self.set_member(&object, key.as_deref(), value, span)?;
                }
                Value::null()
            }
            Does::Hasattr => {
                let key = arguments.positional.get(1).and_then(|key| self.key_of(key));
                match (first, key) {
                    (Some(Value::Object(loc)), Some(key)) => {
                        let there = self.member(&Value::Object(loc), &key, span, false)?;
                        Value::bool(!there.is_null())
                    }
                    _ => Value::unknown(),
                }
            }
            Does::Router => self.router(known.with, external, arguments, span),
            Does::Adapter => self.adapter(&arguments, span)?,
            Does::Serve => self.serve(&arguments, span)?,
            Does::JsonResponse => self.json_response(external, arguments, span)?,
            Does::Depends => match first {
                Some(function) if function.is_callable() || matches!(function, Value::Object(_)) => {
                    let made = self.call(&function, Arguments::default(), None, span)?;
                    match made {
                        // A generator gives what it yields.
                        Value::Object(loc) if matches!(self.run.heap.get(loc).kind, Kind::List) => self.nth(&made, 0, span),
                        made => made,
                    }
                }
                _ => Value::unknown(),
            },
            Does::FlaskRequest => {
                let body = Shape::Symbol(Symbol::Event(vec!["body".to_owned()]));
                self.event_read(&body, false, span);
                Value::shape(shape::parsed(body))
            }
            Does::AwsClient
            | Does::AwsResource
            | Does::AwsSession
            | Does::AwsCredentials
            | Does::DocumentClient
            | Does::Upload
            | Does::Presign
            | Does::Condition => self.sdk_function(known.does, external, arguments, span)?,
            Does::Powertools | Does::EventModel | Does::ModelParse | Does::Batch | Does::BatchDecorator | Does::BatchStart => {
                self.powertools(known, external, arguments, span)?
            }
            _ => self.container_function(known.does, external, arguments, span)?,
        })
    }

    pub(super) fn first_shape(&self, arguments: &Arguments<'p>) -> Shape {
        arguments.all().next().map_or(Shape::Null, |value| self.shape_of(value))
    }

    fn wrapped(&mut self, does: Does, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Value<'p> {
        let function = arguments.all().find(|value| value.is_callable() || matches!(value, Value::Object(_))).cloned();
        match (does, function) {
            (Does::Cached | Does::Memoized, Some(Value::Function(function))) => self.decorated(&function, true, false),
            (_, Some(function)) => {
                if does == Does::Idempotent {
                    self.idempotent(&arguments, span);
                }
                function
            }
            // Called without the function: as a decorator, or to be given it later.
            (_, None) => self.result_of(external, arguments, span),
        }
    }

    fn file(&mut self, action: Action, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let input = self.first_shape(arguments);
        let id = self.effect(action, shape::symbol(&input), Shape::Unknown, span)?;
        self.callbacks(arguments, span)?;
        Ok(Value::shape(Shape::Symbol(Symbol::Result(id, Vec::new()))))
    }

    fn open_file(&mut self, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let path = self.first_shape(&arguments);
        let mode = arguments.get(1, "mode").map_or(Shape::Null, |mode| self.shape_of(&mode));
        let writes = shape::as_text(&mode).is_some_and(|mode| mode.contains(['w', 'a', '+', 'x']));
        let action = if writes { Action::FileWrite } else { Action::FileRead };
        let id = self.effect(action, shape::symbol(&path), Shape::Unknown, span)?;
        let _ = external;
        Ok(Value::shape(Shape::Symbol(Symbol::Result(id, Vec::new()))))
    }

    fn sleep(&mut self, unit: &str, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let seconds = match self.first_shape(arguments) {
            Shape::Number(number) => number.parse::<f64>().ok().map(|time| if unit == "ms" { time / 1000.0 } else { time }),
            _ => None,
        };
        let seconds = seconds.filter(|seconds| (0.0..1e6).contains(seconds)).map(|seconds| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
            let whole = seconds.ceil() as u32;
            whole
        });
        self.effect(Action::Sleep(seconds), Symbol::Unknown, self.first_shape(arguments), span)?;
        Ok(Value::null())
    }

    fn http(&mut self, with: &str, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let (method, at) = with.split_once(' ').unwrap_or(("?", "0"));
        let at: usize = at.parse().unwrap_or(0);
        let url = arguments.get(at, "url").unwrap_or_else(Value::null);
        let options = arguments.positional.iter().rev().find(|value| matches!(value, Value::Object(_))).cloned();
        let mut said = None;
        let mut target = self.shape_of(&url);
        if let Some(options @ Value::Object(_)) = &options {
            for key in ["method", "Method"] {
                let value = self.member(options, key, span, false)?;
                said = said.or_else(|| self.key_of(&value));
            }
            if matches!(url, Value::Object(_)) {
                target = Shape::Unknown;
                for key in ["url", "uri", "hostname", "host", "baseURL"] {
                    let value = self.member(options, key, span, false)?;
                    if !value.is_null() {
                        target = self.shape_of(&value);
                        break;
                    }
                }
            }
        }
        let method = match method {
            "?" => said.map(|method| method.to_uppercase()),
            digit if digit.chars().all(|c| c.is_ascii_digit()) => {
                arguments.first().and_then(|method| self.key_of(&method)).map(|method| method.to_uppercase())
            }
            method => Some(method.to_owned()),
        };
        let base = self.base_url(external);
        let on = host(&base.map_or(target.clone(), |base| shape::concat(vec![base, target], span)));
        let input = Shape::List(self.shapes(&arguments));
        let id = self.effect(Action::Http { method }, on, shape::widen(input, span), span)?;
        let answer = Value::shape(Shape::Symbol(Symbol::Result(id, Vec::new())));
        // `http.get(url, response => ...)`.
        for callback in arguments.positional.iter().filter(|value| value.is_callable()).cloned().collect::<Vec<_>>() {
            let given = if is_errback(&external.path) { vec![Value::null(), answer.clone(), answer.clone()] } else { vec![answer.clone()] };
            self.call(&callback, Arguments::of(given), None, span)?;
        }
        Ok(answer)
    }

    /// The base that a client was made with: `axios.create({baseURL})`.
    fn base_url(&mut self, external: &Rc<Extern<'p>>) -> Option<Shape> {
        if !external.path.contains("()") {
            return None;
        }
        let options = external.arguments.all().next()?.clone();
        let named = external.arguments.named("base_url");
        let value = match (named, &options) {
            (Some(value), _) => value,
            (None, Value::Object(loc)) => {
                let object = self.run.heap.get(*loc);
                object.entry("baseURL").or_else(|| object.entry("prefixUrl"))?.clone()
            }
            (None, Value::Shape(shape)) if external.path.contains("HTTPSConnection") => Value::Shape(Rc::clone(shape)),
            _ => return None,
        };
        Some(self.shape_of(&value))
    }

    fn database(&mut self, kind: &str, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let method = external.path.rsplit('.').next().unwrap_or_default();
        if opens_nothing(method) {
            return Ok(self.result_of(external, arguments, span));
        }
        let input = Shape::List(self.shapes(&arguments));
        let id = self.effect(Action::Database(kind.to_owned()), Symbol::Unknown, shape::widen(input, span), span)?;
        let answer = Value::shape(Shape::Symbol(Symbol::Result(id, Vec::new())));
        for callback in arguments.positional.iter().filter(|value| value.is_callable()).cloned().collect::<Vec<_>>() {
            self.call(&callback, Arguments::of(vec![Value::null(), answer.clone(), answer.clone()]), None, span)?;
        }
        Ok(answer)
    }

    /// Notes a client or connection that is built here.
    pub(super) fn built(&mut self, value: &Value<'p>, what: &str, span: Span) {
        let varies = match value {
            Value::Extern(external) => external.arguments.all().any(|value| shape::varies(&self.shape_of(value)) && !matches!(value, Value::Object(_)))
                || external.arguments.all().any(|value| self.depends_on_request(value)),
            _ => false,
        };
        self.built_from(value, what, varies, span);
    }

    pub(super) fn depends_on_request(&self, value: &Value<'p>) -> bool {
        match value {
            Value::Extern(external) => external.arguments.all().any(|value| self.depends_on_request(value)),
            Value::Shape(_) | Value::Object(_) => {
                let mut leaves = Vec::new();
                shape::leaves(&self.shape_of(value), &mut leaves, 32);
                leaves.iter().any(|leaf| matches!(leaf, Shape::Symbol(Symbol::Event(_) | Symbol::Context(_) | Symbol::Result(..))))
            }
            _ => false,
        }
    }

    pub(super) fn built_from(&mut self, value: &Value<'p>, what: &str, varies: bool, span: Span) {
        let at_init = self.run.at_init;
        let kept = self.run.cached > 0;
        let init = self.ledger.inits.entry(span).or_insert_with(|| super::ledger::InitMet {
            what: what.to_owned(),
            at_init,
            varies,
            kept,
        });
        init.at_init &= at_init;
        init.varies |= varies;
        self.run.built.push((value.clone(), span));
    }

    fn promise(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let promise = self.new_object(Object::new(Kind::Library("Promise()".into())));
        if let Some(executor) = arguments.first() {
            let settle = |fails| Value::Settle { promise, fails };
            self.call(&executor, Arguments::of(vec![settle(false), settle(true)]), None, span)?;
        }
        Ok(Value::Object(promise))
    }

    pub(super) fn settle_promise(&mut self, promise: Loc, fails: bool, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        if self.run.heap.get(promise).entry("settled").is_some() {
            return Ok(Value::null());
        }
        let value = arguments.first().unwrap_or_else(Value::null);
        let value = if fails { Value::Rejected(Rc::new(self.raised(value, span)?)) } else { value };
        self.run.heap.change(promise).set("settled", value);
        Ok(Value::null())
    }

    fn is_instance(&mut self, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        match (arguments.first(), arguments.positional.get(1)) {
            (Some(value @ Value::Object(_)), Some(Value::Object(class))) if self.is_class(*class) => {
                Value::bool(self.instance_is(&value, *class))
            }
            (Some(Value::Object(loc)), Some(Value::Extern(class))) => {
                let kind = &self.run.heap.get(loc).kind;
                match (&*class.path, kind) {
                    ("list", Kind::List) | ("dict", Kind::Dictionary) => Value::bool(true),
                    ("str" | "int" | "float" | "bytes", Kind::List | Kind::Dictionary) => Value::bool(false),
                    _ => Value::shape(computed("instance of", Vec::new(), span)),
                }
            }
            (Some(Value::Object(loc)), None) if matches!(self.run.heap.get(loc).kind, Kind::List) => Value::bool(true),
            _ => {
                let mut shapes = self.shapes(arguments);
                shapes.truncate(1);
                Value::shape(computed("instance of", shapes, span))
            }
        }
    }

    pub(super) fn all_of(&mut self, value: &Value<'p>, settled: bool, span: Span) -> Eval<'p> {
        let Items { known, more } = self.all_items(value, span);
        let mut list = Object::new(Kind::List);
        for item in known {
            list.items.push(self.one_of(item, settled)?);
        }
        if let Some((of, item)) = more {
            let item = self.one_of(item, settled)?;
            list.each = Some((Rc::new(of.unwrap_or(Shape::Unknown)), item));
        }
        Ok(Value::Object(self.new_object(list)))
    }

    fn one_of(&mut self, item: Value<'p>, settled: bool) -> Eval<'p> {
        match (item, settled) {
            (Value::Rejected(raised), true) => {
                let mut result = Object::new(Kind::Dictionary);
                result.set("status", Value::text("rejected"));
                result.set("reason", raised.value.clone());
                Ok(Value::Object(self.new_object(result)))
            }
            (item, true) => {
                let item = self.settle(item)?;
                let mut result = Object::new(Kind::Dictionary);
                result.set("value", item);
                result.open = true;
                Ok(Value::Object(self.new_object(result)))
            }
            (item, false) => self.settle(item),
        }
    }
}

/// The host of an address, or the symbol that it begins with.
fn host(url: &Shape) -> Symbol {
    let cut = |text: &str| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or(rest).to_owned()
    };
    match url {
        Shape::Symbol(Symbol::Name(text)) => Symbol::Name(cut(text)),
        Shape::Text(parts) => {
            let mut host = Vec::new();
            for part in parts {
                match part {
                    Shape::Symbol(Symbol::Name(text)) => {
                        let rest = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
                        let own = rest.split(['/', '?']).next().unwrap_or(rest);
                        if !own.is_empty() {
                            host.push(Symbol::Name(own.to_owned()));
                        }
                        if own.len() < rest.len() {
                            break;
                        }
                    }
                    other => host.push(shape::symbol(other)),
                }
            }
            match host.len() {
                1 => host.remove(0),
                _ => Symbol::Text(host),
            }
        }
        Shape::Coded { value, .. } => host(value),
        other => shape::symbol(other),
    }
}

/// Functions whose callback takes the error first.
fn is_errback(path: &str) -> bool {
    matches!(path, "request" | "request.get" | "request.post" | "needle.get" | "needle.post")
}

/// Methods of connections that ask the database nothing, or nothing more.
fn opens_nothing(method: &str) -> bool {
    matches!(
        method,
        "cursor" | "close" | "end" | "connect" | "release" | "on" | "begin" | "quit" | "disconnect" | "session" | "transaction"
            | "pipeline" | "db" | "collection" | "table" | "fetchone" | "fetchall" | "fetchmany" | "commit" | "rollback"
            | "getconn" | "putconn" | "acquire" | "getConnection" | "destroy" | "autocommit" | "rowcount" | "sort" | "limit"
            | "toArray" | "project" | "skip" | "select" | "lean" | "ping" | "where" | "client" | "from" | "returning"
            | "__enter__" | "__aenter__" | "auth" | "configure" | "config"
    )
}
