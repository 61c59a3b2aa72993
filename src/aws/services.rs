//! What tells one service of an application from another: stores, words and weights.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// The word for a store of data ("table") by its resource type; nothing for what is none.
pub fn store(kind: &str) -> Option<&'static str> {
    TABLE.stores.get(kind).map(String::as_str)
}

/// The word for what calls of a service (by its command line name) are about, if that is data.
pub fn store_of_service(service: &str) -> Option<&'static str> {
    TABLE.store_services.get(service).map(String::as_str)
}

/// Whether a tag with this key names a service.
pub fn is_service_tag(key: &str) -> bool {
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    TABLE.tags.contains(&plain.to_ascii_lowercase())
}

/// Whether a variable names a service.
pub fn is_service_variable(name: &str) -> bool {
    TABLE.variables.iter().any(|known| known == name)
}

/// Whether a word (singular, lower case) says what something does or how it is built.
pub fn is_technical(word: &str) -> bool {
    WORDS.contains(word)
}

/// How much each piece of evidence binds; from when on two groups are one.
pub fn judgement() -> &'static Judgement {
    &TABLE.judgement
}

#[derive(Debug, Default, Deserialize)]
pub struct Judgement {
    pub weights: Weights,
    pub joined_from: f64,
    pub common_from: f64,
    pub common_among: usize,
    pub compared_up_to: usize,
}

#[derive(Debug, Default, Deserialize)]
pub struct Weights {
    pub data_together: f64,
    pub data_apart: f64,
    pub strong_word: f64,
    pub weak_word: f64,
    pub common_word: f64,
    pub only_read: f64,
    pub other_routes: f64,
    pub code: f64,
    pub tag: f64,
    pub variable: f64,
    pub starts: f64,
    pub calls: f64,
}

#[derive(Default, Deserialize)]
struct Table {
    stores: BTreeMap<String, String>,
    store_services: BTreeMap<String, String>,
    tags: Vec<String>,
    variables: Vec<String>,
    verbs: String,
    technical: String,
    #[serde(flatten)]
    judgement: Judgement,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("services.yaml")));
static WORDS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| TABLE.verbs.split_whitespace().chain(TABLE.technical.split_whitespace()).collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(store("AWS::DynamoDB::Table"), Some("table"));
        assert_eq!(store("AWS::SQS::Queue"), None);
        assert_eq!(store_of_service("dynamodb"), Some("table"));
        assert!(is_service_tag("Bounded-Context") && !is_service_tag("Environment"));
        assert!(is_technical("lambda") && is_technical("get") && !is_technical("order"));
        assert!(judgement().joined_from > judgement().weights.weak_word);
    }
}
