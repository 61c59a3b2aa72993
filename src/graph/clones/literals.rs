//! Which texts and numbers copies may differ in.

use rustc_hash::FxHashMap;

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
            (with.differing <= most).then_some((columns, set, with))
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
        .map_or(usize::MAX, |columns| columns.differing)
}

/// The literals of several copies, place by place.
struct Columns {
    first: Vec<u32>,
    /// The same number where places have the same literals in every copy; 0 where all copies have what the
    /// first has.
    classes: Vec<usize>,
    /// How many numbers there are besides 0.
    differing: usize,
}

impl Columns {
    fn of(first: Vec<u32>) -> Self {
        Self { classes: vec![0; first.len()], first, differing: 0 }
    }

    /// With those of another copy; `None` where it has not as many.
    fn with(&self, literals: &[u32]) -> Option<Self> {
        if self.first.len() != literals.len() {
            return None;
        }
        let mut numbers: FxHashMap<(usize, u32, u32), usize> = FxHashMap::default();
        let places = self.classes.iter().zip(&self.first).zip(literals);
        let number = |((class, first), literal): ((&usize, &u32), &u32)| {
            if *class == 0 && first == literal {
                return 0;
            }
            let next = numbers.len() + 1;
            *numbers.entry((*class, *first, *literal)).or_insert(next)
        };
        let classes = places.map(number).collect();
        Some(Self { first: self.first.clone(), classes, differing: numbers.len() })
    }
}
