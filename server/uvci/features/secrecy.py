"""Values that are never shown, not even to whoever can read the file: screens are shared."""

from uvci.catalog.tokens import MASK, masked
from uvci.catalog.variables import find_variable
from uvci.text.patterns import lazy_re

_SECRET_NAME = lazy_re(r"TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIAL|PRIVATE_KEY|API_?KEY")


def discreet(name: str, value: str) -> str:
    """`value` of the variable `name` as it may be shown; uses of other variables stay readable.

    >>> discreet("UV_PUBLISH_TOKEN", "abc"), discreet("UV_PUBLISH_TOKEN", "$CI_JOB_TOKEN")
    ('…', '$CI_JOB_TOKEN')
    >>> discreet("UV_INDEX", "https://me:word@example.com/simple")
    'https://me:…@example.com/simple'
    """
    if value and not value.startswith("$") and _is_secret(name):
        return MASK
    return masked(value)


def _is_secret(name: str) -> bool:
    variable = find_variable(name)
    if variable is not None and not variable.secret:
        return False
    return variable is not None or _SECRET_NAME.search(name) is not None
