//! Whether a handler only forwards what reaches it: one call, fed from the trigger, whose answer goes
//! back; so that the trigger can make the call itself.
//!
//! One [`Verdict`] per function and trigger. Each thing in the way is a [`Reason`] with its place; where
//! there is none, the verdict carries what a direct integration needs to be written.

mod answers;
mod errors;
mod idle;
mod judge;
mod parts;
mod piped;
mod questions;
mod reach;
mod values;

#[cfg(test)]
mod tests;

pub use errors::{named_errors, named_outcomes};
pub use piped::{Part, Piped, piped};
pub use questions::{bounded, deployed};

use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::model::{EventSource, Reference, Route, Task};
use super::query::FunctionRef;
use crate::source::Span;
use crate::summary::EffectId;

/// What reaches a function.
#[derive(Clone, Copy, Debug)]
pub enum Trigger<'a> {
    Route(&'a Route),
    Task(&'a Task),
    Event(&'a EventSource),
    /// Whoever invokes a function that the graph knows no trigger of.
    Invocation(Invocation),
}

/// What is known of invocations whose origin is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The function.
    pub span: Span,
    /// Somebody may wait for the answer.
    pub awaited: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The trigger can make the call.
    Forwards(Forwarding),
    /// There is no effect, and the answer is known before the request.
    Constant(Constant),
    /// The function is needed; at least one reason.
    Needed(Vec<Reason>),
}

/// A handler that makes one call and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarding {
    pub effect: EffectId,
    /// The service by its command line name.
    pub service: String,
    pub operation: String,
    /// What the call acts on, where that is known.
    pub target: Option<Reference>,
    pub call: Span,
    pub inputs: Vec<Input>,
    pub answers: Vec<Answer>,
    /// Simple checks of the request; a JSON schema can say each.
    pub checks: Vec<Check>,
    pub integration: Integration,
}

/// A part of the call's input, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// `Key.cartId`
    pub member: String,
    /// "the path parameter `cartId`"
    pub origin: String,
}

/// What goes back to the trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub when: When,
    /// "`Item` of the answer"
    pub origin: String,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The call succeeded.
    Done,
    /// The call failed.
    Failed,
    /// The request was not let through.
    Rejected,
}

/// A question about the request that a JSON schema can ask.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Check {
    pub span: Span,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    pub answers: Vec<Answer>,
    pub integration: Integration,
}

/// What replaces the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    /// "the AWS integration `dynamodb:GetItem`"
    pub name: String,
    /// What has to change besides.
    pub needs: Option<String>,
}

/// A thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    pub span: Span,
    /// As the end of "it needs the function because it ...".
    pub text: String,
}

impl Reason {
    fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

impl Trigger<'_> {
    /// Where the graph has it, and where it has none, what tells it from others of the function. The
    /// facts of an application stay where they are.
    fn address(&self) -> usize {
        match self {
            Self::Route(route) => std::ptr::from_ref(*route).addr(),
            Self::Task(task) => std::ptr::from_ref(*task).addr(),
            Self::Event(event) => std::ptr::from_ref(*event).addr(),
            // No fact of the graph, and nothing lies at these addresses.
            Self::Invocation(invocation) => usize::from(invocation.awaited),
        }
    }

    /// Whether it is the same one.
    pub fn is(&self, other: &Trigger<'_>) -> bool {
        match (self, other) {
            (Self::Route(one), Trigger::Route(other)) => std::ptr::eq(*one, *other),
            (Self::Task(one), Trigger::Task(other)) => std::ptr::eq(*one, *other),
            (Self::Event(one), Trigger::Event(other)) => std::ptr::eq(*one, *other),
            (Self::Invocation(one), Trigger::Invocation(other)) => one == other,
            _ => false,
        }
    }

    /// In the reader's words: "`GET /cart/{cartId}`".
    pub fn told(&self) -> String {
        match self {
            Self::Route(route) if route.path.starts_with('$') => format!("`{}`", route.path),
            Self::Route(route) => format!("`{} {}`", route.method, route.path),
            Self::Task(task) => format!("`{}`", task.state.text),
            Self::Invocation(_) => "invocations".to_owned(),
            Self::Event(event) => event
                .event
                .as_ref()
                .map_or_else(|| format!("the events of {}", event.kind), |name| format!("`{}`", name.text)),
        }
    }

    /// Where the template says that this reaches the function.
    pub fn span(&self) -> Span {
        match self {
            Self::Route(route) => route.span,
            Self::Task(task) => task.span,
            Self::Event(event) => event.span,
            Self::Invocation(invocation) => invocation.span,
        }
    }
}

/// Judges a function for one of its triggers. `None` where its code could not be read.
pub fn forwarding(function: FunctionRef<'_>, trigger: Trigger<'_>) -> Option<Verdict> {
    let summary = function.summary()?;
    Some(function.verdicts().of(function, trigger, || judge::judge(function, summary, trigger)))
}

/// The verdicts of an application so far: several rules ask for the same.
#[derive(Debug, Default)]
pub struct Verdicts(Mutex<FxHashMap<(Span, usize), Verdict>>);

impl Verdicts {
    fn of(
        &self,
        function: FunctionRef<'_>,
        trigger: Trigger<'_>,
        judge: impl FnOnce() -> Verdict,
    ) -> Verdict {
        let key = (function.span(), trigger.address());
        let known = || self.0.lock().ok()?.get(&key).cloned();
        known().unwrap_or_else(|| {
            let verdict = judge();
            if let Ok(mut all) = self.0.lock() {
                all.insert(key, verdict.clone());
            }
            verdict
        })
    }
}
