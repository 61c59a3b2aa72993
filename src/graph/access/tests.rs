//! What a role allows, by every way of writing it.

use super::*;
use crate::graph::testing::graph;

/// Short for the kind of an answer.
#[derive(Debug, PartialEq)]
enum Short {
    Yes,
    No,
    Denied,
    Unknown,
}

const RESOURCES: &str = "  Orders:
    Type: AWS::DynamoDB::Table
  Carts:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: carts
  Files:
    Type: AWS::S3::Bucket
  Jobs:
    Type: AWS::SQS::Queue
  Flow:
    Type: AWS::StepFunctions::StateMachine
";

/// Answers for function `F` with these properties.
fn with(properties: &str) -> Graph {
    let indented: String = properties.lines().map(|line| format!("      {line}\n")).collect();
    let function =
        format!("  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n{indented}");
    graph(&format!("Conditions:\n  C: !Equals [a, b]\nResources:\n{RESOURCES}{function}"))
}

fn ask(graph: &Graph, action: &str, on: Option<&str>) -> Short {
    let access = Access::of(graph, TemplateId(0), &Subject::Function("F".to_owned()));
    let on = on.map(|on| match on.contains([':', '$', '.']) || on.chars().all(char::is_lowercase) {
        true => Reference::Text(on.to_owned()),
        false => Reference::Resource(on.to_owned()),
    });
    match access.may(action, on.as_ref()) {
        Answer::Yes(_) => Short::Yes,
        Answer::No(None) => Short::No,
        Answer::No(Some(_)) => Short::Denied,
        Answer::Unknown(_) => Short::Unknown,
    }
}

#[test]
fn policy_templates_allow_what_they_say_on_their_resource() {
    let graph = with("Policies:\n- DynamoDBReadPolicy:\n    TableName: !Ref Orders");
    assert_eq!(ask(&graph, "dynamodb:GetItem", Some("Orders")), Short::Yes);
    assert_eq!(ask(&graph, "dynamodb:PutItem", Some("Orders")), Short::No);
    assert_eq!(ask(&graph, "dynamodb:GetItem", Some("Carts")), Short::No);
    assert_eq!(ask(&graph, "dynamodb:GetItem", Some("carts")), Short::No);
    assert_eq!(ask(&graph, "dynamodb:GetItem", None), Short::Unknown);
    assert_eq!(ask(&graph, "dynamodb:PutItem", None), Short::No);
    assert_eq!(ask(&graph, "dynamodb:GetItem", Some("${Table}")), Short::Unknown);
}

#[test]
fn a_name_is_the_table_that_carries_it() {
    let graph = with("Policies:\n- DynamoDBCrudPolicy:\n    TableName: carts");
    assert_eq!(ask(&graph, "dynamodb:PutItem", Some("Carts")), Short::Yes);
    assert_eq!(ask(&graph, "dynamodb:PutItem", Some("carts")), Short::Yes);
    let graph = with("Policies:\n- DynamoDBCrudPolicy:\n    TableName: !Ref Param");
    assert_eq!(ask(&graph, "dynamodb:PutItem", Some("${Param}")), Short::Yes);
}

#[test]
fn objects_need_more_than_the_bucket() {
    let statement = |resource: &str| {
        format!(
            "Policies:\n- Statement:\n  - Effect: Allow\n    Action: s3:*\n    Resource: !Sub '{resource}'"
        )
    };
    let bucket = with(&statement("${Files.Arn}"));
    assert_eq!(ask(&bucket, "s3:GetObject", Some("Files")), Short::No);
    assert_eq!(ask(&bucket, "s3:ListBucket", Some("Files")), Short::Yes);
    let objects = with(&statement("${Files.Arn}/*"));
    assert_eq!(ask(&objects, "s3:GetObject", Some("Files")), Short::Yes);
    assert_eq!(ask(&objects, "s3:ListBucket", Some("Files")), Short::No);
    let some = with(&statement("${Files.Arn}/in/*"));
    assert_eq!(ask(&some, "s3:GetObject", Some("Files")), Short::Unknown);
    let stack = with(&statement("arn:aws:s3:::${AWS::StackName}-*"));
    assert_eq!(ask(&stack, "s3:GetObject", Some("Files")), Short::Yes);
}

#[test]
fn wildcards_and_exclusions() {
    let all =
        with("Policies:\n- Statement:\n    Effect: Allow\n    Action: 'DynamoDB:Put*'\n    Resource: '*'");
    assert_eq!(ask(&all, "dynamodb:PutItem", Some("Orders")), Short::Yes);
    assert_eq!(ask(&all, "dynamodb:PutItem", None), Short::Yes);
    assert_eq!(ask(&all, "dynamodb:GetItem", Some("Orders")), Short::No);
    let but = with(
        "Policies:\n- Statement:\n    Effect: Allow\n    NotAction: 'dynamodb:Delete*'\n    NotResource: !GetAtt Carts.Arn",
    );
    assert_eq!(ask(&but, "dynamodb:PutItem", Some("Orders")), Short::Yes);
    assert_eq!(ask(&but, "dynamodb:DeleteItem", Some("Orders")), Short::No);
    assert_eq!(ask(&but, "dynamodb:PutItem", Some("Carts")), Short::No);
}

#[test]
fn denial_wins_and_conditions_leave_it_open() {
    let statements = |extra: &str| {
        with(&format!(
            "Policies:\n- Statement:\n  - Effect: Allow\n    Action: '*'\n    Resource: '*'\n  - Effect: Deny\n    \
             Action: sqs:*\n    Resource: !GetAtt Jobs.Arn\n{extra}"
        ))
    };
    assert_eq!(ask(&statements(""), "sqs:SendMessage", Some("Jobs")), Short::Denied);
    assert_eq!(ask(&statements(""), "sns:Publish", None), Short::Yes);
    let conditional = statements("    Condition: {Bool: {'aws:SecureTransport': 'false'}}");
    assert_eq!(ask(&conditional, "sqs:SendMessage", Some("Jobs")), Short::Unknown);
    assert_eq!(ask(&conditional, "dynamodb:GetItem", Some("Orders")), Short::Yes);
    let allowed = with(
        "Policies:\n- Statement:\n    Effect: Allow\n    Action: sqs:*\n    Resource: '*'\n    Condition: {Bool: {a: b}}",
    );
    assert_eq!(ask(&allowed, "sqs:SendMessage", Some("Jobs")), Short::Unknown);
}

#[test]
fn conditions_of_the_template() {
    let one = with(
        "Policies:\n- !If [C, {SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}, !Ref 'AWS::NoValue']",
    );
    assert_eq!(ask(&one, "sqs:SendMessage", Some("Jobs")), Short::Unknown);
    assert_eq!(ask(&one, "sqs:ReceiveMessage", Some("Jobs")), Short::No);
    let both = with(
        "Policies:\n- !If [C, {SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}, \
         {SQSSendMessagePolicy: {QueueName: '*'}}]",
    );
    assert_eq!(ask(&both, "sqs:SendMessage", Some("Jobs")), Short::Yes);
}

#[test]
fn managed_policies_with_and_without_known_contents() {
    let known = with("Policies: [AmazonSQSReadOnlyAccess]");
    assert_eq!(ask(&known, "sqs:ReceiveMessage", Some("Jobs")), Short::No);
    assert_eq!(ask(&known, "sqs:ListQueues", None), Short::Yes);
    assert_eq!(ask(&known, "logs:PutLogEvents", None), Short::Yes);
    let unknown = with("Policies: [ReadOnlyAccess]");
    assert_eq!(ask(&unknown, "sqs:SendMessage", Some("Jobs")), Short::Unknown);
    let power = with("Policies: [PowerUserAccess]");
    assert_eq!(ask(&power, "sqs:SendMessage", Some("Jobs")), Short::Yes);
}

#[test]
fn roles_elsewhere_say_nothing() {
    let outside = with("Role: arn:aws:iam::123456789012:role/x\nPolicies: [AdministratorAccess]");
    assert_eq!(ask(&outside, "sqs:SendMessage", Some("Jobs")), Short::Unknown);
    let bounded = with("PermissionsBoundary: !Ref B\nPolicies: [AdministratorAccess]");
    assert_eq!(ask(&bounded, "sqs:SendMessage", Some("Jobs")), Short::Unknown);
}

#[test]
fn the_resource_may_let_the_role_in() {
    let text = format!(
        "Resources:\n{RESOURCES}  F:\n    Type: AWS::Serverless::Function\n  P:\n    Type: AWS::S3::BucketPolicy\n    \
         Properties:\n      Bucket: !Ref Files\n      PolicyDocument:\n        Statement:\n          Effect: Allow\n          \
         Principal: {{AWS: !GetAtt FRole.Arn}}\n          Action: s3:*\n          Resource: !GetAtt Files.Arn\n"
    );
    let graph = graph(&text);
    assert_eq!(ask(&graph, "s3:ListBucket", Some("Files")), Short::Unknown);
    assert_eq!(ask(&graph, "sqs:SendMessage", Some("Jobs")), Short::No);
}

#[test]
fn parts_that_have_their_own_arn() {
    let graph = with("Policies:\n- StepFunctionsExecutionPolicy:\n    StateMachineName: !GetAtt Flow.Name");
    assert_eq!(ask(&graph, "states:StartExecution", Some("Flow")), Short::Yes);
    assert_eq!(ask(&graph, "states:DescribeExecution", Some("Flow")), Short::No);
    let specific = with(
        "Policies:\n- Statement:\n    Effect: Allow\n    Action: dynamodb:*\n    Resource: !GetAtt Orders.Arn",
    );
    assert_eq!(ask(&specific, "dynamodb:ListTables", None), Short::No);
    assert_eq!(ask(&specific, "sts:GetCallerIdentity", None), Short::Yes);
}

#[test]
fn what_allows_it_is_named() {
    let graph = with("Policies:\n- DynamoDBReadPolicy:\n    TableName: !Ref Orders");
    let access = Access::of(&graph, TemplateId(0), &Subject::Function("F".to_owned()));
    let on = Reference::Resource("Orders".to_owned());
    let Answer::Yes(evidence) = access.may("dynamodb:Query", Some(&on)) else { panic!("not allowed") };
    assert_eq!(evidence[0].text, "`DynamoDBReadPolicy` allows `dynamodb:Query`");
    assert_eq!(evidence[0].certainty, Certainty::Must);
    let grants = access.grants("dynamodb:Query", Some(&on));
    assert!(matches!(grants[..], [Grant { policy: Policy::Statement(_), allow: true, unless: None }]));
}
