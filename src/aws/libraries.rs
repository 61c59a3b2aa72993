//! What functions of the languages and of common packages do.
//!
//! Source: `libraries.yaml`, which names its own.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    Json,
    Parse,
    JsonFile,
    ParseFile,
    Coded,
    Identity,
    Concat,
    Now,
    Random,
    Environment,
    EnvGet,
    EnvRequired,
    Nothing,
    Wrapper,
    Scoped,
    Partial,
    Call,
    CallTarget,
    Cached,
    Memoized,
    ContextManager,
    EntersBlock,
    Dictionary,
    OpenDictionary,
    List,
    Keys,
    Values,
    Entries,
    Assign,
    FromEntries,
    Map,
    Filter,
    EachOfSecond,
    Enumerate,
    Zip,
    SameItems,
    AllItems,
    AllSettled,
    AnyItem,
    Chunks,
    Promise,
    Reject,
    Length,
    IsArray,
    IsInstance,
    Getattr,
    Setattr,
    Hasattr,
    Answer,
    NewList,
    Exit,
    Sleep,
    Http,
    Connect,
    Database,
    Email,
    FileRead,
    OpenFile,
    FileWrite,
    Process,
    Error,
    Telemetry,
    MainModule,
    AwsClient,
    AwsResource,
    AwsSession,
    DocumentClient,
    Upload,
    Presign,
    Condition,
    AwsCredentials,
    Powertools,
    Idempotent,
    EventView,
    EventModel,
    ModelParse,
    Batch,
    BatchDecorator,
    BatchStart,
    Validate,
    Router,
    Container,
    Inject,
    Bind,
    EventPart,
    Server,
    Kept,
    Adapter,
    Serve,
    FlaskRequest,
    JsonResponse,
    Depends,
    #[serde(rename = "self")]
    Itself,
    JsonOf,
    Get,
    StartsWith,
    Includes,
    JoinText,
    Format,
    Compares,
    KeysOf,
    ValuesOf,
    EntriesOf,
    MapItems,
    EachItem,
    FilterItems,
    FindItem,
    TestsItems,
    Reduce,
    Append,
    Extend,
    Insert,
    Remove,
    Pop,
    Update,
    SetDefault,
    SetEntry,
    DeleteEntry,
    Then,
    CallNothing,
}

/// A row of the table for one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub does: Does,
    /// What exactly: a coding, a kind of database, a method and the place of its argument.
    pub with: &'static str,
}

#[derive(Deserialize)]
struct Row {
    does: Does,
    #[serde(default)]
    with: String,
    names: String,
}

#[derive(Debug, Default)]
struct Table {
    exact: FxHashMap<&'static str, Known>,
    /// Those that begin with a dot, without it.
    methods: FxHashMap<&'static str, Known>,
    /// Prefixes by their first byte, longest first.
    prefixes: FxHashMap<u8, Vec<(&'static str, Known)>>,
}

/// What the function at a path does.
pub fn known(path: &str) -> Option<Known> {
    let table = table();
    if let Some(known) = table.exact.get(path) {
        return Some(*known);
    }
    let prefixes = table.prefixes.get(path.as_bytes().first()?)?;
    prefixes.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, known)| *known)
}

/// What the method of plain data does.
pub fn method(name: &str) -> Option<Known> {
    table().methods.get(name).copied()
}

/// Modules of the languages and packages of which every function only computes.
pub fn is_pure(path: &str) -> bool {
    let package = path.split('.').next().unwrap_or(path);
    let root = package.split('/').next().unwrap_or(package);
    pure().contains(root) || (root.len() < package.len() && pure().contains(package))
}

/// Source: `pure_packages.yaml`, which names its own.
fn pure() -> &'static FxHashSet<&'static str> {
    static PURE: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    static LISTS: OnceLock<Pure> = OnceLock::new();
    PURE.get_or_init(|| {
        let text = include_str!("pure_packages.yaml");
        let lists = LISTS.get_or_init(|| serde_yaml::from_str(text).unwrap_or_default());
        [&lists.languages, &lists.python, &lists.javascript]
            .into_iter()
            .flat_map(|names| names.split_whitespace())
            .collect()
    })
}

#[derive(Default, Deserialize)]
struct Pure {
    languages: String,
    python: String,
    javascript: String,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows: &'static [Row] = rows();
        let mut table = Table::default();
        for row in rows {
            let known = Known { does: row.does, with: &row.with };
            for name in row.names.split_whitespace() {
                match name.strip_suffix('*') {
                    Some(prefix) => {
                        let first = prefix.as_bytes().first().copied().unwrap_or_default();
                        table.prefixes.entry(first).or_default().push((prefix, known));
                    }
                    None => {
                        table.exact.entry(name).or_insert(known);
                        if let Some(method) = name.strip_prefix('.') {
                            table.methods.entry(method).or_insert(known);
                        }
                    }
                }
            }
        }
        for prefixes in table.prefixes.values_mut() {
            prefixes.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then(a.cmp(b)));
        }
        table
    })
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| serde_yaml::from_str(include_str!("libraries.yaml")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        serde_yaml::from_str::<Vec<Row>>(include_str!("libraries.yaml"))
            .expect("the table has the form of `Row`");
        assert_eq!(known("json.dumps").map(|known| known.does), Some(Does::Json));
        assert_eq!(known("psycopg2.connect().cursor().execute").map(|known| known.with), Some("postgres"));
        assert_eq!(method("toLowerCase").map(|known| known.with), Some("lower"));
        serde_yaml::from_str::<Pure>(include_str!("pure_packages.yaml"))
            .expect("the table has the form of `Pure`");
        assert!(is_pure("jsonwebtoken.verify") && is_pure("date-fns/format") && is_pure("@hapi/joi.object"));
        assert!(!is_pure("stripe.Charge.create") && !is_pure("@hapi/hapi.server"));
        assert_eq!(known("os.environ").map(|known| known.does), Some(Does::Environment));
    }
}
