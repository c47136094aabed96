"""What the client sets over the protocol: the server's own options, and the user's settings."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from uvci.workspace.settings import ReadSettings, read_settings

SOURCE = "editor settings"
DIAGNOSTICS_DELAY = 150
INLAY_HINTS = ("image", "cacheKey", "notCached", "value", "uvVersion")
_OWN = frozenset({"diagnosticsDelay", "gitlabKeywords", "inlayHints", "workspaceDiagnostics"})
_CLIENTS = frozenset({"path", "interpreter", "trace", "trace.server", "enable"})
"""Keys that editor extensions keep for themselves and send along."""


class Options(Struct, frozen=True):
    """`diagnostics_delay` is the pause before diagnostics are pushed, in milliseconds.

    `gitlab_keywords` offers GitLab's own keywords too; None where the client may decide.
    `inlay_hints` are the kinds of hints to show (see `uvci.features.inlay_hints.HintKind`).
    `problems` are what was wrong with what the client sent, for one message.
    """

    diagnostics_delay: int = DIAGNOSTICS_DELAY
    gitlab_keywords: bool | None = None
    inlay_hints: frozenset[str] = frozenset(INLAY_HINTS)
    settings: ReadSettings = field(default_factory=lambda: read_settings({}, SOURCE))
    problems: tuple[str, ...] = ()


def read_options(raw: Any) -> Options:
    """The options in what a client sent, with or without a `uvci` section; defaults elsewhere.

    A value that is null counts as not set: clients send those for settings nobody touched.
    """
    given = _section(raw)
    problems: list[str] = []
    delay = given.get("diagnosticsDelay", DIAGNOSTICS_DELAY)
    if isinstance(delay, bool) or not isinstance(delay, int) or delay < 0:
        problems.append(
            f"{SOURCE}: `diagnosticsDelay` is milliseconds, a whole number from 0, not {delay!r}."
        )
        delay = DIAGNOSTICS_DELAY
    keywords = given.get("gitlabKeywords")
    if not isinstance(keywords, bool | None):
        problems.append(f"{SOURCE}: `gitlabKeywords` is true or false, not {keywords!r}.")
        keywords = None
    users = {name: value for name, value in given.items() if name not in _OWN | _CLIENTS}
    settings = read_settings(users, SOURCE)
    if settings.error:
        problems += str(settings.error).splitlines()
    hints = _inlay_hints(given.get("inlayHints", True), problems)
    return Options(delay, keywords, hints, settings, tuple(problems))


def _inlay_hints(raw: Any, problems: list[str]) -> frozenset[str]:
    """The kinds of hints that are on: all, none, or all but those set to false."""
    if isinstance(raw, bool):
        return frozenset(INLAY_HINTS if raw else ())
    if isinstance(raw, Mapping) and all(
        name in INLAY_HINTS and isinstance(wanted, bool | None) for name, wanted in raw.items()
    ):
        return frozenset(name for name in INLAY_HINTS if raw.get(name) is not False)
    problems.append(
        f"{SOURCE}: `inlayHints` is true, false, or a table of true and false for "
        f"{', '.join(INLAY_HINTS)}."
    )
    return frozenset(INLAY_HINTS)


def _section(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        return {}
    inner = raw.get("uvci", raw.get("settings", raw))
    if isinstance(inner, Mapping) and isinstance(inner.get("uvci"), Mapping):
        inner = inner["uvci"]
    if not isinstance(inner, Mapping):
        return {}
    return {str(name): value for name, value in inner.items() if value is not None}
