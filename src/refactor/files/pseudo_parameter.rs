//! Accounts and Regions of ARNs from pseudo parameters.

use super::rewriting::{Rewriting, asked_for};
use crate::aws::arn::{Arn, arns, is_meant_elsewhere, is_published};
use crate::edit::Edit;
use crate::graph::App;
use crate::refactor::{Asked, Kind, Offers, Proposal, Proposals};
use crate::source::Span;
use crate::template::{Intrinsic, Template, Value, ValueKind};
use crate::yaml::patch;

pub const KIND: Kind = Kind {
    id: "pseudo-parameter",
    summary: "ARNs take their account and Region from where the stack is",
    rules: &["hard-coded-arn", "hard-coded-account", "hard-coded-region"],
    offers: Offers::OfApplication(offers),
};

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    Box::new(asked_for(app, asked).filter_map(|template| in_template(app, template)))
}

fn in_template(app: &App<'_>, template: &Template) -> Option<Proposal> {
    let mut found = Found { app, edits: Vec::new(), accounts: Vec::new() };
    for resource in template.resources.iter().filter(|one| one.span.source == template.source) {
        resource.own_properties.iter().for_each(|(name, value)| {
            if !TEXTS.contains(&name.text.as_str()) {
                found.value(value);
            }
        });
    }
    template.globals.iter().for_each(|value| found.value(value));
    let Found { mut edits, accounts, .. } = found;
    edits.retain(|edit| edit.span.source == template.source);
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    let mut file = Rewriting::new(app, template.source);
    file.text = patch::applied(&file.text, &edits)?;
    let places = edits.len();
    let title = format!("{places} ARNs of {} follow the stack's account and Region", template.path);
    let whose = if accounts.is_empty() { String::new() } else { format!(" of {}", accounts.join(", ")) };
    let differs = format!("a stack in another account or Region uses its own resources and not those{whose}");
    file.offer(app, KIND.id, title, vec![differs])
}

/// Properties with texts for people, or with definitions that have rules of their own.
const TEXTS: [&str; 6] =
    ["Description", "AlarmDescription", "Comment", "DefinitionBody", "Definition", "DefinitionString"];

struct Found<'a> {
    app: &'a App<'a>,
    edits: Vec<Edit>,
    accounts: Vec<String>,
}

impl Found<'_> {
    fn value(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::String(text) => self.text(value.span, text, false),
            ValueKind::List(items) => items.iter().for_each(|item| self.value(item)),
            // Who is trusted is meant to be written out.
            ValueKind::Map(map) => {
                map.iter()
                    .filter(|(name, _)| name.text != "Principal")
                    .for_each(|(_, value)| self.value(value));
            }
            ValueKind::Intrinsic(intrinsic) => match &**intrinsic {
                Intrinsic::Sub(_) => self.text(value.span, &value.text(), true),
                Intrinsic::Equals(..) | Intrinsic::FindInMap { .. } => {}
                other => other.arguments().into_iter().for_each(|argument| self.value(argument)),
            },
            _ => {}
        }
    }

    /// The edits of one text. What is not written on one line, as it reads, is left alone.
    fn text(&mut self, span: Span, text: &str, is_sub: bool) {
        let written = self.app.sources.slice(span);
        let replaced: Vec<(&str, String)> =
            arns(text).filter_map(|arn| Some((arn.text, followed(&arn)?))).collect();
        // A variable of a policy would be taken for one of the template.
        let odd = written.contains(['\n', '\\']) || !is_sub && text.contains("${");
        if replaced.is_empty() || odd {
            return;
        }
        let mut new = written.to_owned();
        for (old, with) in &replaced {
            if !new.contains(old) {
                return;
            }
            new = new.replace(old, with);
        }
        for (old, _) in &replaced {
            let account = Arn::parse(old).and_then(|arn| arn.literal_account().map(str::to_owned));
            self.accounts.extend(account.filter(|account| !self.accounts.contains(account)));
        }
        let quoted = written.starts_with(['"', '\'']);
        let new = match (is_sub, self.is_json(span)) {
            (true, _) => new,
            (false, true) => format!("{{\"Fn::Sub\": {new}}}"),
            (false, false) if quoted => format!("!Sub {new}"),
            (false, false) => format!("!Sub \"{new}\""),
        };
        self.edits.push(Edit { span, text: new });
    }

    fn is_json(&self, span: Span) -> bool {
        self.app.sources.text(span.source).trim_start().starts_with('{')
    }
}

/// An ARN with its account and Region open; `None` where they are meant as they are.
fn followed(arn: &Arn<'_>) -> Option<String> {
    let elsewhere = is_meant_elsewhere(arn);
    let account = arn.literal_account().filter(|_| !is_published(arn) && !elsewhere);
    let region = arn.literal_region().filter(|_| !elsewhere);
    if account.is_none() && region.is_none() {
        return None;
    }
    let (region, account) = (
        if region.is_some() { "${AWS::Region}" } else { arn.region },
        if account.is_some() { "${AWS::AccountId}" } else { arn.account },
    );
    Some(format!("arn:{}:{}:{region}:{account}:{}", arn.partition, arn.service, arn.resource))
}
