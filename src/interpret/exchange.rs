//! Requests and responses, as the handlers of routes get them from their framework.

use super::domain::{Arguments, Eval, FrameId, Kind, Loc, Object, Route, Value};
use super::engine::Engine;
use super::routers::event_root;
use super::shape;
use crate::aws::routers::{self, Gives};
use crate::ir::{Expression, ExpressionKind, Parameter, ParameterKind, PatternKind};
use crate::source::Span;
use crate::summary::{Names, Shape, Symbol};

impl<'p> Engine<'p> {
    /// The arguments that a framework gives to a route's handler.
    pub(super) fn route_arguments(
        &mut self,
        framework: &str,
        route: &Route<'p>,
        handler: &Value<'p>,
        event: &Value<'p>,
        span: Span,
    ) -> Eval<'p, Arguments<'p>> {
        let known = routers::framework(framework);
        let gives = known.map(|known| known.gives).unwrap_or_default();
        Ok(match gives {
            Gives::Exchange => {
                let request = self.request(gives);
                let mut gateway = Object::new(Kind::Dictionary);
                gateway.set("event", event_root());
                let gateway = Value::Object(self.new_object(gateway));
                if let Value::Object(loc) = request {
                    self.run.heap.change(loc).set("apiGateway", gateway);
                }
                let response = self.new_exchange("response");
                Arguments::of(vec![request, response, Value::external("slslint.next")])
            }
            Gives::Context => {
                let request = self.request(gives);
                let context = self.new_exchange("response");
                if let Value::Object(loc) = context {
                    let object = self.run.heap.change(loc);
                    object.set("req", request.clone());
                    object.set("request", request);
                    object.set("params", Value::shape(of_event(&["pathParameters"])));
                    object.set("query", Value::shape(of_event(&["queryStringParameters"])));
                    object.set("event", event_root());
                }
                Arguments::of(vec![context, Value::external("slslint.next")])
            }
            Gives::Event => Arguments::of(vec![
                event.clone(),
                Value::shape(Shape::Symbol(Symbol::Context(Names::default()))),
            ]),
            Gives::Named => {
                let queries = known.is_some_and(|known| known.queries);
                self.named_arguments(queries, route, handler, event, span)?
            }
        })
    }

    /// Arguments by the names of the parameters: parts of the path, models of the body, query.
    fn named_arguments(
        &mut self,
        queries: bool,
        route: &Route<'p>,
        handler: &Value<'p>,
        event: &Value<'p>,
        span: Span,
    ) -> Eval<'p, Arguments<'p>> {
        let mut arguments = Arguments::default();
        let function = match handler {
            Value::Function(closure) => Some((closure.function, closure.frame)),
            Value::Method(method) => match &method.function {
                Value::Function(closure) => Some((closure.function, closure.frame)),
                _ => None,
            },
            _ => None,
        };
        let Some((function, frame)) = function else { return Ok(arguments) };
        if !routers::is_of_http(&route.method) {
            // A field of a GraphQL type takes its arguments by name.
            for parameter in &function.parameters {
                if let PatternKind::Name(name) = &parameter.pattern.kind {
                    let value = Value::shape(of_event(&["arguments", name]));
                    arguments.named.push((name.as_str().into(), value));
                }
            }
            return Ok(arguments);
        }
        let skipped = usize::from(matches!(handler, Value::Method(_)));
        for parameter in function.parameters.iter().skip(skipped) {
            let PatternKind::Name(name) = &parameter.pattern.kind else { continue };
            // A wrapper takes all of them, and gives them on.
            match parameter.kind {
                ParameterKind::Rest => continue,
                ParameterKind::RestNamed => {
                    arguments.rest_named = Some(Value::shape(of_event(&["pathParameters"])));
                    continue;
                }
                _ => {}
            }
            let value = match name.as_str() {
                name if route.path.contains(&format!("{{{name}}}")) => {
                    let value = of_event(&["pathParameters", name]);
                    self.event_read(&value, true, parameter.pattern.span);
                    Some(Value::shape(value))
                }
                name => match self.declared_argument(frame, parameter, span)? {
                    None if queries && parameter.default.is_none() => {
                        let value = of_event(&["queryStringParameters", name]);
                        self.event_read(&value, true, parameter.pattern.span);
                        Some(Value::shape(value))
                    }
                    None if matches!(name, "event" | "req" | "reqCtx") => Some(event.clone()),
                    value => value,
                },
            };
            arguments.named.extend(value.map(|value| (name.as_str().into(), value)));
        }
        Ok(arguments)
    }

    /// What a parameter gets by the class that it is declared with: a model of the body, the request.
    fn declared_argument(
        &mut self,
        frame: FrameId,
        parameter: &'p Parameter,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        let is_class = |annotation: &&'p Expression| {
            matches!(annotation.kind, ExpressionKind::Name(_) | ExpressionKind::Member { .. })
        };
        let Some(annotation) = parameter.annotation.as_ref().filter(is_class) else { return Ok(None) };
        Ok(match self.eval(frame, annotation)? {
            Value::Object(class) if self.is_class(class) && parameter.default.is_none() => {
                let body = shape::parsed(of_event(&["body"]));
                self.event_read(&of_event(&["body"]), true, parameter.pattern.span);
                let given = Arguments { rest_named: Some(Value::shape(body)), ..Arguments::default() };
                Some(self.instantiate(class, given, span)?)
            }
            Value::Extern(external) if external.path.ends_with("Request") => {
                Some(self.new_exchange("request"))
            }
            Value::Extern(external) if external.path.ends_with("Response") => {
                Some(self.new_exchange("response"))
            }
            _ => None,
        })
    }

    fn request(&mut self, of: Gives) -> Value<'p> {
        let mut object = Object::new(Kind::Library("request".into()));
        for (name, part) in routers::request(of) {
            let shape = match part.as_str() {
                "" => of_event(&[]),
                "body" => shape::parsed(of_event(&["body"])),
                part => of_event(&[part]),
            };
            object.set(name, Value::shape(shape));
        }
        object.open = true;
        Value::Object(self.new_object(object))
    }

    fn new_exchange(&mut self, kind: &str) -> Value<'p> {
        Value::Object(self.new_object(Object::new(Kind::Library(kind.into()))))
    }

    /// Methods of requests and responses.
    pub(super) fn exchange_method(
        &mut self,
        loc: Loc,
        kind: &str,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let own = self.run.heap.get(loc).entry(name).cloned();
        if let Some(function) = own.filter(Value::is_callable) {
            return self.call(&function, arguments, Some(Value::Object(loc)), span);
        }
        if kind == "request" {
            return Ok(self.request_method(name, &arguments, span));
        }
        match name {
            "status" | "code" | "sendStatus" | "setStatus" | "writeHead" => {
                if let Some(status) = arguments.first() {
                    self.run.heap.change(loc).set("statusCode", status);
                }
                if name == "sendStatus" {
                    self.respond(loc, Shape::Null);
                }
            }
            "json" | "send" | "end" | "jsonp" | "text" | "html" | "render" | "newResponse" | "body"
            | "redirect" | "type_" => {
                if let Some(status) = arguments
                    .positional
                    .get(1)
                    .filter(|status| matches!(status.as_shape(), Some(Shape::Number(_))))
                {
                    let status = status.clone();
                    self.run.heap.change(loc).set("statusCode", status);
                }
                let body = self.first_shape(&arguments);
                let plain = shape::as_text(&body).is_some()
                    || matches!(body, Shape::Null | Shape::Text(_) | Shape::Json(_))
                    || name == "text";
                self.respond(loc, if plain { body } else { shape::json(body) });
                return Ok(self.run.answer.clone().unwrap_or_else(Value::unknown));
            }
            _ => {}
        }
        Ok(Value::Object(loc))
    }

    fn respond(&mut self, loc: Loc, body: Shape) {
        let status = self
            .run
            .heap
            .get(loc)
            .entry("statusCode")
            .cloned()
            .unwrap_or_else(|| Value::shape(Shape::Number("200".to_owned())));
        let mut answer = Object::new(Kind::Dictionary);
        answer.set("statusCode", status);
        answer.set("body", Value::shape(body));
        self.run.answer = Some(Value::Object(self.new_object(answer)));
    }

    fn request_method(&mut self, name: &str, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        let key = arguments.first().and_then(|key| self.key_of(&key));
        let part = |root: &str| {
            let mut path = vec![root];
            path.extend(key.as_deref());
            of_event(&path)
        };
        let shape = match name {
            "json" | "body" | "form" | "parseBody" | "get_json" | "valid" => {
                shape::parsed(of_event(&["body"]))
            }
            "text" => of_event(&["body"]),
            "param" => part("pathParameters"),
            "query" | "queries" => part("queryStringParameters"),
            "header" | "get" => part("headers"),
            _ => return Value::unknown(),
        };
        self.event_read(&shape, false, span);
        Value::shape(shape)
    }
}

fn of_event(path: &[&str]) -> Shape {
    Shape::Symbol(Symbol::Event(path.iter().map(|part| (*part).to_owned()).collect()))
}
