//! A statement of a table, with places that the template fills.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Allows `actions` on `resources`. In texts `{Name}` is a place to fill, `${Name}` is CloudFormation's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    /// Operator, key, value.
    #[serde(default)]
    pub condition: BTreeMap<String, BTreeMap<String, String>>,
    /// Places that must have a value for the statement to be there.
    #[serde(default)]
    pub when: Vec<String>,
    /// Who may act, in policies of queues and topics and of functions.
    pub principal: Option<String>,
}
