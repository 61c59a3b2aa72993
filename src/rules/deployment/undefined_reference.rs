//! References to what is not there.

mod apis;
mod connectors;
mod events;
mod mentions;
mod names;

use crate::aws::resource_types::{Role, role};
use crate::rule::prelude::*;
use crate::source::Span;
use crate::template::{Resource, Template};
use names::Names;

rule! {
    /// ## What it does
    /// Finds references to nothing: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Condition`, `DependsOn` and
    /// `Fn::FindInMap` that name what the template does not define, or what is absent where a
    /// condition does not hold; and properties of SAM events, APIs and connectors that must name
    /// something of the same template: an API, an authorizer, a model, a bucket, a user pool.
    ///
    /// ## Why it matters
    /// The deployment fails; where a condition is needed for it, it fails only in that environment.
    ///
    /// ## Example
    /// ```yaml
    /// Environment:
    ///   Variables:
    ///     TABLE_NAME: !Ref OrderTable
    /// ```
    /// where the table is called `OrdersTable`.
    ///
    /// ## Use instead
    /// The name of a parameter or resource that is there, or `Fn::If` with the condition of the
    /// resource.
    ///
    /// ## When to keep it
    /// Never. Templates that macros or other files add names to are not judged.
    pub UNDEFINED_REFERENCE = {
        id: "undefined-reference",
        category: Deployment,
        severity: Error,
        summary: "reference to something that is not defined",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (id, template) in app.templates() {
        let names = Names { app, id, template };
        let dangling = mentions::dangling(&names);
        // A template whose transform was forgotten is one if all else in it is defined.
        let only_events = || dangling.iter().all(|finding| events::is_in_one(template, finding.span));
        let complete = names.are_complete() || names.may_be_complete() && only_events();
        if complete {
            found.extend(dangling);
        } else {
            let start = Span::new(template.source, 0, 0);
            found.abstain(start, "macros or other files may add names to this template");
        }
        events::check(&names, complete, found);
        apis::check(&names, found);
        connectors::check(&names, complete, found);
    }
    // Globals and loops bring one place into many resources.
    found.findings.sort_by_key(|finding| finding.span);
    found.findings.dedup_by_key(|finding| finding.span);
}

/// Says which resource a finding is about.
fn about(finding: Finding, template: &Template, resource: &Resource) -> Finding {
    match role(&resource.kind.text) {
        Some(Role::Function) => finding.function(&template.path, &resource.id.text),
        _ => finding.resource(&template.path, &resource.id.text),
    }
}
