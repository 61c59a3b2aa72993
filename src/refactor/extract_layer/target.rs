//! Where shared code goes: a new layer, the layer that has it already, or the folder that all functions
//! are packaged from.

use std::collections::BTreeSet;

use serde_yaml::Value as Yaml;

use crate::aws::limits::limit;
use crate::graph::clones::Group;
use crate::graph::{App, Code, FunctionRef, TemplateId};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::written::{list, map, reference};
use crate::source::{join, parent};
use crate::template::{Dialect, Resource, Template, Value};

/// The place of shared code. Python's path has the package first (`/var/task`), then layers
/// (`/opt/python`): <https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html>.
#[derive(Debug)]
pub(super) enum Target {
    /// The folder that all are packaged from.
    Folder { template: TemplateId, root: String },
    Layer {
        template: TemplateId,
        id: String,
        /// Where its modules lie.
        folder: String,
        /// As the template writes it; `None` where the layer is there already.
        content: Option<String>,
        runtimes: Vec<String>,
    },
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const LAYERS: &str = "lambda.layers_per_function";

impl Target {
    pub fn of(app: &App<'_>, group: &Group, functions: &[FunctionRef<'_>]) -> Result<Self, Vec<Refusal>> {
        let mut reasons = Vec::new();
        let Some(first) = functions.first() else { return Err(reasons) };
        let template = first.template();
        let mut roots = BTreeSet::new();
        for function in functions {
            match root(app, *function, template) {
                Ok(root) => {
                    roots.insert(root);
                }
                Err(why) => reasons.push(Refusal::new(function.span(), why)),
            }
        }
        for place in &group.places {
            if !app.sources.path(place.source).ends_with(".py") {
                reasons.push(Refusal::new(
                    place.span,
                    "a module of JavaScript is not moved: whether Lambda finds it in a layer depends on the \
                     module system and the build",
                ));
            }
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut of_all = roots.iter();
        if let (Some(root), None) = (of_all.next(), of_all.next()) {
            return Ok(Self::Folder { template: first.template, root: root.clone() });
        }
        if let Some(layer) = existing(app, group, template, first.template) {
            return Ok(layer);
        }
        let runtimes: BTreeSet<String> = functions
            .iter()
            .filter_map(|function| function.runtime.as_ref()?.as_str().map(str::to_owned))
            .collect();
        let full = |function: &&FunctionRef<'_>| function.layers.len() as u64 >= limit(LAYERS);
        let full: Vec<Refusal> = functions
            .iter()
            .filter(full)
            .map(|function| Refusal::new(function.span(), "it has as many layers as a function can have"))
            .collect();
        if !full.is_empty() {
            return Err(full);
        }
        Ok(Self::Layer {
            template: first.template,
            id: String::new(),
            folder: parent(&template.path).to_owned(),
            content: Some(String::new()),
            runtimes: runtimes.into_iter().collect(),
        })
    }

    /// Names a new layer after what is in it.
    pub fn named(&mut self, app: &App<'_>, template: &Template, name: &str) {
        let Self::Layer { id, folder, content: Some(content), .. } = self else { return };
        let base = parent(&template.path).to_owned();
        let words = name.split('_').filter(|word| !word.is_empty());
        let capital = |word: &str| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        let stem: String = words.map(capital).collect::<Vec<_>>().concat();
        let taken = |id: &str, path: &str| {
            template.resource(id).is_some() || app.sources.under(&join(&base, path)).next().is_some()
        };
        for number in 1.. {
            let suffix = if number == 1 { String::new() } else { number.to_string() };
            let (logical, path) = (format!("{stem}Layer{suffix}"), format!("layers/{name}{suffix}"));
            if !taken(&logical, &path) {
                *folder = join(&base, &format!("{path}/python"));
                (*id, *content) = (logical, format!("{path}/"));
                return;
            }
        }
    }

    /// The folder that its modules are in.
    pub fn folder(&self) -> &str {
        match self {
            Self::Folder { root, .. } => root,
            Self::Layer { folder, .. } => folder,
        }
    }

    /// The template that declares the functions.
    pub fn template<'a>(&self, app: &'a App<'_>) -> &'a Template {
        let (Self::Folder { template, .. } | Self::Layer { template, .. }) = self;
        app.template(*template)
    }

    /// Gives the functions the layer.
    pub fn attach(
        &self,
        app: &App<'_>,
        functions: &[FunctionRef<'_>],
        draft: &mut Draft<'_>,
    ) -> Result<(), Vec<Refusal>> {
        let Self::Layer { id, content, runtimes, .. } = self else { return Ok(()) };
        let template = self.template(app);
        let resources = Place::new(template.source, &["Resources"]);
        if let Some(content) = content {
            let mut properties = vec![
                ("Description", Yaml::from("Code that several functions share")),
                ("ContentUri", Yaml::from(content.as_str())),
            ];
            if !runtimes.is_empty() {
                properties.push(("CompatibleRuntimes", list(runtimes.iter().map(String::as_str))));
            }
            properties.push(("RetentionPolicy", Yaml::from("Retain")));
            let layer =
                map([("Type", Yaml::from("AWS::Serverless::LayerVersion")), ("Properties", map(properties))]);
            draft.insert(&resources, id, &layer, None)?;
        }
        let properties = |function: &FunctionRef<'_>| resources.key(&function.id.text).key("Properties");
        if everyone(template, functions, id) {
            for function in functions {
                if draft.has(&properties(function).key("Layers")) {
                    draft.remove(&properties(function), "Layers")?;
                }
            }
            let globals = Place::new(template.source, &["Globals", "Function"]);
            return Ok(draft.set(&globals, "Layers", &list([reference(id)]))?);
        }
        for function in functions {
            if function.layers.iter().any(|layer| layer.text() == format!("${{{id}}}")) {
                continue;
            }
            let properties = properties(function);
            let own = properties.key("Layers");
            if draft.has(&own) {
                draft.append(&own, &reference(id))?;
            } else {
                let after = ["Handler", "CodeUri"];
                let after = after.into_iter().find(|key| draft.has(&properties.key(key)));
                draft.insert(&properties, "Layers", &list([reference(id)]), after)?;
            }
        }
        Ok(())
    }
}

/// Whether all functions of the template take the layer and no other, and Globals say what is the same
/// for all.
fn everyone(template: &Template, functions: &[FunctionRef<'_>], id: &str) -> bool {
    let alone = |resource: &Resource| {
        let layers = resource.properties.get("Layers").and_then(Value::as_list).unwrap_or_default();
        layers.iter().all(|layer| layer.text() == format!("${{{id}}}"))
    };
    let all: Vec<&Resource> =
        template.resources.iter().filter(|resource| resource.is("AWS::Serverless::Function")).collect();
    let globals = template.globals.as_ref().and_then(|globals| globals.get("Function"));
    globals.is_some_and(|function| function.get("Layers").is_none())
        && all.len() == functions.len()
        && all.iter().all(|resource| resource.ignore_globals.is_none() && alone(resource))
}

/// The folders that the functions of a group are packaged from.
pub(super) fn roots(app: &App<'_>, group: &Group) -> Vec<String> {
    let functions = group.functions().into_iter().filter_map(|index| app.function_at(index));
    let roots: BTreeSet<String> =
        functions.filter_map(|function| root(app, function, function.template()).ok()).collect();
    roots.into_iter().collect()
}

/// The folder a function is packaged from, as far as its code can be changed.
fn root(app: &App<'_>, function: FunctionRef<'_>, template: &Template) -> Result<String, &'static str> {
    if function.template().source != template.source {
        return Err("it is declared in another template");
    }
    if template.dialect != Dialect::Sam || !template.is_whole() {
        return Err("its template is not all that is deployed");
    }
    let resource = function.resource().filter(|resource| resource.is("AWS::Serverless::Function"));
    let Some(resource) = resource.filter(|resource| resource.declared_in == template.source) else {
        return Err("it is no `AWS::Serverless::Function` of the template");
    };
    if resource.properties.get("Layers").is_some_and(|layers| layers.as_list().is_none()) {
        return Err("its layers are not a plain list");
    }
    let Code::Package(Some(path)) = &function.code else {
        return Err("its code is not packaged from a folder");
    };
    let path = path.as_str().ok_or("the folder of its code is not known")?;
    let folder = join(parent(&template.path), path);
    if app.sources.under(&folder).next().is_none() {
        return Err("the folder of its code is not here");
    }
    Ok(folder)
}

/// The layer of the template that has one of the copies.
fn existing(app: &App<'_>, group: &Group, template: &Template, of: TemplateId) -> Option<Target> {
    let layers = template.resources.iter().filter(|one| one.is("AWS::Serverless::LayerVersion"));
    layers.into_iter().find_map(|layer| {
        let content = layer.properties.get("ContentUri")?.as_str()?;
        let folder = join(&join(parent(&template.path), content), "python");
        let inside =
            |path: &str| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
        group.places.iter().any(|place| inside(app.sources.path(place.source))).then(|| Target::Layer {
            template: of,
            id: layer.id.text.clone(),
            folder: folder.clone(),
            content: None,
            runtimes: Vec::new(),
        })
    })
}
