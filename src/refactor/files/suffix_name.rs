//! Physical names that end with the environment.

use super::rewriting::{Rewriting, asked_for, keys, refused};
use crate::aws::deployments::is_same_in_account;
use crate::aws::physical_names::physical_name;
use crate::graph::App;
use crate::refactor::{Asked, Kind, Offers, Proposal, Proposals};
use crate::template::{Intrinsic, Resource, Template};

pub const KIND: Kind = Kind {
    id: "suffix-name",
    summary: "a physical name ends with the environment",
    rules: &["hard-coded-name"],
    offers: Offers::OfApplication(offers),
};

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    Box::new(asked_for(app, asked).filter_map(|template| in_template(app, template)))
}

fn in_template(app: &App<'_>, template: &Template) -> Option<Proposal> {
    let part =
        template.environment_parameter().map_or("AWS::StackName", |parameter| parameter.name.text.as_str());
    let mut file = Rewriting::new(app, template.source);
    let (mut renamed, mut data) = (Vec::new(), Vec::new());
    let own = template.resources.iter().filter(|resource| resource.span.source == template.source);
    for resource in own.filter(|resource| resource.condition.is_none()) {
        let Some((property, name, keeps_data)) = fixed(resource) else { continue };
        let place = keys(&["Resources", &resource.id.text, "Properties"]);
        if let Err(refusal) = file.replace(&place, property, &format!("!Sub {}", suffixed(&name, part))) {
            return Some(refused(app, template.source, vec![refusal]));
        }
        renamed.push(resource.id.text.as_str());
        data.extend(Some(resource.id.text.as_str()).filter(|_| keeps_data));
    }
    let title = format!("{} get names that end with {part}", renamed.join(", "));
    let mut differs =
        vec!["a new name replaces the resource; who knows the old one has to learn it".to_owned()];
    if !data.is_empty() {
        differs.push(format!("the data of {} stays behind under the old name", data.join(", ")));
    }
    file.offer(app, KIND.id, title, differs)
}

/// The property that names a resource and the name, where it is the same in every environment.
pub(super) fn fixed(resource: &Resource) -> Option<(&'static str, String, bool)> {
    let naming = physical_name(&resource.kind.text)?;
    let value = resource.own_properties.get(&naming.property)?;
    let constant = match value.as_intrinsic() {
        None => value.as_str().is_some(),
        Some(Intrinsic::Sub(_)) => {
            value.mentions().iter().all(|mention| is_same_in_account(&mention.name.text))
        }
        Some(_) => false,
    };
    let text = value.text();
    let written = constant && !text.is_empty() && !text.contains("{{resolve:") && !text.contains('\n');
    written.then_some((naming.property.as_str(), text, naming.data))
}

/// Names of queues and topics may have an ending that has to stay at the end.
const ENDING: &str = ".fifo";

pub(super) fn suffixed(name: &str, part: &str) -> String {
    match name.strip_suffix(ENDING) {
        Some(stem) => format!("{stem}-${{{part}}}{ENDING}"),
        None => format!("{name}-${{{part}}}"),
    }
}
