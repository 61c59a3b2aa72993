//! Code that asks which environment it runs in.

use super::deployed::once;
use crate::aws::environment_names::{kind, names_environments};
use crate::rule::prelude::*;
use crate::summary::{Condition, Shape, Symbol, Test};

rule! {
    /// ## What it does
    /// Finds handlers that compare a variable with the name of an environment; one finding per place.
    ///
    /// ## Why it matters
    /// What differs between environments is then in code and in the template; production takes a way
    /// through the code that no other environment has tried.
    ///
    /// ## Example
    /// ```python
    /// if os.environ["STAGE"] == "prod":
    ///     send(order)
    /// ```
    ///
    /// ## Use instead
    /// A variable for what differs, set by the template: `SEND_ORDERS: !FindInMap [Orders, !Ref Stage, Send]`.
    ///
    /// ## When to keep it
    /// When it only makes logs or errors more talkative.
    pub ENVIRONMENT_IN_CODE = {
        id: "environment-in-code",
        category: Deployment,
        severity: Info,
        profile: Pedantic,
        summary: "code asks which environment it runs in",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut findings = Vec::new();
    for function in app.functions() {
        let paths = function.summary().into_iter().flat_map(|summary| &summary.paths);
        for condition in paths.flat_map(|path| &path.when) {
            if let Some((variable, value)) = asked(condition) {
                let message = format!("`{}` asks whether `{variable}` is `{value}`", function.id.text);
                findings.push(
                    Finding::at(condition.span, message)
                        .because(function.span(), "the function")
                        .help("let the template set a variable for what differs")
                        .function(&function.template().path, &function.id.text),
                );
            }
        }
    }
    found.extend(once(findings));
}

fn asked(condition: &Condition) -> Option<(&str, &str)> {
    let Test::Equal(left, right) = &condition.test else { return None };
    compared(left, right).or_else(|| compared(right, left))
}

fn compared<'s>(variable: &'s Shape, value: &'s Shape) -> Option<(&'s str, &'s str)> {
    let variable = match variable {
        Shape::Default { value, .. } => value,
        other => other,
    };
    let (Shape::Symbol(Symbol::Env(variable)), Shape::Symbol(Symbol::Name(value))) = (variable, value) else {
        return None;
    };
    (names_environments(variable) && kind(value).is_some()).then_some((variable, value))
}
