//! Adds permissions to the lists of the graph.

use crate::graph::model::{
    Connector, Graph, InvokePermission, ManagedPolicy, Origin, Reference, ResourcePolicy, Statement, Subject,
    TemplateId,
};
use crate::source::Span;
use crate::template::{Name, Value};

/// Conditions of the template, and whether they are true.
pub(super) type When = Vec<(Name, bool)>;

/// Who a policy is for.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub subject: Subject,
    /// Conditions under which it runs under the role at hand.
    pub when: When,
}

/// What a statement says, apart from whom it is for.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub allow: bool,
    pub actions: Vec<Value>,
    pub resources: Vec<Value>,
    pub not_action: bool,
    pub not_resource: bool,
    pub condition: Option<Value>,
    pub when: When,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct Writer<'g> {
    graph: &'g mut Graph,
    template: TemplateId,
}

impl<'g> Writer<'g> {
    pub fn new(graph: &'g mut Graph, template: TemplateId) -> Self {
        Self { graph, template }
    }

    /// A statement that can never hold (of `If A` inside `If not A`) is left out.
    pub fn statement(&mut self, holder: &Holder, clause: &Clause, origin: &Origin) {
        let Some(when) = both(&holder.when, &clause.when) else { return };
        self.graph.statements.push(Statement {
            template: self.template,
            subject: holder.subject.clone(),
            allow: clause.allow,
            actions: clause.actions.clone(),
            resources: clause.resources.clone(),
            not_action: clause.not_action,
            not_resource: clause.not_resource,
            condition: clause.condition.clone(),
            when,
            origin: origin.clone(),
            span: clause.span,
        });
    }

    /// A role lists each policy once; what the user wrote comes first and stands.
    pub fn managed(&mut self, holder: &Holder, arn: String, when: &When, origin: Origin, span: Span) {
        let Some(when) = both(&holder.when, when) else { return };
        let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
        let known =
            self.graph.managed_policies.iter().rev().take_while(|known| known.template == self.template).any(
                |known| {
                    known.subject == holder.subject
                        && same(&known.when, &when)
                        && name(&known.arn) == name(&arn)
                },
            );
        if !known {
            let (template, subject) = (self.template, holder.subject.clone());
            self.graph.managed_policies.push(ManagedPolicy { template, subject, arn, when, origin, span });
        }
    }

    pub fn invoke(&mut self, function: Reference, principal: &str, source: Option<Reference>, span: Span) {
        let (template, principal) = (self.template, principal.to_owned());
        self.graph.invoke_permissions.push(InvokePermission { template, function, principal, source, span });
    }

    pub fn resource_policy(
        &mut self,
        resource: Reference,
        allow: bool,
        principal: &str,
        actions: Vec<String>,
        span: Span,
    ) {
        let (template, principal) = (self.template, principal.to_owned());
        self.graph.resource_policies.push(ResourcePolicy {
            template,
            resource,
            allow,
            principal,
            actions,
            span,
        });
    }

    pub fn connector(
        &mut self,
        source: Reference,
        destination: Reference,
        permissions: Vec<String>,
        span: Span,
    ) {
        let template = self.template;
        self.graph.connectors.push(Connector { template, source, destination, permissions, span });
    }
}

/// All of it holds; `None` where something contradicts something else.
fn both(one: &When, other: &When) -> Option<When> {
    let mut all = When::new();
    for (name, holds) in one.iter().chain(other) {
        match all.iter().find(|(known, _)| known.text == name.text) {
            Some((_, known)) if known != holds => return None,
            Some(_) => {}
            None => all.push((name.clone(), *holds)),
        }
    }
    Some(all)
}

fn same(one: &When, other: &When) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .all(|(name, holds)| other.iter().any(|(known, value)| known.text == name.text && value == holds))
}
