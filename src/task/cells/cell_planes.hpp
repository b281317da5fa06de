// Channels of a picture as a network of cells takes them (docs/chains/cells.md#channels).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_PLANES_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_PLANES_HPP_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "image/float_plane.hpp"
#include "image/row_source.hpp"
#include "musclemap/image_stack.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::task {

/// Pictures in memory as those of a file: read_rows() alone.
class StackReader : public PictureReader {
 public:
  /// Error `argument` for an empty stack.
  explicit StackReader(const ImageStack& stack);
  const PictureInfo& info() const override { return info_; }
  void read_rows(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y_begin, std::int64_t y_count,
                 void* to) override;

 private:
  ImageStack stack_;
  PictureInfo info_;
};

/// Error `argument` for several times or depths and for a channel that the picture does not have.
void check_cell_channels(const Index5& shape, const std::array<std::int64_t, 2>& channels);

/// Which channel of the picture, from 1, the network's channel `number` (from 0) is; 0: the mean of all, -1:
/// zeros.
std::int64_t picture_channel(const std::array<std::int64_t, 2>& channels, std::int64_t number);

/// Channels of the picture that the network sees, their mean as one.
std::int64_t used_channels(const std::array<std::int64_t, 2>& channels);

/// Rows of one channel in single precision, as picture_channel() counts them. `picture` outlives them. Rows
/// throw what its read_rows() does, and Error `argument`, reason `nonfinite`, with the place of a value that
/// is NaN or infinite.
std::unique_ptr<image::RowSource> channel_rows(PictureReader& picture, std::int64_t channel);

/// Rows of a picture that they read together.
std::int64_t channel_rows_at_once(std::int64_t width);

/// `count` planes: all rows of each channel. Errors: of both.
std::vector<image::FloatPlane> cell_planes(const ImageStack& picture,
                                           const std::array<std::int64_t, 2>& channels, std::int64_t count);

/// The first channels as they are, at most so many. Errors: as cell_planes().
std::vector<image::FloatPlane> channel_planes(const ImageStack& picture, std::int64_t most);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_PLANES_HPP_
