//! Deployments that ask where nobody answers.

use super::deployed::{is_inside, once};
use crate::rule::prelude::*;
use crate::template::environments::{Deployment, Tool};

rule! {
    /// ## What it does
    /// Finds `sam deploy` in a workflow or pipeline that asks before it deploys: with `--guided`, or
    /// with `confirm_changeset = true` in the configuration it reads and no `--no-confirm-changeset`.
    ///
    /// ## Why it matters
    /// Nobody answers there: the command ends with "Aborted!" and nothing is deployed.
    ///
    /// ## Example
    /// ```yaml
    /// - run: sam deploy --guided
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// - run: sam deploy --no-confirm-changeset --no-fail-on-empty-changeset
    /// ```
    ///
    /// ## When to keep it
    /// Never. Commands that have their answers piped into them are not reported.
    pub INTERACTIVE_DEPLOYMENT = {
        id: "interactive-deployment",
        category: Deployment,
        severity: Error,
        summary: "deployment asks where nobody answers",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let inside = app.deployments.all.iter().filter(|one| is_inside(app, one.span));
    found.extend(once(inside.filter_map(asking)));
}

fn asking(deployment: &Deployment) -> Option<Finding> {
    if !deployment.is_unattended()
        || deployment.is_fed
        || deployment.settings.is_open
        || deployment.tool != Tool::Sam
    {
        return None;
    }
    let is_true = |said: &&crate::template::environments::Said| said.text == "true";
    let own = &deployment.own;
    let asks = own.guided.as_ref().or(own.confirms.as_ref()).filter(is_true);
    if let Some(option) = asks {
        let message = "`sam deploy` asks, and nobody is there to answer";
        return Some(Finding::at(deployment.span, message).because(option.span, "it asks").help(HELP));
    }
    // A change set that is only made is not asked about.
    let configured = deployment.settings.confirms.as_ref().filter(is_true);
    let setting = configured.filter(|_| own.confirms.is_none())?;
    Some(
        Finding::at(deployment.span, "`sam deploy` waits for a confirmation that nobody gives")
            .because(setting.span, "the configuration lets it ask")
            .help(HELP),
    )
}

const HELP: &str = "add `--no-confirm-changeset`";
