"""What is asked of a project: forms of selections, filled with its own names.

A form is the arguments of one `dbt ls`, split at spaces, with names in braces
that stand for something of the project's ("{model}", "{tag}"); "␣" is a space
within an argument. Each form is filled more than once; where a project has
nothing of a kind, a name is taken that is nobody's. Beside the forms stand
combinations that are drawn: the same seed gives the same ones.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

SPACE = "␣"
NOBODY = "nobody"

OPERATORS = (
    "{x}", "+{x}", "{x}+", "+{x}+", "1+{x}", "{x}+1", "2+{x}+1", "0+{x}",
    "{x}+0", "3+{x}", "{x}+2", "@{x}", "1+{x}+", "+{x}+1", "99+{x}+99",
    "@+{x}", "@1+{x}",
)  # fmt: skip

# Of one criterion each, so that the drawn ones can be made of them, too.
CRITERIA = """
{model}
{model.name}
{versioned}
{versioned}.v{version}
{versioned}_v{version}
{versioned}.v99
any.where.{versioned}.v{version}
fqn:{model}
fqn:{fqn}
fqn:{fqn.prefix}
fqn:{fqn.prefix}.*
{fqn}
{fqn.prefix}
{fqn.unscoped}
{fqn.unscoped.prefix}
{fqn.suffix}
{fqn.deep}
{package}
{package}.*
*.{model}
*{model.end}
{model.start}*
{model.start}*{model.end}
?{model.tail}
[{model.letter}]{model.tail}
[!{model.letter}]*
*[{model.letter}]*
*.{folder}.*
{folder}
{folder}.*
{folder}.{model.start}*
*.*.{model.start}*
*
{seed}
{snapshot}
{test}
{exposure}
{metric}
{saved_query}
{semantic_model}
{unit_test}
{function}
{analysis}
{source}
{disabled}
{model.upper}
tag:{tag}
tag:{tag.start}*
tag:*
tag:?{tag.tail}
tag:[{tag.letter}]*
tag:{tag.upper}
tag:nobody
tag:
source:{source}
source:{source}.{table}
source:{source}.*
source:*.{table}
source:{package}.{source}.{table}
source:{package}.{source}
source:{package}.*.*
source:*.*.{table}
source:{source.start}*
source:*
source:*.*
source:nobody
source:{source}.
source:
exposure:{exposure}
exposure:{package}.{exposure}
exposure:*.{exposure}
exposure:{exposure.start}*
exposure:*
exposure:nobody
metric:{metric}
metric:{package}.{metric}
metric:{metric.start}*
metric:*
metric:nobody
semantic_model:{semantic_model}
semantic_model:{package}.{semantic_model}
semantic_model:*
saved_query:{saved_query}
saved_query:{package}.{saved_query}
saved_query:*
unit_test:{unit_test}
unit_test:{package}.{unit_test}
unit_test:{unit_test.start}*
unit_test:*
path:{path}
path:{dir}
path:{dir}/
path:./{dir}
path:{dir}/*
path:{dir}/*.sql
path:{dir}/**
path:{dir}/**/*.sql
path:{dir.top}
path:{dir.top}/*/
path:**/{file}
path:**/{file.start}*
path:**
path:*
path:*/*
path:*/*/*.sql
path:{yml}
path:{dir}/*.yml
path:**/*.yml
path:{seed_path}
path:nobody
path:{dir}/nobody.sql
path:{dir.start}*
path:{dir.top}/**/{folder}
path:{dir.top}/?*/[{model.letter}]*
path:{dir.top}/../{dir.top}
{path}
{dir}/
{dir}/*
./{path}
{yml}
*/{file}
{dir.top}/**
file:{file}
file:{file.stem}
file:{file.start}*
file:*.csv
file:*.yml
file:{yml.file}
file:*.sql
file:nobody
{file}
{file.upper}
{seed_file}
*.py
package:{package}
package:this
package:*
package:{package.start}*
package:nobody
config.materialized:{materialized}
config.materialized:table
config.materialized:view
config.materialized:incremental
config.materialized:seed
config.materialized:test
config.materialized:TABLE
config.materialized:tab*
config.enabled:true
config.enabled:True
config.enabled:false
config.severity:error
config.severity:WARN
config.severity:Error
config.tags:{tag}
config.tags:nobody
config.tags.0:{tag}
config.schema:{schema}
config.group:{group}
config.access:public
config.meta.{meta}:{meta.value}
config.meta.owner:nobody
config.meta.nobody:x
config.meta:x
config.nobody:x
config:x
config.contract.enforced:true
config.contract.enforced:TRUE
config.contract.enforced:false
config.docs.show:true
config.store_failures:false
config.quote_columns:true
config.limit:5
config.on_schema_change:ignore
config.persist_docs.relation:true
config.unique_key:{column}
config.{config}:{config.value}
config.{config}:{config.value}
config.{config}:{config.value}
resource_type:model
resource_type:test
resource_type:source
resource_type:seed
resource_type:snapshot
resource_type:exposure
resource_type:metric
resource_type:semantic_model
resource_type:saved_query
resource_type:unit_test
resource_type:analysis
resource_type:function
resource_type:operation
resource_type:macro
resource_type:doc
test_name:{test_name}
test_name:unique
test_name:not_null
test_name:rel*
test_name:*
test_name:?ot_null
test_name:{unit_test}
test_name:{test}
test_name:nobody
test_type:generic
test_type:singular
test_type:data
test_type:schema
test_type:unit
group:{group}
group:{group.start}*
group:*
group:nobody
group:
access:public
access:private
access:protected
access:pub*
access:nobody
version:latest
version:old
version:prerelease
version:none
selector:{selector}
selector:{selector.start}*
selector:*
tag.x:{tag}
fqn.a.b:{model}
source.x:{source}
"""

REJECTED = """
resource_type:models
resource_type:
resource_type:*
test_type:everything
test_type:Generic
version:1
version:newest
version:
version:{version}
nobody:{model}
Tag:{tag}
tags:{tag}
config_materialized:table
.:{model}
.tag:{tag}
state
source:a.b.c.d
exposure:a.b.c
metric:a.b.c
semantic_model:a.b.c
saved_query:a.b.c
unit_test:a.b.c
path:/absolute
path:
path:.
path:./
path:{dir}/**.sql
path:**{file}
/{path}
/
@{model}+
@{model}+1
@1+{model}+
@tag:{tag}+
selector:nobody
result:success
source_status:fresher
state:modified
state:new
wildcard:*
"""

ODD = """
test_type:sing
test_type:uni
test_type:dat
test_type:ular
test_type:a
+
++
1+
+1
1+1
@
@@{model}
+@{model}
+1+{model}
{model}++
{model}+1+
{model}+1+1
{model}+x
1.5+{model}
{model}+-1
{model}:{model}
a-b:{model}
tag:{tag}:x
tag:x:{tag}
tag:+{tag}
+tag:{tag}+
:
:{model}
*:*
{model},
,{model}
,
{model},,{model}
{model}␣␣{model}
␣
␣{model}
{model}␣
{model},␣{model}
tag:{tag},+
[
[]
[!]
[a-
[]*
[!a]*
[z-a]*
[a-m]*
[--z]*
*[
]*
*]*
?
??*
**
***
*.*
*.*.*
*.*.*.*
*.*.*.*.*
*..*
.
..
.{model}
{model}.
{package}.
.*
*.
?*?
{model}*
*{model}*
\\*
\\{model}
'{model}'
"{model}"
{model}#x
{{model}}
({model}␣{model})
$x
größe*
*ü*
*[äöü]*
図*
?書
%
{model.start}[!a-z]{model.end}
*.csv
*.SQL
"""

# More than one word, with other flags.
CALLS = """
--select {a} {b}
--select {a} {b} {c}
--select {a},{b}
--select {a},{b},{c}
--select {a},{b} {c},{a}
--select {a}␣{b}
--select {a},{b}␣{c}
--select {a} --select {b}
-s {a} -s {b} -s {c}
-s {a}
--select {a} --exclude {b}
--select {a} {b} --exclude {c}
--select {a},{b} --exclude {c},{a}
--select {a} --exclude {b} {c}
--select {a} --exclude {b} --exclude {c}
--select {a} --exclude {a}
--select {a} --exclude nobody
--select nobody --exclude {a}
--select nobody nobody
--select nobody {a}
--select {a},nobody
--select +{model}+ --exclude {model}
--select +{model} --exclude 1+{model}
--select {model}+ --exclude {model}+1
--select @{model} --exclude test_type:generic
--exclude {a}
--exclude {a} {b}
--exclude {a},{b}
--exclude tag:{tag}
--exclude *
--exclude source:*
--exclude source:* exposure:* metric:* fqn:*
--exclude resource_type:test
--exclude {model} --resource-type test
--exclude nobody

--resource-type model
--resource-type all
--resource-type default
--resource-type test
--resource-type source
--resource-type seed --resource-type snapshot
--resource-type exposure
--resource-type metric
--resource-type semantic_model
--resource-type saved_query
--resource-type analysis
--resource-type model --select {a}
--resource-type test --select {a}
--resource-type source --select +{model}
--resource-type all --select {a}
--resource-type all --select analysis*
--resource-type source --select fqn:*
--resource-type model --resource-type test --select {a} {b}
--resource-type MODEL --select {model}
--resource-type seed --select {model}
--resource-type nobody
--exclude-resource-type test
--exclude-resource-type model
--exclude-resource-type all
--exclude-resource-type default
--exclude-resource-type test --select {a}
--exclude-resource-type source --exclude-resource-type seed --select +{model}
--exclude-resource-type model --resource-type all --select {a}
--exclude-resource-type model --resource-type model
--exclude-resource-type nobody
--models {model}
--models {model} {versioned}
--models {a}
--models {a} --exclude {b}
--models tag:{tag}
--models +{model}
--models source:*
--models {model} --select {model}
--models {model} --resource-type model
--models {model} --exclude-resource-type test
--models nobody
-m {model}
-m +{model}+
-m {a} {b}
-m {a} --exclude {b}
-m path:{dir}
-m {model} -s {model}
--model {model}
--selector {selector}
--selector {selector}
--selector {selector} --exclude {a}
--selector {selector} --select {a}
--selector {selector} --indirect-selection cautious
--selector {selector} --indirect-selection buildable
--selector {selector} --indirect-selection empty
--selector {selector} --resource-type model
--selector {selector} --exclude-resource-type test
--selector {selector} --models {model}
--selector nobody
--selector {selector.start}*
--select selector:{selector} {a}
--select selector:{selector},{a}
--select +selector:{selector}+1
--select @selector:{selector}
--select {a} --exclude selector:{selector}
--select {a} --indirect-selection nobody
--select nobody --warn-error
--select {model} --warn-error
--select {a} nobody --warn-error
--select {model} --exclude nobody --warn-error
--select {model} --exclude {model} --warn-error
"""

# Each with all four modes.
INDIRECT = """
--select {model}
--select {tested}
--select {tested} {tested}
--select {tested},{tested}
--select +{tested}
--select {tested}+
--select 1+{tested}
--select {tested}+1
--select @{tested}
--select {related}
--select {related} {related.other}
--select {related}+,{related.other}+
--select +{related},+{related.other}
--select 1+{related}
--select tag:{tag}
--select source:{source}
--select source:{source} {tested}
--select path:{dir}
--select {dir}
--select test_name:unique
--select test_type:unit
--select test_type:singular
--select {a} {b}
--select {a},{b}
--select {a} {b} --exclude {c}
--select {related} {related.other} --exclude {tested}
--select * --exclude {related}
--select * --exclude {related} {related.other}
--select package:this --exclude {tested}
--exclude {tested}
--exclude {related} {related.other}
--exclude test_type:generic
--exclude tag:{tag}
--select {versioned}
--select {seed}+1
--select resource_type:model
--select config.materialized:table
--select state:modified
--select state:modified+
--select state:new {related}
--select group:{group}
--select access:public
--select {exposure}
--select +exposure:{exposure}
--select +{test}
--select {test}
--select +test_name:{test_name}
--select 1+test_type:generic
--select +unit_test:{unit_test}
--select selector:{selector}
"""
MODES = ("eager", "cautious", "buildable", "empty")

STATE = """
state:new
state:old
state:modified
state:unmodified
state:modified.body
state:modified.configs
state:modified.persisted_descriptions
state:modified.relation
state:modified.macros
state:modified.contract
state.x:modified
"""
STATE_CALLS = """
--select state:modified+
--select +state:modified+
--select 1+state:modified+1
--select @state:modified
--select state:modified state:new
--select state:modified,{a}
--select state:modified+,tag:{tag}
--select state:modified+,state:old
--select state:modified+,resource_type:model
--select state:modified,config.materialized:view
--select state:modified+ --exclude state:new
--select state:modified --exclude {a}
--select {a} --exclude state:modified
--select {a} --exclude state:modified+
--select state:unmodified --exclude state:modified+
--select state:old,test_type:generic
--select state:new+1,+exposure:*
--select state:modified --resource-type model
--select state:modified --resource-type test
--select state:modified --resource-type source
--select state:modified --exclude-resource-type test
--select state:modified.body+ state:modified.macros+
--select state:modified.body+,state:modified.macros+
--exclude state:modified
--exclude state:unmodified
--exclude state:modified+
-m state:modified+
--selector {selector.state}
--selector {selector.state} --indirect-selection cautious
--select selector:{selector.state},{a}
--select {a}
--select state:modifie
--select state:
--select state:Modified
--select state:modified.
--select state:modified.bodies
--select state:new.body
--select state:deleted
--select state:*
--select @state:modified+
--select result:success
--select source_status:fresher
"""
ARTIFACTS = """
--select result:success
--select result:success+
--select result:error
--select result:error+
--select 1+result:error+
--select result:fail
--select result:fail --indirect-selection empty
--select result:warn
--select result:pass
--select result:skipped
--select result:no-op
--select result:runtime␣error
--select result:*
--select result:Error
--select result:
--select result:nobody
--select result.x:error
--select result:error result:fail
--select result:error+,result:skipped
--select result:error,state:modified
--select result:error+ state:modified+
--select result:success,{a}
--select result:success --exclude result:error+
--select +result:fail --exclude test_type:generic
--select @result:fail
--select result:fail --resource-type test
--select result:fail --resource-type model
--exclude result:success
--exclude result:success result:pass
-m result:error
--select source_status:fresher
--select source_status:fresher+
--select source_status:fresher+1
--select source_status:fresher+,tag:{tag}
--select source_status:fresher+ --exclude source:{source}
--select source_status:fresher --resource-type source
--select source_status:fresher --indirect-selection cautious
--select source_status:stale
--select source_status:
--select source_status:fresh*
--select source_status:fresher result:error
--exclude source_status:fresher+
--select {a}
"""

NAMED = (
    "model", "seed", "snapshot", "test", "exposure", "metric", "saved_query",
    "semantic_model", "unit_test", "function", "analysis",
)  # fmt: skip


class Names:
    """What a project calls its things: word -> names, each once."""

    def __init__(self, manifest: dict[str, Any], selectors: list[str]) -> None:
        """Collects them from a manifest that dbt wrote of the project."""
        self._of: dict[str, list[str]] = {}
        self._root = manifest["metadata"].get("project_name", "")
        self._configs: list[tuple[str, str]] = []
        self._metas: list[tuple[str, str]] = []
        self._related: list[tuple[str, str]] = []
        self._versioned: list[tuple[str, str]] = []
        every = [
            node
            for part in (
                "nodes",
                "sources",
                "exposures",
                "metrics",
                "semantic_models",
                "saved_queries",
                "unit_tests",
                "functions",
            )
            for node in manifest.get(part, {}).values()
        ]
        for node in sorted(every, key=lambda node: str(node["unique_id"])):
            self._take(node, manifest)
        for nodes in manifest["disabled"].values():
            self._add("disabled", nodes[0]["name"])
        for name in selectors:
            self._add("selector", name)
            if re.search("state|chang|modif", name):
                self._add("selector.state", name)

    def pick(self, word: str, draw: random.Random) -> str:
        """A name for a word of a form, "model.start" being a part of one."""
        if word in self._of:
            return draw.choice(self._of[word])
        kind, _, part = word.partition(".")
        if kind in ("config", "meta"):
            pairs = self._configs if kind == "config" else self._metas
            return draw.choice(pairs or [(NOBODY, NOBODY)])[part == "value"]
        if kind == "related":
            pairs = self._related
            return draw.choice(pairs or [(NOBODY, NOBODY)])[part == "other"]
        if kind == "versioned" or kind == "version":
            pairs = self._versioned
            return draw.choice(pairs or [(NOBODY, "1")])[kind == "version"]
        name = draw.choice(self._of.get(kind, [NOBODY]))
        return _part_of(name, part) if part else name

    def fill(self, form: str, draw: random.Random) -> str:
        """The form with names; what stands in for one criterion is drawn."""

        def name(match: re.Match[str]) -> str:
            if match[1] in ("a", "b", "c"):
                return drawn_criterion(self, draw)
            return self.pick(match[1], draw)

        # Pairs must be of one draw: "{versioned}.v{version}".
        if "{version" in form and self._versioned:
            one, version = draw.choice(self._versioned)
            form = form.replace("{versioned}", one).replace(
                "{version}", version
            )
        for kind, pairs in (
            ("config", self._configs),
            ("meta", self._metas),
        ):
            if f"{{{kind}}}" in form and pairs:
                key, value = draw.choice(pairs)
                form = form.replace(f"{{{kind}}}", key).replace(
                    f"{{{kind}.value}}", value
                )
        if "{related.other}" in form and self._related:
            one, other = draw.choice(self._related)
            form = form.replace("{related}", one).replace(
                "{related.other}", other
            )
        return re.sub(r"\{([a-z_.]+)\}", name, form)

    def _add(self, word: str, name: str) -> None:
        # A name that would be two words is nobody's to write.
        if not name or " " in name or "," in name:
            return
        names = self._of.setdefault(word, [])
        if name not in names:
            names.append(name)

    def _take(self, node: dict[str, Any], manifest: dict[str, Any]) -> None:
        kind = node["resource_type"]
        self._add("package", node["package_name"])
        for tag in node.get("tags") or []:
            self._add("tag", tag)
        if kind == "source":
            self._add("source", node["source_name"])
            self._add("table", node["name"])
        elif kind in NAMED:
            self._add(kind, node["name"])
        self._take_place(node, kind)
        self._take_config(node.get("config") or {})
        if kind == "model" and node.get("version") is not None:
            self._versioned.append((node["name"], str(node["version"])))
        if kind == "test":
            self._take_test(node, manifest)

    def _take_place(self, node: dict[str, Any], kind: str) -> None:
        fqn = node["fqn"]
        if kind != "source" and not any(" " in part for part in fqn):
            self._add("fqn", ".".join(fqn))
            self._add("fqn.prefix", ".".join(fqn[:-1]))
            self._add("fqn.unscoped", ".".join(fqn[1:]))
            self._add("fqn.unscoped.prefix", ".".join(fqn[1:-1]))
            self._add("fqn.suffix", ".".join(fqn[-2:]))
            self._add("fqn.deep", ".".join([*fqn, fqn[-1]]))
            for folder in fqn[1:-1]:
                self._add("folder", folder)
        path = PurePosixPath(node["original_file_path"])
        self._add("path", str(path))
        self._add("dir", str(path.parent))
        self._add("dir.top", path.parts[0])
        self._add("file", path.name)
        if kind == "seed":
            self._add("seed_path", str(path))
            self._add("seed_file", path.name)
        patch = (node.get("patch_path") or "").split("://")[-1]
        if patch:
            self._add("yml", patch)
            self._add("yml.file", PurePosixPath(patch).name)

    def _take_config(self, config: dict[str, Any]) -> None:
        self._add("materialized", str(config.get("materialized") or ""))
        self._add("schema", str(config.get("schema") or ""))
        self._add("group", str(config.get("group") or ""))
        unique_key = config.get("unique_key")
        self._add("column", unique_key if isinstance(unique_key, str) else "")
        for key, value in (config.get("meta") or {}).items():
            self._pair(self._metas, key, value)
        for key, value in config.items():
            if isinstance(value, dict):
                for inner, held in value.items():
                    self._pair(self._configs, f"{key}.{inner}", held)
            else:
                self._pair(self._configs, key, value)

    @staticmethod
    def _pair(pairs: list[tuple[str, str]], key: str, value: object) -> None:
        if isinstance(value, list):
            for element in value:
                Names._pair(pairs, key, element)
            return
        text = str(value)
        if not re.fullmatch(r"[\w.]+", key) or re.search(r"[\s,{}+]", text):
            return
        if (key, text) not in pairs:
            pairs.append((key, text))

    def _take_test(
        self, node: dict[str, Any], manifest: dict[str, Any]
    ) -> None:
        if node.get("test_metadata"):
            self._add("test_name", node["test_metadata"]["name"])
        models = [
            manifest["nodes"][parent]["name"]
            for parent in node["depends_on"]["nodes"]
            if parent in manifest["nodes"]
        ]
        for model in models:
            self._add("tested", model)
        if len(set(models)) > 1:
            pair = (models[0], models[1])
            if pair not in self._related:
                self._related.append(pair)


def _part_of(name: str, part: str) -> str:
    half = max(1, len(name) // 2)
    return {
        "name": name,
        "start": name[:half],
        "end": name[half:],
        "tail": name[1:],
        "letter": name[0],
        "upper": name.upper(),
        "stem": name.rsplit(".", 1)[0],
    }.get(part, name)


def _forms(text: str) -> list[str]:
    return text.split("\n")[1:-1]


def _arguments(form: str) -> list[str]:
    return [word.replace(SPACE, " ") for word in form.split(" ") if word]


def drawn_criterion(names: Names, draw: random.Random) -> str:
    """One criterion with or without graph operators."""
    criterion = names.fill(draw.choice(_forms(CRITERIA)), draw)
    operator = draw.choice(OPERATORS) if draw.random() < 0.4 else "{x}"
    return operator.replace("{x}", criterion)


def _drawn_words(names: Names, draw: random.Random) -> list[str]:
    return [
        ",".join(
            drawn_criterion(names, draw)
            for _ in range(draw.choice((1, 1, 1, 2, 2, 3)))
        )
        for _ in range(draw.choice((1, 1, 2, 3)))
    ]


def drawn_call(names: Names, draw: random.Random) -> list[str]:
    """A call of everything that may stand together."""
    args: list[str] = []
    if draw.random() < 0.9:
        args += ["--select", *_drawn_words(names, draw)]
    if draw.random() < 0.5:
        args += ["--exclude", *_drawn_words(names, draw)]
    if draw.random() < 0.5:
        args += ["--indirect-selection", draw.choice(MODES)]
    if draw.random() < 0.3:
        kinds = ("model", "test", "source", "seed", "all", "default")
        flag = draw.choice(("--resource-type", "--exclude-resource-type"))
        args += [flag, draw.choice(kinds)]
    return args


def plain_calls(
    names: Names, draw: random.Random, times: int
) -> Iterator[list[str]]:
    """Every form that needs no state."""
    for form in _forms(CRITERIA):
        for _ in range(times if "{" in form else 1):
            yield ["--select", names.fill(form, draw)]
    for operator in OPERATORS:
        for form in ("{model}", "{tested}", "tag:{tag}", "source:{source}"):
            filled = operator.replace("{x}", form)
            yield ["--select", names.fill(filled, draw)]
    for form in _forms(REJECTED) + _forms(ODD):
        word = names.fill(form.replace(SPACE, " "), draw)
        yield ["--select", word]
    for form in _forms(REJECTED)[::4]:
        yield ["--exclude", names.fill(form, draw)]
    for form in _forms(CALLS):
        for _ in range(times):
            yield _arguments(names.fill(form, draw))
    for form in _forms(INDIRECT):
        if "state:" in form:
            continue
        args = _arguments(names.fill(form, draw))
        for mode in MODES:
            yield [*args, "--indirect-selection", mode]


def state_calls(names: Names, draw: random.Random) -> Iterator[list[str]]:
    """Every form that compares."""
    for form in _forms(STATE):
        yield ["--select", form]
        yield ["--select", form, "--indirect-selection", "empty"]
    for form in _forms(STATE_CALLS):
        yield _arguments(names.fill(form, draw))
    for form in _forms(INDIRECT):
        if "state:" in form:
            args = _arguments(names.fill(form, draw))
            for mode in MODES:
                yield [*args, "--indirect-selection", mode]


def artifact_calls(names: Names, draw: random.Random) -> Iterator[list[str]]:
    """Every form that looks at run_results.json and sources.json."""
    for form in _forms(ARTIFACTS):
        yield _arguments(names.fill(form, draw))
