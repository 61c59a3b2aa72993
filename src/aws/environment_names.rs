//! What environments are called, and the parameters that name them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
struct Names {
    kinds: BTreeMap<String, Vec<String>>,
    not_production: Vec<String>,
    parameters: Vec<String>,
    naming_parameters: Vec<String>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| super::table(include_str!("environment_names.yaml")));

const PRODUCTION: &str = "production";

/// The kind of environment that a name speaks of: `shop-prod` is `production`. `None` where it names
/// none, or several.
pub fn kind(name: &str) -> Option<&'static str> {
    let words = words(name);
    let mut found: Option<&'static str> = None;
    for (index, word) in words.iter().enumerate() {
        let Some((kind, _)) = NAMES.kinds.iter().find(|(_, names)| names.contains(word)) else { continue };
        let denied = index > 0 && NAMES.not_production.contains(&words[index - 1]);
        if kind == PRODUCTION && denied {
            // `pre-prod` is named by its first word alone, `non-prod` by none.
            continue;
        }
        match found {
            Some(known) if known != kind => return None,
            _ => found = Some(kind),
        }
    }
    found
}

pub fn is_production(name: &str) -> bool {
    kind(name) == Some(PRODUCTION)
}

/// Whether a name speaks of an environment that is not production.
pub fn is_before_production(name: &str) -> bool {
    kind(name).is_some_and(|kind| kind != PRODUCTION)
}

/// Whether a parameter of this name tells deployments of a template apart.
pub fn is_environment_parameter(name: &str) -> bool {
    words(name).iter().any(|word| NAMES.parameters.contains(word))
}

/// Whether the values of a parameter of this name are names of environments.
pub fn names_environments(name: &str) -> bool {
    words(name).iter().any(|word| NAMES.naming_parameters.contains(word))
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
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("DeployEnv"), ["deploy", "env"]);
        assert_eq!(words("stage_name"), ["stage", "name"]);
        assert_eq!(words("ENV"), ["env"]);
        assert_eq!(words("Prevent"), ["prevent"]);
    }

    #[test]
    fn environments_have_a_kind() {
        assert_eq!(kind("shop-prod"), Some("production"));
        assert_eq!(kind("PROD_STACK"), Some("production"));
        assert_eq!(kind("nonprod"), Some("development"));
        assert_eq!(kind("non-prod"), None);
        assert_eq!(kind("pre-prod"), Some("staging"));
        assert_eq!(kind("dev-to-prod"), None);
        assert_eq!(kind("orders"), None);
        assert!(is_environment_parameter("DeployEnv") && !is_environment_parameter("Prevent"));
    }
}
