//! Organising many functions.

pub mod constant_response_function;
pub mod cyclic_invocation;
pub mod cyclic_services;
pub mod duplicate_route;
mod event_pattern;
pub mod exported_data_store;
mod forwarding;
pub mod function_orchestrator;
pub mod gateway_timeout;
pub mod lambda_monolith;
pub mod merge_candidates;
pub mod mixed_bounded_contexts;
pub mod pass_through_event;
pub mod pass_through_function;
pub mod pass_through_task;
pub mod shared_table;
pub mod sleeping_function;
pub mod synchronous_chain;
pub mod unreachable_function;
pub mod validating_pass_through;
