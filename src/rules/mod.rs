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
    &deployment::drifting_environments::DRIFTING_ENVIRONMENTS,
    &structure::duplicate_route::DUPLICATE_ROUTE,
    &reuse::duplicated_dependency::DUPLICATED_DEPENDENCY,
    &deployment::environment_blind_sizing::ENVIRONMENT_BLIND_SIZING,
    &deployment::environment_in_code::ENVIRONMENT_IN_CODE,
    &structure::exported_data_store::EXPORTED_DATA_STORE,
    &structure::function_orchestrator::FUNCTION_ORCHESTRATOR,
    &structure::gateway_timeout::GATEWAY_TIMEOUT,
    &deployment::hard_coded_account::HARD_CODED_ACCOUNT,
    &deployment::hard_coded_arn::HARD_CODED_ARN,
    &deployment::hard_coded_name::HARD_CODED_NAME,
    &deployment::hard_coded_region::HARD_CODED_REGION,
    &deployment::incomplete_mapping::INCOMPLETE_MAPPING,
    &reuse::incompatible_layer::INCOMPATIBLE_LAYER,
    &structure::lambda_monolith::LAMBDA_MONOLITH,
    &deployment::interactive_deployment::INTERACTIVE_DEPLOYMENT,
    &reuse::layer_version_skew::LAYER_VERSION_SKEW,
    &deployment::long_lived_credentials::LONG_LIVED_CREDENTIALS,
    &contract::malformed_definition::MALFORMED_DEFINITION,
    &structure::merge_candidates::MERGE_CANDIDATES,
    &deployment::missing_environment::MISSING_ENVIRONMENT,
    &deployment::missing_id_token::MISSING_ID_TOKEN,
    &deployment::missing_overrides::MISSING_OVERRIDES,
    &permissions::missing_permission::MISSING_PERMISSION,
    &structure::mixed_bounded_contexts::MIXED_BOUNDED_CONTEXTS,
    &deployment::open_oidc_trust::OPEN_OIDC_TRUST,
    &reuse::oversized_layer::OVERSIZED_LAYER,
    &reuse::package_too_large::PACKAGE_TOO_LARGE,
    &structure::pass_through_event::PASS_THROUGH_EVENT,
    &structure::pass_through_function::PASS_THROUGH_FUNCTION,
    &structure::pass_through_task::PASS_THROUGH_TASK,
    &deployment::production_without_rollback::PRODUCTION_WITHOUT_ROLLBACK,
    &deployment::repeated_settings::REPEATED_SETTINGS,
    &structure::shared_table::SHARED_TABLE,
    &deployment::secret_in_configuration::SECRET_IN_CONFIGURATION,
    &deployment::shared_account::SHARED_ACCOUNT,
    &deployment::shared_stack::SHARED_STACK,
    &reuse::single_use_layer::SINGLE_USE_LAYER,
    &structure::sleeping_function::SLEEPING_FUNCTION,
    &structure::synchronous_chain::SYNCHRONOUS_CHAIN,
    &deployment::template_per_environment::TEMPLATE_PER_ENVIRONMENT,
    &deployment::unconditional_monitoring::UNCONDITIONAL_MONITORING,
    &contract::undefined_environment_variable::UNDEFINED_ENVIRONMENT_VARIABLE,
    &deployment::undefined_reference::UNDEFINED_REFERENCE,
    &deployment::ungated_production::UNGATED_PRODUCTION,
    &contract::unhandled_batch_failure::UNHANDLED_BATCH_FAILURE,
    &deployment::unknown_environment::UNKNOWN_ENVIRONMENT,
    &contract::unknown_handler::UNKNOWN_HANDLER,
    &deployment::unknown_override::UNKNOWN_OVERRIDE,
    &contract::unknown_path_parameter::UNKNOWN_PATH_PARAMETER,
    &contract::unknown_state_machine_function::UNKNOWN_STATE_MACHINE_FUNCTION,
    &structure::unreachable_function::UNREACHABLE_FUNCTION,
    &reuse::unused_dependency::UNUSED_DEPENDENCY,
    &contract::unused_environment_variable::UNUSED_ENVIRONMENT_VARIABLE,
    &reuse::unused_layer::UNUSED_LAYER,
    &permissions::unused_permission::UNUSED_PERMISSION,
    &structure::validating_pass_through::VALIDATING_PASS_THROUGH,
    &permissions::wildcard_permission::WILDCARD_PERMISSION,
    &contract::wrong_event_shape::WRONG_EVENT_SHAPE,
    &contract::wrong_response_shape::WRONG_RESPONSE_SHAPE,
];

/// Every rule there is: native ones, Guard files, and those about suppressions; sorted by id.
pub fn all() -> Vec<&'static dyn Rule> {
    let native = NATIVE.iter().map(|rule| *rule as &dyn Rule);
    let mut rules: Vec<&'static dyn Rule> = native
        .chain(crate::guard::shipped())
        .chain(crate::suppress::rules())
        .chain(crate::baseline::rules())
        .collect();
    rules.sort_by(|a, b| a.meta().id.cmp(&b.meta().id));
    rules
}
