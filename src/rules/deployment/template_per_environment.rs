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
    /// `template-dev.yaml` and `template-prod.yaml` with the same functions.
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
        if let Some((original, known)) = copy {
            found.extend(finding(template, name, original, known));
        }
    }
}

/// The path of a template without the word that names an environment.
struct Named<'t> {
    stem: (&'t str, String),
    kind: &'static str,
    word: &'t str,
}

fn named(path: &str) -> Option<Named<'_>> {
    let folder = parent(path);
    let name = path.rsplit('/').next()?;
    let word = name.split(['-', '_', '.']).find(|word| kind(word).is_some())?;
    Some(Named { stem: (folder, name.replacen(word, "", 1)), kind: kind(word)?, word })
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
    let message = format!("this template repeats {} for `{}`", original.path, name.word);
    Some(
        Finding::at(first.id.span, message)
            .because(same.id.span, format!("the same resources for `{}`", known.word))
            .help("keep one template with an environment parameter")
            .resource(&template.path, &first.id.text),
    )
}
