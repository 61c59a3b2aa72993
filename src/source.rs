//! Files, positions in them, and the set of all files of one run.
//!
//! Every stage speaks of text by [`Span`]: a source and a byte range. Lines and columns exist only
//! at the rim, where a report asks [`Sources::position`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A file of this run; an index into [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A hash of a text, or of the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    fn half_of(hash: Sha256) -> Self {
        let whole: [u8; 32] = hash.finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        Self(half)
    }
}

/// A byte range in one source. `start <= end`, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// # Panics
    /// Never: positions past 4 GiB are clamped, and a source is far smaller.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both; `self` when they lie in different sources.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub fn contains(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}

/// A place as people read it: line and column start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Gives the text of a path. The command line reads files, an editor its buffers, a test a map.
pub trait Loader: Send + Sync {
    /// # Errors
    /// A sentence for the reader: why this file has no text (unreadable, not UTF-8, too large).
    fn load(&self, path: &str) -> Result<String, String>;

    /// The sizes of the files at or below a path, though no source of the run may lie there; `None` where
    /// there is nothing.
    fn measure(&self, path: &str) -> Option<Measure>;

    /// The text of a file below all that was laid over it.
    fn unchanged(&self, path: &str) -> Option<String> {
        self.load(path).ok()
    }
}

/// Texts held in memory, by path.
impl Loader for BTreeMap<String, String> {
    fn load(&self, path: &str) -> Result<String, String> {
        self.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn measure(&self, path: &str) -> Option<Measure> {
        let inside = |known: &str| match known.strip_prefix(path)? {
            "" => Some(String::new()),
            rest => rest.strip_prefix('/').map(str::to_owned),
        };
        let files = self.iter().filter_map(|(known, text)| Some((inside(known)?, text.len() as u64)));
        Measure::of(files.collect(), true)
    }
}

/// Texts laid over those of another loader.
struct Changed {
    texts: BTreeMap<String, Option<String>>,
    below: Arc<dyn Loader>,
}

impl Loader for Changed {
    fn load(&self, path: &str) -> Result<String, String> {
        match self.texts.get(path) {
            Some(Some(text)) => Ok(text.clone()),
            Some(None) => Err("no such file".to_owned()),
            None => self.below.load(path),
        }
    }

    fn measure(&self, path: &str) -> Option<Measure> {
        match self.texts.get(path) {
            Some(Some(text)) => Measure::of(vec![(String::new(), text.len() as u64)], true),
            Some(None) => None,
            None => self.below.measure(path),
        }
    }

    fn unchanged(&self, path: &str) -> Option<String> {
        self.below.unchanged(path)
    }
}

/// What files there are at or below a path, and how large they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Paths as seen from the measured one (`""` for itself) with sizes in bytes, in order.
    pub files: Vec<(String, u64)>,
    /// There are no more.
    pub is_whole: bool,
}

impl Measure {
    /// `None` for nothing.
    pub fn of(mut files: Vec<(String, u64)>, is_whole: bool) -> Option<Self> {
        files.sort();
        (!files.is_empty()).then_some(Self { files, is_whole })
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|(_, size)| size).sum()
    }

    /// Equal for equal measures.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        for (path, size) in &self.files {
            hash.update(path);
            hash.update([0]);
            hash.update(size.to_le_bytes());
        }
        hash.update([u8::from(self.is_whole)]);
        Fingerprint::half_of(hash)
    }
}

/// Links that a path leads through; more would be a circle.
const LINKS_AT_MOST: usize = 8;

/// All files of one run, in path order; texts are loaded when first asked for.
///
/// Paths are relative to the analysed root, with `/` between parts; what lies outside the root
/// begins with `../`.
pub struct Sources {
    files: Vec<File>,
    by_path: FxHashMap<String, SourceId>,
    /// Paths that are other names of folders or files among them.
    links: BTreeMap<String, String>,
    loader: Arc<dyn Loader>,
    measured: Mutex<BTreeMap<String, Option<Arc<Measure>>>>,
}

struct File {
    path: String,
    content: OnceLock<Content>,
}

struct Content {
    text: String,
    error: Option<String>,
    line_starts: OnceLock<Vec<u32>>,
    fingerprint: OnceLock<Fingerprint>,
}

impl Content {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n');
            std::iter::once(0)
                .chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
                .collect()
        })
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.files.iter().map(|file| &file.path)).finish()
    }
}

impl Sources {
    pub fn new(paths: impl IntoIterator<Item = String>, loader: Box<dyn Loader>) -> Self {
        Self::of(paths, Arc::from(loader))
    }

    /// The same files with other texts: `None` where a file is gone.
    #[must_use]
    pub fn changed(&self, texts: BTreeMap<String, Option<String>>) -> Self {
        let kept = self.files.iter().map(|file| file.path.clone());
        let paths: Vec<String> = kept
            .filter(|path| !texts.contains_key(path))
            .chain(texts.iter().filter(|(_, text)| text.is_some()).map(|(path, _)| path.clone()))
            .collect();
        let changed = Self::of(paths, Arc::new(Changed { texts, below: Arc::clone(&self.loader) }));
        changed.with_links(self.links.clone())
    }

    /// The same files, found by other names too: by paths through these links, with what they lead to.
    #[must_use]
    pub fn with_links(self, links: BTreeMap<String, String>) -> Self {
        Self { links, ..self }
    }

    /// Other names of folders and files, with the paths they stand for.
    pub fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        self.links.iter().map(|(link, target)| (link.as_str(), target.as_str()))
    }

    /// The text that a file had before anything was [`changed`](Self::changed).
    pub fn unchanged(&self, path: &str) -> Option<String> {
        self.loader.unchanged(path)
    }

    fn of(paths: impl IntoIterator<Item = String>, loader: Arc<dyn Loader>) -> Self {
        let mut paths: Vec<String> = paths.into_iter().map(|path| normalize(&path)).collect();
        paths.sort();
        paths.dedup();
        let by_path = paths
            .iter()
            .enumerate()
            .map(|(index, path)| (path.clone(), SourceId(u32::try_from(index).unwrap_or(u32::MAX))))
            .collect();
        let files = paths.into_iter().map(|path| File { path, content: OnceLock::new() }).collect();
        Self { files, by_path, links: BTreeMap::new(), loader, measured: Mutex::default() }
    }

    /// The sources of a test or of an editor: texts by path.
    pub fn in_memory(texts: BTreeMap<String, String>) -> Self {
        Self::new(texts.keys().cloned().collect::<Vec<_>>(), Box::new(texts))
    }

    pub fn ids(&self) -> impl Iterator<Item = SourceId> + '_ {
        (0..self.files.len()).map(|index| SourceId(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// The source at `path`, which may hold `.` and `..` parts.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        if let Some(id) = self.by_path.get(path) {
            return Some(*id);
        }
        let normal = if is_normal(path) { None } else { self.by_path.get(&normalize(path)).copied() };
        normal.or_else(|| self.by_path.get(&self.behind_links(path)?).copied())
    }

    /// The path that one through links stands for; `None` where it leads through none.
    fn behind_links(&self, path: &str) -> Option<String> {
        if self.links.is_empty() {
            return None;
        }
        let mut path = normalize(path);
        let mut is_linked = false;
        for _ in 0..LINKS_AT_MOST {
            let mut ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            let Some((target, rest)) = ends.find_map(|at| Some((self.links.get(&path[..at])?, &path[at..])))
            else {
                break;
            };
            path = format!("{target}{rest}").trim_start_matches('/').to_owned();
            is_linked = true;
        }
        is_linked.then_some(path)
    }

    /// The sources below a folder (all sources for `""` or `.`), in path order.
    pub fn under(&self, folder: &str) -> impl Iterator<Item = SourceId> + '_ {
        let folder = self.behind_links(folder).unwrap_or_else(|| normalize(folder));
        let prefix = if folder.is_empty() { folder } else { format!("{folder}/") };
        let start = self.files.partition_point(|file| file.path.as_str() < prefix.as_str());
        self.files[start..]
            .iter()
            .take_while(move |file| file.path.starts_with(&prefix))
            .enumerate()
            .map(move |(offset, _)| SourceId(u32::try_from(start + offset).unwrap_or(u32::MAX)))
    }

    pub fn path(&self, id: SourceId) -> &str {
        &self.files[id.0 as usize].path
    }

    /// The folder of a source, `""` for the root.
    pub fn folder(&self, id: SourceId) -> &str {
        parent(self.path(id))
    }

    /// The text, without a byte order mark; empty where [`Sources::error`] tells why there is none.
    pub fn text(&self, id: SourceId) -> &str {
        &self.content(id).text
    }

    /// Why a source has no text.
    pub fn error(&self, id: SourceId) -> Option<&str> {
        self.content(id).error.as_deref()
    }

    /// Equal for equal texts.
    pub fn fingerprint(&self, id: SourceId) -> Fingerprint {
        let content = self.content(id);
        *content.fingerprint.get_or_init(|| {
            let mut hash = Sha256::new();
            hash.update(if content.error.is_some() { [1] } else { [0] });
            hash.update(content.error.as_deref().unwrap_or(&content.text));
            Fingerprint::half_of(hash)
        })
    }

    /// The sizes of what lies at or below a path, whether it is among the sources or not; `None` where
    /// nothing does. It is looked up once.
    pub fn measure(&self, path: &str) -> Option<Arc<Measure>> {
        let path = normalize(path);
        let known = self.measured.lock().ok().and_then(|measured| measured.get(&path).cloned());
        known.unwrap_or_else(|| {
            let measure = self.loader.measure(&path).map(Arc::new);
            if let Ok(mut measured) = self.measured.lock() {
                measured.insert(path, measure.clone());
            }
            measure
        })
    }

    /// Every path that was measured, with what was found there.
    pub fn measured(&self) -> Vec<(String, Option<Fingerprint>)> {
        let Ok(measured) = self.measured.lock() else { return Vec::new() };
        let mark = |measure: &Arc<Measure>| measure.fingerprint();
        measured.iter().map(|(path, measure)| (path.clone(), measure.as_ref().map(mark))).collect()
    }

    /// The sources whose texts were asked for, in path order.
    pub fn loaded(&self) -> impl Iterator<Item = SourceId> + '_ {
        self.ids().filter(|id| self.files[id.0 as usize].content.get().is_some())
    }

    /// Whether there is such a source in this run.
    pub fn contains(&self, id: SourceId) -> bool {
        (id.0 as usize) < self.files.len()
    }

    pub fn slice(&self, span: Span) -> &str {
        self.text(span.source).get(span.range()).unwrap_or("")
    }

    /// The line of a place, counted from 1.
    pub fn line_of(&self, source: SourceId, offset: u32) -> usize {
        self.content(source).line_starts().partition_point(|start| *start <= offset).max(1)
    }

    pub fn position(&self, source: SourceId, offset: u32) -> Position {
        let content = self.content(source);
        let line = self.line_of(source, offset);
        let start = content.line_starts()[line - 1] as usize;
        let column = content.text.get(start..offset as usize).map_or(0, |text| text.chars().count());
        Position { line, column: column + 1 }
    }

    /// Where a span starts and ends.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        (self.position(span.source, span.start), self.position(span.source, span.end))
    }

    /// The byte range of a line, counted from 1, without its line break.
    pub fn line(&self, source: SourceId, line: usize) -> Option<Span> {
        let content = self.content(source);
        let start = *content.line_starts().get(line.checked_sub(1)?)? as usize;
        let end = content.line_starts().get(line).map_or(content.text.len(), |next| *next as usize);
        let text = content.text.get(start..end)?;
        Some(Span::new(source, start, start + text.trim_end_matches(['\n', '\r']).len()))
    }

    fn content(&self, id: SourceId) -> &Content {
        let file = &self.files[id.0 as usize];
        file.content.get_or_init(|| {
            let (text, error) = match self.loader.load(&file.path) {
                Ok(text) => (text, None),
                Err(error) => (String::new(), Some(error)),
            };
            Content { text, error, line_starts: OnceLock::new(), fingerprint: OnceLock::new() }
        })
    }
}

/// Resolves `.` and `..` parts and turns `\` into `/`. Leading `..` parts stay.
pub fn normalize(path: &str) -> String {
    normalized(path.to_owned())
}

fn normalized(path: String) -> String {
    if is_normal(&path) {
        return path;
    }
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether nothing is to be resolved: no `\`, no empty part, no `.` or `..`.
fn is_normal(path: &str) -> bool {
    let bytes = path.as_bytes();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => return false,
            b'/' => {
                let part = &bytes[start..at];
                start = at + 1;
                if matches!(part, b"" | b"." | b"..") {
                    return false;
                }
            }
            _ => {}
        }
    }
    !matches!(&bytes[start..], b"" | b"." | b"..")
}

/// `path` as seen from `folder`, normalised.
pub fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { normalize(path) } else { normalized([folder, "/", path].concat()) }
}

/// `path` below `root` for display: `root` is kept as the user wrote it, so it may be absolute.
pub fn join_display(root: &str, path: &str) -> String {
    let mut root = root.trim_end_matches('/');
    let mut path = path;
    while let Some(rest) = path.strip_prefix("../") {
        let last = root.rsplit('/').next().unwrap_or_default();
        if matches!(last, "" | "." | "..") {
            break;
        }
        root = root.rsplit_once('/').map_or("", |(above, _)| above);
        path = rest;
    }
    if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
}

/// All but the last part of a path, `""` for a file at the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(texts: &[(&str, &str)]) -> Sources {
        Sources::in_memory(
            texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        )
    }

    #[test]
    fn positions_count_characters_from_one() {
        let sources = sources(&[("a.yaml", "é: 1\r\nb: 2\n")]);
        let id = sources.find("a.yaml").expect("it was given");
        assert_eq!(sources.position(id, 0), Position { line: 1, column: 1 });
        assert_eq!(sources.position(id, 2), Position { line: 1, column: 2 });
        assert_eq!(sources.position(id, 7), Position { line: 2, column: 1 });
        assert_eq!(sources.line(id, 1).map(|span| sources.slice(span)), Some("é: 1"));
        assert_eq!(sources.line(id, 2).map(|span| sources.slice(span)), Some("b: 2"));
    }

    #[test]
    fn folders_hold_their_own_files_only() {
        let sources = sources(&[("a/x.py", ""), ("a-b/y.py", ""), ("a/c/z.py", ""), ("b.py", "")]);
        let under =
            |folder: &str| sources.under(folder).map(|id| sources.path(id).to_owned()).collect::<Vec<_>>();
        assert_eq!(under("a"), ["a/c/z.py", "a/x.py"]);
        assert_eq!(under("").len(), 4);
        assert!(under("nothing").is_empty());
    }

    #[test]
    fn changed_texts_lie_over_the_others() {
        let before = sources(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let texts = [("b", None), ("c", Some("4")), ("d", Some("5"))];
        let after = before.changed(
            texts.into_iter().map(|(path, text)| (path.to_owned(), text.map(str::to_owned))).collect(),
        );
        let all: Vec<_> = after.ids().map(|id| (after.path(id), after.text(id))).collect();
        assert_eq!(all, [("a", "1"), ("c", "4"), ("d", "5")]);
        let again = after.changed([("c".to_owned(), Some("6".to_owned()))].into());
        assert_eq!((again.text(SourceId(1)), again.unchanged("c").as_deref()), ("6", Some("3")));
        assert_eq!((again.unchanged("d"), again.unchanged("b").as_deref()), (None, Some("2")));
    }

    #[test]
    fn sizes_are_of_files_and_of_what_folders_hold() {
        let texts = [("a/x.py", "12"), ("a/c/z.py", "345"), ("a-b/y.py", "6")];
        let texts: BTreeMap<String, String> =
            texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let sources = Sources::new(["a/x.py".to_owned()], Box::new(texts));
        let folder = sources.measure("./a/").expect("it holds files");
        assert_eq!(folder.files, [("c/z.py".to_owned(), 3), ("x.py".to_owned(), 2)]);
        assert_eq!((folder.bytes(), folder.is_whole), (5, true));
        assert_eq!(sources.measure("a/x.py").map(|file| file.files.clone()), Some(vec![(String::new(), 2)]));
        assert!(sources.measure("b").is_none());
        let marks: Vec<_> =
            sources.measured().into_iter().map(|(path, mark)| (path, mark.is_some())).collect();
        assert_eq!(marks, [("a".to_owned(), true), ("a/x.py".to_owned(), true), ("b".to_owned(), false)]);
    }

    #[test]
    fn a_link_is_another_name() {
        let texts: BTreeMap<String, String> =
            ["shared/db/client.py", "shared/log.py"].map(|path| (path.to_owned(), String::new())).into();
        let links = [("pages/a/common", "shared"), ("shared/deep", "pages/a/common/db"), ("loop", "loop")];
        let links = links.map(|(link, target)| (link.to_owned(), target.to_owned())).into();
        let sources = Sources::in_memory(texts).with_links(links);
        let found = |path: &str| sources.find(path).map(|id| sources.path(id).to_owned());
        assert_eq!(found("pages/a/common/log.py").as_deref(), Some("shared/log.py"));
        assert_eq!(found("pages/a/x/../common/deep/client.py").as_deref(), Some("shared/db/client.py"));
        assert_eq!(found("pages/b/common/log.py"), None);
        assert_eq!(found("loop/log.py"), None);
        assert_eq!(sources.under("pages/a/common/db").count(), 1);
        assert!(sources.changed(BTreeMap::new()).find("pages/a/common/log.py").is_some());
    }

    #[test]
    fn paths_are_normalised() {
        assert_eq!(normalize("./a//b/../c"), "a/c");
        assert_eq!(normalize("../../x"), "../../x");
        assert_eq!(join("services/cart", "../shared/db.py"), "services/shared/db.py");
        assert_eq!(join("", "./app.py"), "app.py");
    }
}
