#include "service/manifest/parse.h"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/builder.h"
#include "service/manifest/json_cursor.h"
#include "service/manifest/metadata_reader.h"
#include "service/manifest/node_fields.h"
#include "service/manifest/node_reader.h"
#include "service/manifest/python_numbers.h"
#include "service/manifest/reader.h"

namespace doppel::manifest {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

absl::Status NotJson(absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestNotJson,
               message);
}

// What can be told by the first bytes.
absl::Status CheckStart(absl::string_view bytes) {
  if (bytes.find_first_not_of(" \t\r\n") == absl::string_view::npos) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestTruncated,
                 "the manifest is empty; send the whole file")
        .With("bytes", bytes.size());
  }
  const auto starts = [&](absl::string_view with) {
    return absl::StartsWith(bytes, with);
  };
  if (starts("\x1f\x8b")) {
    return NotJson("this is gzip, not JSON: unpack it (gunzip) and send that");
  }
  if (starts("\x28\xb5\x2f\xfd") || starts("PK\x03\x04") || starts("BZh")) {
    return NotJson("this is a packed file, not JSON: unpack it and send that");
  }
  if (starts("\xff\xfe") || starts("\xfe\xff")) {
    return NotJson(
        "this is UTF-16; JSON is UTF-8: convert it (iconv -f UTF-16 "
        "-t UTF-8) and send that");
  }
  return absl::OkStatus();
}

absl::Status CheckSize(size_t size, const ParseOptions& options) {
  constexpr size_t kSimdjsonMost = std::numeric_limits<uint32_t>::max();
  const size_t most = std::min(options.max_bytes, kSimdjsonMost);
  if (size <= most) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted, Reason::kManifestTooLarge,
               absl::StrCat("the manifest has ", size, " bytes; at most ", most,
                            " are read"))
      .With("bytes", size)
      .With("max_bytes", most);
}

class Parser {
 public:
  Parser(absl::string_view text, const ParseOptions& options)
      : options_(options),
        text_(text),
        reader_(text, options, builder_),
        node_reader_(&reader_) {}

  absl::Status Run() {
    ondemand::parser parser;
    ondemand::document document;
    DOPPEL_RETURN_IF_JSON_ERROR(
        reader_,
        parser
            .iterate(text_.data(), text_.size(), text_.size() + Text::kPadding)
            .get(document));
    DOPPEL_RETURN_IF_ERROR(ReadRoot(document));
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      return reader_.Failed(simdjson::TAPE_ERROR);
    }
    return Check();
  }

  ManifestBuilder& builder() { return builder_; }

 private:
  using Value = Reader::Value;

  absl::Status ReadRoot(ondemand::document& document) {
    ondemand::json_type type;
    DOPPEL_RETURN_IF_JSON_ERROR(reader_, document.type().get(type));
    if (type != ondemand::json_type::object) {
      return Error(absl::StatusCode::kInvalidArgument, Reason::kNotAManifest,
                   "this is JSON but no object, so it is not a dbt manifest; "
                   "send the manifest.json of a target folder");
    }
    ondemand::object object;
    DOPPEL_RETURN_IF_JSON_ERROR(reader_, document.get_object().get(object));
    for (auto item : object) {
      ondemand::field field;
      DOPPEL_RETURN_IF_JSON_ERROR(reader_, std::move(item).get(field));
      const absl::string_view name = KeyBytes(field);
      reader_.set_section(name);
      DOPPEL_RETURN_IF_ERROR(ReadSection(name, field.value()));
      DOPPEL_RETURN_IF_ERROR(AddSection(name, field.value()));
    }
    reader_.set_section("");
    return absl::OkStatus();
  }

  absl::Status ReadSection(absl::string_view name, Value value) {
    if (name == "metadata") {
      has_metadata_ = true;
      return ReadMetadata(reader_, value);
    }
    if (name == "macros") return ReadMacros(value);
    if (name == "disabled") return ReadDisabled(value);
    if (name == "selectors") return ReadSelectors(value);
    if (name == "project_configuration") has_project_configuration_ = true;
    const std::optional<Section> section = SectionFromName(name);
    return section.has_value() ? ReadNodes(*section, value)
                               : reader_.Skip(value);
  }

  // Python would let the second of two equal members win, whole; dbt writes
  // none twice.
  absl::Status AddSection(absl::string_view name, Value value) {
    const Span span = reader_.SpanOf(value);
    for (absl::string_view seen : sections_) {
      if (seen == name) {
        return Error(absl::StatusCode::kInvalidArgument,
                     Reason::kManifestBroken,
                     absl::StrCat("the manifest has \"", name,
                                  "\" twice; let dbt write it again"))
            .With("path", name);
      }
    }
    sections_.push_back(name);
    if (!span.empty()) builder_.AddSection(name, span);
    return absl::OkStatus();
  }

  // Calls `read(unique id, value)` for each member of a section.
  template <typename Read>
  absl::Status ReadById(Value value, Read read) {
    return reader_.ReadMembers(
        value, [&](absl::string_view key, Value member) -> absl::Status {
          reader_.set_key(key);
          const std::optional<absl::string_view> id = ids_.Unescape(key);
          if (!id.has_value()) return reader_.Failed(simdjson::STRING_ERROR);
          DOPPEL_RETURN_IF_ERROR(read(*id, member));
          reader_.set_key("");
          return absl::OkStatus();
        });
  }

  absl::Status ReadNodes(Section section, Value value) {
    return ReadById(value, [&](absl::string_view id, Value member) {
      if (builder_.node_count() >= options_.max_nodes) return TooManyNodes();
      return node_reader_.Read(section, id, member);
    });
  }

  absl::Status ReadMacros(Value value) {
    return ReadById(value, [&](absl::string_view id, Value member) {
      return ReadMacro(reader_, id, member);
    });
  }

  // Unique ids with a list of nodes each; up to v3 one list of nodes.
  absl::Status ReadDisabled(Value value) {
    ondemand::json_type type;
    DOPPEL_RETURN_IF_JSON_ERROR(reader_, value.type().get(type));
    if (type != ondemand::json_type::array) {
      return ReadById(value, [&](absl::string_view id, Value member) {
        builder_.AddDisabled(id);
        return reader_.Skip(member);
      });
    }
    ondemand::array array;
    DOPPEL_RETURN_IF_JSON_ERROR(reader_, value.get_array().get(array));
    for (auto item : array) {
      Value node;
      DOPPEL_RETURN_IF_JSON_ERROR(reader_, std::move(item).get(node));
      DOPPEL_RETURN_IF_ERROR(ReadDisabledNode(node));
    }
    return absl::OkStatus();
  }

  absl::Status ReadDisabledNode(Value value) {
    return reader_.ReadMembers(
        value, [&](absl::string_view key, Value member) -> absl::Status {
          if (key != "unique_id") return reader_.Skip(member);
          std::optional<absl::string_view> id;
          DOPPEL_RETURN_IF_ERROR(reader_.ReadText(member, &id));
          if (id.has_value()) builder_.AddDisabled(*id);
          return absl::OkStatus();
        });
  }

  absl::Status ReadSelectors(Value value) {
    const JsonValue* selectors = nullptr;
    DOPPEL_RETURN_IF_ERROR(reader_.ReadValue(value, &selectors));
    if (selectors != nullptr && !selectors->is_object()) {
      return reader_.Unexpected("an object", value);
    }
    builder_.set_selectors(selectors);
    return absl::OkStatus();
  }

  absl::Status TooManyNodes() const {
    return Error(absl::StatusCode::kResourceExhausted,
                 Reason::kManifestTooManyNodes,
                 absl::StrCat("the manifest has more than ", options_.max_nodes,
                              " nodes, which is the most "
                              "that is read"))
        .With("max_nodes", options_.max_nodes);
  }

  // What can be told only when all was read.
  absl::Status Check() {
    if (!has_metadata_) return NoMetadata(has_project_configuration_);
    const bool has_nodes = std::find(sections_.begin(), sections_.end(),
                                     "nodes") != sections_.end();
    if (!has_nodes) {
      return Error(absl::StatusCode::kInvalidArgument, Reason::kNotAManifest,
                   "this has the metadata of a dbt manifest but no \"nodes\"; "
                   "let dbt write it again")
          .With("path", "nodes");
    }
    if (builder_.metadata().schema_version <= kLastVersionOfOldMetrics) {
      builder_.DropMetrics();
    }
    return absl::OkStatus();
  }

  const ParseOptions& options_;
  absl::string_view text_;
  ManifestBuilder builder_;
  Reader reader_;
  NodeReader node_reader_;
  Unescaper ids_;
  std::vector<absl::string_view> sections_;
  bool has_metadata_ = false;
  bool has_project_configuration_ = false;
};

}  // namespace

namespace {

absl::StatusOr<std::shared_ptr<const Manifest>> ParseJson(
    Text text, std::string digest, const ParseOptions& options) {
  Parser parser(text.view(), options);
  DOPPEL_RETURN_IF_ERROR(parser.Run());
  return parser.builder().Build(std::move(text), std::move(digest));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Manifest>> ParseManifest(
    Text text, std::string digest, const ParseOptions& options) {
  DOPPEL_RETURN_IF_ERROR(CheckSize(text.size(), options));
  DOPPEL_RETURN_IF_ERROR(CheckStart(text.view()));
  if (absl::StartsWith(text.view(), kByteOrderMark)) {
    text = text.WithoutPrefix(kByteOrderMark.size());
  }
  auto manifest = ParseJson(text, digest, options);
  if (manifest.ok() ||
      GetReason(manifest.status()) != Reason::kManifestNotJson) {
    return manifest;
  }
  const auto json = WithoutPythonNumbers(text.view());
  return json.has_value()
             ? ParseJson(Text::Copy(*json), std::move(digest), options)
             : manifest;
}

}  // namespace doppel::manifest
