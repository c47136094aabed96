"""Several repositories, files that come, move and go, and what is no file at all."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest
from editor import SECONDS, Editor, editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException

FAULTY = "test:\n  variables: {UV_LINKMODE: copy}\n  script: [uv sync --locked]\n"
SHARED = ".uv:\n  image: ghcr.io/astral-sh/uv:0.12.5-python3.12-alpine\n"


def repository(folder: Path, **files: str) -> Path:
    (folder / ".git").mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def changed(this: Editor, *events: tuple[str, types.FileChangeType]) -> None:
    this.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [types.FileEvent(this.uri(path), kind) for path, kind in events]
        )
    )


def codes(found: Iterable[types.Diagnostic]) -> set[str]:
    return {str(each.code) for each in found}


async def next_codes(this: Editor, path: str = ".gitlab-ci.yml") -> set[str]:
    got = await asyncio.wait_for(this.queue(this.uri(path)).get(), SECONDS)
    return codes(got.diagnostics)


async def test_each_repository_has_its_own_settings(tmp_path: Path) -> None:
    repository(tmp_path / "strict")
    repository(tmp_path / "lenient", uvci='ignore = ["UVC301"]\n')
    async with editor(tmp_path, pull=True) as this:
        for name in ("strict", "lenient"):
            this.open(FAULTY, f"{name}/.gitlab-ci.yml")
        assert "UVC301" in codes(await this.diagnostics("strict/.gitlab-ci.yml"))
        assert "UVC301" not in codes(await this.diagnostics("lenient/.gitlab-ci.yml"))


async def test_names_of_another_repository_are_not_offered(tmp_path: Path) -> None:
    repository(tmp_path / "one")
    repository(tmp_path / "two")
    async with editor(tmp_path) as this:
        this.open(".only-here:\n  script: [x]\n", "one/.gitlab-ci.yml")
        text = ".mine:\n  script: [x]\ntest:\n  extends: ."
        this.open(text, "two/.gitlab-ci.yml")
        found = await this.complete(len(text), "two/.gitlab-ci.yml")
        assert [item.label for item in found] == [".mine"]


async def test_an_included_file_is_moved(tmp_path: Path) -> None:
    repository(tmp_path)
    text = "include: new.yml\ntest:\n  extends: .uv\n  script: [uv sync --locked]\n"
    (tmp_path / "old.yml").write_text(SHARED)
    async with editor(tmp_path, pull=False) as this:
        this.open(text)
        assert "UVC001" in await next_codes(this)
        (tmp_path / "old.yml").rename(tmp_path / "new.yml")
        changed(
            this,
            ("old.yml", types.FileChangeType.Deleted),
            ("new.yml", types.FileChangeType.Created),
        )
        assert "UVC001" not in await next_codes(this)
        found = await this.client.text_document_definition_async(
            types.DefinitionParams(this.document(), this.position(text.index(".uv") + 1))
        )
        assert [place.uri for place in found or ()] == [this.uri("new.yml")]


async def test_an_open_document_wins_over_its_file(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / ".gitlab-ci.yml").write_text("test:\n  script: [x]\n")
    async with editor(tmp_path, pull=True) as this:
        this.open(FAULTY)
        (tmp_path / ".gitlab-ci.yml").unlink()
        changed(this, (".gitlab-ci.yml", types.FileChangeType.Deleted))
        assert "UVC301" in codes(await this.diagnostics())


async def test_what_is_closed_shows_nothing_more(tmp_path: Path) -> None:
    repository(tmp_path)
    async with editor(tmp_path, pull=False) as this:
        this.open(FAULTY)
        assert "UVC301" in await next_codes(this)
        this.client.text_document_did_close(types.DidCloseTextDocumentParams(this.document()))
        assert await next_codes(this) == set()


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/r/.gitlab-ci.yml?ref", "x"])
async def test_what_is_no_file_is_left_alone(tmp_path: Path, uri: str) -> None:
    repository(tmp_path)
    async with editor(tmp_path, pull=True) as this:
        document = types.TextDocumentIdentifier(uri)
        this.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 0, FAULTY))
        )
        report = await this.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document)
        )
        assert list(getattr(report, "items", ())) == []
        at = types.Position(1, 16)
        assert await this.client.text_document_hover_async(types.HoverParams(document, at)) is None
        # It comes under a name then, and is a pipeline.
        this.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        this.open(FAULTY)
        assert "UVC301" in codes(await this.diagnostics())
        assert this.shown == []


async def test_what_gitlab_would_not_read_is_told_and_not_read(tmp_path: Path) -> None:
    repository(tmp_path)
    async with editor(tmp_path, pull=True) as this:
        this.open("# much\n" * 400_000)
        (told,) = await this.diagnostics()
        assert "too big" in told.message
        assert await this.complete(0) == []
        this.replace(FAULTY)
        assert "UVC301" in codes(await this.diagnostics())


async def test_a_cancelled_request_is_answered_so_and_the_next_one_too(tmp_path: Path) -> None:
    repository(tmp_path)
    async with editor(tmp_path, pull=True) as this:
        this.open("".join(FAULTY.replace("test", f"test-{n}") for n in range(4000)))
        asked = this.client.protocol.send_request(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DocumentDiagnosticParams(this.document()),
            msg_id="mine",
        )
        this.client.protocol.notify("$/cancelRequest", types.CancelParams("mine"))
        with pytest.raises(JsonRpcException, match="cancel") as refused:
            await asyncio.wrap_future(asked)
        assert refused.value.code == types.LSPErrorCodes.RequestCancelled
        assert await this.hover(FAULTY.index("LINKMODE")) is not None


async def test_the_other_end_of_a_conflict_and_what_is_outdated_are_marked(tmp_path: Path) -> None:
    repository(tmp_path)
    text = """\
include: part.yml
test:
  extends: .part
  image: ghcr.io/astral-sh/uv:0.12.5-python3.12-alpine
  variables:
    UV_FROZEN: "1"
    UV_SYSTEM_PYTHON: "1"
    UV_EXTRA_INDEX_URL: https://pypi.example.org/simple
  script:
    - uv sync
"""
    (tmp_path / "part.yml").write_text('.part:\n  variables:\n    UV_LOCKED: "1"\n')
    async with editor(tmp_path, "visual_studio_code_v1.65.2", pull=True) as this:
        this.open(text)
        found = {str(each.code): each for each in await this.diagnostics()}
        (other,) = found["UVC305"].related_information or ()
        assert (other.location.uri, other.location.range.start.line) == (this.uri("part.yml"), 2)
        assert found["UVC305"].code_description is not None
        assert list(found["UVC304"].tags or ()) == [types.DiagnosticTag.Deprecated]
        assert list(found["UVC306"].tags or ()) == [types.DiagnosticTag.Unnecessary]
