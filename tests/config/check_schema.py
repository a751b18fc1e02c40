"""check_schema.py FOLDER SCHEMAS: validates the four TOML files of FOLDER; exit code 1 when one does not fit."""
import json
import pathlib
import sys
import tomllib

import jsonschema

folder, schemas = map(pathlib.Path, sys.argv[1:])
bad = 0
for name in ("mailroom", "classes", "departments", "profiles"):
    schema = json.loads((schemas / f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    data = tomllib.loads((folder / f"{name}.toml").read_text())
    for error in jsonschema.Draft202012Validator(schema).iter_errors(data):
        print(f"{name}.toml: {'.'.join(map(str, error.path))}: {error.message}", file=sys.stderr)
        bad = 1
sys.exit(bad)
