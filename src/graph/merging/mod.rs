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
    let mut of_service: BTreeMap<usize, Vec<FunctionRef<'a>>> = BTreeMap::new();
    for function in app.functions() {
        if let Some(service) = app.services.index_of(function.template, &function.id.text) {
            of_service.entry(service).or_default().push(function);
        }
    }
    let mut found: Vec<Group<'a>> = of_service
        .into_iter()
        .flat_map(|(service, functions)| of_one_service(app, service, &functions))
        .collect();
    found.sort_by_key(|group| group.members.first().map(|member| member.function.span()));
    found
}

fn of_one_service<'a>(app: &'a App<'a>, service: usize, functions: &[FunctionRef<'a>]) -> Vec<Group<'a>> {
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    let mut apart: Vec<(FunctionRef<'a>, String)> = Vec::new();
    for function in functions {
        match candidate::candidate(app, *function) {
            Ok(candidate) => candidates.push(candidate),
            // What is behind no API at all is no question here.
            Err(_) if function.routes().next().is_none() => {}
            Err(why) => apart.push((*function, why)),
        }
    }
    let grouped = joined(app, candidates);
    let (whole, single): (Vec<_>, Vec<_>) = grouped.into_iter().partition(|group| group.len() > 1);
    whole
        .into_iter()
        .map(|members| {
            let mut stays = apart.clone();
            for alone in single.iter().flatten() {
                if let Some(why) = fit::obstacle(app, &members, alone) {
                    stays.push((alone.function, why));
                }
            }
            stays.sort_by_key(|(function, _)| function.span());
            let gains = permissions::gains(app, &members);
            Group { service, members, gains, apart: stays }
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
