#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/panel: a conversation as raw bytes, and each message as (type, number, size, payload)."""
import pathlib
import struct

HERE = pathlib.Path(__file__).parent / "corpus/panel"


def text(value):
    data = value.encode()
    return bytes([len(data)]) + data


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def wire(kind, number, payload):
    block = bytes([kind, number]) + payload
    block += struct.pack("<H", crc16(block))
    return b"\0" + b"".join(bytes([len(group) + 1]) + group for group in block.split(b"\0")) + b"\0"


hello = bytes([1, 0]) + struct.pack("<IIH", 3, 9, 1) + bytes([1, 0, 0]) + struct.pack("<I", 77) + bytes([1, 0]) + text("host")
welcome = bytes([1, 0]) + struct.pack("<II", 1, 9)
state = (struct.pack("<I", 5) + bytes([1, 2, 3, 0, 1]) + bytes(range(10)) + struct.pack("<HHHB", 12, 3, 1, 3) +
         text("Arbeitsplatz 1") + text("Läuft") + text("Rechnung") + text("Papierstau. Blatt 13 noch einmal einlegen."))
press = struct.pack("<IIBBII", 9, 4, 4, 1, 5, 30)
messages = {"hello": (1, hello), "welcome": (2, welcome), "refuse": (3, bytes([2, 0])), "state": (4, state),
            "press": (5, press), "taken": (6, struct.pack("<BII", 5, 4, 9)), "alive": (7, struct.pack("<HHBH", 20, 1, 3, 700)),
            "ask": (8, b""), "future": (77, b"abc")}
HERE.mkdir(parents=True, exist_ok=True)
for name, (kind, payload) in messages.items():
    (HERE / name).write_bytes(bytes([kind, 1, len(payload)]) + payload)
(HERE / "conversation").write_bytes(b"".join(wire(kind, 1, payload) for kind, payload in messages.values()))
(HERE / "sequence").write_bytes(b"".join(bytes([kind, 1, len(payload)]) + payload for kind, payload in messages.values()))
