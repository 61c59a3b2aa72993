//! `check --watch`: again after each change, and not after its own writing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::{SLOW, project};

/// Ends the process whatever the test comes to.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn lines(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (told, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if told.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

#[test]
fn a_change_is_checked_and_its_own_files_are_no_change() {
    let folder = project(&[("template.yaml", SLOW), ("slslint.toml", "select = ['gateway-timeout']\n")]);
    let child = Command::new(env!("CARGO_BIN_EXE_slslint"))
        .current_dir(folder.path())
        .args(["check", "--watch", "--format", "concise", "--output-format", "json=out.json"])
        .env("SLSLINT_CACHE_DIR", folder.path().join("cache"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut child = Ended(child);
    let waits = lines(child.0.stderr.take().expect("it is piped"));
    let found = lines(child.0.stdout.take().expect("it is piped"));
    let long = Duration::from_secs(60);
    let waiting = waits.recv_timeout(long).expect("it waits for changes");
    assert!(waiting.contains("waiting for changes"), "{waiting}");
    assert!(
        found.recv_timeout(long).expect("a finding").contains("template.yaml:9:16: error[gateway-timeout]")
    );
    assert!(waits.recv_timeout(Duration::from_millis(700)).is_err(), "its own output is no change");
    fs::write(folder.path().join("template.yaml"), format!("# moved\n{SLOW}")).expect("it can be written");
    let again = |line: &String| line.contains("template.yaml:10:16: error[gateway-timeout]");
    assert!((0..8).map_while(|_| found.recv_timeout(long).ok()).any(|line| again(&line)));
}
