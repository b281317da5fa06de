// From shapes, counts and means to the tables of a label map.
#ifndef MUSCLEMAP_QUANT_TABLE_METRICS_TABLES_HPP_
#define MUSCLEMAP_QUANT_TABLE_METRICS_TABLES_HPP_

#include <cstdint>
#include <map>
#include <vector>

#include "musclemap/metrics.hpp"
#include "quant/label_means.hpp"
#include "quant/label_shapes.hpp"
#include "quant/table/table_scale.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap::quant {

/// Composition: columns of kmeans, gmm or hu.
Metrics tissue_tables(const std::map<std::int32_t, LabelShape>& shapes, const TableScale& scale,
                      const std::vector<TissueFit>& fits, const TissueOptions& options,
                      const std::map<std::int32_t, SliceCounts>& counts, const std::vector<Label>& names);

/// Means: columns of average or dixon.
Metrics mean_tables(const std::map<std::int32_t, LabelShape>& shapes, const TableScale& scale, ValueKind kind,
                    const std::map<std::int32_t, SliceMeans>& means, const std::vector<Label>& names);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TABLE_METRICS_TABLES_HPP_
