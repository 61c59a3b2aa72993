//! What events must name in their template.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What an event of this `Type` must name, where it must name something of its template.
pub fn requirement(event: &str) -> Option<&'static Requirement> {
    TABLE.events.get(event)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub property: String,
    pub ground: Ground,
    /// With its article.
    pub wanted: String,
    pub noun: String,
    /// Types of resources that are certainly wrong.
    pub unlike: Vec<String>,
}

/// How the property may name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// By `Ref` to a resource only.
    Reference,
    /// By `Ref` or by the logical id; what is not known passes.
    Name,
}

#[derive(Default, Deserialize)]
struct Table {
    events: BTreeMap<String, Requirement>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("event_sources.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(requirement("S3").map(|wanted| wanted.ground), Some(Ground::Reference));
        assert_eq!(requirement("Api").map(|wanted| wanted.property.as_str()), Some("RestApiId"));
        assert!(requirement("SQS").is_none());
    }
}
