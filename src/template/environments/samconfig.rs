//! `samconfig.toml` and `samconfig.yaml`: environments of one application.

use super::settings::{Settings, of_table};
use crate::source::{SourceId, Sources, join};
use crate::template::value::{Name, Value};
use crate::template::{convert, toml};

/// A configuration file of the SAM CLI.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html>
#[derive(Clone, Debug)]
pub struct SamConfig {
    pub source: SourceId,
    /// In the order of the file.
    pub sections: Vec<Section>,
}

/// What a configuration says of one environment.
#[derive(Clone, Debug)]
pub struct Section {
    /// `default`, `dev`, `prod`; the place is the first table of that environment.
    pub name: Name,
    /// Settings of `deploy`, with those of `global` below them.
    pub settings: Settings,
    /// The template it builds or deploys.
    pub template: Option<SourceId>,
    /// There is a table for `deploy`.
    pub deploys: bool,
}

impl SamConfig {
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name.text == name)
    }
}

/// The environment that counts where none is named.
pub const DEFAULT: &str = "default";

/// Names the SAM CLI looks for; the first that is there counts.
pub(super) const NAMES: [&str; 3] = ["samconfig.toml", "samconfig.yaml", "samconfig.yml"];

/// Whether a file is such a configuration: also one that commands name by `--config-file`.
pub(super) fn is_samconfig(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    stem.starts_with("samconfig") && matches!(ending, "toml" | "yaml" | "yml")
}

pub(super) fn read(sources: &Sources, source: SourceId) -> Option<SamConfig> {
    let root = raw(sources, source)?;
    let environments = root.as_map()?.iter().filter(|(_, value)| value.as_map().is_some());
    let sections = environments.map(|(name, value)| section(sources, source, name, value)).collect();
    Some(SamConfig { source, sections })
}

/// All that such a configuration says, as it is written.
pub fn raw(sources: &Sources, source: SourceId) -> Option<Value> {
    match sources.path(source).ends_with(".toml") {
        true => Some(toml::parse(source, sources.text(source))),
        false => convert::read(sources, source).0,
    }
}

fn section(sources: &Sources, source: SourceId, name: &Name, value: &Value) -> Section {
    let of = |command: &str| {
        let table = value.at(&[command, "parameters"]);
        table.map(|table| of_table(table, sources)).unwrap_or_default()
    };
    let global = of("global");
    let settings = of("deploy").over(&global);
    let built = of("build").over(&global).template;
    let named = [&built, &settings.template];
    let named = named.into_iter().flatten().filter(|said| !said.text.contains(".aws-sam"));
    let folder = sources.folder(source);
    let standard = sources.path(source).rsplit('/').next().is_some_and(|name| NAMES.contains(&name));
    let found = named.filter_map(|said| sources.find(&join(folder, &said.text))).next();
    Section {
        name: name.clone(),
        settings,
        template: found.or_else(|| template_in(sources, folder).filter(|_| standard)),
        deploys: value.get("deploy").is_some(),
    }
}

/// The template that tools take where none is named.
pub(super) fn template_in(sources: &Sources, folder: &str) -> Option<SourceId> {
    const NAMES: [&str; 3] = ["template.yaml", "template.yml", "template.json"];
    NAMES.iter().find_map(|name| sources.find(&join(folder, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_say_the_same() {
        let toml = "version = 0.1\n[prod.global.parameters]\nregion = \"eu-west-1\"\n\
                    [prod.deploy.parameters]\nparameter_overrides = [\"Stage=prod\"]\nconfirm_changeset = true\n";
        let yaml = "version: 0.1\nprod:\n  global: {parameters: {region: eu-west-1}}\n  deploy:\n    parameters:\n\
                    \x20     parameter_overrides: [Stage=prod]\n      confirm_changeset: true\n";
        for (path, text) in [("samconfig.toml", toml), ("samconfig.yaml", yaml)] {
            let texts = [(path.to_owned(), text.to_owned()), ("template.yaml".to_owned(), String::new())];
            let sources = Sources::in_memory(texts.into());
            let source = sources.find(path).expect("it was given");
            let config = read(&sources, source).expect("it reads");
            let section = config.section("prod").expect("it is there");
            let overrides = &section.settings.overrides;
            assert_eq!(overrides.get("Stage").map(|said| said.text.as_str()), Some("prod"), "{path}");
            assert_eq!(section.settings.region.as_ref().map(|said| said.text.as_str()), Some("eu-west-1"));
            assert_eq!(section.settings.confirms.as_ref().map(|said| said.text.as_str()), Some("true"));
            assert_eq!(sources.slice(section.name.span), "prod");
            assert_eq!(section.template.map(|id| sources.path(id)), Some("template.yaml"));
        }
    }
}
