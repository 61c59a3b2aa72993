//! A subscription of a topic by the queue that the function fed.

use serde_yaml::Value as Yaml;

use super::grants::{arn, is_fifo, policy};
use super::{Hop, Sending};
use crate::aws::platform::principals;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::refactor::written::{map, of_value};
use crate::summary::{Shape, Symbol};

const SETTINGS: &[(&str, &str)] = &[
    ("Topic", "TopicArn"),
    ("FilterPolicy", "FilterPolicy"),
    ("FilterPolicyScope", "FilterPolicyScope"),
    ("RedrivePolicy", "RedrivePolicy"),
    ("Region", "Region"),
];

pub(super) fn write(hop: &Hop<'_>, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
    let Sending { target, sent, .. } = hop.sending()?;
    if !target.is("AWS::SQS::Queue") || is_fifo(target) {
        return Err(hop.refuse(format!("sends to `{}`, which is no plain queue", target.id.text)));
    }
    if !is_message(sent) {
        return Err(hop.refuse("sends something else than the message"));
    }
    let mut properties = hop.settings(SETTINGS)?;
    let topic = hop.setting("Topic").ok_or_else(|| hop.refuse("names no topic"))?;
    properties.extend([
        ("Protocol", Yaml::from("sqs")),
        ("Endpoint", arn(target)),
        ("RawMessageDelivery", Yaml::from(true)),
    ]);
    let id = hop.free_id(draft, "Subscription");
    let body = map([("Type", Yaml::from("AWS::SNS::Subscription")), ("Properties", map(properties))]);
    hop.add(draft, &id, &body, &hop.function.id.text)?;
    policy(hop, target, draft, &principals().topic, of_value(topic), &id)?;
    let mut differs = vec!["attributes of the message reach the queue as well".to_owned()];
    if hop.function.on_failure.is_some() || hop.function.dead_letter.is_some() {
        differs.push(
            "messages that cannot be delivered are not sent where the function's failures went".to_owned(),
        );
    }
    Ok(differs)
}

/// `record["Sns"]["Message"]`
fn is_message(sent: &Shape) -> bool {
    let ends = |path: &[String]| path == ["Sns", "Message"];
    match sent {
        Shape::Item { of, path } => {
            ends(path) && matches!(&**of, Shape::Symbol(Symbol::Event(records)) if **records == ["Records"])
        }
        Shape::Symbol(Symbol::Event(path)) => match &**path {
            [records, index, rest @ ..] => records == "Records" && index == "0" && ends(rest),
            _ => false,
        },
        _ => false,
    }
}
