"""The contract of the station, the code, and what each role gets at each address."""

import re

from mailroom_at_work import CONTRACT, PREFIX, SOURCE, Person, run

METHODS = {"get": "get", "post": "post", "put": "put", "patch": "patch", "delete": "remove"}
ROLES = {
    "operator": {"read", "scan", "edit", "clarify", "put_in_boxes", "resend", "erase"},
    "quality_control": {"read", "check_quality", "clarify", "destroy_originals", "erase"},
    "administrator": {"administer", "see_figures"},
    "auditor": {"read", "audit", "see_figures"},
}
# What a route asks for; everything else is open to whoever is logged in.
NEEDS = {
    "batches.list": "read", "batches.start": "scan", "batches.show": "read", "batches.stop": "scan",
    "batches.resume": "scan", "batches.discard": "scan", "batches.take_lease": "edit", "batches.give_lease": "edit",
    "batches.edit": "edit", "batches.undo": "edit", "batches.rescan": "scan", "pages.thumbnail": "read",
    "pages.image": "read", "pages.words": "read", "pages.readable": "read", "pages.parts": "read", "creditors.search": "clarify", "deadlines.list": "read", "files.receive": "scan", "kiosks.calls": "scan", "kiosks.come": "scan", "clarifications.list": "clarify", "clarifications.show": "read",
    "clarifications.take_lease": "clarify", "clarifications.give_lease": "clarify",
    "clarifications.answer": "clarify", "documents.search": "read", "documents.show": "read",
    "documents.content": "read", "quality.list": "check_quality", "quality.decide": "check_quality",
    "dead_letters.list": "resend", "deliveries.undelivered": "resend", "deliveries.resend": "resend",
    "erasures.list": "erase", "erasures.request": "erase", "erasures.confirm": "erase", "erasures.refuse": "erase", "status.show": "administer", "devices.list": "administer", "configuration.show": "administer",
    "configuration.snapshot": "administer", "users.list": "administer", "users.add": "administer",
    "boxes.list": "put_in_boxes", "boxes.open": "put_in_boxes", "boxes.close": "put_in_boxes",
    "batches.put_in_box": "put_in_boxes", "boxes.destroy": "destroy_originals", "users.change": "administer", "procedure.pdf": "administer", "session.sit_down": "scan", "figures.show": "see_figures", "audit.list": "audit",
}
OPEN = {"session.open", "session.open_by_badge", "session.badge_stations", "session.show", "session.close", "session.lock", "session.unlock", "session.change_password",
        "events.follow", "terms.show", "stations.list"}


def operations():
    return {(method, path): operation["operationId"]
            for path, methods in CONTRACT["paths"].items() for method, operation in methods.items()}


def the_contract_equals_the_code(_):
    """every operation of the contract is a route of the code, and the other way round"""
    code = {}
    for file in (SOURCE / "daemon/station").glob("*_routes.cpp"):
        text = file.read_text(encoding="utf-8")
        for method, path, name in re.findall(r'route\(\s*Method::(\w+),\s*"([^"]+)",\s*"([^"]+)"', text):
            code[(method, path)] = name
    contract = {(METHODS[method], path): name for (method, path), name in operations().items()}
    assert code == contract, (set(code.items()) ^ set(contract.items()))
    assert set(contract.values()) == set(NEEDS) | OPEN, set(contract.values()) ^ (set(NEEDS) | OPEN)


def filled(path):
    return re.sub(r"\{(\w+)\}", "0193aaaa-0000-7000-8000-000000000000", path)


def nobody_gets_anything_without_a_session(mailroom):
    """without a session every address answers 401, also those that do not exist"""
    nobody = Person(mailroom)
    for (method, path), name in operations().items():
        if name in {"session.open", "session.open_by_badge", "session.badge_stations"}:
            continue
        answer = nobody.ask(method, filled(path), {} if method != "get" else None)
        assert answer.status == 401, (name, answer.status)
    assert nobody.ask("get", "/nowhere").status == 401
    assert nobody.ask("get", "/users/../users").status == 400


def every_route_with_every_role(mailroom):
    """each role gets what its rights say; all else is answered like what does not exist"""
    people = {role: mailroom.person(role.replace("_", "-"), role) for role in ROLES}
    for role, person in people.items():
        unknown = person.ask("get", "/nowhere")
        assert unknown.status == 404
        for (method, path), name in operations().items():
            if name in OPEN:
                continue
            body = None if method == "get" else {"reason": "x", "version": 1, "edits": [{"kind": "split", "page": "x"}]}
            answer = person.ask(method, filled(path), body)
            if NEEDS[name] in ROLES[role]:
                listing = "{" not in path and method == "get"
                assert answer.status == (200 if listing else answer.status), (role, name, answer.status)
                assert answer.status not in (401, 403, 500), (role, name, answer.status, answer.body)
            else:
                assert (answer.status, answer.body) == (404, unknown.body), (role, name, answer.status)
    entries = people["auditor"].get("/audit", query={"after": 0})["entries"]
    refused = [entry for entry in entries if entry["action"] == "access.refused"]
    assert refused, "no refusal is in the audit"


def the_token_is_needed(mailroom):
    """a writing request without the token of the session changes nothing"""
    person = mailroom.person("token", "administrator")
    token, person.csrf = person.csrf, None
    assert person.ask("post", "/session/lock").status == 403
    person.csrf = "0" * len(token)
    assert person.ask("post", "/users", {}).status == 403
    person.csrf = token
    assert person.ask("post", "/session/lock").status == 204


def a_locked_session_shows_nothing(mailroom):
    """a locked session answers 423 until the password opens it; five wrong ones have to wait"""
    password = mailroom.add("locker", "operator", "administrator")
    person = Person(mailroom, "locker", password)
    person.do("post", "/session/lock")
    assert person.ask("get", "/batches").status == 423
    assert person.get("/session")["locked"]
    assert person.ask("post", "/session/unlock", {"password": "wrong"}).status == 401
    assert not person.do("post", "/session/unlock", {"password": password})["locked"]
    person.get("/batches")
    for _ in range(5):
        assert Person(mailroom).ask("post", "/session", {"user": "locker", "password": "no"}).status in (401, 429)
    answer = Person(mailroom).ask("post", "/session", {"user": "locker", "password": password})
    assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0


def users_come_and_go(mailroom):
    """an administrator adds a user, changes the rights, and ends all sessions of the user by that"""
    boss = mailroom.person("boss", "administrator")
    right = {"role": "operator", "class": "*", "department": "*", "station": "*"}
    added = boss.do("post", "/users", {"user": "new", "name": "Neu", "rights": [right]})
    person = Person(mailroom, "new", added["password"])
    assert person.get("/session")["must_change_password"]
    person.get("/batches")
    fresh = "ein langes Kennwort"
    person.do("post", "/session/password", {"password": added["password"], "new_password": fresh})
    assert boss.ask("post", "/users", {"user": "new", "name": "N", "rights": [right]}).status == 409
    assert boss.ask("post", "/users", {"user": "Up Per", "name": "N", "rights": [right]}).status == 400
    assert boss.ask("post", "/users", {"user": "x", "name": "N", "rights": [{**right, "role": "king"}]}).status == 400
    boss.do("patch", "/users/{user}", {"active": False}, user="new")
    assert person.ask("get", "/batches").status == 401
    assert Person(mailroom).ask("post", "/session", {"user": "new", "password": fresh}).status == 401
    assert "password" not in boss.get("/users")["users"][0]


def hostile_requests_are_refused(mailroom):
    """foreign hosts, foreign origins, other media types, too big bodies and bad addresses are refused"""
    person = mailroom.person("careful", "operator")
    assert person.ask("get", "/batches", headers={"Host": "evil.example"}).status == 421
    assert person.ask("post", "/session/lock", headers={"Origin": "http://evil.example"}).status == 403
    assert person.ask("post", "/session/lock", headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert person.ask("post", "/batches", {}, headers={"Content-Type": "text/plain"}).status == 415
    assert person.ask("post", "/batches", {"station": "x" * 70000}).status == 413
    assert person.ask("get", "/batches", headers={"X-Long": "x" * 20000}).status == 431
    for address in ("/..%2f..%2fetc/passwd", "/pages/%00/image", "//etc", "/pages/%zz/words"):
        assert person.ask("get", address).status == 400, address
    assert person.ask("trace", "/batches").status == 405
    answer = person.ask("get", "/session")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"


def cookies_stay_where_they_are(mailroom):
    """the session's cookie cannot be read by script nor sent from elsewhere"""
    password = mailroom.add("cookie", "operator")
    answer = Person(mailroom).ask("post", "/session", {"user": "cookie", "password": password})
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in answer.headers["Set-Cookie"]


if __name__ == "__main__":
    run(the_contract_equals_the_code, nobody_gets_anything_without_a_session, every_route_with_every_role,
        the_token_is_needed, a_locked_session_shows_nothing, users_come_and_go, hostile_requests_are_refused,
        cookies_stay_where_they_are)
