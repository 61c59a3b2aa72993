//! Permissions that no path of the code uses.

use super::usage::{Usage, usages};
use crate::aws::policy_templates::{PolicyTemplate, policy_template, policy_templates};
use crate::graph::Origin;
use crate::rule::prelude::*;
use crate::rules::code::{list, name_functions, names_of};

rule! {
    /// ## What it does
    /// Finds statements and policy templates that allow actions which no path of the handler uses, in
    /// functions whose code could be followed to its end. It names the smallest policy that suffices.
    /// Permissions that the platform, tracing or a driver uses are left alone. Those of one template are
    /// shown together.
    ///
    /// ## Why it matters
    /// Whoever takes over the function can do all that its role allows. What it does not need is only
    /// risk.
    ///
    /// ## Example
    /// ```yaml
    /// Policies:
    ///   - DynamoDBCrudPolicy:
    ///       TableName: !Ref Orders
    /// ```
    /// on a function that only calls `table.get_item(...)`.
    ///
    /// ## Use instead
    /// The policy that allows what is called: here `DynamoDBReadPolicy`.
    ///
    /// ## When to keep it
    /// When code that is not in the project (a layer, an extension) uses the permission.
    pub UNUSED_PERMISSION = {
        id: "unused-permission",
        category: Permissions,
        severity: Warning,
        summary: "role allows actions that the handler never uses",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let usages = usages(app, found);
    found.extend(usages.all.iter().filter_map(|usage| finding(app, usage)));
}

fn finding(app: &App<'_>, usage: &Usage) -> Option<Finding> {
    const SITES: usize = 3;
    if usage.unused.is_empty() {
        return None;
    }
    let functions = usage.functions(app);
    let names = names_of(&functions);
    let template = template(app, usage);
    let used: Vec<&str> = usage.used.keys().map(String::as_str).collect();
    let smaller = template.and_then(|template| smaller(template, &used));
    // A template grants what goes well together; that one action of it is spare is no news.
    let is_apt = if used.is_empty() { usage.indirect } else { smaller.is_none() };
    if template.is_some() && is_apt {
        return None;
    }
    let (verb, nothing) = if names.len() == 1 { ("uses", "makes no call") } else { ("use", "make no call") };
    let what =
        template.map_or_else(|| "this statement".to_owned(), |template| format!("`{}`", template.name));
    let (message, help) = match (used.is_empty() && !usage.indirect, template) {
        (true, _) => (
            format!("{what} allows {}, but {} {nothing} that needs it", list(&usage.unused), list(&names)),
            "remove it".to_owned(),
        ),
        (false, Some(_)) => (
            format!("{what} allows more than the {} that {} {verb}", list(&used), list(&names)),
            smaller.map_or_else(String::new, |smaller| format!("`{}` suffices", smaller.name)),
        ),
        (false, None) => (
            format!("{what} allows {}, which {} never {verb}", list(&usage.unused), list(&names)),
            format!(
                "leave out {}",
                usage.unused.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", ")
            ),
        ),
    };
    let mut finding = Finding::at(usage.span, message).help(help);
    for function in functions.iter().take(SITES) {
        let entry = function.summary().map_or(function.span(), |summary| summary.entry);
        finding = finding.because(entry, "all calls from here on were followed");
    }
    for (action, sites) in usage.used.iter().take(SITES) {
        if let Some(site) = sites.first() {
            finding = finding.because(*site, format!("uses `{action}`"));
        }
    }
    let name = names.first().copied().unwrap_or_default();
    Some(name_functions(finding, &functions).one_of("", name))
}

/// The policy template that the place names.
fn template(app: &App<'_>, usage: &Usage) -> Option<&'static PolicyTemplate> {
    match &usage.statement(app)?.origin {
        Origin::PolicyTemplate(name) => policy_template(name),
        _ => None,
    }
}

/// The template for the same resource that allows a part of the actions, and all of the used ones.
fn smaller(now: &PolicyTemplate, used: &[&str]) -> Option<&'static PolicyTemplate> {
    let actions = |template: &PolicyTemplate| -> Vec<String> {
        template.grants.iter().flat_map(|grant| grant.actions.iter().cloned()).collect()
    };
    let grants = actions(now);
    policy_templates()
        .iter()
        .filter(|other| other.parameters == now.parameters)
        .filter(|other| {
            let has = actions(other);
            let is_part = has.iter().all(|action| grants.contains(action));
            has.len() < grants.len()
                && is_part
                && used.iter().all(|used| has.iter().any(|action| action.eq_ignore_ascii_case(used)))
        })
        .min_by_key(|other| (actions(other).len(), &other.name))
}
