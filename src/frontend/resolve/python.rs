//! Where Python imports lead.

use std::collections::BTreeSet;

use super::conventions::{CONVENTIONS, CodeLanguage};
use super::modules::Lowered;
use super::paths::{is_test, upwards};
use super::project::Project;
use super::reach::Reach;
use crate::ir::Target;
use crate::source::{SourceId, join};

/// The links of one module, see [`bundle`](super::bundle()).
pub(super) fn links(reach: &Reach<'_, '_>, source: SourceId, lowered: &Lowered) -> Vec<(String, Target)> {
    let mut links = Vec::new();
    let roots = roots(reach, reach.project.sources.folder(source));
    for (text, members) in &lowered.imports {
        let Some(base) = base(reach, source, text, members, &roots) else {
            let target = if text.starts_with('.') { Target::Missing } else { Target::Package(text.clone()) };
            links.push((text.clone(), target));
            continue;
        };
        links.extend(base.packages.iter().cloned());
        links.push((text.clone(), base.target(text)));
        for member in members {
            // What a package takes from itself is not bound yet.
            let own = base.module.filter(|module| *module == source);
            links.extend(submodules(reach.project, text, &base, member, own));
        }
    }
    links
}

/// What a dotted name leads to.
struct Base {
    /// The path the name stands for, without ending.
    path: String,
    /// Its file; `None` for a namespace package.
    module: Option<SourceId>,
    /// Packages above it, with their own modules.
    packages: Vec<(String, Target)>,
}

impl Base {
    fn target(&self, text: &str) -> Target {
        self.module.map_or_else(|| Target::Package(text.to_owned()), Target::Local)
    }
}

fn base(
    reach: &Reach<'_, '_>,
    source: SourceId,
    text: &str,
    members: &BTreeSet<String>,
    roots: &[Root],
) -> Option<Base> {
    let project = reach.project;
    let name = text.trim_start_matches('.');
    let dots = text.len() - name.len();
    if dots > 0 {
        let above = upwards(project.sources.folder(source)).nth(dots - 1)?;
        return at(project, above, name, &".".repeat(dots));
    }
    let first = name.split('.').next().unwrap_or(name);
    if !first.is_empty() && !project.has_name(first) {
        return None;
    }
    let standard = CONVENTIONS.python_standard.iter().any(|known| known == first);
    let mut namespaces = Vec::new();
    for root in roots.iter().filter(|root| !(standard && root.assumed)) {
        if project.is_installed(&join(&root.folder, first)) {
            continue;
        }
        match at(project, &root.folder, name, "") {
            Some(base) if base.module.is_some() => return Some(base),
            Some(base) => namespaces.push((root.assumed, base)),
            None => {}
        }
    }
    // A folder counts only where no module has its name, and best where it holds what is taken from it.
    let holds = |(_, base): &(bool, Base)| {
        members.iter().any(|member| !submodules(project, text, base, member, None).is_empty())
    };
    let best =
        namespaces.iter().position(holds).or_else(|| namespaces.iter().position(|(assumed, _)| !assumed));
    if let Some(best) = best {
        return Some(namespaces.swap_remove(best).1);
    }
    let folder = if standard { None } else { elsewhere(project, name) };
    folder
        .and_then(|folder| at(project, &folder, name, ""))
        .or_else(|| namespaces.into_iter().next().map(|(_, base)| base))
}

/// The folder of shared code that alone has a module of this name: layers that another template
/// makes, packages that a requirement names by path.
fn elsewhere(project: &Project<'_>, name: &str) -> Option<String> {
    let path = name.replace('.', "/");
    let first = name.split('.').next().unwrap_or(name);
    [path.as_str(), first].into_iter().find_map(|path| {
        let suffixes = [format!("{path}/__init__.py"), format!("{path}.py")];
        let mut fitting = Vec::new();
        for suffix in &suffixes {
            for id in project.with_suffix(suffix) {
                let file = project.sources.path(id);
                let folder = file[..file.len() - suffix.len()].trim_end_matches('/');
                if !is_test(file) && is_shared(file) && !project.is_installed(&join(folder, first)) {
                    fitting.push((id, folder));
                }
            }
        }
        let ((nearest, folder), others) = fitting.split_first()?;
        // Copies of one file are as good as one.
        let text = project.sources.text(*nearest);
        let alike = others.iter().all(|(other, _)| !text.is_empty() && project.sources.text(*other) == text);
        alike.then(|| (*folder).to_owned())
    })
}

fn is_shared(path: &str) -> bool {
    path.split('/').any(|part| CONVENTIONS.shared_folders.iter().any(|shared| shared == part))
}

/// The module or package of a dotted name below a folder.
fn at(project: &Project<'_>, folder: &str, name: &str, dots: &str) -> Option<Base> {
    let mut path = folder.to_owned();
    let mut packages = Vec::new();
    let mut text = dots.to_owned();
    let parts: Vec<&str> = name.split('.').filter(|part| !part.is_empty()).collect();
    for (index, part) in parts.iter().enumerate() {
        if !text.is_empty() && !text.ends_with('.') {
            text.push('.');
        }
        text.push_str(part);
        path = join(&path, part);
        if index + 1 < parts.len()
            && let Some(package) = project.file(&join(&path, "__init__.py"))
        {
            packages.push((text.clone(), Target::Local(package)));
        }
    }
    let module = module(project, &path);
    (module.is_some() || is_namespace(project, &path)).then_some(Base { path, module, packages })
}

/// Submodules among the members taken from a package: `a.b` of `import("pkg").a.b`.
/// `own` is a package that does not bind the names it is asked for.
fn submodules(
    project: &Project<'_>,
    text: &str,
    base: &Base,
    member: &str,
    own: Option<SourceId>,
) -> Vec<(String, Target)> {
    let mut links = Vec::new();
    let mut text = text.to_owned();
    let mut path = base.path.clone();
    let mut package = base.module;
    for part in member.split('.') {
        // A name that the package binds itself comes first.
        let bound = package
            .filter(|source| own != Some(*source))
            .and_then(|source| project.module(source))
            .is_some_and(|lowered| lowered.module.locals.iter().any(|local| local == part));
        if bound {
            break;
        }
        path = join(&path, part);
        if !text.ends_with('.') {
            text.push('.');
        }
        text.push_str(part);
        package = module(project, &path);
        match package {
            Some(source) => links.push((text.clone(), Target::Local(source))),
            None if is_namespace(project, &path) => links.push((text.clone(), Target::Package(text.clone()))),
            None => break,
        }
    }
    links
}

fn module(project: &Project<'_>, path: &str) -> Option<SourceId> {
    project.file(&join(path, "__init__.py")).or_else(|| project.file(&format!("{path}.py")))
}

fn is_namespace(project: &Project<'_>, path: &str) -> bool {
    !path.is_empty() && project.sources.under(path).any(|id| project.sources.path(id).ends_with(".py"))
}

/// A folder where absolute imports start.
struct Root {
    folder: String,
    /// Not on the path of the deployed function as far as the template says; a build may put it there.
    assumed: bool,
}

fn roots(reach: &Reach<'_, '_>, importer: &str) -> Vec<Root> {
    let mut roots: Vec<Root> = Vec::new();
    let mut add = |folder: String, assumed: bool| {
        if !roots.iter().any(|root| root.folder == folder) {
            roots.push(Root { folder, assumed });
        }
    };
    if let Some(root) = reach.root {
        add(root.to_owned(), false);
        for path in reach.spec.variables.get("PYTHONPATH").into_iter().flat_map(|paths| paths.split(':')) {
            if let Some(below) = path.strip_prefix("/var/task") {
                add(join(root, below), false);
            }
        }
    }
    for layer in &reach.spec.layers {
        for folder in layer_folders(reach.project, &layer.folder) {
            add(folder, false);
        }
    }
    if let Some(root) = reach.root {
        upwards(root).for_each(|folder| add(folder.to_owned(), true));
        add(importer.to_owned(), true);
    }
    roots
}

/// The folders of a layer that come on the import path. A layer with a build method is packed from
/// its folder itself.
pub(super) fn layer_folders(project: &Project<'_>, layer: &str) -> Vec<String> {
    let mut folders = Vec::new();
    for root in CONVENTIONS.layer_roots.get(&CodeLanguage::Python).into_iter().flatten() {
        match root.split_once('*') {
            None => folders.push(join(layer, root)),
            Some((before, after)) => {
                let prefix = join(layer, before);
                let below = project.folders().range(prefix.as_str()..);
                let versions = below
                    .take_while(|folder| folder.starts_with(&prefix))
                    .filter(|folder| folder[prefix.len()..].ends_with(after));
                folders.extend(versions.map(|folder| (*folder).to_owned()));
            }
        }
    }
    folders.push(layer.to_owned());
    folders
}
