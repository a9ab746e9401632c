"""Reads Croissant files with MLCommons' own library, and prints what it finds wrong with each: null, or its words."""

import json
import logging
import sys

import mlcroissant

logging.disable(logging.CRITICAL)
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    try:
        dataset = mlcroissant.Dataset(jsonld=document)
        errors = sorted(dataset.metadata.ctx.issues.errors)
        print(json.dumps(errors[0] if errors else None))
    except Exception as error:  # whatever the library makes of what it does not like
        print(json.dumps(str(error) or type(error).__name__))
