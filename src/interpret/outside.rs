//! Functions that leave the process: files, waiting, requests, databases; and what they are made with.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Value};
use super::engine::Engine;
use super::identity::Session;
use super::shape::{self};
use crate::source::Span;
use crate::summary::{Action, Names, Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn file(&mut self, action: Action, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let input = self.first_shape(arguments);
        let id = self.effect(action, shape::symbol(&input), Shape::Unknown, span)?;
        self.callbacks(arguments, span)?;
        Ok(Value::shape(Shape::Symbol(Symbol::Result(id, Names::default()))))
    }

    pub(super) fn open_file(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let path = self.first_shape(arguments);
        let mode = arguments.get(1, "mode").map_or(Shape::Null, |mode| self.shape_of(&mode));
        let writes = shape::as_text(&mode).is_some_and(|mode| mode.contains(['w', 'a', '+', 'x']));
        let action = if writes { Action::FileWrite } else { Action::FileRead };
        let id = self.effect(action, shape::symbol(&path), Shape::Unknown, span)?;
        Ok(Value::shape(Shape::Symbol(Symbol::Result(id, Names::default()))))
    }

    pub(super) fn sleep(&mut self, unit: &str, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let seconds = match self.first_shape(arguments) {
            Shape::Number(number) => {
                number.parse::<f64>().ok().map(|time| if unit == "ms" { time / 1000.0 } else { time })
            }
            _ => None,
        };
        let seconds = seconds.filter(|seconds| (0.0..1e6).contains(seconds)).map(|seconds| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range was checked"
            )]
            let whole = seconds.floor() as u32;
            whole
        });
        self.effect(Action::Sleep(seconds), Symbol::Unknown, self.first_shape(arguments), span)?;
        Ok(Value::null())
    }

    pub(super) fn http(
        &mut self,
        with: &str,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let (method, at) = with.split_once(' ').unwrap_or(("?", "0"));
        let at: usize = at.parse().unwrap_or(0);
        let url = arguments.get(at, "url").unwrap_or_else(Value::null);
        let options =
            arguments.positional.iter().rev().find(|value| matches!(value, Value::Object(_))).cloned();
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
        let input = Shape::List(self.shapes(&arguments).into());
        let id = self.effect(Action::Http { method }, on, shape::widen(input, span), span)?;
        let answer = Value::shape(Shape::Symbol(Symbol::Result(id, Names::default())));
        // `http.get(url, response => ...)`.
        for callback in
            arguments.positional.iter().filter(|value| value.is_callable()).cloned().collect::<Vec<_>>()
        {
            let given = if is_errback(&external.path) {
                vec![Value::null(), answer.clone(), answer.clone()]
            } else {
                vec![answer.clone()]
            };
            self.call(&callback, Arguments::of(given), None, span)?;
        }
        Ok(answer)
    }

    /// The base that a client was made with: `axios.create({baseURL})`.
    pub(super) fn base_url(&mut self, external: &Rc<Extern<'p>>) -> Option<Shape> {
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
            (None, Value::Shape(shape)) if external.path.contains("HTTPSConnection") => {
                Value::Shape(Rc::clone(shape))
            }
            _ => return None,
        };
        Some(self.shape_of(&value))
    }

    pub(super) fn database(
        &mut self,
        kind: &str,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let method = external.path.rsplit('.').next().unwrap_or_default();
        if opens_nothing(method) {
            return Ok(self.result_of(external, arguments, span));
        }
        let input = Shape::List(self.shapes(&arguments).into());
        let id =
            self.effect(Action::Database(kind.to_owned()), Symbol::Unknown, shape::widen(input, span), span)?;
        let answer = Value::shape(Shape::Symbol(Symbol::Result(id, Names::default())));
        for callback in
            arguments.positional.iter().filter(|value| value.is_callable()).cloned().collect::<Vec<_>>()
        {
            self.call(
                &callback,
                Arguments::of(vec![Value::null(), answer.clone(), answer.clone()]),
                None,
                span,
            )?;
        }
        Ok(answer)
    }

    /// Notes a client or connection that is built here.
    pub(super) fn built(&mut self, value: &Value<'p>, what: &str, span: Span) {
        let varies = match value {
            Value::Extern(external) => {
                external
                    .arguments
                    .all()
                    .any(|value| shape::varies(&self.seen(value)) && !matches!(value, Value::Object(_)))
                    || external.arguments.all().any(|value| self.depends_on_request(value))
            }
            _ => false,
        };
        self.built_from(value, what, Session { varies, own_credentials: false }, span);
    }

    pub(super) fn depends_on_request(&self, value: &Value<'p>) -> bool {
        match value {
            Value::Extern(external) => external.arguments.all().any(|value| self.depends_on_request(value)),
            Value::Shape(_) | Value::Object(_) => {
                let mut leaves = Vec::new();
                shape::leaves(&self.seen(value), &mut leaves, 32);
                leaves.iter().any(|leaf| {
                    matches!(leaf, Shape::Symbol(Symbol::Event(_) | Symbol::Context(_) | Symbol::Result(..)))
                })
            }
            _ => false,
        }
    }

    pub(super) fn built_from(&mut self, value: &Value<'p>, what: &str, with: Session, span: Span) {
        let at_init = self.run.at_init;
        let kept = self.run.cached > 0;
        let init = self.ledger.inits.entry(span).or_insert_with(|| super::ledger::InitMet {
            what: what.to_owned(),
            at_init,
            varies: with.varies,
            kept,
            own_credentials: with.own_credentials,
        });
        init.at_init &= at_init;
        init.varies |= with.varies;
        init.own_credentials |= with.own_credentials;
        self.run.built.push((value.clone(), span));
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
            for part in parts.iter() {
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
        "cursor"
            | "close"
            | "end"
            | "connect"
            | "release"
            | "on"
            | "begin"
            | "quit"
            | "disconnect"
            | "session"
            | "transaction"
            | "pipeline"
            | "db"
            | "collection"
            | "table"
            | "fetchone"
            | "fetchall"
            | "fetchmany"
            | "commit"
            | "rollback"
            | "getconn"
            | "putconn"
            | "acquire"
            | "getConnection"
            | "destroy"
            | "autocommit"
            | "rowcount"
            | "sort"
            | "limit"
            | "toArray"
            | "project"
            | "skip"
            | "select"
            | "lean"
            | "ping"
            | "where"
            | "client"
            | "from"
            | "returning"
            | "__enter__"
            | "__aenter__"
            | "auth"
            | "configure"
            | "config"
    )
}
