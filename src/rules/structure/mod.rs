//! Organising many functions.

pub mod duplicate_route;
pub mod exported_data_store;
pub mod gateway_timeout;
pub mod unreachable_function;
