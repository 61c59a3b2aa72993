//! What code, definitions, template and platform must agree on.

pub mod conflicting_properties;
pub mod malformed_definition;
pub mod unknown_state_machine_function;
