//! What is not the same any more once each service has a stack of its own.

use std::collections::BTreeSet;

use super::handed::{Handed, Namespace};
use super::homes::{Crossing, Home, Plan};
use crate::aws::data_stores;
use crate::aws::physical_names::physical_name;
use crate::aws::services::store;
use crate::graph::App;
use crate::template::{Resource, Template};

pub(super) fn lines(
    app: &App<'_>,
    template: &Template,
    plan: &Plan,
    handed: &[Handed],
    names: &Namespace,
    crossings: &[Crossing<'_>],
) -> Vec<String> {
    let mut lines = vec![
        "a resource that moves to another stack is made anew there, and the stack it was in deletes it"
            .to_owned(),
    ];
    let moved: Vec<&Resource> = template.resources.iter().filter(|one| moves(plan, one)).collect();
    lines.extend(data(&moved));
    lines.extend(named(&moved));
    lines.extend(addresses(plan));
    lines.extend(shared_data(template, plan, crossings));
    lines.extend(environments(plan, handed, names));
    lines.extend(deployments(app, template));
    lines
}

fn moves(plan: &Plan, resource: &Resource) -> bool {
    matches!(plan.of.get(&resource.id.text), Some(Home::Service(_)))
}

/// Data does not move by itself.
fn data(moved: &[&Resource]) -> Option<String> {
    let keeps_data = |resource: &&&Resource| {
        let kind = resource.kind.text.as_str();
        store(kind).is_some() || physical_name(kind).is_some_and(|name| name.data)
    };
    let ids: Vec<&str> = moved.iter().filter(keeps_data).map(|resource| resource.id.text.as_str()).collect();
    (!ids.is_empty()).then(|| {
        format!(
            "the data of {} stays behind: before the split, deploy them with `DeletionPolicy: Retain`, and import them \
             into the new stacks (`aws cloudformation create-change-set --change-set-type IMPORT`); otherwise they are new and empty",
            ids.join(", ")
        )
    })
}

/// A name that is taken cannot be given to what is made anew.
fn named(moved: &[&Resource]) -> Option<String> {
    let is_named = |resource: &&&Resource| {
        physical_name(&resource.kind.text).is_some_and(|name| resource.property(&name.property).is_some())
    };
    let ids: Vec<&str> = moved.iter().filter(is_named).map(|resource| resource.id.text.as_str()).collect();
    (!ids.is_empty()).then(|| {
        format!("names can be taken once, so the stack that has them must let go first of {}", ids.join(", "))
    })
}

fn addresses(plan: &Plan) -> Option<String> {
    let apis = plan.several.iter().filter(|(id, homes)| !id.contains('.') && homes.len() > 1);
    let apis: Vec<String> = apis
        .map(|(id, homes)| {
            let names: Vec<&str> = homes.iter().map(|home| plan.name(*home)).collect();
            format!("`{id}` becomes one API for each of {}", names.join(", "))
        })
        .collect();
    (!apis.is_empty()).then(|| {
        format!(
            "{}: each has a host of its own, and clients must know them, unless a custom domain maps their paths to them",
            apis.join("; ")
        )
    })
}

/// Stores that more than their service uses.
fn shared_data(template: &Template, plan: &Plan, crossings: &[Crossing<'_>]) -> Option<String> {
    let kind = |id: &str| template.resource(id).map(|resource| resource.kind.text.as_str());
    let is_store = |id: &str| {
        kind(id).is_some_and(|kind| store(kind).is_some() || data_stores::internal(kind) == Some("table"))
    };
    let used: BTreeSet<String> = crossings
        .iter()
        .filter(|one| one.to != Home::Shared && is_store(&one.link.target))
        .map(|one| format!("`{}` of {} by {}", one.link.target, plan.name(one.to), plan.name(one.from)))
        .collect();
    let used: Vec<String> = used.into_iter().collect();
    (!used.is_empty())
        .then(|| format!("data is still used across services, which an API should do: {}", used.join(", ")))
}

fn environments(plan: &Plan, handed: &[Handed], names: &Namespace) -> Option<String> {
    let (parameter, default) = names.environment.as_ref()?;
    let first = handed.first()?;
    let example = format!("{}={}", first.parameter, first.path(plan, names, Some(&format!("<{parameter}>"))));
    Some(match default {
        Some(default) => format!(
            "who deploys with another `{parameter}` than {default} must also say where to find what is taken ({example}), or takes that of {default}"
        ),
        None => format!("who deploys must also say where to find what is taken ({example})"),
    })
}

/// Files that deploy the template as it was.
fn deployments(app: &App<'_>, template: &Template) -> Option<String> {
    let files: BTreeSet<&str> = app
        .deployments
        .all
        .iter()
        .filter(|one| one.template == Some(template.source) && one.config != Some(one.span.source))
        .map(|one| app.sources.path(one.span.source))
        .collect();
    let files: Vec<&str> = files.into_iter().collect();
    (!files.is_empty()).then(|| format!("{} must build and deploy each of the templates", files.join(", ")))
}
