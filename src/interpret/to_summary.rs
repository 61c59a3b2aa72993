//! From what the runs have met to the summary.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Explored;
use super::ledger::Finished;
use super::mentions::{Mentions, mentions};
use super::merge;
use crate::evidence::Certainty;
use crate::ir::{Program, Target};
use crate::source::Span;
use crate::summary::{EffectId, EnvRead, EventRead, Import, Init, InnerRoute, Outcome, Summary, Test};

pub(super) fn to_summary(program: &Program, explored: Explored) -> Summary {
    let Explored { entry, mut ledger, all_paths } = explored;
    ledger.finished.sort_by_key(|path| reversed(&path.decisions));
    let completing: Vec<&Finished> =
        ledger.finished.iter().filter(|path| matches!(path.outcome, Outcome::Returns(..))).collect();
    // What a path would have met that was not followed to its end is not known.
    let ends = ledger.finished.iter().all(|path| path.outcome != Outcome::Unknown);
    let everywhere = |has: &dyn Fn(&Finished) -> bool| {
        if ends && !completing.is_empty() && completing.iter().all(|path| has(path)) {
            Certainty::Must
        } else {
            Certainty::May
        }
    };
    let must: Vec<Certainty> = ids(ledger.effects.len())
        .map(|id| everywhere(&|path| path.met.effects.contains(&id) || path.met.init_effects.contains(&id)))
        .collect();
    let env_reads = env_reads(&ledger.finished, &everywhere);
    let event_reads = event_reads(&ledger.finished, ends);
    let let_go: Vec<bool> = ids(ledger.effects.len()).map(|id| is_let_go(&ledger.finished, id)).collect();
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
    let Mentions { signs, variables } = mentions(program);
    Summary {
        entry,
        effects: ledger.effects,
        paths: merge::merged(paths),
        all_paths: all_paths && ends,
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

fn ids(count: usize) -> impl Iterator<Item = EffectId> {
    (0..count).map(|index| EffectId(u32::try_from(index).unwrap_or(u32::MAX)))
}

/// Whether something takes the failure of an effect, and the handler goes on, or may.
fn is_let_go(finished: &[Finished], id: EffectId) -> bool {
    let answers = finished.iter().flat_map(|path| path.conditions.iter().map(move |asked| (path, asked)));
    let of_it = answers.filter(|(_, asked)| matches!(&asked.test, Test::Failed(of, _) if *of == id));
    let mut failing = 0;
    let mut goes_on = false;
    let mut asked_at_all = false;
    for (path, asked) in of_it {
        asked_at_all = true;
        failing += usize::from(asked.holds);
        goes_on |= asked.holds && !matches!(path.outcome, Outcome::Raises { .. });
    }
    asked_at_all && (failing == 0 || goes_on)
}

/// Orders the side taken first before the other one.
fn reversed(decisions: &[bool]) -> Vec<bool> {
    decisions.iter().map(|side| !side).collect()
}

/// Whether something is met on every path that completes.
type Everywhere<'e> = &'e dyn Fn(&dyn Fn(&Finished) -> bool) -> Certainty;

fn env_reads(finished: &[Finished], everywhere: Everywhere<'_>) -> Vec<EnvRead> {
    let mut reads: BTreeMap<(String, Span), (bool, bool)> = BTreeMap::new();
    for read in finished.iter().flat_map(|path| &path.met.env_reads) {
        let entry = reads.entry((read.name.clone(), read.span)).or_insert((false, read.at_init));
        entry.0 |= read.has_default;
        entry.1 &= read.at_init;
    }
    reads
        .into_iter()
        .map(|((name, span), (has_default, at_init))| {
            let certainty = everywhere(&|path| {
                path.met.env_reads.iter().any(|read| read.span == span && read.name == name)
            });
            EnvRead { name, has_default, certainty, at_init, span }
        })
        .collect()
}

fn event_reads(finished: &[Finished], ends: bool) -> Vec<EventRead> {
    struct Met {
        required: bool,
        has_default: bool,
        /// Completing paths that have it, and the last of all paths that has.
        completing: usize,
        last: Option<usize>,
    }
    let completes = |path: &Finished| matches!(path.outcome, Outcome::Returns(..));
    let mut reads: BTreeMap<(&[String], Span), Met> = BTreeMap::new();
    for (index, path) in finished.iter().enumerate() {
        for read in &path.met.event_reads {
            let new = Met { required: false, has_default: false, completing: 0, last: None };
            let met = reads.entry((&read.path, read.span)).or_insert(new);
            met.required |= read.required;
            met.has_default |= read.has_default;
            if met.last.replace(index) != Some(index) {
                met.completing += usize::from(completes(path));
            }
        }
    }
    let completing = finished.iter().filter(|path| completes(path)).count();
    // `event["a"]["b"]` reads `a.b`; that it reads `a` on the way is no news. Longer paths follow.
    let on_the_way = |path: &[String], span: Span| {
        let after = reads.range((path, span)..).take_while(|((longer, _), _)| longer.starts_with(path));
        after.into_iter().any(|((longer, around), _)| longer.len() > path.len() && around.contains(span))
    };
    // `event?.a.b`: where `a` may be absent, so may `a.b`.
    let thought_of_before = |path: &[String], span: Span| {
        let before =
            |(shorter, within): &&(&[String], Span)| path.starts_with(shorter) && span.contains(*within);
        reads.iter().any(|(read, met)| met.has_default && before(&read))
    };
    reads
        .iter()
        .filter(|((path, span), _)| !on_the_way(path, *span))
        .map(|((path, span), met)| {
            let always = ends && completing > 0 && met.completing == completing;
            let certainty = if always { Certainty::Must } else { Certainty::May };
            let has_default = met.has_default || thought_of_before(path, *span);
            EventRead { path: path.to_vec(), required: met.required, has_default, certainty, span: *span }
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
