//! Who uses the layers that templates declare.

use crate::graph::{App, FunctionRef, Layer, of_template};
use crate::template::{Resource, Template, Value};

/// A layer that a template declares, with the functions of that template that have it.
pub struct Declared<'a> {
    pub layer: &'a Layer,
    pub template: &'a Template,
    pub users: Vec<FunctionRef<'a>>,
    app: &'a App<'a>,
}

/// All layers whose users can be told: those of whole templates that have functions as well.
pub fn declared<'a>(app: &'a App<'a>) -> impl Iterator<Item = Declared<'a>> {
    app.graph.layers.iter().filter_map(move |layer| {
        let template = app.template(layer.template);
        let own = of_template(&app.graph.functions, layer.template);
        // A template of layers alone is there for others.
        if !template.is_whole() || !template.left_out.is_empty() || own.is_empty() {
            return None;
        }
        let users = app.functions_of(layer.template).filter(|function| has(*function, layer)).collect();
        Some(Declared { layer, template, users, app })
    })
}

impl Declared<'_> {
    /// Something else speaks of it, or may: an output, a parameter of a nested stack, an ARN.
    pub fn is_elsewhere(&self) -> bool {
        let Self { layer, template, app, .. } = self;
        let id = layer.id.text.as_str();
        let outputs = template.outputs.iter().filter_map(|output| output.value.as_ref());
        let mut resources = template.resources.iter().filter(|resource| resource.id.text != id);
        outputs.chain(template.metadata.iter()).any(|value| speaks_of(value, id))
            || resources.any(|resource| is_spoken_of_by(resource, id))
            || is_named_in_an_arn(app, template, layer)
    }
}

/// Whether a function has a layer in some world.
pub fn has(function: FunctionRef<'_>, layer: &Layer) -> bool {
    function.template == layer.template
        && function.get().layers.iter().any(|value| is_meant(value, &layer.id.text))
}

fn is_meant(value: &Value, id: &str) -> bool {
    value.mentions().iter().any(|mention| mention.name.text == id)
}

/// What a resource says apart from the layers of a function.
fn is_spoken_of_by(resource: &Resource, id: &str) -> bool {
    let values = resource.properties.iter().filter(|(name, _)| name.text != "Layers");
    let mut values = values.map(|(_, value)| value).chain(&resource.connectors).chain(&resource.metadata);
    values.any(|value| speaks_of(value, id))
}

fn speaks_of(value: &Value, id: &str) -> bool {
    let mut said = is_meant(value, id);
    value.walk(&mut |value| said |= value.as_str().is_some_and(|text| text.contains(id)));
    said
}

/// A function anywhere has the layer by its name and a version.
fn is_named_in_an_arn(app: &App<'_>, template: &Template, layer: &Layer) -> bool {
    let name = template.resource(&layer.id.text).and_then(|resource| resource.property("LayerName"));
    let name = name.map_or_else(|| layer.id.text.clone(), Value::text);
    let part = format!(":layer:{name}");
    app.functions().any(|function| function.get().layers.iter().any(|value| value.text().contains(&part)))
}
