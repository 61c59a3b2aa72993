//! One run over all that a handler may do, where its paths are too many to run each.
//!
//! Both sides of a branch run one after the other, whatever it asks, and what is behind a `return` that
//! only one of them takes runs too. So it shows which calls and reads there may be, and nothing of when:
//! only those that no path has met are kept of it, without what goes into them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::domain::{Arguments, Eval, FrameId, Kind, Loc, Object, Route, Stop, Value};
use super::engine::{Engine, Run};
use super::shape::join;
use super::statements::Flow;
use crate::ir::{Catch, Expression, Statement};
use crate::source::Span;
use crate::summary::{Action, Effect, Shape, Symbol, Test, Times};

/// Expressions and statements of the run.
pub(super) const MOST_STEPS: u64 = 250_000;
/// A function that took more steps than this, all calls of it together, is not run again.
const MOST_STEPS_OF_FUNCTION: u64 = 12_000;

/// Functions beyond this are not run later.
const MOST_WAITING: usize = 400;

/// Stands for each of several functions under a key that is not known.
pub(super) const ANY_OF: &str = "any of several functions";

/// The state of the run.
#[derive(Debug, Default)]
pub(super) struct Skim<'p> {
    /// What the running functions have returned so far, on some side of a branch.
    returned: Vec<Option<Value<'p>>>,
    /// By function: the steps it took, and what it returned.
    functions: FxHashMap<Span, (u64, Value<'p>)>,
}

impl<'p> Engine<'p> {
    /// Runs the handler once more, from where its modules have loaded, and what waits to be run by others.
    /// Whether it has effects that were not known.
    pub(super) fn skim(&mut self, loaded: Run<'p>, all_paths: bool) -> bool {
        if all_paths && loaded.waiting.is_empty() {
            return false;
        }
        let (effects, inits) = (self.ledger.effects.len(), self.ledger.inits.clone());
        let unknowns = self.ledger.unknowns.clone();
        self.asides.is_running = true;
        self.run = loaded;
        self.run.trail.prescribed.clear();
        // One answer was given while the modules loaded; here the other counts too.
        self.run.trail.forget_from(0);
        self.run.at_init = false;
        self.begin_anew();
        self.skimming = Some(Skim::default());
        let place = Span::new(self.program.entry.source, 0, 0);
        let waiting = Arguments::of(std::mem::take(&mut self.run.waiting));
        // However it ends: what it has met until then is known.
        if !all_paths && let Some(handler) = self.handler() {
            let _ = self.invoke(handler, place);
        }
        let _ = self.callbacks(&waiting, place);
        let _ = self.methods_called_back(&waiting, place);
        self.skimming = None;
        let met = std::mem::take(&mut self.run.met);
        self.ledger.skimmed = [met.env_reads, met.may_env_reads].concat();
        (self.ledger.inits, self.ledger.unknowns) = (inits, unknowns);
        let new = self.ledger.effects.split_off(effects);
        let sites: FxHashSet<(Span, Action)> =
            self.ledger.effects.iter().map(|effect| (effect.span, effect.action.clone())).collect();
        let mut added: FxHashSet<(Span, Action, Symbol)> = FxHashSet::default();
        for effect in new.into_iter().map(seen_only) {
            let is_new = !sites.contains(&(effect.span, effect.action.clone()))
                && added.insert((effect.span, effect.action.clone(), effect.on.clone()));
            if is_new {
                self.ledger.effects.push(effect);
            }
        }
        self.ledger.effects.len() > effects
    }

    /// Keeps functions, and objects that have some, that something else may run later.
    pub(super) fn waits(&mut self, given: &Arguments<'p>) {
        if !self.run.at_init || self.run.waiting.len() >= MOST_WAITING {
            return;
        }
        let has_code = |value: &&Value<'p>| value.is_callable() || matches!(value, Value::Object(_));
        let new: Vec<Value<'p>> = given.all().filter(has_code).cloned().collect();
        self.run.waiting.extend(new);
    }

    /// The answer to a question, where none is to be asked.
    pub(super) fn skims(&self, test: &Test) -> Option<bool> {
        self.skimming.as_ref()?;
        self.run.trail.unsettled.is_none().then_some(!matches!(test, Test::Failed(..) | Test::Raised))
    }

    pub(super) fn skim_branches(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        then: &'p [Statement],
        otherwise: &'p [Statement],
    ) -> Eval<'p, Flow<'p>> {
        if let Some(holds) = self.weighed(frame, test)? {
            return self.block(frame, if holds { then } else { otherwise });
        }
        let flows = [self.block(frame, then), self.block(frame, otherwise)];
        self.loosen(frame, then, test.span);
        self.loosen(frame, otherwise, test.span);
        self.together(flows.into())
    }

    pub(super) fn skim_choice(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        then: &'p Expression,
        otherwise: &'p Expression,
    ) -> Eval<'p> {
        match self.weighed(frame, test)? {
            Some(true) => self.eval(frame, then),
            Some(false) => self.eval(frame, otherwise),
            None => {
                let (then, otherwise) = (self.eval(frame, then)?, self.eval(frame, otherwise)?);
                Ok(better(then, otherwise))
            }
        }
    }

    /// `value`, or the right side of an operator that may skip it.
    pub(super) fn skim_either(
        &mut self,
        frame: FrameId,
        value: Value<'p>,
        right: &'p Expression,
    ) -> Eval<'p> {
        let other = self.eval(frame, right)?;
        Ok(better(value, other))
    }

    pub(super) fn skim_try(
        &mut self,
        frame: FrameId,
        body: &'p [Statement],
        catches: &'p [Catch],
        [otherwise, finally]: [&'p [Statement]; 2],
    ) -> Eval<'p, Flow<'p>> {
        let mut flows = vec![self.block(frame, body)];
        if matches!(flows[0], Ok(Flow::Next)) {
            flows[0] = self.block(frame, otherwise);
        }
        for catch in catches {
            if let Some(pattern) = &catch.pattern {
                self.bind(frame, pattern, Value::unknown())?;
            }
            flows.push(self.block(frame, &catch.body));
        }
        let flow = self.together(flows)?;
        match self.block(frame, finally)? {
            Flow::Next => Ok(flow),
            flow => Ok(flow),
        }
    }

    /// All routes of a router, with what runs for many of them.
    pub(super) fn skim_routes(
        &mut self,
        framework: &str,
        routes: &[Route<'p>],
        event: &Value<'p>,
    ) -> Eval<'p, Option<Value<'p>>> {
        for route in routes {
            match self.run_handlers(framework, route, event) {
                Err(Stop::Exhausted) => return Err(Stop::Exhausted),
                _ => self.run.answer = None,
            }
        }
        Ok(Some(Value::unknown()))
    }

    /// Stands for all of some values under a key that is not known.
    pub(super) fn any_of(&mut self, values: Vec<Value<'p>>) -> Value<'p> {
        let mut all = Object::new(Kind::Library(ANY_OF.into()));
        all.items = values;
        Value::Object(self.new_object(all))
    }

    pub(super) fn call_any_of(&mut self, all: Loc, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let mut answer = Value::null();
        for function in self.run.heap.get(all).items.clone() {
            let other = self.call(&function, arguments.clone(), None, span)?;
            answer = better(answer, other);
        }
        Ok(answer)
    }

    /// Enters a function, or gives what it returned where it was run often enough.
    pub(super) fn skim_into(&mut self, function: Span) -> Option<Value<'p>> {
        let skim = self.skimming.as_mut()?;
        if let Some((steps, answer)) = skim.functions.get(&function)
            && *steps > MOST_STEPS_OF_FUNCTION
        {
            return Some(answer.clone());
        }
        skim.returned.push(None);
        None
    }

    /// The end of a function: an error ends nothing but its side of a branch.
    pub(super) fn skim_out(
        &mut self,
        function: Span,
        began: u64,
        result: Eval<'p, Flow<'p>>,
    ) -> Eval<'p, Flow<'p>> {
        let took = self.run.steps - began;
        let Some(skim) = &mut self.skimming else { return result };
        let returned = skim.returned.pop().flatten().unwrap_or_else(Value::null);
        let answer = match result {
            Err(Stop::Exhausted) => return Err(Stop::Exhausted),
            Ok(Flow::Return(value)) => better(value, returned),
            Ok(_) | Err(Stop::Raise(_)) => returned,
        };
        let Some(skim) = &mut self.skimming else { return Ok(Flow::Return(answer)) };
        let (steps, known) = skim.functions.entry(function).or_insert_with(|| (0, answer.clone()));
        *steps += took;
        *known = answer.clone();
        Ok(Flow::Return(answer))
    }

    /// The side of a condition, where it is known.
    fn weighed(&mut self, frame: FrameId, test: &'p Expression) -> Eval<'p, Option<bool>> {
        match self.weigh(frame, test, &mut Vec::new()) {
            Err(Stop::Exhausted) => Err(Stop::Exhausted),
            Err(Stop::Raise(_)) => Ok(None),
            known => known,
        }
    }

    /// How code goes on after ways of which any may be taken.
    fn together(&mut self, flows: Vec<Eval<'p, Flow<'p>>>) -> Eval<'p, Flow<'p>> {
        let mut goes_on = false;
        let mut returns = None;
        for flow in flows {
            match flow {
                Err(Stop::Exhausted) => return Err(Stop::Exhausted),
                Err(Stop::Raise(_)) => {}
                Ok(Flow::Return(value)) => {
                    returns = Some(match returns {
                        Some(other) => better(other, value),
                        None => value,
                    });
                }
                Ok(Flow::Next | Flow::Break | Flow::Continue) => goes_on = true,
            }
        }
        if !goes_on {
            return Ok(Flow::Return(returns.unwrap_or_else(Value::null)));
        }
        if let Some(value) = returns {
            self.may_return(value);
        }
        Ok(Flow::Next)
    }

    /// Keeps what the running function returns on some side of a branch.
    fn may_return(&mut self, value: Value<'p>) {
        let last = |skim: &mut Option<Skim<'p>>| skim.as_mut()?.returned.last_mut()?.take();
        let known = last(&mut self.skimming);
        let value = match known {
            Some(known) => better(known, value),
            None => value,
        };
        if let Some(last) = self.skimming.as_mut().and_then(|skim| skim.returned.last_mut()) {
            *last = Some(value);
        }
    }
}

/// Of two values either of which may be there: the one that more can be done with.
fn better<'p>(one: Value<'p>, other: Value<'p>) -> Value<'p> {
    match (&one, &other) {
        (Value::Shape(left), Value::Shape(right)) => match (&**left, &**right) {
            (Shape::Null | Shape::Unknown, _) => other,
            (_, Shape::Null | Shape::Unknown) => one,
            (left, right) => Value::shape(join(left, right)),
        },
        (Value::Shape(_) | Value::Rejected(_), _) => other,
        _ => one,
    }
}

/// An effect without what stems from a run that no path takes.
fn seen_only(effect: Effect) -> Effect {
    let on = if has_answer(&effect.on) { Symbol::Unknown } else { effect.on };
    let times = match effect.times {
        Times::PerItemOf(_) => Times::Many,
        times => times,
    };
    Effect { input: Shape::Unknown, on, times, ..effect }
}

fn has_answer(symbol: &Symbol) -> bool {
    match symbol {
        Symbol::Result(..) => true,
        Symbol::Text(parts) => parts.iter().any(has_answer),
        _ => false,
    }
}
