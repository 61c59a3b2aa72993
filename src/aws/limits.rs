//! Quotas, by name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    value: u64,
    #[serde(rename = "unit")]
    _unit: String,
    #[serde(rename = "hard")]
    _hard: bool,
}

static LIMITS: LazyLock<BTreeMap<String, u64>> = LazyLock::new(|| {
    let rows: Vec<Row> =
        serde_yaml::from_str(include_str!("limits.yaml")).expect("the table is checked by a test");
    rows.into_iter().map(|row| (row.id, row.value)).collect()
});

/// A quota, in the unit its row gives.
///
/// # Panics
/// Where no row has this id; a test reads every id that is used.
pub fn limit(id: &str) -> u64 {
    *LIMITS.get(id).unwrap_or_else(|| panic!("no limit is called {id}"))
}

/// The same as people write it: `1,000`.
///
/// # Panics
/// As [`limit`].
pub fn told(id: &str) -> String {
    let value = limit(id);
    if value < 1_000 { value.to_string() } else { format!("{},{:03}", value / 1_000, value % 1_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_has_what_lambda_says() {
        assert_eq!(limit("lambda.layers_per_function"), 5);
        assert_eq!(told("apigateway.template_rounds"), "1,000");
        assert_eq!(told("lambda.layers_per_function"), "5");
        assert!(LIMITS.len() > 5);
    }
}
