//! Which functions one function could serve: those of one service and one API that use the same
//! resources and code, are of one size, and need nearly the same permissions.
//!
//! Each [`Group`] says what speaks for it and against it, and what stays apart. The two groups whose
//! members have most in common are joined first, among equals those that come first in the templates,
//! and only where nothing stands between any two members; so the outcome is one. A group never leaves
//! its service.

mod candidate;
mod fit;
mod permissions;

use std::collections::BTreeMap;

pub use candidate::Candidate;
use candidate::Incoming;
pub use permissions::Gain;

use super::query::{App, FunctionRef};

/// Functions that one could serve.
#[derive(Debug)]
pub struct Group<'a> {
    /// Index into the services.
    pub service: usize,
    pub members: Vec<Candidate<'a>>,
    /// What each member would newly be allowed, in the order of the members.
    pub gains: Vec<Vec<Gain>>,
    /// Functions of the service that stay, and why.
    pub apart: Vec<(FunctionRef<'a>, String)>,
}

/// All groups of at least two, in the order of the templates.
pub fn groups<'a>(app: &'a App<'a>) -> Vec<Group<'a>> {
    let incoming = Incoming::of(&app.graph);
    app.once(Splits::of).0.iter().filter_map(|split| split.group(app, &incoming)).collect()
}

/// The functions of each group.
pub fn members<'a>(app: &'a App<'a>) -> Vec<Vec<FunctionRef<'a>>> {
    let functions =
        |split: &Split| split.members.iter().filter_map(|index| app.function_at(*index)).collect();
    app.once(Splits::of).0.iter().map(functions).collect()
}

/// How functions go together, by their index into those of the graph.
struct Splits(Vec<Split>);

/// A group, what each member gains, and what of its service stays, and why.
struct Split {
    service: usize,
    members: Vec<usize>,
    gains: Vec<Vec<Gain>>,
    apart: Vec<(usize, String)>,
}

impl Splits {
    fn of(app: &App<'_>) -> Self {
        let mut of_service: BTreeMap<usize, Vec<(usize, FunctionRef<'_>)>> = BTreeMap::new();
        for (index, function) in app.functions().enumerate() {
            if let Some(service) = app.services.index_of(function.template, &function.id.text) {
                of_service.entry(service).or_default().push((index, function));
            }
        }
        let incoming = Incoming::of(&app.graph);
        let mut found: Vec<Split> = of_service
            .into_iter()
            .flat_map(|(service, functions)| of_one_service(app, &incoming, service, &functions))
            .collect();
        let span = |index: &usize| app.function_at(*index).map(|function| function.span());
        found.sort_by_key(|split| split.members.first().map(span));
        Self(found)
    }
}

impl Split {
    fn group<'a>(&self, app: &'a App<'a>, incoming: &Incoming<'_>) -> Option<Group<'a>> {
        let function = |index: usize| app.function_at(index);
        let member = |index: &usize| candidate::candidate(app, incoming, *index, function(*index)?).ok();
        let members: Vec<Candidate<'a>> = self.members.iter().map(member).collect::<Option<_>>()?;
        let apart = self.apart.iter().map(|(index, why)| Some((function(*index)?, why.clone())));
        let (service, gains) = (self.service, self.gains.clone());
        Some(Group { service, members, gains, apart: apart.collect::<Option<_>>()? })
    }
}

fn of_one_service<'a>(
    app: &'a App<'a>,
    incoming: &Incoming<'_>,
    service: usize,
    functions: &[(usize, FunctionRef<'a>)],
) -> Vec<Split> {
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    let mut apart: Vec<(usize, String)> = Vec::new();
    for (index, function) in functions {
        match candidate::candidate(app, incoming, *index, *function) {
            Ok(candidate) => candidates.push(candidate),
            // What is behind no API at all is no question here.
            Err(_) if function.routes().next().is_none() => {}
            Err(why) => apart.push((*index, why)),
        }
    }
    let grouped = joined(app, candidates);
    let (whole, single): (Vec<_>, Vec<_>) = grouped.into_iter().partition(|group| group.len() > 1);
    whole
        .into_iter()
        .map(|members| {
            let mut apart = apart.clone();
            for alone in single.iter().flatten() {
                if let Some(why) = fit::obstacle(app, &members, alone) {
                    apart.push((alone.index, why));
                }
            }
            apart.sort_by_key(|(index, _)| app.function_at(*index).map(|function| function.span()));
            let gains = permissions::gains(app, &members);
            Split { service, members: members.iter().map(|member| member.index).collect(), gains, apart }
        })
        .collect()
}

/// Candidates in groups, each in the order of the templates.
fn joined<'a>(app: &'a App<'a>, candidates: Vec<Candidate<'a>>) -> Vec<Vec<Candidate<'a>>> {
    let count = candidates.len();
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for one in 0..count {
        for other in one + 1..count {
            if fit::between(app, &candidates[one], &candidates[other]).is_none() {
                let likeness = fit::likeness(app, &candidates[one], &candidates[other]);
                pairs.push((usize::MAX - likeness, one, other));
            }
        }
    }
    pairs.sort_unstable();
    let mut group_of: Vec<usize> = (0..count).collect();
    for (_, one, other) in pairs {
        let (here, there) = (group_of[one], group_of[other]);
        if here == there {
            continue;
        }
        let of = |group: usize| -> Vec<&Candidate<'a>> {
            (0..count).filter(|index| group_of[*index] == group).map(|index| &candidates[index]).collect()
        };
        if fit::unites(app, &of(here), &of(there)) {
            group_of.iter_mut().filter(|group| **group == there).for_each(|group| *group = here);
        }
    }
    let mut groups: BTreeMap<usize, Vec<Candidate<'a>>> = BTreeMap::new();
    for (candidate, group) in candidates.into_iter().zip(group_of) {
        groups.entry(group).or_default().push(candidate);
    }
    groups.into_values().collect()
}
