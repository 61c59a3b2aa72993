//! Code that several functions have a copy of.

mod told;

use std::collections::BTreeSet;

use crate::aws::limits::limit;
use crate::finding::Severity;
use crate::graph::clones::{self, Group, What};
use crate::graph::{FunctionRef, merging};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds code that stands in several functions of one application: whole modules, functions and
    /// classes, the lines that set up clients and connections, long runs of statements. Copies count as
    /// such when names of variables, the order of imports, or a few texts and numbers differ. Each
    /// piece is reported once, at its first place, with all others. Where fewer than 20 lines would be
    /// saved it is advice and no warning, and lines without a name of their own that would save fewer than
    /// 10 are not reported.
    ///
    /// Not looked at: tests, generated code, installed and vendored packages, imports, tables of
    /// constants, copies within one function's own package, and applications that lie side by side.
    ///
    /// ## Why it matters
    /// A mistake in it has to be found and mended once per function, and the copies drift apart.
    ///
    /// ## Example
    /// ```python
    /// def read_body(event):
    ///     try:
    ///         return json.loads(event.get("body") or "{}")
    ///     except json.JSONDecodeError:
    ///         return None
    /// ```
    /// in nine functions, under this name or another.
    ///
    /// ## Use instead
    /// One module: in a layer that the functions use, or, where they are packaged from one folder, in
    /// that folder.
    ///
    /// ## When to keep it
    /// When the functions belong to different teams or are meant to go separate ways: a layer ties
    /// their deployments together. Say so in a suppression.
    pub DUPLICATED_CODE = {
        id: "duplicated-code",
        category: Reuse,
        severity: Warning,
        summary: "functions have copies of the same code",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut groups = clones::groups(app);
    // What has a name is one thing, however short; lines out of something larger are not.
    let has_name = |group: &Group| matches!(group.what, What::Module | What::Definitions(_));
    groups.retain(|group| has_name(group) || group.saved as u64 >= limit("slslint.duplicated_lines_told"));
    if groups.is_empty() {
        return;
    }
    let mergeable = mergeable(app);
    found.extend(groups.iter().filter_map(|group| finding(app, group, &mergeable)));
}

/// The functions of each group that one function could serve.
fn mergeable(app: &App<'_>) -> Vec<BTreeSet<String>> {
    let names = |group: Vec<FunctionRef<'_>>| group.iter().map(told::key).collect();
    merging::members(app).into_iter().map(names).collect()
}

fn finding(app: &App<'_>, group: &Group, mergeable: &[BTreeSet<String>]) -> Option<Finding> {
    let (first, rest) = group.places.split_first()?;
    let mut finding = Finding::at(*first.spans.first()?, told::message(group));
    for place in std::iter::once(first).chain(rest) {
        for span in &told::blocks(app, place) {
            finding = finding.because(*span, told::place(app, place));
        }
    }
    let functions: Vec<_> =
        group.functions().into_iter().filter_map(|index| app.function_at(index)).collect();
    let template = functions.first()?.template;
    for function in functions.iter().filter(|function| function.template == template) {
        finding = finding.function(&function.template().path, &function.id.text);
    }
    if (group.saved as u64) < limit("slslint.duplicated_lines") {
        let name = functions.first().map(|function| function.id.text.clone()).unwrap_or_default();
        finding = finding.at_most(Severity::Info).one_of_template("few lines", name);
    }
    let names: BTreeSet<String> = functions.iter().map(told::key).collect();
    let merges = names.len() > 1 && mergeable.iter().any(|group| names.is_subset(group));
    Some(finding.help(told::help(app, group, &functions, merges)))
}
