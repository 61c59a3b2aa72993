//! Environment variables that the template does not set, or that others than the handler's code read.

use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

/// Set by Lambda or its runtimes.
pub fn is_given(variable: &str) -> bool {
    any(&TABLE.given, variable)
}

/// Set by runs on a developer's machine only.
pub fn is_local(variable: &str) -> bool {
    any(&TABLE.local, variable)
}

/// An action, as a policy names it, that sets variables of a function after CloudFormation did.
pub fn is_setter(action: &str) -> bool {
    TABLE.setters.iter().any(|known| known.eq_ignore_ascii_case(action))
}

/// Holds the region, which a template knows as a pseudo parameter.
pub fn is_region(variable: &str) -> bool {
    any(&TABLE.region, variable)
}

/// Read by a runtime, extension, layer, wrapper, agent or package.
pub fn is_read_by_others(variable: &str) -> bool {
    any(&TABLE.others, variable)
}

/// Other variables that tell of the same resource: of `ORDERS_QUEUE_URL`, `ORDERS_QUEUE_ARN` and more.
pub fn forms(variable: &str) -> impl Iterator<Item = String> + '_ {
    let stem = TABLE.forms.iter().find_map(|form| variable.strip_suffix(form.as_str()));
    let all = stem.into_iter().flat_map(|stem| TABLE.forms.iter().map(move |form| format!("{stem}{form}")));
    all.filter(move |other| other != variable)
}

/// A package that reads or sets variables by names that are not in the code.
pub fn is_reader(package: &str) -> bool {
    let first = package.split(['/', '.']).next().unwrap_or(package);
    any(&TABLE.readers, package) || any(&TABLE.readers, first)
}

/// Options under which a validator is given the environment: `createEnv({runtimeEnv: process.env})`.
pub fn given_to_validators() -> &'static [String] {
    &TABLE.schemas.given
}

/// Members under which a validator gives what it has read: `schema.safeParse(process.env).data`.
pub fn read_by_validators() -> &'static [String] {
    &TABLE.schemas.read
}

/// A layer of a vendor whose variables are known; by its ARN.
pub fn is_public_layer(arn: &str) -> bool {
    any(&TABLE.layers, arn)
}

/// Whether an account publishes layers to everybody, in all Regions.
pub fn publishes_layers(account: &str) -> bool {
    TABLE.publishers.iter().any(|known| known == account)
}

#[derive(Default, Deserialize)]
struct Table {
    publishers: Vec<String>,
    given: Vec<String>,
    local: Vec<String>,
    setters: Vec<String>,
    region: Vec<String>,
    others: Vec<String>,
    readers: Vec<String>,
    layers: Vec<String>,
    forms: Vec<String>,
    schemas: Schemas,
}

#[derive(Default, Deserialize)]
struct Schemas {
    given: Vec<String>,
    read: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("environment.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_other_sources_and_readers() {
        assert!(is_region("AWS_REGION") && !is_region("_HANDLER"));
        assert!(is_local("AWS_SAM_LOCAL") && is_given("AWS_SAM_LOCAL") && !is_local("AWS_REGION"));
        assert!(is_setter("lambda:UpdateFunctionConfiguration") && !is_setter("lambda:*"));
        assert!(is_given("AWS_REGION") && is_given("_HANDLER") && !is_given("TABLE_NAME"));
        assert!(is_read_by_others("POWERTOOLS_SERVICE_NAME") && is_read_by_others("DD_SITE"));
        assert!(!is_read_by_others("TABLE_NAME"));
        assert_eq!(
            forms("JOBS_QUEUE_URL").collect::<Vec<_>>(),
            ["JOBS_QUEUE_NAME", "JOBS_QUEUE_ARN", "JOBS_QUEUE_ID"]
        );
        assert_eq!(forms("JOBS").count(), 0);
        assert!(given_to_validators().contains(&"runtimeEnv".to_owned()) && !read_by_validators().is_empty());
        assert!(is_reader("pydantic_settings") && is_reader("dotenv/config") && !is_reader("boto3"));
    }
}
