//! Parsing within limits, and the few ways a tree is read.

use std::iter;
use std::ops::{ControlFlow, Deref};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use tree_sitter::{Language, ParseOptions, Parser, Tree};

use super::types;

/// A larger file is a bundle, not a handler; parsing it would cost more than it can tell.
const LARGEST: usize = 1_000_000;
/// Files above this size are checked for being minified.
const LARGE: usize = 50_000;
/// Bytes per line, on average, that people do not write.
const MINIFIED_LINE: usize = 2_000;
/// Usual files take milliseconds; this stops the grammar's pathological cases.
const LONGEST: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    JavaScript,
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// `.d.ts`: types only, no code.
    Declarations,
}

impl Dialect {
    pub fn of(path: &str) -> Self {
        let file = path.rsplit('/').next().unwrap_or(path);
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        match extension {
            "ts" | "mts" | "cts" if stem.ends_with(".d") => Self::Declarations,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "tsx" => Self::Tsx,
            _ => Self::JavaScript,
        }
    }

    fn language(self) -> Language {
        match self {
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript | Self::Declarations => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }
}

/// The names of a grammar: the parser would compare and check them letter by letter, for each look.
struct Grammar {
    /// By number.
    kinds: Vec<String>,
    fields: FxHashMap<String, u16>,
}

impl Grammar {
    fn of(dialect: Dialect) -> Self {
        let language = dialect.language();
        let kind = |id| language.node_kind_for_id(u16::try_from(id).ok()?).map(str::to_owned);
        let field = |id| Some((language.field_name_for_id(id)?.to_owned(), id));
        Self {
            kinds: (0..language.node_kind_count()).map(|id| kind(id).unwrap_or_default()).collect(),
            fields: (1..=u16::try_from(language.field_count()).unwrap_or(u16::MAX))
                .filter_map(field)
                .collect(),
        }
    }
}

static JAVASCRIPT: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Dialect::JavaScript));
static TYPESCRIPT: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Dialect::TypeScript));
static TSX: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Dialect::Tsx));

/// A node of a tree, with its grammar at hand.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    node: tree_sitter::Node<'t>,
    grammar: &'static Grammar,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<'t> Deref for Node<'t> {
    type Target = tree_sitter::Node<'t>;

    fn deref(&self) -> &Self::Target {
        &self.node
    }
}

impl<'t> Node<'t> {
    pub fn root(tree: &'t Tree, dialect: Dialect) -> Self {
        let grammar = match dialect {
            Dialect::JavaScript => &*JAVASCRIPT,
            Dialect::TypeScript | Dialect::Declarations => &*TYPESCRIPT,
            Dialect::Tsx => &*TSX,
        };
        Self { node: tree.root_node(), grammar }
    }

    pub fn kind(self) -> &'static str {
        self.grammar.kinds.get(usize::from(self.node.kind_id())).map_or("ERROR", String::as_str)
    }

    /// The child of this name.
    pub fn field(self, name: &str) -> Option<Self> {
        let node = self.node.child_by_field_id(*self.grammar.fields.get(name)?)?;
        Some(Self { node, ..self })
    }

    pub fn child(self, index: u32) -> Option<Self> {
        Some(Self { node: self.node.child(index)?, ..self })
    }

    pub fn named_child(self, index: u32) -> Option<Self> {
        Some(Self { node: self.node.named_child(index)?, ..self })
    }

    /// All children, tokens too.
    pub fn all(self) -> impl Iterator<Item = Self> {
        let mut cursor = self.node.walk();
        let mut is_there = cursor.goto_first_child();
        iter::from_fn(move || {
            let node = is_there.then(|| cursor.node())?;
            is_there = cursor.goto_next_sibling();
            Some(Self { node, ..self })
        })
    }

    pub fn named(self) -> impl Iterator<Item = Self> {
        self.all().filter(|child| child.is_named())
    }
}

/// The tree of a text; `None` where the text is too large, minified, or took too long. Types that break it
/// are left out of it.
pub fn of(dialect: Dialect, text: &str) -> Option<Tree> {
    let tree = parse(dialect, text)?;
    if dialect == Dialect::JavaScript || !tree.root_node().has_error() {
        return Some(tree);
    }
    let other = types::blanked(text).and_then(|text| parse(dialect, &text));
    let broken = |tree: &Tree| broken(Node::root(tree, dialect)).count();
    Some(other.filter(|other| broken(other) < broken(&tree)).unwrap_or(tree))
}

fn parse(dialect: Dialect, text: &str) -> Option<Tree> {
    if text.len() > LARGEST || is_minified(text) {
        return None;
    }
    let mut parser = Parser::new();
    parser.set_language(&dialect.language()).ok()?;
    let begin = Instant::now();
    let mut watch = |_: &tree_sitter::ParseState| {
        if begin.elapsed() > LONGEST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut watch);
    let bytes = text.as_bytes();
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}

fn is_minified(text: &str) -> bool {
    text.len() > LARGE && text.len() / text.lines().count().max(1) > MINIFIED_LINE
}

/// The parts the parser gave up on, in order, and the places where it had to add something.
pub fn broken(root: Node<'_>) -> impl Iterator<Item = (usize, usize)> {
    let mut found = Vec::new();
    let mut open = if root.has_error() { vec![root] } else { Vec::new() };
    while let Some(node) = open.pop() {
        if node.is_missing() || (node.is_error() && node.id() != root.id()) {
            found.push((node.start_byte(), node.end_byte()));
            continue;
        }
        let before = open.len();
        open.extend(node.all().filter(|child| child.has_error()));
        if node.is_error() && open.len() == before {
            found.push((node.start_byte(), node.end_byte()));
        }
    }
    found.sort_unstable();
    found.into_iter()
}

/// Named children that mean something: no comments, nothing broken.
pub fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    node.named().filter(|child| !child.is_extra() && !child.is_error()).collect()
}

pub fn first<'t>(node: Node<'t>) -> Option<Node<'t>> {
    (0..u32::MAX)
        .map_while(|index| node.named_child(index))
        .find(|child| !child.is_extra() && !child.is_error())
}

/// The statements below a node; those that stand intact inside a broken part are kept.
pub fn statements<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    for child in node.named() {
        if child.is_error() {
            found.extend(child.named().filter(|inner| is_intact(*inner)));
        } else if !child.is_extra() && child.kind() != "hash_bang_line" {
            found.push(child);
        }
    }
    if node.is_error() {
        found.retain(|child| is_intact(*child));
    }
    found
}

/// A statement, or a declaration that a broken part before it made look like an expression.
fn is_intact(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_statement")
        || kind.ends_with("_declaration")
        || (matches!(kind, "function_expression" | "generator_function" | "class")
            && node.field("name").is_some())
}

/// Whether a token (`async`, `static`, `*`) stands among the direct children.
pub fn has_token(node: Node<'_>, token: &str) -> bool {
    node.all().any(|child| !child.is_named() && child.kind() == token)
}

/// `import type`, `export type`, and single names marked so.
pub fn is_type_only(node: Node<'_>) -> bool {
    node.all().any(|child| !child.is_named() && matches!(child.kind(), "type" | "typeof"))
}
