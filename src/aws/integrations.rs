//! How API Gateway, Step Functions and AppSync name what they call.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The service of a first-class integration of HTTP APIs: `SQS` of `SQS-SendMessage` is `sqs`.
pub fn http_subtype(service: &str) -> Option<&'static str> {
    TABLE.http_subtypes.get(service).map(String::as_str)
}

/// Parameters of a task that name what it acts on, the most telling first.
pub fn task_targets() -> &'static [String] {
    &TABLE.task_targets
}

/// Where a data source of this type names what it reads.
pub fn data_source_target(kind: &str) -> Option<Vec<&'static str>> {
    TABLE
        .data_sources
        .iter()
        .find(|row| row.kind == kind)
        .map(|row| row.path.iter().map(String::as_str).collect())
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    http_subtypes: BTreeMap<String, String>,
    task_targets: Vec<String>,
    data_sources: Vec<DataSource>,
}

#[derive(Debug, Deserialize)]
struct DataSource {
    #[serde(rename = "type")]
    kind: String,
    path: Vec<String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| serde_json::from_str(include_str!("integrations.json")).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(http_subtype("StepFunctions"), Some("states"));
        assert_eq!(task_targets().first().map(String::as_str), Some("FunctionName"));
        assert_eq!(data_source_target("AWS_LAMBDA"), Some(vec!["LambdaConfig", "LambdaFunctionArn"]));
    }
}
