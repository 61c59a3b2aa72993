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
    pub(super) fn builtin(
        &mut self,
        known: Known,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let first = arguments.first();
        Ok(match known.does {
            Does::Json => Value::shape(self.json_written(external, &arguments)),
            Does::Parse => Value::shape(self.json_read(external, &arguments)),
            Does::JsonFile | Does::FileWrite => self.file(Action::FileWrite, &arguments, span)?,
            Does::FileRead => self.file(Action::FileRead, &arguments, span)?,
            Does::ParseFile => {
                let content = self.first_shape(&arguments);
                Value::shape(shape::parsed(content))
            }
            Does::OpenFile => self.open_file(external, arguments, span)?,
            Does::Coded => Value::shape(shape::coded(known.with, self.first_shape(&arguments))),
            Does::Identity | Does::EventView | Does::SameItems | Does::AnyItem | Does::Validate => {
                match first {
                    Some(value) if known.does == Does::AnyItem => self.nth(&value, 0, span),
                    Some(Value::Shape(whole)) if known.with == "sorted" => {
                        Value::shape(shape::coded(known.with, (*whole).clone()))
                    }
                    Some(value) => self.settle(value)?,
                    None => Value::unknown(),
                }
            }
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
                    let key = self.whole_name(&external.path, key);
                    let value = self.env_read(&key, known.does == Does::EnvGet, span);
                    self.or_value(value, arguments.get(1, "default"))
                }
                None => {
                    self.reads_whole_environment(span);
                    self.unknown(span, "an environment variable with a computed name", false)
                }
            },
            Does::Environment | Does::MainModule | Does::Nothing | Does::CallNothing => Value::null(),
            Does::Telemetry => {
                // `middy().use(...)`
                if external.path.starts_with("@middy/core()") {
                    self.runs_around(&arguments);
                }
                // Loggers and tracers wrap what they are given.
                let wraps = |value: &&Value<'p>| value.is_callable() || self.as_router(value).is_some();
                let function = arguments.all().find(wraps).cloned();
                function.unwrap_or_else(|| self.result_of(external, arguments, span))
            }
            Does::Error | Does::Kept => {
                let value =
                    Extern { path: [&external.path, "()"].concat().into(), arguments, span: Some(span) };
                Value::Extern(Rc::new(value))
            }
            Does::EntersBlock => match first {
                Some(manager) => self.enter(&manager, span)?,
                None => Value::unknown(),
            },
            Does::Wrapper | Does::Memoized | Does::Cached | Does::Idempotent | Does::ContextManager => {
                self.wrapped(known.does, external, arguments, span)
            }
            // What it is given makes the handler, of a logger for metrics.
            Does::Scoped => match first {
                Some(maker) => {
                    let metrics = Value::external("aws-embedded-metrics.logger");
                    self.call(&maker, Arguments::of(vec![metrics]), None, span)?
                }
                None => Value::unknown(),
            },
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
                return Err(Stop::Raise(Box::new(Raised {
                    class,
                    value: Value::unknown(),
                    message: None,
                    span,
                    clause: None,
                })));
            }
            Does::Answer => {
                let failed = first.clone().filter(|error| {
                    !error.is_null() && arguments.positional.get(1).is_none_or(Value::is_null)
                });
                if let Some(error) = failed
                    && self.truth_of(&error, crate::ir::Language::JavaScript) != Some(false)
                {
                    let raised = self.raised(error, span)?;
                    return Err(Stop::Raise(Box::new(raised)));
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
                        if value.is_null() {
                            arguments.positional.get(2).cloned().unwrap_or(value)
                        } else {
                            value
                        }
                    }
                    (Some(Value::Object(loc)), None) => {
                        let name = arguments.positional.get(1).map(|key| self.shape_of(key));
                        self.case(loc, &name.unwrap_or(Shape::Unknown), span)?
                    }
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
            Does::Container | Does::Inject | Does::Bind | Does::EventPart | Does::Server => {
                self.injection(known, external, arguments, span)?
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
                        Value::Object(loc) if matches!(self.run.heap.get(loc).kind, Kind::List) => {
                            self.nth(&made, 0, span)
                        }
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
            Does::Powertools
            | Does::EventModel
            | Does::ModelParse
            | Does::Batch
            | Does::BatchDecorator
            | Does::BatchStart => self.powertools(known, external, arguments, span)?,
            _ => self.container_function(known.does, external, arguments, span)?,
        })
    }

    pub(super) fn first_shape(&self, arguments: &Arguments<'p>) -> Shape {
        arguments.all().next().map_or(Shape::Null, |value| self.shape_of(value))
    }

    pub(super) fn wrapped(
        &mut self,
        does: Does,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        let function =
            arguments.all().find(|value| value.is_callable() || matches!(value, Value::Object(_))).cloned();
        match (does, function) {
            (Does::Cached | Does::Memoized, Some(Value::Function(function))) => {
                self.decorated(&function, true, false)
            }
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

    pub(super) fn promise(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let promise = self.new_object(Object::new(Kind::Library("Promise()".into())));
        if let Some(executor) = arguments.first() {
            let settle = |fails| Value::Settle { promise, fails };
            self.call(&executor, Arguments::of(vec![settle(false), settle(true)]), None, span)?;
        }
        Ok(Value::Object(promise))
    }

    pub(super) fn settle_promise(
        &mut self,
        promise: Loc,
        fails: bool,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let is_aside = fails && self.skimming.is_some();
        if is_aside || self.run.heap.get(promise).entry("settled").is_some() {
            return Ok(Value::null());
        }
        let value = arguments.first().unwrap_or_else(Value::null);
        let value = if fails { Value::Rejected(Rc::new(self.raised(value, span)?)) } else { value };
        self.run.heap.change(promise).set("settled", value);
        Ok(Value::null())
    }

    pub(super) fn is_instance(&mut self, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
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
            (Some(Value::Object(loc)), None) if matches!(self.run.heap.get(loc).kind, Kind::List) => {
                Value::bool(true)
            }
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

    pub(super) fn one_of(&mut self, item: Value<'p>, settled: bool) -> Eval<'p> {
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
