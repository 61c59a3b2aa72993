//! The same code once.

pub mod layer_version_skew;
