//! What the template says of a function's code, in the words of handler resolution.

use std::collections::BTreeMap;

use crate::frontend::resolve::{Build, Code as CodePlace, HandlerSpec, LayerCode};
use crate::graph::{Code, Function, Graph};
use crate::source::{join, parent};
use crate::template::{Intrinsic, Resource, Template, Value, World};

/// One spec per function of the graph, with parameters at their defaults.
pub fn specs(graph: &Graph) -> Vec<HandlerSpec> {
    let worlds: Vec<World> = graph.templates.iter().map(|template| template.world([])).collect();
    graph
        .functions
        .iter()
        .map(|function| {
            let template = &graph.templates[function.template.0];
            Reader { template, world: &worlds[function.template.0] }.spec(function)
        })
        .collect()
}

/// Reads values of one template.
struct Reader<'a> {
    template: &'a Template,
    world: &'a World,
}

impl Reader<'_> {
    fn spec(&self, function: &Function) -> HandlerSpec {
        let resource = self.template.resource(&function.id.text);
        let metadata = resource.and_then(|resource| resource.metadata.as_ref());
        HandlerSpec {
            logical_id: function.id.text.clone(),
            runtime: self.text(function.runtime.as_ref()),
            handler: self.text(function.handler.as_ref()),
            code: self.code(function, resource),
            template_folder: parent(&self.template.path).to_owned(),
            layers: function.layers.iter().filter_map(|layer| self.layer(layer)).collect(),
            build: metadata.map(|metadata| self.build(metadata)),
            variables: self.variables(function),
        }
    }

    fn text(&self, value: Option<&Value>) -> Option<String> {
        self.template.settled(self.world, value?)
    }

    fn code(&self, function: &Function, resource: Option<&Resource>) -> CodePlace {
        match &function.code {
            Code::Inline(value) => match self.text(Some(value)) {
                Some(text) => CodePlace::Inline { span: value.span, text },
                None => CodePlace::Remote("code that the template makes when it is deployed".to_owned()),
            },
            Code::Package(None) => CodePlace::Unset,
            Code::Package(Some(value)) => self.package(value),
            Code::Image(_) => self.image(resource),
        }
    }

    fn package(&self, value: &Value) -> CodePlace {
        match self.text(Some(value)) {
            Some(uri) if uri.starts_with("s3://") || uri.starts_with("https://") => {
                CodePlace::Remote("an object in S3".to_owned())
            }
            Some(uri) if uri.ends_with(".zip") || uri.ends_with(".jar") => CodePlace::Archive(uri),
            Some(uri) => CodePlace::Folder(uri),
            None if value.as_map().is_some() => CodePlace::Remote("an object in S3".to_owned()),
            None => CodePlace::Remote("a place that is not known before deployment".to_owned()),
        }
    }

    /// The image is built here where the metadata of SAM says so. What the template gives as its command
    /// stands before that of the file:
    /// <https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-parms>
    fn image(&self, resource: Option<&Resource>) -> CodePlace {
        let metadata = resource.and_then(|resource| resource.metadata.as_ref());
        let text = |key: &str| self.text(metadata.and_then(|metadata| metadata.get(key)));
        let (context, dockerfile) = (text("DockerContext"), text("Dockerfile"));
        if context.is_none() && dockerfile.is_none() {
            return CodePlace::Remote("a prebuilt image".to_owned());
        }
        let command =
            resource.and_then(|resource| resource.property("ImageConfig")?.get("Command")?.as_list());
        let words: Option<Vec<String>> =
            command.unwrap_or_default().iter().map(|word| self.text(Some(word))).collect();
        match words {
            Some(command) => CodePlace::Image { context, dockerfile, command },
            None => CodePlace::Remote("an image whose command is not known before deployment".to_owned()),
        }
    }

    /// The folder of a layer that the template itself declares.
    fn layer(&self, layer: &Value) -> Option<LayerCode> {
        let (branch, _) = layer.branches().into_iter().next()?;
        let Intrinsic::Ref(name) = branch.as_intrinsic()? else { return None };
        let content = self.template.resource(&name.text)?.property("ContentUri")?;
        let uri = self.text(Some(content)).filter(|uri| !uri.starts_with("s3://"))?;
        Some(LayerCode { folder: join(parent(&self.template.path), &uri) })
    }

    fn build(&self, metadata: &Value) -> Build {
        let properties = metadata.get("BuildProperties");
        let entry_points = properties.and_then(|properties| properties.get("EntryPoints")?.as_list());
        Build {
            method: self.text(metadata.get("BuildMethod")),
            entry_points: entry_points
                .into_iter()
                .flatten()
                .filter_map(|entry| self.text(Some(entry)))
                .collect(),
            binary: self.text(properties.and_then(|properties| properties.get("Binary"))),
        }
    }

    fn variables(&self, function: &Function) -> BTreeMap<String, String> {
        let known = function
            .environment
            .iter()
            .filter_map(|(name, value)| Some((name.text.clone(), self.text(Some(value))?)));
        known.collect()
    }
}
