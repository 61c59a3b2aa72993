//! The text of a configuration file: `slslint.toml`, or `[tool.slslint]` of `pyproject.toml`.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Config, ConfigError, did_you_mean};

impl Config {
    /// Reads the text of `slslint.toml`.
    ///
    /// # Errors
    /// Syntax, unknown keys and values of the wrong type, with their place.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml_text(text)
    }

    /// Reads `[tool.slslint]` of the text of `pyproject.toml`; `None` where there is no such table.
    ///
    /// # Errors
    /// As [`Config::parse`].
    pub fn parse_pyproject(text: &str) -> Result<Option<Self>, ConfigError> {
        let project: PyProject = toml_text(text)?;
        Ok(project.tool.slslint)
    }
}

/// What is read of `pyproject.toml`; all else is of other tools.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PyProject {
    tool: Tools,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tools {
    slslint: Option<Config>,
}

/// Reads a text in TOML.
///
/// # Errors
/// Syntax, unknown keys (with the nearest that there is) and values of the wrong type, with their place.
pub fn toml_text<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error: toml::de::Error| ConfigError {
        text: suggested(error.message()),
        range: error.span(),
        name: None,
    })
}

/// serde lists what it expected after an unknown field; the nearest of that is what was meant.
fn suggested(message: &str) -> String {
    // A message that goes over several lines is a picture of the place for terminals.
    let message = message.lines().next().unwrap_or_default();
    let Some((unknown, expected)) = message.split_once(", expected ") else { return message.to_owned() };
    let Some(name) = unknown.strip_prefix("unknown field ") else { return message.to_owned() };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let nearest = did_you_mean(name.trim_matches('`'), &known);
    if nearest.is_empty() {
        format!("{unknown}; there are {}", known.join(", "))
    } else {
        unknown.to_owned() + &nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_has_its_place_and_the_nearest_that_there_is() {
        let error = Config::parse("\nexclud = []").expect_err("the key is wrong");
        assert_eq!(error.text, "unknown field `exclud`; did you mean `exclude`?");
        assert_eq!(error.range, Some(1..7));
        let error = Config::parse("colour = 1").expect_err("the key is wrong");
        assert!(error.text.starts_with("unknown field `colour`; there are extends, exclude, "), "{error:?}");
        let error = Config::parse("[[override]]\npath = []\n").expect_err("the key is wrong");
        assert_eq!(error.text, "unknown field `path`; did you mean `paths`?");
    }

    #[test]
    fn a_python_project_has_a_table_of_its_own() {
        let read = |text| Config::parse_pyproject(text);
        assert!(read("[project]\nname = 'x'\n").expect("it is TOML").is_none());
        let config = read("[tool.other]\nx = 1\n[tool.slslint]\nignore = ['a']\n").expect("it is TOML");
        assert_eq!(config.map(|config| config.ignore), Some(vec!["a".to_owned()]));
        let error = read("[tool.slslint]\nselct = []\n").expect_err("the key is wrong");
        assert_eq!(error.text, "unknown field `selct`; did you mean `select`?");
        assert_eq!(error.range, Some(15..20));
    }
}
