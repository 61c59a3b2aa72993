//! APIs, with what their routes and stages ask of callers.

use super::facts::listed;
use super::known::mentions_key;
use super::{About, Facts, Node, Place, Wanted};
use crate::graph::{Api, ApiKind, App, Reference, Route};
use crate::template::{Map, Resource, Template, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    app.graph.apis.iter().map(|api| node(app, api)).collect()
}

fn node(app: &App<'_>, api: &Api) -> Node {
    let template = app.template(api.template);
    let mut facts = Facts::default();
    let settings = settings(template, api);
    let mut about: Vec<&Value> = settings.iter().map(|(_, value)| value).collect();
    about.extend(
        beside(template, api).flat_map(|resource| resource.properties.iter().map(|(_, value)| value)),
    );
    let has_key = |keys: &[&str]| about.iter().any(|value| mentions_key(value, keys));
    let named = |keys: &[&str]| settings.iter().any(|(name, _)| keys.contains(&name.text.as_str()));

    if template.is_whole() || api.implicit {
        let limits = ["ThrottlingRateLimit", "ThrottlingBurstLimit", "Throttle"];
        facts.set("is_throttled", has_key(&limits));
    }
    // A resource policy, or a network, keeps callers out where no authorizer does.
    let is_closed = has_key(&["ResourcePolicy", "VPCEndpointIds", "VpcEndpointIds"]) || named(&["Policy"]);
    let open: Vec<&Route> = app.graph.routes.iter().filter(|route| is_open(api, route)).collect();
    if !is_closed && template.is_whole() {
        let names: Vec<String> =
            open.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
        facts.set_at("open_routes", listed(&names), open.iter().map(|route| route.span).take(3));
        facts.set("open_route_count", names.len());
    }
    let place = Place::new(app, api.id.clone(), api.span, About::Resource(api.id.clone()));
    place.node(facts)
}

fn is_open(api: &Api, route: &Route) -> bool {
    let is_here = route.template == api.template && route.api == Reference::Resource(api.id.clone());
    // Browsers send no credentials before a request; of a WebSocket API only `$connect` can ask for them.
    let may_ask = route.method != "OPTIONS" && (api.kind != ApiKind::WebSocket || route.path == "$connect");
    is_here && may_ask && route.auth.is_empty()
}

/// The properties of an API, or those that Globals give to one that SAM makes.
fn settings(template: &Template, api: &Api) -> Vec<(crate::template::Name, Value)> {
    if let Some(resource) = template.resource(&api.id) {
        return resource.properties.entries.clone();
    }
    let kind = match api.kind {
        ApiKind::Http => "AWS::Serverless::HttpApi",
        _ => "AWS::Serverless::Api",
    };
    template.with_globals(kind, &Map::default()).entries
}

/// Stages and usage plans of an API.
fn beside<'t>(template: &'t Template, api: &Api) -> impl Iterator<Item = &'t Resource> {
    const TYPES: [&str; 4] = [
        "AWS::ApiGateway::Stage",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGatewayV2::Stage",
    ];
    let id = api.id.clone();
    template.resources.iter().filter(|resource| TYPES.iter().any(|kind| resource.is(kind))).filter(
        move |resource| {
            let mut values = resource.properties.iter().map(|(_, value)| value);
            values.any(|value| value.mentions().iter().any(|mention| mention.name.text.starts_with(&id)))
        },
    )
}
