//! Permissions of every kind, from template to graph.

use crate::graph::model::{Graph, Origin, Reference, Subject};
use crate::graph::testing::graph;
use crate::template::Value;

fn named(reference: &Reference) -> &str {
    match reference {
        Reference::Resource(id) => id,
        Reference::Text(text) => text,
    }
}

fn subject(subject: &Subject) -> &str {
    match subject {
        Subject::Function(id) | Subject::StateMachine(id) => id,
    }
}

/// `F allows a:b, c:d on x, y`.
fn statements(graph: &Graph) -> Vec<String> {
    let list = |values: &[Value]| values.iter().map(Value::text).collect::<Vec<_>>().join(", ");
    let not = |not: bool| if not { "all but " } else { "" };
    graph
        .statements
        .iter()
        .map(|found| {
            format!(
                "{} {} {}{} on {}{}",
                subject(&found.subject),
                if found.allow { "allows" } else { "denies" },
                not(found.not_action),
                list(&found.actions),
                not(found.not_resource),
                list(&found.resources),
            )
        })
        .collect()
}

fn managed(graph: &Graph) -> Vec<String> {
    let last = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
    graph
        .managed_policies
        .iter()
        .map(|found| format!("{} {}", subject(&found.subject), last(&found.arn)))
        .collect()
}

fn invocations(graph: &Graph) -> Vec<String> {
    let source = |found: &Option<Reference>| found.as_ref().map_or("-", named).to_owned();
    let shown = graph.invoke_permissions.iter();
    shown
        .map(|found| format!("{} {} {}", named(&found.function), found.principal, source(&found.source)))
        .collect()
}

fn function(properties: &str) -> Graph {
    let indented: String = properties.lines().map(|line| format!("      {line}\n")).collect();
    graph(&format!(
        "Conditions:\n  C: !Equals [a, b]\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n\
         {indented}  Q: {{Type: AWS::SQS::Queue}}\n  T: {{Type: AWS::SNS::Topic}}\n"
    ))
}

#[test]
fn policies_of_every_form() {
    let graph = function(
        "Policies:
- AmazonS3FullAccess
- arn:aws:iam::1:policy/own
- Statement: {Effect: Allow, Action: 'a:b', Resource: '*'}
- Statement:
  - {Effect: Deny, NotAction: ['a:c'], NotResource: x}
- SQSSendMessagePolicy: {QueueName: !GetAtt Q.QueueName}
- NoSuchPolicy: {A: b}
- {Odd: 1, Thing: 2}
-",
    );
    assert_eq!(
        statements(&graph),
        [
            "F allows a:b on *",
            "F denies all but a:c on all but x",
            "F allows sqs:SendMessage* on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Q.QueueName}",
        ]
    );
    assert_eq!(managed(&graph), ["F AmazonS3FullAccess", "F own", "F AWSLambdaBasicExecutionRole"]);
    let origins: Vec<_> = graph.statements.iter().map(|found| &found.origin).collect();
    assert_eq!(origins[2], &Origin::PolicyTemplate("SQSSendMessagePolicy".to_owned()));
}

#[test]
fn every_branch_of_a_condition_counts_and_says_so() {
    let graph = function(
        "Policies:
- !If [C, {Statement: {Effect: Allow, Action: 'a:b', Resource: [!If [C, x, y], z]}}, !Ref 'AWS::NoValue']
- !If [C, One, Two]",
    );
    assert_eq!(statements(&graph), ["F allows a:b on x, y, z"]);
    let guard: Vec<_> =
        graph.statements[0].when.iter().map(|(name, holds)| (name.text.as_str(), *holds)).collect();
    assert_eq!(guard, [("C", true)]);
    assert_eq!(managed(&graph), ["F One", "F Two", "F AWSLambdaBasicExecutionRole"]);
    assert!(!graph.managed_policies[1].when[0].1);
}

#[test]
fn the_platform_adds_what_the_function_needs() {
    let graph = function(
        "Tracing: Active
VpcConfig: {SubnetIds: [a], SecurityGroupIds: [b]}
DeadLetterQueue: {Type: SNS, TargetArn: !Ref T}
EventInvokeConfig:
  DestinationConfig:
    OnSuccess: {Type: SQS}
    OnFailure: {Type: SQS, Destination: !GetAtt Q.Arn}
Events:
  S: {Type: Kinesis, Properties: {Stream: s, DestinationConfig: {OnFailure: {Type: S3, Destination: b}}}}
  M: {Type: MQ, Properties: {Broker: m, SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: secret}]}}",
    );
    assert_eq!(
        statements(&graph),
        [
            "F allows sns:Publish on ${T}",
            "F allows sqs:SendMessage on ${F.DestinationQueue.Arn}",
            "F allows sqs:SendMessage on ${Q.Arn}",
            "F allows s3:PutObject on b/*",
            "F allows s3:ListBucket on b",
            "F allows secretsmanager:GetSecretValue on secret",
            "F allows mq:DescribeBroker on m",
        ]
    );
    assert!(graph.statements.iter().all(|found| found.origin == Origin::Platform));
    assert_eq!(
        managed(&graph),
        [
            "F AWSLambdaBasicExecutionRole",
            "F AWSXrayWriteOnlyAccess",
            "F AWSLambdaVPCAccessExecutionRole",
            "F AWSLambdaKinesisExecutionRole",
        ]
    );
}

#[test]
fn a_given_role_takes_the_place_of_all_this() {
    let outside = function("Role: arn:aws:iam::1:role/x\nTracing: Active\nPolicies: [AdministratorAccess]");
    assert!(outside.statements.is_empty() && outside.managed_policies.is_empty());
    let text = "\
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn}}
  R:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:b', Resource: x}]}}]
      ManagedPolicyArns: [!Ref M, 'arn:aws:iam::aws:policy/Other']
  M: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: 'm:m', Resource: x}}}}
  P:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref R]
      PolicyDocument: {Statement: {Effect: Allow, Action: 'p:p', Resource: x}}
";
    let graph = graph(text);
    assert_eq!(statements(&graph), ["F allows a:b on x", "F allows m:m on x", "F allows p:p on x"]);
    assert_eq!(managed(&graph), ["F ${M}", "F Other"]);
}

#[test]
fn events_let_services_call() {
    let graph = function(
        "FunctionUrlConfig: {AuthType: NONE}
Events:
  A: {Type: Api, Properties: {Path: /, Method: get}}
  B: {Type: HttpApi, Properties: {ApiId: outside}}
  C: {Type: S3, Properties: {Bucket: !Ref Q}}
  D: {Type: SNS, Properties: {Topic: !Ref T}}
  E: {Type: SNS, Properties: {Topic: !Ref T, SqsSubscription: {QueueArn: !GetAtt Q.Arn, QueueUrl: !Ref Q}}}
  F: {Type: EventBridgeRule, Properties: {Pattern: {}, DeadLetterConfig: {Type: SQS, QueueLogicalId: Dead}}}
  G: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}",
    );
    assert_eq!(
        invocations(&graph),
        [
            "F apigateway.amazonaws.com ServerlessRestApi",
            "F apigateway.amazonaws.com arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:outside/*",
            "F s3.amazonaws.com -",
            "F sns.amazonaws.com T",
            "F events.amazonaws.com -",
            "F * -",
        ]
    );
    let policies: Vec<_> = graph
        .resource_policies
        .iter()
        .map(|found| format!("{} {} {}", named(&found.resource), found.principal, found.actions.join(",")))
        .collect();
    assert_eq!(policies, ["Q * sqs:SendMessage", "Dead events.amazonaws.com sqs:SendMessage"]);
    assert_eq!(managed(&graph), ["F AWSLambdaBasicExecutionRole", "F AWSLambdaSQSQueueExecutionRole"]);
}

#[test]
fn authorizers_are_called_by_their_api() {
    let text = "\
Globals:
  Api: {Auth: {Authorizers: {L: {FunctionArn: !GetAtt A.Arn}}}}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        E: {Type: Api, Properties: {Path: /, Method: get}}
  H:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          On: {FunctionArn: !GetAtt A.Arn, EnableFunctionDefaultPermissions: true}
          Off: {FunctionArn: !GetAtt A.Arn}
  W:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      Auth: {AuthType: CUSTOM, AuthArn: !GetAtt A.Arn}
      Routes: {$connect: {FunctionArn: !GetAtt A.Arn}}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: named, Principal: x.com, SourceAccount: '1'}}
  N: {Type: AWS::Lambda::Function, Properties: {FunctionName: named}}
";
    assert_eq!(
        invocations(&graph(text)),
        [
            "A apigateway.amazonaws.com ServerlessRestApi",
            "A apigateway.amazonaws.com H",
            "A apigateway.amazonaws.com W",
            "A apigateway.amazonaws.com W",
            "N x.com -",
            "A apigateway.amazonaws.com ServerlessRestApi",
        ]
    );
}

#[test]
fn connectors_become_permissions_of_their_ends() {
    let text = "\
Resources:
  F:
    Type: AWS::Serverless::Function
    Connectors:
      Out: {Properties: {Destination: [{Id: Q}, {Id: T}], Permissions: [Write]}}
  Q: {Type: AWS::SQS::Queue}
  T: {Type: AWS::SNS::Topic}
  B: {Type: AWS::S3::Bucket}
  In: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: B}, Destination: {Id: F}, Permissions: [Write]}}
  Feed: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: T}, Destination: {Id: Q}, Permissions: [Write]}}
  Far:
    Type: AWS::Serverless::Connector
    Properties:
      Source: {Type: AWS::Lambda::Function, RoleName: !Ref FRole}
      Destination: {Type: AWS::SNS::Topic, Arn: 'arn:aws:sns:eu-west-1:1:x'}
      Permissions: [Write]
";
    let graph = graph(text);
    assert_eq!(
        statements(&graph),
        [
            "F allows sqs:DeleteMessage, sqs:SendMessage, sqs:ChangeMessageVisibility, sqs:PurgeQueue on ${Q.Arn}",
            "F allows sns:Publish on ${T}",
            "F allows sns:Publish on arn:aws:sns:eu-west-1:1:x",
        ]
    );
    assert_eq!(graph.statements[0].origin, Origin::Connector("FOut".to_owned()));
    assert_eq!(invocations(&graph), ["F s3.amazonaws.com B"]);
    assert_eq!(named(&graph.resource_policies[0].resource), "Q");
    let pairs: Vec<_> =
        graph.connectors.iter().map(|found| (named(&found.source), named(&found.destination))).collect();
    assert_eq!(pairs[..3], [("F", "Q"), ("F", "T"), ("B", "F")]);
}

#[test]
fn policies_of_queues_name_everyone() {
    let text = "\
Resources:
  Q: {Type: AWS::SQS::Queue}
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Q]
      PolicyDocument:
        Statement:
        - {Effect: Allow, Principal: {Service: [a.com, b.com]}, Action: 'sqs:SendMessage', Resource: '*'}
        - {Effect: Deny, Principal: '*', Action: ['sqs:*'], Resource: '*'}
";
    let graph = graph(text);
    let found: Vec<_> = graph
        .resource_policies
        .iter()
        .map(|policy| (named(&policy.resource), policy.allow, policy.principal.as_str()))
        .collect();
    assert_eq!(found, [("Q", true, "a.com"), ("Q", true, "b.com"), ("Q", false, "*")]);
}
