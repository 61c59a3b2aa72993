//! What speaks for a merge, what against it, what would change, and what stays apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::aws::merging::{cold, limits};
use crate::aws::prices;
use crate::graph::App;
use crate::graph::merging::{Candidate, Gain, Group};
use crate::graph::packaging::Package;
use crate::rules::reuse::weight::megabytes;
use crate::source::SourceId;
use crate::template::Value;

pub fn receipt(app: &App<'_>, group: &Group<'_>) -> String {
    let members = &group.members;
    let reasons = vec![
        shared_resources(members),
        shared_code(app, members),
        size(members),
        init(members),
        starts(members),
    ];
    let mut against = permissions(group);
    let mut unchanged = vec![callers(members), "concurrency: none has any set aside".to_owned()];
    if against.is_empty() {
        unchanged.insert(0, "permissions: no code would newly be allowed anything".to_owned());
    }
    against.extend([blast_radius(members), package(app, members), policy(members)]);
    let mut parts =
        vec!["let one function with a router serve them, with one event for each route".to_owned()];
    parts.push(section("for it", &reasons));
    parts.push(section("against it", &against));
    parts.push(section("as it is", &unchanged));
    if !group.apart.is_empty() {
        parts.push(section("stay apart", &apart(group)));
    }
    parts.join("\n")
}

/// Reads well as a list and, where a format has but one line, as a sentence.
fn section(head: &str, lines: &[String]) -> String {
    format!("{head}:\n- {}", lines.join(";\n- "))
}

fn names(sets: &[BTreeSet<String>]) -> (BTreeSet<String>, BTreeSet<String>) {
    let all: BTreeSet<String> = sets.iter().flatten().cloned().collect();
    let common = all.iter().filter(|name| sets.iter().all(|set| set.contains(*name))).cloned().collect();
    (common, all)
}

fn joined<'s>(names: impl IntoIterator<Item = &'s String>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn shared_resources(members: &[Candidate<'_>]) -> String {
    let sets: Vec<BTreeSet<String>> =
        members.iter().map(|member| member.resources.keys().cloned().collect()).collect();
    let (common, all) = names(&sets);
    let rest: Vec<&String> = all.difference(&common).collect();
    let only = if rest.is_empty() { String::new() } else { format!("; only some use {}", joined(rest)) };
    format!(
        "downstream: all use {}{only}",
        if common.is_empty() { "no one resource".into() } else { joined(&common) }
    )
}

fn shared_code(app: &App<'_>, members: &[Candidate<'_>]) -> String {
    let set = |member: &Candidate<'_>| -> BTreeSet<String> {
        let modules = member.modules.iter().map(|module| app.sources.path(*module).to_owned());
        member.packages.iter().cloned().chain(modules).collect()
    };
    let sets: Vec<BTreeSet<String>> = members.iter().map(set).collect();
    let (common, all) = names(&sets);
    format!("code: {} of {} imports in common", common.len(), all.len())
}

fn size(members: &[Candidate<'_>]) -> String {
    let told = |name: &str, of: &dyn Fn(&Candidate<'_>) -> Option<String>, usual: &str| {
        let values: BTreeSet<String> =
            members.iter().map(|member| of(member).unwrap_or_else(|| usual.to_owned())).collect();
        match values.len() {
            1 => format!("the same {name} ({})", values.iter().next().map_or("", String::as_str)),
            _ => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                format!("{name} {}, of which it takes the largest", values.join(", "))
            }
        }
    };
    let written = |value: &Option<Value>| {
        let value = value.as_ref()?;
        Some(value.scalar().map_or_else(|| "set by an intrinsic function".to_owned(), Cow::into_owned))
    };
    let memory = told("memory", &|member| written(&member.function.memory), "default");
    let timeout = told("timeout", &|member| written(&member.function.timeout), "default");
    format!("size: {memory}, {timeout}, runtime, architecture, layers and VPC")
}

/// An empty function of the runtime is the least; what the code loads comes on top, once for all.
fn init(members: &[Candidate<'_>]) -> String {
    let runtime =
        members.iter().find_map(|member| member.function.runtime.as_ref()?.as_str()).unwrap_or_default();
    let least = format!(
        "at least {} (an empty function; several times that with an SDK), once instead of for each; ",
        prices::start(Some(runtime))
    );
    let sets: Vec<BTreeSet<String>> = members.iter().map(|member| member.packages.clone()).collect();
    let (common, all) = names(&sets);
    let more: Vec<&String> = all.difference(&common).collect();
    let more = match more.as_slice() {
        [] => "no package is loaded that not all need".to_owned(),
        more => format!("each start loads {} for all", joined(more.iter().copied())),
    };
    format!("initialisation: {least}{more}")
}

/// Expected cold starts in an hour, with the formula.
fn starts(members: &[Candidate<'_>]) -> String {
    let (cold, count) = (cold(), members.len());
    format!(
        "cold starts: about {:.1} an hour become {:.1} (assumes {} requests an hour to each function, at \
         random, and environments kept {} minutes)",
        cold.starts(1) * count as f64,
        cold.starts(count),
        cold.requests,
        cold.idle_minutes,
    )
}

fn permissions(group: &Group<'_>) -> Vec<String> {
    let told = |gains: &[Gain]| {
        let mut by_resource: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for gain in gains {
            by_resource.entry(&gain.on).or_default().push(&gain.action);
        }
        let all = by_resource.into_iter().map(|(on, actions)| format!("{} on `{on}`", actions.join(", ")));
        all.collect::<Vec<_>>().join(" and ")
    };
    let line = |(member, gains): (&Candidate<'_>, &Vec<Gain>)| {
        format!("permissions: the code of `{}` would newly be allowed {}", member.function, told(gains))
    };
    let gaining = group.members.iter().zip(&group.gains).filter(|(_, gains)| !gains.is_empty());
    gaining.map(line).collect()
}

fn apart(group: &Group<'_>) -> Vec<String> {
    const SHOWN: usize = 6;
    let shown = group.apart.iter().take(SHOWN).map(|(function, why)| format!("`{function}` {why}"));
    let mut lines: Vec<String> = shown.collect();
    if group.apart.len() > SHOWN {
        let more = group.apart.len() - SHOWN;
        lines.push(format!("and {more} more function{} of the service", if more == 1 { "" } else { "s" }));
    }
    lines
}

fn blast_radius(members: &[Candidate<'_>]) -> String {
    let routes: usize = members.iter().map(|member| member.routes.len()).sum();
    format!(
        "blast radius: a fault at start, a throttle or a bad deployment takes {routes} routes instead of one function's"
    )
}

fn package(app: &App<'_>, members: &[Candidate<'_>]) -> String {
    let bytes = |modules: &BTreeSet<SourceId>| -> usize {
        modules.iter().map(|module| app.sources.text(*module).len()).sum()
    };
    let own =
        |member: &Candidate<'_>| member.function.behaviour.modules.iter().copied().collect::<BTreeSet<_>>();
    let all: BTreeSet<SourceId> = members.iter().flat_map(own).collect();
    let largest = members.iter().map(|member| bytes(&own(member))).max().unwrap_or_default();
    format!(
        "package: {} of own code in {} files, where the largest has {} today; {}",
        kilobytes(bytes(&all)),
        all.len(),
        kilobytes(largest),
        dependencies(app, members),
    )
}

/// Less is nothing in the unit it is shown in.
const SHOWN_FROM: u64 = 100_000;

/// What the dependencies of all weigh together, each counted once, as far as it is known.
fn dependencies(app: &App<'_>, members: &[Candidate<'_>]) -> String {
    let packages: Vec<&Package> =
        members.iter().filter_map(|member| app.packaging().function(member.function.get())).collect();
    let mut heaviest: BTreeMap<&str, u64> = BTreeMap::new();
    for item in packages.iter().flat_map(|package| &package.items) {
        let bytes = heaviest.entry(&item.name).or_default();
        *bytes = (*bytes).max(item.bytes);
    }
    let together: u64 = heaviest.values().sum();
    if together < SHOWN_FROM {
        return "dependencies are counted once".to_owned();
    }
    let largest = packages.iter().map(|package| package.bytes()).max().unwrap_or_default();
    let measured = packages.iter().all(|package| package.is_measured());
    format!(
        "dependencies, each counted once, of at least {}{}, where the largest has {} today",
        if measured { "" } else { "an estimated " },
        megabytes(together),
        megabytes(largest),
    )
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

fn policy(members: &[Candidate<'_>]) -> String {
    let routes: usize = members.iter().map(|member| member.routes.len()).sum();
    format!(
        "resource policy: {routes} permissions of about {} bytes on one function, of {} allowed",
        limits().permission_bytes.value,
        limits().policy_bytes.value,
    )
}

fn callers(members: &[Candidate<'_>]) -> String {
    let auth = members.iter().flat_map(|member| &member.routes).next().map(|route| route.auth.clone());
    match auth.filter(|names| !names.is_empty()) {
        Some(names) => format!("authorizers: all routes have {}, and keep it", joined(&names)),
        None => "authorizers: no route has one".to_owned(),
    }
}
