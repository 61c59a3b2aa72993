//! What holds for every template, however broken.

use proptest::prelude::*;
use serde_json::{Map as Object, Value as Json, json};

use super::discover::parse_all;
use super::parse::tests::sources;
use super::{Template, Value, World, parse};
use crate::source::SourceId;

const KEYS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Transform",
    "Globals",
    "Function",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
    "Type",
    "Properties",
    "Default",
    "AllowedValues",
    "DependsOn",
    "Condition",
    "Environment",
    "Variables",
    "IgnoreGlobals",
    "Location",
    "CodeUri",
    "A",
    "B",
    "1",
    "Ref",
    "Fn::Sub",
    "Fn::GetAtt",
    "Fn::Join",
    "Fn::If",
    "Fn::FindInMap",
    "Fn::Select",
    "Fn::Split",
    "Fn::And",
    "Fn::Or",
    "Fn::Not",
    "Fn::Equals",
    "Fn::Length",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Fn::ForEach::A",
    "Fn::ForEach::B",
    "Name",
    "DefaultValue",
    "Fn::Base64",
];

const TEXTS: &[&str] = &[
    "A",
    "B",
    "${A}",
    "${A.Arn}-${!B}",
    "x${A${B}}",
    "${",
    "${}",
    "&{A}",
    "A.B.C",
    ".",
    "",
    "AWS::NoValue",
    "AWS::Region",
    "a,b",
    ",",
    "0",
    "-1",
    "99999999999999999999",
    "CommaDelimitedList",
    "String",
    "AWS::Serverless-2016-10-31",
    "AWS::Serverless::Function",
    "AWS::Serverless::Application",
    "AWS::Include",
    "t.json",
    "s3://a/b",
    "./é",
    "*",
];

fn tree() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        6 => prop::sample::select(TEXTS).prop_map(|text| json!(text)),
        1 => any::<i8>().prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(Json::Bool),
        1 => Just(Json::Null),
    ];
    leaf.prop_recursive(6, 80, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((prop::sample::select(KEYS), inner), 0..5).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
                Json::Object(entries.collect::<Object<_, _>>())
            }),
        ]
    })
}

/// A tree where templates have theirs: parameters, conditions and resources are likely to be read.
fn template_text() -> impl Strategy<Value = String> {
    (tree(), tree(), tree(), tree(), tree(), tree()).prop_map(|(a, b, c, d, e, f)| {
        let resource = json!({"Type": "AWS::Serverless::Function", "Properties": a, "Condition": "A"});
        json!({
            "Transform": "AWS::Serverless-2016-10-31",
            "Parameters": {"A": {"Type": "CommaDelimitedList", "Default": "a,b"}, "B": b},
            "Conditions": {"A": c, "B": {"Fn::Not": [{"Condition": "A"}]}},
            "Mappings": {"A": {"A": {"A": d}}},
            "Globals": {"Function": e},
            "Resources": {"A": resource, "Fn::ForEach::A": ["A", {"Ref": "A"}, {"X${A}": f}]},
        })
        .to_string()
    })
}

/// Every value of the resources, in every world that is asked for.
fn evaluated(template: &Template) -> Vec<(Value, World)> {
    let mut answers = Vec::new();
    for resource in &template.resources {
        let values: Vec<&Value> = resource.properties.iter().map(|(_, value)| value).collect();
        let found = template.worlds(values.iter().copied(), resource.condition.as_ref());
        assert!(!found.worlds.is_empty());
        for world in found.worlds {
            for value in &values {
                answers.push((value.evaluate(&world, template), world.clone()));
            }
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_is_read(tree in tree()) {
        let text = tree.to_string();
        let sources = sources(&[("t.json", text.as_str())]);
        let (template, _) = parse(&sources, SourceId(0));
        template.as_ref().map(evaluated);
        parse_all(&sources, &|_| false, &[]);
    }

    #[test]
    fn values_keep_their_meaning_as_json(tree in tree()) {
        let read = |json: &Json| {
            let text = json.to_string();
            let (value, _) = super::read(&sources(&[("t.json", text.as_str())]), SourceId(0));
            value.expect("a value")
        };
        let once = read(&tree);
        let again = read(&once.to_json());
        prop_assert_eq!(once.to_json(), again.to_json());
        prop_assert_eq!(once.text(), again.text());
    }

    #[test]
    fn answers_need_no_second_look(text in template_text()) {
        let sources = sources(&[("t.json", text.as_str())]);
        let (template, _) = parse(&sources, SourceId(0));
        let template = template.expect("a template");
        for (answer, world) in evaluated(&template) {
            prop_assert!(answer.same(&answer.evaluate(&world, &template)), "{}", answer.text());
        }
    }

    #[test]
    fn broken_text_is_read(text in template_text(), cuts in prop::collection::vec((any::<prop::sample::Index>(), "[ -~é\n]{0,3}"), 1..8)) {
        let mut text: Vec<char> = text.chars().collect();
        for (at, with) in cuts {
            let at = at.index(text.len());
            text.splice(at..(at + 2).min(text.len()), with.chars());
            if text.is_empty() { text.push('a'); }
        }
        let text: String = text.into_iter().collect();
        let sources = sources(&[("t.yaml", text.as_str())]);
        let all = parse_all(&sources, &|_| false, &[]);
        all.templates.iter().for_each(|template| drop(evaluated(template)));
        for problem in &all.problems {
            let place = problem.span.map(|span| sources.text(span.source).get(span.range()).is_some());
            prop_assert!(place.unwrap_or(true), "{}", problem.text);
        }
    }
}
