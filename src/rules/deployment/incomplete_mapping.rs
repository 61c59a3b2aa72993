//! Mappings that lack a value their parameter allows.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::prelude::*;
use crate::source::Span;
use crate::template::{Intrinsic, Name, Parameter, Resource, Template, Value, ValueKind};

rule! {
    /// ## What it does
    /// Finds `Fn::FindInMap` by a parameter where the mapping has no key for one of the values that
    /// the parameter allows, or for its default, in an environment in which the lookup is evaluated; one
    /// finding per mapping and value.
    ///
    /// ## Why it matters
    /// The deployment to exactly that environment fails.
    ///
    /// ## Example
    /// ```yaml
    /// Parameters:
    ///   Stage:
    ///     Type: String
    ///     AllowedValues: [dev, staging, prod]
    /// Mappings:
    ///   Memory:
    ///     dev: {Size: 128}
    ///     prod: {Size: 1024}
    /// ```
    ///
    /// ## Use instead
    /// A key for every allowed value, or a `DefaultValue` (with `AWS::LanguageExtensions`).
    ///
    /// ## When to keep it
    /// Never: forbid the value if it is not meant to be deployed.
    pub INCOMPLETE_MAPPING = {
        id: "incomplete-mapping",
        category: Deployment,
        severity: Error,
        summary: "mapping lacks a value that its parameter allows",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        let mut gaps: BTreeMap<(String, String), Vec<Gap<'_>>> = BTreeMap::new();
        for lookup in lookups(template) {
            if let Some(gap) = gap(template, lookup) {
                gaps.entry((gap.mapping.text.clone(), gap.missing.clone())).or_default().push(gap);
            }
        }
        found.extend(gaps.values().filter_map(|gaps| finding(template, gaps)));
    }
}

/// A use of a mapping, and what must hold where it is evaluated.
struct Lookup<'t> {
    value: &'t Value,
    resource: Option<&'t Resource>,
    when: Vec<(&'t Name, bool)>,
}

fn lookups(template: &Template) -> Vec<Lookup<'_>> {
    let mut found = Vec::new();
    for resource in &template.resources {
        let when: Vec<(&Name, bool)> = resource.condition.iter().map(|name| (name, true)).collect();
        for (_, value) in resource.properties.iter() {
            collect(value, Some(resource), &mut when.clone(), &mut found);
        }
    }
    for output in &template.outputs {
        let mut when: Vec<(&Name, bool)> = output.condition.iter().map(|name| (name, true)).collect();
        output.value.iter().for_each(|value| collect(value, None, &mut when, &mut found));
    }
    found
}

fn collect<'t>(
    value: &'t Value,
    resource: Option<&'t Resource>,
    when: &mut Vec<(&'t Name, bool)>,
    found: &mut Vec<Lookup<'t>>,
) {
    match &value.kind {
        ValueKind::List(items) => items.iter().for_each(|item| collect(item, resource, when, found)),
        ValueKind::Map(map) => map.iter().for_each(|(_, value)| collect(value, resource, when, found)),
        ValueKind::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::If { condition, then, otherwise } => {
                for (branch, holds) in [(then, true), (otherwise, false)] {
                    when.push((condition, holds));
                    collect(branch, resource, when, found);
                    when.pop();
                }
            }
            other => {
                if matches!(other, Intrinsic::FindInMap { .. }) {
                    found.push(Lookup { value, resource, when: when.clone() });
                }
                let inside = other.arguments();
                inside.into_iter().for_each(|argument| collect(argument, resource, when, found));
            }
        },
        _ => {}
    }
}

/// A value that a parameter may have where a lookup is evaluated, and that the mapping lacks.
struct Gap<'t> {
    lookup: Lookup<'t>,
    mapping: &'t Name,
    parameter: &'t Parameter,
    missing: String,
}

fn gap<'t>(template: &'t Template, lookup: Lookup<'t>) -> Option<Gap<'t>> {
    let Intrinsic::FindInMap { map, first, second, default: None } = lookup.value.as_intrinsic()? else {
        return None;
    };
    let (name, mapping) = template.mappings.entry(map.as_str()?)?;
    let mapping = mapping.as_map()?;
    let (parameter, keys) = match parameter(template, first) {
        Some(parameter) => (parameter, mapping),
        None => (parameter(template, second)?, mapping.get(first.as_str()?)?.as_map()?),
    };
    let mut missing = possible(parameter).into_iter().filter(|value| keys.get(value).is_none());
    let missing = missing.find(|value| reaches(template, &lookup, parameter, value))?;
    Some(Gap { lookup, mapping: name, parameter, missing })
}

/// Whether a lookup is evaluated in some world in which the parameter has this value.
fn reaches(template: &Template, lookup: &Lookup<'_>, parameter: &Parameter, value: &str) -> bool {
    let conditions: Vec<&Name> = lookup.when.iter().map(|(name, _)| *name).collect();
    if conditions.is_empty() {
        return true;
    }
    let worlds = template.worlds([lookup.value], conditions).worlds;
    worlds.iter().any(|world| {
        let read = world.parameters.get(&parameter.name.text).and_then(Value::scalar);
        // Without a value here it is something else than all that is known of it.
        read.is_some_and(|read| read == value)
            && lookup.when.iter().all(|(name, wanted)| world.holds(&name.text) == Some(*wanted))
    })
}

/// One finding for all lookups that lack one value: it is one key to add.
fn finding(template: &Template, gaps: &[Gap<'_>]) -> Option<Finding> {
    let (Gap { lookup, mapping, parameter, missing }, rest) = gaps.split_first()?;
    let places: BTreeSet<Span> = rest.iter().map(|gap| gap.lookup.value.span).collect();
    let places: Vec<Span> = places.into_iter().filter(|span| *span != lookup.value.span).collect();
    let mut finding = Finding::at(lookup.value.span, format!("mapping {} has no `{missing}`", mapping.text))
        .because(mapping.span, "the mapping")
        .because(parameter.name.span, format!("{} may be `{missing}`", parameter.name.text))
        .help(format!("add a key `{missing}` to {}", mapping.text));
    if let Some(span) = places.first() {
        let text = match places.len() {
            1 => "and here".to_owned(),
            count => format!("one of {count} more places"),
        };
        finding = finding.because(*span, text);
    }
    let finding = finding.one_of(missing.as_str(), &mapping.text);
    Some(match lookup.resource {
        Some(resource) => finding.resource(&template.path, &resource.id.text),
        None => finding,
    })
}

fn parameter<'t>(template: &'t Template, value: &Value) -> Option<&'t Parameter> {
    match value.as_intrinsic()? {
        Intrinsic::Ref(name) => template.parameter(&name.text),
        _ => None,
    }
}

/// The values a parameter can have, where it lists them; else its default, which it will have unless
/// told otherwise.
fn possible(parameter: &Parameter) -> Vec<String> {
    let values = match parameter.allowed_values.is_empty() {
        false => parameter.allowed_values.iter().collect(),
        true => parameter.known_default().into_iter().collect::<Vec<_>>(),
    };
    values.into_iter().filter_map(|value| Some(value.scalar()?.into_owned())).collect()
}
