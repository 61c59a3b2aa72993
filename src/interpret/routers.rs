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
use crate::source::Span;
use crate::summary::{InnerRoute, Shape, Symbol, Test};

/// How deep routers may be mounted in routers.
const DEEPEST_MOUNT: usize = 8;
const MOST_ROUTES: usize = 150;

impl<'p> Engine<'p> {
    pub(super) fn router(&mut self, with: &str, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Value<'p> {
        let mut object = Object::new(Kind::Library(with.into()));
        for name in ["prefix", "url_prefix"] {
            if let Some(prefix) = arguments.named(name) {
                object.set("prefix", prefix);
            }
        }
        if let Some(Value::Object(options)) = arguments.first()
            && let Some(prefix) = self.run.heap.get(options).entry("prefix").or_else(|| self.run.heap.get(options).entry("base"))
        {
            let prefix = prefix.clone();
            object.set("prefix", prefix);
        }
        let _ = (external, span);
        Value::Object(self.new_object(object))
    }

    /// What makes a handler of an application: the application itself, which a call then serves.
    pub(super) fn adapter(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let mut given: Vec<Value<'p>> = arguments.all().cloned().collect();
        if let Some(Value::Object(loc)) = given.first()
            && matches!(self.run.heap.get(*loc).kind, Kind::Dictionary)
        {
            let entries: Vec<Value<'p>> = self.run.heap.get(*loc).entries.iter().map(|(_, value)| value.clone()).collect();
            given.extend(entries);
        }
        for value in given {
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

    fn as_router(&self, value: &Value<'p>) -> Option<Loc> {
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
            Some(router) => self.serve_router(router, None, span),
            None => Ok(self.unknown(span, "an application that is not known", true)),
        }
    }

    /// A module that is itself the program: all routers it has made are served.
    pub(super) fn serve_all(&mut self, span: Span) -> Eval<'p> {
        let routers: Vec<Loc> = (0..self.run.heap.next().0)
            .map(Loc)
            .filter(|loc| {
                let object = self.run.heap.get(*loc);
                is_router(&object.kind) && !object.routes.is_empty() && object.entry("mounted").is_none()
            })
            .collect();
        let mut answer = Value::null();
        for router in routers {
            answer = self.serve_router(router, None, span)?;
        }
        Ok(answer)
    }

    pub(super) fn call_library(&mut self, loc: Loc, path: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let _ = path;
        if !is_router(&self.run.heap.get(loc).kind) {
            return Ok(Value::unknown());
        }
        // `router(event, context)`; a call with a function mounts or wraps.
        let event = arguments.first();
        self.serve_router(loc, event, span)
    }

    fn serve_router(&mut self, router: Loc, event: Option<Value<'p>>, span: Span) -> Eval<'p> {
        let event = event.filter(|event| event.as_shape().is_some()).unwrap_or_else(event_root);
        let mut routes = Vec::new();
        self.flatten(router, "", &mut routes, 0);
        let framework = match &self.run.heap.get(router).kind {
            Kind::Library(path) => Rc::clone(path),
            _ => "".into(),
        };
        let (middleware, routes): (Vec<_>, Vec<_>) = routes.into_iter().partition(|route| route.middleware);
        for one in &middleware {
            if let Some(answer) = self.run_handlers(&framework, one, &event)? {
                return Ok(answer);
            }
        }
        for route in &routes {
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
            let answer = self.run_handlers(&framework, route, &event)?;
            return Ok(answer.unwrap_or_else(Value::unknown));
        }
        let mut missing = Object::new(Kind::Dictionary);
        missing.set("statusCode", Value::shape(Shape::Number("404".to_owned())));
        missing.open = true;
        let _ = span;
        Ok(Value::Object(self.new_object(missing)))
    }

    fn takes_route(&mut self, route: &Route<'p>) -> bool {
        let event = |part: &str| Shape::Symbol(Symbol::Event(vec![part.to_owned()]));
        let (of_method, of_path) = match &*route.method {
            "Query" | "Mutation" | "Subscription" => ("parentTypeName", "fieldName"),
            "EVENT" => ("RequestType", "RequestType"),
            _ => ("httpMethod", "path"),
        };
        if !matches!(&*route.method, "ANY" | "EVENT") && !self.decide(Test::Equal(event(of_method), shape::text(&*route.method)), route.span) {
            return false;
        }
        matches!(&*route.path, "*" | "/*") || self.decide(Test::Equal(event(of_path), shape::text(&*route.path)), route.span)
    }

    /// All routes of a router and of what is mounted in it.
    fn flatten(&self, router: Loc, before: &str, into: &mut Vec<Route<'p>>, depth: usize) {
        if depth > DEEPEST_MOUNT {
            return;
        }
        let object = self.run.heap.get(router);
        let own = object.entry("prefix").and_then(|prefix| self.key_of(prefix)).unwrap_or_default();
        let prefix = joined(before, &own);
        for route in &object.routes {
            let path = joined(&prefix, &route.path);
            let mounted: Vec<Loc> = route.handlers.iter().filter_map(|handler| self.as_router(handler)).collect();
            for inner in &mounted {
                self.flatten(*inner, &path, into, depth + 1);
            }
            let handlers: Vec<Value<'p>> = route.handlers.iter().filter(|handler| self.as_router(handler).is_none()).cloned().collect();
            if !handlers.is_empty() && into.len() < MOST_ROUTES {
                into.push(Route { path: path.into(), handlers, ..route.clone() });
            }
        }
    }

    /// Runs the handlers of a route in turn; the answer, where one gives it.
    fn run_handlers(&mut self, framework: &str, route: &Route<'p>, event: &Value<'p>) -> Eval<'p, Option<Value<'p>>> {
        let span = route.span;
        let last = route.handlers.len().saturating_sub(1);
        self.run.answer = None;
        for (index, handler) in route.handlers.iter().enumerate() {
            let handler = match handler {
                Value::Object(loc) if self.is_class(*loc) => self.instantiate(*loc, Arguments::default(), span)?,
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
    fn as_answer(&mut self, value: Value<'p>) -> Value<'p> {
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
        let body = if shape::as_text(&body).is_some() || matches!(body, Shape::Json(_) | Shape::Text(_)) { body } else { shape::json(body) };
        self.answer_of(status, body)
    }

    fn answer_of(&mut self, status: Value<'p>, body: Shape) -> Value<'p> {
        let mut answer = Object::new(Kind::Dictionary);
        answer.set("statusCode", status);
        answer.set("body", Value::shape(body));
        Value::Object(self.new_object(answer))
    }

    /// `jsonify(x)`, `Response(status_code=..., body=...)`.
    pub(super) fn json_response(&mut self, external: &Rc<Extern<'p>>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let status = ["status_code", "status"]
            .iter()
            .find_map(|name| arguments.named(name))
            .unwrap_or_else(|| Value::shape(Shape::Number("200".to_owned())));
        let body = ["content", "body", "response"].iter().find_map(|name| arguments.named(name)).or_else(|| arguments.first());
        let body = match body {
            Some(Value::Object(loc)) if self.run.heap.get(loc).entry("statusCode").is_some() => return Ok(Value::Object(loc)),
            Some(body) => self.shape_of(&body),
            None if arguments.named.is_empty() => Shape::Null,
            None => {
                let input = self.input(&arguments);
                self.shape_of(&input)
            }
        };
        let is_json = external.path.contains("json") || external.path.contains("JSON");
        let body = if is_json { shape::json(body) } else { body };
        let _ = span;
        Ok(self.answer_of(status, body))
    }

    /// Registers routes: `@app.get("/x")`, `app.get("/x", handler)`, `app.use(router)`.
    pub(super) fn library_method(&mut self, loc: Loc, path: &str, name: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let receiver = Value::Object(loc);
        match path {
            "request" | "response" => return self.exchange_method(loc, path, name, arguments, span),
            "Promise()" => {
                let value = self.settle(receiver)?;
                return self.call_method(&value, name, arguments, span);
            }
            _ => {}
        }
        if let Some(verb) = verb(name) {
            return self.register(loc, verb, arguments, span);
        }
        Ok(match name {
            "resolve" | "resolve_async" | "handle" | "run" | "listen" | "proxy" | "fetch" | "handler" if !arguments.all().any(Value::is_callable) => {
                // A server that starts while the module loads is served when it is called.
                if self.run.at_init {
                    return Ok(receiver);
                }
                self.serve_router(loc, arguments.first(), span)?
            }
            "route" => self.route(loc, arguments, span)?,
            "resolver" | "onQuery" | "onMutation" | "batch_resolver" => self.appsync_route(loc, name, &arguments, span),
            "use" | "include_router" | "register_blueprint" | "register" | "mount" | "add_router" | "includeRouter" => {
                self.mount(loc, name, arguments, span)?;
                receiver
            }
            "add_api_route" | "add_url_rule" | "addRoute" | "add_route" => {
                let handler = arguments.all().find(|value| value.is_callable()).cloned();
                let path = arguments.first().and_then(|path| self.key_of(&path)).unwrap_or_default();
                let methods = self.methods(&arguments);
                if let Some(handler) = handler {
                    self.add_routes(loc, &methods, &path, vec![handler], span);
                }
                Value::null()
            }
            // Flask-RESTful: a class with a method per HTTP method.
            "add_resource" => {
                if let (Some(Value::Object(class)), Some(path)) = (arguments.first(), arguments.positional.get(1).and_then(|path| self.key_of(path))) {
                    for method in ["get", "post", "put", "delete", "patch"] {
                        if self.run.heap.get(class).entry(method).is_some() {
                            let instance = self.instantiate(class, Arguments::default(), span)?;
                            let handler = self.member(&instance, method, span, false)?;
                            self.add_routes(loc, &[method.to_uppercase()], &path, vec![handler], span);
                        }
                    }
                }
                Value::null()
            }
            "create" | "update" | "delete_" | "poll_create" | "poll_update" | "poll_delete" => self.register(loc, "EVENT", arguments, span)?,
            "middleware" | "before_request" | "after_request" | "teardown_request" | "on_event" | "before_first_request" => {
                let function = arguments.first().filter(Value::is_callable);
                match function {
                    Some(function) => {
                        self.add_middleware(loc, function.clone(), span);
                        function
                    }
                    None => Value::external("slslint.decorator"),
                }
            }
            "exception_handler" | "errorhandler" | "not_found" | "error_handler" | "notFound" | "onError" | "setErrorHandler" => {
                arguments.first().filter(Value::is_callable).unwrap_or_else(|| Value::external("slslint.decorator"))
            }
            // `with app.app_context():`
            "__enter__" | "__exit__" | "app_context" => receiver,
            "init_failure" => Value::null(),
            _ => receiver,
        })
    }

    fn register(&mut self, loc: Loc, verb: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let path = arguments.get(0, "rule").or_else(|| arguments.named("path")).and_then(|path| self.key_of(&path));
        let handlers: Vec<Value<'p>> = self.handlers_of(&arguments);
        if verb == "EVENT" && !handlers.is_empty() {
            // `@helper.create` without parentheses.
            self.add_routes(loc, &["EVENT".to_owned()], "Create", handlers.clone(), span);
            return Ok(handlers[0].clone());
        }
        // `app.get("setting")` reads one.
        let path = path.unwrap_or_else(|| "/".to_owned());
        if handlers.is_empty() {
            let pending = Arguments::of(vec![Value::Object(loc), Value::text(verb), Value::text(&path)]);
            return Ok(Value::Partial(Rc::new((Value::external("slslint.register"), pending))));
        }
        self.add_routes(loc, &[verb.to_owned()], &path, handlers, span);
        Ok(Value::Object(loc))
    }

    fn handlers_of(&mut self, arguments: &Arguments<'p>) -> Vec<Value<'p>> {
        let mut handlers = Vec::new();
        for value in &arguments.positional {
            match value {
                Value::Function(_) | Value::Method(_) | Value::Partial(_) => handlers.push(value.clone()),
                Value::Object(loc) => match self.run.heap.get(*loc).kind.clone() {
                    Kind::List => handlers.extend(self.run.heap.get(*loc).items.iter().filter(|item| item.is_callable()).cloned().collect::<Vec<_>>()),
                    Kind::Dictionary => {
                        // `fastify.get(path, {handler})`
                        let handler = self.run.heap.get(*loc).entry("handler").cloned();
                        handlers.extend(handler.filter(Value::is_callable));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        handlers
    }

    fn add_routes(&mut self, loc: Loc, methods: &[String], path: &str, handlers: Vec<Value<'p>>, span: Span) {
        for method in methods {
            let route = Route { method: method.as_str().into(), path: path.into(), handlers: handlers.clone(), span, middleware: false };
            self.run.heap.change(loc).routes.push(route);
        }
    }

    fn add_middleware(&mut self, loc: Loc, function: Value<'p>, span: Span) {
        let route = Route { method: "ANY".into(), path: "*".into(), handlers: vec![function], span, middleware: true };
        self.run.heap.change(loc).routes.push(route);
    }

    /// Takes the function of a decorator into a router.
    pub(super) fn register_function(&mut self, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        let [Value::Object(router), methods, path, function, ..] = arguments.positional.as_slice() else { return Value::unknown() };
        let methods: Vec<String> =
            self.key_of(methods).unwrap_or_else(|| "ANY".to_owned()).split(' ').map(str::to_owned).collect();
        let path = self.key_of(path).unwrap_or_default();
        let span = match function {
            Value::Function(closure) => closure.function.name.as_ref().map_or(span, |(_, span)| *span),
            _ => span,
        };
        self.add_routes(*router, &methods, &path, vec![function.clone()], span);
        function.clone()
    }

    fn methods(&mut self, arguments: &Arguments<'p>) -> Vec<String> {
        let given = ["methods", "method"].iter().find_map(|name| arguments.named(name)).or_else(|| arguments.positional.get(1).cloned());
        let methods = match given {
            Some(Value::Object(loc)) => self.run.heap.get(loc).items.iter().filter_map(|item| self.key_of(item)).collect(),
            Some(other) => self.key_of(&other).into_iter().collect(),
            None => Vec::new(),
        };
        let methods: Vec<String> = methods.into_iter().map(|method: String| method.to_uppercase()).collect();
        if methods.is_empty() { vec!["ANY".to_owned()] } else { methods }
    }

    fn route(&mut self, loc: Loc, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        // `fastify.route({method, url, handler})`
        if let Some(Value::Object(options)) = arguments.first() {
            let options = self.run.heap.get(options).clone();
            let text = |engine: &Self, name: &str| options.entry(name).and_then(|value| engine.key_of(value));
            let method = text(self, "method").unwrap_or_else(|| "ANY".to_owned()).to_uppercase();
            let path = text(self, "url").or_else(|| text(self, "path")).unwrap_or_default();
            if let Some(handler) = options.entry("handler").cloned() {
                self.add_routes(loc, &[method], &path, vec![handler], span);
            }
            return Ok(Value::Object(loc));
        }
        let path = arguments.get(0, "rule").and_then(|path| self.key_of(&path)).unwrap_or_default();
        // `app.route("/x", subApplication)` mounts; `app.route("/x").get(f)` opens a path.
        if let Some(inner) = arguments.positional.get(1).and_then(|value| self.as_router(value)) {
            self.add_routes(loc, &["ANY".to_owned()], &path, vec![Value::Object(inner)], span);
            self.run.heap.change(inner).set("mounted", Value::bool(true));
            return Ok(Value::Object(loc));
        }
        let is_javascript = matches!(&self.run.heap.get(loc).kind, Kind::Library(path) if matches!(&**path, "express" | "koa" | "hono"));
        if is_javascript {
            let mut inner = Object::new(Kind::Library("express".into()));
            inner.set("mounted", Value::bool(true));
            let inner = Value::Object(self.new_object(inner));
            self.add_routes(loc, &["ANY".to_owned()], &path, vec![inner.clone()], span);
            return Ok(inner);
        }
        let methods = self.methods(&arguments);
        let pending = Arguments::of(vec![Value::Object(loc), Value::text(&methods.join(" ")), Value::text(&path)]);
        Ok(Value::Partial(Rc::new((Value::external("slslint.register"), pending))))
    }

    fn appsync_route(&mut self, loc: Loc, name: &str, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        let text = |engine: &Self, value: Option<Value<'p>>| value.and_then(|value| engine.key_of(&value));
        let (of_type, field) = match name {
            "onQuery" | "onMutation" => (name.trim_start_matches("on").to_owned(), text(self, arguments.first())),
            _ => (
                text(self, arguments.get(0, "type_name")).unwrap_or_else(|| "ANY".to_owned()),
                text(self, arguments.get(1, "field_name")),
            ),
        };
        let field = field.unwrap_or_else(|| "*".to_owned());
        if let Some(handler) = arguments.all().find(|value| value.is_callable()).cloned() {
            self.add_routes(loc, &[of_type], &field, vec![handler], span);
            return Value::Object(loc);
        }
        let pending = Arguments::of(vec![Value::Object(loc), Value::text(&of_type), Value::text(&field)]);
        Value::Partial(Rc::new((Value::external("slslint.register"), pending)))
    }

    fn mount(&mut self, loc: Loc, name: &str, arguments: Arguments<'p>, span: Span) -> Eval<'p, ()> {
        let prefix = ["prefix", "url_prefix"]
            .iter()
            .find_map(|name| arguments.named(name))
            .or_else(|| arguments.positional.iter().find(|value| value.as_shape().is_some()).cloned())
            .or_else(|| match arguments.positional.get(1) {
                Some(Value::Object(options)) => self.run.heap.get(*options).entry("prefix").cloned(),
                _ => None,
            })
            .and_then(|prefix| self.key_of(&prefix))
            .unwrap_or_default();
        for value in arguments.all().cloned().collect::<Vec<_>>() {
            if let Some(inner) = self.as_router(&value) {
                self.run.heap.change(inner).set("mounted", Value::bool(true));
                self.add_routes(loc, &["ANY".to_owned()], &prefix, vec![Value::Object(inner)], span);
            } else if value.is_callable() && name == "register" {
                // A plugin gets an application of its own, under its prefix.
                let framework = self.run.heap.get(loc).kind.clone();
                let mut inner = Object::new(framework);
                inner.set("mounted", Value::bool(true));
                let inner = Value::Object(self.new_object(inner));
                self.add_routes(loc, &["ANY".to_owned()], &prefix, vec![inner.clone()], span);
                let options = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                self.call(&value, Arguments::of(vec![inner, options, Value::external("slslint.next")]), None, span)?;
            } else if value.is_callable() {
                self.add_middleware(loc, value, span);
            }
        }
        Ok(())
    }

    pub(super) fn framework_decorator(&mut self, decorator: &Rc<Extern<'p>>, decorated: Value<'p>, span: Span) -> Eval<'p> {
        // `@create()` of a package whose own handler serves what is registered.
        let called = decorator.path.trim_end_matches("()");
        if let Some(("cfn_custom_resource", event @ ("create" | "update" | "delete"))) = called.rsplit_once('.') {
            let registry = self.events_registry();
            self.add_routes(registry, &["EVENT".to_owned()], event_type(event), vec![decorated.clone()], span);
        }
        Ok(decorated)
    }

    fn events_registry(&mut self) -> Loc {
        if let Some(registry) = self.run.registry {
            return registry;
        }
        let registry = self.new_object(Object::new(Kind::Library("custom-resource".into())));
        self.run.registry = Some(registry);
        registry
    }

    /// A member of a router that is read and not called.
    pub(super) fn library_member(&mut self, loc: Loc, path: &str, name: &str, span: Span) -> Value<'p> {
        match name {
            "current_event" | "event" if is_router(&self.run.heap.get(loc).kind) => event_root(),
            "lambda_context" => Value::shape(Shape::Symbol(Symbol::Context(Vec::new()))),
            // `@helper.create`
            "create" | "update" | "delete" | "poll_create" | "poll_update" | "poll_delete" if path == "custom-resource" => {
                let pending = Arguments::of(vec![Value::Object(loc), Value::text("EVENT"), Value::text(event_type(name))]);
                Value::Partial(Rc::new((Value::external("slslint.register"), pending)))
            }
            "app" | "handler" | "callback" | "api" | "express" | "instance" | "server" | "routes" | "wsgi_app" => Value::Object(loc),
            "not_found" | "exception_handler" => Value::external("slslint.decorator"),
            _ => {
                let _ = span;
                Value::unknown()
            }
        }
    }

    pub(super) fn mapper_call(&mut self, external: &Rc<Extern<'p>>, arguments: &Arguments<'p>, span: Span) -> Eval<'p, Option<Value<'p>>> {
        if let Some(mapper) = crate::aws::sdk::mapper_of(&external.path) {
            let table = arguments.all().find(|value| value.as_shape().is_some()).cloned().unwrap_or_else(Value::unknown);
            let entity = super::domain::Aws::Entity { mapper: mapper.into(), table, operation: None, input: Value::null() };
            return Ok(Some(Value::Aws(Rc::new(entity))));
        }
        match &*external.path {
            "cfn_custom_resource.lambda_handler" => {
                let registry = self.events_registry();
                self.serve_router(registry, arguments.first(), span).map(Some)
            }
            "slslint.register" => Ok(Some(self.register_function(arguments, span))),
            "slslint.decorator" => Ok(Some(arguments.first().unwrap_or_else(Value::unknown))),
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
        let event = |parts: &[&str]| Shape::Symbol(Symbol::Event(parts.iter().map(|part| (*part).to_owned()).collect()));
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
    Value::shape(Shape::Symbol(Symbol::Event(Vec::new())))
}

fn is_router(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Library(path) if matches!(
        &**path,
        "powertools" | "fastapi" | "flask" | "express" | "fastify" | "hono" | "koa" | "custom-resource" | "controllers"
    ))
}

fn verb(name: &str) -> Option<&'static str> {
    match name {
        "get" => Some("GET"),
        "post" => Some("POST"),
        "put" => Some("PUT"),
        "delete" | "del" => Some("DELETE"),
        "patch" => Some("PATCH"),
        "options" => Some("OPTIONS"),
        "head" => Some("HEAD"),
        "all" | "any" => Some("ANY"),
        _ => None,
    }
}

fn event_type(name: &str) -> &'static str {
    match name.trim_start_matches("poll_") {
        "update" => "Update",
        "delete" => "Delete",
        _ => "Create",
    }
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
