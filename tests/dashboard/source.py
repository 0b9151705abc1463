"""The program as it is written: its files, where functions are made and called."""

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("forecasting", "staffing", "dashboard")
BASE = "PiekwijzerError"
GENERATIONS = 4
Function = ast.FunctionDef | ast.AsyncFunctionDef
KEPT = (Function, ast.Call, ast.ClassDef, ast.Yield)
"""Kinds of nodes that are looked for, among very many."""


@dataclass
class Module:
    """One file: its tree, what stands around each node, and its names.

    `validates` tells whether a policy's own rules stand in it, whose errors end up in
    those of the policy's file.
    """

    path: str
    tree: ast.Module
    validates: bool
    nodes: list[ast.AST] = field(default_factory=list)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    def function_around(self, node: ast.AST) -> Function | None:
        """The function that a node stands in."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, Function):
            above = self.parents.get(above)
        return above

    def class_around(self, node: ast.AST) -> str:
        """The name of the class that a node stands in."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, ast.ClassDef):
            above = self.parents.get(above)
        return "" if above is None else above.name


@dataclass
class Source:
    """All files of the three rooms."""

    modules: list[Module]
    made: dict[str, list[tuple[Module, Function]]]
    called: dict[str, list[tuple[Module, ast.Call]]]
    errors: frozenset[str]
    """The names of all errors that are shown as one line."""


def name_of(node: ast.AST) -> str:
    """The last name of a name or attribute."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@cache
def source() -> Source:
    """The three rooms, read once."""
    modules = [_module(file) for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    found = Source(modules, defaultdict(list), defaultdict(list), _errors(modules))
    for module in modules:
        for node in module.nodes:
            if isinstance(node, Function):
                found.made[node.name].append((module, node))
            elif isinstance(node, ast.Call):
                found.called[name_of(node.func)].append((module, node))
    return found


def _module(file: Path) -> Module:
    text = file.read_text("utf-8")
    validates = "_validator" in text or "PydanticCustomError" in text
    module = Module(file.relative_to(ROOT).as_posix(), ast.parse(text), validates)
    nodes: list[ast.AST] = [module.tree]
    for node in nodes:  # which grows by what stands in each
        for child in ast.iter_child_nodes(node):
            module.parents[child] = node
            nodes.append(child)
    module.nodes = [node for node in nodes if isinstance(node, KEPT)]
    for statement in module.tree.body:
        _keep_names(module, statement)
    return module


def _keep_names(module: Module, statement: ast.stmt) -> None:
    match statement:
        case ast.ImportFrom(names=names):
            module.imported |= {one.asname or one.name for one in names}
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=told)):
            both = zip(names, told, strict=True)
            module.constants |= {name_of(name): value for name, value in both}
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            module.constants[name] = value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            module.constants[name] = value


def _errors(modules: list[Module]) -> frozenset[str]:
    kinds = [n for m in modules for n in m.nodes if isinstance(n, ast.ClassDef)]
    known = {BASE}
    for _ in range(GENERATIONS):
        known |= {k.name for k in kinds if known & {name_of(b) for b in k.bases}}
    return frozenset(known)


@cache
def all_texts() -> str:
    """All texts that stand in the program, with a mark between one and the next."""
    nodes = (node for module in source().modules for node in ast.walk(module.tree))
    found = (node.value for node in nodes if isinstance(node, ast.Constant))
    return "\0".join(value for value in found if isinstance(value, str))
