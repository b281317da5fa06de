#include <vector>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace capi = musclemap::capi;
using musclemap::Label;
using musclemap::MontageOptions;
using musclemap::Volume;

namespace {

MontageOptions montage_options(const mm_montage_options* options) {
  const mm_montage_options own = capi::taken_or_default(options, "options");
  constexpr int32_t kNoSlices = -1;
  MontageOptions result;
  result.title = capi::text_or_empty(own.title);
  result.subtitle = capi::text_or_empty(own.subtitle);
  if (own.width_px != 0) result.width_px = own.width_px;
  if (own.max_slices != 0) result.max_slices = own.max_slices == kNoSlices ? 0 : own.max_slices;
  if (own.geometry_tolerance != 0) result.geometry_tolerance = own.geometry_tolerance;
  result.section_axis = capi::section_axis(own.section_axis, "options.section_axis");
  if (own.max_groups != 0) result.max_groups = own.max_groups;
  result.on_warning = capi::warning_listener(own.on_warning, own.user_data);
  return result;
}

}  // namespace

mm_status mm_qc_montage_png(const mm_volume* image, const mm_volume* labels, const mm_labels* names,
                            const mm_montage_options* options, mm_write_fn write, void* user_data) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    const Volume map = capi::checked(labels, "labels").volume;
    const std::vector<Label> known = capi::names_of(names);
    capi::required(write, "write");
    capi::hand_over(musclemap::qc_montage_png(source, map, known, montage_options(options)), write,
                    user_data);
  });
}

mm_status mm_organ_preview_png(const mm_volume* image, const mm_volume* labels, const mm_labels* names,
                               const mm_montage_options* options, mm_write_fn write,
                               void* user_data) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    const Volume map = capi::checked(labels, "labels").volume;
    const std::vector<Label> known = capi::names_of(names);
    capi::required(write, "write");
    capi::hand_over(musclemap::organ_preview_png(source, map, known, montage_options(options)), write,
                    user_data);
  });
}

mm_status mm_tissue_montage_png(const mm_tissue* tissue, const mm_labels* names,
                                const mm_montage_options* options, mm_write_fn write,
                                void* user_data) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    const std::vector<Label> known = capi::names_of(names);
    capi::required(write, "write");
    const MontageOptions wanted = montage_options(options);
    const capi::Reading reading(own, "tissue");
    const musclemap::TissueOverlay overlay{own.map.labels(), own.map.tissue(), own.map.fits(),
                                           own.map.options()};
    capi::hand_over(musclemap::tissue_montage_png(own.map.image(), overlay, known, wanted), write, user_data);
  });
}
