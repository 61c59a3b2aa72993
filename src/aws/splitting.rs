//! In which of several templates a resource has to be, or is best.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The property that names what a resource of the type is nothing without.
pub fn attached_by(kind: &str) -> Option<&'static str> {
    TABLE.attached.get(kind).map(String::as_str)
}

/// Whose a resource of the type is, where several services use it.
pub fn owned_by(kind: &str) -> Option<Owner> {
    TABLE.owned_by.get(kind).copied()
}

/// The property of an event that names a resource of the same template.
pub fn same_template(event: &str) -> Option<&'static str> {
    TABLE.same_template.get(event).map(String::as_str)
}

/// Properties that keep each service from having an API of this type, which has its routes by events;
/// `None` for all other types.
pub fn api_obstacles(kind: &str) -> Option<&'static [String]> {
    TABLE.apis.get(kind).map(Vec::as_slice)
}

/// Whether the property of an event names its API.
pub fn names_api(property: &str) -> bool {
    TABLE.api_properties.iter().any(|known| known == property)
}

/// The type that a section of Globals is for.
pub fn globals_of(section: &str) -> Option<&'static str> {
    TABLE.globals.get(section).map(String::as_str)
}

/// Whether the property holds a path as seen from the template.
pub fn is_local_path(property: &str) -> bool {
    TABLE.local_paths.iter().any(|known| known == property)
}

/// Whether the attribute is a list.
pub fn is_list(attribute: &str) -> bool {
    TABLE.list_attributes.iter().any(|known| known == attribute)
}

/// Who owns what several services use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    Receiver,
    Sender,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    attached: BTreeMap<String, String>,
    owned_by: BTreeMap<String, Owner>,
    same_template: BTreeMap<String, String>,
    apis: BTreeMap<String, Vec<String>>,
    api_properties: Vec<String>,
    globals: BTreeMap<String, String>,
    local_paths: Vec<String>,
    list_attributes: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("splitting.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(attached_by("AWS::Lambda::Permission"), Some("FunctionName"));
        assert_eq!(owned_by("AWS::SQS::Queue"), Some(Owner::Receiver));
        assert_eq!(same_template("S3"), Some("Bucket"));
        assert!(
            api_obstacles("AWS::Serverless::Api").is_some_and(|all| all.iter().any(|one| one == "Domain"))
        );
        assert!(names_api("RestApiId") && is_local_path("CodeUri") && is_list("NameServers"));
        assert_eq!(globals_of("Function"), Some("AWS::Serverless::Function"));
    }
}
