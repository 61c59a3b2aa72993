//! Every mark is met by exactly one finding, and every finding meets a mark: all rules, all cases.

#![expect(clippy::print_stdout, reason = "precision and recall are printed for whoever asks")]

mod support;

use std::collections::BTreeMap;

use support::{Mark, cases, marks, said};

#[derive(Default)]
struct Tally {
    met: usize,
    false_alarms: usize,
    missed: usize,
    known_misses: usize,
}

#[test]
fn findings_are_the_marks() {
    let mut faults = Vec::new();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let cases = cases();
    assert!(!cases.is_empty(), "the corpus is there");
    for case in &cases {
        let mut expected: Vec<Mark> = marks(case);
        for (mark, message) in said(case) {
            let tally = tallies.entry(mark.rule.clone()).or_default();
            let same =
                |other: &Mark| (&other.path, other.line, &other.rule) == (&mark.path, mark.line, &mark.rule);
            let Some(at) = expected.iter().position(same) else {
                tally.false_alarms += 1;
                faults.push(format!(
                    "{}/{}:{} has no mark for {}: {message}",
                    case.name, mark.path, mark.line, mark.rule
                ));
                continue;
            };
            if expected.remove(at).known_miss {
                let place = format!("{}/{}:{}", case.name, mark.path, mark.line);
                faults.push(format!("{place} {} is found now: make its mark a plain one", mark.rule));
            }
            tally.met += 1;
        }
        for mark in expected {
            let tally = tallies.entry(mark.rule.clone()).or_default();
            if mark.known_miss {
                tally.known_misses += 1;
                continue;
            }
            tally.missed += 1;
            faults.push(format!("{}/{}:{} has no finding of {}", case.name, mark.path, mark.line, mark.rule));
        }
    }
    println!("{:34} {:>5} {:>5} {:>6} {:>5}  precision recall", "rule", "met", "false", "missed", "known");
    for (rule, tally) in &tallies {
        let ratio = |other: usize| tally.met as f64 / (tally.met + other).max(1) as f64;
        println!(
            "{rule:34} {:5} {:5} {:6} {:5}  {:9.2} {:6.2}",
            tally.met,
            tally.false_alarms,
            tally.missed,
            tally.known_misses,
            ratio(tally.false_alarms),
            ratio(tally.missed + tally.known_misses),
        );
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_second_run_says_the_same_in_the_same_order() {
    for case in cases() {
        assert_eq!(said(&case), said(&case), "{}", case.name);
    }
}
