//! Handlers of Python, JavaScript and Ruby: `path/of/module.export`.

use super::conventions::{CONVENTIONS, CodeLanguage};
use super::paths::{ends_with, file_name, is_test, upwards, within, without_extension};
use super::places::{Place, behind_build, places};
use super::project::Project;
use super::start::{self, Started};
use super::{Code, Found, HandlerSpec, How, Resolution, bundler, makefile, python};
use crate::source::{SourceId, join, parent};

/// Finds the file of a handler.
pub(super) fn resolve(spec: &HandlerSpec, language: CodeLanguage, project: &Project<'_>) -> Resolution {
    let Some(handler) = true_handler(spec) else {
        return Resolution::Missing {
            why: "the function has no `Handler`".to_owned(),
            looked_at: Vec::new(),
        };
    };
    let mut search = Search { spec, project, language, looked_at: Vec::new() };
    let places = places(spec, project);
    let (names, how) = match search.started(handler, &places) {
        Some((Started::Module(module), how)) => (vec![Name { module, export: Vec::new() }], Some(how)),
        Some((Started::Handler(handler), how)) => (names(&handler, language), Some(how)),
        None => (names(handler, language), None),
    };
    if names.is_empty() {
        let why = format!("`{handler}` names no function of a module");
        return Resolution::Missing { why, looked_at: Vec::new() };
    }
    let found = names
        .iter()
        .find_map(|name| search.in_layers(name))
        .or_else(|| places.iter().find_map(|place| names.iter().find_map(|name| search.at(place, name))))
        .or_else(|| {
            search.others().iter().find_map(|place| names.iter().find_map(|name| search.at(place, name)))
        })
        .or_else(|| search.bundled(&places, &names))
        .or_else(|| names.iter().find_map(|name| search.only_candidate(&places, name)));
    match found {
        Some(found) => Resolution::Found(Found { how: how.unwrap_or(found.how).max(found.how), ..found }),
        None => Resolution::Missing {
            why: format!("no file for the handler `{handler}`"),
            looked_at: search.looked_at,
        },
    }
}

/// The handler that a wrapper from a layer hands on to, else the one that is written.
fn true_handler(spec: &HandlerSpec) -> Option<&str> {
    CONVENTIONS
        .handler_variables
        .iter()
        .find_map(|name| spec.variables.get(name))
        .or(spec.handler.as_ref())
        .map(|handler| handler.trim())
        .filter(|handler| !handler.is_empty())
}

/// A way to read `Handler`: the module as a path, the export as members.
struct Name {
    module: String,
    export: Vec<String>,
}

fn names(handler: &str, language: CodeLanguage) -> Vec<Name> {
    let handler = handler.trim_start_matches("/var/task/").trim_start_matches("./");
    let name = |module: &str, export: &str| Name {
        module: module.to_owned(),
        export: export.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
    };
    let last = handler.rsplit_once('.').filter(|(module, _)| !module.is_empty());
    match language {
        // The runtime imports all before the last dot, with `/` for `.`.
        CodeLanguage::Python => {
            last.map(|(module, export)| name(&module.replace('.', "/"), export)).into_iter().collect()
        }
        // The file's name ends at the first dot; classes follow, with `::` between them.
        CodeLanguage::Ruby => {
            let (module, export) = handler.split_once('.').unwrap_or((handler, ""));
            let module = module.trim_end_matches(".rb");
            (!module.is_empty()).then(|| name(module, &export.replace("::", "."))).into_iter().collect()
        }
        // The runtime cuts the file's name at its first dot; bundlers keep dots in names of files.
        _ => {
            let start = handler.len() - file_name(handler).len();
            let first = handler[start..]
                .split_once('.')
                .map(|(file, export)| name(&format!("{}{file}", &handler[..start]), export));
            let last = last.map(|(module, export)| name(module, export));
            let same = matches!((&first, &last), (Some(first), Some(last)) if first.module == last.module);
            first.into_iter().chain(last.filter(|_| !same)).collect()
        }
    }
}

struct Search<'s, 'a> {
    spec: &'s HandlerSpec,
    project: &'s Project<'a>,
    language: CodeLanguage,
    looked_at: Vec<String>,
}

impl Search<'_, '_> {
    /// Places that the code's own do not name: what a make target copies, and layers.
    fn others(&self) -> Vec<Place> {
        let made = makefile::inputs(self.spec, self.project).into_iter().map(|path| {
            let folder = if self.project.file(&path).is_some() { parent(&path).to_owned() } else { path };
            Place { folder, how: How::Makefile }
        });
        let layers = self.spec.layers.iter().filter(|_| self.language == CodeLanguage::Python);
        let layers = layers.flat_map(|layer| python::layer_folders(self.project, &layer.folder));
        made.chain(layers.map(|folder| Place { folder, how: How::Layer })).collect()
    }

    /// What a handler that is a command or a script starts.
    fn started(&self, handler: &str, places: &[Place]) -> Option<(Started, How)> {
        if matches!(self.spec.code, Code::Image { .. }) && handler.contains(' ') {
            let folder = places.first().map_or("", |place| place.folder.as_str());
            return start::started(handler, folder, self.project).map(|started| (started, How::Image));
        }
        let in_places = places.iter().find_map(|place| start::script(handler, &place.folder, self.project));
        let started = in_places.or_else(|| {
            // A build copies the script; there is one below the template.
            let mut below = self.project.with_suffix(file_name(handler)).filter(|id| {
                handler.ends_with(".sh") && within(self.project.sources.path(*id), &self.spec.template_folder)
            });
            let only = below.next().filter(|_| below.next().is_none())?;
            start::script(file_name(handler), self.project.sources.folder(only), self.project)
        })?;
        Some((started, How::StartScript))
    }

    /// `/opt/nodejs/app.handler` lies in a layer.
    fn in_layers(&mut self, name: &Name) -> Option<Found> {
        let path = name.module.strip_prefix("/opt/").or_else(|| name.module.strip_prefix("opt/"))?;
        let below = CONVENTIONS
            .layer_roots
            .get(&self.language)?
            .first()
            .and_then(|root| path.strip_prefix(root.as_str()));
        let mut paths = Vec::new();
        for layer in &self.spec.layers {
            paths.push(join(&layer.folder, path));
            paths.extend(below.map(|below| join(&layer.folder, below)));
        }
        paths
            .iter()
            .find_map(|path| self.module_at(path, How::Layer))
            .map(|(source, how)| self.found(source, name, how))
    }

    /// The handler in one place.
    fn at(&mut self, place: &Place, name: &Name) -> Option<Found> {
        let path = join(&place.folder, &name.module);
        let (source, how) = self
            .entry_point(place, name)
            .map(|source| (source, How::EntryPoint))
            .or_else(|| {
                let (source, how) = self.module_at(&path, place.how)?;
                Some(
                    self.source_of_compiled(source, &path)
                        .map_or((source, how), |source| (source, How::BuildFolder)),
                )
            })
            .or_else(|| {
                self.sources_behind(&path).iter().find_map(|path| self.module_at(path, How::BuildFolder))
            })?;
        Some(self.found(source, name, how))
    }

    /// The entry point of a bundler that gives the handler's file.
    fn entry_point(&self, place: &Place, name: &Name) -> Option<SourceId> {
        let points = &self.spec.build.as_ref()?.entry_points;
        let fits = |point: &&String| {
            let stem = without_extension(point);
            ends_with(stem, &name.module) || file_name(stem) == file_name(&name.module)
        };
        let only = if let [only] = points.as_slice() { Some(only) } else { None };
        let exact = points.iter().find(|point| ends_with(without_extension(point), &name.module));
        let point = exact.or_else(|| points.iter().find(fits)).or(only)?;
        let path = join(&place.folder, point);
        self.project.file(&path).or_else(|| self.file_with_extension(without_extension(&path)))
    }

    /// The entry of a bundler that the template does not tell of.
    fn bundled(&self, places: &[Place], names: &[Name]) -> Option<Found> {
        if self.language != CodeLanguage::JavaScript {
            return None;
        }
        places.iter().flat_map(|place| names.iter().map(move |name| (place, name))).find_map(
            |(place, name)| {
                let source = bundler::entry(self.project, &join(&place.folder, &name.module))?;
                self.mentions(source, name).then(|| self.found(source, name, How::EntryPoint))
            },
        )
    }

    /// The module at a path without ending: a file, or a folder with its own module.
    fn module_at(&mut self, path: &str, how: How) -> Option<(SourceId, How)> {
        if let Some(source) = self.file_with_extension(path) {
            return Some((source, how));
        }
        if self.looked_at.len() < 12 {
            self.looked_at.push(path.to_owned());
        }
        let own = self
            .language
            .folder_modules()
            .iter()
            .find_map(|name| self.file_with_extension(&join(path, name)))?;
        Some((own, how.max(How::FolderModule)))
    }

    fn file_with_extension(&self, path: &str) -> Option<SourceId> {
        self.language
            .extensions()
            .iter()
            .find_map(|extension| self.project.file(&format!("{path}.{extension}")))
    }

    /// Paths a built path may come from: as the compiler is told, then as builds do.
    fn sources_behind(&self, path: &str) -> Vec<String> {
        let mut behind = Vec::new();
        if self.language == CodeLanguage::JavaScript {
            for config in upwards(parent(path)).filter_map(|folder| self.project.tsconfig(folder)) {
                behind.extend(config.behind(path));
            }
        }
        behind.extend(behind_build(path));
        behind
    }

    /// The source that a compiled file, committed beside it, was made from.
    fn source_of_compiled(&self, compiled: SourceId, path: &str) -> Option<SourceId> {
        if self.language != CodeLanguage::JavaScript || !self.project.sources.path(compiled).ends_with("js") {
            return None;
        }
        let is_source = |id: &SourceId| self.project.sources.path(*id).ends_with("ts");
        self.sources_behind(path).iter().filter_map(|path| self.file_with_extension(path)).find(is_source)
    }

    /// The only file whose path ends as the handler's, in the function's folder or, if there is no
    /// such folder, in the project.
    fn only_candidate(&mut self, places: &[Place], name: &Name) -> Option<Found> {
        let folder = places
            .first()
            .filter(|place| self.project.has_folder(&place.folder))
            .map(|place| place.folder.clone());
        let scopes: Vec<String> = match folder {
            Some(folder) => vec![folder],
            None => vec![self.spec.template_folder.clone(), String::new()],
        };
        for scope in &scopes {
            for suffix in self.suffixes(name, places) {
                let fitting = self.candidates(scope, &suffix, name);
                match fitting.as_slice() {
                    [] => {}
                    [only] => return Some(self.found(*only, name, How::OnlyCandidate)),
                    // Several fit as well as each other: no guess.
                    _ => return None,
                }
            }
        }
        None
    }

    /// Ends of paths to look for, longest first.
    fn suffixes(&self, name: &Name, places: &[Place]) -> Vec<String> {
        let code = places.first().map_or("", |place| file_name(&place.folder));
        let module = name.module.as_str();
        let mut suffixes = Vec::new();
        let general = CONVENTIONS.general_modules.iter().any(|general| general == file_name(module));
        if !code.is_empty() {
            suffixes.push(format!("{code}/{module}"));
        }
        let mut rest = Some(module);
        while let Some(suffix) = rest {
            if suffix.contains('/') || !general {
                suffixes.push(suffix.to_owned());
                suffixes.extend(self.language.folder_modules().iter().map(|own| format!("{suffix}/{own}")));
            }
            rest = suffix.split_once('/').map(|(_, rest)| rest);
        }
        suffixes.extend(behind_build(module).into_iter().filter(|path| path.contains('/')));
        if general && !code.is_empty() {
            suffixes.push(code.to_owned());
        }
        suffixes
    }

    fn candidates(&self, scope: &str, suffix: &str, name: &Name) -> Vec<SourceId> {
        let sources = &self.project.sources;
        let mut found: Vec<SourceId> = Vec::new();
        for extension in self.language.extensions() {
            let suffix = format!("{suffix}.{extension}");
            let fits = self.project.with_suffix(&suffix).filter(|id| {
                let path = sources.path(*id);
                within(path, scope) && (!is_test(path) || is_test(scope)) && self.mentions(*id, name)
            });
            // A source and what is compiled from it are one candidate.
            let new: Vec<SourceId> = fits
                .filter(|id| {
                    !found.iter().any(|other| compiled_from(sources.path(*id), sources.path(*other)))
                })
                .collect();
            found.extend(new);
        }
        found
    }

    /// Whether the text has the first name of the export at all.
    fn mentions(&self, source: SourceId, name: &Name) -> bool {
        name.export.first().is_none_or(|export| self.project.sources.text(source).contains(export.as_str()))
    }

    fn found(&self, source: SourceId, name: &Name, how: How) -> Found {
        let path = self.project.sources.path(source);
        let stem = without_extension(path);
        let folder = if ends_with(stem, &name.module) {
            stem[..stem.len() - name.module.len()].trim_end_matches('/')
        } else {
            parent(path)
        };
        Found { source, language: self.language, export: name.export.clone(), root: folder.to_owned(), how }
    }
}

fn compiled_from(compiled: &str, source: &str) -> bool {
    let (compiled, source) = (without_extension(compiled), without_extension(source));
    compiled == source || behind_build(compiled).iter().any(|path| path == source)
}
