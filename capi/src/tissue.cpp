#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace capi = musclemap::capi;
using musclemap::Tissue;
using musclemap::TissueFit;
using musclemap::Volume;

namespace {

Tissue tissue_of(int32_t kind) {
  if (kind == MM_TISSUE_MUSCLE || kind == MM_TISSUE_FAT || kind == MM_TISSUE_UNDEFINED)
    return static_cast<Tissue>(kind);
  throw musclemap::Error(
      musclemap::ErrorCode::argument,
      "kind is " + std::to_string(kind) + "; 1 (muscle), 4 (fat) and 7 (undefined) are allowed");
}

mm_tissue_fit fit_of(const TissueFit& fit) {
  mm_tissue_fit own{};
  own.label = fit.label;
  own.voxels = fit.voxels;
  own.status = static_cast<int32_t>(fit.status);
  own.muscle_max = fit.muscle_max;
  own.fat_min = fit.fat_min;
  const std::size_t count = std::min<std::size_t>(fit.components.size(), 3);
  own.components = static_cast<int32_t>(count);
  for (std::size_t c = 0; c < 3; ++c) {
    const bool there = c < count;
    own.weight[c] = there ? fit.components[c].weight : TissueFit::kNone;
    own.mean[c] = there ? fit.components[c].mean : TissueFit::kNone;
    own.variance[c] = there ? fit.components[c].variance : TissueFit::kNone;
  }
  own.objective = fit.objective;
  own.iterations = fit.iterations;
  own.stable = fit.stable ? 1 : 0;
  return own;
}

}  // namespace

mm_status mm_tissue_classify(const mm_volume* image, const mm_volume* labels,
                             const mm_tissue_options* options, const mm_run_options* run,
                             mm_tissue** out) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    const Volume map = capi::checked(labels, "labels").volume;
    capi::required(out, "out");
    const musclemap::TissueClassifier classifier(capi::tissue_options(options));
    *out = std::make_unique<mm_tissue>(classifier.classify(source, map, capi::run_control(run))).release();
  });
}

mm_status mm_tissue_fit_count(const mm_tissue* tissue, int64_t* out) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    capi::required(out, "out");
    const capi::Reading reading(own, "tissue");
    *out = static_cast<int64_t>(own.map.fits().size());
  });
}

mm_status mm_tissue_fit_at(const mm_tissue* tissue, int64_t index, mm_tissue_fit* out) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    const capi::Result<mm_tissue_fit> result(out, "out");
    const capi::Reading reading(own, "tissue");
    const std::vector<TissueFit>& fits = own.map.fits();
    result.give(fit_of(fits[capi::checked_index(index, fits.size(), "index")]));
  });
}

mm_status mm_tissue_volume(const mm_tissue* tissue, mm_volume** out) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    capi::required(out, "out");
    const capi::Reading reading(own, "tissue");
    const Volume& shared = own.map.tissue();
    // The tissue goes on using these voxels.
    *out = std::make_unique<mm_volume>(Volume::borrow(capi::first_voxel(shared), shared.geometry(),
                                                      shared.dtype(), shared.stride_bytes(),
                                                      std::make_shared<const Volume>(shared), true))
               .release();
  });
}

mm_status mm_tissue_mask(const mm_tissue* tissue, int32_t kind, mm_volume** out) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    capi::required(out, "out");
    const capi::Reading reading(own, "tissue");
    *out = std::make_unique<mm_volume>(own.map.mask(tissue_of(kind))).release();
  });
}

mm_status mm_tissue_posterior(const mm_tissue* tissue, int32_t kind, mm_volume** out) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    capi::required(out, "out");
    const capi::Reading reading(own, "tissue");
    *out = std::make_unique<mm_volume>(own.map.posterior_map(tissue_of(kind))).release();
  });
}

mm_status mm_tissue_set_thresholds(mm_tissue* tissue, int32_t label, double muscle_max,
                                   double fat_min) noexcept {
  return capi::guarded([&] {
    mm_tissue& own = capi::checked(tissue, "tissue");
    const capi::Changing changing(own, "tissue");
    own.map.set_thresholds(label, muscle_max, fat_min);
  });
}

mm_status mm_tissue_set_exclusion_mask(mm_tissue* tissue, const mm_volume* mask) noexcept {
  return capi::guarded([&] {
    mm_tissue& own = capi::checked(tissue, "tissue");
    const mm_volume& given = capi::checked(mask, "mask");
    const capi::Changing changing(own, "tissue");
    own.map.set_exclusion_mask(given.volume);
  });
}

mm_status mm_tissue_recompute(mm_tissue* tissue, const mm_run_options* run) noexcept {
  return capi::guarded([&] {
    mm_tissue& own = capi::checked(tissue, "tissue");
    const musclemap::RunControl control = capi::run_control(run);
    const capi::Changing changing(own, "tissue");
    own.map.recompute(control);
  });
}

void mm_tissue_free(mm_tissue* tissue) noexcept {
  if (capi::may_free(tissue)) delete tissue;
}

mm_status mm_fat_fraction(const mm_volume* fat, const mm_volume* water, double geometry_tolerance,
                          const mm_run_options* run, mm_volume** out) noexcept {
  return capi::guarded([&] {
    const Volume fat_volume = capi::checked(fat, "fat").volume;
    const Volume water_volume = capi::checked(water, "water").volume;
    capi::required(out, "out");
    const double tolerance = geometry_tolerance == 0 ? musclemap::kGeometryTolerance : geometry_tolerance;
    *out = std::make_unique<mm_volume>(
               musclemap::fat_fraction(fat_volume, water_volume, capi::run_control(run), tolerance))
               .release();
  });
}
