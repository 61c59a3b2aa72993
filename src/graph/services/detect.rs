//! Finding the services: those that are declared, then folder by folder.

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::cluster::{groups, name};
use super::marks::{Marked, marked, ties};
use super::owners::Owners;
use super::stores::Store;
use super::words::{nouns, plain};
use super::{Basis, Contract, Declared, Member, Membership, Reason, Service, Services, Tied};
use crate::aws::services::store;
use crate::evidence::Problem;
use crate::graph::model::{Graph, TemplateId};
use crate::graph::of_template;
use crate::source::{Sources, Span, parent};

/// The file that declares services, for problems with it.
const SETTINGS: &str = "slslint.toml";

/// The services of an application.
///
/// Problems: what is declared and fits nothing.
pub fn detect(
    graph: &Graph,
    sources: &Sources,
    declared: &BTreeMap<String, Declared>,
    contracts: &[Contract],
) -> (Services, Vec<Problem>) {
    let owners = Owners::read(sources);
    let mut problems = Vec::new();
    let mut finder = Finder { graph, found: Vec::new(), used: BTreeMap::new() };
    let asks: Vec<Asked> =
        declared.iter().filter_map(|(name, says)| asked(name, says, &mut problems)).collect();
    let mut listed: BTreeMap<&str, Vec<Marked>> = BTreeMap::new();
    for tied in folders(graph) {
        let mut all = marked(graph, sources, &tied, &|path| owners.of(path));
        for one in &all {
            finder.used.insert(one.member.clone(), one.stores.clone());
        }
        for ask in &asks {
            let (own, rest) = all.into_iter().partition(|marked| ask.fits(graph, marked));
            listed.entry(ask.name).or_default().extend::<Vec<Marked>>(own);
            all = rest;
        }
        finder.folder(&tied, all);
    }
    for ask in &asks {
        let own = listed.remove(ask.name).unwrap_or_default();
        let stores = ask.stores(graph);
        if own.is_empty() && stores.is_empty() {
            problems.push(unmatched(format!("nothing belongs to the service `{}`", ask.name)));
        }
        finder.found.push(ask.service(own, stores));
    }
    let mut services = finder.finish(contracts);
    problems.extend(unknown_names(&services));
    services.contracts = contracts.to_vec();
    (services, problems)
}

fn unmatched(text: String) -> Problem {
    Problem::of_file(SETTINGS, text).help("it may be misspelled, or about what is gone")
}

fn unknown_names(services: &Services) -> Vec<Problem> {
    let mut problems = Vec::new();
    for contract in &services.contracts {
        for name in contract.services().into_iter().filter(|name| services.named(name).is_none()) {
            let text = format!(
                "the contract `{}` speaks of the service `{name}`, which there is not",
                contract.name()
            );
            problems.push(unmatched(text));
        }
    }
    problems
}

/// Folders with templates in which something runs, in order.
fn folders(graph: &Graph) -> Vec<Tied> {
    let mut folders: BTreeMap<&str, Vec<TemplateId>> = BTreeMap::new();
    for (index, template) in graph.templates.iter().enumerate() {
        let id = TemplateId(index);
        let runs = !of_template(&graph.functions, id).is_empty()
            || !of_template(&graph.state_machines, id).is_empty();
        if runs {
            folders.entry(parent(&template.path)).or_default().push(id);
        }
    }
    folders.into_iter().map(|(folder, templates)| Tied { folder: folder.to_owned(), templates }).collect()
}

/// A declaration, ready to be asked.
struct Asked<'d> {
    name: &'d str,
    says: &'d Declared,
    paths: GlobSet,
    resources: GlobSet,
}

fn asked<'d>(name: &'d str, says: &'d Declared, problems: &mut Vec<Problem>) -> Option<Asked<'d>> {
    let mut globs = |texts: &[String]| -> Option<GlobSet> {
        let mut set = GlobSetBuilder::new();
        for text in texts {
            match Glob::new(text.trim_end_matches('/')) {
                Ok(glob) => set.add(glob),
                Err(error) => {
                    problems.push(Problem::of_file(SETTINGS, format!("the service `{name}`: {error}")));
                    return None;
                }
            };
        }
        set.build().ok()
    };
    Some(Asked { name, says, paths: globs(&says.paths)?, resources: globs(&says.resources)? })
}

impl Asked<'_> {
    fn fits(&self, graph: &Graph, marked: &Marked) -> bool {
        let template = &graph.templates[marked.member.template.0];
        let mut own = of_template(&graph.functions, marked.member.template).iter();
        let function = own.find(|function| function.id.text == marked.member.id);
        let file = function.and_then(|function| function.behaviour.file.as_deref());
        let tagged = |(key, value): (&String, &String)| {
            let tags = template.resource(&marked.member.id).and_then(|found| found.property("Tags"));
            tags.and_then(|tags| tags.get(key)).is_some_and(|found| found.as_str() == Some(value))
        };
        self.holds(file)
            || self.holds(Some(&template.path))
            || self.resources.is_match(&marked.member.id)
            || self.says.tags.iter().any(tagged)
            || self.says.owners.iter().any(|owner| marked.owners.contains(owner))
    }

    /// Whether a file or a folder above it is named.
    fn holds(&self, file: Option<&str>) -> bool {
        let above = std::iter::successors(file, |path| path.rsplit_once('/').map(|(above, _)| above));
        above.into_iter().any(|path| self.paths.is_match(path))
    }

    /// The stores that it names, or whose template it names.
    fn stores(&self, graph: &Graph) -> Vec<Member> {
        let mut stores = Vec::new();
        for (index, template) in graph.templates.iter().enumerate() {
            for resource in template.resources.iter().filter(|found| store(&found.kind.text).is_some()) {
                if self.resources.is_match(&resource.id.text) || self.holds(Some(&template.path)) {
                    stores.push(Member { template: TemplateId(index), id: resource.id.text.clone() });
                }
            }
        }
        stores
    }

    fn service(&self, own: Vec<Marked>, stores: Vec<Member>) -> Service {
        let reason = |marked: &Marked| Reason { span: marked.span, text: format!("declared in {SETTINGS}") };
        let members = own.iter().map(|marked| membership(marked, vec![reason(marked)])).collect();
        let (name, folder) = (self.name.to_owned(), String::new());
        Service { name, basis: Basis::Declared, folder, members, stores, is_rest: false }
    }
}

fn membership(marked: &Marked, reasons: Vec<Reason>) -> Membership {
    let Marked { member, span, is_function, .. } = marked;
    Membership { member: member.clone(), span: *span, is_function: *is_function, reasons }
}

type Uses = BTreeMap<Store, super::Use>;

struct Finder<'g> {
    graph: &'g Graph,
    found: Vec<Service>,
    used: BTreeMap<Member, Uses>,
}

impl Finder<'_> {
    /// The services of the templates of one folder.
    fn folder(&mut self, tied: &Tied, all: Vec<Marked>) {
        if all.is_empty() {
            return;
        }
        let ties = ties(self.graph, &all);
        let own_name = |found: &Self| found.name_of_folder(tied, &all);
        let (groups, rest) = settled(&all, &groups(&all, &ties));
        if groups.len() <= 1 {
            let everything: Vec<usize> = (0..all.len()).collect();
            let name = own_name(self);
            self.add(name, Basis::Stack, tied, &all, &everything);
            return;
        }
        for group in groups {
            let name =
                name(&all, &group).map_or_else(|| own_name(self), |name| self.as_store(&all, &group, name));
            self.add(name, Basis::Common, tied, &all, &group);
        }
        if !rest.is_empty() {
            let name = folder_word(tied).unwrap_or_else(|| "other".to_owned());
            self.add(name, Basis::Common, tied, &all, &rest);
            self.found.iter_mut().next_back().into_iter().for_each(|added| added.is_rest = true);
        }
    }

    /// A store of the group that has this name spells it best.
    fn as_store(&self, all: &[Marked], group: &[usize], name: String) -> String {
        let noun = super::words::singular(&name);
        let stores = group.iter().flat_map(|index| all[*index].stores.keys());
        let mut spelled = stores
            .map(|store| plain(store.name()))
            .filter(|plain| plain.split('-').any(|word| super::words::singular(word) == noun));
        spelled.find(|plain| !plain.contains('-')).unwrap_or(name)
    }

    fn name_of_folder(&self, tied: &Tied, all: &[Marked]) -> String {
        let told = folder_word(tied);
        let everything: Vec<usize> = (0..all.len()).collect();
        told.or_else(|| name(all, &everything)).unwrap_or_else(|| "application".to_owned())
    }

    fn add(&mut self, name: String, basis: Basis, tied: &Tied, all: &[Marked], group: &[usize]) {
        let members = group.iter().map(|index| {
            let reasons = match basis {
                Basis::Common => reasons(all, group, *index),
                _ => vec![Reason { span: all[*index].span, text: in_folder(tied) }],
            };
            membership(&all[*index], reasons)
        });
        let members = members.collect();
        let folder = tied.folder.clone();
        self.found.push(Service { name, basis, folder, members, stores: Vec::new(), is_rest: false });
    }

    /// Names made unique, stores given to their owners.
    fn finish(mut self, contracts: &[Contract]) -> Services {
        unique_names(&mut self.found);
        self.found.sort_by(|a, b| a.name.cmp(&b.name));
        let mut of: BTreeMap<Member, usize> = BTreeMap::new();
        for (index, service) in self.found.iter().enumerate() {
            let members = service.members.iter().map(|membership| &membership.member);
            of.extend(members.chain(&service.stores).map(|member| (member.clone(), index)));
        }
        for (store, owner) in self.owners_of_stores(&of) {
            self.found[owner].stores.push(store.clone());
            of.insert(store, owner);
        }
        Services { all: self.found, contracts: contracts.to_vec(), of }
    }

    /// A store belongs to the one service that writes to it, and among several to one whose templates
    /// declare it; where none writes, to the one that reads it.
    fn owners_of_stores(&self, of: &BTreeMap<Member, usize>) -> Vec<(Member, usize)> {
        let mut users: BTreeMap<&Member, [BTreeMap<usize, usize>; 2]> = BTreeMap::new();
        for (member, uses) in &self.used {
            let Some(service) = of.get(member) else { continue };
            for (store, used) in uses {
                let Store::Here(store) = store else { continue };
                let place = usize::from(used.writes.is_none());
                *users.entry(store).or_default()[place].entry(*service).or_default() += 1;
            }
        }
        let declares = |store: &Member, service: usize| {
            let folder = parent(&self.graph.templates[store.template.0].path);
            let templates = self.found[service].members.iter().map(|own| own.member.template);
            let mut folders = templates.map(|id| parent(&self.graph.templates[id.0].path));
            folders.any(|own| own == folder)
        };
        let is_named_so = |store: &Member, service: usize| {
            let own = nouns(&self.found[service].name);
            nouns(&store.id).iter().any(|noun| own.contains(noun))
        };
        let owner = |store: &Member, using: &BTreeMap<usize, usize>| {
            let most = |(service, count): &(&usize, &usize)| {
                let (service, count) = (**service, **count);
                (declares(store, service), is_named_so(store, service), count, std::cmp::Reverse(service))
            };
            using.iter().max_by_key(most).map(|(service, _)| *service)
        };
        let unowned = users.into_iter().filter(|(store, _)| !of.contains_key(store));
        unowned
            .filter_map(|(store, [writers, readers])| {
                Some((store.clone(), owner(store, &writers).or_else(|| owner(store, &readers))?))
            })
            .collect()
    }
}

/// What the folder is called, from the last part on that says something.
fn folder_word(tied: &Tied) -> Option<String> {
    tied.folder.rsplit('/').map(plain).find(|name| !name.is_empty())
}

/// Groups that can stand alone, and what belongs to none. One function that has no data to itself goes
/// where its data is.
fn settled(all: &[Marked], groups: &[Vec<usize>]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let functions = |group: &[usize]| group.iter().filter(|index| all[**index].is_function).count();
    let stores = |group: &[usize]| -> BTreeSet<&Store> {
        group.iter().flat_map(|index| all[*index].stores.keys()).collect()
    };
    let used_by = |store: &Store, group: &[usize]| {
        group.iter().filter(|index| all[**index].stores.contains_key(store)).count()
    };
    let is_alone = |store: &Store| groups.iter().filter(|group| used_by(store, group) > 0).count() == 1;
    let stands = |group: &Vec<usize>| functions(group) > 1 || stores(group).into_iter().any(is_alone);
    let (mut standing, loose): (Vec<Vec<usize>>, Vec<Vec<usize>>) = groups.iter().cloned().partition(stands);
    let mut rest = Vec::new();
    for group in loose {
        let common = |other: &[usize]| -> usize {
            stores(&group).into_iter().map(|store| used_by(store, other)).sum()
        };
        let home = standing.iter_mut().rev().max_by_key(|other| common(other));
        match home {
            Some(home) if common(home) > 0 => home.extend(group),
            _ => rest.extend(group),
        }
    }
    standing.iter_mut().for_each(|group| group.sort_unstable());
    rest.sort_unstable();
    (standing, rest)
}

fn in_folder(tied: &Tied) -> String {
    match tied.folder.as_str() {
        "" => "it is in the only templates at the root".to_owned(),
        folder => format!("its template is in `{folder}`"),
    }
}

/// What a member has in common with others of its group.
fn reasons(all: &[Marked], group: &[usize], index: usize) -> Vec<Reason> {
    let me = &all[index];
    let others = || group.iter().filter(|other| **other != index).map(|other| &all[*other]);
    let ids = |fits: &dyn Fn(&Marked) -> bool| -> Vec<String> {
        others().filter(|other| fits(other)).map(|other| other.member.id.clone()).collect()
    };
    let mut reasons = Vec::new();
    let mut add = |span: Span, what: String, with: Vec<String>| {
        if let Some(first) = with.first() {
            let more = if with.len() > 1 { format!(" and {} more", with.len() - 1) } else { String::new() };
            reasons.push(Reason { span, text: format!("{what}, like `{first}`{more}") });
        }
    };
    if let Some((tag, span)) = &me.tag {
        let same = |other: &Marked| other.tag.as_ref().is_some_and(|(other, _)| other == tag);
        add(*span, format!("has the tag `{tag}`"), ids(&same));
    }
    for (store, used) in &me.stores {
        let span = used.evidence().map_or(me.span, |evidence| evidence.span);
        let text = format!("{} `{}`", used.verb(), store.name());
        add(span, text, ids(&|other: &Marked| other.stores.contains_key(store)));
    }
    let mut words: BTreeSet<_> =
        me.words.iter().map(|(noun, word)| (std::cmp::Reverse(word.from), noun)).collect();
    words.retain(|(_, noun)| others().any(|other| other.words.contains_key(*noun)));
    if let Some((_, noun)) = words.into_iter().next() {
        let span = me.words[noun].span;
        let text = format!("is about `{}`", me.words[noun].written);
        add(span, text, ids(&|other: &Marked| other.words.contains_key(noun)));
    }
    if reasons.is_empty() {
        let text =
            if group.len() == 1 { "has nothing in common with the rest" } else { "is tied to nothing else" };
        reasons.push(Reason { span: me.span, text: text.to_owned() });
    }
    reasons
}

/// Two of one name are told apart by their folders, else by number.
fn unique_names(found: &mut [Service]) {
    for round in 0..2 {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        found.iter().for_each(|service| *times.entry(service.name.clone()).or_default() += 1);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for service in found.iter_mut().filter(|service| service.basis != Basis::Declared) {
            if times[&service.name] < 2 {
                continue;
            }
            if round == 0 && !service.folder.is_empty() {
                let folder = service.folder.clone();
                let is_last = folder.rsplit('/').next().is_some_and(|last| plain(last) == service.name);
                service.name = if is_last { folder } else { format!("{folder}/{}", service.name) };
            } else if round == 1 {
                let number = seen.entry(service.name.clone()).or_default();
                *number += 1;
                if *number > 1 {
                    service.name = format!("{}-{number}", service.name);
                }
            }
        }
    }
}
