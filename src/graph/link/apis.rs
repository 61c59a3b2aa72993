//! SAM APIs: explicit ones, the implicit ones that events make, and their routes.

use std::collections::BTreeSet;

use super::Scope;
use super::authorization::{Authorization, authorizers};
use super::events::events;
use super::integration;
use super::openapi::{self, Operation, has_paths, operations, security_schemes};
use super::reference::{IMPLICIT_HTTP_API, IMPLICIT_REST_API, is_on, property, reach, reach_in, subject};
use crate::aws::resource_types::{Role, role};
use crate::evidence::Problem;
use crate::graph::model::{Api, ApiKind, Graph, Patience, Reference, Route, Subject, Target};
use crate::source::Span;
use crate::template::{Map, Name, Resource, Value, read};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph, problems: &mut Vec<Problem>) {
    let mut events = api_events(scope);
    for resource in &scope.template.resources {
        let kind = match (resource.kind.text.as_str(), role(&resource.kind.text)) {
            ("AWS::Serverless::Api", _) => ApiKind::Rest,
            ("AWS::Serverless::HttpApi", _) => ApiKind::Http,
            (_, Some(Role::WebSocketApi)) => {
                web_socket(scope, resource, graph);
                continue;
            }
            _ => continue,
        };
        let id = resource.id.text.as_str();
        // Events for the implicit API of this name replace what the template says of it.
        let taken = [IMPLICIT_REST_API, IMPLICIT_HTTP_API].contains(&id)
            && events.iter().any(|event| event.is_for(id));
        if taken {
            continue;
        }
        let bodies = bodies(scope, &resource.properties, problems);
        let managed = ["DefinitionBody", "DefinitionUri"]
            .iter()
            .all(|key| property(&resource.properties, &[key]).is_none());
        let api =
            SamApi { id, kind, span: resource.id.span, properties: &resource.properties, bodies, managed };
        let (own, rest) = events.into_iter().partition(|event| event.is_for(id));
        events = rest;
        push(scope, graph, &api, own, false, resource.condition.clone());
    }
    for (id, kind, resource_type) in [
        (IMPLICIT_REST_API, ApiKind::Rest, "AWS::Serverless::Api"),
        (IMPLICIT_HTTP_API, ApiKind::Http, "AWS::Serverless::HttpApi"),
    ] {
        let (own, rest): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.is_for(id));
        events = rest;
        let Some(first) = own.first() else { continue };
        let properties = scope.template.with_globals(resource_type, &Map::default());
        let api = SamApi {
            id,
            kind,
            span: first.name.span,
            properties: &properties,
            bodies: Vec::new(),
            managed: true,
        };
        let condition = shared_condition(&own);
        push(scope, graph, &api, own, true, condition);
    }
    graph.routes.extend(events.into_iter().flat_map(|event| elsewhere(scope, event)));
}

/// A SAM API before its operations are known.
struct SamApi<'a> {
    id: &'a str,
    kind: ApiKind,
    span: Span,
    properties: &'a Map,
    bodies: Vec<Value>,
    /// SAM writes the definition.
    managed: bool,
}

/// An `Api` or `HttpApi` event.
struct ApiEvent<'a> {
    name: &'a Name,
    kind: ApiKind,
    api: Reference,
    method: String,
    path: String,
    subject: Subject,
    properties: Map,
    condition: Option<&'a Name>,
}

impl ApiEvent<'_> {
    fn is_for(&self, id: &str) -> bool {
        matches!(&self.api, Reference::Resource(api) if api == id)
    }

    fn auth(&self) -> Option<&Map> {
        property(&self.properties, &["Auth"]).and_then(Value::as_map)
    }

    fn operation(&self) -> Operation {
        let target = match &self.subject {
            Subject::Function(id) => Target::Function(Reference::Resource(id.clone())),
            Subject::StateMachine(id) => Target::Service {
                action: "states:StartExecution".to_owned(),
                resource: Some(Reference::Resource(id.clone())),
            },
        };
        Operation {
            method: self.method.clone(),
            path: self.path.clone(),
            targets: vec![target],
            security: Authorization::of_event(self.auth()),
            span: self.name.span,
            event: Some(self.name.clone()),
            patience: integration::patience([&self.properties], &integration::METHOD),
            templated: false,
        }
    }
}

fn api_events<'a>(scope: &Scope<'a>) -> Vec<ApiEvent<'a>> {
    let mut found = Vec::new();
    for resource in &scope.template.resources {
        let Some(subject) = subject(resource) else { continue };
        for event in events(resource) {
            let (kind, key, implicit) = match event.kind {
                "Api" => (ApiKind::Rest, "RestApiId", IMPLICIT_REST_API),
                "HttpApi" => (ApiKind::Http, "ApiId", IMPLICIT_HTTP_API),
                _ => continue,
            };
            let text = |key: &str| property(&event.properties, &[key]).map(Value::text);
            let api = match property(&event.properties, &[key]) {
                None => Reference::Resource(implicit.to_owned()),
                Some(value) => named_api(scope, value),
            };
            let (method, path) = match (text("Method"), text("Path")) {
                // An HTTP API takes what no other route takes; a REST API has no such route.
                (None, None) if kind == ApiKind::Http => ("ANY".to_owned(), "$default".to_owned()),
                (method, path) => (
                    method.map_or_else(|| "ANY".to_owned(), |method| openapi::method(&method)),
                    path.unwrap_or_default(),
                ),
            };
            found.push(ApiEvent {
                name: event.name,
                kind,
                api,
                method,
                path,
                subject: subject.clone(),
                properties: event.properties,
                condition: resource.condition.as_ref(),
            });
        }
    }
    found
}

/// An event may name its API by the bare logical id.
fn named_api(scope: &Scope<'_>, value: &Value) -> Reference {
    match scope.reference(value) {
        Reference::Text(text) if scope.template.resource(&text).is_some() => Reference::Resource(text),
        reference => reference,
    }
}

/// SAM puts a condition on the implicit API where every event has the same.
fn shared_condition(events: &[ApiEvent<'_>]) -> Option<Name> {
    let first = events.first()?.condition?;
    let same = |event: &ApiEvent<'_>| event.condition.is_some_and(|name| name.text == first.text);
    events.iter().all(same).then(|| first.clone())
}

/// Definitions in the template, or in local files.
pub(super) fn bodies(scope: &Scope<'_>, properties: &Map, problems: &mut Vec<Problem>) -> Vec<Value> {
    let mut found: Vec<Value> =
        ["DefinitionBody", "Body"].iter().flat_map(|key| reach(properties, &[key])).cloned().collect();
    for value in ["DefinitionUri", "BodyS3Location"].iter().flat_map(|key| reach(properties, &[key])) {
        let Some(source) = scope.local_file(value, problems) else { continue };
        let (body, more) = read(scope.sources, source);
        problems.extend(more);
        found.extend(body);
    }
    found
}

/// Adds an API and its routes.
fn push(
    scope: &Scope<'_>,
    graph: &mut Graph,
    api: &SamApi<'_>,
    events: Vec<ApiEvent<'_>>,
    implicit: bool,
    condition: Option<Name>,
) {
    let auth = Authorization::of_api(api.kind, property(api.properties, &["Auth"]).and_then(Value::as_map));
    let mut operations: Vec<Operation> = api.bodies.iter().flat_map(|body| operations(scope, body)).collect();
    let in_template = property(api.properties, &["DefinitionBody"]).is_some();
    let merges = is_on(property(api.properties, &["MergeDefinitions"])) && api.bodies.iter().any(has_paths);
    let mut keyed = false;
    for event in &events {
        keyed |= event.auth().is_some_and(|auth| is_on(auth.get("ApiKeyRequired")));
        let added = match event.kind {
            // Two events for one place are refused, but where the definition is written out.
            ApiKind::Http => api.managed || in_template && !has_integration(&operations, event),
            _ => api.managed || merges && matches!(event.subject, Subject::Function(_)),
        };
        if added {
            add(&mut operations, event);
        } else if event.kind == ApiKind::Rest && in_template {
            Authorization::override_by(event.auth(), &mut operations, &event.method, &event.path);
        }
    }
    let routes: Vec<(Operation, Vec<String>)> = operations
        .into_iter()
        .map(|operation| {
            let passed = auth.passed(&operation);
            (operation, passed)
        })
        .collect();
    // SAM defines IAM where it is asked for first.
    let iam = routes.iter().any(|(_, passed)| passed.first().is_some_and(|name| name == "AWS_IAM"));
    let replaced = api.kind == ApiKind::Rest && auth.defines();
    let id = Reference::Resource(api.id.to_owned());
    let schemes = api.bodies.iter().flat_map(|body| security_schemes(body, replaced));
    let schemes = schemes.chain(authorizers(scope, &id));
    graph.apis.push(Api {
        template: scope.id,
        id: api.id.to_owned(),
        span: api.span,
        kind: api.kind,
        implicit,
        authorizers: auth.names(schemes, iam, keyed),
        condition,
    });
    for (operation, passed) in routes {
        graph.routes.extend(routes_of(
            scope,
            &Reference::Resource(api.id.to_owned()),
            api.kind,
            &operation,
            &passed,
        ));
    }
}

fn has_integration(operations: &[Operation], event: &ApiEvent<'_>) -> bool {
    operations.iter().any(|known| known.is_at(&event.method, &event.path) && !known.targets.is_empty())
}

/// What an event makes takes the place of what the definition says, but for what only that says.
fn add(operations: &mut Vec<Operation>, event: &ApiEvent<'_>) {
    let mut made = event.operation();
    if let Some(place) = operations.iter().position(|known| known.is_at(&made.method, &made.path)) {
        let known = operations.remove(place);
        // Two events for one place are both listed; SAM would refuse them.
        if known.event.is_some() {
            operations.insert(place, known);
        } else if made.security.is_empty() {
            made.security = known.security;
        }
    }
    operations.push(made);
}

/// One route for each distinct target.
pub(super) fn routes_of(
    scope: &Scope<'_>,
    api: &Reference,
    kind: ApiKind,
    operation: &Operation,
    auth: &[String],
) -> Vec<Route> {
    let mut targets = operation.targets.clone();
    targets.dedup();
    if targets.is_empty() {
        targets.push(Target::None);
    }
    let route = |target: Target| Route {
        template: scope.id,
        api: api.clone(),
        api_kind: kind,
        method: operation.method.clone(),
        path: operation.path.clone(),
        target,
        auth: auth.to_vec(),
        span: operation.span,
        event: operation.event.clone(),
        patience: operation.patience.clone(),
        templated: operation.templated,
    };
    targets.into_iter().map(route).collect()
}

/// Routes on an API that another template declares. A plain API of this template has routes of its own.
fn elsewhere(scope: &Scope<'_>, event: ApiEvent<'_>) -> Vec<Route> {
    if scope.resource(&event.api).is_some() {
        return Vec::new();
    }
    let operation = event.operation();
    let auth = Authorization::of_api(event.kind, None).passed(&operation);
    routes_of(scope, &event.api, event.kind, &operation, &auth)
}

fn web_socket(scope: &Scope<'_>, resource: &Resource, graph: &mut Graph) {
    let properties = &resource.properties;
    let id = &resource.id;
    graph.apis.push(Api {
        template: scope.id,
        id: id.text.clone(),
        span: id.span,
        kind: ApiKind::WebSocket,
        implicit: false,
        authorizers: Vec::new(),
        condition: resource.condition.clone(),
    });
    let connect = property(properties, &["Auth", "AuthType"]).map(Value::text).filter(|kind| kind != "NONE");
    let mut seen = BTreeSet::new();
    let routes = reach(properties, &["Routes"]).into_iter().filter_map(Value::as_map).flat_map(Map::iter);
    for (key, settings) in routes.filter(|(key, _)| seen.insert(key.text.clone())) {
        let functions = reach_in(settings, &["FunctionArn"]);
        let mut auth: Vec<String> = connect.iter().filter(|_| key.text == "$connect").cloned().collect();
        if is_on(settings.get("ApiKeyRequired")) {
            auth.push("api_key".to_owned());
        }
        let operation = Operation {
            method: "ANY".to_owned(),
            path: key.text.clone(),
            targets: functions.into_iter().map(|value| Target::Function(scope.reference(value))).collect(),
            security: Vec::new(),
            span: key.span,
            event: None,
            patience: Patience::default(),
            templated: false,
        };
        let api = Reference::Resource(id.text.clone());
        graph.routes.extend(routes_of(scope, &api, ApiKind::WebSocket, &operation, &auth));
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{linked, routes};

    #[test]
    fn events_make_implicit_apis_with_globals() {
        let (graph, _) = linked(
            "
Globals:
  Api: {Auth: {DefaultAuthorizer: Users, Authorizers: {Users: {UserPoolArn: arn}}, ApiKeyRequired: true}}
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: {Type: Api, Properties: {Path: /a, Method: get}}
        B: {Type: Api, Properties: {Path: /b, Method: any, Auth: {Authorizer: NONE, ApiKeyRequired: false}}}
        C: {Type: HttpApi}
        D: {Type: Api, Properties: {Path: /d, Method: post, RestApiId: !ImportValue Shared}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: {Events: {A: {Type: Api, Properties: {Path: /m, Method: post, Auth: {Authorizer: AWS_IAM}}}}}
",
            &[],
        );
        let expected = [
            "ServerlessRestApi: GET /a -> Work [Users api_key]",
            "ServerlessRestApi: ANY /b -> Work []",
            "ServerlessRestApi: POST /m -> states:StartExecution Machine [AWS_IAM api_key]",
            "ServerlessHttpApi: ANY $default -> Work []",
            "${Fn::ImportValue(Shared)}: POST /d -> Work []",
        ];
        assert_eq!(routes(&graph), expected);
        let apis: Vec<_> =
            graph.apis.iter().map(|api| (api.id.as_str(), api.implicit, api.authorizers.join(" "))).collect();
        assert_eq!(
            apis,
            [
                ("ServerlessRestApi", true, "Users AWS_IAM api_key".to_owned()),
                ("ServerlessHttpApi", true, String::new())
            ]
        );
    }

    const EVENTS: &str = "
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: {Type: EVENT, Properties: {ID: !Ref Main, Path: /a, Method: get}}
        B: {Type: EVENT, Properties: {ID: !Ref Main, Path: /b, Method: get}}
";
    const PATHS: &str = "
        paths:
          /a:
            get:
              security: [{Own: []}]
              x-amazon-apigateway-integration: {type: http_proxy, uri: 'https://a.example'}
";

    #[test]
    fn a_written_definition_stands_unless_it_is_merged() {
        let events = EVENTS.replace("EVENT", "Api").replace("ID", "RestApiId");
        let template = |extra: &str| {
            format!(
                "Resources:\n  Main:\n    Type: AWS::Serverless::Api\n    Properties:\n{extra}      DefinitionBody:{PATHS}{events}"
            )
        };
        let (graph, _) = linked(&template(""), &[]);
        assert_eq!(routes(&graph), ["Main: GET /a -> https://a.example [Own]"]);
        let (graph, _) = linked(&template("      MergeDefinitions: true\n"), &[]);
        assert_eq!(routes(&graph), ["Main: GET /a -> Work [Own]", "Main: GET /b -> Work []"]);
    }

    #[test]
    fn events_of_http_apis_fill_what_the_definition_leaves_open() {
        let events = EVENTS.replace("EVENT", "HttpApi").replace("ID", "ApiId");
        let (graph, _) = linked(
            &format!(
                "Resources:\n  Main:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      DefinitionBody:{PATHS}{events}"
            ),
            &[],
        );
        assert_eq!(routes(&graph), ["Main: GET /a -> https://a.example [Own]", "Main: GET /b -> Work []"]);
    }

    #[test]
    fn definitions_in_files_are_read() {
        let template = "
Resources:
  Main: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: api.json}}
  Other: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: gone.json}}
  Third: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: 's3://bucket/api.json'}}
";
        let body = r#"{"paths": {"/x": {"post": {"x-amazon-apigateway-integration": {"type": "mock"}}}}}"#;
        let (graph, problems) = linked(template, &[("api.json", body)]);
        assert_eq!(routes(&graph), ["Main: POST /x -> mock []"]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].text.contains("gone.json"));
    }

    #[test]
    fn web_socket_routes_ask_at_connect_only() {
        let (graph, _) = linked(
            "
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      Auth: {AuthType: AWS_IAM}
      Routes:
        $connect: {FunctionArn: !GetAtt Work.Arn}
        send: {FunctionArn: !GetAtt Work.Arn, ApiKeyRequired: true}
  Work: {Type: AWS::Serverless::Function}
",
            &[],
        );
        assert_eq!(
            routes(&graph),
            ["Chat: ANY $connect -> Work [AWS_IAM]", "Chat: ANY send -> Work [api_key]"]
        );
    }
}
