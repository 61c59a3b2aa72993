//! The configuration of a run: the files that hold it, on top of each other.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{self, Place};
use super::{Failure, Scope};
use crate::baseline;
use crate::config::{Config, ConfigError};
use crate::source::join;

/// The names a configuration may have, the first before the second.
const NAMES: [&str; 2] = ["slslint.toml", "pyproject.toml"];

/// The settings and what they were read from.
#[derive(Debug)]
pub struct Settings {
    pub config: Config,
    /// The nearest file first, then those it extends.
    files: Vec<SettingsFile>,
    /// The folder of the nearest file, else the top of the repository.
    pub folder: PathBuf,
}

/// A file with settings.
#[derive(Debug)]
struct SettingsFile {
    path: PathBuf,
    text: String,
    config: Config,
}

impl Settings {
    /// The file that is named, else the nearest at or above the root; and all it extends.
    ///
    /// # Errors
    /// A file that cannot be read or used, with the place in it.
    pub fn of(scope: &Scope, place: &Place) -> Result<Self, Failure> {
        let first = match &scope.config {
            Some(path) => {
                let file = read(path)?;
                Some(file.ok_or_else(|| format!("{}: there is no [tool.slslint]", path.display()))?)
            }
            None => nearest(&place.root)?,
        };
        let files = match first {
            Some(first) => with_extended(first)?,
            None => Vec::new(),
        };
        let top = files::repository(&place.root)
            .or_else(|| files.first().map(|file| files::folder_of(&file.path)))
            .filter(|top| place.root.starts_with(top))
            .unwrap_or_else(|| place.root.clone());
        let folder = files.first().map_or_else(|| top.clone(), |file| files::folder_of(&file.path));
        let seen = files.iter().map(|file| seen(file.config.clone(), &file.path, &top, &place.root));
        let mut config = seen.reduce(Config::over).unwrap_or_default();
        config.root = files::relative(&place.root, &top);
        config.exclude.extend(scope.exclude.iter().map(|glob| join(&config.root, glob)));
        config.paths.clone_from(&place.asked);
        // A baseline that lies beside the settings need not be named.
        config.baseline = config.baseline.or_else(|| {
            let usual = folder.join(baseline::FILE_NAME);
            usual.is_file().then(|| files::relative(&usual, &place.root))
        });
        Ok(Self { config, files, folder })
    }

    /// A configuration that cannot be used, with the place in the file that says so, where it is found.
    pub fn failure(&self, error: &ConfigError) -> Failure {
        let placed = error.name.as_ref().and_then(|name| {
            self.files.iter().find_map(|file| {
                let at = position_of(name, &file.text)?;
                let error = ConfigError { range: Some(at..at), ..error.clone() };
                Some(located(&file.path, &file.text, &error))
            })
        });
        Failure(placed.unwrap_or_else(|| error.text.clone()))
    }
}

/// The nearest file with settings at or above a folder, not looking above the repository.
fn nearest(folder: &Path) -> Result<Option<SettingsFile>, Failure> {
    for path in files::above(folder).flat_map(|above| NAMES.map(|name| above.join(name))) {
        if path.is_file()
            && let Some(file) = read(&path)?
        {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// The settings of a file; `None` for a `pyproject.toml` without any.
fn read(path: &Path) -> Result<Option<SettingsFile>, Failure> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", files::for_people(path)))?;
    let is_pyproject = path.file_name().is_some_and(|name| name == NAMES[1]);
    // Most of these files are about other things; whatever is wrong there is not ours to say.
    if is_pyproject && !text.contains("slslint") {
        return Ok(None);
    }
    let config = if is_pyproject { Config::parse_pyproject(&text) } else { Config::parse(&text).map(Some) };
    let config = config.map_err(|error| Failure(located(path, &text, &error)))?;
    Ok(config.map(|config| SettingsFile { path: path.to_owned(), text, config }))
}

/// A file and those it extends, one after the other.
fn with_extended(first: SettingsFile) -> Result<Vec<SettingsFile>, Failure> {
    let mut files = vec![first];
    while let Some(last) = files.last()
        && let Some(name) = &last.config.extends
    {
        let wrong = |text: String| {
            let at = position_of(name, &last.text).unwrap_or_default();
            let error = ConfigError { text, range: Some(at..at), ..ConfigError::default() };
            Failure(located(&last.path, &last.text, &error))
        };
        let path = files::folder_of(&last.path).join(name);
        let Ok(path) = path.canonicalize() else {
            return Err(wrong(format!("extends `{name}`: no such file")));
        };
        let real = |file: &SettingsFile| file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
        if files.iter().any(|file| real(file) == path) {
            let chain = files.iter().map(real).chain([path]).map(|path| files::for_people(&path));
            return Err(wrong(format!("a circle: {}", chain.collect::<Vec<_>>().join(" extends "))));
        }
        let file =
            read(&path)?.ok_or_else(|| wrong(format!("extends `{name}`: there is no [tool.slslint]")))?;
        files.push(file);
    }
    Ok(files)
}

/// The settings of a file with paths as a run takes them: globs from the top of the repository, files
/// and folders from the root.
fn seen(config: Config, path: &Path, top: &Path, root: &Path) -> Config {
    let folder = files::folder_of(path);
    // Settings from elsewhere are about the repository as if they lay at its top.
    let below = if folder.starts_with(top) { files::relative(&folder, top) } else { String::new() };
    let beside = |path: &String| join(&files::relative(&folder, root), path);
    let guard = config.guard.iter().map(beside).collect();
    let baseline = config.baseline.as_ref().map(beside);
    Config { guard, baseline, ..config.seen_from(&below) }
}

/// Where a name stands as a whole word in a text.
fn position_of(name: &str, text: &str) -> Option<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + name.len()..].chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// `file:line:column: text`.
fn located(path: &Path, text: &str, error: &ConfigError) -> String {
    let place = error.range.as_ref().map_or_else(String::new, |range| {
        let before = text.get(..range.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!(":{line}:{column}")
    });
    format!("{}{place}: {}", files::for_people(path), error.text)
}
