//! Parameters that a deployment gives and the template does not take.

use std::collections::BTreeSet;

use regex::Regex;

use super::deployed::{is_inside, template_of};
use crate::rule::prelude::*;
use crate::source::Span;
use crate::template::environments::{Deployment, Said};
use crate::template::{Name, Parameter, Template};

rule! {
    /// ## What it does
    /// Finds parameters that a `samconfig`, a workflow or a script gives to a template which has no such
    /// parameter, and values that its `AllowedValues` or `AllowedPattern` do not allow.
    ///
    /// ## Why it matters
    /// `sam deploy` and `aws cloudformation deploy` leave unknown parameters out without a word, so the
    /// setting that was meant has no effect. A value that is not allowed fails the deployment.
    ///
    /// ## Example
    /// ```toml
    /// parameter_overrides = "Enviroment=prod"
    /// ```
    /// for a template with the parameter `Environment`.
    ///
    /// ## Use instead
    /// The name and one of the values that the template has.
    ///
    /// ## When to keep it
    /// When one list of overrides serves several templates on purpose. Names and values that only the
    /// run knows are not reported. A parameter without default that nobody gives is not reported either:
    /// on an update CloudFormation keeps the value it has.
    pub UNKNOWN_OVERRIDE = {
        id: "unknown-override",
        category: Deployment,
        severity: Error,
        summary: "deployment gives a parameter or value that the template does not take",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for deployment in &app.deployments.all {
        let Some(template) = template_of(app, deployment).filter(|template| template.is_whole()) else {
            continue;
        };
        let entries = deployment.own.overrides.entries.iter();
        let wrong = entries.filter_map(|(name, said)| judge(app, template, deployment, name, said));
        found.extend(wrong.filter(|finding| is_inside(app, finding.span) && seen.insert(finding.span)));
    }
}

fn judge(
    app: &App<'_>,
    template: &Template,
    deployment: &Deployment,
    name: &Name,
    said: &Said,
) -> Option<Finding> {
    match template.parameter(&name.text) {
        Some(parameter) => not_allowed(parameter, said),
        // That it is lost is reported where it is used.
        None if template.replaced.iter().any(|lost| lost.text == name.text) => None,
        None => unknown(app, template, deployment, name),
    }
}

fn unknown(app: &App<'_>, template: &Template, deployment: &Deployment, name: &Name) -> Option<Finding> {
    // A list that other templates of the project take their parameters from too.
    let elsewhere = app.templates().any(|(_, other)| other.parameter(&name.text).is_some());
    // A command that deploys several templates, one after another.
    let mut same = app.deployments.all.iter().filter(|other| other.span == deployment.span);
    if same.any(|other| template_of(app, other).is_some_and(|other| other.parameter(&name.text).is_some())) {
        return None;
    }
    let shared =
        deployment.own.overrides.entries.iter().filter(|(name, _)| template.parameter(&name.text).is_none());
    if elsewhere && shared.count() > 1 {
        return None;
    }
    let message = format!("{} has no parameter `{}`: the value has no effect", template.path, name.text);
    let mut finding =
        Finding::at(name.span, message).help("take it out, or declare the parameter in the template");
    finding.template = Some(template.path.clone());
    finding = finding.one_of("unknown", &name.text);
    if let Some(meant) = nearest(template, &name.text) {
        finding = finding
            .because(meant.name.span, format!("it has `{}`", meant.name.text))
            .help(format!("write `{}`", meant.name.text));
    } else if let Some(first) = template.parameters.first() {
        finding = finding.because(first.name.span, "the parameters it has");
    }
    Some(finding)
}

/// A parameter whose name differs by case, or by a letter or two.
fn nearest<'t>(template: &'t Template, name: &str) -> Option<&'t Parameter> {
    let lower = name.to_lowercase();
    let near = |known: &str| {
        let known = known.to_lowercase();
        let common = |a: &str, b: &str| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
        let reversed = |text: &str| text.chars().rev().collect::<String>();
        let length = lower.len().max(known.len());
        let same = common(&lower, &known) + common(&reversed(&lower), &reversed(&known));
        known == lower || length.saturating_sub(same) <= 2
    };
    template.parameters.iter().find(|parameter| near(&parameter.name.text))
}

fn not_allowed(parameter: &Parameter, said: &Said) -> Option<Finding> {
    let text = if said.text.is_empty() { "" } else { said.literal()? };
    let name = &parameter.name.text;
    let values = &parameter.allowed_values;
    let is_list = parameter.kind == "CommaDelimitedList" || parameter.kind.starts_with("List<");
    let looked_up = parameter.kind.starts_with("AWS::SSM::");
    if is_list || looked_up {
        return None;
    }
    if !values.is_empty() && values.iter().all(|value| value.scalar().is_some()) {
        let allowed: Vec<String> =
            values.iter().filter_map(|value| Some(value.scalar()?.into_owned())).collect();
        let same = |known: &String| known == text || is_one_number(known, text);
        return (!allowed.iter().any(same)).then(|| {
            let message = format!("`{name}` cannot be `{text}`: the deployment fails");
            Finding::at(said.span, message)
                .because(parameter.name.span, format!("it can be {}", allowed.join(", ")))
        });
    }
    let pattern = parameter.allowed_pattern.as_ref()?;
    // The whole value must match. What this engine does not know is not judged.
    let regex = Regex::new(&format!("^(?:{pattern})$")).ok()?;
    (!regex.is_match(text)).then(|| {
        let message = format!("`{name}` cannot be `{text}`: the deployment fails");
        Finding::at(said.span, message).because(parameter.name.span, format!("it must match `{pattern}`"))
    })
}

fn is_one_number(known: &str, text: &str) -> bool {
    matches!((known.parse::<f64>(), text.parse::<f64>()), (Ok(known), Ok(text)) if (known - text).abs() < f64::EPSILON)
}
