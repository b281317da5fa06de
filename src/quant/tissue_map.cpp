#include <algorithm>
#include <string>
#include <utility>

#include "image/grid_check.hpp"
#include "image/reordered.hpp"
#include "musclemap/error.hpp"
#include "musclemap/tissue.hpp"
#include "quant/label_sweep.hpp"
#include "quant/tissue_map_readers.hpp"
#include "quant/tissue_map_state.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap {
namespace {

// The slices of `volume` that a slab covers.
template <class T>
VoxelView<T> slab_of(Volume& volume, const quant::SweepSlab& slab) {
  const Index3& n = slab.labels.geometry().shape;
  Volume part = volume.subvolume({0, 0, slab.k_begin}, n);
  return part.mutable_view<T>();
}

// Applies the fits to all voxels; `planes_of` says what to fill for a slab.
template <class PlanesOf>
void apply(const TissueMap& map, quant::TissueMapReaders& readers, const RunControl& control,
           const PlanesOf& planes_of) {
  constexpr int kAnyAxis = 2;
  quant::TissuePass pass(map.fits(), map.options(), kAnyAxis, readers.exclusions());
  readers.sweep().run(Stage::classify, control, [&](const quant::SweepSlab& slab) {
    pass.add(slab, planes_of(slab));
    return quant::SweepTasks{};
  });
}

template <class Code>
Volume coded(const Volume& bits, const Code& code) {
  Volume result = Volume::zeros(bits.geometry(), DType::u8);
  const VoxelView<const std::uint8_t> from = bits.view<std::uint8_t>();
  const VoxelView<std::uint8_t> to = result.mutable_view<std::uint8_t>();
  const std::int64_t count = from.shape[0] * from.shape[1] * from.shape[2];
  std::transform(from.data, from.data + count, to.data, code);
  return result;
}

// Contiguous, whatever the label map's axes.
Volume on_labels_grid(const Volume& along_image, const image::Orientation& axes) {
  if (image::is_identity(axes)) return along_image;
  return image::reordered(along_image, image::inverse(axes)).deep_copy();
}

std::uint8_t bit_of(Tissue tissue) {
  switch (tissue) {
    case Tissue::muscle:
      return quant::muscle_bit;
    case Tissue::undefined:
      return quant::undefined_bit;
    case Tissue::fat:
      return quant::fat_bit;
    case Tissue::none:
      break;
  }
  throw Error(ErrorCode::argument, "a tissue is needed: muscle, undefined or fat");
}

// Place of the tissue among a fit's components.
std::size_t component_of(Tissue tissue, const TissueOptions& options) {
  if (options.method != TissueMethod::gmm) {
    throw Error(ErrorCode::argument, "probabilities come from the method gmm alone");
  }
  bit_of(tissue);
  if (tissue == Tissue::muscle) return 0;
  if (tissue == Tissue::fat) return static_cast<std::size_t>(options.components) - 1;
  if (options.components == 3) return 1;
  throw Error(ErrorCode::argument, "two components have no undefined tissue");
}

}  // namespace

TissueMap::TissueMap(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
TissueMap::~TissueMap() = default;
TissueMap::TissueMap(TissueMap&&) noexcept = default;
TissueMap& TissueMap::operator=(TissueMap&&) noexcept = default;

const TissueOptions& TissueMap::options() const noexcept { return state_->options; }
const std::vector<TissueFit>& TissueMap::fits() const noexcept { return state_->fits; }
const Volume& TissueMap::image() const noexcept { return state_->image; }
const Volume& TissueMap::labels() const noexcept { return state_->labels; }
const Volume& TissueMap::tissue() const noexcept { return state_->tissue; }

const Volume* TissueMap::excluded() const noexcept { return state_->excluded ? &*state_->excluded : nullptr; }

Volume TissueMap::mask(Tissue tissue) const {
  const std::uint8_t bit = bit_of(tissue);
  const Volume mask =
      coded(state_->bits, [bit](std::uint8_t bits) -> std::uint8_t { return (bits & bit) != 0 ? 1 : 0; });
  return on_labels_grid(mask, quant::label_axes(*this));
}

Volume TissueMap::posterior_map(Tissue tissue) const {
  const std::size_t wanted = component_of(tissue, state_->options);
  quant::TissueMapReaders readers(*this);
  Volume result = Volume::zeros(readers.geometry(), DType::f32);
  // Every component is computed; the others go to a slab that is thrown away.
  Volume other = result;
  apply(*this, readers, {}, [&](const quant::SweepSlab& slab) {
    quant::TissuePlanes planes;
    other = Volume::zeros(slab.labels.geometry(), DType::f32);
    for (std::size_t c = 0; c < wanted; ++c) planes.probabilities.push_back(other.mutable_view<float>());
    planes.probabilities.push_back(slab_of<float>(result, slab));
    return planes;
  });
  return on_labels_grid(result, readers.axes());
}

void TissueMap::set_thresholds(std::int32_t label, double muscle_max, double fat_min) {
  if (state_->options.method == TissueMethod::hu) {
    throw Error(ErrorCode::argument, "the windows of hu are the same for every label");
  }
  const auto found = std::find_if(state_->fits.begin(), state_->fits.end(),
                                  [label](const TissueFit& fit) { return fit.label == label; });
  if (found == state_->fits.end() || !found->divided()) {
    throw Error(ErrorCode::argument, "label " + std::to_string(label) + " has no thresholds to move");
  }
  found->muscle_max = muscle_max;
  if (state_->options.components == 3) found->fat_min = fat_min;
}

void TissueMap::set_exclusion_mask(const Volume& mask) {
  if (mask.dtype() != DType::u8) {
    throw Error(ErrorCode::argument,
                std::string("a mask of ") + dtype_name(mask.dtype()) + ", allowed is uint8");
  }
  image::match_grids({state_->labels.geometry(), "label map"}, {mask.geometry(), "mask"},
                     state_->options.geometry_tolerance);
  state_->excluded = mask;
}

void TissueMap::recompute(const RunControl& control) {
  quant::TissueMapReaders readers(*this);
  Volume bits = Volume::zeros(readers.geometry(), DType::u8);
  apply(*this, readers, control, [&](const quant::SweepSlab& slab) {
    return quant::TissuePlanes{slab_of<std::uint8_t>(bits, slab), {}};
  });
  state_->tissue = on_labels_grid(coded(bits, quant::combined_code), readers.axes());
  state_->bits = std::move(bits);
}

}  // namespace musclemap
