//! Templates that deploy other templates of the same project.

use super::value::{Map, Name, Value};
use super::{Resource, Template};
use crate::source::{SourceId, Sources, join};

/// An application or stack inside another, whose template is here.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// Index of the template that deploys.
    pub parent: usize,
    /// The logical id of the application or stack in it.
    pub id: Name,
    /// Index of the template that is deployed.
    pub child: usize,
    /// What the parent passes, as it writes it.
    pub parameters: Vec<(Name, Value)>,
}

/// Resource types that deploy a template, with the properties that tell where it is.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html>
const STACKS: [(&str, &str); 2] =
    [("AWS::Serverless::Application", "Location"), ("AWS::CloudFormation::Stack", "TemplateURL")];

/// What `sam build` and makefiles leave in front of a path.
const BUILT: &str = ".aws-sam/build/";

/// The nested stacks of a template whose files are here.
pub(super) fn children<'t>(
    sources: &'t Sources,
    template: &'t Template,
) -> impl Iterator<Item = (&'t Resource, SourceId)> {
    template.resources.iter().filter_map(move |resource| {
        let (_, property) = STACKS.iter().find(|(kind, _)| resource.is(kind))?;
        // The path is relative to the file it is written in; a fragment's to the whole template's.
        let location = resource.property(property)?.as_str()?;
        let places = [sources.folder(template.source), sources.folder(resource.span.source)];
        let found = places.into_iter().find_map(|folder| local(sources, folder, location))?;
        (found != template.source).then_some((resource, found))
    })
}

fn local(sources: &Sources, folder: &str, location: &str) -> Option<SourceId> {
    if !super::convert::is_local(location) {
        return None;
    }
    let location = location.trim_start_matches("file://");
    let find = |path: &str| {
        let path = join(folder, path);
        let inside = ["template.yaml", "template.yml", "template.json"];
        sources.find(&path).or_else(|| inside.iter().find_map(|name| sources.find(&join(&path, name))))
    };
    find(location).or_else(|| find(&location.replacen(BUILT, "", 1)))
}

/// The stacks that templates of this project nest.
pub fn link(sources: &Sources, templates: &[Template]) -> Vec<Nested> {
    let mut nested = Vec::new();
    for (parent, template) in templates.iter().enumerate() {
        for (resource, source) in children(sources, template) {
            let Some(child) = templates.iter().position(|template| template.source == source) else {
                continue;
            };
            let passed = resource.property("Parameters").and_then(Value::as_map);
            let parameters = passed.into_iter().flat_map(Map::iter);
            let parameters = parameters.map(|(name, value)| (name.clone(), value.clone())).collect();
            nested.push(Nested { parent, id: resource.id.clone(), child, parameters });
        }
    }
    nested
}

#[cfg(test)]
mod tests {
    use super::super::discover::parse_all;
    use super::super::parse::tests::sources;

    #[test]
    fn stacks_are_linked_with_what_they_are_given() {
        let root = "Transform: AWS::Serverless-2016-10-31
Resources:
  A: {Type: AWS::Serverless::Application, Properties: {Location: ./a, Parameters: {Stage: !Ref Stage}}}
  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: .aws-sam/build/b.yaml}}
  C: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://b/c.yaml'}}
  D: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: x}}}
  E: {Type: AWS::Serverless::Application, Properties: {Location: root.yaml}}
";
        let child = "Resources: {Q: {Type: AWS::SQS::Queue}}";
        let sources = sources(&[("root.yaml", root), ("a/template.yaml", child), ("b.yaml", child)]);
        let all = parse_all(&sources, &|_| false, &[]);
        let links: Vec<_> = all
            .nested
            .iter()
            .map(|link| {
                (link.id.text.as_str(), all.templates[link.child].path.as_str(), link.parameters.len())
            })
            .collect();
        assert_eq!(links, [("A", "a/template.yaml", 1), ("B", "b.yaml", 0)]);
        assert!(all.nested.iter().all(|link| all.templates[link.parent].path == "root.yaml"));
    }
}
