//! Permissions that the platform adds by itself when a SAM template is deployed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Grant;

/// A managed policy of generated roles.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePolicy {
    /// Path and name.
    pub policy: String,
    /// Its name outside the standard partition.
    pub elsewhere: Option<String>,
    /// Property that must be set.
    pub when: Option<String>,
    /// Property that must not be set.
    pub unless: Option<String>,
    /// Value of the property that counts as not set.
    pub off: Option<String>,
}

/// What an event of a function brings along.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Managed policy of the generated role.
    pub policy: Option<String>,
    #[serde(default)]
    pub statements: Vec<Grant>,
    /// Lambda polls the source; records that fail may go to a destination.
    #[serde(default)]
    pub polled: bool,
    /// Service that may call the function.
    pub principal: Option<String>,
    /// Property that names what it calls on behalf of.
    pub source: Option<String>,
    /// What that is where the property is not set.
    pub default: Option<String>,
}

/// Managed policies of a role generated for a function.
pub fn function_policies() -> &'static [RolePolicy] {
    &TABLE.roles.function
}

/// Managed policies of a role generated for a state machine.
pub fn state_machine_policies() -> &'static [RolePolicy] {
    &TABLE.roles.state_machine
}

/// By the `Type` of an event of `AWS::Serverless::Function`.
pub fn event(kind: &str) -> Option<&'static Event> {
    TABLE.events.get(kind)
}

/// By the `Type` of `DeadLetterQueue`.
pub fn dead_letter(kind: &str) -> &'static [Grant] {
    TABLE.dead_letter.get(kind).map_or(&[], Vec::as_slice)
}

/// By the `Type` of a destination.
pub fn destination(kind: &str) -> &'static [Grant] {
    TABLE.destinations.get(kind).map_or(&[], Vec::as_slice)
}

#[derive(Default, Deserialize)]
struct Table {
    roles: Roles,
    dead_letter: BTreeMap<String, Vec<Grant>>,
    destinations: BTreeMap<String, Vec<Grant>>,
    events: BTreeMap<String, Event>,
}

#[derive(Default, Deserialize)]
struct Roles {
    function: Vec<RolePolicy>,
    state_machine: Vec<RolePolicy>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("platform_permissions.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert_eq!(event("SQS").and_then(|event| event.policy.as_deref()), Some("service-role/AWSLambdaSQSQueueExecutionRole"));
        assert_eq!(event("MQ").map(|event| event.statements.len()), Some(3));
        assert_eq!(event("SelfManagedKafka").map(|event| event.statements.len()), Some(11));
        assert!(event("Api").is_some_and(|event| event.principal.is_some()));
        assert_eq!(destination("S3").len(), 2);
        assert_eq!(dead_letter("SQS").len(), 1);
        assert_eq!(function_policies().len(), 4);
        assert_eq!(state_machine_policies().len(), 1);
    }
}
