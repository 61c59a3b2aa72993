//! One file that is changed step by step, each step verified by the patch it is made with.

use crate::edit::Edit;
use crate::graph::App;
use crate::refactor::draft::{Draft, Step, node_at};
use crate::refactor::{Asked, Offer, Proposal, Receipt, Refusal, Subject};
use crate::source::{SourceId, Span};
use crate::template::Template;
use crate::yaml::{self, Node, patch};

/// A file and its text as it is by now.
#[derive(Clone, Debug)]
pub struct Rewriting {
    pub source: SourceId,
    pub text: String,
}

/// The templates that are asked for.
pub fn asked_for<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> impl Iterator<Item = &'p Template> {
    app.templates().map(|(_, template)| template).filter(|one| asked(&Subject::file(&one.path)))
}

/// Steps that are keys.
pub fn keys(names: &[&str]) -> Vec<Step> {
    names.iter().map(|name| Step::Key((*name).to_owned())).collect()
}

impl Rewriting {
    pub fn new(app: &App<'_>, source: SourceId) -> Self {
        Self { source, text: app.sources.text(source).to_owned() }
    }

    /// Asks about the node at a place; `None` where there is none.
    pub fn at<T>(&self, steps: &[Step], ask: impl FnOnce(&str, Node<'_>) -> T) -> Option<T> {
        let (document, _) = yaml::parse(self.source, "", &self.text);
        Some(ask(&self.text, node_at(document.root()?, steps)?))
    }

    pub fn has(&self, steps: &[Step]) -> bool {
        self.at(steps, |_, _| ()).is_some()
    }

    /// Applies a patch at a place.
    ///
    /// # Errors
    /// There is no such place, or the patch refuses.
    pub fn edit(
        &mut self,
        steps: &[Step],
        change: impl FnOnce(&str, Node<'_>) -> Result<Vec<Edit>, patch::Refusal>,
    ) -> Result<(), Refusal> {
        let edits = self.at(steps, change).unwrap_or(Err(patch::Refusal::NoSuchKey));
        let edited = edits.and_then(|edits| patch::applied(&self.text, &edits).ok_or(patch::Refusal::Layout));
        let whole = Span::new(self.source, 0, 0);
        self.text = edited.map_err(|refusal| Refusal::new(whole, format!("cannot be edited: {refusal}")))?;
        Ok(())
    }

    /// # Errors
    /// See [`Self::edit`].
    pub fn insert(
        &mut self,
        steps: &[Step],
        key: &str,
        value: &str,
        after: Option<&str>,
    ) -> Result<(), Refusal> {
        self.edit(steps, |text, node| patch::insert_entry(text, node, key, value, after))
    }

    /// Removes entries of places that are apart, read once for all of them.
    ///
    /// # Errors
    /// See [`Self::edit`].
    pub fn remove_all(&mut self, entries: &[(Vec<Step>, &str)]) -> Result<(), Refusal> {
        self.edit(&[], |text, root| {
            let edits = entries.iter().map(|(steps, key)| {
                let node = node_at(root, steps).ok_or(patch::Refusal::NoSuchKey)?;
                patch::remove_entry(text, node, key)
            });
            Ok(edits.collect::<Result<Vec<_>, _>>()?.concat())
        })
    }

    /// # Errors
    /// See [`Self::edit`].
    pub fn remove(&mut self, steps: &[Step], key: &str) -> Result<(), Refusal> {
        self.edit(steps, |text, node| patch::remove_entry(text, node, key))
    }

    /// # Errors
    /// See [`Self::edit`].
    pub fn replace(&mut self, steps: &[Step], key: &str, value: &str) -> Result<(), Refusal> {
        self.edit(steps, |text, node| patch::replace_value(text, node, key, value))
    }

    /// The offer of a file that was rewritten; nothing where it is as it was.
    pub fn offer(
        self,
        app: &App<'_>,
        id: &'static str,
        title: String,
        differs: Vec<String>,
    ) -> Option<Proposal> {
        if self.text == app.sources.text(self.source) {
            return None;
        }
        let mut draft = Draft::new(app.sources);
        draft.rewrite(self.source, self.text);
        let offer = Offer::new(id, title, draft.finish(), Receipt::default(), differs);
        Some(Proposal { subject: Subject::file(app.sources.path(self.source)), outcome: Ok(offer) })
    }
}

/// The offer of a file that cannot be rewritten.
pub fn refused(app: &App<'_>, source: SourceId, reasons: Vec<Refusal>) -> Proposal {
    Proposal { subject: Subject::file(app.sources.path(source)), outcome: Err(reasons) }
}
