#include "service/promotion/gate.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/node.h"
#include "service/selection/artifacts.h"
#include "service/selection/selection.h"

namespace doppel::promotion {
namespace {

constexpr char kResults[] = "run_results.json";

// What closes the gate: whom it is about, and why.
struct Obstacle {
  std::string type;  // "TEST", "NODE" or "RUN_RESULTS"
  std::string subject;
  std::string why;
};

absl::Status Closed(const std::vector<Obstacle>& obstacles) {
  std::string message =
      absl::StrCat("the gate is closed: ", obstacles.front().subject, " ",
                   obstacles.front().why);
  if (obstacles.size() > 1) {
    absl::StrAppend(&message, "; and ", obstacles.size() - 1, " more");
  }
  Error error(absl::StatusCode::kFailedPrecondition, Reason::kGateClosed,
              message);
  error.With("obstacles", obstacles.size());
  for (const Obstacle& obstacle : obstacles) {
    error.Precondition(obstacle.type, obstacle.subject, obstacle.why);
  }
  return error;
}

std::optional<absl::Time> TimeOf(absl::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return std::nullopt;
  }
  return time;
}

bool Passed(absl::string_view status) {
  return status == "pass" || status == "warn" || status == "success";
}

class Gate {
 public:
  Gate(const GateInputs& inputs, selection::RunResults results)
      : inputs_(inputs), results_(std::move(results)) {}

  absl::StatusOr<OpenGate> Check() && {
    CheckBuild();
    CheckAge();
    for (const manifest::NodeId test : inputs_.tests) CheckTest(test);
    for (const manifest::NodeId node : inputs_.promoted) CheckNode(node);
    if (!obstacles_.empty()) return Closed(obstacles_);
    if (inputs_.tests.empty()) {
      open_.warnings.push_back(
          {"NoTests",
           "the gate has no test: nothing shows that what is "
           "promoted is good"});
    }
    return std::move(open_);
  }

 private:
  void Close(std::string type, absl::string_view subject, std::string why) {
    obstacles_.push_back(
        {std::move(type), std::string(subject), std::move(why)});
  }

  // Whether they are the manifest's own, or at least none of an older one.
  void CheckBuild() {
    const manifest::Metadata& metadata = inputs_.manifest->metadata();
    if (!metadata.invocation_id.empty() &&
        metadata.invocation_id == results_.invocation_id) {
      return;
    }
    const std::optional<absl::Time> built = TimeOf(metadata.generated_at);
    const std::optional<absl::Time> tested = TimeOf(results_.generated_at);
    if (!built.has_value() || !tested.has_value() || *tested < *built) {
      Close("RUN_RESULTS", kResults,
            absl::StrCat("is of invocation \"", results_.invocation_id,
                         "\" at \"", results_.generated_at,
                         "\", the manifest of \"", metadata.invocation_id,
                         "\" at \"", metadata.generated_at,
                         "\": run the tests of this build"));
      return;
    }
    CheckKnown();
    open_.warnings.push_back(
        {"RunResultsOfAnotherInvocation",
         absl::StrCat("the results are of invocation \"",
                      results_.invocation_id, "\", after the manifest's \"",
                      metadata.invocation_id, "\"")});
  }

  // Results of another invocation are of another build where they tell of
  // something that this one has not.
  void CheckKnown() {
    for (const auto& [unique_id, status] : results_.statuses) {
      if (inputs_.manifest->Find(unique_id).has_value()) continue;
      Close("RUN_RESULTS", kResults,
            absl::StrCat("has a result of ", unique_id,
                         ", which the manifest has not: it is of another "
                         "build"));
      return;
    }
  }

  void CheckAge() {
    if (!inputs_.max_age.has_value()) return;
    const std::optional<absl::Time> tested = TimeOf(results_.generated_at);
    if (!tested.has_value()) {
      Close("RUN_RESULTS", kResults,
            absl::StrCat("has no time that can be read: \"",
                         results_.generated_at, "\""));
    } else if (inputs_.now - *tested > *inputs_.max_age) {
      Close(
          "RUN_RESULTS", kResults,
          absl::StrCat("is ",
                       absl::FormatDuration(absl::Trunc(inputs_.now - *tested,
                                                        absl::Seconds(1))),
                       " old, at most ", absl::FormatDuration(*inputs_.max_age),
                       " are allowed"));
    }
  }

  absl::string_view IdOf(manifest::NodeId id) const {
    return inputs_.manifest->node(id).unique_id;
  }

  void CheckTest(manifest::NodeId test) {
    const absl::string_view id = IdOf(test);
    const auto [begin, end] = results_.statuses.equal_range(std::string(id));
    if (begin == end) {
      Close("TEST", id, "did not run");
      return;
    }
    for (auto result = begin; result != end; ++result) {
      if (Passed(result->second)) continue;
      Close("TEST", id,
            absl::StrCat("has the status \"", result->second, "\""));
      return;
    }
    ++open_.passed_tests;
  }

  void CheckNode(manifest::NodeId node) {
    const absl::string_view id = IdOf(node);
    const auto [begin, end] = results_.statuses.equal_range(std::string(id));
    for (auto result = begin; result != end; ++result) {
      if (Passed(result->second)) continue;
      Close("NODE", id,
            absl::StrCat("has the status \"", result->second, "\""));
      return;
    }
  }

  const GateInputs& inputs_;
  const selection::RunResults results_;
  std::vector<Obstacle> obstacles_;
  OpenGate open_;
};

}  // namespace

absl::StatusOr<OpenGate> CheckGate(const GateInputs& inputs) {
  DOPPEL_ASSIGN_OR_RETURN(selection::RunResults results,
                          selection::ParseRunResults(inputs.run_results_json));
  return Gate(inputs, std::move(results)).Check();
}

}  // namespace doppel::promotion
