/* Segments a NIfTI file with a progress bar; Ctrl-C ends the run and leaves no file behind.
 *
 *   segment MODEL IMAGE.nii.gz LABELS.nii.gz [OVERLAP]
 *
 * OVERLAP is the part of a window that the next one shares, 0.9 without it; 0 is the quickest. Exit status 0
 * done, 1 failed, 2 wrong command line, 130 interrupted. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "musclemap.h"

enum { BAR_WIDTH = 30 };

static mm_cancel_token *token;

static void on_interrupt(int number) {
  (void)number;
  mm_cancel_token_cancel(token);
}

static int32_t show(const mm_progress *progress, void *user_data) {
  (void)user_data;
  const int filled = (int)(BAR_WIDTH * progress->fraction);
  fprintf(stderr, "\r[");
  for (int n = 0; n < BAR_WIDTH; ++n) fputc(n < filled ? '=' : ' ', stderr);
  fprintf(stderr, "] %-8s %6ld/%ld", mm_stage_name(progress->stage), (long)progress->done,
          (long)progress->total);
  return 0;
}

static void warn(const mm_warning *warning, void *user_data) {
  (void)user_data;
  fprintf(stderr, "\nwarning: %s\n", warning->text);
}

static int failed(mm_status status) {
  fprintf(stderr, "\n%s\n", mm_last_error());
  return status == MM_E_CANCELLED ? 130 : 1;
}

/* What the run will take, before it starts. */
static mm_status tell_memory(const mm_segmenter *segmenter, const char *image) {
  mm_nifti_info info = {0};
  info.struct_size = sizeof info;
  mm_status status = mm_nifti_describe(image, NULL, &info);
  if (status != MM_OK) return status;
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  for (int axis = 0; axis < 3; ++axis) desc.shape[axis] = axis < info.axis_count ? info.shape[axis] : 1;
  for (int n = 0; n < 16; ++n) desc.affine[n] = info.affine[n];
  uint64_t bytes = 0;
  status = mm_segmenter_peak_bytes(segmenter, &desc, NULL, &bytes);
  if (status == MM_OK) fprintf(stderr, "needs at most %.0f MB\n", (double)bytes / 1e6);
  return status;
}

static int segment(const mm_bundle *bundle, const char *image, const char *labels, double overlap) {
  mm_segmenter *segmenter = NULL;
  mm_segment_options options = {0};
  options.struct_size = sizeof options;
  options.overlap = overlap;
  mm_status status = mm_segmenter_create(bundle, &options, NULL, &segmenter);
  if (status == MM_OK) status = tell_memory(segmenter, image);
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.cancel = token;
  run.on_progress = show;
  run.on_warning = warn;
  if (status == MM_OK) status = mm_segmenter_run_file(segmenter, image, labels, NULL, &run);
  const int result = status == MM_OK ? 0 : failed(status);
  mm_segment_report report = {0};
  report.struct_size = sizeof report;
  if (result == 0 && mm_segmenter_report(segmenter, &report) == MM_OK)
    fprintf(stderr, "\n%ld windows, %.1f s, %s on %s\n", (long)report.windows, report.infer_seconds,
            report.engine, report.device);
  mm_segmenter_free(segmenter);
  return result;
}

int main(int count, char **arguments) {
  if (count != 4 && count != 5) {
    fprintf(stderr, "segment MODEL IMAGE.nii.gz LABELS.nii.gz [OVERLAP]\n");
    return 2;
  }
  mm_bundle *bundle = NULL;
  mm_status status = mm_cancel_token_create(&token);
  signal(SIGINT, on_interrupt);
  if (status == MM_OK) status = mm_bundle_open(arguments[1], NULL, NULL, &bundle);
  double overlap = count == 5 ? strtod(arguments[4], NULL) : 0.9;
  if (overlap == 0) overlap = MM_NO_OVERLAP;
  const int result = status == MM_OK ? segment(bundle, arguments[2], arguments[3], overlap) : failed(status);
  mm_bundle_free(bundle);
  signal(SIGINT, SIG_DFL);
  mm_cancel_token_free(token);
  return result;
}
