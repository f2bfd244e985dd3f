#include "service/selection/criterion_parser.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::selection {
namespace {

constexpr const char* kDefaultIncludes[] = {"fqn:*", "source:*", "exposure:*",
                                            "metric:*", "semantic_model:*"};

const RE2& CriterionRegex() {
  // dbt's RAW_SELECTOR_PATTERN; \w as Python has it, letters of any script.
  static const RE2* const regex =
      new RE2(R"((@)?((\d*)\+)?(([\pL\pN_.]+):)?(.*?)(\+(\d*))?)");
  return *regex;
}

// A depth as it was written; none stands for any.
int DepthOf(const std::string& digits) {
  int depth = kAnyDepth;
  return absl::SimpleAtoi(digits, &depth) ? depth : kAnyDepth;
}

// The method whose name takes the fewest changed letters to become `name`.
std::string NearestMethod(absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(name);
  std::string best;
  size_t best_distance = 3;  // farther ones are no help
  for (const absl::string_view method : absl::StrSplit(MethodNames(), ", ")) {
    std::vector<size_t> row(method.size() + 1);
    for (size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= lower.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j < row.size(); ++j) {
        const size_t change =
            diagonal + (lower[i - 1] == method[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = std::string(method);
    }
  }
  return best;
}

absl::Status ParseMethod(const std::string& name, DbtVersion dbt,
                         Criterion& criterion) {
  std::vector<std::string> parts = absl::StrSplit(name, '.');
  const std::optional<Method> method = MethodFromName(parts[0], dbt);
  if (!method.has_value()) {
    const std::string nearest = NearestMethod(parts[0]);
    return SelectionError(
               Reason::kSelectionUnknownMethod, criterion.origin,
               absl::StrCat("'", parts[0], "' is not a valid method name",
                            nearest.empty() ? ""
                                            : absl::StrCat("; did you mean '",
                                                           nearest, "'?"),
                            " Methods are ", MethodNames()))
        .With("method", parts[0]);
  }
  criterion.method = *method;
  criterion.arguments.assign(parts.begin() + 1, parts.end());
  return absl::OkStatus();
}

// A word of the command line: parts joined by commas.
absl::StatusOr<Spec> ParseWord(absl::string_view word, const Origin& at,
                               IndirectSelection mode, bool expect_exists,
                               DbtVersion dbt) {
  Spec spec;
  spec.kind = Spec::Kind::kIntersection;
  spec.indirect_selection = mode;
  spec.expect_exists = expect_exists;
  spec.raw = std::string(word);
  int column = at.column;
  for (const absl::string_view part : absl::StrSplit(word, ',')) {
    Spec leaf;
    DOPPEL_ASSIGN_OR_RETURN(
        leaf.criterion,
        ParseCriterion({at.field, column, std::string(part)}, mode, dbt));
    spec.parts.push_back(std::move(leaf));
    column += static_cast<int>(part.size()) + 1;
  }
  return spec;
}

absl::StatusOr<Spec> ParseUnion(const std::vector<std::string>& values,
                                absl::string_view field, IndirectSelection mode,
                                bool expect_exists, DbtVersion dbt) {
  Spec spec;
  spec.kind = Spec::Kind::kUnion;
  spec.indirect_selection = mode;
  for (size_t i = 0; i < values.size(); ++i) {
    Origin at{absl::StrCat(field, "[", i, "]"), 1, ""};
    for (const absl::string_view word : absl::StrSplit(values[i], ' ')) {
      DOPPEL_ASSIGN_OR_RETURN(Spec part,
                              ParseWord(word, at, mode, expect_exists, dbt));
      spec.parts.push_back(std::move(part));
      at.column += static_cast<int>(word.size()) + 1;
    }
  }
  return spec;
}

}  // namespace

Error SelectionError(Reason reason, const Origin& origin,
                     absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason,
               absl::StrCat(origin.field, ", column ", origin.column, " (\"",
                            origin.text, "\"): ", message))
      .With("field", origin.field)
      .With("column", origin.column)
      .With("text", origin.text)
      .Field(origin.field,
             absl::StrCat("column ", origin.column, ": ", message));
}

Method DefaultMethod(absl::string_view value) {
  if (absl::StrContains(value, '/')) return Method::kPath;
  const std::string lower = absl::AsciiStrToLower(value);
  if (absl::EndsWith(lower, ".sql") || absl::EndsWith(lower, ".py") ||
      absl::EndsWith(lower, ".csv")) {
    return Method::kFile;
  }
  return Method::kFqn;
}

absl::StatusOr<Criterion> ParseCriterion(Origin origin, IndirectSelection mode,
                                         DbtVersion dbt) {
  Criterion criterion;
  criterion.indirect_selection = mode;
  criterion.origin = std::move(origin);
  std::string at, parents, parents_depth, has_method, method, children,
      children_depth;
  if (!RE2::FullMatch(criterion.origin.text, CriterionRegex(), &at, &parents,
                      &parents_depth, &has_method, &method, &criterion.value,
                      &children, &children_depth)) {
    return SelectionError(Reason::kSelectionSyntax, criterion.origin,
                          "expected [@][N+][method:]value[+N] on one line");
  }
  criterion.childrens_parents = !at.empty();
  criterion.parents = !parents.empty();
  criterion.children = !children.empty();
  criterion.parents_depth = DepthOf(parents_depth);
  criterion.children_depth = DepthOf(children_depth);
  if (criterion.childrens_parents && criterion.children) {
    Origin plus = criterion.origin;
    plus.column += static_cast<int>(plus.text.size() - children.size());
    return SelectionError(
        Reason::kSelectionSyntax, plus,
        "\"@\" prefix and \"+\" suffix are incompatible; leave one out");
  }
  if (has_method.empty()) {
    criterion.method = DefaultMethod(criterion.value);
  } else {
    DOPPEL_RETURN_IF_ERROR(ParseMethod(method, dbt, criterion));
  }
  return criterion;
}

absl::StatusOr<Spec> ParseArguments(const SelectionRequest& request) {
  const IndirectSelection mode = request.indirect_selection;
  const DbtVersion dbt = DbtVersionOf(request.dbt_version);
  const bool everything = request.select.empty();
  const std::vector<std::string> includes =
      everything ? std::vector<std::string>(std::begin(kDefaultIncludes),
                                            std::end(kDefaultIncludes))
                 : request.select;
  Spec spec;
  spec.kind = Spec::Kind::kDifference;
  // Since dbt 1.8, what is left after excluding takes in no more tests.
  if (dbt < DbtVersion{1, 8, 0}) spec.indirect_selection = mode;
  DOPPEL_ASSIGN_OR_RETURN(
      Spec included,
      ParseUnion(includes, "selection.select", mode, !everything, dbt));
  DOPPEL_ASSIGN_OR_RETURN(
      Spec excluded,
      ParseUnion(request.exclude, "selection.exclude", mode, true, dbt));
  spec.parts.push_back(std::move(included));
  spec.parts.push_back(std::move(excluded));
  return spec;
}

}  // namespace doppel::selection
