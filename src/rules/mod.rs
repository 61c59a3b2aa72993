//! The catalogue: every rule, by category.
//!
//! To add a native rule: its file, its `mod` line and its entry in [`NATIVE`], and its folder in
//! `corpus/`.

mod code;
mod contract;
mod deployment;
mod permissions;
mod reuse;
mod structure;

use crate::rule::{Native, Rule};

/// Native rules, sorted by id.
const NATIVE: &[&Native] = &[
    &contract::broken_contract::BROKEN_CONTRACT,
    &reuse::client_in_handler::CLIENT_IN_HANDLER,
    &contract::conflicting_properties::CONFLICTING_PROPERTIES,
    &structure::constant_response_function::CONSTANT_RESPONSE_FUNCTION,
    &structure::cyclic_invocation::CYCLIC_INVOCATION,
    &structure::cyclic_services::CYCLIC_SERVICES,
    &deployment::dead_condition::DEAD_CONDITION,
    &structure::duplicate_route::DUPLICATE_ROUTE,
    &structure::exported_data_store::EXPORTED_DATA_STORE,
    &structure::function_orchestrator::FUNCTION_ORCHESTRATOR,
    &structure::gateway_timeout::GATEWAY_TIMEOUT,
    &deployment::hard_coded_account::HARD_CODED_ACCOUNT,
    &deployment::hard_coded_arn::HARD_CODED_ARN,
    &deployment::hard_coded_name::HARD_CODED_NAME,
    &deployment::hard_coded_region::HARD_CODED_REGION,
    &deployment::incomplete_mapping::INCOMPLETE_MAPPING,
    &structure::lambda_monolith::LAMBDA_MONOLITH,
    &reuse::layer_version_skew::LAYER_VERSION_SKEW,
    &contract::malformed_definition::MALFORMED_DEFINITION,
    &structure::merge_candidates::MERGE_CANDIDATES,
    &deployment::missing_environment::MISSING_ENVIRONMENT,
    &permissions::missing_permission::MISSING_PERMISSION,
    &structure::mixed_bounded_contexts::MIXED_BOUNDED_CONTEXTS,
    &structure::pass_through_event::PASS_THROUGH_EVENT,
    &structure::pass_through_function::PASS_THROUGH_FUNCTION,
    &structure::pass_through_task::PASS_THROUGH_TASK,
    &deployment::repeated_settings::REPEATED_SETTINGS,
    &structure::shared_table::SHARED_TABLE,
    &structure::sleeping_function::SLEEPING_FUNCTION,
    &structure::synchronous_chain::SYNCHRONOUS_CHAIN,
    &contract::undefined_environment_variable::UNDEFINED_ENVIRONMENT_VARIABLE,
    &deployment::undefined_reference::UNDEFINED_REFERENCE,
    &contract::unhandled_batch_failure::UNHANDLED_BATCH_FAILURE,
    &contract::unknown_handler::UNKNOWN_HANDLER,
    &contract::unknown_path_parameter::UNKNOWN_PATH_PARAMETER,
    &contract::unknown_state_machine_function::UNKNOWN_STATE_MACHINE_FUNCTION,
    &structure::unreachable_function::UNREACHABLE_FUNCTION,
    &contract::unused_environment_variable::UNUSED_ENVIRONMENT_VARIABLE,
    &permissions::unused_permission::UNUSED_PERMISSION,
    &structure::validating_pass_through::VALIDATING_PASS_THROUGH,
    &permissions::wildcard_permission::WILDCARD_PERMISSION,
    &contract::wrong_event_shape::WRONG_EVENT_SHAPE,
    &contract::wrong_response_shape::WRONG_RESPONSE_SHAPE,
];

/// Every rule there is: native ones, Guard files, and those about suppressions; sorted by id.
pub fn all() -> Vec<&'static dyn Rule> {
    let native = NATIVE.iter().map(|rule| *rule as &dyn Rule);
    let mut rules: Vec<&'static dyn Rule> =
        native.chain(crate::guard::shipped()).chain(crate::suppress::rules()).collect();
    rules.sort_by(|a, b| a.meta().id.cmp(&b.meta().id));
    rules
}
