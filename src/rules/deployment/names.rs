//! What several rules of this category ask about names and environments.

use crate::aws::deployments::{is_same_in_account, tells_apart};
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

/// A parameter that tells deployments of the template apart.
pub fn environment_parameter(template: &Template) -> Option<&Parameter> {
    template.parameters.iter().find(|parameter| {
        let words = words(&parameter.name.text);
        words.iter().any(|word| tells_apart(word))
    })
}

/// Whether a parent passes parameters to the template, so that the parent tells environments apart.
pub fn is_nested(app: &App<'_>, template: &Template) -> bool {
    app.graph.applications.iter().any(|application| {
        application.location.is_some_and(|location| app.template(location).source == template.source)
    })
}

/// `DeployEnv`, `deploy_env` and `deploy-env` are `["deploy", "env"]`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && lower_before {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("DeployEnv"), ["deploy", "env"]);
        assert_eq!(words("stage_name"), ["stage", "name"]);
        assert_eq!(words("ENV"), ["env"]);
        assert_eq!(words("Prevent"), ["prevent"]);
    }
}
