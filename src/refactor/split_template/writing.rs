//! The text of one of the templates: the text as it was, without what goes elsewhere, and with what it
//! hands on and takes. All other bytes stay.

use std::collections::BTreeSet;

use super::folders::{Folders, has_no_path, is_path, relative};
use super::handed::{Handed, Namespace};
use super::homes::{Home, Plan};
use super::links::{Links, output_id};
use super::sites::Form;
use crate::aws::generated_ids::implicit_apis;
use crate::aws::splitting::{globals_of, is_local_path};
use crate::edit::Edit;
use crate::refactor::Refusal;
use crate::refactor::draft::Step;
use crate::refactor::files::rewriting::{Rewriting, keys};
use crate::refactor::written::text_of;
use crate::source::{Span, parent};
use crate::template::{Template, Value};
use crate::yaml::{Document, Node, patch};

/// What all templates are written from.
pub(super) struct Desk<'a> {
    pub template: &'a Template,
    pub text: &'a str,
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub links: &'a Links,
    pub handed: &'a [Handed],
    pub names: &'a Namespace,
    pub folders: &'a Folders,
}

/// Sections that stand before the others.
const HEAD: [&str; 4] = ["AWSTemplateFormatVersion", "Transform", "Description", "Metadata"];
/// Metadata about the template as a whole: of the console, and of the Serverless Application Repository.
const WHOLE: [&str; 2] = ["AWS::CloudFormation::Interface", "AWS::ServerlessRepo::Application"];

impl Desk<'_> {
    /// The template of a home.
    ///
    /// # Errors
    /// Where the layout of the text is too unusual.
    pub(super) fn write(&self, home: Home) -> Result<String, Refusal> {
        let mut edits = self.cut(home)?;
        self.references(home, &mut edits);
        if let Some(root) = self.document.root().filter(|_| home != Home::Shared) {
            self.paths(home, root, &mut edits);
        }
        edits.sort();
        edits.dedup();
        let removed: Vec<Span> =
            edits.iter().filter(|edit| edit.text.is_empty()).map(|edit| edit.span).collect();
        let is_gone =
            |edit: &Edit| !edit.text.is_empty() && removed.iter().any(|span| span.contains(edit.span));
        edits.retain(|edit| !is_gone(edit));
        let text = patch::applied(self.text, &edits).ok_or_else(|| self.refusal("cannot be taken apart"))?;
        let mut file = Rewriting { source: self.template.source, text };
        self.untie(home, &mut file)?;
        self.take(home, &mut file)?;
        self.hand_on(home, &mut file)?;
        self.locate(home, &mut file)?;
        Ok(file.text)
    }

    fn refusal(&self, text: &str) -> Refusal {
        Refusal::new(Span::new(self.template.source, 0, 0), text)
    }

    /// Takes away what belongs elsewhere, and what nothing that stays speaks of.
    fn cut(&self, home: Home) -> Result<Vec<Edit>, Refusal> {
        let root = self.document.root().ok_or_else(|| self.refusal("does not read"))?;
        let used = self.used(home);
        let keeps = |section: &str, key: &str| match section {
            "Resources" => self.plan.is_in(key, home),
            "Outputs" => self.plan.is_in(&output_id(key), home),
            "Globals" => self.keeps_globals(key, home),
            "Metadata" => home == Home::Shared || !WHOLE.contains(&key),
            "Rules" => self.links.names("Rules", key).iter().any(|site| used.contains(&site.name)),
            "Mappings" if used.contains(super::sites::ANY) => true,
            _ => used.contains(key),
        };
        let mut edits = Vec::new();
        let mut empty = BTreeSet::new();
        for section in
            ["Parameters", "Mappings", "Conditions", "Rules", "Metadata", "Globals", "Resources", "Outputs"]
        {
            let Some(entries) = root.get(section) else { continue };
            let wanted = |key: &str| keeps(section, key);
            if !entries.entries_as_written().any(|(key, _)| key.scalar().is_some_and(wanted)) {
                empty.insert(section);
                continue;
            }
            edits.extend(self.patched(patch::keep_entries(self.text, entries, &wanted))?);
        }
        let sections = |key: &str| !empty.contains(key);
        edits.extend(self.patched(patch::keep_entries(self.text, root, &sections))?);
        Ok(edits)
    }

    fn patched(&self, edits: Result<Vec<Edit>, patch::Refusal>) -> Result<Vec<Edit>, Refusal> {
        edits.map_err(|refusal| self.refusal(&format!("cannot be taken apart: {refusal}")))
    }

    /// Names of parameters, mappings and conditions that count in a template.
    fn used(&self, home: Home) -> BTreeSet<String> {
        let mut used: BTreeSet<String> = BTreeSet::new();
        let resources = self.template.resources.iter().map(|one| ("Resources", one.id.text.as_str()));
        let resources = resources.filter(|(_, id)| self.plan.is_in(id, home));
        let outputs = self.template.outputs.iter().map(|one| ("Outputs", one.name.text.as_str()));
        let outputs = outputs.filter(|(_, name)| self.plan.is_in(&output_id(name), home));
        let sections = self.template.globals.as_ref().and_then(Value::as_map);
        let sections =
            sections.into_iter().flat_map(|map| map.iter()).map(|(name, _)| ("Globals", name.text.as_str()));
        let sections = sections.filter(|(_, name)| self.keeps_globals(name, home));
        for (section, key) in resources.chain(outputs).chain(sections) {
            used.extend(self.links.names(section, key).iter().map(|site| site.name.clone()));
        }
        if let Some((environment, _)) = &self.names.environment
            && self.handed.iter().any(|one| one.owner == home)
        {
            used.insert(environment.clone());
        }
        loop {
            let before = used.len();
            let more = |section: &str, keys: Vec<&str>, used: &mut BTreeSet<String>| {
                for key in keys.into_iter().filter(|key| used.contains(*key)).collect::<Vec<_>>() {
                    used.extend(self.links.names(section, key).iter().map(|site| site.name.clone()));
                }
            };
            let conditions = self.template.conditions.iter().map(|(name, _)| name.text.as_str());
            more("Conditions", conditions.collect(), &mut used);
            self.rules(&mut used);
            if used.len() == before {
                return used;
            }
        }
    }

    /// A rule needs all the parameters that it compares.
    fn rules(&self, used: &mut BTreeSet<String>) {
        let rules = self.template.rules.as_ref().and_then(Value::as_map);
        for (name, _) in rules.into_iter().flat_map(|map| map.iter()) {
            let sites = self.links.names("Rules", &name.text);
            if sites.iter().any(|site| used.contains(&site.name)) {
                used.extend(sites.iter().map(|site| site.name.clone()));
            }
        }
    }

    fn keeps_globals(&self, section: &str, home: Home) -> bool {
        let Some(kind) = globals_of(section) else { return home == Home::Shared };
        let mut own = self.template.resources.iter().filter(|resource| resource.is(kind));
        let implicit = implicit_apis().iter().filter(|api| api.kind == kind);
        own.any(|resource| self.plan.is_in(&resource.id.text, home))
            || implicit.into_iter().any(|api| self.plan.is_in(&api.id, home))
    }

    /// What is elsewhere is referred to by a parameter.
    fn references(&self, home: Home, edits: &mut Vec<Edit>) {
        let resources = self.template.resources.iter().map(|one| one.id.text.clone());
        let outputs = self.template.outputs.iter().map(|one| output_id(&one.name.text));
        for by in resources.chain(outputs).filter(|by| self.plan.is_in(by, home)) {
            for link in self.links.of(&by) {
                let crosses = self.plan.home(&link.target, home).is_some_and(|to| to != home);
                let handed = self.handed.iter().find(|one| one.is(&link.site)).filter(|_| crosses);
                if let Some(text) = handed.and_then(|one| link.site.instead(&one.parameter)) {
                    edits.push(Edit { span: link.site.span, text });
                }
            }
        }
    }

    /// Paths are seen from the folder of the service.
    fn paths(&self, home: Home, root: Node<'_>, edits: &mut Vec<Edit>) {
        let resources = root.get("Resources").into_iter().flat_map(Node::entries_as_written);
        for (key, value) in resources {
            if key.scalar().is_some_and(|id| self.plan.is_in(id, home)) {
                self.paths_below(home, value, edits);
            }
        }
        root.get("Globals").into_iter().for_each(|globals| self.paths_below(home, globals, edits));
    }

    fn paths_below(&self, home: Home, node: Node<'_>, edits: &mut Vec<Edit>) {
        for (key, value) in node.entries_as_written() {
            let is_path = key.scalar().is_some_and(is_local_path) && value.tag().is_none();
            let path = value.as_str().filter(|text| is_path && self::is_path(text));
            match path.and_then(|path| self.folders.rewritten(self.template, home, path)) {
                Some(new) => {
                    let old = &self.text[value.span().range()];
                    let quote = old.chars().next().filter(|first| ['"', '\''].contains(first));
                    let quote = quote.map(String::from).unwrap_or_default();
                    edits.push(Edit { span: value.span(), text: format!("{quote}{new}{quote}") });
                }
                None => self.paths_below(home, value, edits),
            }
        }
        node.items().for_each(|item| self.paths_below(home, item, edits));
    }

    /// Nothing waits for a resource of another stack: that stack is there first.
    fn untie(&self, home: Home, file: &mut Rewriting) -> Result<(), Refusal> {
        for resource in self.template.resources.iter().filter(|one| self.plan.is_in(&one.id.text, home)) {
            let is_elsewhere = |link: &&super::links::Link| {
                link.site.form == Form::After
                    && self.plan.home(&link.target, home).is_some_and(|to| to != home)
            };
            let gone: Vec<&str> = self
                .links
                .of(&resource.id.text)
                .iter()
                .filter(is_elsewhere)
                .map(|link| link.site.name.as_str())
                .collect();
            let place = keys(&["Resources", &resource.id.text]);
            let mut list = place.clone();
            list.push(Step::Key("DependsOn".to_owned()));
            for name in gone {
                let index = |_: &str, node: Node<'_>| {
                    (node.items().position(|item| item.as_str() == Some(name)), node.items().len())
                };
                match file.at(&list, index) {
                    Some((Some(index), count)) if count > 1 => {
                        file.edit(&list, |text, node| patch::remove_item(text, node, index))?;
                    }
                    Some(_) => file.remove(&place, "DependsOn")?,
                    None => {}
                }
            }
        }
        Ok(())
    }

    fn written(&self, value: &serde_yaml::Value) -> String {
        text_of(value, self.text.trim_start().starts_with('{'), true)
    }

    /// Adds the parameters by which it takes from others.
    fn take(&self, home: Home, file: &mut Rewriting) -> Result<(), Refusal> {
        for one in self.handed.iter().filter(|one| one.takers.contains(&home)) {
            let value = one.parameter(self.plan, self.names, self.template);
            if file.has(&keys(&["Parameters"])) {
                file.insert(&keys(&["Parameters"]), &one.parameter, &self.written(&value), None)?;
                continue;
            }
            let section = crate::refactor::written::map([(one.parameter.clone(), value)]);
            let head = |_: &str, root: Node<'_>| {
                let keys = root.entries_as_written().filter_map(|(key, _)| key.scalar());
                keys.take_while(|key| HEAD.contains(key)).last().map(str::to_owned)
            };
            let after = file.at(&[], head).flatten();
            file.insert(&[], "Parameters", &self.written(&section), after.as_deref())?;
        }
        Ok(())
    }

    /// Adds what it publishes for others.
    fn hand_on(&self, home: Home, file: &mut Rewriting) -> Result<(), Refusal> {
        for one in self.handed.iter().filter(|one| one.owner == home) {
            let value = one.resource(self.plan, self.names, self.template);
            file.insert(&keys(&["Resources"]), &one.published, &self.written(&value), None)?;
        }
        Ok(())
    }

    /// Says where the code is that was beside the template.
    fn locate(&self, home: Home, file: &mut Rewriting) -> Result<(), Refusal> {
        let Some(folder) = self.folders.of.get(&home) else { return Ok(()) };
        let above = format!("{}/", relative(folder, parent(&self.template.path)));
        for resource in self.template.resources.iter().filter(|one| self.plan.is_in(&one.id.text, home)) {
            if has_no_path(self.template, &resource.id.text) {
                let place = keys(&["Resources", &resource.id.text, "Properties"]);
                file.insert(&place, "CodeUri", &above, None)?;
            }
        }
        Ok(())
    }
}
