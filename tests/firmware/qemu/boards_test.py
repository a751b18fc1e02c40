"""Every board's image under QEMU: it starts, says what it is, takes a state and lights its lamps."""

import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import panel_under_qemu
from panel_under_qemu import IMAGES, wait_for

# board, machine, serial number of its line in QEMU, (address of a register that shows the lamps, mask)
BOARDS = [("lm3s6965evb", "lm3s6965evb", 0, (0x4000507C, 0x1F)),
          ("mps2_an385", "mps2-an385", 0, (0x4002F004, 0x1F)),
          # An STM32F405 has this line and this flash; its ports are not modelled.
          ("nucleo_f411re", "netduinoplus2", 1, None)]
HELLO, WELCOME, STATE, TAKEN, ASK = 1, 2, 4, 6, 8


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def encode(kind, number, payload):
    """A second implementation of the format page, to check the first one by."""
    block = bytes([kind, number]) + payload
    block += struct.pack("<H", crc16(block))
    out = bytearray()
    for group in block.split(b"\0"):
        out += bytes([len(group) + 1]) + group
    return b"\0" + bytes(out) + b"\0"


def decode(wire):
    out, at = bytearray(), 0
    while at < len(wire):
        code = wire[at]
        out += wire[at + 1:at + code]
        at += code
        if at < len(wire):
            out.append(0)
    assert struct.unpack("<H", out[-2:])[0] == crc16(out[:-2])
    return out[0], out[1], bytes(out[2:-2])


class Wire:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        wait_for(lambda: self.try_connect(path), "the serial socket")
        self.socket.settimeout(0.1)
        self.buffer = b""

    def try_connect(self, path):
        try:
            self.socket.connect(path)
            return True
        except OSError:
            return False

    def send(self, kind, payload=b"", number=0):
        self.socket.sendall(encode(kind, number, payload))

    def receive(self, kind, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.buffer += self.socket.recv(4096)
            except TimeoutError:
                pass
            *blocks, self.buffer = self.buffer.split(b"\0")
            for block in filter(None, blocks):
                try:
                    found = decode(block)
                except (AssertionError, struct.error, IndexError):
                    continue
                if found[0] == kind:
                    return found
        raise AssertionError(f"no message {kind}")


def state(lamps):
    return (struct.pack("<I", 5) + bytes(1 if lamps & (1 << bit) else 0 for bit in range(5)) + bytes(10) +
            struct.pack("<HHHB", 1, 2, 3, 0) + bytes(4))


def the_image_is_what_its_header_says(board):
    data = bytearray((IMAGES / f"panel-{board}.bin").read_bytes())
    at = data.find(b"MRPL")
    size, crc = struct.unpack_from("<II", data, at + 8)
    data[at + 12:at + 16] = bytes(4)
    assert size == len(data) and zlib.crc32(data) == crc, board
    assert size <= 32 * 1024
    return crc


def a_board_starts(board, machine, serial, lamps):
    crc = the_image_is_what_its_header_says(board)
    with tempfile.TemporaryDirectory(prefix="mailroom-board-") as folder:
        paths = [f"{folder}/serial", f"{folder}/monitor"]
        lines = ["-serial", "null"] * serial + ["-serial", f"unix:{paths[0]},server=on,wait=off"]
        qemu = subprocess.Popen(["qemu-system-arm", "-M", machine, "-kernel", str(IMAGES / f"panel-{board}.elf"),
                                 "-display", "none", "-monitor", f"unix:{paths[1]},server=on,wait=off", *lines],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wire = Wire(paths[0])
            wire.send(ASK)
            _, _, hello = wire.receive(HELLO)
            boot, _ = struct.unpack_from("<II", hello, 2)
            assert struct.unpack_from("<I", hello, 15)[0] == crc and hello[19] == 1, (board, hello)
            assert hello[22:].decode() == board.replace("mps2_", "mps2-").replace("nucleo_", "nucleo-"), hello
            wire.send(WELCOME, bytes([1, 0]) + struct.pack("<II", boot, 99))
            wire.send(STATE, state(0b01010), number=7)
            _, _, taken = wire.receive(TAKEN)
            assert taken[0] == STATE and struct.unpack_from("<I", taken, 1)[0] == 7, taken
            if lamps:
                monitor = socket.socket(socket.AF_UNIX)
                monitor.connect(paths[1])
                wait_for(lambda: lit(monitor, lamps) == 0b01010, "the lamps")
        finally:
            qemu.terminate()
            qemu.wait()
    print(f"  {board}: crc {crc:08x}")


def lit(monitor, lamps):
    address, mask = lamps
    monitor.sendall(f"xp /1wx 0x{address:x}\n".encode())
    time.sleep(0.1)
    text = monitor.recv(65536).decode(errors="replace")
    words = [part for part in text.replace("\r", "\n").splitlines() if part.startswith(f"{address:016x}: 0x")]
    return int(words[-1].split("0x")[1], 16) & mask if words else None


def main():
    why = panel_under_qemu.missing()
    if why:
        print("[skipped]", why)
        return
    print(__doc__)
    for board in BOARDS:
        a_board_starts(*board)


if __name__ == "__main__":
    sys.exit(main())
