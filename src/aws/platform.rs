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
    /// The only value that counts as set, and only as a literal.
    pub on: Option<String>,
}

/// A type of resource that runs under a role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The property that names the role.
    pub property: String,
    pub subject: HolderKind,
    /// A role is made where none is named.
    #[serde(default)]
    pub generated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    Function,
    StateMachine,
}

/// A statement of a generated policy of a queue.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueuePolicy {
    pub principal: String,
    pub actions: Vec<String>,
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
    /// A rule delivers it; what it could not deliver may go to a queue.
    #[serde(default)]
    pub rule: bool,
    /// Service that may call the function.
    pub principal: Option<String>,
    /// Property that names what it calls on behalf of.
    pub source: Option<String>,
    /// What that is where the property is not set.
    pub default: Option<String>,
    /// The ARN that is made of a source that is not one itself.
    pub arn: Option<String>,
}

/// Managed policies of a role generated for a function.
pub fn function_policies() -> &'static [RolePolicy] {
    &TABLE.roles.function
}

/// Managed policies of a role generated for a state machine.
pub fn state_machine_policies() -> &'static [RolePolicy] {
    &TABLE.roles.state_machine
}

/// How a resource of this type names its role.
pub fn holder(kind: &str) -> Option<&'static Holder> {
    TABLE.holders.get(kind)
}

/// Policy of a queue that a topic feeds for a function.
pub fn subscription_policy() -> &'static QueuePolicy {
    &TABLE.queues.subscription
}

/// Policy of a queue that is generated for a rule.
pub fn dead_letter_policy() -> &'static QueuePolicy {
    &TABLE.queues.dead_letter
}

/// For types that are policies of queues or topics: the property that names those.
pub fn policy_of(kind: &str) -> Option<&'static str> {
    TABLE.resource_policies.get(kind).map(String::as_str)
}

/// The services that policies name as those that act.
pub fn principals() -> &'static Principals {
    &TABLE.principals
}

/// By what acts: the service whose name it acts in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principals {
    pub api: String,
    pub graphql: String,
    pub pipe: String,
    pub topic: String,
    pub rule: String,
    pub schedule: String,
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

/// Whether a role is one of an account where nobody may make another.
pub fn is_given(role: &str) -> bool {
    TABLE.given_roles.iter().any(|known| role.contains(known.as_str()))
}

#[derive(Default, Deserialize)]
struct Table {
    holders: BTreeMap<String, Holder>,
    given_roles: Vec<String>,
    roles: Roles,
    queues: Queues,
    resource_policies: BTreeMap<String, String>,
    principals: Principals,
    dead_letter: BTreeMap<String, Vec<Grant>>,
    destinations: BTreeMap<String, Vec<Grant>>,
    events: BTreeMap<String, Event>,
}

#[derive(Default, Deserialize)]
struct Roles {
    function: Vec<RolePolicy>,
    state_machine: Vec<RolePolicy>,
}

#[derive(Default, Deserialize)]
struct Queues {
    subscription: QueuePolicy,
    dead_letter: QueuePolicy,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("platform_permissions.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert_eq!(
            event("SQS").and_then(|event| event.policy.as_deref()),
            Some("service-role/AWSLambdaSQSQueueExecutionRole")
        );
        assert_eq!(event("MQ").map(|event| event.statements.len()), Some(3));
        assert_eq!(event("SelfManagedKafka").map(|event| event.statements.len()), Some(11));
        assert!(event("Api").is_some_and(|event| event.principal.is_some()));
        assert_eq!(destination("S3").len(), 2);
        assert_eq!(dead_letter("SQS").len(), 1);
        assert_eq!(function_policies().len(), 4);
        assert_eq!(state_machine_policies().len(), 1);
    }
}
