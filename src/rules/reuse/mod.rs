//! The same code once.

pub mod client_in_handler;
pub mod duplicated_dependency;
mod imported;
pub mod incompatible_layer;
pub mod layer_version_skew;
mod layers;
pub mod oversized_layer;
pub mod package_too_large;
pub mod single_use_layer;
pub mod unused_dependency;
pub mod unused_layer;
mod weight;
