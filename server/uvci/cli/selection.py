"""What `--select`, `--ignore` and `--extend-select` make of the settings in files."""

from msgspec import Struct
from msgspec.structs import replace

from uvci.cli.options import Options
from uvci.workspace.configuration import Configuration
from uvci.workspace.settings import check_selector


class Selection(Struct, frozen=True):
    """Rule selectors of a command line.

    `--select` starts afresh, whatever files say; the others add to what they say.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()

    def over(self, configuration: Configuration) -> Configuration:
        """The settings with these selectors."""
        if self.select:
            return replace(
                configuration,
                select=self.select,
                ignore=self.ignore,
                extend_select=self.extend_select,
            )
        return replace(
            configuration,
            ignore=(*configuration.ignore, *self.ignore),
            extend_select=(*configuration.extend_select, *self.extend_select),
        )


def read_selection(options: Options) -> Selection:
    """The selectors of a command line.

    Raises:
        click.UsageError: when one names no rule.
    """
    for name, selectors in (
        ("--select", options.select),
        ("--ignore", options.ignore),
        ("--extend-select", options.extend_select),
    ):
        for selector in selectors:
            if wrong := check_selector(selector):
                import click  # noqa: PLC0415  loaded where a command line has options

                raise click.UsageError(f"{name} {wrong}")
    return Selection(options.select, options.ignore, options.extend_select)
