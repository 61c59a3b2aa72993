//! Definitions of APIs that have not the shape of one.

use std::collections::BTreeSet;

use crate::aws::definitions::{self, Api, is_method, maps};
use crate::graph::{Reference, Route, TemplateId};
use crate::rule::prelude::*;
use crate::source::{SourceId, Span, join, parent};
use crate::template::{Intrinsic, Map, Name, Resource, Template, Value, ValueKind, read};

rule! {
    /// ## What it does
    /// Finds definitions of APIs, in the template or in a local file, that are no OpenAPI: paths and
    /// methods that are no mappings or are empty, `security` that is no list, `responses` and
    /// `securityDefinitions` that are no mappings, and an `OpenApiVersion` of another form than `3.0.1`.
    ///
    /// ## Why it matters
    /// The transform or API Gateway refuses it, and nothing is deployed.
    ///
    /// ## Example
    /// ```yaml
    /// paths:
    ///   /orders:
    ///     get:
    /// ```
    ///
    /// ## Use instead
    /// An operation, at least with `responses: {}`; or no entry at all.
    ///
    /// ## When to keep it
    /// Never. What macros put in is not judged.
    pub MALFORMED_DEFINITION = {
        id: "malformed-definition",
        category: Contract,
        severity: Error,
        summary: "definition of an API has not the shape of one",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (id, template) in app.templates() {
        for resource in &template.resources {
            let Some(api) = definitions::api(&resource.kind.text) else { continue };
            let mut faults = Faults::of(app, id, resource, api);
            let inline = resource.property(&api.inline).filter(|body| !body.is_null());
            inline.into_iter().flat_map(Value::branches).for_each(|(body, _)| faults.body(body));
            if let Some(body) = inline {
                faults.unfit(resource, api, body);
            }
            if let Some(body) = local(app, template, resource.property(&api.file)) {
                faults.body(&body);
            }
            faults.version(resource.property(OPENAPI_VERSION));
            let place = resource.id.span;
            found.extend(faults.found.into_iter().map(|(span, message, help)| {
                let finding = Finding::at(span, message).because(place, "the API").help(help);
                finding.resource(&template.path, &resource.id.text)
            }));
        }
    }
    found.findings.sort_by_key(|finding| finding.span);
    found.findings.dedup_by_key(|finding| finding.span);
}

/// The definition in a file beside the template. A file that cannot be read was said to be so when
/// the template was linked.
fn local(app: &App<'_>, template: &Template, location: Option<&Value>) -> Option<Value> {
    let path = location?.as_str().filter(|path| !path.contains("://") && !path.starts_with("arn:"))?;
    let source: SourceId = app.sources.find(&join(parent(&template.path), path))?;
    read(app.sources, source).0
}

/// The property that tells in which version SAM writes a definition.
const OPENAPI_VERSION: &str = "OpenApiVersion";

struct Faults<'a> {
    /// Place, what is wrong, what would be right.
    found: Vec<(Span, String, String)>,
    /// Paths and methods that events write, so the definition may leave them empty.
    written: BTreeSet<(&'a str, &'a str)>,
    /// Something is added to what an operation says of its security.
    secured: bool,
    /// Operations are merged with those of events, whose security replaces theirs.
    merged: bool,
}

impl<'a> Faults<'a> {
    fn of(app: &'a App<'_>, template: TemplateId, resource: &Resource, api: &Api) -> Self {
        let is_on = |route: &&Route| {
            api.openapi
                && route.template == template
                && route.event.is_some()
                && route.api == Reference::Resource(resource.id.text.clone())
        };
        let routes = app.graph.routes.iter().filter(is_on);
        Self {
            found: Vec::new(),
            written: routes.map(|route| (route.path.as_str(), route.method.as_str())).collect(),
            secured: api.security.iter().any(|path| is_set(deep(&resource.properties, path))),
            merged: resource.property("MergeDefinitions").is_some(),
        }
    }

    fn add(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.found.push((span, message.into(), help.into()));
    }

    /// A definition, as far as it is written out.
    fn body(&mut self, body: &Value) {
        if body.as_intrinsic().is_some() {
            return;
        }
        let Some(root) = body.as_map() else {
            self.add(body.span, "the definition is not a mapping", "write it as OpenAPI");
            return;
        };
        for path in maps() {
            let Some((name, value)) = entry(root, path) else { continue };
            if is_other_than_map(value) && !value.is_null() {
                self.add(name.span, format!("`{}` is not a mapping", name.text), "make it a mapping");
            }
        }
        for paths in branches(root.get("paths")).into_iter().filter_map(Value::as_map) {
            paths
                .iter()
                .filter(|(path, _)| path.text.starts_with('/'))
                .for_each(|(path, item)| self.path(path, item));
        }
    }

    fn path(&mut self, path: &Name, item: &Value) {
        for item in branches(Some(item)) {
            let written = item.is_null() && self.written.iter().any(|(known, _)| *known == path.text);
            if is_other_than_map(item) && !written {
                let message = format!("path `{}` is not a mapping", path.text);
                self.add(path.span, message, "give it an operation, or leave it out");
            }
            let operations =
                item.as_map().into_iter().flat_map(Map::iter).filter(|(key, _)| is_method(&key.text));
            operations.for_each(|(method, operation)| self.operation(path, method, operation));
        }
    }

    fn operation(&mut self, path: &Name, method: &Name, operation: &Value) {
        let what = format!("{} {}", method.text.to_ascii_uppercase(), path.text);
        for operation in branches(Some(operation)) {
            let key = (path.text.as_str(), method.text.to_ascii_uppercase());
            let written = operation.is_null() && self.written.contains(&(key.0, key.1.as_str()));
            if is_other_than_map(operation) && !written {
                self.add(method.span, format!("{what} is not a mapping"), "define it, or leave it out");
            }
            let Some(operation) = operation.as_map() else { continue };
            if let Some((name, responses)) = operation.entry("responses")
                && is_other_than_map(responses)
                && !responses.is_null()
            {
                self.add(
                    name.span,
                    format!("`responses` of {what} is not a mapping"),
                    "map status codes to responses",
                );
            }
            if let Some((name, security)) = operation.entry("security")
                && !self.merged
                && security.as_list().is_none()
                && security.as_intrinsic().is_none()
                && (self.secured || !security.is_null())
            {
                self.add(name.span, format!("`security` of {what} is not a list"), "list the requirements");
            }
        }
    }

    /// Something of the resource must be written into a definition that is none.
    fn unfit(&mut self, resource: &Resource, api: &Api, body: &Value) {
        let Some(root) =
            body.as_map().filter(|root| root.iter().all(|(key, _)| !key.text.starts_with("Fn::")))
        else {
            return;
        };
        let Some(needed) = api.needs.iter().find(|key| is_set(resource.property(key))) else { return };
        let (version, or) = match api.openapi {
            true => (root.get("openapi"), ""),
            false => (root.get("openapi").or_else(|| root.get("swagger")), " or `swagger`"),
        };
        let lacks = match (version, root.get("paths")) {
            (None, _) => format!("`openapi`{or}"),
            (_, None) => "`paths`".to_owned(),
            (_, Some(paths)) if paths.is_null() => "`paths`".to_owned(),
            _ => return,
        };
        let message = format!("the definition lacks {lacks}, so `{needed}` cannot be written into it");
        self.add(body.span, message, format!("write an OpenAPI definition, or leave `{}` out", api.inline));
    }

    fn version(&mut self, value: Option<&Value>) {
        let Some(value) = value.filter(|value| is_set(Some(value)) && value.as_intrinsic().is_none()) else {
            return;
        };
        let help = "write it as a text of the form '3.0.1'";
        match &value.kind {
            // As it is written: `3.0` is not `3` here.
            ValueKind::String(text) | ValueKind::Number(text) if is_version(text) => {}
            ValueKind::String(text) | ValueKind::Number(text) => {
                self.add(value.span, format!("`{OPENAPI_VERSION}` cannot be `{text}`"), help);
            }
            _ => self.add(value.span, format!("`{OPENAPI_VERSION}` is not a text"), help),
        }
    }
}

/// `2.0`, `3.0`, `3.0.1`.
fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let digit = |part: &&str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts[0], "2" | "3") && (2..=3).contains(&parts.len()) && parts[1..].iter().all(digit)
}

fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|value| match value.as_bool() {
        Some(holds) => holds,
        None => !value.is_null() && !value.is_no_value() && value.as_map().is_none_or(|map| !map.is_empty()),
    })
}

fn deep<'v>(map: &'v Map, path: &[String]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(map.get(first)?, |value, key| value.get(key))
}

/// Everything a value can be, where that is known.
fn branches(value: Option<&Value>) -> Vec<&Value> {
    let all = value.into_iter().flat_map(Value::branches).map(|(value, _)| value);
    all.filter(|value| !matches!(value.as_intrinsic(), Some(Intrinsic::Transform { .. }))).collect()
}

/// A text with a placeholder may be anything once a tool has filled it in.
fn is_other_than_map(value: &Value) -> bool {
    let open = value.as_str().is_some_and(|text| text.contains("${"));
    value.as_map().is_none() && value.as_intrinsic().is_none() && !open
}

fn entry<'v>(root: &'v Map, path: &[String]) -> Option<&'v (Name, Value)> {
    let (last, parents) = path.split_last()?;
    let parent = parents.iter().try_fold(root, |map, key| map.get(key)?.as_map())?;
    parent.entry(last)
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions_have_two_or_three_digits() {
        for text in ["2.0", "3.0", "3.0.1", "3.1.0"] {
            assert!(is_version(text), "{text}");
        }
        for text in ["3", "4.0", "3.0.11", "3.0.0.0", "3..1", "", "three.0"] {
            assert!(!is_version(text), "{text}");
        }
    }
}
