//! What services do to each other, each with the line that does it.

use std::collections::{BTreeMap, BTreeSet};

use super::stores::{Resolver, Store, uses};
use super::{How, Member, Services};
use crate::aws::effects::{self, effect};
use crate::aws::services::store_of_service;
use crate::aws::triggers;
use crate::evidence::{Certainty, Evidence};
use crate::graph::model::{Function, Graph, Reference, Subject, Target, Task};
use crate::source::{SourceId, Sources, parent};
use crate::summary::Action;

/// One service depends on another.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    /// Indices into [`Services::all`].
    pub from: usize,
    pub to: usize,
    pub how: How,
    /// What depends, and on what.
    pub member: Member,
    pub on: Member,
    pub evidence: Evidence,
}

/// All dependencies between services, in the order of who depends.
pub fn dependencies(graph: &Graph, sources: &Sources, services: &Services) -> Vec<Dependency> {
    let mut seeker = Seeker {
        graph,
        sources,
        services,
        resolver: Resolver { graph },
        serving: serving(graph, services),
        homes: homes(graph, sources, services),
        found: Vec::new(),
    };
    for function in &graph.functions {
        let Some(from) = services.index_of(function.template, &function.id.text) else { continue };
        let who = Who {
            service: from,
            member: Member { template: function.template, id: function.id.text.clone() },
        };
        seeker.stores(&who, function);
        seeker.calls(&who, function);
        seeker.imports(&who, function);
    }
    for task in &graph.tasks {
        seeker.task(task);
    }
    let mut found = seeker.found;
    let key = |dependency: &Dependency| {
        (dependency.from, dependency.to, dependency.how, dependency.member.clone(), dependency.on.clone())
    };
    found.sort_by_cached_key(|dependency| (key(dependency), dependency.evidence.span));
    found.dedup_by(|later, kept| key(later) == key(kept));
    found
}

struct Who {
    service: usize,
    member: Member,
}

struct Seeker<'g> {
    graph: &'g Graph,
    sources: &'g Sources,
    services: &'g Services,
    resolver: Resolver<'g>,
    /// Services that what a queue, stream or API holds is for.
    serving: BTreeMap<Member, BTreeSet<usize>>,
    /// The service whose handlers lie in a folder.
    homes: BTreeMap<String, BTreeSet<usize>>,
    found: Vec<Dependency>,
}

impl Seeker<'_> {
    fn add(&mut self, who: &Who, to: usize, how: How, on: &Member, evidence: Evidence) {
        if who.service != to {
            let (from, member) = (who.service, who.member.clone());
            self.found.push(Dependency { from, to, how, member, on: on.clone(), evidence });
        }
    }

    fn stores(&mut self, who: &Who, function: &Function) {
        let folder = parent(&self.graph.templates[function.template.0].path);
        for (store, used) in uses(self.graph, folder, function) {
            let Store::Here(member) = store else { continue };
            let Some(to) = self.services.index_of(member.template, &member.id) else { continue };
            for (how, evidence) in [(How::Reads, used.reads), (How::Writes, used.writes)] {
                if let Some(evidence) = evidence {
                    self.add(who, to, how, &member, evidence);
                }
            }
        }
    }

    fn calls(&mut self, who: &Who, function: &Function) {
        let Some(summary) = function.behaviour.summary.clone() else { return };
        for (done, target) in summary.effects.iter().zip(&function.behaviour.targets) {
            let Some(target) = target else { continue };
            let how = match &done.action {
                Action::Aws { service, operation } => match effect(service, operation) {
                    effects::Effect::Invokes => How::Invokes,
                    effects::Effect::Sends => How::Sends,
                    _ => continue,
                },
                Action::Http { .. } => How::Calls,
                _ => continue,
            };
            let on = match (how, target) {
                (How::Calls, Reference::Text(text)) => self.api_in(function, text),
                _ => self.resolver.resource(function.template, target),
            };
            let Some(on) = on else { continue };
            let text = format!("`{}` {} `{}`", who.member.id, how.name(), on.id);
            let evidence = Evidence { span: done.span, certainty: done.certainty, text };
            let to = match how {
                How::Invokes => self.services.index_of(on.template, &on.id),
                _ => self.only_served(&on),
            };
            if let Some(to) = to {
                self.add(who, to, how, &on, evidence);
            }
        }
    }

    /// The API of the same template whose address a text is.
    fn api_in(&self, function: &Function, text: &str) -> Option<Member> {
        let mut own = self.graph.apis.iter().filter(|api| api.template == function.template);
        let api = own.find(|api| text.contains(&format!("://${{{}}}.execute-api.", api.id)))?;
        Some(Member { template: api.template, id: api.id.clone() })
    }

    /// The one service behind a queue, a stream or an API.
    fn only_served(&self, on: &Member) -> Option<usize> {
        let served = self.serving.get(on)?;
        served.first().copied().filter(|_| served.len() == 1)
    }

    /// Code that lies where only another service has its handlers.
    fn imports(&mut self, who: &Who, function: &Function) {
        let modules: Vec<SourceId> = function.behaviour.modules.iter().skip(1).copied().collect();
        let span = function.handler.as_ref().map_or(function.id.span, |handler| handler.span);
        for module in modules {
            let path = self.sources.path(module);
            let Some(homes) = self.homes.get(parent(path)) else { continue };
            let Some(to) = homes.first().copied().filter(|_| homes.len() == 1) else { continue };
            let text = format!("`{}` imports `{path}`", who.member.id);
            let on = Member { template: function.template, id: path.to_owned() };
            self.add(who, to, How::Imports, &on, Evidence { span, certainty: Certainty::Must, text });
        }
    }

    fn task(&mut self, task: &Task) {
        let Some(service) = self.services.index_of(task.template, &task.state_machine) else { return };
        let who = Who { service, member: Member { template: task.template, id: task.state_machine.clone() } };
        let Some(on) = task.target.as_ref().and_then(|target| self.resolver.resource(task.template, target))
        else {
            return;
        };
        let Some(to) = self.services.index_of(on.template, &on.id) else { return };
        let how = if self.resolver.is_store(&on) { of_state(&task.resource) } else { How::Invokes };
        let text = format!("the state `{}` {} `{}`", task.state.text, how.name(), on.id);
        self.add(&who, to, how, &on, Evidence { span: task.span, certainty: Certainty::Must, text });
    }
}

/// What a state does to a store: `arn:aws:states:::dynamodb:getItem`.
fn of_state(resource: &str) -> How {
    let mut parts = resource.rsplit(':');
    let operation = parts.next().unwrap_or_default().split('.').next().unwrap_or_default();
    let service = parts.next().unwrap_or_default();
    let mut letters = operation.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let operation: String = first.into_iter().chain(letters).collect();
    let reads = store_of_service(service).is_some() && effect(service, &operation) == effects::Effect::Reads;
    if reads { How::Reads } else { How::Writes }
}

/// For queues and streams the services that consume them, for APIs those of their functions.
fn serving(graph: &Graph, services: &Services) -> BTreeMap<Member, BTreeSet<usize>> {
    let resolver = Resolver { graph };
    let mut serving: BTreeMap<Member, BTreeSet<usize>> = BTreeMap::new();
    for event in graph.event_sources.iter().filter(|event| triggers::is_queue(event.kind)) {
        let (Subject::Function(id) | Subject::StateMachine(id)) = &event.subject;
        let source = event.source.as_ref().and_then(|source| resolver.resource(event.template, source));
        if let (Some(source), Some(service)) = (source, services.index_of(event.template, id)) {
            serving.entry(source).or_default().insert(service);
        }
    }
    for route in &graph.routes {
        let (Target::Function(Reference::Resource(id)), Reference::Resource(api)) =
            (&route.target, &route.api)
        else {
            continue;
        };
        if let Some(service) = services.index_of(route.template, id) {
            let api = Member { template: route.template, id: api.clone() };
            serving.entry(api).or_default().insert(service);
        }
    }
    serving
}

fn homes(graph: &Graph, sources: &Sources, services: &Services) -> BTreeMap<String, BTreeSet<usize>> {
    let mut homes: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for function in &graph.functions {
        let own = function.behaviour.modules.first();
        if let (Some(own), Some(service)) = (own, services.index_of(function.template, &function.id.text)) {
            homes.entry(parent(sources.path(*own)).to_owned()).or_default().insert(service);
        }
    }
    homes
}

/// Services that depend on each other, as the shortest circles of dependencies from each service; each
/// circle once, from its lowest member on.
pub fn circles(count: usize, found: &[Dependency]) -> Vec<Vec<usize>> {
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for dependency in found {
        next[dependency.from].insert(dependency.to);
    }
    let mut circles = BTreeSet::new();
    for start in 0..count {
        if let Some(mut circle) = shortest_circle(&next, start) {
            let lowest =
                circle.iter().enumerate().min_by_key(|(_, service)| **service).map_or(0, |(at, _)| at);
            circle.rotate_left(lowest);
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn shortest_circle(next: &[BTreeSet<usize>], start: usize) -> Option<Vec<usize>> {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(service) = queue.pop_front() {
        for follower in &next[service] {
            if *follower == start {
                let mut circle = vec![service];
                while let Some(earlier) = circle.last().and_then(|last| before.get(last)) {
                    circle.push(*earlier);
                }
                circle.reverse();
                return Some(circle);
            }
            if !before.contains_key(follower) {
                before.insert(*follower, service);
                queue.push_back(*follower);
            }
        }
    }
    None
}
