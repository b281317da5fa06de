/** @file
 * musclemap: muscles, bones and organs in MRI and CT volumes. The C interface; its ABI is promised.
 *
 * Rules that hold for every function:
 *   - It returns MM_OK or an mm_status; mm_last_error() says more. No exception leaves the library, and it
 *     never prints, ends the process, or changes locale, environment or thread settings.
 *   - Results come last and are written only when the call succeeds.
 *   - Pointers are required unless their description begins with "NULL:", which says what NULL means.
 *   - Text is UTF-8 and ends in NUL. Text that is handed out belongs to the library and lives as stated.
 *   - A struct begins with struct_size, which the caller sets to sizeof of it, in results too. Structs grow
 *     at the end alone. In options zero is the default of every field.
 *   - Enumerations cross as int32_t; their numbers are frozen.
 *   - "Threads: any" means that several threads may call it at once, with the same handles too. "Threads: one
 *     at a time" means one per handle: a second call meanwhile, from another thread or from a callback, is
 *     refused with MM_E_ARGUMENT, reason MM_REASON_BUSY. No handle may be freed while a call uses it.
 *   - A process made by fork() may not use handles made before it: MM_E_ARGUMENT, reason MM_REASON_FORKED.
 *   - Callbacks run on the thread that made the call. They return; they do not throw or longjmp.
 *
 * Voxel axes are i, j, k; world axes are RAS+ millimetres. Handles keep alive what they were made from: a
 * volume may be freed as soon as a call that took it has returned. */
#ifndef MUSCLEMAP_H_
#define MUSCLEMAP_H_

#include <stddef.h>
#include <stdint.h>

/** Marks what the library exports. */
#if defined(__GNUC__)
#define MM_API __attribute__((visibility("default")))
#else
#define MM_API
#endif
/** Tells C++ that no exception comes out. */
#ifdef __cplusplus
#define MM_NOEXCEPT noexcept
extern "C" {
#else
#define MM_NOEXCEPT
#endif

/** Raised only when programs built for the number before would break; part of the library's file name. */
#define MM_ABI_VERSION 1

/* ---- Status, errors, versions ------------------------------------------------------------------------- */

/** What became of a call: MM_OK or one of MM_E_*. */
typedef int32_t mm_status;

enum {
  MM_OK = 0,
  MM_E_ARGUMENT = 1,    /**< the caller passed something that is not allowed */
  MM_E_MEMORY = 2,      /**< out of memory, or a stated memory limit does not suffice */
  MM_E_IO = 3,          /**< a file cannot be opened, read, written or replaced */
  MM_E_FORMAT = 4,      /**< a file's content is not what its format says */
  MM_E_GEOMETRY = 5,    /**< an image's position, spacing or shape cannot be used */
  MM_E_MODEL = 6,       /**< a model's weights or description cannot be used */
  MM_E_DEVICE = 7,      /**< the inference engine or the compute device is not available */
  MM_E_CANCELLED = 8,   /**< the run was cancelled, or a callback asked for the end */
  MM_E_UNSUPPORTED = 9, /**< legal input that this library does not handle */
  MM_E_INTERNAL = 10    /**< a promise inside the library was broken */
};

/** Fine cause of an error, for a person or a log. */
enum {
  MM_REASON_IO = 1,
  MM_REASON_NOT_NIFTI = 2,
  MM_REASON_BAD_HEADER = 3,
  MM_REASON_UNSUPPORTED = 4,
  MM_REASON_TRUNCATED = 5,
  MM_REASON_CORRUPT = 6,
  MM_REASON_LIMIT = 7,
  MM_REASON_GEOMETRY = 8,
  MM_REASON_LABELS = 9,
  MM_REASON_NONFINITE = 10,
  MM_REASON_BAD_JSON = 11,
  MM_REASON_NOMEM = 12,
  MM_REASON_CANCELLED = 13,
  MM_REASON_TIMEOUT = 14,
  MM_REASON_BUSY = 15,
  MM_REASON_FORKED = 16,
  MM_REASON_INVALID = 17,
  MM_REASON_MODEL = 18,
  MM_REASON_INTERNAL = 19
};

/** The last failure of this thread. */
typedef struct mm_error_info {
  uint32_t struct_size;
  int32_t code;        /**< MM_E_*; MM_OK before the first failure */
  int32_t reason;      /**< MM_REASON_*; 0 before the first failure */
  int32_t reserved;    /**< 0 */
  const char *file;    /**< the file that the error is about; "" for none */
  const char *message; /**< one line without the file; "" before the first failure */
} mm_error_info;

/** Threads: any.
 *  @return MM_ABI_VERSION of the library that is loaded */
MM_API uint32_t mm_abi_version(void) MM_NOEXCEPT;

/** Threads: any.
 *  @return "major.minor.patch" of the library that is loaded; lives for ever */
MM_API const char *mm_version_string(void) MM_NOEXCEPT;

/** Threads: any.
 *  @param status an mm_status
 *  @return "ok", "argument", "memory", …; "unknown" for other numbers. Lives for ever */
MM_API const char *mm_status_name(mm_status status) MM_NOEXCEPT;

/** Threads: any.
 *  @param reason an MM_REASON_*
 *  @return "io", "not_nifti", …; "unknown" for other numbers. Lives for ever */
MM_API const char *mm_reason_name(int32_t reason) MM_NOEXCEPT;

/** Threads: any.
 *  @param stage an MM_STAGE_*
 *  @return "read", "prepare", …; "unknown" for other numbers. Lives for ever */
MM_API const char *mm_stage_name(int32_t stage) MM_NOEXCEPT;

/** Threads: any, each has its own.
 *  @return message of this thread's last failure, with its file; never NULL, "" before the first. Lives until
 *          this thread's next failure; success and freeing handles keep it */
MM_API const char *mm_last_error(void) MM_NOEXCEPT;

/** This thread's last failure in parts. Threads: any, each has its own.
 *  @param out texts live until this thread's next failure */
MM_API mm_status mm_last_error_info(mm_error_info *out) MM_NOEXCEPT;

/* ---- Callbacks and how a long call is run ------------------------------------------------------------- */

enum {
  MM_STAGE_READ = 0,
  MM_STAGE_PREPARE = 1,
  MM_STAGE_INFER = 2,
  MM_STAGE_FILTER = 3,
  MM_STAGE_WRITE = 4,
  MM_STAGE_CLASSIFY = 5,
  MM_STAGE_MEASURE = 6
};

/** Kind of a remark. */
enum {
  MM_W_HEADER_FIELD = 1,       /**< a field of a header is odd and was passed over */
  MM_W_UNIT = 2,               /**< the file's unit of space is not the millimetre, or unknown */
  MM_W_ORIENTATION = 3,        /**< left and right, or the position, are unknown or stated twice */
  MM_W_VOXEL_SIZE = 4,         /**< two statements about the voxel size disagree */
  MM_W_SHEAR = 5,              /**< the voxel axes are not at right angles */
  MM_W_NO_SPACING = 6,         /**< the image has no voxel size; lengths and volumes are in voxels */
  MM_W_GRID_TOLERANCE = 7,     /**< two grids differ a little and are taken as one */
  MM_W_GRID_REORDERED = 8,     /**< the label map was reordered to the image's axes */
  MM_W_LABELS_ROUNDED = 9,     /**< labels that are nearly integers were rounded */
  MM_W_EMPTY_LABEL_MAP = 10,   /**< a label map without any label */
  MM_W_LABEL_UNNAMED = 11,     /**< a label that the table of names does not have */
  MM_W_LABEL_BORDER = 12,      /**< a label that touches the border of the image */
  MM_W_LABEL_NOT_DIVIDED = 13, /**< a label that could not be divided into tissues */
  MM_W_CLASSES_OVERLAP = 14,   /**< a division whose thresholds or classes are implausible */
  MM_W_NONFINITE = 15,         /**< NaN or infinite voxels */
  MM_W_BEYOND_FLOAT32 = 16,    /**< finite voxels that single precision cannot hold */
  MM_W_BLANK_IMAGE = 17,       /**< every voxel has one value */
  MM_W_NOT_HU = 18,            /**< CT numbers are needed and the values are none */
  MM_W_CLUSTERING_ON_CT = 19,  /**< dark is taken as muscle, and the image is a CT */
  MM_W_INPUTS_SWAPPED = 20,    /**< image and label map look exchanged */
  MM_W_DIXON_SWAPPED = 21,     /**< fat and water image look exchanged */
  MM_W_DIXON_NO_SIGNAL = 22,   /**< labelled voxels with neither fat nor water */
  MM_W_NAMES_IGNORED = 23,     /**< a file beside the label map is no table of names */
  MM_W_NAMES_CHANGED = 24,     /**< names or values were changed to suit a viewer */
  MM_W_RESULTS_APART = 25,     /**< the usual names hold the results of another label map */
  MM_W_SMALL_RANGE = 26,       /**< values so close together that whole numbers of them tell little */
  MM_W_SERIES_IGNORED = 27,    /**< a file of several pictures, of which the first is used */
  MM_W_WIDE_LABELS = 28        /**< so many cells that labels have 32 bits */
};

/** How far a call is. A stage may come more than once in a call, each time from the start. */
typedef struct mm_progress {
  uint32_t struct_size;
  int32_t stage;   /**< MM_STAGE_* */
  int64_t done;    /**< units of this stage that are finished */
  int64_t total;   /**< units of this stage */
  double fraction; /**< of the whole call, 0 to 1: never falls, and the last report has 1 */
} mm_progress;

/** Not 0 ends the run with MM_E_CANCELLED. */
typedef int32_t (*mm_progress_fn)(const mm_progress *progress, void *user_data);

/** A remark about the input that does not stop the run. Lives for the call. Numbers and names are listed,
 * with what to do about each, in docs/warnings.md; they are never reused, and new ones may come. */
typedef struct mm_warning {
  uint32_t struct_size;
  int32_t code;     /**< MM_W_* */
  const char *name; /**< such as "no_spacing" */
  const char *text; /**< one line */
} mm_warning;

/** Takes a remark. */
typedef void (*mm_warning_fn)(const mm_warning *warning, void *user_data);

/** Takes the next `count` bytes of a text or a picture, which do not end in NUL. Not 0 ends the call with
 *  MM_E_CANCELLED. */
typedef int32_t (*mm_write_fn)(const char *bytes, size_t count, void *user_data);

/** Lets go of memory that was lent; see mm_volume_wrap(). May be called on any thread. */
typedef void (*mm_release_fn)(void *user_data);

/** A flag that ends runs. */
typedef struct mm_cancel_token mm_cancel_token;

/** Options of every long call. */
typedef struct mm_run_options {
  uint32_t struct_size;
  int32_t threads;        /**< most threads of the library's loops; 0: as many as the process may use */
  uint64_t memory_budget; /**< bytes the run may take; 0: what the machine has at hand */
  const mm_cancel_token *cancel; /**< NULL: none; must live until the call returns */
  mm_progress_fn on_progress;    /**< NULL: none */
  mm_warning_fn on_warning;      /**< NULL: warnings go nowhere */
  void *user_data;               /**< handed to both callbacks */
} mm_run_options;

/** Makes a token that is not cancelled. Threads: any.
 *  @param out to be freed with mm_cancel_token_free() */
MM_API mm_status mm_cancel_token_create(mm_cancel_token **out) MM_NOEXCEPT;

/** Ends the runs that were given the token, within one batch of windows, and all later ones. Safe in a signal
 *  handler. Threads: any.
 *  @param token NULL: nothing happens */
MM_API void mm_cancel_token_cancel(const mm_cancel_token *token) MM_NOEXCEPT;

/** Threads: any.
 *  @param token NULL: 0
 *  @return 1 when the token is cancelled, else 0 */
MM_API int32_t mm_cancel_token_is_cancelled(const mm_cancel_token *token) MM_NOEXCEPT;

/** @param token NULL: nothing happens */
MM_API void mm_cancel_token_free(mm_cancel_token *token) MM_NOEXCEPT;

/** Threads: any.
 *  @return threads that the process may use (its CPU affinity), at least 1 */
MM_API int32_t mm_available_threads(void) MM_NOEXCEPT;

/* ---- Volumes ------------------------------------------------------------------------------------------ */

/** A grid of voxels; a shared handle that is counted. Threads: any, writing voxels aside. */
typedef struct mm_volume mm_volume;

enum {
  MM_DTYPE_U8 = 1,
  MM_DTYPE_I16 = 2,
  MM_DTYPE_U16 = 3,
  MM_DTYPE_I32 = 4,
  MM_DTYPE_F32 = 5,
  MM_DTYPE_F64 = 6,
  MM_DTYPE_U32 = 7 /**< of pictures alone */
};

enum { MM_VOLUME_READ_ONLY = 1 };

/** Where voxels lie in memory and in the world. */
typedef struct mm_volume_desc {
  uint32_t struct_size;
  int32_t dtype;           /**< MM_DTYPE_*, native byte order */
  uint32_t flags;          /**< MM_VOLUME_READ_ONLY or 0 */
  uint32_t reserved;       /**< 0 */
  int64_t shape[3];        /**< voxels along i, j, k; at least 1 */
  int64_t stride_bytes[3]; /**< bytes between neighbours, any sign; all 0: contiguous, i fastest */
  double affine[16];       /**< row-major, voxel (i, j, k, 1) to RAS+ mm; all 0: the identity */
  void *data;              /**< voxel (0, 0, 0) */
} mm_volume_desc;

/** Slices that a source is asked for. */
typedef struct mm_slab_request {
  uint32_t struct_size;
  uint32_t reserved;   /**< 0 */
  int64_t k_begin;     /**< first slice along k, from 0 */
  int64_t k_count;     /**< slices, at least 1 */
  void *voxels;        /**< to be filled: k_count slices of the source's dtype, contiguous with i fastest */
  uint64_t byte_count; /**< of `voxels` */
  const char *message; /**< NULL; set by a callback that fails: why, one line, living until the call ends */
} mm_slab_request;

/** Fills request->voxels. MM_OK, or the MM_E_* that ends the call; another number ends it with MM_E_IO and
 *  stands in the message. */
typedef int32_t (*mm_read_slab_fn)(mm_slab_request *request, void *user_data);

/** An image that is not in memory as a whole: decoded, computed or fetched slice by slice. */
typedef struct mm_slab_source {
  uint32_t struct_size;
  int32_t dtype;        /**< MM_DTYPE_*, native byte order */
  int64_t shape[3];     /**< voxels along i, j, k; at least 1 */
  double affine[16];    /**< row-major, voxel (i, j, k, 1) to RAS+ mm; all 0: the identity */
  mm_read_slab_fn read; /**< needed; slabs come in any order and more than once, rising k mostly */
  void *user_data;      /**< handed to `read` */
} mm_slab_source;

/** Which affine a file is read with. */
enum {
  MM_AFFINE_NIFTI = 0, /**< that of the sform, else of the qform, else centred */
  MM_AFFINE_MONAI = 1  /**< the same, repaired as MONAI does where it disagrees with pixdim */
};

/** How NIfTI files are read. */
typedef struct mm_nifti_read_options {
  uint32_t struct_size;
  int32_t affine;               /**< MM_AFFINE_* */
  uint64_t max_voxel_bytes;     /**< most stored bytes of voxels; 0: 2^46 */
  uint64_t max_extension_bytes; /**< most bytes of extensions; 0: 64 MiB */
} mm_nifti_read_options;

/** What is written, beside the volume whose header is kept. */
enum {
  MM_CONTENT_AS_SOURCE = 0, /**< values of that kind: its description stays */
  MM_CONTENT_LABELS = 1,    /**< a label map: intent NIFTI_INTENT_LABEL, no description */
  MM_CONTENT_OTHER = 2      /**< values of another kind: no description */
};

/** How NIfTI files are written. */
typedef struct mm_nifti_write_options {
  uint32_t struct_size;
  int32_t content;        /**< MM_CONTENT_*: what the voxels are */
  const char *like_path;  /**< NULL: a new header; else a NIfTI file on this grid whose header is kept */
  double slope;           /**< value = voxel * slope + inter, written to the header; 0: 1 */
  double inter;           /**< see slope; 0: 0 */
  int32_t no_header_text; /**< not 0: without extensions and free text of that header */
} mm_nifti_write_options;

/** Lends memory without a copy. It may be written by nobody while the library reads it. Threads: any.
 *  Errors: MM_E_ARGUMENT (data NULL or not aligned, a stride that is no multiple of the voxel's size).
 *  @param desc of the memory
 *  @param release NULL: none; else called exactly once, when the volume and everything made from it are
 *         freed; not called when this call fails
 *  @param user_data NULL: fine; handed to `release`
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_volume_wrap(const mm_volume_desc *desc, mm_release_fn release, void *user_data,
                                mm_volume **out) MM_NOEXCEPT;

/** New memory, all zero, contiguous with i fastest. Threads: any. Errors: MM_E_ARGUMENT, MM_E_MEMORY.
 *  @param desc dtype, shape and affine count
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_volume_zeros(const mm_volume_desc *desc, mm_volume **out) MM_NOEXCEPT;

/** Reads a NIfTI file of one volume. Integers keep their type, scaled voxels become f64. Threads: any.
 *  Errors: MM_E_IO, MM_E_FORMAT, MM_E_GEOMETRY, MM_E_UNSUPPORTED, MM_E_MEMORY, MM_E_CANCELLED.
 *  @param path .nii, .nii.gz, .hdr or .img
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears slices of MM_STAGE_READ every few megabytes
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_volume_read(const char *path, const mm_nifti_read_options *options,
                                const mm_run_options *run, mm_volume **out) MM_NOEXCEPT;

/** Writes a NIfTI file, whole or not at all. Threads: any. Errors: MM_E_IO, MM_E_ARGUMENT (name),
 *  MM_E_CANCELLED.
 *  @param volume what is written
 *  @param path .nii or .nii.gz
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears slices of MM_STAGE_WRITE every few megabytes */
MM_API mm_status mm_volume_write(const mm_volume *volume, const char *path,
                                 const mm_nifti_write_options *options,
                                 const mm_run_options *run) MM_NOEXCEPT;

/** Where the voxels are. Threads: any.
 *  @param volume to be described
 *  @param out `data` lives as long as the volume; writing it is for one thread, unless it is read-only */
MM_API mm_status mm_volume_describe(const mm_volume *volume, mm_volume_desc *out) MM_NOEXCEPT;

/** Copies the voxels into new memory, contiguous with i fastest. Threads: any. Errors: MM_E_MEMORY.
 *  @param volume to be copied
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_volume_copy(const mm_volume *volume, mm_volume **out) MM_NOEXCEPT;

/** One more mm_volume_free() is needed for the same handle. Threads: any.
 *  @param volume to be kept */
MM_API mm_status mm_volume_retain(mm_volume *volume) MM_NOEXCEPT;

/** Threads: any.
 *  @param volume NULL: nothing happens */
MM_API void mm_volume_free(mm_volume *volume) MM_NOEXCEPT;

/* ---- NIfTI headers ------------------------------------------------------------------------------------ */

/** What a header says, checked. */
typedef struct mm_nifti_info {
  uint32_t struct_size;
  int32_t axis_count;      /**< 1 to 7 */
  int64_t shape[7];        /**< i first; 0 past axis_count */
  double pixdim[7];        /**< as stored, in `unit`; 0 past axis_count */
  double affine[16];       /**< as stored, in `unit`, row-major */
  double slope;            /**< value = raw * slope + inter where `scaled` */
  double inter;            /**< see slope */
  int32_t scaled;          /**< 0 or 1 */
  int32_t big_endian;      /**< 0 or 1 */
  int32_t nifti_version;   /**< 1 or 2 */
  int32_t gzip;            /**< 0 or 1 */
  int32_t pair;            /**< 1: header and voxels in two files */
  int32_t sform_code;      /**< as stored; 0: there is no sform */
  int32_t qform_code;      /**< as stored; 0: there is no qform */
  int32_t extension_count; /**< header extensions */
  char dtype[16];          /**< stored type as NumPy names it, "rgb24" and the like */
  char affine_source[16];  /**< "sform", "qform" or "none" */
  char unit[16];           /**< "mm", "metre", "micron" or "unknown" */
  char description[256];   /**< cut where it is longer */
} mm_nifti_info;

/** Reads and checks a header alone. Threads: any. Errors: MM_E_IO, MM_E_FORMAT, MM_E_GEOMETRY,
 *  MM_E_UNSUPPORTED.
 *  @param path a NIfTI file of any shape and type
 *  @param options NULL: the defaults
 *  @param out what the header says */
MM_API mm_status mm_nifti_describe(const char *path, const mm_nifti_read_options *options,
                                   mm_nifti_info *out) MM_NOEXCEPT;

/** The object that `musclemap info --json` prints, without a line end. Threads: any. Errors as above.
 *  @param path a NIfTI file of any shape and type
 *  @param options NULL: the defaults
 *  @param verify not 0: every voxel is read and checked too
 *  @param run NULL: the defaults; hears MM_STAGE_READ, in megabytes
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_nifti_write_json(const char *path, const mm_nifti_read_options *options, int32_t verify,
                                     const mm_run_options *run, mm_write_fn write,
                                     void *user_data) MM_NOEXCEPT;

/* ---- Label tables ------------------------------------------------------------------------------------- */

/** Names of label values, ascending. Immutable. Threads: any. */
typedef struct mm_labels mm_labels;

/** What a value of a label map is. */
typedef struct mm_label {
  uint32_t struct_size;
  int32_t value;       /**< not 0 */
  const char *region;  /**< body region; may be "" (given: or NULL), as the four below */
  const char *anatomy; /**< structure, such as "vastus lateralis" */
  const char *side;    /**< "left", "right", "no side" or "" */
  const char *snomed;  /**< SNOMED CT code */
  const char *kind;    /**< "muscle", "bone", "organ", "fat", "other" or ""; bones get volumes alone */
} mm_label;

enum {
  MM_VIEWER_ITKSNAP = 1,
  MM_VIEWER_SLICER = 2,
  MM_VIEWER_FSLEYES = 3,
  MM_VIEWER_FREESURFER = 4,
  MM_VIEWER_BIDS = 5
};

/** Names of your own, in any order. Threads: any. Errors: MM_E_ARGUMENT (value 0 or given twice).
 *  @param labels `count` structs of the size that the first one states
 *  @param count at least 1, at most 65536
 *  @param out to be freed with mm_labels_free() */
MM_API mm_status mm_labels_create(const mm_label *labels, int64_t count, mm_labels **out) MM_NOEXCEPT;

/** Threads: any. Errors: MM_E_IO, MM_E_FORMAT.
 *  @param path a model, the .json beside a label map, JSON or a table of names, or a viewer's colour table
 *  @param out to be freed with mm_labels_free() */
MM_API mm_status mm_labels_read(const char *path, mm_labels **out) MM_NOEXCEPT;

/** One of the tables that the library holds. Threads: any. Errors: MM_E_ARGUMENT, which lists them.
 *  @param region such as "thigh", any case
 *  @param version NULL: the latest; else such as "1.4"
 *  @param out to be freed with mm_labels_free() */
MM_API mm_status mm_labels_builtin(const char *region, const char *version, mm_labels **out) MM_NOEXCEPT;

/** Threads: any.
 *  @param out number of tables that the library holds */
MM_API mm_status mm_labels_builtin_count(int64_t *out) MM_NOEXCEPT;

/** Threads: any. Texts live for ever.
 *  @param index from 0
 *  @param region_out such as "thigh"
 *  @param version_out such as "1.4" */
MM_API mm_status mm_labels_builtin_at(int64_t index, const char **region_out,
                                      const char **version_out) MM_NOEXCEPT;

/** Threads: any.
 *  @param labels to be counted
 *  @param out number of labels */
MM_API mm_status mm_labels_count(const mm_labels *labels, int64_t *out) MM_NOEXCEPT;

/** Threads: any.
 *  @param labels to be asked
 *  @param index from 0
 *  @param out texts live until `labels` is freed */
MM_API mm_status mm_labels_at(const mm_labels *labels, int64_t index, mm_label *out) MM_NOEXCEPT;

/** A colour and name table for a viewer, the same bytes in every locale; names are unique. Threads: any.
 *  @param labels to be written: values of 1 to 65535 for ITK-SNAP, to 1000000 for Slicer, else any positive
 *  @param viewer MM_VIEWER_*
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_labels_write(const mm_labels *labels, int32_t viewer, mm_write_fn write,
                                 void *user_data) MM_NOEXCEPT;

/** @param labels NULL: nothing happens */
MM_API void mm_labels_free(mm_labels *labels) MM_NOEXCEPT;

/* ---- Models ------------------------------------------------------------------------------------------- */

/** Weights with everything that is needed to use them. Immutable. Threads: any. */
typedef struct mm_bundle mm_bundle;

/** How a model is opened. */
typedef struct mm_bundle_options {
  uint32_t struct_size;
  int32_t trust; /**< not 0: LibTorch may run a TorchScript file whose SHA-256 is registered nowhere */
  int32_t allow_missing_description; /**< not 0: open TorchScript without one, to look at it; no labels */
  int32_t reserved;                  /**< 0 */
} mm_bundle_options;

enum { MM_WEIGHTS_STATE_DICT = 0, MM_WEIGHTS_TORCHSCRIPT = 1 };

/** Texts live until the bundle is freed. */
typedef struct mm_bundle_info {
  uint32_t struct_size;
  int32_t format;              /**< MM_WEIGHTS_* */
  const char *name;            /**< such as "thigh" */
  const char *version;         /**< such as "1.4" */
  const char *sha256;          /**< of the weights file, hex */
  const char *weights_file;    /**< path */
  const char *network;         /**< one line: kind, channels, strides */
  const char *problem;         /**< why it may not be run; "" when it may */
  int32_t trusted;             /**< 0 or 1 */
  int32_t out_channels;        /**< labels and the background */
  int64_t parameter_count;     /**< numbers in the weights */
  double target_spacing_mm[3]; /**< along x, y, z; <= 0 keeps that axis */
  int64_t window[3];           /**< voxels after resampling */
} mm_bundle_info;

/** Reads and checks a model; runs nothing. Threads: any. Errors: MM_E_IO, MM_E_FORMAT, MM_E_MODEL,
 *  MM_E_CANCELLED.
 *  @param path a .pth with its .json beside it, a TorchScript file, or a folder with manifest.json
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears megabytes of MM_STAGE_READ
 *  @param out to be freed with mm_bundle_free() */
MM_API mm_status mm_bundle_open(const char *path, const mm_bundle_options *options, const mm_run_options *run,
                                mm_bundle **out) MM_NOEXCEPT;

/** Opens a published model from MUSCLEMAP_MODEL_PATH or the data folders. Threads: any. Errors as above;
 *  MM_E_MODEL lists where it looked.
 *  @param region such as "wholebody"
 *  @param version NULL: the latest; else such as "1.4"
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults
 *  @param out to be freed with mm_bundle_free() */
MM_API mm_status mm_bundle_open_published(const char *region, const char *version,
                                          const mm_bundle_options *options, const mm_run_options *run,
                                          mm_bundle **out) MM_NOEXCEPT;

/** Threads: any.
 *  @param bundle to be described
 *  @param out texts live until the bundle is freed */
MM_API mm_status mm_bundle_describe(const mm_bundle *bundle, mm_bundle_info *out) MM_NOEXCEPT;

/** What the values of its label maps mean. Threads: any.
 *  @param bundle to be asked
 *  @param out to be freed with mm_labels_free(); outlives the bundle */
MM_API mm_status mm_bundle_labels(const mm_bundle *bundle, mm_labels **out) MM_NOEXCEPT;

/** @param bundle NULL: nothing happens */
MM_API void mm_bundle_free(mm_bundle *bundle) MM_NOEXCEPT;

/** From now on this process runs TorchScript files of that hash. Threads: any.
 *  @param sha256 of the weights file, 64 hexadecimal digits */
MM_API mm_status mm_trust_add(const char *sha256) MM_NOEXCEPT;

/** Threads: any.
 *  @param out number of hashes that this process added */
MM_API mm_status mm_trust_count(int64_t *out) MM_NOEXCEPT;

/** Threads: any.
 *  @param index from 0, in the order in which they were added
 *  @param out the hash in lower case; lives for ever */
MM_API mm_status mm_trust_at(int64_t index, const char **out) MM_NOEXCEPT;

/** Threads: any. Errors: MM_E_FORMAT (the user's list cannot be understood).
 *  @param sha256 of a weights file, 64 hexadecimal digits
 *  @param out 1 when this process added it or it stands in the user's trust list, else 0 */
MM_API mm_status mm_trust_check(const char *sha256, int32_t *out) MM_NOEXCEPT;

/* ---- Tasks -------------------------------------------------------------------------------------------- */

/** What is done to an image, with which networks, until it is a label map. Immutable. Threads: any. */
typedef struct mm_task mm_task;

enum { MM_MODEL_SIZE_BIG = 0, MM_MODEL_SIZE_SMALL = 1 };

/** TotalSegmentator whose results are wanted: 2.16 to 2.18, or 2.5. */
enum { MM_COMPAT_2_16 = 0, MM_COMPAT_2_5 = 1 };

/** mm_task_options.resampling_order for splines of degree 0. */
#define MM_NEAREST (-1)

/** Of TotalSegmentator's tasks, by the names of its arguments; docs/options.md has what each means. */
typedef struct mm_task_options {
  uint32_t struct_size;
  int32_t fast;                         /**< not 0: the network of 3 mm */
  int32_t fastest;                      /**< not 0: the network of 6 mm */
  int32_t robust_crop;                  /**< not 0: crops are found at 3 mm */
  int32_t body_seg;                     /**< not 0: crop to the body first */
  int32_t force_split;                  /**< not 0: three slabs, each for itself */
  int32_t resampling_order;             /**< 1 to 5; 0: the default; MM_NEAREST: 0 */
  int32_t higher_order_resampling;      /**< not 0: scores are taken back to the image's grid */
  int32_t v1_order;                     /**< not 0: values of TotalSegmentator 1 */
  int32_t save_lowres;                  /**< not 0: labels on the network's grid */
  int32_t model_size;                   /**< MM_MODEL_SIZE_* */
  int32_t compat;                       /**< MM_COMPAT_* */
  int32_t use_mirroring;                /**< not 0, of nnU-Net\'s folders: windows are mirrored as well */
  int32_t reserved;                     /**< 0 */
  double remove_small_blobs;            /**< components of at most so many mm3 are dropped; 0: none */
  const char *const *roi_subset;        /**< NULL: all classes; else names of those that are wanted */
  int64_t roi_subset_count;             /**< of `roi_subset` */
  const char *const *roi_subset_robust; /**< as roi_subset, found at 3 mm */
  int64_t roi_subset_robust_count;      /**< of `roi_subset_robust` */
  const char *save_probabilities;       /**< NULL: probabilities are not kept; else the .npz, beside a .pkl */
  int32_t higher_order_resampling_LEGACY; /**< not 0: labels go back class by class, with smooth borders */
  int32_t reserved2;                      /**< 0 */
} mm_task_options;

/** Texts live until the task is freed. */
typedef struct mm_task_info {
  uint32_t struct_size;
  int32_t images;      /**< of one grid that a run takes: the channels of its networks */
  const char *name;    /**< such as "total" */
  const char *version; /**< may be "" */
  const char *sha256;  /**< of the task's canonical JSON, hex */
  int64_t networks;    /**< that it runs */
} mm_task_info;

/** Opens a task of TotalSegmentator by its name ("total"), a folder of a network that nnU-Net has trained, or
 * a task's JSON file; weights are not read. Threads: any. Errors: MM_E_ARGUMENT (an unknown name or class,
 *  options that do not go together), MM_E_MODEL (weights are not there: says where they were looked for,
 * where they come from and what licence they need), MM_E_IO, MM_E_FORMAT.
 *  @param name_or_path one of these
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults
 *  @param out to be freed with mm_task_free() */
MM_API mm_status mm_task_open(const char *name_or_path, const mm_task_options *options,
                              const mm_run_options *run, mm_task **out) MM_NOEXCEPT;

/** Threads: any.
 *  @param task to be described
 *  @param out texts live until the task is freed */
MM_API mm_status mm_task_describe(const mm_task *task, mm_task_info *out) MM_NOEXCEPT;

/** What the values of its label maps mean. Threads: any.
 *  @param task to be asked
 *  @param out to be freed with mm_labels_free(); outlives the task */
MM_API mm_status mm_task_labels(const mm_task *task, mm_labels **out) MM_NOEXCEPT;

/** The task as JSON, indented. Threads: any. Errors: MM_E_CANCELLED (`write` answered not 0).
 *  @param task to be written
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_task_write_json(const mm_task *task, mm_write_fn write, void *user_data) MM_NOEXCEPT;

/** @param task NULL: nothing happens */
MM_API void mm_task_free(mm_task *task) MM_NOEXCEPT;

/* ---- Segmentation ------------------------------------------------------------------------------------- */

/** Texts live until the next mm_engine_describe() of this thread. */
typedef struct mm_engine_info {
  uint32_t struct_size;
  int32_t available;        /**< 0 or 1 */
  int32_t cuda;             /**< 0 or 1 */
  int32_t reserved;         /**< 0 */
  const char *name;         /**< "torch 2.11.0" */
  const char *module_file;  /**< the engine module */
  const char *library_file; /**< the LibTorch it uses */
  const char *problem;      /**< why it is not available, and how to get it */
  const char *cuda_problem; /**< why CUDA is not available */
  const char *native;       /**< "native avx512": the library's own engine, which is always there */
} mm_engine_info;

/** Opens LibTorch's engine module and asks. A missing one is no error: the library's own engine runs 2-D
 * UNets on the CPU without it. Threads: any.
 *  @param out what is there */
MM_API mm_status mm_engine_describe(mm_engine_info *out) MM_NOEXCEPT;

/** A loaded network. Threads: one at a time, mm_segmenter_cancel() aside. */
typedef struct mm_segmenter mm_segmenter;

/** What computes a network. Auto: the library's own engine where it can run the network on the device, else
 *  LibTorch. */
enum { MM_ENGINE_AUTO = 0, MM_ENGINE_TORCH = 1, MM_ENGINE_NATIVE = 2 };

/** Exact: 32-bit floats. Fast: 16-bit floats where an engine has kernels for them (AMX; LibTorch on a GPU),
 * else exact. */
enum { MM_PRECISION_EXACT = 0, MM_PRECISION_FAST = 1 };

enum { MM_DEVICE_AUTO = 0, MM_DEVICE_CPU = 1, MM_DEVICE_CUDA = 2 };

/** mm_segment_options.overlap for windows that share nothing. */
enum { MM_NO_OVERLAP = -1 };

/** Where a network runs and how its windows are laid. */
typedef struct mm_segment_options {
  uint32_t struct_size;
  int32_t engine;            /**< MM_ENGINE_* */
  int32_t precision;         /**< MM_PRECISION_* */
  int32_t device;            /**< MM_DEVICE_*; auto: a GPU where there is one */
  int32_t device_index;      /**< of the GPU, with MM_DEVICE_CUDA */
  int32_t windows_per_batch; /**< 0: one a thread, within the memory budget; never changes a result */
  double overlap;        /**< part of a window shared with the next, in (0, 1); 0: 0.9; MM_NO_OVERLAP: none */
  int64_t chunk_slices;  /**< 0: the whole volume; else as mm_segment -c N, which changes the result */
  int32_t all_parts;     /**< not 0: keep every connected component of a label, not the largest alone */
  int32_t torch_threads; /**< LibTorch's thread count of the whole process, to 1024; 0: left alone */
} mm_segment_options;

/** What is written beside a label map. */
typedef struct mm_segment_file_options {
  uint32_t struct_size;
  int32_t no_sidecar;     /**< not 0: no .json beside the label map */
  int32_t no_header_text; /**< not 0: without extensions and free text of the image's header */
  int32_t reserved;       /**< 0 */
  const char *picture;    /**< NULL: none; else a PNG file of the labels over the image */
} mm_segment_file_options;

/** Of the last run. Texts live until the next run or until the segmenter is freed. */
typedef struct mm_segment_report {
  uint32_t struct_size;
  int32_t precision;             /**< MM_PRECISION_*; in force */
  const char *engine;            /**< "native avx512", "torch 2.11.0" */
  const char *engine_reason;     /**< why not the native one where the choice was left open; else "" */
  const char *engine_check;      /**< what the native engine was compared with; "" for LibTorch */
  const char *device;            /**< "cpu", "cuda:0" */
  const char *device_reason;     /**< why it is not a GPU; "" where it is, or a device was asked for */
  double overlap;                /**< in force */
  double prepare_seconds;        /**< reading, resampling, statistics */
  double infer_seconds;          /**< network, blending, the way back to the image's grid */
  double filter_seconds;         /**< connected components that are not the largest taken out */
  int64_t windows;               /**< that the network has seen */
  int64_t nonfinite_voxels;      /**< NaN and infinite voxels, taken as 0 */
  int64_t beyond_float32_voxels; /**< finite voxels that single precision cannot hold, taken as 0 */
} mm_segment_report;

/** Loads the engine and the weights. Threads: any. Errors: MM_E_DEVICE, MM_E_MODEL, MM_E_ARGUMENT,
 *  MM_E_CANCELLED. In a child of a process that had made a segmenter: MM_E_ARGUMENT, reason MM_REASON_FORKED.
 *  @param bundle may be freed afterwards
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; threads prepare the weights; hears layers of MM_STAGE_PREPARE
 *  @param out to be freed with mm_segmenter_free() */
MM_API mm_status mm_segmenter_create(const mm_bundle *bundle, const mm_segment_options *options,
                                     const mm_run_options *run, mm_segmenter **out) MM_NOEXCEPT;

/** The same for a task. Networks are loaded when they are first run and kept from then on. Threads: any.
 * Errors as above; MM_E_ARGUMENT also for options of networks that see slices (overlap, chunk_slices,
 * all_parts).
 *  @param task may be freed afterwards
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults
 *  @param out to be freed with mm_segmenter_free() */
MM_API mm_status mm_segmenter_create_of_task(const mm_task *task, const mm_segment_options *options,
                                             const mm_run_options *run, mm_segmenter **out) MM_NOEXCEPT;

/** Segments a volume. Threads: one at a time. Errors: MM_E_GEOMETRY, MM_E_CANCELLED, MM_E_MEMORY.
 *  @param segmenter to be run
 *  @param image of any dtype
 *  @param run NULL: the defaults
 *  @param labels_out on the image's grid: i16, of a task u8 where its labels are small enough; to be freed
 * with mm_volume_free() */
MM_API mm_status mm_segmenter_run(mm_segmenter *segmenter, const mm_volume *image, const mm_run_options *run,
                                  mm_volume **labels_out) MM_NOEXCEPT;

/** Segments an image that is asked for in slabs. Where k is the axis that the network slices along (the one
 *  closest to foot to head), one slice is asked for at a time, so that the image is never in memory as a
 *  whole; else all slices at once. Threads: one at a time. Errors: those of mm_segmenter_run(), and what
 *  `read` answers.
 *  @param segmenter to be run
 *  @param source of the image; lives until the call returns
 *  @param run NULL: the defaults
 *  @param labels_out on the source's grid, as above; to be freed with mm_volume_free() */
MM_API mm_status mm_segmenter_run_slabs(mm_segmenter *segmenter, const mm_slab_source *source,
                                        const mm_run_options *run, mm_volume **labels_out) MM_NOEXCEPT;

/** Segments a NIfTI file by streaming. Files appear whole or not at all. Threads: one at a time. Errors:
 *  those of mm_volume_read(), mm_segmenter_run() and mm_volume_write(); MM_E_ARGUMENT if an output would
 *  replace an input (image, model, a .json beside them, by any link or spelling) or another output.
 *  @param segmenter to be run
 *  @param image_path of one 3-D volume
 *  @param labels_path .nii or .nii.gz; gets the image's header, int16
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults */
MM_API mm_status mm_segmenter_run_file(mm_segmenter *segmenter, const char *image_path,
                                       const char *labels_path, const mm_segment_file_options *options,
                                       const mm_run_options *run) MM_NOEXCEPT;

/** Bytes that a run takes at its peak beside what the process holds already; an upper estimate. Threads: one
 *  at a time. Errors: MM_E_MEMORY where the budget does not suffice.
 *  @param segmenter to be asked
 *  @param image shape and affine count
 *  @param run NULL: the defaults; threads and memory_budget count
 *  @param out bytes */
MM_API mm_status mm_segmenter_peak_bytes(const mm_segmenter *segmenter, const mm_volume_desc *image,
                                         const mm_run_options *run, uint64_t *out) MM_NOEXCEPT;

/** Threads: one at a time.
 *  @param segmenter to be asked
 *  @param out of the last run */
MM_API mm_status mm_segmenter_report(const mm_segmenter *segmenter, mm_segment_report *out) MM_NOEXCEPT;

/** Ends the run that is under way, within one batch of windows; without one nothing happens. A token that was
 *  given to the run becomes cancelled. Threads: any; signal handlers use mm_cancel_token_cancel().
 *  @param segmenter NULL: nothing happens */
MM_API void mm_segmenter_cancel(mm_segmenter *segmenter) MM_NOEXCEPT;

/** Waits for nothing: no run may be under way.
 *  @param segmenter NULL: nothing happens */
MM_API void mm_segmenter_free(mm_segmenter *segmenter) MM_NOEXCEPT;

/* ---- Muscle and fat ----------------------------------------------------------------------------------- */

/** An image divided inside its labels. Holds image and labels. Threads: one at a time. */
typedef struct mm_tissue mm_tissue;

enum { MM_TISSUE_NONE = 0, MM_TISSUE_MUSCLE = 1, MM_TISSUE_FAT = 4, MM_TISSUE_UNDEFINED = 7 };

enum { MM_METHOD_KMEANS = 1, MM_METHOD_GMM = 2, MM_METHOD_HU = 3 };

enum { MM_OPERATORS_UPSTREAM = 1, MM_OPERATORS_CONSISTENT = 2 };

enum { MM_STOP_COMPAT = 1, MM_STOP_CONVERGED = 2 };

/** Whether bones have muscle and fat in tables and pictures, or volumes alone. */
enum { MM_BONES_WHOLE = 1, MM_BONES_DIVIDED = 2 };

/** How the voxels of a label become muscle and fat. */
typedef struct mm_tissue_options {
  uint32_t struct_size;
  int32_t method;            /**< MM_METHOD_*; 0: gmm */
  int32_t components;        /**< 2: muscle, fat; 3: muscle, undefined, fat; 0: 2. Not used by hu */
  int32_t operators;         /**< MM_OPERATORS_*: how voxels at a threshold are counted; 0: as MuscleMap */
  int32_t stop;              /**< MM_STOP_*: when the mixture's EM stops; 0: comparable with MuscleMap */
  int32_t no_collapse_guard; /**< not 0: mixtures with a component on one grey value are taken too */
  int32_t divide_bones;      /**< MM_BONES_*; 0: whole, but divided in files of MuscleMap's own columns */
  int32_t reserved;          /**< 0 */
  double muscle_range[2];    /**< hu: lowest and highest Hounsfield unit; both 0: -29 to 150 */
  double fat_range[2];       /**< hu: the same for fat; both 0: -190 to -30 */
  double geometry_tolerance; /**< most that corners of image, labels and mask may lie apart, in voxels; above
                                  1e-3 with a warning; 0: 0.05 */
} mm_tissue_options;

enum {
  MM_LABEL_OK = 0,
  MM_LABEL_TOO_FEW_VOXELS = 1, /**< fewer voxels than components */
  MM_LABEL_NOT_SEPARABLE = 2,  /**< fewer distinct values than components, or a component without a voxel */
  MM_LABEL_NONFINITE = 3,      /**< NaN or infinity inside the label */
  MM_LABEL_COLLAPSED = 4,      /**< divided, but a component has shrunk onto one grey value */
  MM_LABEL_IMPLAUSIBLE = 5, /**< divided, but a threshold lies beyond the mean of a class it should bound */
  MM_LABEL_OVERLAPPING = 6, /**< divided, but the classes lie over each other */
  MM_LABEL_BONE = 7         /**< a bone, which is not divided unless mm_tissue_options.divide_bones says so */
};

/** How one label is divided; intensities are those of the image. */
typedef struct mm_tissue_fit {
  uint32_t struct_size;
  int32_t label;      /**< value in the label map */
  int64_t voxels;     /**< of the label */
  int32_t status;     /**< MM_LABEL_* */
  int32_t components; /**< 2 or 3; 0 for a label that is not divided */
  double muscle_max;  /**< largest intensity of muscle; NaN where not divided */
  double fat_min;     /**< smallest intensity of fat; NaN with two components */
  double weight[3];   /**< shares, 0 to 1, in the order muscle, (undefined,) fat */
  double mean[3];     /**< of each component */
  double variance[3]; /**< of each component */
  double objective;   /**< gmm: mean log-likelihood; kmeans: within-cluster sum of squares */
  int32_t iterations; /**< gmm: steps of the start that won */
  int32_t stable;     /**< gmm: 1 when no equally good start says something else */
} mm_tissue_fit;

/** Divides each label. Threads: any. Errors: MM_E_GEOMETRY (grids differ), MM_E_FORMAT (labels that are not
 *  whole numbers, or none), MM_E_ARGUMENT (options), MM_E_CANCELLED.
 *  @param image of any dtype
 *  @param labels whole numbers of any dtype on the image's grid; 0 is background
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults
 *  @param out to be freed with mm_tissue_free() */
MM_API mm_status mm_tissue_classify(const mm_volume *image, const mm_volume *labels,
                                    const mm_tissue_options *options, const mm_run_options *run,
                                    mm_tissue **out) MM_NOEXCEPT;

/** Threads: one at a time, as all of mm_tissue_*.
 *  @param tissue to be asked
 *  @param out number of labels */
MM_API mm_status mm_tissue_fit_count(const mm_tissue *tissue, int64_t *out) MM_NOEXCEPT;

/** Ascending by label.
 *  @param tissue to be asked
 *  @param index from 0
 *  @param out of that label */
MM_API mm_status mm_tissue_fit_at(const mm_tissue *tissue, int64_t index, mm_tissue_fit *out) MM_NOEXCEPT;

/** u8, MM_TISSUE_* of every voxel on the labels' grid; keeps its voxels when the tissue is recomputed.
 *  @param tissue to be asked
 *  @param out read-only; to be freed with mm_volume_free() */
MM_API mm_status mm_tissue_volume(const mm_tissue *tissue, mm_volume **out) MM_NOEXCEPT;

/** u8, 1 where the voxel is of that tissue. Errors: MM_E_ARGUMENT.
 *  @param tissue to be asked
 *  @param kind MM_TISSUE_MUSCLE, _FAT or _UNDEFINED
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_tissue_mask(const mm_tissue *tissue, int32_t kind, mm_volume **out) MM_NOEXCEPT;

/** f32, probability of that tissue, 0 outside the labels. Errors: MM_E_ARGUMENT unless the method is gmm and
 *  has that component.
 *  @param tissue to be asked
 *  @param kind MM_TISSUE_MUSCLE, _FAT or _UNDEFINED
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_tissue_posterior(const mm_tissue *tissue, int32_t kind, mm_volume **out) MM_NOEXCEPT;

/** Takes effect with mm_tissue_recompute(). Errors: MM_E_ARGUMENT for a label that is not divided, and for
 * hu.
 *  @param tissue to be changed
 *  @param label whose thresholds move
 *  @param muscle_max largest intensity of muscle
 *  @param fat_min smallest intensity of fat; not used with two components */
MM_API mm_status mm_tissue_set_thresholds(mm_tissue *tissue, int32_t label, double muscle_max,
                                          double fat_min) MM_NOEXCEPT;

/** Takes effect with mm_tissue_recompute(). Errors: MM_E_ARGUMENT (dtype), MM_E_GEOMETRY.
 *  @param tissue to be changed
 *  @param mask u8 on the labels' grid; voxels that are not 0 leave every count and map */
MM_API mm_status mm_tissue_set_exclusion_mask(mm_tissue *tissue, const mm_volume *mask) MM_NOEXCEPT;

/** Divides the voxels anew by the thresholds and the mask that are set. Errors: MM_E_CANCELLED.
 *  @param tissue to be changed
 *  @param run NULL: the defaults */
MM_API mm_status mm_tissue_recompute(mm_tissue *tissue, const mm_run_options *run) MM_NOEXCEPT;

/** @param tissue NULL: nothing happens */
MM_API void mm_tissue_free(mm_tissue *tissue) MM_NOEXCEPT;

/** Dixon fat fraction F / (F + W) as f32, 0 where F + W is 0. Threads: any. Errors: MM_E_GEOMETRY.
 *  @param fat of any dtype
 *  @param water of any dtype on the same grid
 *  @param geometry_tolerance most that corners of the grids may lie apart, in voxels, above 1e-3 with a
 *         warning; 0: 0.05
 *  @param run NULL: the defaults
 *  @param out to be freed with mm_volume_free() */
MM_API mm_status mm_fat_fraction(const mm_volume *fat, const mm_volume *water, double geometry_tolerance,
                                 const mm_run_options *run, mm_volume **out) MM_NOEXCEPT;

/* ---- Tables of measures ------------------------------------------------------------------------------- */

/** Rows and columns: a row per label, or per label and slice. Immutable. Threads: any. */
typedef struct mm_table mm_table;

enum { MM_VALUES_INTENSITY = 1, MM_VALUES_FAT_FRACTION = 2 };

enum { MM_COLUMN_INTEGER = 1, MM_COLUMN_REAL = 2, MM_COLUMN_TEXT = 3 };

enum { MM_TABLE_CSV = 1, MM_TABLE_TSV = 2, MM_TABLE_JSON = 3 };

/** Along which stored axis the cross-sections of a label follow each other: areas, the table by slices and
 * the sections of pictures. */
enum {
  MM_SECTION_SUPERIOR = 1, /**< the stored axis nearest to patient-superior, the later of equal ones */
  MM_SECTION_STORED = 2, /**< as MuscleMap counts slices: the largest spacing, k where all are equal to 1 % */
  MM_SECTION_I = 3,      /**< the first stored axis */
  MM_SECTION_J = 4,      /**< the second */
  MM_SECTION_K = 5       /**< the third */
};

/** What a table is measured with. */
typedef struct mm_measure_options {
  uint32_t struct_size;
  int32_t section_axis;        /**< MM_SECTION_*; 0: superior */
  double stated_spacing_mm[3]; /**< voxel size that a file states beside its affine; all 0: from the affine */
  double stated_voxel_ml;      /**< its volume; needed with the spacing */
  double geometry_tolerance;   /**< mm_measure_mean: most that corners of the grids may lie apart, in voxels,
                                  above   1e-3 with a warning; 0: 0.05 */
} mm_measure_options;

/** mm_table_write_options.decimals for whole numbers. */
enum { MM_NO_DECIMALS = -1 };

/** How a table is written. */
typedef struct mm_table_write_options {
  uint32_t struct_size;
  int32_t format;             /**< MM_TABLE_*; 0: CSV */
  int32_t all_columns;        /**< not 0: all of them, not the basic ones alone */
  int32_t raw_cells;          /**< not 0: texts that a spreadsheet would run get no apostrophe */
  int32_t separator;          /**< of CSV: ',', ';', '|' or a tab; 0: ',' */
  int32_t decimals;           /**< of real columns, 1 to 17; 0: each column's own; MM_NO_DECIMALS: none */
  int32_t byte_order_mark;    /**< not 0: CSV and TSV begin with UTF-8's, by which spreadsheets know it */
  int32_t reserved;           /**< 0 */
  const char *const *columns; /**< NULL: see all_columns; else names of columns in the order to write */
  int64_t column_count;       /**< of `columns` */
} mm_table_write_options;

/** Texts and values live until the table is freed. */
typedef struct mm_column {
  uint32_t struct_size;
  int32_t kind;            /**< MM_COLUMN_* */
  const char *name;        /**< identifier, such as "fat_percent" */
  const char *title;       /**< heading, such as "Fat (%)" */
  const char *unit;        /**< "%", "ml", "mm2", …; "" for none */
  const char *description; /**< one sentence */
  int32_t decimals;        /**< real: written rounded to this many; -1: shortest exact text */
  int32_t basic;           /**< 1: written by default */
  const double *values;    /**< one per row, NaN: not measurable; NULL for a column of texts */
} mm_column;

enum {
  MM_METRICS_AVERAGE = 1,
  MM_METRICS_DIXON = 2,
  MM_METRICS_KMEANS = 3,
  MM_METRICS_GMM = 4,
  MM_METRICS_HU = 5
};

enum { MM_MAPS_NONE = 1, MM_MAPS_MASKS = 2, MM_MAPS_ALL = 3 };

/** One image and its label map on the disk: what mm_extract_metrics of the command line does. */
typedef struct mm_metrics_request {
  uint32_t struct_size;
  int32_t method;                      /**< MM_METRICS_*; needed */
  const char *image;                   /**< average, kmeans, gmm, hu; else NULL */
  const char *fat;                     /**< dixon; else NULL */
  const char *water;                   /**< dixon; else NULL */
  const char *labels;                  /**< label map; needed */
  const mm_labels *names;              /**< NULL: those of `region` */
  const char *region;                  /**< NULL: names of the .json beside the label map; else such as
                                            "thigh": those of the table that is built in */
  const char *model_version;           /**< NULL: the latest; else that of the table */
  const mm_tissue_options *tissue;     /**< NULL: the defaults; its method is not used */
  const mm_table_write_options *table; /**< NULL: the defaults */
  const char *edits_file;              /**< NULL: none; else a JSON file of edits */
  const char *output_folder;           /**< NULL: that of the image */
  const char *picture;                 /**< NULL: none; else a PNG file */
  int32_t per_slice;                   /**< not 0: write the table by slices too */
  int32_t maps;                        /**< MM_MAPS_*; 0: all */
  int32_t compat_types;                /**< not 0: maps typed as MuscleMap types them */
  int32_t no_sidecar;                  /**< not 0: no .json beside the table */
  int32_t section_axis;                /**< MM_SECTION_*; 0: superior */
  int32_t no_header_text;              /**< not 0: maps without extensions and free text of a header */
  double geometry_tolerance; /**< most that corners of the grids may lie apart, in voxels; above 1e-3
                                  with a warning; 0: 0.05 */
} mm_metrics_request;

/** Composition of every label. Threads: one at a time per tissue. Errors: MM_E_CANCELLED, MM_E_ARGUMENT.
 *  @param tissue from mm_tissue_classify()
 *  @param names NULL: none
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults
 *  @param slices_out NULL: not wanted; a row per label and slice, to be freed with mm_table_free()
 *  @param out a row per label; to be freed with mm_table_free() */
MM_API mm_status mm_measure(const mm_tissue *tissue, const mm_labels *names,
                            const mm_measure_options *options, const mm_run_options *run,
                            mm_table **slices_out, mm_table **out) MM_NOEXCEPT;

/** Mean of `values` under every label. Threads: any. Errors: MM_E_GEOMETRY, MM_E_FORMAT (labels).
 *  @param labels whole numbers of any dtype; 0 is background
 *  @param values on the labels' grid
 *  @param value_kind MM_VALUES_*
 *  @param names NULL: none
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults
 *  @param slices_out NULL: not wanted; a row per label and slice, to be freed with mm_table_free()
 *  @param out a row per label; to be freed with mm_table_free() */
MM_API mm_status mm_measure_mean(const mm_volume *labels, const mm_volume *values, int32_t value_kind,
                                 const mm_labels *names, const mm_measure_options *options,
                                 const mm_run_options *run, mm_table **slices_out,
                                 mm_table **out) MM_NOEXCEPT;

/** Measures files by streaming and writes tables and maps, whole or not at all. Threads: any. Errors:
 *  MM_E_ARGUMENT, MM_E_IO, MM_E_FORMAT, MM_E_GEOMETRY, MM_E_CANCELLED.
 *  @param request what to measure and what to write
 *  @param run NULL: the defaults
 *  @param slices_out NULL: not wanted; a row per label and slice, to be freed with mm_table_free()
 *  @param out a row per label, and the files that were written; to be freed with mm_table_free() */
MM_API mm_status mm_extract_metrics(const mm_metrics_request *request, const mm_run_options *run,
                                    mm_table **slices_out, mm_table **out) MM_NOEXCEPT;

/** Threads: any, as all of mm_table_*.
 *  @param table to be asked
 *  @param out number of rows */
MM_API mm_status mm_table_row_count(const mm_table *table, int64_t *out) MM_NOEXCEPT;

/** @param table to be asked
 *  @param out number of columns */
MM_API mm_status mm_table_column_count(const mm_table *table, int64_t *out) MM_NOEXCEPT;

/** @param table to be asked
 *  @param column from 0
 *  @param out texts and values live until the table is freed */
MM_API mm_status mm_table_describe_column(const mm_table *table, int64_t column, mm_column *out) MM_NOEXCEPT;

/** Errors: MM_E_ARGUMENT, which lists what there is.
 *  @param table to be asked
 *  @param name identifier or title, any case
 *  @param out number of the column, from 0 */
MM_API mm_status mm_table_find_column(const mm_table *table, const char *name, int64_t *out) MM_NOEXCEPT;

/** The numbers of a column.
 *  @param table to be asked
 *  @param column from 0
 *  @return one number per row, until the table is freed; NULL for a column of texts, and on an error */
MM_API const double *mm_table_column_values(const mm_table *table, int64_t column) MM_NOEXCEPT;

/** A cell of a column of texts.
 *  @param table to be asked
 *  @param column from 0
 *  @param row from 0
 *  @param out lives until the table is freed */
MM_API mm_status mm_table_text(const mm_table *table, int64_t column, int64_t row,
                               const char **out) MM_NOEXCEPT;

/** The same bytes in every locale. Errors: MM_E_ARGUMENT (unknown column), MM_E_CANCELLED (by `write`).
 *  @param table to be written
 *  @param options NULL: the defaults
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_table_write(const mm_table *table, const mm_table_write_options *options,
                                mm_write_fn write, void *user_data) MM_NOEXCEPT;

/** The same into a file, whole or not at all. Errors: MM_E_IO too.
 *  @param table to be written
 *  @param path any name
 *  @param options NULL: the defaults */
MM_API mm_status mm_table_write_file(const mm_table *table, const char *path,
                                     const mm_table_write_options *options) MM_NOEXCEPT;

/** BIDS data dictionary of the columns that those options write: a JSON object.
 *  @param table to be written
 *  @param options NULL: the defaults
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_table_write_dictionary(const mm_table *table, const mm_table_write_options *options,
                                           mm_write_fn write, void *user_data) MM_NOEXCEPT;

/** @param table to be asked
 *  @param out number of files that mm_extract_metrics() wrote, the table itself first; else 0 */
MM_API mm_status mm_table_file_count(const mm_table *table, int64_t *out) MM_NOEXCEPT;

/** @param table to be asked
 *  @param index from 0
 *  @param out path; lives until the table is freed */
MM_API mm_status mm_table_file_at(const mm_table *table, int64_t index, const char **out) MM_NOEXCEPT;

/** @param table NULL: nothing happens */
MM_API void mm_table_free(mm_table *table) MM_NOEXCEPT;

/* ---- Organs ------------------------------------------------------------------------------------------- */

/** Phases of contrast in a CT. */
enum {
  MM_PHASE_NATIVE = 1,
  MM_PHASE_ARTERIAL_EARLY = 2,
  MM_PHASE_ARTERIAL_LATE = 3,
  MM_PHASE_PORTAL_VENOUS = 4
};

enum { MM_MODALITY_CT = 1, MM_MODALITY_MR = 2 };

/** When after the injection of contrast medium a CT was taken, as totalseg_get_phase estimates it. */
typedef struct mm_contrast_phase {
  uint32_t struct_size;
  int32_t phase;             /**< MM_PHASE_* */
  double pi_time_s;          /**< seconds after the injection, mean of five estimates; 2 decimals */
  double probability;        /**< that the original gives to a time of this range: 1, 0.7 or 0.3 */
  double pi_time_min_s;      /**< least of the five; 2 decimals */
  double pi_time_max_s;      /**< largest of the five; 2 decimals */
  double stddev_s;           /**< of the five; 4 decimals */
  int32_t head_neck_missing; /**< 1: there is a brain, and the vessels of the neck were not looked for */
  uint32_t reserved;         /**< 0 */
} mm_contrast_phase;

/** CT or MR, as totalseg_get_modality tells them. */
typedef struct mm_modality {
  uint32_t struct_size;
  int32_t modality;   /**< MM_MODALITY_* */
  double probability; /**< share of the five votes */
} mm_modality;

/** The contrast phase from the medians of organs and vessels of the neck. Threads: any. Errors: MM_E_ARGUMENT
 *  (no map names one of the organs), MM_E_GEOMETRY (grids differ), MM_E_CANCELLED.
 *  @param image a CT in HU
 *  @param labels of the task total, on the image's grid
 *  @param names NULL: the classes of that task; else what the values of `labels` mean
 *  @param head_neck NULL: none; else labels of the task headneck_bones_vessels, on the image's grid
 *  @param head_neck_names NULL: the classes of that task; else what the values of `head_neck` mean
 *  @param run NULL: the defaults
 *  @param out the estimate */
MM_API mm_status mm_contrast_phase_of_labels(const mm_volume *image, const mm_volume *labels,
                                             const mm_labels *names, const mm_volume *head_neck,
                                             const mm_labels *head_neck_names, const mm_run_options *run,
                                             mm_contrast_phase *out) MM_NOEXCEPT;

/** The same with labels that are found here. Threads: one at a time per segmenter. Errors: as above, and
 *  those of mm_segmenter_run(); MM_E_ARGUMENT for a segmenter of a model.
 *  @param total of the task total; the original's is opened with `fast`
 *  @param head_neck NULL: head_neck_missing; else of the task headneck_bones_vessels, run where there is a
 *         brain
 *  @param image a CT in HU
 *  @param run NULL: the defaults
 *  @param out the estimate */
MM_API mm_status mm_contrast_phase_run(mm_segmenter *total, mm_segmenter *head_neck, const mm_volume *image,
                                       const mm_run_options *run, mm_contrast_phase *out) MM_NOEXCEPT;

/** CT or MR from mean, spread, minimum and maximum of the image. In effect an image with negative values is a
 *  CT. Threads: any. Errors: MM_E_CANCELLED.
 *  @param image with the values that the scanner gave
 *  @param run NULL: the defaults
 *  @param out the votes */
MM_API mm_status mm_modality_of_image(const mm_volume *image, const mm_run_options *run,
                                      mm_modality *out) MM_NOEXCEPT;

/** The same from the medians of organs, for images whose values were normalised. Threads: any. Errors:
 *  MM_E_ARGUMENT (a name is not there), MM_E_GEOMETRY (grids differ), MM_E_CANCELLED.
 *  @param image with any values
 *  @param labels of the task total_mr, on the image's grid
 *  @param names NULL: the classes of that task; else what the values of `labels` mean
 *  @param run NULL: the defaults
 *  @param out the votes */
MM_API mm_status mm_modality_of_labels(const mm_volume *image, const mm_volume *labels,
                                       const mm_labels *names, const mm_run_options *run,
                                       mm_modality *out) MM_NOEXCEPT;

/** The same with labels that are found here. Threads: one at a time. Errors: as above, and those of
 *  mm_segmenter_run(); MM_E_ARGUMENT for a segmenter of a model.
 *  @param total_mr of the task total_mr; the original's is opened with `fast`
 *  @param image with any values
 *  @param run NULL: the defaults
 *  @param out the votes */
MM_API mm_status mm_modality_run(mm_segmenter *total_mr, const mm_volume *image, const mm_run_options *run,
                                 mm_modality *out) MM_NOEXCEPT;

/** Classes joined to one mask, u8: 1 where one of them is. Threads: any. Errors: MM_E_ARGUMENT (a union that
 *  there is not; a class that has no name).
 *  @param labels of an integer dtype
 *  @param names NULL: the classes of the task total; else what the values mean
 *  @param mask_name "lung", "lung_left", "lung_right", "vertebrae", "ribs", "vertebrae_ribs", "heart",
 *         "pelvis" or "body"
 *  @param out on the grid of the labels; to be freed with mm_volume_free() */
MM_API mm_status mm_combine_masks(const mm_volume *labels, const mm_labels *names, const char *mask_name,
                                  mm_volume **out) MM_NOEXCEPT;

/** Shape and first-order features as pyradiomics gives them at 3 mm: TotalSegmentator's
 *  statistics_radiomics.json, an object of features for each named class. Threads: any. Errors: MM_E_ARGUMENT
 *  (dtype of the labels), MM_E_GEOMETRY (grids differ), MM_E_CANCELLED.
 *  @param image of any dtype
 *  @param labels of an integer dtype, on the image's grid
 *  @param names NULL: the classes of the task total; else of those that are wanted
 *  @param run NULL: the defaults
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_radiomics_write_json(const mm_volume *image, const mm_volume *labels,
                                         const mm_labels *names, const mm_run_options *run, mm_write_fn write,
                                         void *user_data) MM_NOEXCEPT;

/* ---- Pictures ----------------------------------------------------------------------------------------- */

/** What a picture says at its top, and how large it is. */
typedef struct mm_montage_options {
  uint32_t struct_size;
  int32_t width_px;          /**< 800 to 8000; 0: 1800 */
  int32_t max_slices;        /**< mm_qc_montage_png: small axial pictures, 1 to 64; 0: 8; -1: none */
  int32_t max_groups;        /**< mm_tissue_montage_png: muscles that are shown, 1 to 200; 0: 48 */
  const char *title;         /**< NULL: none; else such as the image's file name, UTF-8 */
  const char *subtitle;      /**< NULL: none; else such as the model's name and version */
  int32_t section_axis;      /**< MM_SECTION_*; 0: superior */
  uint32_t reserved;         /**< 0 */
  mm_warning_fn on_warning;  /**< NULL: none; mm_qc_montage_png: told where image and labels look exchanged */
  void *user_data;           /**< handed to it */
  double geometry_tolerance; /**< most that corners of the grids may lie apart, in voxels; 0: 0.05 */
} mm_montage_options;

/** The labels over the image for a person to judge, as a PNG file of 8-bit RGB: the axial slice with the
 *  largest labelled area and its names, smaller axial slices, a coronal overview where the volume reaches
 *  60 mm or more from foot to head, a table of volumes. The patient's right is on the picture's left.
 *  Threads: any. Errors: MM_E_ARGUMENT (dtype of the labels, options), MM_E_GEOMETRY (grids differ).
 *  @param image of any dtype
 *  @param labels whole numbers of an integer dtype on the image's grid; 0 is background
 *  @param names NULL: none; labels without a name are shown as "label N"
 *  @param options NULL: the defaults
 *  @param write takes the file's bytes
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_qc_montage_png(const mm_volume *image, const mm_volume *labels, const mm_labels *names,
                                   const mm_montage_options *options, mm_write_fn write,
                                   void *user_data) MM_NOEXCEPT;

/** The tissues over the image, as a PNG file of 8-bit RGB: a card per muscle, right and left together, with
 *  its largest axial section (muscle red, undefined blue, fat yellow), a table per side and the histogram of
 *  its intensities with the thresholds. Shares are those of the map's voxels, which may differ from a table's
 *  by the voxels at a threshold. Sides and overview as in mm_qc_montage_png(). Threads: one at a time.
 *  Errors: MM_E_ARGUMENT (dtype of the labels, options).
 *  @param tissue from mm_tissue_classify(), which holds image and labels
 *  @param names NULL: none; labels without a name are shown as "label N"
 *  @param options NULL: the defaults
 *  @param write takes the file's bytes
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_tissue_montage_png(const mm_tissue *tissue, const mm_labels *names,
                                       const mm_montage_options *options, mm_write_fn write,
                                       void *user_data) MM_NOEXCEPT;

/** The structures of a label map as shaded surfaces, a picture for each body system with the names below,
 * seen from the front with the patient upright, and one slice of the image with the labels over it, as a PNG
 * file of 8-bit RGB. The patient's right is on the picture's left. Names decide systems and colours. Of the
 * options it obeys title, subtitle, width_px, on_warning and geometry_tolerance. Threads: any. Errors:
 * MM_E_ARGUMENT (dtype of the labels, options), MM_E_GEOMETRY (grids differ).
 *  @param image of any dtype
 *  @param labels whole numbers of an integer dtype on the image's grid; 0 is background
 *  @param names NULL: none; labels without a name are shown as "label N"
 *  @param options NULL: the defaults
 *  @param write takes the file's bytes
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_organ_preview_png(const mm_volume *image, const mm_volume *labels, const mm_labels *names,
                                      const mm_montage_options *options, mm_write_fn write,
                                      void *user_data) MM_NOEXCEPT;

/* ---- Pictures of a microscope ------------------------------------------------------------------------- */

/** Planes of pixels over time, channels and depth, in memory or in an open file. Axes are T, C, Z, Y, X.
 *  Threads: one at a time for a file, any for memory. */
typedef struct mm_image mm_image;

enum { MM_IMAGE_READ_ONLY = 1 };

/** Where pixels lie in memory and what they are. */
typedef struct mm_image_desc {
  uint32_t struct_size;
  int32_t dtype;                    /**< MM_DTYPE_*, native byte order */
  uint32_t flags;                   /**< MM_IMAGE_READ_ONLY or 0 */
  uint32_t reserved;                /**< 0 */
  int64_t shape[5];                 /**< elements along T, C, Z, Y, X; at least 1 */
  int64_t stride_bytes[5];          /**< bytes between neighbours, any sign; all 0: contiguous, X fastest */
  double pixel_size_um[3];          /**< micrometres along x, y, z; 0: unknown */
  const char *const *channel_names; /**< NULL: unknown; else one a channel */
  int64_t channel_name_count;       /**< of `channel_names` */
  void *data;                       /**< pixel (0, 0, 0, 0, 0); describing a file: NULL */
} mm_image_desc;

/** What a file says of itself. Texts live until the image is freed. */
typedef struct mm_image_file {
  uint32_t struct_size;
  int32_t reserved;            /**< 0 */
  const char *format;          /**< "TIFF", "ImageJ TIFF", "OME-TIFF", "ND2"; "" for memory of the caller's */
  const char *axes;            /**< of the file, slowest first, such as "TZCYX" */
  const char *stored_dtype;    /**< as NumPy names it: that of the pixels, or "bool" */
  const char *const *comments; /**< NULL: none; else of VLabApp's namespace, in their order */
  int64_t comment_count;       /**< of `comments` */
} mm_image_file;

/** How the pixels of a TIFF file are packed; nothing is lost. */
enum { MM_TIFF_DEFLATE = 0, MM_TIFF_PLAIN = 1 };

/** What is written beside pixels, pixel size and names of channels. */
typedef struct mm_ome_tiff_options {
  uint32_t struct_size;
  int32_t compression;         /**< MM_TIFF_* */
  const char *const *comments; /**< NULL: none; else texts of VLabApp's namespace */
  int64_t comment_count;       /**< of `comments` */
} mm_ome_tiff_options;

/** Lends memory without a copy. It may be written by nobody while the library reads it. Threads: any.
 *  Errors: MM_E_ARGUMENT (data NULL or not aligned, a stride that is no multiple of the pixel's size, a pixel
 *  size below 0, another number of names than channels).
 *  @param desc of the memory
 *  @param release NULL: none; else called exactly once, when the image and everything made from it are freed;
 *         not called when this call fails
 *  @param user_data NULL: fine; handed to `release`
 *  @param out to be freed with mm_image_free() */
MM_API mm_status mm_image_wrap(const mm_image_desc *desc, mm_release_fn release, void *user_data,
                               mm_image **out) MM_NOEXCEPT;

/** Opens a file of pictures, of which planes are read when they are asked for: TIFF, BigTIFF, OME-TIFF,
 * ImageJ hyperstacks, ND2. Of several series the first is taken, with a warning; of a pyramid the full level.
 *  Threads: any. Errors: MM_E_IO, MM_E_FORMAT, MM_E_UNSUPPORTED (by name).
 *  @param picture_path told by its content, not by its name
 *  @param run NULL: the defaults; hears warnings
 *  @param out to be freed with mm_image_free(), which closes the file */
MM_API mm_status mm_image_open(const char *picture_path, const mm_run_options *run,
                               mm_image **out) MM_NOEXCEPT;

/** The same with all planes in memory. Threads: any. Errors as above; MM_E_MEMORY, MM_E_CANCELLED.
 *  @param picture_path as above
 *  @param run NULL: the defaults; hears planes of MM_STAGE_READ
 *  @param out to be freed with mm_image_free() */
MM_API mm_status mm_image_read(const char *picture_path, const mm_run_options *run,
                               mm_image **out) MM_NOEXCEPT;

/** What the pixels are and where they lie. Threads: any.
 *  @param image to be described
 *  @param out data and names live as long as the image; data is NULL and strides are 0 for a file */
MM_API mm_status mm_image_describe(const mm_image *image, mm_image_desc *out) MM_NOEXCEPT;

/** What the file said that the image was opened or read from. Threads: any.
 *  @param image to be described
 *  @param out texts live until the image is freed */
MM_API mm_status mm_image_describe_file(const mm_image *image, mm_image_file *out) MM_NOEXCEPT;

/** One plane, shape (1, 1, 1, Y, X): shared memory of an image in memory, of a file read into new memory.
 *  Threads: as the image. Errors: MM_E_ARGUMENT (no such plane), MM_E_IO, MM_E_FORMAT, MM_E_MEMORY.
 *  @param image to be read
 *  @param t from 0
 *  @param c from 0
 *  @param z from 0
 *  @param out to be freed with mm_image_free() */
MM_API mm_status mm_image_plane(mm_image *image, int64_t t, int64_t c, int64_t z, mm_image **out) MM_NOEXCEPT;

/** Rows of one plane into memory of the caller's, contiguous with X fastest. Threads: as the image. Errors as
 *  above; MM_E_ARGUMENT (`byte_count` is not that of the rows).
 *  @param image to be read
 *  @param t from 0
 *  @param c from 0
 *  @param z from 0
 *  @param y_begin first row, from 0
 *  @param y_count rows, at least 1
 *  @param to pixels of the image's dtype
 *  @param byte_count of `to`: rows times X times the size of a pixel */
MM_API mm_status mm_image_read_rows(mm_image *image, int64_t t, int64_t c, int64_t z, int64_t y_begin,
                                    int64_t y_count, void *to, uint64_t byte_count) MM_NOEXCEPT;

/** Writes intensities or labels as OME-TIFF, a page a plane, whole or not at all. Threads: as the image.
 *  Errors: MM_E_ARGUMENT (name), MM_E_IO, MM_E_CANCELLED, those of mm_image_plane().
 *  @param image all of it is written
 *  @param tiff_path .tif or .tiff; .ome.tif tells other programs what it is
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears planes of MM_STAGE_WRITE */
MM_API mm_status mm_image_write_ome_tiff(mm_image *image, const char *tiff_path,
                                         const mm_ome_tiff_options *options,
                                         const mm_run_options *run) MM_NOEXCEPT;

/** The object that `musclemap info --json` prints of a file of pictures, without a line end: `shape` along F,
 *  T, C, Z, Y, X, SHA-256 of the pixels, all of which are read. Threads: any. Errors: those of
 * mm_image_read().
 *  @param picture_path a file of pictures
 *  @param write takes the text
 *  @param user_data NULL: fine; handed to `write` */
MM_API mm_status mm_image_write_json(const char *picture_path, mm_write_fn write,
                                     void *user_data) MM_NOEXCEPT;

/** @param image NULL: nothing happens */
MM_API void mm_image_free(mm_image *image) MM_NOEXCEPT;

/* ---- Cells -------------------------------------------------------------------------------------------- */

/** A network of Cellpose 3 that finds cells, loaded. Threads: one at a time, mm_cells_describe() aside. */
typedef struct mm_cells mm_cells;

/** How a model of cells is opened, and where it runs. */
typedef struct mm_cells_model_options {
  uint32_t struct_size;
  int32_t engine;        /**< MM_ENGINE_* */
  int32_t precision;     /**< MM_PRECISION_* */
  int32_t device;        /**< MM_DEVICE_*; auto: the CPU */
  int32_t device_index;  /**< of the GPU, with MM_DEVICE_CUDA */
  int32_t torch_threads; /**< LibTorch's thread count of the whole process, to 1024; 0: left alone */
  int32_t trust;         /**< not 0: LibTorch may run a TorchScript program that is registered nowhere */
  int32_t reserved;      /**< 0 */
} mm_cells_model_options;

/** Texts live until the handle is freed. */
typedef struct mm_cells_info {
  uint32_t struct_size;
  int32_t builtin;            /**< 1: one of Cellpose's own models */
  int32_t estimates_diameter; /**< 1: there is a size model, which MM_ESTIMATE_DIAMETER needs */
  int32_t reserved;           /**< 0 */
  const char *name;           /**< as given */
  const char *weights_file;   /**< path */
  const char *sha256;         /**< of the weights file, hex */
  const char *engine;         /**< "native avx2", "torch 2.11.0" */
  const char *engine_reason;  /**< why not the native one where the choice was left open; else "" */
  double diam_mean;           /**< pixels that cells are scaled to before the network sees them */
  double diam_labels;         /**< mean diameter in training, in pixels */
} mm_cells_info;

/** How pixels follow flows: as Cellpose 3 does it on a CPU, or on a GPU. */
enum { MM_DYNAMICS_CPU = 0, MM_DYNAMICS_GRID_SAMPLE = 1 };

/** Rules as they are meant, or those of Cellpose 3.1.1.2 with its defects. */
enum { MM_CELLPOSE_FIXED = 0, MM_CELLPOSE_3_1_1_2 = 1 };

/** From flows to masks; docs/options.md has what each means. */
typedef struct mm_cells_mask_options {
  uint32_t struct_size;
  int32_t dynamics;          /**< MM_DYNAMICS_* */
  double cellprob_threshold; /**< pixels above it belong to cells */
  double flow_threshold;     /**< 0: 0.4; below 0: no cell goes for its flows */
  int64_t min_size;          /**< pixels; 0: 15; below 0: no cell is too small */
  double max_size_fraction;  /**< of the picture; 0: 0.4 */
  double niter;              /**< of mm_cells_masks() alone: steps along the flows; 0: 200 */
  int32_t compat;            /**< MM_CELLPOSE_* */
  int32_t no_interp;         /**< not 0: flows at the pixel that holds the position */
  int32_t largest_part_only; /**< not 0: each cell's largest connected part alone */
  int32_t reserved;          /**< 0 */
} mm_cells_mask_options;

/** mm_cells_options.diameter that the size model is asked for. */
#define MM_ESTIMATE_DIAMETER (-1)

/** Of a run, by the names of Cellpose; docs/options.md has what each means. */
typedef struct mm_cells_options {
  uint32_t struct_size;
  int32_t no_resample;                /**< not 0: flows are followed at the network's size */
  const mm_cells_mask_options *masks; /**< NULL: the defaults */
  double diameter;       /**< pixels; 0: that of the model's training; MM_ESTIMATE_DIAMETER: estimated */
  int64_t channels[2];   /**< to segment, and nuclear, from 1; 0, 0: the mean of all channels */
  int32_t no_normalize;  /**< not 0: intensities are taken as they are */
  int32_t invert;        /**< not 0: cells are dark */
  double lowhigh[4];     /**< intensities that become 0 and 1, of each channel of the network; the last two
                              0: of both; all 0: percentiles count */
  double percentile[2];  /**< that become 0 and 1; both 0: 1 and 99 */
  double sharpen_radius; /**< pixels; 0: not sharpened */
  double smooth_radius;  /**< pixels; 0: not smoothed */
  int64_t tile_norm_blocksize; /**< pixels of tiles that are normalised by themselves; 0: all at once */
  double tile_norm_smooth3d;   /**< tiles; 0: 1; below 0: not smoothed */
  int32_t augment;             /**< not 0: tiles overlap by half and every second one is flipped */
  int32_t reserved;            /**< 0 */
  int64_t batch_size;          /**< tiles in one call of LibTorch; 0: 8 */
  int64_t bsize;               /**< pixels of a tile along y and x; 0: 224 */
  double tile_overlap;         /**< part of a tile that its neighbours share; 0: 0.1 */
  double niter;                /**< steps along the flows; 0: by the diameter */
} mm_cells_options;

/** Of the last run, a number for each time. Numbers live until the next run or until the handle is freed. */
typedef struct mm_cells_run_report {
  uint32_t struct_size;
  int32_t reserved;        /**< 0 */
  int64_t frames;          /**< times; 0 before the first run */
  const double *diameters; /**< NULL: no run yet; else pixels, as used */
  const int64_t *counts;   /**< NULL: no run yet; else cells */
} mm_cells_run_report;

/** Reads weights as Cellpose saves them, or a TorchScript program, and loads them. Nothing in a file is run,
 *  but for a program that may be. Threads: any. Errors: MM_E_IO (with the places that were looked at for a
 *  name), MM_E_FORMAT, MM_E_MODEL, MM_E_DEVICE, MM_E_ARGUMENT, MM_E_CANCELLED.
 *  @param name_or_path a file, or a name of Cellpose's own models ("cyto3"), which is looked for in
 *         CELLPOSE_LOCAL_MODELS_PATH, or in ~/.cellpose/models where that is not set
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears MM_STAGE_READ and MM_STAGE_PREPARE
 *  @param out to be freed with mm_cells_free() */
MM_API mm_status mm_cells_open(const char *name_or_path, const mm_cells_model_options *options,
                               const mm_run_options *run, mm_cells **out) MM_NOEXCEPT;

/** Threads: any.
 *  @param cells to be described
 *  @param out texts live until `cells` is freed */
MM_API mm_status mm_cells_describe(const mm_cells *cells, mm_cells_info *out) MM_NOEXCEPT;

/** Finds the cells of a picture, each time by itself. Labels do not depend on threads and memory. Threads:
 * one at a time per `cells`. Errors: MM_E_ARGUMENT (several planes of depth; a channel that is not there; an
 *  option out of range; a value that is NaN or infinite, reason MM_REASON_NONFINITE), MM_E_MEMORY,
 *  MM_E_CANCELLED (within a tile), those of mm_image_plane().
 *  @param cells to be run
 *  @param image of a file each time is read when its turn comes
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears tiles of MM_STAGE_INFER and MM_STAGE_FILTER
 *  @param flows_out NULL: not wanted; else f32 (T, 2, Z, Y, X): flows along y and x, five times unit length,
 * of the size at which they were followed
 *  @param cellprob_out NULL: not wanted; else logits, f32 (T, 1, Z, Y, X)
 *  @param labels_out (T, 1, Z, Y, X), 0 is background, cells of each time count from 1: u16, u32 where there
 *         are more than 65,535; all three to be freed with mm_image_free() */
MM_API mm_status mm_cells_run(mm_cells *cells, mm_image *image, const mm_cells_options *options,
                              const mm_run_options *run, mm_image **flows_out, mm_image **cellprob_out,
                              mm_image **labels_out) MM_NOEXCEPT;

/** Threads: one at a time.
 *  @param cells to be asked
 *  @param out of the last run */
MM_API mm_status mm_cells_report(const mm_cells *cells, mm_cells_run_report *out) MM_NOEXCEPT;

/** Masks of the cells in flows that a network gave, each time by itself; no network runs. Threads: as the
 *  images. Errors: MM_E_ARGUMENT (shapes that do not fit each other; an option out of range; a flow that is
 * not finite, reason MM_REASON_NONFINITE), MM_E_MEMORY, MM_E_CANCELLED.
 *  @param flows f32 (T, 2, 1, Y, X): along y and x, five times unit length; of volumes (T, 3, Z, Y, X): along
 *         z, y and x
 *  @param cellprob logits, f32 (T, 1, Z, Y, X)
 *  @param options NULL: the defaults
 *  @param run NULL: the defaults; hears MM_STAGE_FILTER
 *  @param labels_out as of mm_cells_run(); to be freed with mm_image_free() */
MM_API mm_status mm_cells_masks(mm_image *flows, mm_image *cellprob, const mm_cells_mask_options *options,
                                const mm_run_options *run, mm_image **labels_out) MM_NOEXCEPT;

/** A row for each time and cell: size, place, form, and mean and median of each channel. Threads: as the
 *  images. Errors: MM_E_ARGUMENT (several planes of depth; shapes that do not fit each other; labels that are
 *  neither u8, u16 nor u32), MM_E_MEMORY.
 *  @param labels (T, 1, 1, Y, X); its pixel size counts where it is known
 *  @param image NULL: no intensities; else (T, C, 1, Y, X), whose pixel size counts where that of `labels` is
 *         unknown
 *  @param out to be freed with mm_table_free() */
MM_API mm_status mm_cells_measure(mm_image *labels, mm_image *image, mm_table **out) MM_NOEXCEPT;

/** @param cells NULL: nothing happens */
MM_API void mm_cells_free(mm_cells *cells) MM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* MUSCLEMAP_H_ */
