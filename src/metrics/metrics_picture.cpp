#include "metrics/metrics_picture.hpp"

#include <array>
#include <cmath>
#include <map>

#include "metrics/metrics_files.hpp"
#include "musclemap/picture.hpp"
#include "quant/fat_fraction.hpp"
#include "quant/integer_labels.hpp"

namespace musclemap::metrics {
namespace {

Volume whole(SlabReader& reader) { return reader.read(0, reader.geometry().shape[2]); }

Volume labels_of(const MetricsInputs& inputs) {
  quant::IntegerLabels labels(*inputs.labels);
  return whole(labels);
}

MontageOptions options_of(const MetricsRequest& request, SectionAxis section) {
  MontageOptions options;
  options.geometry_tolerance = request.geometry_tolerance;
  options.section_axis = section;
  options.title = leading_image(request).filename().string();
  return options;
}

// Rows of the table are in the order of the fits.
std::map<std::int32_t, std::array<double, 3>> percent_of(const MetricsTable& table,
                                                         const std::vector<TissueFit>& fits, bool two) {
  std::map<std::int32_t, std::array<double, 3>> percent;
  for (std::size_t row = 0; row < fits.size(); ++row) {
    const double muscle = table.column("muscle_percent").values[row];
    const double undefined = two ? 0 : table.column("undefined_percent").values[row];
    const double fat = table.column("fat_percent").values[row];
    if (!std::isnan(muscle)) percent[fits[row].label] = {muscle, undefined, fat};
  }
  return percent;
}

}  // namespace

std::string PictureOfMetrics::label_png() const {
  const Volume labels = labels_of(inputs_);
  if (request_.method != MetricsMethod::dixon) {
    return qc_montage_png(whole(*inputs_.values.front()), labels, request_.names,
                          options_of(request_, section_));
  }
  quant::FatFractionReader fraction(*inputs_.values[0], *inputs_.values[1]);
  return qc_montage_png(whole(fraction), labels, request_.names, options_of(request_, section_));
}

std::string PictureOfMetrics::tissue_png(const Volume& tissue) const {
  const bool two = request_.method != MetricsMethod::hu && request_.tissue.components == 2;
  const TissueOverlay overlay{labels_of(inputs_), tissue, fits_, request_.tissue,
                              percent_of(table_, fits_, two)};
  return tissue_montage_png(whole(*inputs_.values.front()), overlay, request_.names,
                            options_of(request_, section_));
}

}  // namespace musclemap::metrics
