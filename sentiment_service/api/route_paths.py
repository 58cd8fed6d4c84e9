"""Paths of calls as the router takes them."""

import re
from collections.abc import Iterable


def routed_path(path: str, all_paths: Iterable[str]) -> str:
    """A path as the router takes it: a parameter at its end is nothing that has an address of its own.

    Otherwise a method that ``/tools/pending`` does not know would go to ``/tools/{id}``.
    """
    place, _, parameter = path.rpartition("/")
    if not parameter.startswith("{"):
        return path
    beside = [other.rpartition("/") for other in all_paths]
    taken = sorted({last for before, _, last in beside if before == place and not last.startswith("{")})
    if not taken:
        return path
    return f"{place}/{{{parameter[1:-1]}:(?!(?:{'|'.join(map(re.escape, taken))})$)[^{{}}/]+}}"
