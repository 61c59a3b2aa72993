//! What git knows, asked of the program `git`; the work tree is never touched.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::files::{self, Disk, LARGEST};
use crate::source::{Loader, Measure, Sources, join, parent};

/// A repository and a commit in it.
#[derive(Debug)]
pub struct Revision {
    top: PathBuf,
    /// As the reader named it.
    pub name: String,
    commit: String,
    /// What is to be told of it, where it is not simply what was named.
    pub note: Option<String>,
}

impl Revision {
    /// The commit at which the present work left a revision: for a branch that has gone on since, the
    /// last one that both have.
    ///
    /// # Errors
    /// No repository, no git, no such revision; in words that tell the way out.
    pub fn base(folder: &Path, name: &str) -> Result<Self, String> {
        let top = files::repository(folder)
            .ok_or_else(|| format!("{}: there is no git repository here", files::for_people(folder)))?;
        if name.starts_with('-') {
            return Err(format!("`{name}` is no revision"));
        }
        let wanted = format!("{name}^{{commit}}");
        let Some(commit) = line(&top, ["rev-parse", "--verify", "--quiet", wanted.as_str()])? else {
            return Err(unknown(&top, name)?);
        };
        let (commit, note) = match line(&top, ["merge-base", commit.as_str(), "HEAD"])? {
            Some(common) => (common, None),
            None => {
                let note = format!(
                    "`{name}` and HEAD have no commit in common here{}; compared with `{name}` itself",
                    if is_shallow(&top)? { ", in a shallow clone" } else { "" }
                );
                (commit, Some(note))
            }
        };
        Ok(Self { top, name: name.to_owned(), commit, note })
    }

    /// The files at that commit, with paths as seen from a root; below some folders, those of the
    /// present.
    ///
    /// # Errors
    /// A git that fails.
    pub fn sources(&self, root: &Path, present: &Sources, folders: &[String]) -> Result<Sources, String> {
        let mut tree = Tree::read(&self.top, &self.commit)?;
        for (path, id) in std::mem::take(&mut tree.links) {
            // A link stands for the file it leads to, as it does in the work tree.
            let Ok(target) = tree.load(&id) else { continue };
            if let Some(target) = tree.files.get(&join(parent(&path), &target)).cloned() {
                tree.files.insert(path, target);
            }
        }
        let is_present = |path: &str| {
            folders.iter().any(|folder| path == folder || path.starts_with(&format!("{folder}/")))
        };
        let from_root = |path: String| files::relative(&self.top.join(path), root);
        tree.files = std::mem::take(&mut tree.files)
            .into_iter()
            .map(|(path, id)| (from_root(path), id))
            .filter(|(path, _)| !is_present(path))
            .collect();
        let present = present.ids().map(|id| present.path(id)).filter(|path| is_present(path));
        let paths: Vec<String> = tree.files.keys().cloned().chain(present.map(str::to_owned)).collect();
        Ok(Sources::new(paths, Box::new(AtCommit { tree, disk: Disk { root: root.to_owned() } })))
    }

    /// Files that have another path now: from the path of then to the present one, both from the top of
    /// the repository.
    ///
    /// # Errors
    /// A git that fails.
    pub fn renames(&self) -> Result<BTreeMap<String, String>, String> {
        // Files that are new and not added yet cannot be recognised by git; they are simply new.
        let arguments = ["diff", "--name-status", "-M", "-z", "--diff-filter=R", self.commit.as_str()];
        let said = bytes(&self.top, arguments)?;
        let mut words = said.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
        let mut renames = BTreeMap::new();
        while let (Some(_status), Some(then), Some(now)) = (words.next(), words.next(), words.next()) {
            renames.insert(then, now);
        }
        Ok(renames)
    }
}

/// Why there is no such revision, and what to do.
fn unknown(top: &Path, name: &str) -> Result<String, String> {
    if is_shallow(top)? {
        return Ok(format!(
            "`{name}` is not in this clone, which is shallow; fetch it first (`git fetch --depth=1 origin \
             {name}:{name}`), or clone with the whole history (`fetch-depth: 0` of actions/checkout)"
        ));
    }
    let names =
        bytes(top, ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"])?;
    let names = String::from_utf8_lossy(&names);
    let names: Vec<&str> = names.lines().collect();
    let remote = format!("origin/{name}");
    let nearest = match names.contains(&remote.as_str()) {
        true => format!("; did you mean `{remote}`?"),
        false => crate::config::did_you_mean(name, &names),
    };
    Ok(format!("git knows no revision `{name}`{nearest}"))
}

fn is_shallow(top: &Path) -> Result<bool, String> {
    Ok(line(top, ["rev-parse", "--is-shallow-repository"])?.is_some_and(|answer| answer == "true"))
}

fn command<S: AsRef<OsStr>>(top: &Path, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(top).args(arguments).stdin(Stdio::null()).stderr(Stdio::piped());
    // Of the repository that a hook runs in, and its index; git finds out again from the folder.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
}

/// What git prints.
fn bytes<S: AsRef<OsStr>>(top: &Path, arguments: impl IntoIterator<Item = S>) -> Result<Vec<u8>, String> {
    let output = command(top, arguments).output().map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("git: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// The one line that git prints; `None` where it answers with no.
fn line<S: AsRef<OsStr>>(
    top: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> Result<Option<String>, String> {
    let output = command(top, arguments).output().map_err(|error| format!("git cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !text.is_empty()).then_some(text))
}

/// The files of a commit, by path, and git to read them.
struct Tree {
    /// Names of their contents.
    files: BTreeMap<String, String>,
    links: BTreeMap<String, String>,
    reader: Mutex<Reader>,
}

struct Reader {
    git: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}

impl Tree {
    fn read(top: &Path, commit: &str) -> Result<Self, String> {
        let listed = bytes(top, ["ls-tree", "-r", "-z", "--full-tree", commit])?;
        let (mut files, mut links) = (BTreeMap::new(), BTreeMap::new());
        for entry in listed.split(|byte| *byte == 0).filter_map(|entry| std::str::from_utf8(entry).ok()) {
            // `<mode> <type> <name of the content>\t<path>`
            let Some((about, path)) = entry.split_once('\t') else { continue };
            let mut about = about.split(' ');
            let (Some(mode), Some("blob"), Some(id)) = (about.next(), about.next(), about.next()) else {
                continue;
            };
            if !files::is_skipped(path) {
                let kind = if mode == "120000" { &mut links } else { &mut files };
                kind.insert(path.to_owned(), id.to_owned());
            }
        }
        let mut git = command(top, ["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("git cannot be run: {error}"))?;
        let (Some(asks), Some(answers)) = (git.stdin.take(), git.stdout.take()) else {
            return Err("git cannot be spoken to".to_owned());
        };
        let reader = Mutex::new(Reader { git, asks, answers: BufReader::new(answers) });
        Ok(Self { files, links, reader })
    }

    fn load(&self, id: &str) -> Result<String, String> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: std::io::Error| format!("git: {error}");
        writeln!(reader.asks, "{id}").and_then(|()| reader.asks.flush()).map_err(failed)?;
        let mut head = String::new();
        reader.answers.read_line(&mut head).map_err(failed)?;
        // `<id> blob <size>`; in a clone without all contents: `<id> missing`.
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
        let size = size.ok_or_else(|| format!("git does not have its content ({})", head.trim_end()))?;
        let mut content = vec![0; size + 1];
        reader.answers.read_exact(&mut content).map_err(failed)?;
        content.pop();
        if content.len() as u64 > LARGEST {
            return Err("it is too large to be read".to_owned());
        }
        files::text_of(content)
    }
}

/// Reads files of a commit, and of the work tree what the commit does not have.
struct AtCommit {
    tree: Tree,
    disk: Disk,
}

impl Loader for AtCommit {
    fn load(&self, path: &str) -> Result<String, String> {
        match self.tree.files.get(path) {
            Some(id) => self.tree.load(id),
            None => self.disk.load(path),
        }
    }

    /// As it is now: a commit has neither installed packages nor what a build left.
    fn measure(&self, path: &str) -> Option<Measure> {
        self.disk.measure(path)
    }
}
