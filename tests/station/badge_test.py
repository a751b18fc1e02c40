"""Staff log in with a badge that is not of our making (libcacard's card), through pcscd and OpenSC; taking it away locks."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

VPCD = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
MODULE = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
INSIDE = "MAILROOM_BADGE_TEST_INSIDE"


def skip_unless_possible():
    pcscd = shutil.which("pcscd", path="/usr/sbin:/usr/bin")
    missing = [name for name in (VPCD, MODULE) if not pathlib.Path(name).exists()]
    missing += [name for name, found in (("pcscd", pcscd), ("certutil", shutil.which("certutil"))) if not found]
    if missing:
        print("[skipped] not installed:", ", ".join(missing))
        sys.exit(0)


def enter_namespaces():
    """vpcd listens on all addresses, and pcscd has one socket a machine: this test has a network and a /run/pcscd of its own."""
    unshare = ["unshare", "-n", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-n", "-m"]
    if subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode != 0:
        print("[skipped] this machine gives no network and mount namespace")
        sys.exit(0)
    os.environ[INSIDE] = "yes"
    os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


skip_unless_possible()
if INSIDE not in os.environ:
    enter_namespaces()

from mailroom_at_work import BUILD, Mailroom, Person, wait_until  # noqa: E402


class Badges:
    """A pcscd with vpcd's reader, and a badge to put into it."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailroom-badge-"))
        for name in ("run", "badge", "stranger"):
            (self.folder / name).mkdir()
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        pathlib.Path("/run/pcscd").mkdir(exist_ok=True)
        subprocess.run(["mount", "--bind", self.folder / "run", "/run/pcscd"], check=True)
        (self.folder / "reader.conf").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x8C7B\nLIBPATH {VPCD}\nCHANNELID 0x8C7B\n')
        self.pcscd = subprocess.Popen([shutil.which("pcscd", path="/usr/sbin:/usr/bin"), "--foreground", "--error", "-c",
                                       self.folder / "reader.conf"])
        wait_until(pathlib.Path("/run/pcscd/pcscd.comm").exists, self.pcscd)
        for name in ("badge", "stranger"):
            self.make(name)
        self.inserted = None

    def make(self, name):
        database = self.folder / name
        (database / "password").write_text("4711\n")
        (database / "noise").write_bytes(os.urandom(2048))
        certutil = ["certutil", "-d", f"sql:{database}", "-f", database / "password"]
        subprocess.run([*certutil, "-N"], check=True, capture_output=True)
        for number in (1, 2, 3):
            subprocess.run([*certutil, "-S", "-z", database / "noise", "-s", f"CN={name} {number},O=Muster", "-n", f"cert{number}",
                            "-x", "-t", "CTu,CTu,CTu", "-m", str(100 + number), "--keyUsage", "digitalSignature"],
                           check=True, capture_output=True)

    def certificate(self, name):
        file = self.folder / f"{name}.pem"
        done = subprocess.run(["certutil", "-d", f"sql:{self.folder / name}", "-L", "-n", "cert1", "-a"], check=True,
                              capture_output=True)
        file.write_bytes(done.stdout)
        return file

    def insert(self, name):
        self.inserted = subprocess.Popen([BUILD / "bin/mailroom-virtual-badge", self.folder / name, "35963"])
        time.sleep(1.5)  # pcscd looks for cards several times a second
        assert self.inserted.poll() is None

    def remove(self):
        self.inserted.terminate()
        self.inserted.wait()

    def end(self):
        if self.inserted and self.inserted.poll() is None:
            self.remove()
        self.pcscd.terminate()
        self.pcscd.wait()
        subprocess.run(["umount", "/run/pcscd"], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class BadgeMailroom(Mailroom):
    """Station "one" has a reader for badges, "two" one with a keypad of its own and a panel."""

    def add_scanners(self, *names):
        super().add_scanners(*names)
        keypad = self.folder / "keypad.so"
        shutil.copy(BUILD / "lib/card/mailroom-keypad-pkcs11.so", keypad)
        self.typed = self.folder / "typed"
        (self.folder / "keypad.so.conf").write_text(f"{MODULE}\n{self.typed}\n")
        line, self.panel = self.folder / "panel.line", self.folder / "panel.socket"
        self.emulator = subprocess.Popen([BUILD / "bin/mailroom-panel-emulator", "--line", line, "--control", self.panel])
        wait_until(self.panel.exists, self.emulator)
        (self.folder / "config/panels.toml").write_text(f'[two]\nline = "{line}"\nlanguage = "de"\n')
        (self.folder / "config/card_readers.toml").write_text(
            f'[one]\nreader = "Virtual PCD 00 00"\nmodule = "{MODULE}"\n'
            f'[two]\nreader = "Virtual PCD 00 00"\nmodule = "{keypad}"\n')

    def show(self, batch):
        return json.loads(self.ctl("show", batch, "--json"))

    def at_panel(self, *words):
        done = subprocess.run([BUILD / "bin/mailroom-panel-emulator", "--ask", self.panel, *words], check=True,
                              capture_output=True, text=True)
        return done.stdout

    def panel_says(self, text):
        wait_until(lambda: text in self.at_panel("words"))

    def __exit__(self, kind, value, trace):
        super().__exit__(kind, value, trace)
        self.emulator.terminate()
        self.emulator.wait()


def log_in(mailroom, station="one", **more):
    person = Person(mailroom)
    return person, person.ask("post", "/session/badge", {"station": station, **more})


def badge_of_nobody(mailroom, badges):
    """a badge that nobody has enrolled logs nobody in"""
    badges.insert("badge")
    _, answer = log_in(mailroom, pin="4711")
    assert answer.status == 401, (answer.status, answer.body)
    badges.remove()


def badge_logs_in(mailroom, badges):
    """an enrolled badge logs its user in after its PIN, and only there"""
    mailroom.add("anna", "operator")
    mailroom.ctl("user", "badge", "anna", "--certificate", str(badges.certificate("badge")))
    badges.insert("badge")
    assert log_in(mailroom)[1].status != 200  # no PIN, no keypad
    assert log_in(mailroom, station="three", pin="4711")[1].status == 404
    person, answer = log_in(mailroom, pin="4711")
    assert answer.status == 200, (answer.status, answer.body)
    assert answer.json["user"] == "anna" and not answer.json["locked"]
    assert person.get("/batches")["batches"] == []
    return person


def removal_locks(person, badges):
    """taking the badge away locks what it opened; putting it back does not unlock"""
    badges.remove()
    wait_until(lambda: person.get("/session")["locked"])
    assert person.ask("get", "/batches").status in (401, 403, 423)
    badges.insert("badge")
    assert person.get("/session")["locked"]
    badges.remove()


def panel_logs_in(mailroom, badges):
    """at a panel the badge and the reader's keypad log in, and taking the badge away ends it"""
    mailroom.panel_says("Anmelden")
    mailroom.at_panel("press", "select")
    mailroom.panel_says("Kein Ausweis gelesen")
    badges.insert("badge")
    mailroom.typed.write_text("4711\n")
    mailroom.at_panel("press", "select")
    mailroom.panel_says("Bereit")
    mailroom.load("two", mailroom.sample()[:2])
    mailroom.at_panel("press", "select")
    batches = wait_until(lambda: [b for b in json.loads(mailroom.ctl("batches", "--json"))["batches"]
                                  if mailroom.show(b["number"])["operator"] == "anna"])
    assert len(batches) == 1
    wait_until(lambda: mailroom.show(batches[0]["number"])["state"] not in ("feeding", "open"))
    badges.remove()
    mailroom.panel_says("Anmelden")


def panel_refuses(mailroom, badges):
    """a wrong PIN, and a badge that nobody has enrolled, log nobody in at a panel"""
    badges.insert("stranger")
    mailroom.at_panel("press", "select")
    mailroom.panel_says("Ausweis oder PIN stimmt nicht")
    assert "Anmelden" in mailroom.at_panel("words")
    badges.remove()


def strangers_and_withdrawn(mailroom, badges):
    """a stranger's badge and one that was withdrawn are refused, a wrong PIN too"""
    badges.insert("stranger")
    assert log_in(mailroom, pin="4711")[1].status == 401
    badges.remove()
    shown = subprocess.run(["openssl", "x509", "-in", badges.certificate("badge"), "-noout", "-fingerprint", "-sha256"],
                           check=True, capture_output=True, text=True).stdout
    mailroom.ctl("user", "withdraw-badge", shown.split("=")[1].strip().replace(":", "").lower())
    badges.insert("badge")
    assert log_in(mailroom, pin="4711")[1].status in (401, 429)
    badges.remove()


def main():
    badges = Badges()
    try:
        with BadgeMailroom() as mailroom:
            badge_of_nobody(mailroom, badges)
            removal_locks(badge_logs_in(mailroom, badges), badges)
            panel_logs_in(mailroom, badges)
            panel_refuses(mailroom, badges)
            strangers_and_withdrawn(mailroom, badges)
            print("badges: ok")
    finally:
        badges.end()


main()
