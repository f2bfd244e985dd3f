#include "tools/bench/manifest_walk.h"

#include <simdjson.h>

#include <optional>
#include <string_view>
#include <utility>

#include "service/manifest/node_fields.h"

namespace doppel::bench {

namespace ondemand = simdjson::ondemand;
using ondemand::json_type;

namespace {

// What stands between the quotes of a field's key. The key ends where the
// bytes go back from its value over a colon to a quote.
inline absl::string_view KeyBytes(ondemand::field& field) {
  const char* begin = field.key().raw();
  const char* end = field.value().raw_json_token().data();
  do {
    --end;
  } while (end > begin && *end != '"');
  return {begin, static_cast<size_t>(end - begin)};
}

size_t WalkValue(ondemand::value value);

// Calls `visit(field)` for each member and adds up what it returns.
template <typename Visit>
size_t VisitMembers(ondemand::value value, Visit visit) {
  size_t bytes = 0;
  ondemand::object object;
  if (value.get_object().get(object)) return 0;
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field)) return bytes;
    bytes += visit(field);
  }
  return bytes;
}

size_t WalkArray(ondemand::value value) {
  size_t bytes = 0;
  ondemand::array array;
  if (value.get_array().get(array)) return 0;
  for (auto member : array) {
    ondemand::value element;
    if (std::move(member).get(element)) return bytes;
    bytes += WalkValue(element);
  }
  return bytes;
}

size_t WalkValue(ondemand::value value) {
  json_type type;
  if (value.type().get(type)) return 0;
  switch (type) {
    case json_type::object:
      return VisitMembers(value, [](ondemand::field& field) {
        std::string_view key;
        if (field.unescaped_key().get(key)) return size_t{0};
        return key.size() + WalkValue(field.value());
      });
    case json_type::array:
      return WalkArray(value);
    case json_type::string: {
      std::string_view text;
      return value.get_string().get(text) ? 0 : text.size();
    }
    case json_type::number: {
      ondemand::number number;
      return value.get_number().get(number) ? 0 : sizeof(double);
    }
    case json_type::boolean: {
      bool truth = false;
      return value.get_bool().get(truth) ? 0 : size_t{truth};
    }
    default:
      return 0;
  }
}

size_t WalkNode(manifest::Section section, ondemand::value value) {
  return VisitMembers(value, [&](ondemand::field& field) -> size_t {
    const manifest::NodeField* known = FindNodeField(section, KeyBytes(field));
    if (known == nullptr || known->kind == manifest::FieldKind::kSpan ||
        known->kind == manifest::FieldKind::kCreatedAt) {
      return 0;
    }
    return WalkValue(field.value());
  });
}

size_t WalkMacro(ondemand::value value) {
  return VisitMembers(value, [](ondemand::field& field) -> size_t {
    const absl::string_view key = KeyBytes(field);
    if (key != "macro_sql" && key != "package_name" && key != "depends_on") {
      return 0;
    }
    return WalkValue(field.value());
  });
}

// Each member of a section, with its unescaped id.
template <typename Walk>
size_t WalkById(ondemand::value value, Walk walk) {
  return VisitMembers(value, [&](ondemand::field& field) {
    std::string_view id;
    if (field.unescaped_key().get(id)) return size_t{0};
    return id.size() + walk(field.value());
  });
}

size_t WalkSection(ondemand::field& field) {
  const absl::string_view name = KeyBytes(field);
  if (name == "metadata" || name == "selectors") {
    return WalkValue(field.value());
  }
  if (name == "macros") return WalkById(field.value(), WalkMacro);
  const std::optional<manifest::Section> section =
      manifest::SectionFromName(name);
  if (!section.has_value()) return 0;
  return WalkById(field.value(), [&](ondemand::value node) {
    return WalkNode(*section, node);
  });
}

}  // namespace

size_t WalkManifest(const manifest::Text& text) {
  ondemand::parser parser;
  ondemand::document document;
  ondemand::value root;
  if (parser
          .iterate(text.view().data(), text.size(),
                   text.size() + manifest::Text::kPadding)
          .get(document)) {
    return 0;
  }
  if (document.get_value().get(root)) return 0;
  return VisitMembers(root, WalkSection);
}

}  // namespace doppel::bench
