//! Refactorings of whole files: templates and workflows, where no single function is the subject.

pub mod add_environment;
pub mod add_mapping;
pub mod lift_to_globals;
pub mod pseudo_parameter;
pub(super) mod rewriting;
pub mod suffix_name;
#[cfg(test)]
mod tests;
pub mod use_oidc;
