//! Branches that only gather: `if bad: problems.append(...)`. Both sides run, without a question.
//!
//! What such a branch adds to a list is there or not, like what a loop adds. Were each one a question,
//! a check of ten fields had a thousand paths, which all go on alike.

use super::domain::{Eval, FrameId, Kind, Loc, Value};
use super::engine::{Engine, Loop, Run};
use super::shape::computed;
use super::statements::Flow;
use crate::aws::libraries::{self, Does};
use crate::ir::{Expression, ExpressionKind, LogicalOperator, Statement, StatementKind, UnaryOperator};
use crate::source::Span;
use crate::summary::{Action, Shape};

/// What a value is computed by that was gathered under conditions; made from what they ask.
const GATHERED: &str = "if";

impl<'p> Engine<'p> {
    /// Runs both branches where they only gather. `false`: nothing was done.
    pub(super) fn gathers(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        then: &'p [Statement],
        otherwise: &'p [Statement],
    ) -> Eval<'p, bool> {
        if !then.iter().chain(otherwise).all(|statement| self.only_gathers(frame, statement)) {
            return Ok(false);
        }
        let before = self.run.clone();
        let outer = std::mem::replace(&mut self.asides.is_running, true);
        let gathered = self.try_gathering(frame, test, [then, otherwise], &before);
        self.asides.is_running = outer;
        if !gathered {
            self.go_back(before);
        }
        Ok(gathered)
    }

    fn try_gathering(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        [then, otherwise]: [&'p [Statement]; 2],
        before: &Run<'p>,
    ) -> bool {
        let mut asked = Vec::new();
        let branches = match self.weigh(frame, test, &mut asked) {
            Ok(Some(true)) => [then, &[]],
            Ok(Some(false)) => [otherwise, &[]],
            Ok(None) => [then, otherwise],
            Err(_) => return false,
        };
        let taken = self.run.trail.taken.len();
        let is_open = !asked.is_empty();
        if is_open {
            self.enter_maybe(computed(GATHERED, asked, test.span));
        }
        let flows = branches.map(|branch| match is_open {
            true => self.maybe(|engine| engine.block(frame, branch)),
            false => self.block(frame, branch),
        });
        if is_open {
            self.leave_loop();
        }
        let is_plain = flows.iter().all(|flow| matches!(flow, Ok(Flow::Next)));
        is_plain && self.run.trail.taken.len() == taken && self.did_nothing_since(before)
    }

    /// As if it had not been tried. Only the steps are spent.
    fn go_back(&mut self, before: Run<'p>) {
        let steps = self.run.steps;
        self.run = before;
        self.run.steps = steps;
    }

    /// Evaluates something that may turn out to do more than give a value: then it is as if it had not
    /// been evaluated.
    pub(super) fn value_alone(&mut self, frame: FrameId, expression: &'p Expression) -> Option<Value<'p>> {
        let before = self.run.clone();
        let outer = std::mem::replace(&mut self.asides.is_running, true);
        let value = self.maybe(|engine| engine.eval(frame, expression));
        self.asides.is_running = outer;
        let is_alone =
            self.run.trail.taken.len() == before.trail.taken.len() && self.did_nothing_since(&before);
        match value {
            Ok(value) if is_alone => Some(value),
            _ => {
                self.go_back(before);
                None
            }
        }
    }

    /// Nothing that would leave the function happened since, logs apart.
    fn did_nothing_since(&self, before: &Run<'p>) -> bool {
        let met = &self.run.met;
        let (known, at_init) = (before.met.effects.len(), before.met.init_effects.len());
        let mut new = met.effects.iter().skip(known).chain(met.init_effects.iter().skip(at_init));
        new.all(|id| self.ledger.effects[id.index()].action == Action::Telemetry)
            && met.routes.len() == before.met.routes.len()
    }

    /// Whether a statement does no more than add to lists, or log.
    fn only_gathers(&self, frame: FrameId, statement: &Statement) -> bool {
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                then.iter().chain(otherwise).all(|statement| self.only_gathers(frame, statement))
            }
            StatementKind::Expression(Expression { kind: ExpressionKind::Call { callee, .. }, .. }) => {
                self.is_append(frame, callee) || self.only_logs(frame, statement)
            }
            _ => false,
        }
    }

    fn is_append(&self, frame: FrameId, callee: &Expression) -> bool {
        let ExpressionKind::Member { object, name, .. } = &callee.kind else { return false };
        let ExpressionKind::Name(list) = &object.kind else { return false };
        matches!(self.lookup_quietly(frame, list), Some(Value::Object(loc)) if matches!(self.run.heap.get(loc).kind, Kind::List))
            && libraries::method(name).is_some_and(|known| known.does == Does::Append)
    }

    /// The side of a condition where it is known, without choosing one where it is not; and what is
    /// left to ask.
    pub(super) fn weigh(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        asked: &mut Vec<Shape>,
    ) -> Eval<'p, Option<bool>> {
        Ok(match &test.kind {
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => {
                self.weigh(frame, operand, asked)?.map(|holds| !holds)
            }
            ExpressionKind::Logical { operator, left, right } if *operator != LogicalOperator::NullOr => {
                let decides = *operator == LogicalOperator::Or;
                let first = self.weigh(frame, left, asked)?;
                if first == Some(decides) {
                    return Ok(first);
                }
                let second = match first {
                    Some(_) => self.weigh(frame, right, asked)?,
                    None => self.maybe(|engine| engine.weigh(frame, right, asked))?,
                };
                match (first, second) {
                    (_, Some(side)) if side == decides => Some(side),
                    (Some(_), second) => second,
                    (None, _) => None,
                }
            }
            _ => {
                let value = self.eval(frame, test)?;
                let known = self.known_truth(&value, test.span, self.language(frame));
                if known.is_none() {
                    asked.push(self.shape_of(&value));
                }
                known
            }
        })
    }

    /// Runs what may not be run on this path: nothing is read there for sure.
    fn maybe<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let (of_event, of_env) = (self.run.met.event_reads.len(), self.run.met.env_reads.len());
        let result = run(self);
        let met = &mut self.run.met;
        met.may_event_reads.extend(met.event_reads.drain(of_event.min(met.event_reads.len())..));
        met.may_env_reads.extend(met.env_reads.drain(of_env.min(met.env_reads.len())..));
        result
    }

    fn enter_maybe(&mut self, asked: Shape) {
        self.enter_loop(Some(asked));
        if let Some(last) = self.run.loops.last_mut() {
            last.maybe = true;
        }
    }

    /// What a list that was made before is filled by: the items of the loop at hand, some of them, or
    /// what conditions ask.
    pub(super) fn fills(&self, list: Loc, span: Span) -> Option<Shape> {
        let around = self.loop_around(list)?;
        let of = |around: &Loop| around.of.clone().unwrap_or(Shape::Unknown);
        if !around.maybe {
            return Some(of(around));
        }
        let mut outer = self.run.loops.iter().rev().skip_while(|around| around.maybe);
        let outer = outer.next().filter(|outer| outer.is_around(list));
        let new = match outer {
            Some(outer) => computed("filter", vec![of(outer)], span),
            None => of(around),
        };
        let old = self.run.heap.get(list).each.as_ref().map(|(of, _)| &**of);
        Some(match old {
            Some(old) => together(old, new, span),
            None => new,
        })
    }
}

/// What is gathered under one condition and another.
fn together(old: &Shape, new: Shape, span: Span) -> Shape {
    let is_gathered = |operation: &str| operation == GATHERED;
    match (old, &new) {
        (
            Shape::Computed { operation: one, from: known, .. },
            Shape::Computed { operation: two, from, .. },
        ) if is_gathered(one) && is_gathered(two) => {
            let more = from.iter().filter(|asked| !known.contains(asked));
            computed(GATHERED, known.iter().chain(more).cloned().collect(), span)
        }
        _ => new,
    }
}
