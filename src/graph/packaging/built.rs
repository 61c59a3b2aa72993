//! How a folder becomes a package: by `sam build`, by a bundler, by a makefile, or as it is.

use crate::packages::Registry;
use crate::source::{join, parent};
use crate::template::{Dialect, Template, Value, World};

/// How a package comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Built {
    /// `sam build` copies the folder and installs what its manifest declares.
    Installed,
    /// The folder is packed as it is.
    AsItIs,
    /// Only what is imported is packed.
    Bundled,
    /// A `.zip` or `.jar` that is there.
    Archive,
    /// By a makefile, a compiler, in an image, or elsewhere.
    #[default]
    Unknown,
}

/// What a template says of the code of a function or a layer.
pub(super) struct About<'a> {
    pub template: &'a Template,
    pub world: &'a World,
    pub id: &'a str,
    pub code: Option<&'a Value>,
    pub metadata: Option<&'a Value>,
    pub registry: Option<Registry>,
    pub is_layer: bool,
}

impl About<'_> {
    /// How it is built, and the path of its code, from the root.
    pub fn built(&self) -> (Built, Option<String>) {
        let Some(path) = self.path() else { return (Built::Unknown, None) };
        if path.ends_with(".zip") || path.ends_with(".jar") {
            return (Built::Archive, Some(path));
        }
        let method = self.text("BuildMethod");
        let skips = self.metadata.and_then(|metadata| metadata.get("SkipBuild")?.as_bool()) == Some(true);
        let built = match method.as_deref() {
            _ if skips => Built::AsItIs,
            // Other tools may pack it with what they install.
            None if self.template.dialect != Dialect::Sam => Built::Unknown,
            // A layer without a method is not built.
            None if self.is_layer => Built::AsItIs,
            None => Built::Installed,
            Some("esbuild") => Built::Bundled,
            Some(method) if method.starts_with("python") || method.starts_with("nodejs") => Built::Installed,
            Some(_) => Built::Unknown,
        };
        (built, Some(path))
    }

    fn path(&self) -> Option<String> {
        let folder = self.folder();
        let Some(code) = self.code else { return (!self.is_layer).then(|| folder.to_owned()) };
        let uri = self.template.settled(self.world, code)?;
        let is_remote = uri.contains("://") || uri.contains("${");
        (!is_remote).then(|| join(folder, &uri))
    }

    /// The folder of the template.
    pub fn folder(&self) -> &str {
        parent(&self.template.path)
    }

    fn text(&self, key: &str) -> Option<String> {
        self.template.settled(self.world, self.metadata?.get(key)?)
    }
}
