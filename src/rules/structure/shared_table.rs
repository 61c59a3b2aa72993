//! Tables that several services use directly.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::services::store;
use crate::graph::services::{Member, Store, Use, uses};
use crate::graph::{App, FunctionRef};
use crate::rule::prelude::*;
use crate::rules::code::list;
use crate::source::parent;

rule! {
    /// ## What it does
    /// Finds tables that functions of two services use, where at least one of them writes. Services are
    /// folders of templates, or what `[services]` in slslint.toml names. It stands at the table, with one place
    /// of each service.
    ///
    /// ## Why it matters
    /// The table's layout is then the interface: no service can change it alone, and a bad write of one is
    /// an outage of the other.
    ///
    /// ## Example
    /// ```yaml
    /// OrdersTable:
    ///   Type: AWS::Serverless::SimpleTable
    /// ```
    /// to which functions of `orders/` and of `billing/` write.
    ///
    /// ## Use instead
    /// The API or the events of the service that owns the table. For reading alone, a copy that is fed by the
    /// table's stream.
    ///
    /// ## When to keep it
    /// When the folders are parts of one service that only deploy apart: name it in `[services]`.
    pub SHARED_TABLE = {
        id: "shared-table",
        category: Structure,
        severity: Warning,
        summary: "several services use one table directly",
        check,
    }
}

/// What one function does to a table.
struct Access<'a> {
    function: FunctionRef<'a>,
    service: usize,
    used: Use,
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut tables: BTreeMap<Member, Vec<Access<'_>>> = BTreeMap::new();
    for function in app.functions() {
        let Some(service) = app.services.index_of(function.template, &function.id.text) else { continue };
        let folder = parent(&app.template(function.template).path);
        for (store, used) in uses(&app.graph, folder, function.get()) {
            if let Store::Here(table) = store
                && is_table(app, &table)
            {
                tables.entry(table).or_default().push(Access { function, service, used });
            }
        }
    }
    for (table, accesses) in &tables {
        found.extend(finding(app, table, accesses));
    }
}

fn is_table(app: &App<'_>, table: &Member) -> bool {
    let resource = app.template(table.template).resource(&table.id);
    resource.and_then(|resource| store(&resource.kind.text)) == Some("table")
}

fn finding(app: &App<'_>, table: &Member, accesses: &[Access<'_>]) -> Option<Finding> {
    let apart = |one: &Access<'_>, other: &Access<'_>| app.services.are_apart(one.service, other.service);
    let writes = |access: &Access<'_>| access.used.writes.is_some();
    let meets =
        |one: &&Access<'_>| accesses.iter().any(|other| apart(one, other) && (writes(one) || writes(other)));
    let mut shown: Vec<&Access<'_>> = accesses.iter().filter(meets).collect();
    // Of each service what matters most: a write.
    shown.sort_by_key(|access| (access.service, !writes(access), access.function.span()));
    shown.dedup_by_key(|access| access.service);
    let writers: BTreeSet<&str> = names(app, accesses, &|access| meets(&access) && writes(access));
    let readers: BTreeSet<&str> = names(app, accesses, &|access| meets(&access) && !writes(access));
    let readers: Vec<&str> = readers.difference(&writers).copied().collect();
    let writers: Vec<&str> = writers.into_iter().collect();
    if shown.len() < 2 {
        return None;
    }
    let resource = app.template(table.template).resource(&table.id)?;
    let verb =
        |names: &[&str], one: &'static str, many: &'static str| if names.len() == 1 { one } else { many };
    let mut message = format!("{} {} to `{}`", list(&writers), verb(&writers, "writes", "write"), table.id);
    if !readers.is_empty() {
        message += &format!(", which {} {}", list(&readers), verb(&readers, "reads", "read"));
    }
    let mut finding = Finding::at(resource.id.span, message)
        .resource(&app.template(table.template).path, &table.id)
        .help("let one service own the table, and the others ask it by its API or follow its events");
    for access in shown {
        let evidence = access.used.evidence()?;
        let text = format!(
            "`{}` of `{}` {}",
            access.function,
            app.services.all[access.service].name,
            access.used.verb()
        );
        finding = finding.because_it(evidence.certainty, evidence.span, text);
    }
    Some(finding)
}

fn names<'a>(
    app: &'a App<'_>,
    accesses: &[Access<'_>],
    fits: &dyn Fn(&Access<'_>) -> bool,
) -> BTreeSet<&'a str> {
    let fitting = accesses.iter().filter(|access| fits(access));
    fitting.map(|access| app.services.all[access.service].name.as_str()).collect()
}
