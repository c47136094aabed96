"""The keys a project or an editor may set: what each accepts, and what is wrong with a value."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.spelling import near_misses
from uvci.catalog.versions import UvVersion
from uvci.rules.registry import RULES, matching_rules
from uvci.rules.rule import Severity
from uvci.workspace.configuration import Configuration

SEVERITIES = tuple(severity.name.lower() for severity in reversed(Severity))
_SELECTOR = {"type": "string", "pattern": "^([Aa][Ll][Ll]|[Uu][Vv][Cc][0-9]{0,3}|[a-z][a-z0-9-]*)$"}
_SELECTORS = {"type": "array", "items": _SELECTOR, "uniqueItems": True}
_TEXT = {"type": "string", "minLength": 1}


class SettingProblem(Struct, frozen=True):
    """One wrong key or value: `path` are the keys that lead to it, `line` is 1-based."""

    path: tuple[str, ...]
    message: str
    line: int | None = None


class ConfigError(Exception):
    """Everything that is wrong with one source of settings, in one message.

    What is wrong is left out, and everything else counts.
    """

    def __init__(self, source: str, problems: tuple[SettingProblem, ...]) -> None:
        self.source = source
        self.problems = problems
        super().__init__("\n".join(self._line(problem) for problem in problems))

    def _line(self, problem: SettingProblem) -> str:
        place = self.source if problem.line is None else f"{self.source}:{problem.line}"
        return f"{place}: {problem.message}"


class _WrongError(Exception):
    """A value is not accepted; `below` are the keys from the setting's own to the wrong part."""

    def __init__(self, message: str, *below: str) -> None:
        super().__init__(message)
        self.below = below


Reader: TypeAlias = Callable[[object], Any]


class Key(Struct, frozen=True):
    """One key: `reader` makes the value for `Configuration`'s field, or raises."""

    name: str
    reader: Reader
    schema: dict[str, Any]
    description: str

    @property
    def attribute(self) -> str:
        """The field of `Configuration` that it sets."""
        return self.name.replace("-", "_")


class ReadSettings(Struct, frozen=True):
    """What was set by `source`, by key name, and what was wrong."""

    source: str
    values: Mapping[str, Any]
    error: ConfigError | None = None

    def over(self, configuration: Configuration) -> Configuration:
        """`configuration` with these values in place of its own."""
        origins = dict(configuration.origins) | dict.fromkeys(self.values, self.source)
        attributes = {
            key.attribute: self.values[key.name] for key in KEYS if key.name in self.values
        }
        return replace(configuration, **attributes, origins=tuple(origins.items()))


def read_settings(given: object, source: str) -> ReadSettings:
    """The settings in a mapping of keys to plain values, as TOML or JSON gives them.

    `source` names it in messages. Keys may be written `target-version`, `target_version` or
    `targetVersion`.
    """
    if not isinstance(given, Mapping):
        problem = SettingProblem((), f"Settings are a table of keys, not {_kind(given)}.")
        return ReadSettings(source, {}, ConfigError(source, (problem,)))
    values: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    for name, value in given.items():
        key = _BY_NAME.get(_kebab(str(name)))
        if key is None:
            problems.append(SettingProblem((str(name),), _unknown_key(str(name))))
            continue
        try:
            values[key.name] = key.reader(value)
        except _WrongError as wrong:
            path = (str(name), *wrong.below)
            problems.append(SettingProblem(path, f"`{'.'.join(path)}` {wrong}"))
    error = ConfigError(source, tuple(problems)) if problems else None
    return ReadSettings(source, values, error)


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of `uvci.toml` and `[tool.uvci]`."""
    properties = {key.name: {"description": key.description, **key.schema} for key in KEYS}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "uvci",
        "description": "Settings of uvci, in uvci.toml or under [tool.uvci] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": dict(sorted(properties.items())),
    }


def check_selector(text: str) -> str:
    """Nothing where a selector means a rule, else what is wrong with it."""
    if matching_rules(text) or text.casefold() in ("all", "uvc"):
        return ""
    known = [name for rule in RULES for name in (rule.code, rule.name)]
    return f"names no rule: `{text}`.{_nearest(text, known)}"


def _unknown_key(name: str) -> str:
    return f"There is no setting `{name}`.{_nearest(_kebab(name), list(_BY_NAME))}"


def _nearest(word: str, known: list[str]) -> str:
    by_case = {each.casefold(): each for each in known}
    found = near_misses(word.casefold(), by_case)
    return f" Did you mean `{by_case[found[0]]}`?" if found else ""


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).replace(
        "_", "-"
    )


def _kind(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a table"
        case None:
            return "null"
        case _:
            return "that"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _WrongError(f"must be a text, not {_kind(value)}.")
    if not value:
        raise _WrongError("must not be empty.")
    return value


def _texts(value: object) -> Iterator[str]:
    if not isinstance(value, list | tuple):
        raise _WrongError(f"must be a list, not {_kind(value)}.")
    for item in value:
        if not isinstance(item, str) or not item:
            raise _WrongError(f"must hold texts only, not {_kind(item) if item else 'empty ones'}.")
        yield item


def _selectors(value: object) -> tuple[str, ...]:
    selectors = tuple(_texts(value))
    for selector in selectors:
        if wrong := check_selector(selector):
            raise _WrongError(wrong)
    return selectors


def _table(value: object) -> Iterator[tuple[str, object]]:
    if not isinstance(value, Mapping):
        raise _WrongError(f"must be a table, not {_kind(value)}.")
    for name, item in value.items():
        yield str(name), item


def _below(name: str, reader: Reader, value: object) -> Any:
    try:
        return reader(value)
    except _WrongError as wrong:
        raise _WrongError(str(wrong), name, *wrong.below) from wrong


def _selectors_by_glob(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((glob, _below(glob, _selectors, item)) for glob, item in _table(value))


def _severity(value: object) -> Severity:
    name = _text(value).lower()
    if name in SEVERITIES:
        return Severity[name.upper()]
    raise _WrongError(
        f"is `{value}`, not one of {', '.join(SEVERITIES)}.{_nearest(name, [*SEVERITIES])}"
    )


def _severities(value: object) -> tuple[tuple[str, Severity], ...]:
    found = []
    for selector, item in _table(value):
        if wrong := check_selector(selector):
            raise _WrongError(wrong, selector)
        found.append((selector, _below(selector, _severity, item)))
    return tuple(found)


def _version(value: object) -> UvVersion:
    if version := UvVersion.parse(_text(value)):
        return version
    raise _WrongError(f"is `{value}`, not a version of uv such as 0.9.17.")


def _folders(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((project, _below(project, _text, item)) for project, item in _table(value))


def _roots(value: object) -> tuple[str, ...]:
    return (_text(value),) if isinstance(value, str) else tuple(_texts(value))


KEYS = (
    Key(
        "select",
        _selectors,
        {**_SELECTORS, "default": ["ALL"]},
        "The rules to check: codes (UVC101), beginnings of codes (UVC1), names, or ALL.",
    ),
    Key(
        "ignore",
        _selectors,
        {**_SELECTORS, "default": []},
        "Rules to leave out. The more exact selector wins over `select`.",
    ),
    Key(
        "extend-select",
        _selectors,
        {**_SELECTORS, "default": []},
        "Rules to check in addition to `select`.",
    ),
    Key(
        "per-file-ignores",
        _selectors_by_glob,
        {"type": "object", "additionalProperties": _SELECTORS, "default": {}},
        "Rules to leave out in some files: globs, relative to the settings' folder, to rules.",
    ),
    Key(
        "severity",
        _severities,
        {
            "type": "object",
            "propertyNames": _SELECTOR,
            "additionalProperties": {"enum": list(SEVERITIES)},
            "default": {},
        },
        "Another severity for some rules, by selector.",
    ),
    Key(
        "target-version",
        _version,
        {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
        "The uv to assume in a job whose own cannot be known, such as 0.9.17.",
    ),
    Key(
        "includes",
        _folders,
        {"type": "object", "additionalProperties": _TEXT, "default": {}},
        "Folders where other projects that are included can be read: the project's path on GitLab "
        "to a folder, relative to the settings' folder.",
    ),
    Key(
        "root",
        _roots,
        {"oneOf": [_TEXT, {"type": "array", "items": _TEXT}]},
        "The file or files that pipelines start from, where that is not .gitlab-ci.yml: what the "
        "project's CI/CD configuration file setting on GitLab says.",
    ),
)
_BY_NAME = {key.name: key for key in KEYS}
