//! The `Globals` section, merged into resources as SAM does it.
//!
//! Maps merge deeply, lists follow each other with the global items first, everything else is
//! replaced by what the resource says; an intrinsic function counts as a plain value.

use super::Resource;
use super::convert::MAX_VALUES;
use super::value::{Map, Name, Value, ValueKind};
use crate::aws::globals::GLOBALS;
use crate::evidence::Problem;

/// Merges the section into every resource it applies to.
///
/// Problems: sections and properties SAM does not take (they are left out), and globals so large that
/// merging them everywhere is too much.
pub(super) fn apply(globals: &Value, resources: &mut [Resource], path: &str) -> Vec<Problem> {
    let mut problems = check(globals, path);
    let mut left = MAX_VALUES * 4;
    for resource in resources {
        let Some(section) = section(globals, &resource.kind.text) else { continue };
        let section = without(section, resource.ignore_globals.as_ref());
        let size = section.iter().map(|(_, value)| value.size()).sum();
        let Some(rest) = left.checked_sub(size) else {
            problems.push(Problem::of_file(path, "`Globals` is too large to be merged into every resource"));
            break;
        };
        left = rest;
        resource.properties = merge_maps(&section, &resource.own_properties, short(&resource.kind.text));
    }
    problems
}

/// `own` of a resource of type `kind` with the section for it.
pub(super) fn merged(globals: Option<&Value>, kind: &str, own: &Map) -> Map {
    match globals.and_then(|globals| section(globals, kind)) {
        Some(section) => merge_maps(&without(section, None), own, short(kind)),
        None => own.clone(),
    }
}

fn short(kind: &str) -> &str {
    kind.strip_prefix(&GLOBALS.prefix).unwrap_or(kind)
}

/// The section for a resource type, with its name.
fn section<'v>(globals: &'v Value, kind: &str) -> Option<(&'v Name, &'v Map)> {
    let name = kind.strip_prefix(&GLOBALS.prefix)?;
    GLOBALS.sections.get(name)?;
    let (name, section) = globals.as_map()?.entry(name)?;
    Some((name, section.as_map()?))
}

/// What of a section counts: what SAM takes, less what the resource ignores.
fn without((name, section): (&Name, &Map), ignored: Option<&Value>) -> Map {
    let supported = GLOBALS.sections.get(&name.text).map(Vec::as_slice).unwrap_or_default();
    let ignores = |key: &str| match ignored.map(|ignored| &ignored.kind) {
        Some(ValueKind::String(all)) => all == "*",
        Some(ValueKind::List(names)) => names.iter().any(|name| name.as_str() == Some(key)),
        _ => false,
    };
    section
        .iter()
        .filter(|(key, _)| supported.contains(&key.text) && !ignores(&key.text))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn check(globals: &Value, path: &str) -> Vec<Problem> {
    let Some(sections) = globals.as_map() else {
        return match globals.kind {
            ValueKind::Null => Vec::new(),
            _ => vec![Problem::at(path, globals.span, "`Globals` is not a mapping, so it is left out")],
        };
    };
    let mut problems = Vec::new();
    for (name, section) in sections.iter() {
        let Some(supported) = GLOBALS.sections.get(&name.text) else {
            let text = format!("`Globals` has no section `{}`, so it is left out", name.text);
            let names = GLOBALS.sections.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            problems.push(Problem::at(path, name.span, text).help(format!("SAM knows {names}")));
            continue;
        };
        for (key, _) in section.as_map().into_iter().flat_map(Map::iter) {
            if !supported.contains(&key.text) {
                let text =
                    format!("`{}` cannot be set in `Globals.{}`, so it is left out", key.text, name.text);
                problems.push(Problem::at(path, key.span, text).help("set it in each resource"));
            }
        }
    }
    problems
}

/// Global keys first, as SAM orders them.
fn merge_maps(global: &Map, own: &Map, path: &str) -> Map {
    let mut entries = Vec::with_capacity(global.entries.len() + own.entries.len());
    for (key, value) in global.iter() {
        match own.entry(&key.text) {
            // The key stands where the resource writes it.
            Some((own_key, own_value)) => {
                let path = format!("{path}.{}", key.text);
                entries.push((own_key.clone(), merge(value, own_value, &path)));
            }
            None => entries.push((key.clone(), value.clone())),
        }
    }
    let added = own.iter().filter(|(key, _)| global.get(&key.text).is_none());
    entries.extend(added.map(|(key, value)| (key.clone(), value.clone())));
    Map { entries }
}

fn merge(global: &Value, own: &Value, path: &str) -> Value {
    let named = |list: &[String]| list.iter().any(|entry| entry == path);
    let kind = match (&global.kind, &own.kind) {
        _ if named(&GLOBALS.replaced) => return own.clone(),
        (ValueKind::Map(all), ValueKind::Map(map)) if named(&GLOBALS.pruned) && !map.is_empty() => {
            let kept = all.iter().filter(|(key, _)| map.get(&key.text).is_some());
            let kept = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
            ValueKind::Map(merge_maps(&kept, map, path))
        }
        (ValueKind::Map(all), ValueKind::Map(map)) => ValueKind::Map(merge_maps(all, map, path)),
        (ValueKind::List(all), ValueKind::List(items)) => {
            ValueKind::List(all.iter().chain(items).cloned().collect())
        }
        _ => return own.clone(),
    };
    Value { span: own.span, kind }
}
