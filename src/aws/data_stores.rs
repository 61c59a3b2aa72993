//! What holds a service's data, or is its inside.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What people call resources of a type that belong to one service alone.
pub fn internal(kind: &str) -> Option<&'static str> {
    TABLE.internal.get(kind).map(String::as_str)
}

#[derive(Default, Deserialize)]
struct Table {
    internal: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("data_stores.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_internal_and_topics_are_not() {
        assert_eq!(internal("AWS::DynamoDB::Table"), Some("table"));
        assert_eq!(internal("AWS::SNS::Topic"), None);
    }
}
