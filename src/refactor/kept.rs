//! Why functions stay: what each of their triggers needs them for.

use super::series::{Reason, reason};
use super::{Refusal, direct_integration, event_target, mock_integration, sdk_integration};
use crate::graph::forwarding::{Trigger, Verdict, forwarding};
use crate::graph::{App, FunctionRef};

/// A function for one of its triggers, which no refactoring takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub function: String,
    /// In the reader's words; `None` where the templates have no trigger for it.
    pub trigger: Option<String>,
    pub reasons: Vec<Reason>,
}

/// What some functions are needed for, of what some kinds of refactorings are about.
pub fn kept(app: &App<'_>, kinds: &[&str], asked: &dyn Fn(FunctionRef<'_>) -> bool) -> Vec<Kept> {
    let functions = app.functions().filter(|function| asked(*function));
    functions.flat_map(|function| of_function(app, function, kinds)).collect()
}

fn of_function(app: &App<'_>, function: FunctionRef<'_>, kinds: &[&str]) -> Vec<Kept> {
    let kept = |trigger: Option<String>, reasons: Vec<Refusal>| Kept {
        function: function.id.text.clone(),
        trigger,
        reasons: reasons.into_iter().map(|refusal| reason(app, refusal)).collect(),
    };
    if let Some(why) = unread(function) {
        return vec![kept(None, vec![Refusal::new(function.span(), why)])];
    }
    if function.triggers().next().is_none() {
        let text = "no route, state or event of the templates reaches it";
        return vec![kept(None, vec![Refusal::new(function.span(), text)])];
    }
    let triggers = function.triggers().filter(|trigger| kinds.iter().any(|kind| is_about(kind, *trigger)));
    triggers
        .filter_map(|trigger| {
            let reasons = reasons(trigger, forwarding(function, trigger)?)?;
            Some(kept(Some(trigger.told()), reasons))
        })
        .collect()
}

fn unread(function: FunctionRef<'_>) -> Option<String> {
    let behaviour = &function.behaviour;
    if behaviour.summary.is_some() {
        return None;
    }
    let why = behaviour.state.why().or_else(|| behaviour.unread.as_ref().map(|unread| unread.why()));
    Some(why.unwrap_or_else(|| "its code could not be followed".to_owned()))
}

/// What the function is needed for, or what nothing is written for.
fn reasons(trigger: Trigger<'_>, verdict: Verdict) -> Option<Vec<Refusal>> {
    match (verdict, trigger) {
        (Verdict::Needed(reasons), _) => {
            Some(reasons.into_iter().map(|reason| Refusal::new(reason.span, reason.text)).collect())
        }
        (Verdict::Constant(_), Trigger::Event(event)) => {
            let text = "does nothing with it: take the event away by hand, or the function";
            Some(vec![Refusal::new(event.span, text)])
        }
        (Verdict::Constant(_), Trigger::Task(task)) => {
            let text = "always answers the same: a Pass state does, which is not written for you";
            Some(vec![Refusal::new(task.span, text)])
        }
        _ => None,
    }
}

/// Whether a kind of refactoring is about triggers like this one.
fn is_about(kind: &str, trigger: Trigger<'_>) -> bool {
    let kinds: &[&str] = match trigger {
        Trigger::Route(_) => &[direct_integration::KIND.id, mock_integration::KIND.id],
        Trigger::Task(_) => &[sdk_integration::KIND.id],
        Trigger::Event(_) => &[event_target::KIND.id],
        Trigger::Invocation(_) => &[],
    };
    kinds.contains(&kind)
}
