//! What a change does to the architecture: two graphs, compared by what they say and not by lines.

mod facts;
mod picture;

use std::collections::BTreeMap;

pub use facts::LISTS;
pub use picture::picture;

use super::App;
use super::model::Graph;
use super::services::{Dependency, Services, dependencies};

/// One of the two states.
#[derive(Debug)]
pub struct State<'a> {
    graph: &'a Graph,
    services: &'a Services,
    dependencies: Vec<Dependency>,
}

impl<'a> State<'a> {
    pub fn of(app: &'a App<'_>) -> Self {
        let App { sources, graph, services, .. } = app;
        Self { graph, services, dependencies: dependencies(graph, sources, services) }
    }
}

/// What came, went and changed, by kind; empty kinds are there as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub kinds: Vec<(Kind, Changes)>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Functions,
    Routes,
    /// Event sources of functions and state machines.
    Events,
    /// Calls among resources: reads, writes, sends, invocations, layers.
    Edges,
    Permissions,
    /// Writes to what another service, or none of them, owns.
    ForeignWrites,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Functions, Self::Routes, Self::Events, Self::Edges, Self::Permissions, Self::ForeignWrites];

    /// The name in the published form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::Routes => "routes",
            Self::Events => "events",
            Self::Edges => "edges",
            Self::Permissions => "permissions",
            Self::ForeignWrites => "cross_service_writes",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::Routes => "routes",
            Self::Events => "events",
            Self::Edges => "calls and dependencies",
            Self::Permissions => "permissions",
            Self::ForeignWrites => "writes to other services",
        }
    }
}

/// Facts of one kind, in the order of their words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: Vec<Fact>,
    pub removed: Vec<Fact>,
    pub changed: Vec<Change>,
}

/// One thing that is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    /// What is known of it, as `setting value`.
    pub settings: Vec<(String, String)>,
}

/// A thing that is there before and after, with settings that are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub name: String,
    pub settings: Vec<Setting>,
}

/// A setting before and after; `None` where it is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Difference {
    /// Compares two states. `renamed` gives the present path of a file of then.
    pub fn of(before: &State<'_>, after: &State<'_>, renamed: &dyn Fn(&str) -> String) -> Self {
        let several = before.graph.templates.len().max(after.graph.templates.len()) > 1;
        let (mut before, mut after) =
            (facts::facts(before, several, renamed), facts::facts(after, several, &str::to_owned));
        let compared = |kind: Kind| {
            let (before, after) = (before.remove(&kind), after.remove(&kind));
            (kind, Changes::of(&before.unwrap_or_default(), &after.unwrap_or_default()))
        };
        Self { kinds: Kind::ALL.into_iter().map(compared).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.iter().all(|(_, changes)| changes.is_empty())
    }
}

impl Changes {
    fn of(before: &Facts, after: &Facts) -> Self {
        let missing_in = |facts: &Facts, others: &Facts| -> Vec<Fact> {
            let only = facts.iter().filter(|(name, _)| !others.contains_key(*name));
            only.map(|(name, settings)| Fact {
                name: name.clone(),
                settings: settings.clone().into_iter().collect(),
            })
            .collect()
        };
        let changed = after.iter().filter_map(|(name, settings)| {
            let settings = differing(before.get(name)?, settings);
            (!settings.is_empty()).then(|| Change { name: name.clone(), settings })
        });
        Self {
            added: missing_in(after, before),
            removed: missing_in(before, after),
            changed: changed.collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Settings by name, of things by name.
type Facts = BTreeMap<String, Settings>;
type Settings = BTreeMap<String, String>;

fn differing(before: &Settings, after: &Settings) -> Vec<Setting> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .map(|name| Setting {
            name: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .filter(|setting| setting.before != setting.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::graph;

    fn compared(before: &str, after: &str) -> Difference {
        let (before, after) = (graph(before), graph(after));
        let services = Services::default();
        let state = |graph| State { graph, services: &services, dependencies: Vec::new() };
        Difference::of(&state(&before), &state(&after), &str::to_owned)
    }

    const BEFORE: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 30
      Policies:
        - Statement: [{Effect: Allow, Action: [s3:GetObject, s3:PutObject], Resource: '*'}]
      Events:
        Get: {Type: Api, Properties: {Path: /x, Method: get}}
        Old: {Type: Api, Properties: {Path: /old, Method: get}}
  Gone: {Type: AWS::Serverless::Function}
";

    const AFTER: &str = "
Transform: AWS::Serverless-2016-10-31
# Lines have moved.
Resources:
  New:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 60
      Policies:
        - Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]
      Events:
        Get: {Type: Api, Properties: {Path: /x, Method: get}}
  Jobs: {Type: AWS::SQS::Queue}
";

    fn changes(difference: &Difference, kind: Kind) -> (Vec<&str>, Vec<&str>) {
        let changes = &difference.kinds.iter().find(|(of, _)| *of == kind).expect("each is there").1;
        (
            changes.added.iter().map(|fact| fact.name.as_str()).collect(),
            changes.removed.iter().map(|fact| fact.name.as_str()).collect(),
        )
    }

    #[test]
    fn what_came_and_went_is_told_by_kind() {
        let difference = compared(BEFORE, AFTER);
        assert_eq!(changes(&difference, Kind::Functions), (vec!["New"], vec!["Gone"]));
        assert_eq!(changes(&difference, Kind::Routes), (vec![], vec!["GET /old of ServerlessRestApi"]));
        let permissions = changes(&difference, Kind::Permissions);
        assert_eq!(permissions, (vec![], vec!["Work may s3:PutObject on *"]));
        assert_eq!(changes(&difference, Kind::Events).0, ["sqs Jobs runs New"]);
        let functions = &difference.kinds[0].1.changed;
        assert_eq!(functions.len(), 1);
        let timeout = Setting { name: "timeout".into(), before: Some("30".into()), after: Some("60".into()) };
        assert_eq!(functions[0], Change { name: "Work".into(), settings: vec![timeout] });
    }

    #[test]
    fn the_same_architecture_has_no_difference() {
        let moved = format!("# a comment\n{BEFORE}");
        assert!(compared(BEFORE, &moved).is_empty());
    }
}
