//! The events that SAM functions and state machines declare, except APIs.

use super::Scope;
use super::reference::{is_on, items, property, reach, reach_in, subject};
use crate::aws::invocation::{EventType, Source, event_type};
use crate::graph::model::{EventSource, Graph, Reference, Subject};
use crate::source::Span;
use crate::template::{Map, Name, Resource, Value, ValueKind};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    for resource in &scope.template.resources {
        let Some(subject) = subject(resource) else { continue };
        for event in events(resource) {
            graph.event_sources.extend(sources(scope, &subject, &event));
        }
    }
}

/// An entry of `Events`.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub name: &'a Name,
    pub kind: &'a str,
    pub properties: Map,
    pub span: Span,
}

/// The events of a function or a state machine.
pub(super) fn events(resource: &Resource) -> Vec<Event<'_>> {
    reach(&resource.properties, &["Events"])
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .flat_map(|(name, body)| {
            let kind = body.get("Type").and_then(Value::as_str);
            let written = reach_in(body, &["Properties"]).into_iter().filter_map(Value::as_map).cloned();
            let mut properties: Vec<Map> = written.collect();
            if properties.is_empty() {
                properties.push(Map::default());
            }
            properties
                .into_iter()
                .filter_map(move |properties| Some(Event { name, kind: kind?, properties, span: name.span }))
        })
        .collect()
}

fn sources(scope: &Scope<'_>, subject: &Subject, event: &Event<'_>) -> Vec<EventSource> {
    let Some(kind) = event_type(event.kind) else { return Vec::new() };
    let source = |kind: &'static str, source: Option<Reference>| EventSource {
        template: scope.id,
        subject: subject.clone(),
        kind,
        source,
        properties: Value { span: event.span, kind: ValueKind::Map(event.properties.clone()) },
        span: event.span,
        event: Some(event.name.clone()),
    };
    let named = named(scope, kind, &event.properties);
    named
        .into_iter()
        .map(|named| source(&kind.kind, named))
        .chain(queue(scope, event).into_iter().map(|queue| source("sqs", Some(queue))))
        .collect()
}

/// What an event names as its source, one for each branch.
fn named(scope: &Scope<'_>, kind: &EventType, properties: &Map) -> Vec<Option<Reference>> {
    let default = || kind.default.clone().map(Reference::Text);
    if kind.source == Source::List {
        let texts: Vec<String> = items(properties.get(&kind.property)).into_iter().map(Value::text).collect();
        return vec![(!texts.is_empty()).then(|| Reference::Text(texts.join(",")))];
    }
    let Some(value) = property(properties, &[&kind.property]) else { return vec![default()] };
    let branches: Vec<_> = value.branches().into_iter().map(|(branch, _)| branch).collect();
    if branches.is_empty() {
        return vec![default()];
    }
    let reference = |value: &Value| match kind.source {
        Source::Text => Reference::Text(value.text()),
        _ => scope.reference(value),
    };
    branches.into_iter().map(|branch| Some(reference(branch))).collect()
}

/// The queue between a topic and its function, where the template has one: `SqsSubscription: true`
/// makes one that has no id here.
fn queue(scope: &Scope<'_>, event: &Event<'_>) -> Option<Reference> {
    let subscription = property(&event.properties, &["SqsSubscription"]).filter(|_| event.kind == "SNS")?;
    if is_on(Some(subscription)) {
        return None;
    }
    property(&event.properties, &["SqsSubscription", "QueueArn"]).map(|queue| scope.reference(queue))
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{event_sources, linked};

    #[test]
    fn every_event_names_its_source() {
        let (graph, _) = linked(
            "
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Pool: {Type: AWS::Cognito::UserPool}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        B: {Type: SNS, Properties: {Topic: !Ref Topic, SqsSubscription: {QueueArn: !GetAtt Queue.Arn}}}
        C: {Type: SelfManagedKafka, Properties: {KafkaBootstrapServers: ['a:1', 'b:2']}}
        D: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)}}
        E: {Type: EventBridgeRule, Properties: {Pattern: {source: [x]}}}
        F: {Type: EventBridgeRule, Properties: {EventBusName: !If [Prod, shared, !Ref AWS::NoValue]}}
        G: {Type: AlexaSkill}
        H: {Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: PreSignUp}}
        I: {Type: Api, Properties: {Path: /, Method: get}}
        J: {Type: Kinesis, Properties: !If [Prod, {Stream: arn:one}, {Stream: arn:two}]}
        K: {Type: Unheard}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Events:
        A: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
",
            &[],
        );
        let expected = [
            "Work sqs Queue",
            "Work sns Topic",
            "Work sqs Queue",
            "Work kafka a:1,b:2",
            "Work schedule rate(1 minute)",
            "Work eventbridge default",
            "Work eventbridge shared",
            "Work alexa -",
            "Work cognito Pool",
            "Work kinesis arn:one",
            "Work kinesis arn:two",
            "Machine schedule rate(1 day)",
        ];
        assert_eq!(event_sources(&graph), expected);
    }
}
