//! Contracts between services that the application does not keep.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::graph::services::{Contract, Dependency, How, circles, dependencies};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Checks the `[[contracts]]` of slslint.toml between services: `forbidden` (these do not depend on
    /// those), `independence` (none depends on another, not even by a third), `layers` (a layer uses only those
    /// below it), `acyclic`, `protected` (only the owner writes to its tables). A broken contract is one finding
    /// for each pair of services, with every place that breaks it.
    ///
    /// ## Why it matters
    /// What a team agreed on holds only as long as something checks it.
    ///
    /// ## Example
    /// ```python
    /// table.put_item(Item=order)
    /// ```
    /// in the service `carts`, with
    /// ```toml
    /// [[contracts]]
    /// name = "carts leave the orders' tables alone"
    /// kind = "forbidden"
    /// from = ["carts"]
    /// to = ["orders"]
    /// how = ["writes"]
    /// ```
    ///
    /// ## Use instead
    /// The API or the events of the other service.
    ///
    /// ## When to keep it
    /// When the contract no longer says what the team wants: change it.
    pub BROKEN_CONTRACT = {
        id: "broken-contract",
        category: Contract,
        severity: Error,
        summary: "services do not keep a contract of the project",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    if app.services.contracts.is_empty() {
        return;
    }
    let all = dependencies(&app.graph, app.sources, &app.services);
    for contract in &app.services.contracts {
        for breach in breaches(app, contract, &all) {
            found.extend(finding(app, contract, &breach));
        }
    }
}

/// What breaks a contract: the dependencies, in the order to be read, and what they amount to.
struct Breach<'d> {
    edges: Vec<&'d Dependency>,
    what: String,
}

fn breaches<'d>(app: &App<'_>, contract: &Contract, all: &'d [Dependency]) -> Vec<Breach<'d>> {
    let indices = |names: &[String]| -> BTreeSet<usize> {
        names.iter().filter_map(|name| app.services.named(name)).collect()
    };
    let pairs = |fits: &dyn Fn(&Dependency) -> bool| by_pair(app, all.iter().filter(|found| fits(found)));
    match contract {
        Contract::Forbidden { from, to, how, .. } => {
            let (from, to) = (indices(from), indices(to));
            pairs(&|found| from.contains(&found.from) && to.contains(&found.to) && is_meant(how, found.how))
        }
        Contract::Protected { services, how, .. } => {
            let services = indices(services);
            let how = if how.is_empty() { &[How::Writes][..] } else { how };
            pairs(&|found| services.contains(&found.to) && is_meant(how, found.how))
        }
        Contract::Layers { layers, .. } => {
            let level = |service: usize| layers.iter().position(|layer| indices(layer).contains(&service));
            pairs(&|found| match (level(found.from), level(found.to)) {
                (Some(from), Some(to)) => to < from,
                _ => false,
            })
        }
        Contract::Independence { services, .. } => ways(app, &indices(services), all),
        Contract::Acyclic { services, .. } => {
            let only = indices(services);
            let inside = |service: usize| services.is_empty() || only.contains(&service);
            let within: Vec<&Dependency> =
                all.iter().filter(|found| inside(found.from) && inside(found.to)).collect();
            round(app, &within)
        }
    }
}

fn is_meant(how: &[How], given: How) -> bool {
    how.is_empty() || how.contains(&given)
}

/// One breach for each pair of services.
fn by_pair<'d>(app: &App<'_>, found: impl Iterator<Item = &'d Dependency>) -> Vec<Breach<'d>> {
    let mut pairs: BTreeMap<(usize, usize), Vec<&Dependency>> = BTreeMap::new();
    for dependency in found {
        pairs.entry((dependency.from, dependency.to)).or_default().push(dependency);
    }
    let name = |index: usize| &app.services.all[index].name;
    pairs
        .into_iter()
        .map(|((from, to), edges)| {
            let mut hows: Vec<&str> = edges.iter().map(|edge| edge.how.name()).collect();
            hows.sort_unstable();
            hows.dedup();
            Breach { what: format!("`{}` {} `{}`", name(from), hows.join(" and "), name(to)), edges }
        })
        .collect()
}

/// The shortest way between each two services, by others too.
fn ways<'d>(app: &App<'_>, services: &BTreeSet<usize>, all: &'d [Dependency]) -> Vec<Breach<'d>> {
    let mut found = Vec::new();
    for from in services {
        let mut before: BTreeMap<usize, &'d Dependency> = BTreeMap::new();
        let mut queue = VecDeque::from([*from]);
        while let Some(service) = queue.pop_front() {
            for edge in all.iter().filter(|edge| edge.from == service && edge.to != *from) {
                if before.contains_key(&edge.to) {
                    continue;
                }
                before.insert(edge.to, edge);
                // What lies behind another of them is that one's own breach.
                if !services.contains(&edge.to) {
                    queue.push_back(edge.to);
                }
            }
        }
        for to in services.iter().filter(|to| before.contains_key(*to)) {
            let mut edges: Vec<&Dependency> = Vec::new();
            let mut at = *to;
            while let Some(edge) = before.get(&at).filter(|_| at != *from) {
                edges.push(edge);
                at = edge.from;
            }
            edges.reverse();
            let name = |index: usize| &app.services.all[index].name;
            found.push(Breach { what: format!("`{}` depends on `{}`", name(*from), name(*to)), edges });
        }
    }
    found
}

fn round<'d>(app: &App<'_>, within: &[&'d Dependency]) -> Vec<Breach<'d>> {
    let owned: Vec<Dependency> = within.iter().map(|found| (*found).clone()).collect();
    let circles = circles(app.services.all.len(), &owned);
    let told = |circle: &Vec<usize>| -> Option<Breach<'d>> {
        let next = circle.iter().cycle().skip(1);
        let edges: Option<Vec<&'d Dependency>> = circle
            .iter()
            .zip(next)
            .map(|(from, to)| within.iter().copied().find(|found| found.from == *from && found.to == *to))
            .collect();
        let names: Vec<String> = circle
            .iter()
            .chain(circle.first())
            .map(|index| format!("`{}`", app.services.all[*index].name))
            .collect();
        Some(Breach { edges: edges?, what: format!("there is a circle: {}", names.join(" > ")) })
    };
    circles.iter().filter_map(told).collect()
}

fn finding(app: &App<'_>, contract: &Contract, breach: &Breach<'_>) -> Option<Finding> {
    let first = breach.edges.first()?;
    let message = format!("the contract \"{}\" is broken: {}", contract.name(), breach.what);
    let mut finding = Finding::at(first.evidence.span, message)
        .help("use the other service's API or events, or change the contract in slslint.toml");
    for edge in &breach.edges {
        let text =
            format!("`{}` {} `{}`: {}", edge.member.id, edge.how.name(), edge.on.id, edge.evidence.text);
        finding = finding.because_it(edge.evidence.certainty, edge.evidence.span, text);
    }
    let template = &app.template(first.member.template).path;
    Some(match app.function(first.member.template, &first.member.id) {
        Some(_) => finding.function(template, &first.member.id),
        None => finding.resource(template, &first.member.id),
    })
}
