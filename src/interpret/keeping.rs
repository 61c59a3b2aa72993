//! Clients that outlive the invocation that built them.

use std::collections::BTreeSet;

use super::domain::{FrameId, Loc, Value};
use super::engine::Engine;
use crate::ir::{Expression, ExpressionKind, Pattern, PatternKind, Statement, walk};
use crate::source::Span;

/// What a value may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    /// Clients that were built before.
    built: usize,
    /// The function that must ask for the value.
    within: Option<Span>,
}

/// Further values than these are not looked into.
const MOST: usize = 2_000;

impl<'p> Engine<'p> {
    /// A value is stored where the next invocation finds it: no client in it is built each time, nor one
    /// that an object in it gets later.
    pub(super) fn keep(&mut self, value: &Value<'p>) {
        if self.run.built.is_empty() && !matches!(value, Value::Object(_)) {
            return;
        }
        let mut open = vec![value.clone()];
        let mut objects: BTreeSet<Loc> = BTreeSet::new();
        let mut frames: BTreeSet<FrameId> = BTreeSet::new();
        let mut looked_into = 0;
        while let Some(value) = open.pop() {
            looked_into += 1;
            if looked_into > MOST {
                return;
            }
            self.keep_client(&value);
            match value {
                Value::Object(loc) if objects.insert(loc) => {
                    let object = self.run.heap.get(loc);
                    open.extend(object.entries.iter().map(|(_, value)| value.clone()));
                    open.extend(object.items.iter().cloned());
                    if !object.at_init {
                        self.run.heap.change(loc).at_init = true;
                    }
                }
                Value::Function(closure) => self.captured(closure.frame, &mut frames, &mut open),
                Value::Method(method) => open.extend([method.receiver.clone(), method.function.clone()]),
                Value::Partial(partial) => open.push(partial.0.clone()),
                _ => {}
            }
        }
    }

    /// The clients that a value to assign may stand for: those that are built to make it, and for
    /// `ready = True` those of the function around it.
    pub(super) fn stands_for(&self, value: &Expression) -> Since {
        match (&value.kind, self.run.stack.as_slice()) {
            (ExpressionKind::Bool(true), [_, .., call]) => {
                Since { built: call.built, within: Some(call.function) }
            }
            _ => Since { built: self.run.built.len(), within: None },
        }
    }

    /// The same for clients that were built to make a value: `pool = connect(new SecretsManagerClient({}))`.
    pub(super) fn keep_since(&mut self, frame: FrameId, target: &Pattern, since: Since) {
        let PatternKind::Name(name) = &target.kind else { return };
        if self.run.at_init || self.run.built.len() <= since.built || !self.is_kept(frame, name) {
            return;
        }
        // Where nobody asks what the last invocation left, each one builds its own.
        let is_asked = |body: &[Statement]| match since.within {
            Some(function) => is_asked_in(body, function, name),
            None => is_asked(body, name),
        };
        if !self.module(frame).is_some_and(|module| is_asked(&module.body)) {
            return;
        }
        for (_, span) in self.run.built.iter().skip(since.built) {
            if let Some(init) = self.ledger.inits.get_mut(span) {
                init.kept = true;
            }
        }
    }

    /// Whether a variable is one of a module, and so outlives the invocation.
    fn is_kept(&self, frame: FrameId, name: &str) -> bool {
        let mut at = Some(frame);
        while let Some(frame) = at {
            let known = self.run.heap.frame(frame);
            if known.variables.has(name) {
                return known.at_init;
            }
            at = known.parent;
        }
        false
    }

    fn keep_client(&mut self, value: &Value<'p>) {
        if let Some(span) =
            self.run.built.iter().rev().find(|(built, _)| built.same_client(value)).map(|(_, span)| *span)
            && let Some(init) = self.ledger.inits.get_mut(&span)
        {
            init.kept = true;
        }
    }

    /// What a closure captured of the invocation: the variables around it, as far as its module's.
    fn captured(&self, frame: FrameId, seen: &mut BTreeSet<FrameId>, into: &mut Vec<Value<'p>>) {
        let mut at = Some(frame);
        while let Some(frame) = at.filter(|frame| seen.insert(*frame)) {
            let known = self.run.heap.frame(frame);
            if known.at_init {
                return;
            }
            into.extend(known.variables.values().cloned());
            into.extend(known.this.clone());
            at = known.parent;
        }
    }
}

/// Whether something in a module is decided by a variable: `if not pool: pool = make()`, `pool ?? make()`.
fn is_asked(body: &[Statement], name: &str) -> bool {
    let mut found = false;
    walk::conditions(body, &mut |test| found = found || mentions(test, name));
    found
}

/// The same in the statements of one function of the module.
fn is_asked_in(body: &[Statement], function: Span, name: &str) -> bool {
    let mut found = false;
    walk::statements(body, &mut |expression| {
        if let ExpressionKind::Function(known) = &expression.kind
            && known.span == function
        {
            walk::own_conditions(&known.body, &mut |test| found = found || mentions(test, name));
        }
        !found
    });
    found
}

fn mentions(expression: &Expression, name: &str) -> bool {
    let mut found = false;
    walk::expression(expression, &mut |part| {
        found |= matches!(&part.kind, ExpressionKind::Name(mentioned) if mentioned == name);
        !found
    });
    found
}
