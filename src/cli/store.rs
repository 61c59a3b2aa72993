//! The cache on disk: one file per analysed root, read at once and replaced at once.
//!
//! A file that is damaged, cut or of another version is as good as none. Runs at the same time each
//! write a whole file of their own and move it into place: the last one stays.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::cache::{Key, Store};

const MAGIC: &[u8; 8] = b"slslint\x01";
/// Of one file; what was used longest ago is left out first.
const MOST_BYTES: usize = 64 << 20;
/// Of all files together.
const MOST_BYTES_OF_ALL: u64 = 512 << 20;
/// A file that is still being written after this time never will be whole.
const LONGEST_WRITE: Duration = Duration::from_secs(600);
/// Results that were not asked for in this many writes are left out.
const OLDEST: u8 = 8;

/// Results kept in a file.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    /// What the file held when it was first asked.
    held: OnceLock<Held>,
    changes: Mutex<Changes>,
}

/// The bytes of a file, and where in it the results are.
#[derive(Debug, Default)]
struct Held {
    bytes: Vec<u8>,
    entries: BTreeMap<Key, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// Writes since it was last used.
    age: u8,
    value: Range<usize>,
}

impl Held {
    fn value(&self, entry: &Entry) -> &[u8] {
        self.bytes.get(entry.value.clone()).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Changes {
    saved: BTreeMap<Key, Vec<u8>>,
    used: BTreeSet<Key>,
}

impl Disk {
    /// The store of an analysed root; `None` where the system gives no place for it.
    pub fn of(root: &Path) -> Option<Self> {
        Some(Self::in_folder(&Self::folder()?, root))
    }

    fn in_folder(folder: &Path, root: &Path) -> Self {
        let name =
            Key::of([root.as_os_str().as_encoded_bytes(), env!("CARGO_PKG_VERSION").as_bytes(), &program()]);
        let name: String = name.0[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path: folder.join(format!("{name}.pack")), held: OnceLock::new(), changes: Mutex::default() }
    }

    /// The folder of all such files, which is no part of any project.
    pub fn folder() -> Option<PathBuf> {
        folder(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    /// Writes what is new. A cache that cannot be written is none: that is no error.
    pub fn write(&self) {
        let changes = self.changes();
        if changes.saved.is_empty() {
            return;
        }
        let _ = replace(&self.path, &self.packed(&changes));
        if let Some(folder) = self.path.parent() {
            evict(folder, &self.path);
        }
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> &Held {
        self.held.get_or_init(|| fs::read(&self.path).ok().and_then(unpack).unwrap_or_default())
    }

    fn packed(&self, changes: &Changes) -> Vec<u8> {
        let held = self.held();
        let aged = held.entries.iter().map(|(key, entry)| {
            let used = changes.used.contains(key);
            (*key, if used { 0 } else { entry.age.saturating_add(1) }, held.value(entry))
        });
        let mut entries: BTreeMap<Key, (u8, &[u8])> =
            aged.filter(|(_, age, _)| *age < OLDEST).map(|(key, age, value)| (key, (age, value))).collect();
        entries.extend(changes.saved.iter().map(|(key, value)| (*key, (0, value.as_slice()))));
        let mut entries: Vec<(Key, u8, &[u8])> =
            entries.into_iter().map(|(key, (age, value))| (key, age, value)).collect();
        entries.sort_by_key(|(key, age, _)| (*age, *key));
        let mut left = MOST_BYTES;
        entries.retain(|(_, _, value)| match left.checked_sub(value.len() + OVERHEAD) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        });
        pack(&entries)
    }
}

impl Store for Disk {
    fn load(&self, key: &Key) -> Option<Vec<u8>> {
        let held = self.held();
        let value = held.value(held.entries.get(key)?).to_vec();
        self.changes().used.insert(*key);
        Some(value)
    }

    fn save(&self, key: Key, value: Vec<u8>) {
        self.changes().saved.insert(key, value);
    }
}

/// `$SLSLINT_CACHE_DIR`, else `slslint` in the user's folder for caches.
fn folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let own = variable("SLSLINT_CACHE_DIR").map(PathBuf::from);
    let shared = || {
        let home = || Some(PathBuf::from(variable("HOME")?).join(".cache"));
        let caches = variable("XDG_CACHE_HOME").or_else(|| variable("LOCALAPPDATA")).map(PathBuf::from);
        Some(caches.or_else(home)?.join("slslint"))
    };
    own.or_else(shared)
}

/// What tells builds of one version apart, for those who work on the program itself.
fn program() -> Vec<u8> {
    let found = std::env::current_exe().and_then(fs::metadata);
    let Ok(found) = found else { return Vec::new() };
    let built = if cfg!(debug_assertions) { found.modified().ok() } else { None };
    let built = built.and_then(|built| built.duration_since(SystemTime::UNIX_EPOCH).ok());
    format!("{} {built:?}", found.len()).into_bytes()
}

/// Key, age, length.
const OVERHEAD: usize = 32 + 1 + 4;

/// The magic number, a checksum of the rest, and the entries one after the other.
fn pack(entries: &[(Key, u8, &[u8])]) -> Vec<u8> {
    let mut rest = Vec::with_capacity(entries.iter().map(|(_, _, value)| value.len() + OVERHEAD).sum());
    for (key, age, value) in entries {
        let Ok(length) = u32::try_from(value.len()) else { continue };
        rest.extend_from_slice(&key.0);
        rest.push(*age);
        rest.extend_from_slice(&length.to_le_bytes());
        rest.extend_from_slice(value);
    }
    let mut packed = MAGIC.to_vec();
    packed.extend_from_slice(&Sha256::digest(&rest));
    packed.append(&mut rest);
    packed
}

fn unpack(bytes: Vec<u8>) -> Option<Held> {
    let (checksum, mut rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<32>()?;
    if Sha256::digest(rest)[..] != checksum[..] {
        return None;
    }
    let mut entries = BTreeMap::new();
    while let Some((key, after)) = rest.split_first_chunk::<32>() {
        let ([age], after) = after.split_first_chunk::<1>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let start = bytes.len() - after.len();
        let (value, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        entries.insert(Key(*key), Entry { age: *age, value: start..start + value.len() });
        rest = after;
    }
    rest.is_empty().then_some(())?;
    Some(Held { bytes, entries })
}

/// Puts a whole file in the place of another.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // No two writers have the same name, in whichever container they run.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    let thread = std::thread::current().id();
    let own = path.with_extension(format!("{}-{thread:?}-{now}.tmp", std::process::id()));
    let written = fs::write(&own, bytes).and_then(|()| fs::rename(&own, path));
    if written.is_err() {
        let _ = fs::remove_file(&own);
    }
    written
}

/// Removes files, those written longest ago first, until all together are small enough; and what
/// runs that were stopped have left.
fn evict(folder: &Path, keep: &Path) {
    let Ok(files) = fs::read_dir(folder) else { return };
    let mut files: Vec<(SystemTime, u64, PathBuf)> = files
        .filter_map(|file| {
            let file = file.ok()?;
            let ours =
                |path: &Path| path.extension().is_some_and(|ending| ending == "pack" || ending == "tmp");
            let found = file.metadata().ok()?;
            Some((found.modified().ok()?, found.len(), file.path())).filter(|(_, _, path)| ours(path))
        })
        .collect();
    files.sort();
    let mut all: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (modified, size, path) in files {
        let left = path.extension().is_some_and(|ending| ending == "tmp")
            && modified.elapsed().is_ok_and(|age| age > LONGEST_WRITE);
        if (left || all > MOST_BYTES_OF_ALL) && path != keep && fs::remove_file(&path).is_ok() {
            all = all.saturating_sub(size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> Key {
        Key([number; 32])
    }

    fn kept(folder: &Path, number: u8) -> Option<Vec<u8>> {
        Disk::in_folder(folder, Path::new("/project")).load(&key(number))
    }

    fn keep(folder: &Path, number: u8, value: &[u8]) {
        let disk = Disk::in_folder(folder, Path::new("/project"));
        disk.save(key(number), value.to_vec());
        disk.write();
    }

    #[test]
    fn what_is_saved_is_there_in_the_next_run() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(kept(folder.path(), 1), None);
        keep(folder.path(), 1, b"one");
        keep(folder.path(), 2, b"two");
        assert_eq!(kept(folder.path(), 1).as_deref(), Some(&b"one"[..]));
        assert_eq!(kept(folder.path(), 2).as_deref(), Some(&b"two"[..]));
        assert_eq!(Disk::in_folder(folder.path(), Path::new("/moved")).load(&key(1)), None);
    }

    #[test]
    fn a_damaged_file_is_none_and_is_written_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        keep(folder.path(), 1, b"one");
        let path = Disk::in_folder(folder.path(), Path::new("/project")).path;
        let whole = fs::read(&path).expect("it was written");
        let cuts = (0..whole.len()).map(|end| whole[..end].to_vec());
        let flips = (0..whole.len()).map(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            bytes
        });
        for damaged in cuts.chain(flips) {
            fs::write(&path, damaged).expect("it can be written");
            assert_eq!(kept(folder.path(), 1), None);
        }
        keep(folder.path(), 1, b"one");
        assert_eq!(kept(folder.path(), 1).as_deref(), Some(&b"one"[..]));
    }

    #[test]
    fn runs_at_the_same_time_leave_a_whole_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let values: Vec<Vec<u8>> = (0..8).map(|number| vec![number; 10_000]).collect();
        std::thread::scope(|scope| {
            for (number, value) in (0..).zip(&values) {
                scope.spawn(move || keep(path, number, value));
            }
        });
        let disk = Disk::in_folder(folder.path(), Path::new("/project"));
        let held = disk.held();
        assert!(!held.entries.is_empty());
        for (key, entry) in &held.entries {
            assert_eq!(held.value(entry), values[usize::from(key.0[0])]);
        }
    }

    #[test]
    fn what_nobody_asks_for_is_left_out_in_time() {
        let folder = tempfile::tempdir().expect("a folder");
        keep(folder.path(), 1, b"one");
        for number in 2..2 + OLDEST {
            assert!(kept(folder.path(), 1).is_some(), "at {number}");
            keep(folder.path(), number, b"other");
        }
        assert_eq!(kept(folder.path(), 1), None);
        assert!(kept(folder.path(), 2).is_some());
    }

    #[test]
    fn the_folder_is_the_first_that_is_named() {
        let folder_with = |known: &[(&str, &str)]| {
            folder(|name| known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
        };
        let all = [("SLSLINT_CACHE_DIR", "/own"), ("XDG_CACHE_HOME", "/xdg"), ("HOME", "/home/me")];
        assert_eq!(folder_with(&all), Some("/own".into()));
        assert_eq!(folder_with(&all[1..]), Some("/xdg/slslint".into()));
        assert_eq!(folder_with(&all[2..]), Some("/home/me/.cache/slslint".into()));
        assert_eq!(folder_with(&[]), None);
    }
}
