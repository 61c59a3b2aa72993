//! The same code once.

pub mod client_in_handler;
pub mod incompatible_layer;
pub mod layer_version_skew;
mod layers;
pub mod single_use_layer;
pub mod unused_layer;
