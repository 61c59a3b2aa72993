//! Which paths settings are about.

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::{Config, ConfigError};

impl Config {
    /// Which paths hold no templates to look at: those that `exclude` names, and what lies outside the
    /// root.
    ///
    /// # Errors
    /// The first text that is no glob.
    pub fn excluded(&self) -> Result<impl Fn(&str) -> bool + Sync + use<>, ConfigError> {
        let globs = globs("exclude", &self.exclude)?;
        let root = self.root.clone();
        Ok(move |path: &str| {
            let above =
                std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(above, _)| above));
            path.starts_with("../")
                || above.into_iter().any(|path| globs.is_match(crate::source::join(&root, path)))
        })
    }
}

/// # Errors
/// The first text that is no glob.
pub(super) fn globs(key: &str, texts: &[String]) -> Result<GlobSet, ConfigError> {
    let mut globs = GlobSetBuilder::new();
    for text in texts {
        let glob = Glob::new(text.trim_end_matches('/'));
        globs.add(glob.map_err(|error| ConfigError {
            text: format!("{key}: {error}"),
            name: Some(text.clone()),
            ..ConfigError::default()
        })?);
    }
    globs.build().map_err(|error| ConfigError::of(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excluded_folder_is_excluded_with_all_below_it() {
        let config = Config { exclude: vec!["labs/**/old".into(), "b.yaml".into()], ..Config::default() };
        let excluded = config.excluded().expect("they are globs");
        assert!(
            excluded("labs/1/old/template.yaml") && excluded("b.yaml") && excluded("../other/template.yaml")
        );
        assert!(!excluded("labs/1/new/template.yaml") && !excluded("a/b.yaml"));
        assert!(Config { exclude: vec!["[".into()], ..Config::default() }.excluded().is_err());
    }

    #[test]
    fn globs_mean_the_same_whichever_folder_is_checked() {
        let config =
            Config { exclude: vec!["old/**".into()], root: "services/[a]".into(), ..Config::default() };
        let excluded = config.seen_from("services/[a]").excluded().expect("they are globs");
        assert!(excluded("old/template.yaml") && !excluded("new/old/template.yaml"));
        let above =
            Config { exclude: vec!["services/*/old".into()], root: "services/a".into(), ..Config::default() };
        let excluded = above.excluded().expect("they are globs");
        assert!(excluded("old/template.yaml") && !excluded("template.yaml"));
    }
}
