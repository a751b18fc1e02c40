"""The panel's real image in qemu-system-arm, on a serial line that can be cut, pulled out and put back."""

import json
import os
import pathlib
import pty
import re
import select
import shutil
import socket
import subprocess
import threading
import time
import tty

SOURCE = pathlib.Path(os.environ["MAILROOM_SOURCE"])
BUILD = pathlib.Path(os.environ["MAILROOM_BUILD"])
IMAGES = BUILD / "firmware/board"
PATIENCE = float(os.environ.get("MAILROOM_PATIENCE", "60"))
# The board's keys as QEMU has them on the keyboard.
KEYS = {"up": "up", "down": "down", "left": "left", "right": "right", "select": "ctrl"}
LAMPS = ("ready", "working", "attention", "fault", "no_connection")
ROWS = {"station": 0, "headline": 12, "message": 32, "choice": 43, "counters": 54}


def missing():
    """Why these tests cannot run here; empty when they can."""
    if not shutil.which("qemu-system-arm"):
        return "qemu-system-arm is not installed"
    if not (IMAGES / "panel-lm3s6965evb.elf").exists():
        return "the panel's image was not built: arm-none-eabi-g++ is not installed"
    return ""


def wait_for(condition, what, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time: " + (what if isinstance(what, str) else what()))


def glyphs():
    """The firmware's own font: pictures of characters, to read the display by."""
    table = {}
    text = (SOURCE / "firmware/panel/font.cpp").read_text(encoding="utf-8")
    for code, rows in re.findall(r"\{(0x[0-9A-F]+), \{([^}]+)\}\}", text):
        table[tuple(int(row, 16) for row in rows.split(","))] = chr(int(code, 16))
    return table


class Line:
    """Between QEMU's serial socket and a pseudo-terminal under a stable name, as udev gives one."""

    def __init__(self, name, socket_path):
        self.name = pathlib.Path(name)
        self.socket_path = str(socket_path)
        self.to_daemon = self.to_panel = True  # False: cut
        self.flip_every = 0                    # noise: of so many bytes one is wrong; 0: none
        self.passed = 0
        self.ended = False
        self.panel = None
        self.master = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.plug()
        self.connect()
        self.thread.start()

    def connect(self):
        self.panel = socket.socket(socket.AF_UNIX)
        wait_for(self.try_connect, "QEMU's serial socket")

    def try_connect(self):
        try:
            self.panel.connect(self.socket_path)
            return True
        except OSError:
            return False

    def plug(self):
        master, slave = pty.openpty()
        tty.setraw(slave)
        new = self.name.with_suffix(".new")
        new.unlink(missing_ok=True)
        new.symlink_to(os.ttyname(slave))
        new.rename(self.name)
        self.slave, self.master = slave, master

    def unplug(self):
        self.name.unlink()
        master, self.master = self.master, None
        time.sleep(0.1)  # the thread lets go of it
        os.close(master)
        os.close(self.slave)

    def cut(self, to_daemon=True, to_panel=True):
        self.to_daemon, self.to_panel = not to_daemon, not to_panel

    def heal(self):
        self.to_daemon = self.to_panel = True
        self.flip_every = 0

    def spoil(self, data):
        if not self.flip_every:
            return data
        out = bytearray(data)
        for i in range(len(out)):
            self.passed += 1
            if self.passed % self.flip_every == 0:
                out[i] ^= 0x10
        return bytes(out)

    def run(self):
        while not self.ended:
            master = self.master
            sources = [self.panel] + ([master] if master is not None else [])
            ready, _, _ = select.select(sources, [], [], 0.02)
            try:
                if self.panel in ready:
                    data = self.panel.recv(4096)
                    if not data:
                        return
                    if self.to_daemon and master is not None and master == self.master:
                        os.write(master, self.spoil(data))
                if master is not None and master in ready:
                    data = os.read(master, 4096)
                    if self.to_panel:
                        self.panel.sendall(self.spoil(data))
            except OSError:
                continue

    def close(self):
        self.ended = True
        self.thread.join()
        self.panel.close()


class Panel:
    """QEMU with the image of a board, its line and its monitor."""

    def __init__(self, folder, line_name, machine="lm3s6965evb", image="panel-lm3s6965evb.elf"):
        self.folder = pathlib.Path(folder)
        self.elf = IMAGES / image
        self.glyphs = glyphs()
        sockets = {name: self.folder / f"{name}.sock" for name in ("serial", "monitor")}
        self.process = subprocess.Popen(
            ["qemu-system-arm", "-M", machine, "-kernel", str(self.elf), "-display", "none", "-monitor", "none",
             "-serial", f"unix:{sockets['serial']},server=on,wait=off",
             "-qmp", f"unix:{sockets['monitor']},server=on,wait=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.line = Line(line_name, sockets["serial"])
        monitor = socket.socket(socket.AF_UNIX)
        monitor.connect(str(sockets["monitor"]))
        self.monitor = monitor.makefile("rw", encoding="utf-8")
        self.monitor.readline()
        self.qmp("qmp_capabilities")
        names = subprocess.check_output(["arm-none-eabi-nm", "-C", self.elf], text=True)
        self.store = int(re.search(r"^([0-9a-f]+) b .*\bstore$", names, re.M)[1], 16)
        if machine == "lm3s6965evb":
            self.prime()

    def qmp(self, command, **arguments):
        self.monitor.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.monitor.flush()
        while True:
            answer = json.loads(self.monitor.readline())
            if "return" in answer:
                return answer["return"]
            assert "error" not in answer, answer

    def words(self, address, count):
        text = self.qmp("human-monitor-command", **{"command-line": f"xp /{count}wx 0x{address:x}"})
        return [int(word, 16) for line in text.splitlines() for word in line.split(":", 1)[1].split()]

    def press(self, *keys, milliseconds=100):
        self.qmp("send-key", keys=[{"type": "qcode", "data": KEYS[key]} for key in keys],
                 **{"hold-time": milliseconds})

    def prime(self):
        """QEMU forgets at a reset that its keys are up: each has to move once. It waits behind each move."""
        time.sleep(0.15)
        self.press(*KEYS, milliseconds=10)
        time.sleep(0.25)

    def reset(self):
        self.qmp("system_reset")
        self.prime()

    def taken(self):
        """Presses that the panel took, and those that are not acknowledged, from its memory."""
        mark, memory, following, boots, waiting = self.words(self.store, 5)
        return {"memory": memory, "taken": max(following - 1, 0), "waiting": waiting, "boots": boots}

    def lamps(self):
        lit = self.words(0x40005000 + (0x1F << 2), 1)[0]
        return {name for bit, name in enumerate(LAMPS) if lit & (1 << bit)}

    def screenshot(self, file, form="ppm"):
        self.qmp("screendump", filename=str(file), format=form)
        wait_for(lambda: pathlib.Path(file).exists() and pathlib.Path(file).stat().st_size > 0, "a screenshot")

    def pixels(self):
        file = self.folder / "screen.ppm"
        file.unlink(missing_ok=True)
        self.screenshot(file)
        data = file.read_bytes()
        width, height = (int(n) for n in re.match(rb"P6\s+(\d+) (\d+)\s+255\s", data).groups())
        body = data[len(data) - width * height * 3:]
        step = width // 128
        return [[body[((y * step + step // 2) * width + x * step + step // 2) * 3] > 96 for x in range(128)]
                for y in range(64)]

    def read(self, row):
        """The text of a row of the display, by the font."""
        pixels, y = self.pixels(), ROWS[row]
        scale, left = (2 if row == "headline" else 1), (1 if row == "station" else 14 if row == "choice" else 0)
        inverted = row == "station" or (row == "headline" and pixels[y - 1][127])
        text = ""
        for x in range(left, 128 - 6 * scale + 1, 6 * scale):
            cell = tuple(sum((pixels[y + r * scale][x + c * scale] != inverted) << (5 - c) for c in range(6))
                         for r in range(10))
            text += self.glyphs.get(cell, "\N{REPLACEMENT CHARACTER}")
        return text.rstrip()

    def says_urgent(self):
        """EILT stands inverted at the right of the row of the class."""
        pixels, text = self.pixels(), ""
        for x in range(103, 127, 6):
            cell = tuple(sum((not pixels[ROWS["choice"] + r][x + c]) << (5 - c) for c in range(6)) for r in range(10))
            text += self.glyphs.get(cell, "?")
        return text == "EILT"

    def wait_headline(self, text, seconds=PATIENCE):
        wait_for(lambda: self.read("headline").strip() == text,
                 lambda: f"the headline {text}; it is {self.read('headline')}, {self.read('message')}", seconds)

    def close(self):
        self.line.close()
        self.process.terminate()
        self.process.wait()
