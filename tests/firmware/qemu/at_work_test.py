"""A day of an operator at the panel: the cross-compiled image in QEMU, the real daemon, a virtual scanner."""

import pathlib
import sys
import time

import panel_under_qemu
from panel_under_qemu import wait_for

INTERLEAVINGS = 20
LATENCIES = []


def nobody_is_logged_in(work):
    """without a person the panel asks for one, and its keys do nothing"""
    work.panel.wait_headline("Anmelden")
    assert work.panel.read("station") == "Platz one"
    assert work.panel.lamps() == set()
    work.panel.press("select")
    wait_for(lambda: "ohne Zweck" in work.panel.read("message"), "the key says that it has no meaning")
    assert work.pressed() == []


def somebody_logs_in(work):
    """with a person at the station it is ready; the daemon knows board and firmware"""
    work.log_in()
    work.panel.wait_headline("Bereit")
    wait_for(lambda: work.panel.lamps() == {"ready"}, "the lamp ready")
    state = work.station()["panel"]
    assert state["state"] == "connected" and state["board"] == "lm3s6965evb" and state["sound"], state
    assert not state["older"], state
    wait_for(lambda: work.panel.read("message") == "Papier, dann Mitte", "what to do")
    keep_picture(work, "panel-ready.png")


def scan_processes(work):
    """mailroom-scan started by this daemon."""
    children = pathlib.Path(f"/proc/{work.mailroom.daemon.pid}/task").glob("*/children")
    found = set()
    for file in children:
        for pid in file.read_text().split():
            try:
                if b"mailroom-scan" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.add(pid)
            except OSError:
                pass
    return found


def start_by_key(work):
    """Measures from the key to the process that drives the scanner."""
    pressed_at = time.monotonic()
    work.panel.press("select")
    while not scan_processes(work):
        assert time.monotonic() - pressed_at < 5, "the scanner was not started"
        time.sleep(0.002)
    LATENCIES.append(time.monotonic() - pressed_at)


def a_batch_from_first_to_last_sheet(work):
    """start, new document, urgent, pause, go on: panel and screen stay in step"""
    images = work.mailroom.sample()[:12]
    work.mailroom.load("one", images)
    work.set_pace(60)
    start_by_key(work)
    batches = wait_for(lambda: [b for b in work.person.get("/batches", query={"station": "one"})["batches"]], "the batch on the screen")
    batch = batches[0]["id"]
    work.panel.wait_headline("Läuft")
    keep_picture(work, "panel-feeding.png")
    assert batches[0]["operator"] == "mm"
    wait_for(lambda: work.person.get("/batches/{batch}", batch=batch)["batch"]["counters"]["sheets"] >= 2, "two sheets")
    work.panel.press("select")
    work.panel.wait_headline("Pause")
    paused = work.person.get("/batches/{batch}", batch=batch)
    assert paused["batch"]["state"] == "interrupted" and paused["batch"]["fault"]["code"] == "paused", paused["batch"]
    sheets = paused["batch"]["counters"]["sheets"]
    assert f"Blatt {sheets} " in work.panel.read("counters"), work.panel.read("counters")
    work.set_pace(0)
    work.panel.press("right")
    wait_for(lambda: work.panel.read("message") == f"Neu ab Blatt {sheets + 1}", "the new document on the display")
    work.panel.press("left")
    wait_for(work.panel.says_urgent, "EILT")
    keep_picture(work, "panel-paused.png")
    work.panel.press("select")
    wait_for(lambda: work.person.get("/batches/{batch}", batch=batch)["batch"]["state"] in ("closed", "held", "released"), "the end of the batch")
    view = wait_for(lambda: whole(work, batch), "all pages to be read")
    first = min((p for p in view["pages"] if p["sheet"] == sheets + 1 and p["document"]), key=lambda p: p["side"] != "front")
    document = next(d for d in view["documents"] if first["id"] in d["pages"])
    assert document["pages"][0] == first["id"], "the document begins with the sheet after the key"
    assert document["priority"] == "urgent", document
    kinds = [edit["kind"] for edit in view["edits"]]
    assert kinds.count("begin_document") == 1 and "mark_next" in kinds, kinds


def whole(work, batch):
    view = work.person.get("/batches/{batch}", batch=batch)
    return view if all(page["read"] for page in view["pages"]) else None


def the_screen_moves_the_panel(work):
    """a batch started on the screen is on the panel at once, a stop at the panel on the screen"""
    work.set_pace(60)
    work.mailroom.load("one", work.mailroom.sample()[12:24])
    started = work.person.do("post", "/batches", {"station": "one"})
    work.panel.wait_headline("Läuft", 3)
    work.panel.press("left", milliseconds=1000)
    wait_for(lambda: work.person.get("/batches/{batch}", batch=started["id"])["batch"]["state"] not in ("feeding",), "the stop")
    work.panel.wait_headline("Bereit")


def a_fault_is_acknowledged_before_it_goes_on(work):
    """a jam is told in plain words with its sheet; the first press acknowledges it, the second goes on"""
    work.set_pace(0)
    work.set_fault("2:jam")
    work.mailroom.load("one", work.mailroom.sample()[24:30])
    start_by_key(work)
    work.panel.wait_headline("Störung")
    batch = next(b for b in work.person.get("/batches", query={"station": "one"})["batches"] if b["state"] == "interrupted")
    wait_for(lambda: work.panel.read("message").startswith("Papierstau"), "the fault in words")
    assert "Blatt 2, Vorderseite" in batch["fault"]["text_de"], batch["fault"]
    assert "ready" not in work.panel.lamps() and "working" not in work.panel.lamps()
    wait_for(lambda: "fault" in work.panel.lamps(), "the lamp fault, which blinks")
    keep_picture(work, "panel-fault.png")
    work.panel.press("right")
    wait_for(lambda: "ohne Zweck" in work.panel.read("message"), "no other key acts now")
    work.panel.press("select")
    wait_for(lambda: work.pressed()[-1][2:] == ("acknowledge", "done"), "the acknowledgement")
    assert work.person.get("/batches/{batch}", batch=batch["id"])["batch"]["state"] == "interrupted"
    wait_for(lambda: work.panel.read("message").startswith("Mitte: weiter"), "the way on")
    work.panel.press("select")
    work.panel.wait_headline("Bereit")
    assert work.person.get("/batches/{batch}", batch=batch["id"])["batch"]["counters"]["sheets"] == 3
    work.set_fault("")


def a_lost_line_is_said_within_three_seconds(work):
    """both ends say so, the panel goes safe, both recover by themselves"""
    work.panel.line.cut()
    started = time.monotonic()
    wait_for(lambda: work.panel.lamps() <= {"no_connection"} and work.panel.read("headline") == "Getrennt", "the panel", 3.2)
    keep_picture(work, "panel-lost.png")
    wait_for(lambda: work.panel_state() == "lost", "the daemon", 3.2 - (time.monotonic() - started) + 0.5)
    work.panel.line.heal()
    work.panel.wait_headline("Bereit", 3)
    wait_for(lambda: work.panel_state() == "connected", "the daemon", 3)


def random_interleavings(work):
    """in 20 random interleavings of cuts, noise, resets and deaths no press is lost or doubled"""
    for seed in range(1, INTERLEAVINGS + 1):
        work.interleave(seed)
    rows = work.judge()
    assert all(outcome == "done" for _, _, _, outcome in rows), [row for row in rows if row[3] != "done"]
    print(f"  {len(rows)} presses recorded")


def keep_picture(work, name):
    """For docs/panel.md: MAILROOM_KEEP_PICTURES=docs/screens keeps what the display shows."""
    folder = panel_under_qemu.os.environ.get("MAILROOM_KEEP_PICTURES")
    if folder:
        work.panel.screenshot(pathlib.Path(folder) / name, "png")


def main():
    why = panel_under_qemu.missing()
    if why:
        print("[skipped]", why)
        return
    from at_work import PanelAtWork
    work = PanelAtWork()
    failed = True
    try:
        for sentence in (nobody_is_logged_in, somebody_logs_in, a_batch_from_first_to_last_sheet, the_screen_moves_the_panel,
                         a_fault_is_acknowledged_before_it_goes_on, a_lost_line_is_said_within_three_seconds,
                         random_interleavings):
            began = time.monotonic()
            print(sentence.__doc__, flush=True)
            try:
                sentence(work)
            except AssertionError:
                print("presses:", work.pressed(), work.panel.taken())
                raise
            print(f"  {time.monotonic() - began:.1f} s", flush=True)
        print("from key to scanner:", ", ".join(f"{seconds * 1000:.0f} ms" for seconds in LATENCIES))
        assert min(LATENCIES) <= 0.15, "from key to scanner it takes too long"
        failed = False
    finally:
        work.close(failed)


if __name__ == "__main__":
    sys.exit(main())
