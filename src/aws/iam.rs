//! Which IAM actions an API operation needs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashSet;
use serde::Deserialize;

/// What one call needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// All of them, always.
    pub all: Vec<Cow<'static, str>>,
    /// These in some cases: an encrypted resource, a version, an access list.
    pub some: &'static [String],
}

/// By the command line name of the service and the operation as the API spells it; `None` where it is
/// not known.
pub fn needs(service: &str, operation: &str) -> Option<Needs> {
    let (name, service) = TABLE.services.get_key_value(service)?;
    if let Some(other) = service.others.get(operation) {
        return Some(Needs {
            all: other.needs.iter().map(|action| Cow::Borrowed(action.as_str())).collect(),
            some: &other.may,
        });
    }
    let plain = service.operations.get_or_init(|| service.plain.split_whitespace().collect());
    let known = plain.contains(operation);
    let prefix = service.prefix.as_deref().unwrap_or(name);
    known.then(|| Needs { all: vec![Cow::Owned(format!("{prefix}:{operation}"))], some: &[] })
}

/// The service part of the actions of a service: `states` for `stepfunctions`.
pub fn prefix(service: &str) -> &str {
    match TABLE.services.get(service) {
        Some(known) => known.prefix.as_deref().unwrap_or(service),
        None => service,
    }
}

/// The service parts of all actions, with repetitions.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    TABLE.services.iter().map(|(name, known)| known.prefix.as_deref().unwrap_or(name))
}

#[derive(Default, Deserialize)]
struct Table {
    services: BTreeMap<String, Service>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    prefix: Option<String>,
    #[serde(default)]
    plain: String,
    /// The words of that.
    #[serde(skip)]
    operations: OnceLock<FxHashSet<&'static str>>,
    #[serde(default)]
    others: BTreeMap<String, Other>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    needs: Vec<String>,
    #[serde(default)]
    may: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("iam.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    fn all(service: &str, operation: &str) -> Option<Vec<String>> {
        needs(service, operation).map(|needs| needs.all.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn operations_have_actions() {
        assert_eq!(all("dynamodb", "PutItem"), Some(vec!["dynamodb:PutItem".to_owned()]));
        assert_eq!(all("stepfunctions", "StartExecution"), Some(vec!["states:StartExecution".to_owned()]));
        assert_eq!(all("s3", "ListObjectsV2"), Some(vec!["s3:ListBucket".to_owned()]));
        assert_eq!(all("sqs", "SendMessageBatch"), Some(vec!["sqs:SendMessage".to_owned()]));
        assert_eq!(all("sts", "GetCallerIdentity"), Some(Vec::new()));
        // The user's token is what is asked for, not the caller's policies.
        assert_eq!(all("cognito-idp", "UpdateUserAttributes"), Some(Vec::new()));
        assert_eq!(all("dynamodb", "Null"), None);
        assert_eq!(prefix("lambda"), "lambda");
    }
}
