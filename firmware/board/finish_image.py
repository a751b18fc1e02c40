#!/usr/bin/env python3
"""Finishes an image and says how large it is.

Writes size and CRC into the image header (docs/panel.md, "Images"), makes the .bin of the .elf, and bounds
the stack from the call graph that the compiler wrote (-fcallgraph-info=su). Fails when the image, the RAM or
the stack is over its limit, or when a call's stack cannot be bounded.
"""
import argparse
import json
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

HEADER = struct.Struct("<I4BII")  # mark, version, layout, size, crc
MARK = 0x4C50524D
EXCEPTION_FRAME = 32 + 4  # pushed by the core at an interrupt, with alignment (ARMv7-M, B1.5.6)


def call_graph(files):
    """Stack bytes of each function, and whom it calls."""
    stacks, calls = {}, {}
    for file in files:
        text = Path(file).read_text()
        for title, label in re.findall(r'node: \{ title: "([^"]*)" label: "([^"]*)"', text):
            bounded = re.search(r"(\d+) bytes \((static|dynamic,bounded)\)", label)
            if bounded:
                stacks[title] = int(bounded[1])
            elif "bytes (" in label:
                sys.exit(f"{title} has a stack without bound")
        for source, target in re.findall(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text):
            calls.setdefault(source, set()).add(target)
    return stacks, calls


def local_name(title):
    """Titles of functions with internal linkage have their file in front."""
    return title.rsplit(":", 1)[-1]


def deepest(start, stacks, calls, path=()):
    if start in path:
        sys.exit("recursion: " + " > ".join(map(local_name, path + (start,))))
    if "__indirect_call" in calls.get(start, ()):
        sys.exit(f"{local_name(start)} calls through a pointer: its stack has no bound")
    below = [deepest(callee, stacks, calls, path + (start,)) for callee in calls.get(start, ())]
    depth, way = max(below, default=(0, []), key=lambda each: each[0])
    return depth + stacks.get(start, 0), [local_name(start)] + way


def stack_bound(files):
    stacks, calls = call_graph(files)
    handlers = [name for name in stacks if "_handler" in name and "reset_handler" not in name]
    main, way = deepest("reset_handler", stacks, calls)
    interrupt = max((deepest(name, stacks, calls)[0] for name in handlers), default=0)
    return main + interrupt + EXCEPTION_FRAME, way


def sections(elf, prefix):
    text = subprocess.check_output([prefix + "size", "-A", elf], text=True)
    return {m[1]: int(m[2]) for m in re.finditer(r"^(\.\S+)\s+(\d+)", text, re.M)}


def patch_elf(elf, offset_in_bin, header):
    """The header's bytes are in the .elf once, at the same distance from its mark."""
    data = bytearray(elf.read_bytes())
    at = data.find(struct.pack("<I", MARK))
    data[at:at + HEADER.size] = header
    elf.write_bytes(data)


def finish(elf, binary, prefix):
    subprocess.check_call([prefix + "objcopy", "-O", "binary", elf, binary])
    data = bytearray(binary.read_bytes())
    at = data.find(struct.pack("<I", MARK))
    mark, major, minor, patch, layout, _, _ = HEADER.unpack_from(data, at)
    HEADER.pack_into(data, at, mark, major, minor, patch, layout, len(data), 0)
    crc = zlib.crc32(data)
    HEADER.pack_into(data, at, mark, major, minor, patch, layout, len(data), crc)
    binary.write_bytes(data)
    patch_elf(elf, at, data[at:at + HEADER.size])
    return f"{major}.{minor}.{patch}", len(data), crc


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elf", type=Path, required=True)
    parser.add_argument("--bin", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True, help="JSON that describes the image")
    parser.add_argument("--board", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--flash", type=int, required=True)
    parser.add_argument("--ram", type=int, required=True)
    parser.add_argument("graphs", nargs="+")
    words = parser.parse_args()

    version, size, crc = finish(words.elf, words.bin, words.prefix)
    parts = sections(words.elf, words.prefix)
    reserved = parts.get(".stack", 0)
    static = sum(parts.get(name, 0) for name in (".data", ".bss", ".noinit"))
    bound, way = stack_bound(words.graphs)
    print(f"panel {words.board:14} {version}  flash {size:6} of {words.flash}  RAM {static + reserved:5} of {words.ram}"
          f"  (static {static}, stack {bound} of {reserved})  CRC {crc:08x}")
    if size > words.flash or static + reserved > words.ram:
        sys.exit(f"the image of {words.board} is too large")
    if bound > reserved:
        sys.exit(f"the stack of {words.board} may need {bound} bytes: " + " > ".join(way))
    words.index.write_text(json.dumps({"board": words.board, "version": version, "size": size,
                                       "crc": f"{crc:08x}", "file": words.bin.name}, indent=2) + "\n")


if __name__ == "__main__":
    main()
