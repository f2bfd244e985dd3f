#include "service/rpc/advice_question.h"

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "doppel/v1/planning_service.pb.h"
#include "google/protobuf/duration.pb.h"
#include "service/advice/advice.h"
#include "service/advice/cloning.h"
#include "service/advice/rebuilding.h"
#include "service/base/status_macros.h"
#include "service/deferral/resolution.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/deferral_question.h"
#include "service/rpc/selecting.h"
#include "service/selection/selection.h"

namespace doppel::rpc {
namespace {

advice::Needs NeedsOf(const v1::Needs& needs) {
  return {needs.no_recomputing(), needs.usable_by_other_tools(),
          needs.safe_to_modify(), needs.no_new_objects(),
          needs.no_drift(),       needs.several_sources()};
}

v1::Advice ToProto(advice::Choice choice) {
  switch (choice) {
    case advice::Choice::kDefer:
      return v1::ADVICE_DEFER;
    case advice::Choice::kClone:
      return v1::ADVICE_CLONE;
    case advice::Choice::kBoth:
      return v1::ADVICE_BOTH;
    case advice::Choice::kNeither:
      break;
  }
  return v1::ADVICE_NEITHER;
}

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration out;
  out.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  out.set_nanos(static_cast<int32_t>(duration / absl::Nanoseconds(1)));
  return out;
}

// Whether there is a case at hand, or needs alone.
bool HasCase(const v1::AdviseRequest& in) {
  return !in.manifest().empty() || in.sources_size() > 0 ||
         in.has_selection() || !in.run_results_json().empty();
}

v1::ResolveDeferralRequest ResolvingOf(const v1::AdviseRequest& in) {
  v1::ResolveDeferralRequest request;
  request.set_manifest(in.manifest());
  *request.mutable_sources() = in.sources();
  if (in.has_selection()) *request.mutable_selection() = in.selection();
  *request.mutable_context() = in.context();
  return request;
}

absl::StatusOr<advice::Cloning> CloningOf(const Services& services,
                                          const DeferralQuestion& question,
                                          const manifest::Manifest& manifest) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<deferral::DeferSource> sources,
                          SourcesOf(services, question));
  std::vector<dialect::Quoting> quotings;
  for (const deferral::DeferSource& source : sources) {
    quotings.push_back(RenderingOf(*source.manifest).quoting);
  }
  const Rendering rendering = RenderingOf(manifest);
  return advice::CountClones(manifest, question.selected, sources, quotings,
                             *rendering.dialect, rendering.quoting);
}

absl::StatusOr<advice::Numbers> NumbersOf(const Services& services,
                                          const v1::AdviseRequest& in,
                                          std::stop_token stop) {
  std::vector<state::Warning> warnings;
  DOPPEL_ASSIGN_OR_RETURN(
      const DeferralQuestion question,
      QuestionOf(services, ResolvingOf(in), &warnings, std::move(stop)));
  DOPPEL_ASSIGN_OR_RETURN(const ManifestPtr manifest,
                          services.library->Load(question.manifest));
  DOPPEL_ASSIGN_OR_RETURN(const deferral::Resolution resolution,
                          ResolveQuestion(services, question));
  DOPPEL_ASSIGN_OR_RETURN(const advice::Cloning cloning,
                          CloningOf(services, question, *manifest));
  advice::Numbers numbers;
  numbers.defer_relations = resolution.summary().borrowed_relations;
  numbers.clone_objects = cloning.objects;
  numbers.clone_pointer_views = cloning.pointer_views;
  numbers.clone_statements = cloning.statements;
  if (in.run_results_json().empty()) return numbers;
  DOPPEL_ASSIGN_OR_RETURN(
      const selection::RunResults results,
      ReadRunResults(services, in.run_results_json(), "run_results_json"));
  const advice::Rebuilding rebuilding =
      advice::RebuildingOf(*manifest, question.selected, results.seconds);
  numbers.has_times = true;
  numbers.rebuilding_avoided = rebuilding.ancestors;
  numbers.clone_rebuilding_avoided = rebuilding.selected;
  return numbers;
}

void Fill(const advice::Numbers& numbers, v1::AdviseResponse* out) {
  for (const std::string& reason : advice::ReasonsOf(numbers)) {
    out->add_reasons(reason);
  }
  out->set_defer_relations(numbers.defer_relations);
  out->set_clone_objects(numbers.clone_objects);
  out->set_clone_statements(numbers.clone_statements);
  if (!numbers.has_times) return;
  *out->mutable_rebuilding_avoided() = ToDuration(numbers.rebuilding_avoided);
  *out->mutable_clone_rebuilding_avoided() =
      ToDuration(numbers.clone_rebuilding_avoided);
}

}  // namespace

absl::Status AdviseOf(const Services& services, const v1::AdviseRequest& in,
                      v1::AdviseResponse* out, std::stop_token stop) {
  const advice::Advice advice = advice::Advise(NeedsOf(in.needs()));
  out->set_advice(ToProto(advice.choice));
  for (const std::string& reason : advice.reasons) out->add_reasons(reason);
  if (!HasCase(in)) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(const advice::Numbers numbers,
                          NumbersOf(services, in, std::move(stop)));
  Fill(numbers, out);
  return absl::OkStatus();
}

}  // namespace doppel::rpc
