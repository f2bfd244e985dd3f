// doppel promote, doppel rollback.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "doppel/v1/execution_service.pb.h"
#include "doppel/v1/planning_service.pb.h"
#include "google/protobuf/duration.pb.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/event_printer.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/plan_printer.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

struct PromoteFlags {
  std::string from;
  std::string to;
  std::string run_results;
  std::vector<std::string> select;
  std::vector<std::string> exclude;
  std::vector<std::string> tests;
  std::string max_age;
  std::string keep_old;
  bool atomic = false;
  bool sql = false;
  bool yes = false;
};

struct RollbackFlags {
  std::string execution;
  bool sql = false;
  bool yes = false;
};

// "90s", "30m", "12h", "7d".
absl::StatusOr<google::protobuf::Duration> ParseDuration(
    absl::string_view flag, absl::string_view text) {
  absl::Duration duration;
  absl::string_view days = text;
  int64_t count = 0;
  if (absl::ConsumeSuffix(&days, "d") && absl::SimpleAtoi(days, &count)) {
    duration = absl::Hours(24) * count;
  } else if (!absl::ParseDuration(text, &duration)) {
    return UsageError(absl::StrCat(flag,
                                   ": expected a time such as 12h or 7d, "
                                   "got '",
                                   text, "'"));
  }
  google::protobuf::Duration out;
  out.set_seconds(absl::ToInt64Seconds(duration));
  return out;
}

void FillSelection(const std::vector<std::string>& select,
                   const std::vector<std::string>& exclude,
                   v1::Selection* selection) {
  selection->mutable_select()->Add(select.begin(), select.end());
  selection->mutable_exclude()->Add(exclude.begin(), exclude.end());
}

absl::StatusOr<v1::PlanPromotionRequest> RequestOf(const PromoteFlags& flags) {
  v1::PlanPromotionRequest request;
  request.set_from_environment(EnvironmentName(flags.from));
  request.set_to_environment(EnvironmentName(flags.to));
  v1::Gate& gate = *request.mutable_gate();
  DOPPEL_ASSIGN_OR_RETURN(*gate.mutable_run_results_json(),
                          ReadFile(flags.run_results));
  if (!flags.tests.empty()) {
    FillSelection(flags.tests, {}, gate.mutable_selection());
  }
  if (!flags.max_age.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*gate.mutable_max_age(),
                            ParseDuration("--max-age", flags.max_age));
  }
  if (!flags.select.empty() || !flags.exclude.empty()) {
    FillSelection(flags.select, flags.exclude, request.mutable_selection());
  }
  if (!flags.keep_old.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*request.mutable_keep_old(),
                            ParseDuration("--keep-old", flags.keep_old));
  }
  request.set_require_atomic(flags.atomic);
  request.set_request_id(NewUuid());
  return request;
}

// Shows the plan, and applies it where that was asked for.
absl::Status ShowOrApply(const v1::ClonePlan& plan, bool sql, bool yes,
                         Session& session, Console& console) {
  if (console.json()) {
    console.PrintJson(plan);
  } else {
    PrintPlan(plan, sql, console);
  }
  if (!yes) {
    if (!console.json()) {
      console.Print(absl::StrCat("apply it with: doppel clone apply ",
                                 plan.name(), " --fingerprint ",
                                 plan.fingerprint()));
    }
    return absl::OkStatus();
  }
  v1::ExecutePlanRequest request;
  request.set_plan(plan.name());
  request.set_fingerprint(plan.fingerprint());
  request.set_request_id(NewUuid());
  EventPrinter printer(&console);
  return ExecuteAndWatch(session, request, printer);
}

absl::Status Promote(const PromoteFlags& flags, Session& session,
                     Console& console) {
  DOPPEL_ASSIGN_OR_RETURN(const v1::PlanPromotionRequest request,
                          RequestOf(flags));
  v1::PlanPromotionResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(
      FromGrpc(session.planning().PlanPromotion(&context, request, &response)));
  return ShowOrApply(response.plan(), flags.sql, flags.yes, session, console);
}

absl::Status Rollback(const RollbackFlags& flags, Session& session,
                      Console& console) {
  v1::PlanRollbackRequest request;
  request.set_execution(ResourceName("executions", flags.execution));
  request.set_request_id(NewUuid());
  v1::PlanRollbackResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(
      FromGrpc(session.planning().PlanRollback(&context, request, &response)));
  return ShowOrApply(response.plan(), flags.sql, flags.yes, session, console);
}

void AddPromote(CLI::App& app, Chosen* chosen) {
  auto flags = std::make_shared<PromoteFlags>();
  CLI::App* const promote = app.add_subcommand(
      "promote",
      "plan to put an environment's relations in another's places, if its "
      "tests passed\n\nExamples:\n"
      "  doppel promote --from staging --to prod "
      "--run-results target/run_results.json\n"
      "  doppel promote --from staging --to prod "
      "--run-results target/run_results.json --max-age 2h --keep-old 3d --yes");
  promote->add_option("--from", flags->from, "the environment that was built")
      ->required();
  promote->add_option("--to", flags->to, "the environment that people read")
      ->required();
  promote
      ->add_option("--run-results", flags->run_results,
                   "run_results.json of that build: the gate")
      ->required();
  promote->add_option("-s,--select", flags->select,
                      "nodes to promote, in dbt's selection syntax (default: "
                      "all); state: looks at what --to has");
  promote->add_option("--exclude", flags->exclude, "nodes to leave out");
  promote->add_option("--tests", flags->tests,
                      "the tests that must have passed (default: all)");
  promote->add_option("--max-age", flags->max_age,
                      "results older than this close the gate: 90s, 30m, 2h");
  promote->add_option("--keep-old", flags->keep_old,
                      "how long the old side is kept (default: 7d)");
  promote->add_flag("--atomic", flags->atomic,
                    "refuse to promote in more than one step");
  promote->add_flag("--sql", flags->sql, "show the statements");
  promote->add_flag("-y,--yes", flags->yes, "apply the plan at once");
  promote->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Promote(*flags, session, console);
    };
  });
}

void AddRollback(CLI::App& app, Chosen* chosen) {
  auto flags = std::make_shared<RollbackFlags>();
  CLI::App* const rollback = app.add_subcommand(
      "rollback",
      "plan the way back from a promotion, by its execution\n\nExample:\n"
      "  doppel rollback executions/5b1c...");
  rollback->add_option("execution", flags->execution, "executions/{id}")
      ->required();
  rollback->add_flag("--sql", flags->sql, "show the statements");
  rollback->add_flag("-y,--yes", flags->yes, "apply the plan at once");
  rollback->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Rollback(*flags, session, console);
    };
  });
}

}  // namespace

void AddPromotionCommands(CLI::App& app, Chosen* chosen) {
  AddPromote(app, chosen);
  AddRollback(app, chosen);
}

}  // namespace doppel::cli
