//! Which code modules have chosen by the time they have loaded.
//!
//! After `const store = flag ? new Table() : new Memory()`, each call of `store` leads elsewhere. So what a
//! handler asks after one choice was not yet asked after the other.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::domain::{Kind, Loc, Value};
use super::engine::Engine;
use crate::source::Span;

impl<'p> Engine<'p> {
    /// A number for the modules that have loaded, for the functions and classes that their variables and
    /// objects hold, and for the instances that they made. 0 where nothing was decided.
    pub(super) fn chosen(&self) -> u64 {
        if self.run.trail.taken.is_empty() {
            return 0;
        }
        let heap = &self.run.heap;
        let frames = self.run.modules.values().map(|state| heap.frame(state.frame));
        let variables = frames.flat_map(|frame| frame.variables.values());
        let held = heap
            .objects()
            .flat_map(|object| object.entries.iter().map(|(_, value)| value).chain(&object.items));
        let code = variables.chain(held).filter_map(|value| self.code_of(value));
        let made = heap.objects().filter_map(|object| match &object.kind {
            Kind::Instance(class) => self.class_span(*class),
            _ => None,
        });
        let spans = code.chain(made).map(of);
        // In any order: tables have none.
        spans.chain(self.run.modules.keys().map(of)).fold(1, u64::wrapping_add)
    }

    fn code_of(&self, value: &Value<'p>) -> Option<Span> {
        match value {
            Value::Function(closure) => Some(closure.function.span),
            Value::Method(method) => self.code_of(&method.function),
            Value::Object(loc) => self.class_span(*loc),
            _ => None,
        }
    }

    fn class_span(&self, loc: Loc) -> Option<Span> {
        match &self.run.heap.get(loc).kind {
            Kind::Class(of) => Some(of.class.span),
            _ => None,
        }
    }
}

fn of(part: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    part.hash(&mut hasher);
    hasher.finish()
}
