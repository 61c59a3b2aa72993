//! What several rules of this category ask about names and environments.

use crate::aws::deployments::is_same_in_account;
use crate::aws::physical_names::{PhysicalName, physical_name};
use crate::graph::App;
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
    let fixed = !text.is_empty()
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

/// Whether a parent passes parameters to the template, so that the parent tells environments apart.
pub fn is_nested(app: &App<'_>, template: &Template) -> bool {
    app.graph.applications.iter().any(|application| {
        application.location.is_some_and(|location| app.template(location).source == template.source)
    })
}
