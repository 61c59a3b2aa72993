//! What is deployed for each function and each layer: its dependencies, with their sizes.
//!
//! A size is measured where the files are there, else taken from a lock file or from the table of heavy
//! packages; what none of them knows counts nothing, so that every sum is one of *at least* so much.

mod built;
mod measured;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use built::Built;

use super::model::{Code, Function, Graph, Layer, TemplateId};
use super::placed::of_template;
use crate::aws::layers::DEFAULT_ARCHITECTURE;
use crate::packages::{self, Dependency, Manifest, Registry};
use crate::source::{Sources, Span};
use crate::template::{Template, Value, World};

/// The packages of all functions and layers.
#[derive(Debug, Default)]
pub struct Packaging {
    functions: BTreeMap<(TemplateId, String), Package>,
    layers: BTreeMap<(TemplateId, String), Package>,
}

/// What one function or layer is deployed with.
#[derive(Clone, Debug, Default)]
pub struct Package {
    pub built: Built,
    pub registry: Option<Registry>,
    /// Where its code is, from the root.
    pub folder: Option<String>,
    /// From which its dependencies are installed.
    pub manifest: Option<Arc<Manifest>>,
    /// Its dependencies, and files of its own that weigh something; the heaviest first.
    pub items: Vec<Item>,
}

/// A part of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub version: Option<String>,
    /// Where it is declared.
    pub span: Option<Span>,
    /// What it unpacks to, at least; 0 where that is not known.
    pub bytes: u64,
    pub basis: Basis,
    /// The declared dependency that brings it, where it is not declared itself.
    pub brought_by: Option<String>,
}

/// How a size is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    Measured,
    /// A lock file says how large the archive is.
    Locked,
    /// From the table, which has it for these versions.
    Estimated(&'static str),
    Unknown,
}

impl Package {
    /// What it unpacks to, at least.
    pub fn bytes(&self) -> u64 {
        self.items.iter().map(|item| item.bytes).sum()
    }

    /// Whether no part of its known size is an estimate.
    pub fn is_measured(&self) -> bool {
        self.items.iter().filter(|item| item.bytes > 0).all(|item| item.basis == Basis::Measured)
    }
}

impl Packaging {
    pub fn of(graph: &Graph, sources: &Sources) -> Self {
        let mut look = Look { sources, manifests: BTreeMap::new() };
        let worlds: Vec<World> = graph.templates.iter().map(|template| template.world([])).collect();
        let mut all = Self::default();
        for function in &graph.functions {
            let (template, world) = (&graph.templates[function.template.0], &worlds[function.template.0]);
            let package = look.function(template, world, function);
            all.functions.insert((function.template, function.id.text.clone()), package);
        }
        for layer in &graph.layers {
            let (template, world) = (&graph.templates[layer.template.0], &worlds[layer.template.0]);
            let users = of_template(&graph.functions, layer.template).iter();
            let user = users
                .filter(|function| is_had(function, layer))
                .find_map(|function| template.settled(world, function.runtime.as_ref()?));
            let package = look.layer(template, world, layer, user);
            all.layers.insert((layer.template, layer.id.text.clone()), package);
        }
        all
    }

    pub fn function(&self, function: &Function) -> Option<&Package> {
        self.functions.get(&(function.template, function.id.text.clone()))
    }

    pub fn layer(&self, layer: &Layer) -> Option<&Package> {
        self.layers.get(&(layer.template, layer.id.text.clone()))
    }
}

/// The layers of the template that a function has in every world.
pub fn layers_of<'g>(graph: &'g Graph, function: &Function) -> Vec<&'g Layer> {
    let own = of_template(&graph.layers, function.template);
    own.iter().filter(|layer| is_had(function, layer)).collect()
}

/// Without a condition.
fn is_had(function: &Function, layer: &Layer) -> bool {
    function.layers.iter().any(|value| {
        let branches = value.branches();
        let [(branch, when)] = branches.as_slice() else { return false };
        when.is_empty() && branch.mentions().iter().any(|mention| mention.name.text == layer.id.text)
    })
}

/// Looks things up, manifests once.
struct Look<'a> {
    sources: &'a Sources,
    manifests: BTreeMap<(String, Registry), Option<Arc<Manifest>>>,
}

impl Look<'_> {
    fn function(&mut self, template: &Template, world: &World, function: &Function) -> Package {
        let text = |value: &Option<Value>| template.settled(world, value.as_ref()?);
        let code = match &function.code {
            Code::Inline(_) | Code::Image(_) => return Package::default(),
            Code::Package(code) => code.as_ref(),
        };
        let metadata = template.resource(&function.id.text).and_then(|resource| resource.metadata.as_ref());
        let architecture = function.architectures.first().and_then(|value| template.settled(world, value));
        let about = built::About {
            template,
            world,
            id: &function.id.text,
            code,
            metadata,
            registry: text(&function.runtime).and_then(|runtime| registry(&runtime)),
            is_layer: false,
        };
        self.package(&about, architecture.as_deref().unwrap_or(DEFAULT_ARCHITECTURE))
    }

    fn layer(&mut self, template: &Template, world: &World, layer: &Layer, user: Option<String>) -> Package {
        let metadata = template.resource(&layer.id.text).and_then(|resource| resource.metadata.as_ref());
        let first = |values: &[Value]| values.first().and_then(|value| template.settled(world, value));
        let runtime = first(&layer.compatible_runtimes).or(user);
        let about = built::About {
            template,
            world,
            id: &layer.id.text,
            code: layer.content.as_ref(),
            metadata,
            registry: runtime.and_then(|runtime| registry(&runtime)),
            is_layer: true,
        };
        let architecture = first(&layer.compatible_architectures);
        self.package(&about, architecture.as_deref().unwrap_or(DEFAULT_ARCHITECTURE))
    }

    fn package(&mut self, about: &built::About<'_>, architecture: &str) -> Package {
        let (built, folder) = about.built();
        let mut package = Package { built, registry: about.registry, folder, ..Package::default() };
        let Some(folder) = package.folder.clone() else { return package };
        if package.built == Built::Archive {
            package.items = measured::archive(self.sources, &folder);
            return package;
        }
        if let (Built::Installed, Some(registry)) = (package.built, about.registry) {
            let sources = self.sources;
            let read = || packages::of_folder(sources, &folder, registry).map(Arc::new);
            package.manifest = self.manifests.entry((folder.clone(), registry)).or_insert_with(read).clone();
        }
        let built = measured::build(self.sources, about, &package);
        package.items = built.unwrap_or_else(|| {
            let mut items = measured::own(self.sources, about, &package);
            if let Some(manifest) = &package.manifest {
                let installed = measured::installed(self.sources, &folder, manifest.registry);
                items.extend(declared(manifest, &installed, architecture));
            }
            items
        });
        package.items.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        package
    }
}

/// The registry of a runtime's packages.
fn registry(runtime: &str) -> Option<Registry> {
    let by_prefix = [
        ("python", Registry::Pypi),
        ("nodejs", Registry::Npm),
        ("java", Registry::Maven),
        ("go", Registry::Go),
        ("dotnet", Registry::Nuget),
    ];
    by_prefix.into_iter().find(|(prefix, _)| runtime.starts_with(prefix)).map(|(_, registry)| registry)
}

/// All that a manifest installs, as far as it is known.
fn declared(manifest: &Manifest, installed: &BTreeMap<String, u64>, architecture: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let certain = manifest.all().filter(|dependency| !dependency.is_conditional);
    for dependency in certain {
        let direct = manifest.declared.iter().any(|declared| std::ptr::eq(declared, dependency));
        let (bytes, basis) = weighed(manifest, dependency, installed, architecture);
        items.push(Item {
            name: dependency.name.clone(),
            version: dependency.version.clone(),
            span: direct.then_some(dependency.span),
            bytes,
            basis,
            brought_by: None,
        });
    }
    // What the table says they bring, where no lock file lists it.
    let mut next = 0;
    while let Some(item) = items.get(next) {
        let (name, top) = (item.name.clone(), item.brought_by.clone().unwrap_or_else(|| item.name.clone()));
        let needs = packages::size(manifest.registry, &name, architecture).map(|known| &known.needs);
        for need in needs.into_iter().flatten() {
            if items.iter().all(|item| item.name != *need) {
                let (bytes, basis) = estimated(manifest.registry, need, architecture);
                let (version, brought_by) = (None, Some(top.clone()));
                items.push(Item { name: need.clone(), version, span: None, bytes, basis, brought_by });
            }
        }
        next += 1;
    }
    items
}

fn weighed(
    manifest: &Manifest,
    dependency: &Dependency,
    installed: &BTreeMap<String, u64>,
    architecture: &str,
) -> (u64, Basis) {
    if let Some(bytes) = installed.get(&dependency.name) {
        return (*bytes, Basis::Measured);
    }
    // Another index may have other builds of it, and a local version (`2.1.0+cpu`) is another build.
    let is_other = dependency.version.as_ref().is_some_and(|version| version.contains('+'));
    if manifest.is_open || is_other {
        return (0, Basis::Unknown);
    }
    match (estimated(manifest.registry, &dependency.name, architecture), dependency.archive) {
        ((0, _), Some(archive)) => (archive, Basis::Locked),
        (known, _) => known,
    }
}

fn estimated(registry: Registry, name: &str, architecture: &str) -> (u64, Basis) {
    packages::size(registry, name, architecture)
        .map_or((0, Basis::Unknown), |known| (known.bytes, Basis::Estimated(&known.versions)))
}
