//! SAM policy templates, by name.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Grant;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyTemplate {
    pub name: String,
    #[serde(default)]
    pub parameters: Vec<String>,
    /// What surprises its users.
    pub note: Option<String>,
    pub grants: Vec<Grant>,
}

/// The policy template of this name.
pub fn policy_template(name: &str) -> Option<&'static PolicyTemplate> {
    let templates = &TABLE.templates;
    let index = templates.binary_search_by(|template| template.name.as_str().cmp(name)).ok()?;
    templates.get(index)
}

/// All of them, by name.
pub fn policy_templates() -> &'static [PolicyTemplate] {
    &TABLE.templates
}

#[derive(Default, Deserialize)]
struct Table {
    templates: Vec<PolicyTemplate>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("policy_templates.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_found_by_name() {
        assert_eq!(policy_templates().len(), 81);
        for template in policy_templates() {
            assert_eq!(policy_template(&template.name).map(|found| &found.name), Some(&template.name));
        }
        assert!(policy_template("NoSuchPolicy").is_none());
    }

    #[test]
    fn places_of_grants_are_parameters() {
        for template in policy_templates() {
            let texts = template.grants.iter().flat_map(|grant| &grant.resources);
            for text in texts {
                let open = text.replace("${", "<");
                let place =
                    open.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name);
                assert!(place.is_none_or(|name| template.parameters.iter().any(|p| p == name)), "{text}");
            }
        }
    }
}
