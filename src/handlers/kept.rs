//! What is known of a function's code, and what of it is kept between runs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cache::Cache;
use crate::frontend::resolve::{self, Bundle, HandlerSpec, NoProgram, Project, Resolution};
use crate::graph::{Behaviour, SourceState, Unread};
use crate::source::{SourceId, Sources};
use crate::summary::Summary;

/// Where a function's code is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    state: State,
    file: Option<SourceId>,
    function: Option<String>,
    /// Its program, if it has one that can be read.
    pub program: Option<ProgramId>,
    lost: Option<Lost>,
}

/// Why code that is there makes no program.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Lost {
    Language,
    File(String),
}

/// What interpreting a program gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Compiled<S> {
    Summary(S),
    /// The entry module does not export the handler; its name may be there all the same.
    NotExported {
        spelled: bool,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum State {
    Found,
    Inline,
    NotAvailable(String),
    Missing(Vec<String>),
}

/// A program by its code alone, and the files of this run it consists of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgramId {
    pub digest: String,
    order: Vec<SourceId>,
}

/// A function's place, and its program where that had to be read.
pub struct Handler {
    pub place: Place,
    pub bundle: Option<Bundle>,
}

impl Handler {
    /// By what was kept, else by looking.
    pub fn find(spec: &HandlerSpec, project: &Project<'_>, cache: Option<&Cache<'_>>) -> Self {
        let asked = format!("{spec:?}");
        if let Some(place) = cache.and_then(|cache| cache.recall("place", &asked)) {
            return Self { place, bundle: None };
        }
        let project = project.search();
        let handler = Self::look(spec, &project);
        if let Some(cache) = cache {
            cache.keep("place", &asked, project.read(), &handler.place);
        }
        handler
    }

    /// By looking.
    pub fn look(spec: &HandlerSpec, project: &Project<'_>) -> Self {
        let resolution = resolve::resolve(spec, project);
        let (bundle, lost) = match resolve::bundle(&resolution, spec, project) {
            Ok(bundle) => (Some(bundle), None),
            Err(NoProgram::Language) => (None, Some(Lost::Language)),
            Err(NoProgram::File(why)) => (None, Some(Lost::File(why))),
            Err(NoProgram::NotHere) => (None, None),
        };
        let file = resolution.source();
        let (state, export) = match resolution {
            Resolution::Found(found) => (State::Found, found.export),
            Resolution::Inline { export, .. } => (State::Inline, export),
            Resolution::NotAvailable { why } => (State::NotAvailable(why), Vec::new()),
            Resolution::Missing { looked_at, .. } => (State::Missing(looked_at), Vec::new()),
        };
        let function = (!export.is_empty()).then(|| export.join("."));
        let program = bundle.as_ref().map(ProgramId::of);
        Self { place: Place { state, file, function, program, lost }, bundle }
    }
}

impl Place {
    pub fn behaviour(&self, sources: &Sources) -> Behaviour {
        Behaviour {
            state: match &self.state {
                State::Found => SourceState::Found,
                State::Inline => SourceState::Inline,
                State::NotAvailable(why) => SourceState::NotAvailable(why.clone()),
                State::Missing(looked_at) => SourceState::Missing(looked_at.clone()),
            },
            file: self.file.map(|source| sources.path(source).to_owned()),
            function: self.function.clone(),
            summary: None,
            unread: self.lost.as_ref().map(|lost| match lost {
                Lost::Language => Unread::Language,
                Lost::File(why) => Unread::File(why.clone()),
            }),
            targets: Vec::new(),
            modules: self.program.as_ref().map_or_else(Vec::new, |program| program.order.clone()),
        }
    }
}

impl ProgramId {
    fn of(bundle: &Bundle) -> Self {
        Self { digest: bundle.digest.clone(), order: bundle.order.clone() }
    }

    /// Equal for programs whose summaries are the same but for the numbers of their files. What is
    /// listed in a summary is sorted by place, so the files must come in the same order.
    pub fn key(&self) -> String {
        let mut sorted = self.order.clone();
        sorted.sort_unstable();
        let ranks = self.order.iter().map(|source| sorted.binary_search(source).unwrap_or_default());
        ranks.fold(self.digest.clone(), |key, rank| format!("{key}.{rank}"))
    }

    /// What was kept for this program or another with the same key.
    pub fn recall(&self, cache: &Cache<'_>) -> Option<Compiled<Summary>> {
        let mut kept: Compiled<Summary> = cache.recall_pure("summary", &self.key())?;
        if let Compiled::Summary(summary) = &mut kept {
            let number = |source: SourceId| self.order.get(source.0 as usize).copied();
            renumber(summary, number)?;
        }
        Some(kept)
    }

    /// Keeps a summary with files numbered as the program reaches them.
    pub fn keep(&self, compiled: &Compiled<Summary>, cache: &Cache<'_>) {
        let mut kept = compiled.clone();
        let number = |source: SourceId| self.order.iter().position(|known| *known == source);
        let numbered = match &mut kept {
            Compiled::Summary(summary) => {
                renumber(summary, |source| Some(SourceId(u32::try_from(number(source)?).ok()?))).is_some()
            }
            Compiled::NotExported { .. } => true,
        };
        if numbered {
            cache.keep_pure("summary", &self.key(), &kept);
        }
    }

    /// The summary of a program with the same key, as that of this one.
    pub fn adopt(&self, other: &Self, summary: &Arc<Summary>) -> Option<Arc<Summary>> {
        if self.order == other.order {
            return Some(Arc::clone(summary));
        }
        let mut own = Summary::clone(summary);
        let number = |source: SourceId| {
            let at = other.order.iter().position(|known| *known == source)?;
            self.order.get(at).copied()
        };
        renumber(&mut own, number)?;
        Some(Arc::new(own))
    }
}

/// Gives the files of a summary other numbers; `None` where one of them has none.
fn renumber(summary: &mut Summary, number: impl Fn(SourceId) -> Option<SourceId>) -> Option<()> {
    let mut all = true;
    summary.spans_mut(&mut |span| match number(span.source) {
        Some(source) => span.source = source,
        None => all = false,
    });
    all.then_some(())
}
