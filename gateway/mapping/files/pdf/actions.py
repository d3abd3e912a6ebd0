"""What a PDF does by itself: an address that opens with it, a part that is fetched from elsewhere.

A link that somebody clicks may lead to the web. The same action behind `OpenAction` or `AA` is
done when the file is opened, a page is turned or a pointer passes by (ISO 32000-1, 12.6.3), and
would tell a stranger who reads what.
"""

import re
from collections.abc import Iterator

import pikepdf

MAX_ACTIONS = 200
"""Of one chain; one that is longer is taken for active."""
WORDS = re.compile(rb"/(?:OpenAction|AA|Ref|F)(?![A-Za-z0-9])")


def acts_by_itself(item: pikepdf.Object, written: bytes) -> bytes | None:
    """The name of what this object does or fetches by itself. `written` is its own spelling."""
    if WORDS.search(written) is None:
        return None
    if isinstance(item, pikepdf.Stream) and _is_file(item.stream_dict.get("/F")):
        return b"/F"  # its bytes are those of another file (7.3.8.2)
    for one in _dictionaries(item):
        if any(map(_opens, _first_actions(one))):
            return b"/URI"
        reference = one.get("/Ref")
        if isinstance(reference, pikepdf.Dictionary) and _is_file(reference.get("/F")):
            return b"/Ref"  # a page of another file (8.10.4)
    return None


def _dictionaries(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The object's own and those that are written inside it; what it points to is another."""
    waiting = [item.stream_dict if isinstance(item, pikepdf.Stream) else item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary):
            yield one
            held: list[pikepdf.Object] = [value for _, value in one.items()]
        else:
            held = list(one) if isinstance(one, pikepdf.Array) else []
        waiting += [each for each in held if _is_container(each) and not each.is_indirect]


def _is_container(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array)


def _is_file(value: object) -> bool:
    return isinstance(value, pikepdf.String | pikepdf.Dictionary)


def _first_actions(one: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Done without a click: OpenAction, where it is no place in the file itself, and each of AA."""
    told = [one.get("/OpenAction")]
    if isinstance(triggers := one.get("/AA"), pikepdf.Dictionary):
        told += [action for _, action in triggers.items()]
    yield from (action for action in told if isinstance(action, pikepdf.Dictionary))


def _opens(first: pikepdf.Object) -> bool:
    """Does this action open an address, or one that follows it?"""
    waiting, seen = [first], 0
    while waiting:
        action = waiting.pop()
        seen += 1
        if action.get("/S") == pikepdf.Name.URI or seen > MAX_ACTIONS:
            return True
        later = action.get("/Next")
        several = list(later)[:MAX_ACTIONS] if isinstance(later, pikepdf.Array) else [later]
        waiting += [one for one in several if isinstance(one, pikepdf.Dictionary)]
    return False
