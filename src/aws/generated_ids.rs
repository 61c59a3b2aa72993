//! Names that a template may speak of although it does not write them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Whether this is a pseudo parameter, `AWS::Region`.
pub fn is_pseudo_parameter(name: &str) -> bool {
    TABLE.pseudo_parameters.iter().any(|known| known == name)
}

/// Whether a macro adds no names but those known here.
pub fn is_closed_transform(name: &str) -> bool {
    TABLE.transforms.iter().any(|pattern| matches(pattern, name))
}

/// The APIs that are made for events that name none.
pub fn implicit_apis() -> &'static [ImplicitApi] {
    &TABLE.implicit_apis
}

/// Whether SAM may make a resource of this name that belongs to no single one of the template.
pub fn is_shared(name: &str) -> bool {
    TABLE.shared.iter().any(|pattern| matches(pattern, name))
}

/// What a resource of this type adds to the names of the template, after its own id.
pub fn suffixes(kind: &str) -> &'static [Suffix] {
    TABLE.suffixes.get(kind).map_or(&[], Vec::as_slice)
}

/// Whether resources of this type stand for several, whose names begin with its id.
pub fn is_module(kind: &str) -> bool {
    TABLE.module_types.iter().any(|ending| kind.ends_with(ending.as_str()))
}

/// An API that SAM makes by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImplicitApi {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// The `Type` of the events it is made for.
    pub event: String,
    /// The property by which such an event names another API.
    pub property: String,
}

/// The end of a generated name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suffix {
    is: String,
    /// A property without which the name is made.
    pub unless: Option<String>,
}

impl Suffix {
    /// Whether `rest` is such an end, for a resource with these events.
    pub fn fits<'n>(&self, rest: &str, events: impl IntoIterator<Item = &'n str>) -> bool {
        match self.is.strip_prefix("{event}") {
            Some(after) => {
                let after_event =
                    |event: &str| rest.strip_prefix(event).is_some_and(|rest| matches(after, rest));
                events.into_iter().any(after_event)
            }
            None => matches(&self.is, rest),
        }
    }
}

/// Whether a text fits a pattern with at most two `*`.
fn matches(pattern: &str, text: &str) -> bool {
    if text.contains('.') {
        return false;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[derive(Default, Deserialize)]
struct Table {
    pseudo_parameters: Vec<String>,
    transforms: Vec<String>,
    implicit_apis: Vec<ImplicitApi>,
    shared: Vec<String>,
    suffixes: BTreeMap<String, Vec<Suffix>>,
    module_types: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("generated_ids.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(kind: &str, rest: &str) -> bool {
        suffixes(kind).iter().any(|suffix| suffix.fits(rest, ["Hourly"]))
    }

    #[test]
    fn ends_are_known_by_type() {
        assert!(is_pseudo_parameter("AWS::Region") && !is_pseudo_parameter("AWS::Zone"));
        assert!(is_shared("ApiGatewayDomainName0123456789") && !is_shared("ServerlessRole"));
        let function = "AWS::Serverless::Function";
        for end in ["Role", "Version0a1b2c3d4e", "Aliaslive", "Hourly", "HourlyPermission"] {
            assert!(generated(function, end), "{end}");
        }
        assert!(!generated(function, "Table") && !generated("AWS::Lambda::Function", "Role"));
        assert!(
            generated("AWS::Serverless::Api", "ProdStage") && generated("AWS::Serverless::Api", "Deployment")
        );
        assert!(!generated("AWS::Serverless::Api", "Role"));
        assert_eq!(implicit_apis().len(), 2);
        assert!(is_module("My::App::Queue::MODULE"));
    }
}
