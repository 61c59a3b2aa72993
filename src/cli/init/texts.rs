//! The texts of the files that `slslint init` writes.

use super::detect::Seen;

/// Where the action and the schema are published.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `slslint.toml`, with every key explained; what is not a default is a comment.
pub fn configuration(seen: &Seen) -> String {
    let name = REPOSITORY.trim_start_matches("https://github.com/");
    let samples = if seen.samples.is_empty() {
        "# exclude = [\"labs/**\"]\n".to_owned()
    } else {
        let globs: Vec<String> = seen.samples.iter().map(|glob| format!("\"{glob}\"")).collect();
        format!(
            "# These were seen; take the # away if they are never deployed:\n# exclude = [{}]\n",
            globs.join(", ")
        )
    };
    format!(
        "#:schema https://raw.githubusercontent.com/{name}/main/docs/schema/config.json\n\
         # Settings of slslint; `slslint rules` lists the rules, `slslint explain RULE` tells about one.\n\
         \n\
         # \"default\": what nearly every team would act on; \"pedantic\": more, arguable ones as well;\n\
         # \"preview\": new ones too.\n\
         profile = \"default\"\n\
         \n\
         # Globs of paths, as seen from this file, where no templates are looked for.\n\
         {samples}\
         \n\
         # Rules or categories that do not run. A single finding is better answered in its place, with a\n\
         # comment: `# slslint: allow RULE: reason`.\n\
         # ignore = [\"repeated-settings\"]\n\
         \n\
         # info, warning, error or off, by rule or category. `slslint check` fails from `warning` on, or\n\
         # from what --fail-on says.\n\
         # [severity]\n\
         # hard-coded-name = \"info\"\n\
         \n\
         # The same for a part of the project.\n\
         # [[override]]\n\
         # paths = [\"legacy\"]\n\
         # severity = {{ reliability = \"info\" }}\n"
    )
}

/// A workflow of GitHub Actions.
pub fn workflow(checked: &str) -> String {
    let action = REPOSITORY.trim_start_matches("https://github.com/");
    let paths = if checked.is_empty() { "." } else { checked };
    format!(
        "name: slslint

on:
  pull_request:
  push:
    branches: [main, master]

permissions: {{}}

concurrency:
  group: slslint-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
  slslint:
    name: slslint
    runs-on: ubuntu-latest
    permissions:
      contents: read # to read the repository
      security-events: write # to upload to code scanning
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      # Better pinned to a commit: a tag can be moved.
      - uses: {action}@v{VERSION}
        with:
          paths: {paths}
"
    )
}

/// A job of GitLab.
pub fn gitlab(checked: &str) -> String {
    let path = if checked.is_empty() { "." } else { checked };
    format!(
        "slslint:
  image: rust:latest
  script:
    - cargo install --locked slslint --version {VERSION}
    - slslint check {path} --output-format gitlab=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"
    )
}
