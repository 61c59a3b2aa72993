//! Calls: arguments, functions, methods.

use std::rc::Rc;

use super::domain::{Arguments, Closure, Eval, Frame, FrameId, Kind, Object, Stop, Value};
use super::engine::{Call, Engine, Guard, Takes};
use super::shape;
use super::statements::{Flow, Items};
use super::variables::Variables;
use crate::ir::{Argument, ArgumentKind, Expression, ExpressionKind, Parameter, ParameterKind, PatternKind};
use crate::source::Span;
use crate::summary::{Shape, Symbol};

/// Calls nested deeper than this are not followed.
const DEEPEST_CALL: usize = 60;
/// How often a function may run inside itself.
const MOST_REENTRIES: usize = 2;

impl<'p> Engine<'p> {
    pub(super) fn eval_call(
        &mut self,
        frame: FrameId,
        callee: &'p Expression,
        arguments: &'p [Argument],
        new: bool,
        span: Span,
    ) -> Eval<'p> {
        self.reached.call(span);
        match &callee.kind {
            ExpressionKind::Super => {
                let view = self.super_view(frame);
                let constructor = self.member(&view, "constructor", callee.span, false)?;
                let arguments = self.arguments(frame, arguments)?;
                self.call(&constructor, arguments, None, span)
            }
            ExpressionKind::Member { object, name, .. } if !new => {
                if let Some(kind) = continuation(name, arguments) {
                    return self.continued(frame, object, kind, arguments, span);
                }
                if let ExpressionKind::Import(_) = object.kind {
                    let function = self.eval(frame, callee)?;
                    let arguments = self.arguments(frame, arguments)?;
                    return self.call(&function, arguments, None, span);
                }
                let receiver = self.eval(frame, object)?;
                let receiver = self.settle(receiver)?;
                let arguments = self.arguments(frame, arguments)?;
                if receiver.is_null() && matches!(callee.kind, ExpressionKind::Member { optional: true, .. })
                {
                    return Ok(receiver);
                }
                self.call_method(&receiver, name, arguments, span)
            }
            ExpressionKind::Index { object, key, .. } if !new => {
                let receiver = self.eval(frame, object)?;
                let key = self.eval(frame, key)?;
                let arguments = self.arguments(frame, arguments)?;
                if let Some(name) = self.key_of(&key) {
                    // `(0, f)(...)` is a call of an item, `object["name"](...)` one of a method.
                    if name.parse::<usize>().is_err() {
                        return self.call_method(&receiver, &name, arguments, span);
                    }
                }
                let function = self.index(&receiver, &key, callee.span, self.language(frame))?;
                self.call(&function, arguments, Some(receiver), span)
            }
            _ => {
                let function = self.eval(frame, callee)?;
                let function = self.settle(function)?;
                let arguments = self.arguments(frame, arguments)?;
                if new {
                    self.construct(&function, arguments, span)
                } else {
                    self.call(&function, arguments, None, span)
                }
            }
        }
    }

    fn construct(&mut self, class: &Value<'p>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let Value::Function(function) = class else { return self.call(class, arguments, None, span) };
        let instance = Value::Object(self.new_object(Object::new(Kind::Dictionary)));
        let function = Rc::clone(function);
        let made = self.call_function(&function, arguments, Some(instance.clone()), None, span)?;
        Ok(if made.is_null() { instance } else { made })
    }

    fn arguments(&mut self, frame: FrameId, arguments: &'p [Argument]) -> Eval<'p, Arguments<'p>> {
        let mut all = Arguments::default();
        for argument in arguments {
            let value = self.eval(frame, &argument.value)?;
            match &argument.kind {
                ArgumentKind::Positional => all.positional.push(value),
                ArgumentKind::Named(name) => all.named.push((Rc::from(name.as_str()), value)),
                ArgumentKind::Spread => {
                    let Items { known, more } = self.all_items(&value, argument.value.span);
                    all.positional.extend(known);
                    if more.is_some() {
                        all.rest = Some(Value::shape(self.shape_of(&value)));
                    }
                }
                ArgumentKind::SpreadNamed => {
                    match &value {
                        Value::Object(loc) => {
                            let object = self.run.heap.get(*loc).clone();
                            all.named.extend(object.entries.into_iter().filter(|(name, _)| &**name != "*"));
                            if let Some(copied) = object.copied {
                                all.rest_named = Some(Value::Shape(copied));
                            } else if object.open {
                                all.rest_named = Some(Value::unknown());
                            }
                        }
                        Value::Shape(shape) => match &**shape {
                            Shape::Object { entries, open: false } => {
                                all.named.extend(entries.iter().map(|(name, value)| {
                                    (Rc::from(name.as_str()), Value::shape(value.clone()))
                                }));
                            }
                            _ => all.rest_named = Some(value),
                        },
                        _ => all.rest_named = Some(Value::unknown()),
                    }
                }
            }
        }
        Ok(all)
    }

    /// `.catch(f)`, `.finally(f)`, `.then(f, g)`: the promise at hand may fail.
    fn continued(
        &mut self,
        frame: FrameId,
        object: &'p Expression,
        kind: Continuation,
        arguments: &'p [Argument],
        span: Span,
    ) -> Eval<'p> {
        let depth = self.run.guards.len();
        if kind != Continuation::Finally {
            self.run.guards.push(Guard { clauses: vec![Takes::All], offered: vec![false] });
        }
        let marks = (self.run.loops.len(), self.run.stack.len(), self.run.yields.len());
        let result = self.eval(frame, object).and_then(|value| self.settle(value));
        self.run.guards.truncate(depth);
        let result = match result {
            Err(Stop::Raise(raised)) => {
                self.run.loops.truncate(marks.0);
                self.run.stack.truncate(marks.1);
                self.run.yields.truncate(marks.2);
                let ours = kind != Continuation::Finally && raised.clause.is_none_or(|(at, _)| at == depth);
                if ours { Err(Value::Rejected(raised.into())) } else { return Err(Stop::Raise(raised)) }
            }
            Err(stop) => return Err(stop),
            Ok(value) => Ok(value),
        };
        let functions = self.arguments(frame, arguments)?;
        match (kind, result) {
            (Continuation::Finally, Ok(value)) => {
                if let Some(function) = functions.first() {
                    self.call(&function, Arguments::default(), None, span)?;
                }
                Ok(value)
            }
            (Continuation::Catch, Ok(value)) => Ok(value),
            (Continuation::Then, Ok(value)) => match functions.first() {
                Some(function) if !function.is_null() => {
                    self.call(&function, Arguments::of(vec![value]), None, span)
                }
                _ => Ok(value),
            },
            (_, Err(failed)) => {
                let Value::Rejected(raised) = failed else { return Ok(failed) };
                let index = usize::from(kind == Continuation::Then);
                match functions.positional.get(index) {
                    Some(function) => {
                        let function = function.clone();
                        self.run.errors.push((*raised).clone());
                        let value =
                            self.call(&function, Arguments::of(vec![raised.value.clone()]), None, span);
                        self.run.errors.pop();
                        value
                    }
                    None => Ok(Value::null()),
                }
            }
        }
    }

    /// Calls a function with a receiver, which a method of the one kind gets as `this`, of the other
    /// as first argument.
    pub(super) fn call_on(
        &mut self,
        function: &Value<'p>,
        receiver: Value<'p>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let method = self.bound(function.clone(), receiver);
        self.call(&method, arguments, None, span)
    }

    pub(super) fn call(
        &mut self,
        callee: &Value<'p>,
        arguments: Arguments<'p>,
        this: Option<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        self.step()?;
        match callee {
            Value::Function(closure) => {
                let closure = Rc::clone(closure);
                self.call_function(&closure, arguments, this, None, span)
            }
            Value::Method(method) => match &method.function {
                Value::Function(closure) if closure.function.own_this => {
                    let closure = Rc::clone(closure);
                    let receiver = method.receiver.clone();
                    self.call_function(&closure, arguments, Some(receiver.clone()), Some(receiver), span)
                }
                Value::Function(closure) => {
                    let closure = Rc::clone(closure);
                    let receiver = method.receiver.clone();
                    let mut arguments = arguments;
                    arguments.positional.insert(0, receiver.clone());
                    self.call_function(&closure, arguments, None, Some(receiver), span)
                }
                // `getattr(client, "publish")(...)`
                Value::Extern(name) if matches!(method.receiver, Value::Aws(_)) => {
                    let (receiver, name) = (method.receiver.clone(), Rc::clone(&name.path));
                    self.call_method(&receiver, &name, arguments, span)
                }
                function => {
                    let mut arguments = arguments;
                    arguments.positional.insert(0, method.receiver.clone());
                    let function = function.clone();
                    self.call(&function, arguments, None, span)
                }
            },
            Value::Partial(partial) => {
                let (function, before) = (partial.0.clone(), partial.1.clone());
                let mut all = before;
                all.positional.extend(arguments.positional);
                all.named.extend(arguments.named);
                all.rest = arguments.rest.or(all.rest);
                all.rest_named = arguments.rest_named.or(all.rest_named);
                self.call(&function, all, this, span)
            }
            Value::Object(loc) => self.call_object(*loc, arguments, span),
            Value::Extern(external) => {
                let external = Rc::clone(external);
                self.call_external(&external, arguments, span)
            }
            Value::Aws(aws) => {
                let aws = Rc::clone(aws);
                self.call_aws(&aws, arguments, span)
            }
            Value::Settle { promise, fails } => {
                let (promise, fails) = (*promise, *fails);
                self.settle_promise(promise, fails, &arguments, span)
            }
            Value::Rejected(raised) => Err(Stop::Raise(Box::new((**raised).clone()))),
            Value::Module(_) => Ok(Value::unknown()),
            Value::Shape(shape) => {
                self.callbacks(&arguments, span)?;
                // A call of nothing is an error in the program, or a branch that is not taken.
                if **shape == Shape::Null {
                    return Ok(Value::unknown());
                }
                if let Shape::Symbol(Symbol::Event(_) | Symbol::Context(_) | Symbol::Result(..))
                | Shape::Part { .. }
                | Shape::Item { .. } = &**shape
                {
                    let from = arguments.all().map(|value| self.shape_of(value)).collect();
                    return Ok(Value::shape(shape::computed("call", from, span)));
                }
                Ok(self.unknown(span, "a call of a value that is not known", true))
            }
        }
    }

    fn call_object(&mut self, loc: super::domain::Loc, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        if self.is_class(loc) {
            return self.instantiate(loc, arguments, span);
        }
        if let Some(function) = self.call_method_of(loc) {
            return self.call_on(&function, Value::Object(loc), arguments, span);
        }
        let object = self.run.heap.get(loc);
        if let Kind::Library(path) = &object.kind {
            let path = Rc::clone(path);
            return self.call_library(loc, &path, arguments, span);
        }
        let whole = object.entry("module.exports").or_else(|| object.entry("default")).cloned();
        match whole {
            Some(function) => self.call(&function, arguments, None, span),
            None => Ok(self.unknown(span, "a call of an object", true)),
        }
    }

    pub(super) fn call_function(
        &mut self,
        closure: &Rc<Closure<'p>>,
        arguments: Arguments<'p>,
        this: Option<Value<'p>>,
        receiver: Option<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        let function = closure.function;
        if self.run.stack.len() >= DEEPEST_CALL {
            return Ok(self.unknown(span, "calls nested too deeply", true));
        }
        if self.run.stack.iter().filter(|call| call.function == function.span).count() >= MOST_REENTRIES {
            return Ok(Value::unknown());
        }
        if let Some(answer) = self.skim_into(function.span) {
            return Ok(answer);
        }
        let began = self.run.steps;
        let parent = self.run.heap.frame(closure.frame);
        let source = parent.source;
        let frame = self.run.heap.add_frame(Frame {
            parent: Some(closure.frame),
            variables: Variables::named(&function.locals),
            stars: None,
            this: if function.own_this { Some(this.unwrap_or_else(Value::null)) } else { None },
            home: closure.home,
            receiver,
            source,
            at_init: self.run.at_init,
        });
        self.reached.function(function);
        self.run.stack.push(Call { span, function: function.span, built: self.run.built.len() });
        self.run.cached += u32::from(closure.cached);
        let list = function.is_generator.then(|| self.new_object(Object::new(Kind::List)));
        self.run.yields.extend(list);
        let depth = self.run.stack.len();
        let result = self
            .parameters(frame, &function.parameters, arguments, span)
            .and_then(|()| self.block(frame, &function.body));
        let result = self.skim_out(function.span, began, result);
        if list.is_some() {
            self.run.yields.pop();
        }
        self.run.stack.truncate(depth - 1);
        self.run.cached -= u32::from(closure.cached).min(self.run.cached);
        match result {
            Ok(flow) => match (list, flow) {
                (Some(list), _) if closure.context_manager => Ok(self.nth(&Value::Object(list), 0, span)),
                (Some(list), _) => Ok(Value::Object(list)),
                (None, Flow::Return(value)) => Ok(value),
                (None, _) => Ok(Value::null()),
            },
            Err(Stop::Raise(raised)) if function.is_async => Ok(Value::Rejected((raised).into())),
            Err(stop) => Err(stop),
        }
    }

    fn parameters(
        &mut self,
        frame: FrameId,
        parameters: &'p [Parameter],
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let Arguments { positional, mut named, rest, rest_named } = arguments;
        let mut positional = positional.into_iter();
        for parameter in parameters {
            let value = match parameter.kind {
                ParameterKind::Rest => {
                    let mut list = Object::new(Kind::List);
                    list.items = positional.by_ref().collect();
                    if let Some(rest) = &rest {
                        let of = self.shape_of(rest);
                        let item = Value::shape(shape::item(&of));
                        list.each = Some((Rc::new(of), item));
                    }
                    Value::Object(self.new_object(list))
                }
                ParameterKind::RestNamed => {
                    let mut dictionary = Object::new(Kind::Dictionary);
                    dictionary.entries = std::mem::take(&mut named);
                    match &rest_named {
                        Some(Value::Shape(shape)) if **shape != Shape::Unknown => {
                            dictionary.copied = Some(Rc::clone(shape))
                        }
                        Some(_) => dictionary.open = true,
                        None => {}
                    }
                    Value::Object(self.new_object(dictionary))
                }
                ParameterKind::Plain | ParameterKind::NamedOnly => {
                    let name = match &parameter.pattern.kind {
                        PatternKind::Name(name) => Some(name.as_str()),
                        _ => None,
                    };
                    let by_position =
                        if parameter.kind == ParameterKind::Plain { positional.next() } else { None };
                    let given = by_position
                        .or_else(|| {
                            let at = named.iter().position(|(given, _)| Some(&**given) == name)?;
                            Some(named.remove(at).1)
                        })
                        .or_else(|| match (&rest, parameter.kind) {
                            (Some(rest), ParameterKind::Plain) if parameter.default.is_none() => {
                                Some(Value::shape(shape::item(&self.seen(rest))))
                            }
                            _ => None,
                        })
                        .or_else(|| match (&rest_named, name) {
                            (Some(Value::Shape(rest)), Some(name)) => {
                                Some(Value::shape(shape::part(rest, name)))
                            }
                            _ => None,
                        });
                    self.parameter(frame, parameter, given, span)?
                }
            };
            self.bind(frame, &parameter.pattern, value)?;
        }
        Ok(())
    }

    /// The value of a parameter: what was given, its default, or what its type says.
    fn parameter(
        &mut self,
        frame: FrameId,
        parameter: &'p Parameter,
        given: Option<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        let value = match (given, &parameter.default) {
            (Some(value), Some(default)) => self.with_default(frame, value, default)?,
            (Some(value), None) => value,
            (None, Some(default)) => self.eval(frame, default)?,
            (None, None) => Value::null(),
        };
        let is_lost = matches!(value.as_shape(), Some(Shape::Null | Shape::Unknown | Shape::Computed { .. }));
        if is_lost
            && let Some(annotation) = &parameter.annotation
            && let Some(made) = self.made_from_type(frame, annotation, span)?
        {
            return Ok(made);
        }
        Ok(value)
    }

    pub(super) fn call_method(
        &mut self,
        receiver: &Value<'p>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        match receiver {
            Value::Object(loc) => {
                let kind = self.run.heap.get(*loc).kind.clone();
                if let Kind::Library(path) = &kind
                    && &**path != "super"
                {
                    return self.library_method(*loc, path, name, arguments, span);
                }
                if matches!(kind, Kind::List | Kind::Dictionary)
                    && self.run.heap.get(*loc).entry(name).is_none()
                {
                    return self.collection_method(*loc, name, arguments, span);
                }
                let name = if name == "__init__" { "constructor" } else { name };
                let function = self.member(receiver, name, span, false)?;
                match &function {
                    Value::Shape(shape)
                        if matches!(**shape, Shape::Null | Shape::Unknown)
                            || matches!(kind, Kind::Dictionary | Kind::List) =>
                    {
                        self.collection_method(*loc, name, arguments, span)
                    }
                    _ => {
                        let this = (!matches!(kind, Kind::Class(_))
                            || matches!(function, Value::Function(_)))
                        .then(|| receiver.clone());
                        self.call(&function, arguments, this, span)
                    }
                }
            }
            Value::Shape(shape) => {
                let shape = Rc::clone(shape);
                self.data_method(&shape, name, arguments, span)
            }
            Value::Extern(external) => {
                let external = Rc::clone(external);
                self.external_method(&external, name, arguments, span)
            }
            Value::Aws(aws) => {
                let aws = Rc::clone(aws);
                self.aws_method(&aws, receiver, name, arguments, span)
            }
            Value::Function(_) | Value::Method(_) | Value::Partial(_) | Value::Settle { .. } => {
                self.function_method(receiver, name, arguments, span)
            }
            Value::Module(_) => {
                let function = self.member(receiver, name, span, false)?;
                self.call(&function, arguments, None, span)
            }
            Value::Rejected(_) => {
                let receiver = self.settle(receiver.clone())?;
                self.call_method(&receiver, name, arguments, span)
            }
        }
    }

    /// Runs functions that were given to code which is not followed: it may call them any number of times.
    pub(super) fn callbacks(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p, ()> {
        let mut functions = Vec::new();
        for value in arguments.all() {
            match value {
                // `options={"clean": function}`
                Value::Object(loc) if !self.run.at_init => {
                    let object = self.run.heap.get(*loc);
                    if matches!(object.kind, Kind::List | Kind::Dictionary) {
                        let parts = object.entries.iter().map(|(_, value)| value).chain(&object.items);
                        functions.extend(parts.filter(|value| value.is_callable()).cloned());
                    }
                }
                value if value.is_callable() => functions.push(value.clone()),
                _ => {}
            }
        }
        self.run_any_times(functions, span)
    }

    /// Runs the methods of instances that a package is given and whose class comes from a package: they are
    /// made to be called by it.
    pub(super) fn methods_called_back(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p, ()> {
        for value in arguments.all() {
            let Value::Object(loc) = value else { continue };
            let Kind::Instance(class) = self.run.heap.get(*loc).kind else { continue };
            if self.external_base(class).is_none_or(|base| super::library::is_error(&base)) {
                continue;
            }
            let methods = self.public_methods(class, *loc, span)?;
            self.run_any_times(methods, span)?;
        }
        Ok(())
    }

    fn run_any_times(&mut self, functions: Vec<Value<'p>>, span: Span) -> Eval<'p, ()> {
        for function in functions {
            self.enter_loop(None);
            let unknown = Arguments::of(vec![Value::unknown(); 4]);
            let result = self.call(&function, unknown, None, span);
            self.leave_loop();
            if let Err(Stop::Exhausted) = result {
                return Err(Stop::Exhausted);
            }
        }
        Ok(())
    }

    pub(super) fn enter(&mut self, manager: &Value<'p>, span: Span) -> Eval<'p> {
        let Value::Object(loc) = manager else { return Ok(manager.clone()) };
        for name in ["__enter__", "__aenter__"] {
            if let Kind::Instance(class) = self.run.heap.get(*loc).kind
                && let Some(enter) = self.inherited(class, name, *loc, span)?
            {
                let entered = self.call(&enter, Arguments::default(), None, span)?;
                return self.settle(entered);
            }
        }
        Ok(manager.clone())
    }

    pub(super) fn leave(&mut self, manager: &Value<'p>, span: Span) -> Eval<'p, ()> {
        let Value::Object(loc) = manager else { return Ok(()) };
        for name in ["__exit__", "__aexit__"] {
            if let Kind::Instance(class) = self.run.heap.get(*loc).kind
                && let Some(exit) = self.inherited(class, name, *loc, span)?
            {
                self.call(&exit, Arguments::of(vec![Value::null(); 3]), None, span)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Continuation {
    Then,
    Catch,
    Finally,
}

fn continuation(name: &str, arguments: &[Argument]) -> Option<Continuation> {
    match (name, arguments.len()) {
        ("catch", 1) => Some(Continuation::Catch),
        ("finally", 1) => Some(Continuation::Finally),
        ("then", 2) => Some(Continuation::Then),
        _ => None,
    }
}
