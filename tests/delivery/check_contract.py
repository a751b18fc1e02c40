"""Checks the contract's schemas and examples, and, given a record of the wire, every message in it."""
import base64, json, pathlib, re, sys

import yaml
from jsonschema import Draft202012Validator

CONTRACT = pathlib.Path(__file__).resolve().parents[2] / "config" / "contract"
SCHEMAS = {file.stem: json.loads(file.read_text()) for file in (CONTRACT / "schemas").glob("*.json")}
TOPIC = re.compile(r"^mailroom/v1/[a-z0-9-]+/(?:to/[a-z0-9-]+/(manifest|noted|event|block)(?:/[^/]+)?"
                   r"|from/[a-z0-9-]+/(request|receipt)|(state)/[a-z0-9-]+)$")


def obey(kind, value):
    Draft202012Validator(SCHEMAS[kind]).validate(value)


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def check_examples():
    assert SCHEMAS
    for kind, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert schema["examples"], kind
        for example in schema["examples"]:
            obey(kind, example)


def check_document():
    document = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text())
    assert document["asyncapi"].startswith("3.")
    for reference in references(document):
        if not reference.startswith("#/"):
            assert (CONTRACT / reference).is_file(), reference
            continue
        node = document
        for part in reference[2:].split("/"):
            assert part in node, reference
            node = node[part]


def check_wire(record):
    kinds = set()
    for line in pathlib.Path(record).read_text().splitlines():
        message = json.loads(line)
        matched = TOPIC.match(message["topic"])
        assert matched, message["topic"]
        kind = next(group for group in matched.groups() if group)
        kinds.add(kind)
        payload = base64.b64decode(message["payload"])
        if kind == "block":
            assert len(payload) <= 128 * 1024
            obey(kind, dict(message["properties"]))
        else:
            assert len(payload) <= 64 * 1024
            obey("deadline" if kind == "event" else kind, json.loads(payload))
    assert kinds == {"manifest", "noted", "event", "block", "request", "receipt", "state"}, kinds


check_examples()
check_document()
for path in sys.argv[1:]:
    check_wire(path)
