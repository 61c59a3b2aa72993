//! `slslint docs`: the pages of the rules as files.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::{Exit, Failure, print};
use crate::report;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder to write to; other files in it stay
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    let failed = |path: &PathBuf, error: std::io::Error| Failure(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let rules = crate::rules::all();
    let metas: Vec<_> = rules.iter().map(|rule| rule.meta()).collect();
    let pages = report::pages(&metas);
    for (name, text) in &pages {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    print(&format!("wrote {} pages to {}\n", pages.len(), folder.display()));
    Ok(Exit::Clean)
}
