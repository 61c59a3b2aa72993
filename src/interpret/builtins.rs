//! Functions that the table of libraries describes.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Raised, Stop, Value};
use super::engine::Engine;
use super::shape::{self, SORTED, computed};
use super::statements::Items;
use crate::aws::libraries::{Does, Known};
use crate::ir::Language;
use crate::source::Span;
use crate::summary::{Action, Names, Shape, Symbol};

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
            Does::ParseFile => Value::shape(shape::parsed(self.first_shape(&arguments))),
            Does::OpenFile => self.open_file(&arguments, span)?,
            Does::Coded => Value::shape(shape::coded(known.with, self.first_shape(&arguments))),
            Does::Identity | Does::EventView | Does::SameItems | Does::AnyItem | Does::Validate => {
                match first {
                    Some(value) if known.does == Does::AnyItem => self.nth(&value, 0, span),
                    Some(Value::Shape(whole)) if known.with == SORTED => {
                        Value::shape(shape::coded(known.with, (*whole).clone()))
                    }
                    Some(value) if known.with == SORTED => {
                        let value = self.settle(value)?;
                        self.sorted(value)
                    }
                    Some(value) => self.settle(value)?,
                    None => Value::unknown(),
                }
            }
            Does::Concat => Value::shape(self.joined_path(&arguments, span)),
            Does::Now => Value::shape(self.now(known.with, &arguments, span)),
            Does::Random => Value::shape(Shape::RandomId),
            Does::EnvGet | Does::EnvRequired => self.variable(known.does == Does::EnvGet, &arguments, span),
            Does::Environment | Does::MainModule | Does::Nothing | Does::CallNothing => Value::null(),
            Does::Telemetry => self.telemetry(external, arguments, span),
            Does::Error | Does::Kept => {
                let value =
                    Extern { path: [&external.path, "()"].concat().into(), arguments, span: Some(span) };
                Value::Extern(Rc::new(value))
            }
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
            Does::Call => self.called_at(known.with.parse().unwrap_or(0), external, arguments, span)?,
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
            Does::Process => self.process(&arguments, span)?,
            Does::Exit => return Err(exit(span)),
            Does::Answer => self.answer(&arguments, span)?,
            Does::Promise => self.promise(&arguments, span)?,
            Does::Reject => {
                let value = first.unwrap_or_else(Value::null);
                let raised = self.raised(value, span)?;
                Value::Rejected(Rc::new(raised))
            }
            Does::Length => Value::shape(self.count(&arguments, span)),
            Does::IsArray | Does::IsInstance => self.is_instance(&arguments, span),
            Does::Getattr => self.getattr(&arguments, span)?,
            Does::Setattr => self.setattr(&arguments, span)?,
            Does::Hasattr => self.hasattr(&arguments, span)?,
            Does::Container | Does::Inject | Does::Bind | Does::EventPart | Does::Server => {
                self.injection(known, external, arguments, span)?
            }
            Does::Router => self.router(known.with, &arguments, span),
            Does::Adapter => self.adapter(&arguments, span)?,
            Does::Serve => self.serve(&arguments, span)?,
            Does::JsonResponse => self.json_response(external, &arguments),
            Does::Depends => self.dependency(first, span)?,
            Does::FlaskRequest => {
                let body = Shape::Symbol(Symbol::Event(["body".to_owned()].into()));
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

    /// `os.path.join("a", "b")`
    fn joined_path(&self, arguments: &Arguments<'p>, span: Span) -> Shape {
        let mut parts = Vec::new();
        for (index, part) in self.shapes(arguments).into_iter().enumerate() {
            if index > 0 {
                parts.push(shape::text("/"));
            }
            parts.push(part);
        }
        shape::concat(parts, span)
    }

    /// The time, or another one that is made from what the invocation gives.
    fn now(&self, form: &str, arguments: &Arguments<'p>, span: Span) -> Shape {
        let shapes = self.shapes(arguments);
        if shapes.iter().any(shape::varies) {
            return computed("time", shapes, span);
        }
        Shape::Now(form.to_owned())
    }

    fn variable(&mut self, may_lack: bool, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        match arguments.first().and_then(|key| self.key_of(&key)) {
            Some(key) => {
                let value = self.env_read(&key, may_lack, span);
                self.or_value(value, arguments.get(1, "default"))
            }
            None => {
                self.reads_whole_environment(span);
                self.unknown(span, "an environment variable with a computed name", false)
            }
        }
    }

    /// Loggers and tracers wrap what they are given.
    fn telemetry(&mut self, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Value<'p> {
        // `middy().use(...)`
        if external.path.starts_with("@middy/core()") {
            self.runs_around(&arguments);
        }
        let wraps = |value: &&Value<'p>| value.is_callable() || self.as_router(value).is_some();
        let function = arguments.all().find(wraps).cloned();
        function.unwrap_or_else(|| self.result_of(external, arguments, span))
    }

    /// Runs the function at a place among the arguments, with those behind it.
    fn called_at(
        &mut self,
        at: usize,
        external: &Rc<Extern<'p>>,
        mut arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        if arguments.positional.len() <= at {
            return Ok(self.result_of(external, arguments, span));
        }
        let function = arguments.positional.remove(at);
        arguments.positional.drain(..at);
        let rest = if function.is_callable() { arguments } else { Arguments::default() };
        self.call(&function, rest, None, span)
    }

    fn process(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let input = self.first_shape(arguments);
        let on = match &input {
            Shape::List(items) => items.first().map_or(Symbol::Unknown, shape::symbol),
            other => shape::symbol(other),
        };
        let id = self.effect(Action::Process, on, input, span)?;
        Ok(Value::shape(Shape::Symbol(Symbol::Result(id, Names::default()))))
    }

    /// `callback(error, answer)`
    fn answer(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let answer = arguments.positional.get(1);
        let failed = arguments.first().filter(|error| !error.is_null() && answer.is_none_or(Value::is_null));
        if let Some(error) = failed
            && self.truth_of(&error, Language::JavaScript) != Some(false)
        {
            let raised = self.raised(error, span)?;
            return Err(Stop::Raise(Box::new(raised)));
        }
        self.run.answer = Some(answer.cloned().unwrap_or_else(Value::null));
        Ok(Value::null())
    }

    fn count(&self, arguments: &Arguments<'p>, span: Span) -> Shape {
        match arguments.first() {
            Some(Value::Object(loc)) if self.run.heap.get(loc).is_closed() => {
                let object = self.run.heap.get(loc);
                Shape::Number((object.items.len() + object.entries.len()).to_string())
            }
            _ => computed("length", vec![self.first_shape(arguments)], span),
        }
    }

    fn getattr(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let name = arguments.positional.get(1);
        match (arguments.first(), name.and_then(|name| self.key_of(name))) {
            (Some(object), Some(key)) => {
                let value = self.member(&object, &key, span, false)?;
                let default = arguments.positional.get(2).filter(|_| value.is_null());
                Ok(default.cloned().unwrap_or(value))
            }
            (Some(Value::Object(loc)), None) => {
                let name = name.map_or(Shape::Unknown, |name| self.shape_of(name));
                self.case(loc, &name, span)
            }
            _ => Ok(Value::unknown()),
        }
    }

    fn setattr(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        if let (Some(object), Some(value)) = (arguments.first(), arguments.positional.get(2).cloned()) {
            let key = arguments.positional.get(1).and_then(|key| self.key_of(key));
            self.set_member(&object, key.as_deref(), value, span)?;
        }
        Ok(Value::null())
    }

    fn hasattr(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let key = arguments.positional.get(1).and_then(|key| self.key_of(key));
        match (arguments.first(), key) {
            (Some(Value::Object(loc)), Some(key)) => {
                let there = self.member(&Value::Object(loc), &key, span, false)?;
                Ok(Value::bool(!there.is_null()))
            }
            _ => Ok(Value::unknown()),
        }
    }

    /// `Depends(connection)`: what the function gives; of a generator, what it yields.
    fn dependency(&mut self, function: Option<Value<'p>>, span: Span) -> Eval<'p> {
        let can_be_called = |value: &Value<'p>| value.is_callable() || matches!(value, Value::Object(_));
        let Some(function) = function.filter(can_be_called) else { return Ok(Value::unknown()) };
        let made = self.call(&function, Arguments::default(), None, span)?;
        Ok(match made {
            Value::Object(loc) if matches!(self.run.heap.get(loc).kind, Kind::List) => {
                self.nth(&made, 0, span)
            }
            made => made,
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

fn exit<'p>(span: Span) -> Stop<'p> {
    let class = Some("SystemExit".into());
    Stop::Raise(Box::new(Raised { class, value: Value::unknown(), message: None, span, clause: None }))
}
