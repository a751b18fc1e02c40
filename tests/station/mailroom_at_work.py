"""A real mailroomd with a virtual scanner and its screens on a port of its own, for tests of the station."""

import glob
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

import jsonschema
import yaml

SOURCE = pathlib.Path(os.environ["MAILROOM_SOURCE"])
BUILD = pathlib.Path(os.environ["MAILROOM_BUILD"])
CONTRACT = yaml.safe_load((SOURCE / "config/contract/openapi.yaml").read_text(encoding="utf-8"))
PREFIX = "/api/v1"
PATIENCE = float(os.environ.get("MAILROOM_PATIENCE", "120"))  # seconds, for a machine under load


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        return (self.json or {}).get("error", {}).get("code")


def schema_of(path, method, status):
    """The schema of an answer as the contract has it; None when it is no JSON."""
    operation = CONTRACT["paths"][path][method]
    response = operation["responses"].get(str(status), operation["responses"]["default"])
    if "$ref" in response:
        response = CONTRACT["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    return response.get("content", {}).get("application/json", {}).get("schema")


def check_answer(path, method, answer):
    schema = schema_of(path, method, answer.status)
    if schema is None or not answer.body:
        return
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": CONTRACT["components"], **schema}
    jsonschema.Draft202012Validator(whole).validate(answer.json)


class Person:
    """Somebody at a browser: keeps cookie and token, checks every answer against the contract."""

    def __init__(self, mailroom, user=None, password=None):
        self.mailroom = mailroom
        self.cookie = None
        self.csrf = None
        if user:
            answer = self.ask("post", "/session", {"user": user, "password": password})
            assert answer.status == 200, (user, answer.status, answer.body)

    def ask(self, method, path, body=None, headers=None, query=None, **parameters):
        address = PREFIX + path
        for name, value in parameters.items():
            address = address.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        if query:
            address += "?" + urllib.parse.urlencode(query)
        sent = {"Host": self.mailroom.host}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf:
            sent["X-CSRF-Token"] = self.csrf
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = http.client.HTTPConnection(self.mailroom.host, timeout=PATIENCE)
        connection.request(method.upper(), address, None if body is None else json.dumps(body), sent)
        answer = Answer(connection.getresponse())
        connection.close()
        if path in CONTRACT["paths"] and method in CONTRACT["paths"][path]:
            check_answer(path, method, answer)
        if path in ("/session", "/session/badge") and method == "post" and answer.status == 200:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            self.csrf = answer.json["csrf"]
        return answer

    def get(self, path, **parameters):
        answer = self.ask("get", path, **parameters)
        assert answer.status == 200, (path, answer.status, answer.body[:500])
        return answer.json

    def do(self, method, path, body=None, **parameters):
        answer = self.ask(method, path, body, **parameters)
        assert answer.status in (200, 201, 204), (path, answer.status, answer.body[:500])
        return answer.json


class Mailroom:
    """Set up, started and ended as in real life; removed afterwards."""

    def __init__(self, settings=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailroom-station-"))
        (self.folder / "runtime").mkdir()
        shutil.copytree(SOURCE / "config", self.folder / "config", ignore=shutil.ignore_patterns("contract", "schema", "broker"))
        self.change("mailroom.toml", r"^port = .*", "port = 1")
        self.change("mailroom.toml", r"^listen = .*", 'listen = "127.0.0.1:0"')
        self.change("mailroom.toml", r"^disk_reserve_mib = .*", "disk_reserve_mib = 16")
        with open(self.folder / "config/mailroom.toml", "a", encoding="utf-8") as file:
            for name in ("one", "two"):
                file.write(f'\n[stations.{name}]\nname_de = "Platz {name}"\nname_en = "Place {name}"\n'
                           f'scanner = "mailroomfeeder:{name}"\n')
        for file, pattern, line in settings:
            self.change(file, pattern, line)
        self.add_scanners("one", "two")
        self.options = ["--config", self.folder / "config", "--data", self.folder / "data", "--runtime",
                        self.folder / "runtime"]
        self.ctl("setup")
        self.start()

    def change(self, file, pattern, line):
        path = self.folder / "config" / file
        text, count = re.subn(pattern, line, path.read_text(encoding="utf-8"), count=1, flags=re.M)
        assert count == 1, (file, pattern)
        path.write_text(text, encoding="utf-8")

    def add_scanners(self, *names):
        sane = self.folder / "sane"
        sane.mkdir()
        (sane / "dll.conf").write_text("mailroomfeeder\n")
        lines = ""
        for name in names:
            (self.folder / "feeder" / name).mkdir(parents=True)
            lines += f"device {name}\nfolder = {self.folder / 'feeder' / name}\npace = 0\n"
        (sane / "mailroomfeeder.conf").write_text(lines)

    def load(self, scanner, images):
        feeder = self.folder / "feeder" / scanner
        for old in feeder.iterdir():
            old.unlink()
        pathlib.Path(str(feeder) + ".feeder").unlink(missing_ok=True)
        for number, image in enumerate(images):
            shutil.copy(image, feeder / f"{number:05}{pathlib.Path(image).suffix}")

    def sample(self):
        """The images of the sample stack, sides in the order of the feed."""
        out = self.folder / "sample"
        if not out.exists():
            subprocess.run([BUILD / "bin/mailroom-sample", *self.options, "--out", out], check=True, capture_output=True)
        return sorted(glob.glob(str(out / "**/*.jpg"), recursive=True))

    def ctl(self, *words, given=None):
        done = subprocess.run([BUILD / "bin/mailroomctl", *self.options, *words], input=given, text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def start(self):
        address = self.folder / "runtime/station.url"
        address.unlink(missing_ok=True)
        environment = {**os.environ, "SANE_CONFIG_DIR": str(self.folder / "sane"),
                       "LD_LIBRARY_PATH": str(BUILD / "lib/sane"), "OMP_THREAD_LIMIT": "1"}
        self.log = open(self.folder / "log", "ab")
        self.daemon = subprocess.Popen([BUILD / "bin/mailroomd", *self.options], env=environment, stderr=self.log)
        wait_until(address.exists, self.daemon)
        time.sleep(0.1)
        self.host = urllib.parse.urlparse(address.read_text().strip()).netloc

    def add(self, user, *roles, **only):
        words = ["user", "add", user, "--name", user.title()]
        for role in roles:
            words += ["--role", role]
        for name, value in only.items():
            words += ["--" + name, value]
        return re.search(r"first password (\S+)", self.ctl(*words)).group(1)

    def person(self, user, *roles, **only):
        return Person(self, user, self.add(user, *roles, **only))

    def stop(self):
        self.daemon.terminate()
        code = self.daemon.wait(PATIENCE)
        self.log.close()
        assert code == 0, (code, (self.folder / "log").read_text()[-2000:])

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind:
                self.daemon.kill()
                self.daemon.wait()
                print((self.folder / "log").read_text()[-3000:])
            else:
                self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def wait_until(condition, process=None):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process is not None:
            assert process.poll() is None, "the daemon ended"
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def run(*sentences):
    """Runs the sentences (functions that take a Mailroom) on one daemon, in order."""
    with Mailroom() as mailroom:
        for sentence in sentences:
            print(sentence.__doc__, flush=True)
            sentence(mailroom)
