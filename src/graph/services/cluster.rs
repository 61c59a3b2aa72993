//! Which of the marked belong together: the evidence of each pair, weighed, and groups joined while
//! their members have on average enough in common.
//!
//! The most certain pair of groups is joined first; among equals the one that comes first in the
//! templates. So the outcome is one, and each joining has its reasons.

use std::collections::{BTreeMap, BTreeSet};

use super::marks::{From, Marked};
use super::stores::Store;
use crate::aws::services::{Judgement, Weights, judgement};

/// Groups as indices into `all`, each in order, in the order of their first members.
pub fn groups(all: &[Marked], ties: &BTreeMap<(usize, usize), f64>) -> Vec<Vec<usize>> {
    let judgement = judgement();
    let count = all.len();
    if count > judgement.compared_up_to {
        return vec![(0..count).collect()];
    }
    let mut sums = sums(all, ties, judgement);
    let mut groups: Vec<Option<Vec<usize>>> = (0..count).map(|index| Some(vec![index])).collect();
    while let Some((one, other)) = closest(&groups, &sums, judgement.joined_from) {
        let Some(moved) = groups[other].take() else { break };
        if let Some(group) = &mut groups[one] {
            group.extend(moved);
        }
        let joined: Vec<f64> = sums[one].iter().zip(&sums[other]).map(|(here, there)| here + there).collect();
        for (row, sum) in sums.iter_mut().zip(&joined) {
            row[one] = *sum;
        }
        sums[one] = joined;
    }
    let mut groups: Vec<Vec<usize>> = groups.into_iter().flatten().collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort();
    groups
}

fn sums(all: &[Marked], ties: &BTreeMap<(usize, usize), f64>, judgement: &Judgement) -> Vec<Vec<f64>> {
    let rare = rare_stores(all, judgement);
    let mut sums = vec![vec![0.0; all.len()]; all.len()];
    for one in 0..all.len() {
        for other in one + 1..all.len() {
            let tied = ties.get(&(one, other)).copied().unwrap_or_default();
            let sum = affinity(&all[one], &all[other], &rare, judgement) + tied;
            sums[one][other] = sum;
            sums[other][one] = sum;
        }
    }
    sums
}

/// The two groups with the highest average, if that is enough.
fn closest(groups: &[Option<Vec<usize>>], sums: &[Vec<f64>], enough: f64) -> Option<(usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for (one, group) in groups.iter().enumerate() {
        let Some(group) = group else { continue };
        for (other, members) in groups.iter().enumerate().skip(one + 1) {
            let Some(members) = members else { continue };
            let average = sums[one][other] / (group.len() * members.len()) as f64;
            if average >= enough && best.is_none_or(|(known, ..)| average > known) {
                best = Some((average, one, other));
            }
        }
    }
    best.map(|(_, one, other)| (one, other))
}

/// Stores that not nearly everything uses. Where all use the same, that store is no reason to tell
/// them apart, and one to keep them together.
fn rare_stores(all: &[Marked], judgement: &Judgement) -> BTreeSet<Store> {
    let mut used: BTreeMap<&Store, usize> = BTreeMap::new();
    for store in all.iter().flat_map(|marked| marked.stores.keys()) {
        *used.entry(store).or_default() += 1;
    }
    let using = all.iter().filter(|marked| !marked.stores.is_empty()).count();
    let only = used.len() == 1;
    let few = |count: usize| {
        only || using < judgement.common_among || count as f64 <= judgement.common_from * using as f64
    };
    used.into_iter().filter(|(_, count)| few(*count)).map(|(store, _)| store.clone()).collect()
}

/// How much binds two of them; far below zero where they must be apart.
fn affinity(one: &Marked, other: &Marked, rare: &BTreeSet<Store>, judgement: &Judgement) -> f64 {
    let weights = &judgement.weights;
    let mut sum = 0.0;
    match (&one.tag, &other.tag) {
        (Some((one, _)), Some((other, _))) if one == other => sum += weights.tag,
        (Some(_), Some(_)) => return f64::from(i16::MIN),
        _ => {}
    }
    if one.owners != other.owners && !one.owners.is_empty() && !other.owners.is_empty() {
        return f64::from(i16::MIN);
    }
    if let (Some((one, _)), Some((other, _))) = (&one.variable, &other.variable)
        && one == other
    {
        sum += weights.variable;
    }
    let (mine, others) = (data(one, rare, weights), data(other, rare, weights));
    if !mine.is_empty() && !others.is_empty() {
        let share = data_share(&mine, &others);
        sum += weights.data_apart + (weights.data_together - weights.data_apart) * share;
    }
    sum += words(one, other, judgement);
    if !one.routes.is_empty() && !other.routes.is_empty() && one.routes.is_disjoint(&other.routes) {
        sum += weights.other_routes;
    }
    if !one.modules.is_empty() && !other.modules.is_empty() {
        sum += weights.code * share(&one.modules, &other.modules);
    }
    sum
}

/// The stores that count, with how much they are the function's own: what it writes is more so than what
/// it only reads.
fn data<'m>(marked: &'m Marked, rare: &BTreeSet<Store>, weights: &Weights) -> BTreeMap<&'m Store, f64> {
    let stores = marked.stores.iter().filter(|(store, _)| rare.contains(store));
    stores.map(|(store, used)| (store, if used.writes.is_some() { 1.0 } else { weights.only_read })).collect()
}

/// How much of the data of two functions is the same: of all of it, and of that of the one with less, on
/// average. A function that reads one of three tables belongs to those that write all three.
fn data_share(one: &BTreeMap<&Store, f64>, other: &BTreeMap<&Store, f64>) -> f64 {
    let common: f64 = one.iter().filter_map(|(store, here)| Some(here.min(*other.get(store)?))).sum();
    let (mine, others): (f64, f64) = (one.values().sum(), other.values().sum());
    let greater = |(store, here): (&&Store, &f64)| here.max(other.get(store).copied().unwrap_or_default());
    let foreign = other.iter().filter(|(store, _)| !one.contains_key(*store)).map(|(_, there)| there);
    let all: f64 = one.iter().map(greater).sum::<f64>() + foreign.sum::<f64>();
    (common / all + common / mine.min(others)) / 2.0
}

fn words(one: &Marked, other: &Marked, judgement: &Judgement) -> f64 {
    let weights = &judgement.weights;
    let of_folder = if one.common_words.is_disjoint(&other.common_words) { 0.0 } else { weights.common_word };
    let common = one.words.iter().filter_map(|(word, here)| Some(here.from.max(other.words.get(word)?.from)));
    let own = match common.max() {
        Some(from) if from.is_strong() => weights.strong_word,
        Some(_) => weights.weak_word,
        None => 0.0,
    };
    of_folder + own
}

/// How much of all that two sets have, both have.
pub fn share<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> f64 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

/// The word that most of a group have, weighed by where it stands, and the best way to write it.
pub fn name(all: &[Marked], group: &[usize]) -> Option<String> {
    let mut votes: BTreeMap<&str, (usize, From, &str)> = BTreeMap::new();
    for marked in group.iter().map(|index| &all[*index]) {
        for (noun, word) in &marked.words {
            let vote = if word.from.is_strong() { 2 } else { 1 };
            let (count, from, written) = votes.entry(noun).or_insert((0, word.from, &word.written));
            *count += vote;
            if word.from > *from {
                (*from, *written) = (word.from, &word.written);
            }
        }
    }
    let best = votes.into_iter().max_by(|(one_noun, one), (other_noun, other)| {
        (one.0, one.1).cmp(&(other.0, other.1)).then_with(|| other_noun.cmp(one_noun))
    });
    best.map(|(_, (_, _, written))| written.to_owned())
}
