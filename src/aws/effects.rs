//! What an API operation does to the resource it is called on.

use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Invokes,
    Sends,
    Reads,
    Writes,
}

/// By the command line name of the service and the operation as the API spells it.
pub fn effect(service: &str, operation: &str) -> Effect {
    let call = format!("{service}:{operation}");
    let table = &*TABLE;
    if any(&table.invokes, &call) {
        Effect::Invokes
    } else if any(&table.sends, &call) {
        Effect::Sends
    } else if any(&table.reads, &call) {
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
    invokes: Vec<String>,
    sends: Vec<String>,
    reads: Vec<String>,
    conditions: Vec<String>,
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
