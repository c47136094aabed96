"""What takes a while is shown as it goes on, and stops when nobody wants it any more."""

import asyncio
from collections import defaultdict
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest
from editor import SECONDS, Editor, editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from uvci.lsp.progress import PATIENCE, Progress

JOB = """\
job-{0}-{1}:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.1{2}-trixie-slim
  variables: {{UV_LINKMODE: copy, NUMBER: "{0}.{1}"}}
  cache: {{key: "uv-{0}-{1}", paths: [.uv-cache]}}
  script:
    - uv sync --locked --group g{1}
    - uv run pytest tests/{0}/{1} && uv cache prune --ci
"""
WORKSPACE = {"workspaceDiagnostics": True}


def fill(root: Path, files: int) -> None:
    """A repository of many pipelines, no two alike."""
    (root / ".git").mkdir()
    (root / ".gitlab").mkdir()
    for number in range(files):
        text = "".join(JOB.format(number, job, job % 5) for job in range(30))
        (root / f".gitlab/{number:03}.yml").write_text(text)


async def until(this: Editor, token: str, kind: str) -> dict[str, Any]:
    """The next report of that kind."""
    while True:
        got = await asyncio.wait_for(this.progress(token).get(), SECONDS)
        if got["kind"] == kind:
            return dict(got)


async def next_part(this: Editor, token: str) -> dict[str, Any]:
    """The one report of the next partial result."""
    got = await asyncio.wait_for(this.progress(token).get(), SECONDS)
    (report,) = got["items"]
    return dict(report)


def check(
    this: Editor, token: str | None = None, partial: str | None = None, **known: str
) -> asyncio.Future[Any]:
    previous = [types.PreviousResultId(this.uri(path), value) for path, value in known.items()]
    return asyncio.ensure_future(
        this.client.workspace_diagnostic_async(
            types.WorkspaceDiagnosticParams(
                previous, work_done_token=token, partial_result_token=partial
            )
        )
    )


@pytest.mark.slow
async def test_a_check_of_the_workspace_is_shown_under_the_client_s_token(tmp_path: Path) -> None:
    fill(tmp_path, 40)
    async with editor(tmp_path, pull=True, options=WORKSPACE) as this:
        asked = check(this, "mine")
        begin = await until(this, "mine", "begin")
        assert begin["title"] == "uvci: checking pipelines"
        assert begin["cancellable"]
        report = await until(this, "mine", "report")
        assert report["message"].startswith(".gitlab/")
        assert 0 <= report["percentage"] < 100
        await until(this, "mine", "end")
        found = await asked
        assert len(found.items) == 40
        assert all("UVC203" in {str(one.code) for one in each.items} for each in found.items)
        assert this.created.empty()


async def test_each_file_is_told_of_as_soon_as_it_is_checked(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    paths = [f".gitlab/{number:03}.yml" for number in range(3)]
    async with editor(tmp_path, pull=True, options=WORKSPACE) as this:
        asked = check(this, partial="parts")
        told = [await next_part(this, "parts") for _ in paths]
        assert [each["uri"] for each in told] == [this.uri(path) for path in paths]
        assert all("UVC203" in {one["code"] for one in each["items"]} for each in told)
        assert not (await asked).items
        # What is known already is not told again; what was deleted is.
        known = {path: each["resultId"] for path, each in zip(paths, told, strict=True)}
        waiting = check(this, partial="more", **known)
        (tmp_path / paths[1]).unlink()
        gone = types.FileEvent(this.uri(paths[1]), types.FileChangeType.Deleted)
        this.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([gone]))
        part = await next_part(this, "more")
        assert (part["uri"], part["items"]) == (this.uri(paths[1]), [])
        assert not (await waiting).items
        assert this.progress("more").empty()


async def test_a_folder_that_joins_the_workspace_is_checked_too(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        fill(folder, 1)
    async with editor(first, pull=True, options=WORKSPACE) as this:
        told = (await check(this)).items
        waiting = check(this, **{".gitlab/000.yml": told[0].result_id})
        joined = [types.WorkspaceFolder(second.as_uri(), "second")]
        event = types.WorkspaceFoldersChangeEvent(added=joined, removed=[])
        this.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(event)
        )
        news = [each for each in (await waiting).items if each.kind == "full"]
        assert [each.uri for each in news] == [(second / ".gitlab/000.yml").as_uri()]


@pytest.mark.slow
async def test_a_client_without_a_token_lets_the_server_make_one(tmp_path: Path) -> None:
    fill(tmp_path, 40)
    options = {"profile": "visual_studio_code_v1.65.2", "encoding": "utf-16"}
    async with editor(tmp_path, **options, pull=True, options=WORKSPACE) as this:
        asked = check(this)
        token = await asyncio.wait_for(this.created.get(), SECONDS)
        await until(this, token, "begin")
        await until(this, token, "end")
        assert len((await asked).items) == 40


@pytest.mark.slow
@pytest.mark.parametrize("how", ["$/cancelRequest", "window/workDoneProgress/cancel"])
async def test_what_is_cancelled_stops(tmp_path: Path, how: str) -> None:
    fill(tmp_path, 600)  # minutes of work, which nobody waits for
    async with editor(tmp_path, pull=True, options=WORKSPACE) as this:
        asked = check(this, "mine")
        await until(this, "mine", "report")
        if how == "$/cancelRequest":
            identity = next(iter(this.client.protocol._request_futures))
            this.client.protocol.notify(how, types.CancelParams(identity))
        else:
            this.client.protocol.notify(how, types.WorkDoneProgressCancelParams("mine"))
        await until(this, "mine", "end")
        with pytest.raises(JsonRpcException, match="cancel"):
            await asked
        # The one worker is free again: it answers, and has not gone through all the files.
        this.open("test:\n  image: ghcr.io/astral-sh/uv:0.12.5-alpine\n  script: [uv sync]\n")
        assert await this.hover(20) is not None
        assert this.shown == []


@pytest.mark.parametrize("token", ["mine", None])
@pytest.mark.parametrize(("lasts", "is_shown"), [(PATIENCE - 0.01, False), (PATIENCE, True)])
async def test_what_is_quick_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, token: str | None, lasts: float, is_shown: bool
) -> None:
    loop, now = asyncio.get_running_loop(), 0.0
    with monkeypatch.context() as patched:
        patched.setattr(loop, "time", lambda: now)  # it stands still however slow the machine is
        reporter = Mock(tokens=defaultdict(Future), create_async=AsyncMock())
        progress = Progress(reporter, "Checking", token, create=True)
        now = lasts
        await turns()
        progress.end()
        now = 2 * PATIENCE
        await turns()
    told = {name for name, *_ in reporter.method_calls}
    wanted = {"begin", "end"} if token else {"create_async", "begin", "end"}
    assert told == (wanted if is_shown else set())


async def turns() -> None:
    """Let the loop do all that is due."""
    for _ in range(9):
        await asyncio.sleep(0)


async def test_the_workspace_is_told_about_again_only_when_something_changed(
    tmp_path: Path,
) -> None:
    fill(tmp_path, 1)
    path = ".gitlab/000.yml"
    async with editor(tmp_path, pull=True, options=WORKSPACE) as this:
        first = (await check(this)).items
        assert [each.uri for each in first] == [this.uri(path)]
        waiting = check(this, **{path: first[0].result_id})
        quick = await this.client.workspace_execute_command_async(
            types.ExecuteCommandParams("uvci.status", [this.uri(path)])
        )
        assert quick["version"]
        assert not waiting.done()
        this.open((tmp_path / path).read_text().replace(".uv-cache", "tmp"), path)
        again = (await waiting).items
        assert [each.version for each in again] == [0]
        assert "UVC203" not in {str(one.code) for one in again[0].items}


async def test_the_workspace_is_not_offered_unasked(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    async with editor(tmp_path, pull=True) as this:
        provider = this.capabilities.diagnostic_provider
        assert provider is not None
        assert not provider.workspace_diagnostics
