// The pictures of an ND2 file (docs/chains/cells.md, "ND2 files").
#ifndef MUSCLEMAP_IO_ND2_ND2_PICTURE_HPP_
#define MUSCLEMAP_IO_ND2_ND2_PICTURE_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/nd2/nd2_file.hpp"

namespace musclemap::io {

/// Type of a pixel in the file and in memory.
enum class Nd2Type : std::int32_t { u8, u16, u32, f32 };

/// What the metadata say.
struct Nd2Facts {
  std::array<std::int64_t, 5> shape{1, 1, 1, 0, 0};  ///< T, C, Z, Y, X
  std::string axes;  ///< loops that the file has, then C (where above 1), Y, X
  Nd2Type type = Nd2Type::u16;
  std::array<double, 3> pixel_size_um{0, 0, 0};  ///< x, y, z; 0: unknown
  std::vector<std::string> channel_names;        ///< UTF-8, one a channel; none: unknown
};

/// Reads frame by frame. One thread at a time.
class Nd2Picture {
 public:
  /// Errors name the file: those of Nd2File; `unsupported` for several positions, other loops than time and
  /// depth, colour cameras, lossy frames and other types, by name; `format` where the loops promise another
  /// number of frames than the file has.
  explicit Nd2Picture(const std::filesystem::path& file);

  const Nd2Facts& facts() const noexcept { return facts_; }
  /// One plane, contiguous with x fastest, in native byte order. The frame is kept, so that the other
  /// channels of it cost little. Errors name the file: `argument` outside of the shape; `io`; `format`.
  /// @param to height x width values of facts().type
  void read_plane(std::int64_t t, std::int64_t c, std::int64_t z, void* to);

 private:
  void read_attributes();
  void read_loops();
  void read_names();
  void load_frame(std::int64_t frame);

  Nd2File file_;
  Nd2Facts facts_;
  std::int64_t frames_ = 0;
  std::int64_t row_bytes_ = 0;  // of a frame, all channels
  std::size_t value_bytes_ = 0;
  bool packed_ = false;
  std::int64_t time_step_ = 0;   // frames between neighbours along t
  std::int64_t depth_step_ = 0;  // and along z
  std::int64_t loaded_ = -1;
  std::string frame_;  // of the frame that is loaded: rows of interleaved channels
};

/// Bytes of a value.
std::size_t nd2_type_bytes(Nd2Type type);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ND2_ND2_PICTURE_HPP_
