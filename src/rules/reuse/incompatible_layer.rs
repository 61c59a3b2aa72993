//! Layers that were made for other runtimes or processors than the function has.

use crate::aws::layers::{self, Made};
use crate::finding::Severity;
use crate::graph::{FunctionRef, Layer, of_template};
use crate::rule::prelude::*;
use crate::template::{MentionKind, Value};

rule! {
    /// ## What it does
    /// Finds functions with a layer that is not for their runtime or architecture: by the
    /// `CompatibleRuntimes` and `CompatibleArchitectures` of a layer in the template, and by the name of
    /// well-known public layers. Another version of the same language is a warning, as Lambda does not
    /// compare the two, and code without compiled parts may run all the same.
    ///
    /// ## Why it matters
    /// Modules of a layer are looked for in the folders of its own language and version, and compiled ones
    /// run on one processor: the function fails when it starts.
    ///
    /// ## Example
    /// ```yaml
    /// SharedLayer:
    ///   Type: AWS::Serverless::LayerVersion
    ///   Properties:
    ///     CompatibleRuntimes: [nodejs22.x]
    /// ```
    /// on a function with `Runtime: python3.13`.
    ///
    /// ## Use instead
    /// A layer that is built for the runtime and the architecture of the function; or name them in the
    /// layer if it runs there.
    ///
    /// ## When to keep it
    /// Never: a layer that runs there can say so.
    pub INCOMPATIBLE_LAYER = {
        id: "incompatible-layer",
        category: Reuse,
        severity: Error,
        summary: "layer is not for this runtime or architecture",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for function in app.functions() {
        for layer in &function.get().layers {
            found.extend(misfit(app, function, layer));
        }
    }
}

/// What does not fit, and how surely it fails.
#[derive(Clone, Debug, PartialEq)]
struct Misfit {
    text: String,
    severity: Severity,
}

fn misfit(app: &App<'_>, function: FunctionRef<'_>, layer: &Value) -> Option<Finding> {
    let own = declared(app, function, layer);
    let lists =
        own.iter().flat_map(|own| own.compatible_runtimes.iter().chain(&own.compatible_architectures));
    let settings = function.get().runtime.iter().chain(&function.get().architectures);
    let asked: Vec<&Value> = std::iter::once(layer).chain(lists).chain(settings).collect();
    let held = function.in_worlds(asked, |known| {
        let (layer, rest) = known.split_first()?;
        let (runtimes, rest) = rest.split_at(own.map_or(0, |own| own.compatible_runtimes.len()));
        let (architectures, rest) = rest.split_at(own.map_or(0, |own| own.compatible_architectures.len()));
        let (runtime, of_function) = rest.split_at(usize::from(function.get().runtime.is_some()));
        let function = Made {
            runtimes: texts(runtime)?,
            architectures: match texts(of_function)? {
                none if none.is_empty() => vec![layers::DEFAULT_ARCHITECTURE.to_owned()],
                some => some,
            },
        };
        match own {
            Some(own) if is_meant(layer, own) => {
                let layer = Made { runtimes: texts(runtimes)?, architectures: texts(architectures)? };
                compared(&layer, &function, false)
            }
            Some(_) => None,
            None => compared(&layers::made(&layer.text())?, &function, true),
        }
    })?;
    let name = own.map_or_else(|| short(&layer.text()), |own| own.id.text.clone());
    let message = format!("the layer `{name}` of `{function}` {}", held.value.text);
    let mut finding = Finding::at(layer.span, message).at_most(held.value.severity);
    if let Some(own) = own {
        let said = own.compatible_runtimes.first().or(own.compatible_architectures.first());
        finding =
            finding.because(said.map_or(own.id.span, |said| said.span), "what the layer says it is for");
    }
    let setting = function.get().runtime.as_ref().map_or(function.span(), |runtime| runtime.span);
    finding = finding.because(setting, format!("the runtime of `{function}`"));
    let help = "use a layer that is built for the function's runtime and architecture";
    let finding = finding.help(help).function(function.declared_in(), &function.id.text).world(held.world);
    Some(finding.one_of_template(format!("{name} {}", held.value.text), &function.id.text))
}

/// The layer of the template that a value is a reference to.
fn declared<'a>(app: &'a App<'a>, function: FunctionRef<'a>, value: &Value) -> Option<&'a Layer> {
    let mut own = of_template(&app.graph.layers, function.template).iter();
    own.find(|layer| value.mentions().iter().any(|mention| mention.name.text == layer.id.text))
}

fn is_meant(value: &Value, layer: &Layer) -> bool {
    value
        .mentions()
        .iter()
        .any(|mention| mention.kind != MentionKind::Condition && mention.name.text == layer.id.text)
}

/// The texts of some values, if all are known.
fn texts(values: &[Value]) -> Option<Vec<String>> {
    values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

fn compared(layer: &Made, function: &Made, is_public: bool) -> Option<Misfit> {
    let architecture = function.architectures.first()?;
    if !layer.architectures.is_empty() && !layer.architectures.contains(architecture) {
        let severity = if is_public { Severity::Error } else { Severity::Warning };
        let text =
            format!("is for {}, and the function runs on {architecture}", listed(&layer.architectures));
        return Some(Misfit { text, severity });
    }
    let runtime = function.runtimes.first()?;
    if layer.runtimes.is_empty() || layer.runtimes.contains(runtime) {
        return None;
    }
    let same_language = layer.runtimes.iter().any(|other| language(other) == language(runtime));
    let severity = if same_language { Severity::Warning } else { Severity::Error };
    let text = format!("is for {}, and the function runs on {runtime}", listed(&layer.runtimes));
    Some(Misfit { text, severity })
}

/// `python` of `python3.13`.
fn language(runtime: &str) -> &str {
    let end = runtime.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(runtime.len());
    &runtime[..end]
}

fn listed(names: &[String]) -> String {
    let mut names = names.to_vec();
    names.dedup();
    names.join(", ")
}

/// `name` of `...:layer:name:7`.
fn short(arn: &str) -> String {
    let name = arn.split(":layer:").nth(1).unwrap_or(arn);
    name.split(':').next().unwrap_or(name).to_owned()
}
