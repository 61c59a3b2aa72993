//! Classes: definition, instances, inheritance.

use std::rc::Rc;

use super::domain::{Arguments, ClassOf, Eval, Frame, FrameId, Kind, Loc, Object, Value};
use super::engine::Engine;
use super::shape;
use crate::aws::libraries::{self, Does};
use crate::ir::{Class, Expression, ExpressionKind, Member, MemberKind};
use crate::source::Span;
use crate::summary::Shape;

/// The name under which a class keeps what makes its instances.
const CONSTRUCTOR: &str = "constructor";

impl<'p> Engine<'p> {
    pub(super) fn class(&mut self, frame: FrameId, class: &'p Class) -> Eval<'p> {
        let mut bases = Vec::new();
        for base in &class.bases {
            bases.push(self.eval(frame, base)?);
        }
        let of = ClassOf { class, frame, bases };
        let loc = self.new_object(Object::new(Kind::Class(Rc::new(of))));
        // Static fields may hold instances of the class itself.
        if let Some((name, _)) = &class.name
            && self.lookup_quietly(frame, name).is_none()
            && self.run.heap.frame(frame).variables.has(name)
        {
            self.assign(frame, name, Value::Object(loc));
        }
        for member in &class.members {
            self.define(frame, loc, member)?;
        }
        let mut value = Value::Object(loc);
        for decorator in class.decorators.iter().rev() {
            let with = self.eval(frame, decorator)?;
            if let Value::Extern(external) = &with {
                self.class_decorator(external, loc);
            }
            if with.is_callable() {
                let decorated = self.call(&with, Arguments::of(vec![value.clone()]), None, decorator.span)?;
                if !decorated.is_null() && decorated.as_shape() != Some(&Shape::Unknown) {
                    value = decorated;
                }
            }
        }
        Ok(value)
    }

    /// Evaluates what belongs to the class itself; fields wait for instances.
    fn define(&mut self, frame: FrameId, loc: Loc, member: &'p Member) -> Eval<'p, ()> {
        let Some(value) = &member.value else { return Ok(()) };
        if member.kind == MemberKind::Field {
            return Ok(());
        }
        let name = match member.kind {
            MemberKind::Setter => format!("set {}", member.name),
            MemberKind::Constructor => CONSTRUCTOR.to_owned(),
            _ => member.name.clone(),
        };
        let value = match (&value.kind, member.kind) {
            (ExpressionKind::Function(function), _) => self.closure(frame, function, Some(loc))?,
            (_, MemberKind::StaticField) => {
                let inside = self.run.heap.frame(frame);
                let source = inside.source;
                let this = Some(Value::Object(loc));
                let own = self.run.heap.add_frame(Frame {
                    parent: Some(frame),
                    variables: super::variables::Variables::default(),
                    stars: None,
                    this,
                    home: Some(loc),
                    receiver: Some(Value::Object(loc)),
                    source,
                    at_init: self.run.at_init,
                });
                self.eval(own, value)?
            }
            _ => self.eval(frame, value)?,
        };
        if !member.name.is_empty() {
            self.run.heap.change(loc).set(&name, value);
        }
        Ok(())
    }

    fn class_of(&self, loc: Loc) -> Option<Rc<ClassOf<'p>>> {
        match &self.run.heap.get(loc).kind {
            Kind::Class(of) => Some(Rc::clone(of)),
            _ => None,
        }
    }

    pub(super) fn is_class(&self, loc: Loc) -> bool {
        matches!(self.run.heap.get(loc).kind, Kind::Class(_))
    }

    /// The class and its local ancestors, nearest first.
    fn lineage(&self, class: Loc) -> Vec<Loc> {
        let mut all = vec![class];
        let mut at = 0;
        while at < all.len() && all.len() < 64 {
            if let Some(of) = self.class_of(all[at]) {
                for base in &of.bases {
                    if let Value::Object(base) = base
                        && !all.contains(base)
                    {
                        all.push(*base);
                    }
                }
            }
            at += 1;
        }
        all
    }

    /// A class of a package among the ancestors, by its path.
    pub(super) fn external_base(&self, class: Loc) -> Option<String> {
        self.external_bases(class)
            .into_iter()
            .find(|base| !matches!(base.as_str(), "object" | "abc.ABC" | "ABC"))
    }

    fn external_bases(&self, class: Loc) -> Vec<String> {
        let mut found = Vec::new();
        for ancestor in self.lineage(class) {
            let Some(of) = self.class_of(ancestor) else { continue };
            for base in &of.bases {
                if let Value::Extern(external) = base {
                    found.push(external.path.trim_end_matches("[]").trim_end_matches('.').to_owned());
                }
            }
        }
        found
    }

    pub(super) fn class_name(&self, loc: Loc) -> Option<String> {
        let of = self.class_of(loc)?;
        of.class.name.as_ref().map(|(name, _)| name.clone())
    }

    /// Names of the classes that a value is an instance of, nearest first.
    pub(super) fn class_names(&self, value: &Value<'p>) -> Vec<String> {
        match value {
            Value::Object(loc) => {
                let class = match self.run.heap.get(*loc).kind {
                    Kind::Instance(class) => class,
                    Kind::Class(_) => *loc,
                    _ => return Vec::new(),
                };
                let mut names: Vec<String> =
                    self.lineage(class).into_iter().filter_map(|class| self.class_name(class)).collect();
                names.extend(self.external_bases(class).iter().map(|base| last_part(base).to_owned()));
                names
            }
            Value::Extern(external) => vec![last_part(external.path.trim_end_matches("()")).to_owned()],
            _ => Vec::new(),
        }
    }

    pub(super) fn instance_is(&self, value: &Value<'p>, class: Loc) -> bool {
        let Value::Object(loc) = value else { return false };
        matches!(self.run.heap.get(*loc).kind, Kind::Instance(of) if self.lineage(of).contains(&class))
    }

    fn member_kind(&self, class: Loc, name: &str) -> Option<MemberKind> {
        let of = self.class_of(class)?;
        let setter = name.strip_prefix("set ");
        of.class
            .members
            .iter()
            .find(|member| match setter {
                Some(name) => member.kind == MemberKind::Setter && member.name == name,
                // Languages have names of their own for it.
                None if name == CONSTRUCTOR => member.kind == MemberKind::Constructor,
                None => member.kind != MemberKind::Setter && member.name == name,
            })
            .map(|member| member.kind)
    }

    /// A member that an instance has from its class.
    pub(super) fn inherited(
        &mut self,
        class: Loc,
        name: &str,
        instance: Loc,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        for ancestor in self.lineage(class) {
            let Some(value) = self.run.heap.get(ancestor).entry(name).cloned() else { continue };
            let receiver = Value::Object(instance);
            return Ok(Some(match self.member_kind(ancestor, name) {
                Some(MemberKind::Getter) => self.call_on(&value, receiver, Arguments::default(), span)?,
                Some(MemberKind::Method | MemberKind::Constructor) if callable(&value) => {
                    self.bound(value, receiver)
                }
                Some(MemberKind::ClassMethod) => self.bound(value, Value::Object(class)),
                _ => value,
            }));
        }
        Ok(None)
    }

    /// The methods of an instance that others may call.
    pub(super) fn public_methods(
        &mut self,
        class: Loc,
        instance: Loc,
        span: Span,
    ) -> Eval<'p, Vec<Value<'p>>> {
        let mut methods = Vec::new();
        for name in self.method_names(class).into_iter().filter(|name| !name.starts_with('_')) {
            methods.extend(self.inherited(class, &name, instance, span)?);
        }
        Ok(methods)
    }

    /// The names of a class's methods, own and inherited.
    pub(super) fn method_names(&self, class: Loc) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for ancestor in self.lineage(class) {
            let Some(of) = self.class_of(ancestor) else { continue };
            let methods = of.class.members.iter().filter(|member| member.kind == MemberKind::Method);
            for member in methods {
                if !names.contains(&member.name) {
                    names.push(member.name.clone());
                }
            }
        }
        names
    }

    /// A member of a class itself, own or inherited.
    pub(super) fn static_member(
        &mut self,
        class: Loc,
        name: &str,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        for ancestor in self.lineage(class) {
            if let Some(value) = self.run.heap.get(ancestor).entry(name).cloned() {
                return Ok(Some(match self.member_kind(ancestor, name) {
                    Some(MemberKind::ClassMethod) => self.bound(value, Value::Object(class)),
                    Some(MemberKind::Getter) => {
                        self.call_on(&value, Value::Object(class), Arguments::default(), span)?
                    }
                    Some(MemberKind::StaticMethod) if own_this(&value) => {
                        self.bound(value, Value::Object(class))
                    }
                    _ => value,
                }));
            }
        }
        Ok(None)
    }

    /// An entry of an object, as it is read from outside.
    pub(super) fn class_entry(&mut self, loc: Loc, name: &str, value: Value<'p>, span: Span) -> Eval<'p> {
        if !self.is_class(loc) {
            return Ok(value);
        }
        Ok(self.static_member(loc, name, span)?.unwrap_or(value))
    }

    pub(super) fn setter(&self, loc: Loc, name: &str) -> Option<Value<'p>> {
        let Kind::Instance(class) = self.run.heap.get(loc).kind else { return None };
        let name = format!("set {name}");
        self.lineage(class).into_iter().find_map(|ancestor| self.run.heap.get(ancestor).entry(&name).cloned())
    }

    /// The parent's view of the running method's instance.
    pub(super) fn super_view(&mut self, frame: FrameId) -> Value<'p> {
        let mut at = Some(frame);
        while let Some(id) = at {
            let here = self.run.heap.frame(id);
            if let (Some(home), Some(receiver)) = (here.home, here.receiver.clone()) {
                let Some(of) = self.class_of(home) else { return Value::unknown() };
                let mut parents: Vec<Loc> = of
                    .bases
                    .iter()
                    .filter_map(|base| if let Value::Object(loc) = base { Some(*loc) } else { None })
                    .collect();
                // Beside a class stand others that its heirs have as well.
                if let Value::Object(instance) = receiver
                    && let Kind::Instance(class) = self.run.heap.get(instance).kind
                {
                    parents.extend(self.lineage(class).into_iter().skip_while(|one| *one != home).skip(1));
                }
                if parents.is_empty() {
                    let base = self.external_base(home).unwrap_or_else(|| "object".to_owned());
                    return Value::external(format!("{base}()"));
                }
                // An object that finds members in the parents and runs them on the instance.
                let mut view = Object::new(Kind::Library("super".into()));
                view.items = parents.into_iter().map(Value::Object).collect();
                view.entries.push(("receiver".into(), receiver));
                return Value::Object(self.new_object(view));
            }
            at = here.parent;
        }
        Value::unknown()
    }

    pub(super) fn super_member(&mut self, view: Loc, name: &str, span: Span) -> Eval<'p> {
        let object = self.run.heap.get(view);
        let parents: Vec<Loc> = object
            .items
            .iter()
            .filter_map(|parent| if let Value::Object(loc) = parent { Some(*loc) } else { None })
            .collect();
        let Some(receiver) = object.entry("receiver").cloned() else { return Ok(Value::unknown()) };
        let name = if name == "__init__" { CONSTRUCTOR } else { name };
        for parent in &parents {
            let found = match receiver {
                Value::Object(instance) if !self.is_class(instance) => {
                    self.inherited(*parent, name, instance, span)?
                }
                _ => self.static_member(*parent, name, span)?,
            };
            if let Some(found) = found {
                return Ok(found);
            }
        }
        if name == CONSTRUCTOR {
            return Ok(Value::external("super().__init__"));
        }
        Ok(match parents.iter().find_map(|parent| self.external_base(*parent)) {
            Some(base) => Value::external(format!("{base}().{name}")),
            None => Value::unknown(),
        })
    }

    /// `new Class(...)`.
    pub(super) fn instantiate(&mut self, class: Loc, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let lineage = self.lineage(class);
        if let Some(value) = self.enumerated(class, &arguments) {
            return Ok(value);
        }
        let mut object = Object::new(Kind::Instance(class));
        // `class Answer(dict)`: what its own initialiser puts in is not seen.
        object.open = self.external_base(class).is_some_and(|base| is_mapping(&base));
        let instance = self.new_object(object);
        let mut declared = Vec::new();
        for ancestor in lineage.iter().rev() {
            let Some(of) = self.class_of(*ancestor) else { continue };
            let frame = self.instance_frame(&of, *ancestor, instance);
            let class: &'p Class = of.class;
            for member in &class.members {
                if member.kind == MemberKind::Field {
                    self.field(frame, instance, member)?;
                }
                if matches!(member.kind, MemberKind::Field | MemberKind::StaticField)
                    && member.annotation.is_some()
                {
                    declared.push(member);
                }
            }
        }
        let constructor =
            lineage.iter().find_map(|ancestor| self.run.heap.get(*ancestor).entry(CONSTRUCTOR).cloned());
        match constructor {
            Some(constructor) => {
                self.call_on(&constructor, Value::Object(instance), arguments, span)?;
            }
            None if self.settings(instance, class, &declared) => {}
            None => {
                self.fill(instance, class, &declared, arguments, span)?;
                self.fill_defaults(instance, class, &declared);
            }
        }
        Ok(Value::Object(instance))
    }

    fn instance_frame(&mut self, of: &ClassOf<'p>, class: Loc, instance: Loc) -> FrameId {
        let source = self.run.heap.frame(of.frame).source;
        self.run.heap.add_frame(Frame {
            parent: Some(of.frame),
            variables: super::variables::Variables::default(),
            stars: None,
            this: Some(Value::Object(instance)),
            home: Some(class),
            receiver: Some(Value::Object(instance)),
            source,
            at_init: self.run.at_init,
        })
    }

    fn field(&mut self, frame: FrameId, instance: Loc, member: &'p Member) -> Eval<'p, ()> {
        let value = match &member.value {
            Some(value) => self.eval(frame, value)?,
            None => return Ok(()),
        };
        self.run.heap.change(instance).set(&member.name, value);
        Ok(())
    }

    /// Instances of classes without constructor: data classes and models take their fields.
    fn fill(
        &mut self,
        instance: Loc,
        class: Loc,
        declared: &[&'p Member],
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let is_error =
            self.class_names(&Value::Object(class)).iter().any(|name| super::library::is_error(name));
        if is_error {
            if let Some(message) = arguments.first() {
                self.run.heap.change(instance).set("message", message);
            }
            return Ok(());
        }
        let mut positional = arguments.positional.into_iter();
        for member in declared {
            let named = arguments
                .named
                .iter()
                .find(|(name, _)| **name == *member.name)
                .map(|(_, value)| value.clone());
            let given = named.or_else(|| positional.next()).or_else(|| {
                let rest = arguments.rest_named.as_ref()?.as_shape()?;
                Some(Value::shape(shape::part(rest, &member.name)))
            });
            if let Some(value) = given {
                self.run.heap.change(instance).set(&member.name, value);
            } else if self.run.heap.get(instance).entry(&member.name).is_none()
                && member.value.is_none()
                && let Some(annotation) = &member.annotation
                && let Some(value) = self.made_from_annotation(class, annotation, span)?
            {
                self.run.heap.change(instance).set(&member.name, value);
            }
        }
        for (name, value) in arguments.named {
            if !declared.iter().any(|member| *member.name == *name) {
                self.run.heap.change(instance).set(&name, value);
            }
        }
        if let Some(rest) = arguments.rest_named {
            self.copy_into(instance, &rest);
        }
        Ok(())
    }

    fn made_from_annotation(
        &mut self,
        class: Loc,
        annotation: &'p Expression,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        let Some(of) = self.class_of(class) else { return Ok(None) };
        self.made_from_type(of.frame, annotation, span)
    }

    /// A value of a declared type, for parameters and fields that nothing else is known of.
    pub(super) fn made_from_type(
        &mut self,
        frame: FrameId,
        annotation: &'p Expression,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        if !matches!(annotation.kind, ExpressionKind::Name(_) | ExpressionKind::Member { .. }) {
            return Ok(None);
        }
        let class = self.eval(frame, annotation)?;
        match class {
            Value::Object(loc)
                if self.is_class(loc) && self.run.making.len() < 8 && !self.run.making.contains(&loc) =>
            {
                self.run.making.push(loc);
                let made = self.instantiate(loc, Arguments::default(), span);
                self.run.making.pop();
                made.map(Some)
            }
            Value::Extern(external) => Ok(self.client_of_type(&external.path)),
            _ => Ok(None),
        }
    }

    /// A handler given as a class is made before it is called.
    pub(super) fn instance_of_handler_class(&mut self, handler: Value<'p>, span: Span) -> Eval<'p> {
        match handler {
            Value::Object(loc) if self.is_class(loc) => self.instantiate(loc, Arguments::default(), span),
            handler => Ok(handler),
        }
    }

    /// What a call of an instance runs.
    pub(super) fn call_method_of(&self, loc: Loc) -> Option<Value<'p>> {
        let Kind::Instance(class) = self.run.heap.get(loc).kind else { return None };
        self.lineage(class)
            .into_iter()
            .find_map(|ancestor| self.run.heap.get(ancestor).entry("__call__").cloned())
    }
}

fn is_mapping(base: &str) -> bool {
    let makes = |known: libraries::Known| matches!(known.does, Does::Dictionary | Does::OpenDictionary);
    libraries::known(base).is_some_and(makes)
}

fn callable(value: &Value<'_>) -> bool {
    matches!(value, Value::Function(_) | Value::Method(_) | Value::Partial(_))
}

fn own_this(value: &Value<'_>) -> bool {
    matches!(value, Value::Function(closure) if closure.function.own_this)
}

fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
