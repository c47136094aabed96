"""pygls's protocol, where every request gets an answer: also one that cannot be carried out."""

from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol

from uvci.lsp.refusal import RequestRefusedError


class LifecycleProtocol(LanguageServerProtocol):
    """Knows what may be asked when, and that a refusal is an answer rather than a failure.

    Source: LSP 3.17, "Server lifecycle" and `ErrorCodes`. pygls answers a request before
    `initialize` with null, and neither one after `shutdown` nor one it cannot read.
    """

    @property
    def exit_code(self) -> int:
        """What the process ends with: 0 where the client said goodbye first, else 1."""
        return 0 if self._shutdown else 1

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message in a JSON object; the sender of an ill-formed request is told."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                error = JsonRpcInvalidParams(f"{data['method']}: its parameters are ill-formed.")
                self._send_response(data["id"], error=error.to_response_error())
            raise

    def handle_message(self, message: Any) -> None:
        """Takes a message, unless it comes at the wrong time."""
        method = getattr(message, "method", None)
        untimely = self._untimely(method) if method != types.EXIT else None
        if untimely is None:
            super().handle_message(message)
        elif (identity := getattr(message, "id", None)) is not None:
            self._send_response(identity, error=untimely.to_response_error())

    def _untimely(self, method: str | None) -> JsonRpcException | None:
        """Why a message cannot be taken now; a response, which has no method, mostly can."""
        if self._shutdown:
            return JsonRpcInvalidRequest("The server was told to shut down.")
        is_initialized = self._workspace is not None
        if method == types.INITIALIZE and is_initialized:
            return JsonRpcInvalidRequest("The server is initialized already.")
        if method is not None and method != types.INITIALIZE and not is_initialized:
            return JsonRpcServerNotInitialized("The first request has to be `initialize`.")
        return None

    def _send_handler_result(self, future: Future[Any], *, msg_id: Any) -> None:
        """Sends an answer; pygls logs a refusal with a traceback, as if something were broken."""
        refusal = None if future.cancelled() else future.exception()
        if not isinstance(refusal, RequestRefusedError | JsonRpcInvalidParams):
            super()._send_handler_result(future, msg_id=msg_id)
            return
        self._request_futures.pop(msg_id, None)
        self._send_response(msg_id, error=refusal.to_response_error())
