//! The command line: the only reader of files, the clock and the terminal.

mod baseline;
mod check;
mod diff;
mod docs;
mod env;
mod explain;
mod explain_function;
mod files;
mod fix;
mod formats;
mod git;
mod graph;
mod init;
mod metrics;
mod progress;
mod refactor;
mod schema;
mod settings;
mod shell;
mod store;
mod watch;
mod write;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::cache::Store;
use crate::finding::Severity;
use crate::graph::App;

/// Architecture linter and refactoring advisor for AWS serverless applications.
#[derive(Debug, Parser)]
#[command(name = "slslint", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the applications below some folders, or single templates
    #[command(after_help = "Exit status: 0 nothing at or over --fail-on, 1 findings, 2 wrong usage or \
                            configuration, 3 nothing to check.")]
    Check(Box<check::Arguments>),
    /// Write the first configuration, hook and workflow of a project, from what can be seen in it
    Init(init::Arguments),
    /// Print what the applications contain: functions, routes, event sources, permissions, ...
    Graph(graph::Arguments),
    /// Compare the environments an application is deployed to: what differs, and what should
    Env(env::Arguments),
    /// Tell what a change does to the architecture: functions, routes, calls, permissions
    #[command(
        after_help = "Exit status: 0 whatever the difference, 2 wrong usage or configuration, 3 nothing to compare."
    )]
    Diff(diff::Arguments),
    /// Print which services there are and how they depend on each other
    Metrics(metrics::Arguments),
    /// List the rules
    Rules(explain::RulesArguments),
    /// Explain a rule
    Explain(explain::Arguments),
    /// Tell what a function does on each of its routes: reads, calls, answers, and what was not followed
    ExplainFunction(explain_function::Arguments),
    /// Replace functions that a service can do without, and say what that gains and loses
    #[command(after_help = "Exit status: 0 done, shown, or nothing to change, 1 all that was asked for is \
                            refused, 2 wrong usage or configuration, 3 nothing to check.")]
    Refactor(refactor::Arguments),
    /// Write the documentation of all rules, a page each
    Docs(docs::Arguments),
    /// Print the JSON Schema of what commands write as JSON, or of the configuration
    Schema(schema::Arguments),
    /// Print completions for a shell
    Completions(shell::CompletionsArguments),
    /// Print a manual page
    Man(shell::ManArguments),
}

/// What is analysed and how: common to all commands that read applications.
#[derive(Debug, Args)]
struct Scope {
    /// Folders or templates
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Skip templates that match this glob, relative to the analysed root (repeatable)
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Configuration file [default: the nearest slslint.toml, or pyproject.toml with [tool.slslint]]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Do not read or write the cache of analysed handlers
    #[arg(long)]
    no_cache: bool,
}

impl Scope {
    /// Where results are kept between runs.
    fn store(&self, project: &files::Project) -> Option<store::Disk> {
        if self.no_cache { None } else { store::Disk::of(&project.root) }
    }
}

/// A store as the library takes it.
fn borrowed(store: &Option<store::Disk>) -> Option<&dyn Store> {
    store.as_ref().map(|store| store as &dyn Store)
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
    fn on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                io::stdout().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

/// The program ends with one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Clean = 0,
    Findings = 1,
    Usage = 2,
    NothingToCheck = 3,
}

/// A sentence for standard error; the command ends with [`Exit::Usage`].
#[derive(Debug)]
struct Failure(String);

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { Exit::Clean as u8 });
        }
    };
    let outcome = match cli.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Graph(arguments) => graph::run(arguments),
        Command::Env(arguments) => env::run(arguments),
        Command::Metrics(arguments) => metrics::run(arguments),
        Command::Rules(arguments) => explain::rules(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::ExplainFunction(arguments) => explain_function::run(&arguments),
        Command::Refactor(arguments) => refactor::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments, Cli::command()),
        Command::Man(arguments) => shell::man(&arguments, Cli::command()),
    };
    match outcome {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(Failure(text)) => {
            complain(&text);
            ExitCode::from(Exit::Usage as u8)
        }
    }
}

/// Prints to standard output. A closed pipe is the reader's choice, not an error.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "slslint: {text}");
}

/// What a command reads: the files, and the settings for them.
struct Reading {
    project: files::Project,
    settings: settings::Settings,
}

impl Scope {
    fn read(&self) -> Result<Reading, Failure> {
        let place = files::place(&self.paths)?;
        let settings = settings::Settings::of(self, &place)?;
        Ok(Reading { project: place.project(settings.config.baseline.clone()), settings })
    }
}

impl Reading {
    /// The application, with its problems told; `None` where there is no template.
    fn application(&self, scope: &Scope) -> Result<Option<App<'_>>, Failure> {
        let Self { project, settings } = self;
        let store = scope.store(project);
        let (app, problems) = crate::analyse(&project.sources, &settings.config, borrowed(&store))
            .map_err(|error| settings.failure(&error))?;
        store.iter().for_each(store::Disk::write);
        for problem in &problems {
            complain(&format!("{}: {}", files::shown(project, &problem.path), problem.text));
        }
        if app.graph.templates.is_empty() {
            complain(NO_TEMPLATE);
            return Ok(None);
        }
        Ok(Some(app))
    }
}

const NO_TEMPLATE: &str = "no template was found; name a template or a folder that holds one";

/// Parses a severity for `--fail-on`.
fn severity(name: &str) -> Result<Severity, String> {
    Severity::from_name(name).ok_or_else(|| "expected info, warning or error".to_owned())
}
