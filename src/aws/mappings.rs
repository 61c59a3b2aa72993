//! How an integration of a REST API makes a call, and where its answer has what an SDK names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A call that an integration can make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    call: String,
    /// Behind `arn:PARTITION:apigateway:REGION:`; with `{queue}`.
    pub uri: String,
    /// The request is a form, not JSON.
    #[serde(default)]
    pub form: bool,
    /// The member that names what is acted on.
    pub target: Option<String>,
    /// The type that the target must have in the template.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// A request that the service turns down without doing anything.
    pub refused: String,
    /// The error of a request that the service cannot even read, as `refused` is one.
    pub unread: Option<String>,
    /// Headers that the service asks for.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Members that are encoded as base64.
    #[serde(default)]
    pub encoded: Vec<String>,
    members: Vec<String>,
    /// Members of the answer that are an item of a table.
    #[serde(default)]
    pub items: Vec<String>,
    /// Members of the answer that are a list of items.
    #[serde(default)]
    pub lists: Vec<String>,
    #[serde(default)]
    answers: BTreeMap<String, Answer>,
    /// How what the call began ended.
    pub outcome: Option<Outcome>,
}

/// The member of an answer that says how something ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub member: String,
    /// What it says where all went well; only then is all of the answer there.
    pub well: String,
}

/// A plain part of an answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// A JSONPath.
    pub path: String,
    #[serde(default)]
    pub number: bool,
    /// Only there where the outcome is the good one.
    #[serde(default)]
    pub sometimes: bool,
}

impl Mapping {
    pub fn takes(&self, member: &str) -> bool {
        self.members.iter().any(|known| known == member)
    }

    /// Members of the answer that are only there where the outcome is the good one.
    pub fn sometimes(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().filter(|(_, answer)| answer.sometimes).map(|(name, _)| name.as_str())
    }

    pub fn answer(&self, member: &str) -> Option<&Answer> {
        self.answers.get(member)
    }
}

/// By the command line name of the service and the operation.
pub fn mapping(service: &str, operation: &str) -> Option<&'static Mapping> {
    let call = format!("{service}:{operation}");
    TABLE.calls.iter().find(|known| known.call == call)
}

/// What a mapping of a REST API calls a part of the request context: `identity.sourceIp`.
pub fn context(path: &str) -> Option<&'static str> {
    TABLE.context.get(path).map(String::as_str)
}

/// The same of a WebSocket API.
pub fn socket_context(path: &str) -> Option<&'static str> {
    TABLE.socket_context.get(path).map(String::as_str)
}

#[derive(Default, Deserialize)]
struct Table {
    calls: Vec<Mapping>,
    context: BTreeMap<String, String>,
    socket_context: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("mappings.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        let get = mapping("dynamodb", "GetItem").expect("the table has it");
        assert!(get.takes("Key") && !get.takes("Item") && get.items == ["Item"]);
        let send = mapping("sqs", "SendMessage").expect("the table has it");
        assert!(send.form && send.answer("MessageId").is_some_and(|answer| !answer.number));
        assert!(mapping("dynamodb", "TransactWriteItems").is_none());
        assert_eq!(context("identity.sourceIp"), Some("$context.identity.sourceIp"));
        assert!(context("connectionId").is_none() && socket_context("connectionId").is_some());
    }
}
