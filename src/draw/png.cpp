#include "draw/png.hpp"

#include <png.h>

#include <csetjmp>
#include <cstdint>
#include <new>

#include "musclemap/error.hpp"

namespace musclemap::draw {
namespace {

struct Sink {
  std::string bytes;
  std::string problem;
  bool out_of_memory = false;
};

// libpng leaves by longjmp, so nothing with a destructor may live in the frames that are skipped: exceptions
// end inside of the callbacks, and write_all() below holds plain values alone.
void append(png_structp writer, png_bytep data, png_size_t count) {
  auto* sink = static_cast<Sink*>(png_get_io_ptr(writer));
  bool appended = true;
  try {
    sink->bytes.append(reinterpret_cast<const char*>(data), count);
  } catch (...) {
    appended = false;
  }
  if (!appended) {
    sink->out_of_memory = true;
    png_error(writer, "out of memory");
  }
}

void flush(png_structp) {}

[[noreturn]] void on_error(png_structp writer, png_const_charp message) {
  auto* sink = static_cast<Sink*>(png_get_error_ptr(writer));
  try {
    sink->problem = message;
  } catch (...) {
    sink->out_of_memory = true;
  }
  png_longjmp(writer, 1);
}

void on_warning(png_structp, png_const_charp) {}

bool write_all(png_structp writer, png_infop info, const Canvas* canvas, const std::uint8_t* rows) {
  if (setjmp(png_jmpbuf(writer)) != 0) return false;
  png_set_IHDR(writer, info, static_cast<png_uint_32>(canvas->width()),
               static_cast<png_uint_32>(canvas->height()), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  // Half the time of level 6 for pictures that are as small.
  png_set_compression_level(writer, 3);
  png_write_info(writer, info);
  for (int y = 0; y < canvas->height(); ++y) {
    png_write_row(writer, rows + static_cast<std::size_t>(y) * static_cast<std::size_t>(canvas->width()) * 3);
  }
  png_write_end(writer, info);
  return true;
}

}  // namespace

std::string encode_png(const Canvas& canvas) {
  Sink sink;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, on_error, on_warning);
  if (writer == nullptr) throw Error(ErrorCode::memory, "no memory for a PNG writer");
  png_infop info = png_create_info_struct(writer);
  if (info == nullptr) {
    png_destroy_write_struct(&writer, nullptr);
    throw Error(ErrorCode::memory, "no memory for a PNG writer");
  }
  png_set_write_fn(writer, &sink, append, flush);
  const bool written = write_all(writer, info, &canvas, canvas.bytes().data());
  png_destroy_write_struct(&writer, &info);
  if (sink.out_of_memory) throw std::bad_alloc();
  if (!written) throw Error(ErrorCode::internal, "libpng: " + sink.problem);
  return std::move(sink.bytes);
}

}  // namespace musclemap::draw
