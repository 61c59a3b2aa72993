//! Methods that are resources of their own: `AWS::ApiGateway::Method`.

use serde_yaml::Value as Yaml;

use super::{Operation, STAYING, Site, Spot, deployment, list, map, written};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::template::{Resource, Value};

pub(super) struct Method<'a> {
    spot: Spot<'a>,
    resource: &'a Resource,
}

impl<'a> Method<'a> {
    pub(super) fn new(spot: Spot<'a>, resource: &'a Resource) -> Self {
        Self { spot, resource }
    }
}

impl Site for Method<'_> {
    fn put(&self, draft: &mut Draft<'_>, operation: &Operation) -> Result<Vec<String>, Refusal> {
        let place = draft.first_place_of(self.resource.id.span).map(|place| place.key("Properties"));
        let known = place.and_then(|place| Some((draft.value(&place.key("Integration"))?, place)));
        let Some((known, place)) = known.filter(|(known, _)| known.as_map().is_some()) else {
            return self.spot.refuse("its integration is not written out here");
        };
        draft.replace(&place, "Integration", &integration(operation, &known))?;
        answers(draft, &place, operation)?;
        let parameters = place.key("RequestParameters");
        for name in operation.taken() {
            if !draft.has(&parameters.key(name)) {
                let is_needed = Yaml::from(name.starts_with("method.request.path."));
                put(draft, &place, "RequestParameters", name, is_needed)?;
            }
        }
        let mut after = vec![self.resource.id.text.clone()];
        if let Some(checks) = &operation.checks {
            after.extend(checks.declare_resources(draft, self.spot, &place)?);
        }
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        deployment::renew(draft, self.spot, &after)
    }
}

/// The integration, as CloudFormation spells it, with what it keeps.
fn integration(operation: &Operation, known: &Value) -> Yaml {
    let settings = operation.integration.as_mapping().into_iter().flatten();
    let mut entries: Vec<(String, Yaml)> = settings
        .filter_map(|(name, value)| {
            let name = name.as_str()?;
            Some(match name {
                "type" | "passthroughBehavior" => (pascal(name), upper(value)),
                "httpMethod" => ("IntegrationHttpMethod".to_owned(), value.clone()),
                "responses" => ("IntegrationResponses".to_owned(), responses(value)),
                _ => (pascal(name), value.clone()),
            })
        })
        .collect();
    let staying = STAYING.iter().filter_map(|name| {
        let name = pascal(name);
        let value = written::of_value(known.get(&name)?);
        Some((name, value))
    });
    entries.extend(staying);
    map(entries)
}

/// Responses by the pattern of what they are for, as a list.
fn responses(by_pattern: &Yaml) -> Yaml {
    let one = |(pattern, response): (&Yaml, &Yaml)| {
        let pattern = pattern.as_str().filter(|pattern| *pattern != "default");
        let pattern = pattern.map(|pattern| ("SelectionPattern".to_owned(), Yaml::from(pattern)));
        let entries = response.as_mapping().into_iter().flatten();
        let entries = entries.filter_map(|(name, value)| Some((pascal(name.as_str()?), value.clone())));
        map(pattern.into_iter().chain(entries))
    };
    list(by_pattern.as_mapping().into_iter().flatten().map(one))
}

/// Says every status and header that the method answers with; what is said already stays.
fn answers(draft: &mut Draft<'_>, place: &Place, operation: &Operation) -> Result<(), Refusal> {
    let all = place.key("MethodResponses");
    for answer in &operation.answers {
        let status = answer.status.to_string();
        let headers = answer.headers.iter().map(|name| format!("method.response.header.{name}"));
        let known = draft.value(&all);
        let known = known.as_ref().and_then(Value::as_list).unwrap_or_default();
        let of_status =
            |one: &Value| one.get("StatusCode").and_then(Value::scalar).is_some_and(|known| known == status);
        if let Some(index) = known.iter().position(of_status) {
            let response = all.item(index);
            for name in headers {
                if !draft.has(&response.key("ResponseParameters").key(&name)) {
                    put(draft, &response, "ResponseParameters", &name, Yaml::from(true))?;
                }
            }
            continue;
        }
        let mut entries = vec![("StatusCode", Yaml::from(status))];
        if !answer.headers.is_empty() {
            entries.push(("ResponseParameters", map(headers.map(|name| (name, true)))));
        }
        let response = map(entries);
        match draft.has(&all) {
            true => draft.append(&all, &response)?,
            false => draft.insert(place, "MethodResponses", &list([response]), None)?,
        }
    }
    Ok(())
}

/// Adds an entry to a mapping below a place, which may not be there yet.
fn put(draft: &mut Draft<'_>, place: &Place, map_name: &str, key: &str, value: Yaml) -> Result<(), Refusal> {
    match draft.has(&place.key(map_name)) {
        true => draft.insert(&place.key(map_name), key, &value, None),
        false => draft.insert(place, map_name, &map([(key, value)]), None),
    }
}

/// `responseTemplates` is `ResponseTemplates`.
fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn upper(value: &Yaml) -> Yaml {
    value.as_str().map_or_else(|| value.clone(), |text| Yaml::from(text.to_ascii_uppercase()))
}
