"""`spec:inputs` and `$[[ inputs.x ]]` (GitLab docs: CI/CD inputs)."""

from collections.abc import Mapping

from msgspec import Struct, field

from uvci.pipeline.interpolation import Fault
from uvci.pipeline.load import Loader
from uvci.pipeline.patterns import search
from uvci.pipeline.ruby import to_text
from uvci.pipeline.spec import header_faults
from uvci.pipeline.stamps import Stamp, stamp
from uvci.pipeline.values import Items, Origin, Plain, Table, Unknown, Value
from uvci.syntax.tree import Document
from uvci.syntax.tree import Mapping as MappingNode

_NO_SPEC = "Given inputs not defined in the `spec` section of the included configuration file"


class Inputs(Struct, frozen=True, eq=False):
    """The inputs of one file with the values they have.

    `stamp` stands for those values, `placed` also for where they are typed.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    stamp: Stamp = 0
    placed: Stamp = 0


NO_INPUTS = Inputs()


def read_inputs(path: str, document: Document, given: Value | None, place: Origin) -> Inputs:
    """The inputs that the file at `path` declares, with what `given` or their defaults say.

    `given` is the `inputs:` of the include at `place`.
    """
    arguments = given.entries if isinstance(given, Table) else {}
    if isinstance(given, Items) or (isinstance(given, Plain) and given.value is not None):
        return Inputs(faults=(Fault("Given inputs must be a hash", given.origin),))
    if not isinstance(document.header, MappingNode):
        faults = (Fault(_NO_SPEC, given.origin),) if given is not None and arguments else ()
        return Inputs(faults=faults)
    header = Loader(path).load(document.header)
    spec = header.get("spec") if isinstance(header, Table) else None
    reader = _Reader(arguments, isinstance(given, Unknown), place)
    values = reader.read(spec)
    content = stamp("inputs", *[(name, _shown(value)) for name, value in values.items()])
    places = [(value.origin.path, value.origin.span) for value in values.values()]
    # GitLab looks at the values once the header is sound.
    of_header = tuple(header_faults(header))
    return Inputs(values, of_header or tuple(reader.faults), content, stamp(content, *places))


def _shown(value: Value) -> object:
    match value:
        case Plain():
            return value.value if not isinstance(value.value, float) else repr(value.value)
        case Items():
            return tuple(_shown(item) for item in value.values)
        case Table():
            return tuple((key, _shown(below)) for key, below in value.entries.items())
        case Unknown():
            return None, value.why


class _Reader(Struct):
    """Reads one `spec:` for the include at `place`; `open_ended` when more may be given."""

    arguments: Mapping[str, Value]
    open_ended: bool
    place: Origin
    faults: list[Fault] = field(default_factory=list)

    def read(self, spec: Value | None) -> dict[str, Value]:
        if not isinstance(spec, Table):
            return {}
        declared = spec.entries.get("inputs")
        names = declared.entries if isinstance(declared, Table) else {}
        unknown = [name for name in self.arguments if name not in names]
        if unknown and not (set(spec.entries) & {"include"}):
            place = self.arguments[unknown[0]].origin
            self.fault(f"unknown input arguments: {', '.join(unknown)}", place)
        return {name: self.value(name, declaration) for name, declaration in names.items()}

    def value(self, name: str, declaration: Value) -> Value:
        spec = declaration if isinstance(declaration, Table) else Table({}, declaration.origin)
        kind = spec.entries.get("type")
        wanted = kind.text if isinstance(kind, Plain) else "string"
        default, argument = spec.entries.get("default"), self.arguments.get(name)
        if isinstance(argument, Plain) and argument.value is None:
            argument = None
        if default is None and argument is None:
            return self.missing(name, spec)
        for given, source in ((default, "default"), (argument, "provided")):
            if given is not None:
                self.check(name, given, source, wanted, spec)
        value = argument if argument is not None else default
        return value if value is not None else Unknown("no value", spec.origin)

    def missing(self, name: str, spec: Table) -> Unknown:
        if not self.open_ended and "rules" not in spec.entries:
            place = spec.origin if not self.place.path else self.place
            self.fault(f"`{name}` input: required value has not been provided", place)
        return Unknown(f"the input `{name}` is given by whoever includes this file", spec.origin)

    def check(self, name: str, value: Value, source: str, wanted: str, spec: Table) -> None:
        if isinstance(value, Unknown):
            return
        if not _is_of_type(value, wanted):
            article = "an" if wanted == "array" else "a"
            self.fault(f"`{name}` input: {source} value is not {article} {wanted}", value.origin)
        options = spec.entries.get("options")
        if isinstance(options, Items):
            self.check_options(name, value, wanted, options)
        pattern = spec.entries.get("regex")
        text = value.value if isinstance(value, Plain) else None
        if not isinstance(pattern, Plain) or not isinstance(text, str):
            return
        if search(pattern.text, text) is False:
            shown = f"`{name}` input: {source} value does not match required RegEx pattern"
            self.fault(shown, value.origin)

    def check_options(self, name: str, value: Value, wanted: str, options: Items) -> None:
        allowed = [item.value for item in options.values if isinstance(item, Plain)]
        given = value.values if isinstance(value, Items) else (value,)
        strange = [one for one in given if isinstance(one, Plain) and one.value not in allowed]
        if not strange or not _is_of_type(value, wanted):
            return
        shown = ", ".join(map(to_text, strange))
        shown = shown if isinstance(value, Items) else f"`{shown}`"
        the = "the allowed" if wanted == "number" else "allowed"
        said = f"{shown} cannot be used because it is not in the list of {the} options"
        self.fault(f"`{name}` input: {said}", value.origin)

    def fault(self, message: str, origin: Origin) -> None:
        self.faults.append(Fault(message, origin))


def _is_of_type(value: Value, wanted: str) -> bool:
    match wanted:
        case "array":
            return isinstance(value, Items)
        case "boolean":
            return isinstance(value, Plain) and isinstance(value.value, bool)
        case "number":
            return _is_number(value)
        case "string":
            return isinstance(value, Plain) and (isinstance(value.value, str) or _is_number(value))
        case _:
            return True


def _is_number(value: Value) -> bool:
    return (
        isinstance(value, Plain)
        and isinstance(value.value, int | float)
        and not isinstance(value.value, bool)
    )
