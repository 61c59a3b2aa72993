//! Which template each resource goes to.
//!
//! Functions, state machines and stores go where their service is. What is nothing without another
//! resource goes where that is; what only one service uses goes to it; what several use stays with the
//! shared rest, unless it is in the nature of it to be one's: a queue is its receiver's, a topic its
//! sender's. So the shared rest refers to no service, and most cycles do not come about.

use std::collections::{BTreeMap, BTreeSet};

use super::links::{Link, Links};
use crate::aws::splitting::{Owner, api_obstacles, attached_by, owned_by};
use crate::graph::services::Member;
use crate::graph::{App, Node, Reference, Relation, TemplateId};
use crate::refactor::Refusal;
use crate::template::Template;

/// One of the templates that come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// The template that is there, with what belongs to no service.
    Shared,
    /// A place in [`Plan::services`].
    Service(usize),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Names, in order.
    pub services: Vec<String>,
    /// By logical id; outputs as `Outputs.Name`.
    pub of: BTreeMap<String, Home>,
    /// APIs of which each of these has one.
    pub several: BTreeMap<String, BTreeSet<Home>>,
}

impl Plan {
    /// Where a resource is, as seen from a template.
    pub(super) fn home(&self, id: &str, seen_from: Home) -> Option<Home> {
        match self.several.get(id) {
            Some(homes) if homes.contains(&seen_from) => Some(seen_from),
            Some(homes) => homes.first().copied(),
            None => self.of.get(id).copied(),
        }
    }

    pub(super) fn is_in(&self, id: &str, home: Home) -> bool {
        match self.several.get(id) {
            Some(homes) => homes.contains(&home),
            None => self.of.get(id) == Some(&home),
        }
    }

    pub(super) fn name(&self, home: Home) -> &str {
        match home {
            Home::Shared => "shared",
            Home::Service(index) => self.services.get(index).map_or("", String::as_str),
        }
    }

    /// All templates that have something in them.
    pub(super) fn homes(&self) -> BTreeSet<Home> {
        let resources = self.of.iter().filter(|(id, _)| !id.contains('.')).map(|(_, home)| *home);
        resources.chain(self.several.values().flatten().copied()).collect()
    }
}

/// The plan of a template; `None` where it is that of one service.
///
/// # Errors
/// What cannot be taken apart.
pub(super) fn plan(app: &App<'_>, id: TemplateId, links: &Links) -> Result<Option<Plan>, Vec<Refusal>> {
    let mut work =
        Work { app, id, template: app.template(id), links, plan: Plan::default(), moved: BTreeSet::new() };
    let members = work.members();
    if work.plan.services.len() < 2 {
        return Ok(None);
    }
    work.apis()?;
    work.settle();
    work.outputs();
    work.untangle(&members)?;
    Ok(Some(work.plan))
}

struct Work<'a> {
    app: &'a App<'a>,
    id: TemplateId,
    template: &'a Template,
    links: &'a Links,
    plan: Plan,
    /// What was moved to undo a cycle, so that it is moved once.
    moved: BTreeSet<String>,
}

/// A reference from one template to another.
pub(super) struct Crossing<'l> {
    pub from: Home,
    pub to: Home,
    /// The resource or output that refers.
    pub by: &'l str,
    pub link: &'l Link,
}

impl Work<'_> {
    /// Gives functions, state machines and stores to their services.
    fn members(&mut self) -> BTreeSet<String> {
        let mut members = BTreeSet::new();
        let own = |member: &&Member| member.template == self.id;
        for service in &self.app.services.all {
            let running = service.members.iter().map(|one| &one.member).filter(own);
            let running: Vec<&Member> = running.collect();
            if running.is_empty() {
                continue;
            }
            let home = match service.is_rest {
                true => Home::Shared,
                false => {
                    self.plan.services.push(service.name.clone());
                    Home::Service(self.plan.services.len() - 1)
                }
            };
            for member in running.into_iter().chain(service.stores.iter().filter(own)) {
                self.plan.of.insert(member.id.clone(), home);
                members.insert(member.id.clone());
            }
        }
        members
    }

    /// Gives each service an API of its own where they share one.
    fn apis(&mut self) -> Result<(), Vec<Refusal>> {
        let mut refusals = Vec::new();
        for api in self.app.graph.apis.iter().filter(|api| api.template == self.id) {
            let resource = self.template.resource(&api.id);
            let kind = resource.map(|resource| resource.kind.text.as_str());
            let obstacles = kind.map_or(Some(&[][..]), api_obstacles);
            let Some(obstacles) = obstacles else { continue };
            let homes = self.users_of(&api.id);
            if homes.is_empty() {
                continue;
            }
            if let (Some(only), Some(_), 1) = (homes.first(), resource, homes.len()) {
                self.plan.of.insert(api.id.clone(), *only);
                continue;
            }
            for property in obstacles {
                if let Some(value) = resource.and_then(|resource| resource.property(property)) {
                    let text = format!("`{}` serves several services and has `{property}`", api.id);
                    refusals.push(Refusal::new(value.span, text));
                }
            }
            self.plan.several.insert(api.id.clone(), homes);
        }
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }

    /// Templates of the functions and state machines whose events an API serves.
    fn users_of(&self, api: &str) -> BTreeSet<Home> {
        let is_it = |reference: &Reference| matches!(reference, Reference::Resource(id) if id == api);
        let routes = self.app.graph.routes.iter().filter(|route| route.template == self.id);
        let routes = routes.filter(|route| route.event.is_some() && is_it(&route.api));
        routes
            .filter_map(|route| {
                let makes = self.template.resources.iter().find(|one| one.span.contains(route.span))?;
                self.plan.of.get(&makes.id.text).copied()
            })
            .collect()
    }

    /// Gives every other resource a home.
    fn settle(&mut self) {
        let template = self.template;
        loop {
            let mut open: Vec<&str> = template.resources.iter().map(|one| one.id.text.as_str()).collect();
            open.retain(|id| !self.plan.of.contains_key(*id) && !self.plan.several.contains_key(*id));
            let Some(first) = open.first().copied() else { return };
            let found = open.iter().find_map(|id| Some((*id, self.attached(id)?)));
            let found = found.or_else(|| open.iter().find_map(|id| Some((*id, self.used(id)?))));
            let found = found.or_else(|| open.iter().find_map(|id| Some((*id, self.using(id, true)?))));
            let found = found.or_else(|| open.iter().find_map(|id| Some((*id, self.using(id, false)?))));
            let (id, home) = found.unwrap_or((first, Home::Shared));
            self.plan.of.insert(id.to_owned(), home);
        }
    }

    fn attached(&self, id: &str) -> Option<Home> {
        let property = attached_by(&self.template.resource(id)?.kind.text)?;
        let own = self.links.of(id).iter().filter(|link| link.stands_in(property));
        self.most(own)
    }

    /// Where all that refer to it are; among several the one whose it is.
    fn used(&self, id: &str) -> Option<Home> {
        let users: Vec<(&str, &Link)> = self.links.to(id).collect();
        let mut homes = BTreeSet::new();
        for (user, _) in &users {
            match self.plan.several.get(*user) {
                Some(several) => homes.extend(several),
                None => {
                    homes.insert(*self.plan.of.get(*user)?);
                }
            }
        }
        if homes.len() < 2 {
            return homes.first().copied();
        }
        let whose = match owned_by(&self.template.resource(id)?.kind.text) {
            Some(Owner::Receiver) => self.receivers(id, &users),
            Some(Owner::Sender) => self.senders(id),
            None => BTreeSet::new(),
        };
        Some(whose.first().copied().filter(|_| whose.len() == 1).unwrap_or(Home::Shared))
    }

    fn receivers(&self, id: &str, users: &[(&str, &Link)]) -> BTreeSet<Home> {
        let is_mapping = |user: &str| {
            let resource = self.template.resource(user);
            resource.is_some_and(|resource| resource.is("AWS::Lambda::EventSourceMapping"))
        };
        let receives = |(user, link): &&(&str, &Link)| {
            link.target == id && (link.site.steps.iter().any(|step| step == "Events") || is_mapping(user))
        };
        users.iter().filter(receives).filter_map(|(user, _)| self.plan.of.get(*user).copied()).collect()
    }

    fn senders(&self, id: &str) -> BTreeSet<Home> {
        let relations = &self.app.graph.relations;
        let own = |index| match &relations[index] {
            Node::Resource(template, id) if *template == self.id => Some(id.as_str()),
            _ => None,
        };
        let sends = relations.raw_edges().iter().filter(|edge| edge.weight.relation == Relation::Sends);
        sends
            .filter(|edge| own(edge.target()) == Some(id))
            .filter_map(|edge| self.plan.of.get(own(edge.source())?).copied())
            .collect()
    }

    /// Where most of what it refers to is: of a resource that nothing refers to, or that waits for one.
    fn using(&self, id: &str, all: bool) -> Option<Home> {
        let links = self.links.of(id);
        let known = |link: &&Link| {
            self.plan.of.contains_key(&link.target) || self.plan.several.contains_key(&link.target)
        };
        if all && (self.links.to(id).next().is_some() || !links.iter().all(|link| known(&link))) {
            return None;
        }
        if all && links.is_empty() {
            return Some(Home::Shared);
        }
        self.most(links.iter())
    }

    /// The service that most links lead to, else the shared rest where any leads there.
    fn most<'l>(&self, links: impl Iterator<Item = &'l Link>) -> Option<Home> {
        let mut counts: BTreeMap<Home, usize> = BTreeMap::new();
        for link in links {
            if let Some(home) = self.plan.of.get(&link.target) {
                *counts.entry(*home).or_default() += 1;
            } else if let Some([only]) =
                self.plan.several.get(&link.target).map(|set| set.iter().collect::<Vec<_>>()).as_deref()
            {
                *counts.entry(**only).or_default() += 1;
            }
        }
        let services = counts.iter().filter(|(home, _)| **home != Home::Shared);
        let most = services.max_by_key(|(home, count)| (**count, std::cmp::Reverse(**home)));
        most.or(counts.iter().next()).map(|(home, _)| *home)
    }

    /// Outputs go where what they tell of is; those of an API that each service has, with each.
    fn outputs(&mut self) {
        for output in &self.template.outputs {
            let id = super::links::output_id(&output.name.text);
            let links = self.links.of(&id);
            let several = links.iter().find_map(|link| self.plan.several.get(&link.target));
            if let Some(homes) = several.filter(|homes| homes.len() > 1).cloned() {
                self.plan.several.insert(id, homes);
                continue;
            }
            let shared = self.plan.homes().contains(&Home::Shared);
            let none = if shared { Home::Shared } else { Home::Service(0) };
            let home = self.most(links.iter()).unwrap_or(none);
            self.plan.of.insert(id, home);
        }
    }

    /// Moves what can be moved until no templates need each other.
    fn untangle(&mut self, members: &BTreeSet<String>) -> Result<(), Vec<Refusal>> {
        loop {
            let crossings = crossings(&self.plan, self.links);
            let Some(circle) = circle(&crossings) else { return Ok(()) };
            let inner =
                || crossings.iter().filter(|one| circle.contains(&one.from) && circle.contains(&one.to));
            let movable =
                |id: &str| !members.contains(id) && !self.moved.contains(id) && self.plan.of.contains_key(id);
            let up = inner().find(|one| one.from == Home::Shared && movable(one.by));
            let down = inner().find(|one| movable(&one.link.target) && self.floats(&one.link.target));
            let (id, home) = match (up, down) {
                (Some(one), _) => (one.by.to_owned(), one.to),
                (None, Some(one)) => (one.link.target.clone(), Home::Shared),
                (None, None) => return Err(self.circular(&inner().collect::<Vec<_>>())),
            };
            drop(crossings);
            self.plan.of.insert(id.clone(), home);
            self.moved.insert(id);
        }
    }

    /// Whether it could be anywhere: it refers to nothing of a service, and nothing makes it one's own.
    fn floats(&self, id: &str) -> bool {
        let Some(resource) = self.template.resource(id) else { return false };
        attached_by(&resource.kind.text).is_none()
            && self.links.of(id).iter().all(|link| self.plan.of.get(&link.target) == Some(&Home::Shared))
    }

    fn circular(&self, inner: &[&Crossing<'_>]) -> Vec<Refusal> {
        let mut seen = BTreeSet::new();
        let mut refusals = Vec::new();
        for one in inner {
            if seen.insert((one.from, one.to, one.by, &one.link.target)) {
                let text = format!(
                    "these need each other: `{}` of {} refers to `{}` of {}",
                    one.by.trim_start_matches("Outputs."),
                    self.plan.name(one.from),
                    one.link.target,
                    self.plan.name(one.to)
                );
                refusals.push(Refusal::new(one.link.site.span, text));
            }
        }
        refusals
    }
}

/// All references from one template to another, in the order of the text.
pub(super) fn crossings<'l>(plan: &Plan, links: &'l Links) -> Vec<Crossing<'l>> {
    let mut found = Vec::new();
    for (by, link) in links.all() {
        let homes: Vec<Home> = match plan.several.get(by) {
            Some(homes) => homes.iter().copied().collect(),
            None => plan.of.get(by).copied().into_iter().collect(),
        };
        for from in homes {
            if let Some(to) = plan.home(&link.target, from).filter(|to| *to != from) {
                found.push(Crossing { from, to, by, link });
            }
        }
    }
    found
}

/// Templates that need each other, if any do.
fn circle(crossings: &[Crossing<'_>]) -> Option<Vec<Home>> {
    let homes: BTreeSet<Home> = crossings.iter().flat_map(|one| [one.from, one.to]).collect();
    let mut graph = petgraph::graph::DiGraph::<Home, ()>::new();
    let at: BTreeMap<Home, _> = homes.into_iter().map(|home| (home, graph.add_node(home))).collect();
    for one in crossings {
        graph.update_edge(at[&one.from], at[&one.to], ());
    }
    let circles = petgraph::algo::tarjan_scc(&graph);
    let circle = circles.into_iter().find(|circle| circle.len() > 1)?;
    Some(circle.into_iter().map(|index| graph[index]).collect())
}

/// Templates in an order in which each finds what it needs.
pub(super) fn in_order(plan: &Plan, crossings: &[Crossing<'_>]) -> Vec<Home> {
    let mut left = plan.homes();
    let mut order = Vec::new();
    while !left.is_empty() {
        let needs = |home: &Home| crossings.iter().any(|one| one.from == *home && left.contains(&one.to));
        let Some(next) = left.iter().find(|home| !needs(home)).or_else(|| left.first()).copied() else {
            break;
        };
        left.remove(&next);
        order.push(next);
    }
    order
}
