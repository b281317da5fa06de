// The picture beside a table. It holds the volumes whole, the only step of measuring that does.
#ifndef MUSCLEMAP_METRICS_METRICS_PICTURE_HPP_
#define MUSCLEMAP_METRICS_METRICS_PICTURE_HPP_

#include <string>
#include <vector>

#include "metrics/metrics_inputs.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::metrics {

/// What the picture is drawn from must outlive this.
class PictureOfMetrics {
 public:
  PictureOfMetrics(const MetricsRequest& request, const MetricsInputs& inputs,
                   const std::vector<TissueFit>& fits, const MetricsTable& table, SectionAxis section)
      : request_(request), inputs_(inputs), fits_(fits), table_(table), section_(section) {}

  /// The labels over the image, or over the fat fraction; PNG.
  std::string label_png() const;
  /// The classes over the image with the percentages of the table; PNG. `tissue` holds codes of Tissue.
  std::string tissue_png(const Volume& tissue) const;

 private:
  const MetricsRequest& request_;
  const MetricsInputs& inputs_;
  const std::vector<TissueFit>& fits_;
  const MetricsTable& table_;
  SectionAxis section_;
};

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_METRICS_PICTURE_HPP_
