// Means of a label map that comes as a stream.
#ifndef MUSCLEMAP_QUANT_MEASURE_STREAM_HPP_
#define MUSCLEMAP_QUANT_MEASURE_STREAM_HPP_

#include <vector>

#include "musclemap/metrics.hpp"

namespace musclemap::quant {

/// measure_mean() of slabs; the readers lie on one grid. Holds no volume.
Metrics measure_mean_stream(SlabReader& labels, SlabReader& values, ValueKind kind,
                            const std::vector<Label>& names, const MeasureOptions& options);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_MEASURE_STREAM_HPP_
