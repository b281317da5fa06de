#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "image/volume_reader.hpp"
#include "running.hpp"
#include "task/radiomics_json.hpp"
#include "task/totalsegmentator/organ_labels.hpp"

namespace capi = musclemap::capi;
using musclemap::ContrastPhase;
using musclemap::Label;
using musclemap::Modality;
using musclemap::NamedLabelMap;
using musclemap::RunControl;
using musclemap::Volume;

namespace {

// Those of the handle; for NULL the classes of the task.
std::vector<Label> class_names(const mm_labels* names, const char* parameter, const char* task) {
  return names == nullptr ? musclemap::task::labels_of_known_task(task)
                          : capi::checked(names, parameter).labels;
}

NamedLabelMap label_map(const mm_volume* labels, const mm_labels* names, const char* task) {
  return {capi::checked(labels, "labels").volume, class_names(names, "names", task)};
}

mm_contrast_phase phase_struct(const ContrastPhase& phase) {
  constexpr std::array<const char*, 4> kNames{"native", "arterial_early", "arterial_late", "portal_venous"};
  mm_contrast_phase given{};
  for (std::size_t n = 0; n < kNames.size(); ++n) {
    if (phase.phase == kNames[n]) given.phase = MM_PHASE_NATIVE + static_cast<int32_t>(n);
  }
  given.pi_time_s = phase.pi_time_s;
  given.probability = phase.probability;
  given.pi_time_min_s = phase.pi_time_min_s;
  given.pi_time_max_s = phase.pi_time_max_s;
  given.stddev_s = phase.stddev_s;
  given.head_neck_missing = phase.head_neck_missing ? 1 : 0;
  return given;
}

mm_modality modality_struct(const Modality& modality) {
  mm_modality given{};
  given.modality = modality.modality == "mr" ? MM_MODALITY_MR : MM_MODALITY_CT;
  given.probability = modality.probability;
  return given;
}

// A segmenter for as long as one call runs it.
class Held {
 public:
  Held(mm_segmenter& segmenter, const char* name, const RunControl& control)
      : changing_(segmenter, name), running_(segmenter, control.cancel) {}

 private:
  capi::Changing changing_;
  capi::Running running_;
};

}  // namespace

mm_status mm_contrast_phase_of_labels(const mm_volume* image, const mm_volume* labels, const mm_labels* names,
                                      const mm_volume* head_neck, const mm_labels* head_neck_names,
                                      const mm_run_options* run, mm_contrast_phase* out) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    std::vector<NamedLabelMap> maps{label_map(labels, names, "total")};
    const std::vector<Label> neck_names =
        class_names(head_neck_names, "head_neck_names", "headneck_bones_vessels");
    if (head_neck != nullptr) maps.push_back({capi::checked(head_neck, "head_neck").volume, neck_names});
    const capi::Result<mm_contrast_phase> result(out, "out");
    result.give(phase_struct(musclemap::contrast_phase(source, maps, capi::run_control(run))));
  });
}

mm_status mm_contrast_phase_run(mm_segmenter* total, mm_segmenter* head_neck, const mm_volume* image,
                                const mm_run_options* run, mm_contrast_phase* out) noexcept {
  return capi::guarded([&] {
    mm_segmenter& organs = capi::checked(total, "total");
    mm_segmenter* neck = head_neck == nullptr ? nullptr : &capi::checked(head_neck, "head_neck");
    musclemap::image::VolumeReader source(capi::checked(image, "image").volume, "image");
    const capi::Result<mm_contrast_phase> result(out, "out");
    const RunControl control = capi::run_control(run);
    const Held held_organs(organs, "total", control);
    std::optional<Held> held_neck;
    if (neck != nullptr) held_neck.emplace(*neck, "head_neck", control);
    const auto find_neck = [&] { return neck == nullptr ? nullptr : &neck->segmenter; };
    result.give(phase_struct(musclemap::contrast_phase(source, organs.segmenter, find_neck, control)));
  });
}

mm_status mm_modality_of_image(const mm_volume* image, const mm_run_options* run, mm_modality* out) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    const capi::Result<mm_modality> result(out, "out");
    result.give(modality_struct(musclemap::image_modality(source, capi::run_control(run))));
  });
}

mm_status mm_modality_of_labels(const mm_volume* image, const mm_volume* labels, const mm_labels* names,
                                const mm_run_options* run, mm_modality* out) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    const NamedLabelMap map = label_map(labels, names, "total_mr");
    const capi::Result<mm_modality> result(out, "out");
    result.give(modality_struct(musclemap::normalised_modality(source, map, capi::run_control(run))));
  });
}

mm_status mm_modality_run(mm_segmenter* total_mr, const mm_volume* image, const mm_run_options* run,
                          mm_modality* out) noexcept {
  return capi::guarded([&] {
    mm_segmenter& organs = capi::checked(total_mr, "total_mr");
    musclemap::image::VolumeReader source(capi::checked(image, "image").volume, "image");
    const capi::Result<mm_modality> result(out, "out");
    const RunControl control = capi::run_control(run);
    const Held held(organs, "total_mr", control);
    result.give(modality_struct(musclemap::normalised_modality(source, organs.segmenter, control)));
  });
}

mm_status mm_combine_masks(const mm_volume* labels, const mm_labels* names, const char* mask_name,
                           mm_volume** out) noexcept {
  return capi::guarded([&] {
    const NamedLabelMap map = label_map(labels, names, "total");
    capi::required(mask_name, "mask_name");
    capi::required(out, "out");
    *out = std::make_unique<mm_volume>(musclemap::combined_mask(map, musclemap::classes_of_union(mask_name)))
               .release();
  });
}

mm_status mm_radiomics_write_json(const mm_volume* image, const mm_volume* labels, const mm_labels* names,
                                  const mm_run_options* run, mm_write_fn write, void* user_data) noexcept {
  return capi::guarded([&] {
    const Volume source = capi::checked(image, "image").volume;
    const NamedLabelMap map = label_map(labels, names, "total");
    const RunControl control = capi::run_control(run);
    capi::required(write, "write");
    capi::hand_over(musclemap::task::radiomics_json(
                        musclemap::task::features_by_class(source, map.map, map.names, control)),
                    write, user_data);
  });
}
