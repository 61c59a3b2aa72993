//! Finding and reading the files of a project.

use std::path::{Path, PathBuf};
use std::process::Command;

use ignore::WalkBuilder;

use super::store;
use crate::source::{Loader, Sources, join, join_display, normalize};

/// Folders that hold what was built or brought in, never what a team wrote.
const SKIPPED: &[&str] = &[
    ".git",
    ".aws-sam",
    "node_modules",
    "cdk.out",
    "__pycache__",
    ".venv",
    "venv",
    ".tox",
    ".mypy_cache",
    ".pytest_cache",
    ".gradle",
    ".terraform",
    ".serverless",
];

/// Larger files are neither templates nor handlers.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The files of a run, with the root that their paths are relative to.
#[derive(Debug)]
pub struct Project {
    pub root: PathBuf,
    /// The root as the user wrote it, to put before paths in reports.
    pub shown_root: String,
    pub sources: Sources,
    /// The paths that were asked for, relative to the root; empty for all of it.
    pub asked: Vec<String>,
}

/// Collects the files below the asked paths, and those of the repository around them, from which
/// handlers may import.
///
/// # Errors
/// A path that does not exist.
pub fn project(paths: &[PathBuf]) -> Result<Project, String> {
    for path in paths {
        if !path.exists() {
            return Err(format!("{}: no such file or folder", path.display()));
        }
    }
    let folder_of = |path: &Path| match path.is_dir() {
        true => path.to_owned(),
        false => {
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
        }
    };
    let single = paths.len() == 1;
    let root = if single { folder_of(&paths[0]) } else { PathBuf::from(".") };
    let real_root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
    let mut asked = Vec::new();
    for path in paths {
        let real = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        let relative = relative(&real, &real_root);
        if !relative.is_empty() {
            asked.push(relative);
        }
    }
    if paths.iter().any(|path| path.canonicalize().is_ok_and(|real| real == real_root)) {
        asked.clear();
    }
    let top = repository(&real_root).unwrap_or_else(|| real_root.clone());
    let listed = walk(&top, &real_root).into_iter().map(|path| relative(&path, &real_root));
    let sources = Sources::new(listed, Box::new(Disk { root: real_root.clone() }));
    Ok(Project { root: real_root, shown_root: root.to_string_lossy().replace('\\', "/"), sources, asked })
}

/// Every file of the repository that is not ignored, or that is committed all the same. The asked root
/// itself is walked even where the repository ignores it. Without a repository nothing is ignored.
fn walk(top: &Path, root: &Path) -> Vec<PathBuf> {
    let mut found = below(top);
    found.extend(committed(top));
    if !found.iter().any(|path| path.starts_with(root)) {
        found.extend(below(root));
    }
    found
}

/// What git tracks; empty where there is no git or no repository.
fn committed(top: &Path) -> Vec<PathBuf> {
    if !top.join(".git").exists() {
        return Vec::new();
    }
    let listed = Command::new("git").arg("-C").arg(top).args(["ls-files", "-z"]).output();
    let Some(listed) = listed.ok().filter(|listed| listed.status.success()) else { return Vec::new() };
    let paths = listed.stdout.split(|byte| *byte == 0).filter_map(|path| std::str::from_utf8(path).ok());
    paths
        .filter(|path| !path.is_empty() && !path.split('/').any(|part| SKIPPED.contains(&part)))
        .map(|path| top.join(path))
        .filter(|path| path.is_file())
        .collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let cache = store::Disk::folder().and_then(|folder| folder.canonicalize().ok());
    WalkBuilder::new(folder)
        .hidden(false)
        .parents(true)
        .filter_entry(move |entry| {
            let named = entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name));
            let skipped = named || cache.as_deref() == Some(entry.path());
            !(skipped && entry.file_type().is_some_and(|kind| kind.is_dir()))
        })
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .collect()
}

/// The nearest folder at or above `folder` that holds `.git`.
fn repository(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned)
}

/// The nearest file of that name at or above `folder`, not looking above the repository.
pub fn nearest(folder: &Path, name: &str) -> Option<PathBuf> {
    let top = repository(folder);
    for above in folder.ancestors() {
        let path = above.join(name);
        if path.is_file() {
            return Some(path);
        }
        if top.as_deref() == Some(above) {
            break;
        }
    }
    None
}

/// A path that a file names, as seen from the root of the project.
pub fn beside(project: &Project, file: &Path, path: &str) -> String {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match folder.canonicalize() {
        Ok(folder) => join(&relative(&folder, &project.root), path),
        Err(_) => normalize(path),
    }
}

/// `path` as seen from `root`, with `/` and leading `..` parts; both absolute.
fn relative(path: &Path, root: &Path) -> String {
    let mut above = root;
    let mut up = String::new();
    loop {
        if let Ok(rest) = path.strip_prefix(above) {
            return normalize(&format!("{up}{}", rest.to_string_lossy()));
        }
        up.push_str("../");
        match above.parent() {
            Some(parent) => above = parent,
            None => return path.to_string_lossy().into_owned(),
        }
    }
}

/// Reads files below a root.
struct Disk {
    root: PathBuf,
}

impl Loader for Disk {
    fn load(&self, path: &str) -> Result<String, String> {
        let path = self.root.join(path);
        let size = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
        if size > LARGEST {
            return Err(format!("it has {} MiB; files over {} MiB are not read", size >> 20, LARGEST >> 20));
        }
        let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| {
            format!(
                "it is not UTF-8 text (byte {} is the first that is not)",
                error.utf8_error().valid_up_to()
            )
        })
    }
}

/// A path of the project as the user would type it.
pub fn shown(project: &Project, path: &str) -> String {
    match project.shown_root.as_str() {
        "" | "." => path.to_owned(),
        root => join_display(root, path),
    }
}
