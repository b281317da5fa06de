// Options of a segmentation and of what it writes.
#ifndef MUSCLEMAP_TASK_SEGMENT_OPTIONS_HPP_
#define MUSCLEMAP_TASK_SEGMENT_OPTIONS_HPP_

#include <optional>
#include <string>

#include "base/option.hpp"
#include "musclemap/segmenter.hpp"

namespace musclemap {

/// Error `argument` for a kind that is none and for a negative index.
void check_value(const Device& device, const base::Range& unused, const std::string& name);

namespace task {

/// "auto" (unset), "cpu", "cuda", "cuda:N", any case. Error `argument`, which tells `name`.
std::optional<Device> device_of(const std::string& text, const std::string& name);

}  // namespace task

namespace base {

template <>
struct Words<EngineChoice> {
  static constexpr WordList<EngineChoice, 3> kList{
      {{EngineChoice::automatic, "auto"}, {EngineChoice::torch, "torch"}, {EngineChoice::native, "native"}}};
};

template <>
struct Words<Precision> {
  static constexpr WordList<Precision, 2> kList{{{Precision::exact, "exact"}, {Precision::fast, "fast"}}};
};

template <>
struct Words<Device::Kind> {
  static constexpr WordList<Device::Kind, 2> kList{{{Device::cpu, "cpu"}, {Device::cuda, "cuda"}}};
};

template <>
struct Options<SegmentOptions> {
  using O = SegmentOptions;
  // GNU OpenMP ends the process where it cannot have the threads that it was told to make: 1024 at most.
  static constexpr auto kList = std::make_tuple(
      option("engine", &O::engine, "native (CPU), torch, or auto: native where it can"),
      option("precision", &O::precision, "exact, or fast where there are such kernels"),
      option("device", &O::device, "where the network runs (default: auto, without a GPU cpu)"),
      option("overlap", &O::overlap, "part of a window that the next one shares", {0, 1, true}),
      option("windows_per_batch", &O::windows_per_batch,
             "windows handed to the network at once; 0: one a thread", from(0)),
      option("chunk_slices", &O::chunk_slices,
             "chunks of so many slices as MuscleMap cuts them (changes the result); 0: the whole volume",
             from(0)),
      option("all_parts", &O::all_parts,
             "keep every part (connected component) of a label, not the largest alone"),
      option("torch_threads", &O::torch_threads,
             "LibTorch's own thread count, which the whole process shares; 0: left alone", {0, 1024}));
};

template <>
struct Options<SegmentFileOptions> {
  using O = SegmentFileOptions;
  static constexpr auto kList = std::make_tuple(
      option("sidecar", &O::sidecar, "write a JSON beside the label map"),
      option("picture", &O::picture, "also draw the labels over the image into this PNG file"),
      option("header_text", &O::header_text,
             "keep extensions and free text of the image's header, in which names and dates travel"));
};

}  // namespace base
}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_SEGMENT_OPTIONS_HPP_
