//! Calls that come to the same whichever way they go: what they ask is no question to the path.
//!
//! A sum that is only logged, or a log that looks at its level first, has branches; with all others of the
//! handler they would make paths that do the same. So such a call is run once for each of its ways, and
//! where all leave the same state and value, the path goes on as if nothing had been asked.
//!
//! Which functions are worth it shows a first run over the handler: those that asked and had no effect.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::alike::alike;
use super::domain::{Arguments, Closure, Eval, Value};
use super::engine::{Engine, Run};
use super::ledger::Met;
use crate::source::Span;

/// Ways through one call. Those of more are paths.
const MOST_WAYS: usize = 8;

/// A function is not tried again after so many calls that were paths.
const MOST_FAILED: u32 = 2;

/// What is known of calls that may come to the same.
#[derive(Debug, Default)]
pub(super) struct Asides<'p> {
    /// Functions that the first run saw ask and have no effect.
    pub functions: FxHashSet<Span>,
    /// Calls that did not come to the same, by all that a run had decided before them.
    matter: FxHashSet<u64>,
    /// Calls that did, with what they left and gave.
    same: FxHashMap<u64, (Run<'p>, Value<'p>)>,
    /// How often calls of a function did not.
    failed: FxHashMap<Span, u32>,
    /// How many are being tried, one in the other. What runs in them may be taken back.
    pub running: u32,
}

/// A call as it is made.
struct Made<'c, 'p> {
    closure: &'c Rc<Closure<'p>>,
    arguments: Arguments<'p>,
    this: Option<Value<'p>>,
    receiver: Option<Value<'p>>,
    span: Span,
}

impl<'p> Engine<'p> {
    pub(super) fn call_function(
        &mut self,
        closure: &Rc<Closure<'p>>,
        arguments: Arguments<'p>,
        this: Option<Value<'p>>,
        receiver: Option<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        let is_inner = !self.run.stack.is_empty();
        let may_be_aside = is_inner && self.asides.functions.contains(&closure.function.span);
        if may_be_aside && self.run.trail.unsettled.is_none() {
            return self.call_aside(&Made { closure, arguments, this, receiver, span });
        }
        let asked = self.run.trail.taken.len();
        let effects = self.run.met.effects.len() + self.run.met.init_effects.len();
        let answer = self.run_function(closure, arguments, this, receiver, span);
        if self.run.trail.taken.len() > asked
            && answer.is_ok()
            && self.run.met.effects.len() + self.run.met.init_effects.len() == effects
        {
            self.asked.insert(closure.function.span);
        }
        answer
    }

    fn call_aside(&mut self, made: &Made<'_, 'p>) -> Eval<'p> {
        let place = self.place_of(made.span);
        if let Some((left, value)) = self.asides.same.get(&place) {
            let (left, value) = (left.clone(), value.clone());
            let Run { trail, .. } = std::mem::replace(&mut self.run, left);
            (self.run.trail.prescribed, self.run.trail.open) = (trail.prescribed, trail.open);
            return Ok(value);
        }
        let function = made.closure.function.span;
        let is_hopeless = self.asides.failed.get(&function).is_some_and(|failed| *failed >= MOST_FAILED);
        if is_hopeless || self.asides.matter.contains(&place) {
            return self.make(made);
        }
        let before = self.run.clone();
        let taken = before.trail.taken.len();
        // Its questions are not those that the path has answers to.
        self.run.trail.prescribed.truncate(taken);
        self.asides.running += 1;
        let answer = self.make(made);
        let asks = self.run.trail.taken.len() > taken;
        let joined = match &answer {
            Ok(value) if asks => self.come_to_the_same(made, &before, value),
            _ => false,
        };
        self.asides.running -= 1;
        if joined && let Ok(value) = &answer {
            self.asides.same.insert(place, (self.run.clone(), value.clone()));
        }
        if joined || !asks {
            self.run.trail.prescribed = before.trail.prescribed;
            return answer;
        }
        *self.asides.failed.entry(function).or_default() += 1;
        self.asides.matter.insert(place);
        if before.trail.prescribed.len() > taken {
            let steps = self.run.steps;
            self.run = before;
            self.run.steps = steps;
            return self.make(made);
        }
        answer
    }

    fn make(&mut self, made: &Made<'_, 'p>) -> Eval<'p> {
        let Made { closure, arguments, this, receiver, span } = made;
        self.run_function(closure, arguments.clone(), this.clone(), receiver.clone(), *span)
    }

    /// Runs all other ways through a call that was just made; where they leave what this one left, the
    /// questions are taken back. What not all ways have read may be read.
    fn come_to_the_same(&mut self, made: &Made<'_, 'p>, before: &Run<'p>, value: &Value<'p>) -> bool {
        let first = std::mem::take(&mut self.run);
        let known = before.trail.open.len();
        let mut waiting = ways(&first, known);
        let mut all: Vec<Met> = Vec::new();
        let mut same = true;
        while let Some(way) = waiting.pop() {
            same = all.len() + 1 < MOST_WAYS && {
                self.run = before.clone();
                self.run.trail.prescribed = way;
                let answer = self.make(made);
                matches!(answer, Ok(other) if alike(&before.heap, (&first, value), (&self.run, &other)))
            };
            if !same {
                break;
            }
            waiting.extend(ways(&self.run, known));
            all.push(std::mem::take(&mut self.run.met));
        }
        self.run = first;
        if same {
            let Run { trail, met, .. } = &mut self.run;
            trail.go_back_to(&before.trail);
            met.join(&before.met, &all);
        }
        same
    }

    /// A number for the call and all that the run has decided before it.
    fn place_of(&self, span: Span) -> u64 {
        let mut hasher = FxHasher::default();
        span.hash(&mut hasher);
        self.run.trail.taken.hash(&mut hasher);
        self.run.blocks.hash(&mut hasher);
        hasher.finish()
    }
}

/// The paths to the sides that a run left open since it had `known` of them.
fn ways(run: &Run<'_>, known: usize) -> Vec<Vec<bool>> {
    let trail = &run.trail;
    let path = |(at, side): &(usize, super::trail::Side)| {
        let mut path = trail.taken[..*at].to_vec();
        path.push(side.2);
        path
    };
    trail.open.iter().skip(known).map(path).collect()
}
