// Means of a label map that comes as a stream.
#ifndef MUSCLEMAP_QUANT_MEASURE_STREAM_HPP_
#define MUSCLEMAP_QUANT_MEASURE_STREAM_HPP_

#include <vector>

#include "musclemap/metrics.hpp"
#include "quant/table/table_scale.hpp"

namespace musclemap::quant {

/// Where the values of a mean come from; the readers lie on the label map's grid.
struct MeanSource {
  ValueKind kind;
  SlabReader* values;           ///< or the fat image of a Dixon pair
  SlabReader* water = nullptr;  ///< its water image; null where `values` are what is measured
};

/// measure_mean() of slabs. Holds no volume.
Metrics measure_mean_stream(SlabReader& labels, const MeanSource& source, const std::vector<Label>& names,
                            const TableScale& scale, const RunControl& control);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_MEASURE_STREAM_HPP_
