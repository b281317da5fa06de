/* Runs the generated calls, each function in a process of its own under a time limit. */
#define _DEFAULT_SOURCE
#include "misuse.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "phantom.h"

enum { TIME_LIMIT_SECONDS = 120 };

/* Seen by both processes. */
typedef struct notes {
  char what[256];
  int cases;
  int skipped;
  int failures;
} notes;

static notes *shared;
static const char *folder;
static char image_path[4096];
static char labels_path[4096];
static char out_path[4096];
static char picture_path[4096];
static char tiff_path[4096];
int callback_data;

int begin_case(const char *what) {
  snprintf(shared->what, sizeof shared->what, "%s", what);
  ++shared->cases;
  return 1;
}

void skip_case(void) {
  --shared->cases;
  ++shared->skipped;
}

static void fail(const char *why) {
  ++shared->failures;
  fprintf(stderr, "%s: %s (last error: %s)\n", shared->what, why, mm_last_error());
}

void expect_any(mm_status status, const char *parameter) {
  (void)parameter;
  if (status < MM_OK || status > MM_E_INTERNAL) fail("no status of the list");
  if (status == MM_E_INTERNAL) fail("an internal error");
  if (status != MM_OK && mm_last_error()[0] == '\0') fail("no message");
}

void expect_argument(mm_status status, const char *parameter) {
  if (status != MM_E_ARGUMENT) {
    fail("accepted");
  } else if (strncmp(mm_last_error(), parameter, strlen(parameter)) != 0) {
    fail("the message names another parameter");
  }
}

void expect_same(const void *now, const void *before, size_t bytes) {
  if (memcmp(now, before, bytes) != 0) fail("an output was touched");
}

void expect_filled(const void *now, size_t bytes) {
  for (size_t n = 0; n < bytes; ++n) {
    if (((const unsigned char *)now)[n] == 0x5a) continue;
    fail("an output was touched");
    return;
  }
}

static mm_volume *volume_of(int32_t dtype, void *voxels) {
  mm_volume_desc desc = phantom_desc(dtype, voxels);
  mm_volume *volume = NULL;
  if ((voxels != NULL ? mm_volume_wrap(&desc, NULL, NULL, &volume) : mm_volume_zeros(&desc, &volume)) !=
      MM_OK) {
    fprintf(stderr, "no volume: %s\n", mm_last_error());
    abort();
  }
  return volume;
}

/* Rows of a byte, so that a call that is told so may write one into callback_data. */
static mm_image_desc picture_desc(void) {
  static uint8_t pixels[2 * 2 * 4];
  static const char *const names[] = {"red", "green"};
  mm_image_desc desc = {0};
  desc.struct_size = sizeof desc;
  desc.dtype = MM_DTYPE_U8;
  desc.shape[0] = desc.shape[1] = 2;
  desc.shape[2] = 1;
  desc.shape[3] = 4;
  desc.shape[4] = 1;
  desc.channel_names = names;
  desc.channel_name_count = 2;
  desc.data = pixels;
  return desc;
}

static mm_image *image_for(const char *parameter) {
  static float maps[2 * 4 * 3];
  mm_image_desc desc = picture_desc();
  mm_image *image = NULL;
  const int flows = strcmp(parameter, "flows") == 0;
  if (flows || strcmp(parameter, "cellprob") == 0) {
    desc.dtype = MM_DTYPE_F32;
    desc.shape[0] = 1;
    desc.shape[4] = 3;
    desc.data = maps;
  }
  if (!flows && strcmp(parameter, "image") != 0) desc.shape[1] = 1;
  if (desc.shape[1] == 1) desc.channel_name_count = 0;
  if (desc.shape[1] == 1) desc.channel_names = NULL;
  (void)mm_image_wrap(&desc, NULL, NULL, &image);
  return image;
}

static mm_volume *volume_for(const char *parameter) {
  if (strcmp(parameter, "labels") == 0 || strcmp(parameter, "head_neck") == 0)
    return volume_of(MM_DTYPE_I16, phantom_labels);
  if (strcmp(parameter, "mask") == 0) return volume_of(MM_DTYPE_U8, NULL);
  return volume_of(MM_DTYPE_F32, phantom_image);
}

static mm_segmenter *segmenter(void) {
  static mm_segmenter *made;
  static int tried;
  if (tried == 0) {
    mm_bundle *bundle = NULL;
    mm_segment_options options = {0};
    tried = 1;
    options.struct_size = sizeof options;
    options.device = MM_DEVICE_CPU;
    options.overlap = MM_NO_OVERLAP;
    if (mm_bundle_open(MUSCLEMAP_SAMPLE_MODEL, NULL, NULL, &bundle) == MM_OK)
      (void)mm_segmenter_create(bundle, &options, NULL, &made);
  }
  return made;
}

void *lawful_handle(const char *type, const char *parameter) {
  void *handle = NULL;
  if (strcmp(type, "mm_volume") == 0) handle = volume_for(parameter);
  if (strcmp(type, "mm_image") == 0) handle = image_for(parameter);
  if (strcmp(type, "mm_cells") == 0)
    (void)mm_cells_open(MUSCLEMAP_SAMPLE_CELLS, NULL, NULL, (mm_cells **)&handle);
  if (strcmp(type, "mm_cancel_token") == 0) (void)mm_cancel_token_create((mm_cancel_token **)&handle);
  if (strcmp(type, "mm_labels") == 0) (void)mm_labels_builtin("thigh", NULL, (mm_labels **)&handle);
  if (strcmp(type, "mm_bundle") == 0)
    (void)mm_bundle_open(MUSCLEMAP_SAMPLE_MODEL, NULL, NULL, (mm_bundle **)&handle);
  if (strcmp(type, "mm_task") == 0)
    (void)mm_task_open(MUSCLEMAP_SAMPLE_NNUNET, NULL, NULL, (mm_task **)&handle);
  if (strcmp(type, "mm_segmenter") == 0) handle = segmenter();
  if (strcmp(type, "mm_tissue") == 0) {
    (void)mm_tissue_classify(volume_for("image"), volume_for("labels"), NULL, NULL, (mm_tissue **)&handle);
  }
  if (strcmp(type, "mm_table") == 0) {
    (void)mm_measure_mean(volume_for("labels"), volume_for("image"), MM_VALUES_INTENSITY, NULL, NULL, NULL,
                          NULL, (mm_table **)&handle);
  }
  if (handle == NULL && strcmp(type, "mm_segmenter") != 0) {
    fprintf(stderr, "no %s for a test: %s\n", type, mm_last_error());
    abort();
  }
  return handle;
}

/* Shapes of the cases are not the phantom's. */
static int32_t read_phantom(mm_slab_request *request, void *user_data) {
  (void)user_data;
  const uint64_t there = sizeof phantom_image;
  memcpy(request->voxels, phantom_image, request->byte_count < there ? request->byte_count : there);
  return MM_OK;
}

void lawful_struct(const char *type, void *zeroed) {
  if (strcmp(type, "mm_volume_desc") == 0)
    *(mm_volume_desc *)zeroed = phantom_desc(MM_DTYPE_F32, phantom_image);
  if (strcmp(type, "mm_image_desc") == 0) *(mm_image_desc *)zeroed = picture_desc();
  if (strcmp(type, "mm_slab_source") == 0) {
    const mm_volume_desc desc = phantom_desc(MM_DTYPE_F32, NULL);
    mm_slab_source *source = zeroed;
    source->dtype = desc.dtype;
    memcpy(source->shape, desc.shape, sizeof source->shape);
    memcpy(source->affine, desc.affine, sizeof source->affine);
    source->read = read_phantom;
  }
  if (strcmp(type, "mm_label") == 0) ((mm_label *)zeroed)->value = 3;
  if (strcmp(type, "mm_metrics_request") == 0) {
    mm_metrics_request *request = zeroed;
    request->method = MM_METRICS_KMEANS;
    request->image = image_path;
    request->fat = image_path;
    request->water = image_path;
    request->labels = labels_path;
    request->output_folder = folder;
  }
}

const char *lawful_text(const char *parameter) {
  if (strcmp(parameter, "sha256") == 0)
    return "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  if (strcmp(parameter, "region") == 0) return "thigh";
  if (strcmp(parameter, "version") == 0) return "latest";
  if (strcmp(parameter, "name") == 0) return "Label";
  if (strcmp(parameter, "mask_name") == 0) return "heart";
  if (strcmp(parameter, "labels_path") == 0) return out_path;
  if (strcmp(parameter, "picture_path") == 0) return picture_path;
  if (strcmp(parameter, "tiff_path") == 0) return tiff_path;
  return image_path;
}

double lawful_number(const char *parameter) {
  if (strcmp(parameter, "label") == 0) return 3;
  return strcmp(parameter, "index") == 0 || strcmp(parameter, "z") == 0 ? 0 : 1;
}

void lawful_mm_release_fn(void *user_data) { ++*(int *)user_data; }

int32_t lawful_mm_write_fn(const char *bytes, size_t count, void *user_data) {
  if (user_data != NULL && count > 0) *(int *)user_data += bytes[0];
  return 0;
}

static void name_files(const char *function) {
  snprintf(image_path, sizeof image_path, "%s/image.nii.gz", folder);
  snprintf(labels_path, sizeof labels_path, "%s/labels.nii.gz", folder);
  snprintf(out_path, sizeof out_path, "%s/%s.nii.gz", folder, function);
  snprintf(picture_path, sizeof picture_path, "%s/picture.ome.tif", folder);
  snprintf(tiff_path, sizeof tiff_path, "%s/%s.ome.tif", folder, function);
}

static void child(const misuse_test *test) {
#ifndef __SANITIZE_ADDRESS__
  /* Sizes that no machine has are refused here as well. */
  const struct rlimit limit = {(rlim_t)16 << 30, (rlim_t)16 << 30};
  setrlimit(RLIMIT_AS, &limit);
#endif
  alarm(TIME_LIMIT_SECONDS);
  name_files(test->name);
  if (mm_volume_write(volume_for("image"), image_path, NULL, NULL) != MM_OK ||
      mm_volume_write(volume_for("labels"), labels_path, NULL, NULL) != MM_OK ||
      mm_image_write_ome_tiff(lawful_handle("mm_image", "image"), picture_path, NULL, NULL) != MM_OK) {
    fprintf(stderr, "no files for a test: %s\n", mm_last_error());
    _exit(2);
  }
  test->run();
  _exit(0);
}

static void run(const misuse_test *test) {
  const pid_t process = fork();
  if (process == 0) child(test);
  int status = -1;
  if (process < 0 || waitpid(process, &status, 0) != process || !WIFEXITED(status) ||
      WEXITSTATUS(status) != 0) {
    ++shared->failures;
    fprintf(stderr, "%s: ended by signal %d, status %d\n", shared->what,
            WIFSIGNALED(status) ? WTERMSIG(status) : 0, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  }
}

/* misuse FOLDER [FUNCTION] */
int main(int count, char **arguments) {
  folder = count > 1 ? arguments[1] : ".";
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  make_phantom();
  for (int n = 0; n < misuse_test_count; ++n) {
    if (count > 2 && strcmp(arguments[2], misuse_tests[n].name) != 0) continue;
    run(&misuse_tests[n]);
  }
  printf("%d functions, %d calls, %d skipped for want of an engine, %d failures\n", misuse_test_count,
         shared->cases, shared->skipped, shared->failures);
  return shared->failures == 0 ? 0 : 1;
}
