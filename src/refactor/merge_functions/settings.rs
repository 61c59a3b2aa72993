//! What a function has only once: members that have it differently stay apart.

use super::Merge;
use crate::aws::environment::is_read_by_others;
use crate::graph::merging::Candidate;
use crate::refactor::Refusal;
use crate::summary::EnvRead;
use crate::template::{Resource, Value};

/// Properties that are merged, or follow from the merge; all others must be the same.
const MERGED: [&str; 11] = [
    "CodeUri",
    "Code",
    "Handler",
    "Description",
    "Environment",
    "Policies",
    "Events",
    "MemorySize",
    "Timeout",
    "FunctionName",
    "InlineCode",
];

/// Everything that keeps the members apart, with its place.
pub fn differences(merge: &Merge<'_>) -> Vec<Refusal> {
    let mut found = Vec::new();
    for member in merge.members {
        match member.function.resource() {
            Some(resource) if resource.span.source == merge.template.source => {
                found.extend(of_resource(merge, member, resource));
            }
            _ => found.push(Refusal::new(member.function.span(), "it is not written in this template")),
        }
        found.extend(variables(merge, member));
    }
    found.extend(sizes(merge));
    found
}

fn of_resource(merge: &Merge<'_>, member: &Candidate<'_>, resource: &Resource) -> Vec<Refusal> {
    let Some(first) = merge.first.function.resource() else { return Vec::new() };
    let mut found = Vec::new();
    let mut differs = |what: &str, one: Option<&Value>, other: Option<&Value>| {
        let same = match (one, other) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            _ => false,
        };
        if !same {
            let span = one.map_or(resource.id.span, |value| value.span);
            found.push(Refusal::new(span, format!("its {what} is another than that of `{}`", first.id.text)));
        }
    };
    let names = resource.properties.iter().chain(first.properties.iter()).map(|(name, _)| name.text.as_str());
    let mut names: Vec<&str> = names.filter(|name| !MERGED.contains(name)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        differs(&format!("`{name}`"), resource.property(name), first.property(name));
    }
    differs("`DeletionPolicy`", resource.deletion_policy.as_ref(), first.deletion_policy.as_ref());
    differs(
        "`UpdateReplacePolicy`",
        resource.update_replace_policy.as_ref(),
        first.update_replace_policy.as_ref(),
    );
    differs("`IgnoreGlobals`", resource.ignore_globals.as_ref(), first.ignore_globals.as_ref());
    let depends = |one: &Resource| one.depends_on.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    if resource.kind.text != first.kind.text || depends(resource) != depends(first) {
        found.push(Refusal::new(
            resource.id.span,
            format!("it has another type, or depends on others, than `{}`", first.id.text),
        ));
    }
    if let Some(connectors) = &resource.connectors {
        found.push(Refusal::new(connectors.span, "it has connectors"));
    }
    found.extend(policies(merge, resource));
    let named = |id: &crate::graph::Reference| matches!(id, crate::graph::Reference::Resource(name) if *name == resource.id.text);
    let connected = merge.app.graph.connectors.iter().filter(|one| one.template == member.function.template);
    let connected = connected.filter(|one| named(&one.source) || named(&one.destination));
    found.extend(connected.map(|one| Refusal::new(one.span, "a connector names it")));
    found
}

/// Lists of policies are joined; what forbids would forbid it to all.
fn policies(merge: &Merge<'_>, resource: &Resource) -> Vec<Refusal> {
    let Some(policies) = resource.property("Policies") else { return Vec::new() };
    let same =
        |member: &Candidate<'_>| member.function.property("Policies").is_some_and(|one| one.same(policies));
    if merge.members.iter().all(same) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if policies.as_list().is_none() {
        found.push(Refusal::new(policies.span, "its policies are no list"));
    }
    policies.walk(&mut |value| {
        let denies = value.get("Effect").is_some_and(|effect| effect.as_str() != Some("Allow"));
        if denies {
            found.push(Refusal::new(
                value.span,
                "it may not do what others may: this statement is no `Allow`",
            ));
        }
    });
    found
}

/// Variables that two set differently, and those of others that the code would take note of.
fn variables(merge: &Merge<'_>, member: &Candidate<'_>) -> Vec<Refusal> {
    let own = &member.function.environment;
    let mut found = Vec::new();
    for other in merge.members {
        for (name, value) in &other.function.environment {
            let text = &name.text;
            match own.iter().find(|(known, _)| known.text == *text) {
                Some((_, set)) if set.same(value) => {}
                Some((known, _)) => {
                    found.push(Refusal::new(
                        known.span,
                        format!("`{text}` has another value than in `{}`", other.function),
                    ));
                }
                None if asks(member, text) || is_read_by_others(text) => {
                    let said =
                        format!("`{}` would be given `{text}`, which its code may ask for", member.function);
                    found.push(Refusal::new(name.span, said));
                }
                None => {}
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn asks(member: &Candidate<'_>, variable: &str) -> bool {
    let reads = |read: &EnvRead| read.name == variable || read.name == EnvRead::ANY;
    member.summary.env_reads.iter().any(reads) || member.summary.variables.iter().any(|name| name == variable)
}

/// Sizes that cannot be compared.
fn sizes(merge: &Merge<'_>) -> Vec<Refusal> {
    let mut found = Vec::new();
    for name in ["MemorySize", "Timeout"] {
        let first = merge.first.function.property(name);
        for member in merge.rest() {
            let own = member.function.property(name);
            let same = match (own, first) {
                (Some(one), Some(other)) => {
                    one.same(other) || (one.as_i64().is_some() && other.as_i64().is_some())
                }
                (None, None) => true,
                _ => false,
            };
            if !same {
                let span = own.map_or(member.function.span(), |value| value.span);
                found.push(Refusal::new(span, format!("which `{name}` is the larger is not known")));
            }
        }
    }
    found
}

/// Megabytes, where they are written as a number.
pub fn memory(member: &Candidate<'_>) -> Option<i64> {
    member.function.memory.as_ref()?.as_i64()
}

/// Seconds, where they are written as a number.
pub fn timeout(member: &Candidate<'_>) -> Option<i64> {
    member.function.timeout.as_ref()?.as_i64()
}
