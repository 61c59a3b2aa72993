//! The same dependency more than once: in a layer and in the code, or in many functions.

use std::collections::{BTreeMap, BTreeSet};

use super::weight::{basis, certainty, megabytes, told};
use crate::aws::limits::limit;
use crate::evidence::enumerated;
use crate::graph::packaging::{Built, Item, Package, layers_of};
use crate::graph::{FunctionRef, Layer, TemplateId};
use crate::packages::{Registry, names};
use crate::rule::prelude::*;
use crate::rules::code::{list, name_functions, name_functions_of_first, names_of};
use crate::source::SourceId;

rule! {
    /// ## What it does
    /// Finds dependencies that a function has twice, by its own package and by a layer or by two layers,
    /// and heavy dependencies that are in the packages of several functions of a template. It says the
    /// versions where they differ. Dependencies that the runtime brings are left alone where several
    /// functions have them, and so are bundled functions.
    ///
    /// ## Why it matters
    /// Twice in one function, one copy is never used, and which one it is depends on the order of the search
    /// paths; both count towards the size limit. In many functions, each build installs it, each upload and
    /// the code storage have it anew.
    ///
    /// ## Example
    /// ```text
    /// pandas==2.2.3
    /// ```
    /// in the `requirements.txt` of a function and in that of its layer.
    ///
    /// ## Use instead
    /// One copy: in the layer that the functions share.
    ///
    /// ## When to keep it
    /// When functions have to be upgraded one after the other, or only one of them goes on needing it.
    pub DUPLICATED_DEPENDENCY = {
        id: "duplicated-dependency",
        category: Reuse,
        severity: Info,
        summary: "dependency is deployed more than once",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    twice_in_one(app, found);
    once_in_many(app, found);
}

/// A package of a function or a layer of it.
struct Part<'a> {
    package: &'a Package,
    layer: Option<&'a Layer>,
}

impl Part<'_> {
    fn name(&self) -> String {
        self.layer.map_or_else(
            || "the function's own package".to_owned(),
            |layer| format!("the layer `{}`", layer.id.text),
        )
    }
}

/// What two parts have in common, and the functions that have both.
struct Twice<'a> {
    functions: Vec<FunctionRef<'a>>,
    common: Vec<(&'a Item, &'a Item)>,
    parts: [String; 2],
}

/// What two parts of a function have in common, by the manifests they are installed from.
fn twice_in_one(app: &App<'_>, found: &mut Found) {
    let mut places: BTreeMap<(SourceId, SourceId), Twice<'_>> = BTreeMap::new();
    for function in app.functions() {
        let parts = parts(app, function);
        for (index, part) in parts.iter().enumerate() {
            for other in &parts[index + 1..] {
                let common = common(part.package, other.package);
                let Some((first, second)) = common.first() else { continue };
                let (Some(first), Some(second)) = (first.span, second.span) else { continue };
                let twice = places.entry((first.source, second.source));
                let new = || Twice { functions: Vec::new(), common, parts: [part.name(), other.name()] };
                twice.or_insert_with(new).functions.push(function);
            }
        }
    }
    found.extend(places.values().filter_map(told_twice));
}

fn told_twice(twice: &Twice<'_>) -> Option<Finding> {
    let Twice { functions, common, parts: [first, second] } = twice;
    let is_skewed = common.iter().any(|(one, two)| one.version != two.version);
    let bytes: u64 = common.iter().map(|(one, _)| one.bytes).sum();
    if !is_skewed && bytes < limit("slslint.duplicated_bytes") {
        return None;
    }
    let functions_named = names_of(functions);
    let names: Vec<String> = common.iter().map(|(one, two)| skewed(one, two)).collect();
    let verb = if functions_named.len() == 1 { "has" } else { "have" };
    let message =
        format!("{} {verb} {} twice: in {first} and in {second}", list(&functions_named), enumerated(&names));
    let mut finding = Finding::at(common.first()?.0.span?, message);
    for (one, two) in common {
        for (item, place) in [(one, first), (two, second)] {
            finding = finding.because(item.span?, format!("{}, in {place}", told(item)));
        }
    }
    let finding = finding.help("keep the ones in the layer, for all functions that have it");
    let (key, first) = (format!("{} {second}", names.join(" ")), functions_named.first().copied());
    Some(name_functions_of_first(finding, functions).one_of_template(key, first.unwrap_or_default()))
}

/// "`requests`", "`requests` (2.31.0 and 2.32.3)".
fn skewed(one: &Item, two: &Item) -> String {
    match (&one.version, &two.version) {
        (Some(a), Some(b)) if a != b => format!("`{}` ({a} and {b})", one.name),
        _ => format!("`{}`", one.name),
    }
}

fn parts<'a>(app: &'a App<'a>, function: FunctionRef<'a>) -> Vec<Part<'a>> {
    let packaging = app.packaging();
    let own = packaging.function(function.get()).map(|package| Part { package, layer: None });
    let layers = layers_of(&app.graph, function.get()).into_iter();
    let layers =
        layers.filter_map(|layer| Some(Part { package: packaging.layer(layer)?, layer: Some(layer) }));
    own.into_iter().chain(layers).collect()
}

/// What both declare, for certain.
fn common<'p>(one: &'p Package, two: &'p Package) -> Vec<(&'p Item, &'p Item)> {
    let (Some(_), Some(_)) = (&one.manifest, &two.manifest) else { return Vec::new() };
    if one.registry != two.registry || one.folder == two.folder {
        return Vec::new();
    }
    let pair = |item: &'p Item| {
        let other = two.items.iter().find(|other| other.name == item.name && other.span.is_some())?;
        item.span.is_some().then_some((item, other))
    };
    one.items.iter().filter_map(pair).collect()
}

fn once_in_many(app: &App<'_>, found: &mut Found) {
    type Uses<'a> = Vec<(FunctionRef<'a>, &'a Item)>;
    let mut places: BTreeMap<(TemplateId, Registry, &str), Uses<'_>> = BTreeMap::new();
    for function in app.functions() {
        let Some(package) = app.packaging().function(function.get()) else { continue };
        let Some(registry) = package.registry.filter(|_| package.built == Built::Installed) else { continue };
        let heavy = package.items.iter().filter(|item| is_heavy(item) && !is_given(package, &item.name));
        for item in heavy {
            places.entry((function.template, registry, &item.name)).or_default().push((function, item));
        }
    }
    for ((_, _, name), uses) in &places {
        // What only comes along with another is told with that one.
        let Some((_, item)) = uses.first().filter(|(_, item)| item.span.is_some()) else { continue };
        let functions: Vec<FunctionRef<'_>> = uses.iter().map(|(function, _)| *function).collect();
        // Functions of one folder have one package, which is built and uploaded once.
        let folders: BTreeSet<_> = functions.iter().filter_map(|function| folder(app, *function)).collect();
        if folders.len() == 1 {
            continue;
        }
        let Some(place) = item.span.filter(|_| functions.len() > 1) else { continue };
        let names = names_of(&functions);
        let versions: BTreeSet<&str> = uses.iter().filter_map(|(_, item)| item.version.as_deref()).collect();
        let versions: Vec<&str> = versions.into_iter().collect();
        let versions =
            if versions.len() > 1 { format!(", in versions {}", versions.join(", ")) } else { String::new() };
        let size = format!("{}, {}", megabytes(item.bytes), basis(item));
        let message = format!("`{name}` ({size}) is in the packages of {}{versions}", list(&names));
        let mut finding = Finding::at(place, message);
        let mut seen = BTreeSet::new();
        for (function, item) in uses {
            let span = item.span.unwrap_or(function.span());
            if seen.insert(span) {
                finding =
                    finding.because_it(certainty(item), span, format!("{} for `{function}`", told(item)));
            }
        }
        let finding = finding.help("put it into a layer that these functions share");
        found.push(name_functions(finding, &functions));
    }
}

fn folder<'a>(app: &'a App<'a>, function: FunctionRef<'_>) -> Option<&'a str> {
    app.packaging().function(function.get())?.folder.as_deref()
}

fn is_heavy(item: &Item) -> bool {
    item.bytes >= limit("slslint.heavy_dependency")
}

/// The runtime brings it, so that a copy of it is there on purpose.
fn is_given(package: &Package, name: &str) -> bool {
    let known = package.registry.and_then(|registry| names::known(registry, name));
    known.is_some_and(|known| package.runtime.as_ref().is_some_and(|runtime| known.is_given(runtime)))
}
