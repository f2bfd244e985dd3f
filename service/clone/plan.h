// A plan as the engine knows it: an immutable list of operations with their
// exact SQL, what they rest on, and a fingerprint of it all. The messages of
// proto/doppel/v1/plan.proto, in native types; the comments there hold here.
//
// Thread contract: plain data.
#ifndef DOPPEL_SERVICE_CLONE_PLAN_H_
#define DOPPEL_SERVICE_CLONE_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/state/cause.h"

namespace doppel::clone {

enum class PlanKind : uint8_t { kClone, kPromotion, kRollback, kCleanup };

enum class OperationKind : uint8_t {
  kCreateSchema,
  kCloneTable,
  kPointerView,
  kCopyTable,
  kSkip,
  kDrop,
  kRename,
  kSwap,
  kView,
};

enum class OperationReason : uint8_t {
  kSchemaMissing,
  kCloneable,
  kNoZeroCopy,
  kSourceNotATable,
  kCopyRequested,
  kTargetExists,
  kNotInSource,
  kSourceMissing,
  kSameRelation,
  kEphemeral,
  kTargetTaken,
  kNoNamingRule,
  kUpToDate,
  kDrifted,
  kExpired,
  kPromoted,
  kTakenOver,
  kTargetGone,
  kStillRead,
  kSchemaKept,
  kTargetChanged,
  kNotVerified,
  kReRooted,
  kSuperseded,
  kWholeSchema,
  kWithSchema,
};

enum class EscapeReason : uint8_t { kPointer, kSource, kNotInTarget, kKept };

// A relation of an operation.
struct PlannedRelation {
  RelationName name;
  RelationKind kind = RelationKind::kUnknown;
  std::string rendered;

  friend bool operator==(const PlannedRelation&,
                         const PlannedRelation&) = default;
};

// What a kSwap puts in the place of what. A name that the plan's preconditions
// find there and that is not there any more, or the reverse, shows that it was
// done.
struct Placement {
  std::string unique_id;
  // What is put in the place; not set: the place is left empty.
  std::optional<PlannedRelation> source;
  // A copy of the source is put there, and the source stays.
  bool copied = false;
  PlannedRelation target;  // the place
  // Where that goes which stood there; not set: nothing did, or it is dropped.
  std::optional<PlannedRelation> kept_as;
  // What stood there stays as this version of the table; not set: it does not.
  std::optional<int64_t> kept_version;
  // What the table's history calls the version that is put there; "" where
  // there is none.
  std::string mark;
  // It stands there for Plan::keep_seconds, and is doppel's to drop after.
  bool expires = false;
  // Digests of what is put there and of what is kept, where the versions of
  // the warehouse do not tell; "" where they do.
  std::string source_content;
  std::string kept_content;
  // Relations outside of the plan that read the source, and go on reading it.
  std::vector<PlannedRelation> followers;
  // Statements that the way back needs once the kept relation is in its place;
  // where nothing is kept, those that make again what stood there.
  std::vector<std::string> restore;
  // Statements that take from what is put there, while it is in its place, the
  // rights and comments that it has of what stood there: the way back needs
  // them.
  std::vector<std::string> take_back;

  friend bool operator==(const Placement&, const Placement&) = default;
};

struct Operation {
  int id = 0;  // from 1, its place in the plan
  OperationKind kind = OperationKind::kSkip;
  std::string unique_id;
  std::optional<PlannedRelation> source;
  std::optional<PlannedRelation> target;
  std::vector<std::string> statements;
  OperationReason reason = OperationReason::kTargetExists;
  std::string explanation;
  std::vector<int> depends_on;
  std::optional<PlannedRelation> replaces;
  std::vector<Placement> placements;

  friend bool operator==(const Operation&, const Operation&) = default;
};

// What a relation of the target still reads that is not the target's.
struct Escape {
  std::string unique_id;
  PlannedRelation target;
  PlannedRelation reads;
  std::string reads_unique_id;
  EscapeReason reason = EscapeReason::kPointer;
  std::string explanation;

  friend bool operator==(const Escape&, const Escape&) = default;
};

enum class PreconditionKind : uint8_t {
  kEnvironment,
  kSourceRelation,
  kTargetRelation,
  kSchema,
};

// A fact that the plan rests on. `name` is set for relations and schemas (its
// identifier is then ""), `subject` is for people and for environments.
struct Precondition {
  PreconditionKind kind = PreconditionKind::kSourceRelation;
  std::string subject;
  std::string expected;
  RelationName name;

  friend bool operator==(const Precondition&, const Precondition&) = default;
};

struct PlanSummary {
  int clones = 0;
  int pointer_views = 0;
  int copies = 0;
  int skips = 0;
  int schemas = 0;
  int drops = 0;
  int renames = 0;
  int replaced_relations = 0;
  int statements = 0;
  int views = 0;
  int escapes = 0;
};

struct Plan {
  std::string id;  // "" until it is stored
  PlanKind kind = PlanKind::kClone;
  std::string source_environment;  // ids, "" where none
  std::string target_environment;
  std::string source_manifest;  // digests, "" where none
  std::string target_manifest;
  std::string connection;
  std::string warehouse;  // dbt's adapter type
  std::vector<Operation> operations;
  std::vector<Precondition> preconditions;
  std::vector<state::Warning> warnings;
  // Of a clone whose views were to be closed.
  std::vector<Escape> escapes;
  // The manifest that the target environment has once the plan is done; "": it
  // keeps its own.
  std::string manifest_after;
  // How long what expires is kept.
  int64_t keep_seconds = 0;
};

PlanSummary Summarize(const Plan& plan);

// SHA-256 of what was sent to make a relation; the ledger keeps it.
std::string DefinitionOf(const std::vector<std::string>& statements);

// SHA-256 over the canonical JSON of kind, connection, operations,
// preconditions, manifest_after and keep_seconds: equal exactly for plans that
// do the same on the same world.
std::string FingerprintOf(const Plan& plan);

// The plan as canonical JSON (members sorted, no spaces) and back; what the
// store keeps.
std::string PlanToJson(const Plan& plan);
absl::StatusOr<Plan> PlanFromJson(absl::string_view json);

// Names as in the proto, without the enum's prefix, lower case: "pointer_view".
absl::string_view OperationKindName(OperationKind kind);
absl::string_view OperationReasonName(OperationReason reason);
absl::string_view PlanKindName(PlanKind kind);
absl::string_view PreconditionKindName(PreconditionKind kind);
absl::string_view EscapeReasonName(EscapeReason reason);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_PLAN_H_
