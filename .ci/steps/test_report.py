"""Reads what ctest wrote as JUnit XML and tells a person: what failed and how, what was skipped and
why, and the closing line. Exit code 1 when a test failed or none ran."""

import collections
import re
import sys
import xml.etree.ElementTree as xml

SHOWN_LINES = 30


def outcome_of(case):
    if case.get("status") == "run":
        return "passed"
    # ctest calls a test that asked to be skipped "notrun"; a test that could not start too.
    if case.get("status") == "disabled" or "[skipped]" in output_of(case):
        return "skipped"
    return "failed"


def output_of(case):
    return case.findtext("system-out") or ""


def reason_of(case):
    said = re.search(r"\[skipped\] *(.*)", output_of(case))
    return said.group(1).strip() if said else "disabled"


def show_failure(case):
    print(f"FAILED {case.get('name')}")
    failure = case.find("failure")
    if failure is None:
        failure = case.find("skipped")
    lines = output_of(case).strip().splitlines()[-SHOWN_LINES:]
    if failure is not None and failure.get("message"):
        lines.append(f"({failure.get('message')})")
    for line in lines:
        print(f"  | {line}")


def main(report, log):
    cases = collections.defaultdict(list)
    for case in xml.parse(report).getroot().iter("testcase"):
        cases[outcome_of(case)].append(case)
    for case in cases["failed"]:
        show_failure(case)
    reasons = collections.Counter(reason_of(case) for case in cases["skipped"])
    for reason, count in reasons.most_common():
        print(f"skipped {count}: {reason}")
    if cases["failed"]:
        print(f"log: {log}")
    passed, failed, skipped = (len(cases[key]) for key in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not (passed + skipped) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
