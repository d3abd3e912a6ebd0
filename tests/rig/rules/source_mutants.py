"""Changes the source of the access rules in one place at a time and says which change stays unseen.

`PYTHONPATH=tests/rig/rules:tests/unit/access python tests/rig/rules/source_mutants.py`: about
20 minutes. A survivor is either a hole in the tests or a change that means the same; each is
printed.
"""

import ast
import importlib
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

ROOM = Path(__file__).parents[3] / "gateway" / "access"
SPARED = ("grid_check.py", "grid_json.py", "grid_words.py", "professions.py", "__init__.py")
"""Not the decision: reading of lines, checks of a file, names."""
SWAPS: dict[type[ast.AST], Callable[[], ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Change(ast.NodeTransformer):
    """Makes the change number `wanted`; `count` says how many there are."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.count, self.line = wanted, 0, 0

    def _mine(self, node: ast.AST) -> bool:
        self.count += 1
        if self.count - 1 != self.wanted:
            return False
        self.line = getattr(node, "lineno", 0)
        return True

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        for place, sign in enumerate(node.ops):
            if type(sign) in SWAPS and self._mine(node):
                node.ops[place] = SWAPS[type(sign)]()  # type: ignore[call-overload]  # ast's own
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        if self._mine(node):
            node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]  # ast's own
        for place in range(len(node.values)):
            if self._mine(node):
                node.values = node.values[:place] + node.values[place + 1 :]
                break
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not) and self._mine(node):
            return self.generic_visit(node.operand)
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool) and self._mine(node):
            return ast.copy_location(ast.Constant(not node.value), node)
        return node


class Finder:
    """Hands out one changed module of the room; all others come from their files."""

    def __init__(self, name: str, code: ast.Module) -> None:
        self.name, self.code = name, code

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name == self.name else None  # type: ignore[arg-type]  # a loader by shape

    def create_module(self, _spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.code, self.name, "exec"), module.__dict__)  # noqa: S102 - our own source


def mutants() -> Iterator[tuple[str, Finder]]:
    for file in sorted([*ROOM.glob("*.py"), *ROOM.glob("rules/*.py")]):
        if file.name in SPARED:
            continue
        number = 0
        while True:
            change = Change(number)
            code = ast.fix_missing_locations(change.visit(ast.parse(file.read_text("utf-8"))))
            if change.count <= number:
                break
            name = ".".join(file.relative_to(ROOM.parents[1]).with_suffix("").parts)
            yield f"{file.name}:{change.line} #{number}", Finder(name, code)
            number += 1


def is_seen(finder: Finder) -> bool:
    """Whether the tests of the rules, run on the changed room, tell the difference."""
    for name in [name for name in sys.modules if name.startswith("gateway.access")]:
        del sys.modules[name]
    for name in ("rule_mutants", "question_builder", "test_everybody_table", "test_time"):
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, finder)
    try:
        bank = importlib.import_module("rule_mutants")
        decide = importlib.import_module("gateway.access.decide")
        return any(
            decide.decide(*one.question[:2], *one.question[2:]).rule != one.rule
            for one in bank.questions()
        )
    except Exception:  # noqa: BLE001 - a changed module that does not even load is seen
        return True
    finally:
        sys.meta_path.remove(finder)


def main() -> None:
    total = seen = 0
    for change, finder in mutants():
        total += 1
        if is_seen(finder):
            seen += 1
        else:
            sys.stdout.write(f"unseen {change}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{seen} of {total} changes seen ({seen / total:.1%})\n")


if __name__ == "__main__":
    main()
