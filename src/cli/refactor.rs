//! `slslint refactor`.

use clap::Args;

use super::formats::TextOrJson;
use super::{Exit, Failure, Reading, Scope, print, write};
use crate::config::did_you_mean;
use crate::edit::Applicability;
use crate::graph::App;
use crate::refactor::kept::{Kept, kept};
use crate::refactor::series::{Wanted, series};
use crate::refactor::{self, CATALOGUE, Kind, Offers, Options, Subject};
use crate::report::{self, Refactorings, Style};

#[derive(Debug, Args)]
pub struct Arguments {
    /// What to refactor: a function by its logical id, all findings of a rule, or all that one kind of
    /// refactoring can do
    #[arg(value_name = "FUNCTION|RULE|REFACTORING")]
    target: String,

    #[command(flatten)]
    scope: Scope,

    /// Show the difference and change nothing [default]
    #[arg(long, conflicts_with = "write")]
    diff: bool,

    /// Change the files
    #[arg(long)]
    write: bool,

    /// Leave the function in the template even when nothing reaches it any more
    #[arg(long)]
    keep_function: bool,

    /// How to write what is done
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let Some(app) = reading.application(&arguments.scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    let Reading { project, settings } = &reading;
    let target = target(&arguments.target, &app)?;
    let wanted = Wanted {
        options: Options { keep_function: arguments.keep_function },
        at_least: Applicability::DisplayOnly,
        is: &|kind, subject| target.is(kind, subject),
    };
    let made = series::<Failure>(
        &project.sources,
        &|sources| match crate::analyse(sources, &settings.config, None) {
            Ok((app, _)) => Ok(app),
            Err(error) => Err(settings.failure(&error)),
        },
        &wanted,
    )?;
    let kept = if made.done.is_empty() { target.kept(&app) } else { Vec::new() };
    let result = Refactorings { made: &made, kept: &kept, written: arguments.write };
    let style = Style { root: project.shown_root.clone(), ..Style::default() };
    print(&match arguments.format {
        TextOrJson::Text => report::refactorings_text(&result, &style),
        TextOrJson::Json => report::refactorings_json(&result, &style),
    });
    if arguments.write {
        write::all(&project.root, &made.files)?;
    }
    Ok(if made.done.is_empty() && !made.refused.is_empty() { Exit::Findings } else { Exit::Clean })
}

/// What is asked for.
enum Target {
    Function(String),
    Kinds(Vec<&'static str>),
}

impl Target {
    fn is(&self, kind: &Kind, subject: &Subject) -> bool {
        match self {
            // What changes others as well has to be asked for by its own name.
            Self::Function(id) => {
                matches!(kind.offers, Offers::OfFunction(_)) && subject.functions.contains(id)
            }
            Self::Kinds(kinds) => kinds.contains(&kind.id),
        }
    }

    /// What the functions that are asked for are needed for.
    fn kept(&self, app: &App<'_>) -> Vec<Kept> {
        match self {
            Self::Function(id) => {
                let all: Vec<&str> = CATALOGUE.iter().map(|kind| kind.id).collect();
                kept(app, &all, &|function| function.id.text == *id)
            }
            Self::Kinds(kinds) => {
                let mut found = kept(app, kinds, &|_| true);
                found.retain(|kept| kept.trigger.is_some());
                found
            }
        }
    }
}

fn target(name: &str, app: &App<'_>) -> Result<Target, Failure> {
    if let Some(kind) = refactor::kind(name) {
        return Ok(Target::Kinds(vec![kind.id]));
    }
    if app.functions().any(|function| function.id.text == name) {
        return Ok(Target::Function(name.to_owned()));
    }
    let answering: Vec<&str> = refactor::answering(name).map(|kind| kind.id).collect();
    if !answering.is_empty() {
        return Ok(Target::Kinds(answering));
    }
    let kinds = || CATALOGUE.iter().map(|kind| kind.id);
    let there_are = || format!("the refactorings are {}", kinds().collect::<Vec<_>>().join(", "));
    if crate::rules::all().iter().any(|rule| rule.meta().id == *name) {
        return Err(Failure(format!("there is no refactoring for findings of `{name}`; {}", there_are())));
    }
    let functions = app.functions().map(|function| function.get().id.text.as_str());
    let answered = CATALOGUE.iter().flat_map(|kind| kind.rules.iter().copied());
    let known: Vec<&str> = functions.chain(answered).chain(kinds()).collect();
    let nearest = did_you_mean(name, &known);
    Err(Failure(format!(
        "no function, rule or refactoring is called `{name}`{}",
        if nearest.is_empty() { format!("; {}", there_are()) } else { nearest }
    )))
}
