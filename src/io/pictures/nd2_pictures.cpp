#include "io/pictures/nd2_pictures.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "io/nd2/nd2_picture.hpp"
#include "io/pictures/plane_check.hpp"

namespace musclemap::io {
namespace {

DType dtype_of(Nd2Type type) {
  switch (type) {
    case Nd2Type::u8:
      return DType::u8;
    case Nd2Type::u16:
      return DType::u16;
    case Nd2Type::u32:
      return DType::u32;
    case Nd2Type::f32:
      return DType::f32;
  }
  throw Error(ErrorCode::internal, "a type of ND2 without one in memory");
}

// Rows of a plane that is read whole and kept.
class Nd2Reader final : public PictureReader {
 public:
  explicit Nd2Reader(const std::filesystem::path& file) : picture_(file) {
    const Nd2Facts& facts = picture_.facts();
    info_.format = "ND2";
    info_.axes = facts.axes;
    info_.geometry = {facts.shape, facts.pixel_size_um, facts.channel_names};
    info_.dtype = dtype_of(facts.type);
    info_.stored_dtype = dtype_name(info_.dtype);
  }

  const PictureInfo& info() const override { return info_; }

  void read_rows(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y_begin, std::int64_t y_count,
                 void* to) override {
    check_rows(info_, {t, c, z}, y_begin, y_count, to);
    const Index5& shape = info_.geometry.shape;
    const auto row = static_cast<std::size_t>(shape[4]) * dtype_size(info_.dtype);
    if (y_count == shape[3]) {
      picture_.read_plane(t, c, z, to);
      return;
    }
    const std::array<std::int64_t, 3> wanted{t, c, z};
    if (kept_ != wanted) {
      kept_ = {-1, -1, -1};
      plane_.resize(static_cast<std::size_t>(shape[3]) * row);
      picture_.read_plane(t, c, z, plane_.data());
      kept_ = wanted;
    }
    std::memcpy(to, plane_.data() + static_cast<std::size_t>(y_begin) * row,
                static_cast<std::size_t>(y_count) * row);
  }

 private:
  Nd2Picture picture_;
  PictureInfo info_;
  std::array<std::int64_t, 3> kept_{-1, -1, -1};
  std::vector<unsigned char> plane_;
};

}  // namespace

std::unique_ptr<PictureReader> open_nd2(const std::filesystem::path& file) {
  return std::make_unique<Nd2Reader>(file);
}

}  // namespace musclemap::io
