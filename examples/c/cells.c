/* Cells of a picture: masks as OME-TIFF and a table.
 *
 * cells MODEL PICTURE LABELS.ome.tif [DIAMETER]
 *
 * MODEL is a file of Cellpose 3, or a name of its own models; PICTURE is a TIFF or ND2 file, LABELS gets its
 * pixel size. Prints the number of cells of each time, then the table as CSV. Exit status 0, or 1 with a line
 * on standard error. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "musclemap.h"

static void need(mm_status status, const char *what) {
  if (status == MM_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", what, mm_last_error(), mm_status_name(status));
  exit(1);
}

static int32_t print(const char *bytes, size_t count, void *file) {
  return fwrite(bytes, 1, count, file) == count ? 0 : 1;
}

static void warn(const mm_warning *warning, void *user_data) {
  (void)user_data;
  fprintf(stderr, "warning: %s\n", warning->text);
}

int main(int count, char **arguments) {
  if (count < 4 || count > 5) {
    fprintf(stderr, "usage: %s MODEL PICTURE LABELS.ome.tif [DIAMETER]\n", arguments[0]);
    return 1;
  }
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_warning = warn;
  mm_cells_options options = {0};
  options.struct_size = sizeof options;
  if (count == 5) options.diameter = atof(arguments[4]); /* else that of the model's training */

  mm_cells *cells = NULL;
  mm_image *picture = NULL;
  mm_image *labels = NULL;
  mm_table *table = NULL;
  need(mm_cells_open(arguments[1], NULL, &run, &cells), "model");
  need(mm_image_open(arguments[2], &run, &picture), "picture"); /* planes are read when they are needed */
  need(mm_cells_run(cells, picture, &options, &run, NULL, NULL, &labels), "cells");

  mm_cells_run_report report = {0};
  report.struct_size = sizeof report;
  need(mm_cells_report(cells, &report), "report");
  for (int64_t t = 0; t < report.frames; ++t)
    printf("time %" PRId64 ": %" PRId64 " cells\n", t, report.counts[t]);

  need(mm_image_write_ome_tiff(labels, arguments[3], NULL, NULL), "labels");
  need(mm_cells_measure(labels, picture, &table), "table");
  need(mm_table_write(table, NULL, print, stdout), "CSV");

  mm_table_free(table);
  mm_image_free(labels);
  mm_image_free(picture);
  mm_cells_free(cells);
  return 0;
}
