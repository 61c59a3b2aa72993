//! Which function a name belongs to, while code is read from top to bottom.
//!
//! Functions and the module are the scopes of the common form. What else has names of its own in
//! Python (class bodies, comprehensions) is renamed into the function around it: `x#1`.

use crate::ir::{Expression, ExpressionKind};
use crate::source::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// The names of the functions around the place that is being read.
#[derive(Debug)]
pub struct Scopes {
    functions: Vec<Function>,
    layers: Vec<Layer>,
    /// Layers below this one lie outside the innermost `def` and are not seen from it.
    base: usize,
}

#[derive(Debug, Default)]
struct Function {
    locals: Vec<String>,
    bound: FxHashSet<String>,
    /// Declared `global` or `nonlocal`.
    elsewhere: FxHashSet<String>,
    is_generator: bool,
    renamed: u32,
}

/// What lies over the names of a function for a stretch of code.
#[derive(Debug)]
enum Layer {
    /// A class body: names bound in it, by their hidden name; not seen from functions inside.
    Class(ClassNames),
    /// A comprehension: its variables.
    Comprehension(FxHashMap<String, String>),
    /// A match guard: captured names stand for the parts of the subject.
    Captures(Vec<(String, Expression)>),
    /// A lambda: the names of the function with this number are its own.
    Lambda(usize),
}

#[derive(Debug, Default)]
pub struct ClassNames {
    hidden: FxHashMap<String, String>,
    used: FxHashSet<String>,
}

impl ClassNames {
    /// The hidden name of a class variable that the class body itself reads.
    pub fn read(&self, name: &str) -> Option<&str> {
        self.used.contains(name).then(|| self.hidden.get(name).map(String::as_str)).flatten()
    }
}

/// A finished function.
#[derive(Debug)]
pub struct Closed {
    pub locals: Vec<String>,
    pub is_generator: bool,
}

/// What `open` hands to `close`.
#[derive(Debug)]
pub struct Opened {
    base: usize,
}

impl Scopes {
    pub fn new() -> Self {
        Self { functions: vec![Function::default()], layers: Vec::new(), base: 0 }
    }

    pub fn into_locals(mut self) -> Vec<String> {
        std::mem::take(&mut self.current().locals)
    }

    /// Enters the body of a `def`.
    pub fn open(&mut self) -> Opened {
        self.functions.push(Function::default());
        let opened = Opened { base: self.base };
        self.base = self.layers.len();
        opened
    }

    pub fn close(&mut self, opened: Opened) -> Closed {
        let base = std::mem::replace(&mut self.base, opened.base);
        self.layers.truncate(base);
        let function = if self.functions.len() > 1 { self.functions.pop() } else { None }.unwrap_or_default();
        Closed { locals: function.locals, is_generator: function.is_generator }
    }

    /// Enters a lambda: like a `def`, but comprehensions around it are seen.
    pub fn open_lambda(&mut self) {
        self.layers.push(Layer::Lambda(self.functions.len()));
        self.functions.push(Function::default());
    }

    pub fn close_lambda(&mut self) -> Closed {
        self.layers.pop();
        let function = if self.functions.len() > 1 { self.functions.pop() } else { None }.unwrap_or_default();
        Closed { locals: function.locals, is_generator: function.is_generator }
    }

    pub fn open_class(&mut self) {
        self.layers.push(Layer::Class(ClassNames::default()));
    }

    pub fn close_class(&mut self) -> ClassNames {
        match self.layers.pop() {
            Some(Layer::Class(names)) => names,
            _ => ClassNames::default(),
        }
    }

    /// The names bound so far in the class body at hand, with their hidden names, in order.
    pub fn class_names(&self) -> Vec<(String, String)> {
        match self.layers.last() {
            Some(Layer::Class(names)) => {
                let mut names: Vec<_> =
                    names.hidden.iter().map(|(name, hidden)| (name.clone(), hidden.clone())).collect();
                names.sort();
                names
            }
            _ => Vec::new(),
        }
    }

    pub fn open_comprehension(&mut self) {
        self.layers.push(Layer::Comprehension(FxHashMap::default()));
    }

    pub fn open_captures(&mut self, captures: Vec<(String, Expression)>) {
        self.layers.push(Layer::Captures(captures));
    }

    /// Leaves a comprehension or a match guard.
    pub fn close_layer(&mut self) {
        self.layers.pop();
    }

    /// Binds a name where an assignment stands; gives the name it has in the common form.
    pub fn bind(&mut self, name: &str) -> String {
        let layers = &mut self.layers[self.base..];
        let layer = layers.iter_mut().rev().find(|layer| matches!(layer, Layer::Class(_) | Layer::Lambda(_)));
        if let Some(Layer::Class(names)) = layer {
            if let Some(hidden) = names.hidden.get(name) {
                return hidden.clone();
            }
            let hidden = self.fresh(name);
            let layers = &mut self.layers[self.base..];
            if let Some(Layer::Class(names)) =
                layers.iter_mut().rev().find(|layer| matches!(layer, Layer::Class(_)))
            {
                names.hidden.insert(name.to_owned(), hidden.clone());
            }
            return hidden;
        }
        let function = self.current();
        if !function.elsewhere.contains(name) && !function.bound.contains(name) {
            function.bound.insert(name.to_owned());
            function.locals.push(name.to_owned());
        }
        name.to_owned()
    }

    /// Binds the variable of a comprehension.
    pub fn bind_in_comprehension(&mut self, name: &str) -> String {
        let renamed = self.fresh(name);
        self.list(&renamed);
        if let Some(Layer::Comprehension(names)) = self.layers.last_mut() {
            names.insert(name.to_owned(), renamed.clone());
        }
        renamed
    }

    /// A new name of the function at hand, for a value that the source does not name.
    pub fn temporary(&mut self, purpose: &str) -> String {
        let name = self.fresh(purpose);
        self.list(&name);
        name
    }

    /// Lists a name that [`Scopes::fresh`] gave among the locals of the function at hand.
    pub fn list(&mut self, name: &str) {
        let function = self.current();
        if function.bound.insert(name.to_owned()) {
            function.locals.push(name.to_owned());
        }
    }

    fn fresh(&mut self, name: &str) -> String {
        let function = self.current();
        function.renamed += 1;
        format!("{name}#{}", function.renamed)
    }

    /// `global name`: the module binds it.
    pub fn global(&mut self, name: &str) {
        if self.functions.len() > 1 {
            self.current().elsewhere.insert(name.to_owned());
            if let Some(module) = self.functions.first_mut()
                && module.bound.insert(name.to_owned())
            {
                module.locals.push(name.to_owned());
            }
        }
    }

    /// `nonlocal name`: a function around binds it.
    pub fn nonlocal(&mut self, name: &str) {
        if self.functions.len() > 1 {
            self.current().elsewhere.insert(name.to_owned());
        }
    }

    pub fn mark_generator(&mut self) {
        self.current().is_generator = true;
    }

    /// What a name that is read stands for.
    pub fn resolve(&mut self, span: Span, name: &str) -> ExpressionKind {
        let mut class_seen = true;
        for layer in self.layers[self.base..].iter_mut().rev() {
            match layer {
                Layer::Comprehension(names) => {
                    if let Some(renamed) = names.get(name) {
                        return ExpressionKind::Name(renamed.clone());
                    }
                }
                Layer::Captures(captures) => {
                    if let Some((_, value)) = captures.iter().find(|(captured, _)| captured == name) {
                        return super::matching::at(span, value.clone()).kind;
                    }
                }
                Layer::Class(names) if class_seen => {
                    if let Some(hidden) = names.hidden.get(name) {
                        names.used.insert(name.to_owned());
                        return ExpressionKind::Name(hidden.clone());
                    }
                    class_seen = false;
                }
                Layer::Class(_) => {}
                Layer::Lambda(function) => {
                    if self.functions.get(*function).is_some_and(|function| function.bound.contains(name)) {
                        break;
                    }
                    class_seen = false;
                }
            }
        }
        ExpressionKind::Name(name.to_owned())
    }

    fn current(&mut self) -> &mut Function {
        if self.functions.is_empty() {
            self.functions.push(Function::default());
        }
        let last = self.functions.len() - 1;
        &mut self.functions[last]
    }
}
