//! What functions and state machines may do, and who may call them.

mod attached;
mod connectors;
mod events;
mod expand;
mod generated;
mod invoke;
mod policies;
mod resource_policies;
#[cfg(test)]
mod tests;
mod writer;

use super::Scope;
use crate::graph::Graph;
use crate::graph::roles::{Role, roles};
use writer::{Holder, Writer};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    let assumptions = roles(scope.template);
    let mut writer = Writer::new(graph, scope.id);
    for assumption in &assumptions {
        let holder = Holder { subject: assumption.subject.clone(), when: assumption.when.clone() };
        match &assumption.role {
            Role::Generated(_) => {
                generated::role(scope, &mut writer, &holder, assumption.resource);
                events::link(scope, &mut writer, &holder, assumption.resource);
            }
            Role::Written(id) => attached::written_role(scope, &mut writer, &holder, id),
            Role::Outside(_) => {}
        }
    }
    let holders = attached::Holders::new(&assumptions);
    attached::policies(scope, &mut writer, &holders);
    connectors::link(scope, &mut writer, &holders);
    invoke::link(scope, &mut writer);
    resource_policies::link(scope, &mut writer);
}
