# Muscle and fat under the labels of an array, by musclemap's C interface.
#
#   PKG_CPPFLAGS=-I<prefix>/include PKG_LIBS="-L<prefix>/lib -Wl,-rpath,<prefix>/lib -lmusclemap" \
#     R CMD SHLIB musclemap_r.c
#
#   source("musclemap.R")
#   mm_load("musclemap_r.so")
#   mm_measure(image, labels, affine, method = "gmm")

mm_entries <- new.env()

# Loads the library that R CMD SHLIB made, and finds its registered entry points.
mm_load <- function(file) {
  routines <- getDLLRegisteredRoutines(dyn.load(file))$.Call
  for (name in names(routines)) assign(name, routines[[name]], envir = mm_entries)
  invisible(names(routines))
}

mm_version <- function() .Call(mm_entries$musclemap_version)

# image:      numeric array, three dimensions
# labels:     array of whole numbers on the same grid; 0 is background
# affine:     4 x 4 matrix from voxel (i, j, k, 1), counted from 0, to RAS+ millimetres
# method:     "gmm", "kmeans" (muscle and fat), or "average" (mean intensity)
# components: 2: muscle, fat; 3: muscle, undefined, fat
# threads:    0: as many as the process may use
# names:      c("7101" = "vastus lateralis left"), or NULL
# Returns a data.frame with a row per label and every column that the library has. What the library refuses is
# an R error with its message.
mm_measure <- function(image, labels, affine = diag(4), method = c("gmm", "kmeans", "average"),
                       components = 2L, threads = 0L, names = NULL) {
  storage.mode(affine) <- "double"
  columns <- .Call(mm_entries$musclemap_measure, image, labels, affine, match.arg(method),
                   as.integer(components), as.integer(threads), names)
  as.data.frame(columns, stringsAsFactors = FALSE)
}
