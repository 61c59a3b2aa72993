//! Sizes of what lies on the disk and is no source: measured, and measured again.

use std::fs::File;
use std::path::Path;

use serde_json::Value;

use super::{out, project, slslint};

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs22.x
      Timeout: 10
";

/// Gives a file a size without writing that much.
fn resize(file: &Path, megabytes: u64) {
    let file = File::create(file).expect("it can be made");
    file.set_len(megabytes * 1024 * 1024).expect("it can grow");
}

#[test]
fn installed_packages_are_measured_in_every_run() {
    let folder = project(&[
        ("template.yaml", TEMPLATE),
        ("src/app.mjs", "import x from 'converter';\nexport const handler = async () => x();\n"),
        ("src/package.json", r#"{"dependencies": {"converter": "1.0.0"}}"#),
        ("src/node_modules/converter/package.json", "{}"),
    ]);
    let binary = folder.path().join("src/node_modules/converter/binary.node");
    let found = || {
        let output = slslint(folder.path(), &["check", "--select", "package-too-large", "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        report["findings"].as_array().cloned().unwrap_or_else(|| panic!("{}", out(&output)))
    };
    resize(&binary, 300);
    let over = found();
    assert_eq!(over[0]["severity"], "error", "{over:?}");
    assert_eq!(over[0]["evidence"][0]["text"], "`converter` 1.0.0: 300 MB (measured)");
    assert_eq!(over[0]["evidence"][0]["file"], "src/package.json");
    // Nothing but a size has changed since the report was kept.
    resize(&binary, 220);
    assert_eq!(found()[0]["severity"], "warning");
    resize(&binary, 20);
    assert!(found().is_empty());
}

#[cfg(unix)]
#[test]
fn code_behind_a_link_is_read_where_it_lies() {
    let folder = project(&[
        ("template.yaml", TEMPLATE),
        ("src/app.mjs", "import { save } from './common/store.mjs';\nexport const handler = save;\n"),
        (
            "shared/store.mjs",
            "import { S3 } from '@aws-sdk/client-s3';\nexport const save = (event) =>\n  new S3({}).putObject({ Bucket: 'b', Key: event.key });\n",
        ),
    ]);
    std::os::unix::fs::symlink("../shared", folder.path().join("src/common")).expect("it can be linked");
    let output = slslint(folder.path(), &["graph", "--format", "json"]);
    let graph: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let calls = &graph["functions"][0]["calls"];
    assert_eq!(calls[0]["operation"], "PutObject", "{}", out(&output));
    assert_eq!(calls[0]["file"], "shared/store.mjs");
    assert_eq!(calls.as_array().map(Vec::len), Some(1));
}
