/* Volumes: wrapping, copies, files, who lets go when. */
#include <stdlib.h>

#include "check.h"
#include "phantom.h"

static int released;

static void count_release(void *user_data) { ++*(int *)user_data; }

static void wrap_lends_memory_and_lets_go_once(void) {
  mm_volume_desc desc = phantom_desc(MM_DTYPE_F32, phantom_image);
  mm_volume *volume = NULL;
  released = 0;
  CHECK_OK(mm_volume_wrap(&desc, count_release, &released, &volume));
  mm_volume_desc seen = {0};
  seen.struct_size = sizeof seen;
  CHECK_OK(mm_volume_describe(volume, &seen));
  CHECK(seen.data == phantom_image);
  CHECK(seen.stride_bytes[0] == 4 && seen.stride_bytes[1] == 4 * PHANTOM_I);
  CHECK(seen.affine[10] == 5);
  CHECK_OK(mm_volume_retain(volume));
  mm_volume_free(volume);
  CHECK(released == 0);
  mm_volume_free(volume);
  CHECK(released == 1);
}

static void a_refused_wrap_keeps_output_and_never_releases(void) {
  mm_volume_desc desc = phantom_desc(MM_DTYPE_F32, (char *)phantom_image + 1);
  mm_volume *const before = (mm_volume *)&released;
  mm_volume *volume = before;
  released = 0;
  CHECK(mm_volume_wrap(&desc, count_release, &released, &volume) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "aligned") != NULL);
  CHECK(volume == before);
  CHECK(released == 0);
}

static void negative_strides_are_kept(void) {
  mm_volume_desc desc = phantom_desc(MM_DTYPE_F32, phantom_image + PHANTOM_I - 1);
  desc.stride_bytes[0] = -4;
  desc.stride_bytes[1] = 4 * PHANTOM_I;
  desc.stride_bytes[2] = 4 * PHANTOM_I * PHANTOM_J;
  mm_volume *volume = NULL;
  mm_volume *copy = NULL;
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &volume));
  CHECK_OK(mm_volume_copy(volume, &copy));
  mm_volume_desc seen = {0};
  seen.struct_size = sizeof seen;
  CHECK_OK(mm_volume_describe(copy, &seen));
  CHECK(((const float *)seen.data)[0] == phantom_image[PHANTOM_I - 1]);
  CHECK(seen.stride_bytes[0] == 4);
  mm_volume_free(copy);
  mm_volume_free(volume);
}

static void files_keep_voxels(const char *path) {
  mm_volume_desc desc = phantom_desc(MM_DTYPE_I16, phantom_labels);
  mm_volume *volume = NULL;
  mm_volume *read = NULL;
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &volume));
  CHECK_OK(mm_volume_write(volume, path, NULL, NULL));
  CHECK_OK(mm_volume_read(path, NULL, NULL, &read));
  mm_volume_desc seen = {0};
  seen.struct_size = sizeof seen;
  CHECK_OK(mm_volume_describe(read, &seen));
  CHECK(seen.dtype == MM_DTYPE_I16);
  CHECK(memcmp(seen.data, phantom_labels, sizeof phantom_labels) == 0);
  mm_volume_free(read);
  mm_volume_free(volume);

  mm_nifti_info info = {0};
  info.struct_size = sizeof info;
  CHECK_OK(mm_nifti_describe(path, NULL, &info));
  CHECK(info.axis_count == 3 && info.shape[0] == PHANTOM_I && info.gzip == 1);
  CHECK(strcmp(info.dtype, "int16") == 0 && strcmp(info.affine_source, "sform") == 0);
  static text json;
  CHECK_OK(mm_nifti_write_json(path, NULL, 1, NULL, append, &json));
  CHECK(strstr(json.bytes, "\"sha256_voxels_le\":\"") != NULL);

  mm_nifti_read_options strict = {sizeof strict, 0, 16, 0};
  CHECK(mm_nifti_describe(path, &strict, &info) == MM_E_FORMAT || last_reason() == MM_REASON_LIMIT);
}

typedef struct heard {
  int calls;
  int fell;
  double last;
} heard;

static int32_t hear(const mm_progress *progress, void *user_data) {
  heard *so_far = user_data;
  ++so_far->calls;
  if (progress->fraction < so_far->last) so_far->fell = 1;
  so_far->last = progress->fraction;
  return 0;
}

/* What `call` answered for a run that listens, then for one that was cancelled. */
#define CHECK_RUN(call)                                          \
  do {                                                           \
    heard so_far = {0, 0, 0};                                    \
    run.cancel = NULL;                                           \
    run.user_data = &so_far;                                     \
    CHECK_OK(call);                                              \
    CHECK(so_far.calls > 0 && !so_far.fell && so_far.last == 1); \
    run.cancel = token;                                          \
    CHECK((call) == MM_E_CANCELLED);                             \
  } while (0)

static void files_are_read_and_written_as_runs(const char *path) {
  mm_volume_desc desc = phantom_desc(MM_DTYPE_I16, phantom_labels);
  mm_volume *volume = NULL;
  mm_volume *read = NULL;
  mm_cancel_token *token = NULL;
  static text json;
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_progress = hear;
  CHECK_OK(mm_cancel_token_create(&token));
  mm_cancel_token_cancel(token);
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &volume));
  CHECK_RUN(mm_volume_write(volume, path, NULL, &run));
  CHECK_RUN(mm_volume_read(path, NULL, &run, &read));
  CHECK_RUN(mm_nifti_write_json(path, NULL, 1, &run, append, &json));
  mm_volume_free(read);
  mm_volume_free(volume);
  mm_cancel_token_free(token);
}

static void the_error_names_code_reason_and_file(void) {
  mm_volume *volume = NULL;
  CHECK(mm_volume_read("/nonexistent/a.nii.gz", NULL, NULL, &volume) == MM_E_IO);
  mm_error_info info = {sizeof info, 0, 0, 0, NULL, NULL};
  CHECK_OK(mm_last_error_info(&info));
  CHECK(info.code == MM_E_IO && info.reason == MM_REASON_IO);
  CHECK(strcmp(info.file, "/nonexistent/a.nii.gz") == 0);
  CHECK(info.message[0] != '\0');
  CHECK(strncmp(mm_last_error(), "/nonexistent/a.nii.gz: ", 23) == 0);
  CHECK(strcmp(mm_status_name(info.code), "io") == 0 && strcmp(mm_reason_name(info.reason), "io") == 0);
}

static void another_handle_is_refused(void) {
  mm_labels *labels = NULL;
  CHECK_OK(mm_labels_builtin("thigh", NULL, &labels));
  mm_volume *copy = NULL;
  CHECK(mm_volume_copy((const mm_volume *)labels, &copy) == MM_E_ARGUMENT);
  CHECK(copy == NULL);
  mm_labels_free(labels);
}

/* A program of another version: a shorter struct is refused, a longer one works where the rest is 0. */
static void structs_grow_at_the_end(void) {
  struct {
    mm_volume_desc known;
    int64_t later;
  } longer;
  memset(&longer, 0, sizeof longer);
  longer.known = phantom_desc(MM_DTYPE_U8, NULL);
  longer.known.struct_size = sizeof longer;
  mm_volume *volume = NULL;
  CHECK_OK(mm_volume_zeros(&longer.known, &volume));
  longer.later = -1;
  CHECK_OK(mm_volume_describe(volume, &longer.known));
  CHECK(longer.later == 0 && longer.known.struct_size == sizeof longer);
  mm_volume_free(volume);
  longer.later = 1;
  CHECK(mm_volume_zeros(&longer.known, &volume) == MM_E_ARGUMENT && last_reason() == MM_REASON_UNSUPPORTED);
  longer.known.struct_size = 8;
  CHECK(mm_volume_zeros(&longer.known, &volume) == MM_E_ARGUMENT);
}

int main(int count, char **arguments) {
  char path[4096];
  CHECK(mm_last_error() != NULL && mm_last_error()[0] == '\0');
  CHECK(mm_abi_version() == MM_ABI_VERSION);
  CHECK(strchr(mm_version_string(), '.') != NULL);
  make_phantom();
  wrap_lends_memory_and_lets_go_once();
  a_refused_wrap_keeps_output_and_never_releases();
  negative_strides_are_kept();
  snprintf(path, sizeof path, "%s/volume_test.nii.gz", count > 1 ? arguments[1] : ".");
  files_keep_voxels(path);
  files_are_read_and_written_as_runs(path);
  the_error_names_code_reason_and_file();
  another_handle_is_refused();
  structs_grow_at_the_end();
  remove(path);
  return failures == 0 ? 0 : 1;
}
