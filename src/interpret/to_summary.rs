//! From what the runs have met to the summary.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Explored;
use super::ledger::{Finished, Ledger};
use super::mentions::Mentions;
use super::merge;
use crate::evidence::Certainty;
use crate::ir::{Program, Target};
use crate::source::Span;
use crate::summary::{EffectId, EnvRead, EventRead, Import, Init, InnerRoute, Outcome, Summary, Test};

pub(super) fn to_summary(program: &Program, explored: Explored, mentioned: Mentions) -> Summary {
    let Explored { entry, mut ledger, all_paths } = explored;
    ledger.finished.sort_by_key(|path| reversed(&path.decisions));
    let ends = all_end(&ledger.finished);
    let must = on_every_path(&ledger.finished, ledger.effects.len(), |path, meets| {
        path.met.effects.iter().chain(&path.met.init_effects).for_each(|id| meets(id.index()));
    });
    let env_reads = env_reads(&ledger);
    let event_reads = event_reads(&ledger);
    let let_go = let_go(&ledger.finished, ledger.effects.len());
    let inner_routes = inner_routes(&ledger.finished);
    for ((effect, certainty), let_go) in ledger.effects.iter_mut().zip(must).zip(let_go) {
        effect.certainty = certainty;
        effect.let_go = let_go;
    }
    let inits = ledger
        .inits
        .iter()
        .map(|(span, init)| Init {
            what: init.what.clone(),
            at_init: init.at_init,
            invariant: !init.at_init && !init.varies && !init.kept,
            own_credentials: init.own_credentials,
            span: *span,
        })
        .collect();
    let paths = ledger
        .finished
        .into_iter()
        .map(|path| merge::Finished {
            when: path.conditions,
            effects: path.met.effects,
            outcome: path.outcome,
        })
        .collect();
    let (paths, none_left_out) = merge::merged(paths);
    let Mentions { signs, variables } = mentioned;
    Summary {
        entry,
        effects: ledger.effects,
        paths,
        all_paths: all_paths && ends && none_left_out,
        env_reads,
        event_reads,
        inner_routes,
        inits,
        imports: imports(program),
        signs,
        variables,
        unknowns: ledger.unknowns.into_iter().collect(),
    }
}

/// For each effect whether something takes its failure, and the handler goes on, or may.
fn let_go(finished: &[Finished], count: usize) -> Vec<bool> {
    #[derive(Clone, Default)]
    struct Failure {
        is_asked: bool,
        happens: bool,
        goes_on: bool,
    }
    let mut failures = vec![Failure::default(); count];
    for path in finished {
        for asked in &path.conditions {
            let Test::Failed(EffectId(id), _) = &asked.test else { continue };
            let Some(failure) = failures.get_mut(*id as usize) else { continue };
            failure.is_asked = true;
            failure.happens |= asked.holds;
            failure.goes_on |= asked.holds && !matches!(path.outcome, Outcome::Raises { .. });
        }
    }
    failures.iter().map(|failure| failure.is_asked && (!failure.happens || failure.goes_on)).collect()
}

/// Orders the side taken first before the other one.
fn reversed(decisions: &[bool]) -> Vec<bool> {
    decisions.iter().map(|side| !side).collect()
}

/// Whether every path was followed to its end; what another would have met is not known.
fn all_end(finished: &[Finished]) -> bool {
    finished.iter().all(|path| path.outcome != Outcome::Unknown)
}

/// Which of so many things are met on every path that completes.
fn on_every_path(
    finished: &[Finished],
    count: usize,
    met: impl Fn(&Finished, &mut dyn FnMut(usize)),
) -> Vec<Certainty> {
    let completing = finished.iter().filter(|path| matches!(path.outcome, Outcome::Returns(..)));
    let mut paths = 0;
    // How many paths have it, and the last of them.
    let mut counts = vec![(0, 0); count];
    for path in completing {
        paths += 1;
        met(path, &mut |thing| {
            if let Some((count, last)) = counts.get_mut(thing)
                && *last != paths
            {
                *count += 1;
                *last = paths;
            }
        });
    }
    let ends = all_end(finished);
    let always = |count: usize| ends && paths > 0 && count == paths;
    counts.iter().map(|(count, _)| if always(*count) { Certainty::Must } else { Certainty::May }).collect()
}

/// Reads of the same thing at the same place, in their order: their numbers, and whether every path
/// that completes surely has one. `met` gives what a path surely has, and what it may.
fn by_place<K: Ord>(
    finished: &[Finished],
    places: Vec<K>,
    skimmed: &[u32],
    met: impl Fn(&Finished) -> [&[u32]; 2],
) -> Vec<(K, Vec<u32>, Certainty)> {
    let mut is_met = vec![false; places.len()];
    finished.iter().flat_map(&met).flatten().chain(skimmed).for_each(|read| is_met[*read as usize] = true);
    let mut at: BTreeMap<K, Vec<u32>> = BTreeMap::new();
    for (place, number) in places.into_iter().zip(0..).filter(|(_, number)| is_met[*number as usize]) {
        at.entry(place).or_default().push(number);
    }
    let mut group = vec![0; is_met.len()];
    for (index, numbers) in at.values().enumerate() {
        numbers.iter().for_each(|number| group[*number as usize] = index);
    }
    let certain = on_every_path(finished, at.len(), |path, meets| {
        let [surely, _] = met(path);
        surely.iter().for_each(|read| meets(group[*read as usize]));
    });
    at.into_iter().zip(certain).map(|((place, numbers), certainty)| (place, numbers, certainty)).collect()
}

fn env_reads(Ledger { finished, env_reads, skimmed, .. }: &Ledger) -> Vec<EnvRead> {
    let places = env_reads.all().map(|read| (read.name.as_str(), read.span)).collect();
    by_place(finished, places, skimmed, |path| [&path.met.env_reads, &path.met.may_env_reads])
        .into_iter()
        .map(|((name, span), numbers, certainty)| {
            let mut all = numbers.iter().map(|number| env_reads.get(*number));
            EnvRead {
                name: name.to_owned(),
                has_default: all.clone().any(|read| read.has_default),
                certainty,
                at_init: all.all(|read| read.at_init),
                span,
            }
        })
        .collect()
}

fn event_reads(Ledger { finished, event_reads, .. }: &Ledger) -> Vec<EventRead> {
    let places = event_reads.all().map(|read| (&*read.path, read.span)).collect();
    let reads = by_place(finished, places, &[], |path| [&path.met.event_reads, &path.met.may_event_reads]);
    // `event["a"]["b"]` reads `a.b`; that it reads `a` on the way is no news. Longer paths follow.
    let on_the_way = |index: usize, path: &[String], span: Span| {
        let longer = index + reads[index..].partition_point(|((same, _), ..)| *same == path);
        let after = reads[longer..].iter().map(|((longer, around), ..)| (longer, around));
        let mut after = after.take_while(|(longer, _)| longer.starts_with(path));
        after.any(|(_, around)| around.contains(span))
    };
    let has_default = |numbers: &[u32]| numbers.iter().any(|number| event_reads.get(*number).has_default);
    // `event?.a.b`: where `a` may be absent, so may `a.b`.
    let thought_of: Vec<_> = reads.iter().filter(|(_, numbers, _)| has_default(numbers)).collect();
    let thought_of_before = |path: &[String], span: Span| {
        thought_of.iter().any(|((shorter, within), ..)| path.starts_with(shorter) && span.contains(*within))
    };
    reads
        .iter()
        .enumerate()
        .filter(|(index, ((path, span), ..))| !on_the_way(*index, path, *span))
        .map(|(_, ((path, span), numbers, certainty))| EventRead {
            path: path.to_vec(),
            required: numbers.iter().any(|number| event_reads.get(*number).required),
            has_default: has_default(numbers) || thought_of_before(path, *span),
            certainty: *certainty,
            span: *span,
        })
        .collect()
}

fn inner_routes(finished: &[Finished]) -> Vec<InnerRoute> {
    let mut routes: BTreeMap<(String, String, Span), BTreeSet<EffectId>> = BTreeMap::new();
    for path in finished {
        for met in &path.met.routes {
            let key = (met.route.path.clone(), met.route.method.clone(), met.route.span);
            routes.entry(key).or_default().extend(path.met.effects.iter().skip(met.from));
        }
    }
    routes
        .into_iter()
        .map(|((path, method, span), effects)| InnerRoute {
            method,
            path,
            span,
            effects: effects.into_iter().collect(),
        })
        .collect()
}

fn imports(program: &Program) -> Vec<Import> {
    let mut imports: BTreeSet<(String, bool)> = BTreeSet::new();
    for ((_, text), target) in &program.links {
        match target {
            Target::Package(package) => imports.insert((package.clone(), false)),
            Target::Local(_) => imports.insert((text.clone(), true)),
            Target::Missing => false,
        };
    }
    imports.into_iter().map(|(module, local)| Import { module, local }).collect()
}
