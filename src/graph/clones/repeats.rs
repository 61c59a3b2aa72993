//! Runs of statements that stand more than once.
//!
//! The statements of all blocks are written as one sequence of numbers, equal for equal hashes, with
//! a number of its own between blocks; a sorted list of its suffixes shows every run that repeats and
//! cannot be made longer.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Covered;
use super::code::{Code, Run};
use super::group::{self, Candidate};
use crate::outline::Piece;

/// What may be a group, in no particular order.
pub(super) fn candidates(code: &Code<'_>, covered: &Covered) -> Vec<Candidate> {
    let sequence = Sequence::of(code, covered);
    let mut found = Vec::new();
    for (length, starts) in sequence.repeats().into_iter().chain(sequence.singles()) {
        // The same hashes have the same weight.
        let weight = starts.first().map_or(0, |start| sequence.weight(code, *start, length));
        if weight < group::SETUP_WEIGHT {
            continue;
        }
        let runs: Vec<Run> = starts.iter().map(|start| sequence.run(*start, length)).collect();
        if group::may_be_copies(code, &runs) {
            found.extend(split(code, runs));
        }
    }
    found
}

/// Runs with the same hashes, by what they are once names and literals are looked at.
fn split(code: &Code<'_>, mut runs: Vec<Run>) -> Vec<Candidate> {
    runs.sort();
    let mut shapes: BTreeMap<u64, Vec<Run>> = BTreeMap::new();
    for run in runs {
        shapes.entry(code.shape(&run)).or_default().push(run);
    }
    shapes.into_values().filter(|runs| runs.len() > 1).flat_map(|runs| Candidate::all(code, runs)).collect()
}

/// All statements that are found in more than one file.
struct Sequence {
    classes: Vec<u32>,
    /// Where each is; `None` between blocks.
    items: Vec<Option<(usize, usize, usize)>>,
}

impl Sequence {
    fn of(code: &Code<'_>, covered: &Covered) -> Self {
        // The file a hash was first seen in, and its number once it was seen in another.
        let mut seen: FxHashMap<u64, (usize, bool)> = FxHashMap::default();
        let open = |file: usize, piece: &Piece| {
            let span = code.span_of(file, piece);
            // A short handler is like others without being a copy; it must not spoil what is beside it.
            let handler = code.files[file].entries.iter().any(|entry| span.contains(*entry));
            let short = handler && !group::is_long(code, file, piece);
            piece.is_code() && piece.weight > 0 && !short && !covered.has(span)
        };
        for (at, file) in code.files.iter().enumerate() {
            for piece in file.outline.blocks.iter().flat_map(|block| &block.pieces) {
                if open(at, piece) {
                    let known = seen.entry(piece.hash).or_insert((at, false));
                    known.1 |= known.0 != at;
                }
            }
        }
        let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
        let mut sequence = Self { classes: Vec::new(), items: Vec::new() };
        let mut next = 0_u32;
        for (at, file) in code.files.iter().enumerate() {
            for (number, block) in file.outline.blocks.iter().enumerate() {
                for (index, piece) in block.pieces.iter().enumerate().filter(|(_, piece)| piece.is_code()) {
                    let shared = seen.get(&piece.hash).is_some_and(|(_, both)| *both) && open(at, piece);
                    if shared {
                        let class = *numbers.entry(piece.hash).or_insert_with(|| {
                            next += 1;
                            next
                        });
                        sequence.classes.push(class);
                        sequence.items.push(Some((at, number, index)));
                    } else {
                        next += 1;
                        sequence.end(next);
                    }
                }
                next += 1;
                sequence.end(next);
            }
        }
        sequence
    }

    /// Ends a run: with a number that is there once.
    fn end(&mut self, class: u32) {
        if self.items.last().is_some_and(Option::is_some) {
            self.classes.push(class);
            self.items.push(None);
        }
    }

    fn weight(&self, code: &Code<'_>, start: usize, length: usize) -> usize {
        let items = self.items.get(start..start + length).unwrap_or_default().iter().flatten();
        let weight = |(file, block, piece): &(usize, usize, usize)| {
            code.files[*file].outline.blocks[*block].pieces[*piece].weight as usize
        };
        items.map(weight).sum()
    }

    fn run(&self, start: usize, length: usize) -> Run {
        let items: Vec<(usize, usize, usize)> =
            self.items.get(start..start + length).unwrap_or_default().iter().flatten().copied().collect();
        let (file, block, _) = items.first().copied().unwrap_or_default();
        Run { file, block, pieces: items.into_iter().map(|(_, _, index)| index).collect() }
    }

    /// Every statement alone: a longer run may be too much, where it holds a handler.
    fn singles(&self) -> Vec<(usize, Vec<usize>)> {
        let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, class) in self.classes.iter().enumerate().filter(|(at, _)| self.items[*at].is_some()) {
            classes.entry(*class).or_default().push(at);
        }
        classes.into_values().map(|starts| (1, starts)).collect()
    }

    /// Every length at which some places are the same and could not be longer, with their starts.
    fn repeats(&self) -> Vec<(usize, Vec<usize>)> {
        let mut sorted: Vec<usize> = (0..self.items.len()).filter(|at| self.items[*at].is_some()).collect();
        sorted.sort_by(|a, b| self.classes[*a..].cmp(&self.classes[*b..]));
        let common = |a: usize, b: usize| {
            self.classes[a..].iter().zip(&self.classes[b..]).take_while(|(one, other)| one == other).count()
        };
        let mut found = Vec::new();
        // Open intervals: their length, and where they began.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for at in 1..=sorted.len() {
            let length = if at < sorted.len() { common(sorted[at - 1], sorted[at]) } else { 0 };
            let mut from = at - 1;
            while let Some((longer, began)) = open.last().copied().filter(|(longer, _)| *longer > length) {
                open.pop();
                from = began;
                let starts = &sorted[began..at];
                if self.differ_before(starts) {
                    found.push((longer, starts.to_vec()));
                }
            }
            if length > 0 && open.last().is_none_or(|(open, _)| *open < length) {
                open.push((length, from));
            }
        }
        found
    }

    /// Whether what stands before is not the same everywhere.
    fn differ_before(&self, starts: &[usize]) -> bool {
        let before = |start: usize| {
            let at = start.checked_sub(1)?;
            self.items[at].map(|_| self.classes[at])
        };
        let mut all = starts.iter().map(|start| before(*start));
        let first = all.next().flatten();
        first.is_none() || all.any(|other| other != first)
    }
}
