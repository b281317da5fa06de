#include "io/tiff/jpeg2000.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "io/files/io_error.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

struct Jpeg2000Bytes {
  const std::vector<unsigned char>* bytes;
  std::size_t at;
};

OPJ_SIZE_T read_some(void* to, OPJ_SIZE_T count, void* data) {
  auto& source = *static_cast<Jpeg2000Bytes*>(data);
  const std::size_t left = source.bytes->size() - source.at;
  if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
  const std::size_t taken = std::min<std::size_t>(left, count);
  std::memcpy(to, source.bytes->data() + source.at, taken);
  source.at += taken;
  return taken;
}

OPJ_OFF_T skip_some(OPJ_OFF_T count, void* data) {
  auto& source = *static_cast<Jpeg2000Bytes*>(data);
  if (count < 0) return -1;
  const auto left = static_cast<OPJ_OFF_T>(source.bytes->size() - source.at);
  const OPJ_OFF_T skipped = std::min(left, count);
  source.at += static_cast<std::size_t>(skipped);
  return skipped;
}

OPJ_BOOL seek_to(OPJ_OFF_T place, void* data) {
  auto& source = *static_cast<Jpeg2000Bytes*>(data);
  if (place < 0 || static_cast<std::size_t>(place) > source.bytes->size()) return OPJ_FALSE;
  source.at = static_cast<std::size_t>(place);
  return OPJ_TRUE;
}

void keep_first(const char* message, void* data) {
  auto& kept = *static_cast<std::string*>(data);
  if (kept.empty()) kept = message;
}

[[noreturn]] void refuse_stream(const std::string& text) {
  throw_format(Reason::corrupt, "JPEG 2000: " + text, {});
}

template <class T>
void interleave(const opj_image_t& image, unsigned char* to) {
  auto* pixels = reinterpret_cast<T*>(to);
  const std::size_t count = std::size_t{image.comps[0].w} * image.comps[0].h;
  for (std::uint32_t s = 0; s < image.numcomps; ++s) {
    const opj_image_comp_t& component = image.comps[s];
    for (std::size_t i = 0; i < count; ++i)
      pixels[i * image.numcomps + s] = static_cast<T>(component.data[i]);
  }
}

}  // namespace

std::vector<unsigned char> decode_jpeg2000(const std::vector<unsigned char>& stream,
                                           const Jpeg2000Shape& shape) {
  // A code stream begins with SOC and SIZ, a JP2 file with its signature box.
  static constexpr unsigned char kCodeStream[] = {0xFF, 0x4F, 0xFF, 0x51};
  const bool bare = stream.size() > 4 && std::memcmp(stream.data(), kCodeStream, 4) == 0;
  const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(
      opj_create_decompress(bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2), opj_destroy_codec);
  Jpeg2000Bytes source{&stream, 0};
  const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> input(
      opj_stream_create(std::size_t{1} << 16U, OPJ_TRUE), opj_stream_destroy);
  if (!codec || !input) throw Error(ErrorCode::memory, "no memory for JPEG 2000");
  opj_stream_set_read_function(input.get(), read_some);
  opj_stream_set_skip_function(input.get(), skip_some);
  opj_stream_set_seek_function(input.get(), seek_to);
  opj_stream_set_user_data(input.get(), &source, nullptr);
  opj_stream_set_user_data_length(input.get(), stream.size());
  std::string said;
  opj_set_error_handler(codec.get(), keep_first, &said);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  const auto failed = [&said](const char* what) {
    while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
    refuse_stream(said.empty() ? what : said);
  };
  if (opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE) failed("the decoder does not start");
  // Half a stream is damage, not a rough picture.
  opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);
  opj_image_t* opened = nullptr;
  const bool has_header = opj_read_header(input.get(), codec.get(), &opened) != OPJ_FALSE;
  const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> image(opened, opj_image_destroy);
  if (!has_header || !image) failed("no header");
  // Before anything of the picture's size is allocated.
  if (image->numcomps != shape.samples) refuse_stream("another number of components than of samples");
  for (std::uint32_t s = 0; s < image->numcomps; ++s) {
    const opj_image_comp_t& component = image->comps[s];
    const bool fits = component.w == shape.width && component.h == shape.length && component.dx == 1 &&
                      component.dy == 1 && component.prec > 8 * (shape.bytes - 1) &&
                      component.prec <= 8 * shape.bytes;
    if (!fits) {
      refuse_stream("a component of " + std::to_string(component.w) + " x " + std::to_string(component.h) +
                    " pixels of " + std::to_string(component.prec) + " bits where " +
                    std::to_string(shape.width) + " x " + std::to_string(shape.length) + " of " +
                    std::to_string(8 * shape.bytes) + " are expected");
    }
  }
  if (opj_decode(codec.get(), input.get(), image.get()) == OPJ_FALSE ||
      opj_end_decompress(codec.get(), input.get()) == OPJ_FALSE) {
    failed("the data end too early");
  }
  for (std::uint32_t s = 0; s < image->numcomps; ++s) {
    if (image->comps[s].data == nullptr) failed("no data");
  }
  std::vector<unsigned char> pixels(std::size_t{shape.width} * shape.length * shape.samples * shape.bytes);
  if (shape.bytes == 1) {
    interleave<std::uint8_t>(*image, pixels.data());
  } else {
    interleave<std::uint16_t>(*image, pixels.data());
  }
  return pixels;
}

}  // namespace musclemap::io
