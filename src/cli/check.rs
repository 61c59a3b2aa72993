//! `slslint check`.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::formats::{self, Format, Output, Styles};
use super::store::Disk;
use super::{Colour, Exit, Failure, Scope, borrowed, complain, configuration, files, severity};
use crate::cache::Cache;
use crate::finding::Severity;
use crate::report::Style;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    scope: Scope,

    /// How to write the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Write the report to a file as well, in a format of its own; `-` is standard output (repeatable)
    #[arg(long = "output-format", value_name = "FORMAT=FILE")]
    outputs: Vec<Output>,

    /// End with status 1 from this severity on: info, warning or error
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = severity)]
    fail_on: Severity,

    /// Which rules run: default, pedantic (more, arguable ones) or preview
    #[arg(long)]
    profile: Option<String>,

    /// Run only these rules or categories (comma separated)
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    select: Vec<String>,

    /// Do not run these rules or categories (comma separated)
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    ignore: Vec<String>,

    /// Check one environment: with the parameters that samconfig, workflows or slslint.toml give it
    #[arg(long, value_name = "NAME")]
    env: Option<String>,

    /// Name every place that was not understood
    #[arg(long, short)]
    verbose: bool,

    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let project = files::project(&arguments.scope.paths)?;
    let mut config = configuration(&arguments.scope, &project)?;
    config.today = today();
    config.paths = project.asked.clone();
    if arguments.profile.is_some() {
        config.profile = arguments.profile;
    }
    if !arguments.select.is_empty() {
        config.select = arguments.select;
    }
    config.ignore.extend(arguments.ignore);
    config.environment = arguments.env;
    let local = Style {
        colours: arguments.color.on(),
        width: None,
        verbose: arguments.verbose,
        root: project.shown_root.clone(),
    };
    let styles = Styles { from_top: Style { root: files::from_top(&project), ..local.clone() }, local };
    let (format, outputs) = (arguments.format, arguments.outputs.as_slice());
    let store = arguments.scope.store(&project);
    let cache = borrowed(&store).map(|store| Cache::new(store, &project.sources));
    // What is printed is a function of the sources and of these.
    let asked = format!("{config:?} {styles:?} {format:?} {outputs:?}");
    let recalled = cache.and_then(|cache| cache.recall::<Printed>("report", &asked));
    let printed = match recalled {
        Some(printed) => printed,
        None => {
            let report = crate::lint(&project.sources, &config, borrowed(&store))
                .map_err(|error| Failure(error.text))?;
            let printed = Printed {
                texts: formats::texts(&report, format, outputs, &styles),
                templates: report.app.graph.templates.len(),
                worst: report.worst().map(|severity| severity.name().to_owned()),
            };
            // The process ends soon: to free its values one by one takes longer than to write them.
            std::mem::forget(report);
            if let Some(cache) = cache {
                cache.keep("report", &asked, project.sources.loaded(), &printed);
            }
            printed
        }
    };
    formats::deliver(&printed.texts, outputs)?;
    store.iter().for_each(Disk::write);
    std::mem::forget(project);
    if printed.templates == 0 {
        complain("no template was found; name a template or a folder that holds one");
        return Ok(Exit::NothingToCheck);
    }
    Ok(match printed.worst.as_deref().and_then(Severity::from_name) {
        Some(worst) if worst >= arguments.fail_on => Exit::Findings,
        _ => Exit::Clean,
    })
}

/// The outcome of a run, as it is kept for a run in which nothing has changed.
#[derive(Serialize, Deserialize)]
struct Printed {
    texts: Vec<String>,
    templates: usize,
    /// The name of the most severe severity.
    worst: Option<String>,
}

/// The day by the system clock, in UTC.
fn today() -> Option<String> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(day(seconds / 86_400))
}

/// The civil date of a day counted from 1970-01-01 (Howard Hinnant's `civil_from_days`, for days
/// after the epoch).
fn day(days: u64) -> String {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_civil_dates() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(20_782), "2026-11-25");
    }
}
