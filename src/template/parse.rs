//! One file read as a template, as far as it can be.

use std::collections::BTreeMap;

use super::evaluate::Scope;
use super::foreach::Loops;
use super::include::Includes;
use super::value::{Intrinsic, Map, Name, Value, ValueKind};
use super::worlds::World;
use super::{Dialect, Output, Parameter, Resource, Template, convert, globals};
use crate::evidence::Problem;
use crate::source::{SourceId, Sources};

/// Reads a template. What is broken is left out and named in the problems.
///
/// `None` where there is nothing to read: an empty or unreadable file, or one that is no mapping.
pub fn parse(sources: &Sources, id: SourceId) -> (Option<Template>, Vec<Problem>) {
    let (value, mut problems) = convert::read(sources, id);
    let Some(value) = value else { return (None, problems) };
    let (template, found) = of_file(sources, id, &value, !problems.is_empty());
    problems.extend(found);
    (template, problems)
}

/// The template of a file, whose text is asked once more where reading it had problems.
pub(super) fn of_file(
    sources: &Sources,
    id: SourceId,
    value: &Value,
    is_odd: bool,
) -> (Option<Template>, Vec<Problem>) {
    let (mut template, problems) = of_value(sources, id, value);
    if let Some(template) = template.as_mut().filter(|_| is_odd) {
        template.replaced = convert::replaced(sources, id);
    }
    (template, problems)
}

/// The template that a file's value is.
pub(super) fn of_value(sources: &Sources, id: SourceId, value: &Value) -> (Option<Template>, Vec<Problem>) {
    let path = sources.path(id);
    let Some(root) = value.as_map() else {
        let problem = Problem::at(path, value.span, "this is no template: it is not a mapping")
            .help("a template has a mapping with `Resources` at its root");
        return (None, vec![problem]);
    };
    let mut includes = Includes::new(sources, id);
    let root = includes.root(root);
    let mut reader = Reader { sources, path, problems: includes.problems };
    let template = reader.template(id, &root);
    (Some(template), reader.problems)
}

struct Reader<'s> {
    sources: &'s Sources,
    path: &'s str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn template(&mut self, source: SourceId, root: &Map) -> Template {
        let transforms = match root.get("Transform").filter(|value| !value.is_null()) {
            None => Vec::new(),
            Some(Value { kind: ValueKind::List(items), .. }) => items.clone(),
            Some(one) => vec![one.clone()],
        };
        let parameters = self.parameters(root);
        let mappings = self.section(root, "Mappings").cloned().unwrap_or_default();
        let root = &self.unrolled(root, &parameters, &mappings);
        let mut resources = self.resources(root);
        let left_out = self.left_out(root, &resources);
        let globals = root.get("Globals").filter(|globals| !globals.is_null()).cloned();
        if let Some(globals) = &globals {
            self.problems.extend(globals::apply(globals, &mut resources, self.path));
        }
        Template {
            source,
            path: self.path.to_owned(),
            dialect: dialect(&transforms, &resources),
            transforms,
            parameters,
            mappings,
            conditions: self.section(root, "Conditions").map(|map| map.entries.clone()).unwrap_or_default(),
            globals,
            resources,
            left_out,
            replaced: Vec::new(),
            outputs: self.outputs(root),
            metadata: root.get("Metadata").cloned(),
            rules: root.get("Rules").cloned(),
            environments: Vec::new(),
            fixed: BTreeMap::new(),
        }
    }

    /// The root with the loops in it unrolled.
    fn unrolled(&mut self, root: &Map, parameters: &[Parameter], mappings: &Map) -> Map {
        let world = World::of_defaults(parameters);
        let mut loops = Loops::new(self.sources, Scope { world: &world, parameters, mappings });
        let root = loops.unroll_map(root);
        self.problems.append(&mut loops.problems);
        root
    }

    /// A top-level section that must be a mapping.
    fn section<'v>(&mut self, root: &'v Map, name: &str) -> Option<&'v Map> {
        let value = root.get(name)?;
        self.map(value, &format!("`{name}`"))
    }

    /// `value` as a mapping; null is an absent one.
    fn map<'v>(&mut self, value: &'v Value, what: &str) -> Option<&'v Map> {
        match &value.kind {
            ValueKind::Map(map) => Some(map),
            ValueKind::Null => None,
            // What a macro makes of it is not known here.
            ValueKind::Intrinsic(intrinsic) if matches!(**intrinsic, Intrinsic::Transform { .. }) => None,
            _ => {
                let text = format!("{what} is not a mapping, so it is left out");
                self.problems.push(Problem::at(self.path, value.span, text));
                None
            }
        }
    }

    fn parameters(&mut self, root: &Map) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for (name, value) in self.section(root, "Parameters").into_iter().flat_map(Map::iter) {
            let Some(body) = self.map(value, &format!("parameter `{}`", name.text)) else { continue };
            let text = |key: &str| body.get(key).and_then(Value::scalar).map(|text| text.into_owned());
            parameters.push(Parameter {
                name: name.clone(),
                kind: text("Type").unwrap_or_else(|| "String".to_owned()),
                default: body.get("Default").filter(|default| !default.is_null()).cloned(),
                allowed_values: body
                    .get("AllowedValues")
                    .and_then(Value::as_list)
                    .unwrap_or_default()
                    .to_vec(),
                allowed_pattern: text("AllowedPattern"),
                no_echo: body.get("NoEcho").and_then(Value::as_bool).unwrap_or(false),
                span: value.span,
            });
        }
        parameters
    }

    fn resources(&mut self, root: &Map) -> Vec<Resource> {
        let mut resources = Vec::new();
        for (id, value) in self.section(root, "Resources").into_iter().flat_map(Map::iter) {
            // A macro beside the resources: what it makes of them is not known here.
            if id.text.starts_with("Fn::") {
                continue;
            }
            if value.is_null() {
                let text = format!("resource `{}` is empty, so it is left out", id.text);
                self.problems.push(Problem::at(self.path, id.span, text).help("add `Type`"));
            }
            let Some(body) = self.map(value, &format!("resource `{}`", id.text)) else { continue };
            resources.extend(self.resource(id, value, body));
        }
        resources
    }

    fn left_out(&self, root: &Map, read: &[Resource]) -> Vec<Name> {
        let keys =
            root.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter).map(|(key, _)| key);
        keys.filter(|key| !read.iter().any(|resource| resource.id == **key)).cloned().collect()
    }

    fn resource(&mut self, id: &Name, value: &Value, body: &Map) -> Option<Resource> {
        let kind = match body.get("Type") {
            Some(Value { kind: ValueKind::String(text), span }) => {
                Name { text: text.trim().to_owned(), span: *span }
            }
            // A macro inside the resource brings the type; that there is a resource is known.
            _ if body.get("Fn::Transform").is_some() => Name { text: String::new(), span: id.span },
            _ => {
                let text = format!("resource `{}` has no type, so it is left out", id.text);
                self.problems.push(Problem::at(self.path, id.span, text).help("add `Type`"));
                return None;
            }
        };
        let properties = body
            .get("Properties")
            .filter(|properties| properties.as_intrinsic().is_none())
            .and_then(|properties| self.map(properties, &format!("`Properties` of `{}`", id.text)))
            .cloned()
            .unwrap_or_default();
        Some(Resource {
            id: id.clone(),
            kind,
            own_properties: properties.clone(),
            properties,
            ignore_globals: body.get("IgnoreGlobals").cloned(),
            condition: condition(body),
            depends_on: names(body.get("DependsOn")),
            deletion_policy: body.get("DeletionPolicy").cloned(),
            update_replace_policy: body.get("UpdateReplacePolicy").cloned(),
            metadata: body.get("Metadata").cloned(),
            connectors: body.get("Connectors").cloned(),
            span: value.span,
            declared_in: id.span.source,
        })
    }

    fn outputs(&mut self, root: &Map) -> Vec<Output> {
        let mut outputs = Vec::new();
        for (name, value) in self.section(root, "Outputs").into_iter().flat_map(Map::iter) {
            if name.text.starts_with("Fn::") {
                continue;
            }
            let Some(body) = self.map(value, &format!("output `{}`", name.text)) else { continue };
            outputs.push(Output {
                name: name.clone(),
                value: body.get("Value").cloned(),
                export: body.get("Export").and_then(|export| export.get("Name")).cloned(),
                condition: condition(body),
                span: value.span,
            });
        }
        outputs
    }
}

fn dialect(transforms: &[Value], resources: &[Resource]) -> Dialect {
    let sam = |value: &Value| value.as_str().is_some_and(|name| name.trim().starts_with("AWS::Serverless-"));
    if transforms.iter().any(sam) {
        Dialect::Sam
    } else if resources.iter().any(|resource| resource.kind.text.starts_with("AWS::Serverless::")) {
        Dialect::Fragment
    } else {
        Dialect::CloudFormation
    }
}

fn condition(body: &Map) -> Option<Name> {
    let value = body.get("Condition")?;
    Some(Name { text: value.as_str()?.to_owned(), span: value.span })
}

fn names(value: Option<&Value>) -> Vec<Name> {
    let items = value.into_iter().flat_map(|value| value.as_list().unwrap_or(std::slice::from_ref(value)));
    items.filter_map(|item| Some(Name { text: item.as_str()?.to_owned(), span: item.span })).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub fn sources(files: &[(&str, &str)]) -> Sources {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Sources::in_memory(files.collect())
    }

    pub fn template(text: &str) -> (Template, Vec<Problem>) {
        let (template, problems) = parse(&sources(&[("template.yaml", text)]), SourceId(0));
        (template.expect("a template"), problems)
    }

    #[test]
    fn globals_merge_as_in_sam() {
        let (template, problems) = template(
            "Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 3
    Layers: [g]
    Architectures: [x86_64]
    Environment: {Variables: {A: 1, B: 1}}
    Tags: {k: v}
    Policies: [p]
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Layers: [l]
      Architectures: [arm64]
      Environment: {Variables: {B: 2, C: 2}}
      Tags: !If [X, {a: b}, {}]
  G:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Layers]
    Properties:
  T: {Type: AWS::Serverless::SimpleTable}
",
        );
        let properties = |id: &str| template.resource(id).map(|resource| resource.properties.to_json());
        let expected = json!({
            "Timeout": 3, "Layers": ["g", "l"], "Architectures": ["arm64"],
            "Environment": {"Variables": {"A": 1, "B": 2, "C": 2}},
            "Tags": {"Fn::If": ["X", {"a": "b"}, {}]},
        });
        assert_eq!(properties("F"), Some(expected));
        assert_eq!(properties("G").map(|all| all["Layers"].is_null() && all["Timeout"] == 3), Some(true));
        assert_eq!(properties("T"), Some(json!({})));
        let texts: Vec<_> = problems.iter().map(|problem| problem.text.as_str()).collect();
        assert_eq!(texts, ["`Policies` cannot be set in `Globals.Function`, so it is left out"]);
        assert_eq!(template.dialect, Dialect::Sam);
    }

    #[test]
    fn what_is_readable_of_a_broken_template_is_kept() {
        let (template, problems) = template(
            "Parameters: {A: , B: {Type: Number, Default: 1}}
Conditions: [a]
Resources:
  1: {Type: AWS::SQS::Queue, Properties: , DependsOn: [A, 2, {}]}
  X: {Properties: {}}
  Y: [1]
  Z: {Type: 3}
  M: {Fn::Transform: {Name: M}, DependsOn: X}
  N: {Fn::Transform: {Name: M}}
  Fn::Transform: {Name: M}
Outputs: x
",
        );
        let ids: Vec<_> = template.resources.iter().map(|resource| resource.id.text.as_str()).collect();
        assert_eq!((ids, template.parameters.len(), problems.len()), (vec!["1", "M"], 1, 5));
        assert!(parse(&sources(&[("t", "- a")]), SourceId(0)).0.is_none());
        assert!(parse(&sources(&[("t", "")]), SourceId(0)).0.is_none());
    }
}
