// Order of the steps: nnU-Net 2.8.1, preprocessing/preprocessors/default_preprocessor.py,
// run_case_npy(): transpose, crop, normalise, resample.
#include "task/nnunet_stage.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "image/interpolation.hpp"
#include "image/steps/crop_nonzero.hpp"
#include "image/steps/normalise_nnunet.hpp"
#include "image/steps/resample_half_pixel.hpp"
#include "image/steps/transpose.hpp"
#include "infer/network.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

// nnU-Net's ANISO_THRESHOLD, which the step has.
constexpr double kSeparateAbove = 3;

std::string file_of(const io::NnunetFold& fold, const fs::path& below) {
  return fold.checkpoint.lexically_relative(below).generic_string();
}

image::Scheme scheme_of(io::NnunetScheme scheme) {
  switch (scheme) {
    case io::NnunetScheme::ct:
      return image::Scheme::ct;
    case io::NnunetScheme::z_score:
      return image::Scheme::z_score;
    case io::NnunetScheme::rescale_to_01:
      return image::Scheme::rescale_to_01;
    case io::NnunetScheme::rgb_to_01:
      return image::Scheme::rgb_to_01;
    case io::NnunetScheme::none:
      break;
  }
  return image::Scheme::none;
}

image::NormaliseNnunet normalisation(const io::NnunetConfiguration& configuration) {
  image::NormaliseNnunet step;
  for (const io::NnunetNormalisation& each : configuration.channels)
    step.channels.push_back(
        {scheme_of(each.scheme), each.low, each.high, each.mean, each.sd, each.over_mask});
  return step;
}

[[noreturn]] void unsupported(const std::string& what) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, what);
}

image::SeparateAxis separate_axis(const io::NnunetResampling& resampling) {
  if (!resampling.separate_axis) return image::SeparateAxis::by_spacing;
  return *resampling.separate_axis ? image::SeparateAxis::always : image::SeparateAxis::never;
}

void check_resampling(const io::NnunetResampling& resampling, const std::string& field) {
  if (resampling.order_z != 0) {
    unsupported(field + ".order_z is " + std::to_string(resampling.order_z) +
                "; 0 (nearest along an axis that is treated apart) is supported");
  }
  if (resampling.separate_above != kSeparateAbove) {
    unsupported(field + ".separate_z_anisotropy_threshold is " + std::to_string(resampling.separate_above) +
                "; 3 is supported");
  }
}

// Along z, y, x as far as the network has axes; what it does not have keeps its size.
template <class Value, class Number>
std::array<Value, 3> along_x_y_z(const std::vector<Number>& slowest_first, Value other) {
  std::array<Value, 3> result{other, other, other};
  std::transform(slowest_first.rbegin(), slowest_first.rend(), result.begin(),
                 [](Number each) { return static_cast<Value>(each); });
  return result;
}

// Labels of a cascade's first network, which are resampled for the second.
void check_labels(const io::NnunetConfiguration& configuration) {
  const io::NnunetResampling& labels = configuration.labels;
  check_resampling(labels, "resampling_fn_seg_kwargs");
  if (labels.order != 1)
    unsupported("resampling_fn_seg_kwargs.order is " + std::to_string(labels.order) + "; 1 is supported");
  if (labels.resamples != configuration.data.resamples ||
      separate_axis(labels) != separate_axis(configuration.data))
    unsupported("resampling_fn_seg differs from that of the data");
}

image::ResampleHalfPixel resampling(const io::NnunetConfiguration& configuration) {
  const io::NnunetResampling& data = configuration.data;
  const io::NnunetResampling& scores = configuration.scores;
  check_resampling(data, "resampling_fn_data_kwargs");
  check_resampling(scores, "resampling_fn_probabilities_kwargs");
  if (separate_axis(data) != separate_axis(scores))
    unsupported("resampling_fn_probabilities_kwargs.force_separate_z differs from that of the data");
  image::ResampleHalfPixel step;
  step.spacing_mm = along_x_y_z<double>(configuration.spacing, 0.0);
  step.values = image::interpolation_of(data.order);
  step.scores = image::interpolation_of(scores.order);
  if (image::is_spline(step.scores)) {
    unsupported("resampling_fn_probabilities_kwargs.order is " + std::to_string(scores.order) +
                "; 0 and 1 are supported");
  }
  step.separate = separate_axis(data);
  return step;
}

std::vector<image::Step> steps_of(const io::NnunetFolder& folder) {
  const io::NnunetConfiguration& configuration = folder.configuration;
  std::vector<image::Step> steps;
  image::Transpose transpose;
  std::copy_n(folder.plans.transpose_forward.begin(), 3, transpose.forward.begin());
  if (transpose.forward != image::Transpose{}.forward) steps.emplace_back(transpose);
  steps.emplace_back(image::CropNonzero{});
  steps.emplace_back(normalisation(configuration));
  if (configuration.data.resamples != configuration.scores.resamples)
    unsupported("either both of resampling_fn_data and resampling_fn_probabilities resample, or none does");
  if (configuration.data.resamples) steps.emplace_back(resampling(configuration));
  return steps;
}

infer::WindowSpec windows_of(const io::NnunetConfiguration& configuration, double step) {
  infer::WindowSpec windows;
  windows.size = along_x_y_z<std::int64_t>(configuration.patch_size, std::int64_t{1});
  windows.axes = static_cast<int>(configuration.patch_size.size());
  windows.overlap_or_step = step;
  windows.placement = infer::Placement::nnunet;
  windows.weight = infer::Weight::gaussian_nnunet;
  windows.sum = infer::Sum::f16;
  return windows;
}

std::vector<std::int64_t> labels_of(const io::NnunetDataset& dataset) {
  if (dataset.regions) return {dataset.regions_class_order.begin(), dataset.regions_class_order.end()};
  std::vector<std::int64_t> labels;
  for (int label = 1; label < dataset.scores(); ++label) labels.push_back(label);
  return labels;
}

ReadNetwork read_fold(const io::NnunetFolder& folder, std::size_t fold, const RunControl& control) {
  io::NnunetNetwork read = io::read_nnunet_fold(folder, fold, control);
  auto network = std::make_shared<infer::Network>();
  network->graph = std::move(read.graph);
  network->weights = std::move(read.weights);
  return {std::move(network), std::move(read.sha256)};
}

}  // namespace

StageSpec nnunet_stage(const io::NnunetFolder& folder, const fs::path& below, double step) {
  try {
    if (!folder.configuration.previous_stage.empty()) check_labels(folder.configuration);
    StageSpec stage;
    for (const io::NnunetFold& fold : folder.folds) stage.networks.push_back({file_of(fold, below), {}});
    stage.steps = steps_of(folder);
    stage.windows = windows_of(folder.configuration, step);
    stage.scores_back = folder.configuration.data.resamples ? 1 : 0;
    if (folder.dataset.regions) stage.decode = Regions{};
    stage.to_label = labels_of(folder.dataset);
    return stage;
  } catch (const Error& error) {
    throw error.about(folder.path);
  }
}

void add_nnunet_sources(const io::NnunetFolder& folder, const fs::path& below, NetworkSources* sources) {
  const auto shared = std::make_shared<const io::NnunetFolder>(folder);
  const auto graph = std::make_shared<const net::Graph>(io::nnunet_graph(folder.configuration));
  for (std::size_t n = 0; n < folder.folds.size(); ++n) {
    const io::NnunetFold& fold = folder.folds[n];
    NetworkSource source;
    source.file = fold.checkpoint;
    std::error_code ignored;
    const std::uintmax_t size = fs::file_size(fold.checkpoint, ignored);
    // Half of a checkpoint is the state of its training; weights are copied once for an engine.
    source.bytes = ignored ? 0 : static_cast<std::size_t>(size);
    source.graph = graph;
    source.read = [shared, n](const RunControl& control) { return read_fold(*shared, n, control); };
    (*sources)[file_of(fold, below)] = std::move(source);
  }
}

}  // namespace musclemap::task
