/* Contrast phase, modality, unions of classes and radiomics. */
#include <stdlib.h>

#include "check.h"

enum { ORGANS = 16, SIDE = 12 };

static const char *const organ_names[ORGANS] = {"liver",
                                                "pancreas",
                                                "urinary_bladder",
                                                "gallbladder",
                                                "heart",
                                                "aorta",
                                                "inferior_vena_cava",
                                                "portal_vein_and_splenic_vein",
                                                "iliac_vena_left",
                                                "iliac_vena_right",
                                                "iliac_artery_left",
                                                "iliac_artery_right",
                                                "pulmonary_vein",
                                                "brain",
                                                "colon",
                                                "small_bowel"};
/* Their values in the task total. */
static const uint8_t organ_values[ORGANS] = {5, 7, 21, 4, 51, 52, 63, 64, 67, 68, 65, 66, 53, 90, 20, 18};

static int16_t hu[ORGANS][SIDE];
static uint8_t numbered[ORGANS][SIDE];
static uint8_t of_total[ORGANS][SIDE];

static mm_volume *volume_of(int32_t dtype, void *data, int64_t i, int64_t j, int64_t k) {
  mm_volume_desc desc = {0};
  mm_volume *volume = NULL;
  desc.struct_size = sizeof desc;
  desc.dtype = dtype;
  desc.shape[0] = i;
  desc.shape[1] = j;
  desc.shape[2] = k;
  desc.affine[0] = desc.affine[5] = desc.affine[10] = 3;
  desc.affine[15] = 1;
  desc.data = data;
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &volume));
  return volume;
}

static mm_labels *names_of(const char *const *anatomy, int count) {
  mm_label given[ORGANS] = {{0}};
  mm_labels *names = NULL;
  for (int n = 0; n < count; ++n) {
    given[n].struct_size = sizeof given[n];
    given[n].value = n + 1;
    given[n].anatomy = anatomy[n];
  }
  CHECK_OK(mm_labels_create(given, count, &names));
  return names;
}

static mm_contrast_phase empty_phase(void) {
  mm_contrast_phase phase = {0};
  phase.struct_size = sizeof phase;
  return phase;
}

static mm_modality empty_modality(void) {
  mm_modality modality = {0};
  modality.struct_size = sizeof modality;
  return modality;
}

static void phase_of_labels(void) {
  mm_volume *image = volume_of(MM_DTYPE_I16, hu, SIDE, ORGANS, 1);
  mm_volume *map = volume_of(MM_DTYPE_U8, numbered, SIDE, ORGANS, 1);
  mm_volume *total = volume_of(MM_DTYPE_U8, of_total, SIDE, ORGANS, 1);
  mm_labels *names = names_of(organ_names, ORGANS);
  mm_contrast_phase named = empty_phase();
  mm_contrast_phase unnamed = empty_phase();
  CHECK_OK(mm_contrast_phase_of_labels(image, map, names, NULL, NULL, NULL, &named));
  CHECK_OK(mm_contrast_phase_of_labels(image, total, NULL, NULL, NULL, NULL, &unnamed));
  CHECK(memcmp(&named, &unnamed, sizeof named) == 0);
  CHECK(named.phase >= MM_PHASE_NATIVE && named.phase <= MM_PHASE_PORTAL_VENOUS);
  CHECK(named.pi_time_min_s <= named.pi_time_s && named.pi_time_s <= named.pi_time_max_s);
  CHECK(named.head_neck_missing == 1);
  /* Any map of the neck will do for it to be there. */
  CHECK_OK(mm_contrast_phase_of_labels(image, map, names, map, NULL, NULL, &named));
  CHECK(named.head_neck_missing == 0);

  CHECK(mm_contrast_phase_of_labels(image, map, NULL, NULL, NULL, NULL, &named) == MM_OK);
  mm_labels *few = names_of(organ_names, 2);
  CHECK(mm_contrast_phase_of_labels(image, map, few, NULL, NULL, NULL, &named) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "urinary_bladder") != NULL);
  mm_labels_free(few);
  mm_labels_free(names);
  mm_volume_free(total);
  mm_volume_free(map);
  mm_volume_free(image);
}

static void modality_of_values_and_of_labels(void) {
  static int16_t values[2] = {-1000, 400};
  mm_volume *image = volume_of(MM_DTYPE_I16, values, 2, 1, 1);
  mm_modality found = empty_modality();
  CHECK_OK(mm_modality_of_image(image, NULL, &found));
  CHECK(found.modality == MM_MODALITY_CT && found.probability == 1);
  values[0] = 0;
  CHECK_OK(mm_modality_of_image(image, NULL, &found));
  CHECK(found.modality == MM_MODALITY_MR);
  static uint8_t labels[2] = {1, 2};
  mm_volume *map = volume_of(MM_DTYPE_U8, labels, 2, 1, 1);
  CHECK_OK(mm_modality_of_labels(image, map, NULL, NULL, &found));
  CHECK(found.modality == MM_MODALITY_CT || found.modality == MM_MODALITY_MR);
  mm_labels *names = names_of(organ_names, 2);
  CHECK(mm_modality_of_labels(image, map, names, NULL, &found) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "total_mr") != NULL);
  mm_labels_free(names);
  mm_volume_free(map);
  mm_volume_free(image);
}

static void classes_are_joined(void) {
  mm_volume *map = volume_of(MM_DTYPE_U8, of_total, SIDE, ORGANS, 1);
  mm_volume *mask = NULL;
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_combine_masks(map, NULL, "heart", &mask));
  CHECK_OK(mm_volume_describe(mask, &desc));
  CHECK(desc.dtype == MM_DTYPE_U8);
  int ones = 0;
  for (int n = 0; n < ORGANS * SIDE; ++n) ones += ((const uint8_t *)desc.data)[n] == 1;
  CHECK(ones == SIDE);
  mm_volume_free(mask);
  CHECK(mm_combine_masks(map, NULL, "liver", &mask) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "vertebrae_ribs") != NULL);
  mm_volume_free(map);
}

static int32_t refuse(const char *bytes, size_t count, void *user_data) {
  (void)bytes;
  (void)count;
  (void)user_data;
  return 1;
}

static void features_are_an_object_of_the_named_classes(void) {
  static uint8_t cube[SIDE][SIDE][SIDE];
  static int16_t values[SIDE][SIDE][SIDE];
  static text json;
  for (int k = 0; k < SIDE; ++k) {
    for (int j = 0; j < SIDE; ++j) {
      for (int i = 0; i < SIDE; ++i) {
        cube[k][j][i] = i > 2 && i < 9 && j > 2 && j < 9 && k > 2 && k < 9;
        values[k][j][i] = (int16_t)(i + 2 * j + 3 * k);
      }
    }
  }
  mm_volume *image = volume_of(MM_DTYPE_I16, values, SIDE, SIDE, SIDE);
  mm_volume *map = volume_of(MM_DTYPE_U8, cube, SIDE, SIDE, SIDE);
  mm_labels *names = names_of(organ_names, 2);
  CHECK_OK(mm_radiomics_write_json(image, map, names, NULL, append, &json));
  CHECK(strstr(json.bytes, "\"liver\": {") != NULL && strstr(json.bytes, "\"pancreas\": {") != NULL);
  CHECK(strstr(json.bytes, "\"shape_VoxelVolume\": 5832.0") != NULL); /* 6 x 6 x 6 voxels of 27 mm3 */
  CHECK(mm_radiomics_write_json(image, map, names, NULL, refuse, NULL) == MM_E_CANCELLED);
  mm_volume *other = volume_of(MM_DTYPE_U8, cube, SIDE, SIDE, SIDE - 1);
  CHECK(mm_radiomics_write_json(image, other, names, NULL, append, &json) == MM_E_GEOMETRY);
  mm_volume_free(other);
  mm_labels_free(names);
  mm_volume_free(map);
  mm_volume_free(image);
}

/* Without an engine for networks that see volumes there is nothing to refuse. */
static void a_task_of_other_classes_is_refused(void) {
  mm_task *task = NULL;
  mm_segmenter *segmenter = NULL;
  mm_segment_options options = {0};
  options.struct_size = sizeof options;
  options.device = MM_DEVICE_CPU;
  CHECK_OK(mm_task_open(MUSCLEMAP_SAMPLE_NNUNET, NULL, NULL, &task));
  const mm_status made = mm_segmenter_create_of_task(task, &options, NULL, &segmenter);
  mm_task_free(task);
  if (made == MM_E_DEVICE) {
    printf("no engine runs the network: %s\n", mm_last_error());
    return;
  }
  CHECK_OK(made);
  mm_volume *image = volume_of(MM_DTYPE_I16, hu, SIDE, ORGANS, 1);
  mm_contrast_phase phase = empty_phase();
  mm_modality modality = empty_modality();
  CHECK(mm_contrast_phase_run(segmenter, NULL, image, NULL, &phase) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "task total") != NULL);
  CHECK(mm_modality_run(segmenter, image, NULL, &modality) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "task total_mr") != NULL);
  CHECK(mm_contrast_phase_run(segmenter, segmenter, image, NULL, &phase) == MM_E_ARGUMENT);
  CHECK(last_reason() == MM_REASON_BUSY);
  mm_volume_free(image);
  mm_segmenter_free(segmenter);
}

int main(void) {
  for (int n = 0; n < ORGANS; ++n) {
    for (int i = 0; i < SIDE; ++i) {
      hu[n][i] = (int16_t)(100 + n);
      numbered[n][i] = (uint8_t)(n + 1);
      of_total[n][i] = organ_values[n];
    }
  }
  phase_of_labels();
  modality_of_values_and_of_labels();
  classes_are_joined();
  features_are_an_object_of_the_named_classes();
  a_task_of_other_classes_is_refused();
  return failures == 0 ? 0 : 1;
}
