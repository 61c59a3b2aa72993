//! Conditions that are the same in every environment.

use crate::rule::prelude::*;
use crate::template::{Dialect, Intrinsic, Name, Parameter, Template, Value};

rule! {
    /// ## What it does
    /// Finds conditions that are true, or false, whatever the parameters are, because they compare a
    /// parameter with a value that it cannot have.
    ///
    /// ## Why it matters
    /// What hangs on them is always deployed, or never. It is mostly a misspelt environment: the
    /// alarms that production was to have are not there.
    ///
    /// ## Example
    /// ```yaml
    /// Parameters:
    ///   Stage:
    ///     Type: String
    ///     AllowedValues: [dev, prod]
    /// Conditions:
    ///   IsProduction: !Equals [!Ref Stage, production]
    /// ```
    ///
    /// ## Use instead
    /// A value that the parameter allows.
    ///
    /// ## When to keep it
    /// Never: a switch that is always on is not needed.
    pub DEAD_CONDITION = {
        id: "dead-condition",
        category: Deployment,
        severity: Warning,
        summary: "condition is the same in every environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates().filter(|(_, template)| template.dialect != Dialect::Fragment) {
        for (name, value) in &template.conditions {
            found.extend(constant(app, template, name, value));
        }
    }
}

fn constant(app: &App<'_>, template: &Template, name: &Name, value: &Value) -> Option<Finding> {
    let (parameter, compared) = asked(template, value)?;
    // Somebody deploys it all the same: to an emulator, which does not look at allowed values.
    let given = |text: &str| compared.scalar().is_some_and(|compared| compared == text);
    let mut all = app.deployments.all.iter().filter_map(|one| one.own.overrides.get(&parameter.name.text));
    if all.any(|said| given(&said.text)) {
        return None;
    }
    let worlds = template.worlds([], [name]);
    let answers: Vec<bool> = worlds.worlds.iter().filter_map(|world| world.holds(&name.text)).collect();
    let first = *answers.first()?;
    if worlds.capped || answers.len() < worlds.worlds.len() || answers.iter().any(|answer| *answer != first) {
        return None;
    }
    let finding = Finding::at(name.span, format!("{} is {first} in every environment", name.text))
        .because(parameter.name.span, format!("{} decides it", parameter.name.text))
        .because(value.span, "what is asked");
    Some(match used(template, name) {
        Some(user) => {
            let fate = if first { "always" } else { "never" };
            finding.because(user.span, format!("{fate} deployed")).resource(&template.path, &user.text)
        }
        None => finding,
    })
}

/// The parameter that a condition compares with a value it cannot have.
///
/// Conditions that are constant for other reasons are mostly meant: a switch in a mapping that is on
/// everywhere for now, a list of all environments, a parameter with one value. So is the question
/// whether a parameter is given at all.
fn asked<'t>(template: &'t Template, value: &'t Value) -> Option<(&'t Parameter, &'t Value)> {
    let mut asked = None;
    value.walk(&mut |value| {
        if let Some(Intrinsic::Equals(left, right)) = value.as_intrinsic() {
            asked = asked.or_else(|| impossible(template, left, right));
            asked = asked.or_else(|| impossible(template, right, left));
        }
    });
    asked
}

fn impossible<'t>(
    template: &'t Template,
    left: &'t Value,
    right: &'t Value,
) -> Option<(&'t Parameter, &'t Value)> {
    let Intrinsic::Ref(name) = left.as_intrinsic()? else { return None };
    let parameter = template.parameter(&name.text)?;
    let text = right.scalar()?;
    let can_be = parameter.allowed_values.iter().any(|allowed| allowed.scalar() == Some(text.clone()));
    (!text.is_empty() && !can_be && !parameter.allowed_values.is_empty()).then_some((parameter, right))
}

fn used<'t>(template: &'t Template, condition: &Name) -> Option<&'t Name> {
    let on = |resource: &&crate::template::Resource| {
        resource.condition.as_ref().is_some_and(|name| name.text == condition.text)
    };
    template.resources.iter().find(on).map(|resource| &resource.id)
}
