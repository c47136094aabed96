"""`uvci rule`: what rules find, why it matters, and what to write instead."""

import json
import sys
from typing import Any

import click

from uvci.catalog.spelling import near_misses
from uvci.cli.terminal import BOLD, Colour, paint_for
from uvci.rules.docs import reference_page, rule_page
from uvci.rules.registry import RULES, find_rule
from uvci.rules.rule import Example, Rule


@click.command(short_help="Explain a rule, or list all rules.")
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Print the page of every rule.")
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def rule(code: str | None, output_format: str, *, everything: bool) -> None:
    """Explain the rule CODE (UVC101, or its name); without CODE, list all rules."""
    if code is not None and everything:
        raise click.UsageError("give a CODE or --all, not both.")
    if code is not None:
        _print_pages((_found(code),), output_format)
    elif everything:
        _print_pages(RULES, output_format)
    else:
        _print_list(output_format)


def _found(code: str) -> Rule:
    if known := find_rule(code):
        return known
    names = [name for each in RULES for name in (each.code.lower(), each.name)]
    nearest = near_misses(code.lower(), names)
    guess = find_rule(nearest[0]) if nearest else None
    hint = (
        f" Did you mean {guess.code} ({guess.name})?" if guess else " `uvci rule` lists them all."
    )
    raise click.UsageError(f"there is no rule `{code}`.{hint}")


def _print_pages(rules: tuple[Rule, ...], form: str) -> None:
    if form == "json":
        records = [_record(each) for each in rules]
        click.echo(
            json.dumps(records if len(records) > 1 else records[0], indent=2, ensure_ascii=False)
        )
        return
    page = rule_page(rules[0]) if len(rules) == 1 else reference_page(rules)
    if form == "text" and sys.stdout.isatty():
        _print_rich(page)
    else:
        click.echo(page, nl=False)


def _print_list(form: str) -> None:
    if form == "json":
        click.echo(json.dumps([_summary(each) for each in RULES], indent=2))
    elif form == "markdown":
        click.echo(reference_page(RULES).split("\n\n## ", 1)[0].rstrip())
    else:
        paint = paint_for(sys.stdout, Colour.AUTO)
        wide = max(len(each.name) for each in RULES)
        for each in RULES:
            fix = {"always": "fix", "sometimes": "some fixes", "never": ""}[each.fix.value]
            line = f"{each.name:<{wide}}  {each.severity.name.lower():<7}  {fix}"
            click.echo(f"{paint(each.code, BOLD)}  {line}".rstrip())


def _print_rich(page: str) -> None:
    from rich.console import Console  # noqa: PLC0415  only where somebody reads it
    from rich.markdown import Markdown  # noqa: PLC0415

    Console(width=min(100, Console().width)).print(Markdown(page))


def _summary(each: Rule) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.name,
        "severity": each.severity.name.lower(),
        "fix": each.fix.value,
        "since": each.since,
        "url": each.url,
    }


def _record(each: Rule) -> dict[str, Any]:
    return {
        **_summary(each),
        "what": each.what,
        "why": each.why,
        "references": list(each.references),
        "examples": [_example(example) for example in each.examples],
    }


def _example(example: Example) -> dict[str, Any]:
    return {
        "bad": example.bad,
        "good": example.good,
        "instead": example.instead,
        "files": example.files,
    }
