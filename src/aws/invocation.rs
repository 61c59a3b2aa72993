//! What invokes functions and state machines: SAM events, and the sources that Lambda polls.

use std::sync::LazyLock;

use serde::Deserialize;

/// A SAM event type that is not an API.
#[derive(Debug, Deserialize)]
pub struct EventType {
    #[serde(rename = "type")]
    pub name: String,
    /// The published kind of the event source.
    pub kind: String,
    /// The property that names the source.
    pub property: String,
    #[serde(default)]
    pub source: Source,
    /// The source where the property is not set.
    #[serde(default)]
    pub default: Option<String>,
}

/// How an event names its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    #[default]
    Reference,
    Text,
    /// Texts, joined by commas.
    List,
}

pub fn event_type(name: &str) -> Option<&'static EventType> {
    TABLE.events.iter().find(|event| event.name == name)
}

/// The kind of a source that is polled, by the type of its resource or, outside the template, by
/// the service in its ARN; else by a property that only this kind of source has.
pub fn polled_kind(
    resource_type: Option<&str>,
    service: Option<&str>,
    has_property: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let by = |test: &dyn Fn(&Polled) -> bool| {
        TABLE.polled.iter().find(|row| test(row)).map(|row| row.kind.as_str())
    };
    resource_type
        .and_then(|name| by(&|row| row.types.iter().any(|known| known == name)))
        .or_else(|| service.and_then(|name| by(&|row| row.service.as_deref() == Some(name))))
        .or_else(|| by(&|row| row.marks.iter().any(|mark| has_property(mark))))
}

/// Whether a source of this kind hands its event over and does not wait for the function.
pub fn is_asynchronous(kind: &str) -> bool {
    TABLE.asynchronous.iter().any(|known| known == kind)
}

/// The entry of an answer in which a poller looks for the records that failed.
pub const FAILURES: &str = "batchItemFailures";

/// Whether a source of this kind waits for what the function returns.
pub fn is_waiting(kind: &str) -> bool {
    TABLE.waiting.iter().any(|known| known == kind)
}

/// Whether a source of this kind is a stream whose failed batches can be sent to a destination.
pub fn is_stream_with_destination(kind: &str) -> bool {
    TABLE.streams_with_destination.iter().any(|known| known == kind)
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    asynchronous: Vec<String>,
    waiting: Vec<String>,
    streams_with_destination: Vec<String>,
    events: Vec<EventType>,
    polled: Vec<Polled>,
}

#[derive(Debug, Deserialize)]
struct Polled {
    kind: String,
    #[serde(default)]
    service: Option<String>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    marks: Vec<String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| serde_json::from_str(include_str!("invocation.json")).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        let event = event_type("ScheduleV2").expect("the table has it");
        assert_eq!(
            (event.kind.as_str(), event.property.as_str(), event.source),
            ("schedule", "ScheduleExpression", Source::Text)
        );
        assert!(event_type("Api").is_none());
        assert!(is_asynchronous("s3") && !is_asynchronous("sqs") && is_stream_with_destination("kinesis"));
    }

    #[test]
    fn a_polled_source_is_known_by_type_then_service_then_property() {
        assert_eq!(polled_kind(Some("AWS::SQS::Queue"), Some("kafka"), |_| true), Some("sqs"));
        assert_eq!(polled_kind(None, Some("kafka"), |_| false), Some("msk"));
        assert_eq!(polled_kind(None, None, |name| name == "Queues"), Some("mq"));
        assert_eq!(polled_kind(None, None, |_| false), None);
    }
}
