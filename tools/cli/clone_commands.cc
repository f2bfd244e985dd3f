// doppel clone plan|show|list|diff|apply.
#include <unistd.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "doppel/v1/execution_service.pb.h"
#include "doppel/v1/planning_service.pb.h"
#include "google/protobuf/util/time_util.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/event_printer.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/plan_diff.h"
#include "tools/cli/plan_printer.h"
#include "tools/cli/selection_flags.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

struct PlanFlags {
  std::string from;
  std::string to;
  std::string target_manifest;
  v1::NamingRule rule;
  std::string connection;
  bool replace = false;
  bool reconcile = false;
  bool overwrite_changed = false;
  std::string no_zero_copy = "view";
  std::string views = "pointer";
  bool whole_schemas = false;
  bool fail_on_missing = false;
  std::string as_of;
  bool sql = false;
  SelectionFlags selection;
};

struct ApplyFlags {
  std::string plan;
  std::string fingerprint;
  bool yes = false;
  bool check = false;
  bool supersede = false;
  std::string timeout;
  int connections = 0;
};

bool IsManifest(const std::string& text) {
  return absl::StartsWith(text, "manifests/") || absl::EndsWith(text, ".json");
}

absl::Status FillTarget(const PlanFlags& flags, Session& session,
                        v1::PlanCloneRequest& request) {
  const bool named = !flags.rule.database().empty() ||
                     !flags.rule.schema().empty() ||
                     !flags.rule.identifier().empty();
  const int ways = (flags.to.empty() ? 0 : 1) +
                   (flags.target_manifest.empty() ? 0 : 1) + (named ? 1 : 0);
  if (ways != 1) {
    return UsageError(
        "say where to, in one way: --to ENVIRONMENT, --target-manifest FILE, "
        "or names such as --schema 'bi_{schema}'");
  }
  if (!flags.to.empty()) {
    request.set_target_environment(EnvironmentName(flags.to));
  } else if (named) {
    *request.mutable_naming()->add_rules() = flags.rule;
  } else {
    DOPPEL_ASSIGN_OR_RETURN(*request.mutable_target_manifest(),
                            session.UseManifest(flags.target_manifest));
  }
  return absl::OkStatus();
}

absl::Status FillAsOf(const std::string& text, v1::PlanCloneRequest& request) {
  if (text.empty()) return absl::OkStatus();
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &problem)) {
    return UsageError(absl::StrCat("--as-of ", text,
                                   ": expected a time such as "
                                   "2026-01-31T06:00:00Z (",
                                   problem, ")"));
  }
  const int64_t micros = absl::ToUnixMicros(time);
  *request.mutable_as_of() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(micros);
  return absl::OkStatus();
}

absl::StatusOr<v1::PlanCloneRequest> RequestOf(const PlanFlags& flags,
                                               Session& session) {
  v1::PlanCloneRequest request;
  if (IsManifest(flags.from)) {
    DOPPEL_ASSIGN_OR_RETURN(*request.mutable_source_manifest(),
                            session.UseManifest(flags.from));
  } else {
    request.set_source_environment(EnvironmentName(flags.from));
  }
  DOPPEL_RETURN_IF_ERROR(FillTarget(flags, session, request));
  request.set_connection(flags.connection);
  if (flags.selection.given()) {
    *request.mutable_selection() = flags.selection.selection();
  }
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_context(),
                          flags.selection.Context(session));
  request.set_existing_target(flags.replace     ? v1::EXISTING_TARGET_REPLACE
                              : flags.reconcile ? v1::EXISTING_TARGET_RECONCILE
                                                : v1::EXISTING_TARGET_KEEP);
  request.set_overwrite_changed_targets(flags.overwrite_changed);
  request.set_on_no_zero_copy(
      flags.no_zero_copy == "copy"   ? v1::NO_ZERO_COPY_COPY
      : flags.no_zero_copy == "fail" ? v1::NO_ZERO_COPY_FAIL
                                     : v1::NO_ZERO_COPY_POINTER_VIEW);
  request.set_on_missing_source(flags.fail_on_missing
                                    ? v1::MISSING_SOURCE_FAIL
                                    : v1::MISSING_SOURCE_SKIP);
  request.set_whole_schemas(flags.whole_schemas);
  request.set_views(flags.views == "closed" ? v1::VIEWS_CLOSED
                                            : v1::VIEWS_POINTER);
  DOPPEL_RETURN_IF_ERROR(FillAsOf(flags.as_of, request));
  request.set_request_id(NewUuid());
  return request;
}

absl::Status Plan(const PlanFlags& flags, Session& session, Console& console) {
  DOPPEL_ASSIGN_OR_RETURN(const v1::PlanCloneRequest request,
                          RequestOf(flags, session));
  v1::PlanCloneResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(
      FromGrpc(session.planning().PlanClone(&context, request, &response)));
  if (console.json()) {
    console.PrintJson(response.plan());
    return absl::OkStatus();
  }
  PrintPlan(response.plan(), flags.sql, console);
  console.Print(absl::StrCat("apply it with: doppel clone apply ",
                             response.plan().name(), " --fingerprint ",
                             response.plan().fingerprint()));
  return absl::OkStatus();
}

absl::StatusOr<v1::ClonePlan> GetPlan(Session& session,
                                      const std::string& name) {
  v1::GetPlanRequest request;
  request.set_name(ResourceName("plans", name));
  v1::GetPlanResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(
      FromGrpc(session.planning().GetPlan(&context, request, &response)));
  return response.plan();
}

absl::Status Show(const std::string& name, bool sql, Session& session,
                  Console& console) {
  DOPPEL_ASSIGN_OR_RETURN(const v1::ClonePlan plan, GetPlan(session, name));
  if (console.json()) {
    console.PrintJson(plan);
  } else {
    PrintPlan(plan, sql, console);
  }
  return absl::OkStatus();
}

absl::Status Diff(const std::string& before, const std::string& after, bool sql,
                  Session& session, Console& console) {
  DOPPEL_ASSIGN_OR_RETURN(const v1::ClonePlan old_plan,
                          GetPlan(session, before));
  DOPPEL_ASSIGN_OR_RETURN(const v1::ClonePlan new_plan,
                          GetPlan(session, after));
  PrintPlanDiff(old_plan, new_plan, sql, console);
  return absl::OkStatus();
}

absl::Status List(Session& session, Console& console) {
  Table table({"PLAN", "KIND", "FROM", "TO", "STATEMENTS"});
  v1::ListPlansRequest request;
  v1::ListPlansResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(
        FromGrpc(session.planning().ListPlans(&context, request, &response)));
    for (const v1::ClonePlan& plan : response.plans()) {
      if (console.json()) {
        console.PrintJson(plan);
        continue;
      }
      table.AddRow({plan.name(),
                    EnumWord(v1::PlanKind_Name(plan.kind()), "PLAN_KIND_"),
                    plan.source_environment(), plan.target_environment(),
                    absl::StrCat(plan.summary().statements())});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!console.json()) table.PrintTo(console);
  return absl::OkStatus();
}

// Shows the plan and asks; for a person at a terminal.
absl::Status Confirm(const v1::ClonePlan& plan, Console& console) {
  if (isatty(STDIN_FILENO) == 0) {
    return UsageError(
        "give --fingerprint of the plan that was reviewed, or --yes");
  }
  PrintPlan(plan, false, console);
  std::cerr << "apply this plan? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") {
    return absl::OkStatus();
  }
  return absl::CancelledError("not applied");
}

absl::Status FillTimeout(const std::string& text,
                         v1::ExecutePlanRequest& request) {
  if (text.empty()) return absl::OkStatus();
  absl::Duration timeout;
  if (!absl::ParseDuration(text, &timeout) || timeout <= absl::ZeroDuration()) {
    return UsageError(
        absl::StrCat("--timeout: \"", text,
                     "\" is no time span; write for example 90s, 15m or 2h"));
  }
  request.mutable_timeout()->set_seconds(absl::ToInt64Seconds(timeout));
  request.mutable_timeout()->set_nanos(
      static_cast<int>(absl::ToInt64Nanoseconds(
          timeout - absl::Seconds(request.timeout().seconds()))));
  return absl::OkStatus();
}

absl::Status Apply(const ApplyFlags& flags, Session& session,
                   Console& console) {
  v1::ExecutePlanRequest request;
  request.set_plan(ResourceName("plans", flags.plan));
  request.set_fingerprint(flags.fingerprint);
  if (flags.fingerprint.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(const v1::ClonePlan plan,
                            GetPlan(session, flags.plan));
    if (!flags.yes && !flags.check) {
      DOPPEL_RETURN_IF_ERROR(Confirm(plan, console));
    }
    request.set_fingerprint(plan.fingerprint());
  }
  request.set_validate_only(flags.check);
  request.set_connections(flags.connections);
  request.set_supersede(flags.supersede);
  DOPPEL_RETURN_IF_ERROR(FillTimeout(flags.timeout, request));
  if (!flags.check) request.set_request_id(NewUuid());
  EventPrinter printer(&console);
  DOPPEL_RETURN_IF_ERROR(ExecuteAndWatch(session, request, printer));
  if (flags.check && !console.json()) {
    console.Print("nothing has changed since; it can be applied");
  }
  return absl::OkStatus();
}

void AddPlan(CLI::App& group, Chosen* chosen) {
  auto flags = std::make_shared<PlanFlags>();
  CLI::App* const plan = group.add_subcommand(
      "plan",
      "plan a clone and show it; nothing is changed\n\nExamples:\n"
      "  doppel clone plan --from staging --schema 'bi_{schema}' "
      "--select marts\n"
      "  doppel clone plan --from prod --to ci "
      "--select state:modified+,config.materialized:incremental "
      "--state prod.json");
  plan->add_option("--from", flags->from,
                   "the source: an environment or a manifest")
      ->required();
  plan->add_option("--to", flags->to, "the target: an environment");
  plan->add_option("--target-manifest", flags->target_manifest,
                   "the target: the relations of this manifest's nodes");
  plan->add_option_function<std::string>(
      "--schema",
      [flags](const std::string& text) { flags->rule.set_schema(text); },
      "the target's schema, named after the source's: 'bi_{schema}'");
  plan->add_option_function<std::string>(
      "--database",
      [flags](const std::string& text) { flags->rule.set_database(text); },
      "the same for the database");
  plan->add_option_function<std::string>(
      "--identifier",
      [flags](const std::string& text) { flags->rule.set_identifier(text); },
      "the same for the relation");
  plan->add_option("--connection", flags->connection,
                   "the warehouse, <profile>/<target> (default: the "
                   "environment's)");
  plan->add_flag("--replace", flags->replace, "replace targets that exist")
      ->excludes(plan->add_flag("--reconcile", flags->reconcile,
                                "replace targets whose source has changed"));
  plan->add_flag("--overwrite-changed", flags->overwrite_changed,
                 "with --reconcile: replace, too, what somebody changed in the "
                 "target since");
  plan->add_option("--no-zero-copy", flags->no_zero_copy,
                   "what to make of a table that cannot be cloned zero-copy")
      ->check(CLI::IsMember({"view", "copy", "fail"}))
      ->capture_default_str();
  plan->add_option("--views", flags->views,
                   "what to make of a view: one that points to the source's, "
                   "or a closed one, of the same query over the target's own "
                   "relations")
      ->check(CLI::IsMember({"pointer", "closed"}))
      ->capture_default_str();
  plan->add_flag("--whole-schemas", flags->whole_schemas,
                 "clone a schema in one statement where all of it is to be "
                 "cloned and the warehouse can");
  plan->add_flag("--fail-on-missing", flags->fail_on_missing,
                 "fail where a source relation is not there, instead of "
                 "skipping it");
  plan->add_option("--as-of", flags->as_of,
                   "clone all tables as they were at this time, such as "
                   "2026-01-31T06:00:00Z, where the warehouse knows it");
  plan->add_flag("--sql", flags->sql, "show the statements");
  flags->selection.AddTo(*plan);
  plan->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Plan(*flags, session, console);
    };
  });
}

void AddShow(CLI::App& group, Chosen* chosen) {
  auto name = std::make_shared<std::string>();
  auto sql = std::make_shared<bool>(false);
  CLI::App* const show =
      group.add_subcommand("show",
                           "show a plan, whole\n\nExample:\n"
                           "  doppel clone show plans/7f3a --sql");
  show->add_option("plan", *name, "plans/{id}")->required();
  show->add_flag("--sql", *sql, "with the statements");
  show->callback([name, sql, chosen] {
    chosen->body = [name, sql](Session& session, Console& console) {
      return Show(*name, *sql, session, console);
    };
  });
  CLI::App* const list =
      group.add_subcommand("list",
                           "list plans, the newest first\n\nExample:\n"
                           "  doppel clone list --output json");
  list->callback([chosen] { chosen->body = &List; });
}

void AddDiff(CLI::App& group, Chosen* chosen) {
  auto before = std::make_shared<std::string>();
  auto after = std::make_shared<std::string>();
  auto sql = std::make_shared<bool>(false);
  CLI::App* const diff = group.add_subcommand(
      "diff",
      "compare two plans: operations added, removed and changed, and what each "
      "rests on\n\nExample:\n"
      "  doppel clone diff plans/7f3a plans/91bc --sql");
  diff->add_option("before", *before, "plans/{id}")->required();
  diff->add_option("after", *after, "plans/{id}")->required();
  diff->add_flag("--sql", *sql, "with the statements");
  diff->callback([before, after, sql, chosen] {
    chosen->body = [before, after, sql](Session& session, Console& console) {
      return Diff(*before, *after, *sql, session, console);
    };
  });
}

void AddApply(CLI::App& group, Chosen* chosen) {
  auto flags = std::make_shared<ApplyFlags>();
  CLI::App* const apply = group.add_subcommand(
      "apply",
      "execute a plan exactly as it was reviewed, or not at all\n\nExample:\n"
      "  doppel clone apply plans/7f3a --fingerprint 9c1e...\n"
      "  doppel clone apply plans/7f3a --yes --supersede --timeout 15m");
  apply->add_option("plan", flags->plan, "plans/{id}")->required();
  apply->add_option("--fingerprint", flags->fingerprint,
                    "the fingerprint of the plan that was reviewed");
  apply->add_flag("-y,--yes", flags->yes, "apply without asking");
  apply->add_flag("--check", flags->check,
                  "only check that it can still be applied");
  apply->add_option("--connections", flags->connections,
                    "connections that work at once (0: the server's default)");
  apply->add_flag("--supersede", flags->supersede,
                  "cancel whoever writes to the same environment, and begin "
                  "when that has ended");
  apply->add_option("--timeout", flags->timeout,
                    "cancel it when it has not ended after that time: 90s, "
                    "15m, 2h");
  apply->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Apply(*flags, session, console);
    };
  });
}

}  // namespace

void AddCloneCommands(CLI::App& app, Chosen* chosen) {
  CLI::App* const group =
      app.add_subcommand("clone", "plan, show and apply clones");
  group->require_subcommand(1);
  AddPlan(*group, chosen);
  AddShow(*group, chosen);
  AddDiff(*group, chosen);
  AddApply(*group, chosen);
}

}  // namespace doppel::cli
