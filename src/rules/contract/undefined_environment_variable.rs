//! Variables that code reads and the template does not set.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::environment;
use crate::graph::FunctionRef;
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{Action, EnvRead, Symbol};

rule! {
    /// ## What it does
    /// Finds environment variables that a handler cannot do without and that its function does not set:
    /// in Python, `os.environ["X"]` on every path; in all languages, a variable that names what a call
    /// acts on. It stands where the variable is read.
    ///
    /// Variables of Lambda itself, and those with a default, a check or a `KeyError` clause, are fine.
    ///
    /// ## Why it matters
    /// The function fails when it starts, or as soon as the call is made.
    ///
    /// ## Example
    /// ```python
    /// TABLE = os.environ["TABLE_NAME"]
    /// ```
    /// where `Environment.Variables` of the function has only `TABLE`.
    ///
    /// ## Use instead
    /// One name on both sides.
    ///
    /// ## When to keep it
    /// When something else sets it: a wrapper script, a deployment step after CloudFormation's.
    pub UNDEFINED_ENVIRONMENT_VARIABLE = {
        id: "undefined-environment-variable",
        category: Contract,
        severity: Error,
        summary: "code reads a variable that the template does not set",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // Functions that share the code share the place.
    let mut places: BTreeMap<(usize, Span, String), Vec<Lack<'_>>> = BTreeMap::new();
    let served = served(app);
    for judged in judged(app) {
        for lack in lacking(&judged, &served, found) {
            places
                .entry((lack.function.template.0, lack.read.span, lack.read.name.clone()))
                .or_default()
                .push(lack);
        }
    }
    found.extend(places.values().filter_map(|lacks| finding(lacks)));
}

struct Lack<'a> {
    function: FunctionRef<'a>,
    read: &'a EnvRead,
    /// The call that needs it.
    call: Option<(Span, Certainty)>,
}

/// Reads whose variable some function does set: of code that is shared, others may never get there.
fn served<'a>(app: &'a App<'a>) -> BTreeSet<&'a EnvRead> {
    let of = |judged: Judged<'a>| {
        let set: BTreeSet<&str> =
            judged.function.get().environment.iter().map(|(name, _)| name.text.as_str()).collect();
        judged.summary.env_reads.iter().filter(move |read| set.contains(read.name.as_str()))
    };
    judged(app).flat_map(of).collect()
}

fn lacking<'a>(judged: &Judged<'a>, served: &BTreeSet<&EnvRead>, found: &mut Found) -> Vec<Lack<'a>> {
    let function = judged.function;
    let reads = &judged.summary.env_reads;
    let thought_of: BTreeSet<&str> =
        reads.iter().filter(|read| read.has_default).map(|read| read.name.as_str()).collect();
    let is_set = |name: &str| function.environment.iter().any(|(known, _)| known.text == name);
    let open: Vec<&EnvRead> = reads
        .iter()
        .filter(|read| !thought_of.contains(read.name.as_str()) && !is_set(&read.name))
        .filter(|read| !environment::is_given(&read.name) && !environment::is_read_by_others(&read.name))
        .collect();
    if open.is_empty() {
        return Vec::new();
    }
    if !judged.sets_all_variables() {
        found.abstain(function.span(), format!("`{function}` may get variables from elsewhere"));
        return Vec::new();
    }
    let needed = needed(judged);
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    for read in open {
        let is_served = served.iter().any(|other| other.span == read.span && other.name == read.name);
        let call = needed.get(read.name.as_str()).copied();
        let call = call.filter(|(_, certainty)| *certainty == Certainty::Must || !is_served);
        let fails = is_python(judged) && read.certainty == Certainty::Must;
        if !fails && call.is_none() {
            found.abstain(read.span, format!("whether `{function}` can do without `{}`", read.name));
        } else if !lacks.iter().any(|lack| lack.read.name == read.name) {
            lacks.push(Lack { function, read, call });
        }
    }
    lacks
}

/// Variables that name what a call acts on, with the call.
fn needed<'a>(judged: &Judged<'a>) -> BTreeMap<&'a str, (Span, Certainty)> {
    let mut needed = BTreeMap::new();
    for (_, effect) in judged.happening() {
        if let (Action::Aws { .. } | Action::Http { .. }, Symbol::Env(name)) = (&effect.action, &effect.on) {
            needed.entry(name.as_str()).or_insert((effect.span, effect.certainty));
        }
    }
    needed
}

fn is_python(judged: &Judged<'_>) -> bool {
    let runtime = judged.function.runtime.as_ref();
    runtime.is_some_and(|runtime| runtime.text().starts_with("python"))
        || judged.function.behaviour.file.as_deref().is_some_and(|file| file.ends_with(".py"))
}

fn finding(lacks: &[Lack<'_>]) -> Option<Finding> {
    const SHOWN: usize = 3;
    let first = lacks.first()?;
    let functions: Vec<FunctionRef<'_>> = lacks.iter().map(|lack| lack.function).collect();
    let names = names_of(&functions);
    let verb = if names.len() == 1 { "does" } else { "do" };
    let message = format!("`{}` is read here, but {} {verb} not set it", first.read.name, list(&names));
    let mut finding = Finding::at(first.read.span, message);
    if let Some((span, certainty)) = first.call {
        finding = finding.because_it(certainty, span, "this call needs it");
    }
    for function in functions.iter().take(SHOWN) {
        let text = match similar(*function, &first.read.name) {
            Some(similar) => format!("the function sets `{similar}`"),
            None => "the function".to_owned(),
        };
        finding = finding.because(function.span(), text);
    }
    let help = format!("set `{}` in `Environment.Variables`", first.read.name);
    let finding = name_functions(finding.help(help), &functions);
    Some(finding.one_of_template(&first.read.name, &first.function.id.text))
}

/// A variable that is set and differs by a few letters or words.
fn similar<'a>(function: FunctionRef<'a>, name: &str) -> Option<&'a str> {
    let function: &'a crate::graph::Function = function.get();
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let wanted = plain(name);
    let near = |known: &&str| {
        let known = plain(known);
        known == wanted || known.contains(&wanted) || wanted.contains(&known)
    };
    function.environment.iter().map(|(known, _)| known.text.as_str()).find(near)
}
