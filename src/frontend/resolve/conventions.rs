//! The table of conventions: languages, build folders, layer paths.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The table in `conventions.yaml`.
pub(super) static CONVENTIONS: LazyLock<Conventions> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("conventions.yaml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
pub(super) struct Conventions {
    pub languages: Vec<LanguageConventions>,
    pub build_folders: Vec<String>,
    pub source_folders: Vec<String>,
    pub general_modules: Vec<String>,
    pub foreign_folders: Vec<String>,
    pub test_folders: Vec<String>,
    pub test_marks: Vec<String>,
    pub shared_folders: Vec<String>,
    pub entry_marks: BTreeMap<CodeLanguage, Vec<String>>,
    pub layer_roots: BTreeMap<CodeLanguage, Vec<String>>,
    pub python_servers: Vec<String>,
    pub script_programs: Vec<String>,
    pub handler_variables: Vec<String>,
    pub framework_packages: Vec<String>,
    pub function_variables: Vec<String>,
    pub python_standard: Vec<String>,
    pub copied_modules: Vec<String>,
    pub vendored_folders: Vec<String>,
    pub package_metadata: Vec<String>,
    pub generated_marks: Vec<String>,
    pub generated_names: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LanguageConventions {
    pub name: CodeLanguage,
    pub runtimes: Vec<String>,
    pub build_methods: Vec<String>,
    pub extensions: Vec<String>,
    #[serde(default)]
    pub folder_modules: Vec<String>,
}

/// A language that Lambda functions are written in; TypeScript counts as JavaScript, Kotlin and
/// other languages of the JVM as Java.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeLanguage {
    Python,
    JavaScript,
    Java,
    Go,
    DotNet,
    Ruby,
    Rust,
}

impl CodeLanguage {
    /// The language of a runtime's identifier; `None` for `provided.*` and unknown ones.
    pub fn of_runtime(runtime: &str) -> Option<Self> {
        CONVENTIONS
            .languages
            .iter()
            .find(|language| language.runtimes.iter().any(|prefix| runtime.starts_with(prefix.as_str())))
            .map(|language| language.name)
    }

    /// The language a build method builds; `None` for `makefile` and unknown ones.
    pub fn of_build_method(method: &str) -> Option<Self> {
        CONVENTIONS
            .languages
            .iter()
            .find(|language| language.build_methods.iter().any(|prefix| method.starts_with(prefix.as_str())))
            .map(|language| language.name)
    }

    /// The language of a file, by the ending of its name.
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        CONVENTIONS
            .languages
            .iter()
            .find(|language| language.extensions.iter().any(|known| known == extension))
            .map(|language| language.name)
    }

    /// Endings of file names, sources before what is compiled from them.
    pub(super) fn extensions(self) -> &'static [String] {
        self.conventions().map_or(&[], |language| &language.extensions)
    }

    /// Names of the file that stands for its folder: `index`, `__init__`.
    pub(super) fn folder_modules(self) -> &'static [String] {
        self.conventions().map_or(&[], |language| &language.folder_modules)
    }

    fn conventions(self) -> Option<&'static LanguageConventions> {
        CONVENTIONS.languages.iter().find(|language| language.name == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert_eq!(CONVENTIONS.languages.len(), 7);
        assert_eq!(CodeLanguage::of_runtime("python3.13"), Some(CodeLanguage::Python));
        assert_eq!(CodeLanguage::of_runtime("provided.al2023"), None);
        assert_eq!(CodeLanguage::of_build_method("rust-cargolambda"), Some(CodeLanguage::Rust));
        assert_eq!(CodeLanguage::of_path("a/b.tsx"), Some(CodeLanguage::JavaScript));
    }
}
