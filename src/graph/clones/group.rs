//! Copies that belong together, and whether they are worth a word.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::code::{Code, Run};
use super::{Covered, Group, Place, What, literals, setup};
use crate::outline::{Kind, Piece};
use crate::source::{SourceId, Span};

/// A copy has at least this weight and these lines: below, a call of what is shared says as much as the
/// code itself.
const WEIGHT: usize = 30;
const LINES: usize = 5;
/// Statements out of the middle of a function are torn from what is around them, and short handlers are
/// alike because they are handlers; only long ones are one thing.
const INNER_WEIGHT: usize = 70;
const INNER_LINES: usize = 8;
/// `logger = Logger()`, `logger.setLevel(INFO)`: a call of what is shared would be no shorter. Such
/// statements of a module are part of a copy, but make none.
const LIGHT: usize = 8;
/// What builds a connection in several steps is short wherever it stands; it counts where it is written
/// often.
pub(super) const SETUP_WEIGHT: usize = 10;
/// Fewer lines are not worth a module and its deployment.
const SAVED: usize = 5;

/// Copies of one piece, in the order of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub runs: Vec<Run>,
    lines: usize,
}

impl Candidate {
    /// What runs with one shape are: sets whose literals are alike.
    pub fn all(code: &Code<'_>, runs: Vec<Run>) -> Vec<Self> {
        let Some(first) = runs.first() else { return Vec::new() };
        let weight = code.weight(first);
        let entry = runs.iter().any(|run| code.has(run, &code.files[run.file].entries));
        let sets = literals::alike(code, runs, literals::at_most(weight, entry));
        sets.into_iter().filter_map(|runs| Self::of(code, apart(code, runs))).collect()
    }

    fn of(code: &Code<'_>, runs: Vec<Run>) -> Option<Self> {
        let runs = if is_enough(code, runs.first()?) { runs } else { setup::connections(code, runs)? };
        let lines = code.lines(runs.first()?);
        let candidate = Self { lines, runs };
        (candidate.saved() >= SAVED && candidate.is_across(code)).then_some(candidate)
    }

    /// Whether two functions have it, and neither has all of the other's: code that is twice in one
    /// function's package is another matter.
    fn is_across(&self, code: &Code<'_>) -> bool {
        let owners = || self.runs.iter().map(|run| &code.files[run.file].functions);
        let apart =
            |one: &BTreeSet<usize>, other: &BTreeSet<usize>| !one.is_subset(other) && !other.is_subset(one);
        // Mostly each is in a function of its own.
        if owners().next().is_some_and(|first| owners().any(|other| apart(first, other))) {
            return true;
        }
        let owners: BTreeSet<&BTreeSet<usize>> = owners().collect();
        owners.iter().enumerate().any(|(at, one)| owners.iter().skip(at + 1).any(|other| apart(one, other)))
    }

    /// Each copy gives way to a line that imports what is shared.
    pub fn saved(&self) -> usize {
        saved(self.lines, self.runs.len())
    }

    /// Without the copies that are part of a group already.
    pub fn without(self, code: &Code<'_>, covered: &Covered) -> Option<Self> {
        let runs = self.runs.into_iter().filter(|run| !covered.has(code.span(run))).collect();
        Self::of(code, runs)
    }

    /// The best one last: it saves most, has most lines, comes first.
    pub fn best_last(one: &Self, other: &Self) -> Ordering {
        let key = |of: &Self| (saved(of.lines, of.runs.len()), of.lines, of.runs.len());
        key(one).cmp(&key(other)).then_with(|| other.runs.cmp(&one.runs))
    }

    pub fn files(&self, code: &Code<'_>) -> Vec<SourceId> {
        let files: BTreeSet<SourceId> = self.runs.iter().map(|run| code.files[run.file].source).collect();
        files.into_iter().collect()
    }

    pub fn into_group(self, code: &Code<'_>, what: What) -> Group {
        let whole = what == What::Module;
        let place = |run: &Run| {
            let span = code.span(run);
            let spans = if whole { vec![span] } else { spans(code, run) };
            Place { source: span.source, span, spans, functions: functions(code, run) }
        };
        Group {
            what,
            places: self.runs.iter().map(place).collect(),
            lines: self.lines,
            saved: saved(self.lines, self.runs.len()),
            differing: literals::differing(code, &self.runs),
        }
    }
}

fn saved(lines: usize, copies: usize) -> usize {
    (lines * copies).saturating_sub(lines + copies)
}

fn functions(code: &Code<'_>, run: &Run) -> Vec<usize> {
    code.files[run.file].functions.iter().copied().collect()
}

fn spans(code: &Code<'_>, run: &Run) -> Vec<Span> {
    code.pieces(run).map(|piece| code.span_of(run.file, piece)).collect()
}

/// Runs that do not overlap, first come.
fn apart(code: &Code<'_>, runs: Vec<Run>) -> Vec<Run> {
    let mut taken: Vec<(Span, Run)> = Vec::new();
    for run in runs {
        let span = code.span(&run);
        let free =
            |known: &Span| known.source != span.source || known.end <= span.start || span.end <= known.start;
        if taken.iter().rev().take(8).all(|(known, _)| free(known)) {
            taken.push((span, run));
        }
    }
    taken.into_iter().map(|(_, run)| run).collect()
}

/// Whether some of the runs, whose hashes are the same, could be copies, whatever their names are.
pub(super) fn may_be_copies(code: &Code<'_>, runs: &[Run]) -> bool {
    runs.iter().any(|run| is_enough(code, run) || setup::may_connect(code, run))
}

/// Whether one copy is large enough to be shared.
fn is_enough(code: &Code<'_>, run: &Run) -> bool {
    let heavy = || {
        run.pieces.iter().copied().filter(|index| {
            let piece = code.piece(run, *index);
            matches!(piece.kind, Kind::Definition(_)) || piece.weight as usize >= LIGHT
        })
    };
    let weight: usize = heavy().map(|index| code.piece(run, index).weight as usize).sum();
    if weight < WEIGHT {
        return false;
    }
    let handler = code.has(run, &code.files[run.file].entries);
    let (least, lines) = if !handler && (code.is_top(run) || is_definition(code, run)) {
        (WEIGHT, LINES)
    } else {
        (INNER_WEIGHT, INNER_LINES)
    };
    weight >= least && code.lines(&Run { pieces: heavy().collect(), ..*run }) >= lines
}

/// Whether a handler is so long that another one like it is a copy.
pub(super) fn is_long(code: &Code<'_>, file: usize, piece: &Piece) -> bool {
    let (start, end) = code.lines_of(file, piece);
    piece.weight as usize >= INNER_WEIGHT && end + 1 - start >= INNER_LINES
}

fn is_definition(code: &Code<'_>, run: &Run) -> bool {
    code.pieces(run).all(|piece| matches!(piece.kind, Kind::Definition(_)))
}

/// Modules that are the same but for the order of their imports and the names of what is theirs.
pub(super) fn modules(code: &Code<'_>) -> Vec<Candidate> {
    let mut alike: BTreeMap<(u64, Vec<u32>), Vec<Run>> = BTreeMap::new();
    for (at, file) in code.files.iter().enumerate() {
        let pieces = file.outline.module();
        let whole =
            Run { file: at, block: file.outline.blocks.len() - 1, pieces: (0..pieces.len()).collect() };
        let (imports, rest): (Vec<usize>, Vec<usize>) =
            (0..pieces.len()).partition(|index| is_import(&pieces[*index]));
        let rest = Run { pieces: rest, ..whole.clone() };
        if !is_enough(code, &rest) {
            continue;
        }
        let mut hash = FxHasher::default();
        hash.write_u64(code.shape(&rest));
        let mut imported: Vec<u64> = imports.iter().map(|index| pieces[*index].hash).collect();
        imported.sort_unstable();
        imported.iter().for_each(|import| hash.write_u64(*import));
        let literals: Vec<u32> = code.literals(&rest).collect();
        alike.entry((hash.finish(), literals)).or_default().push(whole);
    }
    let mut found: Vec<Candidate> = alike
        .into_values()
        .filter(|runs| runs.len() > 1)
        .map(|runs| Candidate { lines: runs.first().map_or(0, |run| code.lines(run)), runs })
        .filter(|candidate| candidate.saved() >= SAVED && candidate.is_across(code))
        .collect();
    found.sort_by(|one, other| Candidate::best_last(other, one));
    found
}

fn is_import(piece: &Piece) -> bool {
    matches!(piece.kind, Kind::Import(_))
}

/// What some pieces are that are the same in the same files.
pub(super) fn what(code: &Code<'_>, same: &[Candidate]) -> What {
    let firsts: Vec<&Run> = same.iter().filter_map(|candidate| candidate.runs.first()).collect();
    if firsts.iter().all(|run| is_definition(code, run) && code.is_top(run)) {
        let named = firsts.iter().flat_map(|run| {
            let outline = code.files[run.file].outline;
            code.pieces(run).filter_map(move |piece| match piece.kind {
                Kind::Definition(name) => Some(outline.name(name).to_owned()),
                _ => None,
            })
        });
        return What::Definitions(named.collect());
    }
    if firsts.iter().all(|run| setup::is_all(code, run)) { What::Setup } else { What::Statements }
}

/// Pieces that are the same in the same files, one in each, as one group.
pub(super) fn together(code: &Code<'_>, same: &[Candidate], what: What) -> Group {
    let mut places: BTreeMap<SourceId, Place> = BTreeMap::new();
    for run in same.iter().flat_map(|candidate| &candidate.runs) {
        let span = code.span(run);
        let place = places.entry(span.source).or_insert_with(|| Place {
            source: span.source,
            span,
            spans: Vec::new(),
            functions: functions(code, run),
        });
        place.span = place.span.to(span);
        place.spans.extend(spans(code, run));
        place.spans.sort();
    }
    let lines = same.iter().map(|candidate| candidate.lines).sum();
    let places: Vec<Place> = places.into_values().collect();
    Group {
        what,
        lines,
        saved: saved(lines, places.len()),
        differing: same.iter().map(|candidate| literals::differing(code, &candidate.runs)).sum(),
        places,
    }
}
