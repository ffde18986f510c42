"""Code that is equal but for names, comments, docstrings, annotations and layout."""

import ast
import hashlib


def canonical_hash(code: str) -> str | None:
    """Equal for two codes that differ in nothing else; None for what Python cannot read."""
    try:
        tree = _Canonical().visit(ast.parse(code))
        return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Canonical(ast.NodeTransformer):
    """Names become numbers in the order of their first appearance."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def _name(self, name: str) -> str:
        return self._names.setdefault(name, f"v{len(self._names)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(self._name(node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._name(node.arg))

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return ast.keyword(node.arg, self.visit(node.value))

    def visit_alias(self, node: ast.alias) -> ast.AST:
        if node.name != "*":
            self._names[(node.asname or node.name).partition(".")[0]] = f"module {node.name}"
        return ast.alias(node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._definition(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._definition(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit(ast.Assign([node.target], node.value, lineno=node.lineno))  # type: ignore[no-any-return]

    def _definition(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        node.name = self._name(node.name)
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)
