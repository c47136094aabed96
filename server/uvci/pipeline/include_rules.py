"""Whether `include:rules` let a file in, as far as the repository tells (GitLab docs)."""

from uvci.pipeline.expressions import UNKNOWN, NotKnown, evaluate
from uvci.pipeline.globs import any_path
from uvci.pipeline.sources import Files
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains

Answer = bool | NotKnown


def is_included(rules: Value | None, files: Files, *, undefined_is_empty: bool) -> Answer:
    """Whether the first rule that matches includes the file; without a match it is left out.

    Variables that decide are set outside of the file: unknown, unless `undefined_is_empty`.
    """
    if rules is None or (isinstance(rules, Plain) and rules.value is None):
        return True
    if not isinstance(rules, Items):
        return UNKNOWN
    for rule in rules.values:
        if not isinstance(rule, Table):
            return UNKNOWN
        when = rule.entries.get("when")
        lets_in: Answer = not (isinstance(when, Plain) and when.value == "never")
        matches = _matches(rule, files, undefined_is_empty)
        if matches is True:
            return UNKNOWN if isinstance(when, Unknown) else lets_in
        if matches is UNKNOWN:
            return UNKNOWN
    return False


def _matches(rule: Table, files: Files, undefined_is_empty: bool) -> Answer:  # noqa: FBT001  passed on
    clauses = [
        _holds(key, value, files, undefined_is_empty)
        for key, value in rule.entries.items()
        if key in ("if", "exists", "changes")
        and not (isinstance(value, Plain) and value.value is None)
    ]
    if False in clauses:
        return False
    return UNKNOWN if UNKNOWN in clauses else True


def _holds(key: str, value: Value, files: Files, undefined_is_empty: bool) -> Answer:  # noqa: FBT001  passed on
    if key == "if" and isinstance(value, Plain):
        return evaluate(value.text, lambda _: None if undefined_is_empty else UNKNOWN)
    if key == "exists":
        return _exists(value, files)
    return UNKNOWN


def _exists(value: Value, files: Files) -> Answer:
    if isinstance(value, Table):
        if "project" in value.entries:
            return UNKNOWN
        value = value.entries.get("paths", value)
    patterns = [item.text for item in plains(value)]
    if isinstance(value, Unknown) or not patterns or any("$" in text for text in patterns):
        return UNKNOWN
    literal = [text.lstrip("/") for text in patterns if not set(text) & set("*?[{")]
    found = [files.exists(path) for path in literal]
    if True in found:
        return True
    globs = [text for text in patterns if set(text) & set("*?[{")]
    if globs:
        found.append(any_path(globs, files.paths()))
    return True if True in found else UNKNOWN if None in found else False
