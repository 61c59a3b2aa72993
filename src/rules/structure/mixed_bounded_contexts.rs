//! Templates that hold several contexts which have nothing in common.

use std::collections::BTreeSet;

use crate::aws::limits::limit;
use crate::graph::services::{Basis, Dependency, How, Service, dependencies};
use crate::graph::{App, TemplateId};
use crate::rule::prelude::*;
use crate::rules::code::list;
use crate::summary::Summary;

rule! {
    /// ## What it does
    /// Finds templates whose functions fall into several groups, each with data of its own, that share no
    /// data and no code. It names the groups and the calls between them, which a split has to cut. Small
    /// templates are left alone, and groups of a single function do not make one mixed.
    ///
    /// ## Why it matters
    /// One stack is one deployment, one set of limits and one blast radius. What has nothing in common changes
    /// for different reasons, and often belongs to different people.
    ///
    /// ## Example
    /// ```yaml
    /// AddCart:
    ///   Type: AWS::Serverless::Function
    /// ReserveInventory:
    ///   Type: AWS::Serverless::Function
    /// CartsTable:
    ///   Type: AWS::DynamoDB::Table
    /// InventoryTable:
    ///   Type: AWS::DynamoDB::Table
    /// ```
    ///
    /// ## Use instead
    /// A folder and a template for each, with its functions, routes and tables; what one calls of the other
    /// by its API or events.
    ///
    /// ## When to keep it
    /// When one small team owns all of it and deploys it as one.
    pub MIXED_BOUNDED_CONTEXTS = {
        id: "mixed-bounded-contexts",
        category: Structure,
        severity: Info,
        profile: Pedantic,
        summary: "template holds several contexts that share nothing",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let all = dependencies(&app.graph, app.sources, &app.services);
    for (id, template) in app.templates() {
        let functions = app.functions_of(id).count();
        if template.is_whole() && functions as u64 >= limit("slslint.mixed_contexts_functions") {
            found.extend(finding(app, id, &all));
        }
    }
}

fn finding(app: &App<'_>, id: TemplateId, all: &[Dependency]) -> Option<Finding> {
    let contexts: Vec<usize> =
        (0..app.services.all.len()).filter(|index| is_context(&app.services.all[*index], id)).collect();
    let several = contexts.iter().filter(|index| functions(&app.services.all[**index]) > 1).count();
    if (several as u64) < limit("slslint.mixed_contexts") {
        return None;
    }
    if !contexts.iter().all(|index| is_known(app, &app.services.all[*index])) {
        return None;
    }
    let between =
        |dependency: &&Dependency| contexts.contains(&dependency.from) && contexts.contains(&dependency.to);
    let tied = |how: How| matches!(how, How::Reads | How::Writes | How::Imports);
    let between: Vec<&Dependency> = all.iter().filter(between).collect();
    if between.iter().any(|dependency| tied(dependency.how)) || share_code(app, &contexts) {
        return None;
    }
    let first = app.functions_of(id).next()?;
    let names: Vec<&str> = contexts.iter().map(|index| app.services.all[*index].name.as_str()).collect();
    let message = format!(
        "the template holds {} contexts that share no data and no code: {}",
        contexts.len(),
        list(&names)
    );
    let mut finding = Finding::at(first.span(), message).help(
        "give each a folder and a template of its own; what one calls of the other becomes a parameter or an event",
    );
    for service in contexts.iter().map(|index| &app.services.all[*index]) {
        let own = service.members.iter().find(|own| own.is_function)?;
        finding = finding.because(own.span, told(service));
    }
    for cut in between {
        let text = format!("a split cuts this: {}", cut.evidence.text);
        finding = finding.because_it(cut.evidence.certainty, cut.evidence.span, text);
    }
    finding.template = Some(app.template(id).path.clone());
    Some(finding)
}

/// All of it is in this template, and it has data of its own.
fn is_context(service: &Service, id: TemplateId) -> bool {
    service.basis == Basis::Common
        && !service.stores.is_empty()
        && service.members.iter().all(|own| own.member.template == id)
        && functions(service) > 0
}

/// What its functions use is known: all of their code was followed.
fn is_known(app: &App<'_>, service: &Service) -> bool {
    let mut own = service.members.iter().filter(|own| own.is_function);
    own.all(|own| {
        let function = app.function(own.member.template, &own.member.id);
        function.and_then(|function| function.summary()).is_some_and(Summary::is_followed)
    })
}

fn functions(service: &Service) -> usize {
    service.members.iter().filter(|own| own.is_function).count()
}

fn share_code(app: &App<'_>, contexts: &[usize]) -> bool {
    let modules = |index: &usize| -> BTreeSet<_> {
        let own = app.services.all[*index].members.iter().filter(|own| own.is_function);
        let functions = own.filter_map(|own| app.function(own.member.template, &own.member.id));
        functions.flat_map(|function| function.get().behaviour.modules.iter().copied()).collect()
    };
    let sets: Vec<BTreeSet<_>> = contexts.iter().map(modules).collect();
    sets.iter().enumerate().any(|(at, set)| sets.iter().skip(at + 1).any(|other| !set.is_disjoint(other)))
}

fn told(service: &Service) -> String {
    let own: Vec<&str> =
        service.members.iter().filter(|own| own.is_function).map(|own| own.member.id.as_str()).collect();
    let stores: Vec<&str> = service.stores.iter().map(|store| store.id.as_str()).collect();
    format!("`{}`: {} with {}", service.name, list(&own), list(&stores))
}
