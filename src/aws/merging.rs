//! When functions may be served by one, and what that would change.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::glob::any;

/// Thresholds; the table tells where each is from.
pub fn limits() -> &'static Limits {
    &TABLE.limits
}

/// Whether an action (or a pattern of actions) is more than a merge may hand on.
pub fn is_sensitive(action: &str) -> bool {
    action.trim_matches(['*', ':']).is_empty() || any(&TABLE.sensitive, action)
}

/// Whether nearly every function has a managed policy, by its ARN or name.
pub fn is_usual_policy(arn: &str) -> bool {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    TABLE.usual_policies.iter().any(|usual| usual == name)
}

/// Whether a service (by its command line name) only takes what a function tells of itself.
pub fn is_telemetry(service: &str) -> bool {
    TABLE.telemetry.iter().any(|known| known == service)
}

/// Whether a resource of this type goes on doing what it does when its function gets another name.
pub fn follows(kind: &str) -> bool {
    TABLE.follows.iter().any(|known| known == kind)
}

/// Properties that a function has only once, with the word for each.
pub fn once() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.once.iter().map(|(property, word)| (property.as_str(), word.as_str()))
}

/// Whether a file at the root of a package stands for all of it.
pub fn is_root_file(name: &str) -> bool {
    TABLE.root_files.iter().any(|known| known == name)
}

/// Whether it lists packages.
pub fn is_package_list(name: &str) -> bool {
    TABLE.package_lists.iter().any(|known| known == name)
}

/// Whether a file describes a build that is not known here.
pub fn is_build_file(name: &str) -> bool {
    TABLE.build_files.iter().any(|known| known == name)
}

/// Places in a module whose meaning a merge could change, and why.
pub fn signs(path: &str, text: &str, when: When) -> Vec<(Range<usize>, &'static str)> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let here = |sign: &&Compiled| {
        sign.when == when && (sign.language.is_empty() || sign.language.iter().any(|known| known == ending))
    };
    let first = |sign: &'static Compiled| Some((sign.pattern.find(text)?.range(), sign.why.as_str()));
    SIGNS.iter().filter(here).filter_map(first).collect()
}

/// What expected cold starts assume.
pub fn cold() -> Cold {
    TABLE.cold
}

#[derive(Debug, Default, Deserialize)]
pub struct Limits {
    pub routes: Limit,
    pub resources: Limit,
    pub memory_ratio: Limit,
    pub timeout_ratio: Limit,
    pub new_actions: Limit,
    pub new_resources: Limit,
    pub shared_resources: Limit,
    pub shared_code: Limit,
    pub policy_bytes: Limit,
    pub permission_bytes: Limit,
}

#[derive(Debug, Default, Deserialize)]
pub struct Limit {
    pub value: usize,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Cold {
    /// In an hour, of each function.
    pub requests: f64,
    pub idle_minutes: f64,
}

impl Cold {
    /// Cold starts in an hour of one function that has the requests of so many.
    pub fn starts(self, functions: usize) -> f64 {
        let requests = self.requests * functions as f64;
        requests * (-requests * self.idle_minutes / 60.0).exp()
    }
}

/// When a sign in the code stands in the way of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    Always,
    /// The file gets another path.
    Moved,
    /// Several members load the module.
    Shared,
    /// Several members have it.
    Several,
}

#[derive(Debug, Deserialize)]
struct Sign {
    when: When,
    #[serde(default)]
    language: Vec<String>,
    why: String,
    pattern: String,
}

struct Compiled {
    when: When,
    language: Vec<String>,
    why: String,
    pattern: Regex,
}

static SIGNS: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    let compiled = |sign: &Sign| {
        let (when, language, why) = (sign.when, sign.language.clone(), sign.why.clone());
        Some(Compiled { when, language, why, pattern: Regex::new(&sign.pattern).ok()? })
    };
    TABLE.signs.iter().filter_map(compiled).collect()
});

#[derive(Default, Deserialize)]
struct Table {
    limits: Limits,
    sensitive: Vec<String>,
    usual_policies: Vec<String>,
    telemetry: Vec<String>,
    cold: Cold,
    follows: Vec<String>,
    once: Vec<(String, String)>,
    root_files: Vec<String>,
    package_lists: Vec<String>,
    build_files: Vec<String>,
    signs: Vec<Sign>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("merging.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(limits().policy_bytes.value, 20_480);
        assert!(once().any(|(property, word)| (property, word) == ("VpcConfig", "VPC")));
        assert!(is_sensitive("iam:PassRole") && is_sensitive("*") && !is_sensitive("dynamodb:PutItem"));
        assert!(is_usual_policy("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"));
    }

    #[test]
    fn code_that_a_merge_could_change_is_seen() {
        assert_eq!(SIGNS.len(), TABLE.signs.len(), "every pattern is one");
        let seen = |path: &str, text: &str, when| !signs(path, text, when).is_empty();
        for text in
            ["context.function_name", "os.environ['A'] = 'b'", "sys.path.append('x')", "@idempotent()"]
        {
            assert!(seen("a.py", text, When::Always), "{text}");
        }
        for text in ["os.environ['A'] == 'b'", "lambda_client.invoke(FunctionName=name)", "LAST_HANDLER = 1"]
        {
            assert!(!seen("a.py", text, When::Always), "{text}");
        }
        assert!(seen("a.ts", "process.env.A = 'b'", When::Always));
        assert!(!seen("a.ts", "process.env.A === 'b'", When::Always));
        assert!(
            seen("a.py", "def f():\n    global client\n", When::Shared)
                && seen("a.py", "cache = {}\n", When::Shared)
        );
        assert!(!seen("a.py", "client = boto3.client('s3')\n", When::Shared));
        assert!(
            seen("a.js", "let client;\n", When::Shared)
                && seen("a.js", "const cache = new Map();\n", When::Shared)
        );
        assert!(!seen("a.js", "const client = new S3Client({});\n  let x = 1;\n", When::Shared));
        assert!(seen("a.py", "open(path)", When::Moved) && seen("a.js", "require(name)", When::Moved));
        assert!(!seen("a.js", "require('./x')", When::Moved) && seen("a.py", "'/tmp/x'", When::Several));
    }

    #[test]
    fn two_functions_start_cold_more_often_than_one_with_the_requests_of_both() {
        let cold = Cold { requests: 6.0, idle_minutes: 10.0 };
        assert!((cold.starts(1) - 6.0 / std::f64::consts::E).abs() < 1e-9);
        assert!(cold.starts(2) < 2.0 * cold.starts(1));
    }
}
