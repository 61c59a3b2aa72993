//! Wildcards in policies where the code shows what they should be.

use super::usage::{Usage, usages};
use crate::aws::resource_arns::is_anywhere;
use crate::graph::{Origin, Reference};
use crate::rule::prelude::*;
use crate::rules::code::{list, name_functions, names_of};
use crate::source::Span;
use crate::template::Value;

rule! {
    /// ## What it does
    /// Finds statements that allow `*` or all actions of a service, or allow actions on all resources,
    /// where the code of the functions that have them could be followed and shows which actions and
    /// which resources of the template are meant.
    ///
    /// ## Why it matters
    /// Whoever takes over the function can do everything, everywhere; and a mistake in the code reaches
    /// tables and buckets of others.
    ///
    /// ## Example
    /// ```yaml
    /// - Effect: Allow
    ///   Action: dynamodb:*
    ///   Resource: "*"
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// - Effect: Allow
    ///   Action: dynamodb:GetItem
    ///   Resource: !GetAtt Orders.Arn
    /// ```
    ///
    /// ## When to keep it
    /// Where an action has no resource-level permissions; such actions are not reported.
    pub WILDCARD_PERMISSION = {
        id: "wildcard-permission",
        category: Permissions,
        severity: Warning,
        summary: "policy has a wildcard where the code shows what is used",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let usages = usages(app, found);
    found.extend(usages.all.iter().filter_map(|usage| finding(app, usage)));
}

fn finding(app: &App<'_>, usage: &Usage) -> Option<Finding> {
    const SITES: usize = 4;
    let statement = usage.statement(app).filter(|statement| statement.origin == Origin::Written)?;
    if usage.used.is_empty() || statement.condition.is_some() {
        return None;
    }
    let used: Vec<&str> = usage.used.keys().map(String::as_str).collect();
    let action = statement
        .actions
        .iter()
        .find(|action| is_all(action))
        .filter(|action| covers_one_service(action, usage));
    let resource =
        statement.resources.iter().find(|resource| resource.as_str() == Some("*") && !statement.not_resource);
    let targets = resource.and_then(|_| targets(usage));
    let functions = usage.functions(app);
    let names = names_of(&functions);
    let verb = if names.len() == 1 { "uses" } else { "use" };
    let (span, message, help): (Span, String, String) = match (action, resource, targets) {
        (Some(action), resource, targets) => {
            let on = targets.as_ref().map_or_else(String::new, |targets| format!(" on {}", list(targets)));
            let help = match (resource, &targets) {
                (Some(_), Some(targets)) => format!("allow `{}` on {}", used.join("`, `"), list(targets)),
                _ => format!("allow `{}`", used.join("`, `")),
            };
            (
                action.span,
                format!(
                    "this allows `{}`, but {} {verb} only {}{on}",
                    action.text(),
                    list(&names),
                    list(&used)
                ),
                help,
            )
        }
        (None, Some(resource), Some(targets)) => (
            resource.span,
            format!(
                "this allows {} on all resources, but {} {verb} it on {} only",
                list(&used),
                list(&names),
                list(&targets)
            ),
            format!("name {} as `Resource`", list(&targets)),
        ),
        _ => return None,
    };
    let mut finding = Finding::at(span, message).help(help);
    for (action, sites) in usage.used.iter().take(SITES) {
        if let Some(site) = sites.first() {
            finding = finding.because(*site, format!("uses `{action}`"));
        }
    }
    let name = names.first().copied().unwrap_or_default();
    Some(name_functions(finding, &functions).one_of("", name))
}

/// `*` or `service:*`.
fn is_all(action: &Value) -> bool {
    action.as_str().is_some_and(|action| action == "*" || action.ends_with(":*"))
}

/// Nothing the wildcard allows may be used in ways that are no calls.
fn covers_one_service(action: &Value, usage: &Usage) -> bool {
    let Some(prefix) = action.as_str().and_then(|action| action.strip_suffix('*')) else { return false };
    !usage.indirect && usage.used.keys().any(|used| used.starts_with(prefix))
}

/// The resources of the template that the calls act on; `None` where one is not known, or where an action
/// cannot be limited to resources.
fn targets(usage: &Usage) -> Option<Vec<String>> {
    let free = usage.used.keys().any(|action| is_anywhere(action));
    if free || usage.indirect || !usage.unused.is_empty() {
        return None;
    }
    let ids: Option<Vec<String>> = usage
        .on
        .as_ref()?
        .iter()
        .map(|target| match target {
            Reference::Resource(id) => Some(id.clone()),
            Reference::Text(_) => None,
        })
        .collect();
    ids.filter(|ids| !ids.is_empty())
}
