#include "quant/tissue_options.hpp"

#include <cmath>

namespace musclemap {

void check_value(const IntensityRange& range, const base::Range& /*unused*/, const std::string& name) {
  if (range.low <= range.high && std::isfinite(range.low) && std::isfinite(range.high)) return;
  throw Error(ErrorCode::argument, name + " runs from " + base::number_text(range.low) + " to " +
                                       base::number_text(range.high) +
                                       "; its start may not lie above its end");
}

}  // namespace musclemap
