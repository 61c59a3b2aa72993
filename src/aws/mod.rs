//! Knowledge about AWS as tables, each with its source beside it.

pub mod integrations;
pub mod invocation;
pub mod libraries;
pub mod resource_types;
pub mod sdk;
