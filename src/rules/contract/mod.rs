//! What code, definitions, template and platform must agree on.

pub mod broken_contract;
pub mod conflicting_properties;
mod events;
pub mod malformed_definition;
pub mod undefined_environment_variable;
pub mod unhandled_batch_failure;
pub mod unknown_handler;
pub mod unknown_path_parameter;
pub mod unknown_state_machine_function;
pub mod unused_environment_variable;
pub mod wrong_event_shape;
pub mod wrong_response_shape;
