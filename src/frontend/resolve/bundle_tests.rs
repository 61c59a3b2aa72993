//! Where imports of each kind lead.

use std::collections::BTreeMap;

use super::*;
use crate::ir::Target;
use crate::source::Sources;

struct Case {
    sources: Sources,
    spec: HandlerSpec,
}

impl Case {
    fn new(runtime: &str, code: &str, handler: &str, texts: &[(&str, &str)]) -> Self {
        let sources = Sources::in_memory(
            texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        );
        let spec = HandlerSpec {
            logical_id: "Get".to_owned(),
            runtime: Some(runtime.to_owned()),
            handler: Some(handler.to_owned()),
            code: Code::Folder(code.to_owned()),
            ..HandlerSpec::default()
        };
        Self { sources, spec }
    }

    fn layer(mut self, folder: &str) -> Self {
        self.spec.layers.push(LayerCode { folder: folder.to_owned() });
        self
    }

    /// All links as `importer: text -> where`, sorted.
    fn links(&self) -> Vec<String> {
        let project = Project::new(&self.sources);
        let bundle =
            bundle(&resolve(&self.spec, &project), &self.spec, &project).expect("the handler is there");
        let mut links: Vec<String> = bundle
            .program
            .links
            .iter()
            .map(|((from, text), target)| {
                let target = match target {
                    Target::Local(source) => self.sources.path(*source).to_owned(),
                    Target::Package(name) => format!("package {name}"),
                    Target::Missing => "missing".to_owned(),
                };
                format!("{}: {text} -> {target}", self.sources.path(*from))
            })
            .collect();
        links.sort();
        links
    }
}

#[test]
fn python_imports() {
    let case = Case::new(
        "python3.13",
        "api",
        "src/app.handler",
        &[
            (
                "api/src/app.py",
                "import json, boto3\nfrom . import db\nfrom .gone import x\nfrom src.lib import money, tax\nimport src.lib.tax\nfrom shared.log import log\n",
            ),
            ("api/src/db.py", ""),
            ("api/src/lib/__init__.py", "money = 1"),
            ("api/src/lib/tax.py", ""),
            ("api/src/lib/money.py", ""),
            ("shared/log.py", ""),
        ],
    );
    assert_eq!(
        case.links(),
        [
            // `from . import db`: the folder is a namespace package, `db` a module in it.
            "api/src/app.py: . -> package .",
            "api/src/app.py: .db -> api/src/db.py",
            "api/src/app.py: .gone -> missing",
            "api/src/app.py: boto3 -> package boto3",
            "api/src/app.py: json -> package json",
            "api/src/app.py: shared.log -> shared/log.py",
            "api/src/app.py: src -> package src",
            // `money` is bound by the package, `tax` is not.
            "api/src/app.py: src.lib -> api/src/lib/__init__.py",
            "api/src/app.py: src.lib.tax -> api/src/lib/tax.py",
            "api/src/lib/__init__.py: .tax -> api/src/lib/tax.py",
        ]
    );
}

#[test]
fn a_package_takes_modules_from_itself() {
    let case = Case::new(
        "python3.13",
        "api",
        "app.handler",
        &[
            ("api/app.py", "from src.api import week"),
            ("api/src/api/__init__.py", "from src.api import week\nfrom . import day"),
            ("api/src/api/week.py", ""),
            ("api/src/api/day.py", ""),
        ],
    );
    let links = case.links();
    for link in [
        "api/src/api/__init__.py: src.api.week -> api/src/api/week.py",
        "api/src/api/__init__.py: .day -> api/src/api/day.py",
        "api/src/api/__init__.py: .week -> api/src/api/week.py",
    ] {
        assert!(links.iter().any(|have| have == link), "{link} in {links:#?}");
    }
}

#[test]
fn python_layers() {
    let texts = [
        ("fn/app.py", "import db\nimport built\nimport requests\nimport log"),
        ("layers/one/python/db.py", ""),
        ("layers/one/python/lib/python3.13/site-packages/log.py", ""),
        ("layers/two/built/__init__.py", ""),
        // Left by an installer: as good as not being there.
        ("fn/requests/__init__.py", ""),
        ("fn/requests-2.0.dist-info/METADATA", ""),
    ];
    let case = Case::new("python3.13", "fn", "app.handler", &texts).layer("layers/one").layer("layers/two");
    assert_eq!(
        case.links(),
        [
            "fn/app.py: built -> layers/two/built/__init__.py",
            "fn/app.py: db -> layers/one/python/db.py",
            "fn/app.py: log -> layers/one/python/lib/python3.13/site-packages/log.py",
            "fn/app.py: requests -> package requests",
        ]
    );
}

#[test]
fn python_code_that_a_build_puts_on_the_path() {
    let texts = [
        (
            "fn/src/app.py",
            "import common_db\nimport settings\nimport logging\nimport two\nfrom acme.db import x",
        ),
        ("layers/common_db.py", "x = 1"),
        ("other/layers/common_db.py", "x = 1"),
        ("settings.py", ""),
        ("logging.py", "not the standard one"),
        ("layers/core/python/acme/db.py", ""),
        ("a/shared/two.py", "a"),
        ("b/shared/two.py", "b"),
    ];
    assert_eq!(
        Case::new("python3.13", "fn/src", "app.handler", &texts).links(),
        [
            // A namespace package of a layer that is not in the template.
            "fn/src/app.py: acme.db -> layers/core/python/acme/db.py",
            "fn/src/app.py: common_db -> layers/common_db.py",
            "fn/src/app.py: logging -> package logging",
            "fn/src/app.py: settings -> settings.py",
            "fn/src/app.py: two -> package two",
        ]
    );
}

#[test]
fn javascript_imports() {
    let case = Case::new(
        "nodejs22.x",
        "api",
        "src/app.handler",
        &[
            (
                "api/src/app.ts",
                "import a from './a.js';\nimport * as b from './b';\nimport {c} from '../gone';\nimport '@aws-sdk/client-s3';\nimport data from './data.json';\nimport d from '@/d';\nconst e = require('@org/shared');\nimport f from '@org/shared/deep/f';\nimport '#g';\nimport fs from 'node:fs';\nuse(a, b, c, data, d, f, fs);\n",
            ),
            ("api/src/a.ts", ""),
            ("api/src/b/index.ts", ""),
            ("api/src/data.json", "{\"a\": [1]}"),
            ("api/src/d.ts", ""),
            ("api/src/g.ts", ""),
            ("api/package.json", "{\"name\": \"api\", \"imports\": {\"#g\": \"./src/g.ts\"}}"),
            ("api/tsconfig.json", "{ // ours\n \"extends\": \"../tsconfig.base.json\", }"),
            ("tsconfig.base.json", "{\"compilerOptions\": {\"paths\": {\"@/*\": [\"api/src/*\"]}}}"),
            ("packages/shared/package.json", "{\"name\": \"@org/shared\", \"main\": \"dist/main.js\"}"),
            ("packages/shared/src/main.ts", ""),
            ("packages/shared/src/deep/f.ts", ""),
        ],
    );
    assert_eq!(
        case.links(),
        [
            "api/src/app.ts: #g -> api/src/g.ts",
            "api/src/app.ts: ../gone -> missing",
            "api/src/app.ts: ./a.js -> api/src/a.ts",
            "api/src/app.ts: ./b -> api/src/b/index.ts",
            "api/src/app.ts: ./data.json -> api/src/data.json",
            "api/src/app.ts: @/d -> api/src/d.ts",
            "api/src/app.ts: @aws-sdk/client-s3 -> package @aws-sdk/client-s3",
            "api/src/app.ts: @org/shared -> packages/shared/src/main.ts",
            "api/src/app.ts: @org/shared/deep/f -> packages/shared/src/deep/f.ts",
            "api/src/app.ts: node:fs -> package node:fs",
        ]
    );
}

#[test]
fn javascript_layers_and_dependencies_by_path() {
    let texts = [
        (
            "fn/app.js",
            "const a = require('/opt/nodejs/a'); const b = require('/opt/b'); const c = require('own'); const d = require('near'); const e = require('/opt/nodejs/gone'); const f = require('/opt/nodejs/far');",
        ),
        ("layer/nodejs/a.js", ""),
        ("layer/b.js", ""),
        ("stacks/layers/nodejs/far.js", ""),
        ("layer/nodejs/node_modules/own/index.js", ""),
        ("fn/package.json", "{\"dependencies\": {\"near\": \"file:../libs/near\"}}"),
        ("libs/near/index.js", ""),
    ];
    assert_eq!(
        Case::new("nodejs22.x", "fn", "app.handler", &texts).layer("layer").links(),
        [
            "fn/app.js: /opt/b -> layer/b.js",
            "fn/app.js: /opt/nodejs/a -> layer/nodejs/a.js",
            "fn/app.js: /opt/nodejs/far -> stacks/layers/nodejs/far.js",
            "fn/app.js: /opt/nodejs/gone -> package /opt/nodejs/gone",
            "fn/app.js: near -> libs/near/index.js",
            "fn/app.js: own -> layer/nodejs/node_modules/own/index.js",
        ]
    );
}

#[test]
fn imports_in_circles_end() {
    let texts = [("fn/app.js", "require('./a')"), ("fn/a.js", "require('./app'); require('./a')")];
    let case = Case::new("nodejs22.x", "fn", "app.handler", &texts);
    assert_eq!(
        case.links(),
        ["fn/a.js: ./a -> fn/a.js", "fn/a.js: ./app -> fn/app.js", "fn/app.js: ./a -> fn/a.js"]
    );
}

#[test]
fn many_modules_are_cut_with_a_reason() {
    let mut files =
        BTreeMap::from([("app.py".to_owned(), (0..450).map(|at| format!("import m{at}\n")).collect())]);
    files.extend((0..450).map(|at| (format!("m{at}.py"), String::new())));
    let sources = Sources::in_memory(files);
    let case = Case { sources, ..Case::new("python3.13", ".", "app.handler", &[]) };
    let project = Project::new(&case.sources);
    let bundle = bundle(&resolve(&case.spec, &project), &case.spec, &project).expect("the handler is there");
    assert_eq!(bundle.order.len(), 400);
    assert_eq!(bundle.left_out, ["more than 400 modules"]);
}

#[test]
fn inline_code_points_into_the_template() {
    let template = "Resources:\n  Get:\n    InlineCode: |\n      import boto3\n\n      def handler(event, context):\n          return 1\n";
    let sources = Sources::in_memory(BTreeMap::from([("t.yaml".to_owned(), template.to_owned())]));
    let source = sources.find("t.yaml").expect("it was given");
    let text = "import boto3\n\ndef handler(event, context):\n    return 1\n";
    let start = template.find('|').expect("a block");
    let code = Code::Inline { span: Span::new(source, start, template.len()), text: text.to_owned() };
    let case = Case::new("python3.13", "", "index.handler", &[]);
    let spec = HandlerSpec { code, ..case.spec };
    let project = Project::new(&sources);
    let bundle = bundle(&resolve(&spec, &project), &spec, &project).expect("it is inline");
    let module = &bundle.program.modules[&source];
    assert_eq!(bundle.program.entry.export, ["handler"]);
    let written: Vec<&str> = module.body.iter().map(|statement| sources.slice(statement.span)).collect();
    assert_eq!(written, ["import boto3", "def handler(event, context):\n          return 1"]);
}
