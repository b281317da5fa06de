/* The segmenter: segment_test MODEL IMAGE LABELS. LABELS is what mm_segment made of IMAGE. Needs an engine.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static mm_bundle *bundle;
static mm_segmenter *segmenter;
static mm_volume *image;

static mm_volume_desc describe(const mm_volume *volume) {
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_volume_describe(volume, &desc));
  return desc;
}

static int same_labels(const mm_volume *a, const mm_volume *b) {
  const mm_volume_desc left = describe(a);
  const mm_volume_desc right = describe(b);
  if (left.dtype != MM_DTYPE_I16 || right.dtype != MM_DTYPE_I16) return 0;
  const size_t voxels = (size_t)(left.shape[0] * left.shape[1] * left.shape[2]);
  return memcmp(left.shape, right.shape, sizeof left.shape) == 0 &&
         memcmp(left.data, right.data, voxels * sizeof(int16_t)) == 0;
}

static void memory_and_file_give_the_labels_of_the_command_line(const char *image_path,
                                                                const char *labels_path) {
  mm_volume *expected = NULL;
  mm_volume *labels = NULL;
  CHECK_OK(mm_volume_read(labels_path, NULL, NULL, &expected));
  CHECK_OK(mm_segmenter_run(segmenter, image, NULL, &labels));
  CHECK(same_labels(expected, labels));
  mm_volume_free(labels);

  char own[4096];
  snprintf(own, sizeof own, "%s_own.nii.gz", labels_path);
  mm_segment_file_options options = {sizeof options, 1, 0, 0, NULL};
  CHECK_OK(mm_segmenter_run_file(segmenter, image_path, own, &options, NULL));
  CHECK_OK(mm_volume_read(own, NULL, NULL, &labels));
  CHECK(same_labels(expected, labels));
  mm_volume_free(labels);
  mm_volume_free(expected);
  CHECK(remove(own) == 0);
}

/* Rows backwards in memory: the same image for whoever reads strides and affine. */
static void strides_do_not_matter(void) {
  mm_volume_desc desc = describe(image);
  mm_volume *labels = NULL;
  mm_volume *turned = NULL;
  mm_volume *turned_labels = NULL;
  const int64_t last = desc.shape[1] - 1;
  desc.data = (char *)desc.data + last * desc.stride_bytes[1];
  desc.stride_bytes[1] = -desc.stride_bytes[1];
  for (int row = 0; row < 3; ++row) {
    desc.affine[4 * row + 3] += (double)last * desc.affine[4 * row + 1];
    desc.affine[4 * row + 1] = -desc.affine[4 * row + 1];
  }
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &turned));
  CHECK_OK(mm_segmenter_run(segmenter, turned, NULL, &turned_labels));
  CHECK_OK(mm_segmenter_run(segmenter, image, NULL, &labels));
  const mm_volume_desc a = describe(labels);
  const mm_volume_desc b = describe(turned_labels);
  for (int64_t k = 0; k < a.shape[2]; ++k) {
    for (int64_t j = 0; j <= last; ++j) {
      const char *row = (const char *)a.data + k * a.stride_bytes[2] + j * a.stride_bytes[1];
      const char *other = (const char *)b.data + k * b.stride_bytes[2] + (last - j) * b.stride_bytes[1];
      CHECK(memcmp(row, other, (size_t)a.shape[0] * sizeof(int16_t)) == 0);
    }
  }
  mm_volume_free(labels);
  mm_volume_free(turned);
  mm_volume_free(turned_labels);
}

/* Slices of an image in memory, as if they were decoded one by one. */
typedef struct slices {
  mm_volume_desc desc;
  int64_t most_at_once;
  int64_t fails_at; /* -1: nowhere */
  int32_t answer;
} slices;

static int32_t read_slices(mm_slab_request *request, void *user_data) {
  slices *from = user_data;
  if (request->k_count > from->most_at_once) from->most_at_once = request->k_count;
  if (request->k_begin == from->fails_at) {
    request->message = "the disk is gone";
    return from->answer;
  }
  const char *first = (const char *)from->desc.data + request->k_begin * from->desc.stride_bytes[2];
  CHECK(request->byte_count == (uint64_t)(request->k_count * from->desc.stride_bytes[2]));
  memcpy(request->voxels, first, request->byte_count);
  return MM_OK;
}

static mm_slab_source source_of(slices *from) {
  mm_slab_source source = {0};
  source.struct_size = sizeof source;
  source.dtype = from->desc.dtype;
  memcpy(source.shape, from->desc.shape, sizeof source.shape);
  memcpy(source.affine, from->desc.affine, sizeof source.affine);
  source.read = read_slices;
  source.user_data = from;
  return source;
}

static void slices_through_a_callback_give_the_same_labels(void) {
  slices from = {describe(image), 0, -1, 0};
  const mm_slab_source source = source_of(&from);
  mm_volume *expected = NULL;
  mm_volume *labels = NULL;
  CHECK_OK(mm_segmenter_run(segmenter, image, NULL, &expected));
  CHECK_OK(mm_segmenter_run_slabs(segmenter, &source, NULL, &labels));
  CHECK(same_labels(expected, labels));
  CHECK(from.most_at_once == 1);
  mm_volume_free(expected);
  mm_volume_free(labels);
}

static void a_source_that_fails_says_why(void) {
  slices from = {describe(image), 0, 2, MM_E_FORMAT};
  const mm_slab_source source = source_of(&from);
  mm_volume *labels = NULL;
  CHECK(mm_segmenter_run_slabs(segmenter, &source, NULL, &labels) == MM_E_FORMAT);
  CHECK(strcmp(mm_last_error(), "the source does not give slices 2 to 2: the disk is gone") == 0);
  from.answer = 77;
  CHECK(mm_segmenter_run_slabs(segmenter, &source, NULL, &labels) == MM_E_IO);
  CHECK(strstr(mm_last_error(), "answer 77: the disk is gone") != NULL);
  CHECK(labels == NULL);
}

static void the_estimate_and_the_report_are_filled(void) {
  const mm_volume_desc desc = describe(image);
  uint64_t bytes = 0;
  CHECK_OK(mm_segmenter_peak_bytes(segmenter, &desc, NULL, &bytes));
  CHECK(bytes > 1000 * 1000);
  mm_run_options tight = {0};
  tight.struct_size = sizeof tight;
  tight.memory_budget = 1000;
  mm_volume *labels = NULL;
  CHECK(mm_segmenter_peak_bytes(segmenter, &desc, &tight, &bytes) == MM_E_MEMORY);
  CHECK(mm_segmenter_run(segmenter, image, &tight, &labels) == MM_E_MEMORY);
  CHECK(labels == NULL);
  mm_segment_report report = {0};
  report.struct_size = sizeof report;
  CHECK_OK(mm_segmenter_report(segmenter, &report));
  CHECK(strncmp(report.engine, "native ", 7) == 0 && *report.engine_reason == 0 &&
        strcmp(report.device, "cpu") == 0);
  CHECK(report.windows > 0 && report.overlap == 0);
}

static mm_status second_status;
static int32_t second_reason;

static void *cancel(void *unused) {
  (void)unused;
  mm_volume *labels = NULL;
  second_status = mm_segmenter_run(segmenter, image, NULL, &labels);
  second_reason = last_reason();
  mm_segmenter_cancel(segmenter);
  return NULL;
}

static int32_t cancel_from_another_thread(const mm_progress *progress, void *started) {
  pthread_t thread;
  if (progress->stage != MM_STAGE_INFER || *(int *)started) return 0;
  *(int *)started = 1;
  CHECK(pthread_create(&thread, NULL, cancel, NULL) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  return 0;
}

static void another_thread_is_refused_and_may_cancel(void) {
  int started = 0;
  mm_volume *labels = NULL;
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_progress = cancel_from_another_thread;
  run.user_data = &started;
  CHECK(mm_segmenter_run(segmenter, image, &run, &labels) == MM_E_CANCELLED);
  CHECK(started == 1 && labels == NULL);
  CHECK(second_status == MM_E_ARGUMENT && second_reason == MM_REASON_BUSY);
  mm_segmenter_cancel(segmenter);
  CHECK_OK(mm_segmenter_run(segmenter, image, NULL, &labels));
  mm_volume_free(labels);
}

static int child(const char *model) {
  mm_volume *labels = NULL;
  mm_bundle *own = NULL;
  mm_segmenter *other = NULL;
  failures = 0;
  CHECK(mm_segmenter_run(segmenter, image, NULL, &labels) == MM_E_ARGUMENT);
  CHECK(last_reason() == MM_REASON_FORKED);
  CHECK_OK(mm_bundle_open(model, NULL, NULL, &own));
  CHECK(mm_segmenter_create(own, NULL, NULL, &other) == MM_E_ARGUMENT);
  CHECK(last_reason() == MM_REASON_FORKED);
  mm_segmenter_cancel(segmenter);
  mm_segmenter_free(segmenter);
  mm_bundle_free(own);
  return failures;
}

static void a_child_is_told_that_it_was_forked(const char *model) {
  const pid_t process = fork();
  if (process == 0) {
    alarm(30);
    _exit(child(model));
  }
  int status = -1;
  CHECK(process > 0 && waitpid(process, &status, 0) == process);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  mm_segment_options options = {0};
  options.struct_size = sizeof options;
  options.device = MM_DEVICE_CPU;
  options.overlap = MM_NO_OVERLAP;
  CHECK_OK(mm_bundle_open(arguments[1], NULL, NULL, &bundle));
  mm_bundle_info info = {0};
  info.struct_size = sizeof info;
  CHECK_OK(mm_bundle_describe(bundle, &info));
  CHECK(strlen(info.sha256) == 64 && info.trusted == 1 && info.problem[0] == '\0');
  mm_labels *names = NULL;
  int64_t labels = 0;
  CHECK_OK(mm_bundle_labels(bundle, &names));
  CHECK_OK(mm_labels_count(names, &labels));
  CHECK(labels == info.out_channels - 1);
  mm_labels_free(names);
  CHECK_OK(mm_segmenter_create(bundle, &options, NULL, &segmenter));
  mm_bundle_free(bundle);
  const mm_nifti_read_options as_the_command_line = {sizeof as_the_command_line, MM_AFFINE_MONAI, 0, 0};
  CHECK_OK(mm_volume_read(arguments[2], &as_the_command_line, NULL, &image));
  if (failures != 0) return 1;
  memory_and_file_give_the_labels_of_the_command_line(arguments[2], arguments[3]);
  strides_do_not_matter();
  slices_through_a_callback_give_the_same_labels();
  a_source_that_fails_says_why();
  the_estimate_and_the_report_are_filled();
  another_thread_is_refused_and_may_cancel();
  a_child_is_told_that_it_was_forked(arguments[1]);
  mm_segmenter_free(segmenter);
  mm_volume_free(image);
  return failures == 0 ? 0 : 1;
}
