//! What may tell to which service a function or a state machine belongs: its data, words, code, tags.

use std::collections::{BTreeMap, BTreeSet};

use super::stores::{Store, Use, uses};
use super::words::{nouns, singular};
use super::{Member, Tied};
use crate::aws::services::{is_service_tag, is_service_variable, judgement};
use crate::graph::model::{Function, Graph, Node as Place, Reference, Relation, Route, Target};
use crate::graph::of_template;
use crate::source::{SourceId, Sources, Span, parent};
use crate::template::{Template, Value};

/// A function or a state machine, with everything that may tell.
#[derive(Clone, Debug)]
pub struct Marked {
    pub member: Member,
    /// Its logical id in the template.
    pub span: Span,
    pub is_function: bool,
    pub stores: BTreeMap<Store, Use>,
    /// Words, with the strongest place they stand at.
    pub words: BTreeMap<String, Word>,
    /// Words that nearly all around it have, and that so tell it from none of them.
    pub common_words: BTreeSet<String>,
    /// Words of its routes.
    pub routes: BTreeSet<String>,
    /// Local modules beyond those that nearly everything imports, without the handler's own.
    pub modules: BTreeSet<SourceId>,
    /// Names of services by tag, by variable, and the owners of its code: key and value.
    pub tag: Option<(String, Span)>,
    pub variable: Option<(String, Span)>,
    pub owners: Vec<String>,
}

/// Where a word stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub from: From,
    /// As it is written there, without what is technical: `carts`.
    pub written: String,
    pub span: Span,
}

/// From weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    Name,
    Folder,
    Route,
    Store,
}

impl From {
    /// Whether it says more than that somebody chose this name for one function.
    pub fn is_strong(self) -> bool {
        self > Self::Name
    }
}

/// Everything that runs in the templates of one folder, marked; in the order of the templates.
pub fn marked(
    graph: &Graph,
    sources: &Sources,
    tied: &Tied,
    owners: &dyn Fn(&str) -> Vec<String>,
) -> Vec<Marked> {
    let mut all = Vec::new();
    for template in &tied.templates {
        for function in of_template(&graph.functions, *template) {
            all.push(function_marked(graph, sources, &tied.folder, function, owners));
        }
        for machine in of_template(&graph.state_machines, *template) {
            let member = Member { template: *template, id: machine.id.text.clone() };
            let mut marked = bare(member, machine.id.span, false);
            marked.add_nouns(From::Name, &machine.id.text, machine.id.span);
            all.push(marked);
        }
    }
    folders(graph, tied, &mut all);
    drop_common(&mut all);
    all
}

fn bare(member: Member, span: Span, is_function: bool) -> Marked {
    Marked {
        member,
        span,
        is_function,
        stores: BTreeMap::new(),
        words: BTreeMap::new(),
        common_words: BTreeSet::new(),
        routes: BTreeSet::new(),
        modules: BTreeSet::new(),
        tag: None,
        variable: None,
        owners: Vec::new(),
    }
}

fn function_marked(
    graph: &Graph,
    sources: &Sources,
    folder: &str,
    function: &Function,
    owners: &dyn Fn(&str) -> Vec<String>,
) -> Marked {
    let member = Member { template: function.template, id: function.id.text.clone() };
    let mut marked = bare(member, function.id.span, true);
    marked.stores = uses(graph, folder, function);
    let template = &graph.templates[function.template.0];
    for (store, used) in marked.stores.clone() {
        if let Some(evidence) = used.evidence() {
            marked.add_nouns(From::Store, store.name(), evidence.span);
        }
    }
    for route in routes(graph, function) {
        for segment in segments(&route.path) {
            marked.add_nouns(From::Route, segment, route.span);
            marked.routes.extend(nouns(segment));
        }
    }
    marked.add_nouns(From::Name, &function.id.text, function.id.span);
    marked.modules = function.behaviour.modules.iter().skip(1).copied().collect();
    marked.tag = tag(template, function);
    let named = function.environment.iter().find(|(name, _)| is_service_variable(&name.text));
    marked.variable = named.and_then(|(_, value)| Some((value.as_str()?.to_lowercase(), value.span)));
    let code = function.behaviour.file.as_deref().unwrap_or_else(|| sources.path(template.source));
    marked.owners = owners(code);
    marked
}

fn routes<'g>(graph: &'g Graph, function: &Function) -> impl Iterator<Item = &'g Route> {
    let target = Target::Function(Reference::Resource(function.id.text.clone()));
    of_template(&graph.routes, function.template).iter().filter(move |route| route.target == target)
}

/// The fixed parts of a path that say something.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let fixed = path.split('/').filter(|part| !part.contains(['{', '$', '*']));
    fixed.filter(|part| !nouns(part).is_empty())
}

fn tag(template: &Template, function: &Function) -> Option<(String, Span)> {
    let tags = template.resource(&function.id.text)?.property("Tags")?;
    let plain = |value: &Value| Some((value.as_str()?.to_lowercase(), value.span));
    if let Some(map) = tags.as_map() {
        return map.iter().filter(|(key, _)| is_service_tag(&key.text)).find_map(|(_, value)| plain(value));
    }
    let listed = tags.as_list()?.iter();
    let mut named = listed.filter(|item| item.get("Key").and_then(Value::as_str).is_some_and(is_service_tag));
    named.find_map(|item| plain(item.get("Value")?))
}

impl Marked {
    fn add_nouns(&mut self, from: From, name: &str, span: Span) {
        for noun in nouns(name) {
            let written = super::words::words(name).into_iter().find(|word| singular(word) == noun);
            let word = Word { from, written: written.unwrap_or_else(|| noun.clone()), span };
            let known = self.words.entry(noun).or_insert_with(|| word.clone());
            if from > known.from {
                *known = word;
            }
        }
    }
}

/// Folders that hold the code of several functions say something of each; a folder of one function is
/// another name of it.
fn folders(graph: &Graph, tied: &Tied, all: &mut [Marked]) {
    let file = |marked: &Marked| -> Option<(String, Span)> {
        let mut own = of_template(&graph.functions, marked.member.template).iter();
        let function = own.find(|function| function.id.text == marked.member.id)?;
        let file = function.behaviour.file.as_deref()?;
        let below = file.strip_prefix(tied.folder.as_str()).unwrap_or(file);
        let span = function.handler.as_ref().map_or(function.id.span, |handler| handler.span);
        Some((parent(below.trim_start_matches('/')).to_owned(), span))
    };
    let files: Vec<Option<(String, Span)>> = all.iter().map(file).collect();
    let mut holding: BTreeMap<&str, usize> = BTreeMap::new();
    for (folder, _) in files.iter().flatten() {
        let parts: BTreeSet<&str> = folder.split('/').collect();
        parts.into_iter().for_each(|part| *holding.entry(part).or_default() += 1);
    }
    for (marked, file) in all.iter_mut().zip(&files) {
        let Some((folder, span)) = file else { continue };
        for part in folder.split('/') {
            let shared = holding.get(part).is_some_and(|count| *count > 1);
            marked.add_nouns(if shared { From::Folder } else { From::Name }, part, *span);
        }
    }
}

/// What nearly all have tells nothing.
fn drop_common(all: &mut [Marked]) {
    let functions = all.iter().filter(|marked| marked.is_function).count();
    let judgement = judgement();
    if functions < judgement.common_among {
        return;
    }
    let many = |count: usize| count as f64 > judgement.common_from * functions as f64;
    let words = counts(all, |marked| marked.words.keys().cloned().collect());
    let modules = counts(all, |marked| marked.modules.iter().copied().collect());
    let variables = counts(all, |marked| marked.variable.iter().map(|(name, _)| name.clone()).collect());
    for marked in all {
        let all = std::mem::take(&mut marked.words).into_iter();
        let (common, own): (BTreeMap<_, _>, _) = all.partition(|(word, _)| many(words[word]));
        marked.words = own;
        marked.common_words = common.into_keys().collect();
        marked.routes.retain(|word| !many(words[word]));
        marked.modules.retain(|module| !many(modules[module]));
        marked.variable = marked.variable.take().filter(|(name, _)| !many(variables[name]));
    }
}

fn counts<T: Ord>(all: &[Marked], of: impl Fn(&Marked) -> Vec<T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in all.iter().flat_map(of) {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

/// Which of the marked starts or calls which: functions by their code, state machines by their states.
pub fn ties(graph: &Graph, all: &[Marked]) -> BTreeMap<(usize, usize), f64> {
    let weights = &judgement().weights;
    let at = |member: &Member| all.iter().position(|marked| marked.member == *member);
    let place = |place: &Place| match place {
        Place::Resource(template, id) => at(&Member { template: *template, id: id.clone() }),
        Place::Task(task) => {
            let task = graph.tasks.get(*task)?;
            at(&Member { template: task.template, id: task.state_machine.clone() })
        }
        _ => None,
    };
    let mut ties: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for edge in graph.relations.raw_edges() {
        if edge.weight.relation != Relation::Invokes {
            continue;
        }
        let (from, to) = (&graph.relations[edge.source()], &graph.relations[edge.target()]);
        let by_state = matches!(from, Place::Task(_));
        let (Some(from), Some(to)) = (place(from), place(to)) else { continue };
        let weight = if by_state || all[to].is_function { weights.calls } else { weights.starts };
        if from != to {
            ties.insert((from.min(to), from.max(to)), weight);
        }
    }
    ties
}
