//! Classes of errors, by what raises them.

use std::sync::LazyLock;

use serde::Deserialize;

/// What raises an error of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Any,
    Import,
    /// The code itself.
    Value,
    /// A call that leaves the function.
    Call,
}

/// What raises an error of a class of this name.
pub fn kind(name: &str) -> ErrorKind {
    let has = |names: &[String]| names.iter().any(|known| known == name);
    match () {
        () if has(&TABLE.any) => ErrorKind::Any,
        () if has(&TABLE.import) => ErrorKind::Import,
        () if has(&TABLE.code) => ErrorKind::Value,
        () => ErrorKind::Call,
    }
}

/// Whether every error that a service answers with is of this class.
pub fn is_of_services(name: &str) -> bool {
    TABLE.service.iter().any(|known| known == name)
}

/// Whether errors of this class come from the SDK, and no service answers with them.
pub fn is_of_sdk(name: &str) -> bool {
    TABLE.sdk.iter().any(|known| known == name)
}

#[derive(Default, Deserialize)]
struct Table {
    any: Vec<String>,
    import: Vec<String>,
    code: Vec<String>,
    service: Vec<String>,
    sdk: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("errors.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!((kind("Exception"), kind("KeyError")), (ErrorKind::Any, ErrorKind::Value));
        assert_eq!((kind("ImportError"), kind("ClientError")), (ErrorKind::Import, ErrorKind::Call));
        assert!(is_of_services("ClientError") && is_of_sdk("BotoCoreError") && !is_of_sdk("ClientError"));
    }
}
