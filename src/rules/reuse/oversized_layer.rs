//! Layers most of whose packages no function of them imports.

use super::imported::Texts;
use super::layers::{Declared, declared};
use super::weight::megabytes;
use crate::aws::limits::limit;
use crate::packages::{Dependency, names};
use crate::rule::prelude::*;
use crate::rules::code::{list, name_functions};

rule! {
    /// ## What it does
    /// Finds layers of a template most of whose declared packages are named in no text of the functions that
    /// have the layer, nor in the layer's own code. Layers that others may use are left alone.
    ///
    /// ## Why it matters
    /// Every function with the layer pays for all of it: the size counts towards its limit, and unpacking it
    /// takes part in each cold start.
    ///
    /// ## Example
    /// ```text
    /// openpyxl
    /// pandas
    /// requests
    /// ```
    /// in the `requirements.txt` of a layer whose functions import `requests` alone.
    ///
    /// ## Use instead
    /// A layer of what its functions share; what one function needs belongs into its own package.
    ///
    /// ## When to keep it
    /// When functions of other stacks have the layer as well.
    pub OVERSIZED_LAYER = {
        id: "oversized-layer",
        category: Reuse,
        severity: Info,
        summary: "no function imports most of this layer",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let own = declared(app).filter(|declared| !declared.users.is_empty());
    found.extend(own.filter_map(|declared| oversized(app, &declared)));
}

fn oversized(app: &App<'_>, declared: &Declared<'_>) -> Option<Finding> {
    let package = app.packaging().layer(declared.layer)?;
    let manifest =
        package.manifest.as_ref().filter(|manifest| !manifest.is_generated && !manifest.is_open)?;
    let all = &manifest.declared;
    if (all.len() as u64) < limit("slslint.oversized_layer_packages") || declared.is_elsewhere() {
        return None;
    }
    let mut folders = vec![package.folder.as_deref()?];
    for user in &declared.users {
        // Without the code of all of them nothing is known.
        user.summary()?;
        folders.push(app.packaging().function(user.get())?.folder.as_deref()?);
    }
    let mut texts = Texts::of(app.sources, manifest.registry, folders)?;
    let mut is_used = |dependency: &Dependency| {
        // What is not in the table may be used in any way.
        let Some(known) = names::known(manifest.registry, &dependency.name) else { return true };
        texts.name(manifest.registry, known)
    };
    let (used, rest): (Vec<&Dependency>, Vec<&Dependency>) = all.iter().partition(|one| is_used(one));
    let is_needed = |dependency: &&Dependency| {
        used.iter().any(|user| match names::known(manifest.registry, &user.name) {
            Some(known) => known.needs.contains(&dependency.name),
            None => true,
        })
    };
    let unused: Vec<&Dependency> = rest.into_iter().filter(|dependency| !is_needed(dependency)).collect();
    if unused.len() * 2 <= all.len() {
        return None;
    }
    let id = &declared.layer.id;
    let bytes = |dependency: &&Dependency| {
        package.items.iter().find(|item| item.name == dependency.name).map_or(0, |item| item.bytes)
    };
    let weight: u64 = unused.iter().map(bytes).sum();
    let weight = if weight > 0 { format!(", of at least {}", megabytes(weight)) } else { String::new() };
    let names: Vec<&str> = unused.iter().map(|dependency| dependency.name.as_str()).collect();
    let message = format!(
        "{} of the {} packages of the layer `{}` are imported by no function that has it: {}{weight}",
        unused.len(),
        all.len(),
        id.text,
        list(&names),
    );
    let mut finding = Finding::at(id.span, message);
    for dependency in &unused {
        finding = finding.because(dependency.span, format!("`{}` is named in no code", dependency.name));
    }
    let finding = finding.help("take them out, or put each into the package of the function that needs it");
    Some(name_functions(finding, &declared.users))
}
