//! The forms that results are asked for: one for standard output; of a report, any number for files.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use super::{Failure, print};
use crate::config::did_you_mean;
use crate::report::{self, Report, Style};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the lines that show each finding
    Text,
    /// A line per finding
    Concise,
    /// The published JSON form; `slslint schema check` prints its schema
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Workflow commands that annotate in GitHub Actions
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// JUnit XML
    Junit,
    /// A summary in Markdown, with a picture
    Markdown,
    /// Compact, for language-model agents
    Agent,
}

impl Format {
    /// Whether a person or an agent follows its paths from where the command runs. The others are read
    /// by servers, which know paths from the top of the repository.
    fn is_local(self) -> bool {
        matches!(self, Self::Text | Self::Concise | Self::Agent)
    }

    /// Whether it has a place for the changes that answer findings.
    fn has_changes(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Agent)
    }

    /// Whether its readers know findings again from one run to the next, so that each place counts alone.
    fn is_per_place(self) -> bool {
        matches!(self, Self::Sarif | Self::Gitlab)
    }

    fn write(self, report: &Report<'_>, style: &Style) -> String {
        match self {
            Self::Text => report::text(report, style),
            Self::Concise => report::concise(report, style),
            Self::Json => report::json(report),
            Self::Sarif => report::sarif(report, style),
            Self::Github => report::github(report, style),
            Self::Gitlab => report::gitlab(report, style),
            Self::Junit => report::junit(report, style),
            Self::Markdown => report::markdown(report, style),
            Self::Agent => report::agent(report, style),
        }
    }
}

/// How a result of a form of its own is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For people
    Text,
    /// The same for programs
    Json,
}

/// `FORMAT=FILE`; `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    format: Format,
    file: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').ok_or("expected FORMAT=FILE, as in sarif=slslint.sarif")?;
        let format = Format::from_str(name, false).map_err(|_| {
            let names = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
            let nearest = did_you_mean(name, &names.iter().map(String::as_str).collect::<Vec<_>>());
            let all = if nearest.is_empty() { format!("; there are {}", names.join(", ")) } else { nearest };
            format!("no format is called `{name}`{all}")
        })?;
        if file.is_empty() {
            return Err("the name of the file is missing; `-` is standard output".to_owned());
        }
        Ok(Self { format, file: PathBuf::from(file) })
    }
}

impl Output {
    /// The real path of the file it writes.
    pub fn written(&self) -> Option<PathBuf> {
        let path = std::path::absolute(&self.file).ok().filter(|_| self.file != Path::new("-"))?;
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        Some(folder.and_then(|folder| Some(folder.join(path.file_name()?))).unwrap_or(path))
    }
}

/// How paths are written, by who reads them.
#[derive(Debug)]
pub struct Styles {
    pub local: Style,
    pub from_top: Style,
}

/// The report in the form for standard output, then in that of each output.
pub fn texts(report: &mut Report<'_>, format: Format, outputs: &[Output], styles: &Styles) -> Vec<String> {
    if std::iter::once(format).chain(outputs.iter().map(|output| output.format)).any(Format::has_changes) {
        report.look_for_changes();
    }
    // Colours are for terminals.
    let plain = Style { colours: false, ..styles.local.clone() };
    let others = outputs.iter().map(|output| (output.format, &plain));
    let wanted: Vec<(Format, &Style)> = std::iter::once((format, &styles.local)).chain(others).collect();
    let mut texts = vec![String::new(); wanted.len()];
    for is_per_place in [true, false] {
        if !is_per_place {
            report.group();
        }
        for ((format, style), text) in wanted.iter().zip(&mut texts) {
            if format.is_per_place() == is_per_place {
                *text = format.write(report, if format.is_local() { style } else { &styles.from_top });
            }
        }
    }
    texts
}

/// Prints the first of [`texts`] and writes the others where they were asked for, making folders.
///
/// # Errors
/// A file or folder that cannot be written.
pub fn deliver(texts: &[String], outputs: &[Output]) -> Result<(), Failure> {
    let (first, others) =
        texts.split_first().ok_or_else(|| Failure("there is nothing to print".to_owned()))?;
    print(first);
    for (text, output) in others.iter().zip(outputs) {
        if output.file == Path::new("-") {
            print(text);
        } else {
            write_file(&output.file, text)?;
        }
    }
    Ok(())
}

/// Writes a file, making folders.
///
/// # Errors
/// A file or folder that cannot be written.
pub fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_names_a_format_and_a_file() {
        let output = "sarif=a=b/c.sarif".parse();
        assert_eq!(output, Ok(Output { format: Format::Sarif, file: "a=b/c.sarif".into() }));
        let error = "sarf=x".parse::<Output>().expect_err("there is none");
        assert!(error.starts_with("no format is called `sarf`; did you mean `sarif`?"), "{error}");
        assert!("sarif".parse::<Output>().is_err() && "sarif=".parse::<Output>().is_err());
    }
}
