"""Wrong input of every kind: a clear error, and nothing is lost."""

from __future__ import annotations

import gzip
import json
import pathlib

import doppel
import pytest
from conftest import Server, Shop

WRONG_MANIFESTS = {
    "MANIFEST_NOT_JSON": b'{"metadata": oops}',
    "MANIFEST_TRUNCATED": b'{"metadata": {"dbt_schema_version": "https',
    "NOT_A_MANIFEST": b'{"some": "json"}',
    "MANIFEST_VERSION_UNSUPPORTED": json.dumps(
        {
            "metadata": {
                "dbt_schema_version": (
                    "https://schemas.getdbt.com/dbt/manifest/v99.json"
                )
            },
            "nodes": {},
        }
    ).encode(),
}


@pytest.mark.parametrize("reason", WRONG_MANIFESTS)
def test_a_wrong_manifest_is_refused_by_name(
    server: Server, tmp_path: pathlib.Path, reason: str
) -> None:
    """And the server goes on."""
    path = tmp_path / "manifest.json"
    path.write_bytes(WRONG_MANIFESTS[reason])
    with server.client() as client:
        with pytest.raises(doppel.InvalidArgumentError) as refused:
            client.upload_manifest(path)
        assert list(client.list_manifests()) == []

    assert refused.value.reason == reason


def test_a_compressed_manifest_is_named_as_such(shop: Shop) -> None:
    """Gzip is not JSON; the message says what to do."""
    path = shop.folder / "manifest.json.gz"
    path.write_bytes(gzip.compress(shop.manifest("prod").read_bytes()))

    done = shop.doppel("upload", str(path), status=1)

    assert "gzip" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--select", "a:b:c"], "'a' is not a valid method name"),
        (["--select", "tga:x"], "did you mean 'tag'?"),
        (["--select", "@fct_rides+"], "column 11"),
        (["--select", "state:modified"], "needs the older manifest"),
        (["--selector", "nope"], "expected one of"),
        (["--select", "result:error"], "run_results"),
        (["--resource-type", "modle"], "no resource type"),
    ],
)
def test_a_wrong_selection_names_the_place(
    built: Shop, words: list[str], said: str
) -> None:
    """What was wrong, where, and what was expected."""
    done = built.doppel(
        "ls", "--manifest", str(built.manifest("prod")), *words, status=1
    )

    assert said in done.stderr


def test_errors_for_programs_are_json(built: Shop) -> None:
    """With the reason in it."""
    done = built.doppel(
        *("ls", "--manifest", str(built.manifest("prod"))),
        *("--select", "x:y", "--output", "json"),
        status=1,
    )

    error = json.loads(done.stdout)
    assert error["details"][0]["reason"] == "SELECTION_UNKNOWN_METHOD"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["no-such-command"],
        ["ls"],
        ["ls", "--manifest", "x", "--indirect-selection", "bogus"],
        ["clone", "plan", "--from", "prod"],
    ],
)
def test_a_wrong_command_line_exits_with_2(
    built: Shop, words: list[str]
) -> None:
    """As is usual."""
    built.doppel(*words, status=2)


def test_a_missing_file_is_named(built: Shop) -> None:
    """Not a stack trace."""
    done = built.doppel("ls", "--manifest", "no/such.json", status=1)

    assert "no/such.json" in done.stderr


def test_names_that_are_not_there_are_typed_errors(server: Server) -> None:
    """Each with its reason."""
    with server.client() as client:
        for call, reason in (
            (lambda: client.get_manifest("0" * 64), "MANIFEST_NOT_FOUND"),
            (lambda: client.get_environment("nope"), "ENVIRONMENT_NOT_FOUND"),
            (lambda: client.get_plan("nope"), "PLAN_NOT_FOUND"),
            (lambda: client.get_execution("nope"), "EXECUTION_NOT_FOUND"),
        ):
            with pytest.raises(doppel.NotFoundError) as missing:
                call()
            assert missing.value.reason == reason


def test_an_unknown_connection_lists_those_there_are(server: Server) -> None:
    """So that the caller can choose."""
    with (
        server.client() as client,
        pytest.raises(doppel.NotFoundError) as missing,
    ):
        client.set_environment("x", connection="velohire/nope")

    assert missing.value.reason == "CONNECTION_NOT_FOUND"
    assert "staging" in str(missing.value)
