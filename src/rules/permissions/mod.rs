//! What code does against what its role allows.

mod calls;
pub mod missing_permission;
pub mod unused_permission;
mod usage;
pub mod wildcard_permission;
