#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/payment_zvt: what a card terminal says in a payment, each message, and the data of some."""
import pathlib

HERE = pathlib.Path(__file__).parent / "corpus/payment_zvt"


def message(command, data=b""):
    size = bytes([len(data)]) if len(data) < 255 else bytes([255, len(data) & 255, len(data) >> 8])
    return bytes.fromhex(command) + size + data


def tlv(tag, value):
    size = bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])
    return bytes.fromhex(tag) + size + value


status = bytes.fromhex("2700 04000000003070 490978 0B000042 0D1126 0C101500 2968001234 22F0F86725EEEEEEE4210F"
                       "870017 8A05 8BF0F9") + b"girocard\0"
declined = bytes.fromhex("2705 2929000274 3CF0F0F9") + b"Abgelehnt" + bytes.fromhex("8A06 060D240B0709") + b"Abgelehnt"
reversal = status + bytes.fromhex("37000041")
step = bytes.fromhex("0A60") + tlv("06", tlv("24", tlv("07", b"Karte einstecken")))
block = tlv("06", tlv("1F07", b"\2") + tlv("25", b"".join(tlv("07", line) for line in (b"KUNDENBELEG", b"B\x81rger", b"30,70 EUR"))))
messages = {
    "acknowledged": message("8000"), "refused": message("849C"), "step": message("04FF", step),
    "status": message("040F", status), "declined": message("040F", declined), "reversal": message("040F", reversal),
    "block": message("06D3", block), "line": message("06D1", b"\x81H\x8endlerbeleg"), "completed": message("060F"),
    "aborted": message("061E", b"\x6c"), "long_line": message("06D1", b"\0" + b"x" * 400),
    "registered": message("060F", bytes.fromhex("1900 2968001234 490978")), "unknown": message("0699", b"abc")}
HERE.mkdir(parents=True, exist_ok=True)
for name, content in messages.items():
    (HERE / name).write_bytes(content)
for name, data in {"status": status, "step": step, "block": block, "version": bytes.fromhex("F0F0F0F3312E30DC")}.items():
    (HERE / f"data_{name}").write_bytes(data)
order = ("acknowledged", "step", "status", "block", "line", "completed")
(HERE / "payment").write_bytes(b"".join(messages[name] for name in order))
(HERE / "failed_payment").write_bytes(b"".join(messages[name] for name in ("acknowledged", "step", "declined", "aborted")))
