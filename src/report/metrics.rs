//! Services in numbers: a table for people, JSON for programs.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::graph::App;
use crate::graph::services::{Dependency, Member, Metrics, Service, dependencies, metrics};
use crate::source::Span;

/// Grows when a field changes its meaning.
const VERSION: u32 = 1;

/// A table of all services; below it what belongs to each, why, and on what it depends.
pub fn metrics_text(app: &App<'_>) -> String {
    let Numbers { rows, dependencies } = numbers(app);
    let width =
        rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default().max("service".len());
    let mut out = format!(
        "{:width$}  {:9} functions routes machines stores  Ca  Ce  instability  chain\n",
        "service", "basis"
    );
    for row in &rows {
        let instability = row.instability().map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
        let _ = writeln!(
            out,
            "{:width$}  {:9} {:9} {:6} {:8} {:6} {:3} {:3}  {:>11}  {}",
            row.name,
            row.basis.name(),
            row.functions,
            row.routes,
            row.state_machines,
            row.stores,
            row.afferent,
            row.efferent,
            instability,
            chain(row),
        );
    }
    for (index, service) in app.services.all.iter().enumerate() {
        let _ = write!(out, "\n{}", told(app, service));
        for found in dependencies.iter().filter(|found| found.from == index) {
            let to = &app.services.all[found.to].name;
            let _ = writeln!(
                out,
                "  depends on {to}: {} ({})",
                found.evidence.text,
                at(app, found.evidence.span)
            );
        }
    }
    out.push_str(
        "\nCa: services that depend on it; Ce: services it depends on; instability: Ce / (Ca + Ce); \
         chain: the longest line of functions that wait for each other\n",
    );
    out
}

fn chain(row: &Metrics) -> String {
    let names: Vec<&str> = row.chain.iter().map(|member| member.id.as_str()).collect();
    if names.is_empty() { "-".to_owned() } else { names.join(" > ") }
}

fn told(app: &App<'_>, service: &Service) -> String {
    let mut out = format!("{}\n", service.name);
    for own in &service.members {
        let reasons: Vec<&str> = own.reasons.iter().map(|reason| reason.text.as_str()).collect();
        let _ = writeln!(out, "  {} ({}): {}", own.member.id, at(app, own.span), reasons.join("; "));
    }
    for store in &service.stores {
        let _ = writeln!(out, "  {} (store)", store.id);
    }
    out
}

/// The same as one JSON value.
pub fn metrics_json(app: &App<'_>) -> Json {
    let Numbers { rows, dependencies } = numbers(app);
    let services = rows.iter().zip(&app.services.all).map(|(row, service)| {
        json!({
            "name": row.name,
            "basis": row.basis.name(),
            "functions": row.functions,
            "routes": row.routes,
            "state_machines": row.state_machines,
            "stores": service.stores.iter().map(|store| placed(app, store)).collect::<Vec<_>>(),
            "afferent_coupling": row.afferent,
            "efferent_coupling": row.efferent,
            "instability": row.instability(),
            "longest_synchronous_chain": row.chain.iter().map(|member| placed(app, member)).collect::<Vec<_>>(),
            "members": service.members.iter().map(|own| {
                let mut member = placed(app, &own.member);
                member["reasons"] = own.reasons.iter().map(|reason| said(app, &reason.text, reason.span)).collect();
                member
            }).collect::<Vec<_>>(),
        })
    });
    let name = |index: usize| app.services.all[index].name.as_str();
    let dependencies = dependencies.iter().map(|found| {
        json!({
            "from": name(found.from),
            "to": name(found.to),
            "how": found.how.name(),
            "by": placed(app, &found.member),
            "on": found.on.id,
            "evidence": said(app, &found.evidence.text, found.evidence.span),
        })
    });
    json!({
        "version": VERSION,
        "services": services.collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
    })
}

struct Numbers {
    rows: Vec<Metrics>,
    dependencies: Vec<Dependency>,
}

fn numbers(app: &App<'_>) -> Numbers {
    let dependencies = dependencies(&app.graph, app.sources, &app.services);
    Numbers { rows: metrics(&app.graph, &app.services, &dependencies), dependencies }
}

fn placed(app: &App<'_>, member: &Member) -> Json {
    json!({"id": member.id, "template": app.template(member.template).path})
}

fn said(app: &App<'_>, text: &str, span: Span) -> Json {
    let position = app.sources.position(span.source, span.start);
    json!({
        "text": text,
        "file": app.sources.path(span.source),
        "line": position.line,
        "column": position.column,
    })
}

fn at(app: &App<'_>, span: Span) -> String {
    let position = app.sources.position(span.source, span.start);
    format!("{}:{}", app.sources.path(span.source), position.line)
}
