//! What an integration of API Gateway calls.

use super::Scope;
use super::reference::{property, reach, reach_in};
use crate::aws::integrations::http_subtype;
use crate::graph::model::{Patience, Reference, Target};
use crate::template::{Map, Value};

/// The names one integration uses for its parts: OpenAPI spells them one way, CloudFormation another.
#[derive(Debug)]
pub(super) struct Keys {
    pub kind: &'static str,
    pub subtype: &'static str,
    pub uri: &'static str,
    /// Where the request to a service is made.
    pub request: [&'static str; 2],
    pub millis: &'static str,
    pub mode: &'static str,
}

pub(super) const OPENAPI: Keys = Keys {
    kind: "type",
    subtype: "integrationSubtype",
    uri: "uri",
    request: ["requestTemplates", "requestParameters"],
    millis: "timeoutInMillis",
    mode: "responseTransferMode",
};
pub(super) const METHOD: Keys = Keys {
    kind: "Type",
    subtype: "IntegrationSubtype",
    uri: "Uri",
    request: ["RequestTemplates", "RequestParameters"],
    millis: "TimeoutInMillis",
    mode: "ResponseTransferMode",
};
pub(super) const V2: Keys = Keys {
    kind: "IntegrationType",
    subtype: "IntegrationSubtype",
    uri: "IntegrationUri",
    request: ["RequestTemplates", "RequestParameters"],
    millis: "TimeoutInMillis",
    mode: "ResponseTransferMode",
};

/// How long the integrations of one route wait; several are those of branches.
pub(super) fn patience<'v>(integrations: impl IntoIterator<Item = &'v Map>, keys: &Keys) -> Patience {
    let mut found = Patience::default();
    for integration in integrations {
        let text = |key: &str| property(integration, &[key]).map(Value::text).unwrap_or_default();
        found.millis = found.millis.or_else(|| property(integration, &[keys.millis]).cloned());
        found.streams |= text(keys.mode).eq_ignore_ascii_case("stream")
            || text(keys.uri).ends_with("/response-streaming-invocations");
    }
    found
}

/// Whether one of the integrations is custom: `AWS` calls a function as it calls any service.
pub(super) fn is_templated(integrations: &[&Map], keys: &Keys) -> bool {
    let is_custom = |kind: &&Value| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("aws"));
    integrations.iter().any(|integration| reach(integration, &[keys.kind]).iter().any(is_custom))
}

/// What an `x-amazon-apigateway-integration` calls, one for each branch.
pub(super) fn targets(scope: &Scope<'_>, integration: &Value) -> Vec<Target> {
    reach_in(integration, &[])
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(|integration| called(scope, integration, &OPENAPI))
        .collect()
}

/// The same for any spelling.
pub(super) fn called(scope: &Scope<'_>, integration: &Map, keys: &Keys) -> Vec<Target> {
    let text = |key: &str| reach(integration, &[key]).first().map(|value| value.text());
    if text(keys.kind).is_some_and(|kind| kind.eq_ignore_ascii_case("mock")) {
        return vec![Target::Mock];
    }
    if let Some(action) = text(keys.subtype).as_deref().and_then(subtype_action) {
        let service = action.split(':').next().unwrap_or_default();
        let resource = acted_on(scope, integration, keys, service, "");
        return vec![Target::Service { action, resource }];
    }
    let uris = reach(integration, &[keys.uri]);
    if uris.is_empty() {
        return vec![Target::None];
    }
    uris.into_iter().map(|uri| by_uri(scope, integration, keys, &uri.text())).collect()
}

/// `SQS-SendMessage` is `sqs:SendMessage`.
fn subtype_action(subtype: &str) -> Option<String> {
    let (service, action) = subtype.split_once('-')?;
    Some(format!("{}:{action}", http_subtype(service)?))
}

fn by_uri(scope: &Scope<'_>, integration: &Map, keys: &Keys, uri: &str) -> Target {
    if let Some(function) = invoked(uri) {
        return Target::Function(scope.reference_of(function));
    }
    if let Some((service, call)) = service_call(uri) {
        let resource = acted_on(scope, integration, keys, service, call);
        let call = call.strip_prefix("action/").unwrap_or(call);
        return Target::Service { action: format!("{service}:{call}"), resource };
    }
    match scope.reference_of(uri) {
        // HTTP APIs take the ARN of a function as it is.
        reference if is_function(scope, &reference, uri) => Target::Function(reference),
        _ => Target::Http(uri.to_owned()),
    }
}

/// The function in `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/ARN/invocations`.
fn invoked(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once(":lambda:path/")?;
    let (_, rest) = rest.split_once("/functions/")?;
    let function = ["/invocations", "/response-streaming-invocations"]
        .into_iter()
        .find_map(|end| rest.strip_suffix(end));
    Some(function.unwrap_or(rest))
}

/// `sqs` and `path/123/queue` of `arn:aws:apigateway:region:sqs:path/123/queue`; a host before the
/// service (`bucket.s3`) is no part of its name.
fn service_call(uri: &str) -> Option<(&str, &str)> {
    let (head, call) = [":action/", ":path/"].iter().find_map(|mark| {
        let at = uri.find(mark)?;
        Some((&uri[..at], &uri[at + 1..]))
    })?;
    let service = head.rsplit_once(":apigateway:")?.1.rsplit(':').next()?;
    Some((service.rsplit('.').next().unwrap_or(service), call))
}

fn is_function(scope: &Scope<'_>, reference: &Reference, text: &str) -> bool {
    scope.subject(reference).is_some() || text.contains(":lambda:") && text.contains(":function:")
}

/// The only resource that the path or the request speaks of, by reference or by name.
fn acted_on(
    scope: &Scope<'_>,
    integration: &Map,
    keys: &Keys,
    service: &str,
    call: &str,
) -> Option<Reference> {
    let known = |reference: Reference| scope.resource(&reference).map(|_| reference.clone());
    if let Some(found) = known(scope.reference_of(call)) {
        return Some(found);
    }
    let requests: Vec<&Value> = keys.request.iter().filter_map(|key| integration.get(key)).collect();
    let mentions = requests.iter().flat_map(|value| value.mentions());
    let mut found: Vec<Reference> = mentions
        .filter_map(|mention| known(scope.reference_of(&format!("${{{}}}", mention.name.text))))
        .collect();
    found.sort();
    found.dedup();
    match found.as_slice() {
        [] => requests.iter().find_map(|value| scope.quoted_in(service, &value.text())),
        [only] => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{linked, routes};

    #[test]
    fn every_kind_of_integration() {
        let (graph, _) = linked(
            r#"
Resources:
  Work: {Type: AWS::Lambda::Function}
  Queue: {Type: AWS::SQS::Queue}
  Machine: {Type: AWS::StepFunctions::StateMachine}
  Named: {Type: AWS::DynamoDB::Table, Properties: {TableName: items}}
  Main:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        paths:
          /function:
            x-amazon-apigateway-any-method:
              x-amazon-apigateway-integration:
                type: aws_proxy
                uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations'
          /queue:
            post:
              x-amazon-apigateway-integration:
                {type: aws, uri: !Sub 'arn:aws:apigateway:r:sqs:path/${AWS::AccountId}/${Queue.QueueName}'}
          /machine:
            post:
              x-amazon-apigateway-integration:
                type: aws
                uri: arn:aws:apigateway:r:states:action/StartSyncExecution
                requestTemplates: {application/json: !Sub '{"stateMachineArn": "${Machine}"}'}
          /items:
            get:
              x-amazon-apigateway-integration:
                type: AWS
                uri: arn:aws:apigateway:r:dynamodb:action/Scan
                requestTemplates: {application/json: '{"TableName": "items"}'}
          /object:
            get: {x-amazon-apigateway-integration: {type: aws, uri: 'arn:aws:apigateway:r:bucket.s3:path/key'}}
          /choice:
            get: {x-amazon-apigateway-integration: {type: http, uri: !If [Prod, 'https://a', 'https://b']}}
            parameters: []
            post: {responses: {}}
  Http:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      ProtocolType: HTTP
      Body:
        paths:
          /send:
            post:
              x-amazon-apigateway-integration:
                type: aws_proxy
                integrationSubtype: SQS-SendMessage
                requestParameters: {QueueUrl: !Ref Queue}
          /direct:
            get: {x-amazon-apigateway-integration: {type: aws_proxy, uri: !GetAtt Work.Arn}}
"#,
            &[],
        );
        let expected = [
            "Main: ANY /function -> Work []",
            "Main: POST /queue -> sqs:path/${AWS::AccountId}/${Queue.QueueName} Queue []",
            "Main: POST /machine -> states:StartSyncExecution Machine []",
            "Main: GET /items -> dynamodb:Scan Named []",
            "Main: GET /object -> s3:path/key - []",
            "Main: GET /choice -> https://a []",
            "Main: GET /choice -> https://b []",
            "Main: POST /choice -> nothing []",
            "Http: POST /send -> sqs:SendMessage Queue []",
            "Http: GET /direct -> Work []",
        ];
        assert_eq!(routes(&graph), expected);
    }
}
