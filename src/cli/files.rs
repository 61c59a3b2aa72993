//! Finding and reading the files of a project.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use ignore::WalkBuilder;

use super::store;
use crate::source::{Loader, Measure, Sources, join_display, normalize};

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
pub const LARGEST: u64 = 16 * 1024 * 1024;

/// Files below one folder whose sizes are looked up; of more, the first in order.
const MEASURED: usize = 20_000;

/// What is analysed, before any file is listed.
#[derive(Clone, Debug)]
pub struct Place {
    pub root: PathBuf,
    /// The root as the user wrote it, to put before paths in reports.
    pub shown_root: String,
    /// The paths that were asked for, relative to the root; empty for all of it.
    pub asked: Vec<String>,
}

/// The files of a run, with the root that their paths are relative to.
#[derive(Debug)]
pub struct Project {
    pub root: PathBuf,
    pub shown_root: String,
    pub sources: Sources,
}

/// The root of some asked paths.
///
/// # Errors
/// A path that does not exist.
pub fn place(paths: &[PathBuf]) -> Result<Place, String> {
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
    Ok(Place { root: real_root, shown_root: root.to_string_lossy().replace('\\', "/"), asked })
}

impl Place {
    /// Collects the files below the root, those of the repository around it, from which handlers may
    /// import, and some more, where they are there.
    pub fn project(self, more: impl IntoIterator<Item = String>) -> Project {
        let Self { root, shown_root, .. } = self;
        let top = repository(&root).unwrap_or_else(|| root.clone());
        let more = more.into_iter().filter(|path| root.join(path).is_file());
        let walked = walk(&top, &root);
        let links = walked.links.iter().filter_map(|link| {
            let target = link.canonicalize().ok().filter(|target| target.starts_with(&top))?;
            Some((relative(link, &root), relative(&target, &root)))
        });
        let links = links.collect();
        let listed = walked.files.into_iter().map(|path| relative(&path, &root)).chain(more);
        let sources = Sources::new(listed, Box::new(Disk { root: root.clone() })).with_links(links);
        Project { root, shown_root, sources }
    }
}

/// What lies below a folder.
#[derive(Default)]
struct Walked {
    files: Vec<PathBuf>,
    /// Symbolic links; nothing is listed below them.
    links: Vec<PathBuf>,
}

/// Every file of the repository that is not ignored, or that is committed all the same. The asked root
/// itself is walked even where the repository ignores it. Without a repository nothing is ignored.
fn walk(top: &Path, root: &Path) -> Walked {
    let mut found = below(top);
    found.files.extend(committed(top));
    if !found.files.iter().any(|path| path.starts_with(root)) {
        let more = below(root);
        found.files.extend(more.files);
        found.links.extend(more.links);
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
        .filter(|path| !path.is_empty() && !is_skipped(path))
        .map(|path| top.join(path))
        .filter(|path| path.is_file())
        .collect()
}

/// Whether a path leads through a folder that is never looked into.
pub fn is_skipped(path: &str) -> bool {
    let (folder, _) = path.rsplit_once('/').unwrap_or_default();
    let above = folder.strip_suffix(MODULES_OF_LAYER).unwrap_or(path);
    above.split('/').any(|part| SKIPPED.contains(&part))
}

/// Where a layer has modules that are found by name. An installer puts folders there; files are a team's own.
const MODULES_OF_LAYER: &str = "nodejs/node_modules";

fn below(folder: &Path) -> Walked {
    let cache = store::Disk::folder().and_then(|folder| folder.canonicalize().ok());
    let entries = WalkBuilder::new(folder)
        .hidden(false)
        .parents(true)
        .filter_entry(move |entry| {
            let path = entry.path();
            let named = entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name))
                && !path.ends_with(MODULES_OF_LAYER);
            let installed = path.parent().is_some_and(|parent| parent.ends_with(MODULES_OF_LAYER));
            let skipped = named || installed || cache.as_deref() == Some(path);
            !(skipped && entry.file_type().is_some_and(|kind| kind.is_dir()))
        })
        .build()
        .filter_map(Result::ok);
    let mut walked = Walked::default();
    for entry in entries {
        match entry.file_type() {
            Some(kind) if kind.is_file() => walked.files.push(entry.into_path()),
            Some(kind) if kind.is_symlink() => walked.links.push(entry.into_path()),
            _ => {}
        }
    }
    walked
}

/// The nearest folder at or above `folder` that holds `.git`.
pub fn repository(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned)
}

/// The root as seen from the top of its repository; from the working directory where there is none.
pub fn from_top(project: &Project) -> String {
    let here = || std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let top = repository(&project.root).or_else(here);
    top.map_or_else(|| project.shown_root.clone(), |top| relative(&project.root, &top))
}

/// The folder and those above it, not looking above the repository.
pub fn above(folder: &Path) -> impl Iterator<Item = &Path> {
    let top = repository(folder);
    let mut ended = false;
    folder.ancestors().take_while(move |above| {
        let go_on = !ended;
        ended |= top.as_deref() == Some(*above);
        go_on
    })
}

/// The real path of the folder that holds a file.
pub fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

/// A path for people: as seen from the working directory where it lies below.
pub fn for_people(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let below = here.ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below.as_deref().unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// `path` as seen from `root`, with `/` and leading `..` parts; both absolute.
pub fn relative(path: &Path, root: &Path) -> String {
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
pub struct Disk {
    pub root: PathBuf,
}

impl Loader for Disk {
    fn load(&self, path: &str) -> Result<String, String> {
        let said = |error: std::io::Error| error.to_string();
        let mut file = File::open(self.root.join(path)).map_err(said)?;
        let size = file.metadata().map_err(said)?.len();
        if size > LARGEST {
            return Err(format!("it has {} MiB; files over {} MiB are not read", size >> 20, LARGEST >> 20));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(said)?;
        text_of(bytes)
    }

    fn measure(&self, path: &str) -> Option<Measure> {
        let top = self.root.join(path);
        let mut files = Vec::new();
        let mut waiting = vec![top.clone()];
        let mut is_whole = true;
        while let Some(path) = waiting.pop() {
            // Links are not followed: packages link to one another, and in circles.
            let Ok(found) = std::fs::symlink_metadata(&path) else { continue };
            if found.is_dir() {
                let entries = std::fs::read_dir(&path).into_iter().flatten().filter_map(Result::ok);
                let mut entries: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
                entries.sort();
                waiting.extend(entries.into_iter().rev());
            } else if found.is_file() {
                if files.len() == MEASURED {
                    is_whole = false;
                    break;
                }
                files.push((relative(&path, &top), found.len()));
            }
        }
        Measure::of(files, is_whole)
    }
}

/// The text that some bytes are.
///
/// # Errors
/// Why they are none.
pub fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        format!("it is not UTF-8 text (byte {} is the first that is not)", error.utf8_error().valid_up_to())
    })
}

/// A path of the project as the user would type it.
pub fn shown(project: &Project, path: &str) -> String {
    match project.shown_root.as_str() {
        "" | "." => path.to_owned(),
        root => join_display(root, path),
    }
}
