// What a selection asks for, as a tree: criteria, and unions, intersections and
// differences of them (dbt 1.12, graph/selector_spec.py).
//
// Thread contract: plain data.
#ifndef DOPPEL_SERVICE_SELECTION_SPEC_H_
#define DOPPEL_SERVICE_SELECTION_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/dbt_version.h"
#include "service/manifest/json_value.h"
#include "service/selection/graph_walk.h"
#include "service/selection/selection.h"

namespace doppel::selection {

enum class Method : uint8_t {
  kFqn,
  kTag,
  kGroup,
  kAccess,
  kSource,
  kExposure,
  kMetric,
  kSemanticModel,
  kSavedQuery,
  kUnitTest,
  kPath,
  kFile,
  kPackage,
  kConfig,
  kResourceType,
  kTestName,
  kTestType,
  kState,
  kResult,
  kSourceStatus,
  kVersion,
  kSelector,
};

// dbt's word for it; none for a text that is no method of that dbt.
std::optional<Method> MethodFromName(absl::string_view name,
                                     DbtVersion dbt = {});
absl::string_view MethodName(Method method);
// All words, for messages: "fqn, tag, ...".
std::string MethodNames();

// Where a piece of a selection stands, for messages.
struct Origin {
  std::string field;  // "selection.select[0]", "selector nightly"
  int column = 1;     // from 1, in bytes
  std::string text;   // the piece
};

// One criterion: [@][N+]method.argument:value[+N].
struct Criterion {
  Method method = Method::kFqn;
  std::vector<std::string> arguments;
  std::string value;
  // YAML alone: a value that is no string (5, true); nullptr otherwise.
  const manifest::JsonValue* typed_value = nullptr;
  bool childrens_parents = false;
  bool parents = false;
  bool children = false;
  int parents_depth = kAnyDepth;
  int children_depth = kAnyDepth;
  IndirectSelection indirect_selection = IndirectSelection::kEager;
  Origin origin;
};

struct Spec {
  enum class Kind : uint8_t { kCriterion, kUnion, kIntersection, kDifference };

  Kind kind = Kind::kCriterion;
  Criterion criterion;      // kCriterion
  std::vector<Spec> parts;  // all others; a difference takes all but the first
                            // from the first
  IndirectSelection indirect_selection = IndirectSelection::kEager;
  // Whether to warn when it selects nothing: a word of the command line.
  bool expect_exists = false;
  std::string raw;  // that word
};

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_SPEC_H_
