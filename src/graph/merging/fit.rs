//! Whether a function fits a group: the first thing that stands in the way.

use std::collections::BTreeSet;

use super::Candidate;
use super::permissions::{gains, has_access};
use crate::aws::merging::{is_sensitive, is_usual_policy, limits, once};
use crate::aws::packages::is_portable;
use crate::graph::query::{App, FunctionRef, in_worlds};
use crate::template::Value;

/// Why a function cannot join a group, as the end of "it stays because it ...".
pub fn obstacle(app: &App<'_>, group: &[Candidate<'_>], new: &Candidate<'_>) -> Option<String> {
    let members: Vec<&Candidate<'_>> = group.iter().chain([new]).collect();
    group.iter().find_map(|member| between(app, member, new)).or_else(|| together(app, &members))
}

/// Whether nothing stands between any two of two groups, nor in the way of the whole.
pub fn unites(app: &App<'_>, one: &[&Candidate<'_>], other: &[&Candidate<'_>]) -> bool {
    let members: Vec<&Candidate<'_>> = one.iter().chain(other).copied().collect();
    one.iter().all(|here| other.iter().all(|there| between(app, here, there).is_none()))
        && together(app, &members).is_none()
}

/// How much two have in common of what they do to what, and of what they import: readers go with readers
/// before they go with writers.
pub fn likeness(app: &App<'_>, one: &Candidate<'_>, other: &Candidate<'_>) -> usize {
    alike(&names(one), &names(other))
        + alike(&deeds(one), &deeds(other))
        + alike(&code(app, one), &code(app, other))
}

fn deeds(candidate: &Candidate<'_>) -> BTreeSet<String> {
    let deeds = candidate
        .resources
        .iter()
        .flat_map(|(name, touch)| touch.verbs.iter().map(move |verb| format!("{verb} {name}")));
    deeds.collect()
}

/// What keeps two apart.
pub fn between(app: &App<'_>, one: &Candidate<'_>, other: &Candidate<'_>) -> Option<String> {
    let (here, there) = (one.function, other.function);
    let said = |what: &str| Some(format!("{what} than `{here}`"));
    let (first, second) = (one.routes.first()?, other.routes.first()?);
    if here.template != there.template || first.api != second.api {
        return said("is behind another API");
    }
    if one.routes.iter().chain(&other.routes).any(|route| route.auth != first.auth) {
        return said("lets other callers in");
    }
    if one.heads != other.heads {
        return said("has routes about other things");
    }
    if let Some(name) = setting(here, there) {
        return Some(format!("has another {name} than `{here}`"));
    }
    if let Some(name) = conflict(here, there) {
        return Some(format!("has another value of `{name}` than `{here}`"));
    }
    size(here, there)
        .or_else(|| {
            (!same_policies(here, there)).then(|| format!("has other managed policies than `{here}`"))
        })
        .or_else(|| unlike(app, one, other))
}

/// Settings that a function has only once; the merged one could not be both.
fn setting(one: FunctionRef<'_>, other: FunctionRef<'_>) -> Option<&'static str> {
    let same = |name: &str| match (one.property(name), other.property(name)) {
        (Some(one), Some(other)) => one.same(other),
        (None, None) => true,
        _ => false,
    };
    let condition = one.condition.as_ref().map(|name| &name.text);
    if condition != other.condition.as_ref().map(|name| &name.text) {
        return Some("condition");
    }
    once().find(|(property, _)| !same(property)).map(|(_, name)| name)
}

/// A variable that they set differently.
fn conflict(one: FunctionRef<'_>, other: FunctionRef<'_>) -> Option<String> {
    let differs = |(name, value): &&(crate::template::Name, Value)| {
        other.environment.iter().any(|(known, set)| known.text == name.text && !set.same(value))
    };
    one.environment.iter().find(differs).map(|(name, _)| name.text.clone())
}

/// Memory or timeout far apart, or not to be compared.
fn size(one: FunctionRef<'_>, other: FunctionRef<'_>) -> Option<String> {
    let settings = [
        ("memory", &one.memory, &other.memory, limits().memory_ratio.value),
        ("timeout", &one.timeout, &other.timeout, limits().timeout_ratio.value),
    ];
    settings.into_iter().find_map(|(name, mine, others, ratio)| {
        let (mine, others) = match (mine, others) {
            (None, None) => return None,
            (Some(mine), Some(others)) => (mine, others),
            _ => return Some(format!("sets its {name} and `{one}` does not, or the other way round")),
        };
        if mine.same(others) {
            return None;
        }
        let far = in_worlds(one.template(), one.condition.as_ref(), [mine, others], |known| {
            let numbers: Vec<usize> =
                known.iter().filter_map(|value| usize::try_from(value.as_i64()?).ok()).collect();
            match numbers.as_slice() {
                [a, b] => (*a.max(b) > ratio * *a.min(b)).then_some(()),
                _ => Some(()),
            }
        });
        far.map(|_| format!("needs another {name} than `{one}`"))
    })
}

fn same_policies(one: FunctionRef<'_>, other: FunctionRef<'_>) -> bool {
    let of = |function: FunctionRef<'_>| -> BTreeSet<String> {
        let policies = function.managed_policies().filter(|policy| !is_usual_policy(&policy.arn));
        policies.map(|policy| policy.arn.clone()).collect()
    };
    of(one) == of(other)
}

/// They call or import too little in common.
fn unlike(app: &App<'_>, one: &Candidate<'_>, other: &Candidate<'_>) -> Option<String> {
    let here = one.function;
    if alike(&names(one), &names(other)) < limits().shared_resources.value {
        return Some(format!("uses other resources than `{here}`"));
    }
    if alike(&code(app, one), &code(app, other)) < limits().shared_code.value {
        return Some(format!("has little code in common with `{here}`"));
    }
    let runtime = here.runtime.as_ref().and_then(Value::as_str).unwrap_or_default();
    let heavy = one.packages.symmetric_difference(&other.packages).find(|name| !is_portable(runtime, name));
    heavy.map(|name| format!("would load `{name}`, which only one of them and `{here}` needs"))
}

fn names(candidate: &Candidate<'_>) -> BTreeSet<String> {
    candidate.resources.keys().cloned().collect()
}

/// Packages and local modules.
fn code(app: &App<'_>, candidate: &Candidate<'_>) -> BTreeSet<String> {
    let modules = candidate.modules.iter().map(|module| app.sources.path(*module).to_owned());
    candidate.packages.iter().cloned().chain(modules).collect()
}

/// How much of all that two have both have, and of what the one with less has, in percent, on average;
/// nothing where one has nothing.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let (common, all) = (one.intersection(other).count(), one.union(other).count());
    let share = |of: usize| (100 * common).checked_div(of).unwrap_or_default();
    (share(all) + share(one.len().min(other.len()))) / 2
}

/// What the group as a whole would become.
fn together(app: &App<'_>, members: &[&Candidate<'_>]) -> Option<String> {
    let routes: usize = members.iter().map(|member| member.routes.len()).sum();
    if routes > limits().routes.value {
        return Some(format!("would make one function with more than {} routes", limits().routes.value));
    }
    let resources: BTreeSet<&String> = members.iter().flat_map(|member| member.resources.keys()).collect();
    if resources.len() > limits().resources.value {
        return Some(format!("would make one function of {} resources", resources.len()));
    }
    for (member, gains) in members.iter().zip(gains(app, members)) {
        if let Some(gain) = gains.iter().find(|gain| is_sensitive(&gain.action)) {
            return Some(format!("would let `{}` do `{}`", member.function, gain.action));
        }
        let foreign: BTreeSet<&str> =
            gains.iter().map(|gain| gain.on.as_str()).filter(|on| !has_access(app, member, on)).collect();
        if foreign.len() > limits().new_resources.value || gains.len() > limits().new_actions.value {
            return Some(format!("would let `{}` do much that it may not today", member.function));
        }
    }
    None
}
