//! Functions whose code and layers unpack to more than Lambda takes.

use std::collections::BTreeMap;

use super::weight::{basis, certainty, megabytes, told};
use crate::aws::limits::limit;
use crate::finding::Severity;
use crate::graph::packaging::{Item, Package, layers_of};
use crate::graph::{FunctionRef, Layer, TemplateId};
use crate::rule::prelude::*;
use crate::rules::code::{list, name_functions, names_of};
use crate::source::Span;

rule! {
    /// ## What it does
    /// Adds up what the code of a function and its layers unpack to, and finds functions that are over
    /// Lambda's limit, or near it (a warning). Sizes are measured where the files are there: in what
    /// `sam build` left, in `node_modules`, in layers that are packed as they are. Else they are estimated
    /// from lock files and from a table of heavy packages; a package that is in neither counts nothing, so
    /// the sum is a lower bound. An estimate is called one, and is an error only if it is far over the limit.
    ///
    /// ## Why it matters
    /// A function that is too large cannot be deployed, and a large one starts slowly.
    ///
    /// ## Example
    /// ```text
    /// pandas
    /// pyarrow
    /// scipy
    /// ```
    /// in the `requirements.txt` of a function.
    ///
    /// ## Use instead
    /// Only what the function needs: lighter packages, a bundler for JavaScript, functions with fewer tasks;
    /// or a container image, which may have 10 GB.
    ///
    /// ## When to keep it
    /// Never over the limit. Near it, when nothing more will be added.
    pub PACKAGE_TOO_LARGE = {
        id: "package-too-large",
        category: Reuse,
        severity: Error,
        summary: "code and layers are larger than Lambda takes",
        check,
    }
}

/// A package or a layer of a function.
struct Part<'a> {
    package: &'a Package,
    layer: Option<&'a Layer>,
}

fn check(app: &App<'_>, found: &mut Found) {
    // Functions of one folder with the same layers have the same fate.
    type Alike<'p> = (TemplateId, Option<&'p str>, Vec<&'p str>);
    let mut alike: BTreeMap<Alike<'_>, Vec<FunctionRef<'_>>> = BTreeMap::new();
    for function in app.functions() {
        let Some(package) = app.packaging().function(function.get()) else { continue };
        let layers = layers_of(&app.graph, function.get());
        let layers = layers.iter().map(|layer| layer.id.text.as_str()).collect();
        let place = (function.template, package.folder.as_deref(), layers);
        alike.entry(place).or_default().push(function);
    }
    found.extend(alike.values().filter_map(|functions| too_large(app, functions)));
}

fn too_large(app: &App<'_>, functions: &[FunctionRef<'_>]) -> Option<Finding> {
    let first = functions.first()?;
    let packaging = app.packaging();
    let own = Part { package: packaging.function(first.get())?, layer: None };
    let layers = layers_of(&app.graph, first.get()).into_iter();
    let layers =
        layers.filter_map(|layer| Some(Part { package: packaging.layer(layer)?, layer: Some(layer) }));
    let parts: Vec<Part<'_>> = std::iter::once(own).chain(layers).collect();
    let bytes: u64 = parts.iter().map(|part| part.package.bytes()).sum();
    let is_measured = parts.iter().all(|part| part.package.is_measured());
    let most = limit("lambda.unzipped");
    if bytes < most / 100 * limit("slslint.package_share") {
        return None;
    }
    let margin = if is_measured { 0 } else { limit("slslint.estimate_margin") };
    let severity = if bytes > most / 100 * (100 + margin) { Severity::Error } else { Severity::Warning };
    let names = names_of(functions);
    let message = format!(
        "{} {} at least {}{}, of the {} that code and layers may unpack to",
        list(&names),
        if names.len() == 1 { "has" } else { "have" },
        if is_measured { "" } else { "an estimated " },
        megabytes(bytes),
        megabytes(most),
    );
    let mut finding = Finding::at(first.span(), message).at_most(severity);
    for (part, item) in heaviest(&parts) {
        let place = item.span.unwrap_or_else(|| place(part, *first));
        let of = part.layer.map_or(String::new(), |layer| format!(", in the layer `{}`", layer.id.text));
        let text = format!("{}{of}: {} ({})", told(item), megabytes(item.bytes), basis(item));
        finding = finding.because_it(certainty(item), place, text);
    }
    let help = "take out what is not used, bundle JavaScript, or deploy it as a container image";
    Some(name_functions(finding.help(help), functions))
}

/// Smaller parts are none of the reasons.
const LEAST: u64 = 100_000;

/// Those parts that make the most of it.
fn heaviest<'p>(parts: &'p [Part<'p>]) -> Vec<(&'p Part<'p>, &'p Item)> {
    const SHOWN: usize = 6;
    let mut items: Vec<(&Part<'_>, &Item)> =
        parts.iter().flat_map(|part| part.package.items.iter().map(move |item| (part, item))).collect();
    items.retain(|(_, item)| item.bytes >= LEAST);
    items.sort_by(|(_, a), (_, b)| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    items.truncate(SHOWN);
    items
}

fn place(part: &Part<'_>, function: FunctionRef<'_>) -> Span {
    part.layer.map_or(function.span(), |layer| layer.id.span)
}
