//! Routers inside a function: routes that libraries register, and how a request reaches them.
//!
//! A router is an object of the heap with its routes. A path is chosen by asking for the method and
//! the path of the event, once per route, so each route is a path (or more) of the handler.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Route, Stop, Value};
use super::engine::Engine;
use super::ledger::RouteMet;
use super::shape;
use crate::aws::libraries::{self, Does};
use crate::aws::routers;
use crate::source::Span;
use crate::summary::{InnerRoute, Names, Shape, Symbol, Test};

/// How deep routers may be mounted in routers.
const DEEPEST_MOUNT: usize = 8;
const MOST_ROUTES: usize = 150;

impl<'p> Engine<'p> {
    pub(super) fn router(&mut self, with: &str, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        let mut object = Object::new(Kind::Library(with.into()));
        for prefix in routers::prefixes().iter().filter_map(|name| arguments.named(name)) {
            object.set("prefix", prefix);
        }
        if let Some(Value::Object(options)) = arguments.first() {
            let options = self.run.heap.get(options);
            if let Some(prefix) = routers::options().iter().find_map(|name| options.entry(name)) {
                object.set("prefix", prefix.clone());
            }
        }
        let router = self.new_object(object);
        if routers::framework(with).is_some_and(|framework| framework.listed) {
            self.add_listed(router, arguments, span);
        }
        Value::Object(router)
    }

    /// Routes given as a list: `[{method: "GET", path: "/orders", handler}]`.
    fn add_listed(&mut self, router: Loc, arguments: &Arguments<'p>, span: Span) {
        let Some(Value::Object(given)) = arguments.first() else { return };
        let of_options = self.run.heap.get(given).entry(&routers::listed().routes).cloned();
        let list = of_options.unwrap_or(Value::Object(given));
        for route in self.all_items(&list, span).known {
            let Value::Object(route) = route else { continue };
            self.add_object(router, route, span);
        }
    }

    /// A route given as an object: `{method: "GET", path: "/orders", handler}`.
    pub(super) fn add_object(&mut self, router: Loc, route: Loc, span: Span) {
        let names = routers::listed();
        let route = self.run.heap.get(route);
        let Some(handler) = route.entry(&names.handler).cloned() else { return };
        let part = |name: &String| route.entry(name).and_then(|part| self.key_of(part));
        let method = part(&names.method).map_or_else(|| "ANY".to_owned(), |method| method.to_uppercase());
        let path = names.path.iter().find_map(part).unwrap_or_default();
        self.add_routes(router, &[method], &path, vec![handler], span);
    }

    /// What makes a handler of an application: the application itself, which a call then serves.
    pub(super) fn adapter(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        for value in self.given_with_parts(arguments) {
            let value = self.settle(value)?;
            if let Some(router) = self.as_router(&value) {
                return Ok(Value::Object(router));
            }
            // `serverlessExpress({app: createApp()})`, a factory, or plain functions.
            if value.is_callable() {
                return Ok(value);
            }
        }
        Ok(self.unknown(span, "an application that is not known", true))
    }

    /// Arguments, and what stands in an object of options.
    fn given_with_parts(&self, arguments: &Arguments<'p>) -> Vec<Value<'p>> {
        let mut given: Vec<Value<'p>> = arguments.all().cloned().collect();
        if let Some(Value::Object(loc)) = given.first()
            && matches!(self.run.heap.get(*loc).kind, Kind::Dictionary)
        {
            given.extend(self.run.heap.get(*loc).entries.iter().map(|(_, value)| value.clone()));
        }
        given
    }

    /// The application that something is given.
    pub(super) fn given_router(&self, arguments: &Arguments<'p>) -> Option<Loc> {
        self.given_with_parts(arguments).iter().find_map(|value| self.as_router(value))
    }

    pub(super) fn as_router(&self, value: &Value<'p>) -> Option<Loc> {
        match value {
            Value::Object(loc) if is_router(&self.run.heap.get(*loc).kind) => Some(*loc),
            Value::Object(loc) => {
                // An application kept in an instance: `class App { app = express() }`.
                let object = self.run.heap.get(*loc);
                if !matches!(object.kind, Kind::Instance(_)) {
                    return None;
                }
                object.entries.iter().find_map(|(_, value)| match value {
                    Value::Object(inner) if is_router(&self.run.heap.get(*inner).kind) => Some(*inner),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    pub(super) fn serve(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let router = arguments.all().find_map(|value| self.as_router(value));
        match router {
            Some(router) => self.serve_router(router, None),
            None => Ok(self.unknown(span, "an application that is not known", true)),
        }
    }

    /// A module that is itself the program: all routers it has made are served.
    pub(super) fn serve_all(&mut self) -> Eval<'p> {
        let routers: Vec<Loc> = (0..self.run.heap.next().0)
            .map(Loc)
            .filter(|loc| {
                let object = self.run.heap.get(*loc);
                is_router(&object.kind) && !object.routes.is_empty() && object.entry("mounted").is_none()
            })
            .collect();
        let mut answer = Value::null();
        for router in routers {
            answer = self.serve_router(router, None)?;
        }
        Ok(answer)
    }

    pub(super) fn call_library(
        &mut self,
        loc: Loc,
        path: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        if path == super::skim::ANY_OF {
            return self.call_any_of(loc, &arguments, span);
        }
        if !is_router(&self.run.heap.get(loc).kind) {
            return Ok(Value::unknown());
        }
        // What a package makes of an application while the module loads is the application.
        if self.run.at_init {
            return Ok(Value::Object(loc));
        }
        // `router(event, context)`; a call with a function mounts or wraps.
        let event = arguments.first();
        self.serve_router(loc, event)
    }

    pub(super) fn serve_router(&mut self, router: Loc, event: Option<Value<'p>>) -> Eval<'p> {
        let event = event.filter(|event| event.as_shape().is_some()).unwrap_or_else(event_root);
        let mut routes = Vec::new();
        self.flatten(router, "", &mut routes, 0);
        let framework = match &self.run.heap.get(router).kind {
            Kind::Library(path) => Rc::clone(path),
            _ => "".into(),
        };
        if routers::framework(&framework).is_some_and(|framework| framework.ordered) {
            routes.retain(|route| !route.middleware || !route.handlers.iter().any(takes_errors));
        } else {
            routes.sort_by_key(|route| !route.middleware);
        }
        if let Some(answer) = self.walk_routes(&framework, &routes, &event)? {
            return Ok(answer);
        }
        let mut missing = Object::new(Kind::Dictionary);
        missing.set("statusCode", Value::shape(Shape::Number("404".to_owned())));
        missing.open = true;
        Ok(Value::Object(self.new_object(missing)))
    }

    /// Goes through routes and what runs for many of them, in their order; the answer, where one gives it.
    fn walk_routes(
        &mut self,
        framework: &str,
        routes: &[Route<'p>],
        event: &Value<'p>,
    ) -> Eval<'p, Option<Value<'p>>> {
        if self.skimming.is_some() {
            return self.skim_routes(framework, routes, event);
        }
        let mut before: Vec<&Route<'p>> = Vec::new();
        for route in routes {
            if route.middleware && is_everywhere(&route.path) {
                if let Some(answer) = self.run_handlers(framework, route, event)? {
                    return Ok(Some(answer));
                }
                continue;
            }
            // What runs below a path is asked for with the routes there, or is itself all there is.
            if route.middleware && routes.iter().any(|other| !other.middleware && is_below(route, other)) {
                before.push(route);
                continue;
            }
            if !self.takes_route(route) {
                continue;
            }
            let from = self.run.met.effects.len();
            self.run.met.routes.push(RouteMet {
                route: InnerRoute {
                    method: route.method.to_string(),
                    path: route.path.to_string(),
                    span: route.span,
                    effects: Vec::new(),
                },
                from,
            });
            for one in before.iter().filter(|one| is_below(one, route)) {
                if let Some(answer) = self.run_handlers(framework, one, event)? {
                    return Ok(Some(answer));
                }
            }
            let answer = self.run_handlers(framework, route, event)?;
            return Ok(Some(answer.unwrap_or_else(Value::unknown)));
        }
        Ok(None)
    }

    pub(super) fn takes_route(&mut self, route: &Route<'p>) -> bool {
        let event = |part: &str| Shape::Symbol(Symbol::Event([part.to_owned()].into()));
        let [of_method, of_path] = routers::asked(&route.method);
        if !matches!(&*route.method, "ANY" | "EVENT")
            && !self.decide_route(Test::Equal(event(of_method), shape::text(&*route.method)), route.span)
        {
            return false;
        }
        is_everywhere(&route.path)
            || self.decide_route(Test::Equal(event(of_path), shape::text(&*route.path)), route.span)
    }

    /// All routes of a router and of what is mounted in it.
    pub(super) fn flatten(&self, router: Loc, before: &str, into: &mut Vec<Route<'p>>, depth: usize) {
        if depth > DEEPEST_MOUNT {
            return;
        }
        let object = self.run.heap.get(router);
        let own = object.entry("prefix").and_then(|prefix| self.key_of(prefix)).unwrap_or_default();
        let prefix = joined(before, &own);
        for route in &object.routes {
            let path = joined(&prefix, &route.path);
            let mounted: Vec<Loc> =
                route.handlers.iter().filter_map(|handler| self.as_router(handler)).collect();
            for inner in &mounted {
                self.flatten(*inner, &path, into, depth + 1);
            }
            let handlers: Vec<Value<'p>> =
                route.handlers.iter().filter(|handler| self.as_router(handler).is_none()).cloned().collect();
            if !handlers.is_empty() && into.len() < MOST_ROUTES {
                into.push(Route { path: path.into(), handlers, ..route.clone() });
            }
        }
    }

    /// Runs the handlers of a route in turn; the answer, where one gives it.
    pub(super) fn run_handlers(
        &mut self,
        framework: &str,
        route: &Route<'p>,
        event: &Value<'p>,
    ) -> Eval<'p, Option<Value<'p>>> {
        let span = route.span;
        let last = route.handlers.len().saturating_sub(1);
        self.run.answer = None;
        for (index, handler) in route.handlers.iter().enumerate() {
            let handler = match handler {
                Value::Object(loc) if self.is_class(*loc) => {
                    self.instantiate(*loc, Arguments::default(), span)?
                }
                handler => handler.clone(),
            };
            let arguments = self.route_arguments(framework, route, &handler, event, span)?;
            let value = self.call(&handler, arguments, None, span)?;
            let value = self.settle(value)?;
            if let Some(answer) = self.run.answer.take() {
                return Ok(Some(answer));
            }
            if index == last && !route.middleware {
                return Ok(Some(self.as_answer(value)));
            }
        }
        Ok(None)
    }

    /// What a framework makes of a handler's value: the answer of the function.
    pub(super) fn as_answer(&mut self, value: Value<'p>) -> Value<'p> {
        let (value, status) = match &value {
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc);
                if object.entry("statusCode").is_some() || object.entry("batchItemFailures").is_some() {
                    return value;
                }
                match (&object.kind, object.items.as_slice()) {
                    // `return body, status`
                    (Kind::List, [body, status, ..])
                        if matches!(status.as_shape(), Some(Shape::Number(_))) && object.items.len() <= 3 =>
                    {
                        (body.clone(), status.clone())
                    }
                    _ => (value.clone(), Value::shape(Shape::Number("200".to_owned()))),
                }
            }
            _ => (value, Value::shape(Shape::Number("200".to_owned()))),
        };
        let body = self.shape_of(&value);
        let body = if shape::as_text(&body).is_some() || matches!(body, Shape::Json(_) | Shape::Text(_)) {
            body
        } else {
            shape::json(body)
        };
        self.answer_of(status, body)
    }

    pub(super) fn answer_of(&mut self, status: Value<'p>, body: Shape) -> Value<'p> {
        let mut answer = Object::new(Kind::Dictionary);
        answer.set("statusCode", status);
        answer.set("body", Value::shape(body));
        Value::Object(self.new_object(answer))
    }

    /// `jsonify(x)`, `Response(status_code=..., body=...)`.
    pub(super) fn json_response(&mut self, external: &Extern<'p>, arguments: &Arguments<'p>) -> Value<'p> {
        let status = ["status_code", "status"]
            .iter()
            .find_map(|name| arguments.named(name))
            .unwrap_or_else(|| Value::shape(Shape::Number("200".to_owned())));
        let body = ["content", "body", "response"]
            .iter()
            .find_map(|name| arguments.named(name))
            .or_else(|| arguments.first());
        let body = match body {
            Some(Value::Object(loc)) if self.run.heap.get(loc).entry("statusCode").is_some() => {
                return Value::Object(loc);
            }
            Some(body) => self.shape_of(&body),
            None if arguments.named.is_empty() => Shape::Null,
            None => {
                let input = self.input(arguments);
                self.shape_of(&input)
            }
        };
        let is_json = external.path.contains("json") || external.path.contains("JSON");
        let body = if is_json { shape::json(body) } else { body };
        self.answer_of(status, body)
    }

    pub(super) fn mapper_call(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        if let Some(mapper) = crate::aws::sdk::mapper_of(&external.path) {
            let table = arguments
                .all()
                .find(|value| value.as_shape().is_some())
                .cloned()
                .unwrap_or_else(Value::unknown);
            let entity = super::domain::Aws::Entity {
                mapper: mapper.into(),
                table,
                operation: None,
                input: Value::null(),
            };
            return Ok(Some(Value::Aws(Rc::new(entity))));
        }
        match &*external.path {
            "cfn_custom_resource.lambda_handler" => {
                let registry = self.events_registry();
                self.serve_router(registry, arguments.first()).map(Some)
            }
            "slslint.controller" => self.run_controller(arguments, span).map(Some),
            path @ ("slslint.bind" | "slslint.is_bound") => {
                let Some(Value::Object(container)) = arguments.first() else { return Ok(None) };
                let rest = Arguments::of(arguments.positional.iter().skip(1).cloned().collect());
                let method = if path == "slslint.bind" { "bind" } else { "isBound" };
                self.container_method(container, method, &rest, span).map(Some)
            }
            "slslint.register" => Ok(Some(self.register_function(arguments, span))),
            "slslint.decorator" => {
                self.waits(arguments);
                Ok(Some(arguments.first().unwrap_or_else(Value::unknown)))
            }
            "slslint.next" => match arguments.first() {
                Some(error) if !error.is_null() && error.as_shape() != Some(&Shape::Unknown) => {
                    let raised = self.raised(error, span)?;
                    Err(Stop::Raise(Box::new(raised)))
                }
                _ => Ok(Some(Value::null())),
            },
            _ => Ok(None),
        }
    }

    /// `flask.request.args` and the like.
    pub(super) fn request_member(&mut self, path: &str, span: Span) -> Option<Value<'p>> {
        let (object, name) = path.rsplit_once('.')?;
        if libraries::known(object).is_none_or(|known| known.does != Does::FlaskRequest) {
            return None;
        }
        let event = |parts: &[&str]| {
            Shape::Symbol(Symbol::Event(parts.iter().map(|part| (*part).to_owned()).collect()))
        };
        let shape = match name {
            "json" => shape::parsed(event(&["body"])),
            "args" => event(&["queryStringParameters"]),
            "headers" => event(&["headers"]),
            "data" | "body" => event(&["body"]),
            "form" | "values" => shape::parsed(event(&["body"])),
            "view_args" => event(&["pathParameters"]),
            "method" => event(&["httpMethod"]),
            "path" | "url" | "base_url" => event(&["path"]),
            "environ" => event(&[]),
            _ => return None,
        };
        self.event_read(&shape, false, span);
        Some(Value::shape(shape))
    }
}

pub(super) fn event_root<'p>() -> Value<'p> {
    Value::shape(Shape::Symbol(Symbol::Event(Names::default())))
}

pub(super) fn is_router(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Library(path) if routers::framework(path).is_some())
}

/// `app.use((error, request, response, next) => ...)`: only runs when something fails.
pub(super) fn takes_errors(handler: &Value<'_>) -> bool {
    const OF_ERROR_HANDLER: usize = 4;
    let closure = match handler {
        Value::Function(closure) => closure,
        Value::Method(method) => match &method.function {
            Value::Function(closure) => closure,
            _ => return false,
        },
        _ => return false,
    };
    closure.function.parameters.len() == OF_ERROR_HANDLER
}

fn is_everywhere(path: &str) -> bool {
    matches!(path, "*" | "/*")
}

/// Whether what runs below a path runs for a route.
fn is_below(middleware: &Route<'_>, route: &Route<'_>) -> bool {
    let prefix = middleware.path.trim_end_matches('*');
    route.path.starts_with(prefix) || &*route.path == prefix.trim_end_matches('/')
}

/// Paths as API Gateway writes them: `/a/{b}`.
fn joined(before: &str, path: &str) -> String {
    if path == "*" && before.is_empty() {
        return path.to_owned();
    }
    let mut whole = String::new();
    for part in before.split('/').chain(path.split('/')).filter(|part| !part.is_empty()) {
        whole.push('/');
        if let Some(name) = part.strip_prefix(':') {
            whole.push('{');
            whole.push_str(name.trim_end_matches('?'));
            whole.push('}');
        } else if let Some(name) = part.strip_prefix('<').and_then(|part| part.strip_suffix('>')) {
            whole.push('{');
            whole.push_str(name.rsplit(':').next().unwrap_or(name));
            whole.push('}');
        } else {
            whole.push_str(part);
        }
    }
    if whole.is_empty() { "/".to_owned() } else { whole }
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_of_all_frameworks_are_written_alike() {
        assert_eq!(super::joined("/api", "/carts/:id"), "/api/carts/{id}");
        assert_eq!(super::joined("", "/carts/<int:id>"), "/carts/{id}");
        assert_eq!(super::joined("/", "/"), "/");
    }
}
