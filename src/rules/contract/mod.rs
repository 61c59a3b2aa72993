//! Code and template must agree.

mod events;
pub mod undefined_environment_variable;
pub mod unhandled_batch_failure;
pub mod unknown_handler;
pub mod unknown_path_parameter;
pub mod unused_environment_variable;
pub mod wrong_event_shape;
pub mod wrong_response_shape;
