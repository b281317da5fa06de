/* Pictures of a microscope: lent memory, files, planes, rows. */
#include <stdlib.h>

#include "check.h"

enum { T = 2, C = 2, Z = 3, Y = 4, X = 5 };

static uint16_t pixels[T][C][Z][Y][X];
static char path[4096];

static int32_t count_call(const mm_progress *progress, void *user_data) {
  int *calls = user_data;
  CHECK(progress->stage == MM_STAGE_WRITE || progress->stage == MM_STAGE_READ);
  ++*calls;
  return 0;
}

static void count_release(void *user_data) { ++*(int *)user_data; }

static mm_image_desc lent_desc(void) {
  static const char *const names[C] = {"DAPI", "GFP"};
  mm_image_desc desc = {0};
  desc.struct_size = sizeof desc;
  desc.dtype = MM_DTYPE_U16;
  desc.flags = MM_IMAGE_READ_ONLY;
  desc.shape[0] = T;
  desc.shape[1] = C;
  desc.shape[2] = Z;
  desc.shape[3] = Y;
  desc.shape[4] = X;
  desc.pixel_size_um[0] = 0.182;
  desc.pixel_size_um[1] = 0.25;
  desc.channel_names = names;
  desc.channel_name_count = C;
  desc.data = pixels;
  return desc;
}

static mm_image *lent(void) {
  const mm_image_desc desc = lent_desc();
  mm_image *image = NULL;
  CHECK_OK(mm_image_wrap(&desc, NULL, NULL, &image));
  return image;
}

static void check_pixels(mm_image *image) {
  uint16_t row[X];
  for (int n = 0; n < T * C * Z * Y; ++n) {
    const int t = n / (C * Z * Y), c = n / (Z * Y) % C, z = n / Y % Z, y = n % Y;
    CHECK_OK(mm_image_read_rows(image, t, c, z, y, 1, row, sizeof row));
    CHECK(memcmp(row, pixels[t][c][z][y], sizeof row) == 0);
  }
}

static void check_description(const mm_image *image) {
  mm_image_desc desc = {0};
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_image_describe(image, &desc));
  CHECK(desc.dtype == MM_DTYPE_U16 && desc.shape[0] == T && desc.shape[1] == C && desc.shape[2] == Z);
  CHECK(desc.shape[3] == Y && desc.shape[4] == X);
  CHECK(desc.pixel_size_um[0] == 0.182 && desc.pixel_size_um[1] == 0.25 && desc.pixel_size_um[2] == 0);
  CHECK(desc.channel_name_count == C && strcmp(desc.channel_names[1], "GFP") == 0);
}

static void memory_is_lent_and_given_back(void) {
  mm_image_desc desc = lent_desc();
  mm_image_desc seen = {0};
  mm_image *image = NULL, *plane = NULL;
  int released = 0;
  CHECK_OK(mm_image_wrap(&desc, count_release, &released, &image));
  check_description(image);
  check_pixels(image);
  seen.struct_size = sizeof seen;
  CHECK_OK(mm_image_plane(image, 1, 0, 2, &plane));
  CHECK_OK(mm_image_describe(plane, &seen));
  CHECK(seen.data == pixels[1][0][2] && seen.shape[0] == 1 && seen.shape[1] == 1 && seen.shape[4] == X);
  CHECK(seen.channel_name_count == 1 && strcmp(seen.channel_names[0], "DAPI") == 0);
  mm_image_free(image);
  CHECK(released == 0);
  mm_image_free(plane);
  CHECK(released == 1);

  desc.channel_name_count = 1;
  CHECK(mm_image_wrap(&desc, count_release, &released, &image) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "channel_name_count is 1") != NULL);
  CHECK(released == 1);
}

static void memory_of_any_strides_is_seen(void) {
  mm_image_desc desc = lent_desc();
  mm_image *image = NULL;
  uint16_t rows[2][Y];
  /* One plane from its last row to its first, rows and columns exchanged. */
  desc.shape[0] = desc.shape[1] = desc.shape[2] = 1;
  desc.channel_name_count = 0;
  desc.channel_names = NULL;
  desc.shape[3] = X;
  desc.shape[4] = Y;
  desc.stride_bytes[3] = sizeof pixels[0][0][0][0][0];
  desc.stride_bytes[4] = -(int64_t)sizeof pixels[0][0][0][0];
  desc.data = pixels[0][0][0][Y - 1];
  CHECK_OK(mm_image_wrap(&desc, NULL, NULL, &image));
  CHECK_OK(mm_image_read_rows(image, 0, 0, 0, 1, 2, rows, sizeof rows));
  for (int x = 0; x < 2; ++x)
    for (int y = 0; y < Y; ++y) CHECK(rows[x][y] == pixels[0][0][0][Y - 1 - y][x + 1]);
  mm_image_free(image);
}

static void files_hold_what_was_written(void) {
  static const char *const comments[] = {"one", "two"};
  mm_ome_tiff_options options = {0};
  mm_run_options run = {0};
  mm_image_file file = {0};
  mm_image *image = lent(), *opened = NULL, *in_memory = NULL, *plane = NULL;
  mm_image_desc desc = {0};
  static text json;
  int calls = 0;
  options.struct_size = sizeof options;
  options.compression = MM_TIFF_PLAIN;
  options.comments = comments;
  options.comment_count = 2;
  run.struct_size = sizeof run;
  run.on_progress = count_call;
  run.user_data = &calls;
  CHECK_OK(mm_image_write_ome_tiff(image, path, &options, &run));
  CHECK(calls == T * C * Z);
  CHECK_OK(mm_image_read(path, &run, &in_memory));
  CHECK(calls == 2 * T * C * Z);
  CHECK_OK(mm_image_open(path, NULL, &opened));
  check_description(opened);
  check_description(in_memory);
  check_pixels(opened);
  check_pixels(in_memory);
  CHECK_OK(mm_image_plane(opened, 1, 1, 1, &plane));
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_image_describe(plane, &desc));
  CHECK(memcmp(desc.data, pixels[1][1][1], sizeof pixels[1][1][1]) == 0);
  CHECK_OK(mm_image_describe(opened, &desc));
  CHECK(desc.data == NULL && desc.stride_bytes[4] == 0);
  file.struct_size = sizeof file;
  CHECK_OK(mm_image_describe_file(opened, &file));
  CHECK(strcmp(file.format, "OME-TIFF") == 0 && strcmp(file.axes, "TCZYX") == 0);
  CHECK(strcmp(file.stored_dtype, "uint16") == 0);
  CHECK(file.comment_count == 2 && strcmp(file.comments[1], "two") == 0);
  CHECK_OK(mm_image_describe_file(image, &file));
  CHECK(file.format[0] == '\0' && file.comment_count == 0 && file.comments == NULL);
  CHECK_OK(mm_image_write_json(path, append, &json));
  CHECK(strstr(json.bytes, "\"shape\":[1,2,2,3,4,5]") != NULL);
  /* Over the file that is read. */
  CHECK_OK(mm_image_write_ome_tiff(opened, path, NULL, NULL));
  mm_image_free(plane);
  mm_image_free(in_memory);
  CHECK_OK(mm_image_read(path, NULL, &in_memory));
  check_pixels(in_memory);
  mm_image_free(in_memory);
  mm_image_free(opened);
  mm_image_free(image);
}

static void what_is_refused_says_why(void) {
  uint16_t row[X];
  mm_image *image = lent(), *none = NULL;
  CHECK(mm_image_plane(image, 0, 2, 0, &none) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "c is 2; 0 to 1") != NULL);
  CHECK(mm_image_read_rows(image, 0, 0, 0, 3, 2, row, sizeof row) == MM_E_ARGUMENT);
  CHECK(mm_image_read_rows(image, 0, 0, 0, 0, 1, row, sizeof row - 1) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "byte_count is 9; the rows have 10") != NULL);
  CHECK(mm_image_open("/nonexistent.tif", NULL, &none) == MM_E_IO);
  CHECK(mm_image_write_ome_tiff(image, "/nonexistent/a.tif", NULL, NULL) == MM_E_IO);
  CHECK(mm_image_write_ome_tiff(image, "a.png", NULL, NULL) == MM_E_ARGUMENT);
  CHECK(none == NULL);
  mm_image_free(image);
  mm_image_free(NULL);
}

/* image_test FOLDER */
int main(int count, char **arguments) {
  uint16_t *next = &pixels[0][0][0][0][0];
  for (int n = 0; n < T * C * Z * Y * X; ++n) next[n] = (uint16_t)(n * 7);
  snprintf(path, sizeof path, "%s/a.ome.tif", count > 1 ? arguments[1] : ".");
  memory_is_lent_and_given_back();
  memory_of_any_strides_is_seen();
  files_hold_what_was_written();
  what_is_refused_says_why();
  return failures == 0 ? 0 : 1;
}
