//! Moving triggers off a function: each is written anew, then the function goes where nothing else reaches it.

use super::draft::Draft;
use super::retire::retire;
use super::{Offer, Options, Outcome, Receipt, Refusal};
use crate::graph::forwarding::Trigger;
use crate::graph::{App, FunctionRef};

/// A refactoring of one function.
pub(super) struct Move<'m> {
    pub id: &'static str,
    pub app: &'m App<'m>,
    pub function: FunctionRef<'m>,
    pub options: Options,
}

impl<'m> Move<'m> {
    /// A draft in which every trigger is written anew, and what differs then.
    ///
    /// # Errors
    /// What stands in the way of some of them: then none is moved.
    pub fn all<T>(
        &self,
        triggers: &[T],
        write: impl Fn(&mut Draft<'m>, &T) -> Result<Vec<String>, Refusal>,
    ) -> Result<(Draft<'m>, Vec<String>), Vec<Refusal>> {
        let mut draft = Draft::new(self.app.sources);
        let (mut differs, mut refusals) = (Vec::new(), Vec::new());
        for trigger in triggers {
            match write(&mut draft, trigger) {
                Ok(more) => differs.extend(more),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        differs.sort();
        differs.dedup();
        Ok((draft, differs))
    }

    /// The offer, when its triggers are moved.
    ///
    /// # Errors
    /// What still needs the function.
    pub fn offer(
        &self,
        mut draft: Draft<'m>,
        moved: &[Trigger<'_>],
        title: String,
        differs: Vec<String>,
    ) -> Outcome {
        let fate = retire(&mut draft, self.app, self.function, moved, self.options)?;
        let receipt = Receipt::of(self.function, moved, &fate);
        Ok(Offer::new(self.id, title, draft.finish(), receipt, differs))
    }
}
