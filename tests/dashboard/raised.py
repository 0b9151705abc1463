"""What the program can say is wrong, read from its source: forms with `{}` for what changes.

A text is followed back to where it is written: through names, arguments, tables of words
and functions that give one.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from tests.dashboard.source import Function, Module, name_of, source

SLOT = "{}"
LETTERS = re.compile(r"[a-zA-Z]{3}")
PLACES = {"file", "line", "column"}
CONTRADICTIONS = "staffing/roster/contradictions/"
"""Files whose functions yield the lines of one error."""
COMPOSED = {"InputError", "FieldError", "OvertakenError"}
"""Errors that are put together of what they are given: those who give it are read."""
TOLD_BY_PAGES = {"FieldError", "OvertakenError"}
"""Errors that every page tells in words of its own."""


Files = dict[str, set[str]]
"""Texts with the files that say them."""
Read = dict[ast.expr, list[str]]
"""Expressions that were read, with the ways they can read."""


@dataclass(frozen=True)
class Raised:
    """The texts of errors, and what is put into their places, each with its files."""

    forms: Files
    phrases: Files


@cache
def raised() -> Raised:
    """Every text with which an error is made, its remedy behind it."""
    found, read = (
        Raised(defaultdict(set), defaultdict(set)),
        dict[ast.expr, list[str]](),
    )
    for module in source().modules:
        reader = Reader(module, found.phrases, read)
        for node in module.nodes:
            for text in _said(reader, node):
                found.forms[text].add(module.path)
    return found


def _said(reader: "Reader", node: ast.AST) -> Iterator[str]:
    """What a node makes an error say, or one of the lines of an error of many."""
    match node:
        case ast.Call() if _makes_error(reader.module, node):
            yield from _lines(reader, node)
        case ast.Call(func=ast.Name(id="Conflict"), keywords=given):
            for told in (one.value for one in given if one.arg == "text"):
                yield from (f"{SLOT}: {text}." for text in reader.texts(told))
        case ast.Yield(value=ast.expr() as told) if not isinstance(told, ast.Tuple):
            if CONTRADICTIONS in reader.module.path:
                yield from (f"{text}." for text in reader.texts(told))


def _makes_error(module: Module, node: ast.Call) -> bool:
    name, errors = name_of(node.func), source().errors
    if name in {"ValueError", "PydanticCustomError"}:
        return module.validates and isinstance(module.parents[node], ast.Raise)
    if name == "__init__":
        return module.class_around(node) in errors - COMPOSED
    return name in errors - TOLD_BY_PAGES


def _lines(reader: "Reader", node: ast.Call) -> Iterator[str]:
    if not node.args:
        return
    name = name_of(node.func)
    told = node.args[-1] if name == "PydanticCustomError" else node.args[0]
    remedies = [one.value for one in node.keywords if one.arg == "remedy"]
    ends = reader.texts(remedies[0]) if remedies else [""]
    dotted = name == "InputError" or any(k.arg in PLACES for k in node.keywords)
    for text, end in product(reader.texts(told), ends):
        problem = f"{text.rstrip('.')}." if dotted or remedies else text
        yield f"{problem} {end}".strip()


class Reader(ast.NodeVisitor):
    """What expressions of a file can say; a slot where that is not in the source."""

    def __init__(self, module: Module, phrases: Files, read: Read) -> None:
        self.module, self.phrases, self.read = module, phrases, read

    def texts(self, node: ast.expr) -> list[str]:
        """The ways an expression can read; what says itself again says nothing new."""
        if node not in self.read:
            self.read[node] = [SLOT]
            self.read[node] = list(dict.fromkeys(self.visit(node) or [SLOT]))
        return self.read[node]

    def inside(self, module: Module) -> "Reader":
        """A reader of another file."""
        return Reader(module, self.phrases, self.read)

    def slot(self, node: ast.expr) -> str:
        """One text as it stands; of several a slot, and each a phrase of its own."""
        texts = self.texts(node)
        if len(texts) == 1 and SLOT not in texts[0]:
            return texts[0]
        for text in filter(LETTERS.search, texts):
            self.phrases[text].add(self.module.path)
        return SLOT

    def either(self, nodes: list[ast.expr]) -> list[str]:
        """What any of several can say."""
        return [text for node in nodes for text in self.texts(node)]

    def visit_Constant(self, node: ast.Constant) -> list[str]:
        """A text with other braces, so that only slots are `{}`; None says nothing."""
        if isinstance(node.value, str):
            return [node.value.replace("{", "(").replace("}", ")")]
        return [""] if node.value is None else []

    def visit_JoinedStr(self, node: ast.JoinedStr) -> list[str]:
        """A text with places."""
        parts = [
            self.slot(part.value)
            if isinstance(part, ast.FormattedValue)
            else self.texts(part)[0]
            for part in node.values
        ]
        return ["".join(parts)]

    def visit_IfExp(self, node: ast.IfExp) -> list[str]:
        """One or the other."""
        return self.either([node.body, node.orelse])

    def visit_BoolOp(self, node: ast.BoolOp) -> list[str]:
        """Such as `names or "none"`."""
        return self.either(node.values)

    def visit_BinOp(self, node: ast.BinOp) -> list[str]:
        """Texts one behind the other, each as it stands where there is one way."""
        both = [(side, self.texts(side)) for side in (node.left, node.right)]
        parts = [t[0] if len(t) == 1 else self.slot(side) for side, t in both]
        return ["".join(parts)] if isinstance(node.op, ast.Add) else []

    def visit_List(self, node: ast.List) -> list[str]:
        """What any member says."""
        return self.either(node.elts)

    def visit_Tuple(self, node: ast.Tuple) -> list[str]:
        """What any member says."""
        return self.either(node.elts)

    def visit_Dict(self, node: ast.Dict) -> list[str]:
        """What any value says."""
        return self.either(node.values)

    def visit_Starred(self, node: ast.Starred) -> list[str]:
        """What is in a list says it in the list around it."""
        return self.texts(node.value)

    def visit_ListComp(self, node: ast.ListComp) -> list[str]:
        """What each says."""
        return self.texts(node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> list[str]:
        """What each says."""
        return self.texts(node.elt)

    def visit_Subscript(self, node: ast.Subscript) -> list[str]:
        """A word of a table of the file, or a part of a list."""
        name = name_of(node.value)
        if name in self.module.constants:
            return self.texts(self.module.constants[name])
        return self.texts(node.value) if isinstance(node.slice, ast.Slice) else []

    def visit_Call(self, node: ast.Call) -> list[str]:
        """A list put together, a word of a table, or what a function gives."""
        match node.func:
            case ast.Attribute(attr="join"):
                return [self.slot(node.args[0])]
            case ast.Attribute(attr="get", value=ast.Name(id=name)):
                table = self.module.constants.get(name)
                return [] if table is None else [*self.texts(table), ""]
            case ast.Name(id=name):
                return self.returned(name)
        return []

    def returned(self, name: str) -> list[str]:
        """What a function gives, where there is only one of that name."""
        made = source().made[name]
        here = [each for each in made if each[0] is self.module] or made
        if len(here) != 1:
            return []
        module, function = here[0]
        results = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
        return self.inside(module).either([value for value in results if value])

    def visit_Name(self, node: ast.Name) -> list[str]:
        """What a name stands for: in its functions, in the file, or where it is from."""
        function = self.module.function_around(node)
        while function is not None:
            if found := self.assigned(function, node.id):
                return found
            if node.id in _arguments(function):
                return self.passed(function, node.id)
            function = self.module.function_around(function)
        if node.id in self.module.constants:
            return self.texts(self.module.constants[node.id])
        return self.brought(node.id) if node.id in self.module.imported else []

    def brought(self, name: str) -> list[str]:
        """What a constant of another file says, where only one has that name."""
        there = [m for m in source().modules if name in m.constants]
        found = [self.inside(m).texts(m.constants[name]) for m in there]
        return found[0] if len(found) == 1 else []

    def assigned(self, function: Function, name: str) -> list[str]:
        """What a name is given in a function: plainly, or from the rows of a table."""
        found: list[str] = []
        for node in ast.walk(function):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=own)], value=value)
                    | ast.NamedExpr(target=ast.Name(id=own), value=value)
                    | ast.For(target=ast.Name(id=own), iter=value)
                ) if own == name:
                    found += self.texts(value)
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                    found += self.column([value], names, name)
                case (
                    ast.For(target=ast.Tuple(elts=names), iter=rows)
                    | ast.comprehension(target=ast.Tuple(elts=names), iter=rows)
                ):
                    found += self.column(self.rows(rows), names, name)
        return found

    def rows(self, node: ast.expr) -> list[ast.expr]:
        """The rows of a table of the file: pairs, where it is a dict."""
        match node:
            case ast.Name(id=name) if name in self.module.constants:
                return self.rows(self.module.constants[name])
            case ast.Call(func=ast.Attribute(attr="items", value=ast.Name(id=name))):
                table = self.module.constants.get(name)
                told = table.values if isinstance(table, ast.Dict) else []
                return [ast.Tuple([value, value]) for value in told]
            case ast.Tuple(elts=rows) | ast.List(elts=rows):
                return rows
        return []

    def column(
        self, rows: list[ast.expr], names: list[ast.expr], name: str
    ) -> list[str]:
        """What stands in the rows of a table under a name."""
        at = [name_of(one) for one in names]
        if name not in at:
            return []
        cells = [
            row.elts[at.index(name)]
            for row in rows
            if isinstance(row, ast.Tuple | ast.List)
        ]
        return self.either(cells) or [SLOT]

    def passed(self, function: Function, name: str) -> list[str]:
        """What the callers of a function hand over under a name, and its default."""
        own = [each for each in _arguments(function) if each not in {"self", "cls"}]
        called = function.name
        if called == "__init__":
            called = self.module.class_around(function)
        default = _defaults(function).get(name)
        found = [] if default is None else self.texts(default)
        for module, call in source().called[called]:
            if called.startswith("_") and module is not self.module:
                continue
            given = {one.arg: one.value for one in call.keywords}
            given |= dict(zip(own, call.args, strict=False))
            found += self.inside(module).texts(given[name]) if name in given else []
        return found


def _arguments(function: Function) -> list[str]:
    told = function.args
    return [one.arg for one in (*told.posonlyargs, *told.args, *told.kwonlyargs)]


def _defaults(function: Function) -> dict[str, ast.expr]:
    told = function.args
    plain = [one.arg for one in (*told.posonlyargs, *told.args)]
    last = plain[len(plain) - len(told.defaults) :]
    found = dict(zip(last, told.defaults, strict=True))
    only = zip(told.kwonlyargs, told.kw_defaults, strict=True)
    return found | {one.arg: value for one, value in only if value is not None}
