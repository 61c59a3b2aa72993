//! Plain CloudFormation resources that invoke functions and state machines.

use super::Scope;
use super::reference::{items, property, reach, reach_in};
use crate::aws::invocation::polled_kind;
use crate::graph::model::{EventSource, Graph, Reference};
use crate::template::{Map, Resource, Value, ValueKind};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    for resource in &scope.template.resources {
        let wired = match resource.kind.text.as_str() {
            "AWS::Lambda::EventSourceMapping" => mapping(scope, resource),
            "AWS::Pipes::Pipe" => pipe(scope, resource),
            "AWS::Events::Rule" => rule(scope, resource),
            "AWS::Scheduler::Schedule" => schedule(scope, resource),
            "AWS::SNS::Subscription" => subscription(scope, resource),
            "AWS::SNS::Topic" => topic(scope, resource),
            "AWS::S3::Bucket" => bucket(scope, resource),
            "AWS::Logs::SubscriptionFilter" => log_filter(scope, resource),
            "AWS::IoT::TopicRule" => iot_rule(scope, resource),
            "AWS::Cognito::UserPool" => user_pool(scope, resource),
            "AWS::Lambda::Permission" => permission(scope, resource),
            _ => Vec::new(),
        };
        graph.event_sources.extend(wired.into_iter().filter_map(|wire| source(scope, resource, wire)));
    }
    through_queues(scope, graph);
}

/// What is invoked, as what kind, by what.
type Wire = (Reference, &'static str, Option<Reference>);

fn source(scope: &Scope<'_>, resource: &Resource, (target, kind, source): Wire) -> Option<EventSource> {
    Some(EventSource {
        template: scope.id,
        subject: scope.subject(&target)?,
        kind,
        source,
        properties: Value { span: resource.span, kind: ValueKind::Map(resource.properties.clone()) },
        span: resource.id.span,
        event: None,
    })
}

/// Every target with every source.
fn wires(
    scope: &Scope<'_>,
    targets: &[&Value],
    kind: &'static str,
    sources: &[Option<Reference>],
) -> Vec<Wire> {
    targets
        .iter()
        .map(|target| scope.reference(target))
        .flat_map(|target| sources.iter().map(move |source| (target.clone(), kind, source.clone())))
        .collect()
}

/// What a property points at, one for each branch; nothing is one thing.
fn named(scope: &Scope<'_>, values: &[&Value]) -> Vec<Option<Reference>> {
    match values {
        [] => vec![None],
        values => values.iter().map(|value| Some(scope.reference(value))).collect(),
    }
}

fn texts(values: &[&Value], default: &str) -> Vec<Option<Reference>> {
    match values {
        [] => vec![Some(Reference::Text(default.to_owned()))],
        values => values.iter().map(|value| Some(Reference::Text(value.text()))).collect(),
    }
}

fn mapping(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let properties = &resource.properties;
    let functions = reach(properties, &["FunctionName"]);
    let servers = reach(properties, &["SelfManagedEventSource", "Endpoints", "KafkaBootstrapServers"]);
    if !servers.is_empty() {
        return wires(scope, &functions, "kafka", &[Some(joined(&servers))]);
    }
    polled(scope, &functions, &reach(properties, &["EventSourceArn"]), properties)
}

fn pipe(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let properties = &resource.properties;
    let targets = [reach(properties, &["Target"]), reach(properties, &["Enrichment"])].concat();
    let none = Map::default();
    let settings = property(properties, &["SourceParameters"]).and_then(Value::as_map).unwrap_or(&none);
    let servers =
        reach(properties, &["SourceParameters", "SelfManagedKafkaParameters", "AdditionalBootstrapServers"]);
    if !servers.is_empty() {
        return wires(scope, &targets, "kafka", &[Some(joined(&servers))]);
    }
    polled(scope, &targets, &reach(properties, &["Source"]), settings)
}

fn joined(servers: &[&Value]) -> Reference {
    let servers: Vec<String> = servers.iter().flat_map(|value| items(Some(value))).map(Value::text).collect();
    Reference::Text(servers.join(","))
}

fn polled(scope: &Scope<'_>, targets: &[&Value], sources: &[&Value], settings: &Map) -> Vec<Wire> {
    let mut found = Vec::new();
    for source in sources {
        let reference = scope.reference(source);
        let text = default_text(scope, source);
        let service = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
        let stream = text.ends_with(".StreamArn}").then_some("dynamodb");
        let kind = polled_kind(
            scope.resource(&reference).map(|resource| resource.kind.text.as_str()),
            service.or(stream),
            |name| settings.get(name).is_some(),
        );
        // With nothing to tell the kind it is a queue: all others need settings of their own.
        found.extend(wires(scope, targets, kind.unwrap_or("sqs"), &[Some(reference)]));
    }
    found
}

/// The text of a value; of a parameter its default.
fn default_text(scope: &Scope<'_>, value: &Value) -> String {
    let text = value.text();
    let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let default = name.and_then(|name| scope.template.parameter(name)?.default.as_ref());
    default.map(Value::text).unwrap_or(text)
}

fn rule(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let properties = &resource.properties;
    let targets: Vec<&Value> =
        items(properties.get("Targets")).into_iter().flat_map(|target| reach_in(target, &["Arn"])).collect();
    let expressions = reach(properties, &["ScheduleExpression"]);
    let mut found = Vec::new();
    if !expressions.is_empty() {
        found.extend(wires(scope, &targets, "schedule", &texts(&expressions, "")));
    }
    if property(properties, &["EventPattern"]).is_some() || expressions.is_empty() {
        let buses = reach(properties, &["EventBusName"]);
        let buses = if buses.is_empty() { texts(&[], "default") } else { named(scope, &buses) };
        found.extend(wires(scope, &targets, "eventbridge", &buses));
    }
    found
}

fn schedule(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let targets = reach(&resource.properties, &["Target", "Arn"]);
    let expressions = reach(&resource.properties, &["ScheduleExpression"]);
    wires(scope, &targets, "schedule", &texts(&expressions, ""))
}

fn subscription(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let topics = named(scope, &reach(&resource.properties, &["TopicArn"]));
    wires(scope, &reach(&resource.properties, &["Endpoint"]), "sns", &topics)
}

fn topic(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let topic = [Some(Reference::Resource(resource.id.text.clone()))];
    let endpoints: Vec<&Value> = items(resource.property("Subscription"))
        .into_iter()
        .flat_map(|subscription| reach_in(subscription, &["Endpoint"]))
        .collect();
    wires(scope, &endpoints, "sns", &topic)
}

fn bucket(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let bucket = [Some(Reference::Resource(resource.id.text.clone()))];
    let functions: Vec<&Value> =
        reach(&resource.properties, &["NotificationConfiguration", "LambdaConfigurations"])
            .into_iter()
            .flat_map(|list| items(Some(list)))
            .flat_map(|notification| reach_in(notification, &["Function"]))
            .collect();
    wires(scope, &functions, "s3", &bucket)
}

fn log_filter(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let groups = named(scope, &reach(&resource.properties, &["LogGroupName"]));
    wires(scope, &reach(&resource.properties, &["DestinationArn"]), "cloudwatchlogs", &groups)
}

fn iot_rule(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let properties = &resource.properties;
    let sql = texts(&reach(properties, &["TopicRulePayload", "Sql"]), "");
    let actions: Vec<&Value> = reach(properties, &["TopicRulePayload", "Actions"])
        .into_iter()
        .flat_map(|list| items(Some(list)))
        .collect();
    let targets: Vec<&Value> = actions
        .iter()
        .flat_map(|action| {
            [
                reach_in(action, &["Lambda", "FunctionArn"]),
                reach_in(action, &["StepFunctions", "StateMachineName"]),
            ]
            .concat()
        })
        .collect();
    wires(scope, &targets, "iot", &sql)
}

/// A trigger is an ARN, or a mapping that holds one.
fn user_pool(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let pool = [Some(Reference::Resource(resource.id.text.clone()))];
    let functions: Vec<&Value> = reach(&resource.properties, &["LambdaConfig"])
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .filter(|(name, _)| name.text != "KMSKeyID")
        .flat_map(|(_, value)| reach_in(value, &[]))
        .flat_map(
            |value| if value.as_map().is_some() { reach_in(value, &["LambdaArn"]) } else { vec![value] },
        )
        .collect();
    wires(scope, &functions, "cognito", &pool)
}

/// A skill is wired by the permission alone.
fn permission(scope: &Scope<'_>, resource: &Resource) -> Vec<Wire> {
    let principals = reach(&resource.properties, &["Principal"]);
    if !principals.iter().any(|principal| principal.as_str() == Some("alexa-appkit.amazon.com")) {
        return Vec::new();
    }
    let tokens = reach(&resource.properties, &["EventSourceToken"]);
    let skills = if tokens.is_empty() { vec![None] } else { texts(&tokens, "") };
    wires(scope, &reach(&resource.properties, &["FunctionName"]), "alexa", &skills)
}

/// A topic that feeds a queue invokes what the queue invokes.
fn through_queues(scope: &Scope<'_>, graph: &mut Graph) {
    let mut found = Vec::new();
    for resource in &scope.template.resources {
        for (queue, topic) in queue_subscriptions(scope, resource) {
            let fed = graph.event_sources.iter().filter(|event| {
                event.template == scope.id && event.kind == "sqs" && event.source.as_ref() == Some(&queue)
            });
            found.extend(fed.map(|event| EventSource {
                kind: "sns",
                source: topic.clone(),
                span: resource.id.span,
                event: None,
                ..event.clone()
            }));
        }
    }
    graph.event_sources.extend(found);
}

/// Queues that a resource subscribes, each with the topic.
fn queue_subscriptions(scope: &Scope<'_>, resource: &Resource) -> Vec<(Reference, Option<Reference>)> {
    let wires = match resource.kind.text.as_str() {
        "AWS::SNS::Subscription" => subscription(scope, resource),
        "AWS::SNS::Topic" => topic(scope, resource),
        _ => Vec::new(),
    };
    wires
        .into_iter()
        .filter(|(target, ..)| scope.resource(target).is_some_and(|queue| queue.is("AWS::SQS::Queue")))
        .map(|(target, _, topic)| (target, topic))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{event_sources, linked};

    #[test]
    fn plain_resources_invoke() {
        let (graph, _) = linked(
            "
Resources:
  Work: {Type: AWS::Lambda::Function}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Work}}
  Machine: {Type: AWS::StepFunctions::StateMachine}
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table}
  FromQueue:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Live, EventSourceArn: !GetAtt Queue.Arn}
  FromTable:
    Type: AWS::Pipes::Pipe
    Properties: {Source: !GetAtt Table.StreamArn, Target: !Ref Machine, Enrichment: !GetAtt Work.Arn}
  FromElsewhere:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !GetAtt Work.Arn, EventSourceArn: !ImportValue Brokers, Topics: [t]}
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: !Ref Machine}, {Arn: !GetAtt Queue.Arn}]}
  Changed:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [x]}, Targets: [{Arn: !GetAtt Work.Arn}]}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {LambdaConfigurations: [{Event: s3:*, Function: !GetAtt Work.Arn}]}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {KMSKeyID: k, CustomSMSSender: {LambdaArn: !GetAtt Work.Arn}}}
  Rule:
    Type: AWS::IoT::TopicRule
    Properties: {TopicRulePayload: {Sql: SELECT 1, Actions: [{Lambda: {FunctionArn: !GetAtt Work.Arn}}]}}
  Skill:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Work, Principal: alexa-appkit.amazon.com}
",
            &[],
        );
        let expected = [
            "Work sqs Queue",
            "Machine dynamodb Table",
            "Work dynamodb Table",
            "Work msk ${Fn::ImportValue(Brokers)}",
            "Machine schedule rate(1 day)",
            "Work eventbridge default",
            "Work s3 Bucket",
            "Work cognito Pool",
            "Work iot SELECT 1",
            "Work alexa -",
            "Work sns Topic",
        ];
        assert_eq!(event_sources(&graph), expected);
    }
}
