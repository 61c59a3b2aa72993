//! An environment parameter, names that end with it, and a configuration for each environment.

use super::rewriting::{Rewriting, asked_for, keys, refused};
use super::suffix_name::{fixed, suffixed};
use crate::graph::App;
use crate::refactor::draft::Draft;
use crate::refactor::{Asked, Kind, Offer, Offers, Proposal, Proposals, Receipt, Refusal, Subject};
use crate::source::{join, parent};
use crate::template::environments::{DEFAULT, Said};
use crate::template::{Dialect, Template};

pub const KIND: Kind = Kind {
    id: "add-environment",
    summary: "a template tells its environments apart",
    rules: &["missing-environment"],
    offers: Offers::OfApplication(offers),
};

const PARAMETER: &str = "Environment";
/// Environments to begin with; the first is the default.
const NAMES: [&str; 2] = ["dev", "prod"];

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    Box::new(asked_for(app, asked).filter_map(|template| in_template(app, template)))
}

fn in_template(app: &App<'_>, template: &Template) -> Option<Proposal> {
    let told_apart = template.environment_parameter().is_some() || template.parameter(PARAMETER).is_some();
    let nested = app
        .graph
        .applications
        .iter()
        .any(|one| one.location.is_some_and(|location| app.template(location).source == template.source));
    if told_apart || nested || template.dialect == Dialect::Fragment {
        return None;
    }
    let named = template.resources.iter().any(|resource| fixed(resource).is_some_and(|(_, _, data)| data));
    if !named {
        return None;
    }
    match rewritten(app, template) {
        Ok((file, renamed)) => Some(offer(app, template, file, &renamed)),
        Err(refusal) => Some(refused(app, template.source, vec![refusal])),
    }
}

fn rewritten(app: &App<'_>, template: &Template) -> Result<(Rewriting, Vec<String>), Refusal> {
    let mut file = Rewriting::new(app, template.source);
    let items: String = NAMES.iter().map(|name| format!("- {name}\n")).collect();
    let parameter = format!("Type: String\nAllowedValues:\n{items}Default: {}\n", NAMES[0]);
    if file.has(&keys(&["Parameters"])) {
        file.insert(&keys(&["Parameters"]), PARAMETER, &parameter, None)?;
    } else {
        let before = ["Metadata", "Description", "Transform", "AWSTemplateFormatVersion"];
        let after = before.into_iter().find(|key| file.has(&keys(&[key])));
        let indented: String = parameter.lines().map(|line| format!("  {line}\n")).collect();
        file.insert(&[], "Parameters", &format!("{PARAMETER}:\n{indented}"), after)?;
    }
    let mut renamed = Vec::new();
    for resource in template.resources.iter().filter(|one| one.span.source == template.source) {
        let Some((property, name, _)) = fixed(resource) else { continue };
        let place = keys(&["Resources", &resource.id.text, "Properties"]);
        file.replace(&place, property, &format!("!Sub {}", suffixed(&name, PARAMETER)))?;
        renamed.push(resource.id.text.clone());
    }
    Ok((file, renamed))
}

fn offer(app: &App<'_>, template: &Template, file: Rewriting, renamed: &[String]) -> Proposal {
    let mut draft = Draft::new(app.sources);
    draft.rewrite(file.source, file.text);
    let mut differs = vec![format!(
        "new names replace {}, and the data under the old names stays behind",
        renamed.join(", ")
    )];
    let path = join(parent(&template.path), "samconfig.toml");
    let config = app.deployments.configs.iter().find(|config| app.sources.path(config.source) == path);
    let known = config.and_then(|config| config.section(DEFAULT)).map(|section| &section.settings);
    let literal = |said: Option<&Said>| said.and_then(|said| said.literal().map(str::to_owned));
    let stack = known.and_then(|settings| literal(settings.stack_name.as_ref()));
    let stack = stack.unwrap_or_else(|| "app".to_owned());
    let sections: String = NAMES.iter().map(|name| section(name, &stack)).collect();
    match config {
        None => draft.create(&path, format!("version = 0.1\n{sections}")),
        Some(config) if config.sections.iter().all(|section| section.name.text == DEFAULT) => {
            let text = app.sources.text(config.source).trim_end().to_owned();
            draft.rewrite(config.source, format!("{text}\n{sections}"));
        }
        Some(_) => differs.push(format!("{path} has environments already: pass {PARAMETER} in each")),
    }
    let title = format!("{} can be deployed to {}", template.path, NAMES.join(" and "));
    let offer = Offer::new(KIND.id, title, draft.finish(), Receipt::default(), differs);
    Proposal { subject: Subject::file(&template.path), outcome: Ok(offer) }
}

fn section(name: &str, stack: &str) -> String {
    format!(
        "\n[{name}.deploy.parameters]\nstack_name = \"{stack}-{name}\"\nresolve_s3 = true\n\
         capabilities = \"CAPABILITY_IAM\"\nparameter_overrides = \"{PARAMETER}={name}\"\n"
    )
}
