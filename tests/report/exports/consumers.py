"""What reads the exports, as its own documentation or code says that it reads them.

Each raises AssertionError on what its original would refuse or misread.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

# --- Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/

_VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
_FORMATS = {"text", "html", "simple_format", "md", "ansi"}
_TOP = {
    "score": (int, float),
    "execution_time": (int, float),
    "output": str,
    "output_format": str,
    "test_output_format": str,
    "test_name_format": str,
    "visibility": str,
    "stdout_visibility": str,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
_TEST = {
    "score": (int, float),
    "max_score": (int, float),
    "status": str,
    "name": str,
    "name_format": str,
    "number": str,
    "output": str,
    "output_format": str,
    "tags": list,
    "visibility": str,
    "extra_data": dict,
}


def gradescope(content: bytes) -> dict[str, Any]:
    """Return a results.json as Gradescope takes it."""
    document: dict[str, Any] = json.loads(content, parse_constant=_no_constant)
    _typed(document, _TOP)
    tests = document.get("tests", [])
    assert "score" in document or all("score" in test for test in tests)
    for test in tests:
        _typed(test, _TEST)
        assert test.get("status", "passed") in {"passed", "failed"}
        assert all(isinstance(tag, str) for tag in test.get("tags", []))
        if "score" in test:
            assert math.isfinite(test["score"])
            assert test["score"] <= test["max_score"]
    return document


def _typed(found: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    assert set(found) <= set(fields)
    for name, value in found.items():
        assert isinstance(value, fields[name]), name
        assert not isinstance(value, bool), name
        if name.endswith("visibility"):
            assert value in _VISIBILITIES
        if name.endswith("_format"):
            assert value in _FORMATS


def _no_constant(name: str) -> NoReturn:
    raise AssertionError(f"{name} is not JSON")


# --- Canvas: lib/gradebook_importer.rb

_OWN_SUMS = re.compile(
    "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|"
    "Override Score|Override Grade|Override Status"
)


@dataclass(frozen=True)
class Imported:
    """What Canvas has after an import: scores by user and assignment title, and its maxima."""

    scores: Mapping[tuple[str, str], str]
    maxima: Mapping[str, str]
    created: tuple[str, ...]  # assignments that were not there


def canvas(
    content: bytes,
    users: Mapping[str, str],
    assignments: Mapping[str, str],
    custom: Collection[str] = (),
) -> Imported:
    """Return what an import does; users by ID or login, assignments by number or title."""
    text = content.decode("utf-8")
    first = text.split("\n")[:3]
    separator = ";" if _consistent(first, ";") > _consistent(first, ",") else ","
    header, *body = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = 3
    login = 2
    if "SIS Login ID" in header[2]:
        columns = 4
    elif "SIS User ID" in header[2] and "SIS Login ID" in header[3]:
        columns, login = 5, 3
    assert "Section" in header[columns - 1]
    titles: dict[int, str] = {}
    created = []
    for place, name in enumerate(header[columns:], start=columns):
        if name in custom or _OWN_SUMS.search(name):
            continue
        numbered = re.fullmatch(r"(.*)\s\((\d+)\)", name)
        title = (assignments.get(numbered[2]) if numbered else None) or name
        if title not in assignments.values():
            created.append(title)
        titles[place] = title
    scores, maxima = {}, {}
    for row in body:
        assert len(row) == len(header)
        if "Points Possible" in row[0]:
            maxima = {titles[place]: row[place] for place in titles}
        elif any(not re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
            user = users.get(row[1]) or users.get(row[login]) or row[0]
            for place, title in titles.items():
                scores[user, title] = row[place].strip()
    return Imported(scores, maxima, tuple(created))


def _consistent(lines: list[str], separator: str) -> int:
    counts = {len(next(csv.reader([line], delimiter=separator), [])) for line in lines if line}
    return counts.pop() if len(counts) == 1 else 0


# --- JUnit: src/main/resources/…/junit-10.xsd of Jenkins' xUnit plugin

_SECONDS = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
_ATTRIBUTES = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set[str]()),
    "testsuite": (
        {
            *("name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp"),
            *("hostname", "id", "package", "file", "log", "url"),
        },
        {"name", "tests", "failures", "errors"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}),
    "property": ({"name", "value"}, {"name", "value"}),
    "properties": (set[str](), set[str]()),
    "failure": ({"type", "message"}, set[str]()),
    "error": ({"type", "message"}, set[str]()),
    "skipped": ({"type", "message"}, set[str]()),
    "system-out": (set[str](), set[str]()),
    "system-err": (set[str](), set[str]()),
}
_CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
    "properties": {"property"},
}


def junit(content: bytes) -> ET.Element:
    """Return the root of a report that keeps the schema, its counts those of its cases."""
    root = ET.fromstring(content)  # noqa: S314  (made by us)
    assert root.tag in {"testsuites", "testsuite"}
    for element in root.iter():
        allowed, needed = _ATTRIBUTES[element.tag]
        assert needed <= set(element.attrib) <= allowed, element.tag
        assert {child.tag for child in element} <= _CHILDREN.get(element.tag, set())
        assert _SECONDS.fullmatch(element.get("time", ""))
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(name) == str(len(suite.findall(f"testcase/{tag}")))
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))  # GitLab shows only the first of two with the same names
    return root


# --- GitHub's runner: src/Runner.Common/ActionCommand.cs

_COMMANDS = {"error", "warning", "notice", "add-mask", "group", "endgroup", "debug", "set-output"}


def command(line: str) -> tuple[str, Mapping[str, str], str] | None:
    """Return the name, the properties and the data of a workflow command; None for other lines."""
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        return old_command(line)
    info, _, data = line[2:].partition("::")
    name, _, rest = info.partition(" ")
    if name not in _COMMANDS:
        return None
    properties = {}
    for pair in filter(None, rest.strip().split(",")):
        key, _, value = pair.partition("=")
        if value:
            properties[key] = _unescaped(value, "\r\n:,%")
    return name, properties, _unescaped(data, "\r\n%")


def old_command(line: str) -> tuple[str, Mapping[str, str], str] | None:
    """Return a command in the old form, ##[name]data, anywhere in a line."""
    found = re.search(r"##\[([^\] ]*)[^\]]*\](.*)", line)
    return (found[1], {}, found[2]) if found and found[1] in _COMMANDS else None


def _unescaped(text: str, characters: str) -> str:
    for each in characters:
        text = text.replace(f"%{ord(each):02X}", each)
    return text


# --- GitHub Classroom: autograding-grading-reporter, src/main.js and src/notify-classroom.js


@dataclass(frozen=True)
class Reported:
    """What the reporter makes of a result."""

    points: float
    maximum: float
    status: str
    document: Mapping[str, Any]


def classroom(content: bytes) -> Reported:
    """Return the points of a result as the reporter adds them up."""
    assert len(content) < 128 * 1024  # one environment variable on Linux
    document = json.loads(base64.b64decode(content, validate=False), parse_constant=_no_constant)
    assert document["version"] == 3
    assert document["status"] in {"pass", "fail", "error"}
    tests = document["tests"]
    assert tests  # the reporter divides by their number
    for test in tests:
        assert isinstance(test["name"], str)
        assert test["status"] in {"pass", "fail", "error"}
        assert isinstance(test["score"], (int, float))
    points = sum(test["score"] for test in tests)
    return Reported(points, document["max_score"], document["status"], document)
