//! What the managed policies of AWS that such roles carry contain.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagedPolicy {
    pub name: String,
    /// The version that was read; AWS changes some policies over time.
    pub version: Option<String>,
    /// Why the contents are not kept.
    pub note: Option<String>,
    #[serde(default)]
    pub statements: Vec<Statement>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    #[serde(default)]
    pub actions: Vec<String>,
    #[serde(default)]
    pub not_actions: Vec<String>,
    #[serde(default)]
    pub resources: Vec<String>,
    #[serde(default)]
    pub not_resources: Vec<String>,
    #[serde(default)]
    pub deny: bool,
    /// It holds under a condition only.
    #[serde(default)]
    pub condition: bool,
}

/// Contents of a managed policy of AWS, by the last part of its ARN; `None` where they are not known.
pub fn contents(arn_or_name: &str) -> Option<&'static [Statement]> {
    let name = arn_or_name.rsplit('/').next()?;
    if arn_or_name.starts_with("arn:") && !arn_or_name.contains(":iam::aws:policy/") {
        return None;
    }
    let policy = TABLE.policies.iter().find(|policy| policy.name == name)?;
    (!policy.statements.is_empty()).then_some(&policy.statements)
}

#[derive(Default, Deserialize)]
struct Table {
    policies: Vec<ManagedPolicy>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("managed_policies.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_found_by_arn_and_by_name() {
        let basic =
            contents("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole").expect("known");
        assert!(basic[0].actions.contains(&"logs:PutLogEvents".to_owned()));
        assert!(contents("AmazonS3FullAccess").is_some());
        assert!(contents("PowerUserAccess").is_some_and(|all| !all[0].not_actions.is_empty()));
    }

    #[test]
    fn what_is_not_known_is_none() {
        assert!(contents("ReadOnlyAccess").is_none());
        assert!(contents("NoSuchPolicy").is_none());
        assert!(contents("arn:aws:iam::123456789012:policy/AmazonS3FullAccess").is_none());
    }

    #[test]
    fn names_are_unique_and_statements_complete() {
        let mut names: Vec<_> = TABLE.policies.iter().map(|policy| &policy.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), TABLE.policies.len());
        for statement in TABLE.policies.iter().flat_map(|policy| &policy.statements) {
            assert!(statement.actions.is_empty() != statement.not_actions.is_empty());
            assert!(statement.resources.is_empty() != statement.not_resources.is_empty());
        }
    }
}
