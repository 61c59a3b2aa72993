//! Whether two runs that parted are in the same state again.
//!
//! Both started from one state, so what lay in its heap has the same places in both; so have objects
//! that were made before they parted. What nothing refers to any more does not count.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::domain::{Arguments, Extern, Frame, Heap, Kind, Loc, Object, Value};
use super::engine::Run;

/// Whether two runs that came from a state with this heap will do the same from here on.
pub(super) fn alike<'p>(before: &Heap<'p>, one: &Run<'p>, other: &Run<'p>) -> bool {
    let mut comparison =
        Comparison { before, one: &one.heap, other: &other.heap, seen: FxHashSet::default() };
    are_in_step(one, other) && comparison.options(&one.answer, &other.answer) && comparison.heaps()
}

/// All but the heaps.
fn are_in_step(one: &Run<'_>, other: &Run<'_>) -> bool {
    let counts = |run: &Run<'_>| {
        let [classes, methods, bindings] = run.controllers.counts();
        [
            run.met.routes.len(),
            run.modules.len(),
            run.stack.len(),
            run.loops.len(),
            run.errors.len(),
            run.making.len(),
            run.middleware.len(),
            run.wrapping.len(),
            run.built.len(),
            classes,
            methods,
            bindings,
        ]
    };
    counts(one) == counts(other)
        && (&one.met.effects, &one.met.init_effects) == (&other.met.effects, &other.met.init_effects)
        && one.guards.iter().map(|guard| &guard.offered).eq(other.guards.iter().map(|guard| &guard.offered))
        && one.yields == other.yields
        && (one.at_init, one.cached, one.registry) == (other.at_init, other.cached, other.registry)
        && one.trail.returned == other.trail.returned
        && one.trail.routing == other.trail.routing
        && one.changed == other.changed
}

struct Comparison<'r, 'p> {
    before: &'r Heap<'p>,
    one: &'r Heap<'p>,
    other: &'r Heap<'p>,
    /// New objects that were compared, or are being.
    seen: FxHashSet<Loc>,
}

impl<'p> Comparison<'_, 'p> {
    /// What was there before.
    fn heaps(&mut self) -> bool {
        let (one, other) = (self.one, self.other);
        let old = self.before.count();
        one.objects().zip(other.objects()).take(old.0).all(|(one, other)| self.objects(one, other))
            && one.frames().zip(other.frames()).take(old.1).all(|(one, other)| self.frames(one, other))
    }

    fn objects(&mut self, one: &Rc<Object<'p>>, other: &Rc<Object<'p>>) -> bool {
        if Rc::ptr_eq(one, other) {
            return true;
        }
        let kinds = match (&one.kind, &other.kind) {
            (Kind::List, Kind::List) | (Kind::Dictionary, Kind::Dictionary) => true,
            (Kind::Instance(one), Kind::Instance(other)) => self.places(*one, *other),
            (Kind::Class(one), Kind::Class(other)) => Rc::ptr_eq(one, other),
            (Kind::Library(one), Kind::Library(other)) => one == other,
            _ => false,
        };
        let each = match (&one.each, &other.each) {
            (None, None) => true,
            (Some((of, one)), Some((same, other))) => of == same && self.values(one, other),
            _ => false,
        };
        kinds
            && each
            && one.copied == other.copied
            && (one.open, one.at_init) == (other.open, other.at_init)
            && one.routes.is_empty()
            && other.routes.is_empty()
            && self.named(&one.entries, &other.entries)
            && self.lists(&one.items, &other.items)
    }

    fn frames(&mut self, one: &Rc<Frame<'p>>, other: &Rc<Frame<'p>>) -> bool {
        Rc::ptr_eq(one, other)
            || (one.parent == other.parent
                && (one.home, one.stars) == (other.home, other.stars)
                && self.options(&one.this, &other.this)
                && self.options(&one.receiver, &other.receiver)
                && one.variables.agree(&other.variables, |one, other| self.values(one, other)))
    }

    fn values(&mut self, one: &Value<'p>, other: &Value<'p>) -> bool {
        match (one, other) {
            (Value::Shape(one), Value::Shape(other)) => Rc::ptr_eq(one, other) || one == other,
            (Value::Object(one), Value::Object(other)) => self.places(*one, *other),
            (Value::Function(one), Value::Function(other)) => Rc::ptr_eq(one, other),
            (Value::Module(one), Value::Module(other)) => one == other,
            (Value::Method(one), Value::Method(other)) => {
                self.values(&one.receiver, &other.receiver) && self.values(&one.function, &other.function)
            }
            (Value::Extern(one), Value::Extern(other)) => self.externs(one, other),
            (Value::Aws(one), Value::Aws(other)) => Rc::ptr_eq(one, other),
            (Value::Rejected(one), Value::Rejected(other)) => Rc::ptr_eq(one, other),
            (Value::Partial(one), Value::Partial(other)) => Rc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// Old objects are compared with the heaps, new ones where they are referred to.
    fn places(&mut self, one: Loc, other: Loc) -> bool {
        let is_old = (one.0 as usize) < self.before.count().0;
        if one != other || is_old || !self.seen.insert(one) {
            return one == other;
        }
        match (self.one.object(one), self.other.object(one)) {
            (Some(one), Some(other)) => self.objects(one, other),
            _ => false,
        }
    }

    fn externs(&mut self, one: &Rc<Extern<'p>>, other: &Rc<Extern<'p>>) -> bool {
        Rc::ptr_eq(one, other)
            || (one.path == other.path
                && one.span == other.span
                && self.arguments(&one.arguments, &other.arguments))
    }

    fn arguments(&mut self, one: &Arguments<'p>, other: &Arguments<'p>) -> bool {
        self.lists(&one.positional, &other.positional)
            && self.named(&one.named, &other.named)
            && self.options(&one.rest, &other.rest)
            && self.options(&one.rest_named, &other.rest_named)
    }

    fn options(&mut self, one: &Option<Value<'p>>, other: &Option<Value<'p>>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => self.values(one, other),
            (None, None) => true,
            _ => false,
        }
    }

    fn lists(&mut self, one: &[Value<'p>], other: &[Value<'p>]) -> bool {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.values(one, other))
    }

    fn named(
        &mut self,
        one: &[(super::domain::Text, Value<'p>)],
        other: &[(super::domain::Text, Value<'p>)],
    ) -> bool {
        one.len() == other.len()
            && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && self.values(&one.1, &other.1))
    }
}
