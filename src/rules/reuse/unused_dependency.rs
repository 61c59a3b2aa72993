//! Dependencies that are installed for functions whose code imports them nowhere.

use std::collections::BTreeMap;

use super::imported::Texts;
use super::weight::megabytes;
use crate::aws::environment;
use crate::graph::packaging::{Built, Package, layers_of};
use crate::graph::{FunctionRef, SourceState, of_template};
use crate::packages::{Dependency, Manifest, Registry, names};
use crate::rule::prelude::*;
use crate::rules::code::{is_whole, list, name_functions_of_first, names_of};
use crate::template::Value;

rule! {
    /// ## What it does
    /// Finds dependencies in the `requirements.txt` or `package.json` that `sam build` installs for a
    /// function, where no text of the function's folder or of its layers names them. Only packages are
    /// reported that do nothing unless they are imported: no plugins, drivers, type stubs or tools, none that
    /// another declared package may need, and nothing in a file that a tool wrote.
    ///
    /// ## Why it matters
    /// It is downloaded, stored and loaded with every deployment and cold start, and must be patched like
    /// any other.
    ///
    /// ## Example
    /// ```text
    /// requests==2.32.3
    /// ```
    /// for a function that imports `boto3` alone.
    ///
    /// ## Use instead
    /// Remove it from the manifest; put what only tests need into a file of their own.
    ///
    /// ## When to keep it
    /// When something loads it in a way that slslint does not see.
    pub UNUSED_DEPENDENCY = {
        id: "unused-dependency",
        category: Reuse,
        severity: Info,
        summary: "dependency is installed that no code imports",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut manifests: BTreeMap<&str, (&Package, Vec<FunctionRef<'_>>)> = BTreeMap::new();
    for function in app.functions() {
        let Some(package) = app.packaging().function(function.get()) else { continue };
        if let (Some(_), Some(folder)) = (&package.manifest, &package.folder) {
            manifests.entry(folder).or_insert_with(|| (package, Vec::new())).1.push(function);
        }
    }
    for (package, functions) in manifests.values() {
        let is_known = |function: &FunctionRef<'_>| {
            is_whole(*function)
                && function.behaviour.state == SourceState::Found
                && function.get().layers.iter().all(|layer| is_read(app, *function, layer))
        };
        if package.built == Built::Installed && functions.iter().all(is_known) {
            found.extend(unused(app, package, functions));
        }
    }
}

fn unused<'a>(app: &'a App<'a>, package: &'a Package, functions: &[FunctionRef<'a>]) -> Vec<Finding> {
    let (Some(manifest), Some(folder)) = (&package.manifest, &package.folder) else { return Vec::new() };
    let candidates: Vec<_> = candidates(manifest).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let layers = functions.iter().flat_map(|function| layers_of(&app.graph, function.get()));
    let layers = layers.filter_map(|layer| app.packaging().layer(layer)?.folder.as_deref());
    let folders = std::iter::once(folder.as_str()).chain(layers);
    let Some(mut texts) = Texts::of(app.sources, manifest.registry, folders) else { return Vec::new() };
    let mut findings = Vec::new();
    for (dependency, known) in candidates {
        if texts.name(manifest.registry, known)
            || is_named_again(app, manifest, dependency)
            || functions.iter().any(|function| imports(*function, known))
        {
            continue;
        }
        let item = package.items.iter().find(|item| item.name == dependency.name && item.bytes > 0);
        let size = item.map(|item| format!(" ({})", megabytes(item.bytes))).unwrap_or_default();
        let mut names = names_of(functions);
        names.dedup();
        let message = format!(
            "`{}`{size} is installed for {}, whose code never imports it",
            dependency.name,
            list(&names)
        );
        let mut finding = Finding::at(dependency.span, message);
        for function in functions.iter().take(3) {
            finding = finding.because(function.span(), "it is built from the folder of this file");
        }
        finding = finding.help("remove it, or keep it in a file of its own if only tests need it");
        let first = names.first().copied().unwrap_or_default();
        let finding = name_functions_of_first(finding, functions);
        findings.push(finding.one_of_template(&*dependency.name, first));
    }
    findings
}

/// Whether code that the function loads imports it, wherever that lies: a build may copy it in.
fn imports(function: FunctionRef<'_>, package: &names::Package) -> bool {
    let is_of = |module: &str, name: &str| {
        module.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
    };
    function.summary().is_some_and(|summary| {
        let mut foreign = summary.imports.iter().filter(|import| !import.local);
        foreign.any(|import| package.imports().any(|name| is_of(&import.module, name)))
    })
}

/// Whether a layer's code can be read, or is that of a vendor, who packs all that it needs.
fn is_read(app: &App<'_>, function: FunctionRef<'_>, layer: &Value) -> bool {
    let own = of_template(&app.graph.layers, function.template).iter();
    let mut own = own.filter(|own| layer.mentions().iter().any(|mention| mention.name.text == own.id.text));
    own.next().is_some_and(|own| app.packaging().layer(own).is_some_and(|package| package.folder.is_some()))
        || environment::is_public_layer(&layer.text())
}

/// Declared dependencies that do nothing unless they are imported, and that nothing else may need.
fn candidates(manifest: &Manifest) -> impl Iterator<Item = (&Dependency, &'static names::Package)> {
    let registry = manifest.registry;
    let is_judged =
        matches!(registry, Registry::Pypi | Registry::Npm) && !manifest.is_generated && !manifest.is_open;
    let declared = manifest.declared.iter().filter(move |_| is_judged);
    declared.filter(|dependency| !dependency.extras && !dependency.is_conditional).filter_map(
        move |dependency| {
            let known = names::known(registry, &dependency.name)?;
            let others = manifest.declared.iter().filter(|other| other.name != dependency.name);
            let is_needed =
                others.into_iter().any(|other| may_need(registry, other, &dependency.name, known));
            (!is_needed).then_some((dependency, known))
        },
    )
}

/// Whether a package requires another or loads it. A Python package that is in no table may need any; one
/// of npm has its own copy of what it requires, and works with what is beside it only where that is the SDK
/// or what it is named after (`axios-retry`).
fn may_need(registry: Registry, package: &Dependency, name: &str, known: &names::Package) -> bool {
    match names::known(registry, &package.name) {
        Some(other) => other.needs.iter().any(|need| need == name),
        None if names::is_alone(registry, &package.name) => false,
        None => registry == Registry::Pypi || known.is_sdk() || package.name.contains(name),
    }
}

/// Whether the manifest speaks of it elsewhere: in scripts, settings, other lists.
fn is_named_again(app: &App<'_>, manifest: &Manifest, dependency: &Dependency) -> bool {
    manifest.registry == Registry::Npm
        && app.sources.text(manifest.source).matches(&format!("{}\"", dependency.name)).count() > 1
}
