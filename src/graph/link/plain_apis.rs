//! APIs and routes declared by plain CloudFormation resources.

use std::collections::BTreeMap;

use super::Scope;
use super::apis::{bodies, routes_of};
use super::authorization::{Authorization, api_of, authorizers};
use super::integration::{self, called};
use super::openapi::{self, Operation, operations, security_schemes};
use super::reference::{is_on, property, reach};
use crate::aws::resource_types::{Role, role};
use crate::evidence::Problem;
use crate::graph::model::{Api, ApiKind, Graph, Patience, Reference, Route, Target};
use crate::template::{Map, Resource, Value};

/// Resources inside each other of one path.
const MAX_PARTS: usize = 50;

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph, problems: &mut Vec<Problem>) {
    let mut kinds = BTreeMap::new();
    for resource in &scope.template.resources {
        if let Some(kind) = api_kind(resource) {
            kinds.insert(Reference::Resource(resource.id.text.clone()), kind);
            api(scope, resource, kind, graph, problems);
        }
    }
    for resource in &scope.template.resources {
        match resource.kind.text.as_str() {
            "AWS::ApiGateway::Method" => graph.routes.extend(method(scope, resource)),
            "AWS::ApiGatewayV2::Route" => graph.routes.extend(route(scope, resource, &kinds)),
            _ => {}
        }
    }
}

fn api_kind(resource: &Resource) -> Option<ApiKind> {
    if resource.kind.text.starts_with("AWS::Serverless::") {
        return None;
    }
    match role(&resource.kind.text)? {
        Role::RestApi => Some(ApiKind::Rest),
        Role::HttpOrWebSocketApi => Some(protocol(&resource.properties)),
        _ => None,
    }
}

fn protocol(properties: &Map) -> ApiKind {
    match property(properties, &["ProtocolType"]).and_then(Value::as_str) {
        Some(protocol) if protocol.eq_ignore_ascii_case("WEBSOCKET") => ApiKind::WebSocket,
        _ => ApiKind::Http,
    }
}

fn api(
    scope: &Scope<'_>,
    resource: &Resource,
    kind: ApiKind,
    graph: &mut Graph,
    problems: &mut Vec<Problem>,
) {
    let bodies = bodies(scope, &resource.properties, problems);
    let id = Reference::Resource(resource.id.text.clone());
    let auth = Authorization::of_api(kind, None);
    let schemes = bodies.iter().flat_map(|body| security_schemes(body, false));
    graph.apis.push(Api {
        template: scope.id,
        id: resource.id.text.clone(),
        span: resource.id.span,
        kind,
        implicit: false,
        authorizers: auth.names(schemes.chain(authorizers(scope, &id)), false, false),
        condition: resource.condition.clone(),
    });
    let mut found: Vec<Operation> = bodies.iter().flat_map(|body| operations(scope, body)).collect();
    found.extend(quick(scope, resource));
    for operation in found {
        let passed = auth.passed(&operation);
        graph.routes.extend(routes_of(scope, &id, kind, &operation, &passed));
    }
}

/// `Target` of an HTTP API makes its only route.
fn quick(scope: &Scope<'_>, resource: &Resource) -> Option<Operation> {
    let target = property(&resource.properties, &["Target"])?;
    let key = property(&resource.properties, &["RouteKey"]).map(Value::text);
    let (method, path) = route_key(ApiKind::Http, key.as_deref().unwrap_or("$default"));
    let reference = scope.reference(target);
    let target = match scope.subject(&reference) {
        Some(_) => Target::Function(reference),
        None => Target::Http(target.text()),
    };
    Some(Operation {
        method,
        path,
        targets: vec![target],
        security: Vec::new(),
        span: resource.id.span,
        event: None,
        patience: Patience::default(),
        templated: false,
    })
}

/// `GET /items` of an HTTP API; the whole key of a WebSocket API.
fn route_key(kind: ApiKind, key: &str) -> (String, String) {
    match key.split_once(' ').filter(|_| kind == ApiKind::Http) {
        Some((method, path)) => (openapi::method(method), path.trim().to_owned()),
        None => ("ANY".to_owned(), key.to_owned()),
    }
}

fn method(scope: &Scope<'_>, resource: &Resource) -> Vec<Route> {
    let properties = &resource.properties;
    let Some(api) = api_of(scope, resource) else { return Vec::new() };
    let verb = property(properties, &["HttpMethod"]).map(Value::text).unwrap_or_default();
    let integrations: Vec<&Map> =
        reach(properties, &["Integration"]).into_iter().filter_map(Value::as_map).collect();
    let targets =
        integrations.iter().flat_map(|settings| called(scope, settings, &integration::METHOD)).collect();
    let operation = Operation {
        method: openapi::method(&verb),
        path: property(properties, &["ResourceId"]).map_or_else(|| "/".to_owned(), |id| path(scope, id)),
        targets,
        security: Vec::new(),
        span: resource.id.span,
        event: None,
        templated: integration::is_templated(&integrations, &integration::METHOD),
        patience: integration::patience(integrations, &integration::METHOD),
    };
    routes_of(scope, &api, ApiKind::Rest, &operation, &required(scope, properties))
}

/// The path of a resource of a REST API, from its parts.
fn path(scope: &Scope<'_>, id: &Value) -> String {
    let mut parts = Vec::new();
    let mut next = scope.reference(id);
    for _ in 0..MAX_PARTS {
        let Some(resource) = scope.resource(&next).filter(|part| part.is("AWS::ApiGateway::Resource")) else {
            break;
        };
        parts.push(property(&resource.properties, &["PathPart"]).map(Value::text).unwrap_or_default());
        let Some(parent) = property(&resource.properties, &["ParentId"]) else { break };
        next = scope.reference(parent);
    }
    parts.reverse();
    format!("/{}", parts.join("/"))
}

fn route(scope: &Scope<'_>, resource: &Resource, kinds: &BTreeMap<Reference, ApiKind>) -> Vec<Route> {
    let properties = &resource.properties;
    let Some(api) = api_of(scope, resource) else { return Vec::new() };
    let key = property(properties, &["RouteKey"]).map(Value::text).unwrap_or_default();
    // An API elsewhere: keys of HTTP APIs are two words, or the default of both kinds.
    let guess = if key.contains(' ') { ApiKind::Http } else { ApiKind::WebSocket };
    let kind = kinds.get(&api).copied().unwrap_or_else(|| match scope.resource(&api) {
        Some(known) if role(&known.kind.text) == Some(Role::HttpApi) => ApiKind::Http,
        _ => guess,
    });
    let (method, path) = route_key(kind, &key);
    let integrations: Vec<&Map> = reach(properties, &["Target"])
        .into_iter()
        .filter_map(|target| integration_of(scope, target))
        .collect();
    let operation = Operation {
        method,
        path,
        targets: integrations.iter().flat_map(|settings| called(scope, settings, &integration::V2)).collect(),
        security: Vec::new(),
        span: resource.id.span,
        event: None,
        templated: integration::is_templated(&integrations, &integration::V2),
        patience: integration::patience(integrations, &integration::V2),
    };
    routes_of(scope, &api, kind, &operation, &required(scope, properties))
}

/// `integrations/ID`.
fn integration_of<'a>(scope: &Scope<'a>, target: &Value) -> Option<&'a Map> {
    let names: Vec<String> = target.mentions().into_iter().map(|mention| mention.name.text).collect();
    scope
        .template
        .resources
        .iter()
        .find(|resource| names.contains(&resource.id.text) && resource.is("AWS::ApiGatewayV2::Integration"))
        .map(|resource| &resource.properties)
}

/// What a method or a route asks for: its authorizer, else the type of its authorization; and a key.
fn required(scope: &Scope<'_>, properties: &Map) -> Vec<String> {
    let kind = property(properties, &["AuthorizationType"]).map(Value::text).filter(|kind| kind != "NONE");
    let authorizer = property(properties, &["AuthorizerId"]).map(|value| match scope.reference(value) {
        Reference::Resource(id) | Reference::Text(id) => id,
    });
    let key = reach(properties, &["ApiKeyRequired"]).into_iter().any(|value| is_on(Some(value)));
    let named = kind.map(|kind| authorizer.unwrap_or(kind));
    named.into_iter().chain(key.then(|| "api_key".to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{linked, routes};

    #[test]
    fn methods_and_routes_are_resources() {
        let (graph, _) = linked(
            "
Resources:
  Work: {Type: AWS::Lambda::Function}
  Main: {Type: AWS::ApiGateway::RestApi}
  Items: {Type: AWS::ApiGateway::Resource, Properties: {ParentId: !GetAtt Main.RootResourceId, PathPart: items}}
  Item: {Type: AWS::ApiGateway::Resource, Properties: {ParentId: !Ref Items, PathPart: '{id}'}}
  Users: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Main}}
  GetItem:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Main
      ResourceId: !Ref Item
      HttpMethod: get
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Users
      ApiKeyRequired: true
      Integration:
        Type: AWS_PROXY
        Uri: !Sub 'arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${Work.Arn}/invocations'
  Root:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Main, ResourceId: !GetAtt Main.RootResourceId, HttpMethod: ANY, AuthorizationType: NONE}
  Web: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, RouteKey: GET /q, Target: !GetAtt Work.Arn}}
  Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Work.Arn}}
  One:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Web, RouteKey: GET /one, Target: !Sub 'integrations/${Call}', AuthorizationType: AWS_IAM}
  Two:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Chat, RouteKey: $connect, Target: !Join [/, [integrations, !Ref Call]]}
",
            &[],
        );
        let expected = [
            "Quick: GET /q -> Work []",
            "Main: GET /items/{id} -> Work [Users api_key]",
            "Main: ANY / -> nothing []",
            "Web: GET /one -> Work [AWS_IAM]",
            "Chat: ANY $connect -> Work []",
        ];
        assert_eq!(routes(&graph), expected);
        assert_eq!(graph.apis[0].authorizers, ["Users"]);
    }
}
