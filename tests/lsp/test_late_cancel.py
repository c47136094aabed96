"""What an editor cancels too late is answered already, and is nothing to write home about."""

from wire import EXIT, INITIALIZE, INITIALIZED, SHUTDOWN, message, told


def test_a_cancellation_of_what_is_answered_is_not_told_as_an_error() -> None:
    cancelled = message(method="$/cancelRequest", params={"id": 74})
    ended = told(INITIALIZE, INITIALIZED, cancelled, SHUTDOWN, EXIT)
    assert "bye" in {each.get("id") for each in ended.sent}
    assert ended.log == ""
