//! How EventBridge Pipes reads sources, and what lets services send to targets.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// How a pipe reads an event source of this kind.
pub fn source(kind: &str) -> Option<&'static Source> {
    TABLE.sources.iter().find(|source| source.kind == kind)
}

/// What lets a service send to a resource of this type.
pub fn target(kind: &str) -> Option<&'static Target> {
    TABLE.targets.get(kind)
}

/// How a pipe reads one kind of source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub kind: String,
    /// The setting of the event that names it.
    pub named: String,
    /// Its section of the source parameters.
    pub section: String,
    /// Settings of the event that the section has by the same names.
    pub settings: Vec<String>,
    /// Settings of the event that have a place of their own, or need none.
    pub apart: Vec<String>,
    /// What the role needs to read it.
    pub reads: Vec<String>,
    /// How many records come at once where nothing is set.
    pub batch: u32,
}

/// What lets a service send to one type of resource.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub action: String,
    /// The type of its policies.
    pub policy: String,
    /// The property by which a policy names it.
    pub names: String,
    /// The attribute that gives its ARN, where `Ref` does not.
    pub arn: Option<String>,
}

#[derive(Default, Deserialize)]
struct Table {
    sources: Vec<Source>,
    targets: BTreeMap<String, Target>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("pipes.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_and_streams_are_read() {
        assert_eq!(source("sqs").map(|source| source.batch), Some(10));
        assert_eq!(source("kinesis").map(|source| source.settings.len()), Some(7));
        assert!(source("sns").is_none());
        assert!(target("AWS::SNS::Topic").is_some_and(|topic| topic.arn.is_none()));
    }
}
