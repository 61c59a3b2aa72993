//! Authorizers and models that an API must have because it, or an event, names them.

use std::borrow::Cow;

use super::about;
use super::events::Event;
use super::names::Names;
use crate::aws::generated_ids::{ImplicitApi, implicit_apis};
use crate::finding::Finding;
use crate::rule::Found;
use crate::source::Span;
use crate::template::{Intrinsic, Map, Value};

/// Authorizers that need no definition.
const NONE: &str = "NONE";
const IAM: &str = "AWS_IAM";

/// Default authorizers of APIs.
pub(super) fn check(names: &Names<'_>, found: &mut Found) {
    for resource in &names.template.resources {
        let Some(kind) = implicit_apis().iter().find(|api| resource.is(&api.kind)) else { continue };
        let api = Api { kind, properties: Cow::Borrowed(&resource.properties), place: resource.id.span };
        let finding = default_authorizer(&api);
        found.extend(finding.map(|finding| about(finding, names.template, resource)));
    }
}

/// A SAM API with its properties after Globals.
struct Api<'a> {
    kind: &'a ImplicitApi,
    properties: Cow<'a, Map>,
    place: Span,
}

/// What is known of a property that should be a mapping.
enum Known<'v> {
    Nothing,
    Map(&'v Map),
    Unclear,
}

impl Api<'_> {
    fn is_rest(&self) -> bool {
        self.kind.event == "Api"
    }

    /// SAM writes the definition, so it looks at what events say.
    fn takes_events(&self, event: &Event<'_>) -> bool {
        let given = |key: &str| self.properties.get(key).is_some_and(|value| !value.is_null());
        let on = |value: Option<&Value>| value.and_then(Value::as_bool) == Some(true);
        if given("DefinitionUri") || self.properties.get("Fn::Transform").is_some() {
            return false;
        }
        let overrides = || on(event.properties.get("Auth").and_then(|auth| auth.get("OverrideApiAuth")));
        !self.is_rest()
            || !given("DefinitionBody")
            || on(self.properties.get("MergeDefinitions"))
            || overrides()
    }

    fn auth(&self) -> Known<'_> {
        known(self.properties.get("Auth"))
    }
}

fn known(value: Option<&Value>) -> Known<'_> {
    match value {
        None => Known::Nothing,
        Some(value) if value.is_null() || value.is_no_value() => Known::Nothing,
        Some(value) => match value.as_map() {
            Some(map) if map.get("Fn::Transform").is_none() => Known::Map(map),
            _ => Known::Unclear,
        },
    }
}

/// The API an event is for; `None` where it is not known.
fn api_of<'a>(names: &Names<'a>, event: &Event<'a>) -> Option<Api<'a>> {
    let kind = implicit_apis().iter().find(|api| api.event == event.kind)?;
    let id = match event.properties.get(&kind.property) {
        None => &kind.id,
        Some(value) => match value.as_intrinsic() {
            Some(Intrinsic::Ref(name)) => &name.text,
            Some(_) => return None,
            None => value.as_str()?,
        },
    };
    match names.template.resource(id) {
        Some(resource) if resource.is(&kind.kind) => {
            Some(Api { kind, properties: Cow::Borrowed(&resource.properties), place: resource.id.span })
        }
        None if *id == kind.id => {
            let properties = names.template.with_globals(&kind.kind, &Map::default());
            Some(Api { kind, properties: Cow::Owned(properties), place: event.name.span })
        }
        _ => None,
    }
}

/// What an event asks of its API and the API does not have.
pub(super) fn of_event(names: &Names<'_>, event: &Event<'_>) -> Vec<Finding> {
    let Some(api) = api_of(names, event).filter(|api| api.takes_events(event)) else { return Vec::new() };
    let auth = event.properties.get("Auth");
    let authorizer = match auth.and_then(|auth| auth.get("Authorizer")) {
        Some(value) => missing_authorizer(&api, value),
        None => auth.and_then(|auth| no_authorizer(&api, auth)),
    };
    let model = event.properties.get("RequestModel").and_then(|request| request.get("Model"));
    let model = model.filter(|_| api.is_rest()).and_then(|value| missing_model(&api, value));
    let both = authorizer.into_iter().chain(model);
    both.map(|finding| finding.because(event.name.span, "the event").because(api.place, "its API")).collect()
}

fn missing_authorizer(api: &Api<'_>, value: &Value) -> Option<Finding> {
    let name = value.as_str().filter(|name| !name.is_empty())?;
    let auth = match api.auth() {
        Known::Unclear => return None,
        Known::Nothing => None,
        Known::Map(auth) => Some(auth),
    };
    if name == NONE {
        let default =
            auth.and_then(|auth| auth.get("DefaultAuthorizer")).is_some_and(|value| !value.is_null());
        return (!default).then(|| {
            Finding::at(value.span, "`NONE` takes nothing away: the API has no default authorizer")
                .help("leave `Authorizer` out, or set `DefaultAuthorizer` on the API")
        });
    }
    if name == IAM && has_iam(api, auth) {
        return None;
    }
    match known(auth.and_then(|auth| auth.get("Authorizers"))) {
        Known::Unclear => None,
        Known::Map(authorizers) if authorizers.get(name).is_some_and(|value| !value.is_null()) => None,
        Known::Map(_) | Known::Nothing => Some(undefined(value, name)),
    }
}

/// `Auth` of an HTTP API's event is for an authorizer: its own, or the default one.
fn no_authorizer(api: &Api<'_>, auth: &Value) -> Option<Finding> {
    let own = auth.as_map().filter(|own| !own.is_empty() && own.get("Fn::Transform").is_none());
    own.filter(|_| !api.is_rest())?;
    let default = match api.auth() {
        Known::Unclear => return None,
        Known::Nothing => None,
        Known::Map(auth) => auth.get("DefaultAuthorizer").filter(|value| !value.is_null()),
    };
    default.is_none().then(|| {
        Finding::at(auth.span, "`Auth` names no authorizer, and the API has no default one")
            .help("set `Authorizer`, or `DefaultAuthorizer` on the API")
    })
}

fn undefined(value: &Value, name: &str) -> Finding {
    Finding::at(value.span, format!("the API has no authorizer `{name}`"))
        .help(format!("define `{name}` under `Auth.Authorizers` of the API"))
        .one_of(name, name)
}

/// REST APIs always take signed requests; HTTP APIs where that is enabled.
fn has_iam(api: &Api<'_>, auth: Option<&Map>) -> bool {
    let enabled = || auth.and_then(|auth| auth.get("EnableIamAuthorizer"));
    api.is_rest() || enabled().is_some_and(|value| value.as_bool() != Some(false))
}

fn missing_model(api: &Api<'_>, value: &Value) -> Option<Finding> {
    if value.is_null() {
        return None;
    }
    let name = match value.as_str() {
        Some(name) => name.to_owned(),
        None if value.is_literal() => value.text(),
        None => return None,
    };
    let models = api.properties.get("Models").filter(|models| !models.is_null());
    let there = match models {
        None => false,
        Some(models) if models.as_intrinsic().is_some() => true,
        Some(models) => models.get(&name).is_some() || models.get("Fn::Transform").is_some(),
    };
    (!there).then(|| {
        Finding::at(value.span, format!("the API has no model `{name}`"))
            .help(format!("define `{name}` under `Models` of the API"))
    })
}

fn default_authorizer(api: &Api<'_>) -> Option<Finding> {
    let Known::Map(auth) = api.auth() else { return None };
    let value = auth.get("DefaultAuthorizer")?;
    let name = value.as_str().filter(|name| !name.is_empty())?;
    if name == IAM && has_iam(api, Some(auth)) {
        return None;
    }
    let there = match known(auth.get("Authorizers")) {
        Known::Unclear => true,
        // Without any authorizer a REST API has no default one, and nothing refuses that.
        Known::Nothing => api.is_rest(),
        Known::Map(authorizers) => authorizers.get(name).is_some(),
    };
    (!there).then(|| undefined(value, name).because(api.place, "the API"))
}
