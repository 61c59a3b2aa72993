//! Values of packages and of the language: what a table knows of them, and what is done with the rest.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Loc, Value};
use super::engine::Engine;
use super::shape;
use crate::aws::libraries::{self, Does};
use crate::source::Span;
use crate::summary::{EnvRead, Shape};

const LONGEST_PATH: usize = 240;

/// The name of a package without what does not tell packages apart.
pub(super) fn package(text: &str) -> String {
    let text = text.strip_prefix("node:").unwrap_or(text);
    let text = text.strip_suffix(".js").or_else(|| text.strip_suffix(".mjs")).unwrap_or(text);
    text.strip_suffix("/index").unwrap_or(text).to_owned()
}

pub(super) fn knows(path: &str) -> bool {
    libraries::known(path).is_some()
}

pub(super) fn is_environment(path: &str) -> bool {
    libraries::known(path).is_some_and(|known| known.does == Does::Environment)
}

/// Something that only the program which was started is equal to. A handler's module is imported.
pub(super) fn is_main_module(path: &str) -> bool {
    libraries::known(path).is_some_and(|known| known.does == Does::MainModule)
}

pub(super) fn is_telemetry(path: &str) -> bool {
    let of_method = |path: &str| libraries::known(path).is_some_and(|known| known.does == Does::Telemetry);
    of_method(path) || of_method(&[path, ".info"].concat())
}

/// Modules and functions of packages are there; so are some results of calls. Of other results, and of
/// their parts (`const { error } = schema.validate(body)`), nothing is known.
pub(super) fn is_surely_true(path: &str) -> bool {
    let called = path.strip_suffix("()").unwrap_or(path);
    libraries::known(called)
        .is_some_and(|known| matches!(known.does, Does::Connect | Does::Error | Does::Router))
        || !path.contains("()")
}

/// A member of texts and lists that is computed.
pub(super) fn property(name: &str) -> Option<&'static str> {
    match name {
        "length" | "size" => Some("length"),
        _ => None,
    }
}

pub(super) fn is_error(name: &str) -> bool {
    name.ends_with("Error") || name.ends_with("Exception")
}

impl<'p> Engine<'p> {
    pub(super) fn external_member(&mut self, external: &Rc<Extern<'p>>, name: &str, span: Span) -> Value<'p> {
        if is_environment(&external.path) {
            if name == "[]" {
                self.reads_whole_environment(span);
                return Value::unknown();
            }
            return self.env_read(name, false, span);
        }
        if name == "default" && !external.path.contains("()") {
            return Value::Extern(Rc::clone(external));
        }
        if external.path.len() + name.len() > LONGEST_PATH {
            return Value::unknown();
        }
        let path =
            if name == "[]" { [&external.path, "[]"].concat() } else { [&external.path, ".", name].concat() };
        if let Some(value) = self.request_member(&path, span) {
            return value;
        }
        Value::Extern(Rc::new(Extern {
            path: path.into(),
            arguments: external.arguments.clone(),
            span: external.span,
        }))
    }

    pub(super) fn call_external(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        match &*external.path {
            "slslint.with_model" => return self.with_model(arguments, span),
            "slslint.with_batch" => return self.with_batch(arguments, span),
            _ => {}
        }
        if let Some(read) = self.read_by_schema(external, &arguments, span) {
            return Ok(read);
        }
        if arguments.all().any(is_whole_environment) {
            self.reads_whole_environment(span);
        }
        if let Some(known) = libraries::known(&external.path) {
            return self.builtin(known, external, arguments, span);
        }
        if let Some(value) = self.call_aws_external(external, &arguments, span)? {
            return Ok(value);
        }
        self.not_followed(external, arguments, span)
    }

    /// A call into a package of which nothing is known: its value is lost, and what was given to it
    /// may be used.
    pub(super) fn not_followed(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        if let Some(router) = self.given_router(&arguments) {
            return Ok(Value::Object(router));
        }
        // A function given away while the module loads is not run then: it is wrapped, or waits for an event.
        let of_package = external.path.contains(['.', '/', '@']) && !external.path.contains("()");
        if !libraries::is_pure(&external.path) {
            self.waits(&arguments);
        }
        if self.run.at_init
            && !external.path.contains("()")
            && !libraries::is_pure(&external.path)
            && let Some(wrapped) = only_function(&arguments)
        {
            if of_package {
                self.ledger.unknown(span, format!("call of `{}`", external.path), false);
            }
            return Ok(wrapped);
        }
        self.callbacks(&arguments, span)?;
        if of_package && !self.run.at_init && !libraries::is_pure(&external.path) {
            self.methods_called_back(&arguments, span)?;
        }
        let is_client = |value: &Value<'p>| match value {
            Value::Aws(_) => true,
            Value::Method(method) => matches!(method.receiver, Value::Aws(_)),
            _ => false,
        };
        let gives_client = arguments.all().any(is_client);
        if gives_client {
            self.ledger.unknown(span, format!("a client is given to `{}`", external.path), true);
        } else if of_package && !libraries::is_pure(&external.path) && !makes_error(&external.path) {
            self.ledger.unknown(span, format!("call of `{}`", external.path), false);
        }
        Ok(self.result_of(external, arguments, span))
    }

    /// What a call gives, by the path of the call.
    pub(super) fn result_of(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        if external.path.len() > LONGEST_PATH {
            return Value::unknown();
        }
        // Methods of results keep what the first call was given.
        let arguments = if arguments.all().next().is_none() { external.arguments.clone() } else { arguments };
        let path = [&external.path, "()"].concat();
        Value::Extern(Rc::new(Extern { path: path.into(), arguments, span: Some(span) }))
    }

    pub(super) fn external_method(
        &mut self,
        external: &Rc<Extern<'p>>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        if is_environment(&external.path) {
            let Some(key) = arguments.first().and_then(|key| self.key_of(&key)) else {
                self.reads_whole_environment(span);
                return Ok(match name {
                    "get" => self.unknown(span, "an environment variable with a computed name", false),
                    _ => Value::unknown(),
                });
            };
            if matches!(name, "get" | "pop") {
                let value = self.env_read(&key, true, span);
                return Ok(self.or_value(value, arguments.get(1, "default")));
            }
            // `setdefault`, `__contains__`: from here on absence is thought of.
            self.env_read(&key, true, span);
            return Ok(Value::unknown());
        }
        let path = [&external.path, ".", name].concat();
        let is_result = external.path.ends_with("()") || external.path.ends_with("[]");
        if !knows(&path) && is_result {
            match name {
                "then" => {
                    let value = Value::Extern(Rc::clone(external));
                    return match arguments.first() {
                        Some(function) => self.call(&function, Arguments::of(vec![value]), None, span),
                        None => Ok(value),
                    };
                }
                "promise" | "__aenter__" | "__enter__" => return Ok(Value::Extern(Rc::clone(external))),
                _ => {}
            }
        }
        let function = self.external_member(external, name, span);
        match &function {
            Value::Extern(function) => {
                let function = Rc::clone(function);
                self.call_external(&function, arguments, span)
            }
            other => {
                let other = other.clone();
                if let Value::Shape(shape) = &other {
                    return self.data_method(&Rc::clone(shape), "call", arguments, span);
                }
                self.call(&other, arguments, None, span)
            }
        }
    }

    /// A decorator of a package gives back the function, unless the table says more.
    pub(super) fn external_decorator(
        &mut self,
        decorator: &Rc<Extern<'p>>,
        decorated: Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        let Some(known) = libraries::known(&decorator.path) else {
            return self.framework_decorator(decorator, decorated, span);
        };
        match (known.does, &decorated) {
            (Does::Cached, Value::Function(function)) => {
                let function = Rc::clone(function);
                Ok(self.decorated(&function, true, false))
            }
            (Does::ContextManager, Value::Function(function)) => {
                let function = Rc::clone(function);
                Ok(self.decorated(&function, false, true))
            }
            (Does::EventModel | Does::BatchDecorator | Does::Idempotent, _) => {
                self.powertools_decorator(known.does, decorator, decorated)
            }
            _ => Ok(decorated),
        }
    }

    /// `Status("open")` of an enumeration is the value.
    pub(super) fn enumerated(&mut self, class: Loc, arguments: &Arguments<'p>) -> Option<Value<'p>> {
        self.external_base(class).filter(|base| is_enumeration(base)).and_then(|_| arguments.first())
    }

    /// All variables are handed on, or one with a computed name is read.
    pub(super) fn reads_whole_environment(&mut self, span: Span) {
        self.env_read(EnvRead::ANY, true, span);
    }

    pub(super) fn or_value(&mut self, value: Value<'p>, default: Option<Value<'p>>) -> Value<'p> {
        match (&value, default) {
            (Value::Shape(shape), Some(default)) if !default.is_null() => match default {
                Value::Shape(default) => {
                    Value::shape(shape::or_default((**shape).clone(), (*default).clone()))
                }
                Value::Object(_) => {
                    Value::shape(shape::or_default((**shape).clone(), self.shape_of(&default)))
                }
                _ => value,
            },
            _ => value,
        }
    }

    pub(super) fn shapes(&self, arguments: &Arguments<'p>) -> Vec<Shape> {
        arguments.all().map(|value| self.shape_of(value)).collect()
    }
}

pub(super) fn is_whole_environment(value: &Value<'_>) -> bool {
    matches!(value, Value::Extern(external) if is_environment(&external.path))
}

/// `jsonschema.ValidationError("...")`
fn makes_error(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    is_error(name) && name.starts_with(char::is_uppercase)
}

/// The function among some arguments, where it is the only one.
fn only_function<'p>(arguments: &Arguments<'p>) -> Option<Value<'p>> {
    let mut functions = arguments.all().filter(|value| value.is_callable());
    let first = functions.next()?.clone();
    functions.next().is_none().then_some(first)
}

fn is_enumeration(base: &str) -> bool {
    matches!(base.rsplit('.').next().unwrap_or(base), "Enum" | "StrEnum" | "IntEnum" | "IntFlag" | "Flag")
}
