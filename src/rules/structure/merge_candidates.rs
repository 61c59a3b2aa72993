//! Functions that one function could serve.

mod receipt;

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use receipt::receipt;
use rustc_hash::FxBuildHasher;

use crate::graph::merging::{Candidate, Group, groups};
use crate::rule::prelude::*;
use crate::rules::code::{is_whole, list};

rule! {
    /// ## What it does
    /// Finds functions of one service behind one API that use the same resources and code, are of one size
    /// and need nearly the same permissions, so that one function with a router could serve them. It
    /// prints each factor with its value: what they share, what each would newly be allowed, what cold starts
    /// and the package would be like, what stays apart and why.
    ///
    /// ## Why it matters
    /// Each function starts cold on its own, and is configured, deployed and watched on its own. Functions
    /// that always change together are one thing in many places.
    ///
    /// ## Example
    /// ```yaml
    /// AddCart:
    ///   Type: AWS::Serverless::Function
    ///   Properties:
    ///     CodeUri: functions/add_cart/
    /// RemoveCart:
    ///   Type: AWS::Serverless::Function
    ///   Properties:
    ///     CodeUri: functions/remove_cart/
    /// ```
    ///
    /// ## Use instead
    /// One function whose router calls the two handlers as they are, with an event for each route, so that
    /// authorizers and method settings stay; its role has the permissions of both.
    ///
    /// ## When to keep it
    /// Experts differ on it: functions with one purpose each have the least permissions and fail alone. Where
    /// that counts more than cold starts and upkeep, leave it and say so in a suppression.
    ///
    /// ## Refactoring safety
    /// `slslint refactor merge-functions` writes it for Python and Node. The router is a table by method and
    /// resource, or by route key, that hands the event and the context on as they came and the answer back as
    /// it is, so the answers are the same byte for byte. A router of Powertools or Express is not written even
    /// where the project has one: Powertools takes what a route returns for the body of a new answer, writes
    /// headers and `isBase64Encoded` anew, turns its own errors into answers, and matches by the path
    /// instead of the resource.
    ///
    /// Events stay as they are, one for each route. Memory and timeout are the largest of all; variables,
    /// policies and packages are those of all; permissions, alarms, outputs and definitions of APIs speak of
    /// the new function. Code in folders of its own moves into one, each member a folder of it, with its
    /// imports made relative. Modules of all members are initialised at each start.
    ///
    /// Known differences: the function's name, role, log group and metrics; what each code may do and how long;
    /// alarms that watched one of them.
    ///
    /// Refused: variables that code of another would take note of, `Deny`, connectors, exported
    /// outputs, plain methods of REST APIs, and settings that differ; code that asks for its function's name,
    /// changes the environment or the process, keeps idempotency records, shares modules with state or files
    /// in `/tmp`; and, where code moves, code that finds files by their path, conflicting versions of packages
    /// and whatever else speaks of the old folders. For other languages write a router with a web framework
    /// and the Lambda Web Adapter.
    pub MERGE_CANDIDATES = {
        id: "merge-candidates",
        category: Structure,
        severity: Info,
        summary: "several functions could be one with a router",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for group in groups(app) {
        if group.members.iter().all(|member| is_whole(member.function)) {
            found.extend(finding(app, &group));
        }
    }
}

fn finding(app: &App<'_>, group: &Group<'_>) -> Option<Finding> {
    let (first, rest) = group.members.split_first()?;
    let names: Vec<String> = group.members.iter().map(|member| member.function.to_string()).collect();
    let of = service(app, group).map(|name| format!(" of the service `{name}`")).unwrap_or_default();
    let message = format!("{} could be one function{of}", list(&names));
    let mut finding = Finding::at(first.function.span(), message).because(first.function.span(), told(first));
    for member in rest {
        finding = finding.because(member.function.span(), told(member));
    }
    // Two places show that a resource is shared; the receipt says by how many.
    let mut shown: BTreeMap<&String, usize> = BTreeMap::new();
    for (resource, touch) in group.members.iter().flat_map(|member| &member.resources) {
        let (all, own) = (shown.values().sum::<usize>(), shown.entry(resource).or_default());
        if all < TOUCHES && *own < 2 {
            *own += 1;
            finding = finding.because_it(
                touch.evidence.certainty,
                touch.evidence.span,
                touch.evidence.text.clone(),
            );
        }
    }
    for member in &group.members {
        finding = finding.function(&member.function.template().path, &member.function.id.text);
    }
    let name = &first.function.id.text;
    let code = group.members.iter().filter_map(|member| member.function.behaviour.modules.first());
    let code: Vec<&str> = code.map(|module| app.sources.text(*module)).collect();
    let code = FxBuildHasher.hash_one(code);
    Some(finding.help(receipt(app, group)).about_code(code).one_of_template("", name))
}

/// More uses of resources than these say nothing new.
const TOUCHES: usize = 6;

/// The service by its name, where that is what all of the members' routes are about.
fn service<'a>(app: &'a App<'_>, group: &Group<'_>) -> Option<&'a str> {
    let name = app.services.all[group.service].name.as_str();
    let stem = name.strip_suffix('s').unwrap_or(name).to_lowercase();
    let is_about =
        |member: &Candidate<'_>| member.routes.iter().any(|route| route.path.to_lowercase().contains(&stem));
    group.members.iter().all(is_about).then_some(name)
}

/// "`POST /cart`"
fn told(member: &Candidate<'_>) -> String {
    let routes: Vec<String> =
        member.routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    list(&routes)
}
