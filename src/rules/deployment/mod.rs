//! The same code in every environment.

pub mod dead_condition;
pub mod hard_coded_account;
pub mod hard_coded_arn;
pub mod hard_coded_name;
pub mod hard_coded_region;
pub mod incomplete_mapping;
mod literals;
pub mod missing_environment;
mod names;
pub mod repeated_settings;
pub mod undefined_reference;
