//! What is deployed, measured and estimated.

use std::collections::BTreeMap;

use super::*;
use crate::source::{Loader, Measure};
use crate::template;

/// Files that are listed, and others that only lie on the disk, with sizes that texts in memory need not
/// have.
struct Disk {
    texts: BTreeMap<String, String>,
    sizes: Vec<(&'static str, u64)>,
}

impl Loader for Disk {
    fn load(&self, path: &str) -> Result<String, String> {
        self.texts.load(path)
    }

    fn measure(&self, path: &str) -> Option<Measure> {
        let inside =
            |known: &str| known.strip_prefix(path).map(|rest| rest.trim_start_matches('/').to_owned());
        let texts = self.texts.iter().map(|(known, text)| (known.as_str(), text.len() as u64));
        let all = self.sizes.iter().copied().chain(texts);
        let files = all.filter_map(|(known, size)| Some((inside(known)?, size)));
        Measure::of(files.collect(), true)
    }
}

fn packaging(texts: &[(&str, &str)], sizes: &[(&'static str, u64)]) -> (Graph, Packaging) {
    let texts: BTreeMap<String, String> =
        texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let paths: Vec<String> = texts.keys().cloned().collect();
    let sources = Sources::new(paths, Box::new(Disk { texts, sizes: sizes.to_vec() }));
    let graph = crate::graph::link(template::parse_all(&sources, &|_| false, &[]).templates, &sources).0;
    let packaging = Packaging::of(&graph, &sources);
    (graph, packaging)
}

const TEMPLATE: (&str, &str) = (
    "template.yaml",
    "Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler}}
Resources:
  Get: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/, Layers: [!Ref Shared]}}
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
",
);

/// `name version: bytes basis` of each item.
fn items(package: Option<&Package>) -> Vec<String> {
    let told = |item: &Item| {
        let basis = match item.basis {
            Basis::Measured => "measured",
            Basis::Locked => "locked",
            Basis::Estimated(_) => "estimated",
            Basis::Unknown => "unknown",
        };
        format!("{} {}: {} {basis}", item.name, item.version.as_deref().unwrap_or("?"), item.bytes)
    };
    package.map_or_else(Vec::new, |package| package.items.iter().map(told).collect())
}

#[test]
fn what_is_declared_is_estimated_with_what_it_brings() {
    let files = [TEMPLATE, ("src/app.py", ""), ("src/requirements.txt", "pandas==2.2.3\nrequests\n")];
    let (graph, packaging) = packaging(&files, &[("src/model.onnx", 7), ("src/app.pyc", 9)]);
    let package = packaging.function(&graph.functions[0]);
    let expected =
        ["numpy ?: 52770964 estimated", "pandas 2.2.3: 41484001 estimated", "requests ?: 0 unknown"];
    assert_eq!(items(package), expected, "the model is not among the sources");
    assert!(package.is_some_and(|package| package.built == Built::Installed && !package.is_measured()));
}

#[test]
fn own_files_that_may_weigh_something_are_measured() {
    let files = [TEMPLATE, ("src/app.py", ""), ("src/model.onnx", ""), ("src/a.json", "{}")];
    let (graph, packaging) = packaging(&files, &[("src/model.onnx", 7)]);
    assert_eq!(items(packaging.function(&graph.functions[0])), ["src/model.onnx ?: 7 measured"]);
}

#[test]
fn a_layer_that_is_not_built_is_measured_by_package() {
    let sizes = [
        ("layer/python/yaml/__init__.py", 100),
        ("layer/python/yaml/_yaml.so", 1000),
        ("layer/python/pyyaml-6.0.dist-info/RECORD", 10),
        ("layer/python/lib/python3.13/site-packages/attr/x.py", 5),
    ];
    let (graph, packaging) = packaging(&[TEMPLATE, ("src/app.py", "")], &sizes);
    let expected = ["yaml ?: 1100 measured", "pyyaml 6.0: 10 measured", "attr ?: 5 measured"];
    assert_eq!(items(packaging.layer(&graph.layers[0])), expected);
    let of_function: Vec<&str> =
        layers_of(&graph, &graph.functions[0]).iter().map(|layer| layer.id.text.as_str()).collect();
    assert_eq!(of_function, ["Shared"]);
}

#[test]
fn what_a_build_left_counts_while_it_is_of_the_same_code() {
    let files = [TEMPLATE, ("src/app.py", "x = 1"), ("src/requirements.txt", "pandas")];
    let left = |code: u64| {
        [
            (".aws-sam/build.toml", 1),
            (".aws-sam/build/Get/app.py", code),
            (".aws-sam/build/Get/requirements.txt", 6),
            (".aws-sam/build/Get/pandas/x.so", 1000),
            (".aws-sam/build/Get/pandas-2.2.3.dist-info/RECORD", 20),
        ]
    };
    let (graph, current) = packaging(&files, &left(5));
    assert!(items(current.function(&graph.functions[0])).contains(&"pandas 2.2.3: 1020 measured".to_owned()));
    let (graph, old) = packaging(&files, &left(4));
    let items = items(old.function(&graph.functions[0]));
    assert!(items.contains(&"pandas ?: 41484001 estimated".to_owned()), "{items:?}");
}

#[test]
fn installed_packages_are_measured() {
    let template = TEMPLATE.1.replace("python3.13", "nodejs22.x");
    let files = [
        ("template.yaml", template.as_str()),
        ("src/app.mjs", ""),
        ("src/package.json", r#"{"dependencies": {"@scope/a": "1.0.0", "googleapis": "*", "c": "*"}}"#),
    ];
    let sizes = [
        ("src/node_modules/@scope/a/index.js", 30),
        ("src/node_modules/c/x.js", 4),
        ("src/node_modules/jest/x.js", 9),
    ];
    let (graph, packaging) = packaging(&files, &sizes);
    let expected = ["googleapis ?: 213050164 estimated", "@scope/a 1.0.0: 30 measured", "c ?: 4 measured"];
    assert_eq!(items(packaging.function(&graph.functions[0])), expected);
}

#[test]
fn where_builds_are_not_known_nothing_is_said() {
    let requirements = ("src/requirements.txt", "pandas");
    let made = TEMPLATE.1.replace("  Shared:", "    Metadata: {BuildMethod: makefile}\n  Shared:").replace(
        "  Get: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/, Layers: [!Ref Shared]}}",
        "  Get:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: src/}",
    );
    let image = TEMPLATE.1.replace("CodeUri: src/", "PackageType: Image");
    let remote = TEMPLATE.1.replace("CodeUri: src/", "CodeUri: s3://bucket/key");
    for text in [made, image, remote] {
        let (graph, packaging) = packaging(&[("template.yaml", &text), requirements], &[]);
        assert!(items(packaging.function(&graph.functions[0])).is_empty(), "{text}");
    }
}
