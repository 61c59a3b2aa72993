//! Settings that every function repeats although Globals could hold them once.

use crate::aws::globals::GLOBALS;
use crate::aws::limits::limit;
use crate::evidence::enumerated;
use crate::rule::prelude::*;
use crate::template::{Dialect, Name, Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds SAM templates with three or more functions that all set the same value for a property
    /// which `Globals` can hold, where that would save eight settings or more.
    ///
    /// ## Why it matters
    /// A change of it has to be made in every function, and one is forgotten.
    ///
    /// ## Example
    /// ```yaml
    /// Runtime: python3.13
    /// Timeout: 20
    /// ```
    /// in each of five functions.
    ///
    /// ## Use instead
    /// ```yaml
    /// Globals:
    ///   Function:
    ///     Runtime: python3.13
    ///     Timeout: 20
    /// ```
    ///
    /// ## When to keep it
    /// When the values are equal by chance and are meant to part.
    pub REPEATED_SETTINGS = {
        id: "repeated-settings",
        category: Deployment,
        severity: Info,
        summary: "all functions repeat a setting that Globals could hold",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let templates = app.templates().filter(|(_, template)| template.dialect == Dialect::Sam);
    found.extend(templates.filter_map(|(_, template)| repeated(template)));
}

fn repeated(template: &Template) -> Option<Finding> {
    let is_function =
        |resource: &&Resource| resource.is("AWS::Serverless::Function") && !is_generated(resource);
    let functions: Vec<&Resource> = template.resources.iter().filter(is_function).collect();
    if functions.len() < limit("slslint.repeated_settings_from") as usize {
        return None;
    }
    let shared: Vec<(&Name, &Value)> =
        GLOBALS.worth_lifting.iter().filter_map(|property| shared(&functions, property)).collect();
    let saved = (functions.len() - 1) * shared.len();
    if saved < limit("slslint.repeated_settings_saved") as usize {
        return None;
    }
    let (first, value) = shared.first()?;
    let names: Vec<&str> = shared.iter().map(|(name, _)| name.text.as_str()).collect();
    let message = format!("all {} functions set the same {}", functions.len(), enumerated(&names));
    let mut finding = Finding::at(first.span.to(value.span), message)
        .help("set it once under `Globals: Function:`, and remove it from each function");
    for (name, _) in &shared {
        let again = functions[1].own_properties.entry(&name.text)?;
        finding = finding.because(again.0.span, format!("{} again in `{}`", name.text, functions[1].id.text));
    }
    for function in &functions {
        finding = finding.function(&template.path, &function.id.text);
    }
    Some(finding)
}

/// What a tool writes from annotations in code is not for people to tidy.
fn is_generated(resource: &Resource) -> bool {
    resource.metadata.as_ref().is_some_and(|metadata| metadata.get("Tool").is_some())
}

/// The property of the first function, where all others have the same.
fn shared<'t>(functions: &[&'t Resource], property: &str) -> Option<(&'t Name, &'t Value)> {
    let (name, value) = functions.first()?.own_properties.entry(property)?;
    let same =
        functions.iter().all(|other| other.own_properties.get(property).is_some_and(|own| own.same(value)));
    same.then_some((name, value))
}
