//! Types of resources that stand around others.

use std::sync::LazyLock;

use serde::Deserialize;

/// Whether a resource of this type says how a function runs or is watched, and does not invoke it.
pub fn watches(kind: &str) -> bool {
    is_in(&TABLE.watches, kind)
}

/// Whether a resource of this type is there for one other only, and goes with it.
pub fn goes_along(kind: &str) -> bool {
    is_in(&TABLE.goes_along, kind)
}

/// Whether a resource of this type may belong to one function, and goes where nothing else speaks of it.
pub fn belongs(kind: &str) -> bool {
    is_in(&TABLE.belongs, kind)
}

/// Whether a resource of this type may speak of the function of a route without invoking it otherwise.
pub fn is_harmless_of_route(kind: &str) -> bool {
    is_in(&TABLE.harmless_of_route, kind)
}

/// The service that a role trusts whose function CloudFront runs.
pub fn edge() -> &'static str {
    &TABLE.edge
}

fn is_in(list: &[String], kind: &str) -> bool {
    list.iter().any(|known| known == kind)
}

#[derive(Default, Deserialize)]
struct Table {
    watches: Vec<String>,
    goes_along: Vec<String>,
    belongs: Vec<String>,
    harmless_of_route: Vec<String>,
    edge: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("companions.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_group_watches_and_a_mapping_invokes() {
        assert!(watches("AWS::Logs::LogGroup") && !watches("AWS::Lambda::EventSourceMapping"));
        assert!(goes_along("AWS::Lambda::Permission") && !goes_along("AWS::IAM::Role"));
        assert!(belongs("AWS::IAM::Role") && is_harmless_of_route("AWS::ApiGateway::Method"));
        assert!(edge().starts_with("edgelambda"));
    }
}
