// Reads what PlanToJson wrote.
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/clone/plan.h"
#include "service/clone/plan_names.h"

namespace doppel::clone {
namespace {

namespace dom = simdjson::dom;

// Reads members of an object; the first one that is missing or of another type
// is remembered, and what is read after it is empty.
class Reader {
 public:
  const std::string& fault() const { return fault_; }

  std::string Text(const dom::element& object, absl::string_view key) {
    std::string_view value;
    Note(object[std::string_view(key.data(), key.size())].get(value), key);
    return std::string(value);
  }

  int64_t Number(const dom::element& object, absl::string_view key) {
    int64_t value = 0;
    Note(object[std::string_view(key.data(), key.size())].get(value), key);
    return value;
  }

  bool Flag(const dom::element& object, absl::string_view key) {
    bool value = false;
    Note(object[std::string_view(key.data(), key.size())].get(value), key);
    return value;
  }

  // Whether there is such a member: some are written only where they say
  // something.
  bool Has(const dom::element& object, absl::string_view key) {
    dom::element member;
    return object[std::string_view(key.data(), key.size())].get(member) ==
           simdjson::SUCCESS;
  }

  std::vector<std::string> Texts(const dom::element& object,
                                 absl::string_view key) {
    std::vector<std::string> texts;
    ForEach(object, key, [&](const dom::element& item) {
      std::string_view text;
      Note(item.get(text), key);
      texts.emplace_back(text);
    });
    return texts;
  }

  // Calls `read` with each element of the member's array.
  template <typename Read>
  void ForEach(const dom::element& object, absl::string_view key, Read read) {
    dom::array items;
    if (!Note(object[std::string_view(key.data(), key.size())].get(items),
              key)) {
      return;
    }
    for (const dom::element item : items) read(item);
  }

  // The same where there may be no such member: older plans lack it.
  template <typename Read>
  void ForEachIfThere(const dom::element& object, absl::string_view key,
                      Read read) {
    dom::element member;
    const std::string_view name(key.data(), key.size());
    if (object[name].get(member) == simdjson::NO_SUCH_FIELD) return;
    ForEach(object, key, read);
  }

  // The enum's value that `parse` finds for the member's text.
  template <typename E>
  E Name(const dom::element& object, absl::string_view key,
         std::optional<E> (*parse)(absl::string_view)) {
    const std::optional<E> value = parse(Text(object, key));
    if (!value.has_value()) Note(simdjson::INCORRECT_TYPE, key);
    return value.value_or(E{});
  }

  RelationName Relation(const dom::element& object) {
    return {Text(object, "database"), Text(object, "schema"),
            Text(object, "identifier")};
  }

  bool Note(simdjson::error_code error, absl::string_view key) {
    if (error == simdjson::SUCCESS) return true;
    if (fault_.empty()) {
      fault_ = absl::StrCat("\"", key, "\": ", simdjson::error_message(error));
    }
    return false;
  }

 private:
  std::string fault_;
};

std::optional<RelationKind> KindFromName(absl::string_view name) {
  for (const RelationKind kind :
       {RelationKind::kUnknown, RelationKind::kTable, RelationKind::kView,
        RelationKind::kMaterializedView, RelationKind::kExternal,
        RelationKind::kDynamicTable, RelationKind::kFunction}) {
    if (RelationKindName(kind) == name) return kind;
  }
  return std::nullopt;
}

PlannedRelation ReadPlanned(const dom::element& relation, Reader* reader) {
  PlannedRelation planned;
  dom::element name;
  if (reader->Note(relation["name"].get(name), "name")) {
    planned.name = reader->Relation(name);
  }
  planned.kind = reader->Name<RelationKind>(relation, "kind", KindFromName);
  planned.rendered = reader->Text(relation, "rendered");
  return planned;
}

std::optional<PlannedRelation> ReadRelation(const dom::element& object,
                                            absl::string_view key,
                                            Reader* reader) {
  dom::element relation;
  if (!reader->Note(
          object[std::string_view(key.data(), key.size())].get(relation),
          key) ||
      relation.is_null()) {
    return std::nullopt;
  }
  return ReadPlanned(relation, reader);
}

Placement ReadPlacement(const dom::element& object, Reader* reader) {
  Placement placement;
  placement.unique_id = reader->Text(object, "unique_id");
  placement.source = ReadRelation(object, "source", reader);
  placement.copied = reader->Flag(object, "copied");
  placement.target =
      ReadRelation(object, "target", reader).value_or(PlannedRelation());
  placement.kept_as = ReadRelation(object, "kept_as", reader);
  if (reader->Has(object, "kept_version")) {
    placement.kept_version = reader->Number(object, "kept_version");
  }
  if (reader->Has(object, "mark")) {
    placement.mark = reader->Text(object, "mark");
  }
  placement.expires = reader->Flag(object, "expires");
  placement.source_content = reader->Text(object, "source_content");
  placement.kept_content = reader->Text(object, "kept_content");
  reader->ForEach(object, "followers", [&](const dom::element& item) {
    placement.followers.push_back(ReadPlanned(item, reader));
  });
  placement.restore = reader->Texts(object, "restore");
  if (reader->Has(object, "take_back")) {
    placement.take_back = reader->Texts(object, "take_back");
  }
  return placement;
}

Operation ReadOperation(const dom::element& object, Reader* reader) {
  Operation operation;
  operation.id = static_cast<int>(reader->Number(object, "id"));
  operation.kind =
      reader->Name<OperationKind>(object, "kind", OperationKindFromName);
  operation.unique_id = reader->Text(object, "unique_id");
  operation.source = ReadRelation(object, "source", reader);
  operation.target = ReadRelation(object, "target", reader);
  operation.statements = reader->Texts(object, "statements");
  operation.reason =
      reader->Name<OperationReason>(object, "reason", OperationReasonFromName);
  operation.explanation = reader->Text(object, "explanation");
  reader->ForEach(object, "depends_on", [&](const dom::element& id) {
    int64_t number = 0;
    reader->Note(id.get(number), "depends_on");
    operation.depends_on.push_back(static_cast<int>(number));
  });
  operation.replaces = ReadRelation(object, "replaces", reader);
  if (reader->Has(object, "placements")) {
    reader->ForEach(object, "placements", [&](const dom::element& item) {
      operation.placements.push_back(ReadPlacement(item, reader));
    });
  }
  return operation;
}

Precondition ReadPrecondition(const dom::element& object, Reader* reader) {
  Precondition precondition;
  precondition.kind =
      reader->Name<PreconditionKind>(object, "kind", PreconditionKindFromName);
  precondition.subject = reader->Text(object, "subject");
  precondition.expected = reader->Text(object, "expected");
  dom::element name;
  if (reader->Note(object["name"].get(name), "name")) {
    precondition.name = reader->Relation(name);
  }
  return precondition;
}

Escape ReadEscape(const dom::element& object, Reader* reader) {
  Escape escape;
  escape.unique_id = reader->Text(object, "unique_id");
  escape.target =
      ReadRelation(object, "target", reader).value_or(PlannedRelation{});
  escape.reads =
      ReadRelation(object, "reads", reader).value_or(PlannedRelation{});
  escape.reads_unique_id = reader->Text(object, "reads_unique_id");
  escape.reason =
      reader->Name<EscapeReason>(object, "reason", EscapeReasonFromName);
  escape.explanation = reader->Text(object, "explanation");
  return escape;
}

Plan ReadPlan(const dom::element& object, Reader* reader) {
  Plan plan;
  plan.id = reader->Text(object, "id");
  plan.kind = reader->Name<PlanKind>(object, "kind", PlanKindFromName);
  plan.source_environment = reader->Text(object, "source_environment");
  plan.target_environment = reader->Text(object, "target_environment");
  plan.source_manifest = reader->Text(object, "source_manifest");
  plan.target_manifest = reader->Text(object, "target_manifest");
  plan.connection = reader->Text(object, "connection");
  plan.warehouse = reader->Text(object, "warehouse");
  reader->ForEach(object, "operations", [&](const dom::element& item) {
    plan.operations.push_back(ReadOperation(item, reader));
  });
  reader->ForEach(object, "preconditions", [&](const dom::element& item) {
    plan.preconditions.push_back(ReadPrecondition(item, reader));
  });
  reader->ForEachIfThere(object, "escapes", [&](const dom::element& item) {
    plan.escapes.push_back(ReadEscape(item, reader));
  });
  if (reader->Has(object, "manifest_after")) {
    plan.manifest_after = reader->Text(object, "manifest_after");
  }
  if (reader->Has(object, "keep_seconds")) {
    plan.keep_seconds = reader->Number(object, "keep_seconds");
  }
  reader->ForEach(object, "warnings", [&](const dom::element& item) {
    plan.warnings.push_back(
        {reader->Text(item, "name"), reader->Text(item, "message")});
  });
  return plan;
}

absl::Status Broken(absl::string_view what) {
  return Error(absl::StatusCode::kInternal, Reason::kInternal,
               absl::StrCat("a stored plan cannot be read: ", what))
      .With("fault", what);
}

}  // namespace

absl::StatusOr<Plan> PlanFromJson(absl::string_view json) {
  dom::parser parser;
  dom::element root;
  const simdjson::padded_string text(json.data(), json.size());
  if (const auto error = parser.parse(text).get(root)) {
    return Broken(simdjson::error_message(error));
  }
  Reader reader;
  Plan plan = ReadPlan(root, &reader);
  if (!reader.fault().empty()) return Broken(reader.fault());
  return plan;
}

}  // namespace doppel::clone
