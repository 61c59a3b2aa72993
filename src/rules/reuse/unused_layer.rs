//! Layers that no function has.

use super::layers::declared;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds layers that a template declares beside its functions and that none of them has. A layer that
    /// an output, another stack or an ARN speaks of is left alone, and so is a template of layers alone.
    ///
    /// ## Why it matters
    /// Every deployment builds it and publishes another version of it, which counts towards the code
    /// storage of the Region; and readers think that something depends on it.
    ///
    /// ## Example
    /// ```yaml
    /// SharedLayer:
    ///   Type: AWS::Serverless::LayerVersion
    ///   Properties:
    ///     ContentUri: layers/shared/
    /// ```
    /// where no function has `Layers: [!Ref SharedLayer]`.
    ///
    /// ## Use instead
    /// Remove it, or name it in the `Layers` of the functions that need it.
    ///
    /// ## When to keep it
    /// When functions outside this template find it by its name.
    pub UNUSED_LAYER = {
        id: "unused-layer",
        category: Reuse,
        severity: Info,
        summary: "no function has this layer",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for declared in declared(app).filter(|declared| declared.users.is_empty() && !declared.is_elsewhere()) {
        let id = &declared.layer.id;
        let message = format!("no function has the layer `{}`", id.text);
        let mut finding = Finding::at(id.span, message);
        if let Some(content) = &declared.layer.content {
            finding = finding.because(content.span, "it is built from here at each deployment");
        }
        let finding = finding.help("remove it, or name it in the `Layers` of the functions that need it");
        found.push(finding.resource(&declared.template.path, &id.text));
    }
}
