#include "quant/tissue_options.hpp"

#include <cmath>
#include <string>

#include "base/checked.hpp"
#include "musclemap/error.hpp"

namespace musclemap::quant {
namespace {

void check_range(const IntensityRange& range, const char* name) {
  if (range.low <= range.high && std::isfinite(range.low) && std::isfinite(range.high)) return;
  throw Error(ErrorCode::argument, std::string("the ") + name + " range runs from " +
                                       std::to_string(range.low) + " to " + std::to_string(range.high) +
                                       "; its start may not lie above its end");
}

}  // namespace

void check_tissue_options(const TissueOptions& options) {
  base::check_enum(options.method, TissueMethod::kmeans, TissueMethod::hu, "method");
  base::check_enum(options.operators, TissueOperators::upstream, TissueOperators::consistent, "operators");
  base::check_enum(options.stop, MixtureStop::compat, MixtureStop::converged, "stop");
  if (options.components != 2 && options.components != 3) {
    throw Error(ErrorCode::argument, std::to_string(options.components) + " components, allowed are 2 and 3");
  }
  check_range(options.muscle_range, "muscle");
  check_range(options.fat_range, "fat");
}

}  // namespace musclemap::quant
