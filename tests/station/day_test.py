"""A working day in small through the API: feed, look, change, take back, confirm, check, find again."""

import http.client
import threading

from mailroom_at_work import PATIENCE, PREFIX, Person, run, wait_until

SHEETS = 6  # a batch sheet, a class sheet, a letter of two sheets, PATCHT, a letter


def feed(mailroom, person, station="one", **more):
    mailroom.load(station, mailroom.sample()[: 2 * SHEETS])
    return person.do("post", "/batches", {"station": station, "profile": "post-patch", "declared": SHEETS, **more})


def view(person, batch):
    return person.get("/batches/{batch}", batch=batch)


def read_to_the_end(person, batch):
    def is_read():
        seen = view(person, batch)
        counters = seen["batch"]["counters"]
        done = counters["read"] == counters["pages"] and seen["batch"]["state"] in ("held", "released", "finished")
        return seen if done else None
    return wait_until(is_read)


class Follower(threading.Thread):
    """Listens to the events of a person."""

    def __init__(self, person, last_id=None):
        super().__init__(daemon=True)
        self.events, self.last_id = [], last_id
        self.connection = http.client.HTTPConnection(person.mailroom.host, timeout=PATIENCE)
        headers = {"Cookie": person.cookie, **({"Last-Event-ID": last_id} if last_id else {})}
        self.connection.request("GET", PREFIX + "/events", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200 and self.response.headers["Content-Type"] == "text/event-stream"
        self.start()

    def run(self):
        kind = None
        try:
            for line in self.response:
                text = line.decode().strip()
                if text.startswith("id: "):
                    self.last_id = text[4:]
                elif text.startswith("event: "):
                    kind = text[7:]
                elif text.startswith("data: "):
                    self.events.append((kind, text[6:]))
        except (OSError, ValueError, AttributeError):
            pass

    def saw(self, kind):
        return [data for name, data in self.events if name == kind]


def a_day(mailroom):
    """sheets are fed at a station, each page can be seen, words and picture agree in size"""
    anna = mailroom.anna = mailroom.person("anna", "operator")
    mailroom.bert = mailroom.person("bert", "operator")
    follower = Follower(anna)
    wait_until(lambda: follower.saw("reset"))
    batch = mailroom.batch = feed(mailroom, anna)["id"]
    wait_until(lambda: len(follower.saw("page")) == 2 * SHEETS)
    seen = read_to_the_end(anna, batch)
    assert seen["batch"]["state"] == "held" and seen["batch"]["counters"]["unconfirmed"] > 0, seen["batch"]
    assert len(seen["pages"]) == 2 * SHEETS and seen["documents"]
    page = seen["documents"][0]["pages"][0]
    rotation = next(p["rotation"] for p in seen["pages"] if p["id"] == page)
    for kind in ("thumbnail", "image"):
        picture = anna.ask("get", "/pages/{page}/" + kind, page=page, query={"rotation": rotation})
        assert picture.status == 200 and picture.body[:3] == b"\xff\xd8\xff", (kind, picture.status)
        assert "immutable" in picture.headers["Cache-Control"]
    words = anna.get("/pages/{page}/words", page=page, query={"rotation": rotation})
    assert words["words"], "nothing was recognised"
    for word in words["words"]:
        x, y, width, height = word["box"]
        assert 0 <= x and x + width <= words["width"] and 0 <= y and y + height <= words["height"]
    # Somebody who lost the connection gets what was missed, not everything again.
    again = Follower(anna, follower.last_id)
    feed_events = len(follower.events)
    anna.do("put", "/batches/{batch}/lease", batch=batch)
    wait_until(lambda: again.saw("lease") and len(follower.events) > feed_events)
    assert not again.saw("reset") and not again.saw("page")
    anna.do("delete", "/batches/{batch}/lease", batch=batch)


def edit(person, seen, *edits):
    return person.ask("post", "/batches/{batch}/edits", {"version": seen["version"], "edits": list(edits)},
                      batch=seen["batch"]["id"])


def shape(seen):
    return [(d["pages"], d["class"], d["department"], d["priority"]) for d in seen["documents"]]


def changes_can_be_taken_back(mailroom):
    """splitting, moving, turning, setting aside: each is recorded, shown, and gone when taken back"""
    anna, before = mailroom.anna, view(mailroom.anna, mailroom.batch)
    long = next(d for d in before["documents"] if len(d["pages"]) > 1)
    first, second = long["pages"][0], long["pages"][1]
    seen = before
    for change in ({"kind": "split", "page": second},
                   {"kind": "merge", "document": second},
                   {"kind": "move", "page": second, "before": first},
                   {"kind": "rotate", "pages": [first], "degrees": 90},
                   {"kind": "set_aside", "pages": [first], "role": "copy"},
                   {"kind": "bring_back", "pages": [first]},
                   {"kind": "set_role", "pages": [second], "role": "attachment"},
                   {"kind": "set_priority", "document": before["documents"][0]["key"], "priority": "deadline"},
                   {"kind": "set_field", "document": before["documents"][0]["key"], "name": "sender", "value": "Ä & Co",
                    "page": first, "box": [1, 2, 3, 4]}):
        if change.get("document") == long["key"]:
            change["document"] = next(d["key"] for d in seen["documents"] if second in d["pages"])
        answer = edit(anna, seen, change)
        assert answer.status == 200, (change, answer.body)
        after = answer.json
        assert after["version"] == seen["version"] + 1
        assert sorted(p["id"] for p in after["pages"]) == sorted(p["id"] for p in before["pages"])
        in_documents = [page for d in after["documents"] for page in d["pages"]]
        assert len(in_documents) == len(set(in_documents)), "a page is in two documents"
        seen = after
    turned = next(p for p in seen["pages"] if p["id"] == first)
    was = next(p for p in before["pages"] if p["id"] == first)
    assert (turned["rotation"] - was["rotation"]) % 360 == 90 and turned["width"] == was["height"]
    while any(not e["undone"] for e in seen["edits"]):
        seen = anna.do("post", "/batches/{batch}/undo", {"version": seen["version"]}, batch=mailroom.batch)
    assert shape(seen) == shape(before)
    assert anna.ask("post", "/batches/{batch}/undo", {"version": seen["version"]}, batch=mailroom.batch).status == 409


def two_people_never_overwrite_each_other(mailroom):
    """who comes second is told what counts now and by whom; nothing is overwritten"""
    anna, bert = mailroom.anna, mailroom.bert
    seen = view(anna, mailroom.batch)
    key = seen["documents"][0]["key"]
    urgent = {"kind": "set_priority", "document": key, "priority": "urgent"}
    assert edit(anna, seen, urgent).status == 200
    late = edit(bert, seen, {"kind": "set_priority", "document": key, "priority": "ordinary"})
    assert late.status == 409 and late.json["current"]["by"] == "anna", late.body
    assert late.json["current"]["version"] == seen["version"] + 1
    assert view(anna, mailroom.batch)["documents"][0]["priority"] == "urgent"
    anna.do("put", "/batches/{batch}/lease", batch=mailroom.batch)
    held = bert.ask("put", "/batches/{batch}/lease", batch=mailroom.batch)
    assert held.status == 409 and held.json["current"]["name"] == "Anna", held.body
    assert edit(bert, view(bert, mailroom.batch), urgent).status == 409
    anna.do("delete", "/batches/{batch}/lease", batch=mailroom.batch)
    assert bert.do("put", "/batches/{batch}/lease", batch=mailroom.batch)["mine"]
    bert.do("delete", "/batches/{batch}/lease", batch=mailroom.batch)


def wrong_edits_change_nothing(mailroom):
    """an edit that names what is not there, or is not well formed, changes nothing at all"""
    anna = mailroom.anna
    seen = view(anna, mailroom.batch)
    good = {"kind": "set_priority", "document": seen["documents"][0]["key"], "priority": "deadline"}
    for bad in ({"kind": "split", "page": "nowhere"}, {"kind": "merge", "document": seen["documents"][0]["key"]},
                {"kind": "fly"}, {"kind": "rotate", "pages": [], "degrees": 90}, {"kind": "split"},
                {"kind": "set_class", "document": seen["documents"][0]["key"], "class": "nothing"},
                {"kind": "set_field", "document": seen["documents"][0]["key"], "name": "class", "value": "x"},
                {"kind": "rescan", "page": seen["pages"][0]["id"], "place": "behind"}):
        answer = edit(anna, seen, good, bad)
        assert answer.status in (400, 404), (bad, answer.status, answer.body)
    assert view(anna, mailroom.batch)["version"] == seen["version"]
    assert view(anna, mailroom.batch)["edits"] == seen["edits"]


def who_may_see_only_one_class_sees_no_other(mailroom):
    """rights are by class: pages of other classes are not there at all"""
    clerk = mailroom.person("clerk", "operator", **{"class": "invoice"})
    assert clerk.get("/batches")["batches"] == []
    assert clerk.ask("get", "/batches/{batch}", batch=mailroom.batch).status == 404
    page = view(mailroom.anna, mailroom.batch)["pages"][0]["id"]
    hidden = clerk.ask("get", "/pages/{page}/image", page=page)
    missing = clerk.ask("get", "/pages/{page}/image", page="0193aaaa-0000-7000-8000-000000000000")
    assert (hidden.status, hidden.body) == (missing.status, missing.body) and hidden.status == 404
    assert clerk.ask("post", "/batches", {"station": "one", "profile": "post"}).status == 404


def a_confirmed_batch_leaves(mailroom):
    """each document is confirmed once; the last one releases the batch, which then cannot be changed"""
    anna = mailroom.anna
    seen = view(anna, mailroom.batch)
    for clarification in seen["clarifications"]:
        if clarification["scope"] != "document":
            anna.do("post", "/clarifications/{clarification}/answer",
                    {"version": clarification["version"], "resolution": clarification["resolutions"][0]},
                    clarification=clarification["id"])
    seen = view(anna, mailroom.batch)
    confirmed = 0
    while seen["batch"]["state"] == "held":
        waiting = [d["key"] for d in seen["documents"] if not d["confirmed"]]
        assert waiting, seen["clarifications"]
        answer = edit(anna, seen, {"kind": "confirm", "document": waiting[0]})
        assert answer.status == 200, answer.body
        seen = answer.json
        confirmed += 1
    assert confirmed == len(seen["documents"])
    assert seen["batch"]["state"] == "released", seen["batch"]
    assert edit(anna, seen, {"kind": "split", "page": seen["pages"][1]["id"]}).status == 409


def it_is_found_again(mailroom):
    """a released document is found by its number, with its way so far, and its PDF opens"""
    anna = mailroom.anna
    number = wait_until(lambda: next((d["number"] for d in anna.get("/documents")["documents"]
                                      if d["state"] == "owed"), None))
    assert [d["number"] for d in anna.get("/documents", query={"q": number})["documents"]] == [number]
    assert anna.get("/documents", query={"q": "%"})["documents"] == []
    found = anna.get("/documents/{document}", document=number)
    steps = [step["step"] for step in found["timeline"]]
    assert steps[:5] == ["received", "captured", "closed", "released", "sealed"], steps
    pdf = anna.ask("get", "/documents/{document}/contents/{name}", document=number, name="document.pdf")
    assert pdf.status == 200 and pdf.body[:5] == b"%PDF-"
    note = anna.ask("get", "/documents/{document}/contents/{name}", document=number, name="transfer-note.json")
    assert any(check["name"] == "review" and check["by"] == "anna" for check in note.json["checks"])
    assert note.json["made"]["station"] == "one"


def what_was_thin_staffed_is_finished_by_others(mailroom):
    """a batch captured only waits for whoever confirms it; an unattended one waits for nobody"""
    anna, bert = mailroom.anna, mailroom.bert
    batch = feed(mailroom, anna, "two", mode="capture_only")["id"]
    seen = read_to_the_end(bert, batch)
    assert seen["batch"]["state"] == "held" and "confirm" in seen["can"]
    copy = feed(mailroom, anna, "one")
    anna.do("post", "/batches/{batch}/discard", {"reason": "zu Übungszwecken"}, batch=wait_until(
        lambda: read_to_the_end(anna, copy["id"]))["batch"]["id"])
    assert view(anna, copy["id"])["batch"]["state"] == "discarded"


def wrongly_opened_mail_is_erased_by_two_persons(mailroom):
    """one person asks for an erasure, another confirms it; pages, fields and files are gone for everybody"""
    anna, bert = mailroom.anna, mailroom.bert
    number = next(d["number"] for d in anna.get("/documents")["documents"] if d["state"] == "owed")
    before = anna.get("/documents/{document}", document=number)
    page = before["page_ids"][0]
    assert anna.ask("get", "/pages/{page}/thumbnail", page=page).status == 200
    wish = {"subject": number, "reason": "private_mail"}
    stranger = mailroom.person("stranger", "operator", **{"class": "invoice"})
    assert stranger.ask("post", "/erasures", wish).status == 404
    assert anna.ask("post", "/erasures", {**wish, "reason": "because"}).status == 400
    asked = anna.do("post", "/erasures", wish)
    assert asked["may_refuse"] and not asked["may_confirm"]
    assert anna.ask("post", "/erasures", wish).status == 409
    confirm = "/erasures/{erasure}/confirm"
    assert anna.ask("post", confirm, {}, erasure=asked["id"]).code == "refused"
    assert stranger.ask("post", confirm, {}, erasure=asked["id"]).status == 404
    assert stranger.get("/erasures")["erasures"] == [] and bert.get("/erasures")["erasures"][0]["may_confirm"]
    assert anna.ask("get", "/pages/{page}/image", page=page).status == 200, "nothing goes before the second word"
    done = bert.do("post", confirm, {}, erasure=asked["id"])
    assert (done["state"], done["requested_by"], done["decided_by"]) == ("erased", "anna", "bert")
    for kind in ("thumbnail", "image", "words"):
        assert anna.ask("get", "/pages/{page}/" + kind, page=page).status == 404, kind
    after = anna.get("/documents/{document}", document=number)
    assert after["fields"] == [] and after["contents"] == [] and after["timeline"][-1]["step"] == "erased"
    assert all(delivery["state"] == "withdrawn" for delivery in after["deliveries"])
    answer = anna.ask("post", "/deliveries/{delivery}/resend", {}, delivery=after["deliveries"][0]["id"])
    assert answer.status == 409, answer.body
    for document in view(anna, mailroom.batch)["documents"]:
        assert page not in document["pages"] or not document["fields"]


def an_erasure_can_be_refused(mailroom):
    """who asked for an erasure can take it back, and nothing is gone"""
    anna = mailroom.anna
    number = next(d["number"] for d in anna.get("/documents")["documents"] if d["state"] == "owed")
    asked = anna.do("post", "/erasures", {"subject": number, "reason": "unlawful"})
    assert anna.do("post", "/erasures/{erasure}/refuse", {}, erasure=asked["id"])["state"] == "refused"
    assert mailroom.bert.ask("post", "/erasures/{erasure}/confirm", {}, erasure=asked["id"]).status in (404, 409)
    assert anna.get("/documents/{document}", document=number)["contents"]


def what_is_owed_is_sent_again_by_hand(mailroom):
    """a delivery that is not answered goes out again under the same id, by who has the right"""
    anna = mailroom.anna
    number = next(d["number"] for d in anna.get("/documents")["documents"] if d["state"] == "owed")
    delivery = anna.get("/documents/{document}", document=number)["deliveries"][0]
    again = anna.do("post", "/deliveries/{delivery}/resend", {}, delivery=delivery["id"])
    assert again["id"] == delivery["id"] and again["state"] == "owed" and again["document_number"] == number
    assert anna.get("/undelivered")["deliveries"] == []
    clerk = mailroom.person("clerk-again", "operator", **{"class": "invoice"})
    assert clerk.ask("post", "/deliveries/{delivery}/resend", {}, delivery=delivery["id"]).status == 404


def an_empty_feeder_is_said(mailroom):
    """a feed that cannot begin is an error in plain words and leaves nothing behind"""
    mailroom.load("one", [])
    answer = mailroom.anna.ask("post", "/batches", {"station": "one"})
    assert answer.status == 422 and answer.code == "feeder_empty", answer.body
    assert mailroom.anna.ask("post", "/batches", {"station": "nowhere"}).status == 404
    assert mailroom.anna.ask("post", "/batches", {"station": "one", "received": "2026-02-31"}).status == 400


if __name__ == "__main__":
    run(a_day, changes_can_be_taken_back, two_people_never_overwrite_each_other, wrong_edits_change_nothing,
        who_may_see_only_one_class_sees_no_other, a_confirmed_batch_leaves, it_is_found_again,
        what_is_owed_is_sent_again_by_hand, an_erasure_can_be_refused,
        wrongly_opened_mail_is_erased_by_two_persons, what_was_thin_staffed_is_finished_by_others, an_empty_feeder_is_said)
