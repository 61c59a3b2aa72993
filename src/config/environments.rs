//! Environments as the configuration declares them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::template::environments::Declared;

/// One environment as the project declares it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct EnvironmentSettings {
    /// Values of parameters.
    pub parameters: BTreeMap<String, Scalar>,
    pub stack_name: Option<String>,
    pub region: Option<String>,
    /// Twelve digits.
    pub account: Option<String>,
    /// Whether it is production, where the name does not tell.
    pub production: Option<bool>,
}

/// A value of a parameter: text, number or boolean.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Text(String),
    Number(i64),
    Boolean(bool),
}

impl EnvironmentSettings {
    pub(crate) fn declared(&self) -> Declared {
        let text = |scalar: &Scalar| match scalar {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Boolean(value) => value.to_string(),
        };
        Declared {
            parameters: self.parameters.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
            stack_name: self.stack_name.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
            production: self.production,
        }
    }
}
