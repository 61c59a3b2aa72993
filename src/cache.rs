//! Results that are kept between runs, and are right as long as they are given.
//!
//! A result is kept with a fingerprint of every text it was made from, under a key of everything
//! else: the version, the paths of the run, and what was asked. It holds if all the texts are still
//! the same: whoever would compute it anew, asks for the same text first, finds it unchanged, and so
//! comes to the same next text, until the result. What is not a pure function of these must not be
//! kept here.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::source::{Fingerprint, SourceId, Sources};

/// Where results are kept. It may forget anything at any time; what it gives is what was saved.
pub trait Store: Sync {
    fn load(&self, key: &Key) -> Option<Vec<u8>>;
    fn save(&self, key: Key, value: Vec<u8>);
}

/// Names a result by a hash of what it depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 32]);

impl Key {
    /// The key of some parts, none of which runs into its neighbour.
    pub fn of<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// The kept results of one set of sources.
#[derive(Clone, Copy)]
pub struct Cache<'a> {
    store: &'a dyn Store,
    sources: &'a Sources,
    /// Of all paths and links: what is found, and which number a source has, depends on them.
    paths: Key,
}

impl fmt::Debug for Cache<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Cache({:?})", self.paths)
    }
}

/// A result with what it was made from.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    read: Vec<(SourceId, Fingerprint)>,
    result: T,
}

impl<'a> Cache<'a> {
    pub fn new(store: &'a dyn Store, sources: &'a Sources) -> Self {
        let links = sources.links().flat_map(|(link, target)| [link.as_bytes(), target.as_bytes()]);
        let paths = Key::of(sources.ids().map(|id| sources.path(id).as_bytes()).chain(links));
        Self { store, sources, paths }
    }

    /// The result of a kind that was kept for the same question, if no text has changed since.
    pub fn recall<T: DeserializeOwned>(&self, kind: &str, asked: &str) -> Option<T> {
        let kept: Kept<T> = decoded(&self.store.load(&self.key(kind, asked))?)?;
        let same = |(source, then): &(SourceId, Fingerprint)| {
            self.sources.contains(*source) && self.sources.fingerprint(*source) == *then
        };
        kept.read.iter().all(same).then_some(kept.result)
    }

    /// Keeps a result that was made from these texts, the paths, and what was asked, alone.
    pub fn keep<T: Serialize>(
        &self,
        kind: &str,
        asked: &str,
        read: impl IntoIterator<Item = SourceId>,
        result: T,
    ) {
        let read = read.into_iter().map(|id| (id, self.sources.fingerprint(id))).collect();
        if let Some(value) = encoded(&Kept { read, result }) {
            self.store.save(self.key(kind, asked), value);
        }
    }

    /// A result that depends on nothing but what is asked: on no path and on no text.
    pub fn recall_pure<T: DeserializeOwned>(&self, kind: &str, asked: &str) -> Option<T> {
        decoded(&self.store.load(&pure(kind, asked))?)
    }

    /// Keeps such a result.
    pub fn keep_pure<T: Serialize>(&self, kind: &str, asked: &str, result: &T) {
        if let Some(value) = encoded(result) {
            self.store.save(pure(kind, asked), value);
        }
    }

    fn key(&self, kind: &str, asked: &str) -> Key {
        Key::of([VERSION.as_bytes(), kind.as_bytes(), &self.paths.0, asked.as_bytes()])
    }
}

/// Another version may come to other results; the number counts the forms that results are kept in.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+8");

fn pure(kind: &str, asked: &str) -> Key {
    Key::of([VERSION.as_bytes(), kind.as_bytes(), asked.as_bytes()])
}

fn encoded<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    postcard::to_stdvec(value).ok()
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
pub(crate) mod testing {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::{Key, Store};

    /// Keeps everything, and counts what it was able to give.
    #[derive(Debug, Default)]
    pub(crate) struct Memory {
        pub(crate) kept: Mutex<BTreeMap<Key, Vec<u8>>>,
        pub(crate) given: Mutex<usize>,
    }

    impl Store for Memory {
        fn load(&self, key: &Key) -> Option<Vec<u8>> {
            let value = self.kept.lock().expect("no test panics with it").get(key).cloned();
            *self.given.lock().expect("no test panics with it") += usize::from(value.is_some());
            value
        }

        fn save(&self, key: Key, value: Vec<u8>) {
            self.kept.lock().expect("no test panics with it").insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::testing::Memory;
    use super::*;

    fn sources(texts: &[(&str, &str)]) -> Sources {
        let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Sources::in_memory(texts.collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn a_result_holds_while_its_texts_and_the_paths_are_the_same() {
        let store = Memory::default();
        let first = sources(&[("a.py", "1"), ("b.py", "2")]);
        let read = first.find("a.py");
        Cache::new(&store, &first).keep("sum", "a", read, 3_u32);
        let recalled = |texts: &[(&str, &str)], asked: &str| {
            Cache::new(&store, &sources(texts)).recall::<u32>("sum", asked)
        };
        assert_eq!(recalled(&[("a.py", "1"), ("b.py", "other")], "a"), Some(3), "b.py was not read");
        assert_eq!(recalled(&[("a.py", "1 "), ("b.py", "2")], "a"), None, "a.py was");
        assert_eq!(recalled(&[("a.py", "1"), ("b.py", "2"), ("c.py", "")], "a"), None, "c.py may be found");
        assert_eq!(recalled(&[("a.py", "1"), ("b.py", "2")], "b"), None, "it was not asked");
    }

    #[test]
    fn damaged_values_are_no_results() {
        let store = Memory::default();
        let sources = sources(&[("a.py", "1")]);
        let cache = Cache::new(&store, &sources);
        cache.keep("text", "a", sources.find("a.py"), "result".to_owned());
        let (key, value) = store.kept.lock().expect("fresh").pop_first().expect("one was kept");
        for end in 0..value.len() {
            store.save(key, value[..end].to_vec());
            assert_eq!(cache.recall::<String>("text", "a"), None);
        }
        store.save(key, value);
        assert_eq!(cache.recall::<String>("text", "a").as_deref(), Some("result"));
    }
}
