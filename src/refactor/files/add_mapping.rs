//! Sizes that a mapping gives, one per environment.

use super::rewriting::{Rewriting, asked_for, keys, refused};
use crate::graph::App;
use crate::refactor::{Asked, Kind, Offers, Proposal, Proposals, Refusal};
use crate::template::{Parameter, Resource, Template};

pub const KIND: Kind = Kind {
    id: "add-mapping",
    summary: "a size is looked up by the environment",
    rules: &["environment-blind-sizing"],
    offers: Offers::OfApplication(offers),
};

/// Properties that are looked up, and the key they get in the mapping.
const SIZES: [&str; 2] = ["MemorySize", "RetentionInDays"];

const MAPPING: &str = "Sizes";

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    Box::new(asked_for(app, asked).filter_map(|template| in_template(app, template)))
}

fn in_template(app: &App<'_>, template: &Template) -> Option<Proposal> {
    let parameter = template.naming_parameter()?;
    let values: Vec<String> =
        parameter.allowed_values.iter().filter_map(|value| Some(value.scalar()?.into_owned())).collect();
    let plain = |value: &String| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if values.len() < 2 || !values.iter().all(plain) || template.mappings.get(MAPPING).is_some() {
        return None;
    }
    let sized: Vec<(&Resource, &str, String)> = template
        .resources
        .iter()
        .filter(|resource| resource.span.source == template.source)
        .flat_map(|resource| {
            SIZES.iter().filter_map(move |size| Some((resource, *size, literal(resource, size)?)))
        })
        .collect();
    if sized.is_empty() {
        return None;
    }
    match rewritten(app, template, parameter, &values, &sized) {
        Ok(file) => {
            let title = format!("{} sizes are looked up by {}", sized.len(), parameter.name.text);
            file.offer(app, KIND.id, title, Vec::new())
        }
        Err(refusal) => Some(refused(app, template.source, vec![refusal])),
    }
}

fn literal(resource: &Resource, size: &str) -> Option<String> {
    let value = resource.own_properties.get(size)?;
    value.as_i64().map(|number| number.to_string()).filter(|_| resource.condition.is_none())
}

/// The same values for every environment: what they should be is for people to say.
fn rewritten(
    app: &App<'_>,
    template: &Template,
    parameter: &Parameter,
    values: &[String],
    sized: &[(&Resource, &str, String)],
) -> Result<Rewriting, Refusal> {
    let mut file = Rewriting::new(app, template.source);
    let key = |resource: &Resource, size: &str| format!("{}{size}", resource.id.text);
    let entries: String = sized
        .iter()
        .map(|(resource, size, number)| format!("  {}: {number}\n", key(resource, size)))
        .collect();
    let body: String = values.iter().map(|value| format!("{value}:\n{entries}")).collect();
    if file.has(&keys(&["Mappings"])) {
        file.insert(&keys(&["Mappings"]), MAPPING, &body, None)?;
    } else {
        let body: String = body.lines().map(|line| format!("  {line}\n")).collect();
        file.insert(&[], "Mappings", &format!("{MAPPING}:\n{body}"), Some("Parameters"))?;
    }
    for (resource, size, _) in sized {
        let value = format!("!FindInMap [{MAPPING}, !Ref {}, {}]", parameter.name.text, key(resource, size));
        file.replace(&keys(&["Resources", &resource.id.text, "Properties"]), size, &value)?;
    }
    Ok(file)
}
