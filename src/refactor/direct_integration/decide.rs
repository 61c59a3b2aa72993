//! The paths of a handler as one tree of questions.

use crate::refactor::Refusal;
use crate::source::Span;
use crate::summary::{Condition, EffectId, Path, Test};

/// What a handler asks, and where it ends.
#[derive(Clone, Debug)]
pub(super) enum Tree<'p> {
    End(&'p Path),
    Ask { condition: &'p Condition, yes: Box<Tree<'p>>, no: Box<Tree<'p>> },
}

impl<'p> Tree<'p> {
    /// Puts the paths together; `settled` says what is known before the request.
    ///
    /// # Errors
    /// Where paths cannot be told apart, or one is missing.
    pub(super) fn of(
        paths: &[&'p Path],
        settled: &dyn Fn(&Condition) -> Option<bool>,
        entry: Span,
    ) -> Result<Self, Refusal> {
        let open = |path: &&'p Path| {
            let taken =
                path.when.iter().all(|condition| settled(condition).is_none_or(|is| is == condition.holds));
            let asked: Vec<&'p Condition> = path
                .when
                .iter()
                .map(AsRef::as_ref)
                .filter(|condition| settled(condition).is_none())
                .collect();
            taken.then_some((*path, asked))
        };
        let paths: Vec<(&'p Path, Vec<&'p Condition>)> = paths.iter().filter_map(open).collect();
        let rows: Vec<Row<'_, 'p>> = paths.iter().map(|(path, asked)| (*path, asked.as_slice())).collect();
        grow(&rows, entry)
    }

    /// Whether every way through (`Some`) makes the call or does not.
    pub(super) fn calls(&self, call: EffectId) -> Option<bool> {
        match self {
            Self::End(path) => Some(path.effects.contains(&call)),
            Self::Ask { yes, no, .. } => {
                let (yes, no) = (yes.calls(call), no.calls(call));
                if yes == no { yes } else { None }
            }
        }
    }
}

type Row<'r, 'p> = (&'p Path, &'r [&'p Condition]);

fn grow<'p>(rows: &[Row<'_, 'p>], entry: Span) -> Result<Tree<'p>, Refusal> {
    let Some((path, asked)) = rows.first() else {
        return Err(Refusal::new(entry, "has a way through that was not followed to its end"));
    };
    let Some(condition) = asked.first() else {
        let same = |(other, rest): &Row<'_, 'p>| rest.is_empty() && other.outcome == path.outcome;
        return match rows.iter().all(same) {
            true => Ok(Tree::End(path)),
            false => Err(Refusal::new(entry, "has ways through that could not be told apart")),
        };
    };
    let mut sides: [Vec<Row<'_, 'p>>; 2] = [Vec::new(), Vec::new()];
    for (path, asked) in rows {
        match asked.split_first() {
            Some((first, rest)) if same(&first.test, &condition.test) => {
                sides[usize::from(first.holds)].push((path, rest));
            }
            _ => {
                let text = "has ways through that could not be told apart by this question";
                return Err(Refusal::new(condition.span, text));
            }
        }
    }
    let [no, yes] = sides;
    // What cannot fail in the code, the interpreter does not ask twice: one side may be missing.
    match (yes.is_empty(), no.is_empty()) {
        (false, true) => grow(&yes, entry),
        (true, false) => grow(&no, entry),
        _ => Ok(Tree::Ask { condition, yes: Box::new(grow(&yes, entry)?), no: Box::new(grow(&no, entry)?) }),
    }
}

/// Failures are asked of the same call, each clause on its own.
fn same(one: &Test, other: &Test) -> bool {
    one == other
}
