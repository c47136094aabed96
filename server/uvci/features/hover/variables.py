"""Hovers of variables: their names, their values as GitLab reads them, and their uses."""

from collections.abc import Sequence

from uvci.catalog.gitlab import find_predefined, find_runner_control
from uvci.catalog.values import check_value, valid_values
from uvci.catalog.variable import UvVariable
from uvci.catalog.variables import find_variable
from uvci.features.cards.keyword import control_card, predefined_card
from uvci.features.cards.variable import other_name_card, variable_card
from uvci.features.extends import descendants
from uvci.features.hover.consequences import consequence
from uvci.features.hover.image import part_hover
from uvci.features.hover.spot import Here
from uvci.features.id_tokens import id_token
from uvci.features.markdown import bullets, card, code, codes
from uvci.features.origins import place_of
from uvci.features.scopes import SCOPES
from uvci.features.secrecy import discreet
from uvci.features.uv_release import uv_version
from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Job, Scope, Variable
from uvci.syntax.scalars import as_text, read_scalar
from uvci.syntax.tree import Scalar, Style
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_USE = lazy_re(r"\$\$|\$\{(\w+)\}|\$(\w+)")
_MOST = 6


def name_hover(here: Here, name: str) -> str | None:
    """What setting `name` does, and what the jobs that see it get."""
    lines = [f"Here: {text}{where}" for text, where in _values(here, name)]
    if variable := find_variable(name):
        facts = [*lines, consequence(name, _readers(here))]
        return variable_card(variable, uv_version(here.view, here.job), *facts)
    if other := other_name_card(name):
        return card(other, bullets(lines))
    if control := find_runner_control(name):
        return control_card(control, *lines)
    if predefined := find_predefined(name):
        return predefined_card(predefined, *lines)
    return card(f"**{code(name)}**", bullets(lines)) if lines else None


def use_at(text: str, offset: int) -> tuple[str, Span] | None:
    """The variable whose `$USE` in `text` covers `offset`, with the use's span."""
    for found in _USE.finditer(text):
        name = found[1] or found[2]
        if name and found.start() <= offset <= found.end():
            return name, Span(found.start(), found.end())
    return None


def use_hover(here: Here, name: str) -> str | None:
    """What `$name` stands for here: value per job and matrix entry, origin, who expands it."""
    values = [f"is {text}{where}" for text, where in _values(here, name)]
    who = _expander(here)
    if values:
        first, *rest = values
        doc = find_variable(name)
        about = f"{doc.does}" if doc else ""
        return card(f"**{code('$' + name)}** {first}", bullets([*rest, who]), about)
    if predefined := find_predefined(name):
        return predefined_card(predefined, who)
    if audience := id_token(here.job, name):
        return card(f"**{code('$' + name)}** is an ID token of this job, for {code(audience)}.")
    return card(
        f"**{code('$' + name)}** is not set in this pipeline's files.",
        bullets(["It may come from the project's, group's or pipeline's variables", who]),
    )


def value_hover(here: Here, node: Scalar, name: str) -> str | None:
    """What GitLab reads in a variable's value, where that is not what it looks like; or its use."""
    read = as_text(read_scalar(node))
    variable = find_variable(name)
    is_secret = discreet(name, node.text) != node.text
    if node.style is Style.PLAIN and read != node.text and not is_secret:
        return card(
            f"GitLab reads **{code(read)}**: unquoted {code(node.text)} is no text in YAML.",
            f"Write {code(_quoted(node.text))} to keep it as typed.",
        )
    if variable is None:
        return part_hover(here, node)
    return _checked(here, variable, read)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _checked(here: Here, variable: UvVariable, text: str) -> str:
    version = uv_version(here.view, here.job)
    doc = next((v.doc for v in valid_values(variable, version) if v.text == text), "")
    problem = None if "$" in text else check_value(variable, text, version)
    if problem:
        near = f" Did you mean {code(problem.nearest)}?" if problem.nearest else ""
        shown = code(discreet(variable.name, text))
        title = f"**uv refuses {shown}:** it takes {problem.expects}.{near}"
    else:
        title = f"**{code(text)}** · {doc}" if doc else ""
    return card(title, variable_card(variable, version))


def _values(here: Here, name: str) -> list[tuple[str, str]]:
    """Each different value of `name` with where it is set, and in which jobs when they differ."""
    seen: dict[tuple[str, str], list[str]] = {}
    for job in _readers(here):
        for variant in job.variants:
            variable = variant.variables.get(name)
            if variable is None or variable.scope is Scope.PREDEFINED:
                continue
            text = expand_text(f"${{{name}}}", variant, Place.RUNNER).text
            known = variable.raw if text is None else text
            shown = (
                code(discreet(name, known)) if known is not None else "known only when the job runs"
            )
            label = f"{job.name}: {variant.label}" if variant.label else job.name
            seen.setdefault((shown, _where(here, variable)), []).append(label)
    if not seen and (root := here.view.pipeline.root_variables.get(name)):
        return [(code(discreet(name, root.raw or "")), _where(here, root))]
    if len(seen) == 1:
        return list(seen)
    return [
        (text, f"{where} in {codes(dict.fromkeys(labels), 4)}")
        for (text, where), labels in list(seen.items())[:_MOST]
    ]


def _readers(here: Here) -> Sequence[Job]:
    """The job at hand, the jobs that extend it where it is a template, or all jobs."""
    jobs = here.view.pipeline.jobs
    if here.job is None or not here.job.hidden:
        return (here.job,) if here.job else jobs
    heirs = descendants(here.view, here.job.name)
    return tuple(job for job in jobs if job.name in heirs) or (here.job,)


def _where(here: Here, variable: Variable) -> str:
    place = place_of(here.view, variable.origin)
    scope = SCOPES[variable.scope]
    return f" ({scope}, {place})" if place else f" ({scope})"


def _expander(here: Here) -> str:
    match here.below:
        case ["cache", "paths"] | ["artifacts", *_]:
            return "A shell on the runner expands it, before paths are looked at"
        case ["image" | "services" | "cache", *_]:
            return "The runner expands it, once: a default like `${X:-y}` is not understood"
        case ["script" | "before_script" | "after_script", *_]:
            return "The shell of the job expands it"
        case [*_, "rules", "if"]:
            return "GitLab compares its value unexpanded, when the pipeline is made"
        case [*_, "variables", _]:
            return "GitLab expands it, then the runner"
        case ["environment" | "resource_group" | "tags" | "trigger" | "include" | "workflow", *_]:
            return "GitLab expands it, before a runner is known"
        case _:
            return ""
