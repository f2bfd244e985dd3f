#include "service/manifest/json_value.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace doppel::manifest {
namespace {

void AppendEscaped(absl::string_view text, std::string& out) {
  out.push_back('"');
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppendFormat(&out, "\\u%04x", c);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

// As Python writes a float: the shortest text that reads as the same value,
// with ".0" where it would look like an integer.
std::string DoubleText(double value) {
  std::string text;
  for (int digits = 15; digits <= 17; ++digits) {
    text = absl::StrFormat("%.*g", digits, value);
    if (std::strtod(text.c_str(), nullptr) == value) break;
  }
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

void AppendJson(const JsonValue& value, std::string& out) {
  switch (value.kind()) {
    case JsonValue::Kind::kNull:
      out += "null";
      return;
    case JsonValue::Kind::kBool:
      out += value.bool_value() ? "true" : "false";
      return;
    case JsonValue::Kind::kInteger:
      absl::StrAppend(&out, value.integer_value());
      return;
    case JsonValue::Kind::kDouble:
      out += DoubleText(value.double_value());
      return;
    case JsonValue::Kind::kString:
      AppendEscaped(value.string_value(), out);
      return;
    case JsonValue::Kind::kArray: {
      char separator = '[';
      for (const JsonValue& element : value.elements()) {
        out.push_back(separator);
        AppendJson(element, out);
        separator = ',';
      }
      out += separator == '[' ? "[]" : "]";
      return;
    }
    case JsonValue::Kind::kObject: {
      char separator = '{';
      for (const JsonMember& member : value.members()) {
        out.push_back(separator);
        AppendEscaped(member.key, out);
        out.push_back(':');
        AppendJson(member.value, out);
        separator = ',';
      }
      out += separator == '{' ? "{}" : "}";
      return;
    }
  }
}

}  // namespace

absl::string_view JsonValue::string_value() const {
  return kind_ == Kind::kString ? absl::string_view(chars_, size_)
                                : absl::string_view();
}

std::span<const JsonValue> JsonValue::elements() const {
  if (kind_ != Kind::kArray) return {};
  return {elements_, size_};
}

std::span<const JsonMember> JsonValue::members() const {
  if (kind_ != Kind::kObject) return {};
  return {members_, size_};
}

const JsonValue* JsonValue::Find(absl::string_view key) const {
  const std::span<const JsonMember> all = members();
  const auto found = std::lower_bound(
      all.begin(), all.end(), key,
      [](const JsonMember& m, absl::string_view k) { return m.key < k; });
  return found != all.end() && found->key == key ? &found->value : nullptr;
}

bool JsonValue::Truthy() const {
  switch (kind_) {
    case Kind::kNull:
      return false;
    case Kind::kBool:
    case Kind::kInteger:
      return integer_ != 0;
    case Kind::kDouble:
      return double_ != 0;
    default:
      return size_ != 0;
  }
}

std::string JsonValue::ToString() const {
  switch (kind_) {
    case Kind::kNull:
      return "None";
    case Kind::kBool:
      return integer_ != 0 ? "True" : "False";
    case Kind::kString:
      return std::string(string_value());
    default:
      return ToJson();
  }
}

std::string JsonValue::ToJson() const {
  std::string out;
  AppendJson(*this, out);
  return out;
}

}  // namespace doppel::manifest
