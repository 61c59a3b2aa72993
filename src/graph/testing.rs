//! Templates and graphs for tests, from text.

use super::{Graph, link, relate};
use crate::source::{SourceId, Sources};
use crate::template::Template;

pub fn template(text: &str) -> Template {
    read(text).1
}

pub fn graph(text: &str) -> Graph {
    let (sources, template) = read(text);
    let (mut graph, _) = link(vec![template], &sources);
    relate(&mut graph);
    graph
}

fn read(text: &str) -> (Sources, Template) {
    let sources = Sources::in_memory([("template.yaml".to_owned(), text.to_owned())].into());
    let (template, _) = crate::template::parse(&sources, SourceId(0));
    (sources, template.expect("a template"))
}
