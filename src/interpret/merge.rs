//! Paths that do the same whatever one question is answered are one path without the question.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::shape::as_text;
use crate::source::Span;
use crate::summary::{Condition, EffectId, Outcome, Path, Test};

/// Paths beyond this add nothing that a reader would look at.
const MOST_PATHS: usize = 128;

/// A path as it was run.
pub(super) struct Finished {
    pub when: Vec<Arc<Condition>>,
    pub effects: Vec<EffectId>,
    pub outcome: Outcome,
}

/// Merges the first two paths that can be, as long as there are any; and whether none was left out.
pub(super) fn merged(mut paths: Vec<Finished>) -> (Vec<Path>, bool) {
    let is_all = keep_most_telling(&mut paths, MOST_PATHS * 2);
    let mut numbered = numbered(&paths);
    let mut index = 0;
    while index < paths.len() {
        let partner = (index + 1..paths.len())
            .find_map(|other| Some((index, other, mergeable(&numbered[index], &numbered[other])?)));
        let Some((mut keep, mut drop, mut at)) = partner else {
            index += 1;
            continue;
        };
        // The path that was kept is new to those before it, which had no partner so far.
        loop {
            if let Some(at) = at {
                numbered[keep].when.remove(at);
                paths[keep].when.remove(at);
            }
            numbered.remove(drop);
            paths.remove(drop);
            let earlier = (0..keep).find_map(|one| Some((one, mergeable(&numbered[one], &numbered[keep])?)));
            let Some((one, question)) = earlier else { break };
            (keep, drop, at) = (one, keep, question);
            index = one;
        }
    }
    let is_all = keep_most_telling(&mut paths, MOST_PATHS) && is_all;
    (paths.into_iter().map(Finished::into_path).collect(), is_all)
}

/// Leaves out what is too much, first of all paths whose effects and answers to questions others have too.
fn keep_most_telling(paths: &mut Vec<Finished>, most: usize) -> bool {
    if paths.len() <= most {
        return true;
    }
    let mut effects: FxHashSet<EffectId> = FxHashSet::default();
    let mut answers: FxHashSet<(Span, bool, Option<&str>)> = FxHashSet::default();
    let mut order: Vec<(bool, usize)> = Vec::with_capacity(paths.len());
    for (index, path) in paths.iter().enumerate() {
        let mut tells = false;
        for effect in &path.effects {
            tells |= effects.insert(*effect);
        }
        for condition in &path.when {
            let constant = match &condition.test {
                Test::Equal(_, constant) => as_text(constant),
                _ => None,
            };
            tells |= answers.insert((condition.span, condition.holds, constant));
        }
        order.push((!tells, index));
    }
    order.sort_unstable();
    let mut kept = vec![false; paths.len()];
    order.iter().take(most).for_each(|(_, index)| kept[*index] = true);
    let mut kept = kept.into_iter();
    paths.retain(|_| kept.next().unwrap_or_default());
    false
}

impl Finished {
    fn into_path(self) -> Path {
        Path { when: self.when, effects: self.effects, outcome: self.outcome }
    }
}

/// A path by the numbers of what it does and of what it asks: equal for equal things.
struct Numbered {
    does: usize,
    when: Vec<(usize, bool)>,
}

fn numbered(paths: &[Finished]) -> Vec<Numbered> {
    let mut does: Vec<&Finished> = Vec::new();
    let mut questions: FxHashMap<Span, Vec<(&Test, usize)>> = FxHashMap::default();
    let mut count = 0;
    let mut all = Vec::with_capacity(paths.len());
    for path in paths {
        let same = |known: &&Finished| known.effects == path.effects && known.outcome == path.outcome;
        let number = does.iter().position(same).unwrap_or_else(|| {
            does.push(path);
            does.len() - 1
        });
        let mut when = Vec::with_capacity(path.when.len());
        for condition in &path.when {
            let here = questions.entry(condition.span).or_default();
            let known = here
                .iter()
                .find(|(test, _)| std::ptr::eq(*test, &condition.test) || **test == condition.test);
            let question = known.map_or(count, |(_, number)| *number);
            if question == count {
                here.push((&condition.test, count));
                count += 1;
            }
            when.push((question, condition.holds));
        }
        all.push(Numbered { does: number, when });
    }
    all
}

/// Whether two paths do the same; and the only question that tells them apart, if any does.
fn mergeable(one: &Numbered, other: &Numbered) -> Option<Option<usize>> {
    if one.does != other.does || one.when.len() != other.when.len() {
        return None;
    }
    let mut differing = one.when.iter().zip(&other.when).enumerate().filter(|(_, (a, b))| a != b);
    match (differing.next(), differing.next()) {
        (None, _) => Some(None),
        (Some((at, (a, b))), None) if a.0 == b.0 => Some(Some(at)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::summary::{Shape, Symbol};

    fn condition(name: &str, holds: bool) -> Arc<Condition> {
        let test = Test::Truthy(Shape::Symbol(Symbol::Env(name.to_owned())));
        Arc::new(Condition { test, holds, span: Span::new(SourceId(0), 0, 1) })
    }

    fn path(when: &[(&str, bool)], effects: &[u32]) -> Finished {
        Finished {
            when: when.iter().map(|(name, holds)| condition(name, *holds)).collect(),
            effects: effects.iter().copied().map(EffectId).collect(),
            outcome: Outcome::Unknown,
        }
    }

    #[test]
    fn a_question_that_changes_nothing_is_dropped() {
        let paths = vec![
            path(&[("a", true), ("b", true)], &[1]),
            path(&[("a", true), ("b", false)], &[1]),
            path(&[("a", false), ("b", true)], &[2]),
            path(&[("a", false), ("b", false)], &[3]),
        ];
        let (merged, _) = merged(paths);
        assert_eq!(merged.len(), 3);
        assert_eq!(merged[0].when.len(), 1, "only `a` matters there");
    }

    #[test]
    fn merged_paths_merge_further() {
        let all = (0..8).map(|bits| (bits & 4 == 0, bits & 2 == 0, bits & 1 == 0));
        let paths = all.map(|(a, b, c)| path(&[("a", a), ("b", b), ("c", c)], &[1])).collect();
        let (merged, _) = merged(paths);
        assert_eq!(merged.len(), 1);
        assert!(merged[0].when.is_empty());
    }

    #[test]
    fn of_too_many_paths_those_with_something_new_stay() {
        let name = |at: u32| format!("v{at}");
        let mut paths: Vec<Finished> =
            (0..300).map(|at| path(&[(&name(at), at % 2 == 0)], &[1, at % 2])).collect();
        paths.push(path(&[("last", true)], &[9]));
        let (merged, is_all) = merged(paths);
        assert!(!is_all);
        assert_eq!(merged.len(), MOST_PATHS);
        assert!(merged.iter().any(|path| path.effects == [EffectId(9)]));
    }
}
