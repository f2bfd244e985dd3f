"""From arguments to requests."""

from __future__ import annotations

import datetime
import inspect
import json

import pytest

import doppel
from doppel import _requests
from doppel.v1 import manifest_pb2, planning_service_pb2


def test_names_are_taken_from_ids_names_and_messages() -> None:
    manifest = manifest_pb2.Manifest(name="manifests/ab")

    assert _requests.resource_name("manifests", "ab") == "manifests/ab"
    assert (
        _requests.resource_name("manifests", "manifests/ab") == "manifests/ab"
    )
    assert _requests.resource_name("manifests", manifest) == "manifests/ab"


@pytest.mark.parametrize(
    "wrong", ["", "plans/1", manifest_pb2.Manifest(), None]
)
def test_what_is_no_such_name_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="manifests"):
        _requests.resource_name("manifests", wrong)


def test_sources_are_environments_unless_they_say_manifest() -> None:
    serves = doppel.selection("state:modified")

    sources = [
        doppel.defer_source("staging", serves=serves),
        doppel.defer_source("environments/prod"),
        doppel.defer_source("manifests/ab"),
        doppel.defer_source(manifest_pb2.Manifest(name="manifests/cd")),
    ]

    assert [source.environment or source.manifest for source in sources] == [
        "environments/staging",
        "environments/prod",
        "manifests/ab",
        "manifests/cd",
    ]
    assert sources[0].serves.select == ["state:modified"]
    assert not sources[1].HasField("serves")


def test_selection_is_not_set_unless_asked_for() -> None:
    request = _requests.list_nodes("ab", {})

    assert not request.HasField("selection")
    assert not request.HasField("context")


def test_one_text_is_one_value_of_select() -> None:
    request = _requests.list_nodes(
        "ab", {"select": "tag:a tag:b", "exclude": ["c", "d"], "state": "cd"}
    )

    assert request.selection.select == ["tag:a tag:b"]
    assert request.selection.exclude == ["c", "d"]
    assert request.context.state_manifest == "manifests/cd"


def test_selection_and_its_parts_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        _requests.list_nodes(
            "ab", {"select": "a", "selection": doppel.selection("b")}
        )


def test_clone_wants_one_source_and_one_target() -> None:
    with pytest.raises(ValueError, match="exactly one source"):
        _requests.plan_clone({"target_environment": "bi"})
    with pytest.raises(ValueError, match="exactly one target"):
        _requests.plan_clone(
            {
                "source_environment": "prod",
                "target_environment": "bi",
                "target_manifest": "ab",
            }
        )


def test_clone_by_naming_rules() -> None:
    rule = planning_service_pb2.NamingRule(schema="bi_{schema}")

    request = _requests.plan_clone(
        {"source_environment": "prod", "naming": [rule]}
    )

    assert request.source_environment == "environments/prod"
    assert request.naming.rules == [rule]
    assert request.request_id


def test_advice_is_asked_for_needs_and_a_case() -> None:
    request = _requests.advise(
        {
            "no_drift": True,
            "manifest": "ab",
            "sources": ["prod"],
            "select": "a",
            "timings": b"{}",
        }
    )

    assert request.needs == planning_service_pb2.Needs(no_drift=True)
    assert request.manifest == "manifests/ab"
    assert request.sources[0].environment == "environments/prod"
    assert request.selection.select == ["a"]
    assert request.run_results_json == b"{}"
    assert not _requests.advise({}).HasField("selection")


def test_every_wish_has_a_request_id_of_its_own() -> None:
    ids = {_requests.create_environment("a", {}).request_id for _ in range(3)}

    assert len(ids) == 3


def test_update_changes_just_what_is_given() -> None:
    request = _requests.update_environment(
        "prod", "etag", {"protected": False, "manifest": "ab"}
    )

    assert request.update_mask.paths == ["manifest", "protected"]
    assert request.environment.manifest == "manifests/ab"
    assert request.environment.etag == "etag"


def test_as_of_wants_a_time_zone() -> None:
    """A naive time would mean another moment on another machine."""
    when = datetime.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
    ends: _requests.ClonePlanOptions = {
        "source_environment": "prod",
        "target_environment": "ci",
    }

    made = _requests.plan_clone({**ends, "as_of": when})

    assert made.as_of.ToDatetime() == when.replace(tzinfo=None)
    with pytest.raises(ValueError, match="as_of has no time zone"):
        _requests.plan_clone({**ends, "as_of": when.replace(tzinfo=None)})


def test_expire_time_wants_a_time_zone() -> None:
    when = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)

    made = _requests.environment("a", {"expire_time": when})

    assert made.expire_time.ToDatetime() == when.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        _requests.environment("a", {"expire_time": when.replace(tzinfo=None)})


def test_both_clients_have_the_same_methods() -> None:
    def methods(kind: type) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(member).parameters)
            for name, member in vars(kind).items()
            if inspect.isfunction(member) and not name.startswith("_")
        }

    assert methods(doppel.Client) == methods(doppel.AsyncClient)


def test_service_config_retries_nothing_but_unavailable() -> None:
    config = json.loads(doppel.service_config())

    policies = [
        method["retryPolicy"]["retryableStatusCodes"]
        for method in config["methodConfig"]
        if "retryPolicy" in method
    ]
    assert policies == [["UNAVAILABLE"]]


def test_insecure_and_credentials_contradict_each_other() -> None:
    import grpc

    with pytest.raises(ValueError, match="insecure"):
        doppel.Client(
            "localhost:1",
            insecure=True,
            credentials=grpc.ssl_channel_credentials(),
        )
