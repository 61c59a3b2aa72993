//! Which packages run on any processor.

use std::sync::LazyLock;

use serde::Deserialize;

/// Whether a module holds no compiled code, as far as it is known. `runtime` is Lambda's name of it.
pub fn is_portable(runtime: &str, module: &str) -> bool {
    let Some(row) = TABLE.iter().find(|row| runtime.starts_with(&row.runtime)) else { return false };
    let package = match row.runtime.as_str() {
        "python" => module.split('.').next().unwrap_or(module),
        _ => package_of(module),
    };
    row.names.split_whitespace().any(|name| match name.strip_suffix('*') {
        Some(prefix) => package.starts_with(prefix),
        None => name == package,
    })
}

/// `@scope/name` of `@scope/name/part`, `name` of `name/part`.
fn package_of(module: &str) -> &str {
    let parts = if module.starts_with('@') { 2 } else { 1 };
    let end = module.match_indices('/').nth(parts - 1).map_or(module.len(), |(at, _)| at);
    &module[..end]
}

#[derive(Debug, Deserialize)]
struct Row {
    runtime: String,
    names: String,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| super::table(include_str!("packages.yaml")));

#[cfg(test)]
mod tests {
    use super::is_portable;

    #[test]
    fn packages_are_known_by_their_first_part() {
        assert!(is_portable("python3.13", "boto3.dynamodb.conditions"));
        assert!(is_portable("nodejs22.x", "@aws-sdk/client-s3") && is_portable("nodejs22.x", "node:fs"));
        assert!(is_portable("nodejs22.x", "lodash/merge"));
        assert!(!is_portable("python3.13", "numpy") && !is_portable("nodejs22.x", "sharp"));
        assert!(!is_portable("java21", "os"));
    }
}
