//! The same code once.

pub mod client_in_handler;
pub mod duplicated_code;
pub mod layer_version_skew;
