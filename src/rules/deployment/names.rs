//! What several rules of this category ask about names and environments.

use crate::aws::deployments::is_same_in_account;
use crate::aws::environment_names::kind;
use crate::aws::physical_names::{PhysicalName, physical_name};
use crate::graph::App;
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
    // A dynamic reference is a value from outside, which may differ.
    // `orders-prod` is the name in one environment: there is another template for each, or another name.
    let is_of_one = matches!(kind(&text), Some("production" | "development"));
    let fixed = !text.is_empty()
        && !is_of_one
        && !text.contains("{{resolve:")
        && value
            .mentions()
            .iter()
            .all(|mention| mention.kind == MentionKind::Ref && is_same_in_account(&mention.name.text));
    let known = fixed && only_text(value) && template.has_known_transforms();
    known.then_some((value, naming))
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

/// Whether a parent passes parameters to the template, so that the parent tells environments apart.
pub fn is_nested(app: &App<'_>, template: &Template) -> bool {
    app.graph.applications.iter().any(|application| {
        application.location.is_some_and(|location| app.template(location).source == template.source)
    })
}
