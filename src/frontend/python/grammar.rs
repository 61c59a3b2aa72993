//! The node kinds and fields of the Python grammar, as numbers looked up once.
//!
//! Source: `grammar.js` of tree-sitter-python 0.25. A kind that is not listed is [`Kind::Other`].

use std::sync::LazyLock;

use tree_sitter::{Language, Node, TreeCursor};

macro_rules! kinds {
    (named { $($named:ident = $named_text:literal),* $(,)? } tokens { $($token:ident = $token_text:literal),* $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($named,)* $($token,)* Error, Other }

        fn kind_of(text: &str, named: bool) -> Kind {
            match (text, named) {
                $(($named_text, true) => Kind::$named,)*
                $(($token_text, false) => Kind::$token,)*
                _ => Kind::Other,
            }
        }
    };
}

kinds! {
    named {
        AliasedImport = "aliased_import", ArgumentList = "argument_list", AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target", AssertStatement = "assert_statement",
        Assignment = "assignment", Attribute = "attribute", AugmentedAssignment = "augmented_assignment",
        Await = "await", BinaryOperator = "binary_operator", Block = "block",
        BooleanOperator = "boolean_operator", BreakStatement = "break_statement", Call = "call",
        CaseClause = "case_clause", CasePattern = "case_pattern", Chevron = "chevron",
        ClassDefinition = "class_definition", ClassPattern = "class_pattern", Comment = "comment",
        ComparisonOperator = "comparison_operator", ComplexPattern = "complex_pattern",
        ConcatenatedString = "concatenated_string", ConditionalExpression = "conditional_expression",
        ContinueStatement = "continue_statement", DecoratedDefinition = "decorated_definition",
        Decorator = "decorator", DefaultParameter = "default_parameter", DeleteStatement = "delete_statement",
        DictPattern = "dict_pattern", Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension", DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern", DottedName = "dotted_name",
        ElifClause = "elif_clause", Ellipsis = "ellipsis", ElseClause = "else_clause",
        ExceptClause = "except_clause", ExecStatement = "exec_statement",
        ExpressionList = "expression_list", ExpressionStatement = "expression_statement", False = "false",
        FinallyClause = "finally_clause", Float = "float", ForInClause = "for_in_clause",
        ForStatement = "for_statement", FormatExpression = "format_expression",
        FormatSpecifier = "format_specifier", FunctionDefinition = "function_definition",
        FutureImportStatement = "future_import_statement", GeneratorExpression = "generator_expression",
        GlobalStatement = "global_statement", Identifier = "identifier", IfClause = "if_clause",
        IfStatement = "if_statement", ImportFromStatement = "import_from_statement",
        ImportStatement = "import_statement", Integer = "integer", Interpolation = "interpolation",
        KeywordArgument = "keyword_argument", KeywordPattern = "keyword_pattern",
        KeywordSeparator = "keyword_separator", Lambda = "lambda", LineContinuation = "line_continuation",
        List = "list", ListComprehension = "list_comprehension", ListPattern = "list_pattern",
        ListSplat = "list_splat", ListSplatPattern = "list_splat_pattern", MatchStatement = "match_statement",
        NamedExpression = "named_expression", None = "none", NonlocalStatement = "nonlocal_statement",
        NotOperator = "not_operator", Pair = "pair", ParenthesizedExpression = "parenthesized_expression",
        PassStatement = "pass_statement", PatternList = "pattern_list",
        PositionalSeparator = "positional_separator", PrintStatement = "print_statement",
        RaiseStatement = "raise_statement", RelativeImport = "relative_import",
        ReturnStatement = "return_statement", Set = "set", SetComprehension = "set_comprehension",
        Slice = "slice", SplatPattern = "splat_pattern", String = "string", StringContent = "string_content",
        StringEnd = "string_end", StringStart = "string_start", Subscript = "subscript",
        True = "true", TryStatement = "try_statement", Tuple = "tuple", TuplePattern = "tuple_pattern",
        Type = "type", TypeAliasStatement = "type_alias_statement", TypeConversion = "type_conversion",
        TypedDefaultParameter = "typed_default_parameter", TypedParameter = "typed_parameter",
        UnaryOperator = "unary_operator", UnionPattern = "union_pattern", WhileStatement = "while_statement",
        WildcardImport = "wildcard_import", WithClause = "with_clause", WithItem = "with_item",
        WithStatement = "with_statement", Yield = "yield",
    }
    tokens {
        AsyncToken = "async", Colon = ":", Comma = ",", Equals = "=", From = "from", Underscore = "_",
        And = "and", Or = "or", Not = "not", Minus = "-", Plus = "+", Tilde = "~", Star = "*",
        Slash = "/", DoubleSlash = "//", Percent = "%", DoubleStar = "**", Bar = "|", Ampersand = "&",
        Caret = "^", ShiftLeft = "<<", ShiftRight = ">>", At = "@",
        PlusEquals = "+=", MinusEquals = "-=", StarEquals = "*=", SlashEquals = "/=", AtEquals = "@=",
        DoubleSlashEquals = "//=", PercentEquals = "%=", DoubleStarEquals = "**=",
        ShiftRightEquals = ">>=", ShiftLeftEquals = "<<=", AmpersandEquals = "&=", CaretEquals = "^=",
        BarEquals = "|=",
        Less = "<", LessEqual = "<=", Equal = "==", NotEqual = "!=", GreaterEqual = ">=", Greater = ">",
        OldNotEqual = "<>", In = "in", NotIn = "not in", Is = "is", IsNot = "is not",
    }
}

macro_rules! fields {
    ($($field:ident = $text:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Field { None, $($field),* }

        fn field_of(text: &str) -> Field {
            match text {
                $($text => Field::$field,)*
                _ => Field::None,
            }
        }
    };
}

fields! {
    Alias = "alias", Alternative = "alternative", Argument = "argument", Arguments = "arguments",
    Attribute = "attribute", Body = "body", Cause = "cause", Code = "code", Condition = "condition",
    Consequence = "consequence", Definition = "definition", Expression = "expression",
    FormatSpecifier = "format_specifier", Function = "function", Guard = "guard", Key = "key",
    Left = "left", ModuleName = "module_name", Name = "name", Object = "object", Operator = "operator",
    Operators = "operators", Parameters = "parameters", Right = "right", Subject = "subject",
    Subscript = "subscript", Superclasses = "superclasses", Type = "type", Value = "value",
}

struct Tables {
    language: Language,
    kinds: Vec<Kind>,
    fields: Vec<Field>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let language = Language::new(tree_sitter_python::LANGUAGE);
    let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    let kinds = (0..count)
        .map(|id| kind_of(language.node_kind_for_id(id).unwrap_or_default(), language.node_kind_is_named(id)))
        .collect();
    let count = u16::try_from(language.field_count()).unwrap_or(u16::MAX);
    let fields = (0..=count).map(|id| field_of(language.field_name_for_id(id).unwrap_or_default())).collect();
    Tables { language, kinds, fields }
});

pub fn language() -> &'static Language {
    &TABLES.language
}

/// The kind number of `ERROR` nodes is the largest there is and in no table.
const ERROR: u16 = u16::MAX;

pub fn kind(node: Node<'_>) -> Kind {
    match node.kind_id() {
        ERROR => Kind::Error,
        id => TABLES.kinds.get(usize::from(id)).copied().unwrap_or(Kind::Other),
    }
}

/// A child with what the parent says of it.
#[derive(Clone, Copy, Debug)]
pub struct Child<'t> {
    pub node: Node<'t>,
    pub kind: Kind,
    pub field: Field,
}

/// The children of a node in order, tokens included; comments and broken parts are left out, and so
/// is what has no text: a missing word, or what stands around one.
pub fn children<'t>(cursor: &mut TreeCursor<'t>, node: Node<'t>) -> Vec<Child<'t>> {
    cursor.reset(node);
    let mut found = Vec::with_capacity(node.child_count() as usize);
    let mut more = cursor.goto_first_child();
    while more {
        let node = cursor.node();
        let kind = kind(node);
        let has_text = node.start_byte() < node.end_byte();
        if has_text && !matches!(kind, Kind::Comment | Kind::LineContinuation | Kind::Error) {
            let field = cursor.field_id().and_then(|id| TABLES.fields.get(usize::from(id.get())));
            found.push(Child { node, kind, field: field.copied().unwrap_or(Field::None) });
        }
        more = cursor.goto_next_sibling();
    }
    found
}

/// The first child in a field.
pub fn field<'t>(children: &[Child<'t>], field: Field) -> Option<Child<'t>> {
    children.iter().copied().find(|child| child.field == field)
}

/// The children that are not tokens.
pub fn named<'a, 't>(children: &'a [Child<'t>]) -> impl DoubleEndedIterator<Item = Child<'t>> + 'a {
    children.iter().copied().filter(|child| child.node.is_named())
}
