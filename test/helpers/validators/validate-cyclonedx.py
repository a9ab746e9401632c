# Validates each BOM that is named, as the version it says it is: prints a line of JSON for each, null where nothing is wrong.
import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    fault = JsonStrictValidator(version).validate_str(text)
    print(json.dumps(None if fault is None else str(fault)[:500]))
