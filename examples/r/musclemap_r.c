/* Muscle and fat under labels, for R: registered .Call entry points over musclemap's C interface.
 *
 * R's errors jump, and a jump past a handle would leak it. So every handle lives in a struct that
 * R_ExecWithCleanup() frees on every way out; errors are raised only inside. R has no 8-bit or 16-bit arrays:
 * labels are integers (i32), images doubles (f64) or integers, and their memory is lent, not copied. */
#include <R.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Utils.h>
#include <Rinternals.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "musclemap.h"

enum { AFFINE_NUMBERS = 16 };

/* What one call holds. */
typedef struct {
  SEXP image;
  SEXP labels;
  SEXP affine;
  SEXP method;
  SEXP components;
  SEXP threads;
  SEXP names;
  mm_volume *image_volume;
  mm_volume *label_volume;
  mm_labels *label_names;
  mm_tissue *tissue;
  mm_table *table;
} measurement;

static void release(void *data) {
  measurement *m = data;
  mm_table_free(m->table);
  mm_tissue_free(m->tissue);
  mm_labels_free(m->label_names);
  mm_volume_free(m->label_volume);
  mm_volume_free(m->image_volume);
}

/* The library's own message becomes R's. */
static void need(mm_status status) {
  if (status != MM_OK) Rf_error("musclemap: %s (%s)", mm_last_error(), mm_status_name(status));
}

/* Lends an array of R; it is read alone. */
static mm_volume *lend(SEXP array, SEXP affine, const char *what) {
  const SEXP dim = Rf_getAttrib(array, R_DimSymbol);
  if ((TYPEOF(array) != REALSXP && TYPEOF(array) != INTSXP) || TYPEOF(dim) != INTSXP || XLENGTH(dim) != 3)
    Rf_error("%s must be a numeric array of three dimensions", what);
  mm_volume_desc desc = {0};
  desc.struct_size = sizeof desc;
  desc.flags = MM_VOLUME_READ_ONLY;
  /* R's arrays are contiguous with the first index fastest, which strides of 0 say. */
  for (int axis = 0; axis < 3; ++axis) desc.shape[axis] = INTEGER(dim)[axis];
  /* R's matrices are stored by columns, the library's affine by rows. */
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) desc.affine[4 * row + column] = REAL(affine)[4 * column + row];
  }
  desc.dtype = TYPEOF(array) == REALSXP ? MM_DTYPE_F64 : MM_DTYPE_I32;
  desc.data = TYPEOF(array) == REALSXP ? (void *)REAL(array) : (void *)INTEGER(array);
  mm_volume *volume = NULL;
  need(mm_volume_wrap(&desc, NULL, NULL, &volume));
  return volume;
}

/* NA_integer_ is the smallest int to the library, not "missing". */
static void refuse_missing(SEXP array, const char *what) {
  if (TYPEOF(array) != INTSXP) return;
  const int *values = INTEGER(array);
  for (R_xlen_t n = 0; n < XLENGTH(array); ++n) {
    if (values[n] == NA_INTEGER) Rf_error("%s holds NA", what);
  }
}

/* `names` is a character vector whose own names are the label values. */
static mm_labels *named(SEXP names) {
  if (Rf_isNull(names)) return NULL;
  const SEXP values = Rf_getAttrib(names, R_NamesSymbol);
  if (TYPEOF(names) != STRSXP || TYPEOF(values) != STRSXP)
    Rf_error("names must be a character vector whose names are label values");
  const R_xlen_t count = XLENGTH(names);
  mm_label *given = (mm_label *)R_alloc((size_t)count + 1, sizeof *given);
  memset(given, 0, ((size_t)count + 1) * sizeof *given);
  for (R_xlen_t n = 0; n < count; ++n) {
    const double value = R_strtod(CHAR(STRING_ELT(values, n)), NULL);
    if (!(fabs(value) <= INT32_MAX) || value != floor(value)) Rf_error("a name of names is no label value");
    given[n].struct_size = sizeof *given;
    given[n].value = (int32_t)value;
    given[n].anatomy = Rf_translateCharUTF8(STRING_ELT(names, n));
  }
  mm_labels *labels = NULL;
  need(mm_labels_create(given, count, &labels));
  return labels;
}

/* Escape or Ctrl-C in the console is asked for without a jump out of the library. */
static void ask(void *data) {
  (void)data;
  R_CheckUserInterrupt();
}

static int32_t on_progress(const mm_progress *progress, void *user_data) {
  (void)progress;
  (void)user_data;
  return R_ToplevelExec(ask, NULL) ? 0 : 1;
}

static void on_warning(const mm_warning *warning, void *user_data) {
  (void)user_data;
  REprintf("musclemap: %s\n", warning->text);
}

static int32_t method_of(const char *name) {
  if (strcmp(name, "average") == 0) return MM_METRICS_AVERAGE;
  if (strcmp(name, "kmeans") == 0) return MM_METRICS_KMEANS;
  if (strcmp(name, "gmm") == 0) return MM_METRICS_GMM;
  Rf_error("method must be \"average\", \"kmeans\" or \"gmm\", not \"%s\"", name);
}

static SEXP column_of(const mm_table *table, int64_t number, int64_t rows, const mm_column *column) {
  if (column->kind == MM_COLUMN_TEXT) {
    const SEXP texts = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)rows));
    for (int64_t row = 0; row < rows; ++row) {
      const char *text = NULL;
      need(mm_table_text(table, number, row, &text));
      SET_STRING_ELT(texts, (R_xlen_t)row, Rf_mkCharCE(text, CE_UTF8));
    }
    UNPROTECT(1);
    return texts;
  }
  /* Whole numbers stay doubles: counts of voxels may pass R's integers. NaN becomes NA. */
  const SEXP numbers = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)rows));
  for (int64_t row = 0; row < rows; ++row)
    REAL(numbers)[row] = isnan(column->values[row]) ? NA_REAL : column->values[row];
  UNPROTECT(1);
  return numbers;
}

/* A named list of columns; musclemap.R makes it a data.frame. */
static SEXP list_of(const mm_table *table) {
  int64_t rows = 0;
  int64_t columns = 0;
  need(mm_table_row_count(table, &rows));
  need(mm_table_column_count(table, &columns));
  const SEXP list = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)columns));
  const SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)columns));
  for (int64_t n = 0; n < columns; ++n) {
    mm_column column = {0};
    column.struct_size = sizeof column;
    need(mm_table_describe_column(table, n, &column));
    SET_VECTOR_ELT(list, (R_xlen_t)n, column_of(table, n, rows, &column));
    SET_STRING_ELT(names, (R_xlen_t)n, Rf_mkCharCE(column.name, CE_UTF8));
  }
  Rf_setAttrib(list, R_NamesSymbol, names);
  UNPROTECT(2);
  return list;
}

static SEXP measure(void *data) {
  measurement *m = data;
  if (TYPEOF(m->affine) != REALSXP || XLENGTH(m->affine) != AFFINE_NUMBERS)
    Rf_error("affine must be a 4 x 4 matrix of numbers");
  if (TYPEOF(m->method) != STRSXP || XLENGTH(m->method) != 1) Rf_error("method must be one text");
  const int32_t method = method_of(CHAR(STRING_ELT(m->method, 0)));
  refuse_missing(m->labels, "labels");
  refuse_missing(m->image, "image");
  m->image_volume = lend(m->image, m->affine, "image");
  m->label_volume = lend(m->labels, m->affine, "labels");
  m->label_names = named(m->names);

  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.threads = Rf_asInteger(m->threads);
  run.on_progress = on_progress;
  run.on_warning = on_warning;
  if (method == MM_METRICS_AVERAGE) {
    need(mm_measure_mean(m->label_volume, m->image_volume, MM_VALUES_INTENSITY, m->label_names, NULL, &run,
                         NULL, &m->table));
  } else {
    mm_tissue_options options = {0};
    options.struct_size = sizeof options;
    options.method = method == MM_METRICS_KMEANS ? MM_METHOD_KMEANS : MM_METHOD_GMM;
    options.components = Rf_asInteger(m->components);
    need(mm_tissue_classify(m->image_volume, m->label_volume, &options, &run, &m->tissue));
    need(mm_measure(m->tissue, m->label_names, NULL, &run, NULL, &m->table));
  }
  return list_of(m->table);
}

static SEXP r_measure(SEXP image, SEXP labels, SEXP affine, SEXP method, SEXP components, SEXP threads,
                      SEXP names) {
  measurement m = {image, labels, affine, method, components, threads, names, NULL, NULL, NULL, NULL, NULL};
  return R_ExecWithCleanup(measure, &m, release, &m);
}

static SEXP r_version(void) { return Rf_mkString(mm_version_string()); }

static const R_CallMethodDef entries[] = {{"musclemap_measure", (DL_FUNC)r_measure, 7},
                                          {"musclemap_version", (DL_FUNC)r_version, 0},
                                          {NULL, NULL, 0}};

void R_init_musclemap_r(DllInfo *info) {
  R_registerRoutines(info, NULL, entries, NULL, NULL);
  R_useDynamicSymbols(info, FALSE);
  R_forceSymbols(info, TRUE);
}
