// Which relation of an environment takes which place in another: that of the
// same node; and for a node that is new there, the place that its neighbours
// show.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_PROMOTION_PLACES_H_
#define DOPPEL_SERVICE_PROMOTION_PLACES_H_

#include <optional>
#include <vector>

#include "service/base/relation.h"
#include "service/manifest/manifest.h"

namespace doppel::promotion {

struct Place {
  manifest::NodeId node = 0;  // of the manifest that is promoted
  RelationName from;
  // Not set: nothing shows where a new node belongs.
  std::optional<RelationName> to;
  bool is_new = false;
};

// A place for each model, seed and snapshot of `from` that has a relation, in
// an order in which parents come first. `default_database` is that of relations
// that name none.
//
// A new node belongs where most nodes of its schema are in `to`; or, as dbt
// names custom schemas, "<target>_<custom>" beside a "<target>" that most nodes
// of its "<target>" are in.
std::vector<Place> PlacesOf(const manifest::Manifest& from,
                            const manifest::Manifest& to,
                            const std::string& default_database);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_PLACES_H_
