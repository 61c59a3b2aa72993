//! Statements that come to the same whichever way they go: what they ask is no question to the path.
//!
//! A sum that is only logged, or a log that looks at its level first, has branches; with all others of the
//! handler they would make paths that do the same. So such a statement is run once for each of its ways,
//! and where all leave the same state, the path goes on as if nothing had been asked.
//!
//! Which statements are worth it the paths show: those that asked and had no effect. A path that was the
//! first to show one is run again from there.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::alike::alike;
use super::domain::{Eval, FrameId};
use super::engine::{Engine, Run};
use super::ledger::Met;
use crate::ir::Expression;
use crate::source::Span;

/// Ways through one statement. Those of more are paths.
const MOST_WAYS: usize = 8;

/// A statement is not tried again after so many times that its ways were paths.
const MOST_FAILED: u32 = 2;

/// A path longer than this is not run again, nor are more paths.
const MOST_STEPS_TO_RUN_AGAIN: u64 = 20_000;
const MOST_RUN_AGAIN: u32 = 16;

/// What is known of statements that may come to the same.
#[derive(Debug, Default)]
pub(super) struct Asides<'p> {
    /// Statements that a path saw ask and have no effect.
    statements: FxHashSet<Span>,
    /// Those that the path at hand was the first to see, with the decisions before and after them.
    seen: Vec<(Span, usize, usize)>,
    /// How many paths were run again.
    again: u32,
    /// Where they did not come to the same, by all that a run had decided before them.
    matter: FxHashSet<u64>,
    /// Where they did, with what they left.
    same: FxHashMap<u64, Run<'p>>,
    /// How often a statement did not.
    failed: FxHashMap<Span, u32>,
    /// How many effects a way may have met; one more ends it.
    pub most_effects: Option<usize>,
    /// Whether something is being tried, one of them or something else. What runs in it may be taken back,
    /// so no other path may go on from there.
    pub is_running: bool,
}

impl<'p> Engine<'p> {
    /// Runs an expression whose value nobody asks for.
    pub(super) fn run_alone(&mut self, frame: FrameId, expression: &'p Expression) -> Eval<'p, ()> {
        if !self.asides.is_running && self.asides.statements.contains(&expression.span) {
            return self.run_aside(frame, expression);
        }
        let from = self.run.trail.taken.len();
        let effects = self.run.met.all_effects();
        let seen = self.asides.seen.len();
        self.eval(frame, expression)?;
        let to = self.run.trail.taken.len();
        let is_new = !self.asides.is_running && from >= self.run.trail.prescribed.len();
        if is_new && to > from && self.run.met.all_effects() == effects {
            self.asides.see(expression.span, from, to, seen);
        }
        Ok(())
    }

    /// Takes the last path back to the first statement of it that may come to the same, where it did not
    /// know of that: what it has decided up to there is to be run again.
    pub(super) fn begin_again(&mut self) -> Option<Vec<bool>> {
        let seen = std::mem::take(&mut self.asides.seen);
        let first = seen.iter().map(|(_, from, _)| *from).min()?;
        if self.run.steps > MOST_STEPS_TO_RUN_AGAIN || self.asides.again == MOST_RUN_AGAIN {
            return None;
        }
        self.asides.again += 1;
        self.asides.statements.extend(seen.into_iter().map(|(span, ..)| span));
        self.asides.same.clear();
        self.asides.matter.clear();
        self.stands.forget_run();
        self.run.trail.forget_from(first);
        Some(self.run.trail.taken.clone())
    }

    fn run_aside(&mut self, frame: FrameId, expression: &'p Expression) -> Eval<'p, ()> {
        let place = self.place_of(expression.span);
        if let Some(left) = self.asides.same.get(&place) {
            let Run { trail, .. } = std::mem::replace(&mut self.run, left.clone());
            (self.run.trail.prescribed, self.run.trail.open) = (trail.prescribed, trail.open);
            return Ok(());
        }
        let is_hopeless =
            self.asides.failed.get(&expression.span).is_some_and(|failed| *failed >= MOST_FAILED);
        if is_hopeless || self.asides.matter.contains(&place) {
            return self.eval(frame, expression).map(|_| ());
        }
        let before = self.run.clone();
        let taken = before.trail.taken.len();
        // Its questions are not those that the path has answers to.
        self.run.trail.prescribed.truncate(taken);
        self.asides.is_running = true;
        self.asides.most_effects = Some(before.met.all_effects());
        let answer = self.eval(frame, expression).map(|_| ());
        let asks = self.run.trail.taken.len() > taken;
        let joined = asks && answer.is_ok() && self.come_to_the_same(frame, expression, &before);
        self.asides.is_running = false;
        self.asides.most_effects = None;
        if joined {
            self.asides.same.insert(place, self.run.clone());
        }
        if answer.is_ok() && (joined || !asks) {
            self.run.trail.prescribed = before.trail.prescribed;
            return answer;
        }
        *self.asides.failed.entry(expression.span).or_default() += 1;
        self.asides.matter.insert(place);
        // As a part of the path it may have parts that come to the same.
        self.run = before;
        self.eval(frame, expression).map(|_| ())
    }

    /// Runs all other ways through a statement that was just run; where they leave what this one left, the
    /// questions are taken back. What not all ways have read may be read.
    fn come_to_the_same(&mut self, frame: FrameId, expression: &'p Expression, before: &Run<'p>) -> bool {
        let first = std::mem::take(&mut self.run);
        let known = before.trail.open.len();
        let mut waiting = ways(&first, known);
        let mut all: Vec<Met> = Vec::new();
        let mut same = true;
        while let Some(way) = waiting.pop() {
            same = all.len() + 1 < MOST_WAYS && {
                self.run = before.clone();
                self.run.trail.prescribed = way;
                self.eval(frame, expression).is_ok() && alike(&before.heap, &first, &self.run)
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
            trail.forget_from(before.trail.taken.len());
            met.join(&before.met, &all);
        }
        same
    }

    /// A number for the statement and all that the run has decided before it.
    fn place_of(&self, span: Span) -> u64 {
        let mut hasher = FxHasher::default();
        span.hash(&mut hasher);
        self.run.trail.taken.hash(&mut hasher);
        self.run.blocks.hash(&mut hasher);
        hasher.finish()
    }
}

impl Asides<'_> {
    /// Notes a statement that asked, unless only statements in it did, which it has `seen` after so many.
    fn see(&mut self, span: Span, from: usize, to: usize, seen: usize) {
        let of_parts: usize = self.seen[seen..].iter().map(|(_, from, to)| to - from).sum();
        if to - from > of_parts {
            self.seen.push((span, from, to));
        }
    }
}

/// The paths to the sides that a run left open since it had `known` of them.
fn ways(run: &Run<'_>, known: usize) -> Vec<Vec<bool>> {
    let trail = &run.trail;
    let path = |open: &super::trail::Open| {
        let mut path = trail.taken[..open.at].to_vec();
        path.push(open.side.holds());
        path
    };
    trail.open.iter().skip(known).map(path).collect()
}
