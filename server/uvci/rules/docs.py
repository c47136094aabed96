"""A rule's page: the same five headings for every rule."""

from collections.abc import Iterable

from uvci.rules.rule import Example, FixKind, Rule

_FIXABLE = {
    FixKind.ALWAYS: "A fix is always available.",
    FixKind.SOMETIMES: "A fix is sometimes available.",
    FixKind.NEVER: "There is no automatic fix.",
}


def rule_page(rule: Rule) -> str:
    """The documentation of one rule as Markdown, its own heading first, ending in a newline."""
    severity = rule.severity.name.lower()
    parts = [
        f"# {rule.name} ({rule.code})",
        f"Severity: {severity}. {_FIXABLE[rule.fix]} Since uvci {rule.since}.",
        f"## What it does\n\n{rule.what}",
        f"## Why it matters\n\n{rule.why}",
        "## Example\n\n" + "\n\n".join(_bad(example) for example in rule.examples),
        "## Use instead\n\n" + "\n\n".join(_good(example) for example in rule.examples),
        "## References\n\n" + "\n".join(f"- <{address}>" for address in rule.references),
    ]
    return "\n\n".join(parts) + "\n"


def reference_page(rules: Iterable[Rule]) -> str:
    """The pages of several rules, one after another, under one table of them all."""
    ordered = tuple(rules)
    rows = (
        f"| [{rule.code}](#{rule.name}-{rule.code.lower()}) | {rule.name} "
        f"| {rule.severity.name.lower()} | {rule.fix.value} |"
        for rule in ordered
    )
    head = "# Rules\n\n| code | name | severity | fix |\n| --- | --- | --- | --- |"
    pages = (_demoted(rule_page(rule)) for rule in ordered)
    return "\n".join((head, *rows)) + "\n\n" + "\n".join(pages)


def _bad(example: Example) -> str:
    files = (_fence(text, name) for name, text in example.files.items() if text)
    return "\n\n".join((_fence(example.bad.replace("«", "").replace("»", "")), *files))


def _good(example: Example) -> str:
    return _fence(example.good or example.instead or "")


def _fence(text: str, name: str = ".gitlab-ci.yml") -> str:
    language = name.rpartition(".")[2]
    title = "" if name == ".gitlab-ci.yml" else f"`{name}`:\n\n"
    return f"{title}```{'yaml' if language == 'yml' else language}\n{text.rstrip()}\n```"


def _demoted(page: str) -> str:
    """A page whose headings are one level further down; examples are indented YAML comments."""
    lines, fenced = [], False
    for line in page.split("\n"):
        fenced ^= line.startswith("```")
        lines.append(f"#{line}" if line.startswith("#") and not fenced else line)
    return "\n".join(lines)
