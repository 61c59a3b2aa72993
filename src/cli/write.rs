//! Writing changed files of a project, each as a whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::refactor::series::File;

/// The byte order mark, which texts in memory do not have.
const MARK: &str = "\u{feff}";

/// Writes, makes and deletes files. All new texts lie on disk before the first file is replaced.
///
/// # Errors
/// A file that cannot be written; those before it are.
pub(super) fn all(root: &Path, files: &[File]) -> Result<(), Failure> {
    let mut ready = Vec::new();
    for file in files {
        let path = root.join(&file.path);
        let failed = |error: io::Error| Failure(format!("{}: {error}", path.display()));
        if let Some(text) = &file.after {
            ready.push(prepare(&path, text).map_err(failed)?);
        }
    }
    for (new, path) in ready {
        fs::rename(&new, &path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
    }
    for file in files.iter().filter(|file| file.after.is_none()) {
        let path = root.join(&file.path);
        fs::remove_file(&path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
        // Folders that are empty now are not there in version control either.
        let mut above = path.ancestors().skip(1).take_while(|folder| *folder != root);
        while above.next().is_some_and(|folder| fs::remove_dir(folder).is_ok()) {}
    }
    Ok(())
}

/// The new text beside its file, with the file's permissions; and the file.
fn prepare(path: &Path, text: &str) -> io::Result<(PathBuf, PathBuf)> {
    // A link is followed, so that it stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let new = target.with_file_name(format!(".{name}.slslint"));
    let marked = fs::read(&target).is_ok_and(|old| old.starts_with(MARK.as_bytes()));
    fs::write(&new, if marked { format!("{MARK}{text}") } else { text.to_owned() })?;
    if let Ok(old) = fs::metadata(&target) {
        fs::set_permissions(&new, old.permissions())?;
    }
    Ok((new, target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_made_and_deleted() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("gone/deep/er")).expect("a folder");
        fs::create_dir_all(root.join("kept/gone")).expect("a folder");
        for path in ["gone/a.py", "gone/deep/er/a.py", "kept/gone/a.py", "kept/b.py"] {
            fs::write(root.join(path), "x").expect("a file");
        }
        fs::write(root.join("b.yaml"), format!("{MARK}old")).expect("a file");
        let file = |path: &str, after: Option<&str>| File {
            path: path.to_owned(),
            before: None,
            after: after.map(str::to_owned),
        };
        let files = [
            file("gone/a.py", None),
            file("gone/deep/er/a.py", None),
            file("kept/gone/a.py", None),
            file("b.yaml", Some("new")),
            file("c/d.json", Some("{}")),
        ];
        all(root, &files).expect("they can be written");
        assert!(!root.join("gone").exists());
        assert!(!root.join("kept/gone").exists() && root.join("kept/b.py").exists());
        assert_eq!(fs::read_to_string(root.join("b.yaml")).expect("a file"), format!("{MARK}new"));
        assert_eq!(fs::read_to_string(root.join("c/d.json")).expect("a file"), "{}");
        let left = fs::read_dir(root).expect("a folder").count();
        assert_eq!(left, 3);
    }
}
