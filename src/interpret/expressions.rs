//! Expressions.

use std::rc::Rc;

use super::domain::{Closure, Eval, FrameId, Kind, Loc, Object, Value};
use super::engine::Engine;
use super::shape::{self, computed};
use super::statements::Items;
use crate::ir::{
    Clause, Element, Exports, Expression, ExpressionKind, Function, Import, Property, Target, UnaryOperator,
};
use crate::source::{SourceId, Span};
use crate::summary::Shape;

/// Expressions nested deeper than this are not entered.
const DEEPEST: u32 = 600;
const LONGEST_LIST: usize = 4096;

impl<'p> Engine<'p> {
    pub(super) fn eval(&mut self, frame: FrameId, expression: &'p Expression) -> Eval<'p> {
        self.step()?;
        self.run.depth += 1;
        let value = if self.run.depth > DEEPEST {
            Ok(self.unknown(expression.span, "code nested too deeply", true))
        } else {
            self.eval_kind(frame, expression)
        };
        self.run.depth -= 1;
        value
    }

    pub(super) fn eval_kind(&mut self, frame: FrameId, expression: &'p Expression) -> Eval<'p> {
        let span = expression.span;
        Ok(match &expression.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Regex(_) => self.constant(expression),
            ExpressionKind::Template(parts) => {
                let mut shapes = Vec::with_capacity(parts.len());
                for part in parts {
                    let value = self.eval(frame, part)?;
                    shapes.push(self.shape_of(&value));
                }
                Value::shape(shape::concat(shapes, span))
            }
            ExpressionKind::Name(name) => self.name(frame, name, span),
            ExpressionKind::Member { object, name, optional, .. } => {
                self.eval_member(frame, object, name, span, *optional)?
            }
            ExpressionKind::Index { object, key, .. } => {
                let object = self.eval(frame, object)?;
                let key = self.eval(frame, key)?;
                self.index(&object, &key, span, self.language(frame))?
            }
            ExpressionKind::Slice { object, bounds } => {
                let object = self.eval(frame, object)?;
                for bound in bounds.iter().flatten() {
                    self.eval(frame, bound)?;
                }
                self.slice(&object, span)
            }
            ExpressionKind::Call { callee, arguments, new, .. } => {
                self.eval_call(frame, callee, arguments, *new, span)?
            }
            ExpressionKind::List(elements) => self.list(frame, elements)?,
            ExpressionKind::Object(properties) => self.dictionary(frame, properties)?,
            ExpressionKind::Function(function) => self.function(frame, function)?,
            ExpressionKind::Class(class) => self.class(frame, class)?,
            ExpressionKind::Unary { operator, operand } => {
                let operand = self.eval(frame, operand)?;
                if *operator == UnaryOperator::TypeOf
                    && let Value::Shape(asked) = &operand
                {
                    self.has_default(&Rc::clone(asked));
                }
                self.unary(*operator, &operand, span, self.language(frame))
            }
            ExpressionKind::Binary { operator, left, right } => {
                let left = self.eval(frame, left)?;
                let right = self.eval(frame, right)?;
                self.binary(*operator, &left, &right, span)?
            }
            ExpressionKind::Logical { operator, left, right } => {
                self.logical(frame, *operator, left, right, span)?
            }
            ExpressionKind::Conditional { test, then, otherwise } if self.skimming.is_some() => {
                self.skim_choice(frame, test, then, otherwise)?
            }
            ExpressionKind::Conditional { test, then, otherwise } => {
                if self.test(frame, test)? {
                    self.eval(frame, then)?
                } else {
                    self.eval(frame, otherwise)?
                }
            }
            ExpressionKind::Comprehension { element, clauses, dictionary } => {
                self.comprehension(frame, element, clauses, *dictionary, span)?
            }
            ExpressionKind::Assign { target, value } => {
                let since = self.stands_for(value);
                let value = self.eval(frame, value)?;
                self.bind(frame, target, value.clone())?;
                self.keep_since(frame, target, since);
                value
            }
            ExpressionKind::Await(value) => {
                let value = self.eval(frame, value)?;
                self.settle(value)?
            }
            ExpressionKind::Yield(value) => {
                let value = match value {
                    Some(value) => self.eval(frame, value)?,
                    None => Value::null(),
                };
                if let Some(list) = self.run.yields.last().copied() {
                    self.push(list, value, span);
                }
                Value::unknown()
            }
            ExpressionKind::Import(import) => self.import(frame, import, span)?,
            ExpressionKind::Exports => self.exports(frame),
            ExpressionKind::This => self.this(frame),
            ExpressionKind::Super => self.super_view(frame),
            ExpressionKind::Unknown(why) => self.unknown(span, *why, true),
        })
    }

    /// The value of a literal: one for all runs.
    fn constant(&mut self, literal: &'p Expression) -> Value<'p> {
        let value = || match &literal.kind {
            ExpressionKind::Bool(value) => Value::bool(*value),
            ExpressionKind::Number(number) => Value::shape(Shape::Number(number.clone())),
            ExpressionKind::String(text) | ExpressionKind::Regex(text) => Value::text(text),
            _ => Value::null(),
        };
        self.constants.entry(std::ptr::from_ref(literal).addr()).or_insert_with(value).clone()
    }

    pub(super) fn name(&mut self, frame: FrameId, name: &'p str, span: Span) -> Value<'p> {
        let mut at = Some(frame);
        let mut stars = Vec::new();
        while let Some(id) = at {
            let here = self.run.heap.frame(id);
            match here.variables.get(name) {
                Some(Some(value)) => return value.clone(),
                // Not bound yet: a loop or branch that was not taken.
                Some(None) => return Value::unknown(),
                None => {}
            }
            stars.extend(here.stars);
            at = here.parent;
        }
        for list in stars {
            for module in self.run.heap.get(list).items.clone().iter().rev() {
                match module {
                    Value::Module(source) => {
                        if let Some(value) = self.module_member(*source, name) {
                            return value;
                        }
                    }
                    Value::Extern(external)
                        if super::library::knows(&format!("{}.{name}", external.path)) =>
                    {
                        return self.external_member(external, name, span);
                    }
                    _ => {}
                }
            }
        }
        Value::external(name)
    }

    /// The value of a variable, if it has one.
    pub(super) fn lookup_quietly(&self, frame: FrameId, name: &str) -> Option<Value<'p>> {
        let mut at = Some(frame);
        while let Some(id) = at {
            let here = self.run.heap.frame(id);
            if let Some(value) = here.variables.get(name) {
                return value.clone();
            }
            at = here.parent;
        }
        None
    }

    pub(super) fn eval_member(
        &mut self,
        frame: FrameId,
        object: &'p Expression,
        name: &'p str,
        span: Span,
        optional: bool,
    ) -> Eval<'p> {
        if let ExpressionKind::Import(import) = &object.kind {
            return self.import_member(frame, import, name, span);
        }
        let object = self.eval(frame, object)?;
        let object = self.settle(object)?;
        if optional && object.is_null() {
            return Ok(object);
        }
        let part = self.member(&object, name, span, false)?;
        if optional && let Value::Shape(part) = &part {
            self.has_default(&Rc::clone(part));
        }
        Ok(part)
    }

    pub(super) fn import(&mut self, frame: FrameId, import: &'p Import, span: Span) -> Eval<'p> {
        let source = self.run.heap.frame(frame).source;
        match self.program.links.get(&(source, import.module.clone())) {
            Some(Target::Local(target)) => {
                let target = *target;
                self.namespace(target, span)
            }
            Some(Target::Package(package)) => Ok(Value::external(super::library::package(package))),
            Some(Target::Missing) => {
                Ok(self.unknown(span, format!("`{}` is not there", import.module), true))
            }
            None => Ok(Value::external(super::library::package(&import.module))),
        }
    }

    pub(super) fn namespace(&mut self, target: SourceId, span: Span) -> Eval<'p> {
        let Some(state) = self.load(target)? else {
            return Ok(self.unknown(span, "a module that is not there", true));
        };
        let exports = self.program.modules.get(&target).map_or(Exports::Locals, |module| module.exports);
        let state = self.run.modules.get(&target).copied().unwrap_or(state);
        Ok(match exports {
            Exports::Locals => Value::Module(target),
            Exports::Object => Value::Object(state.exports),
        })
    }

    pub(super) fn import_member(
        &mut self,
        frame: FrameId,
        import: &'p Import,
        name: &'p str,
        span: Span,
    ) -> Eval<'p> {
        let source = self.run.heap.frame(frame).source;
        let module = self.import(frame, import, span)?;
        match &module {
            Value::Module(target) => {
                // A package that makes its members when they are asked for makes its modules so.
                if self.makes_members(*target, name)
                    && let Some(submodule) = self.submodule(source, import, name)
                {
                    return self.namespace(submodule, span);
                }
                if let Some(value) = self.module_member(*target, name) {
                    return Ok(value);
                }
            }
            // The whole of a module stands for its default export where it has none of its own.
            Value::Object(exports) if name == "default" && import.interop => {
                return self.default_export(*exports);
            }
            Value::Extern(_) => {}
            _ => return self.member(&module, name, span, false),
        }
        match self.submodule(source, import, name) {
            Some(submodule) => self.namespace(submodule, span),
            None => self.member(&module, name, span, false),
        }
    }

    /// `from package import module`.
    fn submodule(&self, source: SourceId, import: &Import, name: &str) -> Option<SourceId> {
        let separator = if import.module.ends_with('.') { "" } else { "." };
        let module = [&import.module, separator, name].concat();
        match self.program.links.get(&(source, module))? {
            Target::Local(target) => Some(*target),
            _ => None,
        }
    }

    pub(super) fn default_export(&mut self, exports: Loc) -> Eval<'p> {
        let object = self.run.heap.get(exports);
        let value = object.entry("default").or_else(|| object.entry("module.exports")).cloned();
        Ok(value.unwrap_or(Value::Object(exports)))
    }

    pub(super) fn exports(&mut self, frame: FrameId) -> Value<'p> {
        let source = self.run.heap.frame(frame).source;
        self.run.modules.get(&source).map_or_else(Value::unknown, |state| Value::Object(state.exports))
    }

    /// `module.exports = value`.
    pub(super) fn export_whole(&mut self, frame: FrameId, value: Value<'p>) {
        let source = self.run.heap.frame(frame).source;
        let Some(state) = self.run.modules.get_mut(&source) else { return };
        match value {
            Value::Object(loc) => state.exports = loc,
            value => {
                let exports = state.exports;
                self.run.heap.change(exports).set("module.exports", value);
            }
        }
    }

    pub(super) fn this(&mut self, frame: FrameId) -> Value<'p> {
        let mut at = Some(frame);
        while let Some(id) = at {
            let here = self.run.heap.frame(id);
            if let Some(this) = &here.this {
                return this.clone();
            }
            at = here.parent;
        }
        self.exports(frame)
    }

    pub(super) fn list(&mut self, frame: FrameId, elements: &'p [Element]) -> Eval<'p> {
        let mut object = Object::new(Kind::List);
        for element in elements {
            match element {
                Element::One(value) => {
                    let value = self.eval(frame, value)?;
                    object.items.push(value);
                }
                Element::Spread(value) => {
                    let span = value.span;
                    let value = self.eval(frame, value)?;
                    let Items { known, more } = self.all_items(&value, span);
                    object.items.extend(known);
                    if let Some((of, item)) = more {
                        object.each = Some((Rc::new(of.unwrap_or(Shape::Unknown)), item));
                    }
                }
            }
        }
        Ok(Value::Object(self.new_object(object)))
    }

    pub(super) fn dictionary(&mut self, frame: FrameId, properties: &'p [Property]) -> Eval<'p> {
        let loc = self.new_object(Object::new(Kind::Dictionary));
        for property in properties {
            match property {
                Property::Pair(key, value) => {
                    let key = self.eval(frame, key)?;
                    let value = self.eval(frame, value)?;
                    match self.key_of(&key) {
                        Some(key) => self.run.heap.change(loc).set(&key, value),
                        None => self.run.heap.change(loc).set_unnamed(value),
                    }
                }
                Property::Spread(value) => {
                    let value = self.eval(frame, value)?;
                    self.copy_into(loc, &value);
                }
            }
        }
        Ok(Value::Object(loc))
    }

    /// Copies the entries of a value into an object.
    pub(super) fn copy_into(&mut self, into: Loc, value: &Value<'p>) {
        if super::library::is_whole_environment(value) {
            self.reads_whole_environment(Span::new(self.program.entry.source, 0, 0));
        }
        match value {
            Value::Object(from) => {
                let from = self.run.heap.get(*from).clone();
                let object = self.run.heap.change(into);
                let known = object.entries.len() as u64;
                let copied = from.entries.len() as u64;
                if known == 0 {
                    object.entries = from.entries;
                } else {
                    for (name, value) in from.entries {
                        object.set(&name, value);
                    }
                }
                // Each entry is compared with those that are there.
                self.work.set(self.work.get() + copied * (1 + known / 8));
                object.open |= from.open;
                object.copied = from.copied.or(object.copied.take());
            }
            Value::Shape(shape) => match &**shape {
                Shape::Null => {}
                Shape::Object { entries, open } if entries.iter().all(|(name, _)| name != "...") => {
                    let object = self.run.heap.change(into);
                    for (name, value) in entries.iter() {
                        object.set(name, Value::shape(value.clone()));
                    }
                    object.open |= open;
                }
                _ => {
                    let object = self.run.heap.change(into);
                    match object.copied.take() {
                        None => object.copied = Some(Rc::clone(shape)),
                        Some(first) => object.copied = Some(Rc::new(shape::join(&first, shape))),
                    }
                }
            },
            _ => self.run.heap.change(into).open = true,
        }
    }

    pub(super) fn function(&mut self, frame: FrameId, function: &'p Function) -> Eval<'p> {
        let home = self.run.heap.frame(frame).home;
        self.closure(frame, function, home)
    }

    /// A function with its decorators applied.
    pub(super) fn closure(&mut self, frame: FrameId, function: &'p Function, home: Option<Loc>) -> Eval<'p> {
        let mut value = Value::Function(Rc::new(Closure {
            function,
            frame,
            home,
            cached: false,
            context_manager: false,
        }));
        for decorator in function.decorators.iter().rev() {
            let with = self.eval(frame, decorator)?;
            value = self.decorate(&with, value, decorator.span)?;
        }
        Ok(value)
    }

    pub(super) fn comprehension(
        &mut self,
        frame: FrameId,
        element: &'p Expression,
        clauses: &'p [Clause],
        dictionary: bool,
        span: Span,
    ) -> Eval<'p> {
        let mut made = Made { list: self.new_object(Object::new(Kind::List)), maybe: Vec::new(), dictionary };
        self.clauses(frame, element, clauses, &mut made)?;
        if !dictionary {
            return Ok(Value::Object(made.list));
        }
        let pairs = self.run.heap.get(made.list).clone();
        let mut of_dictionary = Object::new(Kind::Dictionary);
        // Entries of which some may be left out.
        of_dictionary.open = !made.maybe.is_empty();
        let result = self.new_object(of_dictionary);
        let each = pairs.each.as_ref().map(|(_, item)| item);
        for pair in made.maybe.iter().chain(&pairs.items).chain(each) {
            let (key, value) = (self.nth(pair, 0, span), self.nth(pair, 1, span));
            match self.key_of(&key) {
                Some(key) => self.run.heap.change(result).set(&key, value),
                None => self.run.heap.change(result).set_unnamed(value),
            }
        }
        Ok(Value::Object(result))
    }

    fn clauses(
        &mut self,
        frame: FrameId,
        element: &'p Expression,
        clauses: &'p [Clause],
        made: &mut Made<'p>,
    ) -> Eval<'p, ()> {
        let Some((clause, rest)) = clauses.split_first() else {
            let value = self.eval(frame, element)?;
            self.push(made.list, value, element.span);
            return Ok(());
        };
        let over = self.eval(frame, &clause.iterable)?;
        let over = self.settle(over)?;
        let over = self.walked(over, clause.iterable.span)?;
        let Items { known, more } = self.items(&over, clause.iterable.span);
        for item in known {
            let is_case = self.has_code(&item);
            self.bind(frame, &clause.pattern, item)?;
            let mut keeps = Some(true);
            for condition in &clause.conditions {
                if is_case {
                    if keeps == Some(true) {
                        keeps = Some(self.test(frame, condition)?);
                    }
                    continue;
                }
                let value = self.eval(frame, condition)?;
                keeps = match (keeps, self.truth_of(&value, self.language(frame))) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
            }
            match keeps {
                Some(true) => self.clauses(frame, element, rest, made)?,
                Some(false) => {}
                // Kept or not: any number of such items.
                None => {
                    let of = computed("filter", vec![self.shape_of(&over)], clause.iterable.span);
                    self.enter_loop(Some(of));
                    let result = if made.dictionary && rest.is_empty() && made.maybe.len() < LONGEST_LIST {
                        self.eval(frame, element).map(|pair| made.maybe.push(pair))
                    } else {
                        self.clauses(frame, element, rest, made)
                    };
                    self.leave_loop();
                    result?;
                }
            }
        }
        if let Some((of, item)) = more {
            // What conditions leave out is still an item or not: no question to the path.
            let of = of.filter(|_| clause.conditions.is_empty()).or_else(|| {
                let from = vec![self.shape_of(&over)];
                Some(computed("filter", from, clause.iterable.span))
            });
            self.enter_loop(of);
            let result = (|| {
                self.bind(frame, &clause.pattern, item)?;
                for condition in &clause.conditions {
                    self.eval(frame, condition)?;
                }
                self.clauses(frame, element, rest, made)
            })();
            self.leave_loop();
            result?;
        }
        Ok(())
    }

    /// Appends to a list, as often as the loop at hand runs.
    pub(super) fn push(&mut self, list: Loc, value: Value<'p>, span: Span) {
        // A list made inside the loop is another one in each turn.
        let Some(of) = self.fills(list, span) else {
            let object = self.run.heap.change(list);
            if object.items.len() < LONGEST_LIST {
                object.items.push(value);
            } else {
                object.open = true;
            }
            return;
        };
        let item = match self.run.heap.get(list).each.clone() {
            Some((_, old)) if !old.same(&value) && old.as_shape().is_some() => {
                Value::shape(shape::join(&self.seen(&old), &self.seen(&value)))
            }
            _ => value,
        };
        self.run.heap.change(list).each = Some((Rc::new(of), item));
    }
}

/// What a comprehension has made so far.
struct Made<'p> {
    list: Loc,
    /// Pairs of a dictionary that are kept or not: which, nobody knows.
    maybe: Vec<Value<'p>>,
    dictionary: bool,
}

/// Evaluating it has no effect and takes no decision.
pub(super) fn is_plain(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Regex(_)
        | ExpressionKind::Name(_)
        | ExpressionKind::This => true,
        ExpressionKind::Member { object, .. } => is_plain(object),
        ExpressionKind::Index { object, key, .. } => is_plain(object) && is_plain(key),
        ExpressionKind::Template(parts) => parts.iter().all(is_plain),
        ExpressionKind::List(elements) => elements.iter().all(
            |element| matches!(element, Element::One(value) | Element::Spread(value) if is_plain(value)),
        ),
        ExpressionKind::Object(properties) => properties.iter().all(|property| match property {
            Property::Pair(key, value) => is_plain(key) && is_plain(value),
            Property::Spread(value) => is_plain(value),
        }),
        ExpressionKind::Unary { operand, .. } => is_plain(operand),
        ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
            is_plain(left) && is_plain(right)
        }
        _ => false,
    }
}
