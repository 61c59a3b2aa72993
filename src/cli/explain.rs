//! `slslint rules` and `slslint explain`.

use clap::Args;

use super::{Exit, Failure, print};
use crate::config::did_you_mean;
use crate::report::page;
use crate::rule::{Category, Meta};

#[derive(Debug, Args)]
pub struct RulesArguments {
    /// Only rules of this category
    #[arg(long)]
    category: Option<String>,
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// Id of the rule, as findings show it
    rule: String,
}

pub fn rules(arguments: &RulesArguments) -> Result<Exit, Failure> {
    let wanted = match &arguments.category {
        None => None,
        Some(name) => Some(Category::from_name(name).ok_or_else(|| {
            let names: Vec<&str> = Category::ALL.iter().map(|category| category.name()).collect();
            let nearest = did_you_mean(name, &names);
            let all = if nearest.is_empty() { format!("; there are {}", names.join(", ")) } else { nearest };
            format!("no category is called `{name}`{all}")
        })?),
    };
    let rules = crate::rules::all();
    let metas: Vec<&Meta> = rules.iter().map(|rule| rule.meta()).collect();
    let width = metas.iter().map(|meta| meta.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for category in
        Category::ALL.into_iter().filter(|category| wanted.is_none_or(|wanted| wanted == *category))
    {
        let of_category: Vec<&&Meta> = metas.iter().filter(|meta| meta.category == category).collect();
        if of_category.is_empty() {
            continue;
        }
        out += &format!("{}\n", category.name());
        for meta in of_category {
            out += &format!(
                "  {:width$}  {:7}  {:8}  {}\n",
                meta.id,
                meta.severity.name(),
                meta.profile.name(),
                meta.summary
            );
        }
    }
    print(&out);
    Ok(Exit::Clean)
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let rules = crate::rules::all();
    let metas: Vec<&Meta> = rules.iter().map(|rule| rule.meta()).collect();
    let Some(meta) = metas.iter().find(|meta| meta.id == arguments.rule) else {
        let ids: Vec<&str> = metas.iter().map(|meta| meta.id.as_ref()).collect();
        let nearest = did_you_mean(&arguments.rule, &ids);
        let all = if nearest.is_empty() { "; `slslint rules` lists them" } else { "" };
        return Err(Failure(format!("no rule is called `{}`{nearest}{all}", arguments.rule)));
    };
    print(&page(meta));
    Ok(Exit::Clean)
}
