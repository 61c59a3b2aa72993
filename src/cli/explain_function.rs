//! `slslint explain-function`.

use clap::Args;

use super::{Colour, Exit, Failure, Scope, print};
use crate::config::did_you_mean;
use crate::report::{self, Style};

/// More names than this are no help.
const MOST_NAMES: usize = 12;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Logical id of the function
    #[arg(value_name = "LOGICAL_ID")]
    function: String,

    #[command(flatten)]
    scope: Scope,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let Some(app) = reading.application(&arguments.scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    let style =
        Style { colours: Colour::Never.on(), root: reading.project.shown_root.clone(), ..Style::default() };
    let named: Vec<_> = app.functions().filter(|function| function.id.text == arguments.function).collect();
    if named.is_empty() {
        let ids: Vec<&str> = app.graph.functions.iter().map(|function| function.id.text.as_str()).collect();
        let nearest = did_you_mean(&arguments.function, &ids);
        let all = match ids.len() {
            _ if !nearest.is_empty() => nearest,
            0 => "; there are none".to_owned(),
            count if count > MOST_NAMES => {
                format!("; there are {}, and {} more", ids[..MOST_NAMES].join(", "), count - MOST_NAMES)
            }
            _ => format!("; there are {}", ids.join(", ")),
        };
        return Err(Failure(format!("no function is called `{}`{all}", arguments.function)));
    }
    let accounts: Vec<String> =
        named.into_iter().map(|function| report::account(&app, function, &style)).collect();
    print(&accounts.join("\n"));
    Ok(Exit::Clean)
}
