//! Knowledge about AWS as tables, each with its source beside it.

pub mod globals;
pub mod integrations;
pub mod invocation;
pub mod resource_types;
