//! A pipe between a queue or stream and the target of the function's call.

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

use super::Hop;
use super::grants::{arn, call, is_fifo, role, statement};
use crate::aws::direct;
use crate::aws::pipes::{self, Source};
use crate::aws::platform::principals;
use crate::graph::Reference;
use crate::graph::forwarding::{Part, Piped, piped};
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::refactor::written::{get_att, map, of_value, sub};
use crate::summary::{Shape, Symbol};
use crate::template::Value;

/// Entries of a section of the pipe.
type Settings = Vec<(&'static str, Yaml)>;

pub(super) fn write(hop: &Hop<'_>, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
    let (service, operation) = (&hop.what.service, &hop.what.operation);
    let source =
        pipes::source(hop.event.kind).ok_or_else(|| hop.refuse("reads a source that is not known"))?;
    let named = hop.setting(&source.named).ok_or_else(|| hop.refuse("names no queue or stream"))?;
    if hop.setting("Enabled").is_some_and(|enabled| enabled.as_bool() != Some(true)) {
        return Err(Refusal::new(hop.event.span, "is switched off where a condition holds"));
    }
    let sent = piped(&source.kind, service, operation, &hop.effect.input).map_err(|text| hop.refuse(text))?;
    let mut reads = vec![statement(
        source.reads.iter().map(|action| Yaml::from(action.as_str())).collect(),
        of_value(named),
    )];
    let source_parameters = source_parameters(hop, source, &mut reads)?;
    let (target, mut target_parameters) = target(hop)?;
    match sent {
        Piped::Record | Piped::Batch => {}
        Piped::Object(entries) => {
            target_parameters.insert(0, ("InputTemplate", Yaml::from(template(&entries))));
        }
    }
    let id = hop.free_id(draft, "Pipe");
    let role_id = hop.free_id(draft, "Role");
    let mut properties = vec![("RoleArn", get_att(&role_id, "Arn")), ("Source", of_value(named))];
    if !source_parameters.is_empty() {
        properties.push(("SourceParameters", map(source_parameters)));
    }
    properties.push(("Target", target));
    if !target_parameters.is_empty() {
        properties.push(("TargetParameters", map(target_parameters)));
    }
    let body = map([("Type", Yaml::from("AWS::Pipes::Pipe")), ("Properties", map(properties))]);
    hop.add(draft, &id, &body, &hop.function.id.text)?;
    hop.add(draft, &role_id, &role(hop, &principals().pipe, reads, &[call(hop)])?, &id)?;
    Ok(differs(hop, source))
}

fn differs(hop: &Hop<'_>, source: &Source) -> Vec<String> {
    let mut differs = vec![
        "of a batch that fails in part, only the records that failed come again".to_owned(),
        "a part of the record that is missing is left out where the function failed".to_owned(),
    ];
    differs.extend(hop.is_python.then(|| "JSON texts have no spaces behind `:` and `,`".to_owned()));
    if source.kind != "sqs" {
        differs.push("the pipe has a place in the stream of its own: while it replaces the function, records may be read twice, or with `LATEST` not at all".to_owned());
        if hop.setting("DestinationConfig").is_some() {
            differs.push("what tells of records that failed has another form".to_owned());
        }
    }
    differs
}

/// Filter and settings of the source.
fn source_parameters(
    hop: &Hop<'_>,
    source: &'static Source,
    reads: &mut Vec<Yaml>,
) -> Result<Settings, Refusal> {
    let same = source.settings.iter().map(|name| (name.as_str(), name.as_str()));
    let known: Vec<_> = same.chain(source.apart.iter().map(|name| (name.as_str(), ""))).collect();
    let mut settings = hop.settings(&known)?;
    let limit = direct::batch_limit(&hop.what.service, &hop.what.operation).unwrap_or(u32::MAX);
    let written = hop.setting("BatchSize").map(Value::text);
    let size = written.as_deref().map_or(Ok(source.batch), str::parse::<u32>);
    match size {
        Ok(size) if size <= limit => {}
        // A pipe takes no larger batch than its target.
        Ok(_) => {
            settings.retain(|(name, _)| *name != "BatchSize");
            settings.push(("BatchSize", Yaml::from(limit)));
        }
        Err(_) => return Err(hop.refuse("has a size of batches that is not known")),
    }
    if let Some(bisect) = hop.setting("BisectBatchOnFunctionError") {
        match bisect.as_bool() {
            Some(true) => settings.push(("OnPartialBatchItemFailure", Yaml::from("AUTOMATIC_BISECT"))),
            Some(false) => {}
            None => return Err(Refusal::new(bisect.span, "splits batches where a condition holds")),
        }
    }
    if let Some(config) = hop.setting("DestinationConfig") {
        let (arn, statement) = destination(hop, config)?;
        settings.push(("DeadLetterConfig", map([("Arn", arn)])));
        reads.push(statement);
    }
    let mut parameters = Vec::new();
    if let Some(filter) = hop.setting("FilterCriteria") {
        parameters.push(("FilterCriteria", of_value(filter)));
    }
    if !settings.is_empty() {
        parameters.push((source.section.as_str(), map(settings)));
    }
    Ok(parameters)
}

/// Where records go that failed, and the permission for it.
fn destination(hop: &Hop<'_>, config: &Value) -> Result<(Yaml, Yaml), Refusal> {
    let refuse = || Refusal::new(config.span, "sends records that failed to what is not in this template");
    let target = config.at(&["OnFailure", "Destination"]).ok_or_else(refuse)?;
    let named = target.mentions().into_iter().next().ok_or_else(refuse)?;
    let resource = hop.function.template().resource(&named.name.text).ok_or_else(refuse)?;
    let known = pipes::target(&resource.kind.text).ok_or_else(refuse)?;
    Ok((of_value(target), statement(vec![Yaml::from(known.action.as_str())], of_value(target))))
}

/// What the pipe hands records to, and its settings.
fn target(hop: &Hop<'_>) -> Result<(Yaml, Settings), Refusal> {
    if (hop.what.service.as_str(), hop.what.operation.as_str()) == ("events", "PutEvents") {
        return bus(hop);
    }
    let to = hop.sending()?.target;
    if is_fifo(to) {
        return Err(hop.refuse("sends to a queue or topic that keeps an order"));
    }
    let mut parameters = Vec::new();
    if to.kind.text.ends_with("::StateMachine") {
        let kind = map([("InvocationType", "FIRE_AND_FORGET")]);
        parameters.push(("StepFunctionStateMachineParameters", kind));
    }
    Ok((arn(to), parameters))
}

/// A bus, with what is the same for all events, or stands in the record.
fn bus(hop: &Hop<'_>) -> Result<(Yaml, Settings), Refusal> {
    let entries = hop.members.iter().find(|(name, _)| name == "Entries").map(|(_, entries)| entries);
    let Some(Shape::List(entries)) = entries else { return Err(hop.refuse("sends several events")) };
    let [Shape::Object { entries, open: false }] = &**entries else {
        return Err(hop.refuse("sends several events"));
    };
    let mut settings = Vec::new();
    for (name, value) in entries.iter() {
        match (name.as_str(), value) {
            ("Detail" | "EventBusName", _) => {}
            ("Source", Shape::Symbol(Symbol::Name(text))) => {
                settings.push(("Source", Yaml::from(text.as_str())))
            }
            ("DetailType", Shape::Symbol(Symbol::Name(text))) => {
                settings.push(("DetailType", Yaml::from(text.as_str())));
            }
            (other, _) => {
                return Err(hop.refuse(format!("sets `{other}`, which this refactoring does not")));
            }
        }
    }
    let target = match &hop.what.target {
        Some(Reference::Resource(id)) => get_att(id, "Arn"),
        Some(Reference::Text(text)) if text.starts_with("arn:") => sub(text),
        Some(Reference::Text(text)) if !text.contains("${Fn::") => {
            let bus = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus";
            sub(&format!("{bus}/{text}"))
        }
        _ => return Err(hop.refuse("sends to a bus that is not known")),
    };
    Ok((target, vec![("EventBridgeEventBusParameters", map(settings))]))
}

/// The object as an input template has it: paths stand without quotes.
fn template(entries: &[(String, Part)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(name, part)| {
            let value = match part {
                Part::Constant(value) => value.to_string(),
                Part::Path(path) => format!("<$.{}>", path.join(".")),
                Part::Object(entries) => template(entries),
            };
            format!("{}: {value}", Json::from(name.as_str()))
        })
        .collect();
    format!("{{{}}}", entries.join(", "))
}
