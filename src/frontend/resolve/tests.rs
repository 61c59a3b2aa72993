//! Each way from a template's words to a file, on files in memory.

use std::collections::BTreeMap;

use super::*;
use crate::source::Sources;

fn sources(paths: &[&str]) -> Sources {
    Sources::in_memory(
        paths.iter().map(|path| ((*path).to_owned(), "handler lambda_handler".to_owned())).collect(),
    )
}

fn texts(texts: &[(&str, &str)]) -> Sources {
    Sources::in_memory(texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

fn spec(runtime: &str, code: &str, handler: &str) -> HandlerSpec {
    HandlerSpec {
        logical_id: "Get".to_owned(),
        runtime: Some(runtime.to_owned()),
        handler: Some(handler.to_owned()),
        code: Code::Folder(code.to_owned()),
        ..HandlerSpec::default()
    }
}

/// The path and the way it was found; the reason where it was not.
fn found(spec: &HandlerSpec, sources: &Sources) -> Result<(String, How), String> {
    match resolve(spec, &Project::new(sources)) {
        Resolution::Found(found) => Ok((sources.path(found.source).to_owned(), found.how)),
        Resolution::Inline { .. } => Err("inline".to_owned()),
        Resolution::NotAvailable { why } => Err(format!("not available: {why}")),
        Resolution::Missing { why, .. } => Err(format!("missing: {why}")),
    }
}

#[track_caller]
fn leads_to(spec: &HandlerSpec, sources: &Sources, path: &str, how: How) {
    assert_eq!(found(spec, sources), Ok((path.to_owned(), how)));
}

#[test]
fn code_uri_and_handler_as_written() {
    let files = sources(&["cart/app.py", "cart/src/orders/get.py", "app.py"]);
    leads_to(&spec("python3.13", "cart/", "app.handler"), &files, "cart/app.py", How::AsWritten);
    leads_to(
        &spec("python3.13", "./cart", "src/orders/get.handler"),
        &files,
        "cart/src/orders/get.py",
        How::AsWritten,
    );
    leads_to(
        &spec("python3.13", "cart", "src.orders.get.handler"),
        &files,
        "cart/src/orders/get.py",
        How::AsWritten,
    );
    let unset = HandlerSpec { code: Code::Unset, ..spec("python3.13", "", "app.handler") };
    leads_to(&unset, &files, "app.py", How::AsWritten);
    let below =
        HandlerSpec { template_folder: "infra".to_owned(), ..spec("python3.13", "../cart", "app.handler") };
    leads_to(&below, &files, "cart/app.py", How::AsWritten);
}

#[test]
fn exports_are_members() {
    let files = sources(&["a.b/index.js", "app.js"]);
    let export = |handler: &str| match resolve(&spec("nodejs22.x", ".", handler), &Project::new(&files)) {
        Resolution::Found(found) => found.export,
        _ => Vec::new(),
    };
    assert_eq!(export("a.b/index.api.handle"), ["api", "handle"]);
    assert_eq!(export("app.handler"), ["handler"]);
}

#[test]
fn typescript_stands_for_its_javascript() {
    let files = sources(&["a/app.ts", "b/app.js", "b/app.ts", "c/get/index.mts", "d/app.mjs", "e/app.tsx"]);
    let node = |code: &str, handler: &str| spec("nodejs22.x", code, handler);
    leads_to(&node("a", "app.handler"), &files, "a/app.ts", How::AsWritten);
    leads_to(&node("b", "app.handler"), &files, "b/app.ts", How::AsWritten);
    leads_to(&node("c", "get.handler"), &files, "c/get/index.mts", How::FolderModule);
    leads_to(&node("d", "app.handler"), &files, "d/app.mjs", How::AsWritten);
    leads_to(&node("e", "app.handler"), &files, "e/app.tsx", How::AsWritten);
}

#[test]
fn packages_are_modules() {
    let files = sources(&["app/get/__init__.py"]);
    leads_to(&spec("python3.12", "app", "get.handler"), &files, "app/get/__init__.py", How::FolderModule);
}

#[test]
fn entry_points_name_the_source() {
    let files = sources(&["apps/cart/src/get.ts", "apps/cart/src/put.ts", "apps/list/src/main.ts"]);
    let bundled = |points: &[&str], handler: &str| HandlerSpec {
        build: Some(Build {
            method: Some("esbuild".to_owned()),
            entry_points: points.iter().map(|point| (*point).to_owned()).collect(),
            binary: None,
        }),
        ..spec("nodejs22.x", ".", handler)
    };
    let two = ["apps/cart/src/get.ts", "apps/cart/src/put.ts"];
    leads_to(&bundled(&two, "put.handler"), &files, "apps/cart/src/put.ts", How::EntryPoint);
    leads_to(
        &bundled(&["apps/list/src/main.ts"], "index.handler"),
        &files,
        "apps/list/src/main.ts",
        How::EntryPoint,
    );
    assert!(found(&bundled(&two, "delete.handler"), &files).is_err());
}

#[test]
fn build_folders_are_mapped_back() {
    let files = sources(&["api/src/handlers/get.ts", "web/put.ts", "jobs/src/run.py", "jobs/tests/run.py"]);
    let node = |code: &str, handler: &str| spec("nodejs22.x", code, handler);
    leads_to(&node("api/dist", "handlers/get.handler"), &files, "api/src/handlers/get.ts", How::BuildFolder);
    leads_to(&node("api", "dist/handlers/get.handler"), &files, "api/src/handlers/get.ts", How::BuildFolder);
    leads_to(&node("web", "build/put.handler"), &files, "web/put.ts", How::BuildFolder);
    leads_to(&spec("python3.13", "jobs/.build", "run.handler"), &files, "jobs/src/run.py", How::BuildFolder);
}

#[test]
fn committed_output_gives_way_to_its_source() {
    let files = sources(&["dist/get.js", "src/get.ts", "lib/put.js", "lib/db.ts"]);
    leads_to(&spec("nodejs22.x", "dist", "get.handler"), &files, "src/get.ts", How::BuildFolder);
    leads_to(&spec("nodejs22.x", "lib", "put.handler"), &files, "lib/put.js", How::AsWritten);
}

#[test]
fn archives_are_named_after_folders() {
    let files = sources(&["services/getOrder/app.py", "services/put-order/app.py"]);
    let zip = HandlerSpec {
        code: Code::Archive("dist/get_order-1.0.2.zip".to_owned()),
        ..spec("python3.13", "", "app.handler")
    };
    leads_to(&zip, &files, "services/getOrder/app.py", How::Archive);
}

#[test]
fn fragments_are_built_from_above() {
    let files = sources(&["src/get/app.py"]);
    let fragment = HandlerSpec {
        template_folder: "deploy/api".to_owned(),
        ..spec("python3.13", "src/get", "app.handler")
    };
    leads_to(&fragment, &files, "src/get/app.py", How::FolderAbove);
}

#[test]
fn the_only_file_that_fits_is_the_last_resort() {
    let one = sources(&["functions/orders/get-order.ts", "functions/orders/__tests__/get-order.ts"]);
    leads_to(
        &spec("nodejs22.x", "gone/orders", "get-order.handler"),
        &one,
        "functions/orders/get-order.ts",
        How::OnlyCandidate,
    );
    let two = sources(&["a/get-order.ts", "b/get-order.ts"]);
    assert!(found(&spec("nodejs22.x", "gone", "get-order.handler"), &two).is_err());
    // A name that says nothing is not looked for.
    let general = sources(&["other/app.py"]);
    assert!(found(&spec("python3.13", "gone", "app.handler"), &general).is_err());
    // The folder is there and has no such file: it is missing.
    let missing = sources(&["cart/app.py", "other/get.py"]);
    assert!(found(&spec("python3.13", "cart", "get.handler"), &missing).is_err());
}

#[test]
fn wrappers_hand_on_to_the_handler_in_a_variable() {
    let files = sources(&["cart/app.py"]);
    let wrapped = HandlerSpec {
        variables: BTreeMap::from([("DD_LAMBDA_HANDLER".to_owned(), "app.lambda_handler".to_owned())]),
        ..spec("python3.13", "cart", "datadog_lambda.handler.handler")
    };
    leads_to(&wrapped, &files, "cart/app.py", How::AsWritten);
}

#[test]
fn what_lies_elsewhere_is_not_available() {
    let files = sources(&["app.py"]);
    let remote = HandlerSpec {
        code: Code::Remote("in an S3 object".to_owned()),
        ..spec("python3.13", "", "app.handler")
    };
    assert_eq!(found(&remote, &files), Err("not available: in an S3 object".to_owned()));
}

#[test]
fn digests_depend_on_code_alone() {
    let digest = |path: &str, text: &str| {
        let files = texts(&[(&format!("{path}/app.py"), text)]);
        let project = Project::new(&files);
        let spec = spec("python3.13", path, "app.handler");
        bundle(&resolve(&spec, &project), &spec, &project).map(|bundle| bundle.digest)
    };
    assert_eq!(digest("a", "x = 1"), digest("b", "x = 1"));
    assert_ne!(digest("a", "x = 1"), digest("a", "x = 2"));
}

#[test]
fn archives_are_named_after_paths() {
    let files = sources(&["src/me/articles/show_all/handler.py", "src/me/articles/show/handler.py"]);
    let zip = HandlerSpec {
        code: Code::Archive("deploy/me_articles_show.zip".to_owned()),
        ..spec("python3.13", "", "handler.lambda_handler")
    };
    leads_to(&zip, &files, "src/me/articles/show/handler.py", How::Archive);
}

#[test]
fn fragments_take_the_code_of_the_template_above() {
    let files = sources(&["api/src/get/getHandler.ts"]);
    let fragment = HandlerSpec {
        code: Code::Unset,
        template_folder: "api/infra/get".to_owned(),
        build: Some(Build {
            method: Some("esbuild".to_owned()),
            entry_points: vec!["src/get/getHandler.ts".to_owned()],
            binary: None,
        }),
        runtime: None,
        ..spec("", "", "getHandler.handler")
    };
    leads_to(&fragment, &files, "api/src/get/getHandler.ts", How::EntryPoint);
}

#[test]
fn files_of_other_languages_are_found() {
    let files = texts(&[
        ("auth/src/main/java/com/x/auth/Login.java", "package com.x.auth;\nclass Login {}"),
        ("other/src/main/java/com/y/Login.java", "package com.y;"),
        ("cmd/read/main.go", "package main\nfunc main() { lambda.Start(x) }"),
        ("fn/Orders/Workers.cs", "public class WorkersOfOthers {}\npublic class Workers {}"),
        ("fn/Orders/Other.cs", "class WorkersX {}"),
        (
            "rust/Cargo.toml",
            "[package]\nname = \"all\"\n[[bin]]\nname = \"get\"\npath = \"src/lambda/get.rs\"\n",
        ),
        ("rust/src/lambda/get.rs", "fn main() {}"),
        ("proof/lib/proof.rb", "module A; class Proof; end; end"),
        (
            "make/Makefile",
            "build-Get:\n\tcd src/get; go build -o $(ARTIFACTS_DIR)/bootstrap .\n\nbuild-Put:\n\tcd src/put; go build\n",
        ),
        ("make/src/get/main.go", "func main() {}"),
        ("make/src/put/main.go", "func main() {}"),
        ("beans/app/src/main/java/com/z/Beans.java", "class Beans { @Named(\"createOrder\") class A {} }"),
    ]);
    let made = |runtime: &str, method: &str, code: &str| HandlerSpec {
        build: Some(Build { method: Some(method.to_owned()), ..Build::default() }),
        ..spec(runtime, code, "bootstrap")
    };
    leads_to(
        &spec("java21", "auth", "com.x.auth.Login::handle"),
        &files,
        "auth/src/main/java/com/x/auth/Login.java",
        How::Name,
    );
    leads_to(&spec("go1.x", "cmd/read", "read"), &files, "cmd/read/main.go", How::AsWritten);
    leads_to(&spec("go1.x", "bin", "read"), &files, "cmd/read/main.go", How::Name);
    leads_to(&made("provided.al2023", "makefile", "make"), &files, "make/src/get/main.go", How::Makefile);
    leads_to(
        &spec("dotnet8", "fn/Orders", "Orders::Orders.Workers_Run_Generated::Run"),
        &files,
        "fn/Orders/Workers.cs",
        How::Name,
    );
    leads_to(
        &made("provided.al2023", "rust-cargolambda", "rust/target/lambda/get"),
        &files,
        "rust/src/lambda/get.rs",
        How::Name,
    );
    leads_to(
        &spec("ruby3.3", "proof/lib", "proof.A::Proof.handle"),
        &files,
        "proof/lib/proof.rb",
        How::AsWritten,
    );
    let bean = HandlerSpec {
        variables: BTreeMap::from([("QUARKUS_LAMBDA_HANDLER".to_owned(), "createOrder".to_owned())]),
        code: Code::Archive("beans/app/target/function.zip".to_owned()),
        ..spec("java21", "", "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest")
    };
    leads_to(&bean, &files, "beans/app/src/main/java/com/z/Beans.java", How::Name);
    let framework = HandlerSpec { variables: BTreeMap::new(), ..bean };
    assert!(found(&framework, &files).is_err_and(|why| why.starts_with("not available")));
}

#[test]
fn start_scripts_start_an_application() {
    let files = texts(&[
        ("api/run.sh", "#!/bin/bash\nexec python -m uvicorn --port=$PORT app.main:app"),
        ("api/app/main.py", "app = FastAPI()"),
        ("web/run.sh", "node index.js"),
        ("web/index.mjs", ""),
    ]);
    let started = spec("python3.13", "api", "run.sh");
    leads_to(&started, &files, "api/app/main.py", How::StartScript);
    let resolution = resolve(&started, &Project::new(&files));
    assert!(matches!(resolution, Resolution::Found(found) if found.export.is_empty() && found.root == "api"));
    leads_to(&spec("nodejs22.x", "web", "run.sh"), &files, "web/index.mjs", How::StartScript);
}

#[test]
fn images_say_what_they_run() {
    let files = texts(&[
        (
            "a/Dockerfile",
            "FROM public.ecr.aws/lambda/python:3.12\nCOPY src/ ${LAMBDA_TASK_ROOT}\nCMD [\"app.handler\"]",
        ),
        ("a/src/app.py", "def handler(e, c): pass"),
        ("a/src/other.py", "def handler(e, c): pass"),
        ("b/Dockerfile", "FROM node:20-slim\nCOPY . .\nCMD [\"node\", \"server.js\"]"),
        ("b/server.js", ""),
        (
            "c/docker/get/Dockerfile",
            "ARG NAME=get\nFROM public.ecr.aws/lambda/nodejs:20\nCOPY fns/$NAME/ ./\nCMD [ \"index.handler\" ]",
        ),
        ("c/fns/get/index.js", "exports.handler"),
    ]);
    let image = |context: &str, dockerfile: Option<&str>, command: &[&str]| HandlerSpec {
        runtime: None,
        handler: None,
        code: Code::Image {
            context: Some(context.to_owned()),
            dockerfile: dockerfile.map(str::to_owned),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
        },
        ..spec("", "", "")
    };
    leads_to(&image("a", None, &[]), &files, "a/src/app.py", How::Image);
    leads_to(&image("a", Some("Dockerfile"), &["other.handler"]), &files, "a/src/other.py", How::Image);
    leads_to(&image("b", None, &[]), &files, "b/server.js", How::Image);
    leads_to(&image("c", Some("docker/get/Dockerfile"), &[]), &files, "c/fns/get/index.js", How::Image);
    assert!(found(&image("none", None, &[]), &files).is_err_and(|why| why.starts_with("not available")));
}

#[test]
fn make_targets_copy_scripts() {
    let files = texts(&[
        ("Makefile", "build-Get:\n\tcp -r functions/get/. $(ARTIFACTS_DIR)\n"),
        ("functions/get/app.py", ""),
        ("functions/put/app.py", ""),
    ]);
    let build = Some(Build { method: Some("makefile".to_owned()), ..Build::default() });
    leads_to(
        &HandlerSpec { build, ..spec("python3.13", ".", "app.handler") },
        &files,
        "functions/get/app.py",
        How::Makefile,
    );
}

#[test]
fn bundlers_say_what_they_bundle() {
    let export = "export const handler = 1";
    let files = texts(&[
        (
            "a/package.json",
            r#"{"scripts": {"build": "tsc && esbuild src/api.ts --bundle --outfile=dist/index.js"}}"#,
        ),
        ("a/src/api.ts", export),
        (
            "b/package.json",
            r#"{"scripts": {"build": "ncc build src/job.ts -o dist", "dev": "esbuild src/dev.ts"}}"#,
        ),
        ("b/src/job.ts", export),
        ("b/src/dev.ts", export),
        (
            "c/webpack.config.js",
            "module.exports = { entry: { unclean: './src/no.ts', clean: './src/clean/handler.ts',\n 'put-it': [\"./src/put/handler.ts\"] } }",
        ),
        ("c/src/no.ts", export),
        ("c/src/clean/handler.ts", export),
        ("c/src/put/handler.ts", export),
        ("d/scripts/build.mjs", "build({ entryPoints: [`src/main.ts`], outfile: `out/lambda.mjs` })"),
        ("d/src/main.ts", export),
        ("d/src/other.ts", export),
    ]);
    let node = |code: &str, handler: &str| spec("nodejs22.x", code, handler);
    leads_to(&node("a/dist", "index.handler"), &files, "a/src/api.ts", How::EntryPoint);
    leads_to(&node("b/dist", "index.handler"), &files, "b/src/job.ts", How::EntryPoint);
    leads_to(&node("c/dist", "clean.handler"), &files, "c/src/clean/handler.ts", How::EntryPoint);
    leads_to(&node("c/dist", "put-it.handler"), &files, "c/src/put/handler.ts", How::EntryPoint);
    leads_to(&node("d/out", "lambda.handler"), &files, "d/src/main.ts", How::EntryPoint);
    assert!(found(&node("c/dist", "it.handler"), &files).is_err());
}

#[test]
fn handlers_may_lie_in_layers() {
    let files = sources(&["layer/python/common.py", "node/nodejs/common.mjs", "fn/other.py"]);
    let layered = |runtime: &str, handler: &str, layer: &str| HandlerSpec {
        layers: vec![LayerCode { folder: layer.to_owned() }],
        ..spec(runtime, "fn", handler)
    };
    leads_to(&layered("python3.13", "common.handler", "layer"), &files, "layer/python/common.py", How::Layer);
    leads_to(
        &layered("nodejs22.x", "/opt/nodejs/common.handler", "node"),
        &files,
        "node/nodejs/common.mjs",
        How::Layer,
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]

    /// Whatever a template says, the answer is one of the four.
    #[test]
    fn no_words_of_a_template_end_the_run(handler in "[a.:/$*é\\\\ -]{0,12}", code in "[a./é~\\\\]{0,10}", kind in 0..4) {
        let files = texts(&[
            ("a/a.py", ""), ("a/a.ts", ""), ("é.py", ""), ("a/Makefile", "build-Get:\n\tcd a; b é/\n"),
            ("Dockerfile", "FROM x:é\nCMD [\"a\nCOPY\nCMD a.a é:é"), ("tsconfig.json", "{\"extends\": \"./tsconfig.json\""),
            ("package.json", "[]"), ("Cargo.toml", "bin = 1"), ("a.sh", "uvicorn é:\npython -m\nnpm run"),
        ]);
        let project = Project::new(&files);
        for runtime in ["python3.13", "nodejs22.x", "java21", "dotnet8", "go1.x", "ruby3.3", "provided.al2023", ""] {
            let code = match kind {
                0 => Code::Unset,
                1 => Code::Folder(code.clone()),
                2 => Code::Archive(code.clone()),
                _ => Code::Image { context: Some(code.clone()), dockerfile: None, command: Vec::new() },
            };
            let runtime = (!runtime.is_empty()).then(|| runtime.to_owned());
            let build = Some(Build { method: Some("makefile".to_owned()), entry_points: vec![handler.clone()], binary: None });
            let spec = HandlerSpec { code, runtime, build, ..spec("", "", &handler) };
            let _ = bundle(&resolve(&spec, &project), &spec, &project);
        }
    }
}
