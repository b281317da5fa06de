// After _compute_masks of cellpose/models.py, Cellpose 3.1.1.2.
#include "task/cells/cell_sections.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/progress.hpp"
#include "decode/flows/clean_up.hpp"
#include "image/labels/label_sizes.hpp"
#include "image/labels/stitch_planes.hpp"

namespace musclemap::task {
namespace {

using Arrays = std::vector<std::vector<float>>;

/// Of arrays (row, n): (row, section, n), the sections one behind the other in each row.
std::vector<float> behind_each_other(const Arrays& sections, std::size_t rows) {
  std::vector<float> values;
  for (std::size_t row = 0; row < rows; ++row) {
    for (const std::vector<float>& section : sections) {
      const std::size_t part = section.size() / rows;
      const auto begin = section.begin() + static_cast<std::ptrdiff_t>(row * part);
      values.insert(values.end(), begin, begin + static_cast<std::ptrdiff_t>(part));
    }
  }
  return values;
}

template <class T>
void append(const std::vector<T>& more, std::vector<T>* values) {
  values->insert(values->end(), more.begin(), more.end());
}

/// What the sections gave, one behind the other.
class SectionResults {
 public:
  void add(CellResult section, CellStages* stages) {
    CellMasks& masks = result_.masks;
    append(section.masks.labels, &masks.labels);
    masks.count += section.masks.count;
    masks.seconds.dynamics += section.masks.seconds.dynamics;
    masks.seconds.seeds += section.masks.seconds.seeds;
    masks.seconds.flow_check += section.masks.seconds.flow_check;
    masks.seconds.clean_up += section.masks.seconds.clean_up;
    append(section.cellprob, &result_.cellprob);
    append(section.style, &result_.style);
    flows_.push_back(std::move(section.flows));
    result_.flow_height = section.flow_height;
    result_.flow_width = section.flow_width;
    result_.rescale = section.rescale;
    result_.niter = section.niter;
    if (stages == nullptr) return;
    rescaled_.push_back(std::move(stages->rescaled));
    network_.push_back(std::move(stages->network));
    positions_.push_back(std::move(stages->masks.positions));
    append(stages->masks.seed_masks, &seed_masks_);
    append(stages->masks.flow_errors, &flow_errors_);
  }

  CellResult result() {
    result_.flow_depth = static_cast<std::int64_t>(flows_.size());
    result_.styles = result_.flow_depth;
    result_.flows = behind_each_other(flows_, 2);
    flows_.clear();
    return std::move(result_);
  }

  void take_stages(std::size_t channels, CellStages* stages) {
    stages->rescaled = behind_each_other(rescaled_, channels);
    stages->network = behind_each_other(network_, 3);
    stages->network_depth = static_cast<std::int64_t>(network_.size());
    stages->masks = {behind_each_other(positions_, 2), std::move(seed_masks_), std::move(flow_errors_)};
  }

 private:
  CellResult result_;
  Arrays flows_;
  Arrays rescaled_;
  Arrays network_;
  Arrays positions_;
  std::vector<std::uint32_t> seed_masks_;
  std::vector<double> flow_errors_;
};

void stitch(const std::array<std::int64_t, 3>& shape, double threshold, const CellMaskOptions& options,
            CellMasks* masks) {
  const auto after_empty = options.compat == CellCompat::v3_1_1_2 ? image::StitchAfterEmpty::own_numbers
                                                                  : image::StitchAfterEmpty::new_numbers;
  image::stitch_planes(shape, threshold, after_empty, &masks->labels);
  decode::clean_up({shape[0], shape[1], shape[2], 3}, options, &masks->labels);
  const std::vector<std::int64_t> sizes = image::label_sizes(masks->labels);
  masks->count = std::count_if(sizes.begin() + 1, sizes.end(), [](std::int64_t size) { return size > 0; });
}

}  // namespace

CellResult run_cell_sections(infer::Engine* engine, const std::vector<StackChannel>& channels,
                             const CellPass& pass, double stitch_threshold, const RunControl& control,
                             CellStages* stages) {
  const image::FloatVolume& first = channels[0].volume;
  const base::Steps steps(control, std::vector<double>(static_cast<std::size_t>(first.depth), 1.0));
  CellPass own = pass;
  if (stitch_threshold > 0) {
    own.mask_options.min_size = -1;
    own.mask_options.largest_part_only = false;
  }
  SectionResults results;
  for (std::int64_t z = 0; z < first.depth; ++z) {
    std::vector<image::FloatPlane> planes;
    for (const StackChannel& channel : channels) {
      image::FloatPlane& plane = planes.emplace_back(first.height, first.width);
      if (channel.volume.values.empty()) {
        std::fill(plane.values.begin(), plane.values.end(), channel.constant);
      } else {
        std::copy_n(channel.volume.row(z, 0), plane.values.size(), plane.values.begin());
      }
    }
    results.add(run_cells(engine, planes, own, steps.step(static_cast<std::size_t>(z)), stages), stages);
  }
  if (stages != nullptr) results.take_stages(channels.size(), stages);
  CellResult result = results.result();
  if (stitch_threshold > 0) {
    stitch({first.depth, first.height, first.width}, stitch_threshold, pass.mask_options, &result.masks);
  }
  return result;
}

}  // namespace musclemap::task
