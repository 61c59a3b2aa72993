//! Integrations of a WebSocket API that are resources of their own: `AWS::ApiGatewayV2::Integration`.
//!
//! A route whose answer is waited for has a response, and so has its integration.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html>

use serde_yaml::Value as Yaml;

use super::{Operation, Site, Spot, deployment, map, reference, written};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::template::{Resource, Value};

const ROUTE: &str = "AWS::ApiGatewayV2::Route";
const INTEGRATION: &str = "AWS::ApiGatewayV2::Integration";
/// The template that every request is mapped by, and the expression that always chooses it.
const ALWAYS: &str = "$default";
const CHOOSES_ALWAYS: &str = "\\$default";
/// Settings of a function's integration that one of a service does not have.
const GOING: &[&str] = &["PayloadFormatVersion", "ContentHandlingStrategy", "PassthroughBehavior"];

pub(super) struct Socket<'a> {
    spot: Spot<'a>,
}

impl<'a> Socket<'a> {
    pub(super) fn new(spot: Spot<'a>) -> Self {
        Self { spot }
    }

    /// The route's resource and its integration's.
    fn resources(&self) -> Option<(&'a Resource, &'a Resource)> {
        let template = self.spot.template();
        let is_own = |resource: &&Resource| resource.id.span == self.spot.route.span && resource.is(ROUTE);
        let route = template.resources.iter().find(is_own)?;
        let targets = route.property("Target")?.mentions();
        let mut targets = targets.iter().filter_map(|mention| template.resource(&mention.name.text));
        let integration = targets.find(|resource| resource.is(INTEGRATION))?;
        Some((route, integration))
    }

    fn is_shared(&self, integration: &Resource) -> bool {
        let routes = self.spot.template().resources.iter().filter(|resource| resource.is(ROUTE));
        let targets = routes.filter_map(|route| route.property("Target"));
        let speaks = |target: &&Value| {
            target.mentions().iter().any(|mention| mention.name.text == integration.id.text)
        };
        targets.filter(speaks).count() > 1
    }
}

impl Site for Socket<'_> {
    fn put(&self, draft: &mut Draft<'_>, operation: &Operation) -> Result<Vec<String>, Refusal> {
        let Some((route, integration)) = self.resources() else {
            return self.spot.refuse("its integration is no resource of this template");
        };
        if self.is_shared(integration) {
            return self.spot.refuse("its integration is that of another route as well");
        }
        let place = draft.first_place_of(integration.id.span).map(|place| place.key("Properties"));
        let Some(place) = place.filter(|place| draft.has(place)) else {
            return self.spot.refuse("its integration is not written out here");
        };
        for name in GOING.iter().filter(|name| integration.property(name).is_some()) {
            draft.remove(&place, name)?;
        }
        for (name, value) in settings(operation) {
            draft.set(&place, name, &value)?;
        }
        let mut after = vec![integration.id.text.clone()];
        if self.spot.route.path == "$connect" {
            after.extend(answers(draft, route, integration)?);
        }
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        deployment::renew(draft, self.spot, &after)
    }
}

/// The integration, as CloudFormation spells it.
fn settings(operation: &Operation) -> Vec<(&'static str, Yaml)> {
    let known = |name: &str| operation.integration.get(name).cloned();
    let template = known("requestTemplates").and_then(|all| all.as_mapping()?.values().next().cloned());
    let spelled = [
        ("IntegrationType", Some(Yaml::from("AWS"))),
        ("IntegrationMethod", known("httpMethod")),
        ("IntegrationUri", known("uri")),
        ("CredentialsArn", known("credentials")),
        ("RequestParameters", known("requestParameters")),
        ("TemplateSelectionExpression", Some(Yaml::from(CHOOSES_ALWAYS))),
        ("RequestTemplates", template.map(|template| map([(ALWAYS, template)]))),
    ];
    spelled.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Responses of the integration and of the route, where the template has none; gives their ids.
fn answers(draft: &mut Draft<'_>, route: &Resource, integration: &Resource) -> Result<Vec<String>, Refusal> {
    let resources = Place::new(route.id.span.source, &["Resources"]);
    let api = route.property("ApiId").map(written::of_value).unwrap_or_default();
    let of_integration = [
        ("IntegrationId", reference(&integration.id.text)),
        ("IntegrationResponseKey", Yaml::from("/200/")),
        ("TemplateSelectionExpression", Yaml::from(CHOOSES_ALWAYS)),
    ];
    let of_route = [("RouteId", reference(&route.id.text)), ("RouteResponseKey", Yaml::from(ALWAYS))];
    let mut made = Vec::new();
    for (owner, kind, own) in [
        (integration, "AWS::ApiGatewayV2::IntegrationResponse", &of_integration[..]),
        (route, "AWS::ApiGatewayV2::RouteResponse", &of_route[..]),
    ] {
        if has(draft, &resources, kind, &owner.id.text) {
            continue;
        }
        let id = format!("{}Response", owner.id.text);
        if draft.has(&resources.key(&id)) {
            return Err(Refusal::new(owner.id.span, format!("`{id}` is something else already")));
        }
        let properties = map(std::iter::once(("ApiId", api.clone())).chain(own.iter().cloned()));
        let response = map([("Type", Yaml::from(kind)), ("Properties", properties)]);
        draft.insert(&resources, &id, &response, Some(&owner.id.text))?;
        made.push(id);
    }
    Ok(made)
}

/// Whether there is a resource of a type that speaks of another.
fn has(draft: &Draft<'_>, resources: &Place, kind: &str, owner: &str) -> bool {
    let Some(all) = draft.value(resources) else { return false };
    let mut all = all.as_map().into_iter().flat_map(|all| all.iter());
    all.any(|(_, one)| {
        one.get("Type").and_then(Value::as_str) == Some(kind)
            && one.mentions().iter().any(|mention| mention.name.text == owner)
    })
}
