//! Functions of one application on different versions of a layer.

use std::collections::BTreeMap;

use crate::graph::{FunctionRef, TemplateId};
use crate::rule::prelude::*;
use crate::source::Span;

rule! {
    /// ## What it does
    /// Finds functions of one template that use different versions of the same layer.
    ///
    /// ## Why it matters
    /// The same call behaves differently from function to function, and every upgrade has to be done
    /// and tested once per version.
    ///
    /// ## Example
    /// ```yaml
    /// Layers: [!Sub "arn:aws:lambda:${AWS::Region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:7"]
    /// ```
    /// on one function, version 12 of it on another.
    ///
    /// ## Use instead
    /// One version, best in `Globals`.
    ///
    /// ## When to keep it
    /// While one function tries a new version before the others get it.
    pub LAYER_VERSION_SKEW = {
        id: "layer-version-skew",
        category: Reuse,
        severity: Warning,
        summary: "functions use different versions of one layer",
        check,
    }
}

/// A use of a published layer: which version, by whom, where.
struct Use<'a> {
    version: u64,
    function: FunctionRef<'a>,
    span: Span,
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut layers: BTreeMap<(TemplateId, String), Vec<Use<'_>>> = BTreeMap::new();
    for function in app.functions() {
        for layer in function.layers.iter().flat_map(|layer| layer.branches()) {
            let text = layer.0.text();
            let Some((name, version)) = versioned(&text) else { continue };
            let used = Use { version, function, span: layer.0.span };
            layers.entry((function.template, name.to_owned())).or_default().push(used);
        }
    }
    found.extend(layers.iter().filter_map(|((_, name), uses)| skew(name, uses)));
}

/// One finding per layer, at the first use of its oldest version.
fn skew(name: &str, uses: &[Use<'_>]) -> Option<Finding> {
    let oldest = uses.iter().min_by_key(|used| used.version)?;
    let newest = uses.iter().max_by_key(|used| used.version)?;
    if oldest.version == newest.version {
        return None;
    }
    let short = name.rsplit(':').next().unwrap_or(name);
    let message = format!("layer {short} is used in versions {} and {}", oldest.version, newest.version);
    let mut finding =
        Finding::at(oldest.span, message).help(format!("use version {} everywhere", newest.version));
    let mut versions_seen = vec![];
    for used in uses {
        if !versions_seen.contains(&used.version) {
            versions_seen.push(used.version);
            finding = finding.because(used.span, format!("version {} in `{}`", used.version, used.function));
        }
        if !finding.functions.contains(&used.function.id.text) {
            finding = finding.function(used.function.declared_in(), &used.function.id.text);
        }
    }
    Some(finding)
}

/// `...:layer:name:7` as `...:layer:name` and 7.
fn versioned(arn: &str) -> Option<(&str, u64)> {
    let (name, version) = arn.rsplit_once(':')?;
    name.contains(":layer:").then_some((name, version.parse().ok()?))
}
