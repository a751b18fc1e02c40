"""The contract of the kiosk and the code have the same operations."""

import os
import pathlib
import re

import yaml

SOURCE = pathlib.Path(os.environ["MAILROOM_SOURCE"])
CONTRACT = yaml.safe_load((SOURCE / "config/contract/kiosk.yaml").read_text(encoding="utf-8"))
METHODS = {"get": "get", "post": "post", "put": "put", "delete": "remove"}

told = {(METHODS[method], path, operation["operationId"])
        for path, methods in CONTRACT["paths"].items() for method, operation in methods.items()}
code = (SOURCE / "daemon/kiosk/routes.cpp").read_text(encoding="utf-8")
made = set(re.findall(r'routes\.add\(Method::(\w+), "([^"]+)",\s*"([^"]+)"', code))
assert told == made, (sorted(told - made), sorted(made - told))
assert len(told) > 25
print("one contract,", len(told), "operations")
