//! A sign of life on a terminal, for runs that take long.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::source::Sources;

/// Quicker runs say nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(200);

/// Does some work on some sources. Where standard error is a terminal and the work takes longer than a
/// second, a line there tells how long it has gone on and how many files it has read; the line is gone
/// when the work is done.
pub fn during<T>(what: &str, sources: &Sources, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (done, over) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || tell(what, sources, &over));
        let result = work();
        drop(done);
        result
    })
}

fn tell(what: &str, sources: &Sources, over: &mpsc::Receiver<()>) {
    let start = Instant::now();
    let mut wait = PATIENCE;
    let mut told = false;
    while over.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        let seconds = start.elapsed().as_secs();
        let read = sources.loaded().count();
        // Back to the start of the line, and the rest of it wiped.
        let _ = write!(io::stderr().lock(), "\r\u{1b}[2Kslslint: {what}: {read} files read, {seconds} s");
        let _ = io::stderr().flush();
        told = true;
        wait = STEP;
    }
    if told {
        let _ = write!(io::stderr().lock(), "\r\u{1b}[2K");
        let _ = io::stderr().flush();
    }
}
