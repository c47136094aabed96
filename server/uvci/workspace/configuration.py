"""The settings in force, and what they decide about rules and files."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath

from msgspec import Struct

from uvci.catalog.versions import UvVersion
from uvci.pipeline.sources import Settings
from uvci.rules.registry import matching_rules
from uvci.rules.rule import Rule, Severity
from uvci.workspace.globs import glob_matches


class Configuration(Struct, frozen=True):
    """The settings in force. Rule selectors are codes, beginnings of codes, names, or `ALL`.

    `folder` is where they are written, from the repository's root: globs, `includes` and `root`
    are relative to it. `origins` tells for each key that is set where its value comes from.
    """

    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    target_version: UvVersion | None = None
    includes: tuple[tuple[str, str], ...] = ()
    root: tuple[str, ...] = ()
    folder: str = ""
    origins: tuple[tuple[str, str], ...] = ()

    @property
    def core(self) -> Settings:
        """What the pipeline and the rules need of it, on this day."""
        return Settings(target_version=self.target_version, today=datetime.now(tz=UTC).date())

    @property
    def roots(self) -> tuple[str, ...]:
        """The pipelines' roots that `root` names, from the repository's root."""
        return tuple((PurePosixPath(self.folder) / path).as_posix() for path in self.root)

    def rules(self, known: Iterable[Rule]) -> tuple[Rule, ...]:
        """The rules to ask: the selector that means a rule most exactly decides, a tie ignores."""
        wanted = _reach((*self.select, *self.extend_select))
        unwanted = _reach(self.ignore)
        return tuple(
            rule for rule in known if wanted.get(rule.code, -1) > unwanted.get(rule.code, -1)
        )

    def severity_of(self, rule: Rule) -> Severity | None:
        """The severity that the settings give a rule, None where they leave it alone."""
        found = [pair for pair in self.severity if rule in matching_rules(pair[0])]
        return max(found, key=lambda pair: _exactness(pair[0]))[1] if found else None

    def ignores(self, rule: Rule, path: str) -> bool:
        """Whether `per-file-ignores` silences a rule in the file at `path`."""
        place = PurePosixPath(path)
        if not place.is_relative_to(self.folder):
            return False
        name = place.relative_to(self.folder).as_posix()
        return any(
            glob_matches(pattern, name) and any(rule in matching_rules(one) for one in selectors)
            for pattern, selectors in self.per_file_ignores
        )


def _reach(selectors: Iterable[str]) -> dict[str, int]:
    reach: dict[str, int] = {}
    for selector in selectors:
        for rule in matching_rules(selector):
            reach[rule.code] = max(reach.get(rule.code, -1), _exactness(selector))
    return reach


def _exactness(selector: str) -> int:
    """How exactly a selector speaks; a name does as exactly as a whole code."""
    match selector.casefold():
        case "all":
            return 0
        case code if code.startswith("uvc"):
            return len(code)
        case _:
            return len("UVC000")
