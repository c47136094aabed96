import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.image_facts import Registry
from uvci.catalog.publication import Published, publication
from uvci.catalog.tag_completion import Hole, tag_steps, values_for

GHCR, HUB = Registry.GHCR, Registry.DOCKER_HUB
FILL, ANY = Hole.FILL, Hole.ANY


def texts(typed: str, registry: Registry = GHCR) -> list[str]:
    return [step.text for step in tag_steps(registry, typed)]


def test_first_step_is_the_release() -> None:
    offered = texts("")
    assert offered[:3] == ["0.13.9-", "0.12.24-", "0.11.33-"]
    assert len(offered) < 100
    assert offered.index("0.13.9-") < offered.index("0.13-") < offered.index("python3.14-")
    assert offered.index("python3.14-") < offered.index("latest") < offered.index("0.13.9")


def test_second_step_is_the_python() -> None:
    assert texts("0.12.5-")[:8] == [
        "0.12.5-python3.14-",
        "0.12.5-python3.13-",
        "0.12.5-python3.12-",
        "0.12.5-python3.11-",
        "0.12.5-python3.10-",
        "0.12.5-python3.9-",
        "0.12.5-trixie-slim",
        "0.12.5-trixie",
    ]


def test_third_step_is_the_operating_system() -> None:
    assert texts("0.12.5-python3.13-") == [
        "0.12.5-python3.13-trixie-slim",
        "0.12.5-python3.13-trixie",
        "0.12.5-python3.13-alpine",
        "0.12.5-python3.13-alpine3.23",
        "0.12.5-python3.13-dhi",
    ]


def test_typed_series_opens_all_its_releases() -> None:
    offered = texts("0.9.1")
    assert offered[:2] == ["0.9.18-", "0.9.17-"]
    assert "0.9.1-" in offered
    assert "0.9.19-" not in offered


def test_gaps_lead_nowhere() -> None:
    assert texts("0.8.10-") == []
    assert texts("0.9.5-", HUB) == []
    assert texts("0.9.5-") != []


def test_ended_variants_come_last() -> None:
    offered = texts("python3.12-")
    assert offered[0] == "python3.12-trixie-slim"
    assert offered[-2:] == ["python3.12-bookworm-slim", "python3.12-bookworm"]


@given(st.text() | st.sampled_from(["0", "0.9-", "0.12.5-python3", "py", "trixie-", "v0.9"]))
def test_each_step_leads_to_a_published_tag(typed: str) -> None:
    for registry in Registry:
        for step in tag_steps(registry, typed):
            assert step.text.startswith(typed)
            assert step.text.endswith("-") == (step.image is None)
            onward = tag_steps(registry, step.text)
            assert any(each.image or each.text != step.text for each in onward)


@pytest.mark.parametrize(
    ("parts", "values"),
    [
        (("0.12.5-python", FILL, "-trixie-slim"), ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9"]),
        (("0.12.5-", FILL, "-trixie"), [f"python3.{minor}" for minor in range(14, 8, -1)]),
        (
            ("0.12.5-python3.14-", FILL),
            ["trixie-slim", "trixie", "alpine", "alpine3.23", "dhi"],
        ),
        (("0.9.17-python3.12-", FILL, "-slim"), ["trixie", "bookworm"]),
        (("0.10.0-python", FILL, "-bookworm"), []),
        (
            ("python", FILL, "-bookworm"),
            ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8", "3.14-rc"],
        ),
        (("0.12.5-alpine",), []),
        ((), []),
        (("(", FILL), []),
    ],
)
def test_values_are_those_with_which_the_tag_exists(
    parts: tuple[str | Hole, ...], values: list[str]
) -> None:
    assert list(values_for(GHCR, parts)) == values


def test_versions_of_a_composed_tag() -> None:
    versions = values_for(GHCR, (FILL, "-python3.12-bookworm-slim"))
    assert versions[0] == "0.9.30"
    assert "0.8.10" not in versions
    assert versions.index("0.4.4") < versions.index("0.9")
    assert "0.8.12" not in values_for(HUB, (FILL, "-python3.12-bookworm-slim"))


def test_other_unknown_parts_leave_the_choice_open() -> None:
    assert values_for(GHCR, (ANY, "-python", FILL, "-", ANY))[:2] == ("3.14", "3.13")
    assert values_for(GHCR, (FILL, "-python", ANY, "-", ANY))[0] == "0.13.9"


@given(
    st.lists(
        st.sampled_from(
            [FILL, ANY, "0.9.30", "0.12", "-", "python3.12", "python", "trixie", "slim"]
        )
        | st.text(),
        max_size=5,
    ).map(tuple)
)
def test_any_template_is_answered_with_published_tags(parts: tuple[str | Hole, ...]) -> None:
    values = values_for(GHCR, parts)
    if ANY in parts:
        assert FILL in parts or not values
        return
    for value in values[:5]:
        whole = "".join(value if part is FILL else str(part) for part in parts)
        assert isinstance(publication(GHCR, whole), Published)
