//! What speaks for a merge, what against it, what would change, and what stays apart.

use std::collections::BTreeSet;

use crate::aws::merging::{cold, init_millis, limits};
use crate::graph::App;
use crate::graph::merging::{Candidate, Gain, Group};
use crate::source::SourceId;
use crate::template::Value;

pub fn receipt(app: &App<'_>, group: &Group<'_>) -> String {
    let members = &group.members;
    let mut lines =
        vec!["let one function with a router serve them, with one event for each route".to_owned()];
    lines.push("for it:".to_owned());
    lines.extend([
        shared_resources(members),
        shared_code(app, members),
        size(members),
        init(members),
        starts(members),
    ]);
    lines.push("against it:".to_owned());
    lines.extend(permissions(group));
    lines.push(blast_radius(members));
    lines.extend([package(app, members), policy(members)]);
    lines.push("as it is:".to_owned());
    lines.extend([callers(members), "- concurrency: none has any set aside".to_owned()]);
    lines.extend(apart(group));
    lines.join("\n")
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
        "- downstream: all use {}{only}",
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
    format!("- code: {} of {} imports in common", common.len(), all.len())
}

fn size(members: &[Candidate<'_>]) -> String {
    let told = |name: &str, of: &dyn Fn(&Candidate<'_>) -> Option<String>, usual: &str| {
        let values: BTreeSet<String> =
            members.iter().map(|member| of(member).unwrap_or_else(|| usual.into())).collect();
        match values.len() {
            1 => format!("the same {name} ({})", joined(&values)),
            _ => format!("{name} {}, of which it takes the largest", joined(&values)),
        }
    };
    let memory = told("memory", &|member| member.function.memory.as_ref().map(Value::text), "default");
    let timeout = told("timeout", &|member| member.function.timeout.as_ref().map(Value::text), "default");
    format!("- size: {memory}, {timeout}, runtime, architecture, layers and VPC")
}

/// An empty function of the runtime is the least; what the code loads comes on top, once for all.
fn init(members: &[Candidate<'_>]) -> String {
    let runtime =
        members.iter().find_map(|member| member.function.runtime.as_ref()?.as_str()).unwrap_or_default();
    let least = init_millis(runtime).map_or_else(String::new, |millis| {
        format!("at least {millis} ms (median of an empty {runtime} function), ")
    });
    let sets: Vec<BTreeSet<String>> = members.iter().map(|member| member.packages.clone()).collect();
    let (common, all) = names(&sets);
    let more: Vec<&String> = all.difference(&common).collect();
    let more = match more.as_slice() {
        [] => "no package is loaded that not all need".to_owned(),
        more => format!("each start loads {} for all", joined(more.iter().copied())),
    };
    format!("- initialisation: {least}{more}")
}

/// Expected cold starts in an hour, with the formula.
fn starts(members: &[Candidate<'_>]) -> String {
    let (cold, count) = (cold(), members.len());
    format!(
        "- cold starts: about {:.1} an hour become {:.1} (requests x e^(-requests x idle) for each function; \
         assumes {} requests an hour to each of today's functions, at random, and environments kept {} \
         minutes; both are assumptions)",
        cold.starts(1) * count as f64,
        cold.starts(count),
        cold.requests,
        cold.idle_minutes,
    )
}

fn permissions(group: &Group<'_>) -> Vec<String> {
    let told = |gains: &[Gain]| {
        let all: Vec<String> = gains.iter().map(|gain| format!("{} on `{}`", gain.action, gain.on)).collect();
        all.join(", ")
    };
    let mut lines: Vec<String> = Vec::new();
    for (member, gains) in group.members.iter().zip(&group.gains) {
        let text = if gains.is_empty() { "nothing".to_owned() } else { told(gains) };
        lines.push(format!("- permissions: the code of `{}` would newly be allowed {text}", member.function));
    }
    lines
}

fn apart(group: &Group<'_>) -> Vec<String> {
    const SHOWN: usize = 6;
    let Some(more) = group.apart.len().checked_sub(SHOWN).or((!group.apart.is_empty()).then_some(0)) else {
        return Vec::new();
    };
    let shown = group.apart.iter().take(SHOWN).map(|(function, why)| format!("- `{function}` {why}"));
    let mut lines: Vec<String> = std::iter::once("stay apart:".to_owned()).chain(shown).collect();
    if more > 0 {
        lines.push(format!("- and {more} more functions of the service"));
    }
    lines
}

fn blast_radius(members: &[Candidate<'_>]) -> String {
    let routes: usize = members.iter().map(|member| member.routes.len()).sum();
    format!(
        "- blast radius: a fault at start, a throttle or a bad deployment takes {routes} routes instead of one function's"
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
        "- package: {} of own code in {} files, where the largest has {} today; dependencies are counted once",
        kilobytes(bytes(&all)),
        all.len(),
        kilobytes(largest),
    )
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

fn policy(members: &[Candidate<'_>]) -> String {
    let routes: usize = members.iter().map(|member| member.routes.len()).sum();
    format!(
        "- resource policy: {routes} permissions of about {} bytes on one function, of {} allowed",
        limits().permission_bytes.value,
        limits().policy_bytes.value,
    )
}

fn callers(members: &[Candidate<'_>]) -> String {
    let auth = members.iter().flat_map(|member| &member.routes).next().map(|route| route.auth.clone());
    match auth.filter(|names| !names.is_empty()) {
        Some(names) => format!("- authorizers: all routes have {}, and keep it", joined(&names)),
        None => "- authorizers: no route has one".to_owned(),
    }
}
