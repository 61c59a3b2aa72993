//! Operations of an OpenAPI or Swagger definition, with what API Gateway makes of them.

use super::Scope;
use super::integration::{OPENAPI, is_templated, patience, targets};
use super::reference::{items, reach, reach_in};
use crate::graph::model::{Patience, Target};
use crate::source::Span;
use crate::template::{Map, Name, Value};

/// API Gateway's extension for all methods.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";
const INTEGRATION: &str = "x-amazon-apigateway-integration";
const METHODS: [&str; 10] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "any", ANY_METHOD];

/// An operation of an API, from a definition or from an event.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// Upper case; `ANY` for all.
    pub method: String,
    pub path: String,
    /// Empty where there is no integration.
    pub targets: Vec<Target>,
    /// Names of the security requirements, as written.
    pub security: Vec<String>,
    pub span: Span,
    pub event: Option<Name>,
    pub patience: Patience,
    pub templated: bool,
}

impl Operation {
    pub(super) fn is_at(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

/// `ANY` for every way to say all methods.
pub(super) fn method(text: &str) -> String {
    match text.to_ascii_lowercase().as_str() {
        ANY_METHOD | "any" | "*" => "ANY".to_owned(),
        _ => text.to_ascii_uppercase(),
    }
}

/// The operations of a definition, one for each branch of `Fn::If`.
pub(super) fn operations(scope: &Scope<'_>, body: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for paths in reach_in(body, &["paths"]).into_iter().filter_map(Value::as_map) {
        for (path, item) in paths.iter() {
            for item in reach_in(item, &[]).into_iter().filter_map(Value::as_map) {
                let methods = item.iter().filter(|(name, _)| is_method(&name.text));
                found.extend(
                    methods.flat_map(|(name, operation)| self::operation(scope, body, path, name, operation)),
                );
            }
        }
    }
    found
}

/// Names of the security schemes of a definition. The authorizers that SAM adds to a REST API replace
/// those of OpenAPI 3 (`replaced`).
pub(super) fn security_schemes(body: &Value, replaced: bool) -> Vec<String> {
    [&["securityDefinitions"][..], &["components", "securitySchemes"]]
        .into_iter()
        .filter(|path| !(replaced && path.len() > 1))
        .flat_map(|path| reach_in(body, path))
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .map(|(name, _)| name.text.clone())
        .collect()
}

/// Whether a definition has any path. SAM merges events only into paths that are there.
pub(super) fn has_paths(body: &Value) -> bool {
    reach_in(body, &["paths"]).into_iter().any(|paths| paths.as_map().is_some_and(|map| !map.is_empty()))
}

fn is_method(name: &str) -> bool {
    METHODS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn operation(scope: &Scope<'_>, root: &Value, path: &Name, name: &Name, body: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for body in reach_in(body, &[]).into_iter().filter_map(Value::as_map) {
        let written = reach(body, &[INTEGRATION]).into_iter();
        let integrations: Vec<&Value> =
            written.map(|value| pointed_at(root, value).unwrap_or(value)).collect();
        let settings = integrations.iter().flat_map(|value| reach_in(value, &[]));
        let settings: Vec<&Map> = settings.filter_map(Value::as_map).collect();
        found.push(Operation {
            method: method(&name.text),
            path: path.text.clone(),
            targets: integrations.iter().flat_map(|value| targets(scope, value)).collect(),
            security: security(body),
            span: name.span,
            event: None,
            templated: is_templated(&settings, &OPENAPI),
            patience: patience(settings, &OPENAPI),
        });
    }
    found
}

/// `$ref: '#/components/x-amazon-apigateway-integrations/name'`.
fn pointed_at<'v>(root: &'v Value, integration: &Value) -> Option<&'v Value> {
    let pointer = integration.get("$ref")?.as_str()?.strip_prefix("#/")?;
    let path: Vec<&str> = pointer.split('/').collect();
    reach_in(root, &path).into_iter().next()
}

/// Requirements at the root of a definition do not count: API Gateway reads those of operations.
fn security(operation: &Map) -> Vec<String> {
    let mut names: Vec<String> = items(operation.get("security"))
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .map(|(name, _)| name.text.clone())
        .collect();
    let iam = reach(operation, &["x-amazon-apigateway-auth", "type"]);
    if iam.iter().any(|kind| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("AWS_IAM"))) {
        names.push("AWS_IAM".to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{linked, routes};

    #[test]
    fn branches_and_pointers_are_followed() {
        let (graph, _) = linked(
            "
Resources:
  Main:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody:
        components:
          securitySchemes: {Users: {type: oauth2}}
          x-amazon-apigateway-integrations: {shared: {type: http_proxy, uri: 'https://a.example'}}
        security: [{Users: []}]
        paths:
          /a: !If
            - Prod
            - GET: {x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/shared'}}
            - !Ref AWS::NoValue
          /b:
            parameters: []
            any: !If [Prod, {responses: {}}, {security: [{Users: []}]}]
            post: {x-amazon-apigateway-auth: {type: AWS_IAM}}
",
            &[],
        );
        let expected = [
            "Main: GET /a -> https://a.example []",
            "Main: ANY /b -> nothing []",
            "Main: ANY /b -> nothing [Users]",
            "Main: POST /b -> nothing [AWS_IAM]",
        ];
        assert_eq!(routes(&graph), expected);
        assert_eq!(graph.apis[0].authorizers, ["Users", "AWS_IAM"]);
    }
}
