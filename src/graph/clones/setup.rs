//! What builds a client or a connection when a module loads, in more than one step.

use std::collections::BTreeSet;

use super::code::{Code, Run};
use crate::outline::{Kind, Piece};

/// Fewer statements are one call, which needs no other.
const STATEMENTS: usize = 2;

/// The runs cut down to the statements that build connections.
pub(super) fn connections(code: &Code<'_>, runs: Vec<Run>) -> Option<Vec<Run>> {
    let first = runs.first()?;
    let kept: Vec<usize> = (0..first.pieces.len()).filter(|at| steps(code, first).contains(at)).collect();
    if kept.len() < STATEMENTS {
        return None;
    }
    let cut = |run: Run| {
        let same = steps(code, &run).into_iter().collect::<Vec<_>>() == kept;
        let pieces: Vec<usize> = kept.iter().filter_map(|at| run.pieces.get(*at).copied()).collect();
        same.then_some(Run { pieces, ..run })
    };
    Some(runs.into_iter().filter_map(cut).collect())
}

/// Whether a statement builds a client; without one there are no steps.
pub(super) fn may_connect(code: &Code<'_>, run: &Run) -> bool {
    run.pieces.len() >= STATEMENTS && code.is_top(run) && code.has(run, &code.files[run.file].clients)
}

/// Whether every statement builds connections.
pub(super) fn is_all(code: &Code<'_>, run: &Run) -> bool {
    steps(code, run).len() == run.pieces.len()
}

/// Which of the statements build a client, or use what another of them has built, or make what it is
/// built of; alone standing clients are not among them.
fn steps(code: &Code<'_>, run: &Run) -> BTreeSet<usize> {
    let none = BTreeSet::new();
    if !code.is_top(run) {
        return none;
    }
    let pieces: Vec<&Piece> = code.pieces(run).collect();
    let clients = &code.files[run.file].clients;
    let builds = |piece: &Piece| {
        let span = code.span_of(run.file, piece);
        piece.kind == Kind::Other && clients.iter().any(|client| span.contains(*client))
    };
    let mut found: BTreeSet<usize> = (0..pieces.len()).filter(|at| builds(pieces[*at])).collect();
    let alone = found.clone();
    let linked = |one: &Piece, other: &Piece| one.binds.iter().any(|name| other.uses.contains(name));
    loop {
        let next: Vec<usize> = (0..pieces.len())
            .filter(|at| !found.contains(at) && pieces[*at].kind == Kind::Other)
            .filter(|at| {
                let linked = |other: &usize| {
                    linked(pieces[*at], pieces[*other]) || linked(pieces[*other], pieces[*at])
                };
                found.iter().any(linked)
            })
            .collect();
        if next.is_empty() {
            break;
        }
        found.extend(next);
    }
    let in_steps = |at: &usize| {
        let others = found.iter().filter(|other| *other != at);
        others
            .into_iter()
            .any(|other| linked(pieces[*at], pieces[*other]) || linked(pieces[*other], pieces[*at]))
    };
    found.iter().filter(|at| !alone.contains(at) || in_steps(at)).copied().collect()
}
