//! Which ARN a call is checked against: the resource's, a part of it, or `*`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

/// How resources of a type are named.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    /// After `arn:PARTITION:`; with `{account}`, `{name}`, `{*}`.
    pub arn: String,
    /// The property that gives the name.
    pub name: Option<String>,
    pub r#ref: Gives,
    /// Attributes that give the name.
    #[serde(default)]
    pub names: Vec<String>,
    /// Attributes that give the ARN.
    #[serde(default)]
    pub arns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gives {
    Name,
    Arn,
    Url,
}

/// By the type of a resource in a template.
pub fn resource_type(kind: &str) -> Option<&'static ResourceType> {
    TABLE.types.get(kind)
}

/// By the service of an action (`dynamodb`), for resources that are known by their bare name.
pub fn named_type(service: &str) -> Option<&'static ResourceType> {
    resource_type(TABLE.named.get(service)?)
}

/// What follows the resource's ARN in the ARN this action is checked on, or (not starting with `/`
/// or `:`) an ARN of its own. Further ones are alternatives that may do.
pub fn parts(action: &str) -> &'static [String] {
    let part = TABLE.parts.iter().find(|part| any(&part.actions, action));
    part.map_or(&WHOLE, |part| part.on.as_slice())
}

/// The action is checked on `*` only.
pub fn is_anywhere(action: &str) -> bool {
    TABLE.anywhere.iter().any(|actions| any(actions, action))
}

/// The policy of what the action is called on can allow it alone.
pub fn is_allowed_by_target(action: &str) -> bool {
    any(&TABLE.by_target, action)
}

/// The action needs no permission.
pub fn is_free(action: &str) -> bool {
    any(&TABLE.free, action)
}

#[derive(Default, Deserialize)]
struct Table {
    types: BTreeMap<String, ResourceType>,
    named: BTreeMap<String, String>,
    parts: Vec<Part>,
    anywhere: Vec<Vec<String>>,
    by_target: Vec<String>,
    free: Vec<String>,
}

#[derive(Deserialize)]
struct Part {
    actions: Vec<String>,
    on: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("resource_arns.yaml")));
static WHOLE: LazyLock<Vec<String>> = LazyLock::new(|| vec![String::new()]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_parts_of_buckets() {
        assert_eq!(parts("s3:GetObject"), ["/{*}"]);
        assert_eq!(parts("s3:ListBucket"), [""]);
        assert_eq!(parts("dynamodb:query").len(), 2);
    }

    #[test]
    fn policy_templates_agree_on_what_is_checked_anywhere() {
        for template in crate::aws::policy_templates::policy_templates() {
            for grant in &template.grants {
                let wrong = grant.actions.iter().find(|action| is_anywhere(action));
                assert!(wrong.is_none() || grant.resources == ["*"], "{} {wrong:?}", template.name);
            }
        }
    }

    #[test]
    fn names_lead_to_types_of_the_table() {
        for (service, kind) in &TABLE.named {
            assert!(named_type(service).is_some(), "{kind}");
        }
        assert!(is_anywhere("dynamodb:ListTables") && !is_anywhere("dynamodb:PutItem"));
        assert!(is_free("sts:GetCallerIdentity") && is_allowed_by_target("sts:AssumeRole"));
    }
}
