/* Two labels of muscle and fat in memory. */
#ifndef MUSCLEMAP_TESTS_CAPI_PHANTOM_H_
#define MUSCLEMAP_TESTS_CAPI_PHANTOM_H_

#include "musclemap.h"

enum { PHANTOM_I = 8, PHANTOM_J = 6, PHANTOM_K = 4, PHANTOM_VOXELS = PHANTOM_I * PHANTOM_J * PHANTOM_K };

static float phantom_image[PHANTOM_VOXELS];
static int16_t phantom_labels[PHANTOM_VOXELS];

/* The left half is label 3, the right half label 7; every fourth voxel is bright. */
static void make_phantom(void) {
  for (int n = 0; n < PHANTOM_VOXELS; ++n) {
    phantom_labels[n] = n % PHANTOM_I < PHANTOM_I / 2 ? 3 : 7;
    phantom_image[n] = (n % 4 == 0 ? 200.0F : 50.0F) + (float)(n % 7);
  }
}

/* Voxels of 2 x 2 x 5 mm. */
static mm_volume_desc phantom_desc(int32_t dtype, void *data) {
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  desc.dtype = dtype;
  desc.shape[0] = PHANTOM_I;
  desc.shape[1] = PHANTOM_J;
  desc.shape[2] = PHANTOM_K;
  desc.affine[0] = 2;
  desc.affine[5] = 2;
  desc.affine[10] = 5;
  desc.affine[15] = 1;
  desc.data = data;
  return desc;
}

/* A volume over those voxels; NULL where there can be none. */
static inline mm_volume *phantom_volume(int32_t dtype, void *data) {
  const mm_volume_desc desc = phantom_desc(dtype, data);
  mm_volume *volume = NULL;
  return mm_volume_wrap(&desc, NULL, NULL, &volume) == MM_OK ? volume : NULL;
}

#endif /* MUSCLEMAP_TESTS_CAPI_PHANTOM_H_ */
