//! Layers that one function has alone.

use super::layers::declared;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds layers that a template declares and that exactly one function has.
    ///
    /// ## Why it matters
    /// A layer is there to be shared. For one function it only spreads its code over two packages, which
    /// are versioned, built and deployed apart; neither the size limit nor cold starts gain by it.
    ///
    /// ## Example
    /// ```yaml
    /// Resize:
    ///   Type: AWS::Serverless::Function
    ///   Properties:
    ///     Layers: [!Ref ImagingLayer]
    /// ```
    /// where no other function has `ImagingLayer`.
    ///
    /// ## Use instead
    /// The content of the layer in the package of the function.
    ///
    /// ## When to keep it
    /// When the layer changes much less often than the code and is slow to build or to upload, such as a
    /// binary of many megabytes; or when more functions will have it soon.
    pub SINGLE_USE_LAYER = {
        id: "single-use-layer",
        category: Reuse,
        severity: Info,
        profile: Pedantic,
        summary: "layer is there for one function",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for declared in declared(app) {
        let [function] = declared.users.as_slice() else { continue };
        if declared.is_elsewhere() {
            continue;
        }
        let id = &declared.layer.id;
        let message = format!("only `{function}` has the layer `{}`", id.text);
        let place = function
            .get()
            .layers
            .iter()
            .find(|value| value.mentions().iter().any(|mention| mention.name.text == id.text));
        let mut finding = Finding::at(id.span, message);
        if let Some(place) = place {
            finding = finding.because(place.span, "the only place where it is named");
        }
        let finding = finding.help("put its content into the package of the function");
        found.push(finding.function(&declared.template.path, &function.id.text));
    }
}
