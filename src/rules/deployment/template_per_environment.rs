//! Templates that are copies of each other, one per environment.

use std::collections::BTreeSet;

use crate::aws::environment_names::kind;
use crate::rule::prelude::*;
use crate::source::parent;
use crate::template::Template;

rule! {
    /// ## What it does
    /// Finds templates that differ in the environment their file name speaks of, and declare the same
    /// resources.
    ///
    /// ## Why it matters
    /// Every change has to be made in each of them, and what was tried in development is not what
    /// production gets.
    ///
    /// ## Example
    /// `template-dev.yaml` and `template-prod.yaml`, or `template.yaml` and `template-prod.yaml`, with the
    /// same functions.
    ///
    /// ## Use instead
    /// One template with an environment parameter; mappings and conditions carry the differences.
    ///
    /// ## When to keep it
    /// When the environments are different applications.
    pub TEMPLATE_PER_ENVIRONMENT = {
        id: "template-per-environment",
        category: Deployment,
        severity: Warning,
        summary: "template is a copy for another environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let templates: Vec<(&Template, Named<'_>)> =
        app.templates().filter_map(|(_, template)| Some((template, named(&template.path)?))).collect();
    for (index, (template, name)) in templates.iter().enumerate() {
        let mut before = templates[..index].iter();
        let copy = before.find(|(other, known)| {
            known.stem == name.stem && known.kind != name.kind && is_copy(other, template)
        });
        match copy {
            // The one without a word is the original, whichever comes first.
            Some((original, known)) if name.word.is_empty() => {
                found.extend(finding(original, known, template, name));
            }
            Some((original, known)) => found.extend(finding(template, name, original, known)),
            None => {}
        }
    }
}

/// The path of a template without the word that names an environment; one without such a word is that of
/// some environment too.
struct Named<'t> {
    stem: (&'t str, String),
    kind: &'static str,
    word: &'t str,
}

fn named(path: &str) -> Option<Named<'_>> {
    let folder = parent(path);
    let name = path.rsplit('/').next()?;
    let parts: Vec<&str> = name.split(['-', '_', '.']).collect();
    let Some(at) = parts.iter().position(|word| kind(word).is_some()) else {
        return Some(Named { stem: (folder, parts.join(".")), kind: "", word: "" });
    };
    let others: Vec<&str> =
        parts.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, part)| *part).collect();
    Some(Named { stem: (folder, others.join(".")), kind: kind(parts[at])?, word: parts[at] })
}

/// Of the resources of both, this part must have the same ids.
const SAME: f64 = 0.8;
/// With fewer resources names agree by chance.
const FEWEST: usize = 3;

fn is_copy(one: &Template, other: &Template) -> bool {
    let ids = |template: &Template| -> BTreeSet<(String, String)> {
        let all = template.resources.iter();
        all.map(|resource| (resource.id.text.clone(), resource.kind.text.clone())).collect()
    };
    let (own, others) = (ids(one), ids(other));
    #[expect(clippy::cast_precision_loss, reason = "templates have a few hundred resources")]
    let share = own.intersection(&others).count() as f64 / own.len().max(others.len()).max(1) as f64;
    own.len() >= FEWEST && share >= SAME
}

fn finding(template: &Template, name: &Named<'_>, original: &Template, known: &Named<'_>) -> Option<Finding> {
    let first = template.resources.first()?;
    let same = original.resource(&first.id.text).or(original.resources.first())?;
    let of = |word: &str| if word.is_empty() { String::new() } else { format!(" for `{word}`") };
    let message = format!("this template repeats {}{}", original.path, of(name.word));
    Some(
        Finding::at(first.id.span, message)
            .because(same.id.span, format!("the same resources{}", of(known.word)))
            .help("keep one template with an environment parameter")
            .resource(&template.path, &first.id.text),
    )
}
