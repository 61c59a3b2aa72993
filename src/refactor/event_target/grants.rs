//! What lets a source of events reach its target: a policy of the target, or a role.

use serde_yaml::Value as Yaml;

use super::Hop;
use crate::aws::pipes;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::permission::{self, Call};
use crate::refactor::written::{get_att, list, map, reference};
use crate::template::{Resource, Value};

/// Lets a service send to a queue or topic, on behalf of one source. A policy that is there gets a
/// statement more: a target has only one.
pub(super) fn policy(
    hop: &Hop<'_>,
    target: &Resource,
    draft: &mut Draft<'_>,
    service: &str,
    source: Yaml,
    after: &str,
) -> Result<(), Refusal> {
    let Some(pipes::Target { action, policy, names, .. }) = pipes::target(&target.kind.text) else {
        return Err(hop.refuse(format!("sends to `{}`, whose policy is not known", target.id.text)));
    };
    let statement = map([
        ("Effect", Yaml::from("Allow")),
        ("Principal", map([("Service", service)])),
        ("Action", Yaml::from(action.as_str())),
        ("Resource", arn(target)),
        ("Condition", map([("ArnEquals", map([("aws:SourceArn", source)]))])),
    ]);
    let template = hop.function.template();
    let is_of = |known: &&Resource| {
        known.is(policy)
            && known.property(names).is_some_and(|named| {
                named.mentions().iter().any(|mention| mention.name.text == target.id.text)
            })
    };
    if let Some(known) = template.resources.iter().find(is_of) {
        let document = Place::new(
            template.source,
            &["Resources", &known.id.text, "Properties", "PolicyDocument", "Statement"],
        );
        return draft.append(&document, &statement);
    }
    let document = map([("Version", Yaml::from("2012-10-17")), ("Statement", list([statement]))]);
    let body = map([
        ("Type", Yaml::from(policy.as_str())),
        (
            "Properties",
            map([(names.as_str(), list([reference(&target.id.text)])), ("PolicyDocument", document)]),
        ),
    ]);
    hop.add(draft, &hop.free_id(draft, "Policy"), &body, after)
}

/// A role with which a service makes calls, and nothing else. `reads` lets it read its source.
pub(super) fn role(hop: &Hop<'_>, service: &str, reads: Vec<Yaml>, calls: &[Call]) -> Result<Yaml, Refusal> {
    let template = hop.function.template();
    let known = calls.iter().map(|call| call.statement(template));
    let known: Vec<Yaml> = known.collect::<Result<_, String>>().map_err(|text| hop.refuse(text))?;
    let mut statements: Vec<(Yaml, Vec<Yaml>)> = Vec::new();
    for statement in reads.into_iter().chain(known) {
        let part = |name: &str| statement.get(name).cloned().unwrap_or_default();
        let actions = match part("Action") {
            Yaml::Sequence(actions) => actions,
            action => vec![action],
        };
        match statements.iter_mut().find(|(known, _)| *known == part("Resource")) {
            Some((_, all)) => all.extend(actions),
            None => statements.push((part("Resource"), actions)),
        }
    }
    let statements = statements.into_iter().map(|(resource, actions)| statement(actions, resource));
    Ok(permission::role(service, &hop.what.operation, statements))
}

/// A statement that allows actions on a resource.
pub(super) fn statement(mut actions: Vec<Yaml>, resource: Yaml) -> Yaml {
    let action = if actions.len() == 1 { actions.remove(0) } else { list(actions) };
    map([("Effect", Yaml::from("Allow")), ("Action", action), ("Resource", resource)])
}

/// The call that the function made.
pub(super) fn call(hop: &Hop<'_>) -> Call {
    Call {
        service: hop.what.service.clone(),
        operation: hop.what.operation.clone(),
        target: hop.what.target.clone(),
        part: None,
    }
}

/// The ARN of a queue, topic or state machine.
pub(super) fn arn(target: &Resource) -> Yaml {
    match pipes::target(&target.kind.text).and_then(|known| known.arn.as_ref()) {
        Some(attribute) => get_att(&target.id.text, attribute),
        None => reference(&target.id.text),
    }
}

pub(super) fn is_fifo(target: &Resource) -> bool {
    ["FifoQueue", "FifoTopic"]
        .iter()
        .any(|name| target.property(name).is_some_and(|value| value.as_bool() != Some(false)))
        || target.property("QueueName").and_then(Value::as_str).is_some_and(|name| name.ends_with(".fifo"))
}
