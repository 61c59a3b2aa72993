//! What `AWS::Serverless::Connector` grants between two types of resources.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Grant;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub from: String,
    pub to: String,
    pub grant: Kind,
    pub side: Side,
    #[serde(default)]
    pub read: Vec<Grant>,
    #[serde(default)]
    pub write: Vec<Grant>,
}

/// Where a connector writes its permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A policy of a role.
    Role,
    QueuePolicy,
    TopicPolicy,
    /// A permission to call a function.
    Invoke,
}

/// The end whose role or policy changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Source,
    Destination,
}

/// How a resource answers for one of its attributes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Ref,
    Attribute(String),
    Text(String),
}

/// Where a resource names the role it acts under.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePlace {
    /// The list whose items name roles; the resource itself where there is none.
    pub list: Option<String>,
    /// What an item of the list is for.
    pub names: Option<String>,
    pub role: String,
}

/// For ends that are neither function nor state machine.
pub fn role_place(kind: &str) -> Option<&'static RolePlace> {
    TABLE.roles.get(plain(kind))
}

/// The profile between two types, SAM's or CloudFormation's.
pub fn profile(from: &str, to: &str) -> Option<&'static Profile> {
    let (from, to) = (plain(from), plain(to));
    TABLE.connectors.iter().find(|profile| profile.from == from && profile.to == to)
}

/// What `{Source.ATTRIBUTE}` is for an end of this type that is named by its id.
pub fn end(kind: &str, attribute: &str) -> Option<&'static Answer> {
    TABLE.ends.get(plain(kind))?.get(attribute)
}

/// The CloudFormation type a SAM type becomes; any other type as it is.
pub fn plain(kind: &str) -> &str {
    TABLE.types.get(kind).map_or(kind, String::as_str)
}

#[derive(Default, Deserialize)]
struct Table {
    types: BTreeMap<String, String>,
    ends: BTreeMap<String, BTreeMap<String, Answer>>,
    roles: BTreeMap<String, RolePlace>,
    connectors: Vec<Profile>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("connectors.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sam_types_stand_for_plain_ones() {
        assert_eq!(TABLE.connectors.len(), 31);
        let profile =
            profile("AWS::Serverless::Function", "AWS::Serverless::SimpleTable").expect("a profile");
        assert_eq!((profile.grant, profile.side), (Kind::Role, Side::Source));
        assert!(profile.write[0].actions.contains(&"dynamodb:PutItem".to_owned()));
        assert_eq!(end("AWS::Serverless::StateMachine", "Arn"), Some(&Answer::Ref));
        assert_eq!(end("AWS::SQS::Queue", "Arn"), Some(&Answer::Attribute("Arn".to_owned())));
    }

    #[test]
    fn every_profile_grants_something_and_names_a_principal_where_one_is_needed() {
        for profile in &TABLE.connectors {
            let mut grants = profile.read.iter().chain(&profile.write).peekable();
            assert!(grants.peek().is_some(), "{} to {}", profile.from, profile.to);
            assert!(grants.all(|grant| grant.principal.is_some() != (profile.grant == Kind::Role)));
        }
    }
}
