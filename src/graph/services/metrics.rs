//! Numbers about services: how much they depend on each other, how long functions wait for functions.
//!
//! Coupling and instability are Robert C. Martin's (OO Design Quality Metrics, 1994): a service is
//! stable where many depend on it and it depends on few.

use std::collections::{BTreeMap, BTreeSet};

use super::coupling::Dependency;
use super::{Basis, Member, Services};
use crate::aws::triggers::is_invocation;
use crate::graph::model::{Function, Graph, Reference, Target};
use crate::graph::of_template;
use crate::graph::waits::{Waits, waits};
use crate::summary::Action;

/// What is counted of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    pub name: String,
    pub basis: Basis,
    pub functions: usize,
    pub state_machines: usize,
    pub routes: usize,
    pub stores: usize,
    /// How many services depend on it.
    pub afferent: usize,
    /// On how many services it depends.
    pub efferent: usize,
    /// The longest line of functions that wait for each other, from one of its functions on; empty
    /// where none waits.
    pub chain: Vec<Member>,
}

impl Metrics {
    /// Efferent coupling over all coupling; nothing where there is none.
    pub fn instability(&self) -> Option<f64> {
        let all = self.afferent + self.efferent;
        (all > 0).then(|| self.efferent as f64 / all as f64)
    }
}

/// One row per service, by name.
pub fn metrics(graph: &Graph, services: &Services, dependencies: &[Dependency]) -> Vec<Metrics> {
    let waiting = waiting(graph);
    let pairs: BTreeSet<(usize, usize)> = dependencies.iter().map(|found| (found.from, found.to)).collect();
    let rows = services.all.iter().enumerate().map(|(index, service)| {
        let functions: Vec<&Member> =
            service.members.iter().filter(|own| own.is_function).map(|own| &own.member).collect();
        let chains = functions.iter().map(|member| {
            Search { waiting: &waiting, steps: Search::STEPS }.longest(member, &mut Vec::new())
        });
        let longest =
            chains.fold(Vec::new(), |best, chain| if chain.len() > best.len() { chain } else { best });
        Metrics {
            name: service.name.clone(),
            basis: service.basis,
            routes: functions.iter().map(|member| routes(graph, member)).sum(),
            state_machines: service.members.len() - functions.len(),
            functions: functions.len(),
            stores: service.stores.len(),
            afferent: pairs.iter().filter(|(_, to)| *to == index).count(),
            efferent: pairs.iter().filter(|(from, _)| *from == index).count(),
            chain: if longest.len() > 1 { longest } else { Vec::new() },
        }
    });
    rows.collect()
}

fn routes(graph: &Graph, member: &Member) -> usize {
    let target = Target::Function(Reference::Resource(member.id.clone()));
    of_template(&graph.routes, member.template).iter().filter(|route| route.target == target).count()
}

/// Which functions each function invokes and waits for.
fn waiting(graph: &Graph) -> BTreeMap<Member, BTreeSet<Member>> {
    let mut waiting: BTreeMap<Member, BTreeSet<Member>> = BTreeMap::new();
    for function in &graph.functions {
        let called: BTreeSet<Member> = called(graph, function);
        if !called.is_empty() {
            waiting.insert(Member { template: function.template, id: function.id.text.clone() }, called);
        }
    }
    waiting
}

fn called(graph: &Graph, function: &Function) -> BTreeSet<Member> {
    let Some(summary) = &function.behaviour.summary else { return BTreeSet::new() };
    let done = summary.effects.iter().zip(&function.behaviour.targets);
    let mut called = BTreeSet::new();
    for (effect, target) in done {
        match (&effect.action, target) {
            (Action::Aws { service, operation }, Some(target))
                if is_invocation(service, operation) && waits(&effect.input) == Waits::Yes =>
            {
                let resolver = super::Resolver { graph };
                let member = resolver.resource(function.template, target);
                called.extend(member.filter(|member| is_function(graph, member)));
            }
            _ => {}
        }
    }
    called
}

fn is_function(graph: &Graph, member: &Member) -> bool {
    of_template(&graph.functions, member.template).iter().any(|function| function.id.text == member.id)
}

/// Looks for the longest line of functions that wait for each other.
struct Search<'w> {
    waiting: &'w BTreeMap<Member, BTreeSet<Member>>,
    /// Steps that may still be taken: where all wait for all, there are more ways than anybody can try.
    steps: usize,
}

impl Search<'_> {
    const STEPS: usize = 10_000;
    /// Longer chains are cut: none waits that long.
    const DEEPEST: usize = 30;

    /// The longest way on from a function that visits none twice; the first of several.
    fn longest(&mut self, from: &Member, way: &mut Vec<Member>) -> Vec<Member> {
        way.push(from.clone());
        let mut best = way.clone();
        for next in self.waiting.get(from).into_iter().flatten() {
            self.steps = self.steps.saturating_sub(1);
            if self.steps > 0 && way.len() < Self::DEEPEST && !way.contains(next) {
                let found = self.longest(next, way);
                if found.len() > best.len() {
                    best = found;
                }
            }
        }
        way.pop();
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::model::TemplateId;

    fn member(number: usize) -> Member {
        Member { template: TemplateId(0), id: format!("F{number:02}") }
    }

    fn chain(calls: &[(usize, usize)], from: usize) -> usize {
        let mut waiting: BTreeMap<Member, BTreeSet<Member>> = BTreeMap::new();
        for (caller, called) in calls {
            waiting.entry(member(*caller)).or_default().insert(member(*called));
        }
        Search { waiting: &waiting, steps: Search::STEPS }.longest(&member(from), &mut Vec::new()).len()
    }

    #[test]
    fn the_longest_line_counts_and_circles_end() {
        assert_eq!(chain(&[(1, 2), (2, 3), (1, 3)], 1), 3);
        assert_eq!(chain(&[(1, 2), (2, 1)], 1), 2);
        assert_eq!(chain(&[], 1), 1);
    }

    #[test]
    fn all_waiting_for_all_is_given_up_in_time() {
        let calls: Vec<_> = (0..40).flat_map(|one| (0..40).map(move |other| (one, other))).collect();
        assert!(chain(&calls, 0) > 10);
    }
}
