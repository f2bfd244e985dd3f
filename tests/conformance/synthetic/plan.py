"""What a synthetic project holds: how much of what, and which models."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

PROJECT = "synthetic"
MODELS_IN_A_FOLDER = 25
LAYERS = ("staging", "base", "intermediate", "core", "marts", "reports")
# The share of all models that lie in or below each of the layers.
LAYER_ENDS = (0.22, 0.34, 0.58, 0.76, 0.92, 1.0)
DOMAINS = (
    "billing", "catalogue", "customers", "fleet", "fulfilment", "inventory",
    "logistics", "marketing", "people", "pricing", "returns", "support",
)  # fmt: skip
ENTITIES = (
    "accounts", "addresses", "agreements", "campaigns", "carriers", "contacts",
    "deliveries", "invoices", "ledgers", "orders", "payments", "positions",
    "refunds", "routes", "sessions", "shipments", "tickets", "vouchers",
)  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What to generate.

    Attributes:
        nodes: How many nodes, sources and exposures there are together.
        seed: Chooses names, sizes and edges.
        edit: How many models have other code than they have with 0.
        environment: The schemas' prefix, as a dbt target's schema is.
        model_padding: Bytes that each model's code is lengthened by.
        parsed: Leave out what only compiling gives, as `dbt parse` does.
    """

    nodes: int = 10_000
    seed: int = 1
    edit: int = 0
    environment: str = "prod"
    model_padding: int = 0
    parsed: bool = False


@dataclass(frozen=True)
class Counts:
    """How many of each resource type make up a manifest."""

    NODES_PER_MODEL: ClassVar[float] = 2.417

    models: int
    tests: int
    seeds: int
    sources: int
    snapshots: int
    exposures: int

    @classmethod
    def for_nodes(cls, nodes: int) -> Counts:
        """Split `nodes` in the proportions of real projects.

        Raises:
            ValueError: There are fewer than 10 nodes, too few for a graph.
        """
        if nodes < 10:
            raise ValueError(f"--nodes must be at least 10, not {nodes}")
        models = round(nodes / cls.NODES_PER_MODEL)
        rest = (
            max(1, models // 100),
            max(1, models // 20),
            models // 500,
            models // 200,
        )
        return cls(models, nodes - models - sum(rest), *rest)


@dataclass(frozen=True)
class Model:
    """A model's place in the project; its body is made when it is written."""

    index: int
    name: str
    layer: int
    domain: str
    folder: str
    materialized: str

    @property
    def unique_id(self) -> str:
        """Dbt's id of the model."""
        return f"model.{PROJECT}.{self.name}"

    @property
    def is_ephemeral(self) -> bool:
        """Whether the model has no relation of its own."""
        return self.materialized == "ephemeral"


def layer_of(index: int, count: int) -> int:
    """Return the layer of the model at `index` among `count` models."""
    share = (index + 0.5) / count
    return next(i for i, end in enumerate(LAYER_ENDS) if share <= end)


def materialization(rng: random.Random, layer: int) -> str:
    """Choose how a model of `layer` is materialized."""
    if layer < 2:
        return "view"
    if layer == 2:
        return rng.choice(("view", "view", "ephemeral", "table"))
    return rng.choice(("table", "table", "table", "incremental", "view"))


def plan_models(rng: random.Random, count: int) -> list[Model]:
    """Lay out `count` models over layers, domains and folders."""
    models = []
    for index in range(count):
        layer = layer_of(index, count)
        domain = rng.choice(DOMAINS)
        group = index // (MODELS_IN_A_FOLDER * len(DOMAINS))
        models.append(
            Model(
                index=index,
                name=f"{LAYERS[layer]}_{domain}__{rng.choice(ENTITIES)}_{index:06d}",
                layer=layer,
                domain=domain,
                folder=f"{LAYERS[layer]}/{domain}/area_{group:03d}",
                materialized=materialization(rng, layer),
            )
        )
    return models


class Edges:
    """Parents and children of everything that was written so far."""

    def __init__(self) -> None:
        self._parents: dict[str, list[str]] = {}

    def add(self, unique_id: str, parents: Iterable[str] = ()) -> None:
        """Record a node and what it depends on."""
        self._parents[unique_id] = sorted(set(parents))

    def parent_map(self) -> dict[str, list[str]]:
        """Return each id with its parents, sorted."""
        return self._parents

    def child_map(self) -> dict[str, list[str]]:
        """Return each id with its children, sorted."""
        children: dict[str, list[str]] = {key: [] for key in self._parents}
        for child, parents in self._parents.items():
            for parent in parents:
                children[parent].append(child)
        return {key: sorted(ids) for key, ids in children.items()}
