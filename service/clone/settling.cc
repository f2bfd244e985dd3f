#include "service/clone/settling.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/clone/closing.h"
#include "service/clone/explanation.h"
#include "service/clone/making.h"

namespace doppel::clone {
namespace {

bool IsView(OperationKind kind) {
  return kind == OperationKind::kPointerView || kind == OperationKind::kView;
}

}  // namespace

std::vector<Escape> Settling::Run(std::vector<Decision>* decisions) && {
  for (size_t i = 0; i < candidates_.size(); ++i) {
    if ((*decisions)[i].kind == OperationKind::kSkip) continue;
    made_.insert(TargetKey(inputs_, candidates_[i]));
  }
  for (const size_t i : ParentsFirst()) {
    Decision& decision = (*decisions)[i];
    if (decision.kind == OperationKind::kView) Close(i, &decision);
    AddEscapes(i, decision);
    if (decision.unless_same) KeepIfSame(i, &decision);
  }
  std::sort(escapes_.begin(), escapes_.end(),
            [](const Escape& a, const Escape& b) {
              return std::pair(a.unique_id, a.reads.rendered) <
                     std::pair(b.unique_id, b.reads.rendered);
            });
  return std::move(escapes_);
}

// The candidates in an order in which what a view reads comes before it.
std::vector<size_t> Settling::ParentsFirst() const {
  absl::flat_hash_map<absl::string_view, size_t> by_id;
  by_id.reserve(candidates_.size());
  for (size_t i = 0; i < candidates_.size(); ++i) {
    by_id.emplace(candidates_[i].unique_id, i);
  }
  std::vector<size_t> order;
  order.reserve(candidates_.size());
  for (const manifest::NodeId id : inputs_.source->topological_order()) {
    const auto found = by_id.find(inputs_.source->node(id).unique_id);
    if (found != by_id.end()) order.push_back(found->second);
  }
  return order;
}

void Settling::Close(size_t candidate, Decision* decision) {
  const Closer closer(inputs_, names_, [this](const RelationName& key) {
    return HasTarget(key);
  });
  decision->closing =
      closer.Close(*inputs_.source->Find(candidates_[candidate].unique_id));
  if (decision->closing.why_not.empty()) return;
  decision->kind = OperationKind::kPointerView;
  if (decision->reason == OperationReason::kReRooted) {
    decision->reason = OperationReason::kSourceNotATable;
  }
}

// What it reads must not be made anew, either: some warehouses bind a view to
// what stood there when it was made.
void Settling::KeepIfSame(size_t candidate, Decision* decision) {
  decision->unless_same = false;
  if (!IsView(decision->kind)) {
    decision->reason = OperationReason::kDrifted;
    decision->also = "the target is a view";
    return;
  }
  const RelationName target = TargetKey(inputs_, candidates_[candidate]);
  const LedgerFact& fact = *ledger_.at(target);
  const std::vector<RelationName>& reads = decision->closing.reads;
  const bool reads_same = std::none_of(
      reads.begin(), reads.end(),
      [this](const RelationName& key) { return made_.contains(key); });
  const bool is_same =
      fact.definition.empty()
          ? decision->kind == OperationKind::kPointerView
          : WasMadeSo(
                *inputs_.dialect, fact,
                MakingOf(inputs_, world_, candidates_[candidate], *decision));
  if (is_same && reads_same) {
    *decision = Skip(OperationReason::kUpToDate);
    made_.erase(target);
    return;
  }
  decision->reason = OperationReason::kDrifted;
  decision->also = is_same ? "what the view reads is made anew"
                           : "the view is to have another query";
}

void Settling::AddEscapes(size_t candidate, const Decision& decision) {
  if (inputs_.options.views != Views::kClosed) return;
  const Candidate& what = candidates_[candidate];
  const auto add = [&](Escape escape) {
    escape.unique_id = std::string(what.unique_id);
    escape.target = {
        *what.target, RelationKind::kView,
        inputs_.dialect->Render(*what.target, inputs_.target_quoting)};
    escape.explanation =
        ExplainEscape(escape, what, decision, *inputs_.dialect);
    escapes_.push_back(std::move(escape));
  };
  if (decision.kind == OperationKind::kView) {
    for (const Escape& escape : decision.closing.escapes) add(escape);
    return;
  }
  const CatalogEntry* source =
      what.source.has_value() ? world_.Find(SourceKey(inputs_, what)) : nullptr;
  const bool is_kept_view =
      decision.reason == OperationReason::kTargetExists &&
      world_.Find(TargetKey(inputs_, what))->kind == RelationKind::kView;
  if (!IsView(decision.kind) && !is_kept_view) return;
  Escape escape;
  escape.reads_unique_id = std::string(what.unique_id);
  escape.reason = is_kept_view ? EscapeReason::kKept : EscapeReason::kPointer;
  escape.reads = {*what.source,
                  source == nullptr ? RelationKind::kUnknown : source->kind,
                  inputs_.dialect->Render(*what.source, what.source_quoting)};
  add(std::move(escape));
}

}  // namespace doppel::clone
