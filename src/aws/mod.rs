//! Knowledge about AWS as tables, each with its source beside it.

pub mod arn;
pub mod integrations;
pub mod invocation;
pub mod limits;
pub mod physical_names;
pub mod resource_types;
