//! What several rules of this category ask about names and environments.

use crate::aws::deployments::{is_once_in_account, is_same_in_account};
use crate::aws::environment_names::kind;
use crate::aws::physical_names::{PhysicalName, physical_name};
use crate::graph::App;
use crate::source::parent;
use crate::template::environments::{Environment, Said};
use crate::template::{Intrinsic, MentionKind, Parameter, Resource, Template, Value};

/// The name that a resource gives itself, where every deployment gives the same.
pub fn fixed_name<'t>(
    template: &Template,
    resource: &'t Resource,
) -> Option<(&'t Value, &'static PhysicalName)> {
    let naming = physical_name(&resource.kind.text)?;
    let value = resource.own_properties.get(&naming.property)?;
    let text = value.text();
    // `orders-prod` is the name in one environment: there is another template for each, or another name.
    let is_of_one =
        matches!(kind(&text), Some("production" | "development")) || is_of_folder(&template.path, &text);
    let around = naming.within.as_ref().and_then(|within| resource.own_properties.get(within));
    let fixed = !text.is_empty() && !is_of_one && is_fixed(value) && around.is_none_or(is_fixed);
    let known = fixed && only_text(value) && template.has_known_transforms();
    known.then_some((value, naming))
}

/// `test-orders` of a template in the folder `test`: each environment has a folder of its own.
fn is_of_folder(path: &str, name: &str) -> bool {
    let mut folders = parent(path).split('/').filter(|folder| kind(folder).is_some());
    folders.any(|folder| name.split(['-', '_', '.', '/']).any(|part| part.eq_ignore_ascii_case(folder)))
}

/// The same in every deployment to an account. A dynamic reference is a value from outside, which may
/// differ.
fn is_fixed(value: &Value) -> bool {
    let mentions = value.mentions();
    let is_same = |kind, name: &str| kind == MentionKind::Ref && is_same_in_account(name);
    let all_same = mentions.iter().all(|mention| is_same(mention.kind, &mention.name.text));
    all_same && !value.text().contains("{{resolve:")
}

fn only_text(value: &Value) -> bool {
    value.as_str().is_some()
        || matches!(value.as_intrinsic(), Some(Intrinsic::Sub(_) | Intrinsic::Join { .. }))
}

/// A parameter that tells deployments of the template apart, and that something depends on.
pub fn environment_parameter(template: &Template) -> Option<&Parameter> {
    template.environment_parameter().filter(|parameter| is_used(template, &parameter.name.text))
}

/// Whether anything depends on a parameter. A macro, or a template this one is a part of, may.
fn is_used(template: &Template, parameter: &str) -> bool {
    let in_resources = template.resources.iter().flat_map(|resource| resource.properties.iter());
    let values = in_resources
        .map(|(_, value)| value)
        .chain(template.conditions.iter().map(|(_, value)| value))
        .chain(template.outputs.iter().flat_map(|output| output.value.iter().chain(&output.export)));
    let mut mentions = values.flat_map(Value::mentions);
    !template.is_whole() || mentions.any(|mention| mention.name.text == parameter)
}

/// Whether every two environments are known to be in accounts or Regions of their own, where one name
/// does for all of them.
pub fn are_apart(template: &Template) -> bool {
    let all: Vec<&Environment> = template.deployed_environments().collect();
    let literal = |said: &Option<Said>| said.as_ref().and_then(|said| said.literal().map(str::to_owned));
    let differ =
        |one: Option<String>, other: Option<String>| one.is_some() && other.is_some() && one != other;
    let apart = |one: &Environment, other: &Environment| {
        let accounts = !one.accounts.is_empty() && !other.accounts.is_empty();
        accounts && one.accounts.is_disjoint(&other.accounts)
            || differ(literal(&one.profile), literal(&other.profile))
            || differ(literal(&one.region), literal(&other.region))
    };
    let mut pairs =
        all.iter().enumerate().flat_map(|(at, one)| all[at + 1..].iter().map(move |other| (one, other)));
    all.len() > 1 && pairs.all(|(one, other)| apart(one, other))
}

/// Whether something tells environments of the template apart: a parameter, names made from the stack's,
/// or the files that deploy it.
pub fn has_environments(template: &Template) -> bool {
    let mut exports = template.outputs.iter().flat_map(|output| &output.export);
    environment_parameter(template).is_some()
        || uses_stack_name(template)
        || exports.any(of_stack)
        || template.deployed_environments().nth(1).is_some()
}

pub fn uses_stack_name(template: &Template) -> bool {
    let values = template.resources.iter().flat_map(|resource| resource.properties.iter());
    let mut values = values.map(|(_, value)| value);
    values.any(of_stack)
}

fn of_stack(value: &Value) -> bool {
    value.mentions().iter().any(|mention| mention.name.text == "AWS::StackName")
}

/// Whether an account can have one stack of the template only.
pub fn is_of_account(template: &Template) -> bool {
    template.resources.iter().any(|resource| is_once_in_account(&resource.kind.text))
}

/// The templates that deploy this one as a part of theirs.
pub fn parents<'a>(app: &'a App<'_>, template: &'a Template) -> impl Iterator<Item = &'a Template> {
    let is_parent = |location: Option<_>| {
        location.is_some_and(|location| app.template(location).source == template.source)
    };
    let parts = app.graph.applications.iter().filter(move |part| is_parent(part.location));
    parts.map(|part| app.template(part.template))
}

/// Whether a parent passes parameters to the template, so that the parent tells environments apart.
pub fn is_nested(app: &App<'_>, template: &Template) -> bool {
    parents(app, template).next().is_some()
}
