//! How permissions are used other than by a call of the same name in the handler's own code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::{any, glob};

/// Used by the platform, an agent, a driver, or by another service on behalf of a call.
pub fn is_indirect(action: &str) -> bool {
    any(&TABLE.indirect, action)
}

/// Whether `action` serves one of the used actions as well.
pub fn serves(action: &str, used: &[String]) -> bool {
    TABLE
        .goes_with
        .iter()
        .filter(|row| any(&row.actions, action))
        .any(|row| used.iter().any(|used| any(&row.with, used)))
}

/// Whether Lambda uses it to poll an event source of this kind.
pub fn is_polling(kind: &str, action: &str) -> bool {
    TABLE.polled.get(kind).is_some_and(|actions| any(actions, action))
}

/// Whether Lambda uses it to deliver results and failures.
pub fn is_delivery(action: &str) -> bool {
    any(&TABLE.delivered, action)
}

/// Whether a call makes another service act with the permissions of the caller.
pub fn acts_on_behalf(action: &str) -> bool {
    any(&TABLE.on_behalf, action)
}

/// Words in code that make or sign requests which are no calls of an SDK, and the services these may go to.
pub fn signing_words(service: &str) -> impl Iterator<Item = &'static str> {
    let fits = move |row: &&'static Words| row.services.iter().any(|known| known == "*" || known == service);
    TABLE.words.iter().filter(fits).map(|row| row.word.as_str())
}

/// Words in code that may mean the service of actions with this prefix.
pub fn words_of(prefix: &str) -> impl Iterator<Item = &str> {
    let others = TABLE.names.get(prefix).into_iter().flatten().map(String::as_str);
    std::iter::once(prefix).filter(move |_| !TABLE.names.contains_key(prefix)).chain(others)
}

/// Whether an action as policies write it (`dynamodb:Get*`) covers one.
pub fn covers_action(pattern: &str, action: &str) -> bool {
    glob(pattern, action)
}

/// Words in code that give a client other credentials than those of the function's role.
pub fn credential_words() -> impl Iterator<Item = &'static str> {
    TABLE.credentials.iter().map(String::as_str)
}

#[derive(Default, Deserialize)]
struct Table {
    indirect: Vec<String>,
    goes_with: Vec<GoesWith>,
    polled: BTreeMap<String, Vec<String>>,
    delivered: Vec<String>,
    on_behalf: Vec<String>,
    words: Vec<Words>,
    credentials: Vec<String>,
    names: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct GoesWith {
    actions: Vec<String>,
    with: Vec<String>,
}

#[derive(Deserialize)]
struct Words {
    word: String,
    services: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("permission_use.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_used_in_other_ways() {
        assert!(is_indirect("kms:Decrypt") && !is_indirect("dynamodb:PutItem"));
        assert!(serves("s3:ListBucket", &["s3:GetObject".to_owned()]) && !serves("s3:ListBucket", &[]));
        assert!(is_polling("sqs", "sqs:DeleteMessage") && !is_polling("sqs", "sqs:SendMessage"));
        assert!(is_delivery("sqs:SendMessage"));
        assert!(signing_words("s3").any(|word| word == "presign"));
        assert!(credential_words().any(|word| word == "aws_access_key_id"));
    }
}
