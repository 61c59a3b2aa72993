//! A rule of EventBridge with the target of the function's call.

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

use super::grants::{arn, call, is_fifo, policy, role};
use super::{Hop, Sending};
use crate::aws::platform::principals;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::refactor::written::{get_att, list, map};
use crate::summary::{Shape, Symbol};

/// Settings of the event by their names in a rule; those of the target and what needs none are empty.
const SETTINGS: &[(&str, &str)] = &[
    ("Pattern", "EventPattern"),
    ("EventBusName", "EventBusName"),
    ("State", "State"),
    ("RuleName", "Name"),
    ("RetryPolicy", ""),
];

pub(super) fn write(hop: &Hop<'_>, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
    let mut properties = hop.settings(SETTINGS)?;
    let Sending { target: to, sent, group } = hop.sending()?;
    let input = input(sent).map_err(|text| hop.refuse(text))?;
    let target_is_transformed = matches!(&input, Some((name, _)) if *name == "InputTransformer");
    let id = hop.free_id(draft, "Rule");
    let mut target = vec![("Id", Yaml::from(to.id.text.as_str())), ("Arn", arn(to))];
    let needs_role = to.kind.text.ends_with("::StateMachine");
    let role_id = hop.free_id(draft, "Role");
    if needs_role {
        target.push(("RoleArn", get_att(&role_id, "Arn")));
    }
    if is_fifo(to) {
        let group = group.ok_or_else(|| hop.refuse("sends to a queue in order without a group"))?;
        target.push(("SqsParameters", map([("MessageGroupId", group)])));
    }
    target.extend(input);
    if let Some(retry) = hop.setting("RetryPolicy") {
        target.push(("RetryPolicy", crate::refactor::written::of_value(retry)));
    }
    properties.push(("Targets", list([map(target)])));
    let body = map([("Type", Yaml::from("AWS::Events::Rule")), ("Properties", map(properties))]);
    hop.add(draft, &id, &body, &hop.function.id.text)?;
    if needs_role {
        let role = role(hop, &principals().rule, Vec::new(), &[call(hop)])?;
        hop.add(draft, &role_id, &role, &id)?;
    } else {
        policy(hop, to, draft, &principals().rule, get_att(&id, "Arn"), &id)?;
    }
    let mut differs = vec!["a delivery that fails is tried again for up to 24 hours, not twice".to_owned()];
    if hop.function.on_failure.is_some() || hop.function.dead_letter.is_some() {
        differs.push(
            "events that cannot be delivered are not sent where the function's failures went".to_owned(),
        );
    }
    if target_is_transformed {
        differs.push("a part of the event that is missing is written as an empty one".to_owned());
    }
    differs.extend(hop.layout(sent));
    Ok(differs)
}

/// How the target is given what the function sent.
fn input(sent: &Shape) -> Result<Option<(&'static str, Yaml)>, String> {
    let Shape::Json(sent) = sent else {
        return Err("sends a text of the event, which a rule puts in quotes".to_owned());
    };
    if let Some(path) = path(sent) {
        return Ok((!path.is_empty()).then(|| ("InputPath", Yaml::from(json_path(&path)))));
    }
    let Shape::Object { entries, open: false } = &**sent else {
        return Err("sends what an input transformer cannot put together".to_owned());
    };
    let mut paths = Vec::new();
    let mut parts = Vec::new();
    for (name, value) in entries.iter() {
        let value = match value {
            Shape::Symbol(Symbol::Name(text)) if !text.contains(['<', '>']) => {
                Json::from(text.as_str()).to_string()
            }
            value => {
                let path = path(value).filter(|path| !path.is_empty());
                let path = path.ok_or("sends what an input transformer cannot put together")?;
                let variable = format!("v{}", paths.len());
                paths.push((variable.clone(), Yaml::from(json_path(&path))));
                format!("<{variable}>")
            }
        };
        parts.push(format!("{}: {value}", Json::from(name.as_str())));
    }
    let template = format!("{{{}}}", parts.join(", "));
    let transformer = map([("InputPathsMap", map(paths)), ("InputTemplate", Yaml::from(template))]);
    Ok(Some(("InputTransformer", transformer)))
}

fn path(shape: &Shape) -> Option<Vec<String>> {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => Some(path.to_vec()),
        Shape::Part { of, path: more } => {
            let mut path = path(of)?;
            path.extend(more.iter().cloned());
            Some(path)
        }
        _ => None,
    }
}

/// Names that a path of EventBridge takes as they are.
fn json_path(path: &[String]) -> String {
    path.iter().fold("$".to_owned(), |text, part| format!("{text}.{part}"))
}
