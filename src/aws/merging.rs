//! When functions may be served by one, and what that would change.

use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

/// Thresholds; the table tells where each is from.
pub fn limits() -> &'static Limits {
    &TABLE.limits
}

/// Whether an action (or a pattern of actions) is more than a merge may hand on.
pub fn is_sensitive(action: &str) -> bool {
    action.trim_matches(['*', ':']).is_empty() || any(&TABLE.sensitive, action)
}

/// Whether nearly every function has a managed policy, by its ARN or name.
pub fn is_usual_policy(arn: &str) -> bool {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    TABLE.usual_policies.iter().any(|usual| usual == name)
}

/// Whether a service (by its command line name) only takes what a function tells of itself.
pub fn is_telemetry(service: &str) -> bool {
    TABLE.telemetry.iter().any(|known| known == service)
}

/// What expected cold starts assume.
pub fn cold() -> Cold {
    TABLE.cold
}

#[derive(Debug, Default, Deserialize)]
pub struct Limits {
    pub routes: Limit,
    pub resources: Limit,
    pub memory_ratio: Limit,
    pub timeout_ratio: Limit,
    pub new_actions: Limit,
    pub new_resources: Limit,
    pub shared_resources: Limit,
    pub shared_code: Limit,
    pub policy_bytes: Limit,
    pub permission_bytes: Limit,
}

#[derive(Debug, Default, Deserialize)]
pub struct Limit {
    pub value: usize,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Cold {
    /// In an hour, of each function.
    pub requests: f64,
    pub idle_minutes: f64,
}

impl Cold {
    /// Cold starts in an hour of one function that has the requests of so many.
    pub fn starts(self, functions: usize) -> f64 {
        let requests = self.requests * functions as f64;
        requests * (-requests * self.idle_minutes / 60.0).exp()
    }
}

#[derive(Default, Deserialize)]
struct Table {
    limits: Limits,
    sensitive: Vec<String>,
    usual_policies: Vec<String>,
    telemetry: Vec<String>,
    cold: Cold,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("merging.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(limits().policy_bytes.value, 20_480);
        assert!(is_sensitive("iam:PassRole") && is_sensitive("*") && !is_sensitive("dynamodb:PutItem"));
        assert!(is_usual_policy("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"));
    }

    #[test]
    fn two_functions_start_cold_more_often_than_one_with_the_requests_of_both() {
        let cold = Cold { requests: 6.0, idle_minutes: 10.0 };
        assert!((cold.starts(1) - 6.0 / std::f64::consts::E).abs() < 1e-9);
        assert!(cold.starts(2) < 2.0 * cold.starts(1));
    }
}
