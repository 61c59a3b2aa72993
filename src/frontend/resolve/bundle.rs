//! All local code a handler can reach.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::conventions::CodeLanguage;
use super::modules::Lowered;
use super::paths::{file_name, without_extension};
use super::project::Project;
use super::reach::Reach;
use super::{Code, HandlerSpec, Resolution, digest, inline, javascript, python};
use crate::ir::{Entry, Language, Module, Program, Target};
use crate::source::{SourceId, parent};
use rustc_hash::FxHashMap;

/// More than any handler measured (over 3,000 public ones stay below 250); past it a bundle is cut.
const MODULES_AT_MOST: usize = 400;

/// A program, with what is needed to keep its summary.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub program: Program,
    /// The program's modules from the entry on, in the order they were reached. Two equal programs
    /// in different projects have the same order, whatever their files are called.
    pub order: Vec<SourceId>,
    /// Equal for programs that are the same but for the paths of their files.
    pub digest: String,
    /// What of the local code is not in the program, and why.
    pub left_out: Vec<String>,
}

/// Follows the imports of a handler.
///
/// Links are, for each import of a module, its text. For Python three more kinds are there, as a
/// package's folder is a module too and submodules are members of it:
/// - `from pkg import sub`, where `pkg` itself binds no `sub`: the importer's `pkg.sub` (`.sub` for
///   `from . import sub`);
/// - packages above a module, as their `__init__.py` runs first: the importer's `pkg` for `pkg.sub`;
/// - a submodule seen from its package, once anything imports it: the package's own `.sub`.
///
/// A namespace package (a folder without `__init__.py`) is `Package`: only its submodules are there.
///
/// # Errors
/// Why there is no program.
pub fn bundle(
    resolution: &Resolution,
    spec: &HandlerSpec,
    project: &Project<'_>,
) -> Result<Bundle, NoProgram> {
    let Start { entry, language, root, inline } = start(resolution, spec, project)?;
    let reach = Reach { project, spec, root: root.as_deref() };
    let mut order = vec![entry.source];
    let mut modules: BTreeMap<SourceId, Arc<Module>> = BTreeMap::new();
    let mut links = FxHashMap::default();
    let mut left_out = Vec::new();
    let mut waiting = VecDeque::from([entry.source]);
    while let Some(source) = waiting.pop_front() {
        let own = inline.as_ref().filter(|_| source == entry.source);
        let Some(lowered) = own.or_else(|| project.module(source)) else { continue };
        modules.insert(source, Arc::clone(&lowered.module));
        for (text, target) in links_of(&reach, source, lowered) {
            if let Target::Local(target) = target
                && !order.contains(&target)
            {
                if order.len() == MODULES_AT_MOST {
                    if left_out.is_empty() {
                        left_out.push(format!("more than {MODULES_AT_MOST} modules"));
                    }
                    continue;
                }
                order.push(target);
                waiting.push_back(target);
            }
            links.insert((source, text), target);
        }
    }
    if language == CodeLanguage::Python {
        submodules(project, &order, &mut links);
    }
    let program = Program { modules, links, entry };
    let own = inline.as_ref().and(inline_text(spec, project));
    let digest = digest::digest(&program, &order, &project.sources, own.as_deref());
    Ok(Bundle { program, order, digest, left_out })
}

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoProgram {
    /// No front end reads its language.
    Language,
    /// Its file cannot be read, and why.
    File(String),
    /// The handler was not found, or is not here.
    NotHere,
}

/// Where a bundle begins.
struct Start {
    entry: Entry,
    language: CodeLanguage,
    root: Option<String>,
    /// The entry's module, where it is not a file of its own.
    inline: Option<Arc<Lowered>>,
}

fn start(resolution: &Resolution, spec: &HandlerSpec, project: &Project<'_>) -> Result<Start, NoProgram> {
    match resolution {
        Resolution::Found(found) => {
            if let Some(error) = project.sources.error(found.source) {
                return Err(NoProgram::File(error.to_owned()));
            }
            if project.module(found.source).is_none() {
                return Err(NoProgram::Language);
            }
            let entry = Entry { source: found.source, export: found.export.clone() };
            Ok(Start { entry, language: found.language, root: Some(found.root.clone()), inline: None })
        }
        Resolution::Inline { source, language, export } => {
            let Code::Inline { span, text } = &spec.code else { return Err(NoProgram::NotHere) };
            let lowered = inline::lower(project, *language, *span, text)
                .filter(|_| matches!(language, CodeLanguage::Python | CodeLanguage::JavaScript))
                .ok_or(NoProgram::Language)?;
            let entry = Entry { source: *source, export: export.clone() };
            Ok(Start { entry, language: *language, root: None, inline: Some(Arc::new(lowered)) })
        }
        Resolution::NotAvailable { .. } | Resolution::Missing { .. } => Err(NoProgram::NotHere),
    }
}

/// The value of inline code, and where and how the template writes it: the program's spans depend on
/// that.
fn inline_text(spec: &HandlerSpec, project: &Project<'_>) -> Option<String> {
    let Code::Inline { span, text } = &spec.code else { return None };
    Some(format!("{}:{}\n{text}", span.start, project.sources.slice(*span)))
}

/// The imports of a module and where they lead.
fn links_of(reach: &Reach<'_, '_>, source: SourceId, lowered: &Lowered) -> Vec<(String, Target)> {
    match lowered.module.language {
        Language::Python => python::links(reach, source, lowered),
        Language::JavaScript => javascript::links(reach, source, lowered),
    }
}

/// Makes submodules members of their packages.
fn submodules(project: &Project<'_>, order: &[SourceId], links: &mut FxHashMap<(SourceId, String), Target>) {
    for &module in order {
        let path = without_extension(project.sources.path(module));
        let own = path.strip_suffix("/__init__").unwrap_or(path);
        let package = project.sources.find(&format!("{}/__init__.py", parent(own)));
        if let Some(package) = package.filter(|package| *package != module && order.contains(package)) {
            links.entry((package, format!(".{}", file_name(own)))).or_insert(Target::Local(module));
        }
    }
}
