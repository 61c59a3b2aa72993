//! The graph in the language of Graphviz.

use std::fmt::Write;

use super::model::Graph;
use super::picture::{Item, Picture, Shape};

/// One cluster per template; functions, routes, stores, channels and state machines differ in shape.
pub fn dot(graph: &Graph) -> String {
    let picture = Picture::of(graph);
    let mut out = String::from("digraph application {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
    for (index, group) in picture.groups.iter().enumerate().filter(|(_, group)| !group.items.is_empty()) {
        let _ = writeln!(out, "  subgraph cluster_{index} {{\n    label=\"{}\";", escape(&group.title));
        for item in &group.items {
            let _ = writeln!(out, "    {}", node(item));
        }
        out.push_str("  }\n");
    }
    for item in &picture.outside {
        let _ = writeln!(out, "  {}", node(item));
    }
    for arrow in &picture.arrows {
        let _ = match arrow.label {
            "" => writeln!(out, "  {} -> {};", arrow.from, arrow.to),
            label => writeln!(out, "  {} -> {} [label=\"{label}\"];", arrow.from, arrow.to),
        };
    }
    out.push_str("}\n");
    out
}

fn node(item: &Item) -> String {
    let shape = match item.shape {
        Shape::Function => "box",
        Shape::StateMachine => "hexagon",
        Shape::Api => "component",
        Shape::Route => "oval",
        Shape::Task => "box, style=rounded",
        Shape::Store => "cylinder",
        Shape::Channel => "cds",
        Shape::Other => "folder",
        Shape::Outside => "note",
    };
    format!("{} [label=\"{}\", shape={shape}];", item.key, escape(&item.label))
}

/// Quotes and backslashes; a line break would end nothing, but reads badly.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::graph;

    #[test]
    fn stores_channels_and_machines_are_drawn() {
        let text = dot(&graph(
            "Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Failed.Arn}
      Events:
        Files: {Type: S3, Properties: {Bucket: !Ref Files, Events: 's3:ObjectCreated:*'}}
  Failed: {Type: AWS::SQS::Queue}
  Files: {Type: AWS::S3::Bucket}
  Flow: {Type: AWS::Serverless::StateMachine}
",
        ));
        for line in [
            "  subgraph cluster_0 {",
            "    label=\"template.yaml\";",
            "    n0 [label=\"Work\", shape=box];",
            "    n1 [label=\"Failed\", shape=cds];",
            "    n2 [label=\"Files\", shape=cylinder];",
            "    n3 [label=\"Flow\", shape=hexagon];",
            "  n2 -> n0;",
            "  n0 -> n1 [label=\"on failure\"];",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.ends_with("}\n"));
    }

    #[test]
    fn labels_cannot_break_out() {
        assert_eq!(escape("a\"\\\n]"), "a\\\"\\\\ ]");
    }
}
