//! Roles written in the template, and policies attached to roles from outside them.

use super::policies::{document, managed};
use super::writer::{Holder, When, Writer};
use crate::graph::link::Scope;
use crate::graph::model::Origin;
use crate::graph::roles::{Assumption, named};
use crate::template::{Resource, Value};

/// The policies of an `AWS::IAM::Role`, for one who runs under it.
pub(super) fn written_role(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, id: &str) {
    let Some(role) = scope.template.resource(id) else { return };
    for (policy, when) in role.property("Policies").into_iter().flat_map(Value::items) {
        if let Some(found) = policy.get("PolicyDocument") {
            document(scope, writer, holder, found, &when, &Origin::Written);
        }
    }
    for (policy, when) in role.property("ManagedPolicyArns").into_iter().flat_map(Value::items) {
        if !policy.is_null() {
            managed(scope, writer, holder, policy, &when);
        }
    }
}

/// Who runs under which role.
#[derive(Debug)]
pub(super) struct Holders<'a, 't> {
    assumptions: &'a [Assumption<'t>],
}

impl<'a, 't> Holders<'a, 't> {
    pub fn new(assumptions: &'a [Assumption<'t>]) -> Self {
        Self { assumptions }
    }

    /// Everyone who runs under the role with this id.
    pub fn of_role(&self, id: &str) -> Vec<Holder> {
        let under = self.assumptions.iter().filter(|assumption| assumption.role.id() == Some(id));
        under.map(|found| Holder { subject: found.subject.clone(), when: found.when.clone() }).collect()
    }

    /// Ids of the roles a resource runs under.
    pub fn roles_of(&self, resource: &str) -> Vec<&str> {
        let own = self.assumptions.iter().filter(|assumption| assumption.resource.id.text == resource);
        own.filter_map(|assumption| assumption.role.id()).collect()
    }

    /// Everyone who runs under a role that `value` names.
    pub fn named(&self, scope: &Scope<'_>, value: &Value) -> Vec<Holder> {
        let role = named(scope.template, value);
        role.id().map(|id| self.of_role(id)).unwrap_or_default()
    }
}

/// `AWS::IAM::Policy` and its like: documents that name the roles they are for.
pub(super) fn policies(scope: &Scope<'_>, writer: &mut Writer<'_>, holders: &Holders<'_, '_>) {
    for resource in &scope.template.resources {
        let Some(roles) = attachments(resource) else { continue };
        let Some(found) = resource.property("PolicyDocument") else { continue };
        let condition: When = resource.condition.iter().map(|name| (name.clone(), true)).collect();
        for (role, when) in roles.items() {
            let when = [&condition[..], &when[..]].concat();
            for holder in holders.named(scope, role) {
                document(scope, writer, &holder, found, &when, &Origin::Written);
            }
        }
    }
}

/// Where a policy names its roles.
fn attachments(resource: &Resource) -> Option<&Value> {
    match resource.kind.text.as_str() {
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => resource.property("Roles"),
        "AWS::IAM::RolePolicy" => resource.property("RoleName"),
        _ => None,
    }
}
