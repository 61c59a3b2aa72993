//! Handlers of the functions of a graph: found, compiled to summaries, and linked back.
//!
//! The only place that knows both sides. Each handler is compiled once, however many functions use
//! it, and apart from all templates; linking then fills in what its open symbols mean here.

mod kept;
mod outlines;
mod placeholder;
mod spec;
mod targets;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use self::kept::{Compiled, Handler, ProgramId};
use crate::cache::Cache;
use crate::evidence::Problem;
use crate::frontend::resolve::{HandlerSpec, Project};
use crate::graph::{Graph, SourceState, Unread};
use crate::interpret::{self, Panicked};
use crate::source::Sources;
use crate::summary::Summary;

/// Fills in the behaviour of every function; gives the code that was read for it.
///
/// Problems: a handler that could not be compiled because of a fault of ours.
pub fn link(
    graph: &mut Graph,
    sources: &Sources,
    cache: Option<&Cache<'_>>,
) -> (impl Any + Send + Sync + use<>, Vec<Problem>) {
    let project = Project::new(sources);
    let specs = spec::specs(graph);
    let mut found: Vec<Handler> = specs.par_iter().map(|spec| Handler::find(spec, &project, cache)).collect();
    let summaries = summaries(&specs, &mut found, &project, cache);

    let mut problems = Vec::new();
    for (index, handler) in found.iter().enumerate() {
        let mut behaviour = handler.place.behaviour(sources);
        let program = handler.place.program.as_ref();
        match program.and_then(|program| Some((program, summaries.get(&program.key())?))) {
            Some((program, (other, Ok(Compiled::Summary(summary))))) => {
                behaviour.summary = program.adopt(other, summary);
            }
            Some((_, (_, Ok(Compiled::NotExported { spelled })))) => {
                behaviour.unread = Some(Unread::NotExported { spelled: *spelled });
            }
            Some((_, (_, Err(Panicked)))) => {
                behaviour.unread = Some(Unread::Fault);
                let path = behaviour.file.clone().unwrap_or_default();
                let text = "the handler could not be analysed, so nothing is said of its code";
                let help = "this is a fault of slslint; please report it with the file";
                problems.push(Problem::of_file(path, text).help(help));
            }
            None => {}
        }
        let function = &graph.functions[index];
        if let Some(why) = behaviour.summary.as_ref().and_then(|summary| placeholder::why(function, summary))
        {
            behaviour.summary = None;
            behaviour.state = SourceState::NotAvailable(why.to_owned());
        }
        behaviour.targets = targets::targets(graph, sources, index, &behaviour);
        graph.functions[index].behaviour = behaviour;
    }
    graph.outlines = outlines::outlines(graph, sources, &project, cache);
    problems.sort();
    problems.dedup();
    (project.into_modules(), problems)
}

/// What interpreting a program gave, with the program it was made for.
type Made = (ProgramId, Result<Compiled<Arc<Summary>>, Panicked>);

/// Compiles all programs, each once: functions often share a handler, or have copies of one.
fn summaries(
    specs: &[HandlerSpec],
    found: &mut [Handler],
    project: &Project<'_>,
    cache: Option<&Cache<'_>>,
) -> BTreeMap<String, Made> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (index, handler) in found.iter().enumerate() {
        if let Some(program) = &handler.place.program {
            first.entry(program.key()).or_insert(index);
        }
    }
    let recall = |index: usize| found[index].place.program.as_ref()?.recall(cache?);
    let kept: Vec<(usize, Option<Compiled<Summary>>)> = first
        .values()
        .copied()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|index| (index, recall(index)))
        .collect();
    // A place may be kept whose summary is not.
    let lost = |index: usize| found[index].bundle.is_none();
    let unread: Vec<usize> =
        kept.iter().filter(|(index, kept)| kept.is_none() && lost(*index)).map(|(index, _)| *index).collect();
    let read: Vec<(usize, Handler)> =
        unread.into_par_iter().map(|index| (index, Handler::look(&specs[index], project))).collect();
    for (index, handler) in read {
        found[index] = handler;
    }

    let missing = kept.iter().filter(|(_, kept)| kept.is_none());
    let bundles = missing.filter_map(|(index, _)| Some((*index, found[*index].bundle.as_ref()?)));
    let bundles: Vec<_> = bundles.collect();
    let programs: Vec<_> = bundles.iter().map(|(_, bundle)| &bundle.program).collect();
    let made = bundles.iter().zip(interpret::summarize_all(&programs)).map(|((index, bundle), outcome)| {
        let compiled = outcome.map(|summary| match summary {
            Some(summary) => Compiled::Summary(summary),
            None => Compiled::NotExported { spelled: bundle.spells_handler() },
        });
        (*index, compiled)
    });
    let kept = kept.into_iter().filter_map(|(index, kept)| Some((index, Ok(kept?))));
    let all: Vec<(usize, Result<Compiled<Summary>, Panicked>, bool)> = made
        .map(|(index, outcome)| (index, outcome, true))
        .chain(kept.map(|(index, outcome)| (index, outcome, false)))
        .collect();
    let all = all.into_par_iter().filter_map(|(index, outcome, new)| {
        let program = found[index].place.program.clone()?;
        if let (Some(cache), true, Ok(compiled)) = (cache, new, &outcome) {
            program.keep(compiled, cache);
        }
        let shared = outcome.map(|compiled| match compiled {
            Compiled::Summary(summary) => Compiled::Summary(Arc::new(summary)),
            Compiled::NotExported { spelled } => Compiled::NotExported { spelled },
        });
        Some((program.key(), (program, shared)))
    });
    all.collect::<Vec<_>>().into_iter().collect()
}
