//! What functions cost and how long they take to start.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The month the prices are of: `2026-11`.
pub fn as_of() -> &'static str {
    &TABLE.as_of
}

pub fn region() -> &'static str {
    &TABLE.region
}

/// USD for a million invocations.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    pub dollars: f64,
    pub memory: u32,
    pub millis: u32,
    pub architecture: String,
}

/// What a million short invocations cost; what is not known is assumed as the table says.
pub fn million_invocations(memory: Option<u32>, architecture: Option<&str>) -> Price {
    let assumed = &TABLE.assumed;
    let memory = memory.unwrap_or(assumed.memory);
    let architecture = architecture.unwrap_or(&assumed.architecture).to_owned();
    let second = TABLE.gb_second.get(&architecture).copied().unwrap_or_default();
    let seconds = f64::from(assumed.millis) / 1_000.0;
    let dollars = TABLE.million_requests + 1e6 * f64::from(memory) / 1_024.0 * seconds * second;
    Price { dollars, memory, millis: assumed.millis, architecture }
}

/// The median time until a hello-world handler of a runtime can run: "83 ms", "16 to 276 ms".
pub fn start(runtime: Option<&str>) -> String {
    match runtime.and_then(|runtime| TABLE.init_millis.get(runtime)) {
        Some(millis) => format!("{millis} ms"),
        None => format!("{} to {} ms", TABLE.init_range.0, TABLE.init_range.1),
    }
}

/// Whether monitoring of this type is paid for while it watches.
pub fn is_paid_monitoring(kind: &str) -> bool {
    TABLE.monitoring.iter().any(|known| known == kind)
}

/// Paths of the properties of a type that decide what is paid for.
pub fn sizes(kind: &str) -> &'static [Vec<String>] {
    TABLE.sizes.get(kind).map_or(&[], Vec::as_slice)
}

#[derive(Default, Deserialize)]
struct Table {
    as_of: String,
    region: String,
    million_requests: f64,
    gb_second: BTreeMap<String, f64>,
    assumed: Assumed,
    init_millis: BTreeMap<String, u32>,
    init_range: (u32, u32),
    monitoring: Vec<String>,
    sizes: BTreeMap<String, Vec<Vec<String>>>,
}

#[derive(Default, Deserialize)]
struct Assumed {
    millis: u32,
    memory: u32,
    architecture: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("prices.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_short_invocations_cost_cents() {
        let price = million_invocations(Some(128), Some("arm64"));
        assert!((price.dollars - 0.283).abs() < 0.001, "{price:?}");
        assert_eq!((start(Some("python3.13")), start(None)), ("83 ms".into(), "16 to 276 ms".into()));
        assert!(is_paid_monitoring("AWS::CloudWatch::Alarm") && !is_paid_monitoring("AWS::Logs::LogGroup"));
        assert_eq!(sizes("AWS::Serverless::Function").len(), 2);
        assert_eq!((as_of(), region()), ("2026-11", "us-east-1"));
    }
}
