//! The Guard files of a project's own.

use std::collections::BTreeMap;

use super::policy::Policy;
use crate::evidence::Problem;
use crate::rule::Rule;
use crate::source::Sources;

/// Reads every `.guard` file below some folders, as rules like those that come with slslint.
///
/// Problems: files that are broken, ids that are taken, folders without such files.
pub fn of_project(sources: &Sources, folders: &[String], taken: &[&str]) -> (Vec<Policy>, Vec<Problem>) {
    let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
    let mut problems = Vec::new();
    for folder in folders {
        let below = sources.under(folder).chain(sources.find(folder));
        let files: Vec<_> = below.filter(|id| sources.path(*id).ends_with(".guard")).collect();
        if files.is_empty() {
            let text = "no Guard file is there, although the configuration names it";
            problems.push(Problem::of_file(folder.as_str(), text));
        }
        for file in files {
            let path = sources.path(file);
            let read = match sources.error(file) {
                Some(error) => Err(error.to_owned()),
                None => Policy::parse(path, sources.text(file)),
            };
            let policy = match read {
                Ok(policy) => policy,
                Err(error) => {
                    problems.push(Problem::of_file(path, format!("this Guard file is left out: {error}")));
                    continue;
                }
            };
            let id = policy.meta().id.to_string();
            let other = policies.get(&id).map(|other| other.path().to_owned());
            if taken.contains(&id.as_str()) || other.as_ref().is_some_and(|other| other != path) {
                let text = format!("this Guard file is left out: the id `{id}` is taken");
                problems.push(Problem::of_file(path, text).help("choose another `#! id:`"));
                continue;
            }
            policies.insert(id, policy);
        }
    }
    (policies.into_values().collect(), problems)
}
