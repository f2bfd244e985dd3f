#!/usr/bin/env python3
"""Counts the cases of a test report and adds them to a lane's numbers.

Usage: count_tests.py --totals FILE [--exit-code N] bazel|junit|go REPORT

Appends a line "passed failed skipped" to FILE. Cases are counted, not targets:
a Bazel target counts with the cases of its test.xml. Whatever failed without a
case of its own (a target that does not build, a crash, a runner that ended
badly) counts as one failure, so that a failure is never lost.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass
class Totals:
    """How many cases ended in which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: collections.Counter[str] = dataclasses.field(
        default_factory=collections.Counter
    )  # to skip, as far as the report gives them

    def add(self, other: Totals) -> None:
        """Adds the numbers of another report."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons += other.reasons


def count_junit(path: pathlib.Path) -> Totals:
    """Counts the test cases of a JUnit report (pytest's or gtest's).

    Raises:
        OSError: the file cannot be read.
        ElementTree.ParseError: the file is not XML.
    """
    totals = Totals()
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            totals.failed += 1
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            totals.skipped += 1
            totals.reasons.update(_reason_to_skip(case))
        else:
            totals.passed += 1
    return totals


def _reason_to_skip(case: ElementTree.Element) -> list[str]:
    """Why a case was skipped, in one line; nothing where that is not said.

    gtest puts the place in the source before the reason.
    """
    skipped = case.find("skipped")
    lines = [] if skipped is None else skipped.get("message", "").splitlines()
    if len(lines) > 1 and lines[0].rpartition(":")[2].isdigit():
        del lines[0]
    return [" ".join(lines)] if lines else []


def count_go(path: pathlib.Path) -> Totals:
    """Counts the tests of `go test -json`; prints what failed ones wrote.

    A package that fails without a failing test (it does not build, or its
    process dies) counts as one failure.

    Raises:
        OSError: the file cannot be read.
    """
    totals = Totals()
    output: dict[tuple[str, str], list[str]] = {}
    failed_packages: set[str] = set()
    packages_with_failed_tests: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            print(line)
            continue
        package = event.get("Package", event.get("ImportPath", ""))
        key = (package, event.get("Test", ""))
        action = event.get("Action", "")
        if action in ("output", "build-output"):
            output.setdefault(key, []).append(event.get("Output", ""))
        elif action == "fail":
            print("".join(output.get(key, [])), end="")
            if key[1]:
                totals.failed += 1
                packages_with_failed_tests.add(package)
            else:
                failed_packages.add(package)
        elif action == "build-fail":
            print("".join(output.get(key, [])), end="")
        elif key[1] and action == "pass":
            totals.passed += 1
        elif key[1] and action == "skip":
            totals.skipped += 1
    totals.failed += len(failed_packages - packages_with_failed_tests)
    return totals


def _test_xml(event: dict[str, object]) -> pathlib.Path | None:
    """The test.xml of a testResult event, where it wrote one."""
    result = event["testResult"]
    assert isinstance(result, dict)
    for output in result.get("testActionOutput", []):
        if output.get("name") == "test.xml":
            uri = urllib.parse.urlparse(output["uri"])
            return pathlib.Path(urllib.parse.unquote(uri.path))
    return None


def _count_bazel_result(event: dict[str, object]) -> Totals:
    """Counts one run of one test target."""
    xml = _test_xml(event)
    totals = Totals()
    if xml is not None and xml.exists():
        try:
            totals = count_junit(xml)
        except ElementTree.ParseError:
            totals = Totals()
    result = event["testResult"]
    assert isinstance(result, dict)
    ok = result.get("status") == "PASSED"
    if not ok and totals.failed == 0:
        totals.failed = 1
    if ok and totals.passed + totals.failed + totals.skipped == 0:
        totals.passed = 1
    return totals


def count_bazel(path: pathlib.Path) -> Totals:
    """Counts the cases of a `bazel test` by its build events.

    Raises:
        OSError: the file cannot be read.
    """
    totals = Totals()
    unbuilt: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        kind = event.get("id", {})
        if "testResult" in kind and "testResult" in event:
            totals.add(_count_bazel_result(event))
        elif "targetCompleted" in kind and not event.get("completed", {}).get(
            "success", False
        ):
            unbuilt.add(kind["targetCompleted"].get("label", "?"))
    for label in sorted(unbuilt):
        print(f"FAILED: {label} does not build")
    totals.failed += len(unbuilt)
    return totals


_COUNTERS = {"bazel": count_bazel, "go": count_go, "junit": count_junit}


def main() -> int:
    """Reads the arguments, counts, and writes the line."""
    parser = argparse.ArgumentParser(
        description="Adds a test report's numbers to a lane's."
    )
    parser.add_argument("--totals", required=True, type=pathlib.Path)
    parser.add_argument("--exit-code", default=0, type=int)
    parser.add_argument("kind", choices=sorted(_COUNTERS))
    parser.add_argument("report", type=pathlib.Path)
    arguments = parser.parse_args()
    totals = Totals()
    if arguments.report.exists():
        totals = _COUNTERS[arguments.kind](arguments.report)
    if arguments.exit_code != 0 and totals.failed == 0:
        print(f"FAILED: the runner ended with code {arguments.exit_code}")
        totals.failed = 1
    for reason, cases in totals.reasons.items():
        print(f"skipped, {cases}: {reason}")
    with arguments.totals.open("a", encoding="utf-8") as file:
        file.write(f"{totals.passed} {totals.failed} {totals.skipped}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
