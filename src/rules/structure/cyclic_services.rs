//! Services that depend on each other in a circle.

use crate::graph::services::{Dependency, How, circles, dependencies};
use crate::rule::prelude::*;
use crate::rules::code::list;

rule! {
    /// ## What it does
    /// Finds services that depend on each other in a circle by what makes one wait for the other or know its
    /// inside: calls, invocations, tables, code. Services are folders of templates, or what `[services]` in
    /// slslint.toml names. Messages and events are no such dependency.
    ///
    /// ## Why it matters
    /// None of them can be deployed, tested or understood without the others, and a failure of one comes back
    /// to it.
    ///
    /// ## Example
    /// ```python
    /// client.invoke(FunctionName=os.environ["CHARGE"], Payload=payload)
    /// ```
    /// in `orders/`, while a function of `payments/` reads the table of `orders/`.
    ///
    /// ## Use instead
    /// An event of the one that the other follows, or a third service for what both need.
    ///
    /// ## When to keep it
    /// When the folders are parts of one service: name it in `[services]`.
    pub CYCLIC_SERVICES = {
        id: "cyclic-services",
        category: Structure,
        severity: Warning,
        summary: "services depend on each other in a circle",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut all = dependencies(&app.graph, app.sources, &app.services);
    all.retain(|found| found.how != How::Sends && app.services.are_apart(found.from, found.to));
    for circle in circles(app.services.all.len(), &all) {
        found.extend(finding(app, &circle, &all));
    }
}

fn finding(app: &App<'_>, circle: &[usize], all: &[Dependency]) -> Option<Finding> {
    let names: Vec<&str> = circle.iter().map(|index| app.services.all[*index].name.as_str()).collect();
    let next = circle.iter().cycle().skip(1);
    let edges: Vec<&Dependency> = circle
        .iter()
        .zip(next)
        .map(|(from, to)| all.iter().find(|found| found.from == *from && found.to == *to))
        .collect::<Option<_>>()?;
    let first = edges.first()?;
    let mut finding =
        Finding::at(first.evidence.span, format!("{} depend on each other in a circle", list(&names)))
            .help("turn one of these around: let it follow events of the other");
    for edge in &edges {
        let (from, to) = (&app.services.all[edge.from].name, &app.services.all[edge.to].name);
        let text = format!("`{from}` depends on `{to}`: {}", edge.evidence.text);
        finding = finding.because_it(edge.evidence.certainty, edge.evidence.span, text);
    }
    finding.template = Some(app.template(first.member.template).path.clone());
    Some(finding)
}
