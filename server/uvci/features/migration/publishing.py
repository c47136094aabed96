"""What poetry does to publish, in uv's words, where the job itself says with which credentials.

Sources: the documentation of `poetry config` and `poetry publish`, and of `uv publish`.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from uvci.features.migration.model import Outcome, Refusal, Rewrite, Tool, ToolCall, dropped
from uvci.pipeline.shell.model import Condition, Word
from uvci.text.span import Span

_USUAL = "pypi"
_VALUED = {
    "-r": "repository", "--repository": "repository", "-u": "username", "--username": "username",
    "-p": "password", "--password": "password",
}  # fmt: skip
_SWITCHES = frozenset({"--build", "-n", "--no-interaction", "--no-ansi"})
_SETTINGS = {"pypi-token": 1, "http-basic": 2, "repositories": 1}
"""The tables of poetry's settings that are about publishing, and how many values each takes."""


class Settings(Struct, frozen=True):
    """What a job tells poetry of repositories, as it is typed; by the repository's name.

    `published` are those that it publishes to, and may not install from.
    """

    published: frozenset[str] = frozenset()
    tokens: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)


def publishing(call: ToolCall, settings: Settings) -> Outcome | None:
    """What becomes of a call that publishes, or prepares it; None for any other one."""
    if _verb(call) == "publish":
        return _publish(call, settings)
    setting = _setting(call)
    if setting is not None and setting[1] in settings.published:
        return dropped(call, "`uv publish` is told the same")
    return None


def settings_of(calls: Sequence[ToolCall]) -> Settings:
    """What the calls of `poetry config` say of repositories."""
    calls = [call for call in calls if call.tool is Tool.POETRY]
    tokens, users, addresses = dict[str, str](), dict[str, tuple[str, str]](), dict[str, str]()
    for table, name, values in filter(None, map(_setting, calls)):
        if table == "pypi-token":
            tokens[name] = values[0]
        elif table == "http-basic":
            users[name] = (values[0], values[1])
        else:
            addresses[name] = values[0]
    installs = any(_verb(call) in ("install", "sync", "add", "update", "lock") for call in calls)
    named = {
        _options(call)[0].get("repository", _USUAL) for call in calls if _verb(call) == "publish"
    }
    published = frozenset(named - (users.keys() if installs else set()))
    return Settings(published, tokens, users, addresses)


def _verb(call: ToolCall) -> str | None:
    return call.words[0].value if call.words else None


def _setting(call: ToolCall) -> tuple[str, str, list[str]] | None:
    """The table, the repository and the values that a call of `poetry config` sets."""
    if _verb(call) != "config" or len(call.words) < 3:
        return None
    table, _, name = (call.words[1].value or "").partition(".")
    values = [word.raw for word in call.words[2:]]
    is_whole = _SETTINGS.get(table) == len(values) and name and "." not in name
    is_plain = call.command.condition is not Condition.MAYBE and not call.command.function
    named = not any(value.startswith("-") for value in values)
    return (table, name, values) if is_whole and is_plain and named else None


def _publish(call: ToolCall, settings: Settings) -> Outcome:
    given, unknown = _options(call)
    if unknown:
        return _unknown(call, unknown)
    name = given.get("repository", _USUAL)
    address = settings.addresses.get(name)
    if name != _USUAL and address is None:
        return Refusal(f"Where the repository `{name}` is, the job does not say.")
    credentials = _credentials(given, name, settings)
    if credentials is None:
        return Refusal(
            f"`{call.text}` gets its credentials from where uv does not look: "
            "give them to `uv publish`."
        )
    where = f" --publish-url {address}" if address else ""
    return _told(call, f"uv publish{where}{credentials}")


def _options(call: ToolCall) -> tuple[dict[str, str], Word | None]:
    """The values given, as typed, and the first word that says something else."""
    given: dict[str, str] = {}
    waiting = list(call.words[1:])
    while waiting:
        word = waiting.pop(0)
        option = _VALUED.get(word.value or "")
        if option and waiting:
            given[option] = waiting.pop(0).raw
        elif word.value not in _SWITCHES:
            return given, word
    return given, None


def _told(call: ToolCall, publish: str) -> Outcome:
    builds = any(word.value == "--build" for word in call.words)
    command = call.command
    is_alone = not (command.tested or command.negated or command.in_pipeline)
    if builds and not (is_alone and command.condition is Condition.ALWAYS):
        return Refusal(f"`{call.text}` is two commands for uv, and stands where one may.")
    text = f"uv build && {publish}" if builds else publish
    return Rewrite(call.line, ((Span(call.head.start, call.end), text),))


def _credentials(given: Mapping[str, str], name: str, settings: Settings) -> str | None:
    """The options that say who publishes; None where the job does not."""
    if "username" in given and "password" in given:
        return f" --username {given['username']} --password {given['password']}"
    if "username" in given or "password" in given:
        return None
    if name in settings.tokens:
        return f" --token {settings.tokens[name]}"
    if name in settings.users:
        user, password = settings.users[name]
        return f" --username {user} --password {password}"
    return None


def _unknown(call: ToolCall, word: Word) -> Refusal:
    return Refusal(f"`{word.raw}` of `{call.text}` has no exact counterpart in `uv publish`.")
