"""The selectors.yml that projects are asked with: texts with names in braces.

`SETS` are files that dbt takes. `WRONG` has definitions of one selector, called
`wrong`, that dbt rejects, or takes although they look wrong. (A fault
of another selector, or of a key beside the definition, is not among them: dbt
rejects the project, so that it never is in a manifest. Nor is a value that is
missing: in a manifest that is an empty text.)
"""

from __future__ import annotations

from typing import NamedTuple

# name -> the file's text. The selectors of a set may name each other.
SETS = {
    "texts": """
selectors:
  - {name: one_model, definition: "{model}"}
  - {name: graph, definition: "2+{model}+1"}
  - {name: no_steps, definition: "0+{model}+0"}
  - {name: at, definition: "@{model}"}
  - {name: with_method, definition: "tag:{tag}"}
  - {name: with_operators, definition: "+tag:{tag}+"}
  - {name: config_text, definition: "config.materialized:table"}
  - {name: a_path, definition: "{dir}/*"}
  - {name: a_file, definition: "{file}"}
  - {name: two_words, definition: "{model} {versioned}"}
  - {name: with_comma, definition: "{model},{versioned}"}
  - {name: empty_text, definition: ""}
  - {name: wildcard, definition: "*{model.end}"}
  - {name: nobody, definition: "nobody_at_all"}
  - {name: state_text, definition: "state:modified+"}
  - {name: version_text, definition: "{versioned}.v{version}"}
  - {name: source_text, definition: "source:{source}+"}
  - {name: exposed, definition: "+exposure:*"}
  - {name: "with space", definition: "{model}"}
  - {name: größe, definition: "{seed}"}
""",
    "mappings": """
selectors:
  - {name: short, definition: {tag: "{tag}"}}
  - {name: short_path, definition: {path: "{dir}"}}
  - {name: short_config, definition: {config.materialized: view}}
  - {name: short_meta, definition: {config.meta.{meta}: "{meta.value}"}}
  - {name: short_type, definition: {resource_type: seed}}
  - {name: short_star, definition: {fqn: "*"}}
  - {name: short_plus, definition: {fqn: "+{model}"}}
  - {name: short_state, definition: {state: modified}}
  - {name: truth, definition: {config.enabled: true}}
  - {name: truth_text, definition: {config.enabled: "TRUE"}}
  - {name: untruth, definition: {config.store_failures: false}}
  - {name: number, definition: {method: config.meta.rank, value: 1}}
  - {name: number_text, definition: {method: config.meta.rank, value: "1"}}
  - {name: null_value, definition: {method: config.schema, value: null}}
  - {name: full, definition: {method: fqn, value: "{model}"}}
  - name: parents
    definition: {method: fqn, value: "{model}", parents: true}
  - name: children
    definition: {method: fqn, value: "{model}", children: true}
  - name: both
    definition: {method: tag, value: "{tag}", parents: true, children: true}
  - name: depths
    definition:
      {method: fqn, value: "{model}", parents: true, parents_depth: 1,
       children: true, children_depth: 2}
  - name: depth_alone
    definition: {method: fqn, value: "{model}", parents_depth: 1}
  - name: depth_nothing
    definition: {method: fqn, value: "{model}", parents: true, parents_depth: 0}
  - name: depth_text
    definition:
      {method: fqn, value: "{model}", parents: true, parents_depth: "1"}
  - name: depth_null
    definition:
      {method: fqn, value: "{model}", parents: true, parents_depth: null}
  - name: depth_text_nothing
    definition:
      {method: fqn, value: "{model}", children: true, children_depth: "0"}
  - name: depth_negative
    definition:
      {method: fqn, value: "{model}", parents: true, parents_depth: -1}
  - name: depth_fraction
    definition:
      {method: fqn, value: "{model}", parents: true, parents_depth: 1.9}
  - name: depth_truth
    definition:
      {method: fqn, value: "{model}", parents: true, parents_depth: true}
  - name: at
    definition: {method: fqn, value: "{model}", childrens_parents: true}
  - name: at_and_parents
    definition:
      {method: fqn, value: "{model}", childrens_parents: true, parents: true}
  - name: parents_text
    definition: {method: fqn, value: "{model}", parents: "false"}
  - name: parents_none
    definition: {method: fqn, value: "{model}", parents: 0, children: ""}
  - name: no_parents
    definition: {method: fqn, value: "{model}", parents: false}
  - name: operators_in_value
    definition: {method: fqn, value: "+{model}+"}
  - name: method_in_value
    definition: {method: fqn, value: "tag:{tag}"}
  - name: cautious
    definition:
      {method: fqn, value: "{related}", indirect_selection: cautious}
  - name: buildable
    definition:
      {method: fqn, value: "{related}", indirect_selection: buildable}
  - name: empty
    definition: {method: fqn, value: "{related}", indirect_selection: empty}
  - name: eager
    definition: {method: fqn, value: "{related}", indirect_selection: eager}
  - name: excluding
    definition:
      method: tag
      value: "{tag}"
      children: true
      exclude: ["{model}", {tag: "{tag}"}]
  - name: excluding_one
    definition:
      {method: fqn, value: "*", exclude: [{method: path, value: "{dir}"}]}
  - name: excluding_nothing
    definition: {method: fqn, value: "{model}", exclude: []}
  - name: unknown_key
    definition: {method: fqn, value: "{model}", nobody: true}
  - name: empty_value
    definition: {method: fqn, value: ""}
  - name: with_description
    description: |
      What it is for: "{model}".
    definition: {method: fqn, value: "{model}"}
  - name: access_config
    definition: {method: access, value: public, children: true}
  - name: versions
    definition: {method: version, value: latest}
  - name: tests
    definition: {method: test_type, value: unit}
""",
    "groups": """
selectors:
  - name: union
    definition: {union: ["{model}", "{versioned}", {tag: "{tag}"}]}
  - name: intersection
    definition: {intersection: ["+{model}", {path: "{dir.top}"}]}
  - name: union_of_one
    definition: {union: ["{model}+"]}
  - name: union_of_none
    definition: {union: []}
  - name: intersection_of_none
    definition: {intersection: []}
  - name: nested
    definition:
      union:
        - intersection: [{tag: "{tag}"}, {config.materialized: view}]
        - intersection:
            - {path: "{dir}"}
            - union: [{resource_type: model}, {resource_type: test}]
        - "{seed}"
  - name: union_excluding
    definition: {union: ["{model}+", {exclude: ["{versioned}"]}]}
  - name: union_excluding_first
    definition: {union: [{exclude: ["{model}"]}, "{model}+", "+{model}"]}
  - name: union_excluding_two
    definition:
      union: ["*", {exclude: [{tag: "{tag}"}, {resource_type: test}]}]
  - name: union_excluding_none
    definition: {union: ["{model}+", {exclude: []}]}
  - name: only_excluding
    definition: {union: [{exclude: ["{model}"]}]}
  - name: intersection_excluding
    definition:
      intersection:
        - {method: fqn, value: "{model}", children: true}
        - {resource_type: model}
        - {exclude: [{config.materialized: table}]}
  - name: excluding_nested
    definition:
      union:
        - {method: fqn, value: "*"}
        - exclude:
            - intersection: [{tag: "{tag}"}, {resource_type: model}]
            - union: ["{model}", {exclude: [{test_type: generic}]}]
  - name: exclude_beside
    definition:
      union:
        - "+{model}"
        - {method: tag, value: "{tag}", exclude: ["{model}"]}
        - {path: "{dir}"}
  - name: cautious_parts
    definition:
      union:
        - {method: fqn, value: "{related}", indirect_selection: cautious}
        - {method: fqn, value: "{related.other}", indirect_selection: cautious}
  - name: buildable_parts
    definition:
      union:
        - {method: fqn, value: "{related}", indirect_selection: buildable}
        - {method: fqn, value: "{related.other}", indirect_selection: empty}
  - name: empty_excluded
    definition:
      union:
        - "{related}"
        - exclude:
            - {method: fqn, value: "{related.other}",
               indirect_selection: empty}
  - name: cautious_excluded
    definition:
      union:
        - "{related}"
        - "{related.other}"
        - exclude:
            - {method: fqn, value: "{related.other}",
               indirect_selection: cautious}
  - name: state_changed
    definition:
      union:
        - {method: state, value: modified, children: true,
           indirect_selection: cautious}
        - exclude: [{resource_type: snapshot}, {state: new}]
  - name: unknown_beside
    definition: {union: ["{model}", "nobody", {tag: nobody}]}
  - name: unions_of_unions
    definition: {union: [{union: [{union: ["{model}"]}]}, {union: []}]}
  - name: all_but_tests
    definition:
      intersection: ["*", {exclude: [{test_type: data}, {test_type: unit}]}]
""",
    "references": """
selectors:
  - {name: alpha, definition: "{model}+"}
  - {name: alpine, definition: {tag: "{tag}"}}
  - {name: beta, definition: {method: selector, value: alpha}}
  - name: gamma
    definition:
      union:
        - {method: selector, value: beta}
        - {method: selector, value: alpine}
        - exclude: [{resource_type: test}]
  - name: delta
    definition:
      intersection:
        - {method: selector, value: gamma}
        - {method: selector, value: alpha}
  - name: epsilon
    definition:
      union: ["{seed}", {exclude: [{method: selector, value: alpha}]}]
""",
    "references_since_1.12": """
selectors:
  - {name: alpha, definition: "{model}+"}
  - {name: alpine, definition: {tag: "{tag}"}}
  - {name: by_text, definition: "selector:alpha"}
  - {name: by_wildcard, definition: "selector:alp*"}
  - {name: short, definition: {selector: alpha}}
  - {name: later, definition: {method: selector, value: zeta}}
  - {name: with_parents, definition: "+selector:alpha"}
  - name: with_children
    definition:
      {method: selector, value: alpine, children: true, children_depth: 1}
  - name: at
    definition: {method: selector, value: alpine, childrens_parents: true}
  - name: own_mode
    definition:
      {method: selector, value: alpha, indirect_selection: empty}
  - name: excluding
    definition:
      {method: selector, value: alpha, exclude: [{resource_type: test}]}
  - {name: unknown, definition: {method: selector, value: nobody}}
  - {name: itself, definition: {method: selector, value: itself}}
  - {name: circle, definition: {union: ["{model}", "selector:circle_back"]}}
  - {name: circle_back, definition: "+selector:circle"}
  - {name: all_of_them, definition: "selector:*"}
  - {name: zeta, definition: "{seed}+1"}
""",
    "default": """
selectors:
  - {name: first, definition: {tag: "{tag}"}}
  - {name: usual, default: true, definition: {union: ["{model}+", "{seed}"]}}
  - {name: last, default: false, definition: "*"}
""",
    "default_state": """
selectors:
  - {name: usual, default: true, definition: "state:modified+"}
""",
    "jinja": """
selectors:
  - name: by_target
    definition: "{{ 'tag:nobody' if target.name == 'x' else '*' }}"
  - name: by_variable
    definition:
      method: tag
      value: "{{ var('no_such_tag', 'nobody') }}"
  - name: default_by_target
    default: "{{ target.name != 'x' }}"
    definition: "{model}"
""",
    "none": "selectors: []\n",
}


class Wrong(NamedTuple):
    """A file that is not as it should be, and the selector that is asked for.

    `definition` is a YAML text, which stands as the selector `wrong`, or, where
    it begins with "selectors:", the whole file.
    """

    name: str
    definition: str
    args: list[str] = ["--selector", "wrong"]  # noqa: RUF012, a NamedTuple


WRONG = (
    Wrong("method_unknown", "{method: nobody, value: x}"),
    Wrong("method_unknown_short", "{nobody: x}"),
    Wrong("method_unknown_text", '"nobody:x"'),
    Wrong("method_upper", "{Tag: x}"),
    Wrong("no_method", "{value: x}"),
    Wrong("value_and_parents", "{value: x, parents: true}"),
    Wrong("no_keys", "{}"),
    Wrong("two_shorts", "{tag: a, path: b}"),
    Wrong("a_list", "[a, b]"),
    Wrong("a_number", "5"),
    Wrong("nothing", "null"),
    Wrong("union_a_text", "{union: a}"),
    Wrong("union_a_mapping", "{union: {tag: a}}"),
    Wrong("union_of_numbers", "{union: [1, 2]}"),
    Wrong("union_of_lists", "{union: [[a]]}"),
    Wrong("union_of_null", "{union: [null]}"),
    Wrong("intersection_a_text", "{intersection: a}"),
    Wrong("union_and_intersection", "{union: [a], intersection: [b]}"),
    Wrong("union_and_exclude", "{union: [a], exclude: [b]}"),
    Wrong("union_and_method", "{union: [a], method: tag, value: b}"),
    Wrong("excludes_twice", "{union: [a, {exclude: [b]}, {exclude: [c]}]}"),
    Wrong("exclude_a_text", "{union: [a, {exclude: b}]}"),
    Wrong("exclude_a_mapping", "{method: tag, value: x, exclude: {tag: y}}"),
    Wrong("exclude_alone", "{exclude: [a]}"),
    Wrong("exclude_of_numbers", "{union: [a, {exclude: [1]}]}"),
    Wrong("exclude_unknown", "{union: [a, {exclude: [{nobody: x}]}]}"),
    Wrong(
        "at_and_children",
        "{method: fqn, value: a, childrens_parents: true, children: true}",
    ),
    Wrong("at_and_children_text", '"@a+"'),
    Wrong("depth_a_word", "{method: fqn, value: a, parents_depth: many}"),
    Wrong("depth_a_list", "{method: fqn, value: a, parents_depth: [1]}"),
    Wrong(
        "children_depth_a_word",
        "{method: fqn, value: a, children_depth: x}",
    ),
    Wrong("mode_unknown", "{method: tag, value: a, indirect_selection: all}"),
    Wrong("mode_upper", "{method: tag, value: a, indirect_selection: Eager}"),
    Wrong("mode_null", "{method: tag, value: a, indirect_selection: null}"),
    Wrong("value_type_unknown", "{method: resource_type, value: nobody}"),
    Wrong("value_version", "{method: version, value: 3}"),
    Wrong("value_test_type", "{test_type: nobody}"),
    Wrong("value_state", "{method: state, value: nobody}"),
    Wrong("value_source", "{source: a.b.c.d}"),
    Wrong("value_a_list", "{tag: [a, b]}"),
    Wrong("value_a_number", "{tag: 5}"),
    Wrong("value_a_truth", "{fqn: true}"),
    Wrong("value_null", "{tag: null}"),
    Wrong("path_absolute", "{path: /absolute}"),
    Wrong("nested_wrong", "{union: [a, {intersection: [b, {nobody: c}]}]}"),
    Wrong(
        "two_defaults",
        "selectors:\n"
        "  - {name: wrong, default: true, definition: a}\n"
        "  - {name: other, default: true, definition: b}\n",
        [],
    ),
    Wrong(
        "one_name_twice",
        "selectors:\n"
        "  - {name: wrong, definition: nobody}\n"
        '  - {name: wrong, definition: "*"}\n',
    ),
    Wrong("no_definition", "selectors:\n  - {name: wrong}\n"),
)  # fmt: skip


def text_of(wrong: Wrong) -> str:
    """The whole file."""
    if wrong.definition.startswith("selectors:"):
        return wrong.definition
    return f"selectors:\n  - name: wrong\n    definition: {wrong.definition}\n"
