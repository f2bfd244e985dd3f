"""What doppel's clone leaves behind is what real `dbt clone` leaves behind.

On DuckDB and on PostgreSQL: every kind of source, with every kind of target,
kept or replaced. Where doppel differs, dbt does harm, and a test shows both.
"""

from __future__ import annotations

import pathlib

import pytest
import yaml
from cloning import (
    REPOSITORY,
    UNREADABLE,
    DuckDb,
    Engine,
    Postgres,
    Relation,
    Relations,
    World,
    quoted,
)

PROJECTS = REPOSITORY / "tests" / "conformance" / "projects"
ENGINES = ("duckdb", "postgres")
# What stands in dev before: nothing, one kind of relation under every name,
# what `dbt build` makes, or what `dbt clone` makes.
BEFORE = ("absent", "table", "view", "materialized view", "built", "cloned")
# Relations that dbt destroys when it replaces: a source and target in one, and
# two of which each is the other's target.
HARMED = {"shared.shared", "shared.left", "shared.right"}


def _build(world: World) -> World:
    """Builds prod; then a model comes, one loses its text, a relation goes."""
    models = world.project / "models"
    text = (models / "brand_new.sql").read_text()
    (models / "brand_new.sql").unlink()
    world.must_dbt("build", "prod")
    (models / "brand_new.sql").write_text(text)
    (models / "emptied.sql").write_text("\n")
    world.must_dbt("parse", "dev")
    world.engine.query("drop table prod.lost")
    world.engine.keep("prod")
    return world


@pytest.fixture(scope="module")
def server() -> str:
    """The host of a PostgreSQL server."""
    return Postgres.start()


def _engine(type_: str, folder: pathlib.Path, server: str) -> Engine:
    return DuckDb(folder) if type_ == "duckdb" else Postgres(server)


@pytest.fixture(scope="module", params=ENGINES)
def world(
    request: pytest.FixtureRequest,
    server: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> World:
    """The project, with prod built and nothing in dev."""
    folder = tmp_path_factory.mktemp(request.param)
    engine = _engine(request.param, folder, server)
    return _build(World(folder, engine, PROJECTS / "cloning"))


def _prepare(world: World, before: str) -> None:
    """Puts into dev what is to stand there before the clone."""
    world.engine.back("prod")
    if before == "built":
        world.must_dbt("build", "dev")
    elif before == "cloned":
        world.dbt_clone()
    elif before != "absent":
        standing = set(world.engine.relations())
        for node in world.nodes("dev"):
            schema, identifier = node["schema"], node["alias"]
            if f"{schema}.{identifier}" in standing:
                continue
            world.engine.query(f"create schema if not exists {quoted(schema)}")
            world.engine.query(
                f"create {before} {quoted(schema, identifier)} as "
                "select 'before' as was"
            )
    world.engine.keep("before")


def _clone_twice(world: World, *, replace: bool) -> tuple[Relations, Relations]:
    """What dbt leaves of the world that was kept as "before", and doppel."""
    world.engine.back("before")
    world.dbt_clone(*(["--full-refresh"] if replace else []))
    by_dbt = world.engine.relations()
    world.engine.back("before")
    applied = world.doppel_clone(*(["--replace"] if replace else []))
    assert applied.succeeded, applied
    return by_dbt, world.engine.relations()


def _differences(one: Relations, other: Relations) -> set[str]:
    return {name for name in one | other if one.get(name) != other.get(name)}


@pytest.mark.parametrize("replace", [False, True], ids=["keep", "replace"])
@pytest.mark.parametrize(
    ("world", "before"),
    [
        (engine, before)
        for engine in ENGINES
        for before in BEFORE
        # DuckDB has no materialized views.
        if (engine, before) != ("duckdb", "materialized view")
    ],
    indirect=["world"],
)
def test_leaves_behind_what_dbt_leaves_behind(
    world: World, before: str, replace: bool
) -> None:
    """The same kinds and the same rows under every name of the warehouse."""
    _prepare(world, before)
    at_first = world.engine.relations()

    by_dbt, by_doppel = _clone_twice(world, replace=replace)

    assert _differences(by_dbt, by_doppel) == (HARMED if replace else set())
    for name in (*HARMED, "dev.lost"):
        assert by_doppel.get(name) == at_first.get(name)


# The rows of dbt's decisions, by the nodes that fall under them.
TABLES = {
    *("raw_orders", "orders_table", "orders_incremental", "orders_history"),
    *("renamed", "keyed", "refers"),
}
NO_TABLES = {"orders_view", "over_ephemeral", "other_config"}
IN_STATE = {*TABLES, *NO_TABLES, "orders_materialized"}
NOT_IN_STATE = {"brand_new", "only_here", "ephemeral_there"}
EPHEMERAL = {"orders_ephemeral", "ephemeral_here"}


def _each(names: set[str], decision: str) -> dict[str, str]:
    return dict.fromkeys(names, decision)


ALWAYS = {
    **_each(NOT_IN_STATE, "skip not_in_source"),
    **_each(EPHEMERAL, "skip ephemeral"),
    **_each({"shared"}, "skip same_relation"),
    **_each({"left", "right"}, "skip target_taken"),
}
MADE = {
    **ALWAYS,
    **_each(TABLES, "pointer_view no_zero_copy"),
    **_each(
        {*NO_TABLES, "orders_materialized"}, "pointer_view source_not_a_table"
    ),
    **_each({"lost"}, "skip source_missing"),
}
KEPT = {**ALWAYS, **_each({*IN_STATE, "lost"}, "skip target_exists")}


@pytest.mark.parametrize(
    ("before", "words", "decisions"),
    [
        ("absent", (), MADE),
        ("table", (), KEPT),
        ("table", ("--replace",), MADE),
        ("view", ("--replace",), MADE),
    ],
)
def test_gives_its_reason_for_each_node(
    world: World,
    before: str,
    words: tuple[str, ...],
    decisions: dict[str, str],
) -> None:
    """What it does is what dbt does, with the reason."""
    _prepare(world, before)

    assert world.doppel_clone(*words).decisions() == decisions


def test_clones_what_dbt_selects(world: World) -> None:
    """The selection is dbt's own, in dbt's own words."""
    words = (
        "--select",
        "orders_table+",
        "--exclude",
        "config.materialized:table",
    )
    _prepare(world, "absent")
    assert world.dbt_clone(*words)
    by_dbt = world.engine.relations()

    world.engine.back("before")
    assert world.doppel_clone(*words).succeeded

    assert world.engine.relations() == by_dbt
    assert "dev.orders_view" in by_dbt
    assert "dev.orders_table" not in by_dbt


def test_dbt_destroys_what_it_clones_onto_itself(world: World) -> None:
    """Prod onto prod: dbt says that all went well, and every row is gone."""
    world.engine.back("prod")
    at_first = world.engine.relations()
    words = ("--select", "orders_table", "shared")
    names = ("prod.orders_table", "shared.shared")

    refused = world.doppel_clone(*words, "--replace", target="prod")

    assert "SELF_CLONE" in refused.reason
    assert world.engine.relations() == at_first
    assert all(at_first[name].rows for name in names)
    assert world.dbt_clone(*words, "--full-refresh", target="prod")
    by_dbt = world.engine.relations()
    lost = Relation("view", UNREADABLE)
    for name in names:
        assert by_dbt.get(name, lost) == lost


def test_dbt_fails_where_a_source_is_missing(world: World) -> None:
    """Doppel tells before it does anything, and skips it or refuses all."""
    _prepare(world, "table")
    words = ("--select", "lost", "orders_view")

    applied = world.doppel_clone(*words, "--replace")
    refused = world.doppel_clone(*words, "--replace", "--fail-on-missing")

    assert applied.succeeded
    assert applied.decisions()["lost"] == "skip source_missing"
    assert "PLAN_HAS_ERRORS" in refused.reason
    assert "prod" in refused.reason
    assert "lost" in refused.reason
    target = Relation("table", "('before',)")
    assert world.engine.relations()["dev.lost"] == target
    world.engine.back("before")
    assert not world.dbt_clone(*words, "--full-refresh")


def test_dbt_drops_what_depends_on_the_target(world: World) -> None:
    """A view of somebody else's goes without a word; doppel says whose it is.

    Only where views hold their sources: in DuckDB they read what has the name.
    """
    _prepare(world, "table")
    world.engine.query(
        "create view dev_custom.report as select * from dev.orders_table"
    )
    world.engine.keep("before")
    report = world.engine.relations()["dev_custom.report"]
    words = ("--select", "orders_table", "orders_view")

    applied = world.doppel_clone(*words, "--replace")
    by_doppel = world.engine.relations()
    world.engine.back("before")
    assert world.dbt_clone(*words, "--full-refresh")
    by_dbt = world.engine.relations()

    assert by_doppel["dev.orders_view"] == by_dbt["dev.orders_view"]
    if world.engine.type == "duckdb":
        assert applied.succeeded
        assert by_doppel == by_dbt
        return
    assert "dev_custom.report" not in by_dbt
    assert not applied.succeeded
    assert "view dev_custom.report depends on table" in applied.output
    [warning] = applied.plan["warnings"]
    assert warning["name"] == "TargetIsHeld"
    assert '"dev_custom"."report" depends on it' in warning["message"]
    assert by_doppel["dev_custom.report"] == report
    assert by_doppel["dev.orders_table"] == Relation("table", "('before',)")


def test_dbt_drops_what_reads_a_view_and_doppel_keeps_it(world: World) -> None:
    """A view takes its new text in its place, and its readers stay."""
    _prepare(world, "cloned")
    world.engine.query(
        "create view dev_custom.report as select * from dev.orders_view"
    )
    world.engine.keep("before")
    report = world.engine.relations()["dev_custom.report"]
    words = ("--select", "orders_view")

    applied = world.doppel_clone(*words, "--replace")
    by_doppel = world.engine.relations()
    world.engine.back("before")
    assert world.dbt_clone(*words, "--full-refresh")
    by_dbt = world.engine.relations()

    assert applied.succeeded
    assert by_doppel["dev_custom.report"] == report
    harmed = {"dev_custom.report"} if world.engine.type == "postgres" else set()
    assert _differences(by_dbt, by_doppel) == harmed


def test_makes_anew_only_what_has_drifted(world: World) -> None:
    """Where dbt has "never" and "everything", for tables of one's own.

    DuckDB does not tell that rows were deleted: there every copy is made anew.
    """
    words = ("--select", "orders_table", "keyed", "--no-zero-copy", "copy")
    _prepare(world, "absent")
    made = world.doppel_clone(*words, store="reconciling")
    world.engine.query("delete from prod.orders_table where id = 1")
    kept = world.engine.relations()["dev.orders_table"]

    again = world.doppel_clone(*words, "--reconcile", store="reconciling")
    relations = world.engine.relations()

    assert made.decisions() == _each(
        {"orders_table", "keyed"}, "copy_table copy_requested"
    )
    assert again.succeeded
    tells = world.engine.type == "postgres"
    assert again.decisions() == {
        "orders_table": "copy_table drifted",
        "keyed": "skip up_to_date" if tells else "copy_table drifted",
    }
    assert relations["dev.orders_table"] == relations["prod.orders_table"]
    assert relations["dev.orders_table"] != kept
    assert world.dbt_clone(*words[:3])
    assert world.engine.relations() == relations


@pytest.mark.parametrize("engine", ENGINES)
def test_takes_any_name_that_dbt_takes(
    engine: str, server: str, tmp_path: pathlib.Path
) -> None:
    """Reserved words, other scripts, punctuation, the longest names."""
    world = World(
        tmp_path,
        _engine(engine, tmp_path, server),
        PROJECTS / "odd_names",
        schemas=("Prod", "d\u00e9v"),
    )
    world.must_dbt("build", "prod")
    world.must_dbt("parse", "dev")
    world.engine.keep("before")

    by_dbt, made = _clone_twice(world, replace=False)
    world.engine.keep("before")
    again_by_dbt, replaced = _clone_twice(world, replace=True)

    assert made == by_dbt
    assert replaced == again_by_dbt
    assert made["d\u00e9v_my schema.a b.c; --"] == Relation(
        "view", made["Prod.plain"].rows
    )
    assert len(made) == 2 * len(world.nodes("dev"))


@pytest.mark.parametrize("engine", ENGINES)
def test_takes_names_that_a_project_does_not_quote(
    engine: str, server: str, tmp_path: pathlib.Path
) -> None:
    """Each engine folds them in its own way.

    DuckDB keeps the case of a name and does not look at it; dbt looks at it,
    finds "an approximate match", and gives up on the node. Doppel goes by the
    engine's rule.
    """
    world = World(
        tmp_path, _engine(engine, tmp_path, server), PROJECTS / "odd_names"
    )
    settings = world.project / "dbt_project.yml"
    project = yaml.safe_load(settings.read_text())
    project["quoting"] = dict.fromkeys(
        ("database", "schema", "identifier"), False
    )
    project["models"] = {"odd_names": {"quoted": {"+enabled": False}}}
    settings.write_text(yaml.safe_dump(project))
    world.must_dbt("build", "prod")
    world.must_dbt("parse", "dev")
    world.engine.keep("before")

    by_dbt, made = _clone_twice(world, replace=False)

    given_up = {"dev.MixedCase"} if engine == "duckdb" else set()
    assert _differences(by_dbt, made) == given_up
    assert given_up <= set(made)
    assert len(made) == 2 * len(world.nodes("dev"))
