//! Knowledge about AWS as tables, each with its source beside it.
//!
//! A table is read the first time it is asked for, so a run that needs none of it pays nothing.

pub mod arn;
pub mod companions;
pub mod connectors;
pub mod data_stores;
pub mod definitions;
pub mod deployments;
pub mod direct;
pub mod effects;
pub mod environment;
pub mod environment_names;
pub mod errors;
pub mod event_shapes;
pub mod event_sources;
pub mod exclusions;
pub mod generated_ids;
mod glob;
pub mod globals;
mod grant;
pub mod iam;
pub mod integrations;
pub mod invocation;
pub mod languages;
pub mod layers;
pub mod libraries;
pub mod limits;
pub mod managed_policies;
pub mod mappings;
pub mod merging;
pub mod packages;
pub mod permission_use;
pub mod physical_names;
pub mod pictures;
pub mod pipes;
pub mod platform;
pub mod policy_templates;
pub mod prices;
pub mod resource_arns;
pub mod resource_types;
pub mod routers;
pub mod sdk;
pub mod services;
pub mod splitting;
pub mod triggers;

pub use glob::is_like;
pub use grant::Grant;

use serde::de::DeserializeOwned;

/// Reads a table that was compiled in. A table that does not parse is empty; tests see to it that
/// none is.
fn table<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_yaml::from_str(text).unwrap_or_default()
}
