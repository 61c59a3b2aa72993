//! Services: parts of an application that belong together and apart from the rest, because the project
//! says so, or by their folders, tags, owners, data and code.
//!
//! Templates of different folders are different services. Within one folder, functions are joined that
//! have enough in common (see [`cluster`]); what has nothing in common with anything belongs to the
//! folder's own service. Each membership keeps its reasons.

mod cluster;
mod coupling;
mod detect;
mod marks;
mod metrics;
mod owners;
mod settings;
mod stores;
mod words;

use std::collections::BTreeMap;

pub use coupling::{Dependency, circles, dependencies};
pub use detect::detect;
pub use metrics::{Metrics, metrics};
pub use settings::{Contract, Declared, How};
pub use stores::{Resolver, Store, Use, pattern, uses};
pub use words::{nouns, words};

use super::model::TemplateId;
use crate::source::Span;

/// A resource of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    pub template: TemplateId,
    pub id: String,
}

/// A service and what belongs to it.
#[derive(Clone, Debug)]
pub struct Service {
    pub name: String,
    pub basis: Basis,
    /// The folder of its templates; empty for the root and for one that spans several.
    pub folder: String,
    /// Functions and state machines, in the order of the templates.
    pub members: Vec<Membership>,
    /// Stores of data that are its own.
    pub stores: Vec<Member>,
    /// It is what is left of a folder when all others are found.
    pub is_rest: bool,
}

#[derive(Clone, Debug)]
pub struct Membership {
    pub member: Member,
    /// Its logical id in the template.
    pub span: Span,
    pub is_function: bool,
    pub reasons: Vec<Reason>,
}

/// Why something belongs to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub span: Span,
    /// "writes `CartsTable`, as do `AddCart` and `GetCart`"
    pub text: String,
}

/// What sets a service apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The project's configuration.
    Declared,
    /// It has a folder of templates to itself.
    Stack,
    /// What its members have in common, within a folder of templates.
    Common,
}

impl Basis {
    pub fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Stack => "stack",
            Self::Common => "in common",
        }
    }
}

/// The services of an application, and what it says of them.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// By name.
    pub all: Vec<Service>,
    pub contracts: Vec<Contract>,
    /// Index into `all` by function, state machine or store.
    of: BTreeMap<Member, usize>,
}

/// The templates of one folder.
#[derive(Clone, Debug)]
pub struct Tied {
    pub folder: String,
    pub templates: Vec<TemplateId>,
}

impl Services {
    /// The service that something belongs to, as an index into [`Services::all`].
    pub fn index_of(&self, template: TemplateId, id: &str) -> Option<usize> {
        self.of.get(&Member { template, id: id.to_owned() }).copied()
    }

    pub fn of(&self, template: TemplateId, id: &str) -> Option<&Service> {
        self.all.get(self.index_of(template, id)?)
    }

    pub fn named(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|service| service.name == name)
    }

    /// Whether two services are apart for certain: not only because they have little in common.
    pub fn are_apart(&self, one: usize, other: usize) -> bool {
        let (Some(one_), Some(other_)) = (self.all.get(one), self.all.get(other)) else { return false };
        let common = one_.basis == Basis::Common && other_.basis == Basis::Common;
        one != other && !(common && one_.folder == other_.folder)
    }

    /// Whether the project says that something of both templates belongs to one service.
    pub fn declare_together(&self, one: TemplateId, other: TemplateId) -> bool {
        let has = |service: &Service, template: TemplateId| {
            let members = service.members.iter().map(|own| &own.member);
            members.chain(&service.stores).any(|member| member.template == template)
        };
        let mut declared = self.all.iter().filter(|service| service.basis == Basis::Declared);
        declared.any(|service| has(service, one) && has(service, other))
    }
}
