#include "net/match_weights.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::net {
namespace {

[[noreturn]] void mismatch(const std::string& message) {
  throw Error(ErrorCode::model, Reason::model, message);
}

}  // namespace

StateDict match_weights(StateDict weights, const Graph& graph, const std::string& asker) {
  for (const std::string prefix : {"module.", "_orig_mod."}) {
    const bool all = std::all_of(weights.begin(), weights.end(), [&](const NamedTensor& tensor) {
      return tensor.name.compare(0, prefix.size(), prefix) == 0;
    });
    if (all) {
      mismatch("all names begin with '" + prefix +
               "': the weights are those of a wrapper; save those of the model inside it, " + "model." +
               prefix + "state_dict()");
    }
  }
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < weights.size(); ++i) index.emplace(weights[i].name, i);
  StateDict ordered;
  for (const Parameter& parameter : graph.parameters) {
    const auto found = index.find(parameter.name);
    if (found == index.end()) mismatch("has no '" + parameter.name + "', which " + asker + " asks for");
    NamedTensor& tensor = weights[found->second];
    if (tensor.tensor.shape != parameter.shape) {
      mismatch("'" + parameter.name + "' has shape " + shape_text(tensor.tensor.shape) + "; " + asker +
               " asks for " + shape_text(parameter.shape));
    }
    ordered.push_back(std::move(tensor));
    index.erase(found);
  }
  if (!index.empty()) {
    const auto first = std::min_element(index.begin(), index.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    mismatch("has '" + base::printable(first->first, 120) + "', which " + asker + " does not ask for" +
             (index.size() > 1 ? ", and " + std::to_string(index.size() - 1) + " more" : ""));
  }
  return ordered;
}

}  // namespace musclemap::net
