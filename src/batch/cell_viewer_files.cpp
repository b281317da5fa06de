#include "batch/cell_viewer_files.hpp"

#include <sstream>
#include <string>
#include <utility>

#include "draw/cells_picture.hpp"
#include "image/labels/outlines.hpp"
#include "image/typed_view.hpp"
#include "io/files/atomic_file.hpp"
#include "io/shapes/geojson.hpp"
#include "io/shapes/imagej_roi.hpp"
#include "musclemap/labels.hpp"
#include "quant/cells/cell_table.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

fs::path with_end(const fs::path& stem, const std::string& end) { return stem.string() + end; }

const char* table_end(TableFormat format) {
  if (format == TableFormat::csv) return ".csv";
  return format == TableFormat::tsv ? ".tsv" : ".json";
}

fs::path picture_file(const fs::path& stem, std::int64_t frame, std::int64_t frames) {
  return with_end(stem, "_outlines" + (frames > 1 ? "_" + std::to_string(frame + 1) : "") + ".png");
}

void write_text(const fs::path& file, const std::string& text) {
  io::AtomicFile out(file);
  out.write(text.data(), text.size());
  out.commit();
}

template <class To>
void copy_values(const ImageStack& plane, To* to) {
  image::with_type(plane.dtype(), [&](auto pixel) {
    const auto from = plane.plane<decltype(pixel)>(0, 0, 0);
    for (std::int64_t y = 0; y < from.shape[0]; ++y) {
      for (std::int64_t x = 0; x < from.shape[1]; ++x) *to++ = static_cast<To>(from(y, x));
    }
  });
}

std::vector<io::CellShape> shapes_of(const std::uint32_t* labels, std::int64_t frames, std::int64_t height,
                                     std::int64_t width) {
  std::vector<io::CellShape> shapes;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    for (image::Outline& outline : image::outlines_of(labels + frame * height * width, height, width)) {
      const auto label = static_cast<std::int32_t>(outline.label & 0x7fffffff);
      shapes.push_back({std::move(outline), frame, label_colour(label)});
    }
  }
  return shapes;
}

}  // namespace

std::vector<fs::path> viewer_files(const fs::path& stem, const CellViewerFiles& wanted, std::int64_t frames) {
  std::vector<fs::path> files;
  if (wanted.geojson) files.push_back(with_end(stem, ".geojson"));
  if (wanted.rois) files.push_back(with_end(stem, "_rois.zip"));
  if (wanted.table) files.push_back(with_end(stem, table_end(*wanted.table)));
  for (std::int64_t frame = 0; wanted.outlines && frame < frames; ++frame)
    files.push_back(picture_file(stem, frame, frames));
  return files;
}

void write_viewer_files(const fs::path& stem, const CellViewerFiles& wanted, PictureReader& picture,
                        const task::FrameChoice& choice, const std::vector<std::uint32_t>& labels,
                        int threads) {
  const StackGeometry& geometry = picture.info().geometry;
  const std::int64_t frames = geometry.shape[0];
  const std::int64_t height = geometry.shape[3];
  const std::int64_t width = geometry.shape[4];
  if (wanted.geojson || wanted.rois) {
    const std::vector<io::CellShape> shapes = shapes_of(labels.data(), frames, height, width);
    if (wanted.geojson) write_text(with_end(stem, ".geojson"), io::geojson_text(shapes, frames));
    if (wanted.rois) io::write_imagej_rois(with_end(stem, "_rois.zip"), shapes, frames);
  }
  if (wanted.table) {
    std::vector<quant::CellChannel> channels;
    for (std::int64_t channel = 0; channel < geometry.shape[1]; ++channel) {
      const std::string name =
          geometry.channel_names.empty() ? std::string() : geometry.channel_names[channel];
      channels.push_back(
          {name, [&, channel](std::int64_t frame, double* to) {
             copy_values(task::read_frame(picture, frame, {choice.projection, channel}, threads).plane, to);
           }});
    }
    std::ostringstream text;
    TableWriteOptions options;
    options.format = *wanted.table;
    quant::cell_table(
        {labels.data(), frames, height, width, geometry.pixel_size_um[0], geometry.pixel_size_um[1]},
        channels)
        .write(text, options);
    write_text(with_end(stem, table_end(*wanted.table)), text.str());
  }
  for (std::int64_t frame = 0; wanted.outlines && frame < frames; ++frame) {
    std::vector<float> values(static_cast<std::size_t>(height * width));
    copy_values(task::read_frame(picture, frame, choice, threads).plane, values.data());
    write_text(picture_file(stem, frame, frames),
               draw::cells_png({values.data(), labels.data() + frame * height * width, height, width,
                                geometry.pixel_size_um[0]}));
  }
}

}  // namespace musclemap::batch
