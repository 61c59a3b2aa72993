//! Conditions that are the same in every environment.

use crate::rule::prelude::*;
use crate::template::{Dialect, Intrinsic, MentionKind, Name, Template, Value};

rule! {
    /// ## What it does
    /// Finds conditions that are true, or false, whatever the parameters are: the parameter they ask
    /// cannot have the value, or can have no other.
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
        severity: Error,
        summary: "condition is the same in every environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates().filter(|(_, template)| template.dialect != Dialect::Fragment) {
        for (name, value) in &template.conditions {
            found.extend(constant(template, name, value));
        }
    }
}

fn constant(template: &Template, name: &Name, value: &Value) -> Option<Finding> {
    let parameter = asked(template, value)?;
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

/// The parameter a condition asks about. One that asks constants only is a switch set by hand, which
/// is a way to write a setting; one without a list of values can be anything.
fn asked<'t>(template: &'t Template, value: &Value) -> Option<&'t crate::template::Parameter> {
    let mut asked = None;
    value.walk(&mut |value| {
        if let Some(Intrinsic::Equals(left, right)) = value.as_intrinsic() {
            asked = [left, right].into_iter().flat_map(Value::mentions).find_map(|mention| {
                (mention.kind == MentionKind::Ref).then(|| template.parameter(&mention.name.text))?
            });
        }
    });
    asked.filter(|parameter| !parameter.allowed_values.is_empty())
}

fn used<'t>(template: &'t Template, condition: &Name) -> Option<&'t Name> {
    let on = |resource: &&crate::template::Resource| {
        resource.condition.as_ref().is_some_and(|name| name.text == condition.text)
    };
    template.resources.iter().find(on).map(|resource| &resource.id)
}
