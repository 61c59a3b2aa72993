//! Policies of queues and topics: written, and generated for subscriptions and rules.

use super::events::{Written, is_queued, written};
use super::policies::{clause, literal, statements};
use super::writer::Writer;
use crate::aws::platform::{self, QueuePolicy};
use crate::graph::link::Scope;
use crate::graph::model::Reference;
use crate::template::{Map, Resource, Value};

pub(super) fn link(scope: &Scope<'_>, writer: &mut Writer<'_>) {
    for resource in &scope.template.resources {
        if let Some(property) = platform::policy_of(&resource.kind.text) {
            explicit(scope, writer, resource, property);
        }
        if platform::holder(&resource.kind.text).is_some_and(|holder| holder.generated) {
            for event in written(resource) {
                generated(scope, writer, resource, &event);
            }
        }
    }
}

fn explicit(scope: &Scope<'_>, writer: &mut Writer<'_>, resource: &Resource, property: &str) {
    let Some(document) = resource.property("PolicyDocument") else { return };
    for (target, _) in resource.property(property).into_iter().flat_map(Value::items) {
        let target = scope.reference(target);
        for (statement, when) in statements(document) {
            let Some(map) = statement.as_map() else { continue };
            let Some(clause) = clause(scope, statement, map, when) else { continue };
            let actions: Vec<String> = clause.actions.iter().map(Value::text).collect();
            for principal in principals(scope, map) {
                writer.resource_policy(
                    target.clone(),
                    clause.allow,
                    &principal,
                    actions.clone(),
                    clause.span,
                );
            }
        }
    }
}

/// Everyone a statement names, whichever kind: a service, an account, a role, or `*`.
fn principals(scope: &Scope<'_>, statement: &Map) -> Vec<String> {
    let text = |value: &Value| literal(scope, value).unwrap_or_else(|| value.text());
    let named = statement.get("Principal").into_iter().flat_map(Value::items);
    named
        .flat_map(|(principal, _)| match principal.as_map() {
            Some(kinds) => {
                kinds.iter().flat_map(|(_, value)| value.items()).map(|(value, _)| text(value)).collect()
            }
            None => vec![text(principal)],
        })
        .collect()
}

fn generated(scope: &Scope<'_>, writer: &mut Writer<'_>, resource: &Resource, event: &Written<'_>) {
    if is_queued(event) {
        let url =
            event.properties.get("SqsSubscription").and_then(|subscription| subscription.get("QueueUrl"));
        let queue = url.map_or_else(|| generated_queue(resource, event), |url| scope.reference(url));
        grant(writer, queue, platform::subscription_policy(), event);
    }
    let is_rule = platform::event(event.kind).is_some_and(|known| known.rule);
    let dead_letter = event.properties.get("DeadLetterConfig").filter(|_| is_rule);
    if let Some(config) =
        dead_letter.filter(|config| config.get("Type").is_some() && config.get("Arn").is_none())
    {
        let named = config.get("QueueLogicalId").and_then(Value::as_str);
        let queue =
            named.map_or_else(|| generated_queue(resource, event), |id| Reference::Text(id.to_owned()));
        grant(writer, queue, platform::dead_letter_policy(), event);
    }
}

fn grant(writer: &mut Writer<'_>, queue: Reference, policy: &QueuePolicy, event: &Written<'_>) {
    writer.resource_policy(queue, true, &policy.principal, policy.actions.clone(), event.name.span);
}

/// A queue that is made for an event has no place in the template, only the id it will get.
fn generated_queue(resource: &Resource, event: &Written<'_>) -> Reference {
    Reference::Text(format!("{}{}Queue", resource.id.text, event.name.text))
}
