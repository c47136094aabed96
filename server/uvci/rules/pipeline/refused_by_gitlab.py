"""UVC001: GitLab refuses the file."""

from collections.abc import Iterable

from uvci.rules.rule import Context, Example, Finding, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """What GitLab says about the pipeline, in its own words."""
    for problem in context.pipeline.problems:
        severity = Severity.WARNING if problem.warning else Severity.ERROR
        yield Finding(
            RULE, problem.message, problem.path, problem.span, severity, jobs=problem.jobs
        )


RULE = Rule(
    code="UVC001",
    name="refused-by-gitlab",
    severity=Severity.ERROR,
    fix=FixKind.NEVER,
    what="Reports what GitLab itself refuses: YAML that cannot be read, unknown keywords, values "
    "of the wrong shape, stages, needs and includes that do not exist. The message is GitLab's.",
    why="GitLab creates no pipeline at all from a file that it refuses. The few messages that "
    "GitLab only warns about are warnings here too.",
    check=check,
    whole=True,
    examples=(
        Example(
            bad="""\
test:
  stage: «chekc»
  script:
    - uv run pytest
""",
            instead="""\
test:
  stage: test
  script:
    - uv run pytest
""",
        ),
    ),
    references=("https://docs.gitlab.com/ci/yaml/", "https://docs.gitlab.com/ci/yaml/lint/"),
)
