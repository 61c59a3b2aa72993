//! Fields that tell the events of a function's triggers apart.

use std::sync::LazyLock;

use serde::Deserialize;

/// A form of event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventShape {
    /// `rest`, `http`, `records`.
    pub id: String,
    /// With its article.
    pub name: String,
    fields: Vec<String>,
}

impl EventShape {
    /// Whether only this event has the part at `path`.
    pub fn has_alone(&self, path: &[String]) -> bool {
        self.fields.iter().any(|field| starts_with(path, field))
    }
}

pub fn event_shape(id: &str) -> Option<&'static EventShape> {
    TABLE.shapes.iter().find(|shape| shape.id == id)
}

pub fn event_shapes() -> &'static [EventShape] {
    &TABLE.shapes
}

/// Whether events of APIs have the part at `path`, and events with records do not.
pub fn is_of_api(path: &[String]) -> bool {
    TABLE.api.iter().any(|field| starts_with(path, field))
}

/// Whether event sources of this kind deliver records.
pub fn has_records(kind: &str) -> bool {
    TABLE.records.iter().any(|known| known == kind)
}

fn starts_with(path: &[String], field: &str) -> bool {
    let mut parts = path.iter();
    field.split('.').all(|part| parts.next().is_some_and(|known| known == part))
}

#[derive(Default, Deserialize)]
struct Table {
    shapes: Vec<EventShape>,
    api: Vec<String>,
    records: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("event_shapes.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_tell_events_apart() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let http = event_shape("http").expect("it is there");
        assert!(http.has_alone(&path("requestContext.http.method")) && !http.has_alone(&path("httpMethod")));
        assert!(is_of_api(&path("body")) && !is_of_api(&path("Records.*.body")) && has_records("sqs"));
        assert_eq!(event_shapes().len(), 3);
    }
}
