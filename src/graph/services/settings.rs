//! What a project says of its own services: which there are, and what they owe each other.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Which functions, state machines and stores a service has. What fits any of these belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// Globs of folders and files: of the code, or of the template.
    pub paths: Vec<String>,
    /// Globs of logical ids.
    pub resources: Vec<String>,
    /// Tags, by key.
    pub tags: BTreeMap<String, String>,
    /// Owners of the code by CODEOWNERS.
    pub owners: Vec<String>,
}

/// A rule of the project's own about its services.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Contract {
    /// The first services do nothing of this kind (any where it is empty) to the others.
    Forbidden {
        name: String,
        from: Vec<String>,
        to: Vec<String>,
        #[serde(default)]
        how: Vec<How>,
    },
    /// None of these services depends on another of them, not even by way of a third.
    Independence { name: String, services: Vec<String> },
    /// A layer uses layers below it, never one above.
    Layers { name: String, layers: Vec<Vec<String>> },
    /// No cycle among these services; among all where there are none.
    Acyclic {
        name: String,
        #[serde(default)]
        services: Vec<String>,
    },
    /// Only the owner does this (writes, where it is empty) to the stores of these services.
    Protected {
        name: String,
        services: Vec<String>,
        #[serde(default)]
        how: Vec<How>,
    },
}

/// How one service depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Reads a store of it.
    Reads,
    /// Writes to a store of it.
    Writes,
    /// Invokes a function or starts a state machine of it.
    Invokes,
    /// Sends to a queue, topic, bus or stream of it.
    Sends,
    /// Calls an API of it.
    Calls,
    /// Imports code that is its own.
    Imports,
}

impl How {
    /// "writes", as configured and as told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Invokes => "invokes",
            Self::Sends => "sends to",
            Self::Calls => "calls",
            Self::Imports => "imports",
        }
    }
}

impl Contract {
    pub fn name(&self) -> &str {
        match self {
            Self::Forbidden { name, .. }
            | Self::Independence { name, .. }
            | Self::Layers { name, .. }
            | Self::Acyclic { name, .. }
            | Self::Protected { name, .. } => name,
        }
    }

    /// The services it names, in order.
    pub fn services(&self) -> Vec<&str> {
        match self {
            Self::Forbidden { from, to, .. } => from.iter().chain(to).map(String::as_str).collect(),
            Self::Independence { services, .. }
            | Self::Acyclic { services, .. }
            | Self::Protected { services, .. } => services.iter().map(String::as_str).collect(),
            Self::Layers { layers, .. } => layers.iter().flatten().map(String::as_str).collect(),
        }
    }
}
