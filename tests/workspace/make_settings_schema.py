"""Write the JSON Schema of the settings anew; run it with the project's Python."""

import json
from pathlib import Path

import uvci.workspace
from uvci.workspace.settings import settings_schema

PLACE = Path(uvci.workspace.__file__).with_name("settings.schema.json")


def schema_text() -> str:
    return json.dumps(settings_schema(), indent=2) + "\n"


if __name__ == "__main__":
    PLACE.write_text(schema_text(), encoding="utf-8")
