//! Which calls set off the events of what they act on.

use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

/// Whether a call runs a function: by the command line name of its service and the operation.
pub fn is_invocation(service: &str, operation: &str) -> bool {
    any(&TABLE.invocations, &format!("{service}:{operation}"))
}

/// Whether an event source of a kind passes on what a call does.
pub fn sets_off(service: &str, operation: &str, kind: &str) -> Option<&'static Trigger> {
    let call = format!("{service}:{operation}");
    TABLE.calls.iter().find(|row| row.source == kind && any(&row.calls, &call))
}

/// Settings of an event source by which it passes on only some.
pub fn filters() -> &'static [String] {
    &TABLE.filters
}

/// Whether a source of this kind may give several records at once.
pub fn is_batched(kind: &str) -> bool {
    TABLE.batched.iter().any(|known| known == kind)
}

/// Whether a source of this kind always gives one record.
pub fn is_single(kind: &str) -> bool {
    TABLE.single.iter().any(|known| known == kind)
}

/// Whether a source of this kind parts who writes from who reads.
pub fn is_queue(kind: &str) -> bool {
    TABLE.queues.iter().any(|known| known == kind)
}

/// Calls that a kind of event source passes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    source: String,
    calls: Vec<String>,
    #[serde(default)]
    events: Vec<String>,
}

impl Trigger {
    /// Whether the source passes them on only where it listens to some events.
    pub fn is_of_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Whether the source passes them on where it listens to this event.
    pub fn is_heard_as(&self, event: &str) -> bool {
        any(&self.events, event)
    }
}

#[derive(Default, Deserialize)]
struct Table {
    invocations: Vec<String>,
    calls: Vec<Trigger>,
    filters: Vec<String>,
    batched: Vec<String>,
    single: Vec<String>,
    queues: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("triggers.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_sets_off_the_events_of_its_own_service() {
        assert!(sets_off("sqs", "SendMessageBatch", "sqs").is_some_and(|row| !row.is_of_events()));
        assert!(sets_off("sqs", "SendMessage", "sns").is_none());
        assert!(sets_off("dynamodb", "GetItem", "dynamodb").is_none());
        let made = sets_off("s3", "PutObject", "s3").expect("objects are made");
        assert!(made.is_heard_as("s3:ObjectCreated:Put") && !made.is_heard_as("s3:ObjectRemoved:*"));
        assert!(is_invocation("lambda", "Invoke") && !is_invocation("lambda", "GetFunction"));
    }

    #[test]
    fn sources_differ_in_how_they_hand_over() {
        assert!(is_batched("kinesis") && !is_batched("sns") && is_single("s3") && is_queue("msk"));
        assert_eq!(filters().len(), 2);
    }
}
