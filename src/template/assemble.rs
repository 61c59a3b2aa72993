//! Templates that are kept in parts: what was merged or packaged is counted once, and parts get the
//! parameters and Globals of the whole.
//!
//! Three things lie beside each other in projects: a whole template, the parts it was made of, and
//! copies that tools made of it. The parts are what people edit, so they give the bodies of the
//! resources; the whole gives everything around them.

use std::collections::{BTreeMap, BTreeSet};

use super::discover::Skipped;
use super::value::{Mention, Value, ValueKind};
use super::{Dialect, Resource, Template, globals};
use crate::source::{Sources, parent};

/// Properties that `sam package` points to a bucket.
/// <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>
const PACKAGED: [&str; 9] = [
    "BodyS3Location",
    "Code",
    "CodeUri",
    "Content",
    "ContentUri",
    "DefinitionBody",
    "DefinitionUri",
    "Location",
    "TemplateURL",
];

/// Joins and leaves out; tells what was left out and why.
pub(super) fn assemble(templates: &mut Vec<Template>, sources: &Sources) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    drop_included(templates, sources, &mut skipped);
    drop_packaged(templates, &mut skipped);
    let parts = parts(templates);
    let wholes: BTreeSet<usize> = parts.values().copied().collect();
    for whole in wholes {
        let of_it = parts.iter().filter(|(_, to)| **to == whole).map(|(part, _)| templates[*part].clone());
        let of_it: Vec<Template> = of_it.collect();
        join(&mut templates[whole], of_it);
    }
    let mut index = 0;
    templates.retain(|_| {
        index += 1;
        !parts.contains_key(&(index - 1))
    });
    mark_parts(templates);
    skipped
}

/// Templates that are merged by a tool of the project, although each looks whole: they leave open what
/// their neighbours define.
fn mark_parts(templates: &mut [Template]) {
    // One or two names may be left open by mistake.
    const LEAST: usize = 3;
    let closed_elsewhere = |template: &Template| {
        let open = open_names(template);
        let others = || {
            let others = templates.iter().filter(|other| other.source != template.source);
            others.filter(|other| related(&other.path, &template.path))
        };
        let closed = open.iter().filter(|name| others().any(|other| defines(other, name))).count();
        if closed * 2 > open.len() { closed } else { 0 }
    };
    let closed: Vec<usize> = templates.iter().map(closed_elsewhere).collect();
    let counted = templates.iter().zip(&closed);
    let sure = counted.filter(|(_, closed)| **closed >= LEAST);
    let folders: BTreeSet<String> = sure.map(|(template, _)| parent(&template.path).to_owned()).collect();
    for (template, closed) in templates.iter_mut().zip(closed) {
        if closed > 0 && folders.contains(parent(&template.path)) {
            template.dialect = Dialect::Fragment;
        }
    }
}

/// Files whose resources another template includes.
fn drop_included(templates: &mut Vec<Template>, sources: &Sources, skipped: &mut Vec<Skipped>) {
    let included: BTreeMap<_, _> = templates
        .iter()
        .flat_map(|template| template.resources.iter().map(move |resource| (resource.span.source, template)))
        .filter(|(source, template)| *source != template.source)
        .map(|(source, template)| (source, template.path.clone()))
        .collect();
    templates.retain(|template| match included.get(&template.source) {
        Some(by) if template.path != *by => {
            let path = sources.path(template.source).to_owned();
            skipped.push(Skipped { path, why: format!("it is read as a part of {by}") });
            false
        }
        _ => true,
    });
}

/// What `sam package` wrote, beside what it was made of: the same resources, the code in a bucket.
fn drop_packaged(templates: &mut Vec<Template>, skipped: &mut Vec<Skipped>) {
    let is_original =
        |template: &&Template| template.resources.iter().any(has_code) && !is_packaged(template);
    let original = |template: &Template| {
        if !is_packaged(template) {
            return None;
        }
        let mut originals = templates.iter().filter(is_original);
        let found =
            originals.find(|found| related(&found.path, &template.path) && is_copy(template, found))?;
        Some(found.path.clone())
    };
    let mut originals = templates.iter().map(original).collect::<Vec<_>>().into_iter();
    templates.retain(|template| {
        let Some(original) = originals.next().flatten() else { return true };
        skipped.push(Skipped {
            path: template.path.clone(),
            why: format!("it is {original} after packaging: its code is in a bucket"),
        });
        false
    });
}

/// The same resources but for what packaging changes; or, as such copies are often older than their
/// source, most of the same functions. One or two functions may have the same names by chance, unless a
/// tool wrote the template.
fn is_copy(packaged: &Template, original: &Template) -> bool {
    let kept = |resource: &Resource| {
        let entries =
            resource.own_properties.iter().filter(|(key, _)| !PACKAGED.contains(&key.text.as_str()));
        let kind = ValueKind::Map(entries.map(|(key, value)| (key.clone(), value.clone())).collect());
        Value { span: resource.span, kind }
    };
    let equal = |resource: &Resource| {
        packaged.resource(&resource.id.text).is_some_and(|other| kept(other).same(&kept(resource)))
    };
    if original.resources.len() == packaged.resources.len() && original.resources.iter().all(equal) {
        return true;
    }
    let functions = original.resources.iter().filter(|resource| has_code(resource)).count();
    let common = |resource: &&Resource| {
        has_code(resource)
            && packaged.resource(&resource.id.text).is_some_and(|other| other.is(&resource.kind.text))
    };
    let common = original.resources.iter().filter(common).count();
    common >= 3 && common * 2 > functions || common > 0 && is_written_by_tool(packaged)
}

/// Whether nobody has edited the template since a tool wrote it: `sam build` notes the ids that resources
/// had, `sam package` names files in the bucket by their MD5.
fn is_written_by_tool(template: &Template) -> bool {
    let notes_id = |resource: &Resource| {
        resource.metadata.as_ref().is_some_and(|metadata| metadata.get("SamResourceId").is_some())
    };
    let is_digest = |value: &Value| {
        let name = value.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default();
        name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    template.resources.iter().any(notes_id) || code(template).all(is_digest)
}

/// A function of SAM that names no code is packaged from the folder of its template.
fn has_code(resource: &Resource) -> bool {
    resource.property("CodeUri").or(resource.property("Code")).is_some()
        || resource.is("AWS::Serverless::Function") && resource.property("InlineCode").is_none()
}

fn code(template: &Template) -> impl Iterator<Item = &Value> {
    template
        .resources
        .iter()
        .filter_map(|resource| resource.property("CodeUri").or(resource.property("Code")))
}

fn is_packaged(template: &Template) -> bool {
    let in_bucket = |value: &Value| match value.as_str() {
        Some(text) => text.starts_with("s3://"),
        None => ["Bucket", "S3Bucket"].iter().any(|key| value.get(key).is_some_and(Value::is_literal)),
    };
    code(template).next().is_some() && code(template).all(in_bucket)
}

/// In one folder, or one above the other.
fn related(one: &str, other: &str) -> bool {
    let (one, other) = (parent(one), parent(other));
    is_above(one, other) || is_above(other, one)
}

fn is_above(folder: &str, below: &str) -> bool {
    folder.is_empty()
        || below.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// For every part the whole it belongs to, by index.
fn parts(templates: &[Template]) -> BTreeMap<usize, usize> {
    let mut parts = BTreeMap::new();
    for (index, template) in templates.iter().enumerate() {
        if let Some(whole) = merged_into(templates, index) {
            parts.insert(index, whole);
        } else if template.dialect != Dialect::Sam
            && let Some(whole) = meant_for(templates, index)
        {
            parts.insert(index, whole);
        }
    }
    // A whole that is itself part of another: all are parts of the last.
    let last = |mut whole: usize| {
        for _ in 0..templates.len() {
            match parts.get(&whole) {
                Some(next) => whole = *next,
                None => return Some(whole),
            }
        }
        None
    };
    parts.iter().filter_map(|(part, whole)| Some((*part, last(*whole)?))).collect()
}

/// The output of a merge that has all this template has, in its folder or above it, most of it word
/// for word. The base that fragments are merged with is a part as well.
fn merged_into(templates: &[Template], part: usize) -> Option<usize> {
    let own = &templates[part];
    let fragment = |other: &Template| other.dialect == Dialect::Fragment;
    let candidates = templates.iter().enumerate().filter(|(index, whole)| {
        *index != part
            && whole.dialect == Dialect::Sam
            && is_above(parent(&whole.path), parent(&own.path))
            && holds(whole, own)
    });
    let (index, whole) = candidates.max_by_key(|(_, whole)| parent(&whole.path).len())?;
    if fragment(own) {
        return Some(index);
    }
    // Anything else may be a template of its own that looks alike, unless fragments tell of a merge.
    let below = parent(&whole.path) != parent(&own.path);
    let merged = |other: &Template| fragment(other) && related(&own.path, &other.path) && holds(whole, other);
    let beside = |other: &Template| {
        fragment(other) && is_above(parent(parent(&own.path)), parent(&other.path)) && holds(whole, other)
    };
    (below && templates.iter().any(|other| merged(other) || beside(other))).then_some(index)
}

/// Whether `whole` has all resources, parameters and conditions of `part`, and more than these; most
/// resources with the same properties, as a merge copies them.
fn holds(whole: &Template, part: &Template) -> bool {
    let something = !part.resources.is_empty() || !part.parameters.is_empty() || !part.conditions.is_empty();
    let of =
        |resource: &Resource| whole.resource(&resource.id.text).filter(|same| same.is(&resource.kind.text));
    let same = |resource: &&Resource| {
        of(resource).is_some_and(|other| other.own_properties.to_json() == resource.own_properties.to_json())
    };
    something
        && whole.resources.len() > part.resources.len()
        && part.resources.iter().all(|resource| of(resource).is_some())
        && part.parameters.iter().all(|parameter| whole.parameter(&parameter.name.text).is_some())
        && part.conditions.iter().all(|(name, _)| whole.condition(&name.text).is_some())
        && part.resources.iter().filter(same).count() * 2 >= part.resources.len()
}

/// The template in whose folder this one lies and that defines the names this one leaves open.
fn meant_for(templates: &[Template], part: usize) -> Option<usize> {
    let own = &templates[part];
    let open = open_names(own);
    if open.is_empty() {
        return None;
    }
    let wholes = templates.iter().enumerate().filter(|(index, whole)| {
        *index != part && whole.dialect == Dialect::Sam && is_above(parent(&whole.path), parent(&own.path))
    });
    let known = |whole: &Template| open.iter().filter(|name| defines(whole, name)).count();
    let (index, whole) = wholes
        .max_by_key(|(index, whole)| (known(whole), parent(&whole.path).len(), std::cmp::Reverse(*index)))?;
    // The rest may be defined by the other parts.
    let below = |other: &&Template| is_above(parent(&whole.path), parent(&other.path));
    let closed = open.iter().filter(|name| {
        defines(whole, name)
            || templates
                .iter()
                .filter(below)
                .any(|other| other.dialect != Dialect::Sam && defines(other, name))
    });
    let closed = closed.count();
    let enough = match own.dialect {
        Dialect::Fragment => closed * 2 > open.len(),
        _ => closed == open.len(),
    };
    (known(whole) > 0 && enough).then_some(index)
}

/// Names a template speaks of and does not define; a template that can be deployed has none.
fn open_names(template: &Template) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut add =
        |mentions: Vec<Mention>| names.extend(mentions.into_iter().map(|mention| mention.name.text));
    for resource in &template.resources {
        resource.own_properties.iter().for_each(|(_, value)| add(value.mentions()));
    }
    template.conditions.iter().for_each(|(_, value)| add(value.mentions()));
    template
        .outputs
        .iter()
        .filter_map(|output| output.value.as_ref())
        .for_each(|value| add(value.mentions()));
    let conditions = template.resources.iter().filter_map(|resource| resource.condition.as_ref());
    names.extend(conditions.map(|name| name.text.clone()));
    names.retain(|name| !name.starts_with("AWS::") && !defines(template, name));
    names
}

fn defines(template: &Template, name: &str) -> bool {
    // SAM makes roles, stages and aliases whose names begin with that of their resource.
    template.parameter(name).is_some()
        || template.condition(name).is_some()
        || template.resources.iter().any(|resource| name.starts_with(&resource.id.text))
}

/// The parts' resources in place of those of the same id, and whatever else the whole lacks.
fn join(whole: &mut Template, parts: Vec<Template>) {
    let mut places: BTreeMap<String, usize> =
        whole.resources.iter().enumerate().map(|(at, resource)| (resource.id.text.clone(), at)).collect();
    for part in parts {
        for resource in part.resources {
            let resource = Resource { properties: resource.own_properties.clone(), ..resource };
            match places.get(&resource.id.text) {
                Some(at) => {
                    let declared_in = whole.resources[*at].declared_in;
                    whole.resources[*at] = Resource { declared_in, ..resource };
                }
                None => {
                    places.insert(resource.id.text.clone(), whole.resources.len());
                    whole.resources.push(resource);
                }
            }
        }
        let parameters = part.parameters.into_iter();
        let new: Vec<_> = parameters.filter(|one| whole.parameter(&one.name.text).is_none()).collect();
        whole.parameters.extend(new);
        let new: Vec<_> =
            part.conditions.into_iter().filter(|(name, _)| whole.condition(&name.text).is_none()).collect();
        whole.conditions.extend(new);
        let new: Vec<_> = part
            .mappings
            .entries
            .into_iter()
            .filter(|(name, _)| whole.mappings.get(&name.text).is_none())
            .collect();
        whole.mappings.entries.extend(new);
        whole.left_out.extend(part.left_out);
        let known: BTreeSet<String> = whole.outputs.iter().map(|output| output.name.text.clone()).collect();
        whole.outputs.extend(part.outputs.into_iter().filter(|output| !known.contains(&output.name.text)));
        whole.globals = whole.globals.take().or(part.globals);
    }
    if let Some(globals) = &whole.globals {
        // What is wrong with the section was said when its file was read.
        globals::apply(globals, &mut whole.resources, &whole.path);
    }
}

#[cfg(test)]
mod tests {
    use super::super::discover::{Templates, parse_all};
    use super::super::parse::tests::sources;
    use super::*;

    const BASE: &str = "Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 9}}
Parameters: {Stage: {Type: String}}
Resources: {Q: {Type: AWS::SQS::Queue}}
";
    const PART: &str = "Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Description: !Ref Stage, Role: !Ref T}}
";
    const OTHER: &str = "Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Stage}}}";
    const ALONE: &str =
        "Resources: {A: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt ARole.Arn}}}";

    fn read(files: &[(&str, &str)]) -> (Vec<(String, Vec<String>)>, Templates, Sources) {
        let sources = sources(files);
        let all = parse_all(&sources, &|_| false, &[]);
        let ids = |template: &Template| {
            template.resources.iter().map(|resource| resource.id.text.clone()).collect::<Vec<_>>()
        };
        let shown = all.templates.iter().map(|template| (template.path.clone(), ids(template))).collect();
        (shown, all, sources)
    }

    fn shown(path: &str, ids: &[&str]) -> (String, Vec<String>) {
        (path.to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())
    }

    #[test]
    fn fragments_join_the_template_that_defines_their_names() {
        let (found, all, sources) = read(&[
            ("infra/parent.yaml", BASE),
            ("infra/functions/f.yaml", PART),
            ("infra/tables/t.yaml", OTHER),
            ("infra/functions/alone.yaml", ALONE),
        ]);
        let expected =
            [shown("infra/functions/alone.yaml", &["A"]), shown("infra/parent.yaml", &["Q", "F", "T"])];
        assert_eq!(found, expected);
        let function = all.templates[1].resource("F").expect("joined");
        assert_eq!(function.property("Timeout").and_then(Value::as_i64), Some(9));
        assert_eq!(sources.path(function.id.span.source), "infra/functions/f.yaml");
    }

    #[test]
    fn merged_output_takes_its_bodies_from_the_parts() {
        let merged = format!(
            "{BASE}  # merged
Outputs: {{}}
"
        )
        .replace(
            "{Q: {Type: AWS::SQS::Queue}}",
            "
  Q: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Serverless::Function, Properties: {Description: !Ref Stage, Role: !Ref T}}
  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Stage}}",
        );
        let (found, all, sources) = read(&[
            ("template.yaml", merged.as_str()),
            ("infra/parent.yaml", BASE),
            ("infra/f.yaml", PART),
            ("infra/t.yaml", OTHER),
        ]);
        assert_eq!(found, [shown("template.yaml", &["Q", "F", "T"])]);
        let places: Vec<_> =
            all.templates[0].resources.iter().map(|resource| sources.path(resource.span.source)).collect();
        assert_eq!(places, ["infra/parent.yaml", "infra/f.yaml", "infra/t.yaml"]);
    }

    #[test]
    fn packaged_output_is_left_out() {
        let source = "Transform: AWS::Serverless-2016-10-31
Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: src}}}";
        let packaged = source.replace("src", "s3://bucket/key");
        let (found, all, _) = read(&[("t.yaml", source), ("out.yaml", &packaged), ("x/y.yaml", &packaged)]);
        assert_eq!(found, [shown("t.yaml", &["F"])]);
        assert_eq!(all.skipped.len(), 2);
        let (found, ..) = read(&[("out.yaml", &packaged)]);
        assert_eq!(found.len(), 1);
        let unnamed = source.replace("CodeUri: src", "Timeout: 9");
        let digest = packaged.replace("bucket/key", "bucket/0123456789abcdef0123456789abcdef");
        let (found, ..) = read(&[("t.yaml", &unnamed), ("out.yaml", &digest)]);
        assert_eq!(found, [shown("t.yaml", &["F"])]);
        let other = packaged.replace("CodeUri", "Handler: x, CodeUri");
        let (found, ..) = read(&[("t.yaml", source), ("other.yaml", &other)]);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn included_files_are_not_counted_again() {
        let root = "Transform: AWS::Serverless-2016-10-31
Resources: {F: !Rain::Include f.yaml, Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}}";
        let (found, all, _) = read(&[
            ("t.yaml", root),
            ("f.yaml", "Type: AWS::Serverless::Function"),
            ("more.yaml", "G: {Type: AWS::Serverless::Function}"),
            ("side/t.yaml", ALONE),
        ]);
        assert_eq!(found, [shown("side/t.yaml", &["A"]), shown("t.yaml", &["F", "G"])]);
        assert_eq!(all.problems, []);
    }
}
