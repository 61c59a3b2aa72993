//! What the resource types that the graph knows are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The part a resource plays, whichever type declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Function,
    StateMachine,
    RestApi,
    HttpApi,
    WebSocketApi,
    /// One type for two kinds; `ProtocolType` tells which.
    HttpOrWebSocketApi,
    GraphqlApi,
    Layer,
    Table,
    Application,
}

/// The part of a resource type, where the graph has a list for it.
pub fn role(kind: &str) -> Option<Role> {
    TABLE.roles.get(kind).copied()
}

/// For types that only stand for another resource (an alias of a function): the property that names
/// that resource.
pub fn stands_for(kind: &str) -> Option<&'static str> {
    TABLE.stands_for.get(kind).map(String::as_str)
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    roles: BTreeMap<String, Role>,
    stands_for: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| serde_json::from_str(include_str!("resource_types.json")).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(role("AWS::Serverless::Function"), Some(Role::Function));
        assert_eq!(role("AWS::S3::Bucket"), None);
        assert_eq!(stands_for("AWS::Lambda::Alias"), Some("FunctionName"));
    }
}
