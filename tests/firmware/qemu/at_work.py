"""Panel and mailroom together: the real image in QEMU on the real daemon, for tests and the long run."""

import random
import re
import sys
import tempfile
import time
import pathlib

from panel_under_qemu import SOURCE, Panel, wait_for

sys.path.insert(0, str(SOURCE / "tests/station"))
from mailroom_at_work import Mailroom, Person  # noqa: E402


class PanelAtWork:
    """A daemon whose station "one" has a panel, the panel, and somebody who is logged in there."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailroom-panel-"))
        line = self.folder / "panel-one"
        self.panel = Panel(self.folder, line)
        self.mailroom = Mailroom([("panels.toml", r"\Z", f'\n[one]\nline = "{line}"\n')])
        self.secrets = {user: self.mailroom.add(user, role) for user, role in (("mm", "operator"), ("rp", "auditor"))}
        self.person = None
        self.auditor = Person(self.mailroom, "rp", self.secrets["rp"])

    def log_in(self):
        self.person = Person(self.mailroom, "mm", self.secrets["mm"])
        self.auditor = Person(self.mailroom, "rp", self.secrets["rp"])
        assert self.person.ask("put", "/session/station", {"station": "one"}).status == 204

    def set_pace(self, sides_a_minute):
        """Of the scanner at station "one", from its next feed on; 0: as fast as it can."""
        file = self.mailroom.folder / "sane/mailroomfeeder.conf"
        file.write_text(re.sub(r"pace = \d+", f"pace = {sides_a_minute}", file.read_text(), count=1))

    def set_fault(self, fault):
        """Of the scanner at station "one": "SHEET:KIND" (docs/virtual-scanner.md), empty for none."""
        file = self.mailroom.folder / "sane/mailroomfeeder.conf"
        text = re.sub(r"^fault = .*\n", "", file.read_text(), flags=re.M)
        file.write_text(re.sub(r"^(pace = .*\n)", rf"\1fault = {fault}\n", text, count=1, flags=re.M) if fault else text)

    def kill_daemon(self):
        self.mailroom.daemon.kill()
        self.mailroom.daemon.wait()
        self.mailroom.log.close()

    def start_daemon(self):
        self.mailroom.start()

    def pressed(self):
        """What the audit knows of presses: (memory, number, key, outcome), oldest first."""
        rows, after = [], 0
        while True:
            entries = self.auditor.get("/audit", query={"after": after})["entries"]
            if not entries:
                return rows
            after = entries[-1]["seq"]
            rows += [tuple(entry["details"][name] for name in ("memory", "number", "key", "outcome"))
                     for entry in entries if entry["action"] == "panel.pressed"]

    def station(self):
        return next(s for s in self.person.get("/stations")["stations"] if s["id"] == "one")

    def panel_state(self):
        return self.station()["panel"]["state"]

    def settled(self):
        return self.panel.taken()["waiting"] == 0 and "ready" in self.panel.lamps() and self.panel_state() == "connected"

    def close(self, failed=False):
        if failed and (self.mailroom.folder / "log").exists():
            print((self.mailroom.folder / "log").read_text()[-4000:])
        self.panel.close()
        self.mailroom.__exit__(failed or None, None, None)

    def disturb(self, kind):
        """One of the ways in which things go wrong; what it returns puts it right."""
        if kind == "kill":
            self.kill_daemon()
            return self.start_daemon
        if kind == "reset":
            return self.panel.reset
        if kind == "unplug":
            self.panel.line.unplug()
            return self.panel.line.plug
        if kind == "noise":
            self.panel.line.flip_every = 40
        else:
            self.panel.line.cut(kind != "deaf", kind != "mute")
        return self.panel.line.heal

    def interleave(self, seed):
        """A press, a disturbance just before or after it, another press, and all put right again. What the
        panel took must have acted exactly once; a press at rest must have been taken."""
        dice = random.Random(seed)
        kind = dice.choice(["kill", "reset", "reset", "unplug", "noise", "cut", "cut", "deaf", "mute"])
        before = self.panel.taken()["taken"]
        self.panel.press(dice.choice(["up", "down", "left"]))
        time.sleep(dice.uniform(0.08, 0.4))  # debounced by then: from here on it must not be lost
        mend = self.disturb(kind)
        time.sleep(dice.uniform(0, 0.6))
        if kind != "reset":
            self.panel.press(dice.choice(["up", "down"]))
        time.sleep(dice.choice([0.1, 0.2, 0.3, 0.4, 0.8, 2.7]))
        mend()
        if kind == "kill":
            self.log_in()
        wait_for(self.settled, lambda: f"recovery of {kind}, seed {seed}: {self.panel.taken()} {self.panel.lamps()}")
        taken = self.panel.taken()
        assert taken["taken"] > before, f"seed {seed}, {kind}: a press at rest was not taken"
        return kind

    def judge(self):
        """Every press that the panel took stands in the audit exactly once, in order."""
        taken, rows = self.panel.taken(), self.pressed()
        numbers = [number for memory, number, _, _ in rows if memory == taken["memory"]]
        assert numbers == list(range(1, taken["taken"] + 1)), (taken, numbers)
        return rows
