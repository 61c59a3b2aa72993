//! The catalogue: every rule, by category.
//!
//! To add a native rule: its file, its `mod` line and its entry in [`NATIVE`], and its folder in
//! `corpus/`.

mod contract;
mod deployment;
mod reuse;
mod structure;

use crate::rule::{Native, Rule};

/// Native rules, sorted by id.
const NATIVE: &[&Native] = &[
    &contract::conflicting_properties::CONFLICTING_PROPERTIES,
    &structure::constant_response_function::CONSTANT_RESPONSE_FUNCTION,
    &deployment::dead_condition::DEAD_CONDITION,
    &structure::duplicate_route::DUPLICATE_ROUTE,
    &structure::exported_data_store::EXPORTED_DATA_STORE,
    &structure::gateway_timeout::GATEWAY_TIMEOUT,
    &deployment::hard_coded_account::HARD_CODED_ACCOUNT,
    &deployment::hard_coded_arn::HARD_CODED_ARN,
    &deployment::hard_coded_name::HARD_CODED_NAME,
    &deployment::hard_coded_region::HARD_CODED_REGION,
    &deployment::incomplete_mapping::INCOMPLETE_MAPPING,
    &reuse::layer_version_skew::LAYER_VERSION_SKEW,
    &contract::malformed_definition::MALFORMED_DEFINITION,
    &deployment::missing_environment::MISSING_ENVIRONMENT,
    &structure::pass_through_event::PASS_THROUGH_EVENT,
    &structure::pass_through_function::PASS_THROUGH_FUNCTION,
    &structure::pass_through_task::PASS_THROUGH_TASK,
    &deployment::repeated_settings::REPEATED_SETTINGS,
    &deployment::undefined_reference::UNDEFINED_REFERENCE,
    &contract::unknown_state_machine_function::UNKNOWN_STATE_MACHINE_FUNCTION,
    &structure::validating_pass_through::VALIDATING_PASS_THROUGH,
];

/// Every rule there is: native ones, Guard files, and those about suppressions; sorted by id.
pub fn all() -> Vec<&'static dyn Rule> {
    let native = NATIVE.iter().map(|rule| *rule as &dyn Rule);
    let mut rules: Vec<&'static dyn Rule> =
        native.chain(crate::guard::shipped()).chain(crate::suppress::rules()).collect();
    rules.sort_by(|a, b| a.meta().id.cmp(&b.meta().id));
    rules
}
