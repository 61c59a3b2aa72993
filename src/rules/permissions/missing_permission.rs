//! Calls that the function's role does not allow.

use std::collections::BTreeMap;

use super::calls::{calls, has_other_credentials, shown};
use crate::graph::access::{Access, Answer};
use crate::graph::{FunctionRef, Reference};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions};
use crate::source::Span;
use crate::summary::Effect;

rule! {
    /// ## What it does
    /// Finds AWS calls in handlers that no statement, policy template, connector or managed policy of
    /// the function's role allows. It stands at the function, or at the role where the template writes
    /// it out, as that is the place to mend.
    ///
    /// ## Why it matters
    /// The call fails with `AccessDenied` as soon as the path is taken.
    ///
    /// ## Example
    /// ```yaml
    /// Policies:
    ///   - DynamoDBReadPolicy:
    ///       TableName: !Ref Orders
    /// ```
    /// on a function that calls `table.put_item(...)`.
    ///
    /// ## Use instead
    /// The policy template or statement that allows the call on this one resource.
    ///
    /// ## When to keep it
    /// When a policy that is not in the template (of an account, a bucket elsewhere, another stack)
    /// allows the call.
    pub MISSING_PERMISSION = {
        id: "missing-permission",
        category: Permissions,
        severity: Error,
        summary: "handler makes a call that its role does not allow",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // One role may serve many functions: what it lacks is said once.
    let mut lacks: BTreeMap<(Span, Option<Reference>), Vec<Lack<'_>>> = BTreeMap::new();
    for judged in judged(app) {
        for lack in lacking(&judged, found) {
            lacks.entry((lack.place, lack.on.clone())).or_default().push(lack);
        }
    }
    found.extend(lacks.values().filter_map(|lacks| finding(app, lacks)));
}

/// A call that is not allowed.
struct Lack<'a> {
    function: FunctionRef<'a>,
    /// Where the role or the function is written.
    place: Span,
    action: String,
    on: Option<Reference>,
    effect: &'a Effect,
    denied: Option<crate::evidence::Evidence>,
}

fn lacking<'a>(judged: &Judged<'a>, found: &mut Found) -> Vec<Lack<'a>> {
    let function = judged.function;
    let (calls, unknown) = calls(judged);
    for effect in unknown {
        found.abstain(effect.span, "which permission this call needs is not known");
    }
    if calls.is_empty() {
        return Vec::new();
    }
    if has_other_credentials(judged) {
        found.abstain(function.span(), format!("clients of `{function}` may have other credentials than its role"));
        return Vec::new();
    }
    let access = Access::of(&judged.app.graph, function.template, &function.subject());
    let mut lacks = Vec::new();
    for call in &calls {
        for action in &call.needs {
            match access.may(action, call.on) {
                Answer::Yes(_) => {}
                Answer::Unknown(why) => found.abstain(call.effect.span, format!("whether `{action}` is allowed: {why}")),
                Answer::No(denied) => lacks.push(Lack {
                    function,
                    place: place(function),
                    action: action.clone(),
                    on: call.on.cloned(),
                    effect: call.effect,
                    denied,
                }),
            }
        }
    }
    lacks
}

/// The role's id where the template writes the role, else the function's.
fn place(function: FunctionRef<'_>) -> Span {
    let role = function.role.as_ref().and_then(|role| {
        let mentions = role.mentions();
        mentions.iter().find_map(|mention| function.template().resource(&mention.name.text))
    });
    role.filter(|role| role.is("AWS::IAM::Role")).map_or(function.span(), |role| role.id.span)
}

fn finding(app: &App<'_>, lacks: &[Lack<'_>]) -> Option<Finding> {
    const SITES: usize = 4;
    let first = lacks.first()?;
    let mut actions: Vec<&str> = lacks.iter().map(|lack| lack.action.as_str()).collect();
    actions.sort_unstable();
    actions.dedup();
    let mut functions: Vec<FunctionRef<'_>> = Vec::new();
    for lack in lacks {
        if !functions.iter().any(|known| known.span() == lack.function.span()) {
            functions.push(lack.function);
        }
    }
    let names: Vec<&str> = functions.iter().map(|function| function.id.text.as_str()).collect();
    let on = first.on.as_ref().map_or_else(String::new, |on| format!(" on `{}`", shown(on)));
    let message = format!("{} may not call {}{on}", list(&names), list(&actions));
    let mut finding = Finding::at(first.place, message);
    let mut sites: Vec<Span> = Vec::new();
    for lack in lacks {
        if sites.len() < SITES && !sites.contains(&lack.effect.span) {
            sites.push(lack.effect.span);
            finding = finding.because_it(lack.effect.certainty, lack.effect.span, format!("needs `{}`", lack.action));
        }
    }
    finding = match &first.denied {
        Some(denied) => finding.because(denied.span, denied.text.clone()),
        None => match first.function.property("Policies") {
            Some(policies) => finding.because(policies.span, "none of these policies allows it"),
            None if first.function.role.is_some() => finding.because(first.place, "no policy of this role allows it"),
            None => finding.because(first.function.span(), "it has no policies"),
        },
    };
    let resource = resource(app, first);
    finding = finding.help(format!("allow `{}` on {resource}", actions.join("`, `")));
    Some(name_functions(finding, &functions))
}

/// What the statement to add would name.
fn resource(app: &App<'_>, lack: &Lack<'_>) -> String {
    match &lack.on {
        Some(Reference::Resource(id)) => match app.template(lack.function.template).resource(id) {
            Some(resource) => format!("`{id}` (`{}`)", resource.kind.text),
            None => format!("`{id}`"),
        },
        Some(Reference::Text(text)) => format!("`{text}`"),
        None => "the resource it is called on".to_owned(),
    }
}
