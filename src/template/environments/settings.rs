//! What a deployment is told besides parameters: its stack, where it goes, who deploys.

use super::overrides::{Overrides, Place, of_value, of_words};
use super::said::{self, Said, Scope, within};
use super::shell::Command;
use crate::source::{Sources, Span};
use crate::template::value::{Name, Value};

/// Settings of `sam deploy` and `aws cloudformation deploy`, wherever they are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub template: Option<Said>,
    pub stack_name: Option<Said>,
    pub region: Option<Said>,
    pub profile: Option<Said>,
    /// The role that CloudFormation deploys with.
    pub role: Option<Said>,
    pub bucket: Option<Said>,
    pub capabilities: Option<Said>,
    /// Whether the tool asks before it deploys.
    pub confirms: Option<Said>,
    /// Whether a failed deployment is left as it is.
    pub keeps_failures: Option<Said>,
    pub guided: Option<Said>,
    pub overrides: Overrides,
    /// More options may be given: `sam deploy "${ARGUMENTS[@]}"`.
    pub is_open: bool,
}

/// Keys of a configuration file, and options of a command line, by the field they set.
const KEYS: [(&str, &str); 14] = [
    ("template_file", "template"),
    ("template", "template"),
    ("t", "template"),
    ("stack_name", "stack_name"),
    ("region", "region"),
    ("profile", "profile"),
    ("role_arn", "role"),
    ("s3_bucket", "bucket"),
    ("resolve_s3", "bucket"),
    ("capabilities", "capabilities"),
    ("confirm_changeset", "confirms"),
    ("disable_rollback", "keeps_failures"),
    ("guided", "guided"),
    ("g", "guided"),
];

/// Options that switch a setting off.
const NEGATED: [(&str, &str); 2] =
    [("no_confirm_changeset", "confirms"), ("no_disable_rollback", "keeps_failures")];

impl Settings {
    /// These, and those of `below` where there are none.
    #[must_use]
    pub(super) fn over(self, below: &Self) -> Self {
        let or = |upper: Option<Said>, lower: &Option<Said>| upper.or_else(|| lower.clone());
        // Overrides on a command line replace those of the file as a whole.
        let overrides = if self.overrides.span.is_some() { self.overrides } else { below.overrides.clone() };
        Self {
            template: or(self.template, &below.template),
            stack_name: or(self.stack_name, &below.stack_name),
            region: or(self.region, &below.region),
            profile: or(self.profile, &below.profile),
            role: or(self.role, &below.role),
            bucket: or(self.bucket, &below.bucket),
            capabilities: or(self.capabilities, &below.capabilities),
            confirms: or(self.confirms, &below.confirms),
            keeps_failures: or(self.keeps_failures, &below.keeps_failures),
            guided: or(self.guided, &below.guided),
            overrides,
            is_open: self.is_open || below.is_open,
        }
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<Said>> {
        Some(match name {
            "template" => &mut self.template,
            "stack_name" => &mut self.stack_name,
            "region" => &mut self.region,
            "profile" => &mut self.profile,
            "role" => &mut self.role,
            "bucket" => &mut self.bucket,
            "capabilities" => &mut self.capabilities,
            "confirms" => &mut self.confirms,
            "keeps_failures" => &mut self.keeps_failures,
            "guided" => &mut self.guided,
            _ => return None,
        })
    }

    fn put(&mut self, key: &str, said: Said) {
        let known = KEYS.iter().find(|(known, _)| *known == key).map(|(_, field)| *field);
        if let Some(field) = known.and_then(|field| self.field(field)) {
            *field = Some(said);
        }
    }
}

/// The settings of a table `parameters` in a configuration file.
pub(super) fn of_table(table: &Value, sources: &Sources) -> Settings {
    let mut settings = Settings::default();
    for (key, value) in table.as_map().into_iter().flat_map(|map| map.iter()) {
        // Both spellings are read.
        let key = key.text.replace('-', "_");
        if key == "parameter_overrides" {
            settings.overrides = of_value(value, sources, &Scope::default());
        } else if let Some(said) = Said::of(value).filter(|said| said.text != "false" || key != "resolve_s3")
        {
            settings.put(&key, said);
        }
    }
    settings
}

/// What a deploying command says.
#[derive(Clone, Debug)]
pub(super) struct Deploying {
    pub tool: Tool,
    pub verb: String,
    pub settings: Settings,
    pub config_env: Option<Said>,
    pub config_file: Option<Said>,
    /// Bytes of the file: `sam deploy`, or the whole command where that is written otherwise.
    pub head: Span,
}

/// Who deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Sam,
    CloudFormation,
}

/// Commands that run another in an environment of its own.
const RUNNERS: [&str; 6] = ["poetry", "pipenv", "uv", "pdm", "rye", "hatch"];

/// Reads `sam deploy ...`, `aws cloudformation deploy ...` and what prepares them.
pub(super) fn of_command(command: &Command, place: Place<'_>) -> Option<Deploying> {
    let mut words = command.words.as_slice();
    if let [runner, run, rest @ ..] = words
        && RUNNERS.contains(&runner.as_str())
        && run == "run"
    {
        words = rest;
    }
    let program = words.first()?.rsplit('/').next()?;
    let (tool, verb, arguments, before) = match program {
        "sam" => {
            let (_, rest) = words.split_first()?;
            let at = rest.iter().position(|word| !word.starts_with('-'))?;
            (Tool::Sam, rest[at].clone(), &rest[at + 1..], &rest[..at])
        }
        "aws" => {
            let at = words.iter().position(|word| word == "cloudformation")?;
            (Tool::CloudFormation, words.get(at + 1)?.clone(), words.get(at + 2..)?, &words[1..at])
        }
        _ => return None,
    };
    let head = within(place.sources, place.span, program);
    let head = within(place.sources, place.span, &verb).to(head);
    let mut read =
        Deploying { tool, verb, settings: Settings::default(), config_env: None, config_file: None, head };
    let mut is_open = false;
    for (option, values) in options(before, &mut is_open).into_iter().chain(options(arguments, &mut is_open))
    {
        read.option(&option, &values, place);
    }
    read.settings.is_open = is_open;
    read.settings.overrides.is_open |= is_open;
    Some(read)
}

impl Deploying {
    fn option(&mut self, option: &str, values: &[String], place: Place<'_>) {
        let key = option.replace('-', "_");
        if matches!(key.as_str(), "parameter_overrides" | "parameters") {
            self.settings.overrides = of_words(values, place);
            return;
        }
        let text = values.join(" ");
        let said = |text: &str| {
            let whole = within(place.sources, place.span, &format!("--{option}"));
            Said::new(text, find(place, whole, text))
        };
        if let Some((_, field)) = NEGATED.iter().find(|(negated, _)| *negated == key) {
            if let Some(field) = self.settings.field(field) {
                *field = Some(said("false"));
            }
            return;
        }
        let text = if text.is_empty() { "true" } else { text.as_str() };
        match key.as_str() {
            "config_env" => self.config_env = Some(said(text)),
            "config_file" => self.config_file = Some(said(text)),
            "template_body" => {
                self.settings.template = Some(said(text.trim_start_matches("file://")));
            }
            _ => self.settings.put(&key, said(text)),
        }
    }
}

/// Where the value of an option is written: behind the option, else the option itself.
fn find(place: Place<'_>, option: Span, text: &str) -> Span {
    let rest = Span { start: option.start, ..place.span };
    match said::find_within(place.sources, rest, text) {
        Some(span) if text != "true" && text != "false" => span,
        _ => option,
    }
}

/// Options that take several values.
const SEVERAL: [&str; 4] = ["parameter-overrides", "parameters", "capabilities", "tags"];

/// Options with their values, in order: `--name value ...`, `--name=value`, `-n value`. A word that may
/// be options of its own makes the list open.
fn options(words: &[String], is_open: &mut bool) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for word in words {
        // A negative number is no option.
        let is_letter = |rest: &&str| rest.len() == 1 && rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-').filter(is_letter));
        match (name, found.last_mut()) {
            (Some(option), _) => match option.split_once('=') {
                Some((option, value)) => found.push((option.to_owned(), vec![value.to_owned()])),
                None => found.push((option.to_owned(), Vec::new())),
            },
            (None, Some((option, values))) => {
                let takes = values.is_empty() || SEVERAL.contains(&option.as_str());
                *is_open |= word.contains("[@]") || word.contains("[*]") || !takes && said::is_open(word);
                values.push(word.clone());
            }
            (None, None) => *is_open |= said::is_open(word),
        }
    }
    found
}

/// A name as a text.
pub(super) fn said_of(name: &Name) -> Said {
    Said::new(name.text.clone(), name.span)
}

#[cfg(test)]
mod tests {
    use super::super::shell::commands;
    use super::*;
    use crate::source::SourceId;

    fn read(script: &str) -> Deploying {
        let sources = Sources::in_memory([("a.sh".to_owned(), script.to_owned())].into());
        let span = Span::new(SourceId(0), 0, script.len());
        let place = Place { sources: &sources, folder: "", span };
        let commands = commands(script, &Scope::default());
        of_command(&commands[0], place).expect("it deploys")
    }

    #[test]
    fn options_become_settings() {
        let read = read(
            "poetry run sam deploy --config-env prod --stack-name=shop --no-confirm-changeset \\\n  \
             --parameter-overrides Stage=prod \"Size=2\" --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND",
        );
        let text = |said: Option<&Said>| said.map(|said| said.text.clone()).unwrap_or_default();
        assert_eq!(text(read.config_env.as_ref()), "prod");
        assert_eq!(text(read.settings.stack_name.as_ref()), "shop");
        assert_eq!(text(read.settings.confirms.as_ref()), "false");
        assert_eq!(text(read.settings.capabilities.as_ref()), "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND");
        assert_eq!(text(read.settings.overrides.get("Size")), "2");
        assert_eq!((read.verb.as_str(), read.tool), ("deploy", Tool::Sam));
    }

    #[test]
    fn what_may_be_options_leaves_the_command_open() {
        assert!(read("sam deploy --stack-name a \"${ARGUMENTS[@]}\"").settings.is_open);
        assert!(read("sam deploy $ARGUMENTS --no-confirm-changeset").settings.overrides.is_open);
        assert!(!read("sam deploy --stack-name $NAME --capabilities A B").settings.is_open);
    }

    #[test]
    fn the_aws_command_is_read_too() {
        let read = read("aws --region eu-west-1 cloudformation deploy --template-file t.yaml --role-arn r");
        assert_eq!(read.settings.region.map(|said| said.text), Some("eu-west-1".to_owned()));
        assert_eq!(read.settings.template.map(|said| said.text), Some("t.yaml".to_owned()));
    }
}
