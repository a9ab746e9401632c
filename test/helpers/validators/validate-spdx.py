# Reads each document with SPDX's own model of 3.0.1, which refuses what it does not know, and writes it again: nothing may be
# lost. Then every element that is named must be there. Prints a line of JSON for each, null where nothing is wrong.
import io
import json
import sys

from spdx_python_model import v3_0_1 as spdx


def values(node, found):
    """All values of a document, whatever the order and the names of blank nodes."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("@context", "@id", "creationInfo"):
                values(value, found)
    elif isinstance(node, list):
        for value in node:
            values(value, found)
    else:
        found.append(json.dumps(node))
    return found


for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            text = file.read()
        objects = spdx.SHACLObjectSet()
        spdx.JSONLDDeserializer().read(io.BytesIO(text), objects)
        missing = objects.link()
        if missing:
            raise ValueError(f"names what is not there: {sorted(missing)[:3]}")
        again = io.BytesIO()
        spdx.JSONLDSerializer().write(objects, again)
        before, after = (sorted(values(json.loads(one)["@graph"], [])) for one in (text, again.getvalue()))
        if before != after:
            raise ValueError(f"is not what is read: {len(before)} values, then {len(after)}")
        print(json.dumps(None))
    except Exception as fault:  # whatever it is, it is refused
        print(json.dumps(f"{type(fault).__name__}: {fault}"[:300]))
