//! Properties that exclude or need each other.

use std::sync::LazyLock;

use serde::Deserialize;

/// The conflicts a resource of this type can have.
pub fn of_resource(kind: &str) -> impl Iterator<Item = &'static Row> {
    let kind = kind.to_owned();
    TABLE.rows.iter().filter(move |row| row.on.contains(&kind))
}

/// The conflicts an event of this type can have.
pub fn of_event(kind: &str) -> impl Iterator<Item = &'static Row> {
    let kind = kind.to_owned();
    TABLE.rows.iter().filter(move |row| row.events.contains(&kind))
}

/// The conflicts an end of a connector can have.
pub fn of_connector_end() -> &'static [Row] {
    &TABLE.connector_ends
}

/// The conflicts of `SourceReference` of a connector that is written in its source.
pub fn of_connector_source() -> &'static [Row] {
    &TABLE.connector_sources
}

/// A conflict: every test of `all` holds, one of `any` where there are some, and none of `none`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    #[serde(default)]
    on: Vec<String>,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    pub all: Vec<Test>,
    #[serde(default)]
    pub any: Vec<Test>,
    #[serde(default)]
    pub none: Vec<Test>,
    /// What is wrong, as a sentence without its full stop.
    pub say: String,
    /// The way out, where the sentence does not show it.
    pub help: Option<String>,
}

impl Row {
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        self.all.iter().chain(&self.any).chain(&self.none)
    }
}

/// A test of one property.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Test {
    /// Never empty.
    pub path: Vec<Step>,
    pub wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    /// Any item of a list.
    Item,
    /// Any entry of a mapping.
    Entry,
    /// Any entry but that of a key.
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Set, and neither empty nor `false`.
    Set,
    /// Set, whatever to.
    Given,
    OneOf(Vec<String>),
    NoneOf(Vec<String>),
}

impl From<String> for Test {
    fn from(text: String) -> Self {
        let values = |text: &str| text.split('|').map(str::to_owned).collect();
        let (path, wanted) = match (text.split_once("!="), text.split_once('='), text.strip_suffix('?')) {
            (Some((path, list)), ..) => (path, Wanted::NoneOf(values(list))),
            (None, Some((path, list)), _) => (path, Wanted::OneOf(values(list))),
            (None, None, Some(path)) => (path, Wanted::Given),
            (None, None, None) => (text.as_str(), Wanted::Set),
        };
        let path = path.split('.').flat_map(|part| match part.strip_suffix("[]") {
            Some(list) => vec![Step::Key(list.to_owned()), Step::Item],
            None if part == "*" => vec![Step::Entry],
            None => match part.strip_prefix('~') {
                Some(key) => vec![Step::Other(key.to_owned())],
                None => vec![Step::Key(part.to_owned())],
            },
        });
        Self { path: path.collect(), wanted }
    }
}

#[derive(Default, Deserialize)]
struct Table {
    rows: Vec<Row>,
    connector_ends: Vec<Row>,
    connector_sources: Vec<Row>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("exclusions.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_read_from_their_text() {
        let key = |text: &str| Step::Key(text.to_owned());
        let test = Test::from("A.B[].Type!=x|y".to_owned());
        assert_eq!(test.path, [key("A"), key("B"), Step::Item, key("Type")]);
        assert_eq!(test.wanted, Wanted::NoneOf(vec!["x".to_owned(), "y".to_owned()]));
        assert_eq!(Test::from("A.*?".to_owned()).wanted, Wanted::Given);
        assert_eq!(Test::from("A.~B".to_owned()).path, [key("A"), Step::Other("B".to_owned())]);
        assert_eq!(Test::from("A".to_owned()), Test { path: vec![key("A")], wanted: Wanted::Set });
    }

    #[test]
    fn every_row_is_about_something_and_begins_with_a_key() {
        assert!(of_resource("AWS::Serverless::Function").count() > 10);
        assert!(of_event("SelfManagedKafka").count() == 2);
        for row in TABLE.rows.iter().chain(of_connector_end()).chain(of_connector_source()) {
            assert!(!row.all.is_empty() || !row.any.is_empty(), "{}", row.say);
            assert!(row.tests().all(|test| matches!(test.path.first(), Some(Step::Key(_)))), "{}", row.say);
        }
        assert!(TABLE.rows.iter().all(|row| row.on.is_empty() != row.events.is_empty()));
    }
}
