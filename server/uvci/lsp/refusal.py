"""An answer that is a reason why not, rather than a failure."""

from lsprotocol import types
from pygls.exceptions import JsonRpcException


class RequestRefusedError(JsonRpcException):
    """What was asked for cannot be done; editors show the message to the user."""

    CODE = types.LSPErrorCodes.RequestFailed.value
    MESSAGE = "Refused"
