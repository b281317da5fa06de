// A volume seen along the axes of another grid of the same space, without a copy where that can be.
#ifndef MUSCLEMAP_IMAGE_REORDERED_HPP_
#define MUSCLEMAP_IMAGE_REORDERED_HPP_

#include <memory>
#include <optional>
#include <string>

#include "image/orientation.hpp"
#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Whether every axis stays what it is.
bool is_identity(const Orientation& axes);

/// The way back.
Orientation inverse(const Orientation& axes);

/// The same grid along the other axes.
Geometry reordered(const Geometry& stored, const Orientation& axes);

/// The same voxels along the other axes; shares the memory, strides may be negative.
Volume reordered(const Volume& stored, const Orientation& axes);

/// Whether slices stay slices, in their order, so that a stream can be reordered slab by slab.
bool keeps_slices(const Orientation& axes);

/// Bytes that a reader or a writer of a volume along these axes holds; 0 where slices stay slices.
std::size_t held_bytes(const Index3& shape, DType dtype, const Orientation& axes);

/// Error `memory` where `bytes`, that reordering would hold, exceed control.memory_budget or what the machine
/// has at hand.
void check_held_memory(std::size_t bytes, const RunControl& control);

/// Slabs of a stream along the other axes. Where slices do not stay slices, the whole volume is read with the
/// first slab and held. One thread at a time.
class ReorderedReader : public SlabReader {
 public:
  /// `source` must outlive this.
  ReorderedReader(SlabReader& source, const Orientation& axes) : source_(source), axes_(axes) {}
  Geometry geometry() const override { return reordered(source_.geometry(), axes_); }
  DType dtype() const override { return source_.dtype(); }
  std::string stored_dtype() const override { return source_.stored_dtype(); }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override;

 private:
  SlabReader& source_;
  Orientation axes_;
  std::optional<Volume> held_;
};

/// Takes slabs along the other axes and writes them as `target` stores them. Where slices do not stay slices,
/// the whole volume is held until commit(). One thread at a time.
class ReorderedWriter : public SlabWriter {
 public:
  /// `axes` turn those of the target into those of the slabs.
  ReorderedWriter(std::unique_ptr<SlabWriter> target, const Geometry& stored, DType dtype,
                  const Orientation& axes);
  void write(std::int64_t k_begin, const Volume& slab) override;
  void commit() override;

 private:
  std::unique_ptr<SlabWriter> target_;
  Orientation axes_;
  std::optional<Volume> held_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_REORDERED_HPP_
