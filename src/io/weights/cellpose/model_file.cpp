// After CPnet of cellpose/resnet_torch.py, whose parameters diam_mean and diam_labels no layer uses.
#include "io/weights/cellpose/model_file.hpp"

#include <string>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "io/weights/legacy_state_dict.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/zip_reader.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kVariance = ".running_var";
constexpr std::string_view kCounter = ".num_batches_tracked";

double diameter_of(const net::NamedTensor& named) {
  const std::vector<float>& values = named.tensor.values;
  if (values.size() != 1 || values[0] <= 0) {
    throw Error(ErrorCode::model, Reason::model,
                "'" + named.name + "' is " +
                    (values.size() == 1 ? base::number_text(static_cast<double>(values[0]))
                                        : std::to_string(values.size()) + " numbers") +
                    "; one positive number is allowed");
  }
  return static_cast<double>(values[0]);
}

}  // namespace

CellposeModelFile read_cellpose_model(std::string_view bytes) {
  net::StateDict all;
  if (is_legacy_weights(bytes)) {
    all = read_legacy_state_dict(bytes);
  } else {
    refuse_other_weights_formats(bytes);
    const ZipReader zip(bytes);
    all = read_state_dict(zip);
  }
  std::unordered_set<std::string> names;
  for (const net::NamedTensor& named : all) names.insert(named.name);
  CellposeModelFile file;
  for (net::NamedTensor& named : all) {
    if (named.name == "diam_mean") {
      file.diam_mean = diameter_of(named);
    } else if (named.name == "diam_labels") {
      file.diam_labels = diameter_of(named);
    } else {
      // torch.nn counts batches since 0.4.1; files of older versions do not.
      std::string counter;
      if (base::ends_with(named.name, kVariance)) {
        counter = named.name.substr(0, named.name.size() - kVariance.size()) + std::string(kCounter);
      }
      file.weights.push_back(std::move(named));
      if (!counter.empty() && names.count(counter) == 0) file.weights.push_back({counter, {{}, {0}}});
    }
  }
  return file;
}

}  // namespace musclemap::io
