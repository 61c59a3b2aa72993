//! Organising many functions.

pub mod cyclic_invocation;
pub mod duplicate_route;
pub mod exported_data_store;
pub mod gateway_timeout;
pub mod sleeping_function;
pub mod synchronous_chain;
pub mod unreachable_function;
