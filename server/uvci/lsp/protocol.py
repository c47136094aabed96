"""pygls's protocol with the parts replaced that this server does itself."""

from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.protocol import lsp_method

from uvci.lsp.lifecycle import LifecycleProtocol
from uvci.lsp.progress import LONG, Progress, current, title_of

if TYPE_CHECKING:
    from cattrs import Converter

Step = tuple[Callable[..., Any], tuple[Any, ...], None]


class UvciProtocol(LifecycleProtocol):
    """Leaves open documents to `uvci.lsp.documents`: pygls's own store is never fed.

    Every request that takes a while is shown to the user, and is stopped when it is cancelled.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.creates_progress = False
        self._shown: dict[Any, Progress] = {}

    @property
    def converter(self) -> "Converter":
        """What makes the protocol's values of JSON and JSON of them."""
        return self._converter

    def _handle_request(self, msg_id: Any, method_name: str, params: Any) -> None:
        token = getattr(params, "work_done_token", None)
        is_shown = method_name in LONG or (token is not None and method_name != types.INITIALIZE)
        if not is_shown:
            super()._handle_request(msg_id, method_name, params)
            return
        title, create = title_of(method_name), self.creates_progress
        progress = Progress(self.progress, title, token, create=create and method_name in LONG)
        self._shown[msg_id] = progress
        before = current.set(progress)
        try:
            super()._handle_request(msg_id, method_name, params)
        finally:
            current.reset(before)

    def _send_handler_result(self, future: Future[Any], *, msg_id: Any) -> None:
        if progress := self._shown.pop(msg_id, None):
            progress.end()
        super()._send_handler_result(future, msg_id=msg_id)

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        """Cancels a request; pygls warns of one that is answered already, which is no fault."""
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Step, Any, types.InitializeResult]:
        """The client introduces itself; pygls has no place for the options of commands."""
        result = yield from super().lsp_initialize(params)
        if result.capabilities.execute_command_provider:
            result.capabilities.execute_command_provider.work_done_progress = True
        return result

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]  # pygls runs both kinds
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Runs a command; pygls cannot cancel one, and takes all of its arguments for required."""
        command = self.fm.commands.get(params.command)
        if command is None:
            raise JsonRpcInvalidParams(f"There is no command {params.command}.")
        try:
            running = command(*(params.arguments or ()))
        except TypeError as wrong:
            raise JsonRpcInvalidParams(f"{params.command}: {wrong}") from wrong
        return await running

    def _own_handler(self, method: str, params: Any) -> Generator[Step, Any, None]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Step, Any, None]:
        """A document was opened."""
        yield from self._own_handler(types.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Step, Any, None]:
        """A document was edited."""
        yield from self._own_handler(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Step, Any, None]:
        """A document was closed."""
        yield from self._own_handler(types.TEXT_DOCUMENT_DID_CLOSE, params)
