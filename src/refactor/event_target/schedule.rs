//! A schedule of EventBridge Scheduler that makes the function's call itself, with the input that is the
//! same each time.

use serde_yaml::Value as Yaml;

use super::Hop;
use super::grants::{arn, call, role};
use crate::aws::direct;
use crate::aws::platform::principals;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::refactor::sdk_integration::fixed;
use crate::refactor::written::{get_att, map, of_value, sub};

/// Settings of the event by their names in the schedule; those of the target and what needs none are empty.
const SETTINGS: &[(&str, &str)] = &[
    ("Schedule", "ScheduleExpression"),
    ("ScheduleExpression", "ScheduleExpression"),
    ("ScheduleExpressionTimezone", "ScheduleExpressionTimezone"),
    ("StartDate", "StartDate"),
    ("EndDate", "EndDate"),
    ("GroupName", "GroupName"),
    ("KmsKeyArn", "KmsKeyArn"),
    ("Description", "Description"),
    ("State", "State"),
    ("FlexibleTimeWindow", ""),
    ("Enabled", ""),
    ("RetryPolicy", ""),
    ("Name", ""),
    ("OmitName", ""),
    ("Input", ""),
];

/// How often Lambda tries an event again whose function failed.
const RETRIES: u32 = 2;

const OTHERWISE: &str =
    "the schedule has another name, tries a call again by a policy of its own, and has other metrics";

pub(super) fn write(hop: &Hop<'_>, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
    let mut properties = hop.settings(SETTINGS)?;
    if let Some(enabled) = hop.setting("Enabled") {
        let state = match enabled.as_bool() {
            Some(true) => "ENABLED",
            Some(false) => "DISABLED",
            None => return Err(Refusal::new(enabled.span, "is switched on where a condition holds")),
        };
        properties.push(("State", Yaml::from(state)));
    }
    let window = hop.setting("FlexibleTimeWindow").map_or_else(|| map([("Mode", "OFF")]), of_value);
    properties.push(("FlexibleTimeWindow", window));
    let role_id = hop.free_id(draft, "Role");
    let (arn, input, mut differs) = target(hop)?;
    let retry = match hop.setting("RetryPolicy") {
        Some(retry) => of_value(retry),
        None => map([("MaximumRetryAttempts", RETRIES)]),
    };
    properties.push((
        "Target",
        map([("Arn", arn), ("RoleArn", get_att(&role_id, "Arn")), ("Input", input), ("RetryPolicy", retry)]),
    ));
    let id = hop.free_id(draft, "Schedule");
    let body = map([("Type", Yaml::from("AWS::Scheduler::Schedule")), ("Properties", map(properties))]);
    hop.add(draft, &id, &body, &hop.function.id.text)?;
    let role = role(hop, &principals().schedule, Vec::new(), &[call(hop)])?;
    hop.add(draft, &role_id, &role, &id)?;
    differs.extend(hop.members.iter().find_map(|(_, value)| hop.layout(value)));
    differs.push(OTHERWISE.to_owned());
    if hop.function.on_failure.is_some() || hop.function.dead_letter.is_some() {
        differs.push("calls that fail are not told where the function's failures went".to_owned());
    }
    Ok(differs)
}

/// What the schedule calls, with what, and what may differ.
fn target(hop: &Hop<'_>) -> Result<(Yaml, Yaml, Vec<String>), Refusal> {
    let what = hop.what;
    let odd = |text: String| hop.refuse(text);
    if (what.service.as_str(), what.operation.as_str()) == ("stepfunctions", "StartExecution") {
        let sending = hop.sending()?;
        let known = fixed::text(hop.function, what, sending.sent).map_err(odd)?;
        return Ok((arn(sending.target), text(known.json, known.has_references), known.differs));
    }
    let action = direct::scheduled(&what.service, &what.operation).ok_or_else(|| {
        hop.refuse(format!("calls {}, whose name at the scheduler is not known", what.service))
    })?;
    let input = fixed::input(hop.app, hop.function, what, hop.effect).map_err(odd)?;
    let arn = sub(&format!("arn:${{AWS::Partition}}:scheduler:::aws-sdk:{action}"));
    Ok((arn, text(input.json, input.has_references), input.differs))
}

/// A text of the template, in which placeholders are references where there are any.
fn text(json: String, has_references: bool) -> Yaml {
    if has_references { sub(&json) } else { Yaml::from(json) }
}
