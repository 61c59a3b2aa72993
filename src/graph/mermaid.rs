//! The graph as a Mermaid flowchart.

use super::model::Graph;
use super::picture::{Item, Picture, Shape, Syntax};

/// One subgraph per template; functions, routes, stores, channels and state machines differ in shape.
pub fn mermaid(graph: &Graph) -> String {
    let syntax = Syntax {
        begin: |index, title| format!("subgraph t{index}[\"{}\"]", escape(title)),
        end: "end",
        node,
        arrow: |arrow| match arrow.label {
            "" => format!("{} --> {}", arrow.from, arrow.to),
            label => format!("{} -->|{label}| {}", arrow.from, arrow.to),
        },
    };
    format!("flowchart LR\n{}", Picture::of(graph).written(&syntax))
}

pub(super) fn node(item: &Item) -> String {
    let (open, close) = match item.shape {
        Shape::Function => ("[", "]"),
        Shape::StateMachine => ("{{", "}}"),
        Shape::Api => ("[/", "/]"),
        Shape::Route => ("([", "])"),
        Shape::Task => ("(", ")"),
        Shape::Store => ("[(", ")]"),
        Shape::Channel => ("[[", "]]"),
        Shape::Other => ("[", "]"),
        Shape::Outside => (">", "]"),
    };
    format!("{}{open}\"{}\"{close}", item.key, escape(&item.label))
}

/// Entities for what would end the label, or be read as markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
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
    fn routes_functions_and_queues_are_drawn() {
        let text = mermaid(&graph(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Get: {Type: Api, Properties: {Path: '/x/{id}', Method: get}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        Daily: {Type: Schedule, Properties: {Schedule: 'cron(0 \"1\")'}}
  Alone: {Type: AWS::Serverless::Function}
  Jobs: {Type: AWS::SQS::Queue}
  Own: {Type: AWS::IAM::Role}
",
        ));
        for line in [
            "flowchart LR",
            "  subgraph t0[\"template.yaml\"]",
            "    n0[\"Work\"]",
            "    n1[\"Alone\"]",
            "    n2[[\"Jobs\"]]",
            "    n4[/\"ServerlessRestApi\"/]",
            "    n5([\"GET /x/{id}\"])",
            "  n6>\"cron(0 #quot;1#quot;)\"]",
            "  n5 --> n0",
            "  n2 --> n0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("Own"));
    }

    #[test]
    fn labels_cannot_break_out() {
        assert_eq!(escape("a\"]\n#<b>`"), "a#quot;] #35;#lt;b#gt;#96;");
    }
}
