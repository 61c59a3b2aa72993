//! Handlers of compiled languages, found by the names of classes and programs. Their files are
//! found so that a report can point at them, whether or not a front end reads them.

use super::conventions::{CONVENTIONS, CodeLanguage};
use super::paths::{file_name, is_test, upwards, within, without_extension};
use super::places::{Place, places};
use super::project::Project;
use super::{Found, HandlerSpec, How, Resolution, makefile};
use crate::source::{SourceId, join, parent};

/// Finds the file of a handler.
pub(super) fn resolve(spec: &HandlerSpec, language: CodeLanguage, project: &Project<'_>) -> Resolution {
    let handler = spec.handler.as_deref().unwrap_or("").trim();
    let search = Search { spec, project, language, places: places(spec, project) };
    let found = match language {
        CodeLanguage::Java => return search.java(handler),
        CodeLanguage::DotNet => search.dotnet(handler),
        CodeLanguage::Go => search.go(handler),
        _ => search.rust(),
    };
    match found {
        Some((source, export, how)) => search.found(source, export, how),
        None => search.missing(handler),
    }
}

struct Search<'s, 'a> {
    spec: &'s HandlerSpec,
    project: &'s Project<'a>,
    language: CodeLanguage,
    places: Vec<Place>,
}

type Hit = Option<(SourceId, Vec<String>, How)>;

impl Search<'_, '_> {
    fn java(&self, handler: &str) -> Resolution {
        let (class, method) = handler.split_once("::").unwrap_or((handler, "handleRequest"));
        let outer = class.split('$').next().unwrap_or(class);
        let path = outer.replace('.', "/");
        let by_path: Vec<SourceId> = self
            .language
            .extensions()
            .iter()
            .flat_map(|extension| self.named(file_name(&path), extension))
            .filter(|id| self.is_class(*id, &path))
            .collect();
        let export = vec![class.rsplit(['.', '$']).next().unwrap_or(class).to_owned(), method.to_owned()];
        if let Some(source) = self.nearest(&by_path) {
            return self.found(source, export, How::Name);
        }
        // A framework's handler looks its function up by a name.
        let function = CONVENTIONS.function_variables.iter().find_map(|name| self.spec.variables.get(name));
        match function {
            Some(function) => match self.java_function(function) {
                Some(source) => self.found(source, vec![function.clone()], How::Name),
                None => Resolution::NotAvailable {
                    why: format!("`{class}` calls a function it finds by the name `{function}`"),
                },
            },
            None if is_framework(class) => {
                Resolution::NotAvailable { why: format!("`{class}` is a class of a framework") }
            }
            None => self.missing(handler),
        }
    }

    /// Whether a file holds a class by its path, or by the package it declares.
    fn is_class(&self, id: SourceId, path: &str) -> bool {
        let stem = without_extension(self.project.sources.path(id));
        let package = parent(path).replace('/', ".");
        super::paths::ends_with(stem, path)
            || self.project.sources.text(id).lines().any(|line| {
                let name = line.trim().strip_prefix("package ").map(|name| name.trim_end_matches(';').trim());
                name == Some(package.as_str())
            })
            // Handlers are often written without the first parts of the package.
            || (!package.is_empty() && parent(stem).replace('/', ".").ends_with(&format!(".{package}")))
    }

    /// The class or bean of this name in the module at hand.
    fn java_function(&self, name: &str) -> Option<SourceId> {
        let quoted = format!("\"{name}\"");
        let method = format!(" {name}(");
        let files = self.files_of_modules();
        let sources = &self.project.sources;
        let by = |fits: &dyn Fn(SourceId) -> bool| files.iter().copied().find(|id| fits(*id));
        by(&|id| sources.text(id).contains(&quoted))
            .or_else(|| by(&|id| file_name(without_extension(sources.path(id))).eq_ignore_ascii_case(name)))
            .or_else(|| by(&|id| sources.text(id).contains(&method)))
    }

    /// Files of the language in the modules that the code may be built from.
    fn files_of_modules(&self) -> Vec<SourceId> {
        let module = |folder: &str| {
            let built = folder
                .split('/')
                .position(|part| CONVENTIONS.build_folders.iter().any(|build| build == part));
            built.map_or_else(
                || folder.to_owned(),
                |at| folder.split('/').take(at).collect::<Vec<_>>().join("/"),
            )
        };
        let folders: Vec<String> = self.places.iter().map(|place| module(&place.folder)).collect();
        let files = folders.iter().flat_map(|folder| self.project.sources.under(folder));
        files.filter(|id| self.is_source(self.project.sources.path(*id))).collect()
    }

    fn dotnet(&self, handler: &str) -> Hit {
        let parts: Vec<&str> = handler.split("::").collect();
        if let [_, class, method] = parts.as_slice() {
            // Lambda Annotations generate a class per function.
            let own = class
                .strip_suffix("_Generated")
                .and_then(|class| class.strip_suffix(method)?.strip_suffix('_'));
            let name = own.unwrap_or(class).rsplit('.').next().unwrap_or(class);
            let source = self.class(name)?;
            return Some((source, vec![name.to_owned(), (*method).to_owned()], How::Name));
        }
        let assembly = handler.split(':').next().unwrap_or(handler);
        let made = makefile::find(self.spec, self.project, |path| {
            self.program(if self.project.file(path).is_some() { parent(path) } else { path })
        });
        let named = |folder: &str| self.program(&join(folder, assembly));
        made.or_else(|| {
            self.places.iter().find_map(|place| named(&place.folder)).map(|source| (source, How::Name))
        })
        .or_else(|| self.at_places().map(|source| (source, How::AsWritten)))
        .map(|(source, how)| (source, Vec::new(), how))
    }

    /// The file that declares a class, in or below the code's folders.
    fn class(&self, name: &str) -> Option<SourceId> {
        let declared = format!("class {name}");
        let sources = &self.project.sources;
        self.places.iter().find_map(|place| {
            let mut files: Vec<SourceId> =
                sources.under(&place.folder).filter(|id| self.is_source(sources.path(*id))).collect();
            files.sort_by_key(|id| file_name(without_extension(sources.path(*id))) != name);
            files.into_iter().find(|id| has_word(sources.text(*id), &declared))
        })
    }

    fn go(&self, handler: &str) -> Hit {
        let made = makefile::find(self.spec, self.project, |path| {
            self.project.file(path).filter(|_| path.ends_with(".go")).or_else(|| self.program(path))
        });
        let named = || {
            let name = file_name(handler);
            let folders = self.places.iter().flat_map(|place| {
                upwards(&place.folder)
                    .flat_map(|folder| [join(folder, name), join(folder, &format!("cmd/{name}"))])
            });
            folders
                .filter(|folder| folder != name && self.project.has_folder(folder))
                .find_map(|folder| self.program(&folder))
        };
        made.or_else(|| self.at_places().map(|source| (source, How::AsWritten)))
            .or_else(|| named().map(|source| (source, How::Name)))
            .map(|(source, how)| (source, Vec::new(), how))
    }

    fn rust(&self) -> Hit {
        let code = self.places.first().map_or("", |place| place.folder.as_str());
        let binary = self.spec.build.as_ref().and_then(|build| build.binary.clone());
        let binary = binary.or_else(|| makefile::binary(self.spec, self.project)).or_else(|| {
            // `target/lambda/<binary>`
            code.contains("target/").then(|| file_name(code).to_owned())
        });
        let crates = self
            .places
            .iter()
            .flat_map(|place| upwards(&place.folder))
            .filter_map(|folder| Some((folder, self.project.file(&join(folder, "Cargo.toml"))?)));
        let crates: Vec<(&str, SourceId)> = crates.collect();
        let source = crates
            .iter()
            .find_map(|(folder, manifest)| self.rust_binary(folder, *manifest, binary.as_deref()));
        let workspace = || {
            let name = binary.as_deref()?;
            let manifests = self.project.named("Cargo.toml").iter();
            manifests.copied().find_map(|manifest| {
                self.rust_binary(self.project.sources.folder(manifest), manifest, Some(name))
            })
        };
        source.or_else(workspace).map(|source| (source, vec!["main".to_owned()], How::Name))
    }

    /// The file of a crate's binary; of its only one where no name is given.
    fn rust_binary(&self, folder: &str, manifest: SourceId, name: Option<&str>) -> Option<SourceId> {
        let manifest: toml::Table = self.project.sources.text(manifest).parse().ok()?;
        let bins = manifest.get("bin").and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
        let text =
            |value: &toml::Value, key: &str| value.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let package = manifest.get("package").and_then(|package| text(package, "name"));
        let main = self.project.file(&join(folder, "src/main.rs"));
        let Some(name) = name else {
            return match bins {
                [only] => self.project.file(&join(folder, &text(only, "path")?)),
                _ => main.or_else(|| self.only(&join(folder, "src/bin"))),
            };
        };
        let declared = bins.iter().find(|bin| text(bin, "name").as_deref() == Some(name));
        let paths = [format!("src/bin/{name}.rs"), format!("src/bin/{name}/main.rs")];
        declared
            .and_then(|bin| self.project.file(&join(folder, &text(bin, "path")?)))
            .or_else(|| paths.iter().find_map(|path| self.project.file(&join(folder, path))))
            .or_else(|| main.filter(|_| package.as_deref() == Some(name)))
    }

    fn only(&self, folder: &str) -> Option<SourceId> {
        let mut files =
            self.project.sources.under(folder).filter(|id| self.is_source(self.project.sources.path(*id)));
        let only = files.next()?;
        files.next().is_none().then_some(only)
    }

    fn at_places(&self) -> Option<SourceId> {
        self.places.iter().find_map(|place| self.program(&place.folder))
    }

    /// The file in a folder itself that starts a program.
    fn program(&self, folder: &str) -> Option<SourceId> {
        let sources = &self.project.sources;
        let files: Vec<SourceId> = sources
            .under(folder)
            .filter(|id| sources.folder(*id) == folder && self.is_source(sources.path(*id)))
            .collect();
        let marks = CONVENTIONS.entry_marks.get(&self.language)?;
        marks
            .iter()
            .find_map(|mark| files.iter().copied().find(|id| sources.text(*id).contains(mark.as_str())))
    }

    fn named(&self, name: &str, extension: &str) -> Vec<SourceId> {
        self.project
            .named(&format!("{name}.{extension}"))
            .iter()
            .copied()
            .filter(|id| !is_test(self.project.sources.path(*id)))
            .collect()
    }

    /// The file that has most folders in common with the code.
    fn nearest(&self, files: &[SourceId]) -> Option<SourceId> {
        let distance = |id: &SourceId| {
            let path = self.project.sources.path(*id);
            let steps = self.places.iter().map(|place| {
                upwards(&place.folder).position(|above| within(path, above)).unwrap_or(usize::MAX)
            });
            steps.min().unwrap_or(usize::MAX)
        };
        files.iter().copied().min_by_key(|id| (distance(id), *id))
    }

    fn is_source(&self, path: &str) -> bool {
        CodeLanguage::of_path(path) == Some(self.language) && !is_test(path)
    }

    fn found(&self, source: SourceId, export: Vec<String>, how: How) -> Resolution {
        let root = self.project.sources.folder(source).to_owned();
        Resolution::Found(Found { source, language: self.language, export, root, how })
    }

    fn missing(&self, handler: &str) -> Resolution {
        let looked_at = self.places.iter().map(|place| place.folder.clone()).collect();
        Resolution::Missing { why: format!("no file for the handler `{handler}`"), looked_at }
    }
}

/// Packages of handlers that frameworks bring.
fn is_framework(class: &str) -> bool {
    CONVENTIONS.framework_packages.iter().any(|package| class.starts_with(package.as_str()))
}

/// Whether a text has this, not followed by more of a name.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        text[at + word.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '_')
    })
}
