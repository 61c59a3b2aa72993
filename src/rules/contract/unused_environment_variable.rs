//! Variables that the template sets and no code reads.

use std::collections::BTreeMap;

use crate::aws::environment;
use crate::graph::FunctionRef;
use crate::rule::prelude::*;
use crate::rules::code::{Judged, is_whole, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::Action;
use crate::template::{Name, Value};

rule! {
    /// ## What it does
    /// Finds variables in `Environment.Variables` that no code of the function and of its layers reads.
    /// A variable in `Globals` is reported only if no function reads it. Variables that runtimes,
    /// extensions and well-known packages read are left alone, and so is a name that is anywhere in the
    /// code. Those of one template are shown together.
    ///
    /// ## Why it matters
    /// It looks as if it mattered: nobody dares to change or remove it, and often it is a misspelt one.
    ///
    /// ## Example
    /// ```yaml
    /// Environment:
    ///   Variables:
    ///     TABLE: !Ref Orders
    /// ```
    /// on a function that reads `TABLE_NAME`.
    ///
    /// ## Use instead
    /// Remove it, or read it.
    ///
    /// ## When to keep it
    /// When a package or extension reads it that slslint does not know. Name, ARN and URL of one resource go
    /// together, as the designers of SAM applications write them: where one is read, the others are not
    /// reported.
    pub UNUSED_ENVIRONMENT_VARIABLE = {
        id: "unused-environment-variable",
        category: Contract,
        severity: Info,
        summary: "variable is set that no code reads",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // A variable of Globals is one place for many functions.
    let mut places: BTreeMap<Span, (&Name, Vec<FunctionRef<'_>>)> = BTreeMap::new();
    for function in app.functions() {
        for (name, _) in &function.get().environment {
            places.entry(name.span).or_insert_with(|| (name, Vec::new())).1.push(function);
        }
    }
    let mut readers: BTreeMap<Span, Option<Judged<'_>>> = BTreeMap::new();
    for (span, (name, functions)) in places {
        if environment::is_read_by_others(&name.text) || environment::is_given(&name.text) {
            continue;
        }
        let all: Option<Vec<Judged<'_>>> = {
            for function in &functions {
                readers.entry(function.span()).or_insert_with(|| followed(app, *function, found));
            }
            functions.iter().map(|function| *readers.get(&function.span())?).collect()
        };
        let is_read = |judged: &Judged<'_>| {
            judged.spells(&name.text)
                || environment::forms(&name.text)
                    .any(|other| is_set(judged.function, &other) && judged.spells(&other))
        };
        if all.is_some_and(|all| !all.iter().any(is_read)) {
            found.push(finding(span, name, &functions));
        }
    }
}

fn is_set(function: FunctionRef<'_>, variable: &str) -> bool {
    function.get().environment.iter().any(|(name, _)| name.text == variable)
}

/// The code of a function where all that may read variables is known.
fn followed<'a>(app: &'a App<'a>, function: FunctionRef<'a>, found: &mut Found) -> Option<Judged<'a>> {
    let mut stop = |span: Span, why: &str| {
        found.abstain(span, format!("{why}, so which variables `{function}` reads is not known"));
        None
    };
    let Some(summary) = function.summary() else { return stop(function.span(), "its code was not read") };
    let judged = Judged { app, function, summary };
    if !is_whole(function) || !judged.sets_all_variables() {
        return stop(function.span(), "a wrapper, a package or an image may read variables");
    }
    if let Some(span) = judged.stop() {
        return stop(span, "the code was not followed to its end");
    }
    if judged.reads_any_variable() || summary.effects.iter().any(|effect| effect.action == Action::Process) {
        return stop(summary.entry, "the whole environment is read or handed on");
    }
    if let Some(layer) = function.get().layers.iter().find(|layer| !is_read(layer, function)) {
        return stop(layer.span, "what this layer reads is not known");
    }
    Some(judged)
}

/// A layer of the template, or a public one whose variables are in the table.
fn is_read(layer: &Value, function: FunctionRef<'_>) -> bool {
    let is_own = |layer: &Value| {
        let mentions = layer.mentions();
        mentions.iter().any(|mention| {
            function
                .template()
                .resource(&mention.name.text)
                .is_some_and(|found| found.kind.text.ends_with("LayerVersion"))
        })
    };
    is_own(layer) || environment::is_public_layer(&layer.text())
}

fn finding(span: Span, name: &Name, functions: &[FunctionRef<'_>]) -> Finding {
    const SHOWN: usize = 3;
    let names = names_of(functions);
    let message = format!("`{}` is set here, but no code of {} reads it", name.text, list(&names));
    let mut finding = Finding::at(span, message).help("remove it, or read it under this name");
    for function in functions.iter().take(SHOWN) {
        let entry = function.summary().map_or(function.span(), |summary| summary.entry);
        finding = finding.because(entry, "all code from here on was read");
    }
    name_functions(finding, functions).one_of("", &name.text)
}
