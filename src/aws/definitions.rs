//! The shape of definitions of APIs.

use std::sync::LazyLock;

use serde::Deserialize;

/// Where a resource of this type has its definition.
pub fn api(kind: &str) -> Option<&'static Api> {
    TABLE.apis.iter().find(|api| api.kind == kind)
}

/// Whether a key of a path is an operation.
pub fn is_method(key: &str) -> bool {
    TABLE.methods.iter().any(|method| method.eq_ignore_ascii_case(key))
}

/// Parts of a definition that are mappings, by their path.
pub fn maps() -> &'static [Vec<String>] {
    &TABLE.maps
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    #[serde(rename = "type")]
    kind: String,
    /// Property with the definition itself.
    pub inline: String,
    /// Property with its address.
    pub file: String,
    /// Properties that are written into the definition, so it must be one.
    pub needs: Vec<String>,
    /// It must be OpenAPI 3, and events fill in what is empty.
    #[serde(default)]
    pub openapi: bool,
    /// Properties, by their path, that are added to the security of every operation.
    #[serde(default)]
    pub security: Vec<Vec<String>>,
}

#[derive(Default, Deserialize)]
struct Table {
    apis: Vec<Api>,
    methods: Vec<String>,
    maps: Vec<Vec<String>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("definitions.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert!(api("AWS::Serverless::HttpApi").is_some_and(|api| api.openapi));
        assert!(is_method("GET") && !is_method("parameters"));
        assert_eq!(maps().len(), 7);
    }
}
