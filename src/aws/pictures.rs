//! How kinds of resources are drawn.

use std::sync::LazyLock;

use serde::Deserialize;

/// The resource keeps what is written to it.
pub fn is_store(kind: &str) -> bool {
    TABLE.store.iter().any(|start| kind.starts_with(start))
}

/// The resource carries messages from one to another.
pub fn is_channel(kind: &str) -> bool {
    TABLE.channel.iter().any(|start| kind.starts_with(start))
}

#[derive(Default, Deserialize)]
struct Table {
    store: Vec<String>,
    channel: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("pictures.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(is_store("AWS::DynamoDB::Table") && is_channel("AWS::SQS::Queue"));
        assert!(!is_store("AWS::IAM::Role") && !is_channel("AWS::Events::Rule"));
    }
}
