//! What came and went, as a Mermaid flowchart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::graph::mermaid::{escape, node};
use crate::graph::model::Graph;
use crate::graph::picture::{Item, Picture, Shape};

/// The parts that came (green) and went (red), and what they are tied to; `None` where the picture would
/// be empty. `renamed` gives the present path of a file of then.
pub fn picture(before: &Graph, after: &Graph, renamed: &dyn Fn(&str) -> String) -> Option<String> {
    let (before, after) = (Drawn::of(before, renamed), Drawn::of(after, &str::to_owned));
    let arrows: BTreeSet<&Arrow> = before.arrows.symmetric_difference(&after.arrows).collect();
    let items: BTreeMap<&Name, &Item> = before.items.iter().chain(&after.items).collect();
    let differs = |name: &Name| before.items.contains_key(name) != after.items.contains_key(name);
    let mut shown: BTreeSet<&Name> = arrows.iter().flat_map(|(from, to, _)| [from, to]).collect();
    shown.extend(items.keys().filter(|name| differs(name)));
    if shown.is_empty() {
        return None;
    }
    let keys: BTreeMap<&Name, String> =
        shown.iter().enumerate().map(|(index, name)| (*name, format!("n{index}"))).collect();
    let mut out = String::from("flowchart LR\n");
    let mut homes: BTreeMap<&Option<String>, Vec<&Name>> = BTreeMap::new();
    for name in &shown {
        homes.entry(&name.0).or_default().push(name);
    }
    for (index, (home, names)) in homes.into_iter().enumerate() {
        let indent = if home.is_some() { "    " } else { "  " };
        if let Some(title) = home {
            let _ = writeln!(out, "  subgraph t{index}[\"{}\"]", escape(title));
        }
        for name in names {
            let (Some(item), Some(key)) = (items.get(name), keys.get(name)) else { continue };
            let class = match (before.items.contains_key(name), after.items.contains_key(name)) {
                (false, _) => ":::added",
                (_, false) => ":::removed",
                _ => "",
            };
            let item = Item { key: key.clone(), label: item.label.clone(), shape: item.shape };
            let _ = writeln!(out, "{indent}{}{class}", node(&item));
        }
        if home.is_some() {
            out.push_str("  end\n");
        }
    }
    let (mut came, mut went) = (Vec::new(), Vec::new());
    for (index, arrow) in arrows.iter().enumerate() {
        let (from, to, label) = arrow;
        let (Some(from), Some(to)) = (keys.get(from), keys.get(to)) else { continue };
        let is_new = after.arrows.contains(*arrow);
        if is_new { &mut came } else { &mut went }.push(index.to_string());
        let line = if is_new { "-->" } else { "-.->" };
        let label = if label.is_empty() { String::new() } else { format!("|{label}|") };
        let _ = writeln!(out, "  {from} {line}{label} {to}");
    }
    out.push_str("  classDef added stroke:#1a7f37,stroke-width:3px\n");
    out.push_str("  classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:5 5\n");
    for (lines, colour) in [(came, "#1a7f37"), (went, "#cf222e")] {
        if !lines.is_empty() {
            let _ = writeln!(out, "  linkStyle {} stroke:{colour}", lines.join(","));
        }
    }
    Some(out)
}

/// What an item is, in both states: its template, its words, its kind.
type Name = (Option<String>, String, u8);
type Arrow = (Name, Name, &'static str);

struct Drawn {
    items: BTreeMap<Name, Item>,
    arrows: BTreeSet<Arrow>,
}

impl Drawn {
    fn of(graph: &Graph, renamed: &dyn Fn(&str) -> String) -> Self {
        let picture = Picture::of(graph);
        let mut names: BTreeMap<String, Name> = BTreeMap::new();
        let mut items = BTreeMap::new();
        let grouped = picture.groups.into_iter().flat_map(|group| {
            let title = renamed(&group.title);
            group.items.into_iter().map(move |item| (Some(title.clone()), item))
        });
        for (home, item) in grouped.chain(picture.outside.into_iter().map(|item| (None, item))) {
            let name = (home, item.label.clone(), kind(item.shape));
            names.insert(item.key.clone(), name.clone());
            items.insert(name, item);
        }
        let arrows = picture.arrows.into_iter().filter_map(|arrow| {
            Some((names.get(&arrow.from)?.clone(), names.get(&arrow.to)?.clone(), arrow.label))
        });
        Self { items, arrows: arrows.collect() }
    }
}

/// Things of equal words and different shapes are different things.
fn kind(shape: Shape) -> u8 {
    match shape {
        Shape::Function => 0,
        Shape::StateMachine => 1,
        Shape::Api => 2,
        Shape::Route => 3,
        Shape::Task => 4,
        Shape::Store => 5,
        Shape::Channel => 6,
        Shape::Other => 7,
        Shape::Outside => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::graph;

    const WORK: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Get: {Type: Api, Properties: {Path: /x, Method: get}}
";

    #[test]
    fn only_what_differs_is_drawn() {
        let more = format!("{WORK}        Put: {{Type: Api, Properties: {{Path: /x, Method: put}}}}\n");
        let text = picture(&graph(WORK), &graph(&more), &str::to_owned).expect("there is a difference");
        assert!(text.contains("([\"PUT /x\"]):::added"), "{text}");
        assert!(text.contains("[\"Work\"]\n") && !text.contains("GET /x"), "{text}");
        assert!(text.contains("linkStyle 0,1 stroke:#1a7f37"), "{text}");
        let back = picture(&graph(&more), &graph(WORK), &str::to_owned).expect("there is a difference");
        assert!(back.contains("([\"PUT /x\"]):::removed") && back.contains("-.->"), "{back}");
        assert_eq!(picture(&graph(WORK), &graph(WORK), &str::to_owned), None);
    }
}
