"""Makes a synthetic manifest, section by section."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from synthetic import shapes
from synthetic.macros import GENERIC_TESTS, PROJECT_MACRO_COUNT, generate_macros
from synthetic.plan import (
    DOMAINS,
    ENTITIES,
    LAYER_ENDS,
    LAYERS,
    PROJECT,
    Counts,
    Edges,
    Model,
    Options,
    plan_models,
)
from synthetic.shapes import Json

COLUMNS = (
    ("record_id", "bigint"),
    ("status", "varchar"),
    ("amount", "decimal(18,2)"),
    ("created_at", "timestamp"),
    ("currency", "varchar"),
    ("quantity", "integer"),
    ("is_active", "boolean"),
    ("updated_at", "timestamp"),
    ("région", "varchar"),
)


@dataclass(frozen=True)
class Input:
    """Something that a model selects from.

    Attributes:
        unique_id: The node or source that it reads.
        raw: The call in its Jinja.
        compiled: The relation in its compiled SQL.
        ref: The name that it refs, if it does not read a source.
        source: The source's name and table, if it reads one.
    """

    unique_id: str
    raw: str
    compiled: str
    ref: str | None = None
    source: tuple[str, str] | None = None


def model_body(
    model: Model, inputs: list[str], macro: str, padding: int
) -> str:
    """Return a model's SQL that reads the expressions in `inputs`."""
    names = [name for name, _ in COLUMNS[: 3 + model.index % 5]]
    lines = [f"    input_0.{name}," for name in names]
    lines.append(f"    {macro} as measure_{model.index % 97}")
    filler = (
        "    -- kept for the reconciliation with the ledger, see the handbook"
    )
    lines[:0] = [filler] * (padding // len(filler))
    joins = [
        f"left join {text} as input_{i}\n"
        f"    on input_0.record_id = input_{i}.record_id"
        for i, text in enumerate(inputs)
        if i > 0
    ]
    return "\n".join(
        [
            "select",
            *lines,
            f"from {inputs[0]} as input_0",
            *joins,
            f"where input_0.quantity >= {model.index % 13}",
        ]
    )


class Generator:
    """Makes the sections of one manifest, in the order of `sections`.

    Later sections need what earlier ones recorded, so each is made once.
    """

    def __init__(self, options: Options) -> None:
        """Plan the project.

        Raises:
            ValueError: Too few nodes, or more edits than models.
        """
        self._options = options
        self._counts = Counts.for_nodes(options.nodes)
        if not 0 <= options.edit <= self._counts.models:
            limit = self._counts.models
            raise ValueError(f"--edit must be 0 to {limit}, not {options.edit}")
        self._rng = random.Random(options.seed)
        self._models = plan_models(self._rng, self._counts.models)
        # Its own generator: an edit may not disturb what follows it.
        chooser = random.Random(f"edit {options.seed}")
        self._edited = set(
            chooser.sample(range(len(self._models)), options.edit)
        )
        self._edges = Edges()

    def sections(self) -> Iterator[tuple[str, Json | Iterator[Json]]]:
        """Yield each section: a whole object, or entries with a unique id."""
        yield "metadata", shapes.metadata(str(self._options))
        yield "nodes", self._nodes()
        yield "sources", self._sources()
        yield (
            "macros",
            generate_macros(random.Random(f"macros {self._options.seed}")),
        )
        yield "docs", {}
        yield "exposures", self._exposures()
        yield "metrics", {}
        yield "groups", map(shapes.group_entry, DOMAINS)
        yield "selectors", shapes.selectors()
        yield "disabled", {}
        yield "parent_map", dict(self._edges.parent_map())
        yield "child_map", dict(self._edges.child_map())
        yield "group_map", self._group_map()
        for name in (
            "saved_queries",
            "semantic_models",
            "unit_tests",
            "functions",
        ):
            yield name, {}

    def _schema(self, suffix: str) -> str:
        return f"{self._options.environment}_{suffix}"

    def _nodes(self) -> Iterator[Json]:
        nodes = itertools.chain(
            map(self._seed, range(self._counts.seeds)),
            map(self._model, self._models),
            map(self._snapshot, range(self._counts.snapshots)),
            map(self._test, range(self._counts.tests)),
        )
        return (
            map(shapes.without_compiled, nodes)
            if self._options.parsed
            else nodes
        )

    def _seed_name(self, index: int) -> str:
        return f"seed_{ENTITIES[index % len(ENTITIES)]}_{index:05d}"

    def _seed(self, index: int) -> Json:
        name = self._seed_name(index)
        config = shapes.node_config("seed", "raw", ["raw"])
        config |= {"delimiter": ",", "quote_columns": None}
        node = shapes.base_node(
            "seed", name, f"{name}.csv", self._schema("raw"), config
        )
        node["checksum"] = {"name": "sha256", "checksum": shapes.digest(name)}
        node["unrendered_config"] = {"schema": "raw", "tags": ["raw"]}
        node |= {"root_path": "/srv/synthetic", "depends_on": {"macros": []}}
        self._edges.add(f"seed.{PROJECT}.{name}")
        return node

    def _source_name(self, index: int) -> tuple[str, str]:
        domain = DOMAINS[index % len(DOMAINS)]
        return f"{domain}_app", f"{ENTITIES[index % len(ENTITIES)]}_{index:05d}"

    def _parent_index(self, near: int, before: int, own: int) -> int:
        """Choose a parent: mostly of the layer before, now and then a hub."""
        share = self._rng.random()
        if share < 0.1:
            return int(before * self._rng.random() ** 6)
        if share < 0.25:
            return self._rng.randrange(own)
        return self._rng.randrange(min(near, before - 1), before)

    def _parents(self, model: Model) -> list[Model]:
        """Choose the parents of a model among the models before it."""
        if model.layer == 0:
            return []
        before = max(1, int(LAYER_ENDS[model.layer - 1] * len(self._models)))
        near = 0
        if model.layer > 1:
            near = int(LAYER_ENDS[model.layer - 2] * len(self._models))
        wanted = self._rng.choice((1, 1, 2, 2, 3, 5))
        chosen: dict[int, Model] = {}
        for _ in range(wanted):
            index = self._parent_index(near, before, model.index)
            chosen[index] = self._models[index]
        return list(chosen.values())

    def _inputs(self, model: Model) -> list[Input]:
        """Choose what a model reads: models, or else a seed or a source."""
        parents = self._parents(model)
        if parents:
            return [
                self._ref(parent.unique_id, parent.name, LAYERS[parent.layer])
                for parent in parents
            ]
        if self._rng.random() < 0.1:
            name = self._seed_name(self._rng.randrange(self._counts.seeds))
            return [self._ref(f"seed.{PROJECT}.{name}", name, "raw")]
        app, table = self._source_name(
            self._rng.randrange(self._counts.sources)
        )
        return [
            Input(
                unique_id=f"source.{PROJECT}.{app}.{table}",
                raw=f"{{{{ source('{app}', '{table}') }}}}",
                compiled=shapes.relation(app, table),
                source=(app, table),
            )
        ]

    def _ref(self, unique_id: str, name: str, suffix: str) -> Input:
        compiled = shapes.relation(self._schema(suffix), name)
        return Input(unique_id, f"{{{{ ref('{name}') }}}}", compiled, ref=name)

    def _model(self, model: Model) -> Json:
        layer = LAYERS[model.layer]
        tags = [layer, *(["nightly"] if model.index % 4 == 0 else [])]
        path = f"{model.folder}/{model.name}.sql"
        config = shapes.model_config(model, tags)
        node = shapes.base_node(
            "model", model.name, path, self._schema(layer), config
        )
        node |= self._model_sql(model, path)
        node |= shapes.model_fields(model, tags)
        sha256 = shapes.digest(str(node["raw_code"]))
        node["checksum"] = {"name": "sha256", "checksum": sha256}
        node["columns"] = {
            name: shapes.column(
                name, kind if model.layer > 3 else None, f"The {name}."
            )
            for name, kind in COLUMNS[: model.index % 4]
        }
        if model.is_ephemeral:
            node["relation_name"] = None
        return node

    def _model_sql(self, model: Model, path: str) -> Json:
        inputs = self._inputs(model)
        ids = [each.unique_id for each in inputs]
        macro = f"helper_{self._rng.randrange(PROJECT_MACRO_COUNT):03d}"
        padding = self._options.model_padding // 2
        edit = "\nlimit 1000000" if model.index in self._edited else ""
        call = f"{{{{ {macro}('input_0.amount') }}}}"
        raw = model_body(model, [i.raw for i in inputs], call, padding)
        rendered = f"coalesce(input_0.amount, 0) /* {macro} */"
        compiled = model_body(
            model, [i.compiled for i in inputs], rendered, padding
        )
        self._edges.add(model.unique_id, ids)
        return shapes.sql_fields(
            raw + edit, compiled + edit, f"models/{path}"
        ) | {
            "refs": [shapes.ref(i.ref) for i in inputs if i.ref is not None],
            "sources": [list(i.source) for i in inputs if i.source is not None],
            "depends_on": {
                "macros": [f"macro.{PROJECT}.{macro}"],
                "nodes": ids,
            },
        }

    def _snapshot(self, index: int) -> Json:
        model = self._relational_model()
        name = f"snapshot_{index:05d}"
        path = f"{name}.sql"
        config = shapes.node_config("snapshot", "history", ["history"]) | {
            "unique_key": "record_id",
            "strategy": "timestamp",
            "updated_at": "updated_at",
            "check_cols": None,
            "target_schema": None,
            "target_database": None,
        }
        schema = self._schema("history")
        node = shapes.base_node("snapshot", name, path, schema, config)
        table = shapes.relation(self._schema(LAYERS[model.layer]), model.name)
        raw = f"select * from {{{{ ref('{model.name}') }}}}"
        node |= shapes.sql_fields(
            raw, f"select * from {table}", f"snapshots/{path}"
        )
        node["checksum"] = {"name": "sha256", "checksum": shapes.digest(raw)}
        node["fqn"] = [PROJECT, name, name]
        node["unrendered_config"] = {
            "schema": "history",
            "strategy": "timestamp",
        }
        self._depend(node, [model], [])
        return node

    def _relational_model(self) -> Model:
        while True:
            model = self._rng.choice(self._models)
            if not model.is_ephemeral:
                return model

    def _depend(
        self, node: Json, models: list[Model], macros: list[str]
    ) -> None:
        """Make a node depend on models, in its own fields and in the edges."""
        ids = [model.unique_id for model in models]
        node["refs"] = [shapes.ref(model.name) for model in models]
        node["depends_on"] = {"macros": macros, "nodes": ids}
        self._edges.add(str(node["unique_id"]), ids)

    def _test(self, index: int) -> Json:
        model = self._models[index % len(self._models)]
        kind = self._rng.choice(GENERIC_TESTS)
        column = COLUMNS[index % 4][0]
        name = f"{kind}_{model.name}_{column}_{index}"
        config = shapes.test_config("warn" if index % 20 == 0 else "ERROR")
        schema = self._schema("dbt_test__audit")
        node = shapes.base_node("test", name, f"{name}.sql", schema, config)
        table = shapes.relation(self._schema(LAYERS[model.layer]), model.name)
        compiled = (
            f"\n    \n    \n\nselect {column}\nfrom {table}\n"
            f"where {column} is null\n\n\n"
        )
        file = f"models/{model.folder}/schema.yml"
        raw = f"{{{{ test_{kind}(**_dbt_generic_test_kwargs) }}}}"
        node |= shapes.sql_fields(raw, compiled, f"{file}/{name}.sql")
        node |= shapes.generic_test_fields(model, kind, column, name)
        tested = [model]
        if kind == "relationships":
            other = self._relational_model()
            tested = [model] if other is model else [other, model]
        self._depend(node, tested, [f"macro.dbt.test_{kind}"])
        return node

    def _group_map(self) -> Json:
        members: dict[str, list[str]] = {domain: [] for domain in DOMAINS}
        for model in self._models:
            if model.layer >= 4:
                members[model.domain].append(model.unique_id)
        return {domain: sorted(ids) for domain, ids in members.items()}

    def _sources(self) -> Iterator[Json]:
        for index in range(self._counts.sources):
            entry = shapes.source_entry(*self._source_name(index))
            self._edges.add(str(entry["unique_id"]))
            yield entry

    def _exposures(self) -> Iterator[Json]:
        for index in range(self._counts.exposures):
            # Two draws may meet: a dashboard names each model once.
            drawn = [self._relational_model() for _ in range(3)]
            models = list({model.index: model for model in drawn}.values())
            entry = shapes.exposure_entry(index)
            self._depend(entry, models, [])
            yield entry
