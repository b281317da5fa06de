/* Measures of a label map that lies in memory: a host hands over its own buffers and gets numbers and text.
 *
 * Prints volume and fat of two muscles of a made-up image, then the whole table as CSV. Exit status 0, or 1
 * with a line on standard error. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "musclemap.h"

enum { NI = 64, NJ = 48, NK = 12 };

static float image[NK][NJ][NI];
static uint8_t labels[NK][NJ][NI];

/* Two muscles side by side; stripes of fat in the right one are twice as wide. */
static void fill(void) {
  for (int k = 0; k < NK; ++k) {
    for (int j = 4; j < NJ - 4; ++j) {
      for (int i = 0; i < NI; ++i) {
        const int right = i >= NI / 2;
        const int fat = j % 10 < (right ? 4 : 2);
        labels[k][j][i] = right ? 2 : 1;
        image[k][j][i] = (fat ? 300.0F : 90.0F) + (float)((i * 7 + j * 3 + k) % 17);
      }
    }
  }
}

static void need(mm_status status, const char *what) {
  if (status == MM_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", what, mm_last_error(), mm_status_name(status));
  exit(1);
}

/* Lends the library a buffer; nothing is copied. */
static mm_volume *lend(void *voxels, int32_t dtype) {
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  desc.dtype = dtype;
  desc.flags = MM_VOLUME_READ_ONLY;
  desc.shape[0] = NI;
  desc.shape[1] = NJ;
  desc.shape[2] = NK;
  /* Strides stay 0: contiguous, i fastest. Voxels of 0.9 x 0.9 x 5 mm, the first one at the world's origin.
   */
  desc.affine[0] = 0.9;
  desc.affine[5] = 0.9;
  desc.affine[10] = 5;
  desc.affine[15] = 1;
  desc.data = voxels;
  mm_volume *volume = NULL;
  need(mm_volume_wrap(&desc, NULL, NULL, &volume), "volume");
  return volume;
}

static const double *column(const mm_table *table, const char *name) {
  int64_t number = 0;
  need(mm_table_find_column(table, name, &number), name);
  return mm_table_column_values(table, number);
}

static int32_t print(const char *bytes, size_t count, void *file) {
  return fwrite(bytes, 1, count, file) == count ? 0 : 1;
}

int main(void) {
  fill();
  const mm_label given[2] = {{sizeof(mm_label), 1, NULL, "vastus lateralis", "left", NULL, NULL},
                             {sizeof(mm_label), 2, NULL, "vastus lateralis", "right", NULL, NULL}};
  mm_labels *names = NULL;
  mm_tissue *tissue = NULL;
  mm_table *table = NULL;
  mm_volume *image_volume = lend(image, MM_DTYPE_F32);
  mm_volume *label_volume = lend(labels, MM_DTYPE_U8);
  need(mm_labels_create(given, 2, &names), "names");
  need(mm_tissue_classify(image_volume, label_volume, NULL, NULL, &tissue), "tissue");
  need(mm_measure(tissue, names, NULL, NULL, NULL, &table), "table");

  int64_t rows = 0;
  need(mm_table_row_count(table, &rows), "rows");
  const double *value = column(table, "label");
  const double *volume_ml = column(table, "total_volume_ml");
  const double *fat_percent = column(table, "fat_percent");
  for (int64_t row = 0; row < rows; ++row)
    printf("label %.0f: %.1f ml, %.1f %% fat\n", value[row], volume_ml[row], fat_percent[row]);
  need(mm_table_write(table, NULL, print, stdout), "CSV");

  mm_table_free(table);
  mm_tissue_free(tissue);
  mm_labels_free(names);
  mm_volume_free(label_volume);
  mm_volume_free(image_volume);
  return 0;
}
