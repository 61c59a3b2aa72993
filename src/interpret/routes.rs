//! How routes come into a router: by decorators, by calls, by mounting.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Route, Value};
use super::engine::Engine;
use super::injection::OF_ALL;
use super::routers::{event_root, is_router, takes_errors};
use crate::aws::libraries;
use crate::aws::routers::{self, Method};
use crate::source::Span;
use crate::summary::{Names, Shape, Symbol};

/// The method of a route that takes an event of CloudFormation, and its path is the type of it.
const EVENT: &str = "EVENT";

impl<'p> Engine<'p> {
    /// Registers routes: `@app.get("/x")`, `app.get("/x", handler)`, `app.use(router)`.
    pub(super) fn library_method(
        &mut self,
        loc: Loc,
        path: &str,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let receiver = Value::Object(loc);
        match path {
            "request" | "response" => return self.exchange_method(loc, path, name, arguments, span),
            "container" => return self.container_method(loc, name, &arguments, span),
            "binding" => return Ok(self.binding_method(loc, name, &arguments)),
            // A router of middy is a handler, which others run around.
            "middy" if matches!(name, "use" | "before" | "after" | "onError") => {
                return self.function_method(&receiver, name, arguments, span);
            }
            "Promise()" => {
                let value = self.settle(receiver)?;
                return self.call_method(&value, name, arguments, span);
            }
            _ => {}
        }
        if let Some(verb) = routers::verb(name) {
            return self.register(loc, verb, arguments, span);
        }
        let Some(method) = routers::method(name) else { return Ok(receiver) };
        Ok(match method {
            // A server that starts while the module loads is served when it is called.
            Method::Serves if self.run.at_init || arguments.all().any(Value::is_callable) => receiver,
            Method::Serves => self.serve_router(loc, arguments.first())?,
            Method::Opens => self.route(loc, arguments, span)?,
            Method::Resolves => self.appsync_route(loc, name, &arguments, span),
            Method::Mounts => {
                self.mount(loc, name, arguments, span)?;
                receiver
            }
            Method::Adds => {
                self.add_given(loc, &arguments, span)?;
                Value::null()
            }
            Method::AddsClass => {
                if let (Some(Value::Object(class)), Some(path)) =
                    (arguments.first(), arguments.positional.get(1).and_then(|path| self.key_of(path)))
                {
                    self.add_class_routes(loc, class, &path, span)?;
                }
                Value::null()
            }
            Method::AnswersEvent => self.register(loc, EVENT, arguments, span)?,
            Method::Surrounds => match arguments.first().filter(Value::is_callable) {
                Some(function) => {
                    self.add_middleware(loc, "", function.clone(), span);
                    function
                }
                None => Value::external("slslint.decorator"),
            },
            Method::Hooks => {
                if let Some(function) = arguments.positional.get(1).filter(|value| value.is_callable()) {
                    self.add_middleware(loc, "", function.clone(), span);
                }
                receiver
            }
            Method::AnswersErrors => arguments
                .first()
                .filter(Value::is_callable)
                .unwrap_or_else(|| Value::external("slslint.decorator")),
            Method::Configures => {
                for function in arguments.positional.into_iter().filter(Value::is_callable) {
                    self.call(&function, Arguments::of(vec![receiver.clone()]), None, span)?;
                }
                receiver
            }
            Method::Nothing => Value::null(),
        })
    }

    /// A path with its handler, or with the class of its views.
    fn add_given(&mut self, loc: Loc, arguments: &Arguments<'p>, span: Span) -> Eval<'p, ()> {
        let handler = arguments.all().find(|value| value.is_callable()).cloned();
        let path = arguments.first().and_then(|path| self.key_of(&path)).unwrap_or_default();
        let methods = self.methods(arguments);
        match (handler, arguments.named("view_func")) {
            (Some(handler), _) => self.add_routes(loc, &methods, &path, vec![handler], span),
            (None, Some(Value::Object(class))) => self.add_class_routes(loc, class, &path, span)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn register(
        &mut self,
        loc: Loc,
        verb: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let path =
            arguments.get(0, "rule").or_else(|| arguments.named("path")).and_then(|path| self.key_of(&path));
        let handlers: Vec<Value<'p>> = self.handlers_of(&arguments);
        if verb == EVENT && !handlers.is_empty() {
            // `@helper.create` without parentheses.
            self.add_routes(loc, &[EVENT.to_owned()], "Create", handlers.clone(), span);
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

    pub(super) fn handlers_of(&mut self, arguments: &Arguments<'p>) -> Vec<Value<'p>> {
        let mut handlers = Vec::new();
        for value in &arguments.positional {
            match value {
                Value::Function(_) | Value::Method(_) | Value::Partial(_) => handlers.push(value.clone()),
                Value::Object(loc) => match self.run.heap.get(*loc).kind.clone() {
                    Kind::List => handlers.extend(
                        self.run
                            .heap
                            .get(*loc)
                            .items
                            .iter()
                            .filter(|item| item.is_callable())
                            .cloned()
                            .collect::<Vec<_>>(),
                    ),
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

    /// A class with a method per HTTP method.
    fn add_class_routes(&mut self, loc: Loc, class: Loc, path: &str, span: Span) -> Eval<'p, ()> {
        for method in routers::views() {
            if self.is_class(class) && self.run.heap.get(class).entry(method).is_some() {
                let instance = self.instantiate(class, Arguments::default(), span)?;
                let handler = self.member(&instance, method, span, false)?;
                self.add_routes(loc, &[method.to_uppercase()], path, vec![handler], span);
            }
        }
        Ok(())
    }

    pub(super) fn add_routes(
        &mut self,
        loc: Loc,
        methods: &[String],
        path: &str,
        handlers: Vec<Value<'p>>,
        span: Span,
    ) {
        for method in methods {
            let route = Route {
                method: method.as_str().into(),
                path: path.into(),
                handlers: handlers.clone(),
                span,
                middleware: false,
            };
            self.run.heap.change(loc).routes.push(route);
        }
    }

    fn add_middleware(&mut self, loc: Loc, prefix: &str, function: Value<'p>, span: Span) {
        if takes_errors(&function) {
            self.waits(&Arguments::of(vec![function.clone()]));
        }
        let below = prefix.trim_end_matches(['*', '/']);
        let route = Route {
            method: "ANY".into(),
            path: format!("{below}/*").trim_start_matches('/').into(),
            handlers: vec![function],
            span,
            middleware: true,
        };
        self.run.heap.change(loc).routes.push(route);
    }

    /// Takes the function of a decorator into a router.
    pub(super) fn register_function(&mut self, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        let [Value::Object(router), methods, path, function, ..] = arguments.positional.as_slice() else {
            return Value::unknown();
        };
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

    pub(super) fn methods(&mut self, arguments: &Arguments<'p>) -> Vec<String> {
        let given = ["methods", "method"]
            .iter()
            .find_map(|name| arguments.named(name))
            .or_else(|| arguments.positional.get(1).cloned());
        let methods = match given {
            Some(Value::Object(loc)) => {
                self.run.heap.get(loc).items.iter().filter_map(|item| self.key_of(item)).collect()
            }
            Some(other) => self.key_of(&other).into_iter().collect(),
            None => Vec::new(),
        };
        let methods: Vec<String> = methods.into_iter().map(|method: String| method.to_uppercase()).collect();
        if methods.is_empty() { vec!["ANY".to_owned()] } else { methods }
    }

    pub(super) fn route(&mut self, loc: Loc, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        // `fastify.route({method, url, handler})`
        if let Some(Value::Object(route)) = arguments.first() {
            self.add_object(loc, route, span);
            return Ok(Value::Object(loc));
        }
        let path = arguments.get(0, "rule").and_then(|path| self.key_of(&path)).unwrap_or_default();
        // `app.route("/x", subApplication)` mounts; `app.route("/x").get(f)` opens a path.
        if let Some(inner) = arguments.positional.get(1).and_then(|value| self.as_router(value)) {
            self.add_routes(loc, &["ANY".to_owned()], &path, vec![Value::Object(inner)], span);
            self.run.heap.change(inner).set("mounted", Value::bool(true));
            return Ok(Value::Object(loc));
        }
        let is_opened = |path: &str| routers::framework(path).is_some_and(|framework| framework.ordered);
        if matches!(&self.run.heap.get(loc).kind, Kind::Library(path) if is_opened(path)) {
            let mut inner = Object::new(Kind::Library("express".into()));
            inner.set("mounted", Value::bool(true));
            let inner = Value::Object(self.new_object(inner));
            self.add_routes(loc, &["ANY".to_owned()], &path, vec![inner.clone()], span);
            return Ok(inner);
        }
        let methods = self.methods(&arguments);
        let pending =
            Arguments::of(vec![Value::Object(loc), Value::text(&methods.join(" ")), Value::text(&path)]);
        Ok(Value::Partial(Rc::new((Value::external("slslint.register"), pending))))
    }

    pub(super) fn appsync_route(
        &mut self,
        loc: Loc,
        name: &str,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        let text = |engine: &Self, value: Option<Value<'p>>| value.and_then(|value| engine.key_of(&value));
        let (of_type, field) = match name {
            "onQuery" | "onMutation" => {
                (name.trim_start_matches("on").to_owned(), text(self, arguments.first()))
            }
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

    pub(super) fn mount(
        &mut self,
        loc: Loc,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let prefix = routers::prefixes()
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
                self.call(
                    &value,
                    Arguments::of(vec![inner, options, Value::external("slslint.next")]),
                    None,
                    span,
                )?;
            } else if value.is_callable() {
                self.add_middleware(loc, &prefix, value, span);
            }
        }
        Ok(())
    }

    pub(super) fn framework_decorator(
        &mut self,
        decorator: &Rc<Extern<'p>>,
        decorated: Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        self.method_decorator(decorator, &decorated);
        if decorated.is_callable() && !libraries::is_pure(&decorator.path) {
            self.waits(&Arguments::of(vec![decorated.clone()]));
        }
        // `@create()` of a package whose own handler serves what is registered.
        let called = decorator.path.trim_end_matches("()");
        if let Some(("cfn_custom_resource", decorator)) = called.rsplit_once('.')
            && let Some(event) = routers::event_type(decorator)
        {
            let registry = self.events_registry();
            self.add_routes(registry, &[EVENT.to_owned()], event, vec![decorated.clone()], span);
        }
        Ok(decorated)
    }

    pub(super) fn events_registry(&mut self) -> Loc {
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
            _ if path == OF_ALL => self.of_all(name, span),
            "cradle" if path == "container" => {
                Value::Object(self.new_object(Object::new(Kind::Library(OF_ALL.into()))))
            }
            _ if routers::is_event(name) && is_router(&self.run.heap.get(loc).kind) => event_root(),
            "lambda_context" => Value::shape(Shape::Symbol(Symbol::Context(Names::default()))),
            "not_found" | "exception_handler" => Value::external("slslint.decorator"),
            _ if routers::is_itself(name) => Value::Object(loc),
            _ => match routers::event_type(name).filter(|_| path == "custom-resource") {
                // `@helper.create`
                Some(event) => {
                    let pending =
                        Arguments::of(vec![Value::Object(loc), Value::text(EVENT), Value::text(event)]);
                    Value::Partial(Rc::new((Value::external("slslint.register"), pending)))
                }
                None => Value::unknown(),
            },
        }
    }
}
