//! What members of a merged function would newly be allowed: its role is the union of theirs.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use super::Candidate;
use crate::graph::arn::{Covers, covers, lower};
use crate::graph::link::reference_in;
use crate::graph::model::{Reference, Statement};
use crate::graph::query::{App, FunctionRef};
use crate::source::Span;
use crate::template::Value;

/// An action on a resource that a function may not do today.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gain {
    pub action: String,
    /// The logical id, or the text that stands for it.
    pub on: String,
    /// The statement of another member that allows it.
    pub span: Span,
}

/// What each of some functions would gain from the others, in their order.
pub fn gains<'a>(app: &App<'_>, members: &[impl Borrow<Candidate<'a>>]) -> Vec<Vec<Gain>> {
    let gained = |index: usize| {
        let mut found: BTreeSet<Gain> = BTreeSet::new();
        let others = members.iter().enumerate().filter(|(other, _)| *other != index);
        let grants = others.flat_map(|(_, member)| member.borrow().grants(app));
        let own = members[index].borrow().grants(app);
        for grant in grants.filter(|grant| !own.iter().any(|own| own.includes(grant))) {
            let known = found.iter().any(|gain| gain.action == grant.action && gain.on == grant.on);
            if !known {
                let (action, on) = (grant.action.clone(), grant.on.clone());
                found.insert(Gain { action, on, span: grant.span });
            }
        }
        found.into_iter().collect()
    };
    (0..members.len()).map(gained).collect()
}

/// Whether a function may do anything at all to a resource today.
pub fn has_access(app: &App<'_>, member: &Candidate<'_>, on: &str) -> bool {
    member.grants(app).iter().any(|grant| grant.on == on || grant.resource == "*")
}

/// An action on a resource that a function may do.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    action: String,
    /// As [`lower`] writes it.
    lower: String,
    /// As written, in `Fn::Sub` style.
    resource: String,
    on: String,
    span: Span,
}

impl Grant {
    /// Whether it allows all that another does.
    fn includes(&self, other: &Self) -> bool {
        let same = self.on == other.on && !self.on.contains('*');
        covers(&self.lower, &other.lower) == Covers::Yes
            && (same || covers(&self.resource, &other.resource) == Covers::Yes)
    }
}

pub(super) fn grants(app: &App<'_>, function: FunctionRef<'_>) -> Vec<Grant> {
    let template = app.template(function.template);
    let granted = |statement: &Statement| {
        let resource = |resource: &Value| match reference_in(template, resource) {
            Reference::Resource(on) | Reference::Text(on) => (resource.text(), on),
        };
        let resources: Vec<(String, String)> = statement.resources.iter().map(resource).collect();
        let mut granted = Vec::new();
        for action in &statement.actions {
            let action = action.text();
            let lower = lower(action.clone());
            granted.extend(resources.iter().cloned().map(|(resource, on)| Grant {
                action: action.clone(),
                lower: lower.clone(),
                resource,
                on,
                span: statement.span,
            }));
        }
        granted
    };
    function.statements().filter(|statement| statement.allow).flat_map(granted).collect()
}
