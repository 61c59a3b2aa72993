//! Writing and pruning the file of known findings.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::settings::Settings;
use super::{Failure, complain, files};
use crate::baseline::{Baseline, Entry, FILE_NAME};
use crate::config::Config;
use crate::finding::Finding;
use crate::report::Report;

#[derive(Debug, Args)]
#[command(next_help_heading = "Known findings")]
pub struct Known {
    /// Do not report the findings that this file knows [default: slslint-baseline.toml beside the
    /// configuration]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Report known findings as well
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,

    /// Write all findings to the baseline instead of reporting them; reasons of entries are kept
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with = "no_baseline")]
    write_baseline: Option<Option<PathBuf>>,

    /// Take entries out of the baseline whose finding is no more
    #[arg(long, conflicts_with_all = ["no_baseline", "write_baseline"])]
    prune_baseline: bool,
}

/// What is to be done to the file.
#[derive(Debug)]
pub struct Task {
    grow: bool,
    file: PathBuf,
}

impl Known {
    /// Settles which baseline the configuration has, and what is to be done to it, if anything.
    ///
    /// # Errors
    /// Pruning where there is no baseline.
    pub fn settle(&self, settings: &mut Settings, root: &Path) -> Result<Option<Task>, Failure> {
        let named = self.write_baseline.as_ref().and_then(Option::as_ref);
        if let Some(path) = named.or(self.baseline.as_ref()) {
            let path = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
            let path = folder.and_then(|folder| Some(folder.join(path.file_name()?))).unwrap_or(path);
            settings.config.baseline = Some(files::relative(&path, root));
        }
        let file = match &settings.config.baseline {
            Some(path) => root.join(path),
            None => settings.folder.join(FILE_NAME),
        };
        let is_there = file.is_file();
        if self.no_baseline || self.write_baseline.is_some() && !is_there {
            settings.config.baseline = None;
        }
        if self.prune_baseline && settings.config.baseline.is_none() {
            return Err(Failure(
                "there is no baseline; `slslint check --write-baseline` makes one".to_owned(),
            ));
        }
        let grow = self.write_baseline.is_some();
        Ok((grow || self.prune_baseline).then_some(Task { grow, file }))
    }
}

impl Task {
    /// Writes the file and says what has changed.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn run(&self, report: &Report<'_>, config: &Config) -> Result<(), Failure> {
        let sources = report.app.sources;
        let old = match config.baseline.as_ref().and_then(|path| sources.find(path)) {
            Some(source) => Baseline::read(sources, source).map_err(|error| Failure(error.text))?,
            None => Baseline::default(),
        };
        let compared = report.baseline.as_ref();
        let is_stale =
            |entry: &Entry| compared.is_some_and(|compared| compared.stale.contains(&entry.fingerprint));
        let known = compared.into_iter().flat_map(|compared| &compared.known);
        let new: Vec<&Finding> =
            report.findings.iter().filter(|finding| self.grow && can_be_known(finding)).collect();
        let findings: Vec<&Finding> = known.chain(new.iter().copied()).collect();
        let renewed = old.renewed(|entry| !is_stale(entry), &findings, sources, config);
        let failed = |error: std::io::Error| Failure(format!("{}: {error}", self.file.display()));
        let text = renewed.to_toml();
        if fs::read_to_string(&self.file).is_ok_and(|there| there == text) {
            complain(&format!(
                "{} is as it should be: {}",
                files::for_people(&self.file),
                entries(renewed.entries.len())
            ));
            return Ok(());
        }
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&self.file, text).map_err(failed)?;
        let gone = old.entries.iter().filter(|entry| is_stale(entry)).count();
        complain(&format!(
            "wrote {}: {} ({} new, {gone} taken out)",
            files::for_people(&self.file),
            entries(renewed.entries.len()),
            new.len(),
        ));
        Ok(())
    }
}

/// An entry about an entry would never come to rest.
fn can_be_known(finding: &Finding) -> bool {
    finding.rule != crate::baseline::STALE_BASELINE_ENTRY.meta.id
}

fn entries(count: usize) -> String {
    if count == 1 {
        "1 known finding".to_owned()
    } else {
        format!("{count} known findings, each place counted")
    }
}
