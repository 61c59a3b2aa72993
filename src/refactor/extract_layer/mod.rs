//! Code that several functions have a copy of, in one module that all of them import: in a layer, or, where
//! they are packaged from one folder, in that folder.
//!
//! A whole module is moved as it is and its copies go. Functions and classes move to a module of their
//! own with the imports and constants they need, and so does what sets up a connection, with the one
//! text that differs as its argument. What depends on anything else of its module stays.

mod code;
mod imports;
mod library;
mod module;
mod parts;
mod target;

use super::draft::Draft;
use super::{Asked, Aspect, Kind, Offer, Offers, Outcome, Proposal, Proposals, Receipt, Subject};
use crate::graph::clones::{Group, What, groups};
use crate::graph::{App, FunctionRef};

use target::Target;

pub const KIND: Kind = Kind {
    id: "extract-layer",
    summary: "code that functions have copies of stands once, in a layer or a shared module",
    rules: &["duplicated-code"],
    offers: Offers::OfApplication(offers),
};

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    Box::new(groups(app).into_iter().filter_map(|group| proposal(app, &group, asked)))
}

fn proposal(app: &App<'_>, group: &Group, asked: &Asked<'_>) -> Option<Proposal> {
    // What stands amid other statements has no edge to cut it out by.
    if group.what == What::Statements {
        return None;
    }
    let functions: Vec<FunctionRef<'_>> =
        group.functions().into_iter().filter_map(|index| app.function_at(index)).collect();
    let subject = Subject {
        path: functions.first()?.template().path.clone(),
        name: app.sources.path(group.places.first()?.source).to_owned(),
        functions: functions.iter().map(|function| function.id.text.clone()).collect(),
    };
    let outcome = asked(&subject).then(|| outcome(app, group, &functions))?;
    Some(Proposal { subject, outcome })
}

fn outcome(app: &App<'_>, group: &Group, functions: &[FunctionRef<'_>]) -> Outcome {
    let mut target = Target::of(app, group, functions)?;
    let mut draft = Draft::new(app.sources);
    let moved = match group.what {
        What::Module => module::write(app, group, &mut target, &mut draft)?,
        _ => parts::write(app, group, &mut target, &mut draft)?,
    };
    target.attach(app, functions, &mut draft)?;
    let count = functions.len();
    let (title, differs) = match &target {
        Target::Folder { .. } => (format!("{} stands once, in `{}`", moved.what, moved.path), Vec::new()),
        Target::Layer { id, folder, .. } => (
            format!("{} stands once, in the layer {id} of {count} functions", moved.what),
            vec![
                format!(
                    "what runs the functions outside of Lambda, tests among it, needs `{folder}` on its path"
                ),
                "a change of the shared code is a new version of the layer, which all of them take"
                    .to_owned(),
            ],
        ),
    };
    let upkeep = format!("{} lines less, to be mended in one place", group.saved);
    let receipt = Receipt { lines: vec![(Aspect::Upkeep, upkeep)] };
    Ok(Offer::new(KIND.id, title, draft.finish(), receipt, differs))
}

/// What was moved, as the title says it, and the file it is in now.
struct Moved {
    what: String,
    path: String,
}
