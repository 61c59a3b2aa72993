//! Which property gives a resource its name in the account.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// How resources of a type are named.
#[derive(Debug, Deserialize)]
pub struct PhysicalName {
    #[serde(rename = "type")]
    kind: String,
    pub property: String,
    /// The resource keeps data, which a new name would leave behind.
    #[serde(default)]
    pub data: bool,
    /// The property that says what the name must be unique in, where that is not the account.
    pub within: Option<String>,
}

static NAMES: LazyLock<FxHashMap<String, PhysicalName>> = LazyLock::new(|| {
    let rows: Vec<PhysicalName> =
        serde_yaml::from_str(include_str!("physical_names.yaml")).expect("the table is checked by a test");
    rows.into_iter().map(|row| (row.kind.clone(), row)).collect()
});

/// `None` for types whose names may repeat, or that have none.
pub fn physical_name(kind: &str) -> Option<&'static PhysicalName> {
    NAMES.get(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(
            physical_name("AWS::DynamoDB::Table").map(|name| name.property.as_str()),
            Some("TableName")
        );
        assert!(physical_name("AWS::SQS::Queue").is_some_and(|name| name.data));
        assert!(physical_name("AWS::Serverless::Api").is_none());
    }
}
