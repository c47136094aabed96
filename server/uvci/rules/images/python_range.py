"""Which Pythons a project's `requires-python` allows."""

from functools import lru_cache


@lru_cache(maxsize=256)
def accepts(requires: str | None, python: str) -> bool:
    """Whether `requires` (`>=3.11,<4`) allows some patch release of the minor `python` (`3.12`).

    What cannot be read allows everything.
    """
    if not requires:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  slow to load

    try:
        specifiers = SpecifierSet(requires)
    except InvalidSpecifier:
        return True
    minor = python.removesuffix("-rc")
    return any(specifiers.contains(f"{minor}.{patch}", prereleases=True) for patch in range(31))
