"""Staff log in with a badge that is not of our making (libcacard's card), through pcscd and OpenSC; taking it away locks."""

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
    def add_scanners(self, *names):
        super().add_scanners(*names)
        (self.folder / "config/card_readers.toml").write_text(
            f'[one]\nreader = "Virtual PCD 00 00"\nmodule = "{MODULE}"\n')


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
    assert log_in(mailroom, station="two", pin="4711")[1].status == 404
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
            strangers_and_withdrawn(mailroom, badges)
            print("badges: ok")
    finally:
        badges.end()


main()
