// The frames of a picture, each one plane or stack: sections projected or kept, one channel taken
// (docs/chains/cells.md, "Z-projection").
#ifndef MUSCLEMAP_TASK_CELLS_PICTURE_FRAMES_HPP_
#define MUSCLEMAP_TASK_CELLS_PICTURE_FRAMES_HPP_

#include <cstdint>

#include "image/steps/project_z.hpp"
#include "musclemap/image_stack.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::task {

struct FrameChoice {
  image::ZProjection projection;  ///< counts where there is more than one section
  std::int64_t channel = 0;       ///< from 0
  bool stack = false;             ///< sections stay as they are, nothing is projected
};

/// Before anything is read. Error `argument` for a channel that the picture does not have, and for a fixed
/// range without a section of it.
void check_frames(const PictureInfo& info, const FrameChoice& choice);

/// Sections of each frame that are left.
std::int64_t sections_left(const PictureInfo& info, const FrameChoice& choice);

/// One time's, row by row. Held: the rows of the sections that are used; to find the best focus, one section
/// after the other. One thread at a time.
class FrameReader : public PictureReader {
 public:
  /// `picture` outlives it. Errors: as check_frames(), those of PictureReader::read_rows().
  /// @param t from 0
  /// @param threads any number gives the same
  FrameReader(PictureReader& picture, std::int64_t t, const FrameChoice& choice, int threads);
  const PictureInfo& info() const override { return info_; }
  /// t and c are 0, and z where nothing is kept but the frame.
  void read_rows(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y_begin, std::int64_t y_count,
                 void* to) override;
  const image::Sections& sections() const { return sections_; }

 private:
  PictureReader& picture_;
  std::int64_t t_;
  FrameChoice choice_;
  int threads_;
  PictureInfo info_;
  image::Sections sections_;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_PICTURE_FRAMES_HPP_
