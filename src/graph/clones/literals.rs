//! Which texts and numbers copies may differ in.

use super::code::{Code, Run};

/// Code of this weight has one more text or number that may differ: a copy whose every line has another
/// text is no copy, and what is shared would take them all as arguments.
const WEIGHT_PER_LITERAL: usize = 25;
const WEIGHT_PER_LITERAL_OF_HANDLER: usize = 60;

/// Copies by the literals in them: each set could be one piece of code with a few arguments. In the
/// order of the runs.
pub(super) fn alike(code: &Code<'_>, runs: Vec<Run>, most: usize) -> Vec<Vec<Run>> {
    let mut sets: Vec<(Columns, Vec<Run>)> = Vec::new();
    for run in runs {
        let literals: Vec<u32> = code.literals(&run).collect();
        let fitting = sets.iter_mut().find_map(|(columns, set)| {
            let with = columns.with(&literals)?;
            (with.differing() <= most).then_some((columns, set, with))
        });
        match fitting {
            Some((columns, set, with)) => {
                *columns = with;
                set.push(run);
            }
            None => sets.push((Columns::of(literals), vec![run])),
        }
    }
    sets.into_iter().map(|(_, set)| set).collect()
}

/// How many literals may differ in code of this weight. Handlers that are alike but for their texts are
/// what tells the functions apart, so that only long ones are copies.
pub(super) fn at_most(weight: usize, is_handler: bool) -> usize {
    if is_handler { weight / WEIGHT_PER_LITERAL_OF_HANDLER } else { 1 + weight / WEIGHT_PER_LITERAL }
}

/// How many literals differ; those that differ alike count once.
pub(super) fn differing(code: &Code<'_>, runs: &[Run]) -> usize {
    let mut runs = runs.iter().map(|run| code.literals(run).collect::<Vec<u32>>());
    let Some(first) = runs.next() else { return 0 };
    runs.try_fold(Columns::of(first), |columns, literals| columns.with(&literals))
        .map_or(usize::MAX, |columns| columns.differing())
}

/// The literals of several copies, place by place.
struct Columns {
    rows: Vec<Vec<u32>>,
}

impl Columns {
    fn of(literals: Vec<u32>) -> Self {
        Self { rows: vec![literals] }
    }

    /// With those of another copy; `None` where it has not as many.
    fn with(&self, literals: &[u32]) -> Option<Self> {
        let first = self.rows.first()?;
        if first.len() != literals.len() {
            return None;
        }
        let mut rows = self.rows.clone();
        if !rows.iter().any(|row| row == literals) {
            rows.push(literals.to_vec());
        }
        Some(Self { rows })
    }

    fn differing(&self) -> usize {
        let Some(first) = self.rows.first() else { return 0 };
        let mut columns: Vec<Vec<u32>> = (0..first.len())
            .map(|at| self.rows.iter().map(|row| row[at]).collect::<Vec<u32>>())
            .filter(|column| column.iter().any(|literal| literal != &column[0]))
            .collect();
        columns.sort();
        columns.dedup();
        columns.len()
    }
}
