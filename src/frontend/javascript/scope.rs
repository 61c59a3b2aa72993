//! Which variable a name means: block scopes folded into function scopes by renaming.

use super::jumps::Jumps;
use rustc_hash::{FxHashMap, FxHashSet};

/// All names visible at one point of the file.
#[derive(Default)]
pub struct Scopes<'t> {
    /// For each name its bindings, innermost last.
    visible: FxHashMap<&'t str, Vec<Binding>>,
    /// Names bound by each open block, innermost last.
    blocks: Vec<Vec<&'t str>>,
    functions: Vec<Function>,
    /// How often a name was given a number.
    numbers: FxHashMap<String, usize>,
}

struct Binding {
    /// The name in the lowered form.
    name: String,
    /// How many functions are open around it.
    level: usize,
    used: bool,
}

#[derive(Default)]
struct Function {
    locals: Vec<String>,
    known: FxHashSet<String>,
    jumps: Jumps,
}

impl<'t> Scopes<'t> {
    pub fn enter_function(&mut self) {
        self.functions.push(Function::default());
        self.blocks.push(Vec::new());
    }

    /// The locals of the function left.
    pub fn leave_function(&mut self) -> Vec<String> {
        self.leave_block();
        self.functions.pop().map(|function| function.locals).unwrap_or_default()
    }

    pub fn enter_block(&mut self) {
        self.blocks.push(Vec::new());
    }

    pub fn leave_block(&mut self) {
        for name in self.blocks.pop().unwrap_or_default() {
            if let Some(bindings) = self.visible.get_mut(name) {
                bindings.pop();
            }
        }
    }

    /// Opens a block that binds the own name of a function or class expression; gives the bound name.
    pub fn enter_self(&mut self, name: &'t str) -> String {
        self.enter_block();
        let taken = self.binding(name).is_some() || self.is_known(name);
        let bound = if taken { self.numbered(name) } else { name.to_owned() };
        let binding = Binding { name: bound.clone(), level: self.functions.len(), used: false };
        self.visible.entry(name).or_default().push(binding);
        self.blocks.last_mut().into_iter().for_each(|block| block.push(name));
        bound
    }

    /// Closes that block; the name becomes a variable where it was used, which is told.
    pub fn leave_self(&mut self, name: &str, bound: &str) -> bool {
        let used = self.binding(name).is_some_and(|binding| binding.used);
        self.leave_block();
        if used {
            self.add_local(bound.to_owned());
        }
        used
    }

    /// Binds a name for the whole function.
    pub fn declare_in_function(&mut self, name: &'t str) {
        if !self.is_known(name) {
            self.bind(name, name.to_owned());
        }
    }

    /// Binds a name for the innermost block, under a new name where the old one is taken.
    pub fn declare_in_block(&mut self, name: &'t str) {
        if self.blocks.last().is_some_and(|block| block.contains(&name)) {
            return;
        }
        let taken = self.binding(name).is_some() || self.is_known(name);
        let bound = if taken { self.numbered(name) } else { name.to_owned() };
        self.bind(name, bound);
    }

    /// A new variable of the current function that no text can name.
    pub fn temporary(&mut self, stem: &str) -> String {
        let name = self.numbered(stem);
        self.add_local(name.clone());
        name
    }

    /// The name under which a variable is known in the lowered form; `None` for a global.
    pub fn resolve(&mut self, name: &str) -> Option<&str> {
        let binding = self.visible.get_mut(name)?.last_mut()?;
        binding.used = true;
        Some(&binding.name)
    }

    /// As [`Scopes::resolve`], for the place that binds the name: not a use of it.
    pub fn peek(&self, name: &str) -> Option<&str> {
        self.binding(name).map(|binding| binding.name.as_str())
    }

    /// Takes a local away from the function at hand if nothing used it; tells whether.
    pub fn remove_unused(&mut self, name: &str) -> bool {
        let unused = self.binding(name).is_some_and(|binding| !binding.used);
        if unused && let Some(function) = self.functions.last_mut() {
            function.locals.retain(|local| local != name);
        }
        unused
    }

    pub fn is_bound(&self, name: &str) -> bool {
        self.binding(name).is_some()
    }

    /// Whether a name is a global, or a variable of the module itself.
    pub fn is_of_module(&self, name: &str) -> bool {
        self.binding(name).is_none_or(|binding| binding.level <= 1)
    }

    /// A name that is assigned but nowhere declared: a variable of the module.
    pub fn declare_implicitly(&mut self, name: &str) {
        if let Some(module) = self.functions.first_mut()
            && module.known.insert(name.to_owned())
        {
            module.locals.push(name.to_owned());
        }
    }

    pub fn jumps(&mut self) -> Option<&mut Jumps> {
        self.functions.last_mut().map(|function| &mut function.jumps)
    }

    fn binding(&self, name: &str) -> Option<&Binding> {
        self.visible.get(name)?.last()
    }

    fn is_known(&self, name: &str) -> bool {
        self.functions.last().is_some_and(|function| function.known.contains(name))
    }

    fn numbered(&mut self, name: &str) -> String {
        let number = self.numbers.entry(name.to_owned()).or_insert(1);
        *number += 1;
        format!("{name}#{number}")
    }

    fn bind(&mut self, name: &'t str, bound: String) {
        self.add_local(bound.clone());
        let binding = Binding { name: bound, level: self.functions.len(), used: false };
        self.visible.entry(name).or_default().push(binding);
        if let Some(block) = self.blocks.last_mut() {
            block.push(name);
        }
    }

    fn add_local(&mut self, name: String) {
        if let Some(function) = self.functions.last_mut()
            && function.known.insert(name.clone())
        {
            function.locals.push(name);
        }
    }
}
