//! The graph in the language of Graphviz.

use super::model::Graph;
use super::picture::{Item, Picture, Shape, Syntax};

/// One cluster per template; functions, routes, stores, channels and state machines differ in shape.
pub fn dot(graph: &Graph) -> String {
    let syntax = Syntax {
        begin: |index, title| format!("subgraph cluster_{index} {{\n    label=\"{}\";", escape(title)),
        end: "}",
        node,
        arrow: |arrow| match arrow.label {
            "" => format!("{} -> {};", arrow.from, arrow.to),
            label => format!("{} -> {} [label=\"{label}\"];", arrow.from, arrow.to),
        },
    };
    let lines = Picture::of(graph).written(&syntax);
    format!("digraph application {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n{lines}}}\n")
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
