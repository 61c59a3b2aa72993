//! What the path of a file says: its folders, its name, whether it is a test or installed.

use super::conventions::CONVENTIONS;

/// Whether a path ends with another, at a boundary of parts.
pub(super) fn ends_with(path: &str, suffix: &str) -> bool {
    path.strip_suffix(suffix).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// Whether a path lies in a folder (`""` holds all).
pub(super) fn within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A path without the ending of its name.
pub(super) fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') && !stem.is_empty() => stem,
        _ => path,
    }
}

/// The folders from one up to the root, `""` last.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        if folder.is_empty() { None } else { Some(crate::source::parent(folder)) }
    })
}

/// Whether a path lies among installed packages or what a build leaves.
pub(super) fn is_foreign(path: &str) -> bool {
    path.split('/').any(|part| CONVENTIONS.foreign_folders.iter().any(|folder| folder == part))
}

/// Whether a file is a test, a declaration, or lies among tests.
pub(super) fn is_test(path: &str) -> bool {
    let name = file_name(path);
    CONVENTIONS.test_marks.iter().any(|mark| name.contains(mark.as_str()))
        || name.starts_with("test_")
        || path.split('/').any(|part| CONVENTIONS.test_folders.iter().any(|folder| folder == part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_paths() {
        assert!(ends_with("a/b/c.py", "b/c.py") && !ends_with("a/xb/c.py", "b/c.py"));
        assert!(within("a/b", "a") && within("a", "a") && !within("ab", "a"));
        assert_eq!(without_extension("a.b/c"), "a.b/c");
        assert_eq!(without_extension("a/c.test.ts"), "a/c.test");
        assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert!(is_test("src/tests/a.py") && is_test("a.spec.ts") && !is_test("src/contest.py"));
    }
}
