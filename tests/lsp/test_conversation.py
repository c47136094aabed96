"""What a connection lives through: edits, closing, other files, settings, failures."""

from pathlib import Path

import pytest
from editor import editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException

BAD = "test:\n  image: ghcr.io/astral-sh/uv:0.10.0-bookworm\n  script: [uv sync]\n"
GOOD = BAD.replace("0.10.0-bookworm", "0.12.5-python3.13-trixie-slim")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def codes(found: list[types.Diagnostic]) -> set[str]:
    return {str(each.code) for each in found}


@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
async def test_diagnostics_follow_edits_and_go_when_the_file_closes(root: Path, pull: bool) -> None:
    async with editor(root, pull=pull) as this:
        this.open(BAD)
        assert "UVC101" in codes(await this.diagnostics())
        this.replace(GOOD)
        assert "UVC101" not in codes(await this.diagnostics())
        this.change(GOOD.index("0.12.5"), GOOD.index("0.12.5") + 1, "9")
        this.change(GOOD.index("0.12.5"), GOOD.index("0.12.5") + 1, "0")
        assert "UVC101" not in codes(await this.diagnostics())
        if not pull:
            this.client.text_document_did_close(types.DidCloseTextDocumentParams(this.document()))
            while await this.diagnostics():
                pass  # an answer to an earlier edit may still be on its way


async def test_other_yaml_gets_no_answer(root: Path) -> None:
    async with editor(root, pull=True) as this:
        this.open(BAD, "docker-compose.yml")
        assert await this.diagnostics("docker-compose.yml") == []
        at = BAD.index("uv:") + 3
        assert await this.complete(at, "docker-compose.yml") == []
        assert await this.hover(at, "docker-compose.yml") is None
        assert await this.actions(at, at, path="docker-compose.yml") == []


async def test_an_included_file_is_judged_in_its_pipeline(root: Path) -> None:
    (root / "ci").mkdir()
    (root / "ci/jobs.yml").write_text("test:\n  script: [uv sync]\n")
    main = "include: ci/jobs.yml\ndefault:\n  image: ghcr.io/astral-sh/uv:0.10.0-bookworm\n"
    (root / ".gitlab-ci.yml").write_text(main)
    async with editor(root, pull=False) as this:
        this.open(main)
        assert "UVC101" in codes(await this.diagnostics())
        this.open((root / "ci/jobs.yml").read_text(), "ci/jobs.yml")
        assert "UVC101" not in codes(await this.diagnostics("ci/jobs.yml"))
        edited = "test:\n  image: ghcr.io/astral-sh/uv:latest\n  script: [uv sync]\n"
        this.replace(edited, "ci/jobs.yml")
        assert "UVC104" in codes(await this.diagnostics("ci/jobs.yml"))
        assert "UVC101" not in codes(await this.diagnostics())


async def test_a_pull_with_nothing_new_says_so(root: Path) -> None:
    async with editor(root, pull=True) as this:
        this.open(BAD)
        first = await this.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(this.document())
        )
        assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
        again = await this.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(this.document(), previous_result_id=first.result_id)
        )
        assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
        assert again.result_id == first.result_id


async def test_only_the_kinds_asked_for_come(root: Path) -> None:
    async with editor(root) as this:
        this.open(BAD)
        at = BAD.index("0.10.0")
        every = await this.actions(at, at)
        assert {str(each.kind) for each in every} >= {"quickfix"}
        assert await this.actions(at, at, ["source.organizeImports"]) == []
        assert all(
            str(each.kind).startswith("refactor")
            for each in await this.actions(at, at, ["refactor"])
        )


async def test_wrong_settings_are_told_once_and_defaults_stay(root: Path) -> None:
    options = {"selct": ["UVC101"], "gitlabKeywords": "perhaps"}
    async with editor(root, pull=True, options=options) as this:
        this.open(BAD)
        assert "UVC101" in codes(await this.diagnostics())
        told = [shown.message for shown in this.shown]
        assert len(told) == 1
        assert "`select`" in told[0]
        assert "gitlabKeywords" in told[0]


async def test_a_rule_is_switched_off_by_a_setting(root: Path) -> None:
    async with editor(root, pull=True, options={"ignore": ["UVC101"]}) as this:
        this.open(BAD)
        assert "UVC101" not in codes(await this.diagnostics())


async def test_a_document_on_no_disk_is_left_alone(root: Path) -> None:
    async with editor(root, pull=True) as this:
        this.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem("untitled:Untitled-1", "yaml", 0, BAD)
            )
        )
        found = await this.client.text_document_hover_async(
            types.HoverParams(
                types.TextDocumentIdentifier("untitled:Untitled-1"), types.Position(1, 20)
            )
        )
        assert found is None


async def test_a_change_to_a_document_nobody_opened_is_survived(root: Path) -> None:
    async with editor(root, pull=True) as this:
        this.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=this.uri("x.yml"), version=3),
                [types.TextDocumentContentChangeWholeDocument("a: b")],
            )
        )
        this.open(BAD)
        assert "UVC101" in codes(await this.diagnostics())
        assert this.shown == []


async def test_the_status_names_versions_and_roots(root: Path) -> None:
    async with editor(root, pull=True) as this:
        this.open(GOOD)
        found = await this.client.workspace_execute_command_async(
            types.ExecuteCommandParams("uvci.status", [this.uri()])
        )
        assert found["uv"] == ["0.12.5"]
        assert found["roots"] == [".gitlab-ci.yml"]
        assert found["version"]


async def test_the_effective_job_is_shown_with_origins(root: Path) -> None:
    text = f"default:\n  tags: [fast]\n{GOOD}"
    async with editor(root, pull=True) as this:
        this.open(text)
        shown = await this.client.workspace_execute_command_async(
            types.ExecuteCommandParams("uvci.resolve", [this.uri(), "test"])
        )
        assert "- fast  # .gitlab-ci.yml:2, default" in shown
        assert "- uv sync  # .gitlab-ci.yml:5" in shown
        whole = await this.client.workspace_execute_command_async(
            types.ExecuteCommandParams("uvci.resolve", [this.uri()])
        )
        assert whole.startswith("stages:")
        missing = await this.client.workspace_execute_command_async(
            types.ExecuteCommandParams("uvci.resolve", [this.uri(), "nope"])
        )
        assert missing == ""


async def test_the_cache_map_and_the_pipeline_are_drawn(root: Path) -> None:
    async with editor(root, pull=True) as this:
        this.open(GOOD)

        async def draw(*what: str, path: str = ".gitlab-ci.yml") -> str:
            found = await this.client.workspace_execute_command_async(
                types.ExecuteCommandParams("uvci.graph", [this.uri(path), *what])
            )
            assert isinstance(found, str)
            return found

        assert "test  uv 0.12.5, Python 3.13" in await draw("pipeline")
        assert (await draw("caches")).startswith("CACHES")
        assert (await draw("", "svg")).startswith("<svg ")
        assert await draw(path="other.yml") == ""
        with pytest.raises(JsonRpcException, match="no such picture"):
            await draw("", "pdf")


@pytest.mark.parametrize(
    ("experimental", "options", "offered"),
    [
        ({}, {}, True),
        ({"gitlabKeywords": True}, {}, False),
        ({"gitlabKeywords": True}, {"gitlabKeywords": True}, True),
        ({"gitlabKeywords": False}, {"gitlabKeywords": False}, False),
    ],
)
async def test_keywords_are_left_to_another_server_that_the_client_has(
    root: Path, experimental: dict[str, bool], options: dict[str, bool], offered: bool
) -> None:
    async with editor(root, pull=True, options=options, experimental=experimental) as this:
        this.open("test:\n  ima")
        labels = [item.label for item in await this.complete(12)]
        assert ("image" in labels) == offered


async def test_a_lens_shows_what_it_speaks_of_where_the_client_can(root: Path) -> None:
    text = ".base: {image: x}\ntest: {extends: .base, script: [x]}\n"
    for able in (True, False):
        async with editor(root, pull=True, experimental={"showReferences": able}) as this:
            this.open(text)
            lenses = await this.client.text_document_code_lens_async(
                types.CodeLensParams(this.document())
            )
            command = (lenses or [])[0].command
            assert command is not None
            assert command.title == "used by 1 job"
            assert command.command == ("uvci.showReferences" if able else "")
