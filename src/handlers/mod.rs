//! Handlers of the functions of a graph: found, compiled to summaries, and linked back.
//!
//! The only place that knows both sides. Each handler is compiled once, however many functions use
//! it, and apart from all templates; linking then fills in what its open symbols mean here.

mod spec;
mod targets;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use crate::evidence::Problem;
use crate::frontend::resolve::{self, Bundle, HandlerSpec, Project, Resolution};
use crate::graph::{Behaviour, Graph, SourceState};
use crate::interpret;
use crate::source::{SourceId, Sources};
use crate::summary::Summary;

/// Fills in the behaviour of every function.
///
/// Problems: a handler that could not be compiled because of a fault of ours.
pub fn link(graph: &mut Graph, sources: &Sources) -> Vec<Problem> {
    let project = Project::new(sources);
    let specs = spec::specs(graph);
    let found: Vec<Handler> = specs.par_iter().map(|spec| Handler::find(spec, &project)).collect();

    // Functions often share a handler. The same code in other files is another summary, as its places differ.
    let mut programs: BTreeMap<Key<'_>, &Bundle> = BTreeMap::new();
    for bundle in found.iter().filter_map(|handler| handler.bundle.as_ref()) {
        programs.entry(key(bundle)).or_insert(bundle);
    }
    let programs: Vec<(Key<'_>, &Bundle)> = programs.into_iter().collect();
    let summaries: BTreeMap<Key<'_>, Result<Option<Arc<Summary>>, ()>> =
        programs.into_par_iter().map(|(key, bundle)| (key, compile(bundle))).collect();

    let mut problems = Vec::new();
    let behaviours: Vec<Behaviour> = found
        .iter()
        .map(|handler| {
            let mut behaviour = handler.behaviour(sources);
            let bundle = handler.bundle.as_ref();
            match bundle.and_then(|bundle| summaries.get(&key(bundle))) {
                Some(Ok(summary)) => behaviour.summary = summary.clone(),
                Some(Err(())) => {
                    let path = behaviour.file.clone().unwrap_or_default();
                    let text = "the handler could not be analysed, so nothing is said of its code";
                    let help = "this is a fault of slslint; please report it with the file";
                    problems.push(Problem::of_file(path, text).help(help));
                }
                None => {}
            }
            behaviour
        })
        .collect();
    for (index, mut behaviour) in behaviours.into_iter().enumerate() {
        behaviour.targets = targets::targets(graph, sources, index, &behaviour);
        graph.functions[index].behaviour = behaviour;
    }
    problems.sort();
    problems.dedup();
    problems
}

/// The code, and the files it is in.
type Key<'a> = (&'a str, &'a [SourceId]);

fn key(bundle: &Bundle) -> Key<'_> {
    (&bundle.digest, &bundle.order)
}

/// Where a function's code is, and its program if it has one.
struct Handler {
    resolution: Resolution,
    bundle: Option<Bundle>,
}

impl Handler {
    fn find(spec: &HandlerSpec, project: &Project<'_>) -> Self {
        let resolution = resolve::resolve(spec, project);
        let bundle = resolve::bundle(&resolution, spec, project).ok();
        Self { resolution, bundle }
    }

    fn behaviour(&self, sources: &Sources) -> Behaviour {
        let (state, export) = match &self.resolution {
            Resolution::Found(found) => (SourceState::Found, found.export.as_slice()),
            Resolution::Inline { export, .. } => (SourceState::Inline, export.as_slice()),
            Resolution::NotAvailable { why } => (SourceState::NotAvailable(why.clone()), [].as_slice()),
            Resolution::Missing { looked_at, .. } => (SourceState::Missing(looked_at.clone()), [].as_slice()),
        };
        Behaviour {
            state,
            file: self.resolution.source().map(|source| sources.path(source).to_owned()),
            function: (!export.is_empty()).then(|| export.join(".")),
            summary: None,
            targets: Vec::new(),
            modules: self.bundle.as_ref().map_or_else(Vec::new, |bundle| bundle.order.clone()),
        }
    }
}

/// A panic of the interpreter costs one handler, not the run.
fn compile(bundle: &Bundle) -> Result<Option<Arc<Summary>>, ()> {
    let outcome = catch_unwind(AssertUnwindSafe(|| interpret::summarize(&bundle.program)));
    outcome.map(|summary| summary.map(Arc::new)).map_err(|_| ())
}
