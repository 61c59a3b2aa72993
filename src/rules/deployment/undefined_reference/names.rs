//! The names of a template: what it writes, and what a deployment adds.

use std::collections::BTreeSet;

use crate::aws::generated_ids::{
    implicit_apis, is_closed_transform, is_module, is_pseudo_parameter, is_shared, suffixes,
};
use crate::graph::{App, TemplateId};
use crate::template::{Dialect, Map, Name, Resource, Template, Value};

pub(super) struct Names<'a> {
    pub app: &'a App<'a>,
    pub id: TemplateId,
    pub template: &'a Template,
}

/// What a name stands for.
pub(super) enum Meaning<'a> {
    /// A resource, or something made together with it.
    Resource(&'a Resource),
    /// A parameter, a pseudo parameter, or what is there in every world.
    Other,
    Unknown,
}

impl<'a> Names<'a> {
    /// Whether a name that is not found here cannot come from elsewhere: no macro that adds resources,
    /// no part of a larger template. A template without resources is one: none can be deployed without.
    pub fn are_complete(&self) -> bool {
        let closed =
            |transform: &Value| transform.as_str().is_some_and(|name| is_closed_transform(name.trim()));
        self.template.dialect != Dialect::Fragment
            && !self.template.resources.is_empty()
            && self.template.transforms.iter().all(closed)
            && !self.template.left_out.iter().any(is_macro)
    }

    /// Whether a template without a transform may be whole, because there is no other it could belong to.
    pub fn may_be_complete(&self) -> bool {
        self.template.dialect == Dialect::Fragment
            && self.app.templates().count() == 1
            && self.template.transforms.is_empty()
            && !self.template.left_out.iter().any(is_macro)
    }

    pub fn meaning(&self, name: &str) -> Meaning<'a> {
        // `Ref: Api.Stage`: what SAM makes is named by a property of the resource.
        let name = name.split('.').next().unwrap_or(name);
        if is_pseudo_parameter(name) || self.template.parameter(name).is_some() {
            return Meaning::Other;
        }
        self.resource(name)
    }

    /// The same for a name that must be that of a resource.
    pub fn resource(&self, name: &str) -> Meaning<'a> {
        if let Some(resource) = self.template.resource(name) {
            return Meaning::Resource(resource);
        }
        let left_out = self.template.left_out.iter().any(|id| id.text == name);
        if left_out || self.implicit(name) || is_shared(name) {
            return Meaning::Other;
        }
        let owner = self.template.resources.iter().find(|resource| is_made_with(resource, name));
        owner.map_or(Meaning::Unknown, Meaning::Resource)
    }

    /// An implicit API, or what belongs to one.
    fn implicit(&self, name: &str) -> bool {
        implicit_apis().iter().any(|api| {
            let Some(rest) = name.strip_prefix(api.id.as_str()) else { return false };
            let made = rest.is_empty() || suffixes(&api.kind).iter().any(|suffix| suffix.fits(rest, []));
            made && self.app.api(self.id, &api.id).is_some()
        })
    }

    /// A name that differs only in the case of its letters, or by one letter; for the implicit API of one kind
    /// that of the other.
    pub fn near(&self, name: &str) -> Option<&'a str> {
        let mut implicit = implicit_apis().iter();
        if implicit.any(|api| api.id == name) {
            let there = |id: &&str| *id != name && self.app.api(self.id, id).is_some();
            return implicit_apis().iter().map(|api| api.id.as_str()).find(there);
        }
        let parameters = self.template.parameters.iter().map(|parameter| parameter.name.text.as_str());
        let resources = self.template.resources.iter().map(|resource| resource.id.text.as_str());
        parameters.chain(resources).find(|known| is_near(known, name))
    }
}

/// Whether two names differ in case only, or by one letter that is missing, added or another.
pub(super) fn is_near(known: &str, name: &str) -> bool {
    let (known, name): (Vec<u8>, Vec<u8>) =
        (known.to_ascii_lowercase().into(), name.to_ascii_lowercase().into());
    let same = known.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let (known, name) = (&known[same..], &name[same..]);
    match known.len().abs_diff(name.len()) {
        0 => known.is_empty() || same + known.len() > 3 && known[1..] == name[1..],
        1 if known.len() > name.len() => known[1..] == *name,
        1 => *known == name[1..],
        _ => false,
    }
}

fn is_macro(id: &Name) -> bool {
    id.text.starts_with("Fn::")
}

fn is_made_with(resource: &Resource, name: &str) -> bool {
    let Some(rest) = name.strip_prefix(resource.id.text.as_str()).filter(|rest| !rest.is_empty()) else {
        return false;
    };
    let kind = resource.kind.text.as_str();
    let events: BTreeSet<&str> = resource
        .property("Events")
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(Map::iter)
        .map(|(name, _)| name.text.as_str())
        .collect();
    // A role that only some worlds give is made in the others.
    let given = |property: &Option<String>| {
        let value = property.as_deref().and_then(|property| resource.property(property));
        value.is_some_and(|value| !value.is_null() && (value.is_literal() || !may_be_absent(value)))
    };
    is_module(kind)
        || resource.connectors.is_some()
        || suffixes(kind)
            .iter()
            .any(|suffix| suffix.fits(rest, events.iter().copied()) && !given(&suffix.unless))
}

fn may_be_absent(value: &Value) -> bool {
    let mut absent = false;
    value.walk(&mut |value| absent |= value.is_no_value());
    absent
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn names_are_near_by_case_or_one_letter() {
        for (known, name) in
            [("Orders", "orders"), ("Orders", "Order"), ("Orders", "Ordrs"), ("Orders", "Ordars")]
        {
            assert!(is_near(known, name), "{known} {name}");
        }
        for (known, name) in [("Orders", "Carts"), ("A", "B"), ("Orders", "OrdersTable")] {
            assert!(!is_near(known, name), "{known} {name}");
        }
    }
}
