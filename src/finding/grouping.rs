//! Findings with one cause become one.

use std::collections::BTreeMap;

use super::Finding;
use crate::evidence::{Certainty, Evidence, enumerated};
use crate::source::SourceId;

/// What a finding has in common with others of its rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// Those with the same key have it in common.
    key: String,
    /// What it is called among them: the queue, the variable, the client.
    name: String,
    /// The others may stand in other files.
    across: bool,
}

impl Finding {
    /// One finding may speak for all of its rule in the same file that have this key; among them this
    /// one is about `name`.
    #[must_use]
    pub fn one_of(mut self, key: impl Into<String>, name: impl Into<String>) -> Self {
        self.cause = Some(Cause { key: key.into(), name: name.into(), across: false });
        self
    }

    /// The same for all of its rule in the same template, in whichever files they stand.
    #[must_use]
    pub fn one_of_template(mut self, key: impl Into<String>, name: impl Into<String>) -> Self {
        self.cause = Some(Cause { key: key.into(), name: name.into(), across: true });
        self
    }
}

/// More places than these say nothing new.
const EVIDENCE: usize = 10;

/// Puts findings that have one cause together: the first of them says of how many others the same is
/// true, and cites them. Findings that an edit goes with stay apart, since each is mended alone.
///
/// They must be sorted. Suppressions and the baseline come before, so that each place can be answered
/// alone.
pub fn group(findings: &mut Vec<Finding>) {
    let mut groups: BTreeMap<_, Vec<Finding>> = BTreeMap::new();
    let mut single = Vec::new();
    for finding in findings.drain(..) {
        match key(&finding) {
            Some(key) => groups.entry(key).or_default().push(finding),
            None => single.push(finding),
        }
    }
    *findings = single;
    findings.extend(groups.into_values().filter_map(together));
    super::sort(findings);
    fold_copies(findings);
}

/// Applications that stand several times in a project (labs of a workshop, one folder per environment) have
/// each finding as often: what says the same of another template is cited by the first.
/// The edit of the first goes with it; the others have theirs when they are the first.
fn fold_copies(findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<Copied, usize> = BTreeMap::new();
    let mut copies: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings.drain(..) {
        match copied(&finding).map(|said| *first.entry(said).or_insert(kept.len())) {
            Some(index) if index < kept.len() && kept[index].template != finding.template => {
                copies.entry(index).or_default().push(finding);
            }
            _ => kept.push(finding),
        }
    }
    for (index, others) in copies {
        let mut templates: Vec<&str> = others.iter().filter_map(|other| other.template.as_deref()).collect();
        templates.dedup();
        let finding = &mut kept[index];
        finding.message += &match templates.as_slice() {
            [one] => format!("; the same is true in {one}"),
            several => format!("; the same is true in {} more templates", several.len()),
        };
        for other in others.iter().take(EVIDENCE) {
            let Some(template) = &other.template else { continue };
            let text = format!("and here, for {template}");
            finding.evidence.push(Evidence { span: other.span, certainty: other.certainty(), text });
        }
    }
    *findings = kept;
}

/// All that a finding says but its places; or what it is about, in place of its reasons and advice.
type Copied = (String, String, Option<String>, Vec<String>, Option<String>, Certainty, &'static str);

fn copied(finding: &Finding) -> Option<Copied> {
    let reasons = finding.evidence.iter().map(|evidence| evidence.text.clone());
    let (what, reasons) = match &finding.code {
        Some(hash) => (Some(hash.to_string()), Vec::new()),
        None => (finding.help.clone(), reasons.collect()),
    };
    finding.template.is_some().then(|| {
        (
            finding.rule.clone().into_owned(),
            finding.message.clone(),
            what,
            reasons,
            finding.world.clone(),
            finding.certainty(),
            finding.severity.name(),
        )
    })
}

type Key = (String, Option<SourceId>, String, Option<String>, Option<String>, Certainty, &'static str);

fn key(finding: &Finding) -> Option<Key> {
    let cause = finding.cause.as_ref().filter(|_| finding.refactoring.is_none())?;
    Some((
        finding.rule.clone().into_owned(),
        (!cause.across).then_some(finding.span.source),
        cause.key.clone(),
        finding.template.clone(),
        finding.world.clone(),
        finding.certainty(),
        finding.severity.name(),
    ))
}

fn together(all: Vec<Finding>) -> Option<Finding> {
    let mut all = all.into_iter();
    let mut first = all.next()?;
    let others: Vec<Finding> = all.collect();
    if others.is_empty() {
        return Some(first);
    }
    first.message += &format!("; the same is true of {}", named(&first, &others));
    for other in others.iter().take(EVIDENCE) {
        let text = match &other.help {
            Some(help) if other.help != first.help => format!("{}: {help}", other.message),
            _ => other.message.clone(),
        };
        first = first.because_it(other.certainty(), other.span, text);
    }
    let functions = others.into_iter().flat_map(|other| other.functions);
    for function in functions {
        if !first.functions.contains(&function) {
            first.functions.push(function);
        }
    }
    Some(first)
}

/// The others by name, where names tell them apart.
fn named(first: &Finding, others: &[Finding]) -> String {
    let name = |finding: &Finding| finding.cause.as_ref().map(|cause| cause.name.clone());
    let own = name(first);
    let mut names: Vec<String> = Vec::new();
    for other in others.iter().filter_map(name) {
        if Some(&other) != own.as_ref() && !names.contains(&other) {
            names.push(other);
        }
    }
    match others.len() {
        count if names.len() == count => list(&names),
        1 => "one more place".to_owned(),
        count => format!("{count} more places"),
    }
}

/// "`A`", "`A` and `B`", "`A`, `B`, `C` and 3 more".
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 3;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", name.as_ref())).collect();
    match names.len() {
        count if count > SHOWN => format!("{} and {} more", quoted.join(", "), count - SHOWN),
        _ => enumerated(&quoted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn at(source: SourceId, start: usize, name: &str) -> Finding {
        let finding = Finding::at(Span::new(source, start, start + 1), format!("`{name}` is bad"));
        finding.function("t.yaml", name).one_of("", name)
    }

    #[test]
    fn findings_with_one_cause_become_one_that_cites_all() {
        let source = SourceId(0);
        let mut findings = vec![at(source, 0, "A"), at(source, 1, "B"), at(source, 2, "C")];
        group(&mut findings);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "`A` is bad; the same is true of `B` and `C`");
        assert_eq!(findings[0].evidence.len(), 2);
        assert_eq!(findings[0].functions, ["A", "B", "C"]);
    }

    #[test]
    fn what_copies_of_a_template_have_in_common_is_said_once() {
        let of = |template: &str, source, text: &str| {
            let finding = Finding::at(Span::new(SourceId(source), 0, 1), "`A` is bad");
            finding.function(template, "A").because(Span::new(SourceId(source), 2, 3), text)
        };
        let mut findings = vec![
            of("one/t.yaml", 0, "as set here"),
            of("two/t.yaml", 1, "as set here"),
            of("three/t.yaml", 2, "as set here"),
            of("three/t.yaml", 2, "as set there"),
        ];
        group(&mut findings);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert_eq!(findings[0].message, "`A` is bad; the same is true in 2 more templates");
        assert_eq!(findings[0].evidence.len(), 3);
        let mut findings = vec![
            of("one/t.yaml", 0, "one of 7").about_code(1),
            of("two/t.yaml", 1, "one of 8").about_code(1),
            of("three/t.yaml", 2, "one of 7").about_code(2),
        ];
        group(&mut findings);
        assert_eq!(findings.len(), 2, "of the same code it is the same, whatever the reasons");
        let mut findings = vec![of("one/t.yaml", 0, ""), of("one/t.yaml", 0, "")];
        findings[1].span = Span::new(SourceId(0), 8, 9);
        group(&mut findings);
        assert_eq!(findings.len(), 2, "two places of one template are two findings");
    }

    #[test]
    fn others_stay_apart() {
        let (one, two) = (SourceId(0), SourceId(1));
        let plain = Finding::at(Span::new(one, 4, 5), "alone");
        let other = at(one, 3, "D").one_of("other", "D");
        let elsewhere = at(one, 2, "C").world(Some("only in production".to_owned()));
        let mut findings = vec![at(one, 0, "A"), elsewhere, other, plain, at(two, 0, "B")];
        group(&mut findings);
        assert_eq!(findings.len(), 5);
        let of_template = |source, name| at(source, 0, name).one_of_template("TABLE", name);
        let mut findings = vec![of_template(one, "A"), of_template(two, "B")];
        group(&mut findings);
        assert_eq!(findings.len(), 1, "files tell them apart no more");
    }
}
