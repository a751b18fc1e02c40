"""Many screens follow while two scanners run."""

import time

from day_test import Follower, read_to_the_end
from mailroom_at_work import run, wait_until

FOLLOWERS = 50


def feed_both(mailroom, person):
    """Two stacks at 120 sides a minute; gives the batches and how long the feeds took."""
    images = mailroom.sample()[:16]
    begun = time.monotonic()
    batches = []
    for scanner in ("one", "two"):
        mailroom.load(scanner, images)
        batches.append(person.do("post", "/batches", {"station": scanner, "profile": "post-patch", "mode": "capture_only",
                                                      "declared": len(images) // 2})["id"])
    wait_until(lambda: all(person.get("/batches/{batch}", batch=batch)["batch"]["state"] != "feeding"
                           for batch in batches))
    return batches, time.monotonic() - begun


def followers_do_not_slow_the_feed(mailroom):
    """fifty screens that follow see every page, and two scanners keep their pace"""
    set_up = mailroom.folder / "sane/mailroomfeeder.conf"
    set_up.write_text(set_up.read_text().replace("pace = 0", "pace = 120"))
    person = mailroom.person("anna", "operator")
    alone, without = feed_both(mailroom, person)
    for batch in alone:
        read_to_the_end(person, batch)
        person.do("post", "/batches/{batch}/discard", {"reason": "zum Vergleich"}, batch=batch)
    followers = [Follower(person) for _ in range(FOLLOWERS)]
    _, watched = feed_both(mailroom, person)
    wait_until(lambda: all(len(follower.saw("page")) == 32 for follower in followers))
    print(f"two feeds alone {without:.1f} s, with {FOLLOWERS} followers {watched:.1f} s")
    assert watched < 1.5 * without + 2, (without, watched)


if __name__ == "__main__":
    run(followers_do_not_slow_the_feed)
