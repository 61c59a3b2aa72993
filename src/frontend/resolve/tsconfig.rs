//! What `tsconfig.json` says of paths: `paths`, `baseUrl`, `outDir`, `rootDir`.

use serde_json::Value;

use super::files::Files;
use super::jsonc;
use crate::source::{SourceId, join};

/// Names of such files, in the order they are looked for in a folder.
const NAMES: [&str; 3] = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"];
/// Files that extend each other; more would be a circle.
const EXTENDS_AT_MOST: usize = 8;

/// Settings of a configuration and of those it extends, with paths from the root.
#[derive(Clone, Debug, Default)]
pub(super) struct TsConfig {
    pub base_url: Option<String>,
    pub out_dir: Option<String>,
    pub root_dir: Option<String>,
    /// Patterns with at most one `*`, and the paths they stand for.
    pub paths: Vec<(String, Vec<String>)>,
    /// Where its own file lies.
    pub folder: String,
}

/// The configuration in a folder.
pub(super) fn in_folder(files: &Files<'_>, folder: &str) -> Option<TsConfig> {
    let source = NAMES.iter().find_map(|name| files.find(&join(folder, name)))?;
    let mut config = TsConfig { folder: folder.to_owned(), ..TsConfig::default() };
    config.read(files, source, EXTENDS_AT_MOST);
    Some(config)
}

impl TsConfig {
    /// Takes what is not set yet from a file, then from those it extends.
    fn read(&mut self, files: &Files<'_>, source: SourceId, left: usize) {
        let Some(value) = jsonc::parse(files.text(source)) else { return };
        let folder = files.folder(source);
        let options = &value["compilerOptions"];
        let path = |name: &str| options[name].as_str().map(|path| join(folder, path));
        let own_base = path("baseUrl");
        if self.paths.is_empty() {
            self.paths =
                paths(&options["paths"], own_base.as_deref().or(self.base_url.as_deref()).unwrap_or(folder));
        }
        self.base_url = self.base_url.take().or(own_base);
        self.out_dir = self.out_dir.take().or_else(|| path("outDir"));
        self.root_dir = self.root_dir.take().or_else(|| path("rootDir"));
        if left == 0 {
            return;
        }
        let extends = match &value["extends"] {
            // The last of several wins.
            Value::Array(several) => several.iter().rev().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect::<Vec<_>>(),
        };
        for extended in extends {
            let path = join(folder, extended);
            let file = files.find(&path).or_else(|| files.find(&format!("{path}.json")));
            if let Some(file) = file.or_else(|| files.find(&join(&path, NAMES[0]))) {
                self.read(files, file, left - 1);
            }
        }
    }

    /// What an import may stand for by `paths` and `baseUrl`, as paths from the root.
    pub fn candidates(&self, text: &str) -> Vec<String> {
        let mut fitting: Vec<(usize, &[String], &str)> = self
            .paths
            .iter()
            .filter_map(|(pattern, to)| match pattern.split_once('*') {
                None => (pattern == text).then_some((usize::MAX, to.as_slice(), "")),
                Some((before, after)) => {
                    let rest = text.strip_prefix(before)?.strip_suffix(after)?;
                    Some((before.len(), to.as_slice(), rest))
                }
            })
            .collect();
        // The longest text before the star is the best fit.
        fitting.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
        let mapped = fitting
            .into_iter()
            .flat_map(|(_, to, rest)| to.iter().map(move |path| path.replacen('*', rest, 1)));
        mapped.map(|path| join("", &path)).chain(self.base_url.iter().map(|base| join(base, text))).collect()
    }

    /// The paths a compiled path may come from.
    pub fn behind(&self, path: &str) -> Vec<String> {
        let Some(rest) = self.out_dir.as_deref().and_then(|out| path.strip_prefix(out)?.strip_prefix('/'))
        else {
            return Vec::new();
        };
        let roots = [self.root_dir.clone(), Some(self.folder.clone()), Some(join(&self.folder, "src"))];
        roots.into_iter().flatten().map(|root| join(&root, rest)).collect()
    }
}

fn paths(value: &Value, base: &str) -> Vec<(String, Vec<String>)> {
    let Some(entries) = value.as_object() else { return Vec::new() };
    entries
        .iter()
        .map(|(pattern, to)| {
            let to = to.as_array().into_iter().flatten().filter_map(Value::as_str);
            (pattern.clone(), to.map(|path| join(base, path)).collect())
        })
        .collect()
}
