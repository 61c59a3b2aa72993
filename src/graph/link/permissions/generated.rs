//! The role that is generated for a SAM function or state machine.

use super::expand;
use super::policies::{self, literal};
use super::writer::{Holder, When, Writer};
use crate::aws::platform::{self, RolePolicy};
use crate::graph::link::Scope;
use crate::graph::model::{Origin, Subject};
use crate::source::Span;
use crate::template::{Intrinsic, Name, Resource, Value, ValueKind};

pub(super) fn role(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, resource: &Resource) {
    if let Some(written) = resource.property("Policies") {
        policies::policies(scope, writer, holder, written);
    }
    let platform = match holder.subject {
        Subject::Function(_) => platform::function_policies(),
        Subject::StateMachine(_) => platform::state_machine_policies(),
    };
    for policy in platform {
        let Some(span) = reason(scope, resource, policy) else { continue };
        let arn = managed_arn(&policy.policy);
        writer.managed(holder, arn, &Vec::new(), Origin::Platform, span);
    }
    if matches!(holder.subject, Subject::Function(_)) {
        dead_letter(scope, writer, holder, resource);
        destinations(scope, writer, holder, resource);
    }
}

/// The ARN of a managed policy of AWS, by path and name.
pub(super) fn managed_arn(policy: &str) -> String {
    format!("arn:${{AWS::Partition}}:iam::aws:policy/{policy}")
}

/// What makes the platform add the policy: the property, or the resource as such.
fn reason(scope: &Scope<'_>, resource: &Resource, policy: &RolePolicy) -> Option<Span> {
    let property = |path: &str| {
        let keys: Vec<&str> = path.split('.').collect();
        let (first, rest) = keys.split_first()?;
        resource.property(first)?.at(rest).filter(|value| is_set(value))
    };
    if policy.unless.as_deref().is_some_and(|path| property(path).is_some()) {
        return None;
    }
    let Some(path) = &policy.when else { return Some(resource.id.span) };
    let value = property(path)?;
    let is_off = policy.off.as_ref().is_some_and(|off| literal(scope, value).as_ref() == Some(off));
    let is_on = policy.on.as_ref().is_none_or(|on| value.scalar().as_deref() == Some(on));
    (is_on && !is_off).then_some(value.span)
}

/// Not empty, as the translator asks it.
pub(super) fn is_set(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null | ValueKind::Bool(false) => false,
        ValueKind::String(text) => !text.is_empty(),
        ValueKind::List(items) => !items.is_empty(),
        ValueKind::Map(map) => !map.is_empty(),
        _ => true,
    }
}

fn dead_letter(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, resource: &Resource) {
    for (queue, when) in resource.property("DeadLetterQueue").into_iter().flat_map(Value::branches) {
        let kind = queue.get("Type").and_then(|kind| literal(scope, kind)).unwrap_or_default();
        for (target, inner) in queue.get("TargetArn").into_iter().flat_map(Value::branches) {
            let when = [&when[..], &inner[..]].concat();
            for grant in platform::dead_letter(&kind) {
                grant_to(writer, holder, grant, "TargetArn", target, &when);
            }
        }
    }
}

/// Destinations of asynchronous invocation. Where none is named, a queue or topic is generated.
fn destinations(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, resource: &Resource) {
    let config = resource.property("EventInvokeConfig").and_then(|config| config.get("DestinationConfig"));
    for outcome in ["OnSuccess", "OnFailure"] {
        let Some(outcome) = config.and_then(|config| config.get(outcome)) else { continue };
        let kind = outcome.get("Type").and_then(|kind| literal(scope, kind)).unwrap_or_default();
        let named = outcome.get("Destination").filter(|value| !value.is_null());
        let generated = generated_destination(resource, &kind, outcome.span);
        let mut targets: Vec<(Value, When)> = Vec::new();
        if let Some(value) = named {
            targets.extend(value.branches().into_iter().map(|(target, when)| (target.clone(), when)));
        }
        if named.is_none_or(|value| value.text().contains("${AWS::NoValue}")) {
            targets.extend(generated.map(|target| (target, Vec::new())));
        }
        for (target, when) in targets {
            for grant in platform::destination(&kind) {
                grant_to(writer, holder, grant, "Destination", &target, &when);
            }
        }
    }
}

/// `!GetAtt Function.DestinationQueue.Arn`: how a template speaks of it.
fn generated_destination(resource: &Resource, kind: &str, span: Span) -> Option<Value> {
    let attribute = match kind {
        "SQS" => "DestinationQueue.Arn",
        "SNS" => "DestinationTopic.Arn",
        _ => return None,
    };
    let resource = Name { text: resource.id.text.clone(), span };
    let attribute = Value::string(attribute, span);
    Some(Value { span, kind: ValueKind::Intrinsic(Box::new(Intrinsic::GetAtt { resource, attribute })) })
}

/// A statement of the platform with one place filled.
pub(super) fn grant_to(
    writer: &mut Writer<'_>,
    holder: &Holder,
    grant: &crate::aws::Grant,
    place: &str,
    target: &Value,
    when: &When,
) {
    let value = |name: &str| if name == place { vec![target.clone()] } else { Vec::new() };
    let Some(mut clause) = expand::clause(grant, target.span, &value) else { return };
    clause.when.clone_from(when);
    writer.statement(holder, &clause, &Origin::Platform);
}
