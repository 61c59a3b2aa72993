//! Containers that make instances by key, and controllers whose routes are decorators.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Value};
use super::engine::Engine;
use crate::aws::libraries::{Does, Known};
use crate::aws::routers;
use crate::source::Span;
use crate::summary::{Shape, Symbol};

/// An object with all values of a container, which are made when they are asked for.
pub(super) const OF_ALL: &str = "all of a container";

/// How a container makes the value of a key.
#[derive(Clone, Debug)]
pub(super) struct Binding<'p> {
    key: Value<'p>,
    made_by: Maker,
    with: Value<'p>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker {
    Class,
    Value,
    /// A function that gives the value.
    Call,
    /// A class or function that takes an object with all values.
    OfAll,
}

/// What is known of controllers until a server is made of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Controllers<'p> {
    classes: Vec<(Loc, String)>,
    /// Methods with their route, by the place of the function.
    methods: Vec<(Span, String, String)>,
    pub bindings: Vec<Binding<'p>>,
    /// The instance whose method is run.
    serving: Option<Value<'p>>,
}

impl Controllers<'_> {
    pub(super) fn counts(&self) -> [usize; 3] {
        [self.classes.len(), self.methods.len(), self.bindings.len()]
    }
}

impl<'p> Engine<'p> {
    pub(super) fn injection(
        &mut self,
        known: Known,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        Ok(match known.does {
            Does::Container => Value::Object(self.new_object(Object::new(Kind::Library("container".into())))),
            Does::Inject => match arguments.first() {
                Some(key) => self.resolved(&key, span)?,
                None => Value::unknown(),
            },
            Does::Bind => {
                self.registered(&arguments);
                Value::null()
            }
            Does::EventPart => self.event_part(known.with, &arguments, span),
            Does::Server => {
                let mut router = None;
                for value in arguments.all() {
                    let inner = match value {
                        Value::Extern(adapter) => {
                            adapter.arguments.all().find_map(|value| self.as_router(value))
                        }
                        value => self.as_router(value),
                    };
                    router = router.or(inner);
                }
                let router = match router {
                    Some(router) => router,
                    None => self.new_object(Object::new(Kind::Library("express".into()))),
                };
                self.add_controllers(router);
                Value::Object(router)
            }
            _ => self.result_of(external, arguments, span),
        })
    }

    fn event_part(&mut self, with: &str, arguments: &Arguments<'p>, span: Span) -> Value<'p> {
        if with == "response" || with == "request" {
            return Value::Object(self.new_object(Object::new(Kind::Library(with.into()))));
        }
        let key = arguments.first().filter(|_| with != "body").and_then(|key| self.key_of(&key));
        let path = [with.to_owned()].into_iter().chain(key).collect();
        let part = Shape::Symbol(Symbol::Event(path));
        self.event_read(&part, false, span);
        let part = if with == "body" { super::shape::parsed(part) } else { part };
        match arguments.first().and_then(|key| self.key_of(&key)) {
            Some(key) if with == "body" => Value::shape(super::shape::part(&part, &key)),
            _ => Value::shape(part),
        }
    }

    pub(super) fn container_method(
        &mut self,
        loc: Loc,
        name: &str,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let key = arguments.first();
        match (name, key) {
            // `container.register({ name: asClass(Class) })`
            ("register", Some(Value::Object(options)))
                if matches!(self.run.heap.get(options).kind, Kind::Dictionary) =>
            {
                for (name, with) in self.run.heap.get(options).entries.clone() {
                    self.register_by_name(&name, with);
                }
                Ok(Value::Object(loc))
            }
            ("register", Some(key)) if self.key_of(&key).is_some() && arguments.positional.len() == 2 => {
                let name = self.key_of(&key).unwrap_or_default();
                self.register_by_name(&name, arguments.positional[1].clone());
                Ok(Value::Object(loc))
            }
            ("bind" | "rebind" | "register" | "registerSingleton", Some(key)) => {
                let mut binding = Object::new(Kind::Library("binding".into()));
                binding.set("key", key.clone());
                if let Some(with) = arguments.positional.get(1) {
                    self.bind_key(key, "to", with.clone());
                }
                Ok(Value::Object(self.new_object(binding)))
            }
            ("isBound", Some(key)) => Ok(Value::bool(self.binding(&key).is_some())),
            ("get" | "resolve" | "getAsync" | "getNamed" | "getTagged", Some(key)) => {
                self.resolved(&key, span)
            }
            ("load", _) => {
                let of = |engine: &Self, name: &str| engine.bound(Value::external(name), Value::Object(loc));
                let bind = of(self, "slslint.bind");
                // `(bind, unbind, isBound, rebind) => ...`
                let given = vec![bind.clone(), Value::null(), of(self, "slslint.is_bound"), bind];
                for module in arguments.all().filter_map(|module| match module {
                    Value::Extern(module) => module.arguments.first(),
                    _ => None,
                }) {
                    self.call(&module, Arguments::of(given.clone()), None, span)?;
                }
                Ok(Value::null())
            }
            _ => Ok(Value::Object(loc)),
        }
    }

    /// `container.register(Key, { useClass: Class })`, `Container.set(key, value)`.
    fn registered(&mut self, arguments: &Arguments<'p>) {
        let (Some(key), Some(with)) = (arguments.first(), arguments.positional.get(1).cloned()) else {
            return;
        };
        let provider = match &with {
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc);
                let ways =
                    [("useClass", "to"), ("useValue", "toConstantValue"), ("useFactory", "toDynamicValue")];
                ways.into_iter().find_map(|(name, method)| Some((method, object.entry(name)?.clone())))
            }
            _ => None,
        };
        let (method, with) = provider.unwrap_or(("to", with));
        self.bind_key(key, method, with);
    }

    /// `asClass(Class)`, `asFunction(make)`, `asValue(value)`
    fn register_by_name(&mut self, name: &str, with: Value<'p>) {
        let (made_by, with) = match &with {
            Value::Extern(external) => {
                let how = external.path.split("()").next().unwrap_or_default();
                let Some(given) = external.arguments.first() else { return };
                (if how.ends_with("asValue") { Maker::Value } else { Maker::OfAll }, given)
            }
            _ => (Maker::Value, with),
        };
        if made_by == Maker::Value {
            self.keep(&with);
        }
        self.run.controllers.bindings.push(Binding { key: Value::text(name), made_by, with });
    }

    /// What is registered under a name of a container's object of all values.
    pub(super) fn of_all(&mut self, name: &str, span: Span) -> Value<'p> {
        self.resolved(&Value::text(name), span).unwrap_or_else(|_| Value::unknown())
    }

    pub(super) fn binding_method(&mut self, loc: Loc, name: &str, arguments: &Arguments<'p>) -> Value<'p> {
        if let Some(key) = self.run.heap.get(loc).entry("key").cloned() {
            let with = if name == "toSelf" { Some(key.clone()) } else { arguments.first() };
            if let Some(with) = with {
                self.bind_key(key, name, with);
            }
        }
        Value::Object(loc)
    }

    fn bind_key(&mut self, key: Value<'p>, method: &str, with: Value<'p>) {
        let made_by = match method {
            "to" | "toSelf" if matches!(&with, Value::Object(loc) if self.is_class(*loc)) => Maker::Class,
            "to" | "toConstantValue" | "toFunction" => Maker::Value,
            "toDynamicValue" | "toFactory" | "toProvider" => Maker::Call,
            _ => return,
        };
        if made_by == Maker::Value {
            // A container outlives the invocation, and with it what it holds.
            self.keep(&with);
        }
        self.run.controllers.bindings.push(Binding { key, made_by, with });
    }

    fn binding(&self, key: &Value<'p>) -> Option<usize> {
        let wanted = self.shape_of(key);
        self.run.controllers.bindings.iter().rposition(|binding| match (&binding.key, key) {
            (Value::Object(left), Value::Object(right)) => left == right,
            (Value::Object(_), _) | (_, Value::Object(_)) => false,
            (other, _) => wanted != Shape::Unknown && self.shape_of(other) == wanted,
        })
    }

    fn resolved(&mut self, key: &Value<'p>, span: Span) -> Eval<'p> {
        let Some(index) = self.binding(key) else {
            return match key {
                Value::Object(class) if self.is_class(*class) => self.made_once(*class, span),
                _ => Ok(Value::unknown()),
            };
        };
        let Binding { made_by, with, .. } = self.run.controllers.bindings[index].clone();
        let value = match (made_by, &with) {
            (Maker::Class, Value::Object(class)) => self.made_once(*class, span)?,
            (Maker::OfAll, maker) => {
                let all = self.new_object(Object::new(Kind::Library(OF_ALL.into())));
                let given = Arguments::of(vec![Value::Object(all)]);
                match maker {
                    Value::Object(class) if self.is_class(*class) => self.made_with(*class, given, span)?,
                    maker => self.call(maker, given, None, span)?,
                }
            }
            // `context => context.container.get(Key)`
            (Maker::Call, function) => {
                let mut context = Object::new(Kind::Dictionary);
                let container = Object::new(Kind::Library("container".into()));
                context.set("container", Value::Object(self.new_object(container)));
                let context = Value::Object(self.new_object(context));
                self.call(function, Arguments::of(vec![context]), None, span)?
            }
            _ => return Ok(with),
        };
        if value.as_shape() != Some(&Shape::Unknown)
            && let Some(binding) = self.run.controllers.bindings.get_mut(index)
        {
            binding.made_by = Maker::Value;
            binding.with = value.clone();
        }
        Ok(value)
    }

    fn made_once(&mut self, class: Loc, span: Span) -> Eval<'p> {
        self.made_with(class, Arguments::default(), span)
    }

    fn made_with(&mut self, class: Loc, given: Arguments<'p>, span: Span) -> Eval<'p> {
        if self.run.making.contains(&class) || self.run.making.len() > 16 {
            return Ok(Value::unknown());
        }
        self.run.making.push(class);
        let made = self.instantiate(class, given, span);
        self.run.making.pop();
        made
    }

    /// A class decorator that makes a class a controller.
    pub(super) fn class_decorator(&mut self, decorator: &Extern<'p>, class: Loc) {
        let name = decorator.path.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
        if routers::is_controller(name) {
            let prefix =
                decorator.arguments.first().and_then(|prefix| self.key_of(&prefix)).unwrap_or_default();
            self.run.controllers.classes.push((class, prefix));
        }
        // `@Module({ providers: [{ provide: Key, useFactory: ... }] })`
        let providers = match decorator.arguments.first() {
            Some(Value::Object(options)) if name == "Module" => {
                self.run.heap.get(options).entry("providers").cloned()
            }
            _ => None,
        };
        if let Some(Value::Object(list)) = providers {
            for provider in self.run.heap.get(list).items.clone() {
                let key = match &provider {
                    Value::Object(loc) => self.run.heap.get(*loc).entry("provide").cloned(),
                    _ => None,
                };
                if let Some(key) = key {
                    self.registered(&Arguments::of(vec![key, provider]));
                }
            }
        }
    }

    /// A method decorator that gives a method a route.
    pub(super) fn method_decorator(&mut self, decorator: &Extern<'p>, decorated: &Value<'p>) {
        let Value::Function(closure) = decorated else { return };
        let name = decorator.path.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
        let Some(method) = routers::controller_method(name) else { return };
        let path = decorator.arguments.first().and_then(|path| self.key_of(&path)).unwrap_or_default();
        self.run.controllers.methods.push((closure.function.span, method.to_owned(), path));
    }

    fn add_controllers(&mut self, router: Loc) {
        for (class, prefix) in self.run.controllers.classes.clone() {
            for (_, function) in self.run.heap.get(class).entries.clone() {
                let Value::Function(closure) = &function else { continue };
                let marks: Vec<(String, String)> = self
                    .run
                    .controllers
                    .methods
                    .iter()
                    .filter(|(span, _, _)| *span == closure.function.span)
                    .map(|(_, method, path)| (method.clone(), path.clone()))
                    .collect();
                let span = closure.function.name.as_ref().map_or(closure.function.span, |(_, span)| *span);
                for (method, path) in marks {
                    let given = Arguments::of(vec![Value::Object(class), function.clone()]);
                    let handler = Value::Partial(Rc::new((Value::external("slslint.controller"), given)));
                    self.add_routes(router, &[method], &format!("{prefix}/{path}"), vec![handler], span);
                }
            }
        }
    }

    /// Runs a controller's method on a new instance; its parameters say where they come from.
    pub(super) fn run_controller(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let [Value::Object(class), function, ..] = arguments.positional.as_slice() else {
            return Ok(Value::unknown());
        };
        // What makes the instance is run once for all paths through the method.
        let (mut standing, first) = self.stand();
        if first == 0 {
            self.run.controllers.serving = Some(self.made_once(*class, span)?);
        }
        self.stand_before(&mut standing, 1, span);
        let instance = self.run.controllers.serving.clone().unwrap_or_else(Value::unknown);
        let answer = self.call_on(function, instance, Arguments::default(), span);
        self.stand_after(&mut standing, 1, span);
        answer
    }
}
