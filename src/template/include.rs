//! `AWS::Include` of local files: the file's content put where the template names it.
//!
//! What is inlined keeps its places in the file it comes from. Files in a bucket stay symbolic.

use std::collections::BTreeMap;

use super::convert::{self, MAX_VALUES, is_local};
use super::value::{Intrinsic, Map, Name, Value, ValueKind};
use crate::evidence::Problem;
use crate::source::{SourceId, Sources, join, parent};

/// Includes inside included files that are followed. It bounds cycles, too.
const MAX_NESTING: usize = 2;

/// The macro that includes files, by the name CloudFormation gives it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html>
const INCLUDE: &str = "AWS::Include";

pub(super) struct Includes<'s> {
    sources: &'s Sources,
    /// Locations are relative to the template, also in included files.
    template: SourceId,
    files: BTreeMap<SourceId, Option<Value>>,
    left: usize,
    pub(super) problems: Vec<Problem>,
}

impl<'s> Includes<'s> {
    pub(super) fn new(sources: &'s Sources, template: SourceId) -> Self {
        Self { sources, template, files: BTreeMap::new(), left: MAX_VALUES, problems: Vec::new() }
    }

    /// A template's root with all local includes read; those named by its `Transform` section, too.
    pub(super) fn root(&mut self, root: &Map) -> Map {
        let mut entries = self.map(root, 0).entries;
        let transforms = root.get("Transform").map(transforms).unwrap_or_default();
        for included in transforms.into_iter().filter_map(|one| self.included(one, 0)) {
            if let ValueKind::Map(map) = included.kind {
                let new = map.entries.into_iter().filter(|(key, _)| root.get(&key.text).is_none());
                entries.extend(new);
            }
        }
        entries.into_iter().collect()
    }

    fn value(&mut self, value: &Value, nesting: usize) -> Value {
        let kind = match &value.kind {
            ValueKind::List(items) => {
                ValueKind::List(items.iter().map(|item| self.value(item, nesting)).collect())
            }
            ValueKind::Map(map) => ValueKind::Map(self.map(map, nesting)),
            ValueKind::Intrinsic(intrinsic) => {
                if let Some(included) = self.included(value, nesting) {
                    return included;
                }
                let changed = intrinsic.map(&mut |argument| self.value(argument, nesting));
                ValueKind::Intrinsic(Box::new(changed))
            }
            scalar => scalar.clone(),
        };
        Value { span: value.span, kind }
    }

    /// `Fn::Transform` beside other keys brings keys that win over those that are written out: people
    /// write placeholders there to please tools that do not follow includes.
    fn map(&mut self, map: &Map, nesting: usize) -> Map {
        let mut entries: Vec<(Name, Value)> = Vec::with_capacity(map.entries.len());
        let mut brought = Vec::new();
        for (key, value) in map.iter() {
            if key.text == "Fn::Transform" {
                self.splice(key, value, nesting, &mut brought);
            } else {
                entries.push((key.clone(), self.value(value, nesting)));
            }
        }
        if brought.is_empty() { Map { entries } } else { entries.into_iter().chain(brought).collect() }
    }

    fn splice(&mut self, key: &Name, value: &Value, nesting: usize, entries: &mut Vec<(Name, Value)>) {
        let mut left = Vec::new();
        for transform in transforms(value) {
            match self.included(transform, nesting) {
                Some(Value { kind: ValueKind::Map(included), .. }) => {
                    entries.extend(included.entries);
                }
                _ => left.push(transform.clone()),
            }
        }
        match left.len() {
            0 => {}
            1 => entries.extend(left.pop().map(|one| (key.clone(), one))),
            _ => entries.push((key.clone(), Value::list(left, value.span))),
        }
    }

    /// What the transform includes; `None` where it is another macro, or its file is not here.
    fn included(&mut self, transform: &Value, nesting: usize) -> Option<Value> {
        let location = location(transform)?;
        let id = self.find(location)?;
        if nesting >= MAX_NESTING {
            let text = "includes inside included files are followed only twice";
            self.problems.push(Problem::at(self.sources.path(location.span.source), location.span, text));
            return None;
        }
        let included = self.read(id)?;
        let Some(left) = self.left.checked_sub(included.size()) else {
            let text = "the includes of this template are too large; this one is not read";
            self.problems.push(Problem::at(self.sources.path(location.span.source), location.span, text));
            return None;
        };
        self.left = left;
        Some(self.value(&included, nesting + 1))
    }

    fn find(&mut self, location: &Value) -> Option<SourceId> {
        let text = location.as_str().filter(|text| is_local(text))?;
        let place = self.sources.path(location.span.source);
        let text = text.trim_start_matches("file://");
        let folder = self.sources.folder(self.template);
        let beside = || self.sources.find(&join(self.sources.folder(location.span.source), text));
        // Parts of a template may be merged into one further up before their paths are read.
        let above = || {
            let folders =
                std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| parent(folder)));
            folders.skip(1).find_map(|folder| self.sources.find(&join(folder, text)))
        };
        let path = join(folder, text);
        let found = self.sources.find(&path).or_else(beside).or_else(above);
        if found.is_none() {
            let problem =
                Problem::at(place, location.span, format!("the included file `{path}` is not here"))
                    .help("`Location` is a path relative to the template, or an `s3://` address");
            self.problems.push(problem);
        }
        found
    }

    fn read(&mut self, id: SourceId) -> Option<Value> {
        if let Some(known) = self.files.get(&id) {
            return known.clone();
        }
        let (value, problems) = convert::read(self.sources, id);
        self.problems.extend(problems);
        self.files.insert(id, value.clone());
        value
    }
}

/// Tags of tools that put a file in before deployment: `!Rain::Include`, `!YAMLInclude`.
fn is_include_tag(name: &str) -> bool {
    name.ends_with("Include")
}

/// One transform or a list of them.
fn transforms(value: &Value) -> Vec<&Value> {
    value.as_list().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// Where an `AWS::Include` reads from: of the function, or of `{Name, Parameters}` beside other keys.
fn location(transform: &Value) -> Option<&Value> {
    let (name, parameters) = match &transform.kind {
        ValueKind::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::Transform { name, parameters } => (name, parameters),
            Intrinsic::Other { name, argument } if is_include_tag(&name.text) => return Some(argument),
            _ => return None,
        },
        ValueKind::Map(map) => (map.get("Name")?, map.get("Parameters")?),
        _ => return None,
    };
    (name.as_str()? == INCLUDE).then(|| parameters.get("Location"))?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parse::{parse, tests::sources};
    use super::*;

    #[test]
    fn local_files_are_read_where_they_are_named() {
        let sources = sources(&[
            ("app/api.yaml", "openapi: 3.0.1\npaths: {/a: {get: {x: {Fn::Sub: '${F.Arn}'}}}}\n"),
            ("app/more.yaml", "Timeout: 5\nMemorySize: 1\n"),
            (
                "app/table.yaml",
                "T: {Type: AWS::DynamoDB::Table}\nFn::Transform: {Name: AWS::Include, Parameters: {Location: loop.yaml}}\n",
            ),
            ("app/loop.yaml", "Fn::Transform: {Name: AWS::Include, Parameters: {Location: loop.yaml}}"),
            (
                "app/template.yaml",
                "Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./api.yaml}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 2
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
  G:
    Type: AWS::Serverless::Function
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x.yaml}}
      Environment: !Transform {Name: AWS::Include, Parameters: {Location: gone.yaml}}
  Fn::Transform:
    Name: AWS::Include
    Parameters: {Location: table.yaml}
",
            ),
        ]);
        let id = sources.find("app/template.yaml").expect("given");
        let (template, problems) = parse(&sources, id);
        let template = template.expect("a template");
        let properties = |id: &str| template.resource(id).map(|resource| &resource.properties);
        let body = properties("Api").and_then(|all| all.get("DefinitionBody")).expect("a body");
        assert_eq!(body.at(&["openapi"]).and_then(Value::as_str), Some("3.0.1"));
        assert_eq!(sources.path(body.span.source), "app/api.yaml");
        assert_eq!(body.mentions().len(), 1);
        assert_eq!(properties("F").map(Map::to_json), Some(json!({"MemorySize": 1, "Timeout": 5})));
        assert!(template.resource("T").is_some());
        let texts: Vec<_> = problems.iter().map(|problem| problem.text.as_str()).collect();
        let expected = [
            "the included file `app/gone.yaml` is not here",
            "includes inside included files are followed only twice",
        ];
        assert_eq!(texts, expected);
    }
}
