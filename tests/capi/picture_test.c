/* Pictures of labels and of tissues. */
#include "check.h"
#include "phantom.h"

static mm_volume *image;
static mm_volume *labels;

/* A PNG file that grows in a caller's buffer. */
typedef struct file {
  unsigned char bytes[1 << 20];
  size_t count;
} file;

static int32_t take(const char *bytes, size_t count, void *user_data) {
  file *to = user_data;
  if (count > sizeof to->bytes - to->count) return 1;
  memcpy(to->bytes + to->count, bytes, count);
  to->count += count;
  return 0;
}

static int32_t refuse(const char *bytes, size_t count, void *user_data) {
  (void)bytes;
  *(size_t *)user_data += count;
  return 1;
}

/* Pixels along x, as the PNG header states them; 0 for another file. */
static int width_of(const file *png) {
  static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  const unsigned char *width = png->bytes + 16;
  if (png->count < 24 || memcmp(png->bytes, signature, sizeof signature) != 0) return 0;
  return width[0] << 24 | width[1] << 16 | width[2] << 8 | width[3];
}

static mm_montage_options options_of_width(int32_t width_px) {
  mm_montage_options options = {0};
  options.struct_size = sizeof options;
  options.width_px = width_px;
  return options;
}

static void labels_are_drawn_over_the_image(void) {
  static file plain, titled, without_slices;
  CHECK_OK(mm_qc_montage_png(image, labels, NULL, NULL, take, &plain));
  CHECK(width_of(&plain) == 1800);

  mm_montage_options options = options_of_width(800);
  options.title = "scan.nii.gz";
  CHECK_OK(mm_qc_montage_png(image, labels, NULL, &options, take, &titled));
  CHECK(width_of(&titled) == 800);
  options.max_slices = -1;
  CHECK_OK(mm_qc_montage_png(image, labels, NULL, &options, take, &without_slices));
  CHECK(width_of(&without_slices) == 800);
  CHECK(without_slices.count < titled.count);
}

static void labels_are_drawn_as_surfaces(void) {
  static file plain, named;
  mm_labels *names = NULL;
  const mm_label given[2] = {{sizeof(mm_label), 3, NULL, "femur", "left", NULL, NULL},
                             {sizeof(mm_label), 7, NULL, "liver", NULL, NULL, NULL}};
  const mm_montage_options options = options_of_width(800);
  CHECK_OK(mm_labels_create(given, 2, &names));
  CHECK_OK(mm_organ_preview_png(image, labels, NULL, NULL, take, &plain));
  CHECK_OK(mm_organ_preview_png(image, labels, names, &options, take, &named));
  CHECK(width_of(&plain) == 1800 && width_of(&named) == 800);
  CHECK(mm_organ_preview_png(image, image, NULL, NULL, take, &plain) == MM_E_ARGUMENT);
  mm_labels_free(names);
}

static void tissues_are_drawn_over_the_image(void) {
  static file plain, named;
  mm_tissue *tissue = NULL;
  mm_labels *names = NULL;
  const mm_label given[2] = {{sizeof(mm_label), 3, NULL, "psoas", "left", NULL, NULL},
                             {sizeof(mm_label), 7, NULL, "psoas", "right", NULL, NULL}};
  CHECK_OK(mm_labels_create(given, 2, &names));
  CHECK_OK(mm_tissue_classify(image, labels, NULL, NULL, &tissue));
  CHECK_OK(mm_tissue_montage_png(tissue, NULL, NULL, take, &plain));
  CHECK_OK(mm_tissue_montage_png(tissue, names, NULL, take, &named));
  CHECK(width_of(&plain) == 1800 && width_of(&named) == 1800);
  CHECK(plain.count != named.count || memcmp(plain.bytes, named.bytes, plain.count) != 0);
  mm_labels_free(names);
  mm_tissue_free(tissue);
}

static void letters_beyond_ascii_are_drawn(void) {
  static file one, other;
  mm_montage_options options = options_of_width(800);
  options.title = "\xC3\xA9"; /* e with acute, then with grave */
  CHECK_OK(mm_qc_montage_png(image, labels, NULL, &options, take, &one));
  options.title = "\xC3\xA8";
  CHECK_OK(mm_qc_montage_png(image, labels, NULL, &options, take, &other));
  CHECK(one.count != other.count || memcmp(one.bytes, other.bytes, one.count) != 0);
}

static void what_is_refused_says_why(void) {
  static file png;
  size_t seen = 0;
  const mm_montage_options narrow = options_of_width(799);
  CHECK(mm_qc_montage_png(image, labels, NULL, &narrow, take, &png) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "799") != NULL && strstr(mm_last_error(), "800") != NULL);
  CHECK(mm_qc_montage_png(image, image, NULL, NULL, take, &png) == MM_E_ARGUMENT);
  CHECK(png.count == 0);
  CHECK(mm_qc_montage_png(image, labels, NULL, NULL, refuse, &seen) == MM_E_CANCELLED);
  CHECK(seen > 0);
}

int main(void) {
  make_phantom();
  image = phantom_volume(MM_DTYPE_F32, phantom_image);
  labels = phantom_volume(MM_DTYPE_I16, phantom_labels);
  CHECK(image != NULL && labels != NULL);
  labels_are_drawn_over_the_image();
  labels_are_drawn_as_surfaces();
  tissues_are_drawn_over_the_image();
  letters_beyond_ascii_are_drawn();
  what_is_refused_says_why();
  mm_volume_free(image);
  mm_volume_free(labels);
  return failures == 0 ? 0 : 1;
}
