//! `slslint check --watch`: the same run again whenever a file changes.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecursiveMode, Watcher};

use super::{Exit, Failure, complain, files, print, store};

/// Editors and checkouts change several files at once; the run waits until they are quiet.
const QUIET: Duration = Duration::from_millis(150);

/// Runs, and runs again after each change below the repository of a root, until the process is ended.
/// Files that the run itself writes do not count.
///
/// # Errors
/// Files that cannot be watched. A run that fails is told, and the next may do better.
pub fn run(
    root: &Path,
    written: Vec<PathBuf>,
    once: impl Fn() -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let top = files::repository(root).unwrap_or_else(|| root.to_owned());
    let (changed, changes) = mpsc::channel();
    let mut own = written;
    // The first run makes the folder of the cache, which may lie below.
    own.extend(
        store::Disk::folder()
            .and_then(|folder| folder.canonicalize().or_else(|_| std::path::absolute(&folder)).ok()),
    );
    let within = top.clone();
    let tell = move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| matters(&event, &within, &own)) {
            let _ = changed.send(());
        }
    };
    let failed =
        |error: notify::Error| Failure(format!("{} cannot be watched: {error}", files::for_people(&top)));
    let mut watcher = notify::recommended_watcher(tell).map_err(failed)?;
    watcher.watch(&top, RecursiveMode::Recursive).map_err(failed)?;
    loop {
        if io::stdout().is_terminal() {
            // The screen is wiped and the cursor put at its top; what was scrolled away stays.
            print("\u{1b}[2J\u{1b}[H");
        }
        if let Err(Failure(text)) = once() {
            complain(&text);
        }
        complain("waiting for changes; Ctrl-C ends");
        if changes.recv().is_err() {
            return Ok(Exit::Clean);
        }
        while changes.recv_timeout(QUIET) != Err(RecvTimeoutError::Timeout) {}
    }
}

/// Whether an event is about the text of a file that is looked at.
fn matters(event: &Event, top: &Path, own: &[PathBuf]) -> bool {
    let is_change = match event.kind {
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    let is_looked_at = |path: &PathBuf| {
        let below = path.strip_prefix(top).unwrap_or(path).to_string_lossy().replace('\\', "/");
        !files::is_skipped(&below) && !own.iter().any(|own| path.starts_with(own))
    };
    is_change && event.paths.iter().any(is_looked_at)
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, MetadataKind};

    use super::*;

    #[test]
    fn what_is_not_looked_at_does_not_matter() {
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        let edit = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let touch = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));
        let matters = |event: &Event| matters(event, Path::new("/p"), &["/p/cache".into()]);
        assert!(matters(&event(edit, "/p/src/app.py")));
        assert!(matters(&event(EventKind::Create(CreateKind::File), "/p/new.yaml")));
        assert!(!matters(&event(touch, "/p/src/app.py")));
        assert!(!matters(&event(edit, "/p/.git/index")));
        assert!(!matters(&event(edit, "/p/node_modules/x/index.js")));
        assert!(!matters(&event(edit, "/p/cache/a.pack")));
    }
}
