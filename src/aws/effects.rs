//! What an API operation does to the resource it is called on.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use super::glob::glob;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Invokes,
    Sends,
    Reads,
    Writes,
}

/// By the command line name of the service and the operation as the API spells it.
pub fn effect(service: &str, operation: &str) -> Effect {
    let table = &*TABLE;
    let is_among = |calls: &[(String, String)]| {
        calls.iter().any(|(of, pattern)| glob(of, service) && glob(pattern, operation))
    };
    if is_among(&table.invokes) {
        Effect::Invokes
    } else if is_among(&table.sends) {
        Effect::Sends
    } else if is_among(&table.reads) {
        Effect::Reads
    } else {
        Effect::Writes
    }
}

/// Whether a write asks the service by this member of its input whether to happen at all.
pub fn is_condition(member: &str) -> bool {
    TABLE.conditions.iter().any(|known| known == member)
}

#[derive(Default, Deserialize)]
struct Table {
    #[serde(deserialize_with = "calls")]
    invokes: Vec<(String, String)>,
    #[serde(deserialize_with = "calls")]
    sends: Vec<(String, String)>,
    #[serde(deserialize_with = "calls")]
    reads: Vec<(String, String)>,
    conditions: Vec<String>,
}

/// Patterns of services and of their operations.
fn calls<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<(String, String)>, D::Error> {
    let written = Vec::<String>::deserialize(from)?;
    let parts = written.iter().filter_map(|call| call.split_once(':'));
    Ok(parts.map(|(service, operation)| (service.to_owned(), operation.to_owned())).collect())
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("effects.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_have_an_effect() {
        assert_eq!(effect("dynamodb", "GetItem"), Effect::Reads);
        assert_eq!(effect("dynamodb", "PutItem"), Effect::Writes);
        assert_eq!(effect("sqs", "SendMessageBatch"), Effect::Sends);
        assert!(is_condition("ConditionExpression") && !is_condition("Item"));
        assert_eq!(effect("stepfunctions", "StartSyncExecution"), Effect::Invokes);
    }
}
