//! A configuration of the SAM CLI for each service: that of the template as it was, with stacks and
//! parameters of its own.

use super::folders::{Folders, slug};
use super::handed::{Handed, Namespace};
use super::homes::{Home, Plan};
use crate::edit::{Edit, SourceChange};
use crate::graph::App;
use crate::source::{join, parent};
use crate::template::environments::{SamConfig, Section, raw_samconfig};
use crate::template::{Template, Value};

/// The configuration that is for this template and no other.
pub(super) fn of<'a>(app: &'a App<'_>, template: &Template) -> Option<&'a SamConfig> {
    let is_its = |config: &&SamConfig| {
        let mut templates = config.sections.iter().filter_map(|section| section.template);
        parent(app.sources.path(config.source)) == parent(&template.path)
            && templates.clone().next().is_some()
            && templates.all(|source| source == template.source)
    };
    app.deployments.configs.iter().find(is_its)
}

pub(super) struct Configuring<'a> {
    pub app: &'a App<'a>,
    pub template: &'a Template,
    pub config: &'a SamConfig,
    pub plan: &'a Plan,
    pub handed: &'a [Handed],
    pub names: &'a Namespace,
    pub folders: &'a Folders,
}

impl Configuring<'_> {
    /// Path and text for a service whose template has these parameters.
    pub(super) fn write(&self, home: Home, parameters: &[String]) -> Option<(String, String)> {
        let folder = self.folders.of.get(&home)?;
        let source = self.config.source;
        let name = self.app.sources.path(source).rsplit('/').next()?;
        let root = raw_samconfig(self.app.sources, source)?;
        let mut change = SourceChange::default();
        for section in &self.config.sections {
            let commands = root.get(&section.name.text).and_then(Value::as_map);
            for (_, command) in commands.into_iter().flat_map(|commands| commands.iter()) {
                if let Some(table) = command.get("parameters") {
                    self.table(home, section, table, parameters, &mut change.edits);
                }
            }
        }
        let text = change.apply(self.app.sources).remove(&source);
        let text = text.unwrap_or_else(|| self.app.sources.text(source).to_owned());
        Some((join(folder, name), text))
    }

    fn table(
        &self,
        home: Home,
        section: &Section,
        table: &Value,
        parameters: &[String],
        edits: &mut Vec<Edit>,
    ) {
        let service = slug(self.plan.name(home));
        let mut set = |value: &Value, text: String| edits.push(Edit { span: value.span, text });
        for name in ["stack_name", "s3_prefix"] {
            if let Some((value, text)) = table.get(name).and_then(|value| Some((value, value.as_str()?))) {
                set(value, quoted(&format!("{text}-{service}")));
            }
        }
        for name in ["template", "template_file"] {
            let named = table.get(name).and_then(|value| Some((value, value.as_str()?)));
            if let Some((value, text)) = named
                && self.is_template(text)
            {
                set(value, quoted(&super::folders::file_name(self.template)));
            }
        }
        if let Some(value) = table.get("parameter_overrides")
            && let Some(text) = self.overrides(home, section, value, parameters)
        {
            set(value, text);
        }
    }

    fn is_template(&self, path: &str) -> bool {
        let folder = parent(self.app.sources.path(self.config.source));
        self.app.sources.find(&join(folder, path)) == Some(self.template.source)
    }

    /// The overrides that the service has parameters for, and where it finds what it takes.
    fn overrides(
        &self,
        home: Home,
        section: &Section,
        value: &Value,
        parameters: &[String],
    ) -> Option<String> {
        let words: Vec<String> = match (value.as_str(), value.as_list()) {
            // What is quoted inside is left as it is: what a template does not know is passed over.
            (Some(text), _) if text.contains(['"', '\'', '\\']) => vec![text.to_owned()],
            (Some(text), _) => text.split_whitespace().map(str::to_owned).collect(),
            (_, Some(items)) => {
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?
            }
            _ => return None,
        };
        let is_known = |word: &String| {
            let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
            word.contains([' ', '"', ',']) || parameters.iter().any(|known| known == name)
        };
        let mut words: Vec<String> = words.into_iter().filter(is_known).collect();
        words.extend(self.taken(home, section));
        Some(match value.as_list() {
            None => quoted(&words.join(" ")),
            Some(_) => format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")),
        })
    }

    /// Names in Systems Manager of another environment than the one that is the default.
    fn taken(&self, home: Home, section: &Section) -> Vec<String> {
        let Some((parameter, default)) = &self.names.environment else { return Vec::new() };
        let said = section.settings.overrides.get(parameter).and_then(|said| said.literal());
        let Some(value) = said.filter(|value| Some(*value) != default.as_deref()) else { return Vec::new() };
        let taken = self.handed.iter().filter(|one| one.takers.contains(&home));
        taken
            .map(|one| format!("{}={}", one.parameter, one.path(self.plan, self.names, Some(value))))
            .collect()
    }
}

/// A text that reads the same in TOML, YAML and JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
