//! The choices of one path, and the order in which paths are explored.
//!
//! A handler is run once per path. Where a run meets a question that its values do not settle, the
//! trail answers: as the path prescribes while it lasts, with yes after that; each answer not given
//! becomes a path of its own. Paths that reach code not seen before go first, so that when the
//! number of paths is bounded, every branch has still been entered.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashSet, FxHasher};

use super::shape::{as_text, is_constant, key_text};
use crate::source::Span;
use crate::summary::{Condition, Shape, Test};

/// An answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Side {
    code: Code,
    /// The calls that lead to the place.
    surroundings: u64,
}

/// The same from anywhere: the place, what is asked for there (a loop asks for several things), the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Code {
    span: Span,
    asked: u64,
    holds: bool,
}

impl Side {
    pub(super) fn holds(&self) -> bool {
        self.code.holds
    }
}

/// A side that a path did not take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// Which decision of the path it is.
    pub at: usize,
    pub side: Side,
    /// It is that something fails.
    fails: bool,
}

/// What one path has decided so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    pub prescribed: Vec<bool>,
    pub taken: Vec<bool>,
    pub conditions: Vec<Arc<Condition>>,
    /// For each decision: the side not taken. Only for those that were not prescribed.
    pub open: Vec<Open>,
    pub sides: Vec<Side>,
    /// Which decisions choose a route.
    pub routing: Vec<usize>,
    /// Whether each decision was the one taken first.
    pub usual: Vec<bool>,
    /// While it is only asked what is known: whether a question was not settled.
    pub unsettled: Option<bool>,
    /// Where the outermost function returned.
    pub returned: Option<Span>,
}

impl Trail {
    /// Answers a question, consistently with what was answered before; with the usual answer, where there
    /// is one.
    pub(super) fn decide(&mut self, test: Test, span: Span, surroundings: u64, usual: Option<bool>) -> bool {
        // What was answered for one value that is not known says nothing of another.
        if !says_nothing(&test)
            && let Some(known) = self.conditions.iter().rev().find_map(|condition| implied(condition, &test))
        {
            return known;
        }
        if let Some(unsettled) = &mut self.unsettled {
            *unsettled = true;
            return true;
        }
        let at = self.taken.len();
        // What fails is looked at after what goes well.
        let first = !matches!(test, Test::Failed(..) | Test::Raised);
        let holds = self.prescribed.get(at).copied().or(usual).unwrap_or(first);
        let asked = asked_for(&test);
        let side = |holds| Side { code: Code { span, asked, holds }, surroundings };
        if at >= self.prescribed.len() {
            self.open.push(Open { at, side: side(!holds), fails: !first });
        }
        self.sides.push(side(holds));
        self.usual.push(holds == first);
        self.taken.push(holds);
        self.conditions.push(Arc::new(Condition { test, holds, span }));
        holds
    }
}

impl Trail {
    /// Forgets all decisions but so many.
    pub(super) fn forget_from(&mut self, decisions: usize) {
        self.taken.truncate(decisions);
        self.conditions.truncate(decisions);
        self.sides.truncate(decisions);
        self.usual.truncate(decisions);
        self.open.retain(|open| open.at < decisions);
        self.routing.retain(|at| *at < decisions);
    }
}

/// What a condition already says about a test.
fn implied(condition: &Condition, asked: &Test) -> Option<bool> {
    let Condition { test, holds, .. } = condition;
    if test == asked {
        return Some(*holds);
    }
    match (test, holds, asked) {
        (Test::Equal(value, constant), true, asked) if is_constant(constant) => {
            settled(value, constant, asked)
        }
        (Test::OneOf(value, ones), false, Test::Equal(other, one))
            if value == other && ones.contains(one) =>
        {
            Some(false)
        }
        (Test::Truthy(value), true, Test::Present(other)) if value == other => Some(true),
        (Test::Present(value), false, Test::Truthy(other)) if value == other => Some(false),
        (Test::Present(value), false, Test::Equal(other, constant)) if value == other => {
            Some(*constant == Shape::Null)
        }
        (Test::Truthy(value), false, Test::Equal(other, constant)) if value == other => {
            truth(constant).filter(|truthy| *truthy).map(|_| false)
        }
        (Test::Has(whole, key), false, Test::Truthy(part) | Test::Present(part))
            if super::shape::part(whole, key) == *part =>
        {
            Some(false)
        }
        (Test::Truthy(part) | Test::Present(part), true, Test::Has(whole, key))
            if super::shape::part(whole, key) == *part =>
        {
            Some(true)
        }
        _ => None,
    }
}

fn settled(value: &Shape, constant: &Shape, asked: &Test) -> Option<bool> {
    match asked {
        Test::Equal(other, one) if other == value && is_constant(one) => Some(one == constant),
        Test::OneOf(other, ones) if other == value && ones.iter().all(is_constant) => {
            Some(ones.contains(constant))
        }
        Test::Truthy(other) if other == value => truth(constant),
        Test::Present(other) if other == value => Some(*constant != Shape::Null),
        Test::StartsWith(other, prefix) if other == value => Some(as_text(constant)?.starts_with(prefix)),
        _ => None,
    }
}

/// A number for the constant that a test asks for.
fn asked_for(test: &Test) -> u64 {
    let mut hasher = FxHasher::default();
    if let Test::Equal(_, constant) = test {
        as_text(constant).hash(&mut hasher);
    }
    hasher.finish()
}

/// Two tests on values not known are two questions.
fn says_nothing(test: &Test) -> bool {
    match test {
        Test::Truthy(value)
        | Test::Present(value)
        | Test::Has(value, _)
        | Test::StartsWith(value, _)
        | Test::Iterates(value) => has_unknown(value),
        Test::Equal(left, right) => has_unknown(left) || has_unknown(right),
        Test::OneOf(value, _) => has_unknown(value),
        Test::Other(values) => values.is_empty() || values.iter().any(has_unknown),
        Test::Failed(..) | Test::Raised => true,
    }
}

fn has_unknown(shape: &Shape) -> bool {
    match shape {
        Shape::Unknown => true,
        Shape::Computed { from, .. } => from.is_empty() || from.iter().any(has_unknown),
        Shape::Part { of, .. } | Shape::Item { of, .. } => has_unknown(of),
        _ => false,
    }
}

/// Whether a value counts as true, where that is known.
pub(super) fn truth(shape: &Shape) -> Option<bool> {
    match shape {
        Shape::Null => Some(false),
        Shape::Bool(value) => Some(*value),
        Shape::Number(number) => number.parse::<f64>().ok().map(|number| number != 0.0),
        Shape::Json(_) | Shape::RandomId | Shape::Now(_) => Some(true),
        Shape::Text(parts)
            if parts.iter().any(|part| key_text(part).is_some_and(|text| !text.is_empty())) =>
        {
            Some(true)
        }
        shape => as_text(shape).map(|text| !text.is_empty()),
    }
}

/// The paths still to be run.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    seen: FxHashSet<Side>,
    /// Sides with the one before: the same branch, reached another way.
    seen_after: FxHashSet<(Side, Side)>,
    /// Paths to other routes of a router: they come before what happens on one route.
    routes: VecDeque<(Vec<bool>, Side)>,
    seen_anywhere: FxHashSet<Code>,
    /// Paths to a side that was seen with no surroundings when they were found.
    novel: VecDeque<(Vec<bool>, Side)>,
    /// Those of them where something fails.
    failing: VecDeque<(Vec<bool>, Side)>,
    /// Paths to a side that was seen, but not with these surroundings.
    fresh: VecDeque<(Vec<bool>, Side)>,
    /// Paths to a seen side from another one than before.
    other_way: VecDeque<(Vec<bool>, (Side, Side))>,
    rest: VecDeque<Vec<bool>>,
}

impl Frontier {
    /// Takes over what a run has seen and left open.
    pub(super) fn learn(&mut self, trail: &Trail) {
        self.seen.extend(trail.sides.iter().copied());
        self.seen_anywhere.extend(trail.sides.iter().map(|side| side.code));
        self.seen_after.extend(trail.sides.windows(2).map(|pair| (pair[0], pair[1])));
        for Open { at, side, fails } in trail.open.iter().rev() {
            let mut path = trail.taken[..*at].to_vec();
            path.push(side.holds());
            let before = at.checked_sub(1).and_then(|before| trail.sides.get(before));
            if !self.seen.contains(side) {
                let queue = match () {
                    () if trail.routing.contains(at) => &mut self.routes,
                    () if self.is_known(side) => &mut self.fresh,
                    () if *fails => &mut self.failing,
                    () => &mut self.novel,
                };
                queue.push_back((path, *side));
            } else if let Some(before) = before {
                self.other_way.push_back((path, (*before, *side)));
            } else {
                self.rest.push_back(path);
            }
        }
    }

    fn is_known(&self, side: &Side) -> bool {
        self.seen_anywhere.contains(&side.code)
    }

    /// The next path: one to other code, then to the same from elsewhere, then to code in another order,
    /// or any while `spare` ones are wanted.
    pub(super) fn next(&mut self, spare: bool) -> Option<Vec<bool>> {
        if let Some(path) = self.next_unseen().or_else(|| self.next_fresh()) {
            return Some(path);
        }
        while let Some((path, pair)) = self.other_way.pop_front() {
            if !self.seen_after.contains(&pair) {
                return Some(path);
            }
            self.rest.push_back(path);
        }
        if spare { self.rest.pop_front() } else { None }
    }

    /// The next path to another route, or to code that no path has reached from anywhere.
    pub(super) fn next_unseen(&mut self) -> Option<Vec<bool>> {
        while let Some((path, side)) = self.routes.pop_front() {
            if !self.seen.contains(&side) {
                return Some(path);
            }
            self.rest.push_back(path);
        }
        while let Some((path, side)) = self.novel.pop_front().or_else(|| self.failing.pop_front()) {
            if !self.is_known(&side) {
                return Some(path);
            }
            self.fresh.push_back((path, side));
        }
        None
    }

    /// The next path to code that was reached, but not by the same calls.
    pub(super) fn next_fresh(&mut self) -> Option<Vec<bool>> {
        while let Some((path, side)) = self.fresh.pop_front() {
            if !self.seen.contains(&side) {
                return Some(path);
            }
            self.rest.push_back(path);
        }
        None
    }

    /// Whether there is code that no path has reached by the same calls.
    pub(super) fn has_unseen(&self) -> bool {
        let queues = [&self.routes, &self.novel, &self.failing, &self.fresh];
        queues.into_iter().flatten().any(|(_, side)| !self.seen.contains(side))
    }

    pub(super) fn is_done(&self) -> bool {
        self.routes.is_empty()
            && self.novel.is_empty()
            && self.failing.is_empty()
            && self.fresh.is_empty()
            && self.other_way.is_empty()
            && self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::summary::Symbol;

    fn method(name: &str) -> Test {
        Test::Equal(
            Shape::Symbol(Symbol::Event(["httpMethod".to_owned()].into())),
            super::super::shape::text(name),
        )
    }

    fn at(offset: usize) -> Span {
        Span::new(SourceId(0), offset, offset + 1)
    }

    #[test]
    fn answers_agree_with_each_other() {
        let mut trail = Trail::default();
        assert!(trail.decide(method("GET"), at(1), 0, None));
        assert!(!trail.decide(method("POST"), at(2), 0, None));
        assert_eq!(trail.conditions.len(), 1, "the second question was settled by the first");
    }

    #[test]
    fn every_side_is_reached_before_combinations() {
        let mut frontier = Frontier::default();
        let mut next = Some(Vec::new());
        let mut runs = 0;
        while let Some(prescribed) = next {
            let mut trail = Trail { prescribed, ..Trail::default() };
            for place in 0..10 {
                trail.decide(Test::Other([].into()), at(place), 0, None);
            }
            frontier.learn(&trail);
            runs += 1;
            next = frontier.next(false);
        }
        assert!(
            (11..60).contains(&runs),
            "each side not taken at first, and each pair of neighbours: {runs}"
        );
        assert!(!frontier.is_done());
    }
}
