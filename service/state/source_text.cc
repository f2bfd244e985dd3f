#include "service/state/source_text.h"

#include <simdjson.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace doppel::state {

using manifest::Manifest;
using manifest::Node;

namespace {

namespace dom = simdjson::dom;

// Parses the bytes of a place in a manifest, and hands the element to `use`.
template <typename Use>
void WithElement(const Manifest& manifest, manifest::Span span, Use use) {
  if (span.empty()) return;
  const absl::string_view bytes = manifest.text().at(span);
  dom::parser parser;
  dom::element element;
  // simdjson reads past the end, where the rest of the manifest stands: it
  // would be read as a second value, so the bytes are copied.
  if (parser.parse(bytes.data(), bytes.size(), true).get(element) ==
      simdjson::SUCCESS) {
    use(element);
  }
}

std::optional<std::string> StringAt(const dom::object& object,
                                    std::string_view key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

bool BoolAt(const dom::object& object, std::string_view key, bool otherwise) {
  bool value = otherwise;
  return object[key].get(value) == simdjson::SUCCESS ? value : otherwise;
}

std::vector<std::string> StringsAt(const dom::object& object,
                                   std::string_view key) {
  std::vector<std::string> strings;
  dom::array array;
  if (object[key].get(array) != simdjson::SUCCESS) return strings;
  for (dom::element element : array) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) strings.emplace_back(text);
  }
  return strings;
}

// As dbt's dataclass compares it: what is not there has its default. That a
// flag is null (dbt v2 writes so) is another thing than its default.
std::string FlagAt(const dom::object& object, std::string_view key) {
  dom::element value;
  if (object[key].get(value) != simdjson::SUCCESS) return "true";
  return simdjson::minify(value);
}

std::string TermsOf(const dom::object& object) {
  std::string terms;
  for (std::string_view key : {"type", "name", "expression", "to"}) {
    const std::string text = StringAt(object, key).value_or("");
    absl::StrAppend(&terms, text.size(), ":", text, "|");
  }
  for (std::string_view key : {"warn_unenforced", "warn_unsupported"}) {
    absl::StrAppend(&terms, FlagAt(object, key), "|");
  }
  for (std::string_view key : {"columns", "to_columns"}) {
    for (const std::string& text : StringsAt(object, key)) {
      absl::StrAppend(&terms, text.size(), ":", text, ",");
    }
    absl::StrAppend(&terms, "|");
  }
  return terms;
}

std::vector<Constraint> ConstraintsOf(const dom::element& element) {
  std::vector<Constraint> constraints;
  dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return constraints;
  for (dom::element item : array) {
    dom::object object;
    if (item.get(object) != simdjson::SUCCESS) continue;
    constraints.push_back({StringAt(object, "type").value_or(""),
                           StringAt(object, "name"),
                           StringsAt(object, "columns"), TermsOf(object)});
  }
  return constraints;
}

Column ColumnOf(const dom::object& object) {
  Column column;
  column.name = StringAt(object, "name").value_or("");
  column.description = StringAt(object, "description").value_or("");
  column.data_type = StringAt(object, "data_type");
  dom::element constraints;
  if (object["constraints"].get(constraints) == simdjson::SUCCESS) {
    column.constraints = ConstraintsOf(constraints);
  }
  return column;
}

RemovedModel RemovedModelOf(const dom::object& object) {
  RemovedModel model;
  model.unique_id = StringAt(object, "unique_id").value_or("");
  model.name = StringAt(object, "name").value_or("");
  model.original_file_path =
      StringAt(object, "original_file_path").value_or("");
  model.deprecation_date = StringAt(object, "deprecation_date").value_or("");
  model.is_model = StringAt(object, "resource_type") == "model";
  dom::element version;
  model.versioned =
      object["version"].get(version) == simdjson::SUCCESS && !version.is_null();
  dom::object member;
  if (object["contract"].get(member) == simdjson::SUCCESS) {
    model.contract_enforced = BoolAt(member, "enforced", false);
  }
  if (object["config"].get(member) == simdjson::SUCCESS) {
    model.enabled = BoolAt(member, "enabled", true);
  }
  return model;
}

// `disabled` holds lists of nodes; up to v3 it is itself one list of nodes.
void AddDisabled(const dom::element& element,
                 std::map<std::string, RemovedModel>& models) {
  dom::object object;
  dom::array array;
  if (element.get(array) == simdjson::SUCCESS) {
    for (dom::element item : array) {
      if (item.get(object) != simdjson::SUCCESS) continue;
      RemovedModel model = RemovedModelOf(object);
      std::string id = model.unique_id;
      models.try_emplace(std::move(id), std::move(model));
    }
  } else if (element.get(object) == simdjson::SUCCESS) {
    for (dom::key_value_pair member : object) {
      AddDisabled(member.value, models);
    }
  }
}

// Every string below an element.
void AddStrings(const dom::element& element, std::vector<std::string>& texts) {
  switch (element.type()) {
    case dom::element_type::STRING:
      texts.emplace_back(std::string_view(element));
      break;
    case dom::element_type::ARRAY:
      for (dom::element item : dom::array(element)) AddStrings(item, texts);
      break;
    case dom::element_type::OBJECT:
      for (dom::key_value_pair member : dom::object(element)) {
        AddStrings(member.value, texts);
      }
      break;
    default:
      break;
  }
}

}  // namespace

std::string ReadRawCode(const Manifest& manifest, const Node& node) {
  std::string code;
  WithElement(manifest, node.text, [&](const dom::element& element) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return;
    std::optional<std::string> text = StringAt(object, "raw_code");
    if (!text.has_value()) text = StringAt(object, "raw_sql");
    code = std::move(text).value_or("");
  });
  return code;
}

std::vector<std::string> ReadTemplates(const Manifest& manifest,
                                       const Node& node) {
  std::vector<std::string> texts;
  WithElement(manifest, node.text, [&](const dom::element& element) {
    for (const char* pointer : {"/raw_code", "/raw_sql", "/unrendered_config",
                                "/test_metadata/kwargs", "/unrendered_database",
                                "/unrendered_schema"}) {
      dom::element found;
      if (element.at_pointer(pointer).get(found) == simdjson::SUCCESS) {
        AddStrings(found, texts);
      }
    }
  });
  return texts;
}

void ReadMacroCode(
    const Manifest& manifest,
    absl::FunctionRef<void(absl::string_view, absl::string_view)> use) {
  WithElement(
      manifest, manifest.section("macros"), [&](const dom::element& element) {
        dom::object macros;
        if (element.get(macros) != simdjson::SUCCESS) return;
        for (dom::key_value_pair macro : macros) {
          std::string_view code;
          if (macro.value["macro_sql"].get(code) != simdjson::SUCCESS) {
            continue;
          }
          use({macro.key.data(), macro.key.size()}, {code.data(), code.size()});
        }
      });
}

Columns ReadColumns(const Manifest& manifest, const Node& node) {
  Columns columns;
  WithElement(manifest, node.columns, [&](const dom::element& element) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return;
    for (dom::key_value_pair member : object) {
      dom::object column;
      if (member.value.get(column) != simdjson::SUCCESS) continue;
      columns.emplace(std::string(member.key), ColumnOf(column));
    }
  });
  return columns;
}

std::vector<Constraint> ReadConstraints(const Manifest& manifest,
                                        const Node& node) {
  std::vector<Constraint> constraints;
  WithElement(manifest, node.constraints, [&](const dom::element& element) {
    constraints = ConstraintsOf(element);
  });
  return constraints;
}

std::map<std::string, RemovedModel> ReadDisabled(const Manifest& manifest) {
  std::map<std::string, RemovedModel> models;
  WithElement(
      manifest, manifest.section("disabled"),
      [&](const dom::element& element) { AddDisabled(element, models); });
  return models;
}

}  // namespace doppel::state
