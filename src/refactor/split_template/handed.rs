//! What one template hands to others: a parameter of Systems Manager that its owner writes, and a
//! parameter of the template that takes it.
//!
//! So each stack deploys on its own, after those it takes from have been there once. A stack that is
//! updated takes the newest value.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value as Yaml;

use super::homes::{Crossing, Home, Plan};
use super::sites::Site;
use crate::refactor::written::{choice, get_att, map, reference, sub};
use crate::template::Template;

/// A value that crosses from one template to others.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    pub owner: Home,
    pub takers: BTreeSet<Home>,
    /// The resource.
    pub target: String,
    /// As it is named, and the attribute.
    pub name: String,
    pub attribute: Option<String>,
    /// Name of the parameter of the takers.
    pub parameter: String,
    /// Logical id of what the owner writes.
    pub published: String,
}

/// Where in Systems Manager the services of an application find each other.
#[derive(Clone, Debug)]
pub(super) struct Namespace {
    /// Name of the application.
    pub application: String,
    /// The parameter that tells environments apart, and the value it has by default.
    pub environment: Option<(String, Option<String>)>,
}

/// What stands for a resource that is not there in this environment.
const ABSENT: &str = "-";

impl Handed {
    pub(super) fn is(&self, site: &Site) -> bool {
        self.name == site.name && self.attribute == site.attribute
    }

    /// `TakePayment.Arn`, as it was spoken of.
    pub(super) fn told(&self) -> String {
        match &self.attribute {
            Some(attribute) => format!("{}.{attribute}", self.name),
            None => self.name.clone(),
        }
    }

    /// The name in Systems Manager, in one environment.
    pub(super) fn path(&self, plan: &Plan, names: &Namespace, environment: Option<&str>) -> String {
        let environment = environment.map(|name| format!("/{name}")).unwrap_or_default();
        let owner = super::folders::slug(plan.name(self.owner));
        format!("/{}{environment}/{owner}/{}", names.application, self.parameter)
    }

    /// The resource of the owner that publishes it.
    pub(super) fn resource(&self, plan: &Plan, names: &Namespace, template: &Template) -> Yaml {
        let value = match &self.attribute {
            Some(attribute) => get_att(&self.name, attribute),
            None => reference(&self.name),
        };
        let condition = template.resource(&self.target).and_then(|resource| resource.condition.as_ref());
        let value = match condition {
            Some(condition) => choice(&condition.text, value, Yaml::from(ABSENT)),
            None => value,
        };
        let open = names.environment.as_ref().map(|(parameter, _)| format!("${{{parameter}}}"));
        let path = self.path(plan, names, open.as_deref());
        let name = if open.is_some() { sub(&path) } else { Yaml::from(path) };
        let takers: Vec<&str> = self.takers.iter().map(|home| plan.name(*home)).collect();
        map([
            ("Type", Yaml::from("AWS::SSM::Parameter")),
            (
                "Properties",
                map([
                    ("Type", Yaml::from("String")),
                    ("Name", name),
                    ("Description", Yaml::from(format!("{} for {}", self.told(), takers.join(", ")))),
                    ("Value", value),
                ]),
            ),
        ])
    }

    /// The parameter of those who take it.
    pub(super) fn parameter(&self, plan: &Plan, names: &Namespace, template: &Template) -> Yaml {
        let kind = template.resource(&self.target).map(|resource| resource.kind.text.as_str());
        let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let owner = plan.name(self.owner);
        let description = format!("Name in Systems Manager of {} of {owner}{kind}", self.told());
        let mut entries = vec![("Type", Yaml::from("AWS::SSM::Parameter::Value<String>"))];
        match &names.environment {
            None => entries.push(("Default", Yaml::from(self.path(plan, names, None)))),
            Some((_, Some(value))) => {
                entries.push(("Default", Yaml::from(self.path(plan, names, Some(value)))));
            }
            Some((_, None)) => {}
        }
        entries.push(("Description", Yaml::from(description)));
        map(entries)
    }
}

/// Everything that crosses, in the order it is first spoken of.
pub(super) fn handed(template: &Template, plan: &Plan, crossings: &[Crossing<'_>]) -> Vec<Handed> {
    let mut taken: BTreeSet<String> = template.resources.iter().map(|one| one.id.text.clone()).collect();
    taken.extend(template.parameters.iter().map(|parameter| parameter.name.text.clone()));
    let mut places: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut all: Vec<Handed> = Vec::new();
    for crossing in crossings.iter().filter(|one| one.link.site.is_value()) {
        let Site { name, attribute, .. } = &crossing.link.site;
        let key = (name.clone(), attribute.clone());
        let at = *places.entry(key).or_insert_with(|| {
            let plain = attribute.is_none() && *name == crossing.link.target;
            let parameter = match plain {
                true => name.clone(),
                false => unique(&format!("{name}{}", attribute.as_deref().unwrap_or_default()), &mut taken),
            };
            let published = unique(&format!("{parameter}Parameter"), &mut taken);
            all.push(Handed {
                owner: crossing.to,
                takers: BTreeSet::new(),
                target: crossing.link.target.clone(),
                name: name.clone(),
                attribute: attribute.clone(),
                parameter,
                published,
            });
            all.len() - 1
        });
        all[at].takers.insert(crossing.from);
    }
    debug_assert!(all.iter().all(|one| plan.homes().contains(&one.owner)));
    all
}

/// A logical id that is free.
fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let stem: String = wanted.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut id = stem.clone();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{stem}{number}");
        number += 1;
    }
    id
}
