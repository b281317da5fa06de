/* Labels, tissues, tables, fat fraction, trust. */
#include <math.h>

#include "check.h"
#include "phantom.h"

static mm_volume *image;
static mm_volume *labels;

static mm_labels *own_names(void) {
  const mm_label given[2] = {{sizeof(mm_label), 7, NULL, "soleus", "right", NULL, NULL},
                             {sizeof(mm_label), 3, "leg", "psoas", "left", "", NULL}};
  mm_labels *names = NULL;
  CHECK_OK(mm_labels_create(given, 2, &names));
  return names;
}

static void labels_are_read_back_in_order(void) {
  mm_labels *names = own_names();
  mm_label label = {sizeof label, 0, NULL, NULL, NULL, NULL, NULL};
  int64_t count = 0;
  CHECK_OK(mm_labels_count(names, &count));
  CHECK(count == 2);
  CHECK_OK(mm_labels_at(names, 0, &label));
  CHECK(label.value == 3 && strcmp(label.anatomy, "psoas") == 0 && strcmp(label.snomed, "") == 0);
  CHECK(mm_labels_at(names, 2, &label) == MM_E_ARGUMENT);
  CHECK(label.value == 3);
  static text table;
  CHECK_OK(mm_labels_write(names, MM_VIEWER_ITKSNAP, append, &table));
  CHECK(strstr(table.bytes, "soleus") != NULL);
  mm_labels_free(names);

  const char *region = NULL;
  const char *version = NULL;
  CHECK_OK(mm_labels_builtin_count(&count));
  CHECK(count > 0);
  CHECK_OK(mm_labels_builtin_at(0, &region, &version));
  CHECK_OK(mm_labels_builtin(region, version, &names));
  mm_labels_free(names);
  const mm_label twice[2] = {{sizeof(mm_label), 1, NULL, NULL, NULL, NULL, NULL},
                             {sizeof(mm_label), 1, NULL, NULL, NULL, NULL, NULL}};
  CHECK(mm_labels_create(twice, 2, &names) == MM_E_ARGUMENT);
}

static void values_that_a_viewer_cannot_hold_are_refused(void) {
  static const struct {
    int32_t value;
    int32_t viewer;
  } refused[] = {{65536, MM_VIEWER_ITKSNAP}, {-1, MM_VIEWER_ITKSNAP},    {1000001, MM_VIEWER_SLICER},
                 {-3, MM_VIEWER_FSLEYES},    {-3, MM_VIEWER_FREESURFER}, {-3, MM_VIEWER_BIDS}};
  for (size_t n = 0; n < sizeof refused / sizeof refused[0]; ++n) {
    const mm_label given = {sizeof(mm_label), refused[n].value, NULL, "soleus", NULL, NULL, NULL};
    mm_labels *names = NULL;
    static text table;
    CHECK_OK(mm_labels_create(&given, 1, &names));
    CHECK(mm_labels_write(names, refused[n].viewer, append, &table) == MM_E_ARGUMENT);
    CHECK(strlen(table.bytes) == 0);
    mm_labels_free(names);
  }
}

static void means_come_as_numbers_and_text(void) {
  mm_labels *names = own_names();
  mm_table *table = NULL;
  mm_table *slices = NULL;
  int64_t rows = 0;
  int64_t column = -1;
  const char *anatomy = NULL;
  CHECK_OK(mm_measure_mean(labels, image, MM_VALUES_INTENSITY, names, NULL, NULL, &slices, &table));
  mm_labels_free(names);
  CHECK_OK(mm_table_row_count(table, &rows));
  CHECK(rows == 2);
  CHECK_OK(mm_table_row_count(slices, &rows));
  CHECK(rows == 2 * PHANTOM_K);
  CHECK_OK(mm_table_find_column(table, "anatomy", &column));
  CHECK_OK(mm_table_text(table, column, 1, &anatomy));
  CHECK(strcmp(anatomy, "soleus right") == 0);
  CHECK(mm_table_column_values(table, column) == NULL);

  double sum = 0;
  for (int n = 0; n < PHANTOM_VOXELS; ++n) sum += phantom_labels[n] == 7 ? phantom_image[n] : 0;
  CHECK_OK(mm_table_find_column(table, "Average Intensity", &column));
  const double *values = mm_table_column_values(table, column);
  CHECK(values != NULL && fabs(values[1] - sum / (PHANTOM_VOXELS / 2)) < 1e-9);
  mm_column about = {0};
  about.struct_size = sizeof about;
  CHECK_OK(mm_table_describe_column(table, column, &about));
  CHECK(about.values == values && about.kind == MM_COLUMN_REAL);

  static text csv;
  CHECK_OK(mm_table_write(table, NULL, append, &csv));
  CHECK(strncmp(csv.bytes, "Label,Anatomy,", 14) == 0);
  const char *const wanted[1] = {"volume_ml"};
  mm_table_write_options options = {0};
  options.struct_size = sizeof options;
  options.format = MM_TABLE_JSON;
  options.columns = wanted;
  options.column_count = 1;
  static text json;
  CHECK_OK(mm_table_write(table, &options, append, &json));
  CHECK(strstr(json.bytes, "\"columns\"") != NULL);
  static text dictionary;
  CHECK_OK(mm_table_write_dictionary(table, NULL, append, &dictionary));
  CHECK(dictionary.bytes[0] == '{');
  mm_table_free(slices);
  mm_table_free(table);
}

static int64_t voxels_of(const mm_volume *map, int code) {
  mm_volume_desc desc = {0};
  int64_t count = 0;
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_volume_describe(map, &desc));
  CHECK(desc.dtype == MM_DTYPE_U8);
  for (int n = 0; n < PHANTOM_VOXELS; ++n) count += ((const uint8_t *)desc.data)[n] == code;
  return count;
}

static void tissues_are_divided_and_edited(int32_t method) {
  mm_tissue_options options = {0};
  options.struct_size = sizeof options;
  options.method = method;
  options.operators = MM_OPERATORS_CONSISTENT;
  mm_tissue *tissue = NULL;
  mm_volume *map = NULL;
  mm_volume *mask = NULL;
  mm_table *table = NULL;
  int64_t count = 0;
  CHECK_OK(mm_tissue_classify(image, labels, &options, NULL, &tissue));
  CHECK_OK(mm_tissue_fit_count(tissue, &count));
  CHECK(count == 2);
  mm_tissue_fit fit = {0};
  fit.struct_size = sizeof fit;
  CHECK_OK(mm_tissue_fit_at(tissue, 0, &fit));
  CHECK(fit.label == 3 && fit.status == MM_LABEL_OK && fit.components == 2 && fit.mean[0] < fit.mean[1]);
  CHECK(isnan(fit.mean[2]));
  CHECK_OK(mm_tissue_volume(tissue, &map));
  CHECK(voxels_of(map, MM_TISSUE_FAT) == PHANTOM_VOXELS / 4);
  CHECK_OK(mm_tissue_mask(tissue, MM_TISSUE_FAT, &mask));
  CHECK(voxels_of(mask, 1) == PHANTOM_VOXELS / 4);
  CHECK(mm_tissue_mask(tissue, 2, &mask) == MM_E_ARGUMENT);

  CHECK_OK(mm_tissue_set_thresholds(tissue, 3, 1000, NAN));
  CHECK_OK(mm_tissue_set_exclusion_mask(tissue, mask));
  CHECK_OK(mm_tissue_recompute(tissue, NULL));
  mm_volume *again = NULL;
  CHECK_OK(mm_tissue_volume(tissue, &again));
  CHECK(voxels_of(again, MM_TISSUE_FAT) == 0);
  CHECK(voxels_of(map, MM_TISSUE_FAT) == PHANTOM_VOXELS / 4);
  mm_volume_free(again);
  mm_volume_free(map);
  mm_volume_free(mask);
  mm_volume *posterior = NULL;
  const mm_status posterior_status = mm_tissue_posterior(tissue, MM_TISSUE_MUSCLE, &posterior);
  CHECK(posterior_status == (method == MM_METHOD_GMM ? MM_OK : MM_E_ARGUMENT));
  mm_volume_free(posterior);
  CHECK_OK(mm_measure(tissue, NULL, NULL, NULL, NULL, &table));
  mm_table_free(table);
  mm_tissue_free(tissue);
}

static void note_warning(const mm_warning *warning, void *user_data) {
  int32_t *codes = user_data;
  if (warning->code < 64) ++codes[warning->code];
}

static void doubts_are_told_by_their_code(void) {
  int32_t codes[64] = {0};
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_warning = note_warning;
  run.user_data = codes;
  mm_tissue_options options = {0};
  options.struct_size = sizeof options;
  options.method = MM_METHOD_HU;
  mm_tissue *tissue = NULL;
  mm_table *table = NULL;
  CHECK_OK(mm_tissue_classify(image, labels, &options, &run, &tissue));
  CHECK(codes[MM_W_NOT_HU] == 1);
  CHECK_OK(mm_measure(tissue, NULL, NULL, &run, NULL, &table));
  CHECK(codes[MM_W_LABEL_BORDER] == 1 && codes[MM_W_NOT_HU] == 1);
  mm_table_free(table);
  mm_tissue_free(tissue);
}

/* Muscle in percent of label 3, which is a bone; not a number where it is not divided. */
static double muscle_of_a_bone(int32_t bones) {
  const mm_label given = {sizeof(mm_label), 3, NULL, "shaft", NULL, NULL, "bone"};
  mm_labels *names = NULL;
  mm_tissue *tissue = NULL;
  mm_table *table = NULL;
  int64_t column = -1;
  mm_tissue_options options = {0};
  options.struct_size = sizeof options;
  options.divide_bones = bones;
  CHECK_OK(mm_labels_create(&given, 1, &names));
  CHECK_OK(mm_tissue_classify(image, labels, &options, NULL, &tissue));
  CHECK_OK(mm_measure(tissue, names, NULL, NULL, NULL, &table));
  CHECK_OK(mm_table_find_column(table, "muscle_percent", &column));
  const double muscle = mm_table_column_values(table, column)[0];
  mm_label label = {sizeof label, 0, NULL, NULL, NULL, NULL, NULL};
  CHECK_OK(mm_labels_at(names, 0, &label));
  CHECK(strcmp(label.kind, "bone") == 0);
  mm_table_free(table);
  mm_tissue_free(tissue);
  mm_labels_free(names);
  return muscle;
}

static void bones_are_divided_where_asked(void) {
  CHECK(isnan(muscle_of_a_bone(0)));
  CHECK(isnan(muscle_of_a_bone(MM_BONES_WHOLE)));
  CHECK(muscle_of_a_bone(MM_BONES_DIVIDED) > 0);
  mm_tissue_options options = {0};
  options.struct_size = sizeof options;
  options.divide_bones = 3;
  mm_tissue *tissue = NULL;
  CHECK(mm_tissue_classify(image, labels, &options, NULL, &tissue) == MM_E_ARGUMENT);
}

static int32_t stop_at_once(const mm_progress *progress, void *user_data) {
  *(int *)user_data += progress->struct_size == sizeof *progress;
  return 1;
}

static void runs_can_be_ended(void) {
  int calls = 0;
  mm_tissue *tissue = NULL;
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_progress = stop_at_once;
  run.user_data = &calls;
  CHECK(mm_tissue_classify(image, labels, NULL, &run, &tissue) == MM_E_CANCELLED);
  CHECK(calls == 1 && tissue == NULL && last_reason() == MM_REASON_CANCELLED);

  mm_cancel_token *token = NULL;
  CHECK_OK(mm_cancel_token_create(&token));
  CHECK(mm_cancel_token_is_cancelled(token) == 0);
  mm_cancel_token_cancel(token);
  CHECK(mm_cancel_token_is_cancelled(token) == 1);
  run.on_progress = NULL;
  run.cancel = token;
  CHECK(mm_tissue_classify(image, labels, NULL, &run, &tissue) == MM_E_CANCELLED);
  mm_cancel_token_free(token);
}

static void a_fat_fraction_is_fat_over_both(void) {
  mm_volume *fraction = NULL;
  CHECK_OK(mm_fat_fraction(image, image, 0, NULL, &fraction));
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  CHECK_OK(mm_volume_describe(fraction, &desc));
  CHECK(desc.dtype == MM_DTYPE_F32 && ((const float *)desc.data)[5] == 0.5F);
  mm_volume_free(fraction);
}

static void sections_follow_the_axis_that_is_asked_for(void) {
  static const struct {
    int32_t axis;
    int64_t length; /* of the labelled box along it */
  } cases[] = {{0, 0}, {MM_SECTION_SUPERIOR, 0}, {MM_SECTION_I, 1}, {MM_SECTION_J, 2}, {MM_SECTION_K, 3}};
  mm_volume_desc desc = {0};
  uint8_t voxels[4 * 5 * 6] = {0};
  for (int i = 1; i < 2; ++i)
    for (int j = 1; j < 3; ++j)
      for (int k = 1; k < 4; ++k) voxels[i + 4 * j + 20 * k] = 1;
  desc.struct_size = sizeof desc;
  desc.dtype = MM_DTYPE_U8;
  desc.shape[0] = 4, desc.shape[1] = 5, desc.shape[2] = 6;
  desc.stride_bytes[0] = 1, desc.stride_bytes[1] = 4, desc.stride_bytes[2] = 20;
  /* i to the head, j to the right, k to the front: the largest spacing is that of k */
  desc.affine[1] = 2, desc.affine[6] = 9, desc.affine[8] = 1, desc.affine[15] = 1;
  desc.data = voxels;
  mm_volume *map = NULL;
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &map));
  for (size_t n = 0; n < sizeof cases / sizeof *cases; ++n) {
    mm_measure_options options = {0};
    options.struct_size = sizeof options;
    options.section_axis = cases[n].axis;
    mm_table *slices = NULL;
    mm_table *table = NULL;
    int64_t rows = 0;
    const int64_t wanted = cases[n].length == 0 ? 1 : cases[n].length;
    CHECK_OK(mm_measure_mean(map, map, MM_VALUES_INTENSITY, NULL, &options, NULL, &slices, &table));
    CHECK_OK(mm_table_row_count(slices, &rows));
    CHECK(rows == wanted);
    mm_table_free(slices);
    mm_table_free(table);
    options.section_axis = 6;
    CHECK(mm_measure_mean(map, map, MM_VALUES_INTENSITY, NULL, &options, NULL, NULL, &table) ==
          MM_E_ARGUMENT);
  }
  mm_volume_free(map);
}

static void files_are_measured(const char *folder) {
  char image_path[4096];
  char labels_path[4096];
  snprintf(image_path, sizeof image_path, "%s/metrics_test_image.nii.gz", folder);
  snprintf(labels_path, sizeof labels_path, "%s/metrics_test_labels.nii.gz", folder);
  CHECK_OK(mm_volume_write(image, image_path, NULL, NULL));
  CHECK_OK(mm_volume_write(labels, labels_path, NULL, NULL));
  mm_metrics_request request = {0};
  request.struct_size = sizeof request;
  request.method = MM_METRICS_KMEANS;
  request.image = image_path;
  request.labels = labels_path;
  request.output_folder = folder;
  request.maps = MM_MAPS_NONE;
  mm_table *table = NULL;
  int64_t rows = 0;
  int64_t files = 0;
  CHECK_OK(mm_extract_metrics(&request, NULL, NULL, &table));
  CHECK_OK(mm_table_row_count(table, &rows));
  CHECK_OK(mm_table_file_count(table, &files));
  CHECK(rows == 2 && files == 2);
  for (int64_t n = 0; n < files; ++n) {
    const char *file = NULL;
    CHECK_OK(mm_table_file_at(table, n, &file));
    CHECK(remove(file) == 0);
  }
  mm_table_free(table);
  request.method = MM_METRICS_DIXON;
  CHECK(mm_extract_metrics(&request, NULL, NULL, &table) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "`fat`") != NULL);
  remove(image_path);
  remove(labels_path);
}

static void write_text(const char *path, const char *content) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fputs(content, file) >= 0 && fclose(file) == 0);
}

/* Other remarks may come before and after it. */
static void note_ignored_names(const mm_warning *warning, void *user_data) {
  if (warning->code == MM_W_NAMES_IGNORED) *(int32_t *)user_data = 1;
}

static void inputs_are_kept(const char *folder) {
  char image_path[4096];
  char labels_path[4096];
  char names_path[4096];
  char beside_path[4096];
  snprintf(image_path, sizeof image_path, "%s/kept_test_image.nii.gz", folder);
  snprintf(labels_path, sizeof labels_path, "%s/kept_test_labels.nii.gz", folder);
  snprintf(names_path, sizeof names_path, "%s/kept_test_image_average_results.csv", folder);
  snprintf(beside_path, sizeof beside_path, "%s/kept_test_labels.json", folder);
  mm_nifti_write_options write = {0};
  write.struct_size = sizeof write;
  write.content = MM_CONTENT_LABELS;
  write.no_header_text = 1;
  CHECK_OK(mm_volume_write(image, image_path, NULL, NULL));
  CHECK_OK(mm_volume_write(labels, labels_path, &write, NULL));
  write.like_path = labels_path;
  CHECK(mm_volume_write(labels, labels_path, &write, NULL) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "would replace") != NULL);
  write.content = 3;
  CHECK(mm_volume_write(labels, image_path, &write, NULL) == MM_E_ARGUMENT);
  write_text(names_path, "index\tname\n3\tpsoas, left\n7\tsoleus\n");
  write_text(beside_path, "{\"Modality\": \"MR\"}");

  mm_metrics_request request = {0};
  mm_labels *names = NULL;
  mm_table *table = NULL;
  int32_t ignored = 0;
  CHECK_OK(mm_labels_read(names_path, &names));
  request.struct_size = sizeof request;
  request.method = MM_METRICS_AVERAGE;
  request.image = image_path;
  request.labels = labels_path;
  request.names = names;
  CHECK(mm_extract_metrics(&request, NULL, NULL, &table) == MM_E_ARGUMENT);
  CHECK(strstr(mm_last_error(), "would replace an input") != NULL);
  request.names = NULL;
  request.picture = beside_path;
  CHECK(mm_extract_metrics(&request, NULL, NULL, &table) == MM_E_ARGUMENT);
  request.picture = NULL;
  request.edits_file = names_path;
  CHECK(mm_extract_metrics(&request, NULL, NULL, &table) == MM_E_ARGUMENT);
  request.edits_file = NULL;
  remove(names_path);

  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_warning = note_ignored_names;
  run.user_data = &ignored;
  CHECK_OK(mm_extract_metrics(&request, &run, NULL, &table));
  CHECK(ignored);
  for (int64_t n = 0; n < 2; ++n) {
    const char *file = NULL;
    CHECK_OK(mm_table_file_at(table, n, &file));
    CHECK(remove(file) == 0);
  }
  mm_table_free(table);
  mm_labels_free(names);
  remove(beside_path);
  remove(image_path);
  remove(labels_path);
}

static void trust_is_of_this_process(void) {
  const char *hash = "00000000000000000000000000000000000000000000000000000000000000AB";
  int32_t trusted = -1;
  int64_t count = -1;
  const char *seen = NULL;
  CHECK_OK(mm_trust_check(hash, &trusted));
  CHECK(trusted == 0);
  CHECK_OK(mm_trust_add(hash));
  CHECK_OK(mm_trust_add(hash));
  CHECK_OK(mm_trust_check(hash, &trusted));
  CHECK_OK(mm_trust_count(&count));
  CHECK_OK(mm_trust_at(0, &seen));
  CHECK(trusted == 1 && count == 1 && strlen(seen) == 64 && seen[62] == 'a');
  CHECK(mm_trust_add("abc") == MM_E_ARGUMENT);
}

static void a_missing_engine_is_no_error(void) {
  mm_engine_info info = {0};
  info.struct_size = sizeof info;
  CHECK_OK(mm_engine_describe(&info));
  CHECK(info.available == 1 || info.problem[0] != '\0');
  CHECK(mm_available_threads() >= 1);
}

int main(int count, char **arguments) {
  make_phantom();
  image = phantom_volume(MM_DTYPE_F32, phantom_image);
  labels = phantom_volume(MM_DTYPE_I16, phantom_labels);
  CHECK(image != NULL && labels != NULL);
  labels_are_read_back_in_order();
  values_that_a_viewer_cannot_hold_are_refused();
  means_come_as_numbers_and_text();
  tissues_are_divided_and_edited(MM_METHOD_KMEANS);
  tissues_are_divided_and_edited(MM_METHOD_GMM);
  doubts_are_told_by_their_code();
  bones_are_divided_where_asked();
  runs_can_be_ended();
  a_fat_fraction_is_fat_over_both();
  sections_follow_the_axis_that_is_asked_for();
  inputs_are_kept(count > 1 ? arguments[1] : ".");
  files_are_measured(count > 1 ? arguments[1] : ".");
  trust_is_of_this_process();
  a_missing_engine_is_no_error();
  mm_volume_free(image);
  mm_volume_free(labels);
  return failures == 0 ? 0 : 1;
}
