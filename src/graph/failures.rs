//! Which queues are there for what failed.

use crate::template::{Name, Resource, Template, Value};

/// Settings whose value is where failed messages and events go.
const SETTINGS: [&str; 6] = [
    "RedrivePolicy",
    "DeadLetterConfig",
    "DeadLetterQueue",
    "OnFailure",
    "deadLetterTargetArn",
    "SqsRedrivePolicy",
];

/// Words in the id of a queue that takes what failed in other templates.
const WORDS: [&str; 3] = ["dlq", "deadletter", "dead_letter"];

/// Whether a queue is a dead letter queue: something of the template sends failures there, or it says so
/// itself.
pub fn takes_failures(template: &Template, queue: &Resource) -> bool {
    let id = queue.id.text.to_ascii_lowercase();
    let says_so =
        WORDS.iter().any(|word| id.contains(word)) || queue.property("RedriveAllowPolicy").is_some();
    let others = || template.resources.iter().filter(|other| other.id.text != queue.id.text);
    says_so || others().any(|other| other.properties.iter().any(|(name, value)| sends(name, value, queue)))
}

fn sends(name: &Name, value: &Value, queue: &Resource) -> bool {
    let mut found = SETTINGS.contains(&name.text.as_str()) && speaks_of(value, queue);
    value.walk(&mut |value| {
        let settings = value.as_map().into_iter().flat_map(|map| map.iter());
        let mut failures = settings.filter(|(name, _)| SETTINGS.contains(&name.text.as_str()));
        found |= failures.any(|(_, value)| speaks_of(value, queue));
    });
    found
}

fn speaks_of(value: &Value, queue: &Resource) -> bool {
    value.mentions().iter().any(|mention| mention.name.text == queue.id.text)
}

#[cfg(test)]
mod tests {
    use super::takes_failures;
    use crate::graph::testing::template;

    #[test]
    fn dead_letter_queues_are_known_by_who_sends_there() {
        let template = template(
            "Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn}}}
  Failed: {Type: AWS::SQS::Queue}
  OrdersDLQ: {Type: AWS::SQS::Queue}
  Lost: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::Serverless::Function
    Properties: {EventInvokeConfig: {DestinationConfig: {OnFailure: {Destination: !GetAtt Lost.Arn}}}}
",
        );
        let found: Vec<&str> = template
            .resources
            .iter()
            .filter(|queue| takes_failures(&template, queue))
            .map(|queue| queue.id.text.as_str())
            .collect();
        assert_eq!(found, ["Failed", "OrdersDLQ", "Lost"]);
    }
}
