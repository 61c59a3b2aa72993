//! What a caller of a SAM API must pass: the settings of the API, of the event and of the definition.

use std::collections::BTreeSet;

use super::Scope;
use super::openapi::Operation;
use super::reference::{is_on, property, reach};
use crate::graph::model::{ApiKind, Reference};
use crate::template::{Map, Resource, Value};

const NONE: &str = "NONE";
const IAM: &str = "AWS_IAM";
const KEY: &str = "api_key";
/// SAM's mark for an event that needs no key although its API asks for one.
const NO_KEY: &str = "api_key_false";

/// `Auth` of an API.
#[derive(Debug)]
pub(super) struct Authorization {
    kind: ApiKind,
    authorizers: Vec<String>,
    default: Option<String>,
    key: bool,
    iam: bool,
    /// Whether preflight requests must pass the authorizer, and the key.
    preflight: (bool, bool),
}

impl Authorization {
    pub(super) fn of_api(kind: ApiKind, auth: Option<&Map>) -> Self {
        let none = Map::default();
        let auth = auth.unwrap_or(&none);
        let on_unless = |key: &str| auth.get(key).and_then(Value::as_bool).unwrap_or(true);
        Self {
            kind,
            authorizers: reach(auth, &["Authorizers"])
                .into_iter()
                .filter_map(Value::as_map)
                .flat_map(Map::iter)
                .map(|(name, _)| name.text.clone())
                .collect(),
            default: property(auth, &["DefaultAuthorizer"]).map(Value::text).filter(|name| name != NONE),
            key: is_on(auth.get("ApiKeyRequired")),
            iam: is_on(auth.get("EnableIamAuthorizer")),
            preflight: (
                on_unless("AddDefaultAuthorizerToCorsPreflight"),
                on_unless("AddApiKeyRequiredToCorsPreflight"),
            ),
        }
    }

    /// What `Auth` of an event adds to the security of its operation.
    pub(super) fn of_event(auth: Option<&Map>) -> Vec<String> {
        let Some(auth) = auth else { return Vec::new() };
        let authorizer = property(auth, &["Authorizer"]).map(Value::text);
        let key = auth.get("ApiKeyRequired").and_then(Value::as_bool);
        let key = key.map(|needed| if needed { KEY } else { NO_KEY }.to_owned());
        authorizer.into_iter().chain(key).collect()
    }

    /// An event may set what a written definition leaves to the API, if it says so.
    pub(super) fn override_by(auth: Option<&Map>, operations: &mut [Operation], method: &str, path: &str) {
        if !auth.is_some_and(|auth| is_on(auth.get("OverrideApiAuth"))) {
            return;
        }
        for operation in operations.iter_mut().filter(|operation| operation.is_at(method, path)) {
            operation.security.extend(Self::of_event(auth));
        }
    }

    /// Names of what a caller of the operation must pass.
    pub(super) fn passed(&self, operation: &Operation) -> Vec<String> {
        let written = &operation.security;
        let has = |name: &str| written.iter().any(|known| known == name);
        let mut passed: Vec<String> =
            written.iter().filter(|name| ![NONE, NO_KEY].contains(&name.as_str())).cloned().collect();
        // Settings of the API reach only operations with an integration.
        if !operation.targets.is_empty() {
            let preflight = operation.method == "OPTIONS";
            let decided = match self.kind {
                ApiKind::Http => !written.is_empty() || preflight,
                _ => {
                    has(NONE)
                        || (preflight && !self.preflight.0)
                        || passed.iter().any(|name| self.is_authorizer(name))
                }
            };
            passed.extend(self.default.iter().filter(|_| !decided).cloned());
            let asked = !preflight || self.preflight.1;
            if self.key && asked && !has(NO_KEY) {
                passed.push(KEY.to_owned());
            }
        }
        unique(passed)
    }

    /// Names of all authorizers of the API.
    pub(super) fn names(&self, schemes: impl Iterator<Item = String>, iam: bool, key: bool) -> Vec<String> {
        let iam = iam || self.iam || self.default.as_deref() == Some(IAM);
        let built_in = [(IAM, iam), (KEY, key || self.key)];
        let built_in = built_in.into_iter().filter(|(_, used)| *used).map(|(name, _)| name.to_owned());
        unique(schemes.chain(self.authorizers.iter().cloned()).chain(built_in))
    }

    /// Whether SAM writes security schemes of its own.
    pub(super) fn defines(&self) -> bool {
        !self.authorizers.is_empty() || self.key || self.default.as_deref() == Some(IAM)
    }

    fn is_authorizer(&self, name: &str) -> bool {
        name == IAM || self.authorizers.iter().any(|known| known == name)
    }
}

fn unique(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}

/// Authorizers that are resources of their own.
pub(super) fn authorizers(scope: &Scope<'_>, api: &Reference) -> impl Iterator<Item = String> {
    scope
        .template
        .resources
        .iter()
        .filter(|resource| {
            resource.is("AWS::ApiGateway::Authorizer") || resource.is("AWS::ApiGatewayV2::Authorizer")
        })
        .filter(|resource| api_of(scope, resource).as_ref() == Some(api))
        .map(|resource| resource.id.text.clone())
}

/// The API that a resource names.
pub(super) fn api_of(scope: &Scope<'_>, resource: &Resource) -> Option<Reference> {
    ["RestApiId", "ApiId"]
        .iter()
        .find_map(|key| property(&resource.properties, &[key]))
        .map(|value| scope.reference(value))
}
