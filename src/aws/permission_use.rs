//! How permissions are used other than by a call of the same name in the handler's own code.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::glob::{any, glob};

/// Used by the platform, an agent, a driver, or by another service on behalf of a call.
pub fn is_indirect(action: &str) -> bool {
    any(&TABLE.indirect, action)
}

/// Whether `action` serves one of the actions as well that are used of its statement, or one that is
/// called and that other statements may allow.
pub fn serves(action: &str, used: &[String], called: &[String]) -> bool {
    let rows = TABLE.goes_with.iter().filter(|row| any(&row.actions, action));
    rows.into_iter().any(|row| {
        let served = if row.apart { called } else { used };
        served.iter().any(|served| any(&row.with, served))
    })
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

/// Signs in code of requests which are no calls of an SDK, and may go to this service.
pub fn signing(service: &str) -> impl Iterator<Item = &'static str> {
    let fits = move |row: &&'static Words| row.services.iter().any(|known| known == "*" || known == service);
    TABLE.words.iter().filter(fits).map(|row| row.word.as_str())
}

/// Signs in code that may mean the service of actions with this prefix.
pub fn naming(prefix: &str) -> impl Iterator<Item = &str> {
    let others = TABLE.names.get(prefix).into_iter().flatten().map(String::as_str);
    std::iter::once(prefix).filter(move |_| !TABLE.names.contains_key(prefix)).chain(others)
}

/// Those of all signs that are in some words of code: its names, its texts, its imports.
pub fn signs_in<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
    // Words do not run into each other.
    let mut all = String::new();
    words.into_iter().flat_map(|word| ["'", word, "'\n"]).for_each(|part| all.push_str(part));
    if all.is_ascii() {
        all.make_ascii_lowercase();
    } else {
        all = all.to_lowercase();
    }
    let Some(search) = &SIGNS.search else { return Vec::new() };
    let found: BTreeSet<usize> =
        search.find_overlapping_iter(&all).map(|found| found.pattern().as_usize()).collect();
    found.into_iter().filter_map(|index| SIGNS.all.get(index).cloned()).collect()
}

/// Whether an action as policies write it (`dynamodb:Get*`) covers one.
pub fn covers_action(pattern: &str, action: &str) -> bool {
    glob(pattern, action)
}

#[derive(Default, Deserialize)]
struct Table {
    indirect: Vec<String>,
    goes_with: Vec<GoesWith>,
    polled: BTreeMap<String, Vec<String>>,
    delivered: Vec<String>,
    on_behalf: Vec<String>,
    words: Vec<Words>,
    names: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct GoesWith {
    actions: Vec<String>,
    with: Vec<String>,
    #[serde(default)]
    apart: bool,
}

#[derive(Deserialize)]
struct Words {
    word: String,
    services: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("permission_use.yaml")));

struct Signs {
    /// Sorted.
    all: Vec<String>,
    /// For them in lower case, by their index; none where the table makes none.
    search: Option<AhoCorasick>,
}

/// Those of services that the table does not name are their prefixes.
static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let prefixes = super::iam::prefixes().filter(|prefix| !TABLE.names.contains_key(*prefix));
    let named = TABLE.names.values().flatten().map(String::as_str);
    let signing = TABLE.words.iter().map(|row| row.word.as_str());
    let mut all: Vec<String> = prefixes.chain(named).chain(signing).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    let search = AhoCorasick::new(all.iter().map(|sign| sign.to_lowercase())).ok();
    Signs { all, search }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_used_in_other_ways() {
        assert!(is_indirect("kms:Decrypt") && !is_indirect("dynamodb:PutItem"));
        let called = ["s3:GetObject".to_owned(), "dynamodb:PutItem".to_owned()];
        assert!(serves("s3:ListBucket", &[], &called) && !serves("s3:ListBucket", &called, &[]));
        assert!(
            serves("dynamodb:DescribeTable", &called, &[]) && !serves("dynamodb:DescribeTable", &[], &called)
        );
        assert!(is_polling("sqs", "sqs:DeleteMessage") && !is_polling("sqs", "sqs:SendMessage"));
        assert!(is_delivery("sqs:SendMessage"));
        assert!(signing("s3").any(|sign| sign == "presign"));
        let called = ["athena:StartQueryExecution".to_owned(), "textract:AnalyzeDocument".to_owned()];
        assert!(serves("glue:GetTable", &[], &called) && serves("s3:*", &[], &called[..1]));
        assert!(serves("s3:GetObject", &[], &called[1..]) && !serves("s3:PutObject", &[], &called[1..]));
    }

    #[test]
    fn code_shows_signs_of_services() {
        let signs = signs_in(["generate_presigned_url", "@aws-sdk/client-SQS", "blessed"]);
        assert_eq!(signs, ["presign", "sqs"]);
        assert!(signs_in(["ses"]).contains(&"'ses'".to_owned()));
        assert!(
            naming("events").any(|sign| sign == "eventbridge") && naming("sqs").any(|sign| sign == "sqs")
        );
    }
}
