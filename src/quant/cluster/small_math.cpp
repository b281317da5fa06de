#include "quant/cluster/small_math.hpp"

#include <cmath>

namespace musclemap::quant {

const MathTables& math_tables() {
  static const MathTables tables = [] {
    MathTables made;
    for (int i = 0; i < MathTables::kSteps; ++i) {
      made.power[i] = std::exp2(static_cast<double>(i) / MathTables::kSteps);
    }
    for (int i = 0; i < MathTables::kEntries; ++i) {
      const double c = 1 + static_cast<double>(i) / MathTables::kSteps;
      made.log[i] = std::log(c);
      made.inverse[i] = 1 / c;
    }
    return made;
  }();
  return tables;
}

}  // namespace musclemap::quant
