//! Tables, buckets, queues and functions handed to other stacks.

use std::collections::BTreeSet;

use crate::aws::data_stores::internal as internal_kind;
use crate::graph::services::pattern;
use crate::graph::{TemplateId, takes_failures};
use crate::rule::prelude::*;
use crate::source::{Span, parent};
use crate::template::{Intrinsic, Name, Output, Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds tables, buckets, queues and functions that a template of another folder takes, by an export or
    /// a parameter in Systems Manager; one finding per template. An export that nothing in the project
    /// takes, or only templates of the same folder, is not reported, nor a template of stores alone that one
    /// other template takes: there the two are one service, deployed in two parts.
    ///
    /// ## Why it matters
    /// What others read and write directly cannot be changed alone any more. A service is reached by
    /// its API or its events.
    ///
    /// ## Example
    /// ```yaml
    /// Outputs:
    ///   CartsTable:
    ///     Value: !Ref CartsTable
    ///     Export:
    ///       Name: carts-table
    /// ```
    /// and `!ImportValue carts-table` in the template of another service.
    ///
    /// ## Use instead
    /// The address of the service's API, or of the topic or bus it publishes to.
    ///
    /// ## When to keep it
    /// When the stacks are parts of one service that only deploy apart: name it in `[services]` of
    /// slslint.toml.
    pub EXPORTED_DATA_STORE = {
        id: "exported-data-store",
        category: Structure,
        severity: Warning,
        summary: "data store is handed to other stacks",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (id, template) in app.templates() {
        let exports = template.outputs.iter().filter_map(|output| exported(app, id, template, output));
        let parameters = template.resources.iter().filter(|resource| resource.is("AWS::SSM::Parameter"));
        let handed: Vec<Handed<'_>> = exports
            .chain(parameters.filter_map(|parameter| published(app, id, template, parameter)))
            .collect();
        let has_code = app.functions_of(id).next().is_some();
        let many = handed.iter().flat_map(|handed| &handed.taken).map(|(path, _)| path.as_str());
        if has_code || many.collect::<BTreeSet<&str>>().len() > 1 {
            found.extend(finding(template, &handed));
        }
    }
}

/// A store that is handed to other stacks.
struct Handed<'t> {
    store: &'t Resource,
    what: &'static str,
    /// The output or the parameter.
    name: &'t Name,
    value: Span,
    /// Where other stacks of the project take it: the path, and the place there; at least one.
    taken: Vec<(String, Span)>,
}

/// More takers than these say nothing new.
const TAKERS: usize = 3;

/// One finding per template: that its inside is open is one fact.
fn finding(template: &Template, handed: &[Handed<'_>]) -> Option<Finding> {
    let (first, rest) = handed.split_first()?;
    let mut others: Vec<&str> = rest.iter().map(|other| other.store.id.text.as_str()).collect();
    others.sort_unstable();
    others.dedup();
    others.retain(|id| *id != first.store.id.text);
    let more = match others.as_slice() {
        [] => String::new(),
        [one] => format!("; so is `{one}`"),
        several => format!("; so are {} more resources", several.len()),
    };
    let Handed { store, what, name, value, taken } = first;
    let by = match taken.as_slice() {
        [_] => "another stack".to_owned(),
        several => format!("{} other stacks", several.len()),
    };
    let mut finding = Finding::at(name.span, format!("{what} `{}` is used by {by}{more}", store.id.text))
        .because(*value, format!("the {what}"))
        .help("hand out the address of an API, a topic or a bus instead")
        .resource(&template.path, &store.id.text);
    for (path, span) in taken.iter().take(TAKERS) {
        finding = finding.because(*span, format!("taken in {path}"));
    }
    Some(finding)
}

fn exported<'t>(
    app: &App<'_>,
    id: TemplateId,
    template: &'t Template,
    output: &'t Output,
) -> Option<Handed<'t>> {
    let export = output.export.as_ref()?;
    let value = output.value.as_ref()?;
    let (store, what) = internal(template, value)?;
    let name = pattern(&export.text())?;
    let imports = |value: &Value| match value.as_intrinsic() {
        Some(Intrinsic::ImportValue(imported)) => pattern(&imported.text()).as_ref() == Some(&name),
        _ => false,
    };
    let taken = takers(app, id, imports);
    (!taken.is_empty()).then_some(Handed { store, what, name: &output.name, value: value.span, taken })
}

fn published<'t>(
    app: &App<'_>,
    id: TemplateId,
    template: &'t Template,
    parameter: &'t Resource,
) -> Option<Handed<'t>> {
    let value = parameter.property("Value")?;
    let (store, what) = internal(template, value)?;
    let name = pattern(&parameter.property("Name")?.text())?;
    let resolves = |value: &Value| {
        let text = value
            .as_str()
            .map(str::to_owned)
            .or_else(|| matches!(value.as_intrinsic(), Some(Intrinsic::Sub(_))).then(|| value.text()));
        let mut read = text.iter().flat_map(|text| text.split("{{resolve:ssm:").skip(1));
        read.any(|rest| {
            let end = rest.find("}}").unwrap_or(rest.len());
            pattern(rest[..end].split(':').next().unwrap_or_default()).as_ref() == Some(&name)
        })
    };
    let mut taken = takers(app, id, resolves);
    taken.extend(readers(app, id, &name));
    (!taken.is_empty()).then_some(Handed { store, what, name: &parameter.id, value: value.span, taken })
}

/// The one resource that a value stands for, if it is internal to a service. Where failed messages go is
/// no store of data.
fn internal<'t>(template: &'t Template, value: &Value) -> Option<(&'t Resource, &'static str)> {
    let id = match value.as_intrinsic()? {
        Intrinsic::Ref(name) => &name.text,
        Intrinsic::GetAtt { resource, .. } => &resource.text,
        _ => return None,
    };
    let resource = template.resource(id)?;
    let what = internal_kind(&resource.kind.text)?;
    (!takes_failures(template, resource)).then_some((resource, what))
}

/// The first place in each template of another service where `takes` holds.
fn takers(app: &App<'_>, exporter: TemplateId, takes: impl Fn(&Value) -> bool) -> Vec<(String, Span)> {
    let spans = others(app, exporter).filter_map(|template| place(template, &takes));
    spans.map(|span| (app.sources.path(span.source).to_owned(), span)).collect()
}

/// The first place in the resources of a template where `takes` holds.
fn place(template: &Template, takes: &impl Fn(&Value) -> bool) -> Option<Span> {
    let mut at = None;
    // A function that authorizes requests is named by every API that asks it.
    let asks = |resource: &Resource, key: &Name| {
        key.text == AUTHORIZERS || resource.kind.text.ends_with("::Authorizer")
    };
    let properties = template
        .resources
        .iter()
        .flat_map(|resource| resource.properties.iter().filter(move |(key, _)| !asks(resource, key)));
    for (_, value) in properties {
        value.walk(&mut |value| {
            if at.is_none() && takes(value) {
                at = Some(value.span);
            }
        });
    }
    at
}

/// Where an API names what authorizes its requests.
const AUTHORIZERS: &str = "Auth";

/// Template parameters that take their value from the published one.
fn readers(app: &App<'_>, publisher: TemplateId, name: &str) -> Vec<(String, Span)> {
    let parameters = others(app, publisher).flat_map(|template| &template.parameters);
    let reads = parameters.filter_map(|parameter| {
        let default = parameter.default.as_ref().filter(|_| parameter.kind.starts_with("AWS::SSM::"))?;
        let same = pattern(&default.text()).as_deref() == Some(name);
        same.then(|| (app.sources.path(default.span.source).to_owned(), default.span))
    });
    reads.collect()
}

/// Templates of other services. Those of one folder are parts of one service; one that is there to test others
/// may look inside.
fn others<'a>(app: &'a App<'_>, of: TemplateId) -> impl Iterator<Item = &'a Template> {
    let folder = parent(&app.template(of).path);
    app.templates()
        .filter(move |(id, template)| {
            *id != of
                && parent(&template.path) != folder
                && !app.services.declare_together(of, *id)
                && !is_for_tests(&template.path)
        })
        .map(|(_, template)| template)
}

/// Whether a template lies in a folder that is called so: `test-harness`, `integration-tests`.
fn is_for_tests(path: &str) -> bool {
    let mut words = parent(path).split(['/', '-', '_', '.']);
    words.any(|word| ["test", "tests", "testing", "e2e"].contains(&word.to_ascii_lowercase().as_str()))
}
