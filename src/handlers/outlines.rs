//! The outlines of the modules that functions consist of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::cache::Cache;
use crate::frontend::resolve::Project;
use crate::graph::Graph;
use crate::outline::{self, Outline};
use crate::source::{SourceId, Sources};

/// The outlines of all modules that are the project's own code. Modules were read to be interpreted, so
/// none is read a second time; where its summary was kept, its outline was.
pub fn outlines(
    graph: &Graph,
    sources: &Sources,
    project: &Project<'_>,
    cache: Option<&Cache<'_>>,
) -> BTreeMap<SourceId, Arc<Outline>> {
    let modules: BTreeSet<SourceId> =
        graph.functions.iter().flat_map(|function| function.behaviour.modules.iter().copied()).collect();
    let modules: Vec<SourceId> = modules.into_iter().collect();
    let told = modules.into_par_iter().filter_map(|source| {
        let outline = told(source, sources, project, cache)?;
        (!outline.blocks.is_empty()).then(|| (source, Arc::new(outline)))
    });
    told.collect::<Vec<_>>().into_iter().collect()
}

fn told(
    source: SourceId,
    sources: &Sources,
    project: &Project<'_>,
    cache: Option<&Cache<'_>>,
) -> Option<Outline> {
    if !project.is_own(source) {
        return None;
    }
    let read = || Some(outline::of(&*project.code(source)?, sources.text(source)));
    let Some(cache) = cache else { return read() };
    // The ending of the name chooses the grammar.
    let ending = sources.path(source).rsplit_once('.').map_or("", |(_, ending)| ending);
    let asked = format!("{:?}.{ending}", sources.fingerprint(source));
    if let Some(kept) = cache.recall_pure("outline", &asked) {
        return Some(kept);
    }
    let outline = read()?;
    cache.keep_pure("outline", &asked, &outline);
    Some(outline)
}
