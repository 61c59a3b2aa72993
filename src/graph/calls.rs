//! An AWS call of a function, as the actions it needs.

use std::borrow::Cow;

use super::model::Reference;
use super::query::FunctionRef;
use crate::aws::iam;
use crate::summary::{Action, Effect};

/// One call, and what it needs.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub effect: &'a Effect,
    /// Its place in the summary.
    pub index: usize,
    /// All of them.
    pub needs: Vec<String>,
    /// In some cases.
    pub may_need: &'static [String],
    /// What it acts on, where that is known and all needs are about it.
    pub on: Option<&'a Reference>,
}

impl<'a> Call<'a> {
    /// The call that an effect of the function's code is, by its index there. `None` where it calls nothing
    /// of AWS, or which actions it needs is not known.
    pub fn of(function: FunctionRef<'a>, index: usize, effect: &'a Effect) -> Option<Self> {
        let Action::Aws { service, operation } = &effect.action else { return None };
        let needs = iam::needs(service, operation)?;
        let target = function.targets().get(index).and_then(Option::as_ref);
        let on = target.filter(|_| needs.all.len() <= 1);
        let all = needs.all.into_iter().map(Cow::into_owned).collect();
        Some(Self { effect, index, needs: all, may_need: needs.some, on })
    }

    /// All actions it may need.
    pub fn actions(&self) -> impl Iterator<Item = &String> {
        self.needs.iter().chain(self.may_need)
    }
}
