//! Texts that a refactoring changes step by step.
//!
//! Every step is a patch of [`yaml::patch`], verified on the text it is applied to. What comes out is one
//! [`SourceChange`] against the texts as they were.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_yaml::Value as Yaml;
use similar::{DiffTag, TextDiff};

use super::Refusal;
use super::written::text_of;
use crate::edit::{Edit, SourceChange};
use crate::source::{SourceId, Sources, Span};
use crate::template;
use crate::yaml::{self, Document, Node, Spelled, patch};

/// A place in a file, by the keys and items that lead to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub source: SourceId,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Item(usize),
    /// Into the document that a scalar holds as its text.
    Text,
}

impl Place {
    /// A place reached by keys only.
    pub fn new(source: SourceId, keys: &[&str]) -> Self {
        Self { source, steps: keys.iter().map(|key| Step::Key((*key).to_owned())).collect() }
    }

    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut place = self.clone();
        place.steps.push(Step::Key(key.to_owned()));
        place
    }

    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut place = self.clone();
        place.steps.push(Step::Item(index));
        place
    }

    /// The document that stands here as a text.
    #[must_use]
    pub fn text(&self) -> Self {
        let mut place = self.clone();
        place.steps.push(Step::Text);
        place
    }

    /// The place of the scalar that holds a document, and the steps inside of it.
    fn around_text(&self) -> Option<(&[Step], &[Step])> {
        let at = self.steps.iter().position(|step| *step == Step::Text)?;
        Some((&self.steps[..at], &self.steps[at + 1..]))
    }

    /// The place around it, and the last step; `None` for the root.
    pub fn split(&self) -> Option<(Self, &Step)> {
        let (last, before) = self.steps.split_last()?;
        Some((Self { source: self.source, steps: before.to_vec() }, last))
    }

    /// The first keys, as far as the steps are keys.
    pub fn keys(&self) -> Vec<&str> {
        let keys = self.steps.iter().map_while(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) | Step::Text => None,
        });
        keys.collect()
    }
}

/// Changed texts, new files and files that go.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    sources: &'a Sources,
    texts: BTreeMap<SourceId, String>,
    create: BTreeMap<String, String>,
    delete: BTreeSet<SourceId>,
    /// The texts as they are by now, as far as they were asked about.
    now: RefCell<BTreeMap<SourceId, Rc<Parsed>>>,
    /// The same of the texts as they were.
    first: Rc<RefCell<BTreeMap<SourceId, Rc<Parsed>>>>,
}

/// A text that was read: with placeholders made readable, and its tree.
#[derive(Debug)]
struct Parsed {
    text: String,
    document: Document,
}

impl Parsed {
    fn of(source: SourceId, text: &str) -> Rc<Self> {
        let text = template::readable(text);
        let (document, _) = yaml::parse(source, "", &text);
        Rc::new(Self { text, document })
    }
}

impl<'a> Draft<'a> {
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            texts: BTreeMap::new(),
            create: BTreeMap::new(),
            delete: BTreeSet::new(),
            now: RefCell::default(),
            first: Rc::default(),
        }
    }

    pub fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// The text as it is by now.
    pub fn text(&self, source: SourceId) -> &str {
        self.texts.get(&source).map_or_else(|| self.sources.text(source), String::as_str)
    }

    /// Asks about the node at a place of the text as it is by now; `None` where there is none.
    pub fn at<T>(&self, place: &Place, ask: impl FnOnce(&str, Node<'_>) -> T) -> Option<T> {
        let parsed = self.parsed(place.source);
        let Some((around, inside)) = place.around_text() else {
            return Some(ask(&parsed.text, node_at(parsed.document.root()?, &place.steps)?));
        };
        let inner = Parsed::of(place.source, self.spelled(place.source, around)?.text());
        Some(ask(&inner.text, node_at(inner.document.root()?, inside)?))
    }

    /// The document that a scalar holds, in the text as it is by now.
    fn spelled(&self, source: SourceId, scalar: &[Step]) -> Option<Spelled> {
        let parsed = self.parsed(source);
        Spelled::of(self.text(source), node_at(parsed.document.root()?, scalar)?)
    }

    /// The text as it is by now, read.
    fn parsed(&self, source: SourceId) -> Rc<Parsed> {
        let Some(text) = self.texts.get(&source) else { return self.first_parsed(source) };
        let mut known = self.now.borrow_mut();
        Rc::clone(known.entry(source).or_insert_with(|| Parsed::of(source, text)))
    }

    /// The text as it was, read.
    fn first_parsed(&self, source: SourceId) -> Rc<Parsed> {
        let mut known = self.first.borrow_mut();
        Rc::clone(known.entry(source).or_insert_with(|| Parsed::of(source, self.sources.text(source))))
    }

    fn put(&mut self, source: SourceId, text: String) {
        self.now.borrow_mut().remove(&source);
        self.texts.insert(source, text);
    }

    /// The value at a place of the text as it is by now; its spans are places in that text.
    pub fn value(&self, place: &Place) -> Option<template::Value> {
        self.at(place, |text, node| template::Value::from_node(node, text))
    }

    pub fn has(&self, place: &Place) -> bool {
        self.at(place, |_, _| ()).is_some()
    }

    /// The place of what stands at a span of the text as it is by now.
    pub fn place_of(&self, span: Span) -> Option<Place> {
        place_in(&self.parsed(span.source).document, span)
    }

    /// The place of what stood at a span when the draft was begun.
    pub fn first_place_of(&self, span: Span) -> Option<Place> {
        place_in(&self.first_parsed(span.source).document, span)
    }

    /// The same where that stands in the document that the scalar at `scalar` holds.
    pub fn first_place_in(&self, scalar: &Place, span: Span) -> Option<Place> {
        let parsed = self.first_parsed(scalar.source);
        let node = node_at(parsed.document.root()?, &scalar.steps)?;
        let spelled = Spelled::of(self.sources.text(scalar.source), node)?;
        let at = spelled.inside(span.start)?;
        let inner = Parsed::of(scalar.source, spelled.text());
        let inside = place_in(&inner.document, Span::new(scalar.source, at, at + 1))?;
        let mut place = scalar.text();
        place.steps.extend(inside.steps);
        Some(place)
    }

    /// Adds an entry to the mapping at a place: below the entry `after`, or at the end.
    ///
    /// # Errors
    /// Where the layout of the place is too unusual.
    pub fn insert(
        &mut self,
        place: &Place,
        key: &str,
        value: &Yaml,
        after: Option<&str>,
    ) -> Result<(), Refusal> {
        let value = self.written(place, value);
        self.edit(place, |text, node| patch::insert_entry(text, node, key, &value, after))
    }

    /// # Errors
    /// Where the layout of the place is too unusual, or there is no such key.
    pub fn remove(&mut self, place: &Place, key: &str) -> Result<(), Refusal> {
        self.edit(place, |text, node| patch::remove_entry(text, node, key))
    }

    /// # Errors
    /// Where the layout of the place is too unusual, or there is no such key.
    pub fn replace(&mut self, place: &Place, key: &str, value: &Yaml) -> Result<(), Refusal> {
        let value = self.written(place, value);
        self.edit(place, |text, node| patch::replace_value(text, node, key, &value))
    }

    /// Sets an entry, whether or not it is there.
    ///
    /// # Errors
    /// Where the layout of the place is too unusual.
    pub fn set(&mut self, place: &Place, key: &str, value: &Yaml) -> Result<(), Refusal> {
        if self.has(&place.key(key)) {
            self.replace(place, key, value)
        } else {
            self.insert(place, key, value, None)
        }
    }

    /// Adds an item to the end of the sequence at a place.
    ///
    /// # Errors
    /// Where the layout of the place is too unusual.
    pub fn append(&mut self, place: &Place, value: &Yaml) -> Result<(), Refusal> {
        let value = self.written(place, value);
        self.edit(place, |text, node| patch::append_item(text, node, &value))
    }

    /// # Errors
    /// Where the layout of the place is too unusual, or there is no such item.
    pub fn remove_item(&mut self, place: &Place, index: usize) -> Result<(), Refusal> {
        self.edit(place, |text, node| patch::remove_item(text, node, index))
    }

    /// Takes away what stands at a place, and what is empty then: a list without items, a mapping
    /// without entries. Nothing above the first `kept` steps goes.
    ///
    /// # Errors
    /// Where the layout of the place is too unusual.
    pub fn prune(&mut self, place: &Place, kept: usize) -> Result<(), Refusal> {
        let mut place = place.clone();
        while let Some((above, _)) = place.split() {
            let lone = self.at(&above, |_, node| node.items().len() + node.entries_as_written().len() == 1);
            if lone != Some(true) || above.steps.len() <= kept {
                break;
            }
            place = above;
        }
        match place.split() {
            Some((above, Step::Key(key))) => self.remove(&above, key),
            Some((above, Step::Item(index))) => self.remove_item(&above, *index),
            Some((_, Step::Text)) | None => Err(self.refusal(&place, patch::Refusal::WrongType)),
        }
    }

    /// Gives a whole file another text.
    pub fn rewrite(&mut self, source: SourceId, text: String) {
        self.put(source, text);
    }

    /// Makes a new file; the path is relative to the root.
    pub fn create(&mut self, path: &str, text: String) {
        self.create.insert(path.to_owned(), text);
    }

    pub fn delete(&mut self, source: SourceId) {
        self.delete.insert(source);
    }

    /// Applies patches to one text.
    ///
    /// # Errors
    /// Where there is no such place, or the patch refuses.
    pub fn edit(
        &mut self,
        place: &Place,
        change: impl FnOnce(&str, Node<'_>) -> Result<Vec<Edit>, patch::Refusal>,
    ) -> Result<(), Refusal> {
        let edits = self.at(place, change).unwrap_or(Err(patch::Refusal::NoSuchKey));
        let edits = edits.map_err(|refusal| self.refusal(place, refusal))?;
        // Placeholders that were made readable take the bytes they took, so the edits fit the text itself.
        let edited = match place.around_text() {
            None => patch::applied(self.text(place.source), &edits),
            Some((scalar, _)) => self.edited_within(place.source, scalar, &edits),
        };
        let edited = edited.ok_or_else(|| self.refusal(place, patch::Refusal::Layout))?;
        self.put(place.source, edited);
        Ok(())
    }

    /// The text of a file after edits of a document that a scalar of it holds, if it then holds what they
    /// make of it.
    fn edited_within(&self, source: SourceId, scalar: &[Step], edits: &[Edit]) -> Option<String> {
        let spelled = self.spelled(source, scalar)?;
        let meant = patch::applied(spelled.text(), edits)?;
        let edited = patch::applied(self.text(source), &spelled.edits(edits)?)?;
        let read = Parsed::of(source, &edited);
        let node = node_at(read.document.root()?, scalar)?;
        (node.scalar()?.trim_end() == meant.trim_end()).then_some(edited)
    }

    /// The difference to the texts as they were, line by line.
    pub fn finish(self) -> SourceChange {
        let gone = |source: &SourceId| self.delete.contains(source);
        let edits = self.texts.iter().filter(|(source, _)| !gone(source));
        let edits = edits.flat_map(|(source, text)| difference(*source, self.sources.text(*source), text));
        SourceChange {
            edits: edits.collect(),
            create: self.create.into_iter().collect(),
            delete: self.delete.iter().copied().collect(),
        }
    }

    fn written(&self, place: &Place, value: &Yaml) -> String {
        let inner = place.around_text().and_then(|(scalar, _)| self.spelled(place.source, scalar));
        let text = inner.as_ref().map_or_else(|| self.text(place.source), Spelled::text);
        text_of(value, text.trim_start().starts_with('{'), indents_lists(text))
    }

    fn refusal(&self, place: &Place, refusal: patch::Refusal) -> Refusal {
        Refusal::new(self.first_span(place), format!("cannot be edited here: {refusal}"))
    }

    /// Where a place is, or what is left of it, in the text as it was.
    pub fn first_span(&self, place: &Place) -> Span {
        let parsed = self.first_parsed(place.source);
        let mut span = Span::new(place.source, 0, 0);
        let Some(mut node) = parsed.document.root() else { return span };
        for step in &place.steps {
            let Some(next) = node_at(node, std::slice::from_ref(step)) else { break };
            node = next;
            span = node.full_span();
        }
        span
    }
}

pub(super) fn node_at<'d>(root: Node<'d>, steps: &[Step]) -> Option<Node<'d>> {
    steps.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Item(index) => node.items().nth(*index),
        Step::Text => None,
    })
}

/// Walks down to the innermost key or value that holds the start of a span.
fn place_in(document: &Document, span: Span) -> Option<Place> {
    let mut node = document.root()?;
    let mut steps = Vec::new();
    let holds = |whole: Span| whole.start <= span.start && span.start <= whole.end;
    loop {
        // What is met through an alias stands elsewhere.
        let here = |node: &Node<'_>| node.alias_span().is_none() && holds(node.full_span());
        let entry = node
            .entries_as_written()
            .filter(|(key, value)| holds(key.full_span()) || here(value))
            .max_by_key(|(key, _)| key.full_span().start);
        let item = node
            .items()
            .enumerate()
            .filter(|(_, item)| here(item))
            .max_by_key(|(_, item)| item.full_span().start);
        if let Some((key, value)) = entry {
            steps.push(Step::Key(key.scalar()?.to_owned()));
            node = value;
        } else if let Some((index, item)) = item {
            steps.push(Step::Item(index));
            node = item;
        } else {
            return Some(Place { source: span.source, steps });
        }
    }
}

/// Whether most lists of a text are indented below their key.
fn indents_lists(text: &str) -> bool {
    let column = |line: &str| line.len() - line.trim_start().len();
    let (mut deeper, mut level) = (0, 0);
    for (key, item) in text.lines().zip(text.lines().skip(1)) {
        if key.trim_end().ends_with(':') && item.trim_start().starts_with("- ") {
            match column(item) > column(key) {
                true => deeper += 1,
                false => level += 1,
            }
        }
    }
    deeper >= level
}

fn difference(source: SourceId, before: &str, after: &str) -> Vec<Edit> {
    let lines = |text: &str| -> Vec<usize> {
        let ends = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let diff = TextDiff::from_lines(before, after);
    let range = |starts: &[usize], lines: std::ops::Range<usize>| starts[lines.start]..starts[lines.end];
    diff.ops()
        .iter()
        .filter(|op| op.tag() != DiffTag::Equal)
        .map(|op| {
            let was = range(&old, op.old_range());
            let text = after[range(&new, op.new_range())].to_owned();
            Edit { span: Span::new(source, was.start, was.end), text }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Sources {
        Sources::in_memory([("a.yaml".to_owned(), text.to_owned())].into())
    }

    const TEXT: &str = "A: # first\n  B: 1\n  C:\n    - x\n    - y\n  D: [z]\nE:\n  F:\n    - G: 1\n";

    #[test]
    fn steps_add_up_to_one_change_against_the_first_text() {
        let sources = sources(TEXT);
        let id = SourceId(0);
        let mut draft = Draft::new(&sources);
        draft.remove(&Place::new(id, &["A"]), "B").expect("it is there");
        draft.insert(&Place::new(id, &["A"]), "N", &Yaml::from("new"), None).expect("there is room");
        draft.append(&Place::new(id, &["A", "C"]), &Yaml::from("w")).expect("it is a list");
        draft.prune(&Place::new(id, &["E", "F"]).item(0).key("G"), 0).expect("it goes");
        let after = "A: # first\n  C:\n    - x\n    - y\n    - w\n  D: [z]\n  N: new\n";
        assert_eq!(draft.text(id), after);
        assert_eq!(draft.finish().apply(&sources)[&id], after);
    }

    #[test]
    fn a_place_is_found_by_its_span_and_a_refusal_tells_where() {
        let sources = sources(TEXT);
        let mut draft = Draft::new(&sources);
        let at = |text: &str| {
            let start = TEXT.find(text).expect("it is there");
            draft.first_place_of(Span::new(SourceId(0), start, start + 1)).expect("a place").steps
        };
        assert_eq!(at("y"), Place::new(SourceId(0), &["A", "C"]).item(1).steps);
        assert_eq!(at("G"), Place::new(SourceId(0), &["E", "F"]).item(0).key("G").steps);
        let refusal = draft.remove(&Place::new(SourceId(0), &["A"]), "X").expect_err("there is none");
        assert_eq!(refusal.text, "cannot be edited here: the key is not there");
    }
}
