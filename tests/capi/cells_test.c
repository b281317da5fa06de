/* Cells: a network from a file, runs, masks of flows, tables. */
#include <math.h>
#include <stdlib.h>

#include "check.h"

enum { T = 2, Y = 40, X = 44 };

static uint16_t pixels[T][Y][X];
static float flows[T][2][Y][X];
static float logits[T][Y][X];

static mm_image *lend(void *memory, int32_t dtype, int64_t times, int64_t channels) {
  mm_image_desc desc = {0};
  mm_image *image = NULL;
  desc.struct_size = sizeof desc;
  desc.dtype = dtype;
  desc.flags = MM_IMAGE_READ_ONLY;
  desc.shape[0] = times;
  desc.shape[1] = channels;
  desc.shape[2] = 1;
  desc.shape[3] = Y;
  desc.shape[4] = X;
  desc.pixel_size_um[0] = desc.pixel_size_um[1] = 0.5;
  desc.data = memory;
  CHECK_OK(mm_image_wrap(&desc, NULL, NULL, &image));
  return image;
}

static mm_image_desc described(const mm_image *image) {
  mm_image_desc desc = {0};
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_image_describe(image, &desc));
  return desc;
}

/* Time 0: a disc around (20, 18); time 1: one around (18, 26), whose flows lead to its middle as well. */
static void fill(void) {
  for (int t = 0; t < T; ++t) {
    const double cy = t == 0 ? 20 : 18, cx = t == 0 ? 18 : 26;
    for (int y = 0; y < Y; ++y) {
      for (int x = 0; x < X; ++x) {
        const double distance = hypot(y - cy, x - cx);
        const double length = distance > 1 ? distance : 1;
        const int inside = distance <= 9;
        flows[t][0][y][x] = inside ? (float)(5 * (cy - y) / length) : 0;
        flows[t][1][y][x] = inside ? (float)(5 * (cx - x) / length) : 0;
        logits[t][y][x] = inside ? 4 : -4;
        pixels[t][y][x] = (uint16_t)((y * 131 + x * 57 + t * 11) % 4000);
      }
    }
  }
}

static void masks_of_stored_flows_are_measured(void) {
  mm_image *flow_image = lend(flows, MM_DTYPE_F32, T, 2);
  mm_image *logit_image = lend(logits, MM_DTYPE_F32, T, 1);
  mm_image *picture = lend(pixels, MM_DTYPE_U16, T, 1), *labels = NULL, *none = NULL;
  mm_cells_mask_options options = {0};
  mm_table *table = NULL;
  int64_t rows = 0, column = 0;
  CHECK_OK(mm_cells_masks(flow_image, logit_image, NULL, NULL, &labels));
  const mm_image_desc desc = described(labels);
  CHECK(desc.dtype == MM_DTYPE_U16 && desc.shape[0] == T && desc.shape[1] == 1 && desc.shape[4] == X);
  CHECK(desc.pixel_size_um[0] == 0.5);
  const uint16_t *label = desc.data;
  for (int n = 0; n < T * Y * X; ++n) CHECK((label[n] == 1) == ((&logits[0][0][0])[n] > 0) && label[n] < 2);

  CHECK_OK(mm_cells_measure(labels, picture, &table));
  CHECK_OK(mm_table_row_count(table, &rows));
  CHECK(rows == T);
  CHECK_OK(mm_table_find_column(table, "label", &column));
  CHECK(mm_table_column_values(table, column)[1] == 1);
  mm_table_free(table);
  CHECK_OK(mm_cells_measure(labels, NULL, &table));
  mm_table_free(table);

  options.struct_size = sizeof options;
  options.min_size = 1000;
  CHECK_OK(mm_cells_masks(flow_image, logit_image, &options, NULL, &none));
  label = described(none).data;
  for (int n = 0; n < T * Y * X; ++n) CHECK(label[n] == 0);
  mm_image_free(none);

  options.min_size = 0;
  options.dynamics = 2;
  CHECK(mm_cells_masks(flow_image, logit_image, &options, NULL, &none) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "dynamics is 2") != NULL);
  CHECK(mm_cells_masks(logit_image, logit_image, NULL, NULL, &none) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "flows has the shape (2, 1, 1, 40, 44)") != NULL);
  CHECK(mm_cells_measure(picture, flow_image, &table) == MM_OK);
  mm_table_free(table);
  CHECK(mm_cells_measure(logit_image, NULL, &table) == MM_E_ARGUMENT);
  mm_image_free(labels);
  mm_image_free(picture);
  mm_image_free(logit_image);
  mm_image_free(flow_image);
}

static int32_t count_call(const mm_progress *progress, void *user_data) {
  double *last = user_data;
  CHECK(progress->fraction >= *last);
  *last = progress->fraction;
  return 0;
}

static void a_network_runs_on_memory_and_on_a_file(const char *folder) {
  char path[4096];
  mm_cells_info info = {0};
  mm_cells_run_report report = {0};
  mm_cells_mask_options masks = {0};
  mm_cells_options options = {0};
  mm_run_options run = {0};
  mm_cells *cells = NULL;
  mm_image *picture = lend(pixels, MM_DTYPE_U16, T, 1), *file = NULL, *found = NULL, *cellprob = NULL;
  mm_image *labels = NULL, *of_file = NULL, *again = NULL;
  double fraction = 0;
  run.struct_size = sizeof run;
  run.on_progress = count_call;
  run.user_data = &fraction;
  CHECK_OK(mm_cells_open(MUSCLEMAP_SAMPLE_CELLS, NULL, &run, &cells));
  CHECK(fraction == 1);
  fraction = 0;
  info.struct_size = sizeof info;
  CHECK_OK(mm_cells_describe(cells, &info));
  CHECK(info.builtin == 0 && info.estimates_diameter == 0 && info.diam_mean == 20 && info.diam_labels == 20);
  CHECK(strcmp(info.weights_file, MUSCLEMAP_SAMPLE_CELLS) == 0 && strlen(info.sha256) == 64);
  CHECK(strncmp(info.engine, "native", 6) == 0);
  report.struct_size = sizeof report;
  CHECK_OK(mm_cells_report(cells, &report));
  CHECK(report.frames == 0 && report.diameters == NULL);

  masks.struct_size = sizeof masks;
  masks.cellprob_threshold = -9;
  masks.flow_threshold = -1;
  masks.min_size = -1;
  options.struct_size = sizeof options;
  options.masks = &masks;
  options.diameter = 15;
  CHECK_OK(mm_cells_run(cells, picture, &options, &run, &found, &cellprob, &labels));
  CHECK(fraction == 1);
  CHECK_OK(mm_cells_report(cells, &report));
  CHECK(report.frames == T && report.diameters[1] == 15 && report.counts[0] >= 0);
  const mm_image_desc flow_desc = described(found), label_desc = described(labels);
  CHECK(flow_desc.dtype == MM_DTYPE_F32 && flow_desc.shape[0] == T && flow_desc.shape[1] == 2);
  CHECK(flow_desc.shape[3] == Y && flow_desc.shape[4] == X);
  CHECK(label_desc.dtype == MM_DTYPE_U16 && label_desc.shape[0] == T && label_desc.shape[1] == 1);
  /* What was followed gives the same masks again, without the network: 200 / (20 / 15) steps. */
  masks.niter = 150;
  CHECK_OK(mm_cells_masks(found, cellprob, &masks, NULL, &again));
  CHECK(memcmp(described(again).data, label_desc.data, sizeof pixels) == 0);

  snprintf(path, sizeof path, "%s/picture.ome.tif", folder);
  CHECK_OK(mm_image_write_ome_tiff(picture, path, NULL, NULL));
  CHECK_OK(mm_image_open(path, NULL, &file));
  CHECK_OK(mm_cells_run(cells, file, &options, NULL, NULL, NULL, &of_file));
  CHECK(memcmp(described(of_file).data, label_desc.data, sizeof pixels) == 0);

  options.diameter = MM_ESTIMATE_DIAMETER;
  mm_image_free(again);
  again = NULL;
  CHECK(mm_cells_run(cells, picture, &options, NULL, NULL, NULL, &again) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "size model") != NULL);
  options.diameter = -3;
  CHECK(mm_cells_run(cells, picture, &options, NULL, NULL, NULL, &again) == MM_E_ARGUMENT);
  CHECK(again == NULL);
  mm_image_free(of_file);
  mm_image_free(file);
  mm_image_free(labels);
  mm_image_free(cellprob);
  mm_image_free(found);
  mm_image_free(picture);
  mm_cells_free(cells);
}

static void a_run_is_cancelled(void) {
  mm_cancel_token *token = NULL;
  mm_cells *cells = NULL;
  mm_image *picture = lend(pixels, MM_DTYPE_U16, T, 1), *labels = NULL;
  mm_run_options run = {0};
  CHECK_OK(mm_cancel_token_create(&token));
  CHECK_OK(mm_cells_open(MUSCLEMAP_SAMPLE_CELLS, NULL, NULL, &cells));
  mm_cancel_token_cancel(token);
  run.struct_size = sizeof run;
  run.cancel = token;
  CHECK(mm_cells_run(cells, picture, NULL, &run, NULL, NULL, &labels) == MM_E_CANCELLED);
  CHECK(labels == NULL);
  CHECK_OK(mm_cells_run(cells, picture, NULL, NULL, NULL, NULL, &labels));
  mm_image_free(labels);
  mm_image_free(picture);
  mm_cells_free(cells);
  mm_cancel_token_free(token);
}

static void what_is_no_model_is_refused(void) {
  mm_cells_model_options options = {0};
  mm_cells *cells = NULL;
  options.struct_size = sizeof options;
  CHECK(mm_cells_open("/nonexistent", NULL, NULL, &cells) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "neither a file nor one of cyto3") != NULL);
  options.device_index = 1;
  CHECK(mm_cells_open(MUSCLEMAP_SAMPLE_CELLS, &options, NULL, &cells) == MM_E_ARGUMENT);
  options.device_index = 0;
  options.engine = 3;
  CHECK(mm_cells_open(MUSCLEMAP_SAMPLE_CELLS, &options, NULL, &cells) == MM_E_ARGUMENT);
  CHECK(cells == NULL);
  mm_cells_free(NULL);
}

/* cells_test FOLDER */
int main(int count, char **arguments) {
  fill();
  masks_of_stored_flows_are_measured();
  a_network_runs_on_memory_and_on_a_file(count > 1 ? arguments[1] : ".");
  a_run_is_cancelled();
  what_is_no_model_is_refused();
  return failures == 0 ? 0 : 1;
}
