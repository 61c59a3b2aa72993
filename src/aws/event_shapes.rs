//! Fields that tell the events of a function's triggers apart.

use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

/// A form of event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventShape {
    /// `rest`, `http`, `records`.
    pub id: String,
    /// With its article.
    pub name: String,
    fields: Vec<String>,
    #[serde(default)]
    all: Vec<String>,
}

impl EventShape {
    /// Whether this event never has the part at `path`.
    pub fn lacks(&self, path: &[String]) -> bool {
        let first = path.first().filter(|_| !self.all.is_empty());
        first.is_some_and(|first| !self.all.contains(first))
    }

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

/// Whether events of CloudFormation for a custom resource have the part at `path`.
pub fn is_of_custom_resource(path: &[String]) -> bool {
    TABLE.custom_resource.fields.iter().any(|field| starts_with(path, field))
}

/// Whether the answer to CloudFormation for a custom resource has this entry.
pub fn answers_custom_resource(entry: &str) -> bool {
    TABLE.custom_resource.answers.iter().any(|known| known == entry)
}

/// Whether a package serves custom resources.
pub fn serves_custom_resources(package: &str) -> bool {
    any(&TABLE.custom_resource.packages, package)
}

/// Whether a package gives the handler another event, or its answer another form.
pub fn is_wrapper(package: &str) -> bool {
    any(&TABLE.wrappers, package)
}

/// The entry of an answer that names the failed records of a batch.
pub fn batch_answer() -> &'static str {
    &TABLE.batch_answer
}

/// The setting of an event source that has the failed records read.
pub fn batch_setting() -> &'static str {
    &TABLE.batch_setting
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
    custom_resource: CustomResource,
    wrappers: Vec<String>,
    batch_answer: String,
    batch_setting: String,
}

#[derive(Default, Deserialize)]
struct CustomResource {
    fields: Vec<String>,
    answers: Vec<String>,
    packages: Vec<String>,
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
        assert!(
            is_of_custom_resource(&path("ResourceProperties.Name")) && serves_custom_resources("crhelper")
        );
        assert!(is_wrapper("@middy/core") && !is_wrapper("aws_lambda_powertools.utilities"));
    }
}
