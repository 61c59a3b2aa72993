//! Who refers to which resource of a template, and where.

use std::collections::{BTreeMap, BTreeSet};

use super::sites::{Form, Site, sites};
use crate::aws::generated_ids::{implicit_apis, suffixes};
use crate::template::{Template, Value};
use crate::yaml::Document;

/// A reference to a resource.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The resource, also where what is named is made for it: `GetCartRole`.
    pub target: String,
    pub site: Site,
}

impl Link {
    /// Whether it stands in the property.
    pub(super) fn stands_in(&self, property: &str) -> bool {
        self.site.steps.first().is_some_and(|step| step == "Properties")
            && self.site.steps.get(1).is_some_and(|step| step == property)
    }
}

/// The references of a template, by the resource, output or section of Globals that makes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    by: BTreeMap<String, Vec<Link>>,
    /// Every name that is spoken of, by section and key: also of parameters, conditions and mappings.
    names: BTreeMap<(String, String), Vec<Site>>,
    order: Vec<String>,
    /// Some of it is written once for several places.
    pub aliased: bool,
}

/// The id by which an output is known.
pub(super) fn output_id(name: &str) -> String {
    format!("Outputs.{name}")
}

/// The sections whose entries are parts of templates of their own.
const SECTIONS: [&str; 7] =
    ["Resources", "Outputs", "Globals", "Conditions", "Mappings", "Rules", "Metadata"];

impl Links {
    pub(super) fn read(template: &Template, text: &str, document: &Document) -> Self {
        let mut links = Self::default();
        let Some(root) = document.root() else { return links };
        let names = Names::of(template);
        for section in SECTIONS {
            let Some(entries) = root.get(section) else { continue };
            for (key, value) in entries.entries_as_written() {
                let key = key.scalar().unwrap_or_default().to_owned();
                let (found, aliased) = sites(text, value);
                links.aliased |= aliased;
                let by = match section {
                    "Resources" => Some(key.clone()),
                    "Outputs" => Some(output_id(&key)),
                    _ => None,
                };
                if let Some(by) = by {
                    let resources =
                        found.iter().filter_map(|site| names.link(site)).filter(|link| link.target != by);
                    links.by.insert(by.clone(), resources.collect());
                    links.order.push(by);
                }
                links.names.insert((section.to_owned(), key), found);
            }
        }
        links.globals(template, &names);
        links
    }

    /// What Globals refer to, every resource they are for refers to.
    fn globals(&mut self, template: &Template, names: &Names<'_>) {
        for ((section, key), sites) in &self.names {
            let Some(kind) = crate::aws::splitting::globals_of(key).filter(|_| section == "Globals") else {
                continue;
            };
            let own: Vec<Link> = sites.iter().filter_map(|site| names.link(site)).collect();
            for resource in template.resources.iter().filter(|resource| resource.is(kind)) {
                self.by.entry(resource.id.text.clone()).or_default().extend(own.iter().cloned());
            }
        }
    }

    /// The references that a resource or output makes.
    pub(super) fn of(&self, by: &str) -> &[Link] {
        self.by.get(by).map_or(&[], Vec::as_slice)
    }

    /// The resources that refer to one, and how.
    pub(super) fn to(&self, target: &str) -> impl Iterator<Item = (&str, &Link)> {
        let resources = self.by.iter().filter(|(by, _)| !by.contains('.'));
        let all = resources.flat_map(|(by, links)| links.iter().map(move |link| (by.as_str(), link)));
        all.filter(move |(_, link)| link.target == target)
    }

    /// All references, in the order of the text.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Link)> {
        let of = |by: &'_ String| self.by.get_key_value(by);
        let own = self.order.iter().filter_map(of);
        own.flat_map(|(by, links)| links.iter().map(move |link| (by.as_str(), link)))
    }

    /// All names that an entry of a section speaks of.
    pub(super) fn names(&self, section: &str, key: &str) -> &[Site] {
        self.names.get(&(section.to_owned(), key.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// What names stand for.
struct Names<'t> {
    template: &'t Template,
    events: BTreeMap<&'t str, BTreeSet<&'t str>>,
}

impl<'t> Names<'t> {
    fn of(template: &'t Template) -> Self {
        let events = template.resources.iter().map(|resource| {
            let events = resource.property("Events").and_then(Value::as_map);
            let names =
                events.into_iter().flat_map(|events| events.iter()).map(|(name, _)| name.text.as_str());
            (resource.id.text.as_str(), names.collect())
        });
        Self { template, events: events.collect() }
    }

    fn link(&self, site: &Site) -> Option<Link> {
        if matches!(site.form, Form::Condition | Form::Mapping) {
            return None;
        }
        Some(Link { target: self.target(&site.name)?, site: site.clone() })
    }

    /// The resource of a name, or that of which it is made.
    fn target(&self, name: &str) -> Option<String> {
        let name = name.split_once('.').map_or(name, |(before, _)| before);
        if self.template.resource(name).is_some() {
            return Some(name.to_owned());
        }
        if self.template.parameter(name).is_some() || name.starts_with("AWS::") {
            return None;
        }
        let made = |id: &str, kind: &str| {
            let events = self.events.get(id).into_iter().flatten().copied();
            let rest = name.strip_prefix(id)?;
            suffixes(kind).iter().any(|suffix| suffix.fits(rest, events.clone())).then(|| id.to_owned())
        };
        let implicit = implicit_apis().iter().filter_map(|api| match name == api.id {
            true => Some(api.id.clone()),
            false => made(&api.id, &api.kind),
        });
        let own = self.template.resources.iter().filter_map(|one| made(&one.id.text, &one.kind.text));
        own.chain(implicit).max_by_key(String::len)
    }
}
