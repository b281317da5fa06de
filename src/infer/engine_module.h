/* The boundary between the core and an engine module: plain data and functions, so that a module may be built
 * by another compiler, language standard or LibTorch than the core. No exception crosses it. */
#ifndef MUSCLEMAP_INFER_ENGINE_MODULE_H_
#define MUSCLEMAP_INFER_ENGINE_MODULE_H_

#include <stddef.h>
#include <stdint.h>

#define MUSCLEMAP_ENGINE_ABI 7
#define MUSCLEMAP_ENGINE_ENTRY "musclemap_engine_module"

#ifdef __cplusplus
extern "C" {
#endif

/* C names: NOLINTBEGIN(readability-identifier-naming, modernize-redundant-void-arg) */

/* One weight array, last axis fastest. */
typedef struct musclemap_engine_tensor {
  const char* name;
  const int64_t* shape;
  int32_t dims;
  const float* values;
} musclemap_engine_tensor;

/* What a layer does; see net/graph.hpp. */
enum {
  MUSCLEMAP_LAYER_INPUT = 0,
  MUSCLEMAP_LAYER_CONVOLUTION = 1,
  MUSCLEMAP_LAYER_TRANSPOSED_CONVOLUTION = 2,
  MUSCLEMAP_LAYER_LINEAR = 3,
  MUSCLEMAP_LAYER_INSTANCE_NORM = 4,
  MUSCLEMAP_LAYER_BATCH_NORM = 5,
  MUSCLEMAP_LAYER_LEAKY_RELU = 6,
  MUSCLEMAP_LAYER_PRELU = 7,
  MUSCLEMAP_LAYER_SIGMOID = 8,
  MUSCLEMAP_LAYER_SUM = 9,
  MUSCLEMAP_LAYER_CONCATENATION = 10,
  MUSCLEMAP_LAYER_MAX_POOL = 11,
  MUSCLEMAP_LAYER_AVERAGE_POOL = 12,
  MUSCLEMAP_LAYER_UPSAMPLING = 13,
  MUSCLEMAP_LAYER_GLOBAL_MEAN = 14,
  MUSCLEMAP_LAYER_UNIT_LENGTH = 15
};

#define MUSCLEMAP_ENGINE_NO_TENSOR UINT32_MAX

/* Along one spatial axis. */
typedef struct musclemap_engine_taps {
  int32_t kernel;
  int32_t stride;
  int32_t padding;
  int32_t dilation;
  int32_t output_padding;
} musclemap_engine_taps;

typedef struct musclemap_engine_layer {
  int32_t kind;
  int32_t groups;
  double epsilon;
  double slope;
  const uint32_t* inputs; /* earlier layers */
  size_t input_count;
  const uint32_t* tensors; /* of the network, or MUSCLEMAP_ENGINE_NO_TENSOR */
  size_t tensor_count;
  const musclemap_engine_taps* taps; /* as many as the network has axes, or none */
  size_t tap_count;
} musclemap_engine_layer;

/* What goes into a network or comes out of it. */
typedef struct musclemap_engine_port {
  const char* name;
  uint32_t layer;
} musclemap_engine_port;

/* A TorchScript archive (torchscript not null), whose ports are the arguments of forward() and what it
 * returns; or the tensors of an architecture that the module knows (architecture not null); or layers with
 * their tensors. Borrowed during load() alone. */
typedef struct musclemap_engine_network {
  const void* torchscript;
  size_t torchscript_bytes;
  const char* architecture; /* see infer/torch_sam.hpp */
  const musclemap_engine_layer* layers;
  size_t layer_count;
  const musclemap_engine_tensor* tensors;
  size_t tensor_count;
  const musclemap_engine_port* inputs;
  size_t input_count;
  const musclemap_engine_port* outputs; /* the first one is what blend() takes for scores */
  size_t output_count;
  int32_t half; /* not 0: compute in 16-bit floats (GPU alone); scores are blended in 32 */
} musclemap_engine_network;

/* Values of an input port, (windows, channels, spatial axes..), last axis fastest. */
typedef struct musclemap_engine_values {
  const float* values;
  const int64_t* shape;
  int32_t dims;
} musclemap_engine_values;

/* Where the values of output ports go. */
typedef struct musclemap_engine_outputs {
  /* Memory for an output of that shape, (windows, ..), last axis fastest; called once an output, on any
   * thread. Null ends the call, which fails. */
  float* (*room)(void* user, int32_t output, const int64_t* shape, int32_t dims);
  void* user;
} musclemap_engine_outputs;

/* Windows of one slice, blended where the network runs. Borrowed during blend() alone. */
typedef struct musclemap_engine_slice {
  const float* image; /* (nx, ny), last axis fastest */
  int64_t nx;
  int64_t ny;
  int64_t window_x;
  int64_t window_y;
  const int64_t*
      places; /* (windows, 2): first pixel of each window; it may begin before the image or end after */
  int64_t windows;
  int64_t batch;           /* windows that run together */
  const float* importance; /* (window_x, window_y) */
  int64_t classes;
  int32_t (*go_on)(void* user); /* called before every batch; 0 ends the call, which fails */
  void* user;
} musclemap_engine_slice;

/* Neighbours of target pixels along one axis of the scores: (nx, ny, count), last axis fastest. An extent of
 * 1 stands for every pixel. */
typedef struct musclemap_engine_neighbours {
  int64_t nx;
  int64_t ny;
  int64_t count; /* of each pixel, 1 or 2 */
  const int64_t* places;
  const double* weights; /* not negative; a neighbour of weight 0 counts for nothing */
} musclemap_engine_neighbours;

/* A target slice between slices of scores of one size. Borrowed during classify() alone. */
typedef struct musclemap_engine_target {
  int64_t nx;
  int64_t ny;
  const int64_t* scores; /* handles of blend() */
  int64_t score_count;
  musclemap_engine_neighbours axes[3]; /* x and y of the scores, place in the list of handles */
} musclemap_engine_target;

/* A volume whose windows are blended where the network runs. Borrowed during volume_begin() alone. Spatial
 * axes are those of the network, the slowest first; sizes of 3 of them. */
typedef struct musclemap_engine_volume {
  int64_t channels;
  int64_t classes;
  int64_t sizes[3];     /* of the volume */
  int64_t window[3];    /* of a window */
  int64_t low[3];       /* zeros before the volume that windows may begin in */
  int64_t high[3];      /* and behind it */
  const float* weights; /* of a window's voxels, last axis fastest */
} musclemap_engine_volume;

/* A text of the module's own, at most capacity - 1 bytes and a zero. */
typedef struct musclemap_engine_text {
  char* data;
  size_t capacity;
} musclemap_engine_text;

/* Functions that can fail return 0 on success, 1 on failure, 2 when memory ran out; the reason is in `error`.
 */
typedef struct musclemap_engine_functions {
  uint32_t abi;     /* MUSCLEMAP_ENGINE_ABI */
  const char* name; /* "torch 2.11.0" */
  /* 0 if CUDA can be used; else the reason. `library_folder` is where LibTorch lies. */
  int32_t (*probe_cuda)(const char* library_folder, musclemap_engine_text error);
  /* cuda_index < 0: the CPU */
  int32_t (*load)(const musclemap_engine_network* network, int32_t cuda_index, void** model,
                  musclemap_engine_text error);
  /* One value an input port, of the same number of windows or of one that all share; every output is asked
   * room for. */
  int32_t (*run)(void* model, const musclemap_engine_values* inputs, int32_t input_count,
                 const musclemap_engine_outputs* outputs, musclemap_engine_text error);
  /* Weighted mean of the windows' logits at every pixel; kept on the model's device under a handle. */
  int32_t (*blend)(void* model, const musclemap_engine_slice* slice, int64_t* handle,
                   musclemap_engine_text error);
  /* Class of the highest score at every pixel, the lowest class on ties, 0 where no score is a number;
   * classes: (nx, ny), filled by the module. A score is a sum over the corners, third axis fastest, in
   * double, rounded to float; the weight of a corner is (third * second) * first. */
  int32_t (*classify)(void* model, const musclemap_engine_target* target, int16_t* classes,
                      musclemap_engine_text error);
  /* Sums of nothing yet, kept on the model's device under a handle. */
  int32_t (*volume_begin)(void* model, const musclemap_engine_volume* volume, int64_t* handle,
                          musclemap_engine_text error);
  /* Values of one slice of the volume, (channels, second axis, third axis). */
  int32_t (*volume_slice)(void* model, int64_t handle, int64_t slice, const float* values,
                          musclemap_engine_text error);
  /* Runs windows together, and adds one after the other: a score times its weight is rounded to float, the
   * sum of that and what is there to half. `places`: (count, 3), first voxel in the volume, not below -low.
   */
  int32_t (*volume_windows)(void* model, int64_t handle, const int64_t* places, int64_t count,
                            musclemap_engine_text error);
  /* Class of the highest weighted mean, rounded to half, as classify() chooses it; classes: (second axis,
   * third axis). Fails where a mean is infinite. */
  int32_t (*volume_classes)(void* model, int64_t handle, int64_t slice, int16_t* classes,
                            musclemap_engine_text error);
  /* Lets go of scores that blend() kept, or of a volume; any other handle is none. */
  void (*release)(void* model, int64_t handle);
  /* With the scores that it still keeps. */
  void (*unload)(void* model);
  /* Sets the thread count that the whole process's LibTorch uses. */
  void (*set_threads)(int32_t threads);
} musclemap_engine_functions;

typedef const musclemap_engine_functions* (*musclemap_engine_entry)(void);

/* NOLINTEND(readability-identifier-naming, modernize-redundant-void-arg) */

#ifdef __cplusplus
}
#endif

#endif /* MUSCLEMAP_INFER_ENGINE_MODULE_H_ */
