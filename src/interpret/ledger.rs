//! What is known of a handler over all its paths: effects, reads, clients, places not followed.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::shape::{join, widen};
use crate::evidence::Certainty;
use crate::source::Span;
use crate::summary::{
    Action, Condition, Effect, EffectId, InnerRoute, Names, Outcome, Shape, Symbol, Times, Unknown,
};

/// What one run over the handler has met; part of the state that paths share up to a fork.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    pub effects: Vec<EffectId>,
    pub init_effects: Vec<EffectId>,
    /// Numbers of the reads.
    pub env_reads: Vec<u32>,
    pub event_reads: Vec<u32>,
    /// Of parts that may not be run on this path.
    pub may_env_reads: Vec<u32>,
    pub may_event_reads: Vec<u32>,
    pub routes: Vec<RouteMet>,
}

impl Met {
    pub(super) fn all_effects(&self) -> usize {
        self.effects.len() + self.init_effects.len()
    }

    /// Takes in what other runs from the same state have read since: what not all of them have, may be read.
    pub(super) fn join(&mut self, before: &Self, others: &[Self]) {
        let (env, event) = (before.env_reads.len(), before.event_reads.len());
        let of_env = |met: &Self| met.env_reads[env.min(met.env_reads.len())..].to_vec();
        let of_event = |met: &Self| met.event_reads[event.min(met.event_reads.len())..].to_vec();
        let mut all = vec![(of_env(self), of_event(self))];
        all.extend(others.iter().map(|other| (of_env(other), of_event(other))));
        self.env_reads.truncate(env);
        self.event_reads.truncate(event);
        for (index, (env, event)) in all.iter().enumerate() {
            for read in env {
                let is_sure = all.iter().all(|(env, _)| env.contains(read));
                let to = if is_sure { &mut self.env_reads } else { &mut self.may_env_reads };
                if index == 0 || !is_sure {
                    to.push(*read);
                }
            }
            for read in event {
                let is_sure = all.iter().all(|(_, event)| event.contains(read));
                let to = if is_sure { &mut self.event_reads } else { &mut self.may_event_reads };
                if index == 0 || !is_sure {
                    to.push(*read);
                }
            }
        }
        for other in others {
            let (env, event) = (before.may_env_reads.len(), before.may_event_reads.len());
            self.may_env_reads.extend(other.may_env_reads.iter().skip(env));
            self.may_event_reads.extend(other.may_event_reads.iter().skip(event));
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EnvMet {
    pub name: String,
    pub has_default: bool,
    pub at_init: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EventMet {
    pub path: Names,
    pub required: bool,
    /// Absence is thought of.
    pub has_default: bool,
    pub span: Span,
}

/// An inner route that ran, with the effects of its handler.
#[derive(Clone, Debug)]
pub(super) struct RouteMet {
    pub route: InnerRoute,
    pub from: usize,
}

/// A path that was run to its end.
#[derive(Clone, Debug)]
pub(super) struct Finished {
    /// Whether each decision was the usual one; for their order.
    pub decisions: Vec<bool>,
    pub conditions: Vec<Arc<Condition>>,
    pub met: Met,
    pub outcome: Outcome,
}

/// A client or connection, by the place that builds it.
#[derive(Clone, Debug)]
pub(super) struct InitMet {
    pub what: String,
    pub at_init: bool,
    pub varies: bool,
    /// Kept beyond the invocation: in a global, a class or a cache.
    pub kept: bool,
    pub own_credentials: bool,
}

/// Things by the order in which they were first met.
#[derive(Clone, Debug)]
pub(super) struct Numbered<T> {
    numbers: FxHashMap<Rc<T>, u32>,
    all: Vec<Rc<T>>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: FxHashMap::default(), all: Vec::new() }
    }
}

impl<T: Eq + Hash> Numbered<T> {
    pub(super) fn number(&mut self, one: T) -> u32 {
        if let Some(number) = self.numbers.get(&one) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let one = Rc::new(one);
        self.all.push(Rc::clone(&one));
        self.numbers.insert(one, number);
        number
    }

    pub(super) fn get(&self, number: u32) -> &T {
        &self.all[number as usize]
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.all.iter().map(Rc::as_ref)
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub effects: Vec<Effect>,
    by_site: FxHashMap<(Span, Vec<Span>, Action, Symbol), EffectId>,
    pub env_reads: Numbered<EnvMet>,
    pub event_reads: Numbered<EventMet>,
    pub inits: BTreeMap<Span, InitMet>,
    pub unknowns: BTreeSet<Unknown>,
    pub finished: Vec<Finished>,
    /// Reads of the environment on ways that no path took.
    pub skimmed: Vec<u32>,
}

impl Ledger {
    /// The effect of a call site in its surroundings; what differs between runs is joined.
    pub(super) fn effect(
        &mut self,
        action: Action,
        on: Symbol,
        input: Shape,
        times: Times,
        span: Span,
        stack: Vec<Span>,
    ) -> EffectId {
        let site = (span, stack, action, on);
        if let Some(id) = self.by_site.get(&site) {
            let effect = &mut self.effects[id.index()];
            let is_known = match &effect.input {
                Shape::Choice(choices) => choices.contains(&input),
                only => *only == input,
            };
            if !is_known {
                effect.input = widen(join(&effect.input, &input), span);
            }
            if effect.times != times {
                effect.times = more_often(&effect.times, &times);
            }
            return *id;
        }
        let id = EffectId(u32::try_from(self.effects.len()).unwrap_or(u32::MAX));
        let (span, stack, action, on) = site.clone();
        self.effects.push(Effect {
            action,
            on,
            input,
            times,
            certainty: Certainty::May,
            let_go: false,
            span,
            stack,
        });
        self.by_site.insert(site, id);
        id
    }

    pub(super) fn unknown(&mut self, span: Span, why: impl Into<String>, may_have_effects: bool) {
        self.unknowns.insert(Unknown { span, why: why.into(), may_have_effects });
    }
}

fn more_often(left: &Times, right: &Times) -> Times {
    match (left, right) {
        (Times::Once | Times::Init, other) | (other, Times::Once | Times::Init) => other.clone(),
        _ => Times::Many,
    }
}
