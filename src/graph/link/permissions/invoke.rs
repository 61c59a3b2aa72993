//! Who may call a function by its resource policy.

use super::events::{Written, is_queued, written};
use super::generated::is_set;
use super::policies::literal;
use super::writer::Writer;
use crate::aws::platform::{self, Event};
use crate::aws::resource_types::{self, Role};
use crate::graph::link::Scope;
use crate::graph::link::reference::{IMPLICIT_HTTP_API, IMPLICIT_REST_API};
use crate::graph::model::Reference;
use crate::source::Span;
use crate::template::{Map, Resource, Value};

pub(super) fn link(scope: &Scope<'_>, writer: &mut Writer<'_>) {
    for resource in &scope.template.resources {
        match resource.kind.text.as_str() {
            "AWS::Serverless::Function" => function(scope, writer, resource),
            "AWS::Lambda::Permission" => permission(scope, writer, resource),
            kind if kind.starts_with("AWS::Serverless::") => api(scope, writer, resource),
            _ => {}
        }
    }
    implicit_apis(scope, writer);
}

fn function(scope: &Scope<'_>, writer: &mut Writer<'_>, resource: &Resource) {
    let function = Reference::Resource(resource.id.text.clone());
    for event in written(resource) {
        let Some(known) = platform::event(event.kind) else { continue };
        let Some(principal) = known.principal.as_deref().filter(|_| !is_queued(&event)) else { continue };
        writer.invoke(function.clone(), principal, source(scope, known, &event), event.name.span);
    }
    let url = resource.property("FunctionUrlConfig");
    let auth = url.and_then(|url| url.get("AuthType"));
    if let Some(auth) = auth.filter(|auth| literal(scope, auth).as_deref() == Some("NONE")) {
        writer.invoke(function, "*", None, auth.span);
    }
}

/// On whose behalf the service calls.
fn source(scope: &Scope<'_>, known: &Event, event: &Written<'_>) -> Option<Reference> {
    let value = event.properties.get(known.source.as_ref()?).filter(|value| !value.is_null());
    let Some(value) = value else { return known.default.clone().map(Reference::Resource) };
    Some(match &known.arn {
        Some(arn) => scope.reference_of(&arn.replace("{source}", &value.text())),
        None => scope.reference(value),
    })
}

/// `AWS::Lambda::Permission`.
fn permission(scope: &Scope<'_>, writer: &mut Writer<'_>, resource: &Resource) {
    let values =
        |name: &str| resource.property(name).into_iter().flat_map(Value::branches).map(|(value, _)| value);
    for function in values("FunctionName") {
        for principal in values("Principal") {
            let principal = literal(scope, principal).unwrap_or_else(|| principal.text());
            let mut sources: Vec<Option<Reference>> =
                values("SourceArn").map(|source| Some(scope.reference(source))).collect();
            if sources.is_empty() {
                sources.push(None);
            }
            for source in sources {
                writer.invoke(named_function(scope, function), &principal, source, resource.id.span);
            }
        }
    }
}

/// A function by reference, or by the name it is given.
fn named_function(scope: &Scope<'_>, value: &Value) -> Reference {
    let reference = scope.reference(value);
    let Reference::Text(text) = &reference else { return reference };
    let called = scope.template.resources.iter().find(|resource| {
        resource_types::role(&resource.kind.text) == Some(Role::Function)
            && resource.property("FunctionName").is_some_and(|name| name.text() == *text)
    });
    called.map_or(reference, |function| Reference::Resource(function.id.text.clone()))
}

fn api(scope: &Scope<'_>, writer: &mut Writer<'_>, resource: &Resource) {
    let source = Reference::Resource(resource.id.text.clone());
    match resource_types::role(&resource.kind.text) {
        Some(Role::RestApi) => authorizers(scope, writer, &source, &resource.properties, false),
        Some(Role::HttpApi) => authorizers(scope, writer, &source, &resource.properties, true),
        Some(Role::WebSocketApi) => web_socket(scope, writer, &source, resource),
        Some(Role::GraphqlApi) => graphql(scope, writer, &source, resource),
        _ => {}
    }
}

/// Lambda authorizers. A REST API grants itself the call unless told not to, an HTTP API only if told.
fn authorizers(scope: &Scope<'_>, writer: &mut Writer<'_>, api: &Reference, properties: &Map, is_http: bool) {
    let auth = properties.get("Auth").and_then(|auth| auth.get("Authorizers"));
    for (name, authorizer) in auth.and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let switched = |name: &str| authorizer.get(name).is_some_and(is_set);
        let granted = match is_http {
            true => switched("EnableFunctionDefaultPermissions"),
            false => !switched("DisableFunctionDefaultPermissions"),
        };
        if granted {
            calls(scope, writer, authorizer.get("FunctionArn"), &platform::principals().api, api, name.span);
        }
    }
}

fn web_socket(scope: &Scope<'_>, writer: &mut Writer<'_>, api: &Reference, resource: &Resource) {
    let principal = &platform::principals().api;
    let routes = resource.property("Routes").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    for (key, route) in routes {
        calls(scope, writer, route.get("FunctionArn"), principal, api, key.span);
    }
    let Some(auth) = resource.property("Auth") else { return };
    let is_custom = auth.get("AuthType").and_then(|kind| literal(scope, kind)).as_deref() == Some("CUSTOM");
    // With a role of its own, API Gateway needs no permission.
    if is_custom && !auth.get("InvokeRole").is_some_and(is_set) {
        calls(scope, writer, auth.get("AuthArn"), principal, api, auth.span);
    }
}

fn graphql(scope: &Scope<'_>, writer: &mut Writer<'_>, api: &Reference, resource: &Resource) {
    let Some(auth) = resource.property("Auth") else { return };
    let additional = auth.get("Additional").into_iter().flat_map(Value::items).map(|(auth, _)| auth);
    for auth in [auth].into_iter().chain(additional) {
        let is_lambda =
            auth.get("Type").and_then(|kind| literal(scope, kind)).as_deref() == Some("AWS_LAMBDA");
        let uri = auth.at(&["LambdaAuthorizer", "AuthorizerUri"]).filter(|_| is_lambda);
        calls(scope, writer, uri, &platform::principals().graphql, api, auth.span);
    }
}

fn calls(
    scope: &Scope<'_>,
    writer: &mut Writer<'_>,
    function: Option<&Value>,
    principal: &str,
    source: &Reference,
    span: Span,
) {
    for (function, _) in function.into_iter().flat_map(Value::branches) {
        if is_set(function) {
            writer.invoke(scope.reference(function), principal, Some(source.clone()), span);
        }
    }
}

/// The implicit APIs take their authorizers from Globals.
fn implicit_apis(scope: &Scope<'_>, writer: &mut Writer<'_>) {
    let events: Vec<Written<'_>> = scope
        .template
        .resources
        .iter()
        .filter(|resource| platform::holder(&resource.kind.text).is_some_and(|holder| holder.generated))
        .flat_map(written)
        .collect();
    let apis = [
        ("Api", "RestApiId", IMPLICIT_REST_API, "AWS::Serverless::Api", false),
        ("HttpApi", "ApiId", IMPLICIT_HTTP_API, "AWS::Serverless::HttpApi", true),
    ];
    for (kind, property, id, api, is_http) in apis {
        if events.iter().any(|event| event.kind == kind && event.properties.get(property).is_none()) {
            let properties = scope.template.with_globals(api, &Map::default());
            authorizers(scope, writer, &Reference::Resource(id.to_owned()), &properties, is_http);
        }
    }
}
