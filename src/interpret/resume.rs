//! Where runs stood, so that paths which begin alike run what they share once.
//!
//! A path is run from the start of the handler, and a run follows from its decisions alone. So a
//! block that an earlier run stood in, with decisions that this path prescribes too, goes on from
//! there: only what is around the block is run again.

use rustc_hash::{FxHashMap, FxHashSet};

use super::engine::{Engine, Run};
use crate::source::Span;

/// A copy is taken after so many steps at least, more for larger heaps: copying is work too.
const STEPS_BETWEEN: u64 = 16;
/// Objects, frames and variables.
const PARTS_OF_A_STEP: usize = 32;
/// Copies that are kept of the runs of one handler.
const MOST_KEPT: usize = 256;

/// A block or a loop that is running.
pub(super) struct Standing<'p> {
    block: u32,
    /// The steps of the run when it was last copied, or entered the block.
    steps: u64,
    last: Option<Stood<'p>>,
    /// What the run had decided before the statement at hand.
    decided: usize,
}

/// Before which statement (or item) a run stood, its state there, and how many questions it had
/// left open.
struct Stood<'p> {
    before: usize,
    run: Run<'p>,
    open: usize,
}

/// Copies of runs by block. Those of one block are in the order of its statements within a run.
#[derive(Default)]
pub(super) struct Stands<'p> {
    of_block: FxHashMap<u32, Vec<Stood<'p>>>,
    kept: usize,
    /// The blocks of those that are of the run at hand.
    of_run: Vec<u32>,
    /// Statements that asked nothing when a copy was taken before them: none is taken again.
    quiet: FxHashSet<Span>,
}

impl Stands<'_> {
    /// Copies of another run come next.
    pub(super) fn begin_run(&mut self) {
        self.of_run.clear();
    }

    /// As if nothing of the run at hand had been copied.
    pub(super) fn forget_run(&mut self) {
        for block in self.of_run.drain(..) {
            let forgotten = self.of_block.get_mut(&block).and_then(Vec::pop);
            self.kept -= usize::from(forgotten.is_some());
        }
    }
}

impl<'p> Engine<'p> {
    /// Enters a block, and says with which statement to go on.
    pub(super) fn stand(&mut self) -> (Standing<'p>, usize) {
        self.run.blocks += 1;
        let block = self.run.blocks;
        let before = self.resume(block).unwrap_or(0);
        (Standing { block, steps: self.run.steps, last: None, decided: 0 }, before)
    }

    fn is_replaying(&self) -> bool {
        self.run.trail.taken.len() < self.run.trail.prescribed.len()
    }

    fn resume(&mut self, block: u32) -> Option<usize> {
        // What is run aside has answers of its own.
        if !self.is_replaying() || self.asides.is_running {
            return None;
        }
        let prescribed = &self.run.trail.prescribed;
        let shared = |stood: &&Stood<'_>| prescribed.starts_with(&stood.run.trail.taken);
        let stood =
            self.stands.of_block.get(&block)?.iter().filter(shared).max_by_key(|stood| stood.before)?;
        let mut run = stood.run.clone();
        run.trail.prescribed = std::mem::take(&mut self.run.trail.prescribed);
        self.run = run;
        Some(stood.before)
    }

    /// Before a statement.
    pub(super) fn stand_before(&mut self, standing: &mut Standing<'p>, statement: usize, span: Span) {
        standing.decided = self.run.trail.taken.len();
        let between = STEPS_BETWEEN + (self.run.heap.extent() / PARTS_OF_A_STEP) as u64;
        let is_due = statement > 0 && self.run.steps >= standing.steps + between;
        if !is_due || self.is_replaying() || self.asides.is_running || self.stands.kept >= MOST_KEPT {
            return;
        }
        if self.stands.quiet.contains(&span) {
            return;
        }
        standing.steps = self.run.steps;
        let open = self.run.trail.open.len();
        let mut run = self.run.clone();
        run.trail.prescribed = Vec::new();
        run.trail.open = Vec::new();
        standing.last = Some(Stood { before: statement, run, open });
    }

    /// After a statement: where it left a question open, another path will come back to it.
    pub(super) fn stand_after(&mut self, standing: &mut Standing<'p>, statement: usize, span: Span) {
        if self.run.trail.taken.len() == standing.decided {
            if standing.last.as_ref().is_some_and(|stood| stood.before == statement) {
                self.stands.quiet.insert(span);
            }
            return;
        }
        let open = self.run.trail.open.len();
        if let Some(stood) = standing.last.take_if(|stood| stood.open < open) {
            self.stands.of_block.entry(standing.block).or_default().push(stood);
            self.stands.of_run.push(standing.block);
            self.stands.kept += 1;
        }
    }
}
